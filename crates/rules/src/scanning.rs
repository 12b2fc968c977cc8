//! What makes a digitised copy acceptable: the arrangement of its pages (a recipe beside the untouched
//! originals), the order scan → signature → fields → code → repository, and the checks on the fields.

pub mod separator;

use crate::code::{DocumentNumber, OwnerNumber};
use crate::id::{DossierId, EntryId, OfficerId, PageId, PartyId, RecordId, UploadId};
use crate::people::AgencyScope;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The pages of a component in their order, as a list of edits over the pages as they arrived.
/// Undo takes the last edit away; nothing is ever lost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Every page that arrived, in the order of arrival.
    pub arrived: Vec<PageId>,
    pub edits: Vec<Edit>,
    /// The number of sides of paper the officer counted.
    // law: TT01-2023-VPCP/8.2
    pub sides: Option<u32>,
}

/// One change of the arrangement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// A quarter turn clockwise.
    Rotate {
        page: PageId,
    },
    MoveUp {
        page: PageId,
    },
    MoveDown {
        page: PageId,
    },
    Remove {
        page: PageId,
    },
}

/// A page as it stands after all edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrangedPage {
    pub page: PageId,
    /// Quarter turns clockwise, 0 to 3.
    pub quarter_turns: u8,
}

/// Why an edit does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadEdit {
    /// The page is not there, or was removed.
    NoSuchPage,
    AtTheEdge,
    NothingToUndo,
}

impl Arrangement {
    /// The pages after all edits, in order.
    pub fn pages(&self) -> Vec<ArrangedPage> {
        let mut pages: Vec<ArrangedPage> =
            self.arrived.iter().map(|&page| ArrangedPage { page, quarter_turns: 0 }).collect();
        for edit in &self.edits {
            edit.apply(&mut pages);
        }
        pages
    }

    pub fn n_pages(&self) -> u32 {
        u32::try_from(self.pages().len()).expect("an upload has at most a few hundred pages")
    }

    #[must_use]
    pub fn with_arrived(mut self, pages: impl IntoIterator<Item = PageId>) -> Self {
        // Pages that arrive later come last, whatever was done to the earlier ones: an edit names its
        // page, so the recipe stays true. A page that a repeated job brings again arrived once.
        for page in pages {
            if !self.arrived.contains(&page) {
                self.arrived.push(page);
            }
        }
        self
    }

    pub fn edit(mut self, edit: Edit) -> Result<Self, BadEdit> {
        let pages = self.pages();
        let at = pages.iter().position(|page| page.page == edit.page()).ok_or(BadEdit::NoSuchPage)?;
        match edit {
            Edit::MoveUp { .. } if at == 0 => return Err(BadEdit::AtTheEdge),
            Edit::MoveDown { .. } if at + 1 == pages.len() => return Err(BadEdit::AtTheEdge),
            _ => {}
        }
        self.edits.push(edit);
        Ok(self)
    }

    /// Takes the last edit back and says which it was.
    pub fn undo(mut self) -> Result<(Self, Edit), BadEdit> {
        let edit = self.edits.pop().ok_or(BadEdit::NothingToUndo)?;
        Ok((self, edit))
    }
}

impl Edit {
    pub fn page(self) -> PageId {
        match self {
            Self::Rotate { page }
            | Self::MoveUp { page }
            | Self::MoveDown { page }
            | Self::Remove { page } => page,
        }
    }

    fn apply(self, pages: &mut Vec<ArrangedPage>) {
        let Some(at) = pages.iter().position(|page| page.page == self.page()) else {
            return;
        };
        match self {
            Self::Rotate { .. } => pages[at].quarter_turns = (pages[at].quarter_turns + 1) % 4,
            Self::MoveUp { .. } if at > 0 => pages.swap(at - 1, at),
            Self::MoveDown { .. } if at + 1 < pages.len() => pages.swap(at, at + 1),
            Self::MoveUp { .. } | Self::MoveDown { .. } => {}
            Self::Remove { .. } => {
                pages.remove(at);
            }
        }
    }
}

/// A digitised copy of one component of a dossier.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub id: RecordId,
    pub version: i64,
    pub dossier: DossierId,
    pub component: String,
    /// Whose paper it is.
    pub owner: PartyId,
    pub scope: AgencyScope,
    /// Who fed the paper in, and therefore signs it.
    pub digitiser: OfficerId,
    pub source: Source,
    pub state: RecordState,
}

/// What a record is made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Source {
    Pages { pages: Vec<ArrangedPage> },
    SignedFile { upload: UploadId },
}

