//! Dates as they stand on paper: `ngày 05 tháng 3 năm 2024`, `05/03/2024`, `05-3-2024`.

use jiff::civil::Date;

use super::lines::{Line, Span, fold};

/// A date found in a line: its words, and the day if such a day exists.
pub(super) struct Found<'a> {
    pub(super) span: Span<'a>,
    pub(super) day: Option<Date>,
    /// Words between the place looked from and the date.
    pub(super) n_before: usize,
}

/// The first date in the words of `line` from `start` on.
pub(super) fn first<'a>(line: &Line<'a>, start: usize) -> Option<Found<'a>> {
    (start..line.words.len()).find_map(|at| {
        let found = spelled(line, at).or_else(|| written(line, at))?;
        Some(Found { n_before: at - start, ..found })
    })
}

/// `ngày D tháng M năm Y`, where the figures may be missing or misread.
fn spelled<'a>(line: &Line<'a>, at: usize) -> Option<Found<'a>> {
    if line.folded[at] != "ngay" {
        return None;
    }
    let position =
        |word: &str, from: usize| (from..line.folded.len().min(from + 4)).find(|&n| line.folded[n] == word);
    let month_at = position("thang", at + 1)?;
    let year_at = position("nam", month_at + 1)?;
    let end = (year_at + 2).min(line.words.len());
    let number = |from: usize, to: usize| {
        // `11` in a slanted face is read as `II`.
        let as_figure = |c| if matches!(c, 'i' | 'l' | '|') { '1' } else { c };
        let digits: String = line.folded[from..to].concat().chars().map(as_figure).collect();
        digits.parse::<i16>().ok()
    };
    let day = (|| {
        let (day, month) = (number(at + 1, month_at)?, number(month_at + 1, year_at)?);
        Date::new(number(year_at + 1, end)?, month.try_into().ok()?, day.try_into().ok()?).ok()
    })();
    let day = day.filter(|day| (1900..=2200).contains(&day.year()));
    Some(Found { span: Span { words: line.words[at..end].to_vec(), page: line.page }, day, n_before: 0 })
}

/// Figures with strokes, dots or dashes between.
fn written<'a>(line: &Line<'a>, at: usize) -> Option<Found<'a>> {
    let word = line.words[at];
    let figures = word.text.trim_matches(|c: char| !c.is_ascii_digit());
    let parts: Vec<&str> = figures.split(['/', '.', '-']).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let is_date = day.len() <= 2 && month.len() <= 2 && year.len() == 4;
    let all_digits = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if !is_date || !all_digits {
        return None;
    }
    let day = (|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok())();
    let day = day.filter(|day| (1900..=2200).contains(&day.year()));
    Some(Found { span: Span { words: vec![word], page: line.page }, day, n_before: 0 })
}

/// A number of months or years: `06 tháng`, `5 năm`, `12 (mười hai) tháng`.
pub(super) fn term_in_months(words: &[&str]) -> Option<i32> {
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let at = folded.iter().position(|word| word.parse::<i32>().is_ok())?;
    // `ngày 13 tháng 11` is a day, not a term.
    if folded[..at].iter().any(|word| word == "ngay") {
        return None;
    }
    let number: i32 = folded[at].parse().ok()?;
    let unit = folded[at + 1..].iter().take(5).find(|word| *word == "thang" || *word == "nam")?;
    let months = if unit == "thang" { number } else { number.checked_mul(12)? };
    (1..=1_200).contains(&months).then_some(months)
}
