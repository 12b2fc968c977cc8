//! Running `motcua`, and papers to give it.

use std::ffi::OsStr;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) said: String,
    pub(crate) complained: String,
}

impl Ran {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.said).unwrap_or_else(|error| panic!("{error}: {}", self.said))
    }
}

pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motcua"));
    // The machine's own settings must not leak into a test.
    command.env_remove("MOTCUA_STORE_URL_FILE").env_remove("MOTCUA_MASTER_KEY_FILE");
    command.env_remove("MOTCUA_SIGNING_PASSWORD_FILE");
    command
}

pub(crate) fn motcua<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ran {
    let Output { status, stdout, stderr } =
        command().args(arguments).output().expect("the program was built and runs");
    Ran {
        code: status.code().expect("it was not killed"),
        said: String::from_utf8(stdout).expect("it speaks UTF-8"),
        complained: String::from_utf8(stderr).expect("it speaks UTF-8"),
    }
}

/// A folder of its own for a test.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("the temporary folder can be written")
}

pub(crate) fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("the test's folder can be written");
    path
}

/// A page of A5 at 100 dpi with grey bars where lines would be: opens fast, reads as next to nothing.
pub(crate) fn page_image() -> RgbImage {
    RgbImage::from_fn(583, 827, |x, y| {
        let is_bar = (60..520).contains(&x) && y > 80 && y < 700 && y % 40 < 12;
        if is_bar { Rgb([90, 90, 90]) } else { Rgb([250, 250, 248]) }
    })
}

pub(crate) fn encoded(image: RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).expect("a picture can be encoded");
    bytes.into_inner()
}

pub(crate) fn good_jpeg() -> Vec<u8> {
    encoded(page_image(), ImageFormat::Jpeg)
}

/// A PNG that claims a size and holds a few bytes: what a header bomb looks like.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    for chunk in [header, b"IDATx\x9c\x03\x00\x00\x00\x00\x01".to_vec(), b"IEND".to_vec()] {
        png.extend(u32::try_from(chunk.len() - 4).expect("it is short").to_be_bytes());
        png.extend(&chunk);
        png.extend(crc32(&chunk).to_be_bytes());
    }
    png
}

/// A small file that is a picture of nothing but white, 16,000 × 16,000 pixels when decoded.
pub(crate) fn bomb() -> Vec<u8> {
    let side = 16_000;
    let mut bytes = Cursor::new(Vec::new());
    let grey = image::GrayImage::from_pixel(side, side, image::Luma([255]));
    DynamicImage::ImageLuma8(grey).write_to(&mut bytes, ImageFormat::Png).expect("it can be encoded");
    bytes.into_inner()
}

/// A PDF whose trailer says that it is locked with a password.
pub(crate) fn locked_pdf() -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let key = "00".repeat(32);
    for body in [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>".to_owned(),
        format!("<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <{key}> /U <{key}> >>"),
    ] {
        offsets.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{body}\nendobj\n", offsets.len()).into_bytes());
    }
    let at = pdf.len();
    pdf.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        pdf.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let id = "0123456789abcdef0123456789abcdef";
    pdf.extend(
        format!(
            "trailer << /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{at}\n%%EOF\n"
        )
        .into_bytes(),
    );
    pdf
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
