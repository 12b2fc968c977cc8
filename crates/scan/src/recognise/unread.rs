//! A second look: Tesseract's page layout now and then leaves out a whole line (most often in the
//! head, beside an emblem or a stamp). Ink shaped like a line of text that lies under no word is
//! found here and read again on its own.

use super::syllable;
use super::tesseract::{EngineError, Layout, RawWord, Tesseract};
use crate::page::Grey;

/// Ink is looked at in a picture this many times smaller.
const SMALLER: u32 = 4;
const INK: u8 = 150;
/// More strips than this are a drawing or a photo, not lost lines.
const MOST_STRIPS: usize = 12;
/// Words of a second look must be read with this confidence (0–100).
const SURE: f32 = 70.0;

type Strip = [i32; 4];

/// Reads lines the first look left out and puts their words where they belong.
pub(super) fn reread(
    engine: &mut Tesseract,
    picture: &Grey,
    dpi: u32,
    mut words: Vec<RawWord>,
) -> Result<Vec<RawWord>, EngineError> {
    let strips = strips(picture, &words, dpi);
    if strips.is_empty() || strips.len() > MOST_STRIPS {
        return Ok(words);
    }
    let first_line = words.iter().map(|word| word.line).max().unwrap_or(0) + 1;
    for (line, row) in (first_line..).zip(rows(strips)) {
        let mut found = Vec::new();
        for strip in row {
            let part = part(picture, strip);
            for word in engine.read(&part, dpi, Layout::Line)? {
                let [x0, y0, x1, y1] = word.rect;
                let rect = [x0 + strip[0], y0 + strip[1], x1 + strip[0], y1 + strip[1]];
                found.push(RawWord { rect, line, block: 0, ..word });
            }
        }
        let n_good = found.iter().filter(|word| is_text(word)).count();
        // One lost word is as likely a piece of the emblem; two that make sense are a line.
        if n_good >= 2 && n_good * 3 >= found.len() * 2 {
            let top = found.iter().map(|word| word.rect[1]).min().unwrap_or(0);
            let at = words.iter().position(|word| word.rect[1] > top).unwrap_or(words.len());
            // Not into the middle of a line.
            let at = (0..=at)
                .rev()
                .find(|&at| at == 0 || at == words.len() || words[at - 1].line != words[at].line);
            let at = at.unwrap_or(0);
            words.splice(at..at, found);
        }
    }
    Ok(words)
}

fn is_text(word: &RawWord) -> bool {
    let core = word.text.trim_matches(|c: char| !c.is_alphanumeric());
    word.confidence >= SURE
        && core.chars().count() >= 2
        && (syllable::is_syllable(core) || core.chars().all(|c| c.is_ascii_digit() || "/-.".contains(c)))
}

/// Boxes of ink that looks like text and lies under no word, in pixels of the picture.
fn strips(picture: &Grey, words: &[RawWord], dpi: u32) -> Vec<Strip> {
    let small = picture.shrink(1.0 / f64::from(SMALLER));
    let (width, height) = (small.width as usize, small.height as usize);
    let mut ink: Vec<bool> = small.pixels.iter().map(|&value| value < INK).collect();
    for word in words {
        let [x0, y0, x1, y1] = word.rect;
        let more = (y1 - y0) / 3;
        let near = |value: i32, most: usize| (value.max(0) as usize / SMALLER as usize).min(most);
        let (left, right) = (near(x0 - more, width), near(x1 + more + 4, width));
        for y in near(y0 - more, height)..near(y1 + more, height) {
            ink[y * width + left.min(right)..y * width + right].fill(false);
        }
    }
    // Letters of a line are joined over gaps of up to three millimetres.
    let reach = (dpi as usize / 8 / SMALLER as usize).max(1);
    for row in ink.chunks_mut(width) {
        let mut last = None;
        for x in 0..row.len() {
            if row[x] {
                if let Some(last) = last.filter(|last| x - last <= reach) {
                    row[last..x].fill(true);
                }
                last = Some(x);
            }
        }
    }
    let boxes = boxes(ink, width);
    let inch = dpi as i32;
    boxes
        .into_iter()
        .map(|strip| strip.map(|value| value * SMALLER as i32))
        // From 8 to 24 points high, longer than two short words, not a rule.
        .filter(|[x0, y0, x1, y1]| {
            let (wide, high) = (x1 - x0, y1 - y0);
            (inch / 14..=inch / 3).contains(&high) && wide >= inch / 2 && wide >= high * 2
        })
        // With some paper around, which the recogniser wants.
        .map(|[x0, y0, x1, y1]| {
            let margin = inch / 20;
            [
                (x0 - margin).max(0),
                (y0 - margin).max(0),
                (x1 + margin).min(picture.width as i32),
                (y1 + margin).min(picture.height as i32),
            ]
        })
        .collect()
}

