//! Files named on the command line, read whole and with a bound.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Why a file named on the command line was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unread {
    #[error("không có tệp này")]
    Missing,
    #[error("đây là thư mục hoặc thiết bị, không phải tệp")]
    NotAFile,
    #[error("tệp nặng {} MB, vượt mức {} MB", bytes >> 20, most >> 20)]
    TooLarge { bytes: u64, most: u64 },
    #[error("không đọc được tệp: {0}")]
    Failed(std::io::Error),
}

/// The bytes of a file of at most `most_bytes`.
pub(crate) fn read(path: &Path, most_bytes: u64) -> Result<Vec<u8>, Unread> {
    // A pipe or a device would wait for ever at `open`.
    let about = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Unread::Missing,
        _ => Unread::Failed(error),
    })?;
    if !about.is_file() {
        return Err(Unread::NotAFile);
    }
    if about.len() > most_bytes {
        return Err(Unread::TooLarge { bytes: about.len(), most: most_bytes });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or_default());
    let file = File::open(path).map_err(Unread::Failed)?;
    // The file may grow while it is read.
    file.take(most_bytes + 1).read_to_end(&mut bytes).map_err(Unread::Failed)?;
    if bytes.len() as u64 > most_bytes {
        return Err(Unread::TooLarge { bytes: bytes.len() as u64, most: most_bytes });
    }
    Ok(bytes)
}
