//! General limits of the one-stop procedure: what holds where a procedure says nothing of its own. They
//! are data with validity (`limits/`), since the law changes them; a dossier is judged by those in force
//! on the day it was received.

use crate::calendar::Limit;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The limits in force from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub from: Date,
    /// The texts they rest on, and how sure that is.
    pub basis: String,
    /// A dossier sent online is accepted, refused or asked to be completed within this time.
    // law: TT87-2021-BTC/10
    pub answer_online: Limit,
    /// The same for one that came by post.
    pub answer_post: Limit,
    /// How long an applicant has to complete a dossier that was not accepted yet.
    pub complete_within: Limit,
    /// Supplements are asked for within this time of reception.
    // law: ND61-2018/19.4
    pub supplement_within: Limit,
    /// How often they may be asked for without a leader's reason.
    // law: ND61-2018/11.2.c
    pub most_supplements: u32,
    /// An apology goes out at least this many days before the date.
    // law: ND61-2018/19.9
    pub apology_days: u32,
    /// How often the date may be put off.
    // law: ND61-2018/19.9
    pub most_extensions: u32,
    /// The counter confirms a withdrawal within this time.
    pub withdraw_within: Limit,
    /// A leader decides within this time what becomes of a part that cannot have what it needs.
    pub decide_within: Limit,
}

/// The limits in force on a day: the latest that had begun.
pub fn in_force(all: &[Limits], day: Date) -> Option<&Limits> {
    all.iter().filter(|limits| limits.from <= day).max_by_key(|limits| limits.from)
}

#[cfg(test)]
mod tests {
    use super::{Limits, in_force};
    use crate::sample::limits;
    use jiff::civil::date;

    #[test]
    fn the_latest_that_had_begun_are_in_force() {
        let old = Limits { from: date(2018, 6, 21), most_supplements: 2, ..limits().clone() };
        let new = Limits { from: date(2027, 1, 1), most_supplements: 3, ..limits().clone() };
        let now = Limits { from: date(2025, 7, 1), ..limits().clone() };
        let all = [new, old, now];
        let most = |day| in_force(&all, day).map(|limits| limits.most_supplements);
        assert_eq!(most(date(2018, 6, 20)), None);
        assert_eq!(most(date(2018, 6, 21)), Some(2));
        assert_eq!(most(date(2026, 11, 18)), Some(1));
        assert_eq!(most(date(2027, 1, 1)), Some(3));
    }
}
