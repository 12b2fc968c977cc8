//! What is told of a digitised file: as JSON beside it, and in sentences at the terminal.

use std::path::Path;

use scan::extract::{Doubt, Field};
use scan::intake::{DpiSource, Origin};
use scan::recognise::Warning;
use scan::worker::Opened;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::paper::{Digitised, Outcome, Refused, Timings};

/// The report of one file.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Raised when a name or a meaning changes.
    version: u32,
    input: FileReport,
    output: FileReport,
    /// `digitised`, or `kept_signed` where the file came signed and is the same, byte for byte.
    outcome: &'static str,
    signed_by: Option<String>,
    /// What is known of the signatures the file came with.
    signatures: Option<pdf::validate::Report>,
    paper_type: PaperType,
    n_words: usize,
    pages: Vec<PageReport>,
    fields: Vec<FieldReport>,
    timings: Timings,
}

#[derive(Debug, Serialize)]
pub(crate) struct FileReport {
    name: String,
    bytes: usize,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct PaperType {
    kind: scan::extract::PaperKind,
    name: &'static str,
    confidence: f32,
}

#[derive(Debug, Serialize)]
struct PageReport {
    number: usize,
    /// Pixels of the page as it stands upright; boxes refer to it.
    width: u32,
    height: u32,
    dpi: u32,
    dpi_source: DpiSource,
    origin: Origin,
    turned_degrees: u32,
    /// By how much more it should be turned, where the reading says so.
    turn_proposed_degrees: Option<u32>,
    skew_degrees: f32,
    n_words: usize,
    confidence: f32,
    non_syllable_share: f32,
    warnings: Vec<Told<Warning>>,
}

#[derive(Debug, Serialize)]
struct FieldReport {
    key: scan::extract::FieldKey,
    name: &'static str,
    value: String,
    confidence: f32,
    /// Counts from 1.
    page: u32,
    /// Left, top, right, bottom in pixels of the upright page.
    #[serde(rename = "box")]
    rect: scan::geometry::Rect,
    doubts: Vec<Told<Doubt>>,
}

/// Something to know, for a program and for a person.
#[derive(Debug, Serialize)]
struct Told<T> {
    code: T,
    text: String,
}

impl FileReport {
    pub(crate) fn new(path: &Path, bytes: &[u8]) -> Self {
        Self {
            name: path.to_string_lossy().into_owned(),
            bytes: bytes.len(),
            sha256: hex::encode(Sha256::digest(bytes)),
        }
    }
}

impl Report {
    pub(crate) fn new(input: FileReport, output: &Path, digitised: &Digitised) -> Self {
        let (outcome, signed_by, signatures) = match &digitised.outcome {
            Outcome::Written { signed_by } => ("digitised", signed_by.clone(), None),
            Outcome::KeptSigned { report } => ("kept_signed", None, Some(report.as_ref().clone())),
        };
        let guess = &digitised.extracted.paper_type;
        let pages: Vec<PageReport> = digitised
            .opened
            .iter()
            .zip(&digitised.texts)
            .enumerate()
            .map(|(index, (opened, text))| page_report(index + 1, opened, text))
            .collect();
        Self {
            version: 1,
            input,
            output: FileReport::new(output, &digitised.pdf),
            outcome,
            signed_by,
            signatures,
            paper_type: PaperType {
                kind: guess.kind,
                name: guess.kind.in_vietnamese(),
                confidence: guess.confidence,
            },
            n_words: pages.iter().map(|page| page.n_words).sum(),
            pages,
            fields: digitised.extracted.fields.iter().map(field_report).collect(),
            timings: digitised.timings,
        }
    }

    /// What a person at the terminal is told.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut out = vec![format!(
            "✓ {} → {}: {} trang, {} từ, độ tin cậy {:.0} %.",
            self.input.name,
            self.output.name,
            self.pages.len(),
            self.n_words,
            self.confidence() * 100.0
        )];
        if let Some(signatures) = &self.signatures {
            out.push("  Tệp đã ký số từ trước nên được giữ nguyên từng byte, chỉ đọc nội dung.".to_owned());
            out.push(format!("  {}", signatures.verdict.sentence()));
        }
        if let Some(name) = &self.signed_by {
            out.push(format!("  Đã ký số: {name}."));
        }
        if self.paper_type.confidence > 0.0 {
            out.push(format!("  Có vẻ là: {}.", self.paper_type.name));
        }
        for field in &self.fields {
            let doubts: Vec<&str> = field.doubts.iter().map(|doubt| doubt.text.as_str()).collect();
            let doubts = if doubts.is_empty() {
                String::new()
            } else {
                format!("  (xem lại: {})", doubts.join("; "))
            };
            out.push(format!("  {}: {}{doubts}", field.name, field.value));
        }
        for page in &self.pages {
            for warning in &page.warnings {
                out.push(format!("  Lưu ý trang {}: {}.", page.number, warning.text));
            }
        }
        out
    }

    /// The mean over pages, weighted by their words.
    fn confidence(&self) -> f32 {
        let sum: f32 = self.pages.iter().map(|page| page.confidence * page.n_words as f32).sum();
        if self.n_words == 0 { 0.0 } else { sum / self.n_words as f32 }
    }
}

fn page_report(number: usize, opened: &Opened, text: &scan::recognise::PageText) -> PageReport {
    let page = &opened.page;
    let (width, height) = page.turned_size();
    PageReport {
        number,
        width,
        height,
        dpi: page.dpi,
        dpi_source: page.dpi_source,
        origin: page.origin,
        turned_degrees: page.turn.degrees(),
        turn_proposed_degrees: text.turn_proposed.map(scan::geometry::Turn::degrees),
        skew_degrees: text.skew_degrees,
        n_words: text.words.len(),
        confidence: text.quality.text_confidence,
        non_syllable_share: text.quality.non_syllable_share,
        warnings: text
            .quality
            .warnings
            .iter()
            .map(|warning| Told { code: *warning, text: warning.in_vietnamese().to_owned() })
            .collect(),
    }
}

fn field_report(field: &Field) -> FieldReport {
    FieldReport {
        key: field.key,
        name: field.key.in_vietnamese(),
        value: field.value.clone(),
        confidence: field.confidence,
        page: field.page + 1,
        rect: field.rect,
        doubts: field
            .doubts
            .iter()
            .map(|doubt| Told { code: doubt.clone(), text: doubt.in_vietnamese() })
            .collect(),
    }
}

/// A file that was refused, for programs.
#[derive(Debug, Serialize)]
pub(crate) struct RefusedReport {
    input: String,
    refused: String,
    message: String,
}

impl RefusedReport {
    pub(crate) fn new(input: &Path, refused: &Refused) -> Self {
        Self {
            input: input.to_string_lossy().into_owned(),
            refused: refused.code(),
            message: refused.to_string(),
        }
    }

    pub(crate) fn sentence(&self) -> String {
        format!("✗ {}: {}", self.input, self.message)
    }
}
