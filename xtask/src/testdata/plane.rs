//! One ink on one page: a plane of coverage (0 none, 255 full) and what can be drawn on it;
//! and the projective map that carries page places to places in the scanned image.
//! Only + − × ÷ and √ are used per pixel, so that the bytes do not depend on the machine.

/// Coverage of one ink, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    pub(crate) w: usize,
    pub(crate) h: usize,
    pub(crate) px: Vec<u8>,
}

impl Plane {
    pub(crate) fn new(w: usize, h: usize) -> Self {
        Self { w, h, px: vec![0; w * h] }
    }

    /// Adds ink: two half-covering layers cover three quarters.
    pub(crate) fn add(&mut self, x: i32, y: i32, cover: f32) {
        if x < 0 || y < 0 || x as usize >= self.w || y as usize >= self.h || cover <= 0.0 {
            return;
        }
        let at = y as usize * self.w + x as usize;
        let free = 255.0 - f32::from(self.px[at]);
        self.px[at] = (255.0 - free * (1.0 - cover.min(1.0)) + 0.5) as u8;
    }

    /// Fills a rectangle given in pixels; edges are cut to whole pixels.
    pub(crate) fn fill(&mut self, x0: f32, y0: f32, x1: f32, y1: f32, cover: f32) {
        for y in y0.round() as i32..(y1.round() as i32).max(y0.round() as i32 + 1) {
            for x in x0.round() as i32..(x1.round() as i32).max(x0.round() as i32 + 1) {
                self.add(x, y, cover);
            }
        }
    }

    /// A round dot with a soft edge; where ink already lies, the darker of the two stays, so that
    /// a pen stroke made of dots is even.
    pub(crate) fn dot(&mut self, cx: f32, cy: f32, radius: f32, cover: f32) {
        let reach = radius + 1.0;
        for y in (cy - reach) as i32..=(cy + reach) as i32 {
            for x in (cx - reach) as i32..=(cx + reach) as i32 {
                if x < 0 || y < 0 || x as usize >= self.w || y as usize >= self.h {
                    continue;
                }
                let (dx, dy) = (x as f32 - cx, y as f32 - cy);
                let edge = (radius + 0.5 - (dx * dx + dy * dy).sqrt()).clamp(0.0, 1.0);
                let at = y as usize * self.w + x as usize;
                self.px[at] = self.px[at].max((edge * cover * 255.0 + 0.5) as u8);
            }
        }
    }

    /// A pen stroke through the points, smooth (Catmull–Rom), `width` in pixels at each point.
    pub(crate) fn stroke(&mut self, points: &[(f32, f32, f32)], cover: f32) {
        for i in 1..points.len() {
            let p0 = points[i.saturating_sub(2)];
            let (p1, p2) = (points[i - 1], points[i]);
            let p3 = points[(i + 1).min(points.len() - 1)];
            let (dx, dy) = (p2.0 - p1.0, p2.1 - p1.1);
            let steps = ((dx * dx + dy * dy).sqrt() * 1.6).max(2.0) as usize;
            for step in 0..=steps {
                let t = step as f32 / steps as f32;
                let mix = |a: f32, b: f32, c: f32, d: f32| {
                    0.5 * (2.0 * b
                        + (c - a) * t
                        + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                        + (3.0 * b - a - 3.0 * c + d) * t * t * t)
                };
                let x = mix(p0.0, p1.0, p2.0, p3.0);
                let y = mix(p0.1, p1.1, p2.1, p3.1);
                self.dot(x, y, (p1.2 + (p2.2 - p1.2) * t) * 0.5, cover);
            }
        }
    }

    /// Coverage between pixels, 0 to 255.
    pub(crate) fn between(&self, x: f32, y: f32) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let (fx, fy) = (x - x0, y - y0);
        let at = |dx: i32, dy: i32| {
            let (x, y) = (x0 as i32 + dx, y0 as i32 + dy);
            if x < 0 || y < 0 || x as usize >= self.w || y as usize >= self.h {
                0.0
            } else {
                f32::from(self.px[y as usize * self.w + x as usize])
            }
        };
        let top = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
        let bottom = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
        top * (1.0 - fy) + bottom * fy
    }

    /// Each pixel the mean of the square of side `2 × reach + 1` around it.
    pub(crate) fn softened(&self, reach: usize) -> Self {
        let mut out = self.clone();
        soften(&mut out.px, self.w, self.h, 1, reach);
        out
    }
}

