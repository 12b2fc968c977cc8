//! Reads the structure of a PDF: cross-reference chain, objects, pages. It never repairs: what a
//! repairing reader shows depends on the reader, and a signature must not.
//!
//! Work is bounded: sections, objects, nesting and decoded bytes have limits, and no input panics.
//! Rendering and text are left to others.

mod pages;
mod xref;

use crate::error::{Error, Result};
use crate::filter;
use crate::object::{Dict, Object, Parser, Ref, Stream};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

pub(crate) use pages::Page;
pub use pages::PageSize;
pub(crate) use xref::{Kind, Place, Section};

/// Decoded bytes allowed in one structural stream.
const MAX_STREAM: usize = 64 << 20;
/// Decoded bytes allowed in all object streams of a document together.
const MAX_DECODED: usize = 256 << 20;
/// Bytes that all parsing of a document may go over: this many and its length this many times.
const MAX_PARSED: usize = 128 << 20;
const MAX_PARSED_TIMES: usize = 32;
/// References followed one after another.
const MAX_HOPS: usize = 16;

/// An opened PDF. Borrows the file's bytes.
#[derive(Debug)]
pub struct Document<'a> {
    pub(crate) bytes: &'a [u8],
    /// Newest first.
    pub(crate) sections: Vec<Section>,
    pub(crate) table: BTreeMap<u32, Place>,
    /// Where the last `%%EOF` line ends.
    pub(crate) end: usize,
    hybrid: bool,
    streams: RefCell<BTreeMap<u32, Rc<ObjectStream>>>,
    decoded: Cell<usize>,
    /// Bytes parsed so far; objects may lie inside each other in a hostile file.
    parsed: Cell<usize>,
}

#[derive(Debug)]
struct ObjectStream {
    data: Vec<u8>,
    /// Object number and offset into `data`.
    index: Vec<(u32, usize)>,
}

/// An object with the buffer that its spans point into.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) object: Object,
    source: Source,
}

#[derive(Debug)]
enum Source {
    File,
    Stream(Rc<ObjectStream>),
}

/// Opens a PDF for reading, signing or validation.
///
/// Errors say at which byte or object the file stops making sense.
pub fn open(bytes: &[u8]) -> Result<Document<'_>> {
    let head = &bytes[..bytes.len().min(8)];
    if !head.starts_with(b"%PDF-") {
        return Err(Error::Syntax { offset: 0, what: "the file does not start with %PDF-" });
    }
    let (start, end) = xref::last_startxref(bytes)?;
    let chain = xref::read_chain(bytes, start)?;
    let document = Document {
        bytes,
        sections: chain.sections,
        table: chain.table,
        end,
        hybrid: chain.hybrid,
        streams: RefCell::default(),
        decoded: Cell::new(0),
        parsed: Cell::new(0),
    };
    if document.root_ref().is_none() {
        return Err(Error::object("trailer", "has no Root"));
    }
    Ok(document)
}

impl<'a> Document<'a> {
    pub(crate) fn trailer(&self) -> &Dict {
        &self.sections[0].trailer
    }

    pub(crate) fn root_ref(&self) -> Option<Ref> {
        self.trailer().get(b"Root").and_then(Object::as_ref)
    }

    /// The document catalog.
    pub(crate) fn root(&self) -> Result<Dict> {
        let root = self.root_ref().ok_or_else(|| Error::object("trailer", "has no Root"))?;
        match self.fetch(root)?.object {
            Object::Dict(dict) => Ok(dict),
            _ => Err(Error::object("Root", "is not a dictionary")),
        }
    }

