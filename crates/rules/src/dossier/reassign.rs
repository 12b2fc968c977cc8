//! A dossier goes from one officer's hand to another's, or back to where it may be taken: by leave,
//! transfer or a head's decision. Its step, clock and papers stay as they are.

use super::{Dossier, Refused, State};
use crate::event::Body;
use crate::id::OfficerId;

impl Dossier {
    /// `to` takes over what an officer has in hand; none is the common inbox of the holding agency.
    pub fn reassign(self, to: Option<OfficerId>, reason: String) -> Result<(Self, Body), Refused> {
        let (Some(from), Some(step)) = (self.state.officer(), self.state.step().map(ToOwned::to_owned))
        else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing);
        }
        let kind = self.state.kind();
        let state = self.state.in_hand_of(to).ok_or(Refused::NotInThisState(kind))?;
        Ok((Self { state, ..self }, Body::Reassigned { step, from, to, reason }))
    }
}

impl State {
    /// The same state in another officer's hand; none for states that are in nobody's.
    fn in_hand_of(self, to: Option<OfficerId>) -> Option<Self> {
        match self {
            Self::InProcess { step, result, .. } => Some(Self::InProcess { step, officer: to, result }),
            Self::AwaitingSupplement { back_to, result, items, .. } => {
                Some(Self::AwaitingSupplement { back_to, officer: to, result, items })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
