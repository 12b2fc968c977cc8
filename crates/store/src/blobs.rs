//! The bytes of papers: kept once under the SHA-256 of what they say, encrypted, never changed.
//!
//! A blob is put before the act that refers to it and is referred to in that act's transaction
//! ([`mod@reference`]); what nobody refers to is cleared away after days of grace. What the bytes mean
//! is others' affair.

mod address;
mod key;
pub mod reference;
mod sealed;
#[cfg(test)]
mod tests;

pub use address::Address;
pub use key::{KeyError, MasterKey, MasterKeys};
pub use sealed::CHUNK_BYTES;

use bytes::Bytes;
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use sealed::{HEADER_BYTES, Header, SealError};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The largest blob, in bytes. Papers are cut to 50 MiB at the door.
pub const LARGEST_BYTES: u64 = 64 << 20;
/// Blobs sealed or opened at one time: bounds the memory to twice this times [`LARGEST_BYTES`].
const N_AT_A_TIME: usize = 4;
/// A file half written by a process that was killed is cleared away after this long.
const STALE_AFTER: Duration = Duration::from_hours(24);

/// Why a blob was not put or not given.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("blob `{0}` is not there")]
    Missing(Address),
    /// The file is not what was written, or was written under another key.
    #[error("blob `{address}` is corrupt: {what}")]
    Corrupt { address: Address, what: &'static str },
    /// The master key with this id is not among those given.
    #[error("blob `{address}` needs master key `{key_id}`")]
    KeyMissing { address: Address, key_id: String },
    #[error("a blob of {size_bytes} bytes is too large")]
    TooLarge { size_bytes: u64 },
    #[error("bytes {start} to {end} are not within blob `{address}` of {size_bytes} bytes")]
    OutOfRange { address: Address, start: u64, end: u64, size_bytes: u64 },
    #[error("the folder `{folder}` cannot be used for blobs")]
    Folder { folder: PathBuf, source: io::Error },
    #[error("the blob store failed on `{address}`")]
    Store { address: Address, source: object_store::Error },
    #[error("the blob store was stopped")]
    Stopped,
    /// A secret kept in a row is not what was written, or was written under another key.
    #[error("a sealed secret is corrupt: {0}")]
    SecretCorrupt(&'static str),
    #[error("a sealed secret needs master key `{0}`")]
    SecretKeyMissing(String),
}

/// Where blobs are kept. Cloning is cheap and shares it.
#[derive(Debug, Clone)]
pub enum Blobs {
    Folder(Shelf<LocalFileSystem>),
    /// For tests: gone with the process.
    Memory(Shelf<InMemory>),
}

/// One store with its keys.
#[derive(Debug)]
pub struct Shelf<S> {
    store: Arc<S>,
    /// Of the folder, to sync it.
    root: Option<PathBuf>,
    keys: Arc<MasterKeys>,
    turns: Arc<Semaphore>,
}

impl<S> Clone for Shelf<S> {
    fn clone(&self) -> Self {
        Self {
            store: Arc::clone(&self.store),
            root: self.root.clone(),
            keys: Arc::clone(&self.keys),
            turns: Arc::clone(&self.turns),
        }
    }
}

impl Blobs {
    /// A folder, made when missing. What killed processes left half written more than a day ago is
    /// cleared away.
    pub async fn folder(folder: impl Into<PathBuf>, keys: MasterKeys) -> Result<Self, Error> {
        let folder = folder.into();
        let failed = |source| Error::Folder { folder: folder.clone(), source };
        let root = folder.clone();
        tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&root)?;
            clear_half_written(&root, STALE_AFTER)
        })
        .await
        .map_err(|_| Error::Stopped)?
        .map_err(failed)?;
        // With fsync on, a put returns when the file, its name and every folder made for it are on
        // the disk: a stamped receipt must survive a power cut.
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|source| failed(io::Error::other(source)))?
            .with_fsync(true);
        Ok(Self::Folder(Shelf::new(store, Some(folder), keys)))
    }

    /// Nothing on disk, for tests.
    pub fn memory(keys: MasterKeys) -> Self {
        Self::Memory(Shelf::new(InMemory::new(), None, keys))
    }

    /// Seals a secret that is kept in a row, under the key the papers are sealed under.
    pub fn seal(&self, secret: &[u8]) -> Vec<u8> {
        sealed::seal(secret, self.keys().current()).concat()
    }

    /// The secret of [`Blobs::seal`].
    pub fn unseal(&self, kept: &[u8]) -> Result<Vec<u8>, Error> {
        let opened = Header::parse(kept).and_then(|header| {
            let stream = header.stream(self.keys())?;
            if kept.len() as u64 != sealed::sealed_bytes(header.size_bytes) {
                return Err(SealError::Corrupt("its length is not the one written"));
            }
            sealed::open(&kept[HEADER_BYTES..], 0, &header, &stream)
        });
        opened.map_err(|error| match error {
            SealError::Corrupt(what) => Error::SecretCorrupt(what),
            SealError::KeyMissing(key_id) => Error::SecretKeyMissing(key_id),
        })
    }

    fn keys(&self) -> &MasterKeys {
        match self {
            Self::Folder(shelf) => &shelf.keys,
            Self::Memory(shelf) => &shelf.keys,
        }
    }

    /// Keeps the bytes and gives their address; durable on return. Bytes that are there already
    /// are not written again, unless what is there has been damaged.
    pub async fn put(&self, bytes: Bytes) -> Result<Address, Error> {
        match self {
            Self::Folder(shelf) => shelf.put(bytes).await,
            Self::Memory(shelf) => shelf.put(bytes).await,
        }
    }

    /// The whole blob, checked against its address.
    pub async fn get(&self, address: Address) -> Result<Bytes, Error> {
        match self {
            Self::Folder(shelf) => shelf.get(address).await,
            Self::Memory(shelf) => shelf.get(address).await,
        }
    }

    /// Some of its bytes; only the chunks they lie in are read. Each chunk is known to be what was
    /// written, and where; the address is checked by [`Blobs::get`] alone.
    pub async fn get_range(&self, address: Address, range: Range<u64>) -> Result<Bytes, Error> {
        match self {
            Self::Folder(shelf) => shelf.get_range(address, range).await,
            Self::Memory(shelf) => shelf.get_range(address, range).await,
        }
    }

    /// Its size in bytes, or `None` when it is not there.
    pub async fn size_bytes(&self, address: Address) -> Result<Option<u64>, Error> {
        let size = match self {
            Self::Folder(shelf) => shelf.header(address).await,
            Self::Memory(shelf) => shelf.header(address).await,
        };
        match size {
            Ok((header, _)) => Ok(Some(header.size_bytes)),
            Err(Error::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes it away, unless it was put again at or after `before`: for the job that clears away
    /// what nobody refers to, after [`reference::forget`] was committed. `false` when it stays or
    /// was not there.
    pub async fn delete(&self, address: Address, before: Timestamp) -> Result<bool, Error> {
        match self {
            Self::Folder(shelf) => shelf.delete(address, before).await,
            Self::Memory(shelf) => shelf.delete(address, before).await,
        }
    }
}

impl<S: ObjectStore> Shelf<S> {
    fn new(store: S, root: Option<PathBuf>, keys: MasterKeys) -> Self {
        Self {
            store: Arc::new(store),
            root,
            keys: Arc::new(keys),
            turns: Arc::new(Semaphore::new(N_AT_A_TIME)),
        }
    }

    async fn put(&self, bytes: Bytes) -> Result<Address, Error> {
        let size_bytes = bytes.len() as u64;
        if size_bytes > LARGEST_BYTES {
            return Err(Error::TooLarge { size_bytes });
        }
        let _turn = self.turns.acquire().await.map_err(|_| Error::Stopped)?;
        let keys = Arc::clone(&self.keys);
        let (address, sealed) =
            tokio::task::spawn_blocking(move || (Address::of(&bytes), sealed::seal(&bytes, keys.current())))
                .await
                .map_err(|_| Error::Stopped)?;
        let payload = PutPayload::from_iter(sealed);
        let create = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&path_of(address), payload.clone(), create).await {
            Ok(_) => Ok(address),
            Err(object_store::Error::AlreadyExists { .. }) => self.keep_or_mend(address, payload).await,
            Err(source) => Err(Error::Store { address, source }),
        }
    }

    /// The blob is there already: is it whole, and will it be there after a power cut?
    async fn keep_or_mend(&self, address: Address, payload: PutPayload) -> Result<Address, Error> {
        match self.read_whole(address).await {
            Ok(_) => {
                if let Some(root) = &self.root {
                    let file = root.join(path_of(address).as_ref());
                    let synced = tokio::task::spawn_blocking(move || touch_and_sync(&file)).await;
                    let failed = |source| Error::Folder { folder: root.clone(), source };
                    synced.map_err(|_| Error::Stopped)?.map_err(failed)?;
                }
                Ok(address)
            }
            // A key that is not at hand does not make the file wrong.
            Err(error @ (Error::KeyMissing { .. } | Error::Store { .. } | Error::Stopped)) => Err(error),
            Err(_) => {
                tracing::warn!(%address, "a damaged blob is replaced by a good copy");
                let replaced = self.store.put(&path_of(address), payload).await;
                replaced.map(|_| address).map_err(|source| Error::Store { address, source })
            }
        }
    }

    async fn delete(&self, address: Address, before: Timestamp) -> Result<bool, Error> {
        let path = path_of(address);
        let found = match self.store.head(&path).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(source) => return Err(Error::Store { address, source }),
        };
        if found.last_modified.timestamp_micros() >= before.as_microsecond() {
            return Ok(false);
        }
        self.store.delete(&path).await.map(|()| true).map_err(|source| Error::Store { address, source })
    }

    async fn get(&self, address: Address) -> Result<Bytes, Error> {
        let _turn = self.turns.acquire().await.map_err(|_| Error::Stopped)?;
        self.read_whole(address).await
    }

    async fn read_whole(&self, address: Address) -> Result<Bytes, Error> {
        let failed = |source| store_error(address, source);
        let found = self.store.get(&path_of(address)).await.map_err(failed)?;
        if found.meta.size > sealed::sealed_bytes(LARGEST_BYTES) {
            return Err(Error::TooLarge { size_bytes: found.meta.size });
        }
        let file = found.bytes().await.map_err(failed)?;
        let keys = Arc::clone(&self.keys);
        let opened = tokio::task::spawn_blocking(move || {
            let header = Header::parse(&file)?;
            let stream = header.stream(&keys)?;
            if file.len() as u64 != sealed::sealed_bytes(header.size_bytes) {
                return Err(SealError::Corrupt("its length is not the one written"));
            }
            let bytes = sealed::open(&file[HEADER_BYTES..], 0, &header, &stream)?;
            if Address::of(&bytes) == address {
                Ok(bytes)
            } else {
                Err(SealError::Corrupt("it does not say what its address says"))
            }
        });
        let opened = opened.await.map_err(|_| Error::Stopped)?;
        opened.map(Bytes::from).map_err(|error| seal_error(address, error))
    }

    async fn get_range(&self, address: Address, range: Range<u64>) -> Result<Bytes, Error> {
        let _turn = self.turns.acquire().await.map_err(|_| Error::Stopped)?;
        let (header, file_bytes) = self.header(address).await?;
        let size_bytes = header.size_bytes;
        if range.start > range.end || range.end > size_bytes {
            return Err(Error::OutOfRange { address, start: range.start, end: range.end, size_bytes });
        }
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        if file_bytes != sealed::sealed_bytes(size_bytes) {
            return Err(Error::Corrupt { address, what: "its length is not the one written" });
        }
        let first_chunk = range.start / CHUNK_BYTES;
        let end_chunk = range.end.div_ceil(CHUNK_BYTES);
        let place = sealed::place_of(first_chunk)..sealed::place_of(end_chunk).min(file_bytes);
        let failed = |source| store_error(address, source);
        let file = self.store.get_range(&path_of(address), place).await.map_err(failed)?;
        let keys = Arc::clone(&self.keys);
        let opened = tokio::task::spawn_blocking(move || {
            let stream = header.stream(&keys)?;
            sealed::open(&file, first_chunk, &header, &stream)
        });
        let opened = opened.await.map_err(|_| Error::Stopped)?;
        let chunks = Bytes::from(opened.map_err(|error| seal_error(address, error))?);
        let start = usize::try_from(range.start - first_chunk * CHUNK_BYTES).expect("within a chunk");
        let n_bytes = usize::try_from(range.end - range.start).expect("within the largest blob");
        Ok(chunks.slice(start..start + n_bytes))
    }

    /// The header and the size of the file.
    async fn header(&self, address: Address) -> Result<(Header, u64), Error> {
        let failed = |source| store_error(address, source);
        let options =
            GetOptions { range: Some(GetRange::Bounded(0..HEADER_BYTES as u64)), ..GetOptions::default() };
        let found = self.store.get_opts(&path_of(address), options).await.map_err(failed)?;
        let file_bytes = found.meta.size;
        let bytes = found.bytes().await.map_err(failed)?;
        let header = Header::parse(&bytes).map_err(|error| seal_error(address, error))?;
        Ok((header, file_bytes))
    }
}

