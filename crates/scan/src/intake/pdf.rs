//! PDF: a page that is one JPEG from edge to edge gives that JPEG back untouched; every other page
//! is drawn. Signatures in the file are not looked at here; the file itself is kept by the caller.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::content::ops::TypedInstruction;
use hayro::hayro_syntax::object::dict::keys::{ANNOTS, DECODE, MASK, SMASK, SUBTYPE};
use hayro::hayro_syntax::object::{Array, Name, Number, Object, Stream};
use hayro::hayro_syntax::page::{Page as PdfPage, Rotation};
use hayro::hayro_syntax::{DecryptionError, Filter, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, RgbImage};

use super::{
    Encoding, Ink, Limits, Origin, Page, PageImage, Rejected, check_output, check_pixels, finished, jpeg, png,
};
use crate::geometry::Turn;
use crate::page::picture;

const DRAWN_DPI: f64 = 200.0;
/// Longest side that is drawn, in pixels: a page box of metres is drawn smaller, not refused.
const LONGEST_SIDE: f64 = 8_000.0;
/// How far a picture may stay inside the page's edge and still be the whole page, as a share.
const EDGE: f64 = 0.02;
/// A content stream of a scan has a few dozen operators; a longer one is a drawing.
const MOST_OPERATORS: usize = 20_000;

pub(super) fn pages(file: Vec<u8>, limits: &Limits) -> Result<Vec<Page>, Rejected> {
    let pdf = Pdf::new(file).map_err(|fault| match fault {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Rejected::PasswordPdf,
        other => Rejected::Broken { what: format!("PDF: {other:?}") },
    })?;
    let n_pages = pdf.pages().len();
    if n_pages == 0 {
        return Err(Rejected::Broken { what: "PDF: no page".to_owned() });
    }
    if n_pages > limits.pages as usize {
        return Err(Rejected::TooManyPages { found: n_pages as u32, most: limits.pages });
    }
    let cache = RenderCache::new();
    let mut pages = Vec::with_capacity(n_pages);
    for (number, page) in (1..).zip(pdf.pages().iter()) {
        let scan = whole_page_picture(page);
        let untouched =
            scan.as_ref().and_then(|scan| scan.jpeg(page, number, limits).transpose()).transpose()?;
        let page = match untouched {
            Some(page) => page,
            None => drawn(page, &cache, scan.as_ref(), number, limits)?,
        };
        pages.push(page);
        check_output(&pages, limits)?;
    }
    Ok(pages)
}

/// The one picture that covers a page.
struct Scan<'a> {
    picture: Stream<'a>,
    width: u32,
    height: u32,
    dpi: f64,
}

/// Finds out whether the page shows nothing but one picture from edge to edge. An invisible text
/// layer, as scanners' own recognition leaves it, does not count as shown.
fn whole_page_picture<'a>(page: &'a PdfPage<'a>) -> Option<Scan<'a>> {
    if page.raw().get::<Array<'_>>(ANNOTS).is_some_and(|notes| notes.raw_iter().next().is_some()) {
        return None;
    }
    let (name, placed) = only_picture_shown(page)?;
    let picture = page.resources().get_x_object(&Name::new(&name)?)?;
    let dict = picture.dict();
    if dict.get::<Name<'_>>(SUBTYPE).as_deref() != Some(b"Image") {
        return None;
    }
    let crop_box = page.intersected_crop_box();
    let (page_width, page_height) = (crop_box.width(), crop_box.height());
    let [a, b, c, d, e, f] = placed;
    let is_upright = b.abs() < 0.01 && c.abs() < 0.01 && a > 0.0 && d > 0.0;
    let covers = (e - crop_box.x0).abs() <= page_width * EDGE
        && (f - crop_box.y0).abs() <= page_height * EDGE
        && (e + a - crop_box.x1).abs() <= page_width * EDGE
        && (f + d - crop_box.y1).abs() <= page_height * EDGE;
    if !is_upright || !covers {
        return None;
    }
    let size = |key: &[u8]| dict.get::<u32>(key).filter(|&size| size > 0);
    let (width, height) = (size(b"Width")?, size(b"Height")?);
    Some(Scan { dpi: f64::from(width) / (a / 72.0), picture, width, height })
}

