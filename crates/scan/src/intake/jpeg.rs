//! JPEG: walked marker by marker to its end, never re-coded. A picture that breaks off is refused,
//! because a decoder would quietly paint the missing part grey.

mod coded;

use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::exif::{self, Exif};
use super::{Encoding, Ink, Limits, Origin, Page, PageImage, Rejected, check_pixels, finished};

/// What the markers say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) n_channels: u8,
    pub(super) dpi: Option<f64>,
    pub(super) exif: Exif,
}

/// The file as a page, byte for byte.
pub(super) fn page(file: Vec<u8>, number: u32, limits: &Limits) -> Result<Page, Rejected> {
    let header = checked(&file, number, limits)?;
    let ink = if header.n_channels == 1 { Ink::Grey } else { Ink::Colour };
    let image = PageImage { encoding: Encoding::Jpeg, ink, bytes: file };
    let dpi = header.dpi.or(header.exif.dpi);
    Ok(finished(image, (header.width, header.height), dpi, header.exif.turn, Origin::Untouched))
}

/// Reads the header, checks the size, and then that the picture is there to its last line.
pub(super) fn checked(file: &[u8], number: u32, limits: &Limits) -> Result<Header, Rejected> {
    let header = walk(file, number)?;
    check_pixels(number, header.width, header.height, limits)?;
    is_whole(file, number)?;
    Ok(header)
}

fn walk(file: &[u8], number: u32) -> Result<Header, Rejected> {
    let truncated = || Rejected::Truncated { page: number };
    let broken = |what: &str| Rejected::Broken { what: format!("JPEG: {what}") };
    let mut header = Header { width: 0, height: 0, n_channels: 0, dpi: None, exif: Exif::default() };
    let mut at = 2;
    loop {
        // Fill bytes may stand before a marker.
        while file.get(at) == Some(&0xFF) && file.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let [0xFF, marker] = *file.get(at..at + 2).ok_or_else(truncated)? else {
            return Err(broken("no marker where one must stand"));
        };
        at += 2;
        match marker {
            0xD9 if header.width > 0 => return Err(truncated()),
            0x01 | 0xD0..=0xD7 => continue,
            _ => {}
        }
        let length = file.get(at..at + 2).ok_or_else(truncated)?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if length < 2 {
            return Err(broken("segment without length"));
        }
        let body = file.get(at + 2..at + length).ok_or_else(truncated)?;
        at += length;
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let &[_, h1, h0, w1, w0, n_channels, ..] = body else {
                    return Err(broken("short frame header"));
                };
                header.height = u32::from(u16::from_be_bytes([h1, h0]));
                header.width = u32::from(u16::from_be_bytes([w1, w0]));
                header.n_channels = n_channels;
                if header.width == 0 || header.height == 0 {
                    return Err(broken("no size in the frame header"));
                }
            }
            0xE0 if body.starts_with(b"JFIF\0") => header.dpi = jfif_dpi(body),
            0xE1 => {
                if let Some(block) = body.strip_prefix(b"Exif\0\0") {
                    header.exif = exif::parse(block);
                }
            }
            0xDA if header.width == 0 => return Err(broken("scan before the frame header")),
            0xDA => break,
            _ => {}
        }
    }
    // The end marker must come; what follows it (some scanners pad, some phones append) is ignored.
    if file[at..].windows(2).any(|pair| pair == [0xFF, 0xD9]) { Ok(header) } else { Err(truncated()) }
}

fn jfif_dpi(body: &[u8]) -> Option<f64> {
    let &[_, _, _, _, _, _, _, unit, high, low, ..] = body else { return None };
    let density = f64::from(u16::from_be_bytes([high, low]));
    match unit {
        1 => Some(density),
        2 => Some(density * 2.54),
        _ => None,
    }
}

/// Counts the coded blocks and decodes once: an end marker set right behind half a picture is
/// found only so.
fn is_whole(file: &[u8], number: u32) -> Result<(), Rejected> {
    if coded::ends_early(file) {
        return Err(Rejected::Truncated { page: number });
    }
    let options = |is_strict| {
        DecoderOptions::default().set_strict_mode(is_strict).set_max_width(65_535).set_max_height(65_535)
    };
    let Err(strict) = JpegDecoder::new_with_options(file, options(true)).decode() else { return Ok(()) };
    let strict = format!("{strict:?}");
    if ["Premature", "exhausted", "No more bytes", "found where not expected"]
        .iter()
        .any(|sign| strict.contains(sign))
    {
        return Err(Rejected::Truncated { page: number });
    }
    // Harmless oddities (bytes between segments) are forgiven when the picture comes out.
    match JpegDecoder::new_with_options(file, options(false)).decode() {
        Ok(_) => Ok(()),
        Err(fault) => Err(Rejected::Broken { what: format!("JPEG: {fault:?}") }),
    }
}
