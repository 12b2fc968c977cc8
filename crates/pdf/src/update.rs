//! Incremental update: new bytes after the old ones, which stay a verbatim prefix. Dictionaries that
//! change are copied raw around the new key, because a strict validator calls a reprinted number
//! (595.32001 to 595.32) a changed page and every earlier signature would break.

use crate::error::{Error, Result};
use crate::object::{Dict, Object, Ref};
use crate::read::{Document, Kind};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A key of a dictionary and its new raw value.
pub(crate) type Change = (&'static str, Vec<u8>);

/// The objects to append to a document.
#[derive(Debug)]
pub(crate) struct Increment<'d, 'a> {
    document: &'d Document<'a>,
    objects: BTreeMap<Ref, Vec<u8>>,
    next: u32,
}

/// The finished file and where each appended object's body starts in it.
#[derive(Debug)]
pub(crate) struct Appended {
    pub(crate) bytes: Vec<u8>,
    pub(crate) bodies: BTreeMap<Ref, usize>,
}

impl<'d, 'a> Increment<'d, 'a> {
    pub(crate) fn new(document: &'d Document<'a>) -> Self {
        Self { document, objects: BTreeMap::new(), next: document.next_number() }
    }

    /// A number that no object of any revision ever had.
    pub(crate) fn reserve(&mut self) -> Ref {
        let number = self.next;
        self.next += 1;
        Ref { number, generation: 0 }
    }

    pub(crate) fn set(&mut self, reference: Ref, body: impl Into<Vec<u8>>) {
        self.objects.insert(reference, body.into());
    }

    /// Adds an object under a new number.
    pub(crate) fn add(&mut self, body: impl Into<Vec<u8>>) -> Ref {
        let reference = self.reserve();
        self.set(reference, body);
        reference
    }

    /// Adds a compressed stream; `entries` are further dictionary entries, raw.
    pub(crate) fn add_stream(&mut self, entries: &str, data: &[u8]) -> Ref {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(data, 6);
        let mut body =
            format!("<<{entries}/Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).into_bytes();
        body.extend_from_slice(&packed);
        body.extend_from_slice(b"\nendstream");
        self.add(body)
    }

    /// Puts the changed copy of a dictionary object in place: every byte as it was, except the keys
    /// given, which take their new raw value.
    pub(crate) fn splice(&mut self, reference: Ref, changes: &[Change]) -> Result<()> {
        let fetched = self.document.fetch(reference)?;
        let Object::Dict(dict) = &fetched.object else {
            return Err(Error::object(reference.number, "is not a dictionary"));
        };
        let body = spliced(self.document.source(&fetched), dict, changes);
        self.set(reference, body);
        Ok(())
    }

    /// Writes old bytes, objects, cross-reference and trailer. `salt` tells two updates of one file
    /// apart in the second file identifier.
    pub(crate) fn finish(self, salt: &str) -> Result<Appended> {
        let old = self.document.bytes;
        let grown: usize = self.objects.values().map(|body| body.len() + 64).sum();
        let mut bytes = Vec::with_capacity(old.len() + grown + 4096);
        bytes.extend_from_slice(old);
        if !old.ends_with(b"\n") && !old.ends_with(b"\r") {
            bytes.push(b'\n');
        }
        let mut offsets = BTreeMap::new();
        let mut bodies = BTreeMap::new();
        for (reference, body) in &self.objects {
            offsets.insert(*reference, bytes.len());
            bytes
                .extend_from_slice(format!("{} {} obj\n", reference.number, reference.generation).as_bytes());
            bodies.insert(*reference, bytes.len());
            bytes.extend_from_slice(body);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let previous = &self.document.sections[0];
        let start = bytes.len();
        match previous.kind {
            Kind::Table => self.write_table(&mut bytes, &offsets, salt)?,
            Kind::Stream => self.write_stream(&mut bytes, &mut offsets, salt)?,
        }
        bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        if u32::try_from(bytes.len()).is_err() {
            return Err(Error::Limit("the file would be larger than 4 GiB"));
        }
        Ok(Appended { bytes, bodies })
    }

    fn write_table(&self, bytes: &mut Vec<u8>, offsets: &BTreeMap<Ref, usize>, salt: &str) -> Result<()> {
        bytes.extend_from_slice(b"xref\n");
        for run in runs(offsets) {
            bytes.extend_from_slice(format!("{} {}\n", run[0].0.number, run.len()).as_bytes());
            for (reference, offset) in run {
                bytes.extend_from_slice(format!("{offset:010} {:05} n\r\n", reference.generation).as_bytes());
            }
        }
        let trailer = self.trailer_entries(self.next, salt)?;
        bytes.extend_from_slice(format!("trailer\n<<{trailer}>>\n").as_bytes());
        Ok(())
    }

    fn write_stream(
        &self,
        bytes: &mut Vec<u8>,
        offsets: &mut BTreeMap<Ref, usize>,
        salt: &str,
    ) -> Result<()> {
        let own = Ref { number: self.next, generation: 0 };
        offsets.insert(own, bytes.len());
        let mut index = String::new();
        let mut data = Vec::new();
        for run in runs(offsets) {
            // Writing into a String cannot fail.
            let _ = write!(index, "{} {} ", run[0].0.number, run.len());
            for (reference, offset) in run {
                data.push(1);
                data.extend_from_slice(&(offset as u32).to_be_bytes());
                data.extend_from_slice(&reference.generation.to_be_bytes());
            }
        }
        let trailer = self.trailer_entries(self.next + 1, salt)?;
        let head = format!(
            "{} 0 obj\n<</Type/XRef{trailer}/W[1 4 2]/Index[{}]/Length {}>>\nstream\n",
            own.number,
            index.trim_end(),
            data.len()
        );
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(&data);
        bytes.extend_from_slice(b"\nendstream\nendobj\n");
        Ok(())
    }

    fn trailer_entries(&self, size: u32, salt: &str) -> Result<String> {
        let section = &self.document.sections[0];
        let mut out = format!("/Size {size}/Prev {}", section.offset);
        for key in ["Root", "Info"] {
            if let Some(reference) = section.trailer.get(key.as_bytes()).and_then(Object::as_ref) {
                let _ = write!(out, "/{key} {} {} R", reference.number, reference.generation);
            }
        }
        let id = match self.document.value(&section.trailer, b"ID")? {
            Some(Object::Array(parts)) => {
                parts.iter().filter_map(|p| p.as_text().map(<[u8]>::to_vec)).collect()
            }
            _ => Vec::new(),
        };
        let mut hash = Sha256::new();
        for part in &id {
            hash.update(part);
        }
        hash.update(section.offset.to_be_bytes());
        hash.update(self.document.bytes.len().to_be_bytes());
        hash.update(salt.as_bytes());
        let second = hash.finalize()[..16].to_vec();
        let first = id.first().unwrap_or(&second);
        let _ = write!(out, "/ID[<{}><{}>]", hex(first), hex(&second));
        Ok(out)
    }
}

/// Upper-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02X}");
        out
    })
}