/// Walks the content stream; gives the name and the matrix of the one picture it shows.
fn only_picture_shown(page: &PdfPage<'_>) -> Option<(Vec<u8>, [f64; 6])> {
    let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let mut saved = Vec::new();
    let mut is_invisible = false;
    let mut shown = None;
    let mut operators = page.typed_operations();
    for _ in 0..MOST_OPERATORS {
        let Some(operator) = operators.next() else { return shown };
        match operator {
            TypedInstruction::SaveState(_) => saved.push((matrix, is_invisible)),
            TypedInstruction::RestoreState(_) => {
                (matrix, is_invisible) = saved.pop().unwrap_or((matrix, is_invisible));
            }
            TypedInstruction::Transform(by) => {
                let by = [by.0, by.1, by.2, by.3, by.4, by.5].map(|number: Number| number.as_f64());
                matrix = concatenated(by, matrix);
            }
            TypedInstruction::XObject(_) if shown.is_some() => return None,
            TypedInstruction::XObject(name) => shown = Some((name.0.as_ref().to_vec(), matrix)),
            TypedInstruction::TextRenderingMode(mode) => is_invisible = mode.0.as_i64() == 3,
            TypedInstruction::ShowText(_)
            | TypedInstruction::ShowTexts(_)
            | TypedInstruction::NextLineAndShowText(_)
            | TypedInstruction::ShowTextWithParameters(_)
                if !is_invisible =>
            {
                return None;
            }
            TypedInstruction::SetGraphicsState(_)
            | TypedInstruction::StrokePath(_)
            | TypedInstruction::CloseAndStrokePath(_)
            | TypedInstruction::FillPathNonZero(_)
            | TypedInstruction::FillPathNonZeroCompatibility(_)
            | TypedInstruction::FillPathEvenOdd(_)
            | TypedInstruction::FillAndStrokeNonZero(_)
            | TypedInstruction::FillAndStrokeEvenOdd(_)
            | TypedInstruction::CloseFillAndStrokeNonZero(_)
            | TypedInstruction::CloseFillAndStrokeEvenOdd(_)
            | TypedInstruction::Shading(_)
            | TypedInstruction::InlineImage(_)
            | TypedInstruction::Fallback(_) => return None,
            _ => {}
        }
    }
    None
}

/// `by` applied before `matrix`, as the operator `cm` does.
fn concatenated(by: [f64; 6], matrix: [f64; 6]) -> [f64; 6] {
    let [a, b, c, d, e, f] = by;
    let [ma, mb, mc, md, me, mf] = matrix;
    [
        a * ma + b * mc,
        a * mb + b * md,
        c * ma + d * mc,
        c * mb + d * md,
        e * ma + f * mc + me,
        e * mb + f * md + mf,
    ]
}

