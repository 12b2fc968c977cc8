//! The parser for objects: strict in form, bounded in depth and number, never repairing.

use super::{Dict, Entry, Object, Ref};
use crate::error::{Error, Result};

/// Nesting allowed in one object. Honest files stay below ten.
const MAX_DEPTH: usize = 48;
/// Items allowed in one array or dictionary.
const MAX_ITEMS: usize = 200_000;
/// Objects allowed inside one object, all levels together: a byte of input can ask for fifty of
/// memory.
const MAX_NODES: usize = 1_000_000;

/// Reads objects from a buffer: the file itself or the content of an object stream.
#[derive(Debug)]
pub(crate) struct Parser<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
    nodes: usize,
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

impl<'a> Parser<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at: at.min(bytes.len()), nodes: 0 }
    }

    pub(crate) fn wrong(&self, what: &'static str) -> Error {
        Error::Syntax { offset: self.at, what }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|b| b != b'\n' && b != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Takes `word` if it stands here as a whole word.
    pub(crate) fn keyword(&mut self, word: &[u8]) -> bool {
        let rest = &self.bytes[self.at..];
        let ends = rest.get(word.len()).is_none_or(|byte| !is_regular(*byte));
        if rest.starts_with(word) && ends {
            self.at += word.len();
            return true;
        }
        false
    }

    /// An unsigned number of at most ten digits, as offsets and object numbers are.
    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        let start = self.at;
        let mut value = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if self.at - start >= 10 {
                return None;
            }
            value = value * 10 + u64::from(digit - b'0');
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }

    /// One object that is not a stream; streams need the file and are read by `indirect`.
    pub(crate) fn object(&mut self) -> Result<Object> {
        self.object_at(0)
    }

    fn object_at(&mut self, depth: usize) -> Result<Object> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err(self.wrong("objects nested too deep or too many"));
        }
        self.skip_space();
        match self.peek().ok_or_else(|| self.wrong("an object was expected"))? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal().map(Object::Text),
            b'[' => self.array(depth),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dict(depth).map(Object::Dict),
            b'<' => self.hexadecimal().map(Object::Text),
            b'0'..=b'9' => Ok(match self.reference() {
                Some(reference) => Object::Ref(reference),
                None => self.number()?,
            }),
            b'+' | b'-' | b'.' => self.number(),
            _ if self.keyword(b"true") => Ok(Object::Bool(true)),
            _ if self.keyword(b"false") => Ok(Object::Bool(false)),
            _ if self.keyword(b"null") => Ok(Object::Null),
            _ => Err(self.wrong("an object was expected")),
        }
    }

    fn reference(&mut self) -> Option<Ref> {
        let start = self.at;
        let found = self.try_reference();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn try_reference(&mut self) -> Option<Ref> {
        let number = u32::try_from(self.unsigned()?).ok()?;
        if !self.peek().is_some_and(is_space) {
            return None;
        }
        self.skip_space();
        let generation = u16::try_from(self.unsigned()?).ok()?;
        if !self.peek().is_some_and(is_space) {
            return None;
        }
        self.skip_space();
        self.keyword(b"R").then_some(Ref { number, generation })
    }

    fn number(&mut self) -> Result<Object> {
        let start = self.at;
        while self.peek().is_some_and(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.')) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        if self.peek().is_some_and(is_regular) || text.len() > 64 {
            return Err(self.wrong("a malformed number"));
        }
        if let Ok(value) = text.parse::<i64>() {
            return Ok(Object::Int(value));
        }
        text.parse::<f64>().map(Object::Real).map_err(|_| self.wrong("a malformed number"))
    }

    fn name(&mut self) -> Result<Vec<u8>> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            let escaped = (byte == b'#').then(|| self.bytes.get(self.at..self.at + 2)).flatten();
            match escaped.and_then(hex_pair) {
                Some(value) => {
                    name.push(value);
                    self.at += 2;
                }
                None => name.push(byte),
            }
            if name.len() > 4096 {
                return Err(self.wrong("a name that is too long"));
            }
        }
        Ok(name)
    }

    fn hexadecimal(&mut self) -> Result<Vec<u8>> {
        self.at += 1;
        let mut out = Vec::new();
        let mut high = None;
        loop {
            let byte = self.peek().ok_or_else(|| self.wrong("a string without end"))?;
            self.at += 1;
            if byte == b'>' {
                break;
            }
            if is_space(byte) {
                continue;
            }
            let digit = hex_digit(byte).ok_or_else(|| self.wrong("a malformed string"))?;
            match high.take() {
                Some(high) => out.push(high << 4 | digit),
                None => high = Some(digit),
            }
        }
        out.extend(high.map(|high| high << 4));
        Ok(out)
    }

    fn literal(&mut self) -> Result<Vec<u8>> {
        self.at += 1;
        let mut out = Vec::new();
        let mut open = 1_usize;
        loop {
            let byte = self.peek().ok_or_else(|| self.wrong("a string without end"))?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(out);
                    }
                }
                b'\\' => {
                    self.escape(&mut out)?;
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let byte = self.peek().ok_or_else(|| self.wrong("a string without end"))?;
        self.at += 1;
        match byte {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\n' => {}
            b'\r' => self.at += usize::from(self.peek() == Some(b'\n')),
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                out.push((value & 0xFF) as u8);
            }
            other => out.push(other),
        }
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Object> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Object::Array(items));
            }
            if items.len() >= MAX_ITEMS {
                return Err(self.wrong("an array that is too long"));
            }
            items.push(self.object_at(depth + 1)?);
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Dict> {
        let start = self.at;
        self.at += 2;
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'>') if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    return Ok(Dict { entries, span: start..self.at });
                }
                Some(b'/') if entries.len() < MAX_ITEMS => {}
                _ => return Err(self.wrong("a malformed dictionary")),
            }
            let key = self.name()?;
            self.skip_space();
            let from = self.at;
            let value = self.object_at(depth + 1)?;
            // Readers differ in which of two values they take; a file that says both says nothing.
            if !seen.insert(key.clone()) {
                return Err(self.wrong("a key given twice in one dictionary"));
            }
            entries.push(Entry { key, value, span: from..self.at });
        }
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?)
}

