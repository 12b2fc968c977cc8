//! What travels over the pipes: a JSON header, and the bytes it speaks of behind it, each with its
//! length before it. Nothing is believed: lengths are bounded before memory is taken.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Bounds;
use crate::code::Code;
use crate::geometry::{Rect, Turn};
use crate::intake::{Limits, Page, PageImage, Rejected};
use crate::recognise::PageText;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub(super) enum Request {
    Hello {
        bounds: Bounds,
    },
    /// With a prefix, the separator sheets whose codes begin with it are told.
    Open {
        limits: Limits,
        separator: Option<String>,
    },
    Read {
        image: PageImage,
        turn: Turn,
        dpi: u32,
    },
    Crop {
        image: PageImage,
        turn: Turn,
        rects: Vec<Rect>,
    },
    Codes {
        image: PageImage,
        turn: Turn,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub(super) enum Reply {
    Ready,
    /// Two parts a page: its bytes, its thumbnail.
    Pages {
        pages: Vec<Page>,
        /// For each page what its code says, where it is a separator sheet.
        separators: Vec<Option<String>>,
    },
    Text {
        text: PageText,
    },
    /// One part a picture.
    Pictures,
    Codes {
        codes: Vec<Code>,
    },
    Rejected {
        rejected: Rejected,
    },
    /// A decoder met something it did not expect. The child ends after saying so.
    Panicked {
        what: String,
    },
    /// The engine does not work here.
    Failed {
        what: String,
    },
}

const MOST_HEADER_BYTES: u32 = 64 << 20;
const MOST_PARTS: u32 = 10_000;
const MOST_PART_BYTES: u64 = 1 << 30;

pub(super) struct Frame;

impl Frame {
    pub(super) fn write<T: Serialize>(to: &mut impl Write, header: &T, parts: &[Vec<u8>]) -> io::Result<()> {
        let header = serde_json::to_vec(header)?;
        to.write_all(&(header.len() as u32).to_le_bytes())?;
        to.write_all(&(parts.len() as u32).to_le_bytes())?;
        to.write_all(&header)?;
        for part in parts {
            to.write_all(&(part.len() as u64).to_le_bytes())?;
            to.write_all(part)?;
        }
        to.flush()
    }

    pub(super) fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<(T, Vec<Vec<u8>>)> {
        let mut four = [0; 4];
        from.read_exact(&mut four)?;
        let header_bytes = u32::from_le_bytes(four);
        from.read_exact(&mut four)?;
        let n_parts = u32::from_le_bytes(four);
        if header_bytes > MOST_HEADER_BYTES || n_parts > MOST_PARTS {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let header = exactly(from, u64::from(header_bytes))?;
        let header = serde_json::from_slice(&header)?;
        let mut parts = Vec::new();
        for _ in 0..n_parts {
            let mut eight = [0; 8];
            from.read_exact(&mut eight)?;
            let bytes = u64::from_le_bytes(eight);
            if bytes > MOST_PART_BYTES {
                return Err(io::ErrorKind::InvalidData.into());
            }
            parts.push(exactly(from, bytes)?);
        }
        Ok((header, parts))
    }
}

/// Reads that many bytes, taking memory as they come: a lie about the length costs nothing.
fn exactly(from: &mut impl Read, n_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let n_read = from.take(n_bytes).read_to_end(&mut bytes)?;
    if n_read as u64 == n_bytes { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Reply};

    #[test]
    fn a_frame_comes_back_as_it_was_sent() {
        let mut pipe = Vec::new();
        let parts = vec![vec![], vec![7; 3000]];
        Frame::write(&mut pipe, &Reply::Pictures, &parts).expect("memory takes bytes");
        let (reply, read): (Reply, _) = Frame::read(&mut pipe.as_slice()).expect("the frame is whole");
        assert!(matches!(reply, Reply::Pictures));
        assert_eq!(read, parts);
    }

    #[test]
    fn a_frame_that_lies_about_its_length_is_refused() {
        let mut pipe = Vec::new();
        Frame::write(&mut pipe, &Reply::Pictures, &[vec![1, 2, 3]]).expect("memory takes bytes");
        assert!(Frame::read::<Reply>(&mut &pipe[..pipe.len() - 1]).is_err());
        let n = pipe.len();
        pipe[n - 11 + 7] = 0xFF;
        assert!(Frame::read::<Reply>(&mut pipe.as_slice()).is_err());
    }
}
