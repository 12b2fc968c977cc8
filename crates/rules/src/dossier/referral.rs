//! Trình lãnh đạo: whoever does the step asks the leader for what only the leader may do, and he grants it as it
//! was asked or says why not. Until then the dossier waits for him.

use super::{Dossier, Refused, State, Terms, said};
use crate::calendar::Limit;
use crate::event::{Body, SupplementItem};
use crate::id::OfficerId;
use crate::procedure::Procedure;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What only the leader may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wish {
    /// To put the date off by so much, with an apology.
    // law: ND61-2018/19.9
    PutOff { by: Limit },
    /// To ask the applicant again or late.
    // law: ND61-2018/11.2.c
    AskAgain { items: Vec<SupplementItem> },
}

/// A wish that waits for the leader, with the reason he and the applicant read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    pub by: OfficerId,
    pub at: Timestamp,
    pub wish: Wish,
    pub reason: String,
}

/// How a referral ends without being granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked<'r> {
    /// The leader does not grant it, for this reason.
    Declined(&'r str),
    /// Who referred it takes it back.
    TakenBack(OfficerId),
}

impl Dossier {
    /// The referral the leader has to answer; while the dossier waits for somebody else, so does that.
    pub fn referral(&self) -> Option<&Referral> {
        self.life.referral.as_ref().filter(|_| matches!(self.state, State::InProcess(_)))
    }

    /// Refers a wish to the leader. Only what he could grant at this moment is referred, and not what needs no
    /// leader.
    pub fn refer(
        self,
        procedure: &Procedure,
        referral: Referral,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        self.working_step(procedure)?;
        said(&referral.reason)?;
        if self.referral().is_some() {
            return Err(Refused::ReferredBefore);
        }
        if let Wish::AskAgain { items } = &referral.wish
            && self.clone().ask_supplement(procedure, items.clone(), None, terms, now).is_ok()
        {
            return Err(Refused::NeedsNoLeader);
        }
        self.clone().granting(procedure, &referral, terms, now)?;
        let Referral { wish, reason, .. } = referral.clone();
        let mut life = self.life.clone();
        life.referral = Some(referral);
        Ok((Self { life, ..self }, Body::Referred { wish, reason }))
    }

    /// The leader grants what was referred at that time, exactly as it was.
    pub fn grant_referral(
        self,
        procedure: &Procedure,
        referred_at: Timestamp,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let referral = self.referred(referred_at)?.clone();
        self.granting(procedure, &referral, terms, now)
    }

    fn granting(
        self,
        procedure: &Procedure,
        referral: &Referral,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let reason = &referral.reason;
        match &referral.wish {
            Wish::PutOff { by } => self.extend(*by, reason.clone(), terms, now),
            Wish::AskAgain { items } => {
                self.ask_supplement(procedure, items.clone(), Some(reason), terms, now)
            }
        }
    }

    /// A referral ends, and the dossier goes on as it was.
    pub fn end_referral(self, referred_at: Timestamp, how: Unasked<'_>) -> Result<(Self, Body), Refused> {
        let by = self.referred(referred_at)?.by;
        let declined = match how {
            Unasked::Declined(reason) => {
                said(reason)?;
                Some(reason.to_owned())
            }
            Unasked::TakenBack(officer) if officer == by => None,
            Unasked::TakenBack(_) => return Err(Refused::NoSuchReferral),
        };
        let mut life = self.life.clone();
        life.referral = None;
        Ok((Self { life, ..self }, Body::ReferralEnded { by, declined }))
    }

    /// The one that waits, where it is the one that was read.
    fn referred(&self, at: Timestamp) -> Result<&Referral, Refused> {
        self.referral().filter(|referral| referral.at == at).ok_or(Refused::NoSuchReferral)
    }
}
