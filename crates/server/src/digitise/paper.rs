//! One file through all stages: opened and read in the limited child, its fields proposed, written as
//! searchable PDF/A and signed. A file that came signed is read and otherwise left as it is.

use std::time::Instant;

use jiff::Timestamp;
use office::archive::{self, Sheet};
use pdf::archive::Metadata;
use pdf::key::Key;
use pdf::sign::SignRequest;
use pdf::stamp::VisibleMark;
use pdf::validate::{Report, Verdict, validate};
use scan::extract::{Extracted, FieldKey};
use scan::intake::{Kind, Limits, Rejected, sniff};
use scan::recognise::PageText;
use scan::worker::{Opened, Pool};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::input::Unread;
use crate::parallel;

/// What a digitised file says made it.
const CREATOR: &str = "Một Cửa";

/// Everything that files are digitised with.
#[derive(Debug)]
pub(crate) struct Digitiser {
    pub(crate) pool: Pool,
    pub(crate) limits: Limits,
    /// Pages read at once.
    pub(crate) n_at_a_time: usize,
    /// The digitiser's own key; without one the file is not signed.
    pub(crate) key: Option<Key>,
}

/// Why a file was not digitised.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("{0}")]
    Unread(#[from] Unread),
    #[error("{}", .0.in_vietnamese())]
    File(Rejected),
    #[error("Trang {number}: {}", .why.in_vietnamese())]
    Page { number: usize, why: Rejected },
    /// The installation is at fault, not the file.
    #[error("Máy đọc không chạy được ({what}). Chạy `motcua doctor` để biết phải cài gì.")]
    NoWorker { what: String },
    #[error("Không viết được tệp PDF/A từ các trang ({what}). Hãy quét lại tệp.")]
    Unwritable { what: String },
    #[error("Không ký được tệp ({what}). Kiểm tra khóa và hạn của chứng thư.")]
    Unsigned { what: String },
    #[error("Không ghi được kết quả ({0}). Kiểm tra quyền ghi và chỗ trống của thư mục.")]
    Output(std::io::Error),
}

impl Refused {
    /// A word for programs.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::Unread(Unread::Missing) => "missing".to_owned(),
            Self::Unread(Unread::TooLarge { .. }) => "too_large".to_owned(),
            Self::Unread(Unread::NotAFile | Unread::Failed(_)) => "unreadable".to_owned(),
            // The word that `Rejected` itself is tagged with.
            Self::File(why) | Self::Page { why, .. } => serde_json::to_value(why)
                .ok()
                .and_then(|value| value.get("why")?.as_str().map(str::to_owned))
                .unwrap_or_else(|| "refused".to_owned()),
            Self::NoWorker { .. } => "no_worker".to_owned(),
            Self::Unwritable { .. } => "unwritable".to_owned(),
            Self::Unsigned { .. } => "unsigned".to_owned(),
            Self::Output(_) => "output".to_owned(),
        }
    }
}

/// Milliseconds of wall clock; those of pages are sums over the pages.
#[expect(clippy::struct_field_names, reason = "the report's keys carry their unit")]
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Timings {
    pub(crate) open_ms: u64,
    pub(crate) decode_ms: u64,
    pub(crate) prepare_ms: u64,
    pub(crate) read_ms: u64,
    pub(crate) fields_ms: u64,
    pub(crate) write_ms: u64,
    pub(crate) sign_ms: u64,
    pub(crate) total_ms: u64,
}

/// What the PDF that comes out is.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Written here; `signed_by` is the name in the certificate.
    Written { signed_by: Option<String> },
    /// Came signed: the same bytes, with what is known of its signatures.
    KeptSigned { report: Box<Report> },
}

/// A file that was digitised.
#[derive(Debug)]
pub(crate) struct Digitised {
    pub(crate) pdf: Vec<u8>,
    pub(crate) outcome: Outcome,
    pub(crate) opened: Vec<Opened>,
    pub(crate) texts: Vec<PageText>,
    pub(crate) extracted: Extracted,
    pub(crate) timings: Timings,
}

