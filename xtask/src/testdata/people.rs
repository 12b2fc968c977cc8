//! Invented people, places and agencies. Provinces are real, because personal ids and agency
//! names are built on them; communes, districts, streets and people are made up.

use super::dice::Dice;
use super::words::Date;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gender {
    Male,
    Female,
}

impl Gender {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Male => "Nam",
            Self::Female => "Nữ",
        }
    }
}

/// From this day on there are provinces and communes only; before it, districts between them.
pub(crate) const TWO_LEVELS: Date = Date { year: 2025, month: 7, day: 1 };

/// A commune with what stood above it before and stands above it since 1/7/2025.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) commune: &'static str,
    pub(crate) district: &'static str,
    pub(crate) province: &'static str,
    /// First three digits of the personal ids registered there.
    pub(crate) id_prefix: &'static str,
    /// Short form in symbols of documents, e.g. of the district court or the office.
    pub(crate) seat: &'static str,
}

impl Place {
    /// "xã Yên Thượng, huyện Thạch Lâm, tỉnh Thanh Hóa", without the district since 1/7/2025.
    pub(crate) fn full(&self, on: Date) -> String {
        if on >= TWO_LEVELS {
            format!("{}, {}", self.commune, self.province)
        } else {
            format!("{}, {}, {}", self.commune, self.district, self.province)
        }
    }

    /// What stands directly above the commune on that day.
    pub(crate) fn above(&self, on: Date) -> &'static str {
        if on >= TWO_LEVELS { self.province } else { self.district }
    }
}

pub(crate) const PLACES: [Place; 12] = [
    place("xã Yên Thượng", "huyện Thạch Lâm", "tỉnh Thanh Hóa", "038", "Yên Thượng"),
    place("xã Ngọc Lẫm", "huyện Như Bình", "tỉnh Nghệ An", "040", "Ngọc Lẫm"),
    place("phường Bãi Đỗ", "quận An Hưng", "thành phố Hải Phòng", "031", "Bãi Đỗ"),
    place("xã Đồng Chuối", "huyện Tân Kỳ Sơn", "tỉnh Phú Thọ", "025", "Đồng Chuối"),
    place("phường Thủy Giang", "thị xã Hương Phú", "tỉnh Quảng Trị", "045", "Thủy Giang"),
    place("phường Hòa Khánh", "thị xã Cư Lăng", "tỉnh Lâm Đồng", "068", "Hòa Khánh"),
    place("phường Quảng Phước", "quận Hòa Nghĩa", "thành phố Đà Nẵng", "048", "Quảng Phước"),
    place("xã Vĩnh Thuận Đông", "huyện Phong Mỹ", "thành phố Cần Thơ", "092", "Vĩnh Thuận Đông"),
    place("xã Bản Ngoại", "huyện Đại Lương", "tỉnh Thái Nguyên", "019", "Bản Ngoại"),
    place("xã Kim Đường", "huyện Ứng Mỹ", "thành phố Hà Nội", "001", "Kim Đường"),
    place("phường Chợ Giữa", "thành phố Mỹ Khánh", "tỉnh Đồng Tháp", "087", "Chợ Giữa"),
    place("xã Suối Rạch", "huyện Xuân Trảng", "tỉnh Đồng Nai", "075", "Suối Rạch"),
];

const fn place(
    commune: &'static str,
    district: &'static str,
    province: &'static str,
    id_prefix: &'static str,
    seat: &'static str,
) -> Place {
    Place { commune, district, province, id_prefix, seat }
}

const HAMLETS: [&str; 12] = [
    "thôn Đông Hạ",
    "thôn Phú Mỹ",
    "thôn Cẩm Bào",
    "xóm Đình",
    "xóm Bãi Sậy",
    "thôn Đại Nghĩa",
    "tổ dân phố số 7",
    "tổ dân phố Hòa Bình",
    "ấp Tân Lợi",
    "khu phố 3",
    "buôn Sút",
    "thôn Kỳ Vĩ",
];

const STREETS: [&str; 10] = [
    "đường Trần Hưng Đạo",
    "đường Lê Lợi",
    "đường Nguyễn Huệ",
    "phố Bạch Đằng",
    "đường Lý Thường Kiệt",
    "đường Phan Đình Phùng",
    "đường Hai Bà Trưng",
    "phố Lãn Ông",
    "đường Quang Trung",
    "ngõ Giếng Mứt",
];

const SURNAMES: [&str; 20] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
    "Dương", "Lý", "Đoàn", "Trịnh", "Lương", "Tạ",
];

const MALE: [&str; 24] = [
    "Văn Hữu",
    "Đức Thắng",
    "Quốc Bảo",
    "Minh Khuê",
    "Hữu Nghĩa",
    "Thanh Tùng",
    "Văn Chỉnh",
    "Đình Trọng",
    "Xuân Trường",
    "Công Phượng",
    "Ngọc Hải",
    "Bá Kỷ",
    "Viết Lãm",
    "Trọng Nghĩa",
    "Mạnh Cường",
    "Gia Huy",
    "Tiến Dũng",
    "Quang Vĩnh",
    "Văn Sĩ",
    "Hồng Quân",
    "Duy Mẫn",
    "Thế Vỹ",
    "Anh Tuấn",
    "Phước Lộc",
];

