//! The invisible text: one tiny font of empty glyphs for every character there is, and words scaled
//! to the boxes they were read from.

use super::file::File;
use super::{Geometry, TextWord};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use unicode_normalization::UnicodeNormalization as _;

/// Advance of every character, in thousandths of the font size.
const ADVANCE: u16 = 500;
/// A fifth of a line lies below the baseline: -200 as the font's tables write it.
const BELOW: u16 = 200_u16.wrapping_neg();

/// Writes the font and gives its object number. Codes are UTF-16 units; all show glyph 1, which is
/// empty, and all have their Unicode value.
pub(super) fn font(file: &mut File) -> u32 {
    let program = program();
    let program = file.stream(&format!("/Length1 {}", program.len()), &program);
    let descriptor = file.add(format!(
        "<</Type/FontDescriptor/FontName/GlyphLess/Flags 4/FontBBox[0 -200 {ADVANCE} 800]/ItalicAngle 0\
         /Ascent 800/Descent -200/CapHeight 700/StemV 80/FontFile2 {program} 0 R>>"
    ));
    let glyphs = file.stream("", &[0, 1].repeat(65_536));
    let descendant = file.add(format!(
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/GlyphLess/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
         /Supplement 0>>/FontDescriptor {descriptor} 0 R/DW {ADVANCE}/CIDToGIDMap {glyphs} 0 R>>"
    ));
    let unicode = file.stream("", to_unicode().as_bytes());
    file.add(format!(
        "<</Type/Font/Subtype/Type0/BaseFont/GlyphLess/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]\
         /ToUnicode {unicode} 0 R>>"
    ))
}

/// One range for each high byte, since a range must not cross it; without code 0, surrogates, FFxx.
fn to_unicode() -> String {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    let high: Vec<u32> = (0..0xFF).filter(|high| !(0xD8..=0xDF).contains(high)).collect();
    for part in high.chunks(100) {
        // Writing into a String cannot fail.
        let _ = writeln!(out, "{} beginbfrange", part.len());
        for high in part {
            let low = u32::from(*high == 0);
            let _ = writeln!(out, "<{high:02X}{low:02X}> <{high:02X}FF> <{high:02X}{low:02X}>");
        }
        out.push_str("endbfrange\n");
    }
    out.push_str("endcmap CMapName currentdict /CMap defineresource pop end end");
    out
}

