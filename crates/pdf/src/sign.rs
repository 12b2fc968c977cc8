//! PAdES baseline B signatures in two steps, so that the key may be elsewhere: `prepare` appends
//! everything but the signature, `Prepared::finish` puts it in. The original bytes stay a verbatim
//! prefix. What would break an earlier signature is refused before anything is written.

use crate::certificate::Certificate;
use crate::cms;
use crate::error::{Error, Refusal, Result};
use crate::form::{Form, text_object};
use crate::key::{Algorithm, Key};
use crate::object::{Dict, Object, Ref};
use crate::read::{self, Document, Page};
use crate::stamp::{self, VisibleMark};
use crate::update::{Change, Increment, hex, spliced, with_item};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::ops::Range;

/// Characters that each of the three numbers of a ByteRange has room for.
const RANGE_DIGITS: usize = 10;

/// What to say in and on the signature.
#[derive(Debug, Clone)]
pub struct SignRequest {
    /// The moment of signing as the signer claims it.
    pub at: Timestamp,
    /// Why: shown by PDF readers.
    pub reason: Option<String>,
    /// Where: shown by PDF readers.
    pub location: Option<String>,
    /// Name of the new signature field; the first free number is added to it. No dots.
    pub field_name: String,
    /// What is seen, all on one page; none signs without a trace. A clerk's seal has three: the seal,
    /// the number and the date, each in its own place.
    pub marks: Vec<VisibleMark>,
}

impl SignRequest {
    /// A signature that is not seen on any page.
    pub fn invisible(at: Timestamp) -> Self {
        Self { at, reason: None, location: None, field_name: "ChuKy".to_owned(), marks: Vec::new() }
    }

    /// A signature with a mark.
    pub fn marked(at: Timestamp, mark: VisibleMark) -> Self {
        Self { marks: vec![mark], ..Self::invisible(at) }
    }
}

/// A file that waits for its signature.
#[derive(Debug)]
pub struct Prepared {
    bytes: Vec<u8>,
    /// The Contents string with its angle brackets.
    gap: Range<usize>,
    attributes: Vec<u8>,
    certificates: Vec<Vec<u8>>,
}

/// Signs in one call.
pub fn sign(original: &[u8], key: &Key, request: &SignRequest) -> Result<Vec<u8>> {
    let prepared = prepare(original, key.certificate(), key.chain(), request)?;
    let signature = key.sign(prepared.attributes())?;
    prepared.finish(key.algorithm(), &signature)
}

/// Appends signature field, mark and placeholder, and computes what is to be signed.
pub fn prepare(
    original: &[u8],
    certificate: &Certificate,
    chain: &[Certificate],
    request: &SignRequest,
) -> Result<Prepared> {
    if !certificate.is_valid_at(request.at) {
        return Err(Refusal::CertificateNotValid.into());
    }
    let document = read::open(original)?;
    let (form, pages) = classify(&document)?;
    let certificates: Vec<Vec<u8>> =
        std::iter::once(certificate).chain(chain).map(|certificate| certificate.der().to_vec()).collect();
    let room = (certificates.iter().map(Vec::len).sum::<usize>() + 2_048).max(8_192);

    let mut increment = Increment::new(&document);
    let value = Value::new(request, certificate, room);
    let signature = increment.add(value.body.clone());
    let drawn = stamp::draw_all(&request.marks, &document, &pages, &mut increment)?;
    let page = &pages[drawn.as_ref().map_or(0, |drawn| drawn.page)];
    let field = increment.add(widget(request, &form, page, signature, drawn.as_ref())?);
    add_to_page(&document, &mut increment, page, field)?;
    add_to_form(&document, &mut increment, field)?;
    let salt = format!("{}{}", request.at, certificate.serial());
    let appended = increment.finish(&salt)?;

    let body = appended.bodies[&signature];
    let mut bytes = appended.bytes;
    let gap = body + value.contents.start..body + value.contents.end;
    let ranges = format!("{:<10} {:<10} {:<10}", gap.start, gap.end, bytes.len() - gap.end);
    let from = body + value.range_digits;
    bytes[from..from + ranges.len()].copy_from_slice(ranges.as_bytes());
    let mut hash = Sha256::new();
    hash.update(&bytes[..gap.start]);
    hash.update(&bytes[gap.end..]);
    let attributes =
        cms::attributes(&hash.finalize(), certificate.der(), &Sha256::digest(certificate.der()))?;
    Ok(Prepared { bytes, gap, attributes, certificates })
}

impl Prepared {
    /// The DER bytes to sign (with SHA-256).
    pub fn attributes(&self) -> &[u8] {
        &self.attributes
    }

