//! From a typeset sheet to what comes out of an office scanner, a fax or a phone: toner, folds,
//! staples, bleed-through, skew, light, noise. Seeded; the truth's boxes go through the same map.

use std::sync::LazyLock;

use super::dice::Dice;
use super::plane::{Plane, Warp, soften};
use super::sheet::{DPI, HEIGHT, Ink, Sheet, WIDTH, Written, mm};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Colour,
    Grey,
    /// One bit a pixel.
    Fax,
}

/// How hard a page is to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Clean,
    Medium,
    Hard,
}

impl Level {
    pub(crate) const ALL: [Self; 3] = [Self::Clean, Self::Medium, Self::Hard];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Medium => "medium",
            Self::Hard => "hard",
        }
    }
}

/// Everything that may happen to a page; a neutral value switches each off.
#[derive(Clone, Debug)]
pub(crate) struct Wear {
    pub(crate) dpi: u32,
    pub(crate) tone: Tone,
    /// JPEG quality, 1 to 100.
    pub(crate) quality: u8,
    /// Clockwise, degrees.
    pub(crate) skew: f32,
    /// How far the page lies off the glass's corner, millimetres.
    pub(crate) shift: (f32, f32),
    /// Brightness of what lies round the page: 1 a white lid, 0 the open scanner.
    pub(crate) lid: f32,
    /// Blur, in pixels of the 300 dpi sheet to each side.
    pub(crate) blur: usize,
    /// Roughness of the letters' edges, as on copies of copies.
    pub(crate) toner: f32,
    /// Share of ink missing where the drum was tired, 0 to 1.
    pub(crate) pale: f32,
    /// Standard deviation of the sensor's noise, grey levels.
    pub(crate) noise: f32,
    /// Darkest fall of the light over the page, 0 to 1.
    pub(crate) light: f32,
    /// How strongly the other side shows through, 0 to 1.
    pub(crate) bleed: f32,
    /// A fold across, at this share of the height.
    pub(crate) fold: Option<f32>,
    pub(crate) staple: bool,
    /// Dirt on the scanner's glass: lines down the whole page.
    pub(crate) streaks: u32,
    pub(crate) specks: u32,
    pub(crate) paper: [f32; 3],
    /// Brightness from which the scanner makes everything white.
    pub(crate) white: f32,
    /// Taken with a phone: perspective, a table around, shadow.
    pub(crate) photo: bool,
}

impl Wear {
    pub(crate) const NONE: Self = Self {
        dpi: 300,
        tone: Tone::Colour,
        quality: 90,
        skew: 0.0,
        shift: (0.0, 0.0),
        lid: 1.0,
        blur: 0,
        toner: 0.0,
        pale: 0.0,
        noise: 0.0,
        light: 0.0,
        bleed: 0.0,
        fold: None,
        staple: false,
        streaks: 0,
        specks: 0,
        paper: [1.0, 1.0, 1.0],
        white: 1.0,
        photo: false,
    };

    pub(crate) fn of(level: Level, dice: &mut Dice) -> Self {
        match level {
            Level::Clean => Self::clean(dice),
            Level::Medium => Self::medium(dice),
            Level::Hard => Self::hard(dice),
        }
    }

    /// A new office scanner, the page straight on the glass.
    fn clean(dice: &mut Dice) -> Self {
        Self {
            skew: dice.range(-0.3, 0.3),
            noise: dice.range(1.0, 2.5),
            quality: 88,
            paper: [0.98, 0.98, 0.97],
            white: 0.97,
            ..Self::NONE
        }
    }

