//! What is seen of a signature: text lines, a seal, and where the law wants them on the page.
//! Everything drawn carries its own font and colour profile, so a PDF/A file stays one.

mod lettering;
mod seal;

use crate::error::{Error, Refusal, Result};
use crate::form::Form;
use crate::icc;
use crate::object::Ref;
use crate::read::{Document, Page, PageSize};
use crate::update::Increment;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use lettering::Font;
use std::fmt::Write as _;

pub use seal::{Seal, SealArt};

/// Distance of a preset mark from the page's edges, points.
const MARGIN: f64 = 12.0;
const PADDING: f64 = 3.0;
/// Line height as a multiple of the font size.
const LEADING: f64 = 1.2;
const MAX_LINES: usize = 16;
const SMALLEST_FONT: f64 = 5.0;

/// A mark on the page.
#[derive(Debug, Clone)]
pub struct VisibleMark {
    pub place: Place,
    /// Lines of text; long ones are wrapped.
    pub lines: Vec<String>,
    /// Picture of the seal; to the left of the text, or alone.
    pub image: Option<Seal>,
    pub border: Border,
    /// Points. In a slot of fixed size the text shrinks until it fits.
    pub font_size: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    None,
    /// A hair line around the mark.
    Thin,
}

/// Where a mark stands. Lengths are points, from the top left corner of the page as it is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// The digitiser's personal signature on a scanned component.
    // law: TT01-2023-VPCP/8.1
    TopLeftFirstPage,
    /// The agency's signature on an electronic copy.
    // law: ND30-2020/PL1
    TopRightFirstPage,
    /// A signature slot. `page` counts from 1.
    At { page: usize, x: f64, y: f64, width: f64, height: f64 },
    /// The agency's seal over the person's signature, whose slot is given: the seal covers a third
    /// of it, on its left. `page` counts from 1.
    // law: ND30-2020/PL1
    SealOver { page: usize, x: f64, y: f64, width: f64, height: f64 },
}

impl VisibleMark {
    /// The mark of the officer who scanned a paper: name and time of scanning.
    // law: TT01-2023-VPCP/8.1
    pub fn digitiser(name: &str, scanned_at: Timestamp) -> Self {
        Self {
            place: Place::TopLeftFirstPage,
            lines: vec![
                format!("Người số hóa: {name}"),
                format!("Thời gian số hóa: {}", vietnam_time(scanned_at)),
            ],
            image: None,
            border: Border::None,
            font_size: 8.0,
        }
    }

    /// The mark of an agency on an electronic copy: form of copy, agency, time of signing.
    // law: ND30-2020/PL1
    pub fn copy(form_of_copy: &str, agency: &str, at: Timestamp) -> Self {
        Self {
            place: Place::TopRightFirstPage,
            lines: vec![form_of_copy.to_owned(), agency.to_owned(), vietnam_time(at)],
            image: None,
            border: Border::None,
            font_size: 10.0,
        }
    }

    /// A person's signature in its slot.
    pub fn personal(place: Place, name: &str, at: Timestamp) -> Self {
        Self {
            place,
            lines: vec![format!("Người ký: {name}"), format!("Thời gian ký: {}", vietnam_time(at))],
            image: None,
            border: Border::Thin,
            font_size: 9.0,
        }
    }

    /// An agency's seal and nothing else.
    pub fn seal(place: Place, seal: Seal) -> Self {
        Self { place, lines: Vec::new(), image: Some(seal), border: Border::None, font_size: 9.0 }
    }
}

/// A moment as marks print it: `21/11/2026 10:00:00 +07:00`.
// law: ND30-2020/PL1
pub fn vietnam_time(at: Timestamp) -> String {
    at.to_zoned(vietnam()).strftime("%d/%m/%Y %H:%M:%S +07:00").to_string()
}

pub(crate) fn vietnam() -> TimeZone {
    TimeZone::fixed(Offset::constant(7))
}

/// A mark drawn into an increment.
pub(crate) struct Drawn {
    /// Index of the page.
    pub(crate) page: usize,
    /// In the page's user space: left, bottom, right, top.
    pub(crate) rect: [f64; 4],
    pub(crate) appearance: Ref,
}

