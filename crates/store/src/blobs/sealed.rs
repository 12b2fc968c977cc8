//! The file of a blob: a header, then the bytes in encrypted chunks of 64 KiB (STREAM over
//! AES-256-GCM-SIV), so that any part can be read without the rest and no chunk can be changed,
//! moved, left out or cut off.
//!
//! ```text
//! 0   magic `MOTCUA`        8   id of the master key     24  prefix of the chunks' nonces, 7
//! 6   format, u16 = 1       16  size of the bytes, u64   31  nonce of the wrapped key, 12
//! 43  wrapped data key, 48  91  chunks, each with its tag of 16
//! ```
//! Numbers are big-endian. Bytes 0 to 43 are bound to the wrapped key.

use super::key::{KEY_BYTES, KEY_ID_BYTES, MasterKey, MasterKeys, WRAP_NONCE_BYTES, WRAPPED_BYTES, secret};
use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use aes_gcm_siv::{Aes256GcmSiv, KeyInit};
use bytes::Bytes;

const MAGIC: &[u8; 6] = b"MOTCUA";
const FORMAT: u16 = 1;
/// Plaintext bytes of a chunk.
pub const CHUNK_BYTES: u64 = 64 << 10;
const TAG_BYTES: u64 = 16;
const PREFIX_BYTES: usize = 7;
/// Bytes of the header that are bound to the wrapped key.
const BOUND_BYTES: usize = 6 + 2 + KEY_ID_BYTES + 8 + PREFIX_BYTES + WRAP_NONCE_BYTES;
pub(super) const HEADER_BYTES: usize = BOUND_BYTES + WRAPPED_BYTES;

type Stream = StreamBE32<Aes256GcmSiv>;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum SealError {
    Corrupt(&'static str),
    KeyMissing(String),
}

/// The header as read; its numbers are only to be trusted once [`Header::stream`] has succeeded.
#[derive(Debug, Clone)]
pub(super) struct Header {
    bound: [u8; BOUND_BYTES],
    wrapped: [u8; WRAPPED_BYTES],
    pub(super) size_bytes: u64,
}

impl Header {
    pub(super) fn parse(file: &[u8]) -> Result<Self, SealError> {
        let cut_off = SealError::Corrupt("its header is cut off");
        let Some((bound, rest)) = file.split_first_chunk::<BOUND_BYTES>() else { return Err(cut_off) };
        let Some((wrapped, _)) = rest.split_first_chunk::<WRAPPED_BYTES>() else { return Err(cut_off) };
        if &bound[..6] != MAGIC {
            return Err(SealError::Corrupt("it is no blob of ours"));
        }
        if bound[6..8] != FORMAT.to_be_bytes() {
            return Err(SealError::Corrupt("its format is newer than this program"));
        }
        let size_bytes = u64::from_be_bytes(part(bound, 16));
        if size_bytes > super::LARGEST_BYTES {
            return Err(SealError::Corrupt("its size is larger than any blob"));
        }
        Ok(Self { bound: *bound, wrapped: *wrapped, size_bytes })
    }

    /// Unwraps the data key and with it proves the header.
    pub(super) fn stream(&self, keys: &MasterKeys) -> Result<Stream, SealError> {
        let key_id: [u8; KEY_ID_BYTES] = part(&self.bound, 8);
        let master = keys.find(key_id).ok_or_else(|| SealError::KeyMissing(hex::encode(key_id)))?;
        let nonce: [u8; WRAP_NONCE_BYTES] = part(&self.bound, 31);
        let data_key = master
            .unwrap(&self.wrapped, &nonce, &self.bound)
            .ok_or(SealError::Corrupt("its header has been changed"))?;
        Ok(stream_of(&data_key, part(&self.bound, 24)))
    }
}

/// `N` bytes of the header from `at` on.
fn part<const N: usize>(bound: &[u8; BOUND_BYTES], at: usize) -> [u8; N] {
    bound[at..at + N].try_into().expect("the fields lie within the header")
}

fn stream_of(data_key: &[u8; KEY_BYTES], prefix: [u8; PREFIX_BYTES]) -> Stream {
    Stream::from_aead(Aes256GcmSiv::new(data_key.into()), &prefix.into())
}

/// Size of the file of a blob of so many bytes. An empty blob has one empty chunk.
pub(super) fn sealed_bytes(size_bytes: u64) -> u64 {
    HEADER_BYTES as u64 + size_bytes + n_chunks(size_bytes) * TAG_BYTES
}

/// Where in the file a chunk begins.
pub(super) fn place_of(chunk: u64) -> u64 {
    HEADER_BYTES as u64 + chunk * (CHUNK_BYTES + TAG_BYTES)
}

fn n_chunks(size_bytes: u64) -> u64 {
    size_bytes.div_ceil(CHUNK_BYTES).max(1)
}

/// The file, in pieces.
pub(super) fn seal(bytes: &[u8], master: &MasterKey) -> Vec<Bytes> {
    let data_key: [u8; KEY_BYTES] = secret();
    let prefix: [u8; PREFIX_BYTES] = secret();
    let nonce: [u8; WRAP_NONCE_BYTES] = secret();
    let mut header = Vec::with_capacity(HEADER_BYTES);
    header.extend_from_slice(MAGIC);
    header.extend_from_slice(&FORMAT.to_be_bytes());
    header.extend_from_slice(&master.id_bytes());
    header.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    header.extend_from_slice(&prefix);
    header.extend_from_slice(&nonce);
    let wrapped = master.wrap(&data_key, &nonce, &header);
    header.extend_from_slice(&wrapped);

    let stream = stream_of(&data_key, prefix);
    let last = n_chunks(bytes.len() as u64) - 1;
    let mut chunks = bytes.chunks(CHUNK_BYTES as usize);
    let mut file = vec![Bytes::from(header)];
    for n in 0..=last {
        let chunk = chunks.next().unwrap_or_default();
        let position = u32::try_from(n).expect("the largest blob has a thousand chunks");
        let sealed = stream.encrypt(position, n == last, chunk).expect("64 KiB are not too long to encrypt");
        file.push(Bytes::from(sealed));
    }
    file
}

/// Opens the chunks from `first_chunk` on that `file` holds.
pub(super) fn open(
    file: &[u8],
    first_chunk: u64,
    header: &Header,
    stream: &Stream,
) -> Result<Vec<u8>, SealError> {
    let last = n_chunks(header.size_bytes) - 1;
    let mut bytes = Vec::with_capacity(file.len());
    for (n, chunk) in (first_chunk..).zip(file.chunks((CHUNK_BYTES + TAG_BYTES) as usize)) {
        let position = u32::try_from(n).expect("the largest blob has a thousand chunks");
        let opened = stream.decrypt(position, n == last, chunk);
        bytes.extend(opened.map_err(|_| SealError::Corrupt("a chunk has been changed"))?);
    }
    Ok(bytes)
}
