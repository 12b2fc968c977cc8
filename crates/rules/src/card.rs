//! The text in the QR code of an identity card, as a reader gives it.
//!
//! Seven fields with bars between; the last may be missing; cards since 2024 have three or more after
//! them, whose meaning nobody has published, so they are kept as they are. A reader that types like a
//! keyboard breaks Vietnamese letters: then only figures and dates are believed, and the name is left
//! to be taken from elsewhere.

use std::fmt;

use jiff::civil::Date;

use crate::code::{BadPersonalId, OldIdNumber, PersonalId, Sex};
use crate::text::{fold, tidy_name};

/// What the card says.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    pub personal_id: PersonalId,
    pub old_id: Option<OldIdNumber>,
    /// None where the reader broke the letters.
    pub name: Option<String>,
    pub born: BirthDate,
    pub sex: Sex,
    /// None where the reader broke the letters, or the card has none.
    pub address: Option<String>,
    pub issued_on: Option<Date>,
    /// The fields after the seventh, verbatim.
    pub rest: Vec<String>,
    pub letters: Letters,
}

/// Whether the reader's Vietnamese letters can be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    Whole,
    /// Name and address were left out for this.
    Broken,
}

/// A date of birth: papers of older people know only the year, or month and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BirthDate {
    Year(i16),
    Month { year: i16, month: i8 },
    Day(Date),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCard {
    #[error("mã QR dài quá mức của thẻ căn cước; có thể đây là mã của giấy tờ khác")]
    TooLong,
    #[error("đây không phải mã QR của thẻ căn cước: có {found} phần, thẻ có 6, 7 hoặc từ 10 phần trở lên")]
    Fields { found: usize },
    #[error("số định danh trên thẻ đọc được không đúng; hãy quét lại hoặc nhập tay 12 số")]
    PersonalId(#[source] BadPersonalId),
    #[error("số chứng minh nhân dân cũ trên thẻ đọc được không đúng; hãy quét lại")]
    OldId,
    #[error("ngày sinh trên thẻ đọc được không đúng (cần 8 chữ số ngày, tháng, năm); hãy quét lại")]
    Born,
    #[error("ngày cấp trên thẻ đọc được không đúng (cần 8 chữ số ngày, tháng, năm); hãy quét lại")]
    IssuedOn,
    #[error("ngày cấp thẻ đứng trước ngày sinh; hãy quét lại")]
    IssuedBeforeBirth,
    #[error("năm sinh trên thẻ không khớp với số định danh; hãy quét lại")]
    YearDisagrees,
    #[error("giới tính trên thẻ không khớp với số định danh; hãy quét lại")]
    SexDisagrees,
    #[error("thẻ đọc được không có họ tên; hãy quét lại")]
    NoName,
}

/// The longest card seen is under 400 bytes; QR of this size on a card cannot hold more.
const MAX_BYTES: usize = 2_000;

/// Reads the text of the QR code.
pub fn parse(text: &str) -> Result<Card, BadCard> {
    if text.len() > MAX_BYTES {
        return Err(BadCard::TooLong);
    }
    let text = text.trim_matches(|c: char| c.is_control() || c.is_whitespace() || c == '\u{feff}');
    let fields: Vec<&str> = text.split('|').map(str::trim).collect();
    let found = fields.len();
    let (&[number, old, name, born, sex, address], rest) = fields
        .split_first_chunk::<6>()
        .filter(|_| matches!(found, 6 | 7) || found >= 10)
        .ok_or(BadCard::Fields { found })?;

    let personal_id: PersonalId = number.parse().map_err(BadCard::PersonalId)?;
    let old_id = present(old).map(|old| old.parse().map_err(|_| BadCard::OldId)).transpose()?;
    let born = birth_date(born).ok_or(BadCard::Born)?;
    let issued_on = rest.first().copied().and_then(present);
    let issued_on = issued_on.map(|on| day(on).ok_or(BadCard::IssuedOn)).transpose()?;
    if born.year() != personal_id.birth_year() {
        return Err(BadCard::YearDisagrees);
    }
    if issued_on.is_some_and(|on| on < born.first_day()) {
        return Err(BadCard::IssuedBeforeBirth);
    }

    let letters = letters(name, sex, address);
    let sex = match (letters, fold(sex).as_str()) {
        (Letters::Whole, "nam") if personal_id.sex() == Sex::Male => Sex::Male,
        (Letters::Whole, "nu") if personal_id.sex() == Sex::Female => Sex::Female,
        (Letters::Whole, _) => return Err(BadCard::SexDisagrees),
        (Letters::Broken, _) => personal_id.sex(),
    };
    let whole = |field: &str| match letters {
        Letters::Whole => present(field).map(tidy_name),
        Letters::Broken => None,
    };
    if name.is_empty() {
        return Err(BadCard::NoName);
    }
    let rest = rest.iter().skip(1).map(|field| (*field).to_owned()).collect();
    Ok(Card {
        old_id,
        name: whole(name),
        born,
        sex,
        address: whole(address),
        issued_on,
        rest,
        letters,
        personal_id,
    })
}

fn present(field: &str) -> Option<&str> {
    (!field.is_empty()).then_some(field)
}

/// Signs that a keyboard in between lost or changed letters.
///
/// The word for the sex is one of two, so anything else tells at once; a word without a vowel has lost
/// one; a name and an address that between them have no Vietnamese letter do not exist on cards (the
/// rare true one costs a look-up, a false name believed costs a wrong paper).
fn letters(name: &str, sex: &str, address: &str) -> Letters {
    let both = format!("{name} {address}");
    let known_sex = matches!(tidy_name(sex).to_lowercase().as_str(), "nam" | "nữ");
    let strange =
        both.chars().any(|c| !is_written_on_cards(c)) || name.contains(|c: char| c.is_ascii_digit());
    let lost = name.split_whitespace().any(is_without_vowel);
    if known_sex && !strange && !lost && !both.is_ascii() { Letters::Whole } else { Letters::Broken }
}

/// Single consonants do stand in names: H' Hen Niê, K Brôi.
fn is_without_vowel(word: &str) -> bool {
    let folded = fold(word);
    folded.chars().filter(|c| c.is_alphabetic()).count() > 1
        && !folded.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

/// Letters of Vietnamese (after folding, plain Latin ones), figures, and the marks of names and
/// addresses. Ä, º, ¿, Ã» and the like come from letters sent in the wrong encoding.
fn is_written_on_cards(c: char) -> bool {
    const MARKS: &str = " ,.-/'’()&:;\u{a0}";
    c.is_ascii_alphanumeric() || MARKS.contains(c) || is_vietnamese_letter(c)
}

fn is_vietnamese_letter(c: char) -> bool {
    const BARE: &str = "ăâđêôơưàảãáạèẻẽéẹìỉĩíịòỏõóọùủũúụỳỷỹýỵ";
    let combining = matches!(
        c,
        '\u{300}' | '\u{301}' | '\u{302}' | '\u{303}' | '\u{306}' | '\u{309}' | '\u{31b}' | '\u{323}'
    );
    // ẠẢ…ỹ: the block that holds every Vietnamese letter with two marks.
    let two_marks = ('\u{1ea0}'..='\u{1ef9}').contains(&c);
    // ĕ, ĭ, ŏ, ŭ, č, ñ stand in names of the Central Highlands.
    let highland = "ĕĭŏŭčñ".contains(c) || "ĔĬŎŬČÑ".contains(c);
    combining || two_marks || highland || c.to_lowercase().all(|c| BARE.contains(c))
}

fn day(text: &str) -> Option<Date> {
    match birth_date(text) {
        Some(BirthDate::Day(date)) => Some(date),
        _ => None,
    }
}

/// ddmmyyyy, with zeros for what is not known, or the year alone.
fn birth_date(text: &str) -> Option<BirthDate> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (day, month, year) = match text.len() {
        4 => (0, 0, text),
        8 => (text[..2].parse().ok()?, text[2..4].parse().ok()?, &text[4..]),
        _ => return None,
    };
    let year: i16 = year.parse().ok().filter(|year| (1850..=2200).contains(year))?;
    match (day, month) {
        (0, 0) => Some(BirthDate::Year(year)),
        (0, 1..=12) => Some(BirthDate::Month { year, month }),
        _ => Date::new(year, month, day).ok().map(BirthDate::Day),
    }
}

impl BirthDate {
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) | Self::Month { year, .. } => year,
            Self::Day(date) => date.year(),
        }
    }

    /// The whole date, where it is known.
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Day(date) => Some(date),
            Self::Year(_) | Self::Month { .. } => None,
        }
    }

    fn first_day(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month { year, month } => Date::constant(year, month, 1),
            Self::Year(year) => Date::constant(year, 1, 1),
        }
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{:02}/{:02}/{:04}", date.day(), date.month(), date.year()),
            Self::Month { year, month } => write!(f, "{month:02}/{year:04}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

/// A card is a person: logs get no name, number, birth date or address.
impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card")
            .field("personal_id", &self.personal_id)
            .field("letters", &self.letters)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
