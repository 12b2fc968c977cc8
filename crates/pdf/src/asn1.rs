//! The little ASN.1 that signatures need: a bounded reader for DER and BER that keeps raw bytes
//! (digests must run over what was signed, not over a re-encoding), and a DER writer.

use crate::error::{Error, Result};

const MAX_DEPTH: usize = 32;

/// One tag-length-value. `raw` holds all of it, `content` what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    pub(crate) raw: &'a [u8],
    pub(crate) content: &'a [u8],
    /// BER form whose end is marked instead of counted.
    pub(crate) indefinite: bool,
}

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;

/// Reads the first value of `bytes` and returns it with the rest.
pub(crate) fn read(bytes: &[u8]) -> Result<(Tlv<'_>, &[u8])> {
    read_at(bytes, 0)
}

fn read_at(bytes: &[u8], depth: usize) -> Result<(Tlv<'_>, &[u8])> {
    let wrong = Error::Cms("a truncated or malformed value");
    if depth > MAX_DEPTH {
        return Err(Error::Cms("values nested too deep"));
    }
    let [tag, first, ..] = *bytes else { return Err(wrong) };
    if tag & 0x1F == 0x1F {
        return Err(Error::Cms("a tag of more than one byte"));
    }
    if first == 0x80 {
        return read_indefinite(bytes, tag, depth);
    }
    let (length, head) = if first < 0x80 {
        (usize::from(first), 2)
    } else {
        let count = usize::from(first & 0x7F);
        let digits =
            bytes.get(2..2 + count).filter(|_| count <= 8).ok_or(Error::Cms("a malformed length"))?;
        let length = digits.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        (usize::try_from(length).map_err(|_| Error::Cms("a length too large"))?, 2 + count)
    };
    let end = head.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(wrong)?;
    let tlv = Tlv { tag, raw: &bytes[..end], content: &bytes[head..end], indefinite: false };
    Ok((tlv, &bytes[end..]))
}

fn read_indefinite(bytes: &[u8], tag: u8, depth: usize) -> Result<(Tlv<'_>, &[u8])> {
    if tag & 0x20 == 0 {
        return Err(Error::Cms("a primitive value without length"));
    }
    let mut rest = &bytes[2..];
    loop {
        if let Some(after) = rest.strip_prefix(&[0, 0]) {
            let inner = bytes.len() - rest.len();
            let end = bytes.len() - after.len();
            let tlv = Tlv { tag, raw: &bytes[..end], content: &bytes[2..inner], indefinite: true };
            return Ok((tlv, after));
        }
        rest = read_at(rest, depth + 1)?.1;
    }
}

impl<'a> Tlv<'a> {
    /// The values inside a constructed value.
    pub(crate) fn children(&self) -> Result<Vec<Tlv<'a>>> {
        let mut rest = self.content;
        let mut out = Vec::new();
        while !rest.is_empty() {
            let (child, after) = read(rest)?;
            out.push(child);
            rest = after;
            if out.len() > 10_000 {
                return Err(Error::Cms("too many values"));
            }
        }
        Ok(out)
    }

    pub(crate) fn expect(self, tag: u8, what: &'static str) -> Result<Self> {
        if self.tag == tag { Ok(self) } else { Err(Error::Cms(what)) }
    }

    /// The bytes of an octet string, BER's pieces joined.
    pub(crate) fn octets(&self) -> Result<Vec<u8>> {
        self.octets_at(0)
    }

    fn octets_at(&self, depth: usize) -> Result<Vec<u8>> {
        if self.tag & !0x20 != OCTETS {
            return Err(Error::Cms("no octet string"));
        }
        if self.tag & 0x20 == 0 {
            return Ok(self.content.to_vec());
        }
        if depth > 4 {
            return Err(Error::Cms("an octet string in too many pieces"));
        }
        let mut out = Vec::new();
        for piece in self.children()? {
            out.extend(piece.octets_at(depth + 1)?);
        }
        Ok(out)
    }
}

/// Writes one value.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | digits.len() as u8);
        out.extend(digits);
    }
    out.extend_from_slice(content);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// A DER SET OF: members in ascending order of their encodings.
pub(crate) fn set_of(mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    tlv(SET, &members.concat())
}

pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    tlv(OID, content)
}

#[cfg(test)]
mod tests {
    use super::{OCTETS, read, sequence, tlv};

    #[test]
    fn what_is_written_is_read() {
        let long = tlv(OCTETS, &[7; 300]);
        let whole = sequence(&[&tlv(2, &[1]), &long]);
        let (value, rest) = read(&whole).expect("a value");
        assert!(rest.is_empty());
        let children = value.children().expect("children");
        assert_eq!(children[1].raw, long);
        assert_eq!(children[1].content.len(), 300);
    }

    #[test]
    fn ber_pieces_are_joined() {
        let bytes = [0x24, 0x80, 4, 1, 9, 4, 2, 8, 7, 0, 0, 0xAA];
        let (value, rest) = read(&bytes).expect("a value");
        assert_eq!(value.octets().expect("octets"), [9, 8, 7]);
        assert_eq!(rest, [0xAA]);
    }

    #[test]
    fn hostile_lengths_are_refused() {
        assert!(read(&[0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255]).is_err());
        assert!(read(&[0x30, 0x80].repeat(5_000)).is_err());
        assert!(read(&[0x30, 5, 1]).is_err());
    }
}
