//! Liberation Serif 2, the free twin of the Times New Roman of NĐ 30/2020, measured and drawn.
//! Kerning is left off, as it is in the word processors these papers come from.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

use super::plane::{Plane, sin_cos};
use super::sheet::DPI;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

static FONTS: LazyLock<[FontRef<'static>; 4]> = LazyLock::new(|| {
    let open = |bytes: &'static [u8]| FontRef::try_from_slice(bytes).expect("the fonts in assets/ are whole");
    [
        open(include_bytes!("../../../assets/fonts/LiberationSerif-Regular.ttf")),
        open(include_bytes!("../../../assets/fonts/LiberationSerif-Bold.ttf")),
        open(include_bytes!("../../../assets/fonts/LiberationSerif-Italic.ttf")),
        open(include_bytes!("../../../assets/fonts/LiberationSerif-BoldItalic.ttf")),
    ]
});

fn font(face: Face) -> &'static FontRef<'static> {
    &FONTS[face as usize]
}

/// `ab_glyph` scales by the height from ascent to descent, a typesetter by the em.
fn scale(face: Face, size_pt: f32) -> PxScale {
    let font = font(face);
    let em_px = size_pt / 72.0 * DPI;
    let units = font.units_per_em().expect("a TrueType font has an em");
    PxScale::from(em_px * font.height_unscaled() / units)
}

/// Width of the text in pixels.
pub(crate) fn width(face: Face, size_pt: f32, text: &str) -> f32 {
    let font = font(face).as_scaled(scale(face, size_pt));
    text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum()
}

/// True where the font has the letter itself, not its empty box.
#[cfg(test)]
pub(crate) fn has(face: Face, letter: char) -> bool {
    font(face).glyph_id(letter).0 != 0
}

/// Draws upright text and gives its width in pixels.
pub(crate) fn draw(plane: &mut Plane, face: Face, size_pt: f32, at: (f32, f32), text: &str) -> f32 {
    let px = scale(face, size_pt);
    let font = font(face);
    let mut x = at.0;
    for letter in text.chars() {
        let id = font.glyph_id(letter);
        let glyph = id.with_scale_and_position(px, point(x, at.1));
        if let Some(outline) = font.outline_glyph(glyph) {
            let corner = outline.px_bounds().min;
            outline.draw(|dx, dy, cover| {
                plane.add(corner.x as i32 + dx as i32, corner.y as i32 + dy as i32, cover);
            });
        }
        x += font.as_scaled(px).h_advance(id);
    }
    x - at.0
}

/// Draws one letter turned by `angle` (radians, clockwise on the page) about the middle of its
/// base line, which stands at `at`.
pub(crate) fn draw_turned(
    plane: &mut Plane,
    face: Face,
    size_pt: f32,
    at: (f32, f32),
    letter: char,
    angle: f32,
) {
    let px = scale(face, size_pt);
    let font = font(face);
    let id = font.glyph_id(letter);
    let half = font.as_scaled(px).h_advance(id) / 2.0;
    let reach = px.y.ceil();
    let side = 2 * reach as usize;
    let Some(outline) = font.outline_glyph(id.with_scale_and_position(px, point(reach - half, reach))) else {
        return;
    };
    let mut upright = Plane::new(side, side);
    let corner = outline.px_bounds().min;
    outline.draw(|dx, dy, cover| {
        upright.add(corner.x as i32 + dx as i32, corner.y as i32 + dy as i32, cover);
    });
    let (s, c) = sin_cos(f64::from(angle));
    let (s, c) = (s as f32, c as f32);
    for y in (at.1 - reach) as i32..=(at.1 + reach) as i32 {
        for x in (at.0 - reach) as i32..=(at.0 + reach) as i32 {
            let (dx, dy) = (x as f32 - at.0, y as f32 - at.1);
            let cover = upright.between(reach + c * dx + s * dy, reach - s * dx + c * dy);
            plane.add(x, y, cover / 255.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Face, has, width};

    #[test]
    fn every_vietnamese_letter_is_in_every_face() {
        let letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ";
        for face in [Face::Regular, Face::Bold, Face::Italic, Face::BoldItalic] {
            for letter in letters.chars().chain(letters.to_uppercase().chars()).chain("–…²“”½".chars())
            {
                assert!(has(face, letter), "{letter} {face:?}");
            }
        }
    }

    #[test]
    fn text_is_as_wide_as_times_at_its_size() {
        // Times gives the digit half an em: 14 pt are 58.33 px at 300 dpi.
        assert!((width(Face::Regular, 14.0, "0123456789") - 291.67).abs() < 0.5);
    }
}