/// Where a record stands. The order is the law's: capture, signature, extraction, code, storing.
// law: TT01-2023-VPCP/7
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RecordState {
    /// Waiting to be read, or being read.
    Reading,
    /// Read and written as PDF/A; waiting for the digitiser's signature.
    ToSign { pdf: Blob, reading: Reading },
    /// Signed; waiting for a person to confirm the fields.
    ToConfirm { pdf: Blob, reading: Reading, signed_at: Option<Timestamp> },
    /// In its owner's repository.
    Filed { pdf: Blob, reading: Reading, entry: EntryId, fields: Fields, confirmed_by: OfficerId },
    /// Could not be read; the file is kept and a person must look.
    Stuck { why: String },
}

/// A stored file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob {
    /// Lower-case hex SHA-256 of the content.
    pub sha256: String,
    pub bytes: u64,
}

/// What recognition gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The words with their boxes, a JSON blob (`scan`'s page texts).
    pub words: Blob,
    pub n_pages: u32,
    pub n_words: u32,
    /// Mean word confidence, 0 to 1.
    pub confidence: f32,
    pub proposed: Vec<Proposal>,
    /// Quality warnings in words.
    pub warnings: Vec<String>,
}

/// A value recognition proposes for a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub key: FieldKey,
    pub value: String,
    pub confidence: f32,
    /// Page index from 0 and the box in pixels of that page as turned: x0, y0, x1, y1.
    pub place: Option<(u32, [f32; 4])>,
    pub doubts: Vec<String>,
}

/// The fields the law wants extracted, in its order.
// law: TT01-2023-VPCP/9.2
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKey {
    PaperType,
    OwnerNumber,
    OwnerName,
    Number,
    IssuedOn,
    Issuer,
    Abstract,
    ValidTo,
    Scope,
}

impl FieldKey {
    pub const ALL: [Self; 9] = [
        Self::PaperType,
        Self::OwnerNumber,
        Self::OwnerName,
        Self::Number,
        Self::IssuedOn,
        Self::Issuer,
        Self::Abstract,
        Self::ValidTo,
        Self::Scope,
    ];

    /// The name of the form field.
    pub fn name(self) -> &'static str {
        match self {
            Self::PaperType => "loai-giay",
            Self::OwnerNumber => "so-dinh-danh",
            Self::OwnerName => "ho-ten",
            Self::Number => "so-ky-hieu",
            Self::IssuedOn => "ngay-cap",
            Self::Issuer => "noi-cap",
            Self::Abstract => "trich-yeu",
            Self::ValidTo => "hieu-luc-den",
            Self::Scope => "pham-vi",
        }
    }
}

/// The fields as a person typed or left them; empty means none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedFields {
    pub paper_type: String,
    pub owner_number: String,
    pub owner_name: String,
    pub number: String,
    pub issued_on: String,
    pub issuer: String,
    pub summary: String,
    pub valid_to: String,
    pub scope: String,
}

/// The confirmed fields of a digitised paper: its metadata, kept beside the signed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields {
    pub paper_type: String,
    pub owner_number: OwnerNumber,
    pub owner_name: String,
    pub number: Option<String>,
    pub issued_on: Option<Date>,
    pub issuer: Option<String>,
    pub summary: String,
    pub valid_to: Option<Date>,
    pub scope: String,
}

/// What is wrong with a typed field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub key: FieldKey,
    pub fault: FieldProblem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    Empty,
    /// The text is too long to be this field; the most characters allowed.
    TooLong(usize),
    BadOwnerNumber(String),
    /// The number is good, but it is not the owner's of this dossier.
    OtherOwner,
    BadNumber,
    BadDate,
    InTheFuture,
    EndsBeforeIssue,
}

impl TypedFields {
    pub fn get(&self, key: FieldKey) -> &str {
        match key {
            FieldKey::PaperType => &self.paper_type,
            FieldKey::OwnerNumber => &self.owner_number,
            FieldKey::OwnerName => &self.owner_name,
            FieldKey::Number => &self.number,
            FieldKey::IssuedOn => &self.issued_on,
            FieldKey::Issuer => &self.issuer,
            FieldKey::Abstract => &self.summary,
            FieldKey::ValidTo => &self.valid_to,
            FieldKey::Scope => &self.scope,
        }
    }