/// A box on the page as seen: left, top, width, height.
#[derive(Debug, Clone, Copy)]
struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Lines that fit, and their font size.
struct Laid {
    lines: Vec<String>,
    size: f64,
}

pub(crate) fn draw(
    mark: &VisibleMark,
    document: &Document<'_>,
    pages: &[Page],
    increment: &mut Increment<'_, '_>,
) -> Result<Drawn> {
    check(mark)?;
    let number = match mark.place {
        Place::TopLeftFirstPage | Place::TopRightFirstPage => 1,
        Place::At { page, .. } | Place::SealOver { page, .. } => page,
    };
    let index = number.checked_sub(1).filter(|index| *index < pages.len());
    let index = index.ok_or(Refusal::NoSuchPage(number))?;
    let page = &pages[index];
    let mut font = Font::regular()?;
    let (frame, laid) = lay_out(mark, document, page, &font)?;
    let opaque = forbids_transparency(document)?;
    let appearance = paint(mark, &frame, &laid, page.rotate, opaque, &mut font, increment)?;
    Ok(Drawn { page: index, rect: user_space(page, &frame), appearance })
}

/// PDF/A-1 knows no transparency; later parts allow it where the file names its output colours.
fn forbids_transparency(document: &Document<'_>) -> Result<bool> {
    let Some(claim) = document.pdfa_claim() else { return Ok(false) };
    let intents = document.value(&document.root()?, b"OutputIntents")?;
    Ok(claim.starts_with('1') || intents.is_none())
}

fn check(mark: &VisibleMark) -> Result<()> {
    if mark.lines.len() > MAX_LINES || mark.lines.iter().any(|line| line.chars().count() > 300) {
        return Err(Error::Mark("too much text"));
    }
    if mark.lines.is_empty() && mark.image.is_none() {
        return Err(Error::Mark("neither text nor seal"));
    }
    if !(SMALLEST_FONT..=72.0).contains(&mark.font_size) {
        return Err(Error::Mark("a font size outside 5 to 72 points"));
    }
    Ok(())
}

fn lay_out(mark: &VisibleMark, document: &Document<'_>, page: &Page, font: &Font) -> Result<(Frame, Laid)> {
    let size = page.size();
    match mark.place {
        Place::TopLeftFirstPage | Place::TopRightFirstPage => preset(mark, document, page, font),
        Place::At { x, y, width, height, .. } => {
            let frame = within(Frame { x, y, width, height }, size)?;
            Ok((frame, fit(mark, &frame, font)?))
        }
        Place::SealOver { x, y, width, height, .. } => {
            within(Frame { x, y, width, height }, size)?;
            let seal = mark.image.as_ref().ok_or(Error::Mark("a seal's place without a seal"))?;
            let diameter = seal.diameter_points();
            // law: ND30-2020/PL1 (a third of the signature, on its left)
            let left = x + width / 3.0 - diameter;
            let top = y + height / 2.0 - diameter / 2.0;
            let frame = Frame {
                x: left.clamp(0.0, (size.width - diameter).max(0.0)),
                y: top.clamp(0.0, (size.height - diameter).max(0.0)),
                width: diameter,
                height: diameter,
            };
            Ok((within(frame, size)?, Laid { lines: Vec::new(), size: mark.font_size }))
        }
    }
}

