//! Printed forms: a template and its data become an archival PDF, always the same bytes for the
//! same input, and the places kept free for signatures, seal, number and day.
//! Which form serves which act, and what its data are, is the caller's knowledge.

mod letters;
pub mod limited;
mod qr;
mod world;

use std::thread;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use typst::WorldExt;
use typst::comemo;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Content, Datetime, Dict, Label, Selector, Smart, Value as Known};
use typst::introspection::{Introspector, MetadataElem};
use typst::utils::PicoStr;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use unicode_normalization::UnicodeNormalization;

use world::Desk;

pub use qr::drawing as qr_code;

/// More pages than this are refused: no register of the office is that long, a wrong loop is.
pub const MAX_PAGES: usize = 200;
/// Bytes of a template.
pub const MAX_SOURCE: usize = 256 << 10;
/// Bytes of the data as JSON.
pub const MAX_DATA: usize = 2 << 20;

/// Deeply nested content needs more stack than a worker thread of a runtime has.
const STACK: usize = 64 << 20;
/// Renderings after which an unused intermediate result is forgotten.
const MEMORY: usize = 8;

/// Why a form was not printed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `form.toml` does not say what a form must say.
    #[error("description of the form")]
    About(#[from] toml::de::Error),
    /// The template or the data is larger than [`MAX_SOURCE`] or [`MAX_DATA`].
    #[error("{what} of {bytes} bytes is more than {most}")]
    TooLarge { what: &'static str, bytes: usize, most: usize },
    /// A field that the law wants in the QR code is absent from the data.
    #[error("form `{form}`: `{key}` belongs in the QR code and is not in the data")]
    QrField { form: String, key: String },
    /// The QR fields together are longer than a code can carry.
    #[error("{bytes} bytes do not fit into a QR code")]
    QrTooLong { bytes: usize },
    /// The template is wrong, or the data are not what it expects.
    #[error("form `{form}`, `{file}` line {line}: {message}")]
    Template { form: String, file: String, line: usize, message: String },
    /// More pages than [`MAX_PAGES`].
    #[error("form `{form}` makes {pages} pages, more than {MAX_PAGES}")]
    TooManyPages { form: String, pages: usize },
    /// A slot without name or size, twice the same, or not on its page.
    #[error("form `{form}`: slot `{name}` {fault}")]
    Slot { form: String, name: String, fault: &'static str },
    /// The document cannot be written as PDF/A.
    #[error("form `{form}` cannot be archived: {message}")]
    Archive { form: String, message: String },
    /// The typesetter gave up in a way it should not.
    #[error("form `{form}`: the typesetter failed")]
    Crashed { form: String },
    /// The child that typeset it was ended: by its bounds, or by its own fault.
    #[error("form `{form}` takes more time or memory than a form may")]
    TooHard { form: String },
    /// The child said no in words, or there is none.
    #[error("form `{form}`: {message}")]
    Refused { form: String, message: String },
}

/// Sheet size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paper {
    #[serde(rename = "a4", alias = "A4")]
    A4,
    #[serde(rename = "a5", alias = "A5")]
    A5,
}

/// What `form.toml` says about a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Name of the folder, unique among the forms.
    pub code: String,
    /// Vietnamese name of the paper.
    pub name: String,
    /// The law that prescribes it, in the words of a citation.
    pub legal_basis: Vec<String>,
    /// First day it is used.
    pub valid_from: Date,
    /// Last day it is used; open when absent.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Sheet.
    pub paper: Paper,
    /// Code of the one agency it belongs to; empty for all.
    #[serde(default)]
    pub agency: String,
    /// Keys of the data that go into the QR code, in order; none for a paper without a code.
    #[serde(default)]
    pub qr: Vec<String>,
}

/// A form: its description and its template.
#[derive(Debug, Clone)]
pub struct Form {
    about: About,
    source: String,
}

impl Form {
    /// Takes the texts of `form.toml` and `form.typ`. The template is not tried here.
    pub fn new(about: &str, source: String) -> Result<Self, Error> {
        limit("template", source.len(), MAX_SOURCE)?;
        Ok(Self { about: toml::from_str(about)?, source })
    }

