//! What the generator promises its users: the same bytes for ever, a truth that agrees with the
//! picture, and files other programs can open.

use std::sync::LazyLock;

use image::DynamicImage;
use unicode_normalization::is_nfc;

use super::dice::Dice;
use super::encode;
use super::files::{self, File};
use super::papers::{self, Facts, Fields, Kind};
use super::wear::{Level, Scan, Tone, Wear, scan};
use super::{hostile, story};

static STORY: LazyLock<Vec<File>> = LazyLock::new(|| story::make(1).expect("the story can be made"));

fn part(path: &str) -> &'static [u8] {
    let file = STORY.iter().find(|file| file.path == path).expect("the story has this file");
    &file.bytes
}

fn text(path: &str) -> &'static str {
    std::str::from_utf8(part(path)).expect("truth is UTF-8")
}

#[test]
fn the_story_is_what_the_manifest_says() {
    let manifest = include_str!("../../../testdata/story.sha256");
    // Drift is wanted sometimes: `cargo xtask testdata --set story --out DIR --manifest testdata/story.sha256`.
    let made = files::manifest(&STORY);
    let drifted: Vec<&str> =
        made.lines().filter(|row| !manifest.lines().any(|known| known == *row)).collect();
    assert!(drifted.is_empty(), "not as committed: {drifted:#?}");
    assert_eq!(made.lines().count(), manifest.lines().count(), "a file is gone");
}

#[test]
fn the_truth_is_nfc_and_holds_the_fields() {
    let names: Vec<&str> = STORY.iter().filter_map(|file| file.path.strip_suffix(".fields.json")).collect();
    assert_eq!(names.len(), 7);
    for name in names {
        let truth = text(&format!("{name}.gt.txt"));
        assert!(is_nfc(truth), "{name}");
        let fields: serde_json::Value =
            serde_json::from_str(text(&format!("{name}.fields.json"))).expect("fields are JSON");
        let flat = truth.replace('\n', " ").to_lowercase();
        for key in ["owner_personal_id", "owner_name", "number", "signatory", "signatory_title"] {
            if let Some(value) = fields[key].as_str() {
                assert!(flat.contains(&value.to_lowercase()), "{name}: {key} `{value}` is not on the paper");
            }
        }
        assert_eq!(fields["owner_personal_id"], "038191004627");
        assert_eq!(fields["owner_name"], "Nguyễn Thị Ngoãn");
    }
}

#[test]
fn the_card_can_be_scanned() {
    let picture = image::load_from_memory(part("cccd-qr.png")).expect("a whole PNG").into_luma8();
    let (w, h) = picture.dimensions();
    let found = rxing::helpers::detect_in_luma(picture.into_raw(), w, h, Some(rxing::BarcodeFormat::QR_CODE))
        .expect("a code is found");
    assert_eq!(found.getText(), text("cccd-qr.txt").trim_end());
    assert_eq!(found.getText().split('|').count(), 7);
}

/// Darkest tenth of the pixels inside an upright box, 0 black to 255.
fn darkness(scan: &Scan, quad: &[[f32; 2]; 4]) -> u8 {
    let mut values = Vec::new();
    for y in quad[0][1] as usize..quad[2][1] as usize {
        for x in quad[0][0] as usize..quad[2][0] as usize {
            values.push(scan.rgb[(y * scan.w + x) * 3 + 1]);
        }
    }
    values.sort_unstable();
    values[values.len() / 10]
}

#[test]
fn line_boxes_lie_on_the_ink() {
    let mut dice = Dice::new(5, "boxes");
    for kind in Kind::ALL {
        let facts = Facts::draw(&mut dice);
        let paper = papers::make(kind, &facts, &Dice::new(5, kind.code()));
        let wear = Wear { dpi: 200, shift: (3.0, -2.0), ..Wear::of(Level::Clean, &mut dice) };
        let seen = scan(&paper.sheets[0], None, &wear, &mut dice, 0);
        assert!(seen.lines.len() > 10, "{kind:?}");
        for line in &seen.lines {
            assert!(darkness(&seen, &line.quad) < 200, "{kind:?}: no ink under `{}`", line.text);
        }
        let white = darkness(&seen, &[[200.0, 2200.0], [1400.0, 2200.0], [1400.0, 2240.0], [200.0, 2240.0]]);
        assert!(
            kind == Kind::Land || kind == Kind::BirthCertificate || white > 200,
            "{kind:?}: ink at the foot"
        );
    }
}

