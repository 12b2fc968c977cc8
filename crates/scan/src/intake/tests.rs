//! What can be told of a file without a decoder.

use super::{DpiSource, Kind, Rejected, exif, resolution, sniff};
use crate::geometry::Turn;

#[test]
fn files_are_told_by_their_content() {
    assert_eq!(sniff(b"\xFF\xD8\xFF\xE0"), Ok(Kind::Jpeg));
    assert_eq!(sniff(b"II*\0\x08\0\0\0"), Ok(Kind::Tiff));
    assert_eq!(sniff(b"MM\0*\0\0\0\x08"), Ok(Kind::Tiff));
    // Mail gateways put lines before the header.
    assert_eq!(sniff(b"\r\n%PDF-1.7"), Ok(Kind::Pdf));
    assert_eq!(sniff(b""), Err(Rejected::Empty));
    let named = |file: &[u8]| match sniff(file) {
        Err(Rejected::NotAPicture { looks_like }) => looks_like,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(b"GIF89a").as_deref(), Some("GIF"));
    assert_eq!(named(b"\0\0\0\x20ftypavif").as_deref(), Some("AVIF"));
    assert_eq!(named(b"hello"), None);
}

#[test]
fn the_resolution_is_taken_from_the_file_or_the_paper() {
    assert_eq!(resolution(2480, 3508, Some(300.0)), (300, DpiSource::Stated));
    // A camera's 72 dpi would make the sheet 1.2 m long.
    assert_eq!(resolution(2480, 3508, Some(72.0)), (300, DpiSource::PaperSize));
    assert_eq!(resolution(1654, 2339, None), (200, DpiSource::PaperSize));
    // 300 dpi of A5, not 212 of A4.
    assert_eq!(resolution(1748, 2480, None), (300, DpiSource::PaperSize));
    assert_eq!(resolution(1000, 1000, None), (200, DpiSource::Assumed));
    assert_eq!(resolution(1000, 1000, Some(f64::NAN)), (200, DpiSource::Assumed));
}

#[test]
fn exif_says_which_way_is_up_and_nonsense_says_nothing() {
    let mut block = b"MM\0*\0\0\0\x08\0\x01".to_vec();
    block.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
    block.extend([0; 4]);
    assert_eq!(exif::parse(&block).turn, Turn::Right);
    for end in 0..block.len() {
        assert!(exif::parse(&block[..end]).dpi.is_none());
    }
    assert_eq!(exif::parse(b"II*\0\xFF\xFF\xFF\xFF").turn, Turn::None);
}

#[test]
fn every_refusal_tells_a_person_what_to_do() {
    let refusals = [
        Rejected::Empty,
        Rejected::TooLarge { bytes: 60 << 20, most: 50 << 20 },
        Rejected::NotAPicture { looks_like: Some("HEIC".to_owned()) },
        Rejected::Truncated { page: 2 },
        Rejected::PasswordPdf,
        Rejected::TooManyPages { found: 201, most: 200 },
        Rejected::TooManyPixels { page: 1, width: 30_000, height: 30_000, most: 120_000_000 },
        Rejected::Broken { what: "x".to_owned() },
        Rejected::TooHard { what: super::Hardship::Time },
    ];
    for refusal in refusals {
        assert!(refusal.in_vietnamese().contains("Hãy"), "{refusal:?}");
        let json = serde_json::to_string(&refusal).expect("it can be written");
        assert_eq!(serde_json::from_str::<Rejected>(&json).expect("it can be read"), refusal);
    }
}