/// A preset takes the room its text needs, below any earlier mark in the same corner.
fn preset(mark: &VisibleMark, document: &Document<'_>, page: &Page, font: &Font) -> Result<(Frame, Laid)> {
    let size = page.size();
    let image = mark.image.as_ref().map_or(0.0, |seal| seal.diameter_points().min(size.width / 3.0));
    let widest = size.width * 0.48 - MARGIN - 2.0 * PADDING - image;
    let lines = font.wrap_all(&mark.lines, mark.font_size, widest);
    let text_width = lines.iter().map(|line| font.width(line, mark.font_size)).fold(0.0, f64::max);
    let text_height = lines.len() as f64 * mark.font_size * LEADING;
    let width = text_width + image + 2.0 * PADDING;
    let height = text_height.max(image) + 2.0 * PADDING;
    let x = match mark.place {
        Place::TopRightFirstPage => size.width - MARGIN - width,
        _ => MARGIN,
    };
    let mut frame = Frame { x, y: MARGIN, width, height };
    let mut others = earlier_marks(document, page)?;
    others.sort_by(|a, b| a.y.total_cmp(&b.y));
    for other in &others {
        let apart = other.x >= frame.x + frame.width
            || frame.x >= other.x + other.width
            || other.y >= frame.y + frame.height
            || frame.y >= other.y + other.height;
        if !apart {
            frame.y = other.y + other.height + 2.0;
        }
    }
    frame.y = frame.y.min((size.height - height).max(0.0));
    Ok((within(frame, size)?, Laid { lines, size: mark.font_size }))
}

/// Boxes of the signatures already seen on a page.
fn earlier_marks(document: &Document<'_>, page: &Page) -> Result<Vec<Frame>> {
    let mut frames = Vec::new();
    for field in Form::read(document)?.fields.iter().filter(|field| field.is_signed()) {
        for widget in &field.widgets {
            let object = document.fetch(*widget)?.object;
            let Some(dict) = object.as_dict() else { continue };
            if dict.get(b"P").and_then(crate::object::Object::as_ref) != Some(page.reference) {
                continue;
            }
            let rect = document.rectangle(dict, b"Rect")?.unwrap_or_default();
            if rect[2] > rect[0] && rect[3] > rect[1] {
                frames.push(as_seen(page, rect));
            }
        }
    }
    Ok(frames)
}

/// Wraps text into a fixed box, smaller and smaller until it fits.
fn fit(mark: &VisibleMark, frame: &Frame, font: &Font) -> Result<Laid> {
    let image = image_side(mark, frame);
    let (width, height) = (frame.width - image - 2.0 * PADDING, frame.height - 2.0 * PADDING);
    let mut size = mark.font_size;
    while size >= SMALLEST_FONT {
        let lines = font.wrap_all(&mark.lines, size, width);
        let widest = lines.iter().map(|line| font.width(line, size)).fold(0.0, f64::max);
        if lines.len() as f64 * size * LEADING <= height + 0.01 && widest <= width + 0.01 {
            return Ok(Laid { lines, size });
        }
        size -= 0.5;
    }
    Err(Error::Mark("the text does not fit into its place"))
}

/// Side of the square the seal takes inside a frame.
fn image_side(mark: &VisibleMark, frame: &Frame) -> f64 {
    match (&mark.image, mark.lines.is_empty()) {
        (None, _) => 0.0,
        (Some(seal), true) => seal.diameter_points().min(frame.width).min(frame.height),
        (Some(seal), false) => seal.diameter_points().min(frame.width * 0.4).min(frame.height),
    }
}

fn within(frame: Frame, size: PageSize) -> Result<Frame> {
    let all = [frame.x, frame.y, frame.width, frame.height];
    let fits = all.iter().all(|v| v.is_finite() && *v >= 0.0)
        && frame.width >= 1.0
        && frame.height >= 1.0
        && frame.x + frame.width <= size.width + 0.01
        && frame.y + frame.height <= size.height + 0.01;
    if fits { Ok(frame) } else { Err(Error::Mark("the place is outside the page")) }
}

/// From a box as seen to the page's user space, which a page's Rotate turns away from it.
fn user_space(page: &Page, frame: &Frame) -> [f64; 4] {
    let [left, bottom, right, top] = page.visible;
    let (x0, y0, x1, y1) = (frame.x, frame.y, frame.x + frame.width, frame.y + frame.height);
    match page.rotate {
        90 => [left + y0, bottom + x0, left + y1, bottom + x1],
        180 => [right - x1, bottom + y0, right - x0, bottom + y1],
        270 => [right - y1, top - x1, right - y0, top - x0],
        _ => [left + x0, top - y1, left + x1, top - y0],
    }
}

