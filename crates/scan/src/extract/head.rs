//! The head of a document: issuing agency at the top left, number and symbol below it, place and
//! date at the top right, abstract in the middle (or under the number, for letters).
// law: ND30-2020/PL1

use jiff::civil::Date;

use super::dates;
use super::lines::{Line, Span};
use super::{Doubt, Field, FieldKey};

const HEAD: f32 = 0.45;

/// What may follow `Số` without being the document's own number.
const NOT_A_NUMBER: [&str; 14] = [
    "dinh", "can", "cccd", "cmnd", "dien", "nha", "tai", "to", "thua", "luong", "ngay", "chung", "tien",
    "giay",
];

/// Words before `số` that make it another paper's number: `Quyển số`, `Căn cứ Luật số`, `Kèm theo Công văn số`.
const CITES: [&str; 8] = ["quyen", "cu", "lan", "theo", "van", "dinh", "kem", "cua"];

/// Số, ký hiệu.
pub(super) fn number(lines: &[Line<'_>]) -> Option<Field> {
    let candidates = lines.iter().filter(|line| line.is_on_first_page()).filter_map(|line| {
        let start = line.folded.iter().take(5).position(|word| word == "so")? + 1;
        let next = line.folded.get(start).map_or("", String::as_str);
        // `Quyển số: 01` is the register, not the paper; `Căn cứ Luật số …` cites another one.
        let is_other = NOT_A_NUMBER.contains(&next)
            || line.folded[..start - 1].iter().any(|word| CITES.contains(&word.as_str()));
        if is_other {
            return None;
        }
        let span = line.rest(start).until(&["ngay", "quyen", "ha noi"]);
        let value = tidy_number(&span.text());
        (value.chars().any(|c| c.is_ascii_digit()) || span.text().contains('/'))
            .then_some((line, span, value))
    });
    // The best is well shaped and high on the page.
    let (_, span, value) =
        candidates.min_by_key(|(line, _, value)| (!is_number(value), line.depth() > HEAD, line.rect[1]))?;
    // Marks before the figures are handwriting that was not made out.
    let is_marred = span.words.first().is_some_and(|word| !word.text.starts_with(char::is_alphanumeric));
    let mut field = span.field_with(FieldKey::Number, value);
    if is_marred || !is_number(&field.value) {
        field.doubts.push(Doubt::NotANumber);
    }
    Some(field)
}

/// Takes out the blanks around strokes that recognition puts in, and what trails.
fn tidy_number(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        let joins = |c: char| c == '/' || c == '-';
        if !out.is_empty() && !out.ends_with(joins) && !word.starts_with(joins) {
            break;
        }
        out.push_str(word);
    }
    out.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// `12/QĐ-UBND`, `05/2023/TT-VPCP`, `345/TLKS-BS`, `01A8012345`: figures first, symbols of capitals.
fn is_number(value: &str) -> bool {
    let mut parts = value.split('/');
    let first = parts.next().unwrap_or("");
    let begins_well = first.starts_with(|c: char| c.is_ascii_digit()) && first.len() <= 16;
    let first_is_plain = first.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == '-');
    let mut rest = parts.peekable();
    let stands_alone =
        rest.peek().is_none() && (value.len() >= 7 || first.bytes().all(|b| b.is_ascii_digit()));
    let symbols_are_well = rest.clone().all(|part| {
        !part.is_empty()
            && part.chars().all(|c| {
                c.is_uppercase()
                    || c.is_ascii_digit()
                    || "-&.".contains(c)
                    || (c == 'c' && part.contains("Tc"))
            })
    });
    begins_well && first_is_plain && (stands_alone || (rest.peek().is_some() && symbols_are_well))
}

/// The day the paper was issued: the one after the place at the top right; on forms whose date
/// stands above the signature, the last one; else the one labelled so.
pub(super) fn issued_on(lines: &[Line<'_>], today: Date) -> Option<Field> {
    let dated = |line: &Line<'_>| line.folded.iter().position(|word| word == "ngay");
    // `Hà Nội, ngày …`: a place, a comma, nothing after; not `Căn cứ Luật … ngày …`.
    let is_place_and_date = |line: &&Line<'_>| {
        dated(line).is_some_and(|at| {
            let place_ends = at == 0 || line.words[at - 1].text.ends_with([',', '.']) || at <= 3;
            let cites = line.folded[..at]
                .iter()
                .any(|word| ["cu", "so", "sinh", "luat", "nghi"].contains(&word.as_str()));
            let is_last = dates::first(line, at).is_some_and(|found| {
                let behind =
                    &line.words[(at + found.span.words.len() + found.n_before).min(line.words.len())..];
                !behind.iter().any(|word| word.text.chars().any(char::is_alphanumeric))
            });
            at <= 8 && place_ends && !cites && is_last
        })
    };
    let in_head = lines
        .iter()
        .filter(|line| line.is_on_first_page() && line.depth() < HEAD && line.middle() > 0.45)
        .filter(is_place_and_date);
    let at_end = lines.iter().rev().filter(|line| line.middle() > 0.4).filter(is_place_and_date);
    let by_place = in_head.chain(at_end).find_map(|line| dates::first(line, dated(line)?));
    let found = by_place.or_else(|| {
        const LABELS: [&str; 4] = ["ngay cap", "cap ngay", "ngay dang ky", "dang ky lan dau ngay"];
        LABELS.iter().find_map(|label| {
            // The label's own `ngày` may open a spelled date, so the search starts on it.
            lines.iter().find_map(|line| dates::first(line, line.behind(label)?.saturating_sub(1)))
        })
    })?;
    let mut field = found.span.field(FieldKey::IssuedOn);
    match found.day {
        Some(day) => {
            field.value = day.to_string();
            if day > today {
                field.doubts.push(Doubt::InFuture);
            }
        }
        None => field.doubts.push(Doubt::NoSuchDay),
    }
    Some(field)
}

