//! Walks the coded blocks of a sequential JPEG without making pixels of them, to tell whether all
//! of the picture is there. Decoders fill what is missing with grey and say nothing.
//! Progressive pictures are not walked: their decoder notices a scan that ends early.

/// A Huffman table as lookups by code length (ITU-T T.81, annex F.2.2.3).
#[derive(Clone)]
struct Table {
    /// For each length 1–16: the first code, the number of codes, and where their values start.
    lengths: [(u32, u32, usize); 17],
    values: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
struct Component {
    id: u8,
    across: u32,
    down: u32,
}

#[derive(Default)]
struct Frame {
    width: u32,
    height: u32,
    components: Vec<Component>,
}

/// Whether a sequential picture's data ends before its last block. `false` also where this cannot
/// be told (progressive, arithmetic coding, several scans).
pub(super) fn ends_early(file: &[u8]) -> bool {
    walk(file) == Some(Verdict::EndsEarly)
}

#[derive(PartialEq)]
enum Verdict {
    Whole,
    EndsEarly,
}

fn walk(file: &[u8]) -> Option<Verdict> {
    let mut frame = Frame::default();
    let mut tables: [[Option<Table>; 4]; 2] = Default::default();
    let mut restart_every = 0;
    let mut at = 2;
    loop {
        while file.get(at) == Some(&0xFF) && file.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        let marker = *file.get(at + 1)?;
        at += 2;
        if matches!(marker, 0x01 | 0xD0..=0xD7) {
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*file.get(at)?, *file.get(at + 1)?]));
        let body = file.get(at + 2..at + length)?;
        at += length;
        match marker {
            0xC0 | 0xC1 => frame = read_frame(body)?,
            // Progressive, lossless, hierarchical, arithmetic.
            0xC2 | 0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return None,
            0xC4 => read_tables(body, &mut tables)?,
            0xDD => restart_every = u32::from(u16::from_be_bytes([*body.first()?, *body.get(1)?])),
            0xDA => {
                let (n_chosen, chosen) = body.split_first()?;
                // A scan of each component alone is rare, and left to the decoder.
                if usize::from(*n_chosen) != frame.components.len() {
                    return None;
                }
                return walk_scan(file.get(at..)?, &frame, chosen, &tables, restart_every);
            }
            _ => {}
        }
    }
}

fn read_frame(body: &[u8]) -> Option<Frame> {
    let [_, h1, h0, w1, w0, n, rest @ ..] = body else { return None };
    let components = rest
        .chunks_exact(3)
        .take(usize::from(*n))
        .map(|part| Component { id: part[0], across: u32::from(part[1] >> 4), down: u32::from(part[1] & 15) })
        .collect::<Vec<_>>();
    let is_sane = !components.is_empty()
        && components.iter().all(|c| (1..=4).contains(&c.across) && (1..=4).contains(&c.down));
    is_sane.then_some(Frame {
        width: u32::from(u16::from_be_bytes([*w1, *w0])),
        height: u32::from(u16::from_be_bytes([*h1, *h0])),
        components,
    })
}

fn read_tables(mut body: &[u8], tables: &mut [[Option<Table>; 4]; 2]) -> Option<()> {
    while let Some((&kind, rest)) = body.split_first() {
        let counts = rest.get(..16)?;
        let n_values: usize = counts.iter().map(|&count| usize::from(count)).sum();
        let values = rest.get(16..16 + n_values)?.to_vec();
        let mut table = Table { lengths: [(0, 0, 0); 17], values };
        let (mut code, mut start) = (0_u32, 0);
        for (length, &count) in (1..).zip(counts) {
            table.lengths[length] = (code, u32::from(count), start);
            start += usize::from(count);
            code = (code + u32::from(count)) << 1;
        }
        *tables.get_mut(usize::from(kind >> 4))?.get_mut(usize::from(kind & 15))? = Some(table);
        body = &rest[16 + n_values..];
    }
    Some(())
}

