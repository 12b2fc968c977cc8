//! Which stored paper stands for which component, on the day of the dossier that wants it.

use super::{DeclineRefused, NotReusable, decline, offers, satisfies, ticked};
use crate::id::{EntryId, PartyId};
use crate::procedure::{AdmissibleForm, Component, DigitisationClass, Required};
use crate::repository::{Entry, Origin, Standing};
use crate::sample::{DOSSIER, ENTRY, HOLDER, RECORD, RESULT, SCOPE, at, blob, component, fields};
use crate::scanning::Fields;
use jiff::civil::{Date, date};
use uuid::Uuid;

const DAY: Date = date(2026, 11, 18);
const STRANGER: PartyId = PartyId(Uuid::from_u128(0xc9));

fn asked() -> Component {
    component("khai-tu", AdmissibleForm::Original, DigitisationClass::EarlierResult)
}

fn entry() -> Entry {
    Entry {
        id: ENTRY,
        owner: HOLDER,
        origin: Origin::Record { record: RECORD },
        dossier: DOSSIER,
        scope: SCOPE,
        code: "001090012345.TLKT.45/TLKT-BS".to_owned(),
        paper_type: "TLKT".to_owned(),
        title: "Trích lục khai tử".to_owned(),
        pdf: blob('a'),
        fields: fields(),
        filed_at: at("2026-01-05T09:00"),
        superseded_by: None,
        annulled_on: None,
    }
}

fn valid(issued_on: Option<Date>, valid_to: Option<Date>) -> Entry {
    Entry { fields: Fields { issued_on, valid_to, ..fields() }, ..entry() }
}

fn later() -> EntryId {
    EntryId(Uuid::from_u128(0xe2))
}

#[test]
fn a_paper_stands_from_its_issue_to_its_last_day_both_included() {
    let (issued, last) = (date(2026, 5, 18), date(2026, 11, 18));
    let entry = valid(Some(issued), Some(last));
    for (day, standing) in [
        (date(2026, 5, 17), Standing::NotYetIssued(issued)),
        (issued, Standing::Valid),
        (last, Standing::Valid),
        (date(2026, 11, 19), Standing::Expired(last)),
    ] {
        assert_eq!(entry.standing(day), standing, "{day}");
    }
    assert_eq!(valid(None, None).standing(date(1900, 1, 1)), Standing::Valid, "without days it has no end");
    let superseded = Entry { superseded_by: Some(later()), ..entry };
    assert_eq!(superseded.standing(issued), Standing::Superseded(later()));
    assert_eq!(superseded.standing(date(2026, 11, 19)), Standing::Superseded(later()));
}

#[test]
fn a_stored_paper_satisfies_the_component_or_says_why_not() {
    let expired = valid(Some(date(2026, 5, 17)), Some(date(2026, 11, 17)));
    let superseded = Entry { superseded_by: Some(later()), ..entry() };
    let not_standing = |standing| Err(NotReusable::NotStanding(standing));
    let of = |paper_type: &str| Entry { paper_type: paper_type.to_owned(), ..entry() };
    let by_form = |form| Component { form, ..asked() };
    let by_class = |digitise| Component { digitise, ..asked() };
    for (what, entry, component, expected) in [
        ("the paper itself", entry(), asked(), Ok(())),
        ("what may stand for it", of("TLKT-BS"), asked(), Ok(())),
        ("another paper", of("GKS"), asked(), Err(NotReusable::OtherPaper)),
        ("another owner's", Entry { owner: STRANGER, ..entry() }, asked(), Err(NotReusable::OtherOwner)),
        ("a result", Entry { origin: Origin::Result { result: RESULT }, ..entry() }, asked(), Ok(())),
        ("expired the day before", expired, asked(), not_standing(Standing::Expired(date(2026, 11, 17)))),
        ("superseded", superseded, asked(), not_standing(Standing::Superseded(later()))),
        ("only shown", entry(), by_form(AdmissibleForm::Shown), Err(NotReusable::NothingToReuse)),
        ("a photocopy", entry(), by_form(AdmissibleForm::Photocopy), Err(NotReusable::NothingToReuse)),
        ("made anew", entry(), Component { anew: true, ..asked() }, Err(NotReusable::MadeAnew)),
        ("secret", entry(), by_class(DigitisationClass::Secret), Err(NotReusable::NothingToReuse)),
    ] {
        assert_eq!(satisfies(&entry, &component, HOLDER, DAY), expected, "{what}");
    }
    // Whose it is comes first: nothing else about a stranger's paper is told.
    let strangers = Entry { owner: STRANGER, superseded_by: Some(later()), ..of("GKS") };
    assert_eq!(satisfies(&strangers, &asked(), HOLDER, DAY), Err(NotReusable::OtherOwner));
}

