//! The acts of the office, in the one shape: load → may I? → decide → save → record → enqueue → commit.
//!
//! Pages, the partner API, the command line and jobs perform the same acts. An act runs inside one
//! transaction, may be run again, and makes no outside call: files are stored and signatures computed
//! before it begins, mails and outside systems are told by the jobs it leaves behind.

mod act;
pub mod archive;
pub mod audit;
pub mod calendar;
pub mod clock;
pub mod counter;
pub mod custody;
pub mod dossier;
mod error;
pub mod forms;
pub mod jobs;
pub mod keys;
pub mod links;
pub mod mail;
pub mod measure;
pub mod numbering;
pub mod people;
pub mod procedure;
pub mod repository;
pub mod scanning;
pub mod signing;
pub mod training;
pub mod unit;
pub mod watch;
pub mod webhook;

pub use act::By;
pub use calendar::Calendars;
pub use clock::Clock;
pub use error::{Error, Refusal};
pub use forms::Forms;
pub use keys::Keys;

use rules::calendar::Counting;
use rules::code::DossierCodeFormat;
use rules::counter::queue::setup::QueueRules;
use rules::limits::Limits;
use rules::people::Role;
use rules::people::glass::GlassTerms;
use rules::signing::round::Reading;
use rules::training::Exercise;
use std::sync::Arc;
use store::Db;
use store::blobs::Blobs;
use tokio::sync::Notify;

/// What an installation decides for its office.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How days are counted: a decision of the province.
    pub counting: Counting,
    pub code_format: DossierCodeFormat,
    /// The name of the system, printed in every QR code.
    // law: TT01-2023-VPCP/26
    pub system_name: String,
    /// The forms that leave signed by their agency.
    // law: TT01-2018-VPCP/10.1
    pub signed_forms: Vec<String>,
    /// Where an applicant looks his dossier up.
    pub lookup_url: String,
    /// Days a high role waits for the second person who confirms it.
    pub days_to_confirm: u16,
    /// Roles that may do nothing without a second factor.
    pub second_factor: Vec<Role>,
    /// Working hours a receiver has to confirm a paper folder that was given to him.
    pub hours_to_confirm_folder: u16,
    /// Days after which a folder of an open dossier that nobody has had before his eyes is looked for.
    pub days_unseen: u16,
    /// Whether a signer must have opened a paper before he signs it among many.
    pub reading: Reading,
    /// Minutes a form stays held by who fills it in, after he gave the last sign of it.
    pub minutes_held: u16,
    /// How long a dossier stays open that was opened in an emergency, and how often that is done.
    pub glass: GlassTerms,
    /// What one uploaded file may ask of us.
    pub limits: scan::intake::Limits,
    /// The certificates that time stamps of the audit chain must lead to; none where any is taken.
    pub timestamp_roots: Vec<pdf::certificate::Certificate>,
    /// Whom the seal of the events asks for the time.
    pub stamping: Option<audit::Stamping>,
    /// What gives mail to officers off; none where no mail server is configured.
    pub mail: Option<connect::mail::Mailer>,
    /// When the digest of a working morning goes out.
    pub digest_at: jiff::civil::Time,
    /// Through whom officers may sign in besides.
    pub identity_server: Option<connect::openid::Server>,
    pub passwords: people::password::Opens,
    /// What tells other systems what happens.
    pub notices: connect::webhook::Sender,
}

/// The office: everything an act needs. Cloning is cheap and shares it.
#[derive(Clone, Debug)]
pub struct Office {
    pub db: Db,
    pub blobs: Blobs,
    pub clock: Clock,
    pub calendars: Arc<Calendars>,
    pub forms: Arc<Forms>,
    /// Where templates of agencies are typeset.
    pub printer: pdf::print::limited::Printer,
    pub keys: Keys,
    pub scanner: Arc<scan::worker::Pool>,
    pub settings: Arc<Settings>,
    /// The general limits of the law, with their validity.
    pub limits: Arc<[Limits]>,
    /// How queues run where their office decided nothing, with validity.
    pub queues: Arc<[QueueRules]>,
    /// What officers learn by; none in a real office.
    pub exercises: Arc<[Exercise]>,
    /// Wakes the runner of this process when an act may have left a job behind.
    pub wake: Arc<Notify>,
}