fn walk_scan(
    data: &[u8],
    frame: &Frame,
    chosen: &[u8],
    tables: &[[Option<Table>; 4]; 2],
    restart_every: u32,
) -> Option<Verdict> {
    let most = |of: fn(&Component) -> u32| frame.components.iter().map(of).max().unwrap_or(1);
    let is_single = frame.components.len() == 1;
    // A single component is coded block by block, whatever its sampling says.
    let (across, down) = if is_single { (1, 1) } else { (most(|c| c.across), most(|c| c.down)) };
    let n_units = u64::from(frame.width.div_ceil(8 * across)) * u64::from(frame.height.div_ceil(8 * down));
    let mut blocks = Vec::new();
    for pair in chosen.chunks_exact(2).take(frame.components.len()) {
        let component = frame.components.iter().find(|component| component.id == pair[0])?;
        let n_blocks = if is_single { 1 } else { component.across * component.down };
        let direct = tables[0].get(usize::from(pair[1] >> 4))?.as_ref()?;
        let alternating = tables[1].get(usize::from(pair[1] & 15))?.as_ref()?;
        blocks.push((n_blocks, direct, alternating));
    }
    let mut bits = Bits { data, at: 0, held: 0, n_held: 0 };
    for unit in 0..n_units {
        if restart_every > 0 && unit > 0 && unit % u64::from(restart_every) == 0 {
            bits.restart();
        }
        for &(n_blocks, direct, alternating) in &blocks {
            for _ in 0..n_blocks {
                match walk_block(&mut bits, direct, alternating) {
                    Some(()) => {}
                    // A code that is in no table is damage, and for the decoder to name.
                    None if bits.is_at_end() => return Some(Verdict::EndsEarly),
                    None => return None,
                }
            }
        }
    }
    Some(Verdict::Whole)
}

/// One block of 64 coefficients (annex F.2.2): only the lengths matter.
fn walk_block(bits: &mut Bits<'_>, direct: &Table, alternating: &Table) -> Option<()> {
    let size = bits.symbol(direct)?;
    bits.skip(u32::from(size & 15))?;
    let mut n = 1;
    while n < 64 {
        let symbol = bits.symbol(alternating)?;
        let (run, size) = (symbol >> 4, symbol & 15);
        if size == 0 && run != 15 {
            break;
        }
        bits.skip(u32::from(size))?;
        n += usize::from(run) + 1;
    }
    Some(())
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    held: u32,
    n_held: u32,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        if self.n_held == 0 {
            let byte = *self.data.get(self.at)?;
            if byte == 0xFF {
                // A stuffed zero follows a byte of ones; anything else is a marker, where data ends.
                if self.data.get(self.at + 1) != Some(&0) {
                    return None;
                }
                self.at += 1;
            }
            self.at += 1;
            self.held = u32::from(byte);
            self.n_held = 8;
        }
        self.n_held -= 1;
        Some(self.held >> self.n_held & 1)
    }

    fn skip(&mut self, n_bits: u32) -> Option<()> {
        for _ in 0..n_bits {
            self.bit()?;
        }
        Some(())
    }

    fn symbol(&mut self, table: &Table) -> Option<u8> {
        let mut code = 0;
        for &(first, count, start) in &table.lengths[1..] {
            code = code << 1 | self.bit()?;
            if code.wrapping_sub(first) < count {
                return table.values.get(start + (code - first) as usize).copied();
            }
        }
        None
    }

    /// Whether what comes next is the end: of the file, or a marker that is no restart.
    fn is_at_end(&self) -> bool {
        match self.data.get(self.at..) {
            None | Some([] | [0xFF]) => true,
            Some([0xFF, marker, ..]) => *marker != 0 && !(0xD0..=0xD7).contains(marker),
            Some(_) => false,
        }
    }

    /// Drops the rest of the byte and goes behind the restart marker, if it is there.
    fn restart(&mut self) {
        self.n_held = 0;
        if let Some([0xFF, 0xD0..=0xD7]) = self.data.get(self.at..self.at + 2) {
            self.at += 2;
        }
    }
}