#[cfg(test)]
mod tests {
    use super::{Object, Parser, Ref};

    fn parse(text: &str) -> Object {
        Parser::new(text.as_bytes(), 0).object().expect("a well-formed object")
    }

    #[test]
    fn every_kind_of_object_is_read() {
        let Object::Dict(dict) =
            parse("<< /A#20B (x\\051\\(y(z)) /C <4 8f> /D [1 0 R -2.50 true null /E] /F 3 >> ")
        else {
            panic!("a dictionary was expected");
        };
        assert_eq!(dict.get(b"A B"), Some(&Object::Text(b"x)(y(z)".to_vec())));
        assert_eq!(dict.get(b"C"), Some(&Object::Text(vec![0x48, 0xF0])));
        let items = dict.get(b"D").and_then(Object::as_array).expect("an array");
        assert_eq!(items[0], Object::Ref(Ref { number: 1, generation: 0 }));
        assert_eq!(items[1], Object::Real(-2.5));
        assert_eq!(dict.int(b"F"), Some(3));
    }

    #[test]
    fn spans_cover_the_raw_value() {
        let text = "<</K  595.32001 /L<00>>>";
        let Object::Dict(dict) = parse(text) else { panic!("a dictionary was expected") };
        assert_eq!(&text[dict.entry(b"K").expect("K").span.clone()], "595.32001");
        assert_eq!(&text[dict.entry(b"L").expect("L").span.clone()], "<00>");
        assert_eq!(dict.span, 0..text.len());
    }

    #[test]
    fn a_key_given_twice_is_refused() {
        assert!(Parser::new(b"<</A 1/A 2>>", 0).object().is_err());
    }

    #[test]
    fn deep_nesting_is_refused_without_overflow() {
        assert!(Parser::new(&b"[".repeat(100_000), 0).object().is_err());
        assert!(Parser::new(&b"<</A".repeat(100_000), 0).object().is_err());
    }
}
