//! What must be true of everything when the walk is over.

use super::ledger::{Ledger, find, kind};
use super::procedures::RESULT_PAPER;
use super::town::Town;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::legal_time;
use rules::dossier::{Dossier, State};
use rules::event::{Body, Event, Subject};
use rules::id::{AgencyId, PartyId, ResultId};
use rules::procedure::{AdmissibleForm, Component, Custody, DigitisationClass, Required};
use rules::repository::{Entry, Origin};
use rules::signing::ResultState;
use std::collections::{BTreeMap, BTreeSet};
use store::Reader;

pub(super) async fn check(town: &Town, ledger: &Ledger, reader: &mut Reader) {
    let mut codes: BTreeMap<(String, Date), Vec<(u32, Timestamp)>> = BTreeMap::new();
    let mut books: BTreeMap<(AgencyId, String), Vec<u32>> = BTreeMap::new();
    let mut holders: BTreeSet<PartyId> = BTreeSet::new();
    let mut unusable: BTreeSet<rules::id::EntryId> = BTreeSet::new();
    for (id, known) in &ledger.known {
        let dossier = find(reader, *id).await;
        assert_eq!(dossier, known.dossier, "{id}: as it was left");
        let broken = store::event::check_chain(reader, Subject::Dossier(*id)).await.expect("read");
        assert_eq!(broken, None, "{id}: the chain holds");
        let events = store::event::of_dossier(reader, *id).await.expect("read");
        assert_eq!(events.len() as i64, known.n_events, "{id}: every event is known");
        check_supplements(town, &dossier, &events);
        check_extensions(town, &dossier, &events);
        let entries = store::repository::of_dossier(reader, *id).await.expect("read");
        unusable.extend(check_results(&dossier, &events, &entries));
        for (symbol, number) in numbers_of(reader, &dossier, &events).await {
            books.entry((dossier.scope.competent, symbol)).or_default().push(number);
        }
        holders.insert(dossier.people.holder);
        if let (Some(code), Some(at)) = (&dossier.code, dossier.received_at) {
            let day = (code.agency().to_string(), code.on());
            assert_eq!(code.on(), legal_time(at).date(), "{id}: {code}");
            codes.entry(day).or_default().push((code.ordinal(), at));
        }
    }
    check_codes(codes);
    check_books(books);
    for holder in holders {
        check_offers(town, reader, holder, &unusable).await;
    }
    let n_known: i64 = ledger.known.values().map(|known| known.n_events).sum();
    assert_eq!(store::event::count(reader).await.expect("counted"), n_known, "events nobody caused");
}

/// Asked once before acceptance and once after, in time; again or late with a leader's reason.
fn check_supplements(town: &Town, dossier: &Dossier, events: &[Event]) {
    let terms = town.terms_of(dossier);
    let within = town.procedure_of(dossier).supplement_within.unwrap_or(terms.limits.supplement_within);
    let (mut n_before, mut n_after) = (0, 0);
    for event in events {
        let (n_asked, exception, is_late) = match &event.body {
            Body::PapersAsked { exception, .. } => (&mut n_before, exception, false),
            Body::SupplementAsked { exception, .. } => {
                let received_at = dossier.received_at.expect("asked after reception");
                let last = terms.end_of(received_at, within).expect("a date");
                (&mut n_after, exception, last.on < legal_time(event.happened_at).date())
            }
            _ => continue,
        };
        let is_said = exception.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        let needs_reason = *n_asked >= terms.limits.most_supplements || is_late;
        assert!(is_said || !needs_reason, "{}: asked again or late without a reason: {event:?}", dossier.id);
        *n_asked += 1;
    }
    let counted = (dossier.life.n_papers_asked, dossier.life.n_supplements);
    assert_eq!(counted, (n_before, n_after), "{}", dossier.id);
}

/// Put off once, a day before the date, to a later one.
fn check_extensions(town: &Town, dossier: &Dossier, events: &[Event]) {
    let limits = town.terms_of(dossier).limits;
    let mut n_extensions = 0;
    for event in events {
        let Body::Extended { was, due_at, .. } = &event.body else { continue };
        n_extensions += 1;
        let last =
            legal_time(*was).date().saturating_sub(jiff::Span::new().days(i64::from(limits.apology_days)));
        assert!(legal_time(event.happened_at).date() <= last, "{}: an apology too late", dossier.id);
        assert!(due_at > was, "{}: put off from {was} to {due_at}", dossier.id);
    }
    assert!(n_extensions <= limits.most_extensions, "{}: put off {n_extensions} times", dossier.id);
}

