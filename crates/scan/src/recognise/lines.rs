//! Lines as a person sees them, from word boxes. Tesseract reads straight across the two columns
//! that open and close every official document; here a line is cut at a wide gap, and each column
//! is read down before the next.

use std::collections::VecDeque;

use super::tesseract::RawWord;

/// A gap wider than this many line heights parts two columns.
const WIDE_GAP: f32 = 2.2;
/// Columns are read down only in the head of a page (issuer | motto) …
const HEAD: f32 = 0.40;
/// The row of number and date is read after both columns above it (one word of these begins it).
// law: ND30-2020/PL1
const NUMBER_ROW: [&str; 2] = ["số", "luật"];
/// … and where this opens the left one (recipients | signatory).
const FOOT_OPENS_WITH: &str = "nơi nhận";

/// Part of a line without a wide gap.
struct Segment {
    words: Vec<RawWord>,
    rect: [i32; 4],
    /// Segments of one line of the engine have the same row.
    row: usize,
}

/// Leaves out what is no text: rules under headings, the emblem, strokes of a signature.
pub(super) fn without_specks(words: Vec<RawWord>) -> Vec<RawWord> {
    let typical = typical_height(&words);
    words.into_iter().filter(|word| !is_speck(word, typical)).collect()
}

fn is_speck(word: &RawWord, typical_height: f32) -> bool {
    let n_signs = word.text.chars().count();
    let n_letters = word.text.chars().filter(|c| c.is_alphanumeric()).count();
    let height = (word.rect[3] - word.rect[1]) as f32;
    // Dashes and dots are flat, but short; a rule is flat and long, and read as anything.
    let is_rule =
        height < typical_height * 0.45 && (word.rect[2] - word.rect[0]) as f32 > typical_height * 1.5;
    let is_noise = word.confidence < 40.0 && n_letters * 3 <= n_signs;
    let is_wild = word.confidence < 30.0 && height > typical_height * 3.0;
    (is_rule && word.confidence < 80.0) || is_noise || is_wild
}

/// Puts words into reading order and numbers their lines and blocks anew, both from 0.
pub(super) fn arranged(words: Vec<RawWord>, page_height: u32) -> Vec<RawWord> {
    let segments = segments(words);
    let ordered = columns_first(segments, page_height);
    let mut out = Vec::new();
    let (mut line, mut block, mut last_block) = (0, 0, None);
    for segment in ordered {
        let engine_block = segment.words.first().map(|word| word.block);
        if last_block.is_some() && last_block != engine_block {
            block += 1;
        }
        last_block = engine_block;
        for word in segment.words {
            out.push(RawWord { line, block, ..word });
        }
        line += 1;
    }
    out
}

/// Cuts the engine's lines at wide gaps.
fn segments(words: Vec<RawWord>) -> Vec<Segment> {
    let mut rows: Vec<Vec<RawWord>> = Vec::new();
    for word in words {
        match rows.last_mut() {
            Some(row) if row.last().is_some_and(|last| last.line == word.line) => row.push(word),
            _ => rows.push(vec![word]),
        }
    }
    let mut segments: Vec<Segment> = Vec::new();
    for (row, mut words) in rows.into_iter().enumerate() {
        words.sort_by_key(|word| word.rect[0]);
        let wide = typical_height(&words) * WIDE_GAP;
        let mut right = i32::MIN;
        for word in words {
            let gap = word.rect[0].saturating_sub(right) as f32;
            match segments.last_mut() {
                Some(segment) if segment.row == row && gap <= wide => {
                    segment.rect = around(segment.rect, word.rect);
                    right = right.max(word.rect[2]);
                    segment.words.push(word);
                }
                _ => {
                    right = word.rect[2];
                    segments.push(Segment { rect: word.rect, row, words: vec![word] });
                }
            }
        }
    }
    segments
}

fn around(a: [i32; 4], b: [i32; 4]) -> [i32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// The middle height of the words: a stray mark or a tall bracket does not count.
fn typical_height(words: &[RawWord]) -> f32 {
    let mut heights: Vec<i32> = words.iter().map(|word| word.rect[3] - word.rect[1]).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).map_or(0.0, |height| *height as f32)
}

/// In each run of rows that are cut in two at the same place, puts the left parts before the right ones.
fn columns_first(segments: Vec<Segment>, page_height: u32) -> Vec<Segment> {
    let mut rows: Vec<Vec<Segment>> = Vec::new();
    for segment in segments {
        match rows.last_mut() {
            Some(row) if row.last().is_some_and(|last| last.row == segment.row) => row.push(segment),
            _ => rows.push(vec![segment]),
        }
    }
    let mut out = Vec::new();
    let mut rows = VecDeque::from(rows);
    while let Some(row) = rows.pop_front() {
        let starts_columns = row.len() == 2 && {
            let foot = row[0]
                .words
                .iter()
                .take(2)
                .map(|word| word.text.to_lowercase())
                .collect::<Vec<_>>()
                .join(" ");
            (row[0].rect[1] as f32) < page_height as f32 * HEAD || foot.starts_with(FOOT_OPENS_WITH)
        };
        if !starts_columns {
            out.extend(row);
            continue;
        }
        let mut gap = (row[0].rect[2], row[1].rect[0]);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let mut bottom = row[0].rect[3].max(row[1].rect[3]);
        deal(row, gap, &mut left, &mut right);
        // A row belongs to the columns while it leaves some of the gap free and follows closely.
        while let Some(next) = rows.front()
            && (belongs(next, gap, bottom) || is_within(next, rows.get(1), gap, bottom))
            && let Some(next) = rows.pop_front()
        {
            for segment in &next {
                bottom = bottom.max(segment.rect[3]);
                if segment.rect[0] < gap.0.midpoint(gap.1) {
                    gap.0 = gap.0.max(segment.rect[2]);
                } else {
                    gap.1 = gap.1.min(segment.rect[0]);
                }
            }
            deal(next, gap, &mut left, &mut right);
        }
        out.append(&mut left);
        out.append(&mut right);
    }
    out
}

