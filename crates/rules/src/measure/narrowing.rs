//! What an officer narrows the list of what waits by. A narrowing is data: it stands in an address, or is
//! kept under a name, and says of any dossier whether it stays in the list.

use super::DueMark;
use crate::calendar::legal_time;
use crate::code::ProcedureCode;
use crate::dossier::Dossier;
use crate::id::{AgencyId, OfficerId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Everything that is named must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Narrowing {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<ProcedureCode>,
    /// The agency that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<AgencyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hands: Option<Hands>,
    /// The word of its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_to: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub papers: Option<Papers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_to: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub came: Option<Came>,
    /// What was looked for by words; none where the list is the inbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sought: Option<String>,
}

/// A mark of the deadline, without its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Overdue,
    Today,
    Soon,
    InTime,
    Stopped,
}

impl Mark {
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Today, Self::Soon, Self::InTime, Self::Stopped];
}

impl From<DueMark> for Mark {
    fn from(mark: DueMark) -> Self {
        match mark {
            DueMark::Overdue { .. } => Self::Overdue,
            DueMark::Today => Self::Today,
            DueMark::Soon => Self::Soon,
            DueMark::InTime => Self::InTime,
            DueMark::Stopped => Self::Stopped,
        }
    }
}

/// In whose hands it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hands {
    /// In those of whoever looks: in a view that is shared it means each reader himself.
    Mine,
    Nobody,
    Officer(OfficerId),
}

/// How far the papers of a dossier are digitised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Papers {
    Digitised,
    /// Some paper is not confirmed yet.
    Waiting,
}

/// How its applicant came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// By a number of the line of those who go first.
    // law: LNCT2009/2
    First,
}

/// A dossier as a narrowing sees it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'d> {
    pub dossier: &'d Dossier,
    pub mark: Option<DueMark>,
    pub papers: Papers,
    pub came: Option<Came>,
    /// Whoever looks.
    pub reader: Option<OfficerId>,
}

impl Narrowing {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a dossier stays in the list.
    pub fn admits(&self, seen: &Seen<'_>) -> bool {
        let dossier = seen.dossier;
        let due_on = dossier.due.map(|due| due.on);
        let received_on = dossier.received_at.map(|at| legal_time(at).date());
        self.mark.is_none_or(|mark| seen.mark.map(Mark::from) == Some(mark))
            && self.procedure.as_ref().is_none_or(|code| *code == dossier.procedure)
            && self.unit.is_none_or(|unit| unit == dossier.scope.holding)
            && self.hands.is_none_or(|hands| hands.are(dossier.state.officer(), seen.reader))
            && self.state.as_ref().is_none_or(|state| state == dossier.state.kind())
            && self.due_from.is_none_or(|first| due_on.is_some_and(|on| first <= on))
            && self.due_to.is_none_or(|last| due_on.is_some_and(|on| on <= last))
            && self.papers.is_none_or(|papers| papers == seen.papers)
            && self.received_from.is_none_or(|first| received_on.is_some_and(|on| first <= on))
            && self.received_to.is_none_or(|last| received_on.is_some_and(|on| on <= last))
            && self.came.is_none_or(|came| seen.came == Some(came))
    }
}

