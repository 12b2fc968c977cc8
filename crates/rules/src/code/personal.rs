//! The personal identity number of twelve figures, and the older one of nine.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{is_figures, text_code};

/// Số định danh cá nhân: three figures for the place where the birth was registered, one for sex and
/// century, two for the year of birth, six at random. There is no check figure.
// law: LCC2023/12
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonalId {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPersonalId {
    #[error("số định danh có 12 chữ số; ở đây có {found} ký tự")]
    Length { found: usize },
    #[error("số định danh chỉ gồm chữ số")]
    NotFigures,
    #[error("ba số đầu {code:03} của số định danh không phải mã tỉnh, thành phố hay mã nước nào")]
    Place { code: u16 },
    #[error("chữ số thứ tư của số định danh là {figure}, tức sinh từ năm {century}; hãy xem lại")]
    Century { figure: u8, century: u16 },
}

/// A province that registered births, under the code that personal numbers carry. The codes of the 63
/// provinces before 1 July 2025 stay in the numbers given out then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Province {
    pub code: u16,
    pub name: &'static str,
}

/// Where a birth was registered, as the number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisteredIn {
    Province(&'static Province),
    /// Abroad, under a country's code. The table of countries is not carried here.
    Abroad {
        code: u16,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Male,
    Female,
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        })
    }
}

/// Where a personal number disagrees with what was declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonalIdFault {
    #[error("số định danh cho biết năm sinh {by_number}, nhưng khai năm {declared}")]
    BirthYear { by_number: i16, declared: i16 },
    #[error("số định danh cho biết giới tính {by_number}, nhưng khai {declared}")]
    Sex { by_number: Sex, declared: Sex },
    #[error("số định danh cho biết năm sinh {by_number}, sau năm nay")]
    NotBornYet { by_number: i16 },
}

text_code!(PersonalId, BadPersonalId);

/// Logs and panics must not tell who somebody is.
impl fmt::Debug for PersonalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonalId(…{})", &self.text[9..])
    }
}

impl FromStr for PersonalId {
    type Err = BadPersonalId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = without_spaces(text);
        let found = text.chars().count();
        if found != 12 {
            return Err(BadPersonalId::Length { found });
        }
        if !is_figures(&text) {
            return Err(BadPersonalId::NotFigures);
        }
        let code = figures(&text[..3]);
        if registered_in(code).is_none() {
            return Err(BadPersonalId::Place { code });
        }
        // The law has figures up to 9 (births until 2399); before 2100 they are mistypings.
        let figure = text.as_bytes()[3] - b'0';
        if figure > 3 {
            return Err(BadPersonalId::Century { figure, century: 1900 + u16::from(figure / 2) * 100 });
        }
        Ok(Self { text })
    }
}

/// People write the number in groups of three.
fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn figures(text: &str) -> u16 {
    text.bytes().fold(0, |sum, figure| sum * 10 + u16::from(figure - b'0'))
}

/// Countries have the codes from 101 on.
fn registered_in(code: u16) -> Option<RegisteredIn> {
    if (101..=399).contains(&code) {
        return Some(RegisteredIn::Abroad { code });
    }
    let at = PROVINCES.binary_search_by_key(&code, |province| province.code).ok()?;
    Some(RegisteredIn::Province(&PROVINCES[at]))
}

impl PersonalId {
    /// Where the birth was registered.
    pub fn registered_in(&self) -> RegisteredIn {
        registered_in(figures(&self.text[..3])).expect("checked when the number was parsed")
    }

    pub fn sex(&self) -> Sex {
        if figures(&self.text[3..4]).is_multiple_of(2) { Sex::Male } else { Sex::Female }
    }

    pub fn birth_year(&self) -> i16 {
        let century = 1900 + figures(&self.text[3..4]) / 2 * 100;
        (century + figures(&self.text[4..6])) as i16
    }

    /// For screens shared with others and for letters: `001******345`.
    pub fn masked(&self) -> String {
        format!("{}******{}", &self.text[..3], &self.text[9..])
    }

