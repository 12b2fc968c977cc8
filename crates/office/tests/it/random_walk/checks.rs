//! What must be true of every dossier after every act, whatever was tried on it.

use super::town::Town;
use rules::dossier::{Dossier, NextAct, Outcome, State};
use rules::id::DossierId;
use std::collections::BTreeMap;
use store::Reader;
use store::testing::columns;

/// Everything that can be said of one dossier by itself.
pub(super) async fn check(town: &Town, reader: &mut Reader, dossier: &Dossier) {
    check_outcome(dossier);
    check_due(town, dossier);
    check_next(town, reader, dossier).await;
    check_consultations(reader, dossier).await;
}

/// State, outcome, code, reception and clock fit each other.
fn check_outcome(dossier: &Dossier) {
    let Dossier { id, outcome, clock, received_at, state, code, .. } = dossier;
    let fits = match state {
        State::NotReceived { .. } => *outcome == Some(Outcome::Refused),
        State::Stopped { .. } => *outcome == Some(Outcome::Stopped),
        State::Withdrawn { .. } => *outcome == Some(Outcome::Withdrawn),
        State::Done { .. } => matches!(outcome, Some(Outcome::Granted | Outcome::Refused)),
        State::HandedOver { .. } => {
            matches!(outcome, Some(Outcome::Granted | Outcome::Refused | Outcome::Annulled))
        }
        State::Mirrored { .. } => true,
        _ => outcome.is_none(),
    };
    assert!(fits, "{id}: {} with {outcome:?}", state.kind());
    let is_before = matches!(
        state,
        State::Preparing | State::Submitted { .. } | State::AwaitingPapers { .. } | State::NotReceived { .. }
    );
    let is_part = dossier.part_of.is_some();
    if is_before && !is_part {
        assert!(code.is_none() && received_at.is_none() && clock.is_none(), "{id}: not accepted");
    }
    if state.is_open() && !is_before {
        assert!(received_at.is_some(), "{id}: {} was received", state.kind());
        assert_eq!(code.is_none(), is_part, "{id}: a part goes under the code of its whole");
    }
    if let Some(clock) = clock {
        let is_finished = matches!(
            state,
            State::Done { .. } | State::HandedOver { .. } | State::Stopped { .. } | State::Withdrawn { .. }
        );
        assert_eq!(clock.finished_at.is_some(), is_finished, "{id}: {}", state.kind());
    }
}

/// The due moment is what a recount of the ledger gives, and none while the clock stands. Where a dossier
/// ended while it stood, there was no date to keep.
fn check_due(town: &Town, dossier: &Dossier) {
    let id = dossier.id;
    let Some(clock) = &dossier.clock else {
        let awaits = matches!(dossier.state, State::AwaitingParts { .. } | State::Mirrored { .. });
        assert!(awaits || dossier.part_of.is_some() || dossier.due.is_none(), "{id}: due without a clock");
        return;
    };
    let counted = clock.due(town.terms_of(dossier).calendar).expect("a recount");
    if dossier.state.is_open() {
        assert_eq!(dossier.due, counted, "{id}: the date is not the one the ledger gives");
        assert_eq!(dossier.due.is_none(), clock.is_stopped(), "{id}: no date, and the clock runs");
    } else {
        let stood = clock.stops.iter().any(|stop| stop.until == clock.finished_at);
        assert!(dossier.due == counted || (stood && dossier.due.is_none()), "{id}: the date it ended with");
    }
}

/// The columns of the inbox say what the dossier says; and what they say can be done.
async fn check_next(town: &Town, reader: &mut Reader, dossier: &Dossier) {
    let id = dossier.id;
    let procedure = town.procedure_of(dossier);
    let standing = dossier.standing(procedure, town.terms_of(dossier));
    let standing = standing.unwrap_or_else(|why| panic!("{id}: nobody must act next: {why:?}"));
    let begun = dossier.state.is_open() && !matches!(dossier.state, State::Preparing);
    assert_eq!(standing.is_some(), begun, "{id}: open in {}", dossier.state.kind());
    let expected = standing.map(|standing| columns::Next {
        act: standing.next.kind().to_owned(),
        agency: standing.owner.agency,
        role: standing.owner.role,
        officer: standing.owner.officer,
        by: standing.by.at,
    });
    let kept = columns::next(reader, id).await.expect("read");
    assert_eq!(kept, expected, "{id}: the inbox, in {}", dossier.state.kind());
    let Some(standing) = standing else { return };
    let held = !town.with_post(standing.owner.agency, standing.owner.role).is_empty();
    assert!(held, "{id}: {standing:?} is nobody's");
    if standing.next == NextAct::ConfirmWithdrawal {
        let may_go = !matches!(dossier.state, State::Done { .. } | State::AwaitingParts { .. });
        assert!(may_go && dossier.part_of.is_none(), "{id}: a withdrawal that nobody can confirm");
    }
}

