//! One typeset side of A4 at 300 dpi: planes of ink, and the truth of every line set on it.
//! What is written where is the matter of `flow` and `papers`.

use super::dice::Dice;
use super::plane::Plane;
use super::typeface::{self, Face};

/// Typesetting resolution, dots per inch.
pub(crate) const DPI: f32 = 300.0;
/// A4 at that resolution.
pub(crate) const WIDTH: usize = 2480;
pub(crate) const HEIGHT: usize = 3508;

/// Millimetres to pixels of the sheet.
pub(crate) fn mm(length: f32) -> f32 {
    length / 25.4 * DPI
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Print.
    Black,
    /// Ball pen and signature.
    Blue,
    /// Stamp ink.
    Red,
    /// The pale printed ground of certificates.
    Wash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Written {
    Print,
    Hand,
}

/// One visual line: its text and its box on the sheet (pixels: left, top, right, bottom).
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) bounds: [f32; 4],
    pub(crate) written: Written,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    planes: [Option<Plane>; 4],
    pub(crate) lines: Vec<Line>,
    /// Colour of the `Wash`, 0 to 1.
    pub(crate) wash: [f32; 3],
}

impl Sheet {
    pub(crate) fn plane(&self, ink: Ink) -> Option<&Plane> {
        self.planes[ink as usize].as_ref()
    }

    pub(crate) fn plane_mut(&mut self, ink: Ink) -> &mut Plane {
        self.planes[ink as usize].get_or_insert_with(|| Plane::new(WIDTH, HEIGHT))
    }

    /// Prints text on the base line `at`; gives its width.
    pub(crate) fn print(&mut self, face: Face, size_pt: f32, at: (f32, f32), text: &str) -> f32 {
        typeface::draw(self.plane_mut(Ink::Black), face, size_pt, at, text)
    }

    /// Writes text as a pen would: letters turned and shifted a little, in blue; gives its width.
    pub(crate) fn write(&mut self, dice: &mut Dice, size_pt: f32, at: (f32, f32), text: &str) -> f32 {
        let mut x = at.0;
        let mut drift = 0.0;
        for letter in text.chars() {
            let size = size_pt * dice.range(0.95, 1.07);
            let wide = typeface::width(Face::Italic, size, letter.encode_utf8(&mut [0; 4]));
            drift = drift * 0.7 + dice.bell() * 1.3;
            let place = (x + wide / 2.0, at.1 + drift);
            let turn = dice.bell() * 0.045;
            typeface::draw_turned(self.plane_mut(Ink::Blue), Face::Italic, size, place, letter, turn);
            x += wide * dice.range(0.93, 1.02);
        }
        x - at.0
    }

    /// A horizontal rule, `thick` in pixels.
    pub(crate) fn rule(&mut self, x0: f32, x1: f32, y: f32, thick: f32) {
        self.plane_mut(Ink::Black).fill(x0, y - thick / 2.0, x1, y + thick / 2.0, 0.95);
    }

    /// A vertical rule, `thick` in pixels.
    pub(crate) fn post(&mut self, x: f32, y0: f32, y1: f32, thick: f32) {
        self.plane_mut(Ink::Black).fill(x - thick / 2.0, y0, x + thick / 2.0, y1, 0.95);
    }

    /// A dotted leader on the base line. Leaders are no text and stand in no truth.
    pub(crate) fn dots(&mut self, x0: f32, x1: f32, baseline: f32) {
        let plane = self.plane_mut(Ink::Black);
        let mut x = x0 + 6.0;
        while x < x1 {
            plane.dot(x, baseline - 2.5, 2.6, 0.9);
            x += 14.5;
        }
    }

    /// Records the truth of one visual line set in `size_pt` on `baseline`.
    pub(crate) fn record(
        &mut self,
        text: &str,
        x0: f32,
        x1: f32,
        baseline: f32,
        size_pt: f32,
        written: Written,
    ) {
        let em = size_pt / 72.0 * DPI;
        self.lines.push(Line {
            text: text.replace('\u{a0}', " ").trim().to_owned(),
            bounds: [x0, baseline - 0.95 * em, x1, baseline + 0.25 * em],
            written,
        });
    }
}