/// `aa/bb/<hex>`, so that no folder gets too full.
fn path_of(address: Address) -> ObjectPath {
    let hex = address.to_string();
    ObjectPath::from_iter([&hex[..2], &hex[2..4], hex.as_str()])
}

fn store_error(address: Address, source: object_store::Error) -> Error {
    match source {
        object_store::Error::NotFound { .. } => Error::Missing(address),
        source => Error::Store { address, source },
    }
}

fn seal_error(address: Address, error: SealError) -> Error {
    match error {
        SealError::Corrupt(what) => Error::Corrupt { address, what },
        SealError::KeyMissing(key_id) => Error::KeyMissing { address, key_id },
    }
}

/// Whoever put the file may not have come to syncing its name yet; and its stamp tells the job that
/// clears away that it was put again.
#[expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a file's own stamp, no legal time")]
fn touch_and_sync(file: &Path) -> io::Result<()> {
    let opened = std::fs::File::options().append(true).open(file)?;
    opened.set_modified(std::time::SystemTime::now())?;
    opened.sync_all()?;
    match file.parent() {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Removes the staging files (`<name>#<digits>`) of puts that never ended.
fn clear_half_written(root: &Path, older_than: Duration) -> io::Result<()> {
    for folder in folders_in(root)? {
        for folder in folders_in(&folder)? {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let name = entry.file_name();
                let is_staging = name.to_string_lossy().rsplit_once('#').is_some_and(|(_, digits)| {
                    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
                });
                // The file system's clock against its own stamp: no legal time.
                let age = entry.metadata().and_then(|meta| meta.modified()).map(|at| at.elapsed());
                if is_staging && matches!(age, Ok(Ok(age)) if age >= older_than) {
                    std::fs::remove_file(entry.path())?;
                }
            }
        }
    }
    Ok(())
}

fn folders_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}