/// Box blur in place over interleaved samples of `n` channels.
pub(crate) fn soften(px: &mut [u8], w: usize, h: usize, n: usize, reach: usize) {
    if reach == 0 {
        return;
    }
    let side = 2 * reach as u32 + 1;
    let mut line = vec![0_u8; w.max(h)];
    for y in 0..h {
        for c in 0..n {
            let row = &mut px[y * w * n..(y + 1) * w * n];
            for x in 0..w {
                line[x] = row[x * n + c];
            }
            let mut sum: u32 =
                (0..=2 * reach).map(|i| u32::from(line[i.saturating_sub(reach).min(w - 1)])).sum();
            for x in 0..w {
                row[x * n + c] = ((sum + side / 2) / side) as u8;
                sum += u32::from(line[(x + reach + 1).min(w - 1)]);
                sum -= u32::from(line[x.saturating_sub(reach)]);
            }
        }
    }
    // Down the columns with one running sum a column: rows stay in the cache.
    let stride = w * n;
    let source = px.to_vec();
    let row = |y: usize| &source[y.min(h - 1) * stride..(y.min(h - 1) + 1) * stride];
    let mut sums = vec![0_u32; stride];
    for i in 0..=2 * reach {
        for (sum, value) in sums.iter_mut().zip(row(i.saturating_sub(reach))) {
            *sum += u32::from(*value);
        }
    }
    for y in 0..h {
        let (enter, leave) = (row(y + reach + 1), row(y.saturating_sub(reach)));
        let out = &mut px[y * stride..(y + 1) * stride];
        for i in 0..stride {
            out[i] = ((sums[i] + side / 2) / side) as u8;
            sums[i] = sums[i] + u32::from(enter[i]) - u32::from(leave[i]);
        }
    }
}

/// Sine and cosine by their series: the system's last bit differs between processors.
pub(crate) fn sin_cos(angle: f64) -> (f64, f64) {
    let turn = std::f64::consts::TAU;
    let a = angle - turn * (angle / turn).round();
    let (mut sin, mut cos, mut term) = (0.0, 0.0, 1.0);
    for n in 0..26_u32 {
        match n % 4 {
            0 => cos += term,
            1 => sin += term,
            2 => cos -= term,
            _ => sin -= term,
        }
        term *= a / f64::from(n + 1);
    }
    (sin, cos)
}

/// A projective map of the plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Warp([f64; 9]);

impl Warp {
    /// Scale, then turn by `degrees` about `(cx, cy)` (already scaled), then shift.
    pub(crate) fn scan(scale: f64, degrees: f64, centre: (f64, f64), shift: (f64, f64)) -> Self {
        let (s, c) = sin_cos(degrees.to_radians());
        let (cx, cy) = centre;
        Self([
            scale * c,
            -scale * s,
            cx - c * cx + s * cy + shift.0,
            scale * s,
            scale * c,
            cy - s * cx - c * cy + shift.1,
            0.0,
            0.0,
            1.0,
        ])
    }

    /// Carries the rectangle `w × h` onto four corners (clockwise from the top left).
    pub(crate) fn onto(w: f64, h: f64, corners: [(f64, f64); 4]) -> Self {
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = corners;
        let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let det = dx1 * dy2 - dx2 * dy1;
        let g = (sx * dy2 - dx2 * sy) / det;
        let k = (dx1 * sy - sx * dy1) / det;
        let unit =
            [x1 - x0 + g * x1, x3 - x0 + k * x3, x0, y1 - y0 + g * y1, y3 - y0 + k * y3, y0, g, k, 1.0];
        Self([
            unit[0] / w,
            unit[1] / h,
            unit[2],
            unit[3] / w,
            unit[4] / h,
            unit[5],
            unit[6] / w,
            unit[7] / h,
            unit[8],
        ])
    }

    pub(crate) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }

    pub(crate) fn inverse(&self) -> Self {
        let m = &self.0;
        let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
        let adjugate = [
            minor(4, 5, 7, 8),
            -minor(1, 2, 7, 8),
            minor(1, 2, 4, 5),
            -minor(3, 5, 6, 8),
            minor(0, 2, 6, 8),
            -minor(0, 2, 3, 5),
            minor(3, 4, 6, 7),
            -minor(0, 1, 6, 7),
            minor(0, 1, 3, 4),
        ];
        Self(adjugate)
    }
}

#[cfg(test)]
mod tests {
    use super::{Plane, Warp, sin_cos};

    #[test]
    fn the_series_agree_with_the_system() {
        for step in -40..40_i32 {
            let angle = f64::from(step) * 0.31;
            let (sin, cos) = sin_cos(angle);
            assert!((sin - angle.sin()).abs() < 1e-9 && (cos - angle.cos()).abs() < 1e-9, "{angle}");
        }
    }

    #[test]
    fn a_warp_goes_there_and_back() {
        let corners = [(10.0, 20.0), (210.0, 5.0), (230.0, 330.0), (-5.0, 300.0)];
        let warp = Warp::onto(100.0, 150.0, corners);
        for (page, corner) in
            [(0.0, 0.0), (100.0, 0.0), (100.0, 150.0), (0.0, 150.0)].into_iter().zip(corners)
        {
            let (x, y) = warp.apply(page.0, page.1);
            assert!((x - corner.0).abs() < 1e-6 && (y - corner.1).abs() < 1e-6);
        }
        let (x, y) = warp.apply(33.0, 71.0);
        let (x, y) = warp.inverse().apply(x, y);
        assert!((x - 33.0).abs() < 1e-6 && (y - 71.0).abs() < 1e-6);
    }

    #[test]
    fn softening_keeps_the_amount_of_ink() {
        let mut plane = Plane::new(60, 60);
        plane.fill(20.0, 20.0, 40.0, 40.0, 1.0);
        let sum = |plane: &Plane| plane.px.iter().map(|v| u64::from(*v)).sum::<u64>();
        let soft = plane.softened(3);
        assert!(sum(&soft).abs_diff(sum(&plane)) < sum(&plane) / 50);
        assert!(soft.px[30 * 60 + 20] < 255 && soft.px[30 * 60 + 30] == 255);
    }
}
