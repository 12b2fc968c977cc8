//! An applicant is checked all at once, and every fault stands at its field.

use super::{ADDRESS, BORN_ON, NAME, NUMBER, PHONE, TypedApplicant};
use crate::card::{BirthDate, Card, Letters};
use crate::code::{OwnerNumber, Sex};
use jiff::civil::date;

const TODAY: jiff::civil::Date = date(2026, 11, 21);

/// Born 1990, a man, by the number.
fn typed() -> TypedApplicant {
    TypedApplicant {
        number: " 001090012345 ".to_owned(),
        name: "  Nguye\u{302}\u{303}n   Văn An ".to_owned(),
        born_on: "4/3/1990".to_owned(),
        sex: "nam".to_owned(),
        address: " 12 Lê Lợi ".to_owned(),
        phone: " 0905 123 456 ".to_owned(),
    }
}

fn faulty_fields(typed: &TypedApplicant) -> Vec<&'static str> {
    let faults = typed.check(TODAY).expect_err("it has a fault");
    for (_, sentence) in &faults {
        assert!(sentence.starts_with(char::is_uppercase), "a sentence: {sentence}");
    }
    faults.into_iter().map(|(field, _)| field).collect()
}

#[test]
fn a_good_applicant_is_tidied() {
    let applicant = typed().check(TODAY).expect("nothing is wrong");
    assert_eq!(applicant.number.as_str(), "001090012345");
    assert_eq!(applicant.name, "Nguyễn Văn An");
    assert_eq!(applicant.born_on, Some(date(1990, 3, 4)));
    assert_eq!(applicant.sex, Some(Sex::Male));
    assert_eq!((applicant.address.as_str(), applicant.phone.as_str()), ("12 Lê Lợi", "0905 123 456"));
}

#[test]
fn what_need_not_be_known_may_be_left_empty() {
    let least = TypedApplicant {
        born_on: String::new(),
        sex: String::new(),
        address: String::new(),
        phone: String::new(),
        ..typed()
    };
    let applicant = least.check(TODAY).expect("number and name are enough");
    assert_eq!((applicant.born_on, applicant.sex), (None, None));
}

#[test]
fn each_fault_is_said_at_its_field() {
    let text = |text: &str| text.to_owned();
    for (typed, fields) in [
        (TypedApplicant { number: text("12"), ..typed() }, vec![NUMBER]),
        (TypedApplicant { number: String::new(), ..typed() }, vec![NUMBER]),
        (TypedApplicant { number: text("001090o12345x"), ..typed() }, vec![NUMBER]),
        (TypedApplicant { name: text(" \u{200b} "), ..typed() }, vec![NAME]),
        (TypedApplicant { name: "A".repeat(201), ..typed() }, vec![NAME]),
        (TypedApplicant { address: "A".repeat(501), ..typed() }, vec![ADDRESS]),
        (TypedApplicant { phone: "1".repeat(51), ..typed() }, vec![PHONE]),
        (TypedApplicant { born_on: text("30/2/1990"), ..typed() }, vec![BORN_ON]),
        (TypedApplicant { born_on: text("4/3/2027"), ..typed() }, vec![BORN_ON, NUMBER]),
        // The number says 1990 and a man.
        (TypedApplicant { born_on: text("4/3/1991"), ..typed() }, vec![NUMBER]),
        (TypedApplicant { sex: text("nu"), ..typed() }, vec![NUMBER]),
        (TypedApplicant { born_on: text("4/3/1991"), sex: text("nu"), ..typed() }, vec![NUMBER, NUMBER]),
        (
            TypedApplicant {
                number: text("1"),
                name: String::new(),
                born_on: text("hôm qua"),
                sex: String::new(),
                address: "A".repeat(501),
                phone: "1".repeat(51),
            },
            vec![NUMBER, NAME, ADDRESS, PHONE, BORN_ON],
        ),
    ] {
        assert_eq!(faulty_fields(&typed), fields, "{typed:?}");
    }
}

#[test]
fn organisations_and_strangers_have_no_birth_in_their_number() {
    for number in ["0100109106", "B1234567", "191234567"] {
        let typed = TypedApplicant { number: number.to_owned(), sex: "nu".to_owned(), ..typed() };
        let applicant = typed.check(TODAY).expect(number);
        assert!(!matches!(applicant.number, OwnerNumber::Person(_)), "{number}");
    }
}

fn card() -> Card {
    Card {
        personal_id: "001090012345".parse().expect("a number"),
        old_id: None,
        name: Some("Nguyễn Văn An".to_owned()),
        born: BirthDate::Day(date(1990, 3, 4)),
        sex: Sex::Male,
        address: Some("12 Lê Lợi".to_owned()),
        issued_on: None,
        rest: Vec::new(),
        letters: Letters::Whole,
    }
}

#[test]
fn a_card_fills_the_form_so_that_it_passes() {
    let applicant = TypedApplicant::from(card()).check(TODAY).expect("a card is right by itself");
    assert_eq!((applicant.name.as_str(), applicant.born_on), ("Nguyễn Văn An", Some(date(1990, 3, 4))));
}

#[test]
fn what_the_card_does_not_say_is_left_to_the_officer() {
    let broken = Card { name: None, address: None, letters: Letters::Broken, ..card() };
    let typed = TypedApplicant::from(broken);
    assert_eq!((typed.name.as_str(), typed.address.as_str()), ("", ""));
    assert_eq!(faulty_fields(&typed), [NAME]);
    let old = TypedApplicant::from(Card { born: BirthDate::Year(1990), ..card() });
    assert_eq!(old.born_on, "", "a year is no day");
    assert!(old.check(TODAY).is_ok());
}
