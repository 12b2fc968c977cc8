//! Exercises for officers who learn in an office that is not real: what is prepared for them, and by which
//! events each step is seen to be done. Nobody ticks a step off.

use crate::people::Role;
use serde::Deserialize;

/// One exercise of a role.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    pub id: String,
    pub title: String,
    pub role: Role,
    /// How long it takes who does it for the first time.
    pub minutes: u8,
    pub prepares: Prepared,
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// How far a dossier has come when it is given to the learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prepared {
    Nothing,
    Received,
    Drafted,
    Signed,
    Sealed,
}

/// One step: what to do, where, and by what it is seen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub says: String,
    /// `{ho-so}` stands for the dossier that was prepared.
    pub at: String,
    /// Kinds of events, any of which shows that it was done.
    pub seen_by: Vec<String>,
}

impl Exercise {
    /// Which steps are done, when events of these kinds happened since the exercise was begun.
    pub fn done(&self, kinds: &[&str]) -> Vec<bool> {
        let is_seen = |step: &Step| step.seen_by.iter().any(|kind| kinds.contains(&kind.as_str()));
        self.steps.iter().map(is_seen).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Exercise, Prepared, Step};
    use crate::people::Role;

    #[test]
    fn a_step_is_done_by_any_of_its_events() {
        let step = |kinds: &[&str]| Step {
            says: String::new(),
            at: "/quay".to_owned(),
            seen_by: kinds.iter().map(ToString::to_string).collect(),
        };
        let exercise = Exercise {
            id: "nhan".to_owned(),
            title: "Nhận".to_owned(),
            role: Role::Counter,
            minutes: 5,
            prepares: Prepared::Nothing,
            steps: vec![step(&["intake_opened"]), step(&["component_marked", "file_added"])],
        };
        assert_eq!(exercise.done(&[]), [false, false]);
        assert_eq!(exercise.done(&["file_added"]), [false, true]);
        assert_eq!(exercise.done(&["file_added", "intake_opened"]), [true, true]);
    }
}
