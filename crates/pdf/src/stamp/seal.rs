//! The round red seal: drawn from an agency's name, or a picture the agency gives.

use super::lettering::Font;
use crate::error::{Error, Result};
use crate::object::Ref;
use crate::update::Increment;
use std::f64::consts::{FRAC_PI_2, TAU};
use std::fmt::Write as _;
use std::io::Cursor;

/// Seal red in sRGB.
const RED: &str = "0.82 0.06 0.10";
/// Control point distance that makes four curves a circle.
const ROUND: f64 = 0.552_285;
const MAX_SIDE: u32 = 2_000;

/// A seal and its real size.
#[derive(Debug, Clone)]
pub struct Seal {
    /// Millimetres; the seal of a commune's people's committee measures 36.
    pub diameter_mm: f64,
    pub art: SealArt,
}

/// How a seal looks.
#[derive(Debug, Clone)]
pub enum SealArt {
    /// Two red circles, `ring` written along the upper inside, a star below, `lines` in the middle.
    Drawn { ring: String, lines: Vec<String> },
    /// A PNG with transparency, at most 2,000 pixels a side.
    Picture(Vec<u8>),
}

impl Seal {
    /// A drawn seal of 36 mm.
    pub fn drawn(ring: &str, lines: &[&str]) -> Self {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Self { diameter_mm: 36.0, art: SealArt::Drawn { ring: ring.to_owned(), lines } }
    }

    pub(crate) fn diameter_points(&self) -> f64 {
        let millimetres = if self.diameter_mm.is_finite() { self.diameter_mm.clamp(8.0, 60.0) } else { 36.0 };
        millimetres * 72.0 / 25.4
    }
}

/// Draws into the square with lower left corner `at` and the given side.
pub(crate) fn draw(
    ring: &str,
    lines: &[String],
    at: [f64; 2],
    side: f64,
    font: &mut Font,
    content: &mut String,
) {
    let centre = [at[0] + side / 2.0, at[1] + side / 2.0];
    let outer = side * 0.485;
    let inner = side * 0.335;
    let _ = writeln!(content, "q {RED} SC {RED} sc {:.3} w", side * 0.022);
    circle(centre, outer, content);
    let _ = writeln!(content, "{:.3} w", side * 0.009);
    circle(centre, inner, content);
    around(ring, centre, [inner, outer], font, content);
    star([centre[0], centre[1] - f64::midpoint(inner, outer)], side * 0.045, content);
    if lines.is_empty() {
        star(centre, inner * 0.6, content);
    } else {
        middle(lines, centre, inner, font, content);
    }
    content.push_str("Q\n");
}

fn circle([x, y]: [f64; 2], radius: f64, content: &mut String) {
    let k = radius * ROUND;
    let _ = write!(content, "{:.3} {y:.3} m ", x + radius);
    for [ax, ay, bx, by, cx, cy] in [
        [radius, k, k, radius, 0.0, radius],
        [-k, radius, -radius, k, -radius, 0.0],
        [-radius, -k, -k, -radius, 0.0, -radius],
        [k, -radius, radius, -k, radius, 0.0],
    ] {
        let points = [x + ax, y + ay, x + bx, y + by, x + cx, y + cy];
        let points: Vec<String> = points.iter().map(|v| format!("{v:.3}")).collect();
        let _ = write!(content, "{} c ", points.join(" "));
    }
    content.push_str("s\n");
}

fn star([x, y]: [f64; 2], radius: f64, content: &mut String) {
    for i in 0..10 {
        let reach = if i % 2 == 0 { radius } else { radius * 0.382 };
        let angle = FRAC_PI_2 + TAU * f64::from(i) / 10.0;
        let (px, py) = (x + reach * angle.cos(), y + reach * angle.sin());
        let _ = write!(content, "{px:.3} {py:.3} {} ", if i == 0 { "m" } else { "l" });
    }
    content.push_str("h f\n");
}

