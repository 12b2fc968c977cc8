//! Takes a file somebody uploaded or a scanner sent and makes pages of it. Goes by content, never
//! by name; every bound is checked on the header, before anything is decoded. Turning, cleaning
//! and reading are others' work: what leaves here is the page as it came.

mod exif;
mod jpeg;
mod pdf;
mod png;
mod tiff;

use image::ImageFormat;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::geometry::Turn;

/// How much one file may ask of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Pages in the file.
    pub pages: u32,
    /// Pixels of one page.
    pub page_pixels: u64,
    /// Bytes of all pages together as they leave here (compressed).
    pub decoded_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_bytes: 50 << 20, pages: 200, page_pixels: 120_000_000, decoded_bytes: 400 << 20 }
    }
}

/// Why a file was not taken. Numbers are what was found and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Rejected {
    #[error("file is empty")]
    Empty,
    #[error("file of {bytes} bytes is larger than {most}")]
    TooLarge { bytes: u64, most: u64 },
    /// `looks_like` is the name of a known format that is not read here (HEIC, WebP, …).
    #[error("file is no picture and no PDF (`{}`)", looks_like.as_deref().unwrap_or("unknown"))]
    NotAPicture { looks_like: Option<String> },
    #[error("page {page} breaks off before its end")]
    Truncated { page: u32 },
    #[error("PDF opens only with a password")]
    PasswordPdf,
    #[error("file has {found} pages, more than {most}")]
    TooManyPages { found: u32, most: u32 },
    #[error("page {page} of {width}×{height} pixels has more than {most}")]
    TooManyPixels { page: u32, width: u32, height: u32, most: u64 },
    #[error("file cannot be read: {what}")]
    Broken { what: String },
    #[error("file asks for too much {what}")]
    TooHard { what: Hardship },
}

/// What ran out in the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hardship {
    /// Memory, or the process died in another way.
    Memory,
    Time,
    /// The pages together are larger than allowed.
    Output,
}

impl std::fmt::Display for Hardship {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Memory => "memory",
            Self::Time => "time",
            Self::Output => "space",
        })
    }
}

impl Rejected {
    /// What a person is told: what happened, and what to do now.
    pub fn in_vietnamese(&self) -> String {
        const MIB: f64 = 1_048_576.0;
        match self {
            Self::Empty => "Tệp rỗng, không có nội dung. Hãy quét hoặc chọn lại tệp.".to_owned(),
            Self::TooLarge { bytes, most } => format!(
                "Tệp nặng {:.0} MB, vượt mức {:.0} MB. Hãy chia thành nhiều tệp hoặc quét lại ở 200–300 dpi.",
                *bytes as f64 / MIB,
                *most as f64 / MIB
            ),
            Self::NotAPicture { looks_like: Some(name) } => {
                format!("Chưa nhận định dạng {name}. Hãy dùng tệp PDF, JPEG, PNG hoặc TIFF.")
            }
            Self::NotAPicture { looks_like: None } => {
                "Nội dung tệp không phải ảnh hay PDF. Hãy dùng tệp PDF, JPEG, PNG hoặc TIFF.".to_owned()
            }
            Self::Truncated { page } => {
                format!("Trang {page} bị cụt, có thể do tải lên dở dang. Hãy gửi lại tệp gốc.")
            }
            Self::PasswordPdf => {
                "Tệp PDF đặt mật khẩu nên không mở được. Hãy bỏ mật khẩu rồi gửi lại.".to_owned()
            }
            Self::TooManyPages { found, most } => {
                format!("Tệp có {found} trang, vượt mức {most} trang. Hãy chia thành nhiều tệp.")
            }
            Self::TooManyPixels { page, width, height, .. } => format!(
                "Trang {page} có kích thước {width} × {height} điểm ảnh, quá lớn. Hãy quét lại ở 200–300 dpi."
            ),
            Self::Broken { .. } => "Tệp bị hỏng, không đọc được. Hãy quét hoặc xuất lại tệp.".to_owned(),
            Self::TooHard { .. } => {
                "Tệp đòi hỏi quá nhiều bộ nhớ hoặc thời gian để mở. Hãy quét lại thành tệp đơn giản hơn."
                    .to_owned()
            }
        }
    }
}

/// How a page's bytes are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Jpeg,
    Png,
}

impl Encoding {
    pub fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// What a pixel can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ink {
    /// One bit: fax and black-and-white scans.
    Bilevel,
    Grey,
    Colour,
}

/// A page's picture, to be kept as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageImage {
    pub encoding: Encoding,
    pub ink: Ink,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// Where the resolution is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DpiSource {
    /// The file says so, and the page's size on paper is then believable.
    Stated,
    /// Taken from the paper: the shape is that of A4 or A5.
    PaperSize,
    Assumed,
}

/// Where the page's bytes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Byte for byte what the file holds.
    Untouched,
    /// Same pixels, another coding.
    Recoded,
    /// Drawn from a PDF page that is more than one picture.
    Rendered,
}

/// One side of paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub image: PageImage,
    /// Pixels as stored, before `turn`.
    pub width: u32,
    pub height: u32,
    pub dpi: u32,
    pub dpi_source: DpiSource,
    pub origin: Origin,
    /// How to turn the stored picture so that it stands as its maker meant.
    pub turn: Turn,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
}

impl Page {
    /// Size in pixels as the officer sees it.
    pub fn turned_size(&self) -> (u32, u32) {
        self.turn.size(self.width, self.height)
    }
}

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Tiff,
    Pdf,
}

