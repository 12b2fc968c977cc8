//! What an officer may do with a folder now: found by trying the rules on it, so that nothing is offered
//! that would be refused.

use super::{Destination, Folder, Keeper, Receiver, Shelf};
use crate::dossier::State;
use crate::id::{OfficerId, PassingId};
use crate::people::Sensitivity;
use uuid::Uuid;

/// One thing to do with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderAct {
    Confirm,
    Refuse,
    TakeBack,
    Take,
    Pass,
    Shelve,
    SendByPost,
    GiveOutside,
    GiveToApplicant,
    Destroy,
}

/// What stands for whatever will be typed.
const TYPED: &str = "…";
const SOMEBODY: OfficerId = OfficerId(Uuid::from_u128(u128::MAX));

impl Folder {
    /// What this keeper may do, in the order in which it is done.
    pub fn offers(&self, by: Keeper, dossier: &State) -> Vec<FolderAct> {
        let now = self.since;
        let place = |to| self.clone().place(by, to, dossier, now).is_ok();
        let typed = || TYPED.to_owned();
        let to = Receiver { agency: by.bearer.agency, officer: Some(SOMEBODY) };
        let passing = (PassingId(Uuid::nil()), now);
        [
            (FolderAct::Confirm, self.clone().confirm(by, now).is_ok()),
            (FolderAct::Refuse, self.clone().refuse(by, TYPED, now).is_ok()),
            (FolderAct::TakeBack, self.clone().take_back(by, now).is_ok()),
            (FolderAct::Take, self.clone().take(by, now).is_ok()),
            (FolderAct::Pass, self.clone().pass(by, to, Sensitivity::Secret, passing, now).is_ok()),
            (FolderAct::Shelve, place(Destination::Shelf(Shelf { room: typed(), ..Shelf::default() }))),
            (FolderAct::SendByPost, place(Destination::Post { consignment: typed() })),
            (FolderAct::GiveOutside, place(Destination::Outside { name: typed() })),
            (FolderAct::GiveToApplicant, place(Destination::Applicant)),
            (FolderAct::Destroy, place(Destination::Destroyed { record: typed() })),
        ]
        .into_iter()
        .filter_map(|(act, may)| may.then_some(act))
        .collect()
    }
}