const FEMALE: [&str; 24] = [
    "Thị Ngoãn",
    "Thị Bích Thủy",
    "Thu Hằng",
    "Thị Mỹ Lệ",
    "Ngọc Quỳnh",
    "Thị Hồng Nhung",
    "Thanh Trúc",
    "Thị Diễm",
    "Kim Phượng",
    "Thị Huyền Trang",
    "Phương Thảo",
    "Thị Lụa",
    "Bảo Ngọc",
    "Thị Nguyệt",
    "Thùy Dương",
    "Thị Kiều Oanh",
    "Khánh Linh",
    "Thị Xuyến",
    "Cẩm Tú",
    "Thị Nở",
    "Mai Chi",
    "Thị Hoãn",
    "Quế Chi",
    "Thị Mẫn",
];

const PEOPLES: [&str; 12] =
    ["Kinh", "Kinh", "Kinh", "Kinh", "Kinh", "Kinh", "Mường", "Tày", "Thái", "Ê Đê", "Hoa", "Nùng"];

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) gender: Gender,
    pub(crate) born: Date,
    pub(crate) personal_id: String,
    pub(crate) people: &'static str,
    pub(crate) place: Place,
    /// House or hamlet, below the commune.
    pub(crate) spot: String,
}

impl Person {
    pub(crate) fn draw(dice: &mut Dice, place: Place, gender: Gender, years: (u32, u32)) -> Self {
        let given = match gender {
            Gender::Male => dice.pick(&MALE),
            Gender::Female => dice.pick(&FEMALE),
        };
        let name = format!("{} {given}", dice.pick(&SURNAMES));
        let born = Date::draw(dice, years);
        Self {
            name,
            gender,
            born,
            personal_id: personal_id(dice, place.id_prefix, gender, born),
            people: PEOPLES[dice.below(PEOPLES.len())],
            place,
            spot: spot(dice),
        }
    }

    pub(crate) fn upper_name(&self) -> String {
        self.name.to_uppercase()
    }

    pub(crate) fn address(&self, on: Date) -> String {
        format!("{}, {}", self.spot, self.place.full(on))
    }

    /// "ông" or "bà".
    pub(crate) fn title(&self) -> &'static str {
        match self.gender {
            Gender::Male => "ông",
            Gender::Female => "bà",
        }
    }
}

fn spot(dice: &mut Dice) -> String {
    if dice.chance(0.5) {
        (*dice.pick(&HAMLETS)).to_owned()
    } else {
        format!("số {} {}", dice.between(2, 289), dice.pick(&STREETS))
    }
}

/// Place of registration, gender and century, year of birth, six digits.
// law: LCC2023/12
fn personal_id(dice: &mut Dice, prefix: &str, gender: Gender, born: Date) -> String {
    let century = (born.year - 1900) / 100 * 2 + u32::from(gender == Gender::Female);
    format!("{prefix}{century}{:02}{:06}", born.year % 100, dice.below(1_000_000))
}

/// A name for somebody who signs, checks or records.
pub(crate) fn official(dice: &mut Dice) -> String {
    let given = if dice.chance(0.6) { dice.pick(&MALE) } else { dice.pick(&FEMALE) };
    format!("{} {given}", dice.pick(&SURNAMES))
}

/// The first letter in upper case, as at the start of a line.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{Gender, PLACES, Person};
    use crate::testdata::dice::Dice;
    use crate::testdata::words::Date;

    #[test]
    fn personal_ids_agree_with_gender_birth_and_place() {
        let mut dice = Dice::new(3, "people");
        for place in PLACES {
            for gender in [Gender::Male, Gender::Female] {
                let person = Person::draw(&mut dice, place, gender, (1940, 2024));
                let id = &person.personal_id;
                assert_eq!(id.len(), 12);
                assert!(id.bytes().all(|b| b.is_ascii_digit()), "{id}");
                assert_eq!(&id[..3], place.id_prefix);
                let century = u32::from(id.as_bytes()[3] - b'0');
                assert_eq!(century % 2 == 1, gender == Gender::Female);
                assert_eq!(
                    1900 + century / 2 * 100 + id[4..6].parse::<u32>().expect("digits"),
                    person.born.year
                );
            }
        }
    }

    #[test]
    fn the_district_is_gone_since_july_2025() {
        let before = Date { year: 2025, month: 6, day: 30 };
        let after = Date { year: 2025, month: 7, day: 1 };
        assert!(PLACES[0].full(before).contains("huyện Thạch Lâm"));
        assert_eq!(PLACES[0].full(after), "xã Yên Thượng, tỉnh Thanh Hóa");
    }
}
