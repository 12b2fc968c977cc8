//! The child's side: bounds itself, then answers one request after the other until its input ends.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rlimit::Resource;

use super::Bounds;
use super::protocol::{Frame, Reply, Request};
use crate::code;
use crate::intake::{self, PageImage, Rejected};
use crate::page;
use crate::recognise::{EngineError, ReadError, Reader};

/// Files a child may have open: its pipes, the language model, what the libraries look up.
const OPEN_FILES: u64 = 32;

/// Answers requests until `input` ends. The first must be a greeting with the bounds; nothing is
/// decoded before they are in force. To be called first thing in a process of its own, whose
/// environment held `OMP_THREAD_LIMIT=1` from the start.
pub fn serve(input: impl Read, output: impl Write) -> io::Result<()> {
    let (mut input, mut output) = (BufReader::new(input), BufWriter::new(output));
    let (Request::Hello { bounds }, _) = Frame::read(&mut input)? else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the first request must be the greeting"));
    };
    confine(&bounds)?;
    // What a decoder panics about goes back in the answer.
    std::panic::set_hook(Box::new(|_| {}));
    Frame::write(&mut output, &Reply::Ready, &[])?;
    let mut reader = None;
    loop {
        let (request, parts) = match Frame::read::<Request>(&mut input) {
            Ok(request) => request,
            Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(fault) => return Err(fault),
        };
        let answered = catch_unwind(AssertUnwindSafe(|| answer(request, parts, &mut reader)));
        let (reply, parts) = answered.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
            (Reply::Panicked { what: format!("a decoder gave up: {said}") }, Vec::new())
        });
        Frame::write(&mut output, &reply, &parts)?;
        if matches!(reply, Reply::Panicked { .. }) {
            return Ok(());
        }
    }
}

/// Sets the kernel's bounds on this process; they cannot be raised again.
fn confine(bounds: &Bounds) -> io::Result<()> {
    Resource::AS.set(bounds.memory_bytes, bounds.memory_bytes)?;
    // The soft bound ends the process with SIGXCPU, which the parent tells from other deaths.
    Resource::CPU.set(bounds.cpu_seconds, bounds.cpu_seconds + 5)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::CORE.set(0, 0)?;
    Resource::NOFILE.set(OPEN_FILES, OPEN_FILES)
}

type Answer = (Reply, Vec<Vec<u8>>);

fn answer(request: Request, parts: Vec<Vec<u8>>, reader: &mut Option<Reader>) -> Answer {
    let bytes = parts.into_iter().next().unwrap_or_default();
    let filled = |image: PageImage, bytes| PageImage { bytes, ..image };
    let answered = match request {
        Request::Hello { .. } => Ok((Reply::Ready, Vec::new())),
        Request::Open { limits, separator } => {
            intake::open(bytes, &limits).and_then(|pages| looked_at(pages, separator.as_deref()))
        }
        Request::Read { image, turn, dpi } => return read(reader, &filled(image, bytes), turn, dpi),
        Request::Crop { image, turn, rects } => {
            page::crop(&filled(image, bytes), turn, &rects).map(|pictures| (Reply::Pictures, pictures))
        }
        Request::Codes { image, turn } => page::decode(&filled(image, bytes)).map(|picture| {
            let codes = code::codes(&page::turned(picture, turn));
            (Reply::Codes { codes }, Vec::new())
        }),
    };
    answered.unwrap_or_else(|rejected| (Reply::Rejected { rejected }, Vec::new()))
}

/// Pages with their thumbnails, and which of them are separator sheets.
fn looked_at(mut pages: Vec<intake::Page>, separator: Option<&str>) -> Result<Answer, Rejected> {
    let mut parts = Vec::with_capacity(pages.len() * 2);
    let mut separators = Vec::with_capacity(pages.len());
    for page in &mut pages {
        let picture = page::decode(&page.image)?;
        // A page that the search cannot take is a page all the same.
        let search = |prefix| catch_unwind(AssertUnwindSafe(|| code::separator(&picture, prefix)));
        separators.push(separator.and_then(|prefix| search(prefix).ok().flatten()));
        let thumbnail = page::thumbnail(&picture, page.turn)?;
        parts.push(std::mem::take(&mut page.image.bytes));
        parts.push(thumbnail);
    }
    Ok((Reply::Pages { pages, separators }, parts))
}

fn read(reader: &mut Option<Reader>, image: &PageImage, turn: crate::geometry::Turn, dpi: u32) -> Answer {
    let failed = |fault: EngineError| (Reply::Failed { what: fault.to_string() }, Vec::new());
    let reader = match reader {
        Some(reader) => reader,
        None => match Reader::new() {
            Ok(started) => reader.insert(started),
            Err(fault) => return failed(fault),
        },
    };
    match reader.read(image, turn, dpi) {
        Ok(text) => (Reply::Text { text }, Vec::new()),
        Err(ReadError::Page(rejected)) => (Reply::Rejected { rejected }, Vec::new()),
        Err(ReadError::Engine(EngineError::TooLarge { width, height })) => {
            let what = format!("picture of {width}×{height} pixels is too long to be read");
            (Reply::Rejected { rejected: Rejected::Broken { what } }, Vec::new())
        }
        Err(ReadError::Engine(fault)) => failed(fault),
    }
}
