//! The form tree: which fields there are, and which of them carry a signature.

use crate::error::{Error, Result};
use crate::object::{Dict, Object, Ref};
use crate::read::Document;
use std::collections::BTreeSet;

const MAX_FIELDS: usize = 50_000;
const MAX_FORM_DEPTH: usize = 32;

/// The interactive form, flattened.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) dict: Dict,
    /// Fields that end a branch, in order; widgets that belong to one field are not listed.
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) reference: Ref,
    /// Fully qualified name.
    pub(crate) name: String,
    /// `Tx`, `Btn`, `Ch` or `Sig`, inherited where needed.
    pub(crate) kind: Vec<u8>,
    /// The value, inherited where needed.
    pub(crate) value: Option<Object>,
    pub(crate) widgets: Vec<Ref>,
}

impl Field {
    pub(crate) fn is_signature(&self) -> bool {
        self.kind == b"Sig"
    }

    pub(crate) fn is_signed(&self) -> bool {
        self.is_signature() && self.value.is_some()
    }
}

#[derive(Default, Clone)]
struct Above {
    name: String,
    kind: Vec<u8>,
    value: Option<Object>,
}

impl Form {
    /// Reads the form; a document without one has an empty form.
    pub(crate) fn read(document: &Document<'_>) -> Result<Self> {
        let root = document.root()?;
        let Some(dict) = document.dict(&root, b"AcroForm")? else { return Ok(Self::default()) };
        let mut fields = Vec::new();
        let mut visited = BTreeSet::new();
        if let Some(Object::Array(top)) = document.value(&dict, b"Fields")? {
            for item in &top {
                let above = Above::default();
                walk(document, item, &above, 0, &mut visited, &mut fields)?;
            }
        }
        Ok(Self { dict, fields })
    }
}

fn walk(
    document: &Document<'_>,
    item: &Object,
    above: &Above,
    depth: usize,
    visited: &mut BTreeSet<Ref>,
    fields: &mut Vec<Field>,
) -> Result<()> {
    let reference =
        item.as_ref().ok_or_else(|| Error::object("AcroForm", "has a field that is not a reference"))?;
    if depth > MAX_FORM_DEPTH || fields.len() >= MAX_FIELDS {
        return Err(Error::Limit("the form is too large"));
    }
    if !visited.insert(reference) {
        return Err(Error::object(reference.number, "stands twice in the form"));
    }
    let Object::Dict(dict) = document.fetch(reference)?.object else {
        return Err(Error::object(reference.number, "is not a form field"));
    };
    let mut here = above.clone();
    if let Some(Object::Text(part)) = document.value(&dict, b"T")? {
        if !here.name.is_empty() {
            here.name.push('.');
        }
        here.name.push_str(&text(&part));
    }
    if let Some(Object::Name(kind)) = document.value(&dict, b"FT")? {
        here.kind = kind;
    }
    if let Some(value) = dict.get(b"V").filter(|value| **value != Object::Null) {
        here.value = Some(value.clone());
    }
    let kids = match document.value(&dict, b"Kids")? {
        Some(Object::Array(kids)) => kids,
        _ => Vec::new(),
    };
    // Kids with a name of their own are fields; kids without are this field's widgets.
    let mut widgets = Vec::new();
    let mut branches = Vec::new();
    for kid in &kids {
        let named = document.resolve(kid)?.as_dict().is_some_and(|kid| kid.get(b"T").is_some());
        match kid.as_ref() {
            Some(kid) if !named => widgets.push(kid),
            _ => branches.push(kid),
        }
    }
    if branches.is_empty() {
        if kids.is_empty() {
            widgets.push(reference);
        }
        let Above { name, kind, value } = here;
        fields.push(Field { reference, name, kind, value, widgets });
        return Ok(());
    }
    for branch in branches {
        walk(document, branch, &here, depth + 1, visited, fields)?;
    }
    Ok(())
}

/// A text string: UTF-16 with mark, UTF-8 with mark, or Latin.
pub(crate) fn text(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        let units = utf16.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        return char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    }
    if let Some(utf8) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().map(|byte| *byte as char).collect()
}

/// A text string object for any text: Latin where it is ASCII, else UTF-16 in hexadecimal.
pub(crate) fn text_object(value: &str) -> String {
    use std::fmt::Write as _;
    if value.is_ascii() && !value.contains(['(', ')', '\\', '\r', '\n']) {
        return format!("({value})");
    }
    let mut out = "<FEFF".to_owned();
    for unit in value.encode_utf16() {
        // Writing into a String cannot fail.
        let _ = write!(out, "{unit:04X}");
    }
    out.push('>');
    out
}