    /// Every disagreement between the number and what was declared, all together.
    pub fn faults(&self, born_in: Option<i16>, sex: Option<Sex>, today: Date) -> Vec<PersonalIdFault> {
        let mut faults = Vec::new();
        let by_number = self.birth_year();
        if by_number > today.year() {
            faults.push(PersonalIdFault::NotBornYet { by_number });
        }
        if let Some(declared) = born_in.filter(|year| *year != by_number) {
            faults.push(PersonalIdFault::BirthYear { by_number, declared });
        }
        if let Some(declared) = sex.filter(|sex| *sex != self.sex()) {
            faults.push(PersonalIdFault::Sex { by_number: self.sex(), declared });
        }
        faults
    }
}

/// Số chứng minh nhân dân: nine figures, only in papers from before the personal number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OldIdNumber {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOldId {
    #[error("số chứng minh nhân dân có 9 chữ số; ở đây có {found} ký tự")]
    Length { found: usize },
    #[error("số chứng minh nhân dân chỉ gồm chữ số")]
    NotFigures,
}

text_code!(OldIdNumber, BadOldId);

impl fmt::Debug for OldIdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OldIdNumber(…{})", &self.text[6..])
    }
}

impl FromStr for OldIdNumber {
    type Err = BadOldId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = without_spaces(text);
        match text.chars().count() {
            9 if is_figures(&text) => Ok(Self { text }),
            9 => Err(BadOldId::NotFigures),
            found => Err(BadOldId::Length { found }),
        }
    }
}

const fn province(code: u16, name: &'static str) -> Province {
    Province { code, name }
}

/// The 63 provinces whose codes personal numbers carry, by code.
pub const PROVINCES: [Province; 63] = [
    province(1, "Hà Nội"),
    province(2, "Hà Giang"),
    province(4, "Cao Bằng"),
    province(6, "Bắc Kạn"),
    province(8, "Tuyên Quang"),
    province(10, "Lào Cai"),
    province(11, "Điện Biên"),
    province(12, "Lai Châu"),
    province(14, "Sơn La"),
    province(15, "Yên Bái"),
    province(17, "Hòa Bình"),
    province(19, "Thái Nguyên"),
    province(20, "Lạng Sơn"),
    province(22, "Quảng Ninh"),
    province(24, "Bắc Giang"),
    province(25, "Phú Thọ"),
    province(26, "Vĩnh Phúc"),
    province(27, "Bắc Ninh"),
    province(30, "Hải Dương"),
    province(31, "Hải Phòng"),
    province(33, "Hưng Yên"),
    province(34, "Thái Bình"),
    province(35, "Hà Nam"),
    province(36, "Nam Định"),
    province(37, "Ninh Bình"),
    province(38, "Thanh Hóa"),
    province(40, "Nghệ An"),
    province(42, "Hà Tĩnh"),
    province(44, "Quảng Bình"),
    province(45, "Quảng Trị"),
    province(46, "Thừa Thiên Huế"),
    province(48, "Đà Nẵng"),
    province(49, "Quảng Nam"),
    province(51, "Quảng Ngãi"),
    province(52, "Bình Định"),
    province(54, "Phú Yên"),
    province(56, "Khánh Hòa"),
    province(58, "Ninh Thuận"),
    province(60, "Bình Thuận"),
    province(62, "Kon Tum"),
    province(64, "Gia Lai"),
    province(66, "Đắk Lắk"),
    province(67, "Đắk Nông"),
    province(68, "Lâm Đồng"),
    province(70, "Bình Phước"),
    province(72, "Tây Ninh"),
    province(74, "Bình Dương"),
    province(75, "Đồng Nai"),
    province(77, "Bà Rịa - Vũng Tàu"),
    province(79, "Thành phố Hồ Chí Minh"),
    province(80, "Long An"),
    province(82, "Tiền Giang"),
    province(83, "Bến Tre"),
    province(84, "Trà Vinh"),
    province(86, "Vĩnh Long"),
    province(87, "Đồng Tháp"),
    province(89, "An Giang"),
    province(91, "Kiên Giang"),
    province(92, "Cần Thơ"),
    province(93, "Hậu Giang"),
    province(94, "Sóc Trăng"),
    province(95, "Bạc Liêu"),
    province(96, "Cà Mau"),
];