/// Looks at the content; the name of the file plays no part.
pub fn sniff(file: &[u8]) -> Result<Kind, Rejected> {
    if file.is_empty() {
        return Err(Rejected::Empty);
    }
    if file.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Ok(Kind::Jpeg);
    }
    if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(Kind::Png);
    }
    if file.starts_with(b"II*\0") || file.starts_with(b"MM\0*") {
        return Ok(Kind::Tiff);
    }
    // The header may stand within the first 1,024 bytes (ISO 32000-1, annex H, note 13).
    let head = &file[..file.len().min(1024)];
    if head.windows(5).any(|bytes| bytes == b"%PDF-") {
        return Ok(Kind::Pdf);
    }
    Err(Rejected::NotAPicture { looks_like: known_stranger(file).map(str::to_owned) })
}

/// Formats people do send, and that are not read here.
fn known_stranger(file: &[u8]) -> Option<&'static str> {
    let at = |start: usize, bytes: &[u8]| file.get(start..).is_some_and(|rest| rest.starts_with(bytes));
    if at(4, b"ftyp") {
        let brands = &file[8..file.len().min(40)];
        let has = |brand: &[u8]| brands.chunks(4).any(|chunk| chunk == brand);
        return Some(if has(b"avif") {
            "AVIF"
        } else if [b"heic", b"heix", b"hevc", b"mif1", b"heim"].iter().any(|brand| has(*brand)) {
            "HEIC"
        } else {
            "MP4"
        });
    }
    let marks: [(usize, &[u8], &str); 11] = [
        (8, b"WEBP", "WebP"),
        (0, b"GIF8", "GIF"),
        (0, b"BM", "BMP"),
        (0, b"II+\0", "BigTIFF"),
        (0, b"MM\0+", "BigTIFF"),
        (0, b"PK\x03\x04", "ZIP/DOCX"),
        (0, b"\xD0\xCF\x11\xE0", "DOC"),
        (0, b"{\\rtf", "RTF"),
        (0, b"AT&TFORM", "DjVu"),
        (0, b"\0\0\0\x0CjP  ", "JPEG 2000"),
        (0, b"Rar!", "RAR"),
    ];
    marks.iter().find(|(start, bytes, _)| at(*start, bytes)).map(|(.., name)| *name)
}

/// Makes pages of a file. To be called in a limited process for files from outside
/// ([`crate::worker`]): the bounds here stop what can be seen from outside, not every bomb.
pub fn open(file: Vec<u8>, limits: &Limits) -> Result<Vec<Page>, Rejected> {
    if file.len() as u64 > limits.file_bytes {
        return Err(Rejected::TooLarge { bytes: file.len() as u64, most: limits.file_bytes });
    }
    let pages = match sniff(&file)? {
        Kind::Jpeg => vec![jpeg::page(file, 1, limits)?],
        Kind::Png => vec![png::page(file, limits)?],
        Kind::Tiff => tiff::pages(&file, limits)?,
        Kind::Pdf => pdf::pages(file, limits)?,
    };
    Ok(pages)
}

pub(crate) fn check_pixels(page: u32, width: u32, height: u32, limits: &Limits) -> Result<(), Rejected> {
    if width == 0 || height == 0 {
        return Err(Rejected::Broken { what: format!("page {page} has no pixels") });
    }
    let most = limits.page_pixels;
    if u64::from(width) * u64::from(height) > most {
        return Err(Rejected::TooManyPixels { page, width, height, most });
    }
    Ok(())
}

/// Stops when the pages so far are together larger than allowed.
pub(crate) fn check_output(pages: &[Page], limits: &Limits) -> Result<(), Rejected> {
    let so_far: u64 = pages.iter().map(|page| page.image.bytes.len() as u64).sum();
    if so_far > limits.decoded_bytes { Err(Rejected::TooHard { what: Hardship::Output }) } else { Ok(()) }
}

pub(crate) fn finished(
    image: PageImage,
    size: (u32, u32),
    stated_dpi: Option<f64>,
    turn: Turn,
    origin: Origin,
) -> Page {
    let (width, height) = size;
    let (dpi, dpi_source) = resolution(width, height, stated_dpi);
    let sha256 = hex::encode(Sha256::digest(&image.bytes));
    Page { image, width, height, dpi, dpi_source, origin, turn, sha256 }
}

/// The stated resolution where it gives a sheet of believable size, else one that makes the
/// page A4 or A5, else 200.
fn resolution(width: u32, height: u32, stated: Option<f64>) -> (u32, DpiSource) {
    let (long, short) = (f64::from(width.max(height)), f64::from(width.min(height)));
    if let Some(dpi) = stated.filter(|dpi| (50.0..=2_400.0).contains(dpi)) {
        // From a bank card to A3; cameras write 72 whatever they took.
        let inches = long / dpi;
        if (2.5..=18.0).contains(&inches) {
            return (dpi.round() as u32, DpiSource::Stated);
        }
    }
    if (1.36..=1.48).contains(&(long / short)) {
        let a4 = long / 11.69;
        let a5 = long / 8.27;
        let usual = |dpi: f64| {
            [150.0, 200.0, 240.0, 300.0, 400.0, 600.0].iter().any(|u| (dpi / u - 1.0).abs() < 0.02)
        };
        let dpi = if usual(a5) && !usual(a4) { a5 } else { a4 };
        if (50.0..=1_300.0).contains(&dpi) {
            return (dpi.round() as u32, DpiSource::PaperSize);
        }
    }
    (200, DpiSource::Assumed)
}

#[cfg(test)]
mod tests;
