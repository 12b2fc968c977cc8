//! What holds of a dossier between any two acts.

use crate::dossier::clock::StopCause;
use crate::dossier::{Dossier, State, Terms};
use crate::procedure::{ClockEffect, Procedure};

/// What does not hold of this dossier, though it always must; nothing where it is as it should be.
pub fn broken(dossier: &Dossier, procedure: &Procedure, terms: Terms<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            broken.push(format!("{what}: {dossier:?}"));
        }
    };
    must(dossier.state.number() == number(dossier), "a state has the number of the synchronisation");
    must(dossier.version >= 1, "versions count from 1");
    must(of_its_revision(dossier, procedure), "a dossier stays at steps of the revision it was opened under");
    must(has_its_code(dossier), "what was accepted has a code, and nothing else has");
    must(has_its_outcome(dossier), "there is an outcome where there is a result or an end, and only there");
    must(is_guarded(dossier, procedure, terms), "an open dossier has an owner, a next act and a date");
    must(is_on_time(dossier, terms), "the date is what a recount of the clock says");
    must(waits_with_its_clock(dossier), "the clock stands for an opinion while one is awaited, not longer");
    must(keeps_its_promises(dossier, terms), "the date is put off as often as the law lets it");
    must(dossier.life.fee.paid <= dossier.life.fee.due, "nobody pays more than the fee");
    must(goes_with_its_parts(dossier), "a whole is handed over when all its parts have ended");
    must(is_corrected_or_not(dossier), "while a result is corrected, it is known how it stood before");
    broken
}

/// The table of the national synchronisation once more, and not [`State::number`].
fn number(dossier: &Dossier) -> Option<u8> {
    match (&dossier.state, dossier.state.kind()) {
        (State::Mirrored { number, .. }, _) => Some(*number).filter(|number| (1..=10).contains(number)),
        (_, "submitted") => Some(1),
        (_, "received") => Some(2),
        (_, "not_received") => Some(3),
        (_, "in_process" | "awaiting_parts") => Some(4),
        (_, "awaiting_papers" | "awaiting_supplement") => Some(5),
        (_, "awaiting_payment") => Some(6),
        (_, "withdrawn") => Some(7),
        (_, "halted" | "stopped") => Some(8),
        (_, "done") => Some(9),
        (_, "handed_over") => Some(10),
        _ => None,
    }
}

fn of_its_revision(dossier: &Dossier, procedure: &Procedure) -> bool {
    let is_known = |step: &str| procedure.process.step(step).is_some();
    (&dossier.procedure, dossier.revision) == (&procedure.code, procedure.revision)
        && procedure.case(&dossier.case).is_some()
        && dossier.state.step().is_none_or(is_known)
}

/// It is accepted when its clock has begun; a part goes under the code of the whole.
fn has_its_code(dossier: &Dossier) -> bool {
    let was_accepted = dossier.clock.is_some();
    dossier.code.is_some() == (was_accepted && dossier.part_of.is_none())
        && (!was_accepted || dossier.received_at.is_some())
}

fn has_its_outcome(dossier: &Dossier) -> bool {
    match dossier.state {
        State::NotReceived { .. }
        | State::Stopped { .. }
        | State::Withdrawn { .. }
        | State::Done { .. }
        | State::HandedOver { .. } => dossier.outcome.is_some(),
        State::Mirrored { number, .. } => dossier.outcome.is_some() == matches!(number, 3 | 7 | 9 | 10),
        _ => dossier.outcome.is_none(),
    }
}

fn is_guarded(dossier: &Dossier, procedure: &Procedure, terms: Terms<'_>) -> bool {
    let is_dossier = !matches!(dossier.state, State::Preparing);
    match dossier.standing(procedure, terms) {
        Ok(Some(standing)) => {
            let owner = standing.owner;
            let holds_it = owner.officer.is_none() || owner.officer == dossier.state.officer();
            dossier.state.is_open() && is_dossier && dossier.scope.includes(owner.agency) && holds_it
        }
        Ok(None) => !(dossier.state.is_open() && is_dossier),
        Err(_) => false,
    }
}

/// It is due when its clock runs out, and never while the clock stands; what has ended keeps the date it
/// had, or had none because the clock stood to the end. A part that has not begun has the whole's date.
fn is_on_time(dossier: &Dossier, terms: Terms<'_>) -> bool {
    let Some(clock) = &dossier.clock else {
        return match dossier.state {
            State::AwaitingParts { .. } => dossier.due.is_some(),
            State::Mirrored { .. } => true,
            _ => dossier.due.is_none() || dossier.part_of.is_some(),
        };
    };
    let is_settled = !dossier.state.is_open() || matches!(dossier.state, State::Done { .. });
    clock.finished_at.is_some() == is_settled
        && dossier.due.is_none() == clock.is_stopped()
        && clock.due(terms.calendar).is_ok_and(|recount| recount == dossier.due)
}

fn waits_with_its_clock(dossier: &Dossier) -> bool {
    let Some(clock) = dossier.clock.as_ref().filter(|clock| clock.finished_at.is_none()) else {
        return dossier.life.consultations.iter().all(|asked| !asked.is_open());
    };
    let is_open =
        |cause| clock.stops.iter().filter(|stop| stop.cause == cause && stop.until.is_none()).count();
    let awaited =
        dossier.life.consultations.iter().any(|asked| asked.is_open() && asked.clock != ClockEffect::Runs);
    let [supplement, payment, halt] =
        [StopCause::Supplement, StopCause::Payment, StopCause::Halt].map(is_open);
    is_open(StopCause::Opinion) == usize::from(awaited)
        && supplement <= usize::from(matches!(dossier.state, State::AwaitingSupplement { .. }))
        && payment <= usize::from(matches!(dossier.state, State::AwaitingPayment { .. }))
        && halt <= usize::from(matches!(dossier.state, State::Halted { .. }))
}

fn keeps_its_promises(dossier: &Dossier, terms: Terms<'_>) -> bool {
    let was_extended = dossier.clock.as_ref().is_some_and(|clock| clock.was_extended());
    dossier.life.n_extensions <= terms.limits.most_extensions
        && (!was_extended || dossier.life.n_extensions > 0)
}

fn goes_with_its_parts(dossier: &Dossier) -> bool {
    let gone = matches!(dossier.state, State::HandedOver { .. });
    // A part that is blocked has not begun, so it has no date of its own but its whole's.
    let awaits = matches!(dossier.state, State::AwaitingParts { .. });
    (!gone || dossier.life.parts.iter().all(|part| part.has_ended))
        && (!awaits || dossier.due == dossier.life.whole_due)
}

fn is_corrected_or_not(dossier: &Dossier) -> bool {
    let corrected = dossier.life.correcting.is_some();
    let may_be = dossier.state.at_step().is_some() || matches!(dossier.state, State::Done { .. });
    let last = dossier.life.corrections.last().map(|before| before.result);
    !corrected || (may_be && last == dossier.life.correcting)
}
