//! Mirrors: dossiers whose system of record is a ministry's. They can be read, found and counted here;
//! nothing is done to them but to bring them up to date.

use super::{Dossier, DueMoment, Outcome, Refused, State};
use crate::event::Body;
use crate::procedure::{Procedure, SystemOfRecord};
use jiff::Timestamp;

/// What the system of record says of a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorNews {
    /// The number of the national synchronisation, 1 to 10.
    pub number: u8,
    /// Its own words for where the dossier stands.
    pub status: String,
    pub due: Option<DueMoment>,
}

impl Dossier {
    /// Brings a mirror up to date; only what a ministry's system settles is mirrored.
    // law: ND224-2026/15
    pub fn mirror(
        self,
        procedure: &Procedure,
        news: MirrorNews,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        self.check_revision(procedure)?;
        let SystemOfRecord::Ministry(system) = &procedure.system else { return Err(Refused::SettledHere) };
        self.channel_terms(procedure)?;
        match &self.state {
            State::Preparing => {}
            State::Mirrored { system: known, .. } if known == system => {}
            _ => return Err(self.not_now()),
        }
        if !(1..=10).contains(&news.number) {
            return Err(Refused::NoSuchWay {
                from: self.state.kind().to_owned(),
                to: news.number.to_string(),
            });
        }
        let body =
            Body::MirrorUpdated { system: system.clone(), number: news.number, status: news.status.clone() };
        let outcome = match news.number {
            3 => Some(Outcome::Refused),
            7 => Some(Outcome::Withdrawn),
            9 | 10 => Some(Outcome::Granted),
            _ => None,
        };
        let received_at = self.received_at.or((news.number != 1 && news.number != 3).then_some(now));
        let state = State::Mirrored {
            system: system.clone(),
            number: news.number,
            status: news.status,
            synced_at: now,
        };
        Ok((Self { state, outcome, received_at, due: news.due, ..self }, body))
    }
}