    /// What a commune's counter scans all day: `testdata/README.md` says how it was calibrated.
    fn medium(dice: &mut Dice) -> Self {
        let tone = if dice.chance(0.6) { Tone::Colour } else { Tone::Grey };
        let dark = dice.chance(0.35);
        Self {
            dpi: if dice.chance(0.7) { 200 } else { 300 },
            tone,
            quality: dice.between(45, 70) as u8,
            skew: dice.range(-1.4, 1.4),
            shift: (dice.range(-3.0, 3.0), dice.range(-3.0, 3.0)),
            lid: if dark { dice.range(0.1, 0.3) } else { 1.0 },
            blur: dice.below(2) + 1,
            toner: dice.range(0.20, 0.30),
            pale: dice.range(0.08, 0.30),
            noise: dice.range(5.0, 9.0),
            light: dice.range(0.04, 0.18),
            bleed: if dice.chance(0.5) { dice.range(0.02, 0.06) } else { 0.0 },
            fold: dice.chance(0.4).then(|| dice.range(0.32, 0.66)),
            staple: dice.chance(0.4),
            streaks: dice.between(0, 1),
            specks: dice.between(5, 60),
            paper: [0.97, 0.96, dice.range(0.90, 0.95)],
            white: dice.range(0.92, 0.99),
            photo: false,
        }
    }

    /// Copies of copies, low resolution, faxes.
    fn hard(dice: &mut Dice) -> Self {
        let fax = dice.chance(0.34);
        let low = !fax && dice.chance(0.6);
        Self {
            dpi: if low { 150 } else { 200 },
            tone: if fax { Tone::Fax } else { Tone::Grey },
            quality: dice.between(40, 58) as u8,
            skew: dice.range(-2.0, 2.0),
            shift: (dice.range(-5.0, 5.0), dice.range(-5.0, 5.0)),
            lid: dice.range(0.02, 0.3),
            blur: 2,
            toner: dice.range(0.24, 0.36),
            pale: dice.range(0.15, 0.4),
            noise: dice.range(7.0, 13.0),
            light: dice.range(0.15, 0.38),
            bleed: dice.range(0.05, 0.12),
            fold: Some(dice.range(0.3, 0.7)),
            staple: true,
            streaks: dice.between(1, 3),
            specks: dice.between(60, 320),
            paper: [0.93, 0.92, 0.86],
            white: 0.97,
            photo: false,
        }
    }

    /// A page held under a lamp before a phone.
    pub(crate) fn phone(dice: &mut Dice) -> Self {
        Self {
            quality: 74,
            noise: dice.range(3.0, 5.0),
            light: dice.range(0.2, 0.34),
            fold: Some(dice.range(0.46, 0.54)),
            paper: [0.95, 0.93, 0.88],
            blur: 1,
            photo: true,
            ..Self::NONE
        }
    }

    /// One named trouble at a time, for finding what a step of the reader is good for.
    pub(crate) fn named(dice: &mut Dice) -> [(&'static str, Self); 10] {
        let base = Self { dpi: 200, quality: 75, noise: 3.0, skew: dice.range(-0.4, 0.4), ..Self::NONE };
        [
            ("skew", Self { skew: if dice.chance(0.5) { 2.0 } else { -2.0 }, ..base.clone() }),
            ("noise", Self { noise: 14.0, specks: 400, ..base.clone() }),
            ("blur", Self { blur: 3, ..base.clone() }),
            ("low150", Self { dpi: 150, tone: Tone::Grey, quality: 50, blur: 2, noise: 6.0, ..base.clone() }),
            ("fax200", Self { tone: Tone::Fax, toner: 0.3, noise: 10.0, specks: 120, ..base.clone() }),
            ("frame", Self { lid: 0.05, shift: (6.0, -5.0), skew: 1.2, ..base.clone() }),
            ("bleed", Self { bleed: 0.16, light: 0.1, ..base.clone() }),
            ("fold", Self { fold: Some(0.47), staple: true, light: 0.3, ..base.clone() }),
            ("jpeg40", Self { quality: 40, tone: Tone::Grey, ..base }),
            ("photo", Self::phone(dice)),
        ]
    }
}

/// One line of the truth in the scanned image: corners clockwise from the top left, pixels.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct SeenLine {
    pub(crate) text: String,
    pub(crate) quad: [[f32; 2]; 4],
    pub(crate) page: usize,
    pub(crate) written: Written,
}

