//! A dossier goes from one officer's hand to another's, or back to where it may be taken: by leave,
//! transfer or a head's decision. Its step, clock and papers stay as they are.

use super::{Dossier, Refused, said};
use crate::event::Body;
use crate::id::OfficerId;

impl Dossier {
    /// `to` takes over what an officer has in hand; none is the common inbox of the holding agency.
    pub fn reassign(self, to: Option<OfficerId>, reason: String) -> Result<(Self, Body), Refused> {
        let mut state = self.state.clone();
        let (Some(from), Some(at_step)) = (state.officer(), state.at_step_mut()) else {
            return Err(self.not_now());
        };
        said(&reason)?;
        at_step.officer = to;
        let step = at_step.step.clone();
        Ok((Self { state, ..self }, Body::Reassigned { step, from, to, reason }))
    }
}

#[cfg(test)]
mod tests;
