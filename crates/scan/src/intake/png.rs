//! PNG: opaque ones pass through byte for byte; transparency is laid on white and 16 bits become
//! 8, because the archive format knows neither. Also writes the PNGs that other formats become.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{
    DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, ImageReader, Rgb, RgbImage,
};

use super::{Encoding, Ink, Limits, Origin, Page, PageImage, Rejected, check_pixels, exif, finished};
use crate::geometry::Turn;

struct Header {
    width: u32,
    height: u32,
    depth: u8,
    colour: u8,
    is_interlaced: bool,
    has_transparency: bool,
    dpi: Option<f64>,
    turn: Turn,
}

pub(super) fn page(file: Vec<u8>, limits: &Limits) -> Result<Page, Rejected> {
    let header = walk(&file)?;
    check_pixels(1, header.width, header.height, limits)?;
    // Decoded once in any case: checksums and the last line are checked on the way.
    let mut reader = ImageReader::with_format(Cursor::new(&file), ImageFormat::Png);
    reader.no_limits();
    let picture = reader.decode().map_err(|fault| broken(&fault.to_string()))?;
    let size = (header.width, header.height);
    // Grey 0, colour 2, palette 3; 4 and 6 carry transparency.
    let is_plain = matches!(header.colour, 0 | 2 | 3)
        && header.depth <= 8
        && !header.has_transparency
        && !header.is_interlaced;
    if is_plain {
        let ink = match header.colour {
            0 if header.depth == 1 => Ink::Bilevel,
            0 => Ink::Grey,
            _ => Ink::Colour,
        };
        let image = PageImage { encoding: Encoding::Png, ink, bytes: file };
        return Ok(finished(image, size, header.dpi, header.turn, Origin::Untouched));
    }
    drop(file);
    let image = encoded(&on_white(picture))?;
    Ok(finished(image, size, header.dpi, header.turn, Origin::Recoded))
}

fn broken(what: &str) -> Rejected {
    Rejected::Broken { what: format!("PNG: {what}") }
}

/// Goes through the chunks to the last one.
fn walk(file: &[u8]) -> Result<Header, Rejected> {
    let truncated = Rejected::Truncated { page: 1 };
    let mut header: Option<Header> = None;
    let mut at = 8;
    loop {
        let Some(head) = file.get(at..at + 8) else { return Err(truncated) };
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some(body) = (at + 8).checked_add(length).and_then(|end| file.get(at + 8..end)) else {
            // The size is told even of a bomb that was cut off.
            return match header {
                Some(header) if u64::from(header.width) * u64::from(header.height) > 1 << 32 => Ok(header),
                _ => Err(truncated),
            };
        };
        match (&head[4..8], &mut header) {
            (b"IHDR", _) => {
                let &[w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, _, _, interlace] = body else {
                    return Err(broken("header of a wrong length"));
                };
                header = Some(Header {
                    width: u32::from_be_bytes([w3, w2, w1, w0]),
                    height: u32::from_be_bytes([h3, h2, h1, h0]),
                    depth,
                    colour,
                    is_interlaced: interlace != 0,
                    has_transparency: false,
                    dpi: None,
                    turn: Turn::None,
                });
            }
            (_, None) => return Err(broken("no header at the start")),
            (b"tRNS", Some(header)) => header.has_transparency = true,
            (b"eXIf", Some(header)) => header.turn = exif::parse(body).turn,
            (b"pHYs", Some(header)) => {
                // Pixels a metre, when the unit byte is 1.
                if let &[x3, x2, x1, x0, _, _, _, _, 1] = body {
                    header.dpi = Some(f64::from(u32::from_be_bytes([x3, x2, x1, x0])) * 0.0254);
                }
            }
            (b"IEND", _) => break,
            _ => {}
        }
        at += 12 + length;
    }
    header.ok_or_else(|| broken("no header"))
}