/// A scanned side: RGB bytes, upright.
#[derive(Clone, Debug)]
pub(crate) struct Scan {
    pub(crate) w: usize,
    pub(crate) h: usize,
    pub(crate) rgb: Vec<u8>,
    pub(crate) lines: Vec<SeenLine>,
    pub(crate) dpi: u32,
    pub(crate) tone: Tone,
    pub(crate) quality: u8,
}

const TILE: usize = 1024;

/// Noise with deviation 1, drawn once: eight million draws a page would cost a second.
static NOISE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let mut dice = Dice::new(0, "noise tile");
    (0..TILE * TILE).map(|_| dice.bell()).collect()
});

/// Scans page number `page` (from 0); `back` is the side that shows through.
pub(crate) fn scan(sheet: &Sheet, back: Option<&Sheet>, wear: &Wear, dice: &mut Dice, page: usize) -> Scan {
    let mut rgb = compose(sheet, back, wear, dice);
    mark_paper(&mut rgb, wear, dice);
    let shrink = usize::from(wear.dpi < 260 || wear.photo);
    soften(&mut rgb, WIDTH, HEIGHT, 3, wear.blur.max(shrink));

    let (w, h, warp) = if wear.photo { phone_view(dice) } else { glass_view(wear) };
    let seen = expose(&rgb, (w, h), &warp, wear, dice);
    let lines = sheet
        .lines
        .iter()
        .filter(|line| !line.text.is_empty())
        .map(|line| {
            let [x0, y0, x1, y1] = line.bounds.map(f64::from);
            let corner = |x, y| {
                let (x, y) = warp.apply(x, y);
                [(x * 10.0).round() as f32 / 10.0, (y * 10.0).round() as f32 / 10.0]
            };
            let quad = [corner(x0, y0), corner(x1, y0), corner(x1, y1), corner(x0, y1)];
            SeenLine { text: line.text.clone(), quad, page, written: line.written }
        })
        .collect();
    Scan { w, h, rgb: seen, lines, dpi: wear.dpi, tone: wear.tone, quality: wear.quality }
}

fn glass_view(wear: &Wear) -> (usize, usize, Warp) {
    let scale = f64::from(wear.dpi) / f64::from(DPI);
    let (w, h) = ((WIDTH as f64 * scale).round(), (HEIGHT as f64 * scale).round());
    let px = f64::from(wear.dpi) / 25.4;
    let shift = (f64::from(wear.shift.0) * px, f64::from(wear.shift.1) * px);
    let warp = Warp::scan(scale, f64::from(wear.skew), (w / 2.0, h / 2.0), shift);
    (w as usize, h as usize, warp)
}

fn phone_view(dice: &mut Dice) -> (usize, usize, Warp) {
    let (w, h) = (2448_usize, 3264_usize);
    let mut jitter = |x: f64, y: f64| {
        (x * w as f64 + f64::from(dice.range(-52.0, 52.0)), y * h as f64 + f64::from(dice.range(-52.0, 52.0)))
    };
    let corners = [jitter(0.075, 0.055), jitter(0.925, 0.06), jitter(0.96, 0.945), jitter(0.045, 0.95)];
    (w, h, Warp::onto(WIDTH as f64, HEIGHT as f64, corners))
}

