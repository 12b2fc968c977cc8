//! What a page looks like before anything is read: empty or not, sharp or not. Only verdicts;
//! a page is never dropped for them.

use super::Grey;

/// Emptiness is judged at this resolution.
const LOOKED_AT_DPI: f64 = 100.0;
/// How much darker than the paper around it a pixel must be to count as ink: print showing
/// through from the other side stays below.
const INK_DEPTH: i32 = 60;
/// Specks smaller than this many pixels are dust.
const SPECK: usize = 4;
/// A page with fewer pieces of ink is blank; the emptiest text page measured had 800.
const BLANK_BELOW: usize = 12;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Pieces of ink on the page, dust not counted.
    pub(crate) n_marks: usize,
    /// 0 sharp, 1 unreadably blurred.
    pub(crate) blur: f32,
}

impl Look {
    pub(super) fn of(picture: &Grey, dpi: u32) -> Self {
        let small = picture.shrink((LOOKED_AT_DPI / f64::from(dpi.max(1))).min(1.0));
        Self { n_marks: count_marks(&small), blur: blur(picture, dpi) }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.n_marks < BLANK_BELOW
    }
}

/// Counts connected pieces of ink inside the margins.
fn count_marks(picture: &Grey) -> usize {
    let (width, height) = (picture.width as usize, picture.height as usize);
    // The scanner's frame and punched holes lie at the edge.
    let (side, edge) = (width / 25, height / 40);
    let mut ink = vec![false; width * height];
    let paper = local_paper(picture);
    for y in edge..height.saturating_sub(edge) {
        for x in side..width.saturating_sub(side) {
            let at = y * width + x;
            ink[at] = i32::from(paper[at]) - i32::from(picture.pixels[at]) > INK_DEPTH;
        }
    }
    let mut n_marks = 0;
    let mut waiting = Vec::new();
    for start in 0..ink.len() {
        if !ink[start] {
            continue;
        }
        let mut size = 0;
        waiting.push(start);
        ink[start] = false;
        while let Some(at) = waiting.pop() {
            size += 1;
            let (x, y) = (at % width, at / width);
            for near_y in y.saturating_sub(1)..(y + 2).min(height) {
                for near_x in x.saturating_sub(1)..(x + 2).min(width) {
                    let near = near_y * width + near_x;
                    if ink[near] {
                        ink[near] = false;
                        waiting.push(near);
                    }
                }
            }
        }
        n_marks += usize::from(size >= SPECK);
    }
    n_marks
}

/// The brightest value in the 33 × 33 pixels around each pixel: what the paper looks like there.
fn local_paper(picture: &Grey) -> Vec<u8> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    const REACH: usize = 16;
    // In tiles, then the best of the nine tiles around: near enough, and one pass.
    let (columns, rows) = (width.div_ceil(REACH), height.div_ceil(REACH));
    let mut tiles = vec![0_u8; columns * rows];
    for y in 0..height {
        for (x, &value) in picture.row(y as u32).iter().enumerate() {
            let tile = &mut tiles[y / REACH * columns + x / REACH];
            *tile = (*tile).max(value);
        }
    }
    let mut paper = vec![0; width * height];
    for y in 0..height {
        for x in 0..width {
            let (column, row) = (x / REACH, y / REACH);
            let mut best = 0;
            for near_row in row.saturating_sub(1)..(row + 2).min(rows) {
                for near in column.saturating_sub(1)..(column + 2).min(columns) {
                    best = best.max(tiles[near_row * columns + near]);
                }
            }
            paper[y * width + x] = best;
        }
    }
    paper
}

/// How soft the edges of the print are: on sharp print most of the step from paper to ink happens
/// within one pixel (at 200 dpi), on blurred print it is spread over many.
fn blur(picture: &Grey, dpi: u32) -> f32 {
    let picture = picture.shrink((200.0 / f64::from(dpi.max(1))).min(1.0));
    const REACH: usize = 4;
    let (mut sum, mut n) = (0.0_f64, 0_u32);
    for y in (0..picture.height).step_by(2) {
        let row = picture.row(y);
        for x in REACH..row.len().saturating_sub(REACH + 1) {
            let step = row[x].abs_diff(row[x + 1]);
            // Only the steepest place of an edge counts, once.
            if step < 8 || row[x - 1].abs_diff(row[x]) > step || row[x + 1].abs_diff(row[x + 2]) >= step {
                continue;
            }
            let around = &row[x - REACH..=x + REACH + 1];
            let (low, high) = around.iter().fold((255, 0), |(low, high), &v| (v.min(low), v.max(high)));
            if high - low > 70 {
                sum += f64::from(step) / f64::from(high - low);
                n += 1;
            }
        }
    }
    if n < 200 {
        return 0.0;
    }
    let steepness = sum / f64::from(n);
    (1.0 - ((steepness - 0.18) / 0.30)).clamp(0.0, 1.0) as f32
}
