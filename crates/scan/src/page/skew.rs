//! Finds by how much the lines of text lean, and turns the page straight.

use super::Grey;

/// The largest lean looked for, in degrees to either side.
const MOST: f64 = 12.0;
/// Ink is looked at in a picture of this many pixels across: enough to see lines, quick to sum.
const LOOKED_AT_WIDTH: f64 = 1_300.0;
const INK: u8 = 140;
/// The rows must be this much sharper at the best angle than in the mean of all, or the page
/// has no lines worth straightening.
const CLEAR: f64 = 1.15;

/// By how many degrees the lines lean clockwise; 0 where there are no clear lines.
pub(super) fn lean_degrees(picture: &Grey) -> f64 {
    let small = picture.shrink((LOOKED_AT_WIDTH / f64::from(picture.width)).min(1.0));
    let ink = ink_points(&small);
    // Fewer points than a short line has; more would be a photo, not text.
    if ink.len() < 400 || ink.len() > small.pixels.len() / 3 {
        return 0.0;
    }
    let (coarse, mean) = sweep(&ink, small.height, 0.0, MOST, 0.5);
    let (fine, _) = sweep(&ink, small.height, coarse.0, 0.5, 0.1);
    let (finest, _) = sweep(&ink, small.height, fine.0, 0.1, 0.02);
    if finest.1 < mean * CLEAR || finest.0.abs() > MOST - 0.5 { 0.0 } else { finest.0 }
}

/// The dark pixels that end a stroke below: baselines give sharper rows than whole letters.
fn ink_points(picture: &Grey) -> Vec<(f32, f32)> {
    let mut points = Vec::new();
    for y in 0..picture.height.saturating_sub(1) {
        let below = picture.row(y + 1);
        for (x, (&value, &under)) in picture.row(y).iter().zip(below).enumerate() {
            if value < INK && under >= INK {
                points.push((x as f32 - picture.width as f32 / 2.0, y as f32));
            }
        }
    }
    points
}

/// The best `(angle, sharpness)` around `middle`, and the mean sharpness.
fn sweep(ink: &[(f32, f32)], height: u32, middle: f64, reach: f64, step: f64) -> ((f64, f64), f64) {
    let n_steps = (reach / step).round() as i32;
    let mut best = (middle, f64::MIN);
    let mut sum = 0.0;
    for at in -n_steps..=n_steps {
        let angle = middle + f64::from(at) * step;
        let sharpness = sharpness(ink, height, angle);
        sum += sharpness;
        // The smaller of two equal angles, so that an even page stays as it is.
        if sharpness > best.1 * 1.000_001 {
            best = (angle, sharpness);
        }
    }
    (best, sum / f64::from(2 * n_steps + 1))
}

/// How unevenly the ink falls on rows that lean by `angle` degrees.
fn sharpness(ink: &[(f32, f32)], height: u32, angle: f64) -> f64 {
    let slope = angle.to_radians().tan() as f32;
    let mut rows = vec![0_u32; height as usize * 2];
    let offset = height as f32 / 2.0;
    for &(x, y) in ink {
        let row = (y - x * slope + offset) as usize;
        if let Some(count) = rows.get_mut(row) {
            *count += 1;
        }
    }
    rows.iter().map(|&count| f64::from(count) * f64::from(count)).sum()
}

/// The picture turned back by `angle` (radians the lines lean clockwise), on a canvas that holds all of it.
pub(super) fn straightened(picture: &Grey, angle: f64) -> Grey {
    let (sine, cosine) = angle.sin_cos();
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let new_width = (width * cosine.abs() + height * sine.abs()).ceil();
    let new_height = (width * sine.abs() + height * cosine.abs()).ceil();
    let mut out = Grey::filled(new_width as u32, new_height as u32, 255);
    let at = |x: i64, y: i64| -> f32 {
        if x < 0 || y < 0 || x >= i64::from(picture.width) || y >= i64::from(picture.height) {
            return 255.0;
        }
        f32::from(picture.pixels[y as usize * picture.width as usize + x as usize])
    };
    for y in 0..out.height {
        let dy = f64::from(y) + 0.5 - new_height / 2.0;
        for (x, target) in out.row_mut(y).iter_mut().enumerate() {
            let dx = x as f64 + 0.5 - new_width / 2.0;
            let from_x = dx * cosine - dy * sine + width / 2.0 - 0.5;
            let from_y = dx * sine + dy * cosine + height / 2.0 - 0.5;
            let (left, top) = (from_x.floor(), from_y.floor());
            let (part_x, part_y) = ((from_x - left) as f32, (from_y - top) as f32);
            let (left, top) = (left as i64, top as i64);
            let upper = at(left, top) * (1.0 - part_x) + at(left + 1, top) * part_x;
            let lower = at(left, top + 1) * (1.0 - part_x) + at(left + 1, top + 1) * part_x;
            *target = (upper * (1.0 - part_y) + lower * part_y + 0.5) as u8;
        }
    }
    out
}