    /// Whether the file asks for a password or is otherwise encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.sections.iter().any(|section| section.trailer.get(b"Encrypt").is_some())
    }

    /// Whether one revision has two cross-references, which readers weigh differently.
    pub fn is_hybrid(&self) -> bool {
        self.hybrid
    }

    /// Whether anything but white space follows the last revision.
    pub fn has_trailing_bytes(&self) -> bool {
        !self.bytes[self.end..].iter().all(|byte| crate::object::is_space(*byte))
    }

    /// The lowest number that no object of any revision has used.
    pub(crate) fn next_number(&self) -> u32 {
        let sizes = self.sections.iter().filter_map(|section| section.trailer.int(b"Size"));
        let size = sizes.max().and_then(|size| u32::try_from(size).ok()).unwrap_or(1);
        let highest = self.table.last_key_value().map_or(0, |(number, _)| *number);
        size.max(highest.saturating_add(1)).max(1)
    }

    /// The object a reference leads to, or null when there is none, as the standard says.
    pub(crate) fn fetch(&self, reference: Ref) -> Result<Fetched> {
        self.fetch_at(reference, 0)
    }

    fn fetch_at(&self, reference: Ref, hops: usize) -> Result<Fetched> {
        if hops > MAX_HOPS {
            return Err(Error::Limit("references lead to each other"));
        }
        match self.table.get(&reference.number) {
            Some(Place::At { offset, generation }) if *generation == reference.generation => {
                let object = self.indirect(*offset, reference, hops)?;
                Ok(Fetched { object, source: Source::File })
            }
            Some(Place::InStream { stream, index }) if reference.generation == 0 => {
                let stream = self.object_stream(*stream, hops)?;
                let (number, at) = *stream
                    .index
                    .get(*index as usize)
                    .ok_or_else(|| Error::object(reference.number, "is not in its object stream"))?;
                if number != reference.number {
                    return Err(Error::object(reference.number, "is not in its object stream"));
                }
                let mut parser = Parser::new(&stream.data, at);
                let object = parser.object()?;
                self.spend(parser.at.saturating_sub(at))?;
                Ok(Fetched { object, source: Source::Stream(stream) })
            }
            _ => Ok(Fetched { object: Object::Null, source: Source::File }),
        }
    }

    /// The object that one cross-reference entry, of whatever revision, points at.
    pub(crate) fn at(&self, offset: usize, reference: Ref) -> Result<Object> {
        self.indirect(offset, reference, 0)
    }

    /// Reads `n g obj …` at a place in the file.
    fn indirect(&self, offset: usize, reference: Ref, hops: usize) -> Result<Object> {
        let length_of = |length: Ref| match self.fetch_at(length, hops + 1) {
            Ok(Fetched { object: Object::Int(value), .. }) => Ok(value),
            Ok(_) => Err(Error::object(length.number, "is not a stream length")),
            Err(error) => Err(error),
        };
        let (object, end) = xref::indirect(self.bytes, offset, Some(reference), length_of)?;
        let data = if let Object::Stream(stream) = &object { stream.data.len() } else { 0 };
        self.spend((end - offset).saturating_sub(data))?;
        Ok(object)
    }

    /// Counts work done, and refuses when a file asks for too much.
    fn spend(&self, bytes: usize) -> Result<()> {
        self.parsed.set(self.parsed.get().saturating_add(bytes));
        let limit = self.bytes.len().saturating_mul(MAX_PARSED_TIMES).saturating_add(MAX_PARSED);
        if self.parsed.get() > limit {
            return Err(Error::Limit("objects take too long to read"));
        }
        Ok(())
    }

    /// Work done so far: bytes parsed and decoded.
    pub(crate) fn spent(&self) -> usize {
        self.parsed.get().saturating_add(self.decoded.get())
    }

    fn object_stream(&self, number: u32, hops: usize) -> Result<Rc<ObjectStream>> {
        if let Some(known) = self.streams.borrow().get(&number) {
            return Ok(Rc::clone(known));
        }
        let place = self.table.get(&number);
        let Some(Place::At { offset, generation }) = place else {
            return Err(Error::object(number, "is not an object stream"));
        };
        let reference = Ref { number, generation: *generation };
        let Object::Stream(stream) = self.indirect(*offset, reference, hops)? else {
            return Err(Error::object(number, "is not an object stream"));
        };
        let loaded = Rc::new(self.load_object_stream(number, &stream)?);
        self.streams.borrow_mut().insert(number, Rc::clone(&loaded));
        Ok(loaded)
    }

    fn load_object_stream(&self, number: u32, stream: &Stream) -> Result<ObjectStream> {
        let wrong = || Error::object(number, "is not a well-formed object stream");
        if stream.dict.name(b"Type") != Some(b"ObjStm") {
            return Err(wrong());
        }
        let room = MAX_DECODED.saturating_sub(self.decoded.get()).min(MAX_STREAM);
        let data = filter::decode(&stream.dict, &self.bytes[stream.data.clone()], room)?;
        self.decoded.set(self.decoded.get() + data.len());
        let count = stream.dict.int(b"N").and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)?;
        let first = stream.dict.int(b"First").and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)?;
        if count > data.len() || first > data.len() {
            return Err(wrong());
        }
        let mut parser = Parser::new(&data[..first], 0);
        let mut index = Vec::with_capacity(count);
        for _ in 0..count {
            parser.skip_space();
            let object = parser.unsigned().and_then(|n| u32::try_from(n).ok()).ok_or_else(wrong)?;
            parser.skip_space();
            let at = parser.unsigned().and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong)?;
            index.push((object, first.saturating_add(at)));
        }
        Ok(ObjectStream { data, index })
    }

    /// Follows references until something else stands there.
    pub(crate) fn resolve(&self, object: &Object) -> Result<Object> {
        let mut object = object.clone();
        for _ in 0..MAX_HOPS {
            match object {
                Object::Ref(reference) => object = self.fetch(reference)?.object,
                other => return Ok(other),
            }
        }
        Err(Error::Limit("references lead to each other"))
    }

    /// The value of a key, with references followed; null counts as absent.
    pub(crate) fn value(&self, dict: &Dict, key: &[u8]) -> Result<Option<Object>> {
        let Some(value) = dict.get(key) else { return Ok(None) };
        Ok(Some(self.resolve(value)?).filter(|value| *value != Object::Null))
    }

    /// The dictionary under a key, when there is one.
    pub(crate) fn dict(&self, dict: &Dict, key: &[u8]) -> Result<Option<Dict>> {
        Ok(self.value(dict, key)?.and_then(|value| value.as_dict().cloned()))
    }

    /// The raw bytes that `fetched` was parsed from, to copy out of.
    pub(crate) fn source<'s>(&'s self, fetched: &'s Fetched) -> &'s [u8] {
        match &fetched.source {
            Source::File => self.bytes,
            Source::Stream(stream) => &stream.data,
        }
    }

    /// Whether an object lies in the file itself rather than in an object stream.
    pub(crate) fn lies_in_file(fetched: &Fetched) -> bool {
        matches!(fetched.source, Source::File)
    }

    pub(crate) fn stream_data(&self, stream: &Stream) -> &'a [u8] {
        &self.bytes[stream.data.clone()]
    }

    /// Whether two objects of two documents say the same, streams compared by their raw data.
    pub(crate) fn same(&self, mine: &Object, other: &Document<'_>, theirs: &Object) -> bool {
        match (mine, theirs) {
            (Object::Stream(a), Object::Stream(b)) => {
                a.dict == b.dict && self.stream_data(a) == other.stream_data(b)
            }
            _ => mine == theirs,
        }
    }

    /// What the file says of itself in its XMP metadata, such as `2B`; a claim, not a finding.
    pub fn pdfa_claim(&self) -> Option<String> {
        let root = self.root().ok()?;
        let Ok(Some(Object::Stream(stream))) = self.value(&root, b"Metadata") else { return None };
        let xmp = filter::decode(&stream.dict, self.stream_data(&stream), 4 << 20).ok()?;
        let xmp = String::from_utf8_lossy(&xmp);
        let part = xmp_value(&xmp, "pdfaid:part")?;
        let conformance = xmp_value(&xmp, "pdfaid:conformance").unwrap_or_default();
        Some(format!("{part}{conformance}"))
    }

    /// Whether any signature field carries a signature.
    pub fn has_signatures(&self) -> Result<bool> {
        let form = crate::form::Form::read(self)?;
        Ok(form.fields.iter().any(crate::form::Field::is_signed))
    }
}

/// A short property of an XMP packet, written as attribute or as element.
fn xmp_value(xmp: &str, name: &str) -> Option<String> {
    let after = &xmp[xmp.find(name)? + name.len()..];
    let value: String = after
        .trim_start_matches(['=', '>', '"', '\'', ' '])
        .chars()
        .take(8)
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    (!value.is_empty()).then_some(value)
}