impl Scan<'_> {
    /// The JPEG as it lies in the file, when it alone says what the page looks like.
    fn jpeg(&self, page: &PdfPage<'_>, number: u32, limits: &Limits) -> Result<Option<Page>, Rejected> {
        let dict = self.picture.dict();
        let is_changed = [SMASK, MASK, DECODE].iter().any(|key| dict.contains_key(key));
        if self.picture.filters().as_slice() != [Filter::DctDecode] || is_changed {
            return Ok(None);
        }
        // Other spaces (CMYK, Lab, a palette) need the PDF around the stream to be understood.
        let n_channels = match dict.get::<Object<'_>>(b"ColorSpace") {
            Some(Object::Name(name)) if *name == *b"DeviceGray" => 1,
            Some(Object::Name(name)) if *name == *b"DeviceRGB" => 3,
            Some(Object::Array(array)) => {
                let mut parts = array.flex_iter();
                let kind = parts.next::<Name<'_>>();
                let profile = parts.next::<Stream<'_>>();
                match (kind.as_deref(), profile.and_then(|profile| profile.dict().get::<u32>(b"N"))) {
                    (Some(b"ICCBased"), Some(n)) => n,
                    (Some(b"CalRGB"), _) => 3,
                    (Some(b"CalGray"), _) => 1,
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        check_pixels(number, self.width, self.height, limits)?;
        let bytes = self.picture.raw_data().into_owned();
        if !bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            return Ok(None);
        }
        let header = jpeg::checked(&bytes, number, limits)?;
        if u32::from(header.n_channels) != n_channels || !matches!(n_channels, 1 | 3) {
            return Ok(None);
        }
        let ink = if n_channels == 1 { Ink::Grey } else { Ink::Colour };
        let turn = match page.rotation() {
            Rotation::None => Turn::None,
            Rotation::Horizontal => Turn::Right,
            Rotation::Flipped => Turn::Half,
            Rotation::FlippedHorizontal => Turn::Left,
        };
        // The PDF says how the picture stands; an EXIF turn inside the stream does not apply there.
        let image = PageImage { encoding: Encoding::Jpeg, ink, bytes };
        Ok(Some(finished(image, (header.width, header.height), Some(self.dpi), turn, Origin::Untouched)))
    }
}

/// Draws a page on white: at the resolution of its scan where it is one, else at 200 dpi.
fn drawn<'a>(
    page: &'a PdfPage<'a>,
    cache: &RenderCache<'a>,
    scan: Option<&Scan<'_>>,
    number: u32,
    limits: &Limits,
) -> Result<Page, Rejected> {
    if let Some(scan) = scan {
        check_pixels(number, scan.width, scan.height, limits)?;
    }
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    if !(width.is_finite() && height.is_finite() && width >= 1.0 && height >= 1.0) {
        return Err(Rejected::Broken { what: format!("PDF: page {number} has no size") });
    }
    let dpi = scan.map_or(DRAWN_DPI, |scan| scan.dpi.clamp(72.0, 600.0));
    let most = (limits.page_pixels as f64 / (width * height)).sqrt() * 72.0;
    let dpi = dpi.min(LONGEST_SIDE * 72.0 / width.max(height)).min(most);
    // The renderer cuts the size down to whole pixels; half a pixel more makes that rounding.
    let scale = |points: f64| ((points * dpi / 72.0).round().max(1.0) + 0.01) / points;
    let settings =
        PixmapSettings { x_scale: scale(width) as f32, y_scale: scale(height) as f32, bg_color: WHITE };
    let drawn = render(page, cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for [r, g, b, _] in drawn.data_as_u8_slice().as_chunks::<4>().0 {
        pixels.extend([r, g, b]);
    }
    drop(drawn);
    let picture = RgbImage::from_raw(width, height, pixels)
        .map(DynamicImage::from)
        .ok_or_else(|| Rejected::Broken { what: format!("PDF: page {number} was drawn in a wrong size") })?;
    Ok(finished(smaller_coding(&picture)?, (width, height), Some(dpi), Turn::None, Origin::Rendered))
}

/// Print is smaller and exact as PNG, photographs as JPEG.
fn smaller_coding(picture: &DynamicImage) -> Result<PageImage, Rejected> {
    let lossless = png::encoded(picture)?;
    let pixels = u64::from(picture.width()) * u64::from(picture.height());
    if lossless.bytes.len() as u64 <= pixels / 8 {
        return Ok(lossless);
    }
    let bytes = picture::jpeg(picture, 90)?;
    if bytes.len() * 2 > lossless.bytes.len() {
        return Ok(lossless);
    }
    Ok(PageImage { encoding: Encoding::Jpeg, ink: Ink::Colour, bytes })
}
