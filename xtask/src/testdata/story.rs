//! The papers of one family, as the end-to-end story brings them to the counter: fixed people and
//! days, so that stories and screenshots may name them.

use anyhow::Result;

use super::dice::Dice;
use super::encode::{self, TextLayer};
use super::files::{File, truth};
use super::papers::{self, Facts, Kind, Paper};
use super::people::{Gender, PLACES, Person};
use super::wear::{Level, Scan, Tone, Wear, scan};
use super::words::Date;

/// The applicant and those around her. Everything about them is invented.
pub(crate) fn family() -> Facts {
    let place = PLACES[0];
    let person = |name: &str, gender, born: (u32, u32, u32), personal_id: &str, spot: &str| Person {
        name: name.to_owned(),
        gender,
        born: Date { year: born.0, month: born.1, day: born.2 },
        personal_id: personal_id.to_owned(),
        people: "Kinh",
        place,
        spot: spot.to_owned(),
    };
    Facts {
        owner: person("Nguyễn Thị Ngoãn", Gender::Female, (1991, 3, 14), "038191004627", "thôn Đông Hạ"),
        spouse: person("Lê Hữu Nghĩa", Gender::Male, (1988, 11, 2), "038088012935", "thôn Phú Mỹ"),
        mother: person("Trịnh Thị Lụa", Gender::Female, (1966, 8, 19), "038166003518", "thôn Đông Hạ"),
        father: person("Nguyễn Bá Kỷ", Gender::Male, (1963, 5, 27), "038063001742", "thôn Đông Hạ"),
        issued: Date { year: 2026, month: 11, day: 16 },
    }
}

/// One paper of the story: file name without ending, kind, day of issue.
struct Part {
    name: &'static str,
    kind: Kind,
    issued: (u32, u32, u32),
    seed: &'static str,
}

const REQUEST: Part = Part {
    name: "to-khai-xac-nhan-tinh-trang-hon-nhan",
    kind: Kind::MaritalRequest,
    issued: (2026, 11, 16),
    seed: "request",
};
const DIVORCE: Part =
    Part { name: "quyet-dinh-ly-hon", kind: Kind::Divorce, issued: (2023, 9, 12), seed: "divorce" };
const BIRTH: Part =
    Part { name: "giay-khai-sinh", kind: Kind::BirthCertificate, issued: (2019, 4, 8), seed: "birth" };
const DECISION: Part =
    Part { name: "quyet-dinh-tro-cap", kind: Kind::Decision, issued: (2026, 8, 20), seed: "decision" };
const CARD: Part = Part { name: "cccd-qr", kind: Kind::IdentityCard, issued: (2022, 5, 10), seed: "card" };
const HOUSEHOLD: Part =
    Part { name: "dang-ky-ho-kinh-doanh", kind: Kind::Household, issued: (2024, 10, 3), seed: "household" };
const LAND: Part =
    Part { name: "giay-chung-nhan-dat", kind: Kind::Land, issued: (2024, 12, 25), seed: "land" };

struct Side {
    paper: Paper,
    scans: Vec<Scan>,
}

pub(crate) fn make(seed: u64) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut add = |part: &Part, side: &Side, ending: &str, bytes: Vec<u8>| -> Result<()> {
        files.push(File { path: format!("{}.{ending}", part.name), bytes });
        files.extend(truth(part.name, &side.paper, &side.scans)?);
        Ok(())
    };

    let request =
        take(&REQUEST, seed, |dice| Wear { dpi: 200, tone: Tone::Colour, ..Wear::of(Level::Medium, dice) });
    add(&REQUEST, &request, "jpg", encode::jpeg(&request.scans[0])?)?;

    let divorce = take(&DIVORCE, seed, |dice| Wear {
        dpi: 300,
        tone: Tone::Grey,
        noise: 2.0,
        white: 0.88,
        light: 0.02,
        staple: true,
        ..Wear::of(Level::Medium, dice)
    });
    add(&DIVORCE, &divorce, "tiff", encode::tiff(&divorce.scans)?)?;

    let birth = take(&BIRTH, seed, Wear::phone);
    add(&BIRTH, &birth, "jpg", encode::phone_jpeg(&birth.scans[0])?)?;

    let decision =
        take(&DECISION, seed, |dice| Wear { dpi: 200, tone: Tone::Colour, ..Wear::of(Level::Medium, dice) });
    add(&DECISION, &decision, "pdf", encode::pdf(&decision.scans, TextLayer::None)?)?;

    let card = take(&CARD, seed, |dice| Wear { dpi: 300, ..Wear::of(Level::Clean, dice) });
    add(&CARD, &card, "png", encode::png(&card.scans[0]))?;

    let household = take(&HOUSEHOLD, seed, |dice| Wear { dpi: 200, ..Wear::of(Level::Medium, dice) });
    add(&HOUSEHOLD, &household, "jpg", encode::jpeg(&household.scans[0])?)?;

    let land =
        take(&LAND, seed, |dice| Wear { dpi: 300, tone: Tone::Colour, ..Wear::of(Level::Medium, dice) });
    add(&LAND, &land, "jpg", encode::jpeg(&land.scans[0])?)?;

    // The same decision as a machine set to English would have "recognised" it.
    files.push(File {
        path: "quyet-dinh-tro-cap-lop-chu-rac.pdf".to_owned(),
        bytes: encode::pdf(&decision.scans, TextLayer::Garbage)?,
    });
    let (year, month, day) = CARD.issued;
    let mut text = papers::qr_text(&family().owner, Date { year, month, day });
    text.push('\n');
    files.push(File { path: "cccd-qr.txt".to_owned(), bytes: text.into_bytes() });
    Ok(files)
}

fn take(part: &Part, seed: u64, wear: impl FnOnce(&mut Dice) -> Wear) -> Side {
    let (year, month, day) = part.issued;
    let facts = Facts { issued: Date { year, month, day }, ..family() };
    let paper = papers::make(part.kind, &facts, &Dice::new(seed, part.seed));
    let mut dice = Dice::new(seed, part.name);
    let wear = wear(&mut dice);
    let scans = scan_all(&paper, &wear, &mut dice);
    Side { paper, scans }
}

/// Scans every side; a sheet printed on both sides lets the other one through.
pub(crate) fn scan_all(paper: &Paper, wear: &Wear, dice: &mut Dice) -> Vec<Scan> {
    let n = paper.sheets.len();
    (0..n)
        .map(|page| {
            let back = if n > 1 { &paper.sheets[page ^ 1_usize.min(n - 1)] } else { &paper.sheets[0] };
            let tilt = if page == 0 { 0.0 } else { dice.range(-0.4, 0.4) };
            let wear = Wear { skew: (wear.skew + tilt).clamp(-2.0, 2.0), ..wear.clone() };
            scan(&paper.sheets[page], Some(back), &wear, dice, page)
        })
        .collect()
}