    /// The same form with another template, which is not tried here either.
    pub fn with_source(&self, source: String) -> Result<Self, Error> {
        limit("template", source.len(), MAX_SOURCE)?;
        Ok(Self { about: self.about.clone(), source })
    }

    /// The template.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What the form says about itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Whether the form is in use on a day.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.about.valid_from <= day && self.about.valid_to.is_none_or(|last| day <= last)
    }
}

/// Room kept free on a page, in PDF user space: points, from the lower left corner of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// What goes there: `ky`, `dau`, `so`, `ngay`, or a name of the form's own.
    pub name: String,
    /// Page, from 1.
    pub page: usize,
    /// Left edge.
    pub x_pt: f64,
    /// Lower edge.
    pub y_pt: f64,
    pub width_pt: f64,
    pub height_pt: f64,
}

/// A printed form.
#[derive(Debug, Clone)]
pub struct Printed {
    /// PDF/A-2b.
    pub pdf: Vec<u8>,
    /// Number of pages, 1 to [`MAX_PAGES`].
    pub pages: usize,
    /// In the order of the page.
    pub slots: Vec<Slot>,
}

/// Typesets a form with its data; `at` is the time that the file will carry, shown at UTC+7.
///
/// The same input gives the same bytes. Blocking, and as long as the template makes it: loops
/// and recursion are bounded by the language, the rest by the caller, who runs this where it may
/// block. Text of the data is brought to NFC and to letters that can be printed, and never read as
/// markup.
pub fn render(form: &Form, data: &Value, at: jiff::Timestamp) -> Result<Printed, Error> {
    let crashed = || Error::Crashed { form: form.about.code.clone() };
    let data_text = letters::legible(data).to_string();
    limit("data", data_text.len(), MAX_DATA)?;
    let local = at.to_zoned(TimeZone::fixed(jiff::tz::offset(7)));
    let datetime = Datetime::from_ymd_hms(
        i32::from(local.year()),
        local.month().unsigned_abs(),
        local.day().unsigned_abs(),
        local.hour().unsigned_abs(),
        local.minute().unsigned_abs(),
        local.second().unsigned_abs(),
    )
    .ok_or_else(crashed)?;

    let code = qr::text(form, data)?.nfc().collect::<String>();
    let about = serde_json::to_string(&form.about).map_err(|_| crashed())?;
    let desk = Desk::new(form.source.clone(), about, data_text, qr::drawing(&code)?, datetime);

    // Its own thread: for the stack, and so that a panic of the typesetter ends here.
    thread::scope(|scope| {
        thread::Builder::new()
            .name("print".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || typeset(form, &desk, datetime))
            .map_err(|_| crashed())?
            .join()
            .map_err(|_| crashed())?
    })
}

fn typeset(form: &Form, desk: &Desk, at: Datetime) -> Result<Printed, Error> {
    let Warned { output, .. } = typst::compile::<PagedDocument>(desk);
    comemo::evict(MEMORY);
    let document = output.map_err(|faults| template_error(form, desk, &faults))?;
    let pages = document.pages().len();
    if pages > MAX_PAGES {
        return Err(Error::TooManyPages { form: form.about.code.clone(), pages });
    }

    let slots = slots(form, &document)?;
    let pdf = archive(form, desk, &document, at)?;
    Ok(Printed { pdf, pages, slots })
}