/// Lays the inks over each other on the paper, at 300 dpi.
fn compose(sheet: &Sheet, back: Option<&Sheet>, wear: &Wear, dice: &mut Dice) -> Vec<u8> {
    let black =
        sheet.plane(Ink::Black).map(|plane| if wear.toner > 0.0 { plane.softened(1) } else { plane.clone() });
    let behind =
        back.and_then(|sheet| sheet.plane(Ink::Black)).filter(|_| wear.bleed > 0.0).map(|p| p.softened(4));
    let (ox, oy) = (dice.below(TILE), dice.below(TILE));
    let (px, py) = (dice.below(TILE), dice.below(TILE));
    let at = |plane: Option<&Plane>, i: usize| plane.map_or(0.0, |plane| f32::from(plane.px[i]) / 255.0);
    let (red, blue, wash) = (sheet.plane(Ink::Red), sheet.plane(Ink::Blue), sheet.plane(Ink::Wash));
    let mut rgb = vec![0_u8; WIDTH * HEIGHT * 3];
    for y in 0..HEIGHT {
        let noise_row = &NOISE[(y + oy) % TILE * TILE..][..TILE];
        // Tired places of the drum are some centimetres wide.
        let tired_row = &NOISE[(y / 90 + py) % TILE * TILE..][..TILE];
        for x in 0..WIDTH {
            let i = y * WIDTH + x;
            let mut k = at(black.as_ref(), i);
            if k > 0.0 && wear.toner > 0.0 {
                let rough = noise_row[(x + ox) % TILE] * wear.toner;
                k = ((k + rough * 4.0 * k * (1.0 - k) - 0.46) * 1.9 + 0.5).clamp(0.0, 1.0);
                k *= 1.0 - wear.pale * (0.5 + 0.5 * tired_row[(x / 90 + px) % TILE]).clamp(0.0, 1.0);
            }
            let ghost =
                behind.as_ref().map_or(0.0, |plane| f32::from(plane.px[y * WIDTH + WIDTH - 1 - x]) / 255.0);
            let light = (1.0 - 0.92 * k) * (1.0 - wear.bleed * ghost);
            let (r, b, s) = (at(red, i), at(blue, i), at(wash, i));
            for c in 0..3 {
                let mut v = wear.paper[c] * light;
                v *= 1.0 - s * (1.0 - sheet.wash[c]);
                v *= 1.0 - r * (1.0 - [0.86, 0.16, 0.20][c]);
                v *= 1.0 - b * (1.0 - [0.12, 0.18, 0.58][c]);
                rgb[i * 3 + c] = (v * 255.0 + 0.5) as u8;
            }
        }
    }
    rgb
}

/// What sits on or in the paper itself: fold, staple, dirt.
fn mark_paper(rgb: &mut [u8], wear: &Wear, dice: &mut Dice) {
    let mut dim = |x: i32, y: i32, factor: f32| {
        if x >= 0 && y >= 0 && (x as usize) < WIDTH && (y as usize) < HEIGHT {
            let i = (y as usize * WIDTH + x as usize) * 3;
            for value in &mut rgb[i..i + 3] {
                *value = (f32::from(*value) * factor).min(255.0) as u8;
            }
        }
    };
    if let Some(share) = wear.fold {
        let slope = dice.range(-0.006, 0.006);
        for x in 0..WIDTH as i32 {
            let middle = share * HEIGHT as f32 + slope * x as f32;
            for off in -46..46_i32 {
                let near = 1.0 - off.abs() as f32 / 46.0;
                let shade = if off < 0 { 1.0 - 0.10 * near } else { 1.0 + 0.02 * near };
                let crease = if off.abs() < 2 { 0.86 } else { 1.0 };
                dim(x, middle as i32 + off, shade * crease);
            }
        }
    }
    if wear.staple {
        let (x0, y0) = (mm(dice.range(5.0, 11.0)), mm(dice.range(5.0, 10.0)));
        let (dx, dy) = (dice.range(7.0, 9.0), dice.range(-6.0, -2.0));
        for step in 0..900 {
            let t = step as f32 / 900.0;
            let (x, y) = (x0 + mm(dx) * t, y0 - mm(dy) * (0.5 - t));
            for off in -4..14_i32 {
                let factor = match off {
                    -4..=3 => 0.86,
                    4..=6 => 0.75,
                    _ => 0.975,
                };
                dim(x as i32, y as i32 + off, factor);
            }
        }
    }
    for _ in 0..wear.specks {
        let (x, y) = (dice.below(WIDTH) as i32, dice.below(HEIGHT) as i32);
        let (reach, factor) = (dice.between(1, 3) as i32, dice.range(0.15, 0.7));
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                if dx * dx + dy * dy <= reach * reach {
                    dim(x + dx, y + dy, factor);
                }
            }
        }
    }
    for _ in 0..wear.streaks {
        let (x, wide) = (dice.below(WIDTH) as i32, dice.between(2, 4) as i32);
        let factor = dice.range(0.72, 0.9);
        for y in 0..HEIGHT as i32 {
            for dx in 0..wide {
                dim(x + dx, y, factor);
            }
        }
    }
}

