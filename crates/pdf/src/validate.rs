//! Judges a signed PDF: whether each signature holds over exactly one whole revision, who signed,
//! and what was changed afterwards. Fails closed: what is not known to be harmless is a change.
//!
//! Not judged here: revocation of certificates, and whether a PDF/A claim is true.

mod byte_range;
pub(crate) mod crypto;
mod difference;
mod sentences;

use crate::certificate::Certificate;
use crate::form::Form;
use crate::object::{Dict, Object};
use crate::read::{self, Document};
use crate::sign::{Lock, strictest};
use byte_range::Covered;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// Signatures looked at in one file.
const MAX_SIGNATURES: usize = 100;

/// What is known of a file.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub verdict: Verdict,
    /// Number of pages, when the page tree is whole.
    pub pages: Option<usize>,
    /// Such as `2B`: claimed by the file, not checked.
    pub pdfa_claim: Option<String>,
    /// In the order of signing.
    pub signatures: Vec<SignatureReport>,
    /// Faults of the file as a whole.
    pub problems: Vec<Problem>,
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every signature holds, every signer is trusted, nothing but signatures and proof came after.
    Intact,
    /// Changed after signing, or a signature is broken.
    Changed,
    /// Not a PDF, or one that cannot be judged.
    Unreadable,
    /// As `Intact`, but a signer is not known.
    IntactSignerUnknown,
    NotSigned,
}

impl Verdict {
    /// Exit code of the command line.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Intact => 0,
            Self::Changed => 1,
            Self::Unreadable => 2,
            Self::IntactSignerUnknown => 3,
            Self::NotSigned => 4,
        }
    }
}

/// One signature or document time stamp.
#[derive(Debug, Clone, Serialize)]
pub struct SignatureReport {
    /// Name of the form field.
    pub field: String,
    pub kind: Kind,
    pub signer: Option<Signer>,
    /// As the signer claims, or as a time stamp says.
    pub time: Option<Timestamp>,
    /// Whether it covers the file to its end, or only an earlier revision.
    pub covers: Covers,
    /// The signed bytes and the signature over them hold.
    pub intact: bool,
    /// The signer's certificate leads to a trusted one and was valid at the claimed time.
    pub trusted: bool,
    /// What came after it.
    pub after: Changes,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Warning>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Signature,
    TimeStamp,
}

/// Who signed, as the certificate says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signer {
    pub name: String,
    pub issuer: String,
    pub serial: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    WholeFile,
    /// An earlier revision: the first `bytes` of the file.
    Revision {
        bytes: usize,
    },
    /// No whole revision; the signature protects nothing that can be named.
    Nothing,
}

/// What was done after a signature; each is graver than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changes {
    Nothing,
    /// Material to check signatures later, time stamps, metadata.
    Proof,
    Signatures,
    /// Values of form fields.
    FormFilled,
    /// Anything else.
    Other,
}

/// A reason not to accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The structure does not make sense; the reason is for the log.
    Structure(String),
    Encrypted,
    HybridXref,
    BrokenPages,
    TrailingBytes,
    /// A signature that no form field shows, or that was taken out of the form.
    OrphanSignature,
    /// ByteRange is missing, malformed, or leaves out more than the signature itself.
    ByteRange,
    /// The signed bytes do not end where a revision ends.
    NotARevision,
    /// Two fields claim the same signature or the same revision.
    SharedSignature,
    UnknownFormat,
    BrokenMessage(String),
    WeakAlgorithm,
    UnknownAlgorithm,
    /// The signed bytes are not those that were signed.
    DigestMismatch,
    SignatureMismatch,
    NoSignerCertificate,
    /// The certificate is not made for signing, or not the one that was meant.
    WrongCertificate,
    ChangedAfterwards,
}

/// Something to know that does not break the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// A form field's value was changed after this signature.
    FormFieldChanged,
    /// A later signature's mark covers much of a page.
    LargeMarkAfterwards,
    MetadataChanged,
    NoTime,
}