impl Digitiser {
    /// Digitises one file; `title` names it where the paper itself does not say what it is.
    pub(crate) fn digitise(&self, file: Vec<u8>, title: &str, now: Timestamp) -> Result<Digitised, Refused> {
        let begun = Instant::now();
        let mut timings = Timings::default();
        let signatures = signatures_of(&file);
        let input_sha256 = hex::encode(Sha256::digest(&file));
        // A signed file comes out as it came in; any other is needed once only.
        let kept = signatures.is_some().then(|| file.clone());

        let opened = timed(&mut timings.open_ms, || self.pool.open(file, &self.limits)).map_err(refused)?;
        let texts = self.read(&opened)?;
        for text in &texts {
            timings.decode_ms += u64::from(text.timings.decode_ms);
            timings.prepare_ms += u64::from(text.timings.prepare_ms);
            timings.read_ms += u64::from(text.timings.read_ms);
        }
        let today = rules::calendar::legal_time(now).date();
        let extracted = timed(&mut timings.fields_ms, || scan::extract::fields(&texts, today));

        let (pdf, outcome) = match signatures.zip(kept) {
            Some((report, kept)) => (kept, Outcome::KeptSigned { report: Box::new(report) }),
            None => {
                let metadata = Metadata {
                    title: extracted
                        .find(FieldKey::PaperType)
                        .map_or_else(|| title.to_owned(), |field| field.value.clone()),
                    author: None,
                    creator: CREATOR.to_owned(),
                    created: now,
                    language: "vi".to_owned(),
                    id_seed: input_sha256,
                };
                let pdf = timed(&mut timings.write_ms, || written(&opened, &texts, &metadata))?;
                timed(&mut timings.sign_ms, || self.signed(pdf, now))?
            }
        };
        timings.total_ms = millis(begun);
        Ok(Digitised { pdf, outcome, opened, texts, extracted, timings })
    }

    fn read(&self, opened: &[Opened]) -> Result<Vec<PageText>, Refused> {
        let read = |index: usize, opened: &Opened| {
            let page = &opened.page;
            self.pool.read(&page.image, page.turn, page.dpi).map_err(|error| match error {
                scan::worker::Error::Rejected(why) => Refused::Page { number: index + 1, why },
                error @ scan::worker::Error::NoWorker { .. } => refused(error),
            })
        };
        parallel::map(opened, self.n_at_a_time, read).into_iter().collect()
    }

    /// The digitiser's signature with its visible mark, where there is a key.
    // law: TT01-2023-VPCP/8.1
    fn signed(&self, pdf: Vec<u8>, now: Timestamp) -> Result<(Vec<u8>, Outcome), Refused> {
        let Some(key) = &self.key else { return Ok((pdf, Outcome::Written { signed_by: None })) };
        let name = key.certificate().subject_common_name();
        let request = SignRequest {
            reason: Some("Ký số bản số hóa".to_owned()),
            field_name: "nguoi-so-hoa".to_owned(),
            ..SignRequest::marked(now, VisibleMark::digitiser(name, now))
        };
        let signed = pdf::sign::sign(&pdf, key, &request)
            .map_err(|error| Refused::Unsigned { what: error.to_string() })?;
        Ok((signed, Outcome::Written { signed_by: Some(name.to_owned()) }))
    }
}

/// What is known of the signatures of a file that has some; `None` for files that may be written anew.
fn signatures_of(file: &[u8]) -> Option<Report> {
    if !matches!(sniff(file), Ok(Kind::Pdf)) {
        return None;
    }
    let report = validate(file, &[]);
    let is_signed = match report.verdict {
        Verdict::NotSigned => false,
        // What cannot be judged but may be signed is not rewritten either.
        Verdict::Unreadable => file.windows(10).any(|bytes| bytes == b"/ByteRange"),
        Verdict::Intact | Verdict::Changed | Verdict::IntactSignerUnknown => true,
    };
    is_signed.then_some(report)
}

fn written(opened: &[Opened], texts: &[PageText], metadata: &Metadata) -> Result<Vec<u8>, Refused> {
    let unwritable = |what: String| Refused::Unwritable { what };
    let pages = opened
        .iter()
        .zip(texts)
        .map(|(opened, text)| {
            let page = &opened.page;
            let (width, height, dpi, turn) = (page.width, page.height, page.dpi, page.turn);
            archive::page(&Sheet { image: &page.image, width, height, dpi, turn, text })
        })
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unwritable(error.to_string()))?;
    pdf::archive::write(&pages, metadata).map_err(|error| unwritable(error.to_string()))
}

fn refused(error: scan::worker::Error) -> Refused {
    match error {
        scan::worker::Error::Rejected(why) => Refused::File(why),
        scan::worker::Error::NoWorker { what } => Refused::NoWorker { what },
    }
}

fn timed<T>(into_ms: &mut u64, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    *into_ms = millis(begun);
    done
}

fn millis(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