/// Consecutive object numbers belong into one subsection.
fn runs(offsets: &BTreeMap<Ref, usize>) -> Vec<Vec<(Ref, usize)>> {
    let mut runs: Vec<Vec<(Ref, usize)>> = Vec::new();
    for (reference, offset) in offsets {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| last.number + 1 == reference.number) => {
                run.push((*reference, *offset));
            }
            _ => runs.push(vec![(*reference, *offset)]),
        }
    }
    runs
}

/// The raw bytes of `dict` with the given keys replaced where they stand, or added before `>>`.
pub(crate) fn spliced(source: &[u8], dict: &Dict, changes: &[Change]) -> Vec<u8> {
    let mut out = Vec::with_capacity(dict.span.len() + 128);
    let mut at = dict.span.start;
    for entry in &dict.entries {
        if let Some((_, value)) = changes.iter().find(|(key, _)| key.as_bytes() == entry.key) {
            out.extend_from_slice(&source[at..entry.span.start]);
            out.push(b' ');
            out.extend_from_slice(value);
            out.push(b' ');
            at = entry.span.end;
        }
    }
    out.extend_from_slice(&source[at..dict.span.end - 2]);
    for (key, value) in changes {
        if dict.get(key.as_bytes()).is_none() {
            out.extend_from_slice(format!("/{key} ").as_bytes());
            out.extend_from_slice(value);
        }
    }
    out.extend_from_slice(b">>");
    out
}

/// The raw bytes of an array with one item added at its end.
pub(crate) fn with_item(raw: &[u8], item: &str) -> Option<Vec<u8>> {
    let mut out = raw.strip_suffix(b"]")?.to_vec();
    out.push(b' ');
    out.extend_from_slice(item.as_bytes());
    out.push(b']');
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{spliced, with_item};
    use crate::object::{Object, Parser};

    #[test]
    fn a_spliced_dictionary_keeps_every_other_byte() {
        let raw = b"<< /MediaBox [0 0 595.32001 841.9]  /Annots[1 0 R]/Rotate 0 % note\n>>";
        let Object::Dict(dict) = Parser::new(raw, 0).object().expect("a dictionary") else {
            panic!("a dictionary was expected");
        };
        let out = spliced(raw, &dict, &[("Annots", "[1 0 R 7 0 R]".into()), ("Lang", "(vi)".into())]);
        assert_eq!(
            String::from_utf8_lossy(&out),
            "<< /MediaBox [0 0 595.32001 841.9]  /Annots [1 0 R 7 0 R] /Rotate 0 % note\n/Lang (vi)>>"
        );
    }

    #[test]
    fn items_are_added_at_the_end_of_an_array() {
        assert_eq!(with_item(b"[1 0 R]", "2 0 R").as_deref(), Some(&b"[1 0 R 2 0 R]"[..]));
    }
}