/// Lays transparency on white and brings 16 bits down to 8.
pub(super) fn on_white(picture: DynamicImage) -> DynamicImage {
    let is_coloured = picture.color().has_color();
    if !picture.color().has_alpha() {
        return if is_coloured { picture.into_rgb8().into() } else { picture.into_luma8().into() };
    }
    let rgba = picture.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (from, to) in rgba.pixels().zip(rgb.pixels_mut()) {
        let [r, g, b, a] = from.0;
        let over =
            |value: u8| ((u32::from(value) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8;
        *to = Rgb([over(r), over(g), over(b)]);
    }
    let rgb = DynamicImage::from(rgb);
    if is_coloured { rgb } else { rgb.into_luma8().into() }
}

/// Codes a picture without loss: one bit a pixel where it holds only black and white, grey where
/// it holds no colour.
pub(super) fn encoded(picture: &DynamicImage) -> Result<PageImage, Rejected> {
    let mut bytes = Vec::new();
    let ink = match picture {
        DynamicImage::ImageLuma8(grey) => write_grey(grey, &mut bytes)?,
        other => {
            let rgb = other.to_rgb8();
            if rgb.pixels().all(|Rgb([r, g, b])| r == g && g == b) {
                write_grey(&other.to_luma8(), &mut bytes)?
            } else {
                encoder(&mut bytes)
                    .write_image(&rgb, rgb.width(), rgb.height(), ExtendedColorType::Rgb8)
                    .map_err(|fault| broken(&fault.to_string()))?;
                Ink::Colour
            }
        }
    };
    Ok(PageImage { encoding: Encoding::Png, ink, bytes })
}

fn encoder(bytes: &mut Vec<u8>) -> PngEncoder<&mut Vec<u8>> {
    PngEncoder::new_with_quality(bytes, CompressionType::Default, FilterType::Adaptive)
}

fn write_grey(grey: &GrayImage, bytes: &mut Vec<u8>) -> Result<Ink, Rejected> {
    let (width, height) = grey.dimensions();
    if grey.as_raw().iter().any(|&value| value != 0 && value != 255) {
        encoder(bytes)
            .write_image(grey, width, height, ExtendedColorType::L8)
            .map_err(|fault| broken(&fault.to_string()))?;
        return Ok(Ink::Grey);
    }
    let mut packed = Vec::with_capacity(width.div_ceil(8) as usize * height as usize);
    for row in grey.as_raw().chunks(width as usize) {
        for eight in row.chunks(8) {
            let bits = eight.iter().enumerate().fold(0, |bits, (at, &value)| bits | (value & 1) << (7 - at));
            packed.push(bits);
        }
    }
    write_bilevel(&packed, width, height, bytes)?;
    Ok(Ink::Bilevel)
}

/// Writes packed rows (1 is white) as a one-bit grey PNG. `image` has no such encoder, so the
/// chunks are put together here around its compressor for eight bits.
fn write_bilevel(packed: &[u8], width: u32, height: u32, bytes: &mut Vec<u8>) -> Result<(), Rejected> {
    let stride = width.div_ceil(8);
    // The data chunks of an eight-bit picture whose rows are the packed bytes are byte for byte
    // the data chunks of the one-bit picture; only the header differs.
    let mut eight_bit = Vec::new();
    PngEncoder::new_with_quality(&mut eight_bit, CompressionType::Default, FilterType::NoFilter)
        .write_image(packed, stride, height, ExtendedColorType::L8)
        .map_err(|fault| broken(&fault.to_string()))?;
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([1, 0, 0, 0, 0]);
    bytes.extend(&eight_bit[..8]);
    bytes.extend(13_u32.to_be_bytes());
    bytes.extend(&header);
    bytes.extend(crc32(&header).to_be_bytes());
    // Signature 8, then the header chunk 4 + 4 + 13 + 4.
    bytes.extend(&eight_bit[8 + 25..]);
    Ok(())
}

/// The checksum of PNG chunks (ISO 15948, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}
