//! From when, until when, and for what a paper is good.

use jiff::civil::Date;
use jiff::{Span as Time, ToSpan};

use super::dates;
use super::lines::Line;
use super::{Doubt, Field, FieldKey};

const UNTIL: [&str; 10] = [
    "co gia tri su dung den ngay",
    "co gia tri den het ngay",
    "co gia tri den ngay",
    "co gia tri den",
    "gia tri den",
    "co thoi han den",
    "co hieu luc den",
    "thoi han su dung den",
    "het han ngay",
    "den het ngay",
];
const FROM: [&str; 5] = [
    "co gia tri tu ngay",
    "co gia tri ke tu ngay",
    "co hieu luc tu ngay",
    "co hieu luc ke tu ngay",
    "hieu luc thi hanh tu ngay",
];
/// What makes a paper good from the day it was issued on.
const FROM_ISSUE: [&str; 7] = [
    "hieu luc ke tu ngay ky",
    "hieu luc thi hanh ke tu ngay ky",
    "hieu luc ke tu ngay ban hanh",
    "hieu luc thi hanh tu ngay ky",
    "hieu luc tu ngay ky",
    "hieu luc phap luat ngay sau khi",
    "ke tu ngay cap",
];
const TERM: [&str; 4] = ["co gia tri su dung", "co gia tri trong", "co thoi han", "co gia tri"];
const SCOPE: [&str; 6] = [
    "giay nay duoc cap de",
    "giay nay duoc su dung de",
    "duoc su dung de",
    "muc dich su dung giay",
    "pham vi su dung",
    "co gia tri trong pham vi",
];

pub(super) fn fields(lines: &[Line<'_>], pages: &[Line<'_>], issued_on: Option<&Field>) -> Vec<Field> {
    let from = dated(lines, &FROM, FieldKey::ValidFrom).or_else(|| from_issue(pages, issued_on?));
    let until = dated(lines, &UNTIL, FieldKey::ValidTo).or_else(|| by_term(lines, issued_on));
    [from, until, scope(lines)].into_iter().flatten().collect()
}

/// `Quyết định này có hiệu lực kể từ ngày ký`.
fn from_issue(pages: &[Line<'_>], issued_on: &Field) -> Option<Field> {
    let words = FROM_ISSUE.iter().find_map(|label| {
        pages.iter().find_map(|page| {
            let behind = page.behind(label)?;
            let first = behind.saturating_sub(label.split(' ').count());
            // Of the day a card was issued on nothing begins.
            let speaks_of_value = || {
                let before = &page.folded[first.saturating_sub(14)..first];
                before.windows(2).any(|pair| pair == ["gia", "tri"] || pair == ["hieu", "luc"])
            };
            (label.starts_with("hieu luc") || speaks_of_value())
                .then(|| super::Span { words: page.words[first..behind].to_vec(), page: page.page })
        })
    })?;
    let mut field = words.field_with(FieldKey::ValidFrom, issued_on.value.clone());
    // A doubtful day of issue makes a doubtful beginning.
    field.doubts.extend(issued_on.doubts.clone());
    Some(field)
}

fn dated(lines: &[Line<'_>], labels: &[&str], key: FieldKey) -> Option<Field> {
    labels.iter().find_map(|label| {
        lines.iter().find_map(|line| {
            // The label may end with the `ngày` that opens a spelled date.
            let start = line.behind(label)?.saturating_sub(1);
            let found = dates::first(line, start)?;
            let mut field = found.span.field(key);
            match found.day {
                Some(day) => field.value = day.to_string(),
                None => field.doubts.push(Doubt::NoSuchDay),
            }
            Some(field)
        })
    })
}

/// `có giá trị sử dụng 06 tháng kể từ ngày cấp`: the end is counted from the day of issue.
fn by_term(lines: &[Line<'_>], issued_on: Option<&Field>) -> Option<Field> {
    let issued: Date = issued_on?.value.parse().ok()?;
    TERM.iter().find_map(|label| {
        lines.iter().find_map(|line| {
            let span = line.rest(line.behind(label)?);
            let words: Vec<&str> = span.words.iter().map(|word| word.text.as_str()).take(8).collect();
            let months: Time = dates::term_in_months(&words)?.months();
            let end = issued.checked_add(months).ok()?;
            let mut field = span.field_with(FieldKey::ValidTo, end.to_string());
            field.doubts.push(Doubt::WorkedOut);
            // A doubtful day of issue makes a doubtful end.
            field.doubts.extend(issued_on.into_iter().flat_map(|issued| issued.doubts.clone()));
            Some(field)
        })
    })
}

fn scope(lines: &[Line<'_>]) -> Option<Field> {
    SCOPE.iter().find_map(|label| {
        lines.iter().enumerate().find_map(|(at, line)| {
            let mut span = line.rest(line.behind(label)?);
            let is_open = |span: &super::Span<'_>| {
                span.words.last().is_none_or(|word| !word.text.ends_with(['.', ';']))
            };
            if let Some(next) = lines.get(at + 1).filter(|next| next.page == line.page && is_open(&span)) {
                let height = line.rect[3] - line.rect[1];
                // A sentence runs on in small letters on the line below.
                let runs_on =
                    next.words.first().is_some_and(|word| word.text.starts_with(char::is_lowercase));
                if runs_on && next.rect[1] < line.rect[3] + height {
                    span.join(next.whole());
                }
            }
            let value = span.text();
            let value = value.trim_end_matches(['.', ';', ' ']).to_owned();
            (!value.is_empty()).then(|| span.field_with(FieldKey::Scope, value))
        })
    })
}