/// Letters along the upper inside of the ring, over at most 280 degrees.
fn around(text: &str, centre: [f64; 2], [inner, outer]: [f64; 2], font: &mut Font, content: &mut String) {
    let text: String = text.trim().chars().take(80).collect();
    if text.is_empty() {
        return;
    }
    let thickness = outer - inner;
    let natural = font.width(&text, 1.0);
    let longest = TAU * 280.0 / 360.0;
    // Capitals with two marks are about one em tall; they must stay between the circles.
    let baseline = inner + thickness * 0.22;
    let size = (thickness * 0.62).min(longest * baseline / natural);
    let letters = text.chars().count() as f64;
    let spare = (longest - natural * size / baseline) / letters;
    let gap = spare.clamp(0.0, 0.03);
    let whole = natural * size / baseline + gap * (letters - 1.0);
    let mut angle = FRAC_PI_2 + whole / 2.0;
    let _ = writeln!(content, "BT /B {size:.3} Tf");
    for letter in text.chars() {
        let width = font.width(letter.encode_utf8(&mut [0; 4]), size) / baseline;
        let middle = angle - width / 2.0;
        let turn = middle - FRAC_PI_2;
        let half = width * baseline / 2.0;
        let x = centre[0] + baseline * middle.cos() - half * turn.cos();
        let y = centre[1] + baseline * middle.sin() - half * turn.sin();
        let (cos, sin) = (turn.cos(), turn.sin());
        let code = font.encode(letter.encode_utf8(&mut [0; 4]));
        let _ = writeln!(content, "{cos:.5} {sin:.5} {:.5} {cos:.5} {x:.3} {y:.3} Tm <{code}> Tj", -sin);
        angle -= width + gap;
    }
    content.push_str("ET\n");
}

/// Lines in the middle, as large as the inner circle allows.
fn middle(lines: &[String], [x, y]: [f64; 2], radius: f64, font: &mut Font, content: &mut String) {
    let mut size = radius * 0.36;
    let fits = |size: f64, font: &Font| {
        let wrapped = font.wrap_all(lines, size, radius * 1.7);
        let height = wrapped.len() as f64 * size * 1.2;
        let inside = wrapped.iter().enumerate().all(|(i, line)| {
            let top = height / 2.0 - i as f64 * size * 1.2;
            let furthest = top.abs().max((top - size * 1.2).abs());
            furthest < radius * 0.92
                && font.width(line, size) / 2.0 <= ((radius * 0.94).powi(2) - furthest.powi(2)).sqrt()
        });
        inside.then_some(wrapped)
    };
    let wrapped = loop {
        if let Some(wrapped) = fits(size, font) {
            break wrapped;
        }
        size *= 0.94;
        if size < radius * 0.04 {
            return;
        }
    };
    let mut baseline = y + wrapped.len() as f64 * size * 0.6 - size * 0.92;
    let _ = writeln!(content, "BT /B {size:.3} Tf");
    for line in &wrapped {
        let left = x - font.width(line, size) / 2.0;
        let _ = writeln!(content, "1 0 0 1 {left:.3} {baseline:.3} Tm <{}> Tj", font.encode(line));
        baseline -= size * 1.2;
    }
    content.push_str("ET\n");
}

/// Embeds a PNG; where transparency is forbidden it is laid on white.
pub(crate) fn picture(
    png: &[u8],
    profile: Ref,
    opaque: bool,
    increment: &mut Increment<'_, '_>,
) -> Result<Ref> {
    let mut reader = image::ImageReader::with_format(Cursor::new(png), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(64 << 20);
    reader.limits(limits);
    let picture =
        reader.decode().map_err(|_| Error::Mark("the seal's picture is not a usable PNG"))?.into_rgba8();
    let (width, height) = picture.dimensions();
    let mut colours = Vec::with_capacity(picture.len());
    let mut cover = Vec::with_capacity(picture.len() / 4);
    for pixel in picture.pixels() {
        let [r, g, b, a] = pixel.0;
        let blend = |v: u8| ((u16::from(v) * u16::from(a) + 255 * (255 - u16::from(a))) / 255) as u8;
        colours.extend(if opaque { [r, g, b].map(blend) } else { [r, g, b] });
        cover.push(a);
    }
    let size = format!("/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8");
    let mask = if opaque {
        String::new()
    } else {
        let mask = increment.add_stream(&format!("{size}/ColorSpace/DeviceGray"), &cover);
        format!("/SMask {} 0 R", mask.number)
    };
    let entries = format!("{size}/ColorSpace[/ICCBased {} 0 R]{mask}", profile.number);
    Ok(increment.add_stream(&entries, &colours))
}