/// Looks at the page through the map, with light, noise and the scanner's white point.
fn expose(rgb: &[u8], (w, h): (usize, usize), warp: &Warp, wear: &Wear, dice: &mut Dice) -> Vec<u8> {
    let back = warp.inverse();
    let (lx, ly) = (dice.range(-1.0, 1.0), dice.range(-1.0, 1.0));
    let (ox, oy) = (dice.below(TILE), dice.below(TILE));
    let table = [dice.range(0.34, 0.46), dice.range(0.25, 0.32), dice.range(0.17, 0.22)];
    let cut = dice.range(0.50, 0.58);
    let mut out = vec![0_u8; w * h * 3];
    for y in 0..h {
        let v = y as f32 / h as f32 - 0.5;
        let noise_row = &NOISE[(y + oy) % TILE * TILE..][..TILE];
        let next_row = &NOISE[(y + oy + 511) % TILE * TILE..][..TILE];
        for x in 0..w {
            let u = x as f32 / w as f32 - 0.5;
            let (px, py) = back.apply(x as f64, y as f64);
            let (px, py) = (px as f32, py as f32);
            let fall = ((lx * u + ly * v) * 0.7 + (u * u + v * v) * 0.8 + 0.3).clamp(0.0, 1.0);
            let light = 1.0 - wear.light * fall;
            let noise = noise_row[(x + ox) % TILE] * wear.noise / 255.0;
            let mut pixel = [0.0_f32; 3];
            let inside = px >= 0.0 && py >= 0.0 && px < (WIDTH - 1) as f32 && py < (HEIGHT - 1) as f32;
            if inside {
                pixel = sample(rgb, px, py).map(|value| value * light / wear.white);
            } else if wear.photo {
                let grain = NOISE[((y / 2 + x / 90) % TILE) * TILE + (x / 60) % TILE] * 0.02;
                pixel = table.map(|c| (c + grain) * light);
            } else {
                // Beside the page the lamp's light is lost with distance.
                let away =
                    (-px).max(px - WIDTH as f32).max(-py).max(py - HEIGHT as f32).clamp(0.0, 60.0) / 60.0;
                let shade =
                    if wear.lid > 0.9 { 0.985 - 0.18 * (1.0 - away) } else { wear.lid * (1.2 - 0.4 * away) };
                pixel.fill(shade);
            }
            let i = (y * w + x) * 3;
            if wear.tone == Tone::Colour {
                let chroma = next_row[(x + ox) % TILE] * wear.noise * 0.35 / 255.0;
                for (c, value) in pixel.into_iter().enumerate() {
                    let tint = [chroma, 0.0, -chroma][c];
                    out[i + c] = ((value + noise + tint) * 255.0).clamp(0.0, 255.0) as u8;
                }
            } else {
                let grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2] + noise;
                let value = match wear.tone {
                    Tone::Fax if grey > cut => 255,
                    Tone::Fax => 0,
                    _ => (grey * 255.0).clamp(0.0, 255.0) as u8,
                };
                out[i..i + 3].fill(value);
            }
        }
    }
    out
}

fn sample(rgb: &[u8], x: f32, y: f32) -> [f32; 3] {
    let (x0, y0) = (x as usize, y as usize);
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let at = (y0 * WIDTH + x0) * 3;
    let below = at + WIDTH * 3;
    let mut out = [0.0; 3];
    for (c, value) in out.iter_mut().enumerate() {
        let top = f32::from(rgb[at + c]) * (1.0 - fx) + f32::from(rgb[at + 3 + c]) * fx;
        let foot = f32::from(rgb[below + c]) * (1.0 - fx) + f32::from(rgb[below + 3 + c]) * fx;
        *value = (top * (1.0 - fy) + foot * fy) / 255.0;
    }
    out
}
