//! A page that was read, as the archival file wants it: the picture untouched where it can be, the
//! words under it in their places. The bridge between `scan` and `pdf`, which do not know each other.

use crate::Error;
use pdf::archive::{Colour, PageImage as Kept, ScanPage, TextWord, Turn as KeptTurn};
use scan::geometry::Turn;
use scan::intake::{Encoding, Ink, PageImage};
use scan::recognise::{PageText, Word};
use std::collections::BTreeMap;

/// A page on its way into a file: its picture as stored, and how it stands.
#[derive(Debug)]
pub struct Sheet<'p> {
    pub image: &'p PageImage,
    /// Pixels as stored, before the turn.
    pub width: u32,
    pub height: u32,
    pub dpi: u32,
    pub turn: Turn,
    pub text: &'p PageText,
}

/// The page for [`pdf::archive::write`]. JPEG bytes go through as they are; other pictures keep every
/// pixel.
pub fn page(sheet: &Sheet<'_>) -> Result<ScanPage, Error> {
    let dpi = sheet.dpi as f32;
    Ok(ScanPage {
        image: picture(sheet)?,
        dpi: (dpi, dpi),
        turn: match sheet.turn {
            Turn::None => KeptTurn::None,
            Turn::Right => KeptTurn::Quarter,
            Turn::Half => KeptTurn::Half,
            Turn::Left => KeptTurn::ThreeQuarter,
        },
        words: words(sheet.text),
    })
}

fn picture(sheet: &Sheet<'_>) -> Result<Kept, Error> {
    let (width, height) = (sheet.width, sheet.height);
    match sheet.image.encoding {
        Encoding::Jpeg => {
            let bytes = sheet.image.bytes.clone();
            let colour = jpeg_colour(&bytes);
            Ok(Kept::Jpeg { bytes, width, height, colour })
        }
        Encoding::Png => {
            let decoded =
                image::load_from_memory_with_format(&sheet.image.bytes, sheet.image.encoding.format())
                    .map_err(Error::broken)?;
            Ok(match sheet.image.ink {
                Ink::Bilevel => {
                    let grey = decoded.into_luma8();
                    let (width, height) = grey.dimensions();
                    Kept::Bitonal { bits: packed(&grey), width, height }
                }
                Ink::Grey => {
                    let grey = decoded.into_luma8();
                    let (width, height) = grey.dimensions();
                    Kept::Grey8 { pixels: grey.into_raw(), width, height }
                }
                Ink::Colour => {
                    let colour = decoded.into_rgb8();
                    let (width, height) = colour.dimensions();
                    Kept::Rgb8 { pixels: colour.into_raw(), width, height }
                }
            })
        }
    }
}

/// One bit a pixel, highest first, rows padded to bytes, 1 is black.
fn packed(grey: &image::GrayImage) -> Vec<u8> {
    let row_bytes = (grey.width() as usize).div_ceil(8);
    let mut bits = vec![0; row_bytes * grey.height() as usize];
    for (x, y, pixel) in grey.enumerate_pixels() {
        if pixel.0[0] < 128 {
            bits[y as usize * row_bytes + x as usize / 8] |= 0x80 >> (x % 8);
        }
    }
    bits
}

/// The number of components, from the frame header: 1 grey, 3 colour, 4 print colours.
fn jpeg_colour(bytes: &[u8]) -> Colour {
    let mut at = 2;
    while let [0xff, marker, high, low, rest @ ..] = bytes.get(at..).unwrap_or_default() {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // The frame headers SOF0 to SOF15, without DHT, JPG and DAC, which share their range.
        if (0xc0..=0xcf).contains(marker) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return match rest.get(5) {
                Some(1) => Colour::Grey,
                Some(4) => Colour::Cmyk,
                _ => Colour::Rgb,
            };
        }
        at += 2 + length;
    }
    Colour::Rgb
}

fn words(text: &PageText) -> Vec<TextWord> {
    let mut lines: BTreeMap<u32, Vec<&Word>> = BTreeMap::new();
    for word in &text.words {
        lines.entry(word.line).or_default().push(word);
    }
    // The engine gives boxes around the ink; the letters' common foot is where most boxes of a line end,
    // seen along the line's slope.
    let slope = text.skew_degrees.to_radians().tan();
    lines
        .into_values()
        .flat_map(|line| {
            let mut feet: Vec<f32> =
                line.iter().map(|word| word.rect[3] as f32 - slope * word.rect[0] as f32).collect();
            feet.sort_by(f32::total_cmp);
            let foot = feet[feet.len() / 2];
            line.into_iter().map(move |word| {
                let x = word.rect[0] as f32;
                TextWord {
                    text: word.text.clone(),
                    rect: word.rect.map(|side| side as f32),
                    baseline: [x, foot + slope * x],
                    line: word.line,
                    angle_degrees: -text.skew_degrees,
                }
            })
        })
        .collect()
}