impl Hands {
    fn are(self, holder: Option<OfficerId>, reader: Option<OfficerId>) -> bool {
        match self {
            Self::Mine => holder.is_some() && holder == reader,
            Self::Nobody => holder.is_none(),
            Self::Officer(officer) => holder == Some(officer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Came, Hands, Mark, Narrowing, Papers, Seen};
    use crate::dossier::{AtStep, Dossier, DueMoment, State};
    use crate::id::OfficerId;
    use crate::measure::DueMark;
    use crate::sample::{intake, procedure};
    use jiff::civil::date;
    use uuid::Uuid;

    fn officer(number: u128) -> OfficerId {
        OfficerId(Uuid::from_u128(number))
    }

    fn held_by(officer: OfficerId) -> Dossier {
        let at_step = AtStep { step: "ngo".to_owned(), officer: Some(officer), result: None };
        Dossier { state: State::InProcess(at_step), ..intake(&procedure()) }
    }

    fn admits(narrowing: &Narrowing, dossier: &Dossier) -> bool {
        let mark = Some(DueMark::Overdue { days: 3 });
        narrowing.admits(&Seen {
            dossier,
            mark,
            papers: Papers::Waiting,
            came: Some(Came::First),
            reader: Some(officer(7)),
        })
    }

    #[test]
    fn each_condition_lets_through_what_it_names_and_nothing_else() {
        let at = "2026-11-25T10:00:00Z".parse().expect("an instant");
        let due = Some(DueMoment { at, on: date(2026, 11, 25) });
        // After midnight here, and still the day before in Greenwich.
        let received_at = Some("2026-11-17T17:30:00Z".parse().expect("an instant"));
        let dossier = Dossier { received_at, due, ..held_by(officer(7)) };
        let all = Narrowing::default();
        assert!(all.is_empty() && admits(&all, &dossier));
        let same = Narrowing {
            mark: Some(Mark::Overdue),
            procedure: Some(dossier.procedure.clone()),
            unit: Some(dossier.scope.holding),
            hands: Some(Hands::Mine),
            state: Some("in_process".to_owned()),
            due_from: Some(date(2026, 11, 25)),
            due_to: Some(date(2026, 11, 25)),
            papers: Some(Papers::Waiting),
            received_from: Some(date(2026, 11, 18)),
            received_to: Some(date(2026, 11, 18)),
            came: Some(Came::First),
            sought: Some("bất kỳ chữ gì".to_owned()),
        };
        assert!(admits(&same, &dossier));
        let others = [
            Narrowing { mark: Some(Mark::Today), ..all.clone() },
            Narrowing { procedure: Some("9.000009".parse().expect("a code")), ..all.clone() },
            Narrowing { unit: Some(crate::id::AgencyId(Uuid::from_u128(99))), ..all.clone() },
            Narrowing { hands: Some(Hands::Nobody), ..all.clone() },
            Narrowing { hands: Some(Hands::Officer(officer(8))), ..all.clone() },
            Narrowing { state: Some("halted".to_owned()), ..all.clone() },
            Narrowing { due_from: Some(date(2026, 11, 26)), ..all.clone() },
            Narrowing { due_to: Some(date(2026, 11, 24)), ..all.clone() },
            Narrowing { papers: Some(Papers::Digitised), ..all.clone() },
            Narrowing { received_from: Some(date(2026, 11, 19)), ..all.clone() },
            Narrowing { received_to: Some(date(2026, 11, 17)), ..all.clone() },
        ];
        for other in others {
            assert!(!admits(&other, &dossier), "{other:?}");
        }
        let first = Narrowing { came: Some(Came::First), ..all.clone() };
        let ordinary =
            Seen { dossier: &dossier, mark: None, papers: Papers::Waiting, came: None, reader: None };
        assert!(admits(&first, &dossier) && !first.admits(&ordinary));
        let stopped = Dossier { due: None, ..dossier.clone() };
        assert!(!admits(&Narrowing { due_to: Some(date(2999, 1, 1)), ..all.clone() }, &stopped));
        let theirs = held_by(officer(8));
        assert!(!admits(&Narrowing { hands: Some(Hands::Mine), ..all }, &theirs), "mine is the reader's");
    }

    #[test]
    fn what_was_kept_under_a_name_reads_back() {
        let kept = r#"{"mark":"soon","hands":{"officer":"00000000-0000-0000-0000-000000000007"},"papers":"waiting"}"#;
        let narrowing: Narrowing = serde_json::from_str(kept).expect("the shape of version 1");
        assert_eq!(narrowing.hands, Some(Hands::Officer(officer(7))));
        assert_eq!(serde_json::to_string(&narrowing).expect("it is written"), kept);
    }
}
