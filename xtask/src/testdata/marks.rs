//! What is put on a paper by hand: the round red seal and the signature.

use super::dice::Dice;
use super::flow::{Flow, SignedAt};
use super::plane::{Plane, sin_cos};
use super::sheet::{Ink, mm};
use super::typeface::{self, Face};

/// The round seal: two rings, the agency along the upper arc, the place along the lower one, a
/// star in the middle; inked unevenly. `(x, y)` is its middle in pixels.
fn stamp(plane: &mut Plane, dice: &mut Dice, middle: (f32, f32), upper: &str, lower: &str) {
    let side = mm(42.0) as usize;
    let half = side as f32 / 2.0;
    let mut seal = Plane::new(side, side);
    let radius = mm(dice.range(17.0, 18.0));
    let turn = dice.range(-0.25, 0.25);
    for (radius, thick) in [(radius, 9.0), (radius - mm(1.3), 3.0), (radius * 0.63, 3.5)] {
        ring(&mut seal, half, radius, thick);
    }
    arc_text(&mut seal, (half, radius * 0.74), upper, (7.6, turn - std::f32::consts::FRAC_PI_2), 1.0);
    arc_text(&mut seal, (half, radius * 0.865), lower, (7.0, turn + std::f32::consts::FRAC_PI_2), -1.0);
    star(&mut seal, half, radius * 0.36, turn);

    // The rubber never lies flat: one side prints stronger, and grains stay white.
    let (gx, gy) = (dice.range(-0.3, 0.3), dice.range(-0.3, 0.3));
    let strength = dice.range(0.66, 0.86);
    let (ox, oy) = ((middle.0 - half) as i32, (middle.1 - half) as i32);
    for y in 0..side {
        for x in 0..side {
            let cover = f32::from(seal.px[y * side + x]) / 255.0;
            if cover > 0.0 {
                let slope = 1.0 + gx * (x as f32 - half) / half + gy * (y as f32 - half) / half;
                let grain = if dice.chance(0.10) { dice.range(0.2, 0.7) } else { dice.range(0.8, 1.1) };
                plane.add(ox + x as i32, oy + y as i32, cover * strength * slope * grain);
            }
        }
    }
}

fn ring(plane: &mut Plane, middle: f32, radius: f32, thick: f32) {
    for y in 0..plane.h {
        for x in 0..plane.w {
            let (dx, dy) = (x as f32 - middle, y as f32 - middle);
            let off = ((dx * dx + dy * dy).sqrt() - radius).abs();
            plane.add(x as i32, y as i32, (thick / 2.0 + 0.5 - off).clamp(0.0, 1.0));
        }
    }
}

/// Letters along an arc about the middle of the square; `sense` −1 for text read from inside
/// at the foot.
fn arc_text(plane: &mut Plane, (middle, radius): (f32, f32), text: &str, (size, at): (f32, f32), sense: f32) {
    let advance =
        |letter: char| typeface::width(Face::Bold, size, letter.encode_utf8(&mut [0; 4])) * 1.06 / radius;
    let whole: f32 = text.chars().map(advance).sum();
    // A long agency name is pressed together rather than run round the seal.
    let squeeze = (3.9 / whole).min(1.0);
    let mut angle = at - sense * whole * squeeze / 2.0;
    for letter in text.chars() {
        let step = advance(letter) * squeeze;
        angle += sense * step / 2.0;
        let (s, c) = sin_cos(f64::from(angle));
        let place = (middle + radius * c as f32, middle + radius * s as f32);
        let turned = angle + sense * std::f32::consts::FRAC_PI_2;
        typeface::draw_turned(plane, Face::Bold, size * squeeze.max(0.8), place, letter, turned);
        angle += sense * step / 2.0;
    }
}

fn star(plane: &mut Plane, middle: f32, radius: f32, turn: f32) {
    let corner = |n: usize| {
        let angle = f64::from(turn) - std::f64::consts::FRAC_PI_2 + n as f64 * std::f64::consts::PI / 5.0;
        let (s, c) = sin_cos(angle);
        let reach = if n.is_multiple_of(2) { radius } else { radius * 0.4 };
        (middle + reach * c as f32, middle + reach * s as f32)
    };
    let corners: Vec<_> = (0..10).map(corner).collect();
    for y in (middle - radius) as i32..=(middle + radius) as i32 {
        for x in (middle - radius) as i32..=(middle + radius) as i32 {
            let (px, py) = (x as f32, y as f32);
            let mut inside = false;
            for n in 0..10 {
                let ((ax, ay), (bx, by)) = (corners[n], corners[(n + 1) % 10]);
                if (ay > py) != (by > py) && px < ax + (py - ay) / (by - ay) * (bx - ax) {
                    inside = !inside;
                }
            }
            plane.add(x, y, if inside { 0.9 } else { 0.0 });
        }
    }
}

/// A quick signature: a run of loops drawn out to the right, and a flourish under it.
fn signature(plane: &mut Plane, dice: &mut Dice, middle: (f32, f32), wide: f32) {
    let high = wide * dice.range(0.26, 0.4);
    let mut points = Vec::new();
    let loops = dice.between(4, 7);
    let mut x = middle.0 - wide / 2.0;
    for n in 0..loops {
        let rise = high * dice.range(0.35, 1.0) * if n == 0 { 1.5 } else { 1.0 };
        let step = wide / loops as f32 * dice.range(0.8, 1.2);
        points.push((x, middle.1 + dice.bell() * 5.0, dice.range(4.0, 7.5)));
        points.push((x + step * 0.75, middle.1 - rise, dice.range(3.0, 5.0)));
        points.push((x + step * dice.range(0.2, 0.5), middle.1 - rise * 0.6, 4.0));
        points.push((x + step * 0.6, middle.1 + high * dice.range(0.0, 0.4), 6.5));
        x += step;
    }
    points.push((x + wide * 0.16, middle.1 - high * dice.range(0.0, 0.5), 2.5));
    let cover = dice.range(0.74, 0.92);
    plane.stroke(&points, cover);
    let foot = middle.1 + high * dice.range(0.3, 0.7);
    let flourish = [
        (x + wide * 0.1, foot - high * 0.4, 3.0),
        (middle.0 - wide * 0.3, foot, 5.5),
        (middle.0, foot + high * 0.12, 5.0),
        (middle.0 + wide * 0.55, foot - high * 0.25, 2.0),
    ];
    plane.stroke(&flourish, cover);
}

/// Signs, and seals over the left third of the signature.
// law: ND30-2020/33.2
pub(crate) fn sign_and_seal(flow: &mut Flow, at: SignedAt, upper: &str, lower: &str) {
    sign(flow, at);
    let mut dice = flow.dice.clone();
    let x = at.x - mm(dice.range(14.0, 21.0));
    let y = f32::midpoint(at.from, at.to) + mm(dice.range(-5.0, 4.0));
    let plane = flow.sheets[at.page].plane_mut(Ink::Red);
    stamp(plane, &mut dice, (x, y), &upper.to_uppercase(), &format!("* {} *", lower.to_uppercase()));
    flow.dice = dice;
}

/// Signs only, as a citizen does.
pub(crate) fn sign(flow: &mut Flow, at: SignedAt) {
    let mut dice = flow.dice.clone();
    let middle = (at.x + mm(dice.range(-2.0, 6.0)), at.from + (at.to - at.from) * dice.range(0.5, 0.72));
    let wide = mm(dice.range(30.0, 44.0));
    signature(flow.sheets[at.page].plane_mut(Ink::Blue), &mut dice, middle, wide);
    flow.dice = dice;
}
