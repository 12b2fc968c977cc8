//! Takes coloured ink (red stamps, blue signatures) out of a page, and leaves the black under it.

use image::DynamicImage;

use super::Grey;

/// Difference between the strongest and the weakest channel from which ink counts as coloured.
/// Tuned on stamped pages; lower values eat into the coloured fringes of black print.
const COLOURED: u8 = 40;
/// Under coloured ink, what is darker than this in its lightest channel is black print.
const BLACK_UNDER_INK: u8 = 120;

/// The page in grey, without its coloured ink.
pub(super) fn without_colours(picture: DynamicImage) -> Grey {
    if !picture.color().has_color() {
        return super::plain(&picture);
    }
    let rgb = picture.into_rgb8();
    let (width, height) = rgb.dimensions();
    let pixels = rgb.into_raw();
    let (mut grey, mut lightest) = (Vec::new(), Vec::new());
    let n_pixels = width as usize * height as usize;
    grey.reserve_exact(n_pixels);
    lightest.reserve_exact(n_pixels);
    let mut coloured = vec![false; n_pixels];
    let mut any = false;
    for (pixel, coloured) in pixels.as_chunks::<3>().0.iter().zip(&mut coloured) {
        let [r, g, b] = pixel.map(u32::from);
        grey.push(((r * 299 + g * 587 + b * 114 + 500) / 1000) as u8);
        let [r, g, b] = *pixel;
        let most = r.max(g).max(b);
        lightest.push(most);
        *coloured = most - r.min(g).min(b) > COLOURED;
        any |= *coloured;
    }
    drop(pixels);
    if any {
        let around = dilated(coloured, width as usize);
        for ((grey, lightest), around) in grey.iter_mut().zip(lightest).zip(around) {
            if around {
                *grey = if lightest > BLACK_UNDER_INK { lightest.saturating_add(120) } else { lightest };
            }
        }
    }
    Grey { width, height, pixels: grey }
}

/// Grows a mask by one pixel to every side: the soft rim of ink is paler than the threshold.
fn dilated(mask: Vec<bool>, width: usize) -> Vec<bool> {
    let mut wide = mask.clone();
    for (row, out) in mask.chunks(width).zip(wide.chunks_mut(width)) {
        for x in 1..row.len() {
            out[x] |= row[x - 1];
            out[x - 1] |= row[x];
        }
    }
    let mut out = wide.clone();
    let height = mask.len() / width.max(1);
    for y in 0..height {
        for near in [y.wrapping_sub(1), y + 1] {
            if near < height {
                let (from, to) = (&wide[near * width..][..width], &mut out[y * width..][..width]);
                for (to, from) in to.iter_mut().zip(from) {
                    *to |= *from;
                }
            }
        }
    }
    out
}