/// Judges a file. `trust` holds the certificates of accepted authorities.
pub fn validate(bytes: &[u8], trust: &[Certificate]) -> Report {
    let document = match read::open(bytes) {
        Ok(document) => document,
        Err(error) => return unreadable(Problem::Structure(error.to_string())),
    };
    if document.is_encrypted() {
        return unreadable(Problem::Encrypted);
    }
    if document.is_hybrid() {
        return unreadable(Problem::HybridXref);
    }
    let form = match Form::read(&document) {
        Ok(form) => form,
        Err(error) => return unreadable(Problem::Structure(error.to_string())),
    };
    let mut report = Report {
        verdict: Verdict::NotSigned,
        pages: document.page_count().ok(),
        pdfa_claim: document.pdfa_claim(),
        signatures: Vec::new(),
        problems: Vec::new(),
    };
    if report.pages.is_none() {
        report.problems.push(Problem::BrokenPages);
    }
    if form.fields.iter().filter(|field| field.is_signed()).count() > MAX_SIGNATURES {
        return unreadable(Problem::Structure("too many signatures".to_owned()));
    }
    let mut found = byte_range::signatures(&document, &form);
    if byte_range::has_orphan(&document, &found) {
        report.problems.push(Problem::OrphanSignature);
    }
    if found.is_empty() {
        report.verdict = match report.problems.as_slice() {
            [] => Verdict::NotSigned,
            [Problem::BrokenPages] => Verdict::Unreadable,
            _ => Verdict::Changed,
        };
        return report;
    }
    if document.has_trailing_bytes() {
        report.problems.push(Problem::TrailingBytes);
    }
    found.sort_by_key(|signature| signature.covered.as_ref().map_or(usize::MAX, |covered| covered.end));
    mark_shared(&mut found);
    let covered = found.iter().filter_map(|signature| signature.covered.as_ref());
    let first = covered.map(|covered| covered.revision).min().unwrap_or(document.sections.len());
    let history = difference::History::of(&document, first);
    report.signatures = found.iter().map(|found| assess(&document, found, &history, trust)).collect();
    report.verdict = conclude(&report);
    report
}

fn unreadable(problem: Problem) -> Report {
    Report {
        verdict: Verdict::Unreadable,
        pages: None,
        pdfa_claim: None,
        signatures: Vec::new(),
        problems: vec![problem],
    }
}

/// Two signatures over the same revision cannot both be what they seem.
fn mark_shared(found: &mut [byte_range::Found]) {
    let mut ends = BTreeSet::new();
    let mut dictionaries = BTreeSet::new();
    for signature in found {
        let new_end = signature.covered.as_ref().is_none_or(|covered| ends.insert(covered.end));
        let new_dictionary = signature.reference.is_none_or(|reference| dictionaries.insert(reference));
        if !new_end || !new_dictionary {
            signature.problems.push(Problem::SharedSignature);
        }
    }
}

fn assess(
    document: &Document<'_>,
    found: &byte_range::Found,
    history: &difference::History,
    trust: &[Certificate],
) -> SignatureReport {
    let mut report = SignatureReport {
        field: found.field.clone(),
        kind: found.kind,
        signer: None,
        time: found.claimed_time,
        covers: Covers::Nothing,
        intact: false,
        trusted: false,
        after: Changes::Other,
        problems: found.problems.clone(),
        warnings: Vec::new(),
    };
    let Some(covered) = &found.covered else { return report };
    let last = document.bytes[covered.end..].iter().all(|byte| crate::object::is_space(*byte));
    report.covers = if last { Covers::WholeFile } else { Covers::Revision { bytes: covered.end } };
    check_crypto(document, found, covered, trust, &mut report);
    let after = history.after(covered.revision);
    report.after = strict(document, &found.dict, after.changes);
    report.warnings.extend(&after.warnings);
    if report.after == Changes::Other {
        report.problems.push(Problem::ChangedAfterwards);
    }
    if report.time.is_none() {
        report.warnings.push(Warning::NoTime);
    }
    report.intact = !report.problems.iter().any(|problem| *problem != Problem::ChangedAfterwards);
    report
}

