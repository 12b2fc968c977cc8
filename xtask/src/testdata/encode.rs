//! Writes scans as the files scanners and phones make: JPEG (with EXIF), PNG, multi-page TIFF,
//! PDF round JPEGs. All but the JPEG coder is written out here, so that wrong files can be
//! written as easily as right ones.

use anyhow::{Context, Result};
use fax::{Color, VecWriter};
use image::ExtendedColorType;
use image::codecs::jpeg::{JpegEncoder, PixelDensity};

use super::wear::{Scan, Tone};

pub(crate) fn jpeg(scan: &Scan) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, scan.quality);
    encoder.set_pixel_density(PixelDensity::dpi(scan.dpi as u16));
    let (w, h) = (scan.w as u32, scan.h as u32);
    if scan.tone == Tone::Colour {
        encoder.encode(&scan.rgb, w, h, ExtendedColorType::Rgb8)
    } else {
        encoder.encode(&grey(scan), w, h, ExtendedColorType::L8)
    }
    .context("encoding a page as JPEG")?;
    Ok(out)
}

/// A JPEG as a phone held upright stores it: the sensor lies on its side and EXIF says
/// "turn by 90° clockwise to look at" (orientation 6).
pub(crate) fn phone_jpeg(scan: &Scan) -> Result<Vec<u8>> {
    let mut rgb = vec![0; scan.rgb.len()];
    for y in 0..scan.h {
        for x in 0..scan.w {
            let from = (y * scan.w + x) * 3;
            let to = ((scan.w - 1 - x) * scan.h + y) * 3;
            rgb[to..to + 3].copy_from_slice(&scan.rgb[from..from + 3]);
        }
    }
    let side = Scan { w: scan.h, h: scan.w, rgb, lines: Vec::new(), ..scan.clone() };
    let plain = jpeg(&side)?;
    // APP1 "Exif", big-endian TIFF, one directory with one entry: orientation = 6.
    let exif: &[u8] = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let mut out = plain[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((exif.len() as u16 + 2).to_be_bytes());
    out.extend(exif);
    out.extend(&plain[2..]);
    Ok(out)
}

fn grey(scan: &Scan) -> Vec<u8> {
    scan.rgb.chunks_exact(3).map(|pixel| pixel[1]).collect()
}

/// One row of bits, 1 = white, padded to whole bytes.
fn bits(row: &[u8]) -> Vec<u8> {
    row.chunks(8)
        .map(|eight| {
            eight.iter().enumerate().fold(0, |byte, (n, value)| byte | (u8::from(*value > 127) << (7 - n)))
        })
        .collect()
}

pub(crate) fn png(scan: &Scan) -> Vec<u8> {
    let (w, h) = (scan.w as u32, scan.h as u32);
    let mut raw = Vec::new();
    let (depth, colour) = match scan.tone {
        Tone::Colour => {
            for row in scan.rgb.chunks_exact(scan.w * 3) {
                raw.push(1);
                raw.extend((0..row.len()).map(|i| row[i].wrapping_sub(if i < 3 { 0 } else { row[i - 3] })));
            }
            (8, 2)
        }
        Tone::Grey => {
            for row in grey(scan).chunks_exact(scan.w) {
                raw.push(1);
                raw.extend((0..row.len()).map(|i| row[i].wrapping_sub(if i < 1 { 0 } else { row[i - 1] })));
            }
            (8, 0)
        }
        Tone::Fax => {
            for row in grey(scan).chunks_exact(scan.w) {
                raw.push(0);
                raw.extend(bits(row));
            }
            (1, 0)
        }
    };
    let mut out = png_start(w, h, depth, colour);
    let per_metre = (f64::from(scan.dpi) / 0.0254).round() as u32;
    let mut phys = per_metre.to_be_bytes().to_vec();
    phys.extend(per_metre.to_be_bytes());
    phys.push(1);
    png_chunk(&mut out, *b"pHYs", &phys);
    png_chunk(&mut out, *b"IDAT", &miniz_oxide::deflate::compress_to_vec_zlib(&raw, 4));
    png_chunk(&mut out, *b"IEND", &[]);
    out
}

/// Signature and header; `colour` 0 grey, 2 RGB.
pub(crate) fn png_start(w: u32, h: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut head = w.to_be_bytes().to_vec();
    head.extend(h.to_be_bytes());
    head.extend([depth, colour, 0, 0, 0]);
    png_chunk(&mut out, *b"IHDR", &head);
    out
}

pub(crate) fn png_chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let from = out.len();
    out.extend(kind);
    out.extend(data);
    let mut crc = !0_u32;
    for byte in &out[from..] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    out.extend((!crc).to_be_bytes());
}

/// A multi-page TIFF: grey or colour sides deflated, one-bit sides as CCITT group 4.
pub(crate) fn tiff(scans: &[Scan]) -> Result<Vec<u8>> {
    let mut out = b"II\x2a\0\0\0\0\0".to_vec();
    let mut link = 4;
    for (n, scan) in scans.iter().enumerate() {
        let (data, bits_each, n_samples, compression, photometric) = match scan.tone {
            Tone::Colour => (deflate(&scan.rgb), 8, 3, 8, 2),
            Tone::Grey => (deflate(&grey(scan)), 8, 1, 8, 1),
            Tone::Fax => (group4(scan)?, 1, 1, 4, 0),
        };
        let at = out.len();
        out.extend(&data);
        let side = Side { scan, n, of: scans.len(), at, size: data.len() };
        link = tiff_directory(&mut out, link, &side, (bits_each, n_samples, compression, photometric));
    }
    Ok(out)
}

