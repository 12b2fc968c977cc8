//! Small pictures for people: thumbnails and cut-outs of an upright page, as JPEG.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageReader, imageops::FilterType};

use crate::geometry::{Rect, Turn};
use crate::intake::{PageImage, Rejected};

/// Long side of a thumbnail in pixels.
const THUMBNAIL: u32 = 200;

/// Decodes a page's picture as stored, without turning it.
pub fn decode(image: &PageImage) -> Result<DynamicImage, Rejected> {
    let mut reader = ImageReader::with_format(Cursor::new(&image.bytes), image.encoding.format());
    // The size was checked at intake; the process has its own bound on memory.
    reader.no_limits();
    reader.decode().map_err(|fault| Rejected::Broken { what: fault.to_string() })
}

/// A JPEG of at most 200 pixels on the long side.
pub fn thumbnail(picture: &DynamicImage, turn: Turn) -> Result<Vec<u8>, Rejected> {
    let small = picture.thumbnail(THUMBNAIL, THUMBNAIL);
    jpeg(&super::turned(small, turn), 70)
}

/// The parts of the turned page inside `rects`, each a JPEG in full resolution.
/// A box that reaches over the edge is cut at it; one that lies outside is [`Rejected::Broken`].
pub fn crop(image: &PageImage, turn: Turn, rects: &[Rect]) -> Result<Vec<Vec<u8>>, Rejected> {
    let picture = super::turned(decode(image)?, turn);
    let mut crops = Vec::with_capacity(rects.len());
    for &[x0, y0, x1, y1] in rects {
        let (x1, y1) = (x1.min(picture.width()), y1.min(picture.height()));
        if x0 >= x1 || y0 >= y1 {
            return Err(Rejected::Broken { what: format!("cut-out {x0},{y0}–{x1},{y1} holds no pixel") });
        }
        let part = picture.crop_imm(x0, y0, x1 - x0, y1 - y0);
        // Very wide cut-outs are for a screen, not for keeping.
        let part = if part.width() > 2_000 { part.resize(2_000, 2_000, FilterType::Triangle) } else { part };
        crops.push(jpeg(&part, 85)?);
    }
    Ok(crops)
}

/// Encodes as JPEG, grey where the picture is grey.
pub(crate) fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Rejected> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, quality);
    let written = if picture.color().has_color() {
        picture.to_rgb8().write_with_encoder(encoder)
    } else {
        picture.to_luma8().write_with_encoder(encoder)
    };
    written.map_err(|fault| Rejected::Broken { what: fault.to_string() })?;
    Ok(out)
}
