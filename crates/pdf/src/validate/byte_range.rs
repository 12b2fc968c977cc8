//! Finds signatures and checks that each covers exactly one revision, whole, except its own value.

use super::{Kind, Problem, claimed_time};
use crate::error::Error;
use crate::form::{Field, Form};
use crate::object::{Dict, Object, Ref};
use crate::read::{self, Document, Place, Section};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::ops::Range;

/// A signature as it stands in the form.
pub(super) struct Found {
    pub(super) field: String,
    pub(super) kind: Kind,
    pub(super) reference: Option<Ref>,
    pub(super) dict: Dict,
    pub(super) contents: Vec<u8>,
    pub(super) claimed_time: Option<Timestamp>,
    /// None when it covers nothing that can be named; `problems` then says why.
    pub(super) covered: Option<Covered>,
    pub(super) problems: Vec<Problem>,
}

/// The signed part: the file up to `end`, without `gap`.
pub(super) struct Covered {
    pub(super) gap: Range<usize>,
    pub(super) end: usize,
    /// How many cross-reference sections the signed revision has.
    pub(super) revision: usize,
}

pub(super) fn signatures(document: &Document<'_>, form: &Form) -> Vec<Found> {
    form.fields.iter().filter(|field| field.is_signed()).map(|field| found(document, field)).collect()
}

fn found(document: &Document<'_>, field: &Field) -> Found {
    let mut out = Found {
        field: field.name.clone(),
        kind: Kind::Signature,
        reference: field.value.as_ref().and_then(Object::as_ref),
        dict: Dict::default(),
        contents: Vec::new(),
        claimed_time: None,
        covered: None,
        problems: Vec::new(),
    };
    if let Err(problem) = fill(document, field, &mut out) {
        out.problems.push(problem);
    }
    out
}

fn fill(document: &Document<'_>, field: &Field, out: &mut Found) -> Result<(), Problem> {
    let reference = out.reference.ok_or(Problem::ByteRange)?;
    let fetched = document.fetch(reference).map_err(|error| Problem::Structure(error.to_string()))?;
    let in_file = Document::lies_in_file(&fetched);
    let Object::Dict(dict) = fetched.object else { return Err(Problem::ByteRange) };
    out.dict = dict;
    out.claimed_time = claimed_time(&out.dict);
    out.kind = match out.dict.name(b"SubFilter") {
        Some(b"ETSI.CAdES.detached" | b"adbe.pkcs7.detached") => Kind::Signature,
        Some(b"ETSI.RFC3161") => Kind::TimeStamp,
        Some(b"adbe.pkcs7.sha1" | b"adbe.x509.rsa_sha1") => return Err(Problem::WeakAlgorithm),
        Some(_) => return Err(Problem::UnknownFormat),
        None => return Err(Problem::ByteRange),
    };
    // One name for a time stamp and another for its format: readers would take it differently.
    if (out.kind == Kind::TimeStamp) != (out.dict.name(b"Type") == Some(b"DocTimeStamp")) {
        return Err(Problem::UnknownFormat);
    }
    if !in_file {
        return Err(Problem::ByteRange);
    }
    let (gap, end) = ranges(document.bytes, &out.dict).ok_or(Problem::ByteRange)?;
    if let Some(Object::Text(contents)) = out.dict.get(b"Contents") {
        out.contents.clone_from(contents);
    }
    let revision = revision(document, field, reference, &gap, end)?;
    out.covered = Some(Covered { gap, end, revision });
    Ok(())
}

/// Exactly two ranges from the start, with nothing between them but the Contents string.
fn ranges(bytes: &[u8], dict: &Dict) -> Option<(Range<usize>, usize)> {
    let range = dict.get(b"ByteRange")?.as_array()?;
    let range: Option<Vec<usize>> =
        range.iter().map(|item| item.as_int().and_then(|n| usize::try_from(n).ok())).collect();
    let [0, first, second, length] = range?[..] else { return None };
    let contents = dict.entry(b"Contents")?;
    let hexadecimal =
        bytes.get(contents.span.start) == Some(&b'<') && matches!(contents.value, Object::Text(_));
    let end = second.checked_add(length).filter(|end| *end <= bytes.len())?;
    let exact = contents.span.start == first && contents.span.end == second;
    (hexadecimal && exact && length > 0).then_some((first..second, end))
}

/// The signed bytes must be a whole file of their own, which this file continues, and in which the
/// same field shows the same signature.
fn revision(
    document: &Document<'_>,
    field: &Field,
    reference: Ref,
    gap: &Range<usize>,
    end: usize,
) -> Result<usize, Problem> {
    let signed = read::open(&document.bytes[..end]).map_err(|_| Problem::NotARevision)?;
    let revision = signed.sections.len();
    let continues = document.sections.len().checked_sub(revision).is_some_and(|from| {
        document.sections[from..].iter().map(|s| s.offset).eq(signed.sections.iter().map(|s| s.offset))
    });
    if !continues || signed.has_trailing_bytes() || signed.is_hybrid() {
        return Err(Problem::NotARevision);
    }
    let same_place = signed.table.get(&reference.number) == document.table.get(&reference.number);
    let form = Form::read(&signed).map_err(|_| Problem::NotARevision)?;
    let shown = form.fields.iter().any(|then| {
        then.is_signature() && then.reference == field.reference && then.value == Some(Object::Ref(reference))
    });
    // The value must lie in what this revision added, or an older value was dressed up as its own.
    let newest = added(&signed).find_map(|section| section.entries.get(&reference.number));
    let own = matches!(newest, Some(Place::At { offset, .. }) if *offset < gap.start);
    if same_place && shown && own { Ok(revision) } else { Err(Problem::NotARevision) }
}

/// The sections of the newest revision: one, or two where the file is linearised and its first
/// section stands before the main one.
fn added<'d>(document: &'d Document<'_>) -> impl Iterator<Item = &'d Section> {
    let sections = &document.sections;
    let linearised = sections.len() > 1 && sections[0].offset < sections[1].offset;
    sections.iter().take(1 + usize::from(linearised))
}

/// Whether any revision holds a signature that the form does not show.
pub(super) fn has_orphan(document: &Document<'_>, found: &[Found]) -> bool {
    let shown: BTreeSet<u32> = found.iter().filter_map(|f| f.reference.map(|r| r.number)).collect();
    let mut offsets = BTreeSet::new();
    for section in &document.sections {
        for (number, place) in &section.entries {
            let Place::At { offset, generation } = *place else { continue };
            if shown.contains(number) || !offsets.insert(offset) {
                continue;
            }
            let reference = Ref { number: *number, generation };
            match document.at(offset, reference) {
                Ok(object) if is_signature(&object) => return true,
                // What could not be looked through may hide one.
                Err(Error::Limit(_)) => return true,
                _ => {}
            }
        }
    }
    false
}

fn is_signature(object: &Object) -> bool {
    let Object::Dict(dict) = object else { return false };
    let kind = dict.name(b"Type");
    let typed = kind.is_none() || kind == Some(b"Sig") || kind == Some(b"DocTimeStamp");
    typed && dict.get(b"ByteRange").is_some() && dict.get(b"Contents").is_some()
}
