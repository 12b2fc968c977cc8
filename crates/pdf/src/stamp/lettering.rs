//! Liberation Serif in marks: measuring, wrapping, and embedding only the letters used, each with
//! its Unicode value, so that marks can be searched and PDF/A holds.

use crate::error::{Error, Result};
use crate::object::Ref;
use crate::update::Increment;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use subsetter::GlyphRemapper;
use ttf_parser::Face;
use unicode_normalization::UnicodeNormalization as _;

static REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/LiberationSerif-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../../assets/fonts/LiberationSerif-Bold.ttf");

/// A font and the letters taken from it so far.
pub(crate) struct Font {
    data: &'static [u8],
    name: &'static str,
    stem: u32,
    face: Face<'static>,
    glyphs: GlyphRemapper,
    /// Glyph in the subset, with its character and its width in the font's units.
    used: BTreeMap<u16, (char, u16)>,
}

impl Font {
    pub(crate) fn regular() -> Result<Self> {
        Self::open(REGULAR, "LiberationSerif", 80)
    }

    pub(crate) fn bold() -> Result<Self> {
        Self::open(BOLD, "LiberationSerif-Bold", 140)
    }

    fn open(data: &'static [u8], name: &'static str, stem: u32) -> Result<Self> {
        let face = Face::parse(data, 0).map_err(|_| Error::Mark("the embedded font is broken"))?;
        Ok(Self { data, name, stem, face, glyphs: GlyphRemapper::new(), used: BTreeMap::new() })
    }

    /// The character that is drawn for `character`, and its glyph: never the "missing" box, which
    /// PDF/A forbids.
    fn glyph(&self, character: char) -> (char, ttf_parser::GlyphId) {
        let wanted = if character.is_whitespace() || character.is_control() { ' ' } else { character };
        match self.face.glyph_index(wanted).filter(|glyph| glyph.0 != 0) {
            Some(glyph) => (wanted, glyph),
            None => ('?', self.face.glyph_index('?').unwrap_or_default()),
        }
    }

    fn units(&self) -> f64 {
        f64::from(self.face.units_per_em())
    }

    fn advance(&self, character: char) -> f64 {
        let (_, glyph) = self.glyph(character);
        f64::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) / self.units()
    }

    /// Width of one line in points.
    pub(crate) fn width(&self, line: &str, size: f64) -> f64 {
        line.nfc().map(|character| self.advance(character)).sum::<f64>() * size
    }

    /// Breaks lines at spaces so that each fits `width`; words that do not fit are cut.
    pub(crate) fn wrap_all(&self, lines: &[String], size: f64, width: f64) -> Vec<String> {
        let mut out = Vec::new();
        for line in lines {
            let mut current = String::new();
            for word in line.nfc().collect::<String>().split_whitespace() {
                let joined = if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
                if self.width(&joined, size) <= width {
                    current = joined;
                    continue;
                }
                if !current.is_empty() {
                    out.push(std::mem::take(&mut current));
                }
                for character in word.chars() {
                    if !current.is_empty() && self.width(&format!("{current}{character}"), size) > width {
                        out.push(std::mem::take(&mut current));
                    }
                    current.push(character);
                }
            }
            out.push(current);
        }
        out
    }

    /// Takes the letters of `text` into the subset and gives their codes in hexadecimal.
    pub(crate) fn encode(&mut self, text: &str) -> String {
        let mut out = String::new();
        for character in text.nfc() {
            let (character, glyph) = self.glyph(character);
            let code = self.glyphs.remap(glyph.0);
            let width = self.face.glyph_hor_advance(glyph).unwrap_or(0);
            self.used.entry(code).or_insert((character, width));
            // Writing into a String cannot fail.
            let _ = write!(out, "{code:04X}");
        }
        out
    }

    fn per_mille(&self, units: f64) -> f64 {
        units * 1000.0 / self.units()
    }
}

impl Font {
    /// Writes the subset; none when no letter was used.
    pub(crate) fn embed(&self, increment: &mut Increment<'_, '_>) -> Result<Option<Ref>> {
        let font = self;
        if font.used.is_empty() {
            return Ok(None);
        }
        let subset = subsetter::subset(font.data, 0, &font.glyphs)
            .map_err(|_| Error::Mark("the embedded font cannot be cut down"))?;
        let name = format!("{}+{}", tag(&subset), font.name);
        let file = increment.add_stream(&format!("/Length1 {}", subset.len()), &subset);
        let bounds = font.face.global_bounding_box();
        let [left, bottom, right, top] = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
            .map(|units| font.per_mille(f64::from(units)).round());
        let descriptor = increment.add(format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags 6/FontBBox[{left} {bottom} {right} {top}]/ItalicAngle 0\
             /Ascent {:.0}/Descent {:.0}/CapHeight {:.0}/StemV {}/FontFile2 {} 0 R>>",
            font.per_mille(f64::from(font.face.ascender())),
            font.per_mille(f64::from(font.face.descender())),
            font.per_mille(f64::from(font.face.capital_height().unwrap_or(1341))),
            font.stem,
            file.number,
        ));
        let mut widths = String::new();
        for (code, (_, width)) in &font.used {
            let _ = write!(widths, "{code}[{:.3}]", font.per_mille(f64::from(*width)));
        }
        let descendant = increment.add(format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
             /Supplement 0>>/FontDescriptor {} 0 R/DW 0/W[{widths}]/CIDToGIDMap/Identity>>",
            descriptor.number
        ));
        let unicode = increment.add_stream("", to_unicode(font).as_bytes());
        Ok(Some(increment.add(format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{} 0 R]/ToUnicode {} 0 R>>",
            descendant.number, unicode.number
        ))))
    }
}

/// Six letters that tell one subset from another.
fn tag(subset: &[u8]) -> String {
    Sha256::digest(subset).iter().take(6).map(|byte| (b'A' + byte % 26) as char).collect()
}

fn to_unicode(font: &Font) -> String {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    let used: Vec<_> = font.used.iter().collect();
    for part in used.chunks(100) {
        let _ = writeln!(out, "{} beginbfchar", part.len());
        for (code, (character, _)) in part {
            let _ = write!(out, "<{code:04X}> <");
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "{unit:04X}");
            }
            out.push_str(">\n");
        }
        out.push_str("endbfchar\n");
    }
    out.push_str("endcmap CMapName currentdict /CMap defineresource pop end end");
    out
}

#[cfg(test)]
mod tests {
    use super::Font;

    /// Every letter Vietnamese has, in both cases.
    const LETTERS: &str =
        "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ";

    #[test]
    fn every_vietnamese_letter_is_in_both_fonts() {
        for font in [Font::regular().expect("a font"), Font::bold().expect("a font")] {
            for letter in LETTERS.chars().chain(LETTERS.to_uppercase().chars()) {
                assert_eq!(font.glyph(letter).0, letter);
            }
        }
    }

    #[test]
    fn wrapped_lines_fit_and_lose_no_word() {
        let font = Font::regular().expect("a font");
        let text = "Ủy ban nhân dân phường Hoàn Kiếm thành phố Hà Nội".to_owned();
        let lines = font.wrap_all(std::slice::from_ref(&text), 8.0, 60.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| font.width(line, 8.0) <= 60.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn unknown_letters_become_question_marks() {
        let mut font = Font::regular().expect("a font");
        let question = font.encode("?");
        assert_eq!(font.encode("漢"), question);
    }
}