    pub fn set(&mut self, key: FieldKey, value: String) {
        *match key {
            FieldKey::PaperType => &mut self.paper_type,
            FieldKey::OwnerNumber => &mut self.owner_number,
            FieldKey::OwnerName => &mut self.owner_name,
            FieldKey::Number => &mut self.number,
            FieldKey::IssuedOn => &mut self.issued_on,
            FieldKey::Issuer => &mut self.issuer,
            FieldKey::Abstract => &mut self.summary,
            FieldKey::ValidTo => &mut self.valid_to,
            FieldKey::Scope => &mut self.scope,
        } = value;
    }

    /// Parses and checks all fields; every fault comes back, not the first.
    ///
    /// `owner` are the numbers of the dossier's holder: a paper of somebody else must not enter his
    /// repository.
    // law: TT01-2023-VPCP/9.2
    pub fn check(&self, owner: &[OwnerNumber], today: Date) -> Result<Fields, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let mut fault = |key, fault| faults.push(FieldFault { key, fault });
        for key in FieldKey::ALL {
            let most = if key == FieldKey::Abstract { 1_000 } else { 300 };
            if self.get(key).chars().count() > most {
                fault(key, FieldProblem::TooLong(most));
            }
        }
        for key in [FieldKey::PaperType, FieldKey::OwnerName, FieldKey::Abstract, FieldKey::Scope] {
            if self.get(key).trim().is_empty() {
                fault(key, FieldProblem::Empty);
            }
        }
        let owner_number = match self.owner_number.trim().parse::<OwnerNumber>() {
            Ok(number) if !owner.contains(&number) => {
                fault(FieldKey::OwnerNumber, FieldProblem::OtherOwner);
                None
            }
            Ok(number) => Some(number),
            Err(bad) => {
                fault(FieldKey::OwnerNumber, FieldProblem::BadOwnerNumber(bad.to_string()));
                None
            }
        };
        let number = match self.number.trim() {
            "" => None,
            text => match text.parse::<DocumentNumber>() {
                Ok(number) => Some(number.to_string()),
                Err(_) => {
                    fault(FieldKey::Number, FieldProblem::BadNumber);
                    None
                }
            },
        };
        let issued_on = day(&self.issued_on).unwrap_or_else(|()| {
            fault(FieldKey::IssuedOn, FieldProblem::BadDate);
            None
        });
        let valid_to = day(&self.valid_to).unwrap_or_else(|()| {
            fault(FieldKey::ValidTo, FieldProblem::BadDate);
            None
        });
        if issued_on.is_some_and(|day| day > today) {
            fault(FieldKey::IssuedOn, FieldProblem::InTheFuture);
        }
        if let (Some(from), Some(to)) = (issued_on, valid_to)
            && to < from
        {
            fault(FieldKey::ValidTo, FieldProblem::EndsBeforeIssue);
        }
        match owner_number {
            Some(owner_number) if faults.is_empty() => Ok(Fields {
                paper_type: self.paper_type.trim().to_owned(),
                owner_number,
                owner_name: crate::text::nfc(self.owner_name.trim()),
                number,
                issued_on,
                issuer: Some(crate::text::nfc(self.issuer.trim())).filter(|text| !text.is_empty()),
                summary: crate::text::nfc(self.summary.trim()),
                valid_to,
                scope: crate::text::nfc(self.scope.trim()),
            }),
            _ => Err(faults),
        }
    }
}

/// A day as people type it: `27/3/2021`, `27.3.2021`, `27-03-2021`, `27032021`, or ISO; empty is none.
/// Years outside 1900 to 2200 are slips of the hand.
#[expect(clippy::result_unit_err, reason = "there is one way not to be a day; the field names it")]
pub fn day(text: &str) -> Result<Option<Date>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parts: Vec<&str> = text.split(['/', '.', '-']).map(str::trim).collect();
    let (day, month, year) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 && text.contains('-') => (*day, *month, *year),
        [day, month, year] => (*day, *month, *year),
        [all] if all.len() == 8 && all.is_ascii() => (&all[..2], &all[2..4], &all[4..]),
        _ => return Err(()),
    };
    let (day, month) = (number(day, 2)?, number(month, 2)?);
    let year = match (year.len(), number(year, 4)?) {
        // Two digits: papers still in use are of this century up to now, else of the last.
        (2, year) if year <= 40 => 2000 + year,
        (2, year) => 1900 + year,
        (_, year) => year,
    };
    if !(1900..=2200).contains(&year) {
        return Err(());
    }
    let part = |value: i16| i8::try_from(value).map_err(|_| ());
    Date::new(year, part(month)?, part(day)?).map(Some).map_err(|_| ())
}

/// One to `most` figures, and nothing but figures.
fn number(text: &str, most: usize) -> Result<i16, ()> {
    if text.len() > most || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(());
    }
    text.parse().map_err(|_| ())
}

