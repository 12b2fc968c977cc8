//! A dossier goes from one officer's hand to another's, or back to where it may be taken: by leave,
//! transfer or a head's decision. Its step, clock and papers stay as they are.

use super::{Dossier, Refused};
use crate::event::Body;
use crate::id::OfficerId;

impl Dossier {
    /// `to` takes over what an officer has in hand; none is the common inbox of the holding agency.
    pub fn reassign(self, to: Option<OfficerId>, reason: String) -> Result<(Self, Body), Refused> {
        let kind = self.state.kind();
        let mut state = self.state;
        let desk = state.desk_mut().ok_or(Refused::NotInThisState(kind))?;
        let from = desk.officer.ok_or(Refused::NotInThisState(kind))?;
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing);
        }
        desk.officer = to;
        let body = Body::Reassigned { step: desk.step.clone(), from, to, reason };
        Ok((Self { state, ..self }, body))
    }
}

#[cfg(test)]
mod tests;
