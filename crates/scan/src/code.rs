//! QR codes on a page: the one on a citizen's card, on a separator sheet, on an issued result.
//! Gives their text; what a text means, and whether to believe it, is the caller's to judge.

use std::collections::HashSet;

use image::DynamicImage;
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::page;

/// A QR code and where it lies on the upright page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    pub text: String,
    /// Around the code's finder patterns.
    pub rect: Rect,
}

/// Longest side that is searched, in pixels; larger pages are made smaller first.
const SEARCHED_SIDE: u32 = 5_000;

/// All QR codes on an upright page, from top to bottom.
pub fn codes(picture: &DynamicImage) -> Vec<Code> {
    let grey = page::plain(picture);
    let factor = (f64::from(SEARCHED_SIDE) / f64::from(grey.width.max(grey.height))).min(1.0);
    let mut codes = search(grey.shrink(factor), 1.0 / factor);
    // A card's code has little more than two pixels a module at 200 dpi; doubling finds more.
    if codes.is_empty() && grey.width.max(grey.height) <= SEARCHED_SIDE / 2 {
        let doubled = image::imageops::resize(
            &picture.to_luma8(),
            grey.width * 2,
            grey.height * 2,
            image::imageops::FilterType::Triangle,
        );
        let doubled =
            page::Grey { width: doubled.width(), height: doubled.height(), pixels: doubled.into_raw() };
        codes = search(doubled, 0.5);
    }
    codes.sort_by_key(|code| (code.rect[1], code.rect[0]));
    codes.dedup_by(|a, b| a.text == b.text && a.rect == b.rect);
    codes
}

/// Long side at which the large code of a separator sheet is looked for, in pixels: one of 60 mm has some five
/// pixels a module then, and every page of every stack is searched.
const SHEET_SIDE: u32 = 900;
/// A sheet is nearly empty beside its code: its share of dark pixels inside the margins is below this. A page
/// of text has more, whatever code is printed on it.
const MOST_INK: f64 = 0.03;

/// What the code of a separator sheet says, where the picture is one: a code that begins with `prefix`, and
/// hardly anything else. It may lie in any direction.
pub fn separator(picture: &DynamicImage, prefix: &str) -> Option<String> {
    let grey = page::plain(picture);
    let factor = (f64::from(SHEET_SIDE) / f64::from(grey.width.max(grey.height))).min(1.0);
    let small = grey.shrink(factor);
    let found = search(small.clone(), 1.0).into_iter().find(|code| code.text.starts_with(prefix))?;
    (ink_beside(&small, found.rect) < MOST_INK).then_some(found.text)
}

/// The share of dark pixels inside the margins of a page, without those of a code.
fn ink_beside(grey: &page::Grey, code: Rect) -> f64 {
    let margin = |side: u32| side / 10..side - side / 10;
    // The box goes through the middles of the finder patterns, whose outer halves lie beyond it.
    let beyond = (code[2] - code[0]).max(code[3] - code[1]) / 4;
    let (x0, y0) = (code[0].saturating_sub(beyond), code[1].saturating_sub(beyond));
    let (x1, y1) = (code[2] + beyond, code[3] + beyond);
    let (mut n_dark, mut n) = (0_u32, 0_u32);
    for y in margin(grey.height) {
        let row = grey.row(y);
        for x in margin(grey.width).filter(|x| !((x0..x1).contains(x) && (y0..y1).contains(&y))) {
            n += 1;
            n_dark += u32::from(row[x as usize] < 128);
        }
    }
    f64::from(n_dark) / f64::from(n.max(1))
}

fn search(grey: page::Grey, to_page: f64) -> Vec<Code> {
    let mut hints = DecodeHints {
        PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let (width, height) = (grey.width, grey.height);
    let found =
        detect_multiple_in_luma_with_hints(grey.pixels, width, height, &mut hints).unwrap_or_default();
    let mut codes: Vec<Code> = Vec::new();
    for result in found {
        let mut rect = [u32::MAX, u32::MAX, 0, 0];
        for point in result.getPoints() {
            let x = (f64::from(point.x.max(0.0)) * to_page) as u32;
            let y = (f64::from(point.y.max(0.0)) * to_page) as u32;
            rect = [rect[0].min(x), rect[1].min(y), rect[2].max(x), rect[3].max(y)];
        }
        let code = Code { text: result.getText().to_owned(), rect };
        // The search looks at overlapping parts of the page and may meet a code twice.
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}
