//! The two facts of an EXIF block that matter: which way up the camera was, and the resolution.

use crate::geometry::Turn;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Exif {
    pub(super) turn: Turn,
    pub(super) dpi: Option<f64>,
}

/// Reads an EXIF block (a small TIFF). Anything odd is taken as not said.
pub(super) fn parse(block: &[u8]) -> Exif {
    let mut exif = Exif::default();
    let Some(reader) = Reader::new(block) else { return exif };
    let Some(start) = reader.long(4) else { return exif };
    let Some(n_entries) = reader.short(start as usize) else { return exif };
    let (mut horizontal, mut unit) = (None, 2);
    for entry in 0..usize::from(n_entries).min(200) {
        let at = start as usize + 2 + entry * 12;
        let Some(tag) = reader.short(at) else { break };
        match tag {
            // Mirrored orientations do not come from cameras or scanners; their turn is taken.
            0x0112 => {
                exif.turn = match reader.short(at + 8) {
                    Some(3 | 4) => Turn::Half,
                    Some(5 | 6) => Turn::Right,
                    Some(7 | 8) => Turn::Left,
                    _ => Turn::None,
                };
            }
            0x011A => horizontal = reader.long(at + 8).and_then(|at| reader.ratio(at as usize)),
            0x0128 => unit = reader.short(at + 8).unwrap_or(2),
            _ => {}
        }
    }
    exif.dpi = match unit {
        2 => horizontal,
        3 => horizontal.map(|per_cm| per_cm * 2.54),
        _ => None,
    };
    exif
}

struct Reader<'a> {
    block: &'a [u8],
    is_little: bool,
}

impl<'a> Reader<'a> {
    fn new(block: &'a [u8]) -> Option<Self> {
        match block.get(..2)? {
            b"II" => Some(Self { block, is_little: true }),
            b"MM" => Some(Self { block, is_little: false }),
            _ => None,
        }
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.block.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn ratio(&self, at: usize) -> Option<f64> {
        let (over, under) = (self.long(at)?, self.long(at.checked_add(4)?)?);
        (under > 0).then(|| f64::from(over) / f64::from(under))
    }
}