/// Boxes around connected ink.
fn boxes(mut ink: Vec<bool>, width: usize) -> Vec<Strip> {
    let height = ink.len() / width.max(1);
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    for start in 0..ink.len() {
        if !std::mem::take(&mut ink[start]) {
            continue;
        }
        let mut strip = [i32::MAX, i32::MAX, 0, 0];
        waiting.push(start);
        while let Some(at) = waiting.pop() {
            let (x, y) = (at % width, at / width);
            strip = [
                strip[0].min(x as i32),
                strip[1].min(y as i32),
                strip[2].max(x as i32 + 1),
                strip[3].max(y as i32 + 1),
            ];
            // Marks above and below letters may stand off by a pixel.
            for near_y in y.saturating_sub(2)..(y + 3).min(height) {
                for near_x in x.saturating_sub(1)..(x + 2).min(width) {
                    if std::mem::take(&mut ink[near_y * width + near_x]) {
                        waiting.push(near_y * width + near_x);
                    }
                }
            }
        }
        found.push(strip);
    }
    found
}

/// Strips side by side make a row, from left to right; rows from top to bottom.
fn rows(mut strips: Vec<Strip>) -> Vec<Vec<Strip>> {
    strips.sort_by_key(|strip| strip[1]);
    let mut rows: Vec<Vec<Strip>> = Vec::new();
    for strip in strips {
        let middle = strip[1].midpoint(strip[3]);
        match rows.last_mut() {
            Some(row) if row.iter().any(|other| (other[1]..other[3]).contains(&middle)) => row.push(strip),
            _ => rows.push(vec![strip]),
        }
    }
    for row in &mut rows {
        row.sort_by_key(|strip| strip[0]);
    }
    rows
}

/// The pixels inside a strip.
fn part(picture: &Grey, strip: Strip) -> Grey {
    let [x0, y0, x1, y1] = strip.map(|value| value as u32);
    let pixels = (y0..y1).flat_map(|y| &picture.row(y)[x0 as usize..x1 as usize]).copied().collect();
    Grey { width: x1 - x0, height: y1 - y0, pixels }
}

#[cfg(test)]
mod tests {
    use super::{RawWord, rows, strips};
    use crate::page::Grey;

    /// A bar of ink broken like letters.
    fn ink(picture: &mut Grey, [x0, y0, x1, y1]: [u32; 4]) {
        for y in y0..y1 {
            for (x, value) in picture.row_mut(y).iter_mut().enumerate().take(x1 as usize).skip(x0 as usize) {
                *value = if x % 16 < 10 { 20 } else { 240 };
            }
        }
    }

    #[test]
    fn only_ink_like_a_line_under_no_word_is_looked_at_again() {
        let mut picture = Grey::filled(1_600, 1_000, 240);
        // Two lost lines side by side, a line that was read, a rule, a speck.
        ink(&mut picture, [100, 100, 500, 130]);
        ink(&mut picture, [800, 104, 1_400, 134]);
        ink(&mut picture, [100, 300, 1_400, 330]);
        ink(&mut picture, [100, 500, 1_400, 504]);
        ink(&mut picture, [700, 700, 730, 730]);
        let read = RawWord {
            text: "x".to_owned(),
            confidence: 90.0,
            rect: [100, 300, 1_400, 330],
            line: 1,
            block: 1,
        };
        let found = rows(strips(&picture, &[read], 200));
        assert_eq!(found.len(), 1, "{found:?}");
        let [left, right] = found[0][..] else { panic!("{found:?}") };
        assert!(left[0] < 100 && left[2] > 490 && left[1] < 100 && left[3] > 130, "{left:?}");
        assert!(right[0] < 800 && right[2] > 1_390, "{right:?}");
    }
}
