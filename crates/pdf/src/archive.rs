//! Writes scanned pages as PDF/A-2b: one page, one image, at full size, with the recognised text
//! invisible above it. JPEG streams are copied untouched; equal input gives equal bytes.

mod file;
mod image;
mod text_layer;

use crate::error::{Error, Result};
use crate::icc;
use file::File;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Limits of PDF/A-2 (ISO 19005-2, 6.1.13) for the sides of a page, points.
const SIDES: std::ops::RangeInclusive<f64> = 3.0..=14_400.0;
const MAX_PAGES: usize = 10_000;

/// One scanned side.
#[derive(Debug, Clone)]
pub struct ScanPage {
    pub image: PageImage,
    /// Dots per inch of the image as it lies in memory, across and down.
    pub dpi: (f32, f32),
    pub turn: Turn,
    pub words: Vec<TextWord>,
}

/// How far the image is turned clockwise to be read; done by the page's matrix, without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Turn {
    #[default]
    None,
    Quarter,
    Half,
    ThreeQuarter,
}

/// The image of a side. Sizes are pixels.
#[derive(Debug, Clone)]
pub enum PageImage {
    /// A baseline or progressive JPEG of 8 bits, kept byte for byte.
    Jpeg { bytes: Vec<u8>, width: u32, height: u32, colour: Colour },
    /// Three bytes a pixel, rows from the top.
    Rgb8 { pixels: Vec<u8>, width: u32, height: u32 },
    /// One byte a pixel, rows from the top, 0 is black.
    Grey8 { pixels: Vec<u8>, width: u32, height: u32 },
    /// One bit a pixel, highest bit first, rows padded to bytes, 1 is black. Encoded as CCITT G4.
    Bitonal { bits: Vec<u8>, width: u32, height: u32 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Grey,
    Rgb,
    Cmyk,
}

/// A recognised word. Pixels of the turned page as it is seen, from its top left corner.
#[derive(Debug, Clone)]
pub struct TextWord {
    pub text: String,
    /// Left, top, right, bottom.
    pub rect: [f32; 4],
    /// Where the word's baseline starts: x and y.
    pub baseline: [f32; 2],
    /// Words of one line share a number; lines are written in the order of the words.
    pub line: u32,
    /// Counter-clockwise slope of the line as it is seen; 0 is level, 90 runs upwards.
    pub angle_degrees: f32,
}

/// What the file says of itself.
#[derive(Debug, Clone)]
pub struct Metadata {
    pub title: String,
    pub author: Option<String>,
    /// The program that made the scan.
    pub creator: String,
    pub created: Timestamp,
    /// Language of the text, such as `vi`.
    pub language: String,
    /// Enters the file identifier, beside the content itself.
    pub id_seed: String,
}

impl PageImage {
    fn size(&self) -> (u32, u32) {
        match self {
            Self::Jpeg { width, height, .. }
            | Self::Rgb8 { width, height, .. }
            | Self::Grey8 { width, height, .. }
            | Self::Bitonal { width, height, .. } => (*width, *height),
        }
    }
}

/// A page's geometry after turning: size in points, and points in a pixel across and down.
struct Geometry {
    width: f64,
    height: f64,
    scale: [f64; 2],
}

impl ScanPage {
    fn geometry(&self) -> Option<Geometry> {
        let (across, down) = (f64::from(self.dpi.0), f64::from(self.dpi.1));
        let usable = (10.0..=10_000.0).contains(&across) && (10.0..=10_000.0).contains(&down);
        let (width, height) = self.image.size();
        let scale = [72.0 / across, 72.0 / down];
        let (width, height) = (f64::from(width) * scale[0], f64::from(height) * scale[1]);
        let turned = match self.turn {
            Turn::None | Turn::Half => Geometry { width, height, scale },
            Turn::Quarter | Turn::ThreeQuarter => {
                Geometry { width: height, height: width, scale: [scale[1], scale[0]] }
            }
        };
        (usable && SIDES.contains(&turned.width) && SIDES.contains(&turned.height)).then_some(turned)
    }
}

/// Colour profiles, written when first needed.
#[derive(Default)]
struct Profiles {
    grey: Option<u32>,
    cmyk: Option<u32>,
}

/// Writes the pages as one PDF/A-2b file.
///
/// Errors name the page: unusable resolution, image data that do not match the stated size, a JPEG
/// that is not one.
pub fn write(pages: &[ScanPage], metadata: &Metadata) -> Result<Vec<u8>> {
    if pages.is_empty() {
        return Err(Error::Limit("no page to write"));
    }
    if pages.len() > MAX_PAGES {
        return Err(Error::Limit("too many pages in one file"));
    }
    let mut file = File::new();
    let catalog = file.reserve();
    let tree = file.reserve();
    let srgb = file.stream("/N 3", &icc::srgb());
    let font = pages.iter().any(|page| !page.words.is_empty()).then(|| text_layer::font(&mut file));
    let mut profiles = Profiles::default();
    let mut kids = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let wrong = |what| Error::Page { page: index + 1, what };
        let geometry = page.geometry().ok_or_else(|| wrong("unusable resolution or size"))?;
        let space = match colour(&page.image) {
            Colour::Rgb => srgb,
            Colour::Grey => *profiles.grey.get_or_insert_with(|| file.stream("/N 1", &icc::grey())),
            Colour::Cmyk => *profiles.cmyk.get_or_insert_with(|| file.stream("/N 4", &icc::cmyk())),
        };
        let image = image::embed(&page.image, space, &mut file).map_err(wrong)?;
        let mut content = placed(page.turn, &geometry);
        let mut fonts = String::new();
        if let Some(font) = font {
            text_layer::write(&page.words, &geometry, &mut content);
            fonts = format!("/Font<</T {font} 0 R>>");
        }
        let content = file.stream("", content.as_bytes());
        kids.push(file.add(format!(
            "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {:.4} {:.4}]/Contents {content} 0 R\
             /Resources<</XObject<</I {image} 0 R>>{fonts}>>>>",
            geometry.width, geometry.height
        )));
    }
    let list: Vec<String> = kids.iter().map(|kid| format!("{kid} 0 R")).collect();
    file.set(tree, format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), list.join(" ")));
    let xmp = file.plain_stream("/Type/Metadata/Subtype/XML", file::xmp(metadata).as_bytes());
    file.set(
        catalog,
        format!(
            "<</Type/Catalog/Pages {tree} 0 R/Lang {}/Metadata {xmp} 0 R/ViewerPreferences<</DisplayDocTitle true>>\
             /OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)\
             /RegistryName(http://www.color.org)/Info(sRGB IEC61966-2.1)/DestOutputProfile {srgb} 0 R>>]>>",
            crate::form::text_object(&metadata.language)
        ),
    );
    let info = file.add(file::info(metadata));
    let mut identity = Sha256::new();
    identity.update(metadata.id_seed.as_bytes());
    file.hash_into(&mut identity);
    Ok(file.finish(catalog, info, &identity.finalize()[..16]))
}

fn colour(image: &PageImage) -> Colour {
    match image {
        PageImage::Jpeg { colour, .. } => *colour,
        PageImage::Rgb8 { .. } => Colour::Rgb,
        PageImage::Grey8 { .. } | PageImage::Bitonal { .. } => Colour::Grey,
    }
}

/// Draws the image over the whole page, turned.
fn placed(turn: Turn, geometry: &Geometry) -> String {
    let (w, h) = (geometry.width, geometry.height);
    let matrix = match turn {
        Turn::None => [w, 0.0, 0.0, h, 0.0, 0.0],
        Turn::Quarter => [0.0, -h, w, 0.0, 0.0, h],
        Turn::Half => [-w, 0.0, 0.0, -h, w, h],
        Turn::ThreeQuarter => [0.0, h, -w, 0.0, w, 0.0],
    };
    let matrix: Vec<String> = matrix.iter().map(|v| format!("{v:.4}")).collect();
    format!("q {} cm /I Do Q\n", matrix.join(" "))
}
