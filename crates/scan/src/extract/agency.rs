//! Which agency issued a paper: the one at the top left, or the one a form names.
// law: ND30-2020/PL1

use super::foot::is_office;
use super::lines::{Line, Span, fold, opens_with};
use super::{Field, FieldKey, PaperKind, repeated};

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

/// How agencies' names begin, as they are written: capitals are misread in their marks most.
const OPENINGS: [&str; 14] = [
    "Ủy ban nhân dân",
    "Tòa án nhân dân",
    "Hội đồng nhân dân",
    "Chi nhánh Văn phòng đăng ký đất đai",
    "Văn phòng đăng ký đất đai",
    "Phòng Tài chính - Kế hoạch",
    "Phòng Đăng ký kinh doanh",
    "Sở Tư pháp",
    "Sở Tài nguyên và Môi trường",
    "Sở Nông nghiệp và Môi trường",
    "Sở Kế hoạch và Đầu tư",
    "Sở Xây dựng",
    "Sở Tài chính",
    "Công an",
];

/// Kinds of place behind an opening.
const PLACES: [&str; 8] = ["xã", "phường", "thị trấn", "huyện", "quận", "thị xã", "thành phố", "tỉnh"];

/// Who issued a paper of this kind.
pub(super) fn issuer(lines: &[Line<'_>], pages: &[Line<'_>], kind: PaperKind) -> Option<Field> {
    let mut field = match kind {
        // A form names the place of registration whole, its head in short lines of capitals.
        PaperKind::BirthCertificate => labelled_issuer(lines).or_else(|| in_head(lines))?,
        PaperKind::LandCertificate => in_head(lines).or_else(|| above_signature(lines))?,
        _ => in_head(lines).or_else(|| labelled_issuer(lines))?,
    };
    let (value, n_known) = repaired(&field.value);
    field.value = value;
    // The place's name stands elsewhere too, mostly in small letters.
    repeated::weigh(&mut field, n_known, pages);
    Some(field)
}

/// Takes out strokes that are no words, and writes the words that are known as they are written. Also gives where
/// the place begins, with its kind.
fn repaired(value: &str) -> (String, usize) {
    let mut words: Vec<String> = value
        .split_whitespace()
        .filter(|word| *word == "-" || word.chars().any(char::is_alphanumeric))
        .map(str::to_owned)
        .collect();
    // `ỦY BAN NHÂN DÂN - XÃ …`: a rule under the line above.
    let is_place = |word: &str| PLACES.iter().any(|place| fold(place).split(' ').next() == Some(&fold(word)));
    while let Some(at) = words.windows(2).position(|pair| pair[0] == "-" && is_place(&pair[1])) {
        words.remove(at);
    }
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    let mut write = |at: usize, known: &[&str]| {
        let fits = |known: &&&str| {
            known.split(' ').enumerate().all(|(n, part)| folded.get(at + n) == Some(&fold(part)))
        };
        let Some(known) = known.iter().filter(fits).max_by_key(|known| known.len()) else { return at };
        for (word, part) in words[at..].iter_mut().zip(known.split(' ')) {
            let in_capitals = !word.contains(char::is_lowercase);
            *word = if in_capitals { part.to_uppercase() } else { part.to_owned() };
        }
        at + known.split(' ').count()
    };
    let opening_ends = write(0, &OPENINGS);
    write(opening_ends, &PLACES);
    (words.join(" "), opening_ends)
}

/// `CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ` / `ĐẤT ĐAI` over the title and the name of who signs.
fn above_signature(lines: &[Line<'_>]) -> Option<Field> {
    let opens = |line: &Line<'_>| {
        line.is_upper()
            && line.middle() > 0.45
            && line.depth() > 0.3
            && opens_with(&line.folded_text(), &AGENCIES)
    };
    let at = lines.iter().position(opens)?;
    let mut agency = lines[at].whole();
    let goes_on = |next: &&Line<'_>| next.is_upper() && !is_office(next) && next.page == lines[at].page;
    for next in lines[at + 1..].iter().take(2).take_while(goes_on) {
        agency.join(next.whole());
    }
    Some(agency.field(FieldKey::Issuer))
}

/// The agency at the top left; of two, the lower one issues, the upper one is its superior.
fn in_head(lines: &[Line<'_>]) -> Option<Field> {
    let head = lines.iter().filter(|line| line.is_on_first_page() && line.depth() < 0.30);
    let mut agencies: Vec<Span<'_>> = Vec::new();
    let mut bottom = 0;
    for line in head {
        let folded = line.folded_text();
        let opens = opens_with(&folded, &AGENCIES);
        // A number opens with `Số` too, but goes on with a colon and figures.
        let has_figures = line.text().chars().any(|c| c == '/' || c.is_ascii_digit());
        let is_number = folded.starts_with("so ") && has_figures;
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
    let mut agency = agencies.pop()?;
    // A department's name says nothing without the body it is of.
    if fold(&agency.words.first()?.text) == "phong"
        && let Some(body) = agencies.pop()
    {
        let value = format!("{} - {}", agency.text(), repaired(&body.text()).0);
        agency.join(body);
        return Some(agency.field_with(FieldKey::Issuer, value));
    }
    Some(agency.field(FieldKey::Issuer))
}

/// What a form names as the place of registration, which may run on below: `…, tỉnh` / `Nghệ An`.
fn labelled_issuer(lines: &[Line<'_>]) -> Option<Field> {
    const LABELS: [&str; 6] = [
        "noi dang ky khai sinh",
        "dang ky khai sinh tai",
        "noi dang ky",
        "co quan cap",
        "noi cap",
        "co quan dang ky",
    ];
    let span = LABELS.iter().find_map(|label| {
        lines.iter().enumerate().find_map(|(at, line)| {
            let mut span = line.rest(line.behind(label)?).until(&["ngay", "so"]);
            let is_whole = line.words.last().map(|word| word.rect) == span.words.last().map(|word| word.rect);
            let runs_on = |next: &&Line<'_>| {
                next.page == line.page
                    && next.rect[1] < line.rect[3] + (line.rect[3] - line.rect[1])
                    && !next.words.iter().any(|word| word.text.contains(':'))
            };
            if is_whole && let Some(next) = lines.get(at + 1).filter(runs_on) {
                span.join(next.whole().until(&["ngay", "so"]));
            }
            (!span.is_empty()).then_some(span)
        })
    })?;
    let value = span.text();
    let value = value.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned();
    Some(span.field_with(FieldKey::Issuer, value))
}
