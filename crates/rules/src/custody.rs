//! Paper custody: the folder of a dossier's papers, where it is, and how it goes from hand to hand.
//!
//! A folder is always with exactly one holder, or on its way from one bearer to one receiver; then the
//! giver answers for it until the receiver has confirmed. What is in a folder is in [`contents`], counting
//! the folders of a place in [`stocktaking`].

use crate::code::FolderCode;
use crate::dossier::State;
use crate::event::Body;
use crate::id::{AgencyId, DossierId, FolderId, OfficerId, PassingId};
use crate::people::{Post, Sensitivity};
use contents::FolderPaper;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub mod contents;
pub mod offer;
pub mod stocktaking;

/// The folder (bìa hồ sơ) of one dossier.
#[derive(Clone, Debug, PartialEq)]
pub struct Folder {
    pub id: FolderId,
    /// Counts the saves; a save with an old version is refused.
    pub version: i64,
    pub code: FolderCode,
    pub dossier: DossierId,
    pub papers: Vec<FolderPaper>,
    pub keeping: Keeping,
    /// Since when it is where it is.
    pub since: Timestamp,
    /// When somebody last had it before his eyes.
    pub seen_at: Timestamp,
    /// A stocktaking that should have met it did not; none once it was seen again.
    pub missed_at: Option<Timestamp>,
}

/// Where a folder is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    With(Holder),
    /// Given and not confirmed yet.
    Passing {
        from: Bearer,
        to: Receiver,
        passing: PassingId,
        due_at: Timestamp,
    },
}

/// Who or what has a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Holder {
    Bearer(Bearer),
    Shelf {
        agency: AgencyId,
        shelf: Shelf,
    },
    /// With the public post, under the number of the consignment.
    Post {
        agency: AgencyId,
        consignment: String,
    },
    /// With an agency that does not work in this system.
    Outside {
        agency: AgencyId,
        name: String,
    },
    /// Given back to the applicant.
    Applicant,
    Destroyed {
        record: String,
    },
}

/// An officer, in the agency he works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearer {
    pub officer: OfficerId,
    pub agency: AgencyId,
}

/// Whom a folder is given to: one officer, or whoever of the agency takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    pub agency: AgencyId,
    pub officer: Option<OfficerId>,
}

/// A place in an archive: room (kho), rack (giá), box (hộp).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shelf {
    pub room: String,
    /// Empty where the room has none.
    pub rack: String,
    pub boxed: String,
}

/// Where a bearer puts a folder without somebody who confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    Shelf(Shelf),
    Post { consignment: String },
    Outside { name: String },
    Applicant,
    Destroyed { record: String },
}

/// Who acts on a folder, and how guarded the papers are that he may have in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeper {
    pub bearer: Bearer,
    pub ceiling: Sensitivity,
}

/// Why a folder does not go where somebody wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustodyRefused {
    /// Somebody else has it.
    NotWithYou,
    /// It was given to somebody, who has not confirmed.
    OnItsWay,
    /// It was not given to him, or not given at all.
    NotGivenToYou,
    /// It is with him already.
    WithYou,
    /// To himself.
    ToYourself,
    /// Given back to the applicant, or destroyed.
    Gone,
    /// Secret papers are in it, and the post of who should have it does not admit them.
    Secret,
    /// Secret papers go to a named officer, not to whoever of an agency takes them.
    SecretNeedsName,
    ReasonMissing,
    /// The room of the shelf, the number of the consignment, the name of the agency, the record.
    PlaceMissing,
    /// The dossier is not settled yet.
    DossierOpen,
    /// The receiver holds no post at that agency that handles paper.
    NobodyThere,
    /// No paper of the dossier stays with the office.
    NoPapers,
}

/// The most guarded papers an officer may have in hand at an agency, by his posts there; none where he has
/// no post there that handles papers.
// law: TT01-2023-VPCP/4
pub fn ceiling<'p>(posts: impl IntoIterator<Item = &'p Post>, agency: AgencyId) -> Option<Sensitivity> {
    posts
        .into_iter()
        .filter(|post| post.agency == agency && post.role.keeps_paper())
        .map(|post| post.ceiling)
        .max()
}

impl Receiver {
    /// Was it given to this bearer?
    pub fn admits(&self, bearer: Bearer) -> bool {
        self.agency == bearer.agency && self.officer.is_none_or(|officer| officer == bearer.officer)
    }
}

impl Shelf {
    /// A place somebody typed. A box without a rack stands in the room itself.
    pub fn read(room: &str, rack: &str, boxed: &str) -> Result<Self, CustodyRefused> {
        let word = |text: &str| -> String { text.trim().chars().take(60).collect() };
        if room.trim().is_empty() {
            return Err(CustodyRefused::PlaceMissing);
        }
        Ok(Self { room: word(room), rack: word(rack), boxed: word(boxed) })
    }
}