/// Why a record cannot do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordRefused {
    /// It is not waiting for this; the word of the state it is in.
    NotNow(&'static str),
    /// It was filed already.
    AlreadyFiled,
}

impl RecordState {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::ToSign { .. } => "to_sign",
            Self::ToConfirm { .. } => "to_confirm",
            Self::Filed { .. } => "filed",
            Self::Stuck { .. } => "stuck",
        }
    }

    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Self::ToSign { reading, .. } | Self::ToConfirm { reading, .. } | Self::Filed { reading, .. } => {
                Some(reading)
            }
            Self::Reading | Self::Stuck { .. } => None,
        }
    }

    pub fn pdf(&self) -> Option<&Blob> {
        match self {
            Self::ToSign { pdf, .. } | Self::ToConfirm { pdf, .. } | Self::Filed { pdf, .. } => Some(pdf),
            Self::Reading | Self::Stuck { .. } => None,
        }
    }
}

impl Record {
    /// The PDF/A is written; a page file waits for its digitiser's signature, a file that came signed
    /// is used as it is.
    pub fn read(self, pdf: Blob, reading: Reading) -> Result<Self, RecordRefused> {
        match (&self.state, &self.source) {
            (RecordState::Reading | RecordState::Stuck { .. }, Source::Pages { .. }) => {
                Ok(Self { state: RecordState::ToSign { pdf, reading }, ..self })
            }
            (RecordState::Reading | RecordState::Stuck { .. }, Source::SignedFile { .. }) => {
                Ok(Self { state: RecordState::ToConfirm { pdf, reading, signed_at: None }, ..self })
            }
            (state, _) => Err(RecordRefused::NotNow(state.kind())),
        }
    }

    pub fn stuck(self, why: String) -> Result<Self, RecordRefused> {
        match &self.state {
            RecordState::Reading => Ok(Self { state: RecordState::Stuck { why }, ..self }),
            state => Err(RecordRefused::NotNow(state.kind())),
        }
    }

    /// A paper that could not be read is tried again.
    pub fn again(self) -> Result<Self, RecordRefused> {
        match &self.state {
            RecordState::Stuck { .. } => Ok(Self { state: RecordState::Reading, ..self }),
            state => Err(RecordRefused::NotNow(state.kind())),
        }
    }

    /// The digitiser's signature is on the file.
    // law: TT01-2023-VPCP/8.1
    pub fn signed(self, signed: Blob, at: Timestamp) -> Result<Self, RecordRefused> {
        match self.state {
            RecordState::ToSign { reading, .. } => Ok(Self {
                state: RecordState::ToConfirm { pdf: signed, reading, signed_at: Some(at) },
                ..self
            }),
            state => Err(RecordRefused::NotNow(state.kind())),
        }
    }

    /// A person confirmed the fields; the record goes into its owner's repository.
    // law: TT01-2023-VPCP/7
    pub fn file(self, fields: Fields, entry: EntryId, by: OfficerId) -> Result<Self, RecordRefused> {
        match self.state {
            RecordState::ToConfirm { pdf, reading, .. } => Ok(Self {
                state: RecordState::Filed { pdf, reading, entry, fields, confirmed_by: by },
                ..self
            }),
            RecordState::Filed { .. } => Err(RecordRefused::AlreadyFiled),
            state => Err(RecordRefused::NotNow(state.kind())),
        }
    }

    /// Which proposals the person changed, by field name.
    pub fn corrected(&self, typed: &TypedFields) -> Vec<String> {
        let proposed = self.state.reading().map(|reading| reading.proposed.as_slice()).unwrap_or_default();
        FieldKey::ALL
            .into_iter()
            .filter(|&key| {
                let before = proposed
                    .iter()
                    .find(|proposal| proposal.key == key)
                    .map_or("", |proposal| proposal.value.as_str());
                !same_value(key, before, typed.get(key))
            })
            .map(|key| key.name().to_owned())
            .collect()
    }
}

/// A day is the same day however it is written: it is proposed as `2026-11-16` and typed as `16/11/2026`.
fn same_value(key: FieldKey, before: &str, typed: &str) -> bool {
    if matches!(key, FieldKey::IssuedOn | FieldKey::ValidTo)
        && let (Ok(before), Ok(typed)) = (day(before), day(typed))
    {
        return before == typed;
    }
    crate::text::nfc(before.trim()) == crate::text::nfc(typed.trim())
}

#[cfg(test)]
mod tests;
