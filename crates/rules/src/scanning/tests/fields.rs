//! Typed fields and typed days.

use super::{Date, FieldFault, FieldKey, FieldProblem, TypedFields, date, day, fields, owner_number};

const TODAY: Date = date(2026, 11, 21);

fn typed() -> TypedFields {
    let text = |text: &str| text.to_owned();
    TypedFields {
        paper_type: text(" TLKT "),
        owner_number: text("001090012345"),
        owner_name: text("Nguye\u{302}\u{303}n Văn An"),
        number: text("45/tlkt-bs"),
        issued_on: text("27/3/2021"),
        issuer: text(" UBND phường An Cựu"),
        summary: text("Trích lục khai tử "),
        valid_to: String::new(),
        scope: text("Toàn quốc"),
    }
}

fn faults(typed: &TypedFields) -> Vec<FieldFault> {
    typed.check(&[owner_number()], TODAY).expect_err("it has a fault")
}

#[test]
fn good_fields_are_parsed_and_tidied() {
    assert_eq!(typed().check(&[owner_number()], TODAY), Ok(fields()));
    let least =
        TypedFields { number: String::new(), issued_on: String::new(), issuer: " ".to_owned(), ..typed() };
    let checked = least.check(&[owner_number()], TODAY).expect("these may be left empty");
    assert_eq!((checked.number, checked.issued_on, checked.issuer), (None, None, None));
}

#[test]
fn each_fault_is_said_at_its_field() {
    use FieldProblem::{BadDate, BadNumber, Empty, EndsBeforeIssue, InTheFuture, OtherOwner, TooLong};
    for (key, text, problem) in [
        (FieldKey::PaperType, " ", Empty),
        (FieldKey::OwnerName, "", Empty),
        (FieldKey::Abstract, "\n", Empty),
        (FieldKey::Scope, "", Empty),
        (FieldKey::OwnerNumber, "001090012346", OtherOwner),
        (FieldKey::OwnerNumber, "0100109106", OtherOwner),
        (FieldKey::Number, "///", BadNumber),
        (FieldKey::IssuedOn, "27 tháng 3", BadDate),
        (FieldKey::IssuedOn, "22/11/2026", InTheFuture),
        (FieldKey::ValidTo, "mãi mãi", BadDate),
        (FieldKey::ValidTo, "26/3/2021", EndsBeforeIssue),
        (FieldKey::Issuer, &"A".repeat(301), TooLong(300)),
        (FieldKey::Abstract, &"A".repeat(1_001), TooLong(1_000)),
    ] {
        let mut typed = typed();
        typed.set(key, text.to_owned());
        assert_eq!(typed.get(key), text);
        assert_eq!(faults(&typed), [FieldFault { key, fault: problem }], "{key:?}: {text:.20}");
    }
    let unreadable = TypedFields { owner_number: "12".to_owned(), ..typed() };
    assert!(matches!(
        faults(&unreadable).as_slice(),
        [FieldFault { key: FieldKey::OwnerNumber, fault: FieldProblem::BadOwnerNumber(_) }]
    ));
}

#[test]
fn the_borders_of_days_are_inside() {
    for (issued_on, valid_to) in [("21/11/2026", "21/11/2026"), ("27/3/2021", "27/3/2021"), ("", "1/1/2020")]
    {
        let typed = TypedFields { issued_on: issued_on.to_owned(), valid_to: valid_to.to_owned(), ..typed() };
        assert!(typed.check(&[owner_number()], TODAY).is_ok(), "{issued_on} to {valid_to}");
    }
}

#[test]
fn all_faults_come_back_together() {
    let text = |text: &str| text.to_owned();
    let wrong = TypedFields {
        paper_type: String::new(),
        owner_number: text("x"),
        owner_name: "A".repeat(301),
        number: text("không số"),
        issued_on: text("31/2/2021"),
        issuer: String::new(),
        summary: String::new(),
        valid_to: text("?"),
        scope: String::new(),
    };
    let mut keys: Vec<FieldKey> = faults(&wrong).into_iter().map(|fault| fault.key).collect();
    keys.sort_unstable();
    let all_but_issuer: Vec<FieldKey> =
        FieldKey::ALL.into_iter().filter(|key| *key != FieldKey::Issuer).collect();
    assert_eq!(keys, all_but_issuer);
}

#[test]
fn any_number_of_the_owner_will_do_and_nobody_elses() {
    let organisation = "0100109106".parse().expect("a tax code");
    let old = TypedFields { owner_number: "0100109106".to_owned(), ..typed() };
    assert!(
        old.check(&[owner_number(), organisation], TODAY).is_ok(),
        "a party has several numbers over time"
    );
    assert_eq!(
        typed().check(&[], TODAY).map(|_| ()),
        Err(vec![FieldFault { key: FieldKey::OwnerNumber, fault: FieldProblem::OtherOwner }])
    );
}

#[test]
fn each_field_has_its_own_place_and_name() {
    let mut typed = TypedFields::default();
    for key in FieldKey::ALL {
        typed.set(key, key.name().to_owned());
    }
    for key in FieldKey::ALL {
        assert_eq!(typed.get(key), key.name());
    }
}

#[test]
fn days_are_read_as_people_type_them() {
    let spring = Some(date(2021, 3, 27));
    for (text, expected) in [
        ("", Ok(None)),
        ("  ", Ok(None)),
        ("27/3/2021", Ok(spring)),
        ("27/03/2021", Ok(spring)),
        ("27.3.2021", Ok(spring)),
        ("27-03-2021", Ok(spring)),
        (" 27 / 3 / 2021 ", Ok(spring)),
        ("27032021", Ok(spring)),
        ("2021-03-27", Ok(spring)),
        // Two figures: this century up to 40, else the last.
        ("27/3/21", Ok(spring)),
        ("1/1/40", Ok(Some(date(2040, 1, 1)))),
        ("1/1/41", Ok(Some(date(1941, 1, 1)))),
        ("31/12/99", Ok(Some(date(1999, 12, 31)))),
        ("1/1/00", Ok(Some(date(2000, 1, 1)))),
        ("29/2/2024", Ok(Some(date(2024, 2, 29)))),
        // Not days.
        ("29/2/2023", Err(())),
        ("31/4/2021", Err(())),
        ("0/3/2021", Err(())),
        ("27/13/2021", Err(())),
        ("27/3", Err(())),
        ("3/2021", Err(())),
        ("2021", Err(())),
        ("27/3/2021/4", Err(())),
        ("27/3/021", Err(())),
        ("27/3/1", Err(())),
        ("27/3/20211", Err(())),
        ("027/3/2021", Err(())),
        ("+7/+3/2021", Err(())),
        ("-7/3/2021", Err(())),
        ("+1032021", Err(())),
        ("27//2021", Err(())),
        ("270321", Err(())),
        ("27032021x", Err(())),
        ("ngày 27", Err(())),
        ("٢٧/٣/٢٠٢١", Err(())),
        ("2021-03-27T10:00", Err(())),
        // Years nobody means.
        ("27/3/1899", Err(())),
        ("27/3/2201", Err(())),
        ("0021-03-27", Err(())),
        ("9999-12-31", Err(())),
        ("-000001-01-01", Err(())),
    ] {
        assert_eq!(day(text), expected, "{text}");
    }
}
