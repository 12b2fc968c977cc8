//! TIFF with one or many pages, as office scanners make them (G3, G4, LZW, deflate, JPEG).
//! The directory chain is walked and counted before anything is decoded.

use std::collections::BTreeSet;
use std::io::Cursor;

use image::{DynamicImage, GrayImage, RgbImage};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits as DecodingLimits};
use tiff::tags::Tag;

use super::{Limits, Origin, Page, Rejected, check_output, check_pixels, finished, png};
use crate::geometry::Turn;

pub(super) fn pages(file: &[u8], limits: &Limits) -> Result<Vec<Page>, Rejected> {
    let n_pages = count(file)?;
    if n_pages > limits.pages {
        return Err(Rejected::TooManyPages { found: n_pages, most: limits.pages });
    }
    let mut bounds = DecodingLimits::default();
    // 16-bit colour is the widest that is read.
    bounds.decoding_buffer_size = limits.page_pixels.saturating_mul(6).try_into().unwrap_or(usize::MAX);
    bounds.intermediate_buffer_size = bounds.decoding_buffer_size;
    let mut decoder = Decoder::new(Cursor::new(file)).map_err(|fault| reason(1, &fault))?.with_limits(bounds);
    let mut pages = Vec::new();
    for number in 1..=n_pages {
        if number > 1 {
            decoder.next_image().map_err(|fault| reason(number, &fault))?;
        }
        pages.push(page(&mut decoder, number, limits)?);
        check_output(&pages, limits)?;
    }
    Ok(pages)
}

fn reason(page: u32, fault: &tiff::TiffError) -> Rejected {
    match fault {
        tiff::TiffError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            Rejected::Truncated { page }
        }
        other => Rejected::Broken { what: format!("TIFF page {page}: {other}") },
    }
}

/// Follows the chain of directories. A chain that bites its tail is broken, not endless.
fn count(file: &[u8]) -> Result<u32, Rejected> {
    let is_little = file.starts_with(b"II");
    let number = |at: usize, length: usize| -> Option<u32> {
        let bytes = file.get(at..at.checked_add(length)?)?;
        let fold = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
        Some(if is_little { bytes.iter().rev().fold(0, fold) } else { bytes.iter().fold(0, fold) })
    };
    let mut seen = BTreeSet::new();
    let mut at = number(4, 4).ok_or(Rejected::Truncated { page: 1 })?;
    while at != 0 {
        let page = seen.len() as u32 + 1;
        if !seen.insert(at) {
            return Err(Rejected::Broken { what: "TIFF: its pages form a ring".to_owned() });
        }
        let n_entries = number(at as usize, 2).ok_or(Rejected::Truncated { page })?;
        let next = at as usize + 2 + n_entries as usize * 12;
        at = number(next, 4).ok_or(Rejected::Truncated { page })?;
    }
    if seen.is_empty() {
        return Err(Rejected::Broken { what: "TIFF: no page".to_owned() });
    }
    Ok(seen.len() as u32)
}

fn page(decoder: &mut Decoder<Cursor<&[u8]>>, number: u32, limits: &Limits) -> Result<Page, Rejected> {
    let reason = |fault: tiff::TiffError| reason(number, &fault);
    let (width, height) = decoder.dimensions().map_err(reason)?;
    check_pixels(number, width, height, limits)?;
    let turn = match decoder.find_tag_unsigned::<u16>(Tag::Orientation).map_err(reason)? {
        Some(3 | 4) => Turn::Half,
        Some(5 | 6) => Turn::Right,
        Some(7 | 8) => Turn::Left,
        _ => Turn::None,
    };
    let per_unit = decoder.get_tag_f64(Tag::XResolution).ok();
    let dpi = match decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit).map_err(reason)? {
        Some(3) => per_unit.map(|per_cm| per_cm * 2.54),
        Some(1) => None,
        _ => per_unit,
    };
    let colour = decoder.colortype().map_err(reason)?;
    let pixels = decoder.read_image().map_err(reason)?;
    let picture = picture(colour, pixels, width, height, number)?;
    let image = png::encoded(&picture)?;
    Ok(finished(image, (width, height), dpi, turn, Origin::Recoded))
}

/// The decoder's pixels as grey or colour of eight bits.
fn picture(
    colour: ColorType,
    pixels: DecodingResult,
    width: u32,
    height: u32,
    page: u32,
) -> Result<DynamicImage, Rejected> {
    let unread =
        || Rejected::Broken { what: format!("TIFF page {page}: pixels of kind {colour:?} are not read") };
    let bytes = match pixels {
        DecodingResult::U8(bytes) => bytes,
        DecodingResult::U16(words) => words.into_iter().map(|word| (word >> 8) as u8).collect(),
        _ => return Err(unread()),
    };
    let n_pixels = width as usize * height as usize;
    let grey = |pixels: Vec<u8>| GrayImage::from_raw(width, height, pixels).map(DynamicImage::from);
    let rgb = |pixels: Vec<u8>| RgbImage::from_raw(width, height, pixels).map(DynamicImage::from);
    let made = match colour {
        ColorType::Gray(1) if bytes.len() < n_pixels => {
            let stride = width.div_ceil(8) as usize;
            let bit = |row: &[u8], x: u32| (row[x as usize / 8] >> (7 - x % 8) & 1) * 255;
            grey(bytes.chunks(stride).flat_map(|row| (0..width).map(move |x| bit(row, x))).collect())
        }
        ColorType::Gray(1) => grey(bytes.into_iter().map(|value| if value > 0 { 255 } else { 0 }).collect()),
        ColorType::Gray(8 | 16) => grey(bytes),
        ColorType::GrayA(8 | 16) => grey(bytes.as_chunks::<2>().0.iter().map(|[value, _]| *value).collect()),
        ColorType::RGB(8 | 16) => rgb(bytes),
        ColorType::RGBA(8 | 16) => {
            rgb(bytes.as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect())
        }
        ColorType::CMYK(8 | 16) => {
            rgb(bytes.as_chunks::<4>().0.iter().flat_map(|cmyk| from_cmyk(*cmyk)).collect())
        }
        ColorType::YCbCr(8) => {
            let ycc = RgbImage::from_raw(width, height, bytes).ok_or_else(unread)?;
            rgb(ycc.pixels().flat_map(|pixel| from_ycbcr(pixel.0)).collect())
        }
        _ => return Err(unread()),
    };
    made.ok_or_else(unread)
}

fn from_cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| (u32::from(255 - ink) * u32::from(255 - k) / 255) as u8)
}

fn from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb]
        .map(|value| value.round().clamp(0.0, 255.0) as u8)
}
