//! What is seen of a signature: text lines, a seal, and where the law wants them on the page.
//! Everything drawn carries its own font and colour profile, so a PDF/A file stays one.

mod layout;
mod lettering;
mod seal;

use crate::error::{Error, Refusal, Result};
use crate::icc;
use crate::object::Ref;
use crate::print::Slot;
use crate::read::{Document, Page};
use crate::update::Increment;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use layout::{Frame, LEADING, Laid, PADDING, image_side, lay_out, text_left, user_space};
use lettering::Font;
use std::fmt::Write as _;

pub use seal::{Seal, SealArt};

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
    pub leave: Leave,
    /// Points. In a slot of fixed size the text shrinks until it fits.
    pub font_size: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    None,
    /// A hair line around the mark.
    Thin,
}

/// What part of a slot stays without text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    Nothing,
    /// The left third, where the agency's seal will overlap the person's signature.
    // law: ND30-2020/PL1
    ThirdForSeal,
}

/// Where a mark stands. Lengths are points; `x` and `y` give the left and lower edge, counted from
/// the lower left corner of the page as it is seen, as a printed form's slots do.
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

impl From<&Slot> for Place {
    /// The slot that a printed form keeps free for a signature.
    fn from(slot: &Slot) -> Self {
        Self::At { page: slot.page, x: slot.x_pt, y: slot.y_pt, width: slot.width_pt, height: slot.height_pt }
    }
}

impl Place {
    /// The place of the agency's seal over the person's signature in a printed form's slot.
    // law: ND30-2020/PL1
    pub fn seal_over(slot: &Slot) -> Self {
        let (width, height) = (slot.width_pt, slot.height_pt);
        Self::SealOver { page: slot.page, x: slot.x_pt, y: slot.y_pt, width, height }
    }
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
            leave: Leave::Nothing,
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
            leave: Leave::Nothing,
            font_size: 10.0,
        }
    }

    /// A person's signature in its slot.
    pub fn personal(place: Place, name: &str, at: Timestamp) -> Self {
        Self {
            place,
            lines: vec![format!("Người ký: {name}"), vietnam_time(at)],
            image: None,
            border: Border::Thin,
            leave: Leave::ThirdForSeal,
            font_size: 9.0,
        }
    }

    /// An agency's signature on a paper of its own, in the slot of whoever would sign it by hand.
    pub fn agency(place: Place, name: &str, at: Timestamp) -> Self {
        let lines = vec![format!("Cơ quan ký số: {name}"), vietnam_time(at)];
        Self { place, lines, image: None, border: Border::Thin, leave: Leave::Nothing, font_size: 9.0 }
    }

    /// A few words in their slot, without ground or border: the number and the date the clerk gives.
    // law: ND30-2020/PL1
    pub fn words(place: Place, text: &str) -> Self {
        let (border, leave) = (Border::None, Leave::Nothing);
        Self { place, lines: vec![text.to_owned()], image: None, border, leave, font_size: 13.0 }
    }

    /// An agency's seal and nothing else.
    pub fn seal(place: Place, seal: Seal) -> Self {
        let (border, leave) = (Border::None, Leave::Nothing);
        Self { place, lines: Vec::new(), image: Some(seal), border, leave, font_size: 9.0 }
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

/// Draws every mark of one signature. Several share one widget, because a signature field has one: its
/// rectangle is the smallest around them and its appearance shows each in its own place.
pub(crate) fn draw_all(
    marks: &[VisibleMark],
    document: &Document<'_>,
    pages: &[Page],
    increment: &mut Increment<'_, '_>,
) -> Result<Option<Drawn>> {
    let mut drawn = Vec::with_capacity(marks.len());
    for mark in marks {
        drawn.push(draw(mark, document, pages, increment)?);
    }
    let Some(first) = drawn.first() else { return Ok(None) };
    if drawn.len() == 1 {
        return Ok(drawn.pop());
    }
    let page = first.page;
    if drawn.iter().any(|mark| mark.page != page) || pages[page].rotate != 0 {
        return Err(Error::Mark("several marks that are not on one upright page"));
    }
    let rect = drawn.iter().fold(first.rect, |around, mark| {
        let [left, bottom, right, top] = mark.rect;
        [around[0].min(left), around[1].min(bottom), around[2].max(right), around[3].max(top)]
    });
    let (mut content, mut objects) = (String::new(), String::new());
    for (number, mark) in drawn.iter().enumerate() {
        let (x, y) = (mark.rect[0] - rect[0], mark.rect[1] - rect[1]);
        let _ = writeln!(content, "q 1 0 0 1 {x:.3} {y:.3} cm /M{number} Do Q");
        let _ = write!(objects, "/M{number} {} 0 R", mark.appearance.number);
    }
    let entries = format!(
        "/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 {:.2} {:.2}]/Resources<</XObject<<{objects}>>>>",
        rect[2] - rect[0],
        rect[3] - rect[1]
    );
    let appearance = increment.add_stream(&entries, content.as_bytes());
    Ok(Some(Drawn { page, rect, appearance }))
}

fn draw(
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
    if let Some(seal) = &mark.image {
        let side = image_side(mark, frame);
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
    let left = match mark.place {
        Place::At { .. } => text_left(mark, frame),
        _ => image_side(mark, frame),
    };
    text(laid, frame, left + padding(mark), font, &mut content);
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

/// Room between the edge of a mark and its text. Words in a slot of the form have none: the slot is
/// their line.
fn padding(mark: &VisibleMark) -> f64 {
    match (mark.place, mark.border) {
        (Place::At { .. }, Border::None) => 0.0,
        _ => PADDING,
    }
}

fn text(laid: &Laid, frame: &Frame, left: f64, font: &mut Font, content: &mut String) {
    if laid.lines.is_empty() {
        return;
    }
    let pitch = laid.size * LEADING;
    let block = laid.lines.len() as f64 * pitch;
    let top = f64::midpoint(frame.height, block);
    // The baseline lies so that ascenders with two marks (Ấ) stay inside the line.
    let mut y = top - laid.size * 0.95;
    let _ = writeln!(content, "BT /R {:.2} Tf", laid.size);
    for line in &laid.lines {
        let _ = writeln!(content, "1 0 0 1 {left:.2} {y:.2} Tm <{}> Tj", font.encode(line));
        y -= pitch;
    }
    content.push_str("ET\n");
}
