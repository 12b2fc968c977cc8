//! The components (thành phần hồ sơ) a case asks for, and what the law wants done with each.

use serde::{Deserialize, Serialize};

/// A component (thành phần hồ sơ) a case asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub id: String,
    pub name: String,
    /// Code of the kind of paper (mã loại giấy tờ) in the national catalogue, or ours.
    pub paper_type: String,
    #[serde(default)]
    pub originals: u8,
    #[serde(default)]
    pub copies: u8,
    pub form: AdmissibleForm,
    pub digitise: DigitisationClass,
    /// Paper-type or result-type codes that satisfy this component when the repository holds one
    /// (MA_KQ_THAYTHE of the national catalogue): what makes reuse computable.
    #[serde(default)]
    pub replaced_by: Vec<String>,
    /// Made for each request anew, as an application or the drawing of what is to be built: a stored one is
    /// never offered for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
    #[serde(default)]
    pub required: Required,
    #[serde(default)]
    pub custody: Custody,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The form in which a component is admissible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdmissibleForm {
    /// Bản chính.
    Original,
    /// Bản sao có chứng thực, on paper.
    CertifiedCopy,
    /// Bản sao điện tử có chứng thực or cấp từ sổ gốc.
    ElectronicCopy,
    /// Bản chụp (photo).
    Photocopy,
    /// Xuất trình: looked at, given back.
    Shown,
}

impl AdmissibleForm {
    pub const ALL: [Self; 5] =
        [Self::Original, Self::CertifiedCopy, Self::ElectronicCopy, Self::Photocopy, Self::Shown];
}

/// Why a component is digitised, or is not.
// law: TT01-2023-VPCP/4
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigitisationClass {
    /// (a) the result of an earlier procedure.
    EarlierResult,
    /// (b) required by sector law.
    SectorLaw,
    /// (c) required for management, listed by the Minister or the provincial Chairman.
    Management,
    /// (d) on demand of the applicant.
    OnDemand,
    /// Already shared with legal value by a database.
    AlreadyShared,
    /// A secret paper.
    Secret,
    /// Not digitised because of its form (photocopy, paper certified copy, only shown).
    ByForm,
}

impl DigitisationClass {
    pub const ALL: [Self; 7] = [
        Self::EarlierResult,
        Self::SectorLaw,
        Self::Management,
        Self::OnDemand,
        Self::AlreadyShared,
        Self::Secret,
        Self::ByForm,
    ];
}

/// Whether a component must be there for the dossier to be complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    #[default]
    Always,
    /// Only where the applicant's situation has such a paper ("nếu có").
    IfAny,
}

/// What happens to the paper itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Custody {
    /// Stays in the dossier.
    #[default]
    Kept,
    /// Given back at once after scanning.
    Returned,
    /// Kept while the dossier is settled, given back with the result.
    ReturnedWithResult,
}

impl Custody {
    pub const ALL: [Self; 3] = [Self::Kept, Self::Returned, Self::ReturnedWithResult];
}

/// What the counter has to do with a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    Digitise(DigitisationClass),
    /// Looked at and given back; nothing is kept.
    ShowOnly,
    /// Taken on paper, not digitised, for the reason given.
    DoNotDigitise(DigitisationClass),
}

impl Component {
    /// What the law wants done with this component at the counter.
    // law: TT01-2023-VPCP/4
    pub fn treatment(&self) -> Treatment {
        match (self.form, self.digitise) {
            (AdmissibleForm::Shown, _) => Treatment::ShowOnly,
            (AdmissibleForm::Photocopy | AdmissibleForm::CertifiedCopy, _) => {
                Treatment::DoNotDigitise(DigitisationClass::ByForm)
            }
            (
                _,
                class @ (DigitisationClass::AlreadyShared
                | DigitisationClass::Secret
                | DigitisationClass::ByForm),
            ) => Treatment::DoNotDigitise(class),
            (_, class) => Treatment::Digitise(class),
        }
    }

    /// The codes of stored papers that satisfy this component.
    pub fn satisfied_by(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.paper_type.as_str()).chain(self.replaced_by.iter().map(String::as_str))
    }
}