#[test]
fn the_day_of_the_new_dossier_decides() {
    let entry = valid(Some(date(2026, 5, 18)), Some(date(2026, 11, 18)));
    for (day, offered) in [(date(2026, 5, 17), 0), (DAY, 1), (date(2026, 11, 19), 0)] {
        assert_eq!(offers(std::slice::from_ref(&entry), &asked(), HOLDER, day).len(), offered, "{day}");
    }
}

#[test]
fn offers_come_newest_first() {
    let numbered = |n: u128, issued_on, filed_at: &str| Entry {
        id: EntryId(Uuid::from_u128(n)),
        filed_at: at(filed_at),
        ..valid(issued_on, None)
    };
    let entries = [
        numbered(1, Some(date(2020, 1, 1)), "2026-05-01T09:00"),
        numbered(2, None, "2026-06-01T09:00"),
        numbered(3, Some(date(2024, 1, 1)), "2025-01-01T09:00"),
        numbered(4, Some(date(2024, 1, 1)), "2025-02-01T09:00"),
        Entry { owner: STRANGER, ..numbered(5, Some(date(2025, 1, 1)), "2025-02-01T09:00") },
    ];
    let order: Vec<u128> =
        offers(&entries, &asked(), HOLDER, DAY).iter().map(|entry| entry.id.0.as_u128()).collect();
    assert_eq!(order, [4, 3, 1, 2], "by issue, then by filing; an unknown day comes last");
}

#[test]
fn asking_for_what_the_state_holds_needs_a_reason() {
    let entry = entry();
    let offered = [&entry];
    for (id, reason, expected) in [
        (ENTRY, "bản cũ ghi sai năm sinh", Ok(())),
        (ENTRY, "", Err(DeclineRefused::ReasonMissing)),
        (ENTRY, " \n\t", Err(DeclineRefused::ReasonMissing)),
        (later(), "bản cũ ghi sai năm sinh", Err(DeclineRefused::NotOffered)),
    ] {
        assert_eq!(decline(&offered, id, reason), expected, "{reason:?}");
    }
    assert_eq!(decline(&[], ENTRY, "vì"), Err(DeclineRefused::NotOffered));
}

#[test]
fn origins_of_the_first_version_still_open() {
    let id = "00000000-0000-0000-0000-0000000000";
    for (text, origin) in [
        (format!(r#"{{"origin":"record","record":"{id}f1"}}"#), Origin::Record { record: RECORD }),
        (format!(r#"{{"origin":"result","result":"{id}d1"}}"#), Origin::Result { result: RESULT }),
    ] {
        assert_eq!(serde_json::from_str::<Origin>(&text).expect(&text), origin);
        assert_eq!(serde_json::to_string(&origin).expect("an origin is written"), text);
    }
}

#[test]
fn the_one_paper_that_fits_is_ticked_for_what_is_required_and_for_nothing_else() {
    let if_any = Component { required: Required::IfAny, ..asked() };
    let shown = Component { form: AdmissibleForm::Shown, ..asked() };
    let asked = asked();
    let expired = Entry { id: later(), ..valid(None, Some(date(2026, 11, 1))) };
    let another = Entry { id: later(), ..entry() };
    let ticked_of = |papers: &[Entry], component, holder| {
        let ticked = ticked(papers, [component].into_iter(), holder, DAY);
        ticked.into_iter().map(|(wanted, entry)| (wanted.id.clone(), entry.id)).collect::<Vec<_>>()
    };
    let one = [entry(), expired];
    assert_eq!(ticked_of(&one, &asked, HOLDER), [(asked.id.clone(), ENTRY)]);
    assert_eq!(ticked_of(&[entry(), another], &asked, HOLDER), [], "two fit");
    for (what, component, holder) in
        [("if any", &if_any, HOLDER), ("only shown", &shown, HOLDER), ("a stranger", &asked, STRANGER)]
    {
        assert_eq!(ticked_of(&one, component, holder), [], "{what}");
    }
}
