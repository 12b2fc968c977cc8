//! Every field of every form reaches its act.

use super::super::{ActForm, Field, There, of};
use super::{Read, Wanted};
use crate::form::{Choice, Posted};
use office::dossier::offer::{Asked, Offer};
use rules::calendar::Limit;
use rules::dossier::{Referral, ReturnWay, Wish};
use rules::id::{AgencyId, ConsultationId, DossierId, OfficerId};
use std::fmt::Write as _;
use uuid::Uuid;

fn referral() -> Referral {
    Referral {
        by: OfficerId(Uuid::from_u128(1)),
        at: "2026-11-18T02:00:00Z".parse().expect("an instant"),
        wish: Wish::PutOff { by: Limit::WorkingDays(3) },
        reason: "chờ đo đạc lại".to_owned(),
    }
}

fn offers() -> Vec<Offer> {
    let officers = || vec![(OfficerId(Uuid::from_u128(1)), "Lê Bình".to_owned())];
    let asked = || Asked {
        consultation: ConsultationId(Uuid::from_u128(2)),
        agency: AgencyId(Uuid::from_u128(3)),
        question: "Có vướng không?".to_owned(),
    };
    vec![
        Offer::Transfer,
        Offer::AskPapers { by_leader: false },
        Offer::AskPapers { by_leader: true },
        Offer::PapersBrought,
        Offer::Assign(officers()),
        Offer::Reassign(officers()),
        Offer::AskSupplement { by_leader: false },
        Offer::AskSupplement { by_leader: true },
        Offer::ReferSupplement,
        Offer::ReferExtension,
        Offer::AnswerReferral(referral(), true),
        Offer::AnswerReferral(referral(), false),
        Offer::TakeBackReferral(referral()),
        Offer::AskPayment,
        Offer::PaymentReceived,
        Offer::ReturnWay,
        Offer::Withdraw("đổi ý".to_owned()),
        Offer::CollectFee(15_000),
        Offer::Halt,
        Offer::Resume,
        Offer::Stop,
        Offer::Extend,
        Offer::ConsultAll(2),
        Offer::Consult,
        Offer::Answer(asked()),
        Offer::Lapse(asked()),
        Offer::Correct,
        Offer::Annul,
        Offer::DecidePart(DossierId(Uuid::from_u128(4)), "khai-sinh".to_owned()),
    ]
}

fn forms() -> Vec<ActForm> {
    let agency = |nth: u128, name: &str| (AgencyId(Uuid::from_u128(nth)), name.to_owned());
    let there = There {
        papers: vec![Choice::new("to-khai", "Tờ khai")],
        agencies: vec![agency(3, "Công an xã"), agency(5, "Ủy ban nhân dân xã")],
        is_at_desk: false,
        return_way: ReturnWay::Counter,
        holding: AgencyId(Uuid::from_u128(5)),
    };
    offers().into_iter().enumerate().flat_map(|(nth, offer)| of(offer, nth, &there)).collect()
}

fn filled(field: &Field) -> String {
    match field.kind {
        "number" => "1.250".to_owned(),
        // By post, so that the address beside it counts.
        "select" if field.choices.iter().any(|way| way.value == "buu-chinh") => "buu-chinh".to_owned(),
        "select" | "boxes" => field.choices[0].value.clone(),
        "tick" => "1".to_owned(),
        _ => format!("{} là thế", field.name),
    }
}

/// What a form asks for with these of its fields filled.
fn asked<'f>(form: &ActForm, fields: impl Iterator<Item = &'f Field>) -> String {
    let mut body = format!("ve-viec={}", form.about);
    for field in fields {
        write!(body, "&{}={}", field.name, filled(field)).expect("a string takes everything");
    }
    let posted = Posted::parse(body.as_bytes());
    let mut read = Read { posted: &posted, prefix: &form.prefix, faults: Vec::new() };
    let wanted = match read.wanted(form.act) {
        Ok(Some(Wanted::Act(act))) => format!("{act:?}"),
        Ok(Some(Wanted::Reassign(to, reason))) => format!("{to:?} {reason}"),
        Ok(None) => "nothing".to_owned(),
        Err(failure) => panic!("nobody reads {}: {failure:?}", form.act),
    };
    format!("{wanted} {:?}", read.faults)
}

#[test]
fn every_field_of_every_form_reaches_its_act() {
    // Papers are asked for, and fees collected, on pages of their own.
    for form in forms().into_iter().filter(|form| form.page.is_empty()) {
        let whole = asked(&form, form.fields.iter());
        assert!(whole.ends_with(" []") && !whole.starts_with("nothing"), "{}: {whole}", form.act);
        for left_out in &form.fields {
            let others = form.fields.iter().filter(|field| field.name != left_out.name);
            assert_ne!(asked(&form, others), whole, "nobody reads {}", left_out.name);
        }
    }
}

#[test]
fn forms_have_names_of_their_own() {
    let mut names: Vec<String> =
        forms().into_iter().flat_map(|form| form.fields).map(|field| field.name).collect();
    let n = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), n);
}
