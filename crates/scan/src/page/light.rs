//! Levels the background: shadows of a fold or a phone's flash become even white.

use super::Grey;

/// Side of a tile in which the paper's brightness is measured, in pixels.
const TILE: u32 = 24;
/// What the paper becomes.
const PAPER: u32 = 235;
/// A tile darker than this shows no paper (a photo, a thick line) and takes its neighbours' value.
const NO_PAPER: u8 = 90;

pub(super) fn level(picture: &mut Grey) {
    let (columns, rows) = (picture.width.div_ceil(TILE), picture.height.div_ceil(TILE));
    let mut paper = measured(picture, columns, rows);
    fill_holes(&mut paper, columns as usize, rows as usize);
    let paper = smoothed(&paper, columns as usize, rows as usize);
    apply(picture, &paper, columns as usize, rows as usize);
}

/// The brightness of the paper in each tile: the level that the brightest third stays above.
fn measured(picture: &Grey, columns: u32, rows: u32) -> Vec<u8> {
    let mut paper = Vec::with_capacity(columns as usize * rows as usize);
    for row in 0..rows {
        for column in 0..columns {
            let mut counts = [0_u32; 256];
            let (left, right) = (column * TILE, ((column + 1) * TILE).min(picture.width));
            let mut n_pixels = 0;
            for y in row * TILE..((row + 1) * TILE).min(picture.height) {
                for &value in &picture.row(y)[left as usize..right as usize] {
                    counts[value as usize] += 1;
                    n_pixels += 1;
                }
            }
            let mut above = 0;
            let level = (0..=255_u8).rev().find(|&level| {
                above += counts[level as usize];
                above * 3 >= n_pixels
            });
            paper.push(level.filter(|&level| level >= NO_PAPER).unwrap_or(0));
        }
    }
    paper
}

/// Gives tiles without paper the mean of their known neighbours, ring by ring.
fn fill_holes(paper: &mut [u8], columns: usize, rows: usize) {
    if paper.iter().all(|&level| level == 0) {
        paper.fill(PAPER as u8);
        return;
    }
    while paper.contains(&0) {
        let before = paper.to_vec();
        for y in 0..rows {
            for x in 0..columns {
                if before[y * columns + x] == 0 {
                    paper[y * columns + x] = mean_around(&before, columns, rows, x, y);
                }
            }
        }
    }
}

fn mean_around(paper: &[u8], columns: usize, rows: usize, x: usize, y: usize) -> u8 {
    let (mut sum, mut n) = (0_u32, 0);
    for near_y in y.saturating_sub(1)..(y + 2).min(rows) {
        for near_x in x.saturating_sub(1)..(x + 2).min(columns) {
            let level = paper[near_y * columns + near_x];
            if level > 0 {
                sum += u32::from(level);
                n += 1;
            }
        }
    }
    sum.checked_div(n).unwrap_or(0) as u8
}

fn smoothed(paper: &[u8], columns: usize, rows: usize) -> Vec<u8> {
    (0..rows)
        .flat_map(|y| (0..columns).map(move |x| (x, y)))
        .map(|(x, y)| mean_around(paper, columns, rows, x, y))
        .collect()
}

/// Divides every pixel by the paper there, interpolated between the middles of the tiles.
fn apply(picture: &mut Grey, paper: &[u8], columns: usize, rows: usize) {
    let half = TILE as f32 / 2.0;
    let place = |at: u32, n_tiles: usize| {
        let at = ((at as f32 + 0.5 - half) / TILE as f32).clamp(0.0, (n_tiles - 1) as f32);
        let first = at as usize;
        (first, (first + 1).min(n_tiles - 1), at - first as f32)
    };
    let across: Vec<_> = (0..picture.width).map(|x| place(x, columns)).collect();
    let mut line = vec![0_f32; columns];
    for y in 0..picture.height {
        let (above, below, part) = place(y, rows);
        for (x, level) in line.iter_mut().enumerate() {
            let (a, b) = (f32::from(paper[above * columns + x]), f32::from(paper[below * columns + x]));
            *level = a + (b - a) * part;
        }
        for (value, &(left, right, part)) in picture.row_mut(y).iter_mut().zip(&across) {
            let level = line[left] + (line[right] - line[left]) * part;
            *value = (f32::from(*value) * PAPER as f32 / level).min(255.0) as u8;
        }
    }
}
