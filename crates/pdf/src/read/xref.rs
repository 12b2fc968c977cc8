//! The cross-reference chain: tables, streams, `Prev`, and where each revision ends.

use crate::error::{Error, Result};
use crate::filter;
use crate::object::{Dict, Object, Parser, Ref, Stream, is_space};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

const MAX_SECTIONS: usize = 2_000;
const MAX_OBJECTS: usize = 1_000_000;
/// Decoded bytes allowed in all cross-reference streams of a chain together.
const MAX_XREF_STREAMS: usize = 64 << 20;
/// How far from the end `startxref` may stand.
const TAIL: usize = 2_048;

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Free,
    At { offset: usize, generation: u16 },
    InStream { stream: u32, index: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    Stream,
}

/// One cross-reference section with its trailer.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) offset: usize,
    pub(crate) kind: Kind,
    pub(crate) trailer: Dict,
    /// What this section alone says.
    pub(crate) entries: BTreeMap<u32, Place>,
    /// Just after the trailer or the stream object.
    after: usize,
}

pub(crate) struct Chain {
    pub(crate) sections: Vec<Section>,
    pub(crate) table: BTreeMap<u32, Place>,
    pub(crate) hybrid: bool,
}

impl Section {
    /// Where the revision that this section closes ends, just after its `%%EOF` line.
    pub(crate) fn revision_end(&self, bytes: &[u8]) -> Option<usize> {
        let mut parser = Parser::new(bytes, self.after);
        parser.skip_space();
        tail(&mut parser).ok().map(|(_, end)| end)
    }
}

/// The offset that the last `startxref` names, and where its `%%EOF` line ends.
pub(crate) fn last_startxref(bytes: &[u8]) -> Result<(usize, usize)> {
    let from = bytes.len().saturating_sub(TAIL);
    let word = b"startxref";
    let found = bytes[from..].windows(word.len()).rposition(|window| window == word);
    let at = from + found.ok_or(Error::Syntax { offset: bytes.len(), what: "no startxref near the end" })?;
    tail(&mut Parser::new(bytes, at))
}

fn tail(parser: &mut Parser<'_>) -> Result<(usize, usize)> {
    if !parser.keyword(b"startxref") {
        return Err(parser.wrong("startxref was expected"));
    }
    while parser.peek().is_some_and(is_space) {
        parser.at += 1;
    }
    let start = parser.unsigned().ok_or_else(|| parser.wrong("startxref without a number"))?;
    while parser.peek().is_some_and(is_space) {
        parser.at += 1;
    }
    if !parser.bytes[parser.at..].starts_with(b"%%EOF") {
        return Err(parser.wrong("%%EOF was expected"));
    }
    parser.at += 5;
    if parser.peek() == Some(b'\r') {
        parser.at += 1;
    }
    if parser.peek() == Some(b'\n') {
        parser.at += 1;
    }
    let start = usize::try_from(start).map_err(|_| parser.wrong("startxref too large"))?;
    Ok((start, parser.at))
}

pub(crate) fn read_chain(bytes: &[u8], start: usize) -> Result<Chain> {
    let mut chain = Chain { sections: Vec::new(), table: BTreeMap::new(), hybrid: false };
    let mut visited = BTreeSet::new();
    let mut room = MAX_XREF_STREAMS;
    let mut next = Some(start);
    while let Some(offset) = next {
        if !visited.insert(offset) || chain.sections.len() >= MAX_SECTIONS {
            return Err(Error::Syntax { offset, what: "the cross-reference chain does not end" });
        }
        let section = read_section(bytes, offset, &mut room)?;
        // Sections that share bytes would let a small file ask for endless work.
        if chain.sections.iter().any(|other| other.offset < section.after && section.offset < other.after) {
            return Err(Error::Syntax { offset, what: "cross-reference sections overlap" });
        }
        merge(&mut chain.table, &section.entries)?;
        if let Some(second) = section.trailer.int(b"XRefStm") {
            chain.hybrid = true;
            let second = offset_in(bytes, second)?;
            if visited.insert(second) {
                merge(&mut chain.table, &read_section(bytes, second, &mut room)?.entries)?;
            }
        }
        next = match section.trailer.get(b"Prev") {
            None => None,
            Some(Object::Int(previous)) => Some(offset_in(bytes, *previous)?),
            Some(_) => return Err(Error::Syntax { offset, what: "Prev is not a number" }),
        };
        chain.sections.push(section);
    }
    Ok(chain)
}