struct Side<'a> {
    scan: &'a Scan,
    n: usize,
    of: usize,
    at: usize,
    size: usize,
}

/// Appends one directory, links it from `link`, and gives the place of its own link.
fn tiff_directory(out: &mut Vec<u8>, link: usize, side: &Side<'_>, how: (u32, u32, u32, u32)) -> usize {
    let (bits_each, n_samples, compression, photometric) = how;
    let even = |out: &mut Vec<u8>| {
        if out.len() % 2 == 1 {
            out.push(0);
        }
    };
    even(out);
    let bits_at = out.len() as u32;
    for _ in 0..3 {
        out.extend((bits_each as u16).to_le_bytes());
    }
    even(out);
    let dpi_at = out.len() as u32;
    out.extend(side.scan.dpi.to_le_bytes());
    out.extend(1_u32.to_le_bytes());
    let start = out.len() as u32;
    out[link..link + 4].copy_from_slice(&start.to_le_bytes());
    let (bits_count, bits_value) = if n_samples == 3 { (3, bits_at) } else { (1, bits_each) };
    // (tag, type, count, value); types: 3 short, 4 long, 5 rational
    let entries: [(u16, u16, u32, u32); 14] = [
        (254, 4, 1, 2),
        (256, 4, 1, side.scan.w as u32),
        (257, 4, 1, side.scan.h as u32),
        (258, 3, bits_count, bits_value),
        (259, 3, 1, compression),
        (262, 3, 1, photometric),
        (273, 4, 1, side.at as u32),
        (277, 3, 1, n_samples),
        (278, 4, 1, side.scan.h as u32),
        (279, 4, 1, side.size as u32),
        (282, 5, 1, dpi_at),
        (283, 5, 1, dpi_at),
        (296, 3, 1, 2),
        (297, 3, 2, side.n as u32 | (side.of as u32) << 16),
    ];
    out.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    let next = out.len();
    out.extend(0_u32.to_le_bytes());
    next
}

fn deflate(data: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(data, 3)
}

fn group4(scan: &Scan) -> Result<Vec<u8>> {
    let mut encoder = fax::encoder::Encoder::new(VecWriter::new());
    for row in grey(scan).chunks_exact(scan.w) {
        let pels = row.iter().map(|value| if *value > 127 { Color::White } else { Color::Black });
        encoder.encode_line(pels, scan.w as u32).context("encoding a fax line")?;
    }
    Ok(encoder.finish().context("ending a fax page")?.finish())
}

/// A PDF as a scanner makes it: one JPEG a page, and nothing else, or a worthless text layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextLayer {
    None,
    /// As made by a machine set to English.
    Garbage,
}

pub(crate) fn pdf(scans: &[Scan], layer: TextLayer) -> Result<Vec<u8>> {
    let mut objects: Vec<Vec<u8>> =
        vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), Vec::new(), Vec::new()];
    objects[2] =
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec();
    let mut kids = Vec::with_capacity(scans.len());
    for scan in scans {
        let n = objects.len();
        kids.push(format!("{} 0 R", n + 1));
        let points = |px: usize| px as f64 * 72.0 / f64::from(scan.dpi);
        let (w, h) = (points(scan.w), points(scan.h));
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {w:.2} {h:.2}] /Contents {} 0 R /Resources << \
                 /XObject << /Im0 {} 0 R >> /Font << /F0 3 0 R >> >> >>",
                n + 2,
                n + 3
            )
            .into_bytes(),
        );
        let mut content = format!("q {w:.2} 0 0 {h:.2} 0 0 cm /Im0 Do Q\n");
        if layer == TextLayer::Garbage {
            content.push_str(&garbage(h));
        }
        objects.push(stream("", content.as_bytes()));
        let space = if scan.tone == Tone::Colour { "/DeviceRGB" } else { "/DeviceGray" };
        let head = format!(
            "/Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent 8 /ColorSpace {space} /Filter /DCTDecode ",
            scan.w, scan.h
        );
        objects.push(stream(&head, &jpeg(scan)?));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), scans.len()).into_bytes();
    Ok(pdf_file(&objects))
}

/// Invisible lines as an English reader sees Vietnamese.
fn garbage(height: f64) -> String {
    const LINES: [&str; 8] = [
        "CONG HOA xA HQI CHU NGHIA VI:\u{a3}T NAM",
        "DQc I~p - T1.r do - H~nh phuc",
        "QUYET DJNH",
        "V~ vi~c hu&ng trq cAp xa hQi h~ng thang",
        "Can cir Lu~t T6 chirc chinh quy~n dia phuong ngay 16 thang 6 nam 2025;",
        "Theo d~ nghi cua Tru6ng phong Van hoa - Xa h(>i.",
        "Di~u 1. Trq cdp xa hQi hang thang cho ba",
        "CHU TJCH",
    ];
    let mut shown = vec!["BT /F0 11 Tf 3 Tr\n".to_owned()];
    for (n, line) in LINES.iter().enumerate() {
        let safe: String = line
            .chars()
            .filter(char::is_ascii)
            .flat_map(|c| if "()\\".contains(c) { vec!['\\', c] } else { vec![c] })
            .collect();
        shown.push(format!("1 0 0 1 90 {:.1} Tm ({safe}) Tj\n", height - 70.0 - 36.0 * n as f64));
    }
    shown.push("ET\n".to_owned());
    shown.concat()
}

pub(crate) fn stream(head: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {head}/Length {} >>\nstream\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\nendstream");
    out
}

/// Header, objects numbered from 1, cross-reference table, trailer; object 1 is the catalogue.
pub(crate) fn pdf_file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::with_capacity(objects.len());
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", n + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n").bytes());
    out
}
