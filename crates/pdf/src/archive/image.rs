//! Page images as PDF streams: JPEG passed through, raw pixels deflated behind a predictor, bitonal
//! pages as CCITT G4.

use super::file::File;
use super::{Colour, PageImage};
use fax::encoder::Encoder;
use fax::{Color, VecWriter};

const MAX_SIDE: u32 = 65_000;

pub(super) fn embed(image: &PageImage, space: u32, file: &mut File) -> Result<u32, &'static str> {
    let (width, height) = image.size();
    if !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return Err("an image without pixels or with too many");
    }
    let head = format!(
        "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace[/ICCBased {space} 0 R]"
    );
    let (wide, high) = (width as usize, height as usize);
    match image {
        PageImage::Jpeg { bytes, colour, .. } => {
            let adobe = check_jpeg(bytes, width, height, *colour)?;
            // Adobe's CMYK JPEG stores ink upside down.
            let decode = if *colour == Colour::Cmyk && adobe { "/Decode[1 0 1 0 1 0 1 0]" } else { "" };
            let entries = format!("{head}/BitsPerComponent 8{decode}/Filter/DCTDecode");
            Ok(file.plain_stream(&entries, bytes))
        }
        PageImage::Rgb8 { pixels, .. } => flate(&head, pixels, wide * 3, high, 3, file),
        PageImage::Grey8 { pixels, .. } => flate(&head, pixels, wide, high, 1, file),
        PageImage::Bitonal { bits, .. } => {
            let row = wide.div_ceil(8);
            if bits.len() != row * high {
                return Err("bits that do not match the image's size");
            }
            let data = group4(bits, row, wide);
            let entries = format!(
                "{head}/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {width}/Rows {height}>>"
            );
            Ok(file.plain_stream(&entries, &data))
        }
    }
}

fn flate(
    head: &str,
    pixels: &[u8],
    row: usize,
    rows: usize,
    colours: usize,
    file: &mut File,
) -> Result<u32, &'static str> {
    if pixels.len() != row * rows {
        return Err("pixels that do not match the image's size");
    }
    // Each row as its difference from the row above.
    let mut filtered = Vec::with_capacity(pixels.len() + rows);
    let mut above: &[u8] = &[];
    for line in pixels.chunks_exact(row) {
        filtered.push(2);
        if above.is_empty() {
            filtered.extend_from_slice(line);
        } else {
            filtered.extend(line.iter().zip(above).map(|(here, up)| here.wrapping_sub(*up)));
        }
        above = line;
    }
    let columns = row / colours;
    let entries = format!(
        "{head}/BitsPerComponent 8/DecodeParms<</Predictor 15/Colors {colours}/BitsPerComponent 8/Columns {columns}>>"
    );
    Ok(file.stream(&entries, &filtered))
}

fn group4(bits: &[u8], row: usize, width: usize) -> Vec<u8> {
    let mut encoder = Encoder::new(VecWriter::new());
    for line in bits.chunks_exact(row) {
        let pixels = (0..width)
            .map(|x| if line[x / 8] & (0x80 >> (x % 8)) == 0 { Color::White } else { Color::Black });
        // Writing into memory cannot fail.
        let _ = encoder.encode_line(pixels, width as u32);
    }
    encoder.finish().map(VecWriter::finish).unwrap_or_default()
}

/// Checks that the bytes are a JPEG of the stated size and colour; says whether Adobe's mark is in.
fn check_jpeg(bytes: &[u8], width: u32, height: u32, colour: Colour) -> Result<bool, &'static str> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err("not a JPEG");
    }
    let mut adobe = false;
    let mut at = 2;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2).ok_or("a JPEG without a frame")? else {
            return Err("a malformed JPEG");
        };
        // Fill bytes may stand before a marker.
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let length = bytes.get(at + 2..at + 4).ok_or("a truncated JPEG")?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let segment = bytes.get(at + 4..at + 2 + length).ok_or("a truncated JPEG")?;
        match marker {
            0xC0..=0xC2 => {
                let [8, h1, h2, w1, w2, components, ..] = *segment else {
                    return Err("a JPEG that does not have 8 bits");
                };
                let size = (u32::from(u16::from_be_bytes([w1, w2])), u32::from(u16::from_be_bytes([h1, h2])));
                let wanted = match colour {
                    Colour::Grey => 1,
                    Colour::Rgb => 3,
                    Colour::Cmyk => 4,
                };
                if size != (width, height) {
                    return Err("a JPEG of another size than stated");
                }
                if components != wanted {
                    return Err("a JPEG of another colour than stated");
                }
                return Ok(adobe);
            }
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xD9 | 0xDA => {
                return Err("a kind of JPEG that PDF does not know");
            }
            0xEE => adobe |= segment.starts_with(b"Adobe"),
            _ => {}
        }
        at += 2 + length;
    }
}
