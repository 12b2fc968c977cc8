//! Inputs made at test time: pages, keys, moments; and the independent programs that judge.

use jiff::Timestamp;
use pdf::archive::{Colour, Metadata, PageImage, ScanPage, TextWord, Turn};
use pdf::certificate::{Certificate, DemoAuthority, Holder};
use pdf::key::Key;
use std::path::PathBuf;
use std::process::Command;

pub(crate) const LINES: [&str; 4] = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "TỜ KHAI ĐĂNG KÝ KHAI SINH",
    "Kính gửi: Ủy ban nhân dân phường Hoàn Kiếm",
];

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a well-formed time")
}

pub(crate) fn now() -> Timestamp {
    at("2026-11-21T03:04:05Z")
}

pub(crate) fn metadata() -> Metadata {
    Metadata {
        title: "Tờ khai đăng ký khai sinh".to_owned(),
        author: Some("Nguyễn Thị Hạnh".to_owned()),
        creator: "Một Cửa".to_owned(),
        created: now(),
        language: "vi".to_owned(),
        id_seed: "test".to_owned(),
    }
}

/// A light page with dark bars where the words are, in RGB.
pub(crate) fn pixels(width: u32, height: u32) -> Vec<u8> {
    let words = words(width);
    let mut out = vec![244_u8; (width * height * 3) as usize];
    for word in &words {
        let [x0, y0, x1, y1] = word.rect.map(|v| v as u32);
        for y in y0..y1.min(height) {
            for x in x0..x1.min(width) {
                let at = ((y * width + x) * 3) as usize;
                out[at..at + 3].copy_from_slice(&[40, 50, 90]);
            }
        }
    }
    out
}

/// Words of the sample lines, laid out over `width` pixels.
pub(crate) fn words(width: u32) -> Vec<TextWord> {
    let step = width as f32 / 45.0;
    let mut out = Vec::new();
    for (line, text) in LINES.iter().enumerate() {
        let mut x = step * 3.0;
        let y = 150.0 + 60.0 * line as f32;
        for word in text.split(' ') {
            let wide = step * 0.8 * word.chars().count() as f32;
            out.push(TextWord {
                text: word.to_owned(),
                rect: [x, y, x + wide, y + 22.0],
                baseline: [x, y + 18.0],
                line: line as u32,
                angle_degrees: 0.0,
            });
            x += wide + step * 0.6;
        }
    }
    out
}

pub(crate) fn jpeg(colour: Colour, width: u32, height: u32) -> PageImage {
    let rgb = image::RgbImage::from_raw(width, height, pixels(width, height)).expect("matching size");
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 75);
    match colour {
        Colour::Grey => image::DynamicImage::ImageRgb8(rgb).into_luma8().write_with_encoder(encoder),
        _ => rgb.write_with_encoder(encoder),
    }
    .expect("an encodable image");
    PageImage::Jpeg { bytes, width, height, colour }
}

pub(crate) fn page(image: PageImage, width: u32) -> ScanPage {
    ScanPage { image, dpi: (100.0, 100.0), turn: Turn::None, words: words(width) }
}

/// Two A4 pages at 100 dpi.
pub(crate) fn scan() -> Vec<u8> {
    let pages = [page(jpeg(Colour::Rgb, 827, 1169), 827), page(jpeg(Colour::Grey, 827, 1169), 827)];
    pdf::archive::write(&pages, &metadata()).expect("a writable scan")
}

/// A demonstration authority with an officer's and an agency's key.
pub(crate) struct Office {
    pub(crate) authority: DemoAuthority,
    pub(crate) officer: Key,
    pub(crate) agency: Key,
}

impl Office {
    pub(crate) fn open() -> Self {
        let authority = DemoAuthority::create(now()).expect("an authority");
        let agency_name = "Ủy ban nhân dân phường Hoàn Kiếm";
        let person =
            Holder::Person { name: "Nguyễn Thị Hạnh".to_owned(), agency: agency_name.to_owned() };
        let officer = authority.issue(&person, now()).expect("a key");
        let agency = authority.issue(&Holder::Agency { name: agency_name.to_owned() }, now()).expect("a key");
        Self { authority, officer, agency }
    }

    pub(crate) fn trust(&self) -> Vec<Certificate> {
        vec![self.authority.certificate().clone()]
    }
}

/// Writes a file where independent programs can read it; each test uses its own name.
pub(crate) fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).expect("a writable folder for test files");
    path
}

/// Runs an independent program, which must be installed, and gives its output.
pub(crate) fn judge(program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| {
        panic!("`{program}` must be installed for these tests (apt-get install qpdf poppler-utils): {error}")
    });
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// Bytes replaced where `from` stands for the last time; both must be equally long.
pub(crate) fn replaced_last(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "a replacement must keep every offset");
    let at =
        bytes.windows(from.len()).rposition(|window| window == from.as_bytes()).expect("the text to replace");
    let mut out = bytes.to_vec();
    out[at..at + to.len()].copy_from_slice(to.as_bytes());
    out
}