impl Keeping {
    /// The bearer who answers for the folder now; none where it is with no officer.
    pub fn bearer(&self) -> Option<Bearer> {
        match self {
            Self::With(Holder::Bearer(bearer)) | Self::Passing { from: bearer, .. } => Some(*bearer),
            Self::With(_) => None,
        }
    }

    /// The agency that answers for it; none once it is gone.
    pub fn agency(&self) -> Option<AgencyId> {
        match self {
            Self::With(
                Holder::Shelf { agency, .. } | Holder::Post { agency, .. } | Holder::Outside { agency, .. },
            ) => Some(*agency),
            Self::With(Holder::Applicant | Holder::Destroyed { .. }) => None,
            Self::With(Holder::Bearer(bearer)) | Self::Passing { from: bearer, .. } => Some(bearer.agency),
        }
    }

    /// The word kept in columns.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::With(Holder::Bearer(_)) => "bearer",
            Self::With(Holder::Shelf { .. }) => "shelf",
            Self::With(Holder::Post { .. }) => "post",
            Self::With(Holder::Outside { .. }) => "outside",
            Self::With(Holder::Applicant) => "applicant",
            Self::With(Holder::Destroyed { .. }) => "destroyed",
            Self::Passing { .. } => "passing",
        }
    }

    pub fn is_gone(&self) -> bool {
        matches!(self, Self::With(Holder::Applicant | Holder::Destroyed { .. }))
    }

    /// When the receiver should have confirmed.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Passing { due_at, .. } => Some(*due_at),
            Self::With(_) => None,
        }
    }
}