    /// Puts the signature in and gives the signed file.
    pub fn finish(mut self, algorithm: Algorithm, signature: &[u8]) -> Result<Vec<u8>> {
        let certificates: Vec<&[u8]> = self.certificates.iter().map(Vec::as_slice).collect();
        let message = cms::message(&self.attributes, algorithm, signature, &certificates)?;
        let digits = hex(&message);
        let room = self.gap.len() - 2;
        if digits.len() > room {
            return Err(Error::Room { needed: message.len(), room: room / 2 });
        }
        let from = self.gap.start + 1;
        self.bytes[from..from + digits.len()].copy_from_slice(digits.as_bytes());
        Ok(self.bytes)
    }
}

/// Says why a file must not be signed, or gives its form and pages.
fn classify(document: &Document<'_>) -> Result<(Form, Vec<Page>)> {
    if document.is_encrypted() {
        return Err(Refusal::Encrypted.into());
    }
    if document.is_hybrid() {
        return Err(Refusal::HybridXref.into());
    }
    if document.has_trailing_bytes() {
        return Err(Refusal::TrailingBytes.into());
    }
    let pages = document.pages().map_err(|_| Refusal::BrokenPages)?;
    let form = Form::read(document)?;
    if form.dict.get(b"XFA").is_some() {
        return Err(Refusal::Xfa.into());
    }
    for field in form.fields.iter().filter(|field| field.is_signed()) {
        let value = field.value.clone().unwrap_or(Object::Null);
        let Some(signature) = document.resolve(&value)?.as_dict().cloned() else { continue };
        match strictest(document, &signature)? {
            Lock::NoChanges => return Err(Refusal::CertifiedNoChanges.into()),
            Lock::AllFields => return Err(Refusal::FieldsLocked.into()),
            Lock::SomeFields | Lock::None => {}
        }
    }
    Ok((form, pages))
}

/// What a signature forbids afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    None,
    SomeFields,
    AllFields,
    NoChanges,
}

/// The strictest of the transforms a signature dictionary refers to.
pub(crate) fn strictest(document: &Document<'_>, signature: &Dict) -> Result<Lock> {
    let mut lock = Lock::None;
    let Some(Object::Array(references)) = document.value(signature, b"Reference")? else { return Ok(lock) };
    for reference in references.iter().take(64) {
        let reference = document.resolve(reference)?;
        let Some(reference) = reference.as_dict() else { continue };
        let parameters = document.dict(reference, b"TransformParams")?.unwrap_or_default();
        let method = document.value(reference, b"TransformMethod")?;
        let found = match method.as_ref().and_then(Object::as_name) {
            Some(b"DocMDP") if document.value(&parameters, b"P")?.and_then(|p| p.as_int()) == Some(1) => {
                Lock::NoChanges
            }
            Some(b"FieldMDP") => {
                match document.value(&parameters, b"Action")?.as_ref().and_then(Object::as_name) {
                    Some(b"Include") => Lock::SomeFields,
                    // "Exclude" locks every field it does not name, and a new field is never named.
                    _ => Lock::AllFields,
                }
            }
            _ => Lock::None,
        };
        lock = lock.max(found);
    }
    Ok(lock)
}

/// The signature dictionary with placeholders, and where they are in it.
struct Value {
    body: String,
    range_digits: usize,
    contents: Range<usize>,
}

impl Value {
    fn new(request: &SignRequest, certificate: &Certificate, room: usize) -> Self {
        let mut body = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached".to_owned();
        for (key, text) in [
            ("Name", Some(certificate.subject_common_name())),
            ("Reason", request.reason.as_deref()),
            ("Location", request.location.as_deref()),
        ] {
            if let Some(text) = text {
                // Writing into a String cannot fail.
                let _ = write!(body, "/{key} {}", text_object(text));
            }
        }
        let _ = write!(body, "/M({})", pdf_date(request.at));
        body.push_str("/ByteRange[0 ");
        let range_digits = body.len();
        body.push_str(&" ".repeat(3 * RANGE_DIGITS + 2));
        body.push_str("]/Contents");
        let from = body.len();
        body.push('<');
        body.push_str(&"0".repeat(room * 2));
        body.push('>');
        let contents = from..body.len();
        body.push_str(">>");
        Self { body, range_digits, contents }
    }
}

/// A PDF date in Vietnamese time.
fn pdf_date(at: Timestamp) -> String {
    at.to_zoned(stamp::vietnam()).strftime("D:%Y%m%d%H%M%S+07'00'").to_string()
}

