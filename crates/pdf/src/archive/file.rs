//! The frame of a new file: numbered objects, cross-reference table, and what the file says of
//! itself in XMP and in the information dictionary.

use super::Metadata;
use crate::form::text_object;
use crate::stamp::vietnam;
use crate::update::hex;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

const PRODUCER: &str = "motcua";

/// Objects of a new file, numbered from 1.
pub(super) struct File {
    bodies: Vec<Vec<u8>>,
}

impl File {
    pub(super) fn new() -> Self {
        Self { bodies: Vec::new() }
    }

    pub(super) fn reserve(&mut self) -> u32 {
        self.add("null")
    }

    pub(super) fn add(&mut self, body: impl Into<Vec<u8>>) -> u32 {
        self.bodies.push(body.into());
        self.bodies.len() as u32
    }

    pub(super) fn set(&mut self, number: u32, body: impl Into<Vec<u8>>) {
        self.bodies[number as usize - 1] = body.into();
    }

    /// A compressed stream with further dictionary entries, raw.
    pub(super) fn stream(&mut self, entries: &str, data: &[u8]) -> u32 {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(data, 6);
        self.plain_stream(&format!("{entries}/Filter/FlateDecode"), &packed)
    }

    /// A stream whose data are written as they are.
    pub(super) fn plain_stream(&mut self, entries: &str, data: &[u8]) -> u32 {
        let mut body = format!("<<{entries}/Length {}>>\nstream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.add(body)
    }

    pub(super) fn hash_into(&self, hash: &mut Sha256) {
        self.bodies.iter().for_each(|body| hash.update(body));
    }

    pub(super) fn finish(self, catalog: u32, info: u32, id: &[u8]) -> Vec<u8> {
        let size: usize = self.bodies.iter().map(|body| body.len() + 48).sum();
        let mut out = Vec::with_capacity(size + 512);
        // The comment of high bytes tells transfer programs that the file is binary.
        out.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
        let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", self.bodies.len() + 1);
        for (index, body) in self.bodies.iter().enumerate() {
            // Writing into a String cannot fail.
            let _ = write!(table, "{:010} 00000 n\r\n", out.len());
            out.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
            out.extend_from_slice(body);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let id = hex(id);
        let _ = write!(
            table,
            "trailer\n<</Size {}/Root {catalog} 0 R/Info {info} 0 R/ID[<{id}><{id}>]>>\nstartxref\n{start}\n%%EOF\n",
            self.bodies.len() + 1
        );
        out.extend_from_slice(table.as_bytes());
        out
    }
}

/// The information dictionary; says the same as the XMP.
pub(super) fn info(metadata: &Metadata) -> String {
    let date = metadata.created.to_zoned(vietnam()).strftime("D:%Y%m%d%H%M%S+07'00'").to_string();
    let author =
        metadata.author.as_ref().map(|author| format!("/Author {}", text_object(author))).unwrap_or_default();
    format!(
        "<</Title {}{author}/Creator {}/Producer({PRODUCER})/CreationDate({date})/ModDate({date})>>",
        text_object(&metadata.title),
        text_object(&metadata.creator),
    )
}

/// The XMP packet with the PDF/A-2b claim.
pub(super) fn xmp(metadata: &Metadata) -> String {
    let date = metadata.created.to_zoned(vietnam()).strftime("%Y-%m-%dT%H:%M:%S+07:00").to_string();
    let author = metadata.author.as_ref().map(|author| {
        format!("<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>", escaped(author))
    });
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\
         <dc:format>application/pdf</dc:format>\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>{}\
         <dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>\
         <xmp:CreatorTool>{}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate>\
         <xmp:ModifyDate>{date}</xmp:ModifyDate><xmp:MetadataDate>{date}</xmp:MetadataDate>\
         <pdf:Producer>{PRODUCER}</pdf:Producer>\
         <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>",
        escaped(&metadata.title),
        author.unwrap_or_default(),
        escaped(&metadata.language),
        escaped(&metadata.creator),
    )
}

/// XML text; characters that XML cannot carry become spaces.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
