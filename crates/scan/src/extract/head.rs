//! The head of a document: number and symbol at the top left under the agency, place and date at the top
//! right, abstract in the middle (or under the number, for letters).
// law: ND30-2020/PL1

use jiff::civil::Date;

use super::dates;
use super::lines::{Line, Span};
use super::{Doubt, Field, FieldKey, PaperKind};

const HEAD: f32 = 0.45;

/// What may follow `Số` without being the document's own number.
const NOT_A_NUMBER: [&str; 14] = [
    "dinh", "can", "cccd", "cmnd", "dien", "nha", "tai", "to", "thua", "luong", "ngay", "chung", "tien",
    "giay",
];

/// Words before `số` that make it a house.
const AN_ADDRESS: [&str; 6] = ["chi", "tru", "duong", "ngo", "nha", "thua"];

/// Words before `số` that make it another paper's number: `Quyển số`, `Căn cứ Luật số`, `Kèm theo Công văn số`.
const CITES: [&str; 8] = ["quyen", "cu", "lan", "theo", "van", "dinh", "kem", "cua"];

/// Số, ký hiệu.
pub(super) fn number(lines: &[Line<'_>], kind: PaperKind) -> Option<Field> {
    match kind {
        PaperKind::HouseholdBusinessLicence | PaperKind::BusinessLicence => {
            registered(lines).or_else(|| numbered(lines))
        }
        PaperKind::LandCertificate => serial(lines),
        _ => numbered(lines),
    }
}

/// `Mã số hộ kinh doanh: 7581095716`.
fn registered(lines: &[Line<'_>]) -> Option<Field> {
    const LABELS: [&str; 5] =
        ["ma so ho kinh doanh", "ma so doanh nghiep", "ma so dang ky", "ma so thue", "ma so"];
    LABELS.iter().find_map(|label| {
        lines.iter().find_map(|line| {
            let span = line.rest(line.behind(label)?);
            let words = span.words.iter().take_while(|word| word.text.chars().any(|c| c.is_ascii_digit()));
            let words: Vec<_> = words.copied().collect();
            let value: String =
                words.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphanumeric()).collect();
            let mut field = Span { words, page: line.page }.field_with(FieldKey::Number, value);
            if !(10..=13).contains(&field.value.len()) || !field.value.bytes().all(|b| b.is_ascii_digit()) {
                field.doubts.push(Doubt::NotANumber);
            }
            (!field.value.is_empty()).then_some(field)
        })
    })
}

/// The serial of a land certificate, printed under its title: two capitals and figures, `DH 971459`.
fn serial(lines: &[Line<'_>]) -> Option<Field> {
    let found = lines.iter().find_map(|line| {
        let [letters, figures] = line.words[..] else { return None };
        let is_serial = (1..=2).contains(&letters.text.chars().count())
            && letters.text.chars().all(char::is_uppercase)
            && (6..=8).contains(&figures.text.len())
            && figures.text.bytes().all(|b| b.is_ascii_digit());
        is_serial.then(|| line.whole().field(FieldKey::Number))
    });
    found.or_else(|| numbered(lines))
}

fn numbered(lines: &[Line<'_>]) -> Option<Field> {
    let candidates = lines.iter().filter(|line| line.is_on_first_page()).filter_map(|line| {
        let start = line.folded.iter().take(5).position(|word| word == "so")? + 1;
        let next = line.folded.get(start).map_or("", String::as_str);
        // `Quyển số: 01` is the register, not the paper; `Căn cứ Luật số …` cites another one.
        let is_other = NOT_A_NUMBER.contains(&next)
            || line.folded[..start - 1].iter().any(|word| AN_ADDRESS.contains(&word.as_str()))
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
        rest.peek().is_none() && first.bytes().filter(u8::is_ascii_digit).count() * 3 >= first.len() * 2;
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
        const LABELS: [&str; 5] =
            ["ngay thang nam dang ky", "ngay cap", "cap ngay", "ngay dang ky", "dang ky lan dau ngay"];
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
