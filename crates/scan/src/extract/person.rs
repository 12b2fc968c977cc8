//! Whose paper it is: name and personal identity number.

use super::lines::{Line, Span};
use super::{Doubt, Field, FieldKey};

const ID_LABELS: [&str; 13] = [
    "so dinh danh ca nhan",
    "ma dinh danh",
    "so dinh danh",
    "can cuoc cong dan so",
    "so can cuoc cong dan",
    "so can cuoc",
    "the can cuoc so",
    "cccd so",
    "so cccd",
    "cccd",
    "can cuoc cong dan",
    "giay to tuy than",
    "cmnd",
];

/// The owner's personal identity number.
pub(super) fn personal_id(lines: &[Line<'_>], pages: &[Line<'_>]) -> Option<Field> {
    let labelled = ID_LABELS.iter().find_map(|label| {
        // The label may be broken over two lines, and its figures stand on the next.
        pages.iter().find_map(|page| figures(&page.rest(page.behind(label)?)))
    });
    if let Some((span, value)) = labelled {
        let mut field = span.field_with(FieldKey::OwnerPersonalId, value);
        if field.value.len() == 9 {
            field.doubts.push(Doubt::OldIdentityCard);
        } else if !is_personal_id(&field.value) {
            field.doubts.push(Doubt::NotAPersonalId);
        }
        return Some(field);
    }
    // A number of twelve figures with a province's code can hardly be anything else.
    let mut found = lines.iter().flat_map(|line| {
        line.words.iter().filter_map(|word| {
            let value: String = word.text.trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
            is_personal_id(&value).then(|| (Span { words: vec![*word], page: line.page }, value))
        })
    });
    let (span, value) = found.next()?;
    let other = found.map(|(_, other)| other).find(|other| *other != value);
    let mut field = span.field_with(FieldKey::OwnerPersonalId, value);
    field.doubts.push(Doubt::Unlabelled);
    field.doubts.extend(other.map(|value| Doubt::Another { value }));
    Some(field)
}

/// What is longer was no number, but a line of dots or handwriting.
const MOST_FIGURES: usize = 14;

/// The first run of words made of figures, put together: `034 185 001 234`.
fn figures<'a>(span: &Span<'a>) -> Option<(Span<'a>, String)> {
    let is_figures = |text: &str| {
        let core = text.trim_matches(|c: char| !c.is_alphanumeric());
        // Letters that stand for figures in a bad reading stay: the value then fails its rule and says so.
        !core.is_empty()
            && core.chars().filter(|c| c.is_ascii_digit()).count() * 3 >= core.chars().count() * 2
    };
    let start = span.words.iter().take(6).position(|word| is_figures(&word.text))?;
    let words: Vec<_> =
        span.words[start..].iter().copied().take_while(|word| is_figures(&word.text)).collect();
    let mut value = String::new();
    let mut n_taken = 0;
    for word in &words {
        if value.len() >= 12 {
            break;
        }
        value.extend(word.text.chars().filter(|c| c.is_alphanumeric()));
        n_taken += 1;
    }
    let is_date = words.first().is_some_and(|word| word.text.contains('/'));
    ((6..=MOST_FIGURES).contains(&value.len()) && !is_date)
        .then(|| (Span { words: words[..n_taken].to_vec(), page: span.page }, value))
}

/// Twelve figures: the code of the place of birth (001–096), a figure for sex and century, two for the
/// year, six drawn ones.
fn is_personal_id(value: &str) -> bool {
    let province = value.get(..3).and_then(|code| code.parse::<u32>().ok());
    value.len() == 12
        && value.bytes().all(|b| b.is_ascii_digit())
        && province.is_some_and(|code| (1..=96).contains(&code))
}

/// Labels of a name, the surer before the vaguer. A declaration names who declares first; what the
/// paper is about stands under the longer label.
const NAME_LABELS: [&str; 19] = [
    "ho chu dem ten nguoi duoc khai sinh",
    "ho chu dem ten khai sinh",
    "ho ten chu ho kinh doanh",
    "ho va ten chu ho kinh doanh",
    "chu ho kinh doanh",
    "nguoi su dung dat chu so huu nha o va tai san khac gan lien voi dat",
    "nguoi su dung dat",
    "ho chu dem ten",
    "ho chu dem va ten",
    "ho chu dem ten nguoi yeu cau",
    "ho va ten nguoi yeu cau",
    "ho va ten",
    "ho ten",
    "toi ten la",
    "ten toi la",
    "toi la",
    "ong ba",
    "ong",
    "ba",
];

