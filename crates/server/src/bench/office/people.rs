//! People by the million: invented names in the frequencies of a real street, each with a number of its
//! own.

use store::bench::Person;

const FAMILIES: [&str; 16] = [
    "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Hoàng", "Vũ",
    "Đặng", "Bùi", "Nông", "Giàng",
];
const MIDDLES: [&str; 12] =
    ["Thị", "Thị", "Văn", "Văn", "Minh", "Thanh", "Ngọc", "Đức", "Thu", "Quang", "Hồng", "Xuân"];
const GIVEN: [&str; 41] = [
    "An", "Anh", "Bình", "Châu", "Chi", "Cường", "Dung", "Dũng", "Duyên", "Giang", "Hà", "Hải", "Hạnh",
    "Hiền", "Hiếu", "Hoa", "Hòa", "Huệ", "Hùng", "Hương", "Khánh", "Lan", "Linh", "Loan", "Long", "Mai",
    "Nam", "Nga", "Ngân", "Nhung", "Oanh", "Phúc", "Phương", "Quân", "Sơn", "Tâm", "Thảo", "Thủy", "Trang",
    "Tuấn", "Yến",
];
const VILLAGES: [&str; 8] = [
    "Thôn Đông Hạ",
    "Thôn Nà Lùng",
    "Tổ dân phố 4",
    "Xóm Bến",
    "Thôn Khuổi Cáp",
    "Bản Mới",
    "Thôn Cầu Đá",
    "Tổ dân phố 12",
];

/// As personal numbers write them.
const PROVINCES: [u16; 8] = [1, 2, 4, 6, 8, 10, 11, 12];

/// The person of this place in the row; another place is another person.
pub(super) fn person(at: usize) -> Person {
    // Steps that share no factor with the lengths go through all combinations.
    let of = |words: &[&'static str], step: usize| words[(at.wrapping_mul(step) >> 3) % words.len()];
    let (family, middle, given) = (of(&FAMILIES, 2_654_435_761), of(&MIDDLES, 40_503), of(&GIVEN, 9_176_263));
    // Province, born a woman in the nineties, six figures: a million people a province.
    let (province, serial) = (PROVINCES[(at / 1_000_000) % PROVINCES.len()], at % 1_000_000);
    Person {
        number: format!("{province:03}1{:02}{serial:06}", 90 + at % 10),
        name: format!("{family} {middle} {given}"),
        address: format!("Số {}, {}", 1 + at % 997, of(&VILLAGES, 7_919)),
    }
}

#[cfg(test)]
mod tests {
    use super::person;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_have_one_number_and_names_are_many() {
        let people: Vec<_> = (999_000..1_009_000).map(person).collect();
        let numbers: BTreeSet<&str> = people.iter().map(|person| person.number.as_str()).collect();
        assert_eq!(numbers.len(), people.len());
        assert!(numbers.iter().all(|number| number.len() == 12), "{numbers:?}");
        let names: BTreeSet<&str> = people.iter().map(|person| person.name.as_str()).collect();
        assert!(names.len() > 1_000, "{}", names.len());
        assert!(names.iter().all(|name| rules::text::nfc(name) == **name));
    }
}
