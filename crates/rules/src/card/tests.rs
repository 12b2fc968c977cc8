//! What readers give for an identity card, good and bad.

use super::{BadCard, BirthDate, Letters, parse};
use crate::code::{BadPersonalId, Sex};
use jiff::civil::date;

const WHOLE: &str =
    "001090012345|012345678|Nguyễn Văn An|15021990|Nam|Số 5, ngõ 12, Láng Hạ, Đống Đa, Hà Nội|20042021";

#[test]
fn seven_fields_are_a_card() {
    let card = parse(WHOLE).expect("a card");
    assert_eq!(card.personal_id.as_str(), "001090012345");
    assert_eq!(card.old_id.map(|old| old.to_string()).as_deref(), Some("012345678"));
    assert_eq!(card.name.as_deref(), Some("Nguyễn Văn An"));
    assert_eq!(card.born, BirthDate::Day(date(1990, 2, 15)));
    assert_eq!((card.sex, card.letters), (Sex::Male, Letters::Whole));
    assert_eq!(card.address.as_deref(), Some("Số 5, ngõ 12, Láng Hạ, Đống Đa, Hà Nội"));
    assert_eq!(card.issued_on, Some(date(2021, 4, 20)));
    assert!(card.rest.is_empty());
}

#[test]
fn the_old_number_and_the_day_of_issue_may_be_missing() {
    let card = parse("048305001234||Trần Thị Bé|01012005|Nữ|Hải Châu, Đà Nẵng").expect("a card");
    assert_eq!((card.old_id, card.issued_on, card.sex), (None, None, Sex::Female));
    let card = parse("048305001234||Trần Thị Bé|01012005|Nữ|Hải Châu, Đà Nẵng|").expect("a card");
    assert_eq!(card.issued_on, None);
}

#[test]
fn the_fields_of_newer_cards_are_kept_as_they_are() {
    let card = parse(&format!("{WHOLE}||Nguyễn Văn Bình|Lê Thị Chi|x ")).expect("a card");
    assert_eq!(card.rest, ["", "Nguyễn Văn Bình", "Lê Thị Chi", "x"]);
    assert_eq!(card.name.as_deref(), Some("Nguyễn Văn An"));
}

#[test]
fn what_a_keyboard_reader_sends_round_the_text_is_dropped() {
    assert_eq!(parse(&format!("\u{feff}\u{2}{WHOLE}\r\n")), parse(WHOLE));
    let decomposed = WHOLE.replace("Nguyễn", "Nguye\u{302}\u{303}n");
    assert_eq!(parse(&decomposed), parse(WHOLE));
}

#[test]
fn broken_letters_leave_numbers_and_dates() {
    for (name, sex, address) in [
        ("Nguy?n V?n An", "Nam", "Láng Hạ, Hà Nội"),
        ("Nguy\u{fffd}n Văn An", "Nam", "Láng Hạ, Hà Nội"),
        ("Nguyá»…n VÄƒn An", "Nam", "LÃ¡ng Háº¡"),
        ("Nguyn Vn An", "Nam", "Lng H, ng a, H Ni"),
        ("Nguyen Van An", "Nam", "Lang Ha, Dong Da, Ha Noi"),
        ("Nguye64n Va8n An", "Nam", "Láng Hạ, Hà Nội"),
        ("Nguyễn Văn An", "N", "Láng Hạ, Hà Nội"),
        ("Nguyễn Văn An", "Nam", "Láng H§, Hà Nội"),
    ] {
        let card = parse(&format!("001090012345||{name}|15021990|{sex}|{address}|20042021")).expect(name);
        assert_eq!(
            (card.letters, card.name, card.address),
            (Letters::Broken, None, None),
            "{name}, {address}"
        );
        assert_eq!((card.sex, card.born), (Sex::Male, BirthDate::Day(date(1990, 2, 15))));
    }
}

#[test]
fn true_names_and_addresses_are_believed() {
    for (name, address) in [
        ("Y Thu Niê", "Buôn Ma Thuột, Đắk Lắk"),
        ("Vi Thị Ún", "Thôn 2, Ia Hrung, Ia Grai, Gia Lai"),
        ("H' Hen Niê Kđăm", "Cư M'gar, Đắk Lắk"),
        ("NGUYỄN THỊ QUỲNH", "Số 1/2A (tầng 3), Ô Chợ Dừa, TP. Hà Nội"),
        ("Le Thi My", "Thôn Đông, Quảng Trị"),
    ] {
        let card = parse(&format!("001190012345||{name}|15021990|Nữ|{address}|20042021")).expect(name);
        assert_eq!(card.letters, Letters::Whole, "{name}, {address}");
        assert_eq!(card.name.as_deref(), Some(name));
    }
}

#[test]
fn birth_may_be_known_by_year_or_month() {
    let born =
        |text: &str| parse(&format!("001050012345||Lê Văn Ất|{text}|Nam|Hà Nội")).map(|card| card.born);
    assert_eq!(born("00001950"), Ok(BirthDate::Year(1950)));
    assert_eq!(born("1950"), Ok(BirthDate::Year(1950)));
    assert_eq!(born("00031950"), Ok(BirthDate::Month { year: 1950, month: 3 }));
    for wrong in ["", "31021950", "15131950", "150219500", "1502195O", "15/02/1950", "00000000"] {
        assert_eq!(born(wrong), Err(BadCard::Born), "{wrong}");
    }
}

#[test]
fn what_is_no_card_says_so() {
    for (text, fault) in [
        (String::new(), BadCard::Fields { found: 1 }),
        ("https://example.vn/?q=1".to_owned(), BadCard::Fields { found: 1 }),
        (format!("{WHOLE}|x"), BadCard::Fields { found: 8 }),
        (format!("{WHOLE}|x|y"), BadCard::Fields { found: 9 }),
        ("x".repeat(2_001), BadCard::TooLong),
        (
            WHOLE.replace("001090012345", "00109001234"),
            BadCard::PersonalId(BadPersonalId::Length { found: 11 }),
        ),
        (WHOLE.replace("012345678", "01234567"), BadCard::OldId),
        (WHOLE.replace("20042021", "20042"), BadCard::IssuedOn),
        (WHOLE.replace("20042021", "00002021"), BadCard::IssuedOn),
        (WHOLE.replace("20042021", "20041989"), BadCard::IssuedBeforeBirth),
        (WHOLE.replace("15021990", "15021991"), BadCard::YearDisagrees),
        (WHOLE.replace("Nam", "Nữ"), BadCard::SexDisagrees),
        (WHOLE.replace("Nguyễn Văn An", ""), BadCard::NoName),
    ] {
        assert_eq!(parse(&text), Err(fault), "{text}");
    }
}

#[test]
fn debug_tells_nothing_of_the_person() {
    let shown = format!("{:?}", parse(WHOLE).expect("a card"));
    for secret in ["001090012345", "Nguyễn", "1990", "Láng"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