/// Whether a row of one segment on the left goes on what stands above it: the columns go on below it.
fn is_within(row: &[Segment], next: Option<&Vec<Segment>>, gap: (i32, i32), bottom: i32) -> bool {
    let ([segment], Some(next)) = (row, next) else { return false };
    let middle = gap.0.midpoint(gap.1);
    let in_column = |segment: &Segment| segment.rect[2] <= middle || segment.rect[0] >= middle;
    let goes_on =
        next.len() == 2 || opens_number_row(next) || next.iter().all(|segment| segment.rect[0] >= middle);
    !opens_number_row(row)
        && is_near(row, bottom)
        && segment.rect[2] <= middle
        && next.iter().all(in_column)
        && goes_on
}

fn opens_number_row(row: &[Segment]) -> bool {
    let first = row.first().and_then(|segment| segment.words.first()).map(|word| word.text.to_lowercase());
    first.is_some_and(|first| NUMBER_ROW.iter().any(|opening| first.starts_with(opening)))
}

fn is_near(row: &[Segment], bottom: i32) -> bool {
    let height = row.iter().map(|segment| segment.rect[3] - segment.rect[1]).max().unwrap_or(0);
    row.iter().all(|segment| segment.rect[1] - bottom < height * 2)
}

fn belongs(row: &[Segment], gap: (i32, i32), bottom: i32) -> bool {
    if opens_number_row(row) {
        return false;
    }
    let middle = gap.0.midpoint(gap.1);
    let keeps_gap = row.iter().all(|segment| segment.rect[2] <= middle || segment.rect[0] >= middle);
    // A single segment on the left may as well be the first line of the text below.
    let is_clear = row.len() == 2 || row.iter().all(|segment| segment.rect[0] >= middle);
    row.len() <= 2 && is_near(row, bottom) && keeps_gap && is_clear
}

fn deal(row: Vec<Segment>, gap: (i32, i32), left: &mut Vec<Segment>, right: &mut Vec<Segment>) {
    for segment in row {
        if segment.rect[0] < gap.0.midpoint(gap.1) {
            left.push(segment);
        } else {
            right.push(segment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RawWord, arranged};

    fn row(line: u32, y: i32, words: &[(&str, i32, i32)]) -> Vec<RawWord> {
        words
            .iter()
            .map(|&(text, left, right)| RawWord {
                text: text.to_owned(),
                confidence: 90.0,
                rect: [left, y, right, y + 20],
                line,
                block: 1,
            })
            .collect()
    }

    fn lines(words: Vec<RawWord>) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in arranged(words, 1000) {
            if word.line as usize == lines.len() {
                lines.push(word.text);
            } else {
                let line = lines.last_mut().expect("a line was begun");
                line.push(' ');
                line.push_str(&word.text);
            }
        }
        lines
    }

    #[test]
    fn the_two_columns_of_the_head_are_read_one_after_the_other() {
        let mut words =
            row(1, 100, &[("ỦY", 50, 90), ("BAN", 100, 140), ("CỘNG", 400, 450), ("HÒA", 460, 500)]);
        words.extend(row(2, 130, &[("XÃ", 60, 90), ("Độc", 420, 460), ("lập", 470, 500)]));
        words.extend(row(
            3,
            160,
            &[("Số:", 50, 80), ("12/QĐ", 90, 150), ("Hà", 440, 460), ("Nội", 470, 500)],
        ));
        words.extend(row(4, 250, &[("QUYẾT", 240, 290), ("ĐỊNH", 300, 350)]));
        assert_eq!(
            lines(words),
            ["ỦY BAN", "XÃ", "CỘNG HÒA", "Độc lập", "Số: 12/QĐ", "Hà Nội", "QUYẾT ĐỊNH"]
        );
    }

    #[test]
    fn a_third_line_of_the_agency_stays_with_it() {
        let mut words = row(1, 100, &[("TỈNH", 50, 90), ("CỘNG", 400, 450), ("HÒA", 460, 500)]);
        words.extend(row(2, 130, &[("ỦY", 50, 70), ("BAN", 80, 110), ("Độc", 420, 460), ("lập", 470, 500)]));
        words.extend(row(3, 160, &[("XÃ", 50, 70), ("YÊN", 80, 120)]));
        words.extend(row(
            4,
            195,
            &[("Số:", 50, 80), ("12/QĐ", 90, 150), ("Hà", 440, 460), ("Nội", 470, 500)],
        ));
        words.extend(row(5, 280, &[("QUYẾT", 240, 290), ("ĐỊNH", 300, 350)]));
        let expected =
            ["TỈNH", "ỦY BAN", "XÃ YÊN", "CỘNG HÒA", "Độc lập", "Số: 12/QĐ", "Hà Nội", "QUYẾT ĐỊNH"];
        assert_eq!(lines(words), expected);
    }

    #[test]
    fn rows_of_a_table_stay_rows() {
        let mut words = row(1, 600, &[("1", 50, 60), ("Bê", 200, 230), ("tông", 240, 280)]);
        words.extend(row(2, 630, &[("2", 50, 60), ("Thép", 200, 240)]));
        assert_eq!(lines(words), ["1", "Bê tông", "2", "Thép"]);
    }
}
