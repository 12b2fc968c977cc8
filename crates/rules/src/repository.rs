//! The repository: an owner's papers and results, with their validity. Entries are never deleted; a
//! later one may supersede them.

use crate::id::{DossierId, EntryId, PartyId, RecordId, ResultId};
use crate::people::AgencyScope;
use crate::scanning::{Blob, Fields};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One paper in somebody's repository.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub id: EntryId,
    pub owner: PartyId,
    pub origin: Origin,
    /// The dossier it came from.
    pub dossier: DossierId,
    pub scope: AgencyScope,
    /// Mã kết quả số hóa. It holds a personal number: never in a URL or a log.
    pub code: String,
    pub paper_type: String,
    pub title: String,
    pub pdf: Blob,
    pub fields: Fields,
    pub filed_at: Timestamp,
    pub superseded_by: Option<EntryId>,
    /// The day on which a decision took it back.
    // law: ND61-2018/21
    pub annulled_on: Option<Date>,
}

/// Where an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum Origin {
    /// A digitised component.
    Record { record: RecordId },
    /// A result of a procedure.
    Result { result: ResultId },
}

/// Whether a stored paper may be used on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Valid,
    /// The last day it was valid.
    Expired(Date),
    Superseded(EntryId),
    NotYetIssued(Date),
    Annulled(Date),
}

impl Entry {
    /// Whether the paper stands on `day`, the day of the dossier that wants it.
    // law: ND45-2020/25
    pub fn standing(&self, day: Date) -> Standing {
        if let Some(annulled) = self.annulled_on {
            return Standing::Annulled(annulled);
        }
        if let Some(later) = self.superseded_by {
            return Standing::Superseded(later);
        }
        if let Some(issued) = self.fields.issued_on.filter(|&issued| issued > day) {
            return Standing::NotYetIssued(issued);
        }
        match self.fields.valid_to {
            Some(last) if last < day => Standing::Expired(last),
            _ => Standing::Valid,
        }
    }
}
