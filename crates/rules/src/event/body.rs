//! What happened, in data: one kind for each thing that can; one idea: the list of them all.

use super::trail::Filter;
use super::{FeePaid, HandOverWay, KeyOrigin, PostOutcome, Signedness, SupplementItem, Voucher};
use crate::calendar::Limit;
use crate::code::DossierCode;
use crate::counter::Refusal;
use crate::counter::provisional::Doubt;
use crate::counter::vietqr::Account;
use crate::custody::Holder;
use crate::dossier::writing::WritingForm;
use crate::dossier::{
    AlarmKind, DueMoment, Fault, OpinionVerdict, Outcome, PaymentNotice, Receiver, ReturnWay, Wish,
};
use crate::id::{
    AbsenceId, AgencyId, ConsultationId, DelegationId, DossierId, EntryId, FoundPaperId, GlassId, NoteId,
    OfficerId, PassingId, ProposalId, RecordId, ResultId, RoundId, StocktakingId, UploadId,
};
use crate::people::api_key::Scope;
use crate::people::delegation::Delegation;
use crate::people::glass::GlassVerdict;
use crate::people::leave::Absence;
use crate::people::proposal::Change;
use crate::people::second_factor::Means;
use crate::people::{AgencyScope, Post, Role};
use crate::procedure::{Channel, WaitExit, WaitKind};
use crate::scanning::Edit;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The version of [`Body`] written today; older ones still open (`store` keeps the number beside it).
pub const BODY_VERSION: i64 = 1;