#[cfg(test)]
mod tests {
    use super::{
        BadOldId, BadPersonalId, OldIdNumber, PROVINCES, PersonalId, PersonalIdFault, RegisteredIn, Sex,
    };
    use jiff::civil::date;

    fn id(text: &str) -> PersonalId {
        text.parse().expect("a number of the test")
    }

    #[test]
    fn a_number_tells_place_sex_and_year() {
        for (text, place, sex, year) in [
            ("001090012345", "Hà Nội", Sex::Male, 1990),
            ("048305001234", "Đà Nẵng", Sex::Female, 2005),
            ("096199000001", "Cà Mau", Sex::Female, 1999),
            ("079200000001", "Thành phố Hồ Chí Minh", Sex::Male, 2000),
        ] {
            let id = id(text);
            assert!(matches!(id.registered_in(), RegisteredIn::Province(province) if province.name == place));
            assert_eq!((id.sex(), id.birth_year()), (sex, year), "{text}");
        }
        assert_eq!(id(" 001 090 012 345 "), id("001090012345"));
        assert_eq!(id("123090012345").registered_in(), RegisteredIn::Abroad { code: 123 });
    }

    #[test]
    fn a_wrong_number_says_why() {
        for (text, fault) in [
            ("", BadPersonalId::Length { found: 0 }),
            ("00109001234", BadPersonalId::Length { found: 11 }),
            ("0010900123456", BadPersonalId::Length { found: 13 }),
            ("00109001234O", BadPersonalId::NotFigures),
            ("00109001234５", BadPersonalId::NotFigures),
            ("000090012345", BadPersonalId::Place { code: 0 }),
            ("003090012345", BadPersonalId::Place { code: 3 }),
            ("097090012345", BadPersonalId::Place { code: 97 }),
            ("999090012345", BadPersonalId::Place { code: 999 }),
            ("001490012345", BadPersonalId::Century { figure: 4, century: 2100 }),
            ("001990012345", BadPersonalId::Century { figure: 9, century: 2300 }),
        ] {
            assert_eq!(text.parse::<PersonalId>(), Err(fault), "{text}");
        }
    }

    #[test]
    fn all_disagreements_come_together() {
        let today = date(2026, 11, 21);
        let number = id("048305001234");
        assert_eq!(number.faults(Some(2005), Some(Sex::Female), today), []);
        assert_eq!(number.faults(None, None, today), []);
        assert_eq!(
            number.faults(Some(2006), Some(Sex::Male), today),
            [
                PersonalIdFault::BirthYear { by_number: 2005, declared: 2006 },
                PersonalIdFault::Sex { by_number: Sex::Female, declared: Sex::Male },
            ]
        );
        assert_eq!(
            id("001227000001").faults(None, None, today),
            [PersonalIdFault::NotBornYet { by_number: 2027 }]
        );
    }

    #[test]
    fn a_number_is_not_told_whole_by_debug_or_mask() {
        let number = id("001090012345");
        assert_eq!(format!("{number:?}"), "PersonalId(…345)");
        assert_eq!(number.masked(), "001******345");
        assert_eq!(number.to_string(), "001090012345");
    }

    #[test]
    fn the_provinces_are_in_order() {
        assert!(PROVINCES.windows(2).all(|pair| pair[0].code < pair[1].code));
    }

    #[test]
    fn old_numbers_have_nine_figures() {
        assert_eq!("012345678".parse::<OldIdNumber>().map(|old| old.to_string()), Ok("012345678".to_owned()));
        assert_eq!("01234567".parse::<OldIdNumber>(), Err(BadOldId::Length { found: 8 }));
        assert_eq!("01234567x".parse::<OldIdNumber>(), Err(BadOldId::NotFigures));
    }
}