/// Entries of newer sections win.
fn merge(table: &mut BTreeMap<u32, Place>, entries: &BTreeMap<u32, Place>) -> Result<()> {
    for (number, place) in entries {
        table.entry(*number).or_insert(*place);
    }
    if table.len() > MAX_OBJECTS {
        return Err(Error::Limit("too many objects"));
    }
    Ok(())
}

fn offset_in(bytes: &[u8], value: i64) -> Result<usize> {
    usize::try_from(value)
        .ok()
        .filter(|offset| *offset < bytes.len())
        .ok_or(Error::Syntax { offset: 0, what: "an offset outside the file" })
}

fn read_section(bytes: &[u8], offset: usize, room: &mut usize) -> Result<Section> {
    let mut parser = Parser::new(bytes, offset);
    parser.skip_space();
    if parser.keyword(b"xref") {
        return read_table(bytes, offset, parser);
    }
    let no_reference =
        |_| Err(Error::Syntax { offset, what: "an indirect length in a cross-reference stream" });
    let (object, after) = indirect(bytes, offset, None, no_reference)?;
    match object {
        Object::Stream(stream) if stream.dict.name(b"Type") == Some(b"XRef") => {
            let entries = stream_entries(bytes, offset, &stream, room)?;
            Ok(Section { offset, kind: Kind::Stream, trailer: stream.dict, entries, after })
        }
        _ => Err(Error::Syntax { offset, what: "no cross-reference section" }),
    }
}

fn read_table(bytes: &[u8], offset: usize, mut parser: Parser<'_>) -> Result<Section> {
    let mut entries = BTreeMap::new();
    loop {
        parser.skip_space();
        if parser.keyword(b"trailer") {
            break;
        }
        let first = parser.unsigned().ok_or_else(|| parser.wrong("a malformed cross-reference table"))?;
        parser.skip_space();
        let count = parser.unsigned().ok_or_else(|| parser.wrong("a malformed cross-reference table"))?;
        for number in first..first.saturating_add(count) {
            let number = u32::try_from(number).map_err(|_| parser.wrong("an object number too large"))?;
            let place = table_entry(&mut parser)?;
            if entries.len() >= MAX_OBJECTS {
                return Err(Error::Limit("too many objects"));
            }
            entries.entry(number).or_insert(place);
        }
    }
    let Object::Dict(trailer) = parser.object()? else {
        return Err(parser.wrong("a trailer that is not a dictionary"));
    };
    Ok(Section { offset, kind: Kind::Table, trailer, entries, after: parser.at.min(bytes.len()) })
}

fn table_entry(parser: &mut Parser<'_>) -> Result<Place> {
    let wrong = "a malformed cross-reference entry";
    parser.skip_space();
    let offset = parser.unsigned().ok_or_else(|| parser.wrong(wrong))?;
    parser.skip_space();
    let generation = parser.unsigned().ok_or_else(|| parser.wrong(wrong))?;
    parser.skip_space();
    if parser.keyword(b"n") {
        let offset = usize::try_from(offset).map_err(|_| parser.wrong(wrong))?;
        let generation = u16::try_from(generation).map_err(|_| parser.wrong(wrong))?;
        // Offset 0 holds the header, never an object: writers mean "free" by it.
        return Ok(if offset == 0 { Place::Free } else { Place::At { offset, generation } });
    }
    if parser.keyword(b"f") {
        return Ok(Place::Free);
    }
    Err(parser.wrong(wrong))
}