// PDF/A is what the archive takes.
// law: ND30-2020/PL1
fn archive(form: &Form, desk: &Desk, document: &PagedDocument, at: Datetime) -> Result<Vec<u8>, Error> {
    let refused = |message: String| Error::Archive { form: form.about.code.clone(), message };
    let standards =
        PdfStandards::new(&[PdfStandard::A_2b]).map_err(|fault| refused(fault.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(form.about.code.clone()),
        creator: Smart::Custom(Some("Một Cửa".to_owned())),
        timestamp: Timestamp::new_local(at, 7 * 60),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|faults| {
        let Error::Template { message, .. } = template_error(form, desk, &faults) else {
            return Error::Crashed { form: form.about.code.clone() };
        };
        refused(message)
    })
}

/// The first fault, with its place, and the typesetter's hints behind it.
fn template_error(form: &Form, desk: &Desk, faults: &[SourceDiagnostic]) -> Error {
    let crashed = Error::Crashed { form: form.about.code.clone() };
    let Some(fault) = faults.first() else {
        return crashed;
    };

    // A fault inside our library is shown where the form called it.
    let spans = std::iter::once(fault.span).chain(fault.trace.iter().map(|point| point.span.into()));
    let mut place = (String::from("form.typ"), 0);
    for span in spans {
        let Some(found) = line_of(desk, span) else {
            continue;
        };
        let in_form = found.0 == "form.typ";
        if place.1 == 0 || in_form {
            place = found;
        }
        if in_form {
            break;
        }
    }

    let mut message = fault.message.to_string();
    for hint in &fault.hints {
        message.push_str("; ");
        message.push_str(&hint.v);
    }
    Error::Template { form: form.about.code.clone(), file: place.0, line: place.1, message }
}

/// File name and line, from 1, of a span.
fn line_of(desk: &Desk, span: typst::syntax::DiagSpan) -> Option<(String, usize)> {
    use typst::World as _;
    let id = span.id()?;
    let range = desk.range(span)?;
    let line = desk.source(id).ok()?.lines().byte_to_line(range.start)?;
    Some((id.vpath().get_without_slash().to_owned(), line + 1))
}

/// The places marked by `#slot(..)` in the template.
fn slots(form: &Form, document: &PagedDocument) -> Result<Vec<Slot>, Error> {
    let label = Label::new(PicoStr::constant("slot")).expect("the name is not empty");
    let mut slots: Vec<Slot> = Vec::new();
    for element in document.introspector().query(&Selector::Label(label)) {
        let fault =
            |name: &str, fault| Error::Slot { form: form.about.code.clone(), name: name.to_owned(), fault };
        let Some(Known::Dict(said)) = element.to_packed::<MetadataElem>().map(|m| &m.value) else {
            return Err(fault("", "is not a place made by `slot`"));
        };
        let Ok(Known::Str(name)) = said.get("name") else {
            return Err(fault("", "has no name"));
        };
        let slot = placed(document, &element, name, said).map_err(|why| fault(name, why))?;
        if slots.iter().any(|other| other.name == slot.name) {
            return Err(fault(name, "is there twice"));
        }
        slots.push(slot);
    }
    Ok(slots)
}

/// Where one marked place came to lie, turned from the typesetter's coordinates into PDF's.
fn placed(
    document: &PagedDocument,
    element: &Content,
    name: &str,
    said: &Dict,
) -> Result<Slot, &'static str> {
    let (Some(width_pt), Some(height_pt)) = (number(said, "width"), number(said, "height")) else {
        return Err("has no size");
    };
    let position = element
        .location()
        .and_then(|location| document.introspector().position(location))
        .ok_or("has no place")?;

    let page = position.page.get();
    let sheet = document.pages().get(page - 1).ok_or("has no page")?.frame.size();
    let (x_pt, top) = (position.point.x.to_pt(), position.point.y.to_pt());
    let y_pt = sheet.y.to_pt() - top - height_pt;
    if x_pt < 0.0 || y_pt < 0.0 || top < 0.0 || x_pt + width_pt > sheet.x.to_pt() {
        return Err("is not on its page");
    }
    Ok(Slot { name: name.to_owned(), page, x_pt, y_pt, width_pt, height_pt })
}

fn number(said: &Dict, key: &str) -> Option<f64> {
    match said.get(key) {
        Ok(Known::Float(points)) if *points > 0.0 && points.is_finite() => Some(*points),
        _ => None,
    }
}

fn limit(what: &'static str, bytes: usize, most: usize) -> Result<(), Error> {
    if bytes > most {
        return Err(Error::TooLarge { what, bytes, most });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
