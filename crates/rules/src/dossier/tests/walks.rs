//! Any acts in any order: what holds of every dossier, wherever the officers' hands have led it.

use super::{ACTS, Dossier, Procedure, State, intake, procedure};
use crate::sample::calendar;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

/// Does whichever of all acts comes at or after `at` and is allowed; none is left in a closed state.
fn step_on(dossier: &Dossier, at: usize, procedure: &Procedure) -> Option<Dossier> {
    let from = at % ACTS.len();
    let (later, earlier) = (&ACTS[from..], &ACTS[..from]);
    later
        .iter()
        .chain(earlier)
        .find_map(|(_, act)| act(dossier.clone(), procedure).ok())
        .map(|(after, _)| after)
}

proptest! {
    #[test]
    fn an_accepted_dossier_has_a_next_act_and_a_date_or_is_closed(
        hands in proptest::collection::vec(any::<usize>(), 0..30)
    ) {
        let procedure = procedure();
        let mut dossier = intake(&procedure);
        for hand in hands {
            let Some(after) = step_on(&dossier, hand, &procedure) else {
                prop_assert!(!dossier.state.is_open(), "nothing can be done with {:?}", dossier.state);
                break;
            };
            dossier = after;
            prop_assert_eq!(dossier.revision, procedure.revision);
            let clock = dossier.clock.clone();
            let due = clock.as_ref().map(|clock| clock.due(calendar()).expect("the tables reach so far"));
            match &dossier.state {
                State::Preparing | State::NotReceived { .. } => {
                    prop_assert_eq!((&dossier.code, &clock, dossier.due), (&None, &None, None));
                }
                State::Received { .. } | State::InProcess { .. } => {
                    prop_assert!(dossier.code.is_some() && dossier.due.is_some());
                    prop_assert_eq!(due, Some(dossier.due), "the date is the ledger's");
                    prop_assert_eq!(dossier.outcome, None);
                    let step = dossier.state.step().expect("it is at a step");
                    prop_assert!(procedure.process.step(step).is_some(), "{} is no step", step);
                }
                State::AwaitingSupplement { .. } => {
                    prop_assert_eq!((due, dossier.due), (Some(None), None));
                    prop_assert!(clock.is_some_and(|clock| clock.is_stopped()));
                }
                State::Withdrawn { .. } | State::Done { .. } | State::HandedOver { .. } => {
                    prop_assert!(dossier.outcome.is_some());
                    prop_assert!(clock.is_some_and(|clock| clock.finished_at.is_some() && !clock.is_stopped()));
                }
            }
            prop_assert_eq!(dossier.state.is_open(), step_on(&dossier, 0, &procedure).is_some());
        }
    }
}