fn stream_entries(
    bytes: &[u8],
    offset: usize,
    stream: &Stream,
    room: &mut usize,
) -> Result<BTreeMap<u32, Place>> {
    let wrong = || Error::Syntax { offset, what: "a malformed cross-reference stream" };
    let data = filter::decode(&stream.dict, &bytes[stream.data.clone()], *room)?;
    *room -= data.len();
    let widths = numbers(stream.dict.get(b"W")).ok_or_else(wrong)?;
    let [kind, second, third] = widths[..] else { return Err(wrong()) };
    if kind > 2 || second > 8 || third > 4 || second == 0 {
        return Err(wrong());
    }
    let size = stream.dict.int(b"Size").and_then(|size| u64::try_from(size).ok()).ok_or_else(wrong)?;
    let index = match stream.dict.get(b"Index") {
        Some(index) => numbers(Some(index)).ok_or_else(wrong)?,
        None => vec![0, size],
    };
    let row = usize::try_from(kind + second + third).map_err(|_| wrong())?;
    let mut rows = data.chunks_exact(row);
    let mut entries = BTreeMap::new();
    for range in index.chunks_exact(2) {
        for number in range[0]..range[0].saturating_add(range[1]) {
            let Some(row) = rows.next() else { return Err(wrong()) };
            let number = u32::try_from(number).map_err(|_| wrong())?;
            if entries.len() >= MAX_OBJECTS {
                return Err(Error::Limit("too many objects"));
            }
            entries
                .entry(number)
                .or_insert(stream_entry(row, kind as usize, second as usize).ok_or_else(wrong)?);
        }
    }
    Ok(entries)
}

fn stream_entry(row: &[u8], kind: usize, second: usize) -> Option<Place> {
    let read =
        |range: Range<usize>| row[range].iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let kind_value = if kind == 0 { 1 } else { read(0..kind) };
    let a = read(kind..kind + second);
    let b = read(kind + second..row.len());
    Some(match kind_value {
        1 => Place::At { offset: usize::try_from(a).ok()?, generation: u16::try_from(b).ok()? },
        2 => Place::InStream { stream: u32::try_from(a).ok()?, index: u32::try_from(b).ok()? },
        // 0 is free; the standard counts unknown kinds as references to null.
        _ => Place::Free,
    })
}

fn numbers(value: Option<&Object>) -> Option<Vec<u64>> {
    let items = value?.as_array()?;
    items.iter().map(|item| item.as_int().and_then(|n| u64::try_from(n).ok())).collect()
}

/// Reads `n g obj … endobj` at `offset` and says where it ends. `length_of` resolves an indirect
/// stream length.
pub(crate) fn indirect(
    bytes: &[u8],
    offset: usize,
    expected: Option<Ref>,
    length_of: impl FnOnce(Ref) -> Result<i64>,
) -> Result<(Object, usize)> {
    let mut parser = Parser::new(bytes, offset);
    parser.skip_space();
    let number = parser.unsigned().ok_or_else(|| parser.wrong("an object number was expected"))?;
    parser.skip_space();
    let generation = parser.unsigned().ok_or_else(|| parser.wrong("a generation was expected"))?;
    parser.skip_space();
    if !parser.keyword(b"obj") {
        return Err(parser.wrong("obj was expected"));
    }
    let named = expected.is_none_or(|expected| {
        u64::from(expected.number) == number && u64::from(expected.generation) == generation
    });
    if !named {
        return Err(parser.wrong("the cross-reference names another object"));
    }
    let object = parser.object()?;
    parser.skip_space();
    let Object::Dict(dict) = object else {
        return end_of(parser, object);
    };
    if !parser.keyword(b"stream") {
        return end_of(parser, Object::Dict(dict));
    }
    if parser.peek() == Some(b'\r') {
        parser.at += 1;
    }
    if parser.peek() == Some(b'\n') {
        parser.at += 1;
    }
    let length = match dict.get(b"Length") {
        Some(Object::Int(length)) => *length,
        Some(Object::Ref(reference)) => length_of(*reference)?,
        _ => return Err(parser.wrong("a stream without Length")),
    };
    let from = parser.at;
    let to = usize::try_from(length)
        .ok()
        .and_then(|length| from.checked_add(length))
        .filter(|to| *to <= bytes.len())
        .ok_or_else(|| parser.wrong("a stream longer than the file"))?;
    parser.at = to;
    while parser.peek().is_some_and(is_space) {
        parser.at += 1;
    }
    if !parser.keyword(b"endstream") {
        return Err(parser.wrong("endstream was expected"));
    }
    parser.skip_space();
    end_of(parser, Object::Stream(Stream { dict, data: from..to }))
}

fn end_of(mut parser: Parser<'_>, object: Object) -> Result<(Object, usize)> {
    if !parser.keyword(b"endobj") {
        return Err(parser.wrong("endobj was expected"));
    }
    Ok((object, parser.at))
}
