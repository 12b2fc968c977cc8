//! The page made ready for reading: coloured ink taken out, background levelled, straightened,
//! dark scanner frame wiped. Only what text recognition sees is changed here, never what is kept;
//! each step can be undone on coordinates, so that a word lies where the officer sees it.

mod frame;
mod ink;
mod light;
mod look;
pub(crate) mod picture;
mod skew;

use image::DynamicImage;

use crate::geometry::{Rect, Turn};

pub(crate) use look::Look;
pub use picture::{crop, decode, thumbnail};

/// Text is read at this resolution at most: footnotes lose their tone marks at 200 dpi, and
/// 300 dpi reads no better and costs a sixth more.
const READING_DPI: f32 = 250.0;
/// Below this many pixels on the long side a picture is no page scan (a screenshot, a 70 dpi copy):
/// levelling and frame wiping assume a scan and do harm there.
const SMALLEST_SCAN: u32 = 1_100;
/// Turning by less than this blurs more than it straightens.
const LEAST_SKEW: f64 = 0.10;

/// A grey picture, one byte a pixel, 0 black to 255 white, rows without padding.
#[derive(Debug, Clone)]
pub struct Grey {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

impl Grey {
    pub(crate) fn filled(width: u32, height: u32, value: u8) -> Self {
        Self { width, height, pixels: vec![value; width as usize * height as usize] }
    }

    pub(crate) fn row(&self, y: u32) -> &[u8] {
        let width = self.width as usize;
        &self.pixels[y as usize * width..][..width]
    }

    pub(crate) fn row_mut(&mut self, y: u32) -> &mut [u8] {
        let width = self.width as usize;
        &mut self.pixels[y as usize * width..][..width]
    }

    /// Makes the picture smaller by averaging areas; `factor` is at most 1.
    pub(crate) fn shrink(&self, factor: f64) -> Self {
        if factor >= 1.0 {
            return self.clone();
        }
        let width = ((f64::from(self.width) * factor).round() as u32).max(1);
        let height = ((f64::from(self.height) * factor).round() as u32).max(1);
        let columns = spans(self.width, width);
        let rows = spans(self.height, height);
        let mut out = Self::filled(width, height, 255);
        let mut wide = vec![0_f32; self.width as usize];
        for (y, span) in rows.iter().enumerate() {
            wide.fill(0.0);
            for (source, weight) in span {
                for (sum, &value) in wide.iter_mut().zip(self.row(*source)) {
                    *sum += f32::from(value) * weight;
                }
            }
            for (target, span) in out.row_mut(y as u32).iter_mut().zip(&columns) {
                let value: f32 = span.iter().map(|(x, weight)| wide[*x as usize] * weight).sum();
                *target = (value + 0.5) as u8;
            }
        }
        out
    }
}

/// For each of `to` cells, the source cells it covers of `from`, with weights that add up to one.
fn spans(from: u32, to: u32) -> Vec<Vec<(u32, f32)>> {
    let step = f64::from(from) / f64::from(to);
    (0..to)
        .map(|cell| {
            let (start, end) = (f64::from(cell) * step, f64::from(cell + 1) * step);
            let last = (end.ceil() as u32).min(from);
            (start.floor() as u32..last)
                .map(|source| {
                    let covered = (f64::from(source) + 1.0).min(end) - f64::from(source).max(start);
                    (source, (covered / step) as f32)
                })
                .collect()
        })
        .collect()
}

/// From pixels of the prepared picture back to pixels of the turned page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mapping {
    scale: f64,
    sine: f64,
    cosine: f64,
    prepared_centre: (f64, f64),
    page_centre: (f64, f64),
    page: (u32, u32),
}

impl Mapping {
    fn back(&self, x: f64, y: f64) -> (f64, f64) {
        let (dx, dy) = (x - self.prepared_centre.0, y - self.prepared_centre.1);
        let (x, y) = (
            dx * self.cosine - dy * self.sine + self.page_centre.0,
            dx * self.sine + dy * self.cosine + self.page_centre.1,
        );
        (x / self.scale, y / self.scale)
    }