#[test]
fn the_phone_s_picture_is_turned_by_its_exif() {
    let bytes = part("giay-khai-sinh.jpg");
    assert!(bytes.windows(6).any(|six| six == b"Exif\0\0"));
    let stored = image::load_from_memory(bytes).expect("a whole JPEG");
    assert!(stored.width() > stored.height(), "the sensor lies on its side");
}

#[test]
fn one_bit_pages_open_as_png_and_as_group_4() {
    let mut dice = Dice::new(9, "fax");
    let facts = Facts::draw(&mut dice);
    let paper = papers::make(Kind::MaritalStatus, &facts, &Dice::new(9, "fax"));
    let wear = Wear { tone: Tone::Fax, dpi: 150, ..Wear::NONE };
    let seen = scan(&paper.sheets[0], None, &wear, &mut dice, 0);
    let grey: Vec<u8> = seen.rgb.chunks_exact(3).map(|pixel| pixel[1]).collect();
    let tiff = encode::tiff(std::slice::from_ref(&seen)).expect("a TIFF");
    for bytes in [encode::png(&seen), tiff] {
        let opened = image::load_from_memory(&bytes).expect("it opens");
        assert_eq!(DynamicImage::into_luma8(opened).into_raw(), grey);
    }
}

#[test]
fn two_seeds_give_two_papers_and_one_seed_one() {
    let make = |seed| {
        let facts = Facts::draw(&mut Dice::new(seed, "facts"));
        let paper = papers::make(Kind::BirthExtract, &facts, &Dice::new(seed, "paper"));
        let mut dice = Dice::new(seed, "wear");
        let wear = Wear { dpi: 150, ..Wear::of(Level::Hard, &mut dice) };
        let seen = scan(&paper.sheets[0], paper.sheets.first(), &wear, &mut dice, 0);
        encode::jpeg(&seen).expect("a JPEG")
    };
    assert!(make(3) == make(3), "the same seed gave other bytes");
    assert!(make(3) != make(4), "another seed gave the same bytes");
}

#[test]
fn the_law_s_validity_is_in_the_truth() {
    let facts = story::family();
    let Fields { valid_from, valid_to, .. } =
        papers::make(Kind::MaritalStatus, &facts, &Dice::new(1, "validity")).fields;
    assert_eq!(valid_from.as_deref(), Some("2026-11-16"));
    assert_eq!(valid_to.as_deref(), Some("2027-05-16"));
}

#[test]
fn hostile_files_are_small_and_say_what_they_claim() {
    let made = hostile::make(part("to-khai-xac-nhan-tinh-trang-hon-nhan.jpg")).expect("they can be made");
    let get = |path: &str| &made.iter().find(|file| file.path == path).expect("it is there").bytes;
    assert!(made.iter().all(|file| file.bytes.len() < 2 << 20), "a hostile file is cheap to send");
    assert!(get("rong.jpg").is_empty());
    assert_eq!(get("png-30000x30000.png")[16..24], [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    for path in ["van-ban.jpg", "png-sai-crc.png", "png-30000x30000.png"] {
        assert!(image::load_from_memory(get(path)).is_err(), "{path} opened");
    }

    // Some readers open a cut JPEG without a word, so the end mark is what tells.
    assert!(!get("dut-giua-chung.jpg").ends_with(&[0xff, 0xd9]));

    // Walk the directories of the long TIFF.
    let tiff = get("tiff-2000-trang.tiff");
    let word = |at: usize| u32::from_le_bytes(tiff[at..at + 4].try_into().expect("four bytes")) as usize;
    let (mut at, mut n_pages) = (word(4), 0);
    while at != 0 {
        let n_entries = usize::from(u16::from_le_bytes([tiff[at], tiff[at + 1]]));
        at = word(at + 2 + 12 * n_entries);
        n_pages += 1;
    }
    assert_eq!(n_pages, 2_000);
}