/// The rows of the agencies that were asked are those in the dossier's life.
async fn check_consultations(reader: &mut Reader, dossier: &Dossier) {
    let closed_at = dossier.clock.as_ref().and_then(|clock| clock.finished_at);
    let closed_at = closed_at.filter(|_| !dossier.state.is_open());
    let mut expected: Vec<columns::Asked> = dossier
        .life
        .consultations
        .iter()
        .map(|asked| columns::Asked {
            id: asked.id,
            agency: asked.agency,
            asked_at: asked.asked_at,
            due_at: asked.due.at,
            ended_at: asked.ended_at().or(closed_at),
        })
        .collect();
    expected.sort_by_key(|asked| asked.id);
    let kept = columns::asked(reader, dossier.id).await.expect("read");
    assert_eq!(kept, expected, "{}: the agencies that were asked", dossier.id);
    let since = dossier.life.at_step_since;
    let open = dossier.life.consultations.iter().filter(|asked| asked.is_open() && asked.rule.is_some());
    let mut rules: Vec<_> =
        open.filter(|asked| Some(asked.asked_at) >= since).map(|asked| &asked.rule).collect();
    let n_open = rules.len();
    rules.dedup();
    assert_eq!(rules.len(), n_open, "{}: an agency was asked the same twice", dossier.id);
}

/// A whole and its parts say the same of each other.
pub(super) fn check_family(town: &Town, whole: &Dossier, dossiers: &BTreeMap<DossierId, &Dossier>) {
    let procedure = town.procedure_of(whole);
    let due = whole.due_for_parts(procedure, town.terms_of(whole)).expect("the date of a whole");
    for known in &whole.life.parts {
        let part = dossiers[&known.dossier];
        let (id, state) = (part.id, part.state.kind());
        assert_eq!(part.part_of, Some(whole.id), "{id}: a part of its whole");
        let has_ended = part.outcome.is_some() || part.life.correcting.is_some();
        if part.state.is_open() {
            assert_eq!(part.life.whole_due, due, "{id}: the date it is held to, in {state}");
        }
        let linked = procedure.linked.iter().find(|linked| linked.id == known.part).expect("linked");
        let granted = |id: &String| {
            let needed = whole.life.parts.iter().find(|needed| needed.part == *id);
            needed.and_then(|needed| needed.end).is_some_and(|end| end.outcome == Outcome::Granted)
        };
        let may_begin = linked.after.iter().all(granted) || known.begins_anyway.is_some();
        assert!(part.clock.is_none() || may_begin, "{id}: began without what it needs");
        if whole.state.is_open() {
            assert_eq!(known.has_ended, has_ended, "{id}: its whole was told, in {state}");
        }
        match (&whole.state, &part.state) {
            (whole, State::AwaitingParts { .. }) => {
                assert!(whole.is_open(), "{id}: waits for parts of what is over");
            }
            (State::Stopped { .. } | State::Withdrawn { .. }, part) => {
                let is_over = !part.is_open() || matches!(part, State::Done { .. });
                assert!(is_over || has_ended, "{id}: goes on in {state} without its whole");
            }
            _ => {}
        }
    }
}

/// What no act changes once a dossier has it.
pub(super) fn check_kept(before: &Dossier, after: &Dossier) {
    let id = before.id;
    let fixed = |dossier: &Dossier| {
        (
            dossier.procedure.clone(),
            dossier.revision,
            dossier.channel,
            dossier.people,
            dossier.opened_at,
            dossier.opened_by,
            dossier.part_of,
            (dossier.scope.receiving, dossier.scope.competent),
        )
    };
    assert_eq!(fixed(before), fixed(after), "{id}: what a dossier is opened with stays");
    if before.code.is_some() {
        assert_eq!(before.code, after.code, "{id}: a code is never changed");
    }
    if !matches!(before.state, State::Preparing) {
        assert_eq!(before.case, after.case, "{id}: the case stays");
    }
}