fn as_seen(page: &Page, [a, b, c, d]: [f64; 4]) -> Frame {
    let [left, bottom, right, top] = page.visible;
    let (x, y, width, height) = match page.rotate {
        90 => (b - bottom, a - left, d - b, c - a),
        180 => (right - c, b - bottom, c - a, d - b),
        270 => (top - d, right - c, d - b, c - a),
        _ => (a - left, top - d, c - a, d - b),
    };
    Frame { x, y, width, height }
}

fn paint(
    mark: &VisibleMark,
    frame: &Frame,
    laid: &Laid,
    rotate: u16,
    opaque: bool,
    font: &mut Font,
    increment: &mut Increment<'_, '_>,
) -> Result<Ref> {
    let profile = increment.add_stream("/N 3", &icc::srgb());
    let mut resources = format!("/ColorSpace<</S[/ICCBased {} 0 R]>>", profile.number);
    let mut bold = Font::bold()?;
    let mut content = String::from("q /S cs /S CS 0 0 0 sc 0 0 0 SC\n");
    let mut objects = String::new();

    // Text over a scan needs calm ground; where transparency is forbidden it stands bare.
    if !laid.lines.is_empty() && !opaque {
        resources.push_str("/ExtGState<</W<</ca 0.8>> /F<</ca 1>> >>");
        let (w, h) = (frame.width, frame.height);
        let _ = writeln!(content, "/W gs 1 1 1 sc 0 0 {w:.2} {h:.2} re f /F gs 0 0 0 sc");
    }
    if mark.border == Border::Thin {
        let (w, h) = (frame.width - 0.5, frame.height - 0.5);
        let _ = writeln!(content, "0.5 w 0.25 0.25 {w:.2} {h:.2} re S");
    }
    let mut side = 0.0;
    if let Some(seal) = &mark.image {
        side = image_side(mark, frame);
        let x = if laid.lines.is_empty() { (frame.width - side) / 2.0 } else { 0.0 };
        let y = (frame.height - side) / 2.0;
        match &seal.art {
            SealArt::Drawn { ring, lines } => {
                seal::draw(ring, lines, [x, y], side, &mut bold, &mut content);
            }
            SealArt::Picture(png) => {
                let picture = seal::picture(png, profile, opaque, increment)?;
                let _ = write!(objects, "/I {} 0 R", picture.number);
                let _ = writeln!(content, "q {side:.3} 0 0 {side:.3} {x:.3} {y:.3} cm /I Do Q");
            }
        }
    }
    text(laid, frame, side, font, &mut content);
    content.push('Q');

    let mut fonts = String::new();
    for (name, font) in [("R", &*font), ("B", &bold)] {
        if let Some(embedded) = font.embed(increment)? {
            let _ = write!(fonts, "/{name} {} 0 R", embedded.number);
        }
    }
    let _ = write!(resources, "/Font<<{fonts}>>/XObject<<{objects}>>");
    let matrix = match rotate {
        90 => "[0 1 -1 0 0 0]",
        180 => "[-1 0 0 -1 0 0]",
        270 => "[0 -1 1 0 0 0]",
        _ => "[1 0 0 1 0 0]",
    };
    let entries = format!(
        "/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 {:.2} {:.2}]/Matrix{matrix}/Resources<<{resources}>>",
        frame.width, frame.height
    );
    Ok(increment.add_stream(&entries, content.as_bytes()))
}

fn text(laid: &Laid, frame: &Frame, image: f64, font: &mut Font, content: &mut String) {
    if laid.lines.is_empty() {
        return;
    }
    let pitch = laid.size * LEADING;
    let block = laid.lines.len() as f64 * pitch;
    let top = f64::midpoint(frame.height, block);
    let x = image + PADDING;
    // The baseline lies so that ascenders with two marks (Ấ) stay inside the line.
    let mut y = top - laid.size * 0.95;
    let _ = writeln!(content, "BT /R {:.2} Tf", laid.size);
    for line in &laid.lines {
        let _ = writeln!(content, "1 0 0 1 {x:.2} {y:.2} Tm <{}> Tj", font.encode(line));
        y -= pitch;
    }
    content.push_str("ET\n");
}