/// Where a name surely ends.
const NAME_ENDS: [&str; 16] = [
    "gioi tinh",
    "gioi",
    "sinh",
    "ngay",
    "nam/nu",
    "nam sinh",
    "quoc tich",
    "dan toc",
    "cmnd",
    "cccd",
    "so",
    "can cuoc",
    "dia chi",
    "chuc vu",
    "va",
    "hien",
];

/// The owner's name.
pub(super) fn name(lines: &[Line<'_>], pages: &[Line<'_>]) -> Option<Field> {
    let labelled = labelled_name(lines);
    match &labelled {
        Some(field) if is_name(&field.value) => labelled,
        _ => introduced(pages).into_iter().next().or(labelled),
    }
}

/// The grown persons a text speaks of so: `bà Lê Thị Mẫn, sinh ngày …`, in their order.
pub(super) fn introduced(pages: &[Line<'_>]) -> Vec<Field> {
    const TITLES: [&str; 4] = ["ong", "ba", "anh", "chi"];
    let person = |page: &Line<'_>, at: usize| {
        let rest = page.words.get(at + 1..)?;
        let n_words = rest.iter().take(7).position(|word| word.text.ends_with(','))? + 1;
        if page.folded.get(at + 1 + n_words)? != "sinh" {
            return None;
        }
        let span = Span { words: rest[..n_words].to_vec(), page: page.page };
        let value = span.text().trim_end_matches(',').to_owned();
        is_name(&value).then(|| span.field_with(FieldKey::OwnerName, value))
    };
    let of_page = |page: &Line<'_>| {
        let spoken_of = (0..page.words.len()).filter(|&at| TITLES.contains(&page.folded[at].as_str()));
        spoken_of.filter_map(|at| person(page, at)).collect::<Vec<_>>()
    };
    pages.iter().flat_map(of_page).collect()
}

fn labelled_name(lines: &[Line<'_>]) -> Option<Field> {
    let mut doubtful = None;
    for label in NAME_LABELS {
        for (at, line) in lines.iter().enumerate() {
            let Some(start) = line.behind(label) else { continue };
            // `ông`, `bà` alone are labels at the start of a line only; elsewhere they are prose.
            let is_short = !label.contains(' ') || label == "ong ba" || label == "toi la";
            // `Họ, chữ đệm, tên người mẹ` is another person's label.
            let of_another = line.folded.get(start).is_some_and(|word| word == "nguoi");
            if (is_short && start > 3) || of_another {
                continue;
            }
            let mut span = line.rest(start).until(&NAME_ENDS);
            if span.is_empty() {
                let Some(next) = below(lines, at) else { continue };
                span = next.until(&NAME_ENDS);
            }
            span.words.retain(|word| word.text.chars().any(char::is_alphabetic));
            if span.is_empty() {
                continue;
            }
            let value = span.text();
            let value = value.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'').to_owned();
            let mut field = span.field_with(FieldKey::OwnerName, value);
            if is_name(&field.value) {
                return Some(field);
            }
            if !is_short && doubtful.is_none() {
                field.doubts.push(Doubt::NotAName);
                doubtful = Some(field);
            }
        }
    }
    doubtful
}

/// Two to seven words of letters, each with a capital.
pub(super) fn is_name(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().collect();
    (2..=7).contains(&words.len())
        && words.iter().all(|word| {
            word.chars().next().is_some_and(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-')
        })
}

/// The line right under another, where it lies below the same place.
fn below<'a>(lines: &[Line<'a>], at: usize) -> Option<Span<'a>> {
    let (line, next) = (&lines[at], lines.get(at + 1)?);
    let height = line.rect[3] - line.rect[1];
    let is_below =
        next.page == line.page && next.rect[1] > line.rect[1] && next.rect[1] < line.rect[3] + height * 2;
    is_below.then(|| next.whole())
}
