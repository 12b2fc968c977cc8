//! Typed ids. Each is a UUIDv7 given by `store` when a row is made: sortable, unguessable enough to be
//! in a URL, and never a personal number.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

typed_id! {
    /// An agency: a unit that receives or settles dossiers.
    AgencyId,
    /// A list kept under a name.
    ViewId,
    OfficerId,
    /// A person or an organisation.
    PartyId,
    DossierId,
    EventId,
    /// A file as it was uploaded.
    UploadId,
    /// One side of paper, out of an upload.
    PageId,
    /// A digitised copy of one component, or a result.
    RecordId,
    /// An entry of somebody's repository.
    EntryId,
    /// A result on its way from draft to hand-over.
    ResultId,
    JobId,
    /// A reorganisation of units that was begun.
    ReorganisationId,
    /// One agency asked for its opinion on one dossier.
    ConsultationId,
    /// A calendar as it was decided.
    CalendarId,
    /// A procedure over all its revisions; made from its code, not by `store`.
    ProcedureId,
    /// A post lent for some days.
    DelegationId,
    /// A leave of an officer.
    AbsenceId,
    /// A right that waits for its second person.
    ProposalId,
    /// The folder of a dossier's papers.
    FolderId,
    /// Folders that one officer gave to somebody at once.
    PassingId,
    /// A paper that was found and belongs to no dossier yet.
    FoundPaperId,
    /// The folders of one place, counted.
    StocktakingId,
    /// A number taken at the machine.
    TicketId,
    AppointmentId,
    /// A secret link to the call screen.
    CallScreenId,
    /// A secret link to the screen at a counter on which fees are asked for.
    FeeScreenId,
    /// What an agency decided about where its fees are paid to.
    FeeAccountId,
    /// A key by which programs act for an officer.
    ApiKeyId,
    /// An address that is told what happens.
    WebhookId,
    /// One event told to one address.
    NoticeId,
    /// Queue rules as an office decided them.
    QueueRulesId,
    /// The template of a form as an agency decided it.
    FormTextId,
    /// Results that go out by post together.
    PostBundleId,
    /// What a postman brought at once.
    ArrivalId,
    /// One envelope of it.
    ParcelId,
    /// Who took a result at the counter.
    ReceiptId,
    /// Many papers signed at one sitting.
    RoundId,
    /// One paper of a round.
    RoundPaperId,
    /// An officer's note on a dossier.
    NoteId,
    /// The audit chain verified once.
    AuditCheckId,
    /// Events put into a file for somebody.
    AuditExportId,
    /// One act done to many dossiers.
    BulkId,
    /// One dossier of those.
    BulkRowId,
    /// A provisional slip; given by the machine that wrote it.
    SlipId,
    /// A key to sign with that waits for its second person.
    KeyProposalId,
    /// A dossier opened in an emergency.
    GlassId,
}
