//! What was taken in at a counter that could not reach the server: a provisional slip (phiếu tạm nhận) with
//! the papers handed over and the time, which becomes a dossier when the server is there again. The time is
//! the machine's word, so it is judged before anything is counted from it.

use super::applicant::TypedApplicant;
use crate::id::SlipId;
use crate::procedure::{Case, Required};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A machine whose clock is off by less is taken at its word.
const CLOCK_OFF: SignedDuration = SignedDuration::from_mins(5);
/// What says that it is older was not written in an outage that anybody works through.
const OLDEST: SignedDuration = SignedDuration::from_hours(72);
/// Letters of a slip's number, and components that are ticked on it.
const NUMBER_LETTERS: usize = 40;
const MOST_COMPONENTS: usize = 100;

/// A slip as a machine sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    pub id: SlipId,
    /// Of the machine's own series: `PT-K7QX-261123-001`.
    pub number: String,
    /// By the machine's clock.
    pub written_at: Timestamp,
    /// What that clock said when the slip was sent.
    pub sent_at: Timestamp,
    pub applicant: TypedApplicant,
    pub procedure: String,
    pub case: String,
    /// The papers that were handed over.
    pub components: Vec<String>,
}

/// What is odd about the time of a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "doubt", rename_all = "snake_case")]
pub enum Doubt {
    /// The machine's clock is off by so much, fast where it is above nothing; the time is put right by it.
    ClockOff { minutes: i64 },
    /// It says that it was written after it was sent, so nothing is counted from it.
    WrittenAfterSent,
    /// It says that it was written so long ago that nothing is counted from it.
    TooOld { hours: i64 },
}

impl Doubt {
    /// Can nothing be counted from the time of the slip?
    pub fn voids(self) -> bool {
        !matches!(self, Self::ClockOff { .. })
    }
}

/// What a dossier keeps of the slip it began with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromSlip {
    pub slip: SlipId,
    pub number: String,
    /// When the papers were handed over, by the server's clock.
    pub taken_at: Timestamp,
    pub components: Vec<String>,
    pub doubt: Option<Doubt>,
}

impl Slip {
    /// Whether a slip can be kept at all; what is typed in it is judged when it is opened.
    pub fn is_sound(&self) -> bool {
        let short = |text: &String| text.len() <= 100;
        !self.number.is_empty()
            && self.number.len() <= NUMBER_LETTERS
            && self.components.len() <= MOST_COMPONENTS
            && self.components.iter().chain([&self.procedure, &self.case]).all(short)
    }

    /// The slip with the time by the server's clock, where it came at `now`.
    // law: ND61-2018/17.3
    pub fn judged(&self, now: Timestamp) -> FromSlip {
        let fast = self.sent_at.duration_since(now);
        let written_at = self.written_at - fast;
        let age = now.duration_since(written_at);
        let doubt = if written_at > now {
            Some(Doubt::WrittenAfterSent)
        } else if age > OLDEST {
            Some(Doubt::TooOld { hours: age.as_hours() })
        } else if fast.abs() > CLOCK_OFF {
            Some(Doubt::ClockOff { minutes: fast.as_mins() })
        } else {
            None
        };
        FromSlip {
            slip: self.id,
            number: self.number.clone(),
            taken_at: if doubt.is_some_and(Doubt::voids) { now } else { written_at },
            components: self.components.clone(),
            doubt,
        }
    }
}

impl FromSlip {
    /// When a dossier counts as received that is complete at `now`: at the slip's time where every paper
    /// the case requires was handed over then, else when the last of them came.
    // law: ND61-2018/17.3
    pub fn received_at(&self, case: &Case, now: Timestamp) -> Timestamp {
        let required = case.components.iter().filter(|component| component.required == Required::Always);
        let handed_over = |id: &String| self.components.contains(id);
        let whole = required.map(|component| &component.id).all(handed_over);
        if whole { self.taken_at.min(now) } else { now }
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, FromSlip, Slip};
    use crate::counter::applicant::TypedApplicant;
    use crate::id::SlipId;
    use crate::procedure::Procedure;
    use crate::sample::at;
    use uuid::Uuid;

    fn slip(written: &str, sent: &str) -> Slip {
        Slip {
            id: SlipId(Uuid::from_u128(1)),
            number: "PT-K7QX-261123-001".to_owned(),
            written_at: at(written),
            sent_at: at(sent),
            applicant: TypedApplicant::default(),
            procedure: "2.000815".to_owned(),
            case: "ban-chinh".to_owned(),
            components: vec!["ban-chinh".to_owned()],
        }
    }

    #[test]
    fn the_time_of_a_slip_is_put_right_or_not_believed() {
        let now = "2026-11-23T10:00";
        for (written, sent, taken, doubt) in [
            ("2026-11-23T08:30", now, "2026-11-23T08:30", None),
            ("2026-11-23T08:34", "2026-11-23T10:04", "2026-11-23T08:30", None),
            (
                "2026-11-23T09:00",
                "2026-11-23T10:30",
                "2026-11-23T08:30",
                Some(Doubt::ClockOff { minutes: 30 }),
            ),
            (
                "2026-11-23T07:30",
                "2026-11-23T09:00",
                "2026-11-23T08:30",
                Some(Doubt::ClockOff { minutes: -60 }),
            ),
            ("2026-11-23T11:00", now, now, Some(Doubt::WrittenAfterSent)),
            ("2026-11-19T10:00", now, now, Some(Doubt::TooOld { hours: 96 })),
            ("2026-11-20T10:00", now, "2026-11-20T10:00", None),
        ] {
            let judged = slip(written, sent).judged(at(now));
            assert_eq!((judged.taken_at, judged.doubt), (at(taken), doubt), "{written}, sent {sent}");
        }
    }

    #[test]
    fn the_slip_counts_where_all_that_is_required_was_handed_over() {
        let procedure: Procedure =
            toml::from_str(include_str!("../../../../procedures/2.000815/1.toml")).expect("a procedure");
        let case = &procedure.cases[0];
        let whole: Vec<String> = case.components.iter().map(|component| component.id.clone()).collect();
        let (then, now) = (at("2026-11-23T08:30"), at("2026-11-23T10:00"));
        let judged = slip("2026-11-23T08:30", "2026-11-23T10:00").judged(now);
        assert_eq!(FromSlip { components: whole, ..judged.clone() }.received_at(case, now), then);
        assert_eq!(FromSlip { components: Vec::new(), ..judged }.received_at(case, now), now);
    }

    #[test]
    fn what_is_no_slip_is_not_kept() {
        let sound = slip("2026-11-23T08:30", "2026-11-23T08:31");
        assert!(sound.is_sound());
        assert!(!Slip { number: String::new(), ..sound.clone() }.is_sound());
        assert!(!Slip { number: "P".repeat(41), ..sound.clone() }.is_sound());
        assert!(!Slip { components: vec![String::new(); 101], ..sound.clone() }.is_sound());
        assert!(!Slip { case: "a".repeat(101), ..sound }.is_sound());
    }
}