impl Folder {
    /// The folder of a dossier whose papers were just taken in.
    pub fn new(
        id: FolderId,
        dossier: DossierId,
        papers: Vec<FolderPaper>,
        by: Bearer,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            version: 1,
            code: FolderCode::of(id),
            dossier,
            papers,
            keeping: Keeping::With(Holder::Bearer(by)),
            since: now,
            seen_at: now,
            missed_at: None,
        }
    }

    /// How guarded what is in it is.
    pub fn sensitivity(&self) -> Sensitivity {
        self.papers_in().map(|paper| paper.sensitivity).max().unwrap_or_default()
    }

    /// Gives it to somebody, whose `ceiling` is known; he has it once he has confirmed.
    pub fn pass(
        self,
        by: Keeper,
        to: Receiver,
        ceiling: Sensitivity,
        (passing, due_at): (PassingId, Timestamp),
        now: Timestamp,
    ) -> Result<(Self, Body), CustodyRefused> {
        self.in_reach_of(by)?;
        if to.officer == Some(by.bearer.officer) {
            return Err(CustodyRefused::ToYourself);
        }
        if self.sensitivity() == Sensitivity::Secret && to.officer.is_none() {
            return Err(CustodyRefused::SecretNeedsName);
        }
        self.admitted_by(ceiling)?;
        let body = Body::FolderPassed { passing, agency: to.agency, officer: to.officer };
        Ok((self.moved(Keeping::Passing { from: by.bearer, to, passing, due_at }, now), body))
    }

    /// The receiver has it.
    pub fn confirm(self, by: Keeper, now: Timestamp) -> Result<(Self, Body), CustodyRefused> {
        let (_, passing) = self.given_to(by)?;
        self.admitted_by(by.ceiling)?;
        let kept = self.moved(Keeping::With(Holder::Bearer(by.bearer)), now);
        Ok((kept, Body::FolderConfirmed { passing }))
    }

    /// The receiver does not take it, and says why; it is with its giver again.
    pub fn refuse(self, by: Keeper, reason: &str, now: Timestamp) -> Result<(Self, Body), CustodyRefused> {
        let (from, passing) = self.given_to(by)?;
        if reason.trim().is_empty() {
            return Err(CustodyRefused::ReasonMissing);
        }
        let body = Body::FolderRefused { passing, reason: reason.trim().to_owned() };
        Ok((self.moved(Keeping::With(Holder::Bearer(from)), now), body))
    }

    /// The giver keeps it after all.
    pub fn take_back(self, by: Keeper, now: Timestamp) -> Result<(Self, Body), CustodyRefused> {
        let Keeping::Passing { from, passing, .. } = self.keeping else {
            return Err(CustodyRefused::NotWithYou);
        };
        if from != by.bearer {
            return Err(CustodyRefused::NotWithYou);
        }
        let body = Body::FolderTakenBack { passing };
        Ok((self.moved(Keeping::With(Holder::Bearer(from)), now), body))
    }

    /// A head of the agency that answers for it takes it over from an officer who cannot give it himself:
    /// he is away, or has left.
    pub fn reclaim(self, by: Keeper, reason: &str, now: Timestamp) -> Result<(Self, Body), CustodyRefused> {
        let Some(from) = self.keeping.bearer().filter(|bearer| bearer.agency == by.bearer.agency) else {
            return Err(CustodyRefused::NotWithYou);
        };
        if from == by.bearer {
            return Err(CustodyRefused::WithYou);
        }
        if reason.trim().is_empty() {
            return Err(CustodyRefused::ReasonMissing);
        }
        self.admitted_by(by.ceiling)?;
        let body = Body::FolderReclaimed { from: from.officer, reason: reason.trim().to_owned() };
        Ok((self.moved(Keeping::With(Holder::Bearer(by.bearer)), now), body))
    }

    /// Puts it where nobody confirms. It leaves the office for good only when its dossier is settled.
    pub fn place(
        self,
        by: Keeper,
        to: Destination,
        dossier: &State,
        now: Timestamp,
    ) -> Result<(Self, Body), CustodyRefused> {
        self.in_reach_of(by)?;
        let agency = by.bearer.agency;
        let holder = match to {
            Destination::Shelf(shelf) => {
                Holder::Shelf { agency, shelf: Shelf::read(&shelf.room, &shelf.rack, &shelf.boxed)? }
            }
            Destination::Post { consignment } => {
                self.admitted_by(Sensitivity::Personal)?;
                Holder::Post { agency, consignment: said(consignment)? }
            }
            Destination::Outside { name } => {
                self.admitted_by(Sensitivity::Personal)?;
                Holder::Outside { agency, name: said(name)? }
            }
            Destination::Applicant | Destination::Destroyed { .. } if dossier.is_open() => {
                return Err(CustodyRefused::DossierOpen);
            }
            Destination::Applicant => Holder::Applicant,
            Destination::Destroyed { record } => Holder::Destroyed { record: said(record)? },
        };
        let body = Body::FolderMoved { to: holder.clone() };
        Ok((self.moved(Keeping::With(holder), now), body))
    }

    /// Takes it into his hands: from a shelf of his agency, or back from outside.
    pub fn take(self, by: Keeper, now: Timestamp) -> Result<(Self, Body), CustodyRefused> {
        match &self.keeping {
            Keeping::With(Holder::Bearer(bearer)) if *bearer == by.bearer => {
                return Err(CustodyRefused::WithYou);
            }
            _ => self.in_reach_of(by)?,
        }
        let holder = Holder::Bearer(by.bearer);
        let body = Body::FolderMoved { to: holder.clone() };
        Ok((self.moved(Keeping::With(holder), now), body))
    }

    /// Somebody had it before his eyes where it should be.
    #[must_use]
    pub fn seen(self, now: Timestamp) -> Self {
        Self { seen_at: now, missed_at: None, ..self }
    }

    /// It was looked for where it should be, and is not there.
    pub fn missed(self, now: Timestamp) -> (Self, Body) {
        (Self { missed_at: Some(now), ..self }, Body::FolderMissed)
    }

    /// Can he act on it without anybody giving it to him: is it in his hands, or at a place of his agency?
    fn in_reach_of(&self, by: Keeper) -> Result<(), CustodyRefused> {
        match &self.keeping {
            Keeping::Passing { .. } => Err(CustodyRefused::OnItsWay),
            keeping if keeping.is_gone() => Err(CustodyRefused::Gone),
            Keeping::With(Holder::Bearer(bearer)) if *bearer == by.bearer => Ok(()),
            Keeping::With(Holder::Bearer(_)) => Err(CustodyRefused::NotWithYou),
            keeping if keeping.agency() == Some(by.bearer.agency) => self.admitted_by(by.ceiling),
            Keeping::With(_) => Err(CustodyRefused::NotWithYou),
        }
    }

    fn given_to(&self, by: Keeper) -> Result<(Bearer, PassingId), CustodyRefused> {
        match &self.keeping {
            Keeping::Passing { from, to, passing, .. }
                if to.admits(by.bearer) && from.officer != by.bearer.officer =>
            {
                Ok((*from, *passing))
            }
            Keeping::With(Holder::Bearer(bearer)) if *bearer == by.bearer => Err(CustodyRefused::WithYou),
            _ => Err(CustodyRefused::NotGivenToYou),
        }
    }

    // law: TT01-2023-VPCP/4
    fn admitted_by(&self, ceiling: Sensitivity) -> Result<(), CustodyRefused> {
        if self.sensitivity() <= ceiling { Ok(()) } else { Err(CustodyRefused::Secret) }
    }

    fn moved(self, keeping: Keeping, now: Timestamp) -> Self {
        Self { keeping, since: now, ..self.seen(now) }
    }
}

fn said(text: String) -> Result<String, CustodyRefused> {
    let text = text.trim();
    if text.is_empty() { Err(CustodyRefused::PlaceMissing) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests;