    /// The upright box on the page around a box of the prepared picture.
    pub(crate) fn rect(&self, rect: [i32; 4]) -> Rect {
        let [x0, y0, x1, y1] = rect.map(f64::from);
        // A word is long and low: the corners of its tilted box would take in the lines above and
        // below, so the box is put around the tilted middle line with the word's own height.
        let (half, middle) = ((y1 - y0) / 2.0, f64::midpoint(y0, y1));
        let (left, right) = (self.back(x0, middle), self.back(x1, middle));
        let half = half / self.scale;
        let (top, bottom) = (left.1.min(right.1) - half, left.1.max(right.1) + half);
        let within = |value: f64, most: u32| value.clamp(0.0, f64::from(most));
        [
            within(left.0.floor(), self.page.0) as u32,
            within(top.floor(), self.page.1) as u32,
            within(right.0.ceil(), self.page.0) as u32,
            within(bottom.ceil(), self.page.1) as u32,
        ]
    }
}

/// A page made ready for reading.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) picture: Grey,
    /// Resolution of `picture`.
    pub(crate) dpi: u32,
    /// Clockwise lean of the lines on the page, in degrees.
    pub(crate) skew_degrees: f32,
    pub(crate) look: Look,
    pub(crate) mapping: Mapping,
}

/// Turns the stored picture upright.
pub(crate) fn turned(picture: DynamicImage, turn: Turn) -> DynamicImage {
    match turn {
        Turn::None => picture,
        Turn::Right => picture.rotate90(),
        Turn::Half => picture.rotate180(),
        Turn::Left => picture.rotate270(),
    }
}

/// Prepares an upright picture of `dpi` for reading.
pub(crate) fn prepare(picture: DynamicImage, dpi: u32) -> Prepared {
    let page = (picture.width(), picture.height());
    let is_scan = page.0.max(page.1) >= SMALLEST_SCAN;
    let scale = (f64::from(READING_DPI) / f64::from(dpi.max(1))).min(1.0);
    // A ratio near one would only blur.
    let scale = if scale > 0.85 { 1.0 } else { scale };

    let grey = ink::without_colours(picture);
    let look = Look::of(&grey, dpi);
    let mut grey = grey.shrink(scale);
    if is_bilevel(&grey) {
        grey = softened(&grey);
    }
    if is_scan {
        light::level(&mut grey);
        frame::wipe(&mut grey);
    }
    let (width, height) = (grey.width, grey.height);
    let lean = skew::lean_degrees(&grey);
    let angle = if lean.abs() >= LEAST_SKEW { lean.to_radians() } else { 0.0 };
    let picture = if angle == 0.0 { grey } else { skew::straightened(&grey, angle) };
    let centre = |width: u32, height: u32| (f64::from(width) / 2.0, f64::from(height) / 2.0);
    let mapping = Mapping {
        scale,
        sine: angle.sin(),
        cosine: angle.cos(),
        prepared_centre: centre(picture.width, picture.height),
        page_centre: centre(width, height),
        page,
    };
    let dpi = (f64::from(dpi) * scale).round() as u32;
    Prepared { picture, dpi, skew_degrees: lean as f32, look, mapping }
}

/// Whether the picture is black and white alone, as fax and one-bit scans are.
fn is_bilevel(picture: &Grey) -> bool {
    let n_between = picture.pixels.iter().filter(|value| (16..240).contains(*value)).count();
    n_between * 200 < picture.pixels.len()
}

/// Gives the stairs of one-bit print the soft edges the recogniser was trained on.
fn softened(picture: &Grey) -> Grey {
    let mut out = picture.clone();
    let (width, height) = (picture.width as usize, picture.height as usize);
    if width < 3 || height < 3 {
        return out;
    }
    for y in 1..height - 1 {
        let rows = [y - 1, y, y + 1].map(|y| picture.row(y as u32));
        let target = &mut out.pixels[y * width..][..width];
        for x in 1..width - 1 {
            let sum = |row: &[u8]| u32::from(row[x - 1]) + 2 * u32::from(row[x]) + u32::from(row[x + 1]);
            target[x] = ((sum(rows[0]) + 2 * sum(rows[1]) + sum(rows[2]) + 8) / 16) as u8;
        }
    }
    out
}

/// The upright picture as plain grey, for what must not be touched by cleaning (codes).
pub(crate) fn plain(picture: &DynamicImage) -> Grey {
    let luma = picture.to_luma8();
    Grey { width: luma.width(), height: luma.height(), pixels: luma.into_raw() }
}

#[cfg(test)]
mod tests;