/// The smallest TrueType program with two empty glyphs.
fn program() -> Vec<u8> {
    let words = |values: &[u16]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let mut head = words(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000]);
    head.extend([0; 16]);
    head.extend(words(&[0, BELOW, ADVANCE, 800, 0, 8, 2, 0, 0]));
    let mut hhea = words(&[1, 0, 800, BELOW, 0, ADVANCE, 0, 0, ADVANCE, 1, 0, 0]);
    hhea.extend(words(&[0, 0, 0, 0, 0, 2]));
    let maxp = words(&[1, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let hmtx = words(&[ADVANCE, 0, ADVANCE, 0]);
    let loca = words(&[0, 0, 0]);
    // A table must not be empty for every reader's taste; no glyph points into it.
    let glyf = vec![0; 4];
    let tables: [(&[u8; 4], Vec<u8>); 6] = [
        (b"glyf", glyf),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", maxp),
    ];
    let mut out = words(&[1, 0, tables.len() as u16, 64, 2, 32]);
    let mut data = Vec::new();
    let first = 12 + 16 * tables.len();
    for (name, table) in &tables {
        let mut padded = table.clone();
        padded.resize(table.len().next_multiple_of(4), 0);
        let sum = padded.chunks_exact(4).fold(0_u32, |sum, four| {
            sum.wrapping_add(u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
        });
        out.extend_from_slice(*name);
        out.extend_from_slice(&sum.to_be_bytes());
        out.extend_from_slice(&((first + data.len()) as u32).to_be_bytes());
        out.extend_from_slice(&(table.len() as u32).to_be_bytes());
        data.extend(padded);
    }
    out.extend(data);
    out
}

/// Writes the words of a page. The font size is the line's, because a size of each word's own makes
/// readers take a lone dash for a new line.
pub(super) fn write(words: &[TextWord], geometry: &Geometry, content: &mut String) {
    let mut heights: BTreeMap<u32, f64> = BTreeMap::new();
    for word in words.iter().filter(|word| usable(word)) {
        let height = heights.entry(word.line).or_default();
        *height = height.max(across_line(word, geometry));
    }
    if heights.is_empty() {
        return;
    }
    content.push_str("BT 3 Tr\n");
    let usable: Vec<&TextWord> = words.iter().filter(|word| usable(word)).collect();
    for (index, word) in usable.iter().enumerate() {
        let size = heights.get(&word.line).copied().unwrap_or(1.0).clamp(1.0, 1000.0);
        let next = usable.get(index + 1).filter(|next| next.line == word.line);
        show(word, next.copied(), size, geometry, content);
    }
    content.push_str("ET\n");
}

fn usable(word: &TextWord) -> bool {
    let [x0, y0, x1, y1] = word.rect;
    let numbers = [x0, y0, x1, y1, word.baseline[0], word.baseline[1], word.angle_degrees];
    !word.text.trim().is_empty() && numbers.iter().all(|n| n.is_finite()) && x1 > x0 && y1 > y0
}

fn show(word: &TextWord, next: Option<&TextWord>, size: f64, geometry: &Geometry, content: &mut String) {
    let text: Vec<u16> = word.text.trim().nfc().filter(|c| (*c as u32) < 0xFF00).map(|c| c as u16).collect();
    if text.is_empty() {
        return;
    }
    let angle = f64::from(word.angle_degrees).to_radians();
    let (sin, cos) = angle.sin_cos();
    let [x, y] = start(word, geometry);
    let _ = write!(content, "/T {size:.2} Tf {cos:.5} {sin:.5} {:.5} {cos:.5} {x:.2} {y:.2} Tm ", -sin);
    let natural = f64::from(ADVANCE) / 1000.0 * size;
    let length = along_line(word, geometry);
    let codes: String = text.iter().fold(String::new(), |mut out, code| {
        let _ = write!(out, "{code:04X}");
        out
    });
    let _ = write!(content, "{:.2} Tz <{codes}> Tj ", percent(length, natural * text.len() as f64));
    // The space fills what is left up to the next word of the line.
    let gap = next.map(|next| {
        let [nx, ny] = start(next, geometry);
        (nx - x) * cos + (ny - y) * sin - length
    });
    let gap = gap.filter(|gap| *gap > 0.05 * size).unwrap_or(0.3 * size);
    let _ = writeln!(content, "{:.2} Tz <0020> Tj", percent(gap, natural));
}

fn percent(wanted: f64, natural: f64) -> f64 {
    (100.0 * wanted / natural).clamp(1.0, 10_000.0)
}

/// Start of the baseline in points from the lower left corner.
fn start(word: &TextWord, geometry: &Geometry) -> [f64; 2] {
    let [x, y] = word.baseline.map(f64::from);
    [x * geometry.scale[0], geometry.height - y * geometry.scale[1]]
}

fn sides(word: &TextWord, geometry: &Geometry) -> [f64; 2] {
    let [x0, y0, x1, y1] = word.rect.map(f64::from);
    [(x1 - x0) * geometry.scale[0], (y1 - y0) * geometry.scale[1]]
}

/// The word's length along its line.
fn along_line(word: &TextWord, geometry: &Geometry) -> f64 {
    let (sin, cos) = f64::from(word.angle_degrees).to_radians().sin_cos();
    let [width, height] = sides(word, geometry);
    if cos.abs() >= sin.abs() { width / cos.abs() } else { height / sin.abs() }
}

/// The word's height across its line, less what the slope adds to its box.
fn across_line(word: &TextWord, geometry: &Geometry) -> f64 {
    let (sin, cos) = f64::from(word.angle_degrees).to_radians().sin_cos();
    let [width, height] = sides(word, geometry);
    let (across, along, slope) =
        if cos.abs() >= sin.abs() { (height, width, sin) } else { (width, height, cos) };
    (across - along * slope.abs()).max(across * 0.3)
}
