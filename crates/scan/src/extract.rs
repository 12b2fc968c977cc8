//! The fields that the law wants beside a digitised paper, taken from word boxes by the layout of
//! Vietnamese official documents. Pure: no picture, no clock. Every value is a proposal for an
//! officer to confirm; one that breaks a rule says so in words and is never silently accepted.
// law: TT01-2023-VPCP/9.2

mod agency;
mod composed;
mod dates;
mod foot;
mod head;
mod kind;
mod lines;
mod person;
mod repeated;
mod validity;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::recognise::{PageText, syllable};

pub use kind::PaperKind;
use lines::{Line, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKey {
    PaperType,
    OwnerPersonalId,
    OwnerName,
    /// Số, ký hiệu.
    Number,
    /// As `YYYY-MM-DD`.
    IssuedOn,
    Issuer,
    /// Trích yếu nội dung.
    Abstract,
    /// As `YYYY-MM-DD`.
    ValidFrom,
    /// As `YYYY-MM-DD`.
    ValidTo,
    /// What, or where, the paper is good for.
    Scope,
    Signatory,
}

impl FieldKey {
    pub fn in_vietnamese(self) -> &'static str {
        match self {
            Self::PaperType => "Loại giấy tờ",
            Self::OwnerPersonalId => "Số định danh cá nhân",
            Self::OwnerName => "Họ, chữ đệm, tên",
            Self::Number => "Số, ký hiệu",
            Self::IssuedOn => "Ngày cấp, ban hành",
            Self::Issuer => "Cơ quan cấp, ban hành",
            Self::Abstract => "Trích yếu nội dung",
            Self::ValidFrom => "Có giá trị từ ngày",
            Self::ValidTo => "Có giá trị đến ngày",
            Self::Scope => "Phạm vi, mục đích sử dụng",
            Self::Signatory => "Người ký",
        }
    }
}

/// Why a value must not be believed without looking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "doubt")]
pub enum Doubt {
    /// Some word was read with little confidence.
    Unsure,
    /// Words that cannot be Vietnamese.
    StrangeWords { words: Vec<String> },
    /// The words of a date were found, but no such day exists; the value is what was read.
    NoSuchDay,
    /// The day is after today.
    InFuture,
    /// Not twelve digits that begin with the code of a province.
    NotAPersonalId,
    /// Nine digits: an identity card of the old kind.
    OldIdentityCard,
    /// Found by its shape only, without words that say what it is.
    Unlabelled,
    /// Not shaped like a number and symbol of a document.
    NotANumber,
    /// Not shaped like a person's name.
    NotAName,
    /// Most names have three words and more: the last may have been lost.
    ShortName,
    /// Worked out from a term, not written on the paper as a date.
    WorkedOut,
    /// The paper holds another value that may be meant.
    Another { value: String },
}

impl Doubt {
    pub fn in_vietnamese(&self) -> String {
        match self {
            Self::Unsure => "Có chữ đọc chưa chắc".to_owned(),
            Self::StrangeWords { words } => format!("Từ không giống tiếng Việt: {}", words.join(", ")),
            Self::NoSuchDay => "Ngày đọc được không có thật, có thể do chữ viết tay".to_owned(),
            Self::InFuture => "Ngày sau hôm nay".to_owned(),
            Self::NotAPersonalId => "Không đủ 12 chữ số của số định danh cá nhân".to_owned(),
            Self::OldIdentityCard => "Số chứng minh nhân dân cũ, 9 chữ số".to_owned(),
            Self::Unlabelled => "Tìm theo hình dạng, trên giấy không ghi rõ là gì".to_owned(),
            Self::NotANumber => "Không giống dạng số, ký hiệu văn bản".to_owned(),
            Self::NotAName => "Không giống họ tên người".to_owned(),
            Self::ShortName => "Tên chỉ có hai chữ, xem có đọc thiếu không".to_owned(),
            Self::WorkedOut => "Tính ra từ thời hạn ghi trên giấy".to_owned(),
            Self::Another { value } => format!("Trên giấy còn giá trị khác: {value}"),
        }
    }
}

/// A proposed value and where on the paper it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub key: FieldKey,
    pub value: String,
    /// 0–1, of the reading; not calibrated.
    pub confidence: f32,
    /// Index of the page, from 0.
    pub page: u32,
    /// On the turned page, in its pixels.
    pub rect: Rect,
    pub doubts: Vec<Doubt>,
}

/// What kind of paper it seems to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    pub kind: PaperKind,
    /// 0 where nothing on the paper says what it is.
    pub confidence: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extracted {
    pub paper_type: Guess,
    /// In the order of [`FieldKey`], at most one a key; what was not found is not there.
    pub fields: Vec<Field>,
}

impl Extracted {
    pub fn find(&self, key: FieldKey) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// Proposes fields for the pages of one paper; `today` judges dates.
pub fn fields(pages: &[PageText], today: Date) -> Extracted {
    let lines = lines::of(pages);
    let pages = &lines::run_on(&lines);
    let (paper_type, title) = kind::guess(&lines);
    let (kind, title) = (paper_type.kind, title.as_ref());
    let weighed = |mut field: Field| {
        repeated::weigh(&mut field, 0, pages);
        if field.value.split_whitespace().count() < 3 {
            field.doubts.push(Doubt::ShortName);
        }
        field
    };
    let owner = person::name(&lines, pages).map(weighed);
    let issued_on = head::issued_on(&lines, today);
    // What a person asks for in his own words has neither issuer nor number.
    let is_issued = !matches!(kind, PaperKind::Declaration | PaperKind::Request);
    let printed = || head::abstracted(&lines, title);
    let abstracted = composed::abstracted(kind, title, owner.as_ref(), pages, printed);
    let mut fields: Vec<Field> = Vec::new();
    fields.extend(title.map(|title| title.field(FieldKey::PaperType)));
    fields.extend(person::personal_id(&lines, pages));
    fields.extend(owner);
    if is_issued {
        fields.extend(head::number(&lines, kind));
        fields.extend(agency::issuer(&lines, pages, kind));
    }
    fields.extend(abstracted);
    fields.extend(validity::fields(&lines, pages, issued_on.as_ref()));
    fields.extend(issued_on);
    fields.extend(foot::signatory(&lines).map(weighed));
    fields.sort_by_key(|field| field.key);
    Extracted { paper_type, fields }
}

/// Words below this confidence make a value doubtful.
const SURE: f32 = 0.60;

impl Span<'_> {
    /// The words of the span as a field, with the doubts that any text can have.
    fn field(&self, key: FieldKey) -> Field {
        self.field_with(key, self.text())
    }

    fn field_with(&self, key: FieldKey, value: String) -> Field {
        let mut doubts = Vec::new();
        if self
            .words
            .iter()
            .any(|word| word.confidence < SURE && word.text.chars().any(char::is_alphanumeric))
        {
            doubts.push(Doubt::Unsure);
        }
        let is_prose = matches!(
            key,
            FieldKey::PaperType
                | FieldKey::OwnerName
                | FieldKey::Issuer
                | FieldKey::Abstract
                | FieldKey::Signatory
        );
        if is_prose {
            let is_strange = |word: &&str| syllable::non_syllable_share(std::iter::once(*word)).0 > 0.0;
            let words: Vec<String> = value.split_whitespace().filter(is_strange).map(str::to_owned).collect();
            if !words.is_empty() {
                doubts.push(Doubt::StrangeWords { words });
            }
        }
        Field { key, value, confidence: self.confidence(), page: self.page, rect: self.rect(), doubts }
    }
}

#[cfg(test)]
mod tests;