/// Words an agency's name begins with.
const AGENCIES: [&str; 30] = [
    "uy ban",
    "ubnd",
    "hdnd",
    "hoi dong",
    "so",
    "phong",
    "chi cuc",
    "cuc",
    "tong cuc",
    "bo",
    "cong an",
    "toa an",
    "vien",
    "trung tam",
    "truong",
    "van phong",
    "quoc hoi",
    "chinh phu",
    "thu tuong",
    "ban",
    "chi nhanh",
    "bao hiem",
    "ngan hang",
    "cong ty",
    "thanh tra",
    "dang uy",
    "huyen uy",
    "tinh uy",
    "kho bac",
    "benh vien",
];

/// The agency at the top left; of two, the lower one issues, the upper one is its superior.
pub(super) fn issuer(lines: &[Line<'_>]) -> Option<Field> {
    let head = lines.iter().filter(|line| line.is_on_first_page() && line.depth() < 0.30);
    let mut agencies: Vec<Span<'_>> = Vec::new();
    let mut bottom = 0;
    for line in head {
        let folded = line.folded_text();
        let opens =
            AGENCIES.iter().any(|agency| folded == *agency || folded.starts_with(&format!("{agency} ")));
        // A number opens with `Số` too, but goes on with a colon and figures.
        let is_number = folded.starts_with("so ") && line.words.iter().any(|word| word.text.contains('/'));
        let is_left = line.middle() < 0.48 && line.rect[0] * 5 < line.page_size.0 * 2;
        if !is_left
            || !line.is_upper()
            || is_number
            || folded.contains("cong hoa")
            || folded.contains("doc lap")
        {
            continue;
        }
        let height = line.rect[3] - line.rect[1];
        let follows = !agencies.is_empty() && line.rect[1] < bottom + height * 2;
        // `ỦY BAN NHÂN DÂN` alone wants the name of its place on the next line.
        let last_is_bare = agencies.last().is_some_and(|agency| agency.words.len() <= 4);
        if opens && !(follows && last_is_bare && folded.starts_with("phuong")) {
            agencies.push(line.whole());
        } else if follows && let Some(agency) = agencies.last_mut() {
            agency.join(line.whole());
        } else {
            continue;
        }
        bottom = line.rect[3];
    }
    agencies.pop().map(|agency| agency.field(FieldKey::Issuer)).or_else(|| labelled_issuer(lines))
}

fn labelled_issuer(lines: &[Line<'_>]) -> Option<Field> {
    const LABELS: [&str; 5] =
        ["noi dang ky khai sinh", "noi dang ky", "co quan cap", "noi cap", "co quan dang ky"];
    let span = LABELS.iter().find_map(|label| {
        lines.iter().find_map(|line| {
            Some(line.rest(line.behind(label)?).until(&["ngay"])).filter(|span| !span.is_empty())
        })
    })?;
    Some(span.field(FieldKey::Issuer))
}

/// Lines an abstract may run over.
const ABSTRACT_LINES: usize = 6;

/// Trích yếu: under the title, or after `V/v` under a letter's number.
pub(super) fn abstracted(lines: &[Line<'_>], title: Option<&Span<'_>>) -> Option<Field> {
    let starts = ["v/v", "ve viec", "ve"];
    let by_words = lines.iter().position(|line| {
        let folded = line.folded_text();
        line.is_on_first_page()
            && line.depth() < 0.6
            && starts.iter().any(|start| folded.starts_with(&format!("{start} ")))
    });
    let at = by_words.or_else(|| under_title(lines, title?))?;
    let mut span = lines[at].whole();
    for pair in lines[at..].windows(2).take(ABSTRACT_LINES - 1) {
        let [last, next] = pair else { break };
        let height = last.rect[3] - last.rect[1];
        let follows = next.page == last.page
            && next.rect[1] >= last.rect[1]
            && next.rect[1] < last.rect[3] + height
            && next.rect[0] < last.rect[2]
            && next.rect[2] > last.rect[0];
        if !follows || ends_abstract(next) {
            break;
        }
        span.join(next.whole());
    }
    let value = span.text();
    let value = value.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '"').to_owned();
    Some(span.field_with(FieldKey::Abstract, value))
}

/// The line of small letters in the middle right under the title.
fn under_title(lines: &[Line<'_>], title: &Span<'_>) -> Option<usize> {
    let below = title.rect()[3];
    let height = title.words.iter().map(|word| word.rect[3] - word.rect[1]).max()?;
    lines.iter().position(|line| {
        line.is_on_first_page()
            && line.rect[1] + height / 2 >= below
            && line.rect[1] < below + height * 2
            && (0.38..=0.62).contains(&line.middle())
            && line.rect[0] * 5 > line.page_size.0
            && line.words.len() >= 3
            && !ends_abstract(line)
            && !line.text().contains(':')
    })
}

fn ends_abstract(line: &Line<'_>) -> bool {
    let folded = line.folded_text();
    line.is_upper()
        || ["can cu", "kinh gui", "so ", "xet ", "thuc hien", "theo de nghi"]
            .iter()
            .any(|start| folded.starts_with(start))
}