fn widget(
    request: &SignRequest,
    form: &Form,
    page: &Page,
    signature: Ref,
    drawn: Option<&stamp::Drawn>,
) -> Result<String> {
    let wanted = request.field_name.trim();
    if wanted.is_empty() || wanted.contains('.') || wanted.chars().count() > 100 {
        return Err(Refusal::FieldName.into());
    }
    let taken = |name: &str| form.fields.iter().any(|field| field.name == name);
    // One more candidate than there are fields: one of them is free.
    let numbered = (1..=form.fields.len() + 1).map(|n| format!("{wanted}{n}")).find(|name| !taken(name));
    let name = numbered.ok_or(Refusal::FieldName)?;
    let (rect, appearance) = match drawn {
        Some(drawn) => {
            let [a, b, c, d] = drawn.rect;
            (format!("[{a:.2} {b:.2} {c:.2} {d:.2}]"), format!("/AP<</N {} 0 R>>", drawn.appearance.number))
        }
        None => ("[0 0 0 0]".to_owned(), String::new()),
    };
    Ok(format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T {}/F 132/Rect{rect}/P {} {} R/V {} 0 R{appearance}>>",
        text_object(&name),
        page.reference.number,
        page.reference.generation,
        signature.number
    ))
}

fn add_to_page(
    document: &Document<'_>,
    increment: &mut Increment<'_, '_>,
    page: &Page,
    field: Ref,
) -> Result<()> {
    let item = format!("{} 0 R", field.number);
    let fetched = document.fetch(page.reference)?;
    let annotations = page.dict.entry(b"Annots");
    match annotations.map(|entry| &entry.value) {
        Some(Object::Ref(array)) if document.resolve(&Object::Ref(*array))? != Object::Null => {
            extend_array(document, increment, *array, item)
        }
        Some(Object::Array(_)) => {
            let span = annotations.map(|entry| entry.span.clone()).unwrap_or_default();
            let longer = with_item(&document.source(&fetched)[span], &item);
            let longer =
                longer.ok_or_else(|| Error::object(page.reference.number, "has malformed Annots"))?;
            increment.splice(page.reference, &[("Annots", longer)])
        }
        _ => increment.splice(page.reference, &[("Annots", format!("[{item}]").into_bytes())]),
    }
}

/// Appends to an array that is an object of its own.
fn extend_array(
    document: &Document<'_>,
    increment: &mut Increment<'_, '_>,
    array: Ref,
    item: String,
) -> Result<()> {
    let fetched = document.fetch(array)?;
    let Object::Array(items) = &fetched.object else {
        return Err(Error::object(array.number, "is not an array of references"));
    };
    let mut refs = Vec::new();
    for entry in items {
        let Object::Ref(reference) = entry else {
            return Err(Error::object(array.number, "is not an array of references"));
        };
        refs.push(format!("{} {} R", reference.number, reference.generation));
    }
    refs.push(item);
    increment.set(array, format!("[{}]", refs.join(" ")));
    Ok(())
}

fn add_to_form(document: &Document<'_>, increment: &mut Increment<'_, '_>, field: Ref) -> Result<()> {
    let item = format!("{} 0 R", field.number);
    let root = document.root_ref().ok_or_else(|| Error::object("trailer", "has no Root"))?;
    let fetched_root = document.fetch(root)?;
    let root_dict =
        fetched_root.object.as_dict().ok_or_else(|| Error::object("Root", "is not a dictionary"))?;
    let entry = root_dict.entry(b"AcroForm");
    match entry.map(|entry| &entry.value) {
        Some(Object::Ref(form)) => {
            let fetched = document.fetch(*form)?;
            if let Object::Dict(dict) = &fetched.object {
                let changes = form_changes(document, increment, document.source(&fetched), dict, item)?;
                increment.set(*form, spliced(document.source(&fetched), dict, &changes));
                return Ok(());
            }
        }
        Some(Object::Dict(dict)) => {
            let source = document.source(&fetched_root);
            let changes = form_changes(document, increment, source, dict, item)?;
            let form = spliced(source, dict, &changes);
            return increment.splice(root, &[("AcroForm", form)]);
        }
        _ => {}
    }
    let form = increment.add(format!("<</Fields[{item}]/SigFlags 3>>"));
    increment.splice(root, &[("AcroForm", format!("{} 0 R", form.number).into_bytes())])
}

fn form_changes(
    document: &Document<'_>,
    increment: &mut Increment<'_, '_>,
    source: &[u8],
    form: &Dict,
    item: String,
) -> Result<Vec<Change>> {
    let flags = document.value(form, b"SigFlags")?.and_then(|flags| flags.as_int()).unwrap_or(0) | 3;
    let mut changes = vec![("SigFlags", flags.to_string().into_bytes())];
    match form.entry(b"Fields").map(|entry| (&entry.value, entry.span.clone())) {
        Some((Object::Ref(array), _)) => extend_array(document, increment, *array, item)?,
        Some((Object::Array(_), span)) => {
            let longer = with_item(&source[span], &item);
            changes
                .push(("Fields", longer.ok_or_else(|| Error::object("AcroForm", "has malformed Fields"))?));
        }
        _ => changes.push(("Fields", format!("[{item}]").into_bytes())),
    }
    Ok(changes)
}