/// Every sealed result lies in the repository; a corrected one is followed by the one that took its place,
/// an annulled one says so. Gives the entries nobody may use.
fn check_results(dossier: &Dossier, events: &[Event], entries: &[Entry]) -> Vec<rules::id::EntryId> {
    let id = dossier.id;
    let sealed: Vec<ResultId> = events
        .iter()
        .filter_map(|event| match event.body {
            Body::ResultSealed { result, .. } => Some(result),
            _ => None,
        })
        .collect();
    assert_eq!(entries.len(), sealed.len(), "{id}: an entry a result");
    let annulled = events.iter().find_map(|event| match event.body {
        Body::ResultAnnulled { result, .. } => Some(result),
        _ => None,
    });
    let entry_of = |result: ResultId| {
        let found = entries.iter().find(|entry| entry.origin == Origin::Result { result });
        found.unwrap_or_else(|| panic!("{id}: no entry for {result}"))
    };
    let filed = events.iter().filter(|event| kind(event) == "result_filed").count();
    assert_eq!(filed, sealed.len(), "{id}: every result was filed");
    for (nth, result) in sealed.iter().enumerate() {
        let entry = entry_of(*result);
        let later = sealed.get(nth + 1).map(|later| entry_of(*later).id);
        assert_eq!(entry.superseded_by, later, "{id}: what takes its place");
        assert_eq!(entry.annulled_on.is_some(), annulled == Some(*result), "{id}: taken back by a decision");
        assert_eq!(entry.owner, dossier.people.holder, "{id}: whose it is");
    }
    if matches!(dossier.state, State::Done { .. } | State::HandedOver { .. }) {
        assert_eq!(dossier.state.result().as_ref(), sealed.last(), "{id}: the last sealed is the result");
    }
    let is_unusable = |entry: &&Entry| entry.superseded_by.is_some() || entry.annulled_on.is_some();
    entries.iter().filter(is_unusable).map(|entry| entry.id).collect()
}

/// The numbers that papers of this dossier have in the books. One that was given and not issued is the
/// number of the paper in hand, or it was cancelled, and the dossier says why.
async fn numbers_of(reader: &mut Reader, dossier: &Dossier, events: &[Event]) -> Vec<(String, u32)> {
    let mut numbers = Vec::new();
    for paper in store::signing::results_of_dossier(reader, dossier.id).await.expect("read") {
        let is_cancelled = events.iter().any(|event| {
            matches!(&event.body, Body::NumberCancelled { result, reason, .. }
                if *result == paper.id && !reason.trim().is_empty())
        });
        let number = match (&paper.state, paper.given_number()) {
            (ResultState::Sealed { number, .. }, _) => number.clone(),
            (_, Some(given)) => {
                let in_hand = dossier.state.result() == Some(paper.id);
                assert!(in_hand != is_cancelled, "{}: {given} is in hand or cancelled", dossier.id);
                given.to_string()
            }
            (_, None) => continue,
        };
        let (digits, symbol) = number.split_once('/').expect("a number and a symbol");
        numbers.push((symbol.to_owned(), digits.parse().expect("digits")));
    }
    numbers
}

/// A book has no gap: what is there a second time is there for a second year.
fn check_books(books: BTreeMap<(AgencyId, String), Vec<u32>>) {
    for (book, numbers) in books {
        let n_of = |number: u32| numbers.iter().filter(|given| **given == number).count();
        let last = numbers.iter().copied().max().unwrap_or_default();
        let times: Vec<usize> = (1..=last).map(n_of).collect();
        let is_whole =
            times.iter().all(|n| (1..=2).contains(n)) && times.is_sorted_by(|one, next| one >= next);
        assert!(is_whole, "{book:?}: a gap or a double in {times:?}");
    }
}

/// One after the other from 1, day by day, in the order of the receptions.
fn check_codes(codes: BTreeMap<(String, Date), Vec<(u32, Timestamp)>>) {
    for (day, mut given) in codes {
        given.sort_unstable();
        let ordinals: Vec<u32> = given.iter().map(|(ordinal, _)| *ordinal).collect();
        let n_given = u32::try_from(given.len()).expect("few");
        assert_eq!(ordinals, (1..=n_given).collect::<Vec<_>>(), "{day:?}: no gap and no double");
        assert!(given.is_sorted_by_key(|(_, at)| *at), "{day:?}: in the order of the receptions");
    }
}

/// What was replaced or taken back is offered to nobody.
async fn check_offers(
    town: &Town,
    reader: &mut Reader,
    holder: PartyId,
    unusable: &BTreeSet<rules::id::EntryId>,
) {
    let wanted = Component {
        id: "giay".to_owned(),
        name: "Giấy".to_owned(),
        paper_type: RESULT_PAPER.to_owned(),
        originals: 1,
        copies: 0,
        form: AdmissibleForm::Original,
        digitise: DigitisationClass::Management,
        replaced_by: vec!["TNTUCHOI".to_owned()],
        anew: false,
        required: Required::Always,
        custody: Custody::Kept,
        note: None,
    };
    let papers = store::repository::of_owner(reader, holder).await.expect("read");
    let today = legal_time(town.now()).date();
    for offered in rules::reuse::offers(&papers, &wanted, holder, today) {
        assert!(!unusable.contains(&offered.id), "{} is offered and must not be", offered.id);
    }
}