/// What happened, in data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Body {
    IntakeOpened {
        procedure: String,
        revision: u32,
        case: String,
    },
    CaseChosen {
        case: String,
    },
    FileAdded {
        component: String,
        upload: UploadId,
        bytes: u64,
    },
    FileRejected {
        component: String,
        upload: UploadId,
        why: String,
    },
    FileOpened {
        component: String,
        upload: UploadId,
        pages: u32,
        already_signed: Signedness,
    },
    PagesArranged {
        component: String,
        edit: Edit,
    },
    ArrangementUndone {
        component: String,
        edit: Edit,
    },
    SidesReconciled {
        component: String,
        sides: u32,
    },
    ComponentMarked {
        component: String,
        supply: String,
    },
    PaperReused {
        component: String,
        entry: EntryId,
    },
    ReuseDeclined {
        component: String,
        entry: EntryId,
        reason: String,
    },
    DossierReceived {
        /// None for a part, which goes under the code of the whole.
        code: Option<DossierCode>,
        limit: Limit,
        due_at: Timestamp,
        due_on: Date,
        fee: i64,
        /// When it counts as received, where a provisional slip says that it was earlier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        as_of: Option<Timestamp>,
    },
    RefusedAtCounter {
        refusal: Refusal,
    },
    PaperRead {
        component: String,
        record: RecordId,
        pages: u32,
        words: u32,
        confidence: f32,
    },
    PaperNotRead {
        component: String,
        record: RecordId,
        why: String,
    },
    PaperSigned {
        component: String,
        record: RecordId,
        sha256: String,
        certificate: String,
    },
    FieldsConfirmed {
        component: String,
        record: RecordId,
        corrected: Vec<String>,
    },
    PaperFiled {
        component: String,
        record: RecordId,
        entry: EntryId,
    },
    DossierTaken {
        step: String,
    },
    StepFinished {
        step: String,
        next: String,
        opinion: String,
        /// Whom the next step was given to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        officer: Option<OfficerId>,
    },
    SentBack {
        step: String,
        to: String,
        reason: String,
    },
    SupplementAsked {
        items: Vec<SupplementItem>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// The leader's reason for asking again, or late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exception: Option<String>,
    },
    SupplementReceived {
        due_at: Timestamp,
        due_on: Date,
    },
    Withdrawn {
        reason: String,
        /// The components whose papers went back.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        returned: Vec<String>,
    },
    ResultDrafted {
        result: ResultId,
        result_type: String,
        sha256: String,
    },
    ResultSigned {
        result: ResultId,
        sha256: String,
        certificate: String,
    },
    ResultSealed {
        result: ResultId,
        number: String,
        issued_on: Date,
        sha256: String,
        certificate: String,
    },
    ResultFiled {
        result: ResultId,
        entry: EntryId,
    },
    ResultHandedOver {
        result: ResultId,
        way: HandOverWay,
        /// The components whose papers went back with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        returned: Vec<String>,
        /// Not told where nobody took it by hand, and by those who handed over before it was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receiver: Option<Receiver>,
    },
    /// A person's paper was opened by somebody.
    PaperViewed {
        entry: Option<EntryId>,
        record: Option<RecordId>,
    },
    /// A person's papers were searched for or listed.
    RepositoryListed {
        found: u32,
    },
    SignedIn,
    SignedOut,
    SignInRefused,
    Submitted {
        channel: Channel,
        answer_by: Timestamp,
    },
    PapersAsked {
        items: Vec<SupplementItem>,
        until: Timestamp,
        /// The leader's reason for asking again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exception: Option<String>,
    },
    PapersBrought {
        answer_by: Timestamp,
    },
    Transferred {
        step: String,
        agency: AgencyId,
    },
    Assigned {
        step: String,
        officer: OfficerId,
    },
    Consulted {
        consultation: ConsultationId,
        agency: AgencyId,
        question: String,
        due_at: Timestamp,
    },
    ConsultAnswered {
        consultation: ConsultationId,
        verdict: OpinionVerdict,
        opinion: String,
        /// It came after the dossier had gone on without it, or had ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lapsed_at: Option<Timestamp>,
    },
    ConsultLapsed {
        consultation: ConsultationId,
        agency: AgencyId,
    },
    PaymentAsked {
        notice: PaymentNotice,
        until: Timestamp,
    },
    PaymentReceived {
        receipt: String,
        due_at: Timestamp,
        due_on: Date,
    },
    FeeCollected {
        amount: i64,
        receipt: String,
        /// Not told by those who collected before it was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paid: Option<FeePaid>,
    },
    Halted {
        reason: String,
        until: Timestamp,
    },
    Resumed {
        due_at: Timestamp,
        due_on: Date,
    },
    DossierStopped {
        reason: String,
    },
    WaitExpired {
        what: WaitKind,
        exit: WaitExit,
    },
    Extended {
        was: Timestamp,
        due_at: Timestamp,
        due_on: Date,
        reason: String,
    },
    WithdrawalAsked {
        reason: String,
    },
    CorrectionBegun {
        result: ResultId,
        reason: String,
        fault: Fault,
    },
    ResultAnnulled {
        result: ResultId,
        decision: String,
        reason: String,
    },
    PartOpened {
        part: String,
        dossier: DossierId,
    },
    PartAwaits {
        part: String,
    },
    PartEnded {
        dossier: DossierId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
    },
    MirrorUpdated {
        system: String,
        number: u8,
        status: String,
    },
    AlarmRaised {
        alarm: AlarmKind,
        agency: AgencyId,
    },
    AlarmCleared {
        alarm: AlarmKind,
    },
    /// An open dossier went to those who took over from its agencies.
    Rerouted {
        from: AgencyScope,
        to: AgencyScope,
        decision: String,
    },
    /// A unit was founded, changed or ended.
    UnitReorganised {
        decision: String,
    },
    /// The posts of an officer went along with the work of a unit, or ended with it.
    PostsMoved {
        from: AgencyId,
        to: Option<AgencyId>,
        decision: String,
    },
    /// A file was taken as the draft of a procedure.
    ProcedureDrafted {
        procedure: String,
        version: i64,
    },
    ProcedurePublished {
        procedure: String,
        revision: u32,
        decision: String,
        valid_from: Date,
        valid_to: Option<Date>,
        /// The revision whose content came back.
        content_of: Option<u32>,
    },
    /// This revision and all before it end, and nothing takes over.
    ProcedureRetired {
        procedure: String,
        revision: u32,
        last_day: Date,
        decision: String,
    },
    /// A dossier went from one officer's hand to another's, or to the common inbox.
    Reassigned {
        step: String,
        from: OfficerId,
        to: Option<OfficerId>,
        reason: String,
    },
    Delegated {
        delegation: Delegation,
    },
    DelegationEnded {
        delegation: DelegationId,
        to: OfficerId,
        role: Role,
        reason: String,
    },
    LeaveBegun {
        absence: Absence,
    },
    LeaveEnded {
        absence: AbsenceId,
        on: Date,
    },
    OfficerTransferred {
        on: Date,
        ended: Vec<Post>,
        given: Vec<Post>,
        decision: String,
    },
    /// A high role waits for its second person.
    RightProposed {
        proposal: ProposalId,
        change: Change,
        lapses_on: Date,
    },
    RightConfirmed {
        proposal: ProposalId,
        change: Change,
    },
    PostGiven {
        officer: OfficerId,
        post: Post,
        /// Number and day of the paper that says so; empty where none was entered.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        decision: String,
    },
    /// From this day on the officer has the post no more.
    PostEnded {
        officer: OfficerId,
        post: Post,
        on: Date,
        /// Number and day of the paper that says so; empty where none was entered.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        decision: String,
    },
    /// A calendar changed, and with it the date; the dossier's own ledger is as it was.
    DueMoved {
        was: Timestamp,
        due_at: Timestamp,
        due_on: Date,
        decision: String,
    },
    /// The calendar of a unit or of a year was decided; so many dossiers were shown to be moved.
    CalendarDecided {
        decision: String,
        version: i64,
        moved: u32,
    },
    /// Another key signs the checkpoints of the audit chain from now on.
    AuditKeyChanged {
        number: i64,
        after_checkpoint: i64,
        /// SHA-256 of the new certificate.
        certificate: String,
        voucher: Voucher,
        reason: String,
    },
    /// A part begins though what it waited for ended without a result.
    PartMayBegin {
        dossier: DossierId,
        reason: String,
    },
    /// The whole of a part has another date, or is over.
    WholeMoved {
        due: Option<DueMoment>,
    },
    /// A number was given to a paper that will not be issued; it is given to no other.
    NumberCancelled {
        result: ResultId,
        number: String,
        reason: String,
    },
    /// Somebody looked at a dossier who was not at work on it; told to its holder.
    DossierViewed,
    /// A search showed somebody a person: his name, so many of his dossiers and of his papers.
    FoundInSearch {
        dossiers: u32,
        papers: u32,
    },
    OfficerAdded {
        agency: AgencyId,
    },
    SignInLocked {
        reason: String,
    },
    SignInUnlocked,
    PasswordReset,
    /// By the officer himself, who keeps this session only.
    PasswordChanged,
    /// Sessions of his elsewhere that an officer ended.
    SignedOutElsewhere {
        sessions: u32,
    },
    /// With more than the password, or without it; with that alone it is [`Body::SignedIn`].
    SignedInWith {
        means: Means,
    },
    SecondFactorOn,
    SecondFactorOff,
    /// It stood for a code of the app, and so many are left.
    RecoveryCodeUsed {
        left: u32,
    },
    PasskeyAdded {
        name: String,
    },
    PasskeyRemoved {
        name: String,
    },
    /// App, recovery codes and passkeys of an officer who lost them count no more.
    SecondFactorReset {
        reason: String,
    },
    /// The folder of the dossier was given to an officer, or to whoever of the agency takes it.
    FolderPassed {
        passing: PassingId,
        agency: AgencyId,
        officer: Option<OfficerId>,
    },
    FolderConfirmed {
        passing: PassingId,
    },
    FolderRefused {
        passing: PassingId,
        reason: String,
    },
    FolderTakenBack {
        passing: PassingId,
    },
    /// A head took it over from an officer who cannot give it himself.
    FolderReclaimed {
        from: OfficerId,
        reason: String,
    },
    /// Put or taken where nobody confirms.
    FolderMoved {
        to: Holder,
    },
    /// A stocktaking did not meet the folder where it should be.
    FolderMissed,
    /// Papers of the dossier were got together for a folder after it had been received.
    FolderOpened,
    PaperFound {
        found: FoundPaperId,
    },
    /// A paper that had been found belongs to this dossier.
    FoundPaperTied {
        found: FoundPaperId,
        place: String,
    },
    StocktakingEnded {
        stocktaking: StocktakingId,
        seen: u32,
        missing: u32,
        surplus: u32,
    },
    /// He proved who he is, and had so many papers signed or sealed in his name.
    SigningRoundBegun {
        round: RoundId,
        papers: u32,
    },
    /// Numbers up to `last` were given elsewhere before; the book goes on behind them.
    NumberBookSet {
        year: i16,
        symbol: String,
        was: i64,
        last: i64,
    },
    /// A register left the system on paper: of a book of numbers, or of dossiers where there is no symbol.
    RegisterPrinted {
        symbol: Option<String>,
        from: Date,
        to: Date,
        lines: u32,
    },
    /// A note for colleagues; its words are read where the note is.
    NoteWritten {
        note: NoteId,
        mentioned: Vec<OfficerId>,
    },
    /// Its author struck it out; it stays readable.
    NoteStruck {
        note: NoteId,
    },
    /// A head let another go on with what an officer was writing.
    EditingTakenOver {
        form: WritingForm,
        from: OfficerId,
        reason: String,
    },
    /// Somebody read the events of this filter.
    AuditViewed {
        filter: Filter,
    },
    /// A signed file of them was made for him; this is its digest.
    AuditExported {
        filter: Filter,
        events: u32,
        sha256: String,
    },
    /// From a day on an agency prints a form from a template of its own, of this digest; without one, from
    /// what came with the program.
    FormTextSet {
        form: String,
        from: Date,
        sha256: Option<String>,
        reason: String,
    },
    /// From a day on an agency writes the codes of its dossiers so.
    CodeFormatSet {
        format: String,
        from: Date,
        reason: String,
    },
    /// A key by which programs act for the officer.
    ApiKeyMade {
        name: String,
        scopes: Vec<Scope>,
        last_day: Date,
    },
    ApiKeyRevoked {
        name: String,
    },
    /// From now on an address is told what happens in an agency.
    WebhookAdded {
        name: String,
        host: String,
    },
    WebhookRemoved {
        name: String,
    },
    /// It gave no answer for days, or somebody stopped it.
    WebhookStopped {
        name: String,
    },
    WebhookResumed {
        name: String,
    },
    /// Papers were handed over while the counter could not reach the server.
    SlipTaken {
        number: String,
        taken_at: Timestamp,
        components: Vec<String>,
        doubt: Option<Doubt>,
    },
    /// A key to sign with waits for its second person: the certificate's number, who issued it, its last day.
    KeyProposed {
        serial: String,
        issuer: String,
        last_day: Date,
        /// Why the certificate names its holder otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name_reason: Option<String>,
    },
    /// From now on the officer or the agency signs with it; one that was there before is gone.
    KeyInstalled {
        serial: String,
        issuer: String,
        last_day: Date,
        origin: KeyOrigin,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name_reason: Option<String>,
    },
    /// A second person did not want it, or it was taken back.
    KeyDeclined {
        serial: String,
        reason: String,
    },
    /// From this day on it signs nothing more.
    KeyEnded {
        serial: String,
        on: Date,
        reason: String,
    },
    /// Mail may go to an address of the officer's, which he has proven to be his.
    MailConfirmed,
    MailRemoved,
    /// From now on whoever is this at the identity server is the officer here.
    IdentityTied {
        issuer: String,
        subject: String,
    },
    /// By himself without a reason; by who keeps the accounts with one.
    IdentityUntied {
        issuer: String,
        subject: String,
        reason: String,
    },
    /// From a day on fees of an agency are paid into this account; without one, in cash alone.
    FeeAccountSet {
        account: Option<Account>,
        from: Date,
        reason: String,
    },
    /// The sheet on which the receiver of a result signed was scanned and kept.
    SignedSheetKept {
        result: ResultId,
        sha256: String,
    },
    /// The papers came in an envelope that a postman brought.
    CameByPost {
        tracking: String,
        arrived_at: Timestamp,
    },
    /// The applicant said how he wants the result.
    ReturnWayChosen {
        return_way: ReturnWay,
    },
    /// What the post said of a result it had taken.
    PostAnswered {
        result: ResultId,
        tracking: String,
        outcome: PostOutcome,
    },
    /// Whoever does the step asked the leader for what only he may do.
    Referred {
        wish: Wish,
        reason: String,
    },
    /// It was not granted, with the leader's reason; none where who had asked took it back.
    ReferralEnded {
        by: OfficerId,
        declined: Option<String>,
    },
    /// An officer who does not see the dossier reads it in an emergency.
    GlassBroken {
        glass: GlassId,
        reason: String,
        until: Timestamp,
    },
    /// What was said of that afterwards; without words where there was nothing to add.
    GlassReviewed {
        glass: GlassId,
        officer: OfficerId,
        verdict: GlassVerdict,
        words: String,
    },
}

impl Body {
    /// Is it told to colleagues alone: not to the applicant, and not to another system?
    pub fn is_internal(&self) -> bool {
        matches!(
            self,
            Self::NoteWritten { .. }
                | Self::NoteStruck { .. }
                | Self::EditingTakenOver { .. }
                | Self::Referred { .. }
                | Self::ReferralEnded { .. }
        )
    }

    /// The hand-over of a result, told with who took it.
    #[must_use]
    pub fn into_hands_of(self, who: Receiver) -> Self {
        match self {
            Self::ResultHandedOver { result, way, returned, .. } => {
                Self::ResultHandedOver { result, way, returned, receiver: Some(who) }
            }
            other => other,
        }
    }

    /// The `kind` column: the serde tag of the variant.
    pub fn kind(&self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.get("kind").and_then(|kind| kind.as_str().map(String::from)))
            .expect("every body serialises with its tag")
    }
}
