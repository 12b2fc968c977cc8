//! Where a mark stands and how its text is broken: presets in the page's corners, slots of fixed
//! size, the seal over a person's signature; and the way back from the page as seen to user space.

use super::lettering::Font;
use super::{Leave, Place, VisibleMark};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::object::Object;
use crate::read::{Document, Page, PageSize};

/// Distance of a preset mark from the page's edges, points.
const MARGIN: f64 = 12.0;
pub(super) const PADDING: f64 = 3.0;
/// Line height as a multiple of the font size.
pub(super) const LEADING: f64 = 1.2;
/// Text in a slot shrinks this far before its lines are broken.
const READABLE_FONT: f64 = 7.0;

/// A box on the page as seen: left, top, width, height.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    x: f64,
    y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Lines that fit, and their font size.
pub(super) struct Laid {
    pub(super) lines: Vec<String>,
    pub(super) size: f64,
}

pub(super) fn lay_out(
    mark: &VisibleMark,
    document: &Document<'_>,
    page: &Page,
    font: &Font,
) -> Result<(Frame, Laid)> {
    let size = page.size();
    match mark.place {
        Place::TopLeftFirstPage | Place::TopRightFirstPage => preset(mark, document, page, font),
        Place::At { x, y, width, height, .. } => {
            let frame = within(Frame { x, y: size.height - y - height, width, height }, size)?;
            Ok((frame, fit(mark, &frame, font)?))
        }
        Place::SealOver { x, y, width, height, .. } => {
            let person = within(Frame { x, y: size.height - y - height, width, height }, size)?;
            let seal = mark.image.as_ref().ok_or(Error::Mark("a seal's place without a seal"))?;
            let diameter = seal.diameter_points();
            // law: ND30-2020/PL1
            let left = x + width / 3.0 - diameter;
            let top = person.y + (height - diameter) / 2.0;
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
            if dict.get(b"P").and_then(Object::as_ref) != Some(page.reference) {
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
    let left = text_left(mark, frame);
    let padding = super::padding(mark);
    let (width, height) = (frame.width - left - 2.0 * padding, frame.height - 2.0 * padding);
    let mut size = mark.font_size;
    // Rather a little smaller than broken in the middle of a date.
    let whole = mark.lines.iter().map(|line| font.width(line, 1.0)).fold(0.0, f64::max);
    if whole * READABLE_FONT <= width {
        size = size.min((width / whole * 2.0).floor() / 2.0);
    }
    while size >= super::SMALLEST_FONT {
        let lines = font.wrap_all(&mark.lines, size, width);
        let widest = lines.iter().map(|line| font.width(line, size)).fold(0.0, f64::max);
        if lines.len() as f64 * size * LEADING <= height + 0.01 && widest <= width + 0.01 {
            return Ok(Laid { lines, size });
        }
        size -= 0.5;
    }
    Err(Error::Mark("the text does not fit into its place"))
}

/// Where the text starts inside a frame.
pub(super) fn text_left(mark: &VisibleMark, frame: &Frame) -> f64 {
    match mark.leave {
        Leave::Nothing => image_side(mark, frame),
        Leave::ThirdForSeal => image_side(mark, frame).max(frame.width / 3.0),
    }
}

/// Side of the square the seal takes inside a frame.
pub(super) fn image_side(mark: &VisibleMark, frame: &Frame) -> f64 {
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
pub(super) fn user_space(page: &Page, frame: &Frame) -> [f64; 4] {
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