fn check_crypto(
    document: &Document<'_>,
    found: &byte_range::Found,
    covered: &Covered,
    trust: &[Certificate],
    report: &mut SignatureReport,
) {
    let ranges = [&document.bytes[..covered.gap.start], &document.bytes[covered.gap.end..covered.end]];
    let judged = crypto::judge(&found.contents, found.kind, ranges);
    if let Some(problem) = judged.problem {
        report.problems.push(problem);
    }
    report.time = judged.stamped.or(report.time);
    if let Some(signer) = &judged.signer {
        report.trusted =
            report.time.is_some_and(|time| crypto::is_trusted(signer, &judged.others, trust, time));
        report.signer = Some(Signer {
            name: signer.subject_common_name().to_owned(),
            issuer: signer.issuer_common_name().to_owned(),
            serial: signer.serial().to_owned(),
            not_before: signer.not_before(),
            not_after: signer.not_after(),
        });
    }
}

/// What a signature itself forbids afterwards makes a harmless change a grave one.
fn strict(document: &Document<'_>, signature: &Dict, changes: Changes) -> Changes {
    match strictest(document, signature) {
        Ok(Lock::None) => changes,
        Ok(Lock::NoChanges) if changes <= Changes::Proof => changes,
        Ok(Lock::AllFields | Lock::SomeFields) if changes <= Changes::Signatures => changes,
        _ => Changes::Other,
    }
}

fn conclude(report: &Report) -> Verdict {
    let problems = || report.problems.iter().chain(report.signatures.iter().flat_map(|s| &s.problems));
    // What cannot be read is not called changed, unless something else shows that it was.
    let only_unreadable = problems().all(|problem| {
        matches!(
            problem,
            Problem::UnknownFormat
                | Problem::BrokenMessage(_)
                | Problem::UnknownAlgorithm
                | Problem::BrokenPages
        )
    });
    if problems().next().is_some() {
        return if only_unreadable { Verdict::Unreadable } else { Verdict::Changed };
    }
    if report.signatures.iter().all(|signature| signature.trusted) {
        Verdict::Intact
    } else {
        Verdict::IntactSignerUnknown
    }
}

/// A signature dictionary's own claim of time.
pub(crate) fn claimed_time(dict: &Dict) -> Option<Timestamp> {
    let text = dict.get(b"M").and_then(Object::as_text)?;
    pdf_date(&crate::form::text(text))
}

/// Reads `D:YYYYMMDDHHmmSS+07'00'`; a missing zone counts as Vietnam's.
fn pdf_date(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix("D:").unwrap_or(text);
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let part = |from: usize, missing: i16| number(from, from + 2).unwrap_or(missing) as i8;
    let date = jiff::civil::DateTime::new(
        number(0, 4)?,
        part(4, 1),
        part(6, 1),
        part(8, 0),
        part(10, 0),
        part(12, 0),
        0,
    );
    let seconds = match digits.get(14..).unwrap_or_default() {
        "" => 7 * 3600,
        zone => {
            let sign = match zone.as_bytes()[0] {
                b'Z' => 0,
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            let hours: i32 = zone.get(1..3).and_then(|h| h.parse().ok()).unwrap_or(0);
            let minutes: i32 = zone.get(4..6).and_then(|m| m.parse().ok()).unwrap_or(0);
            sign * (hours * 3600 + minutes * 60)
        }
    };
    let offset = jiff::tz::Offset::from_seconds(seconds).ok()?;
    offset.to_timestamp(date.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::pdf_date;

    #[test]
    fn pdf_dates_are_read_with_their_zone() {
        let read = |text: &str| pdf_date(text).map(|time| time.to_string());
        assert_eq!(read("D:20261121100405+07'00'").as_deref(), Some("2026-11-21T03:04:05Z"));
        assert_eq!(read("D:20261121030405Z").as_deref(), Some("2026-11-21T03:04:05Z"));
        assert_eq!(read("D:20261121").as_deref(), Some("2026-11-20T17:00:00Z"));
        assert_eq!(read("D:20261399"), None);
        assert_eq!(read("tháng"), None);
    }
}
