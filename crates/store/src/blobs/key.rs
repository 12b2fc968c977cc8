//! Master keys: what the keys of single blobs are wrapped with. A file now; a key service or a
//! hardware module later. Who loses it loses every paper: it belongs into the backup, apart from
//! the blobs.

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

pub(super) const KEY_BYTES: usize = 32;
pub(super) const KEY_ID_BYTES: usize = 8;
pub(super) const WRAP_NONCE_BYTES: usize = 12;
/// The data key and its tag.
pub(super) const WRAPPED_BYTES: usize = KEY_BYTES + 16;

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the master key `{path}` cannot be used")]
    File { path: PathBuf, source: io::Error },
    #[error("the master key `{path}` is not a file of 32 bytes")]
    Length { path: PathBuf },
    /// Others on the machine may read it.
    #[error("the master key `{path}` is open to others: `chmod 600` it")]
    Open { path: PathBuf },
}

/// 32 bytes that open every blob wrapped with them. Never printed.
#[derive(Clone)]
pub struct MasterKey {
    cipher: Aes256GcmSiv,
    id: [u8; KEY_ID_BYTES],
}

impl MasterKey {
    pub fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        let digest = Sha256::new_with_prefix(b"motcua master key id\0").chain_update(bytes).finalize();
        let mut id = [0; KEY_ID_BYTES];
        id.copy_from_slice(&digest[..KEY_ID_BYTES]);
        Self { cipher: Aes256GcmSiv::new(bytes.into()), id }
    }

    /// The key in the file. At first start the file is made, readable by its owner alone.
    pub fn open_or_make(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { path: path.to_owned(), source };
        match File::open(path) {
            Ok(file) => Self::read(path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make(path).map_err(failed)?;
                Self::read(path, File::open(path).map_err(failed)?)
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn read(path: &Path, file: File) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File { path: path.to_owned(), source };
        if is_open_to_others(&file).map_err(failed)? {
            return Err(KeyError::Open { path: path.to_owned() });
        }
        let mut bytes = Vec::with_capacity(KEY_BYTES + 1);
        file.take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        let bytes: [u8; KEY_BYTES] =
            bytes.try_into().map_err(|_| KeyError::Length { path: path.to_owned() })?;
        Ok(Self::from_bytes(&bytes))
    }

    /// Names the key in the header of each blob; says nothing of its bytes.
    pub fn id(&self) -> String {
        hex::encode(self.id)
    }

    pub(super) fn id_bytes(&self) -> [u8; KEY_ID_BYTES] {
        self.id
    }

    pub(super) fn wrap(
        &self,
        data_key: &[u8; KEY_BYTES],
        nonce: &[u8; WRAP_NONCE_BYTES],
        header: &[u8],
    ) -> Vec<u8> {
        let payload = Payload { msg: data_key, aad: header };
        self.cipher.encrypt(&Nonce::from(*nonce), payload).expect("32 bytes are not too long to encrypt")
    }

    /// `None` when the key or the header is not the one it was wrapped with.
    pub(super) fn unwrap(
        &self,
        wrapped: &[u8; WRAPPED_BYTES],
        nonce: &[u8; WRAP_NONCE_BYTES],
        header: &[u8],
    ) -> Option<[u8; KEY_BYTES]> {
        let payload = Payload { msg: wrapped, aad: header };
        self.cipher.decrypt(&Nonce::from(*nonce), payload).ok()?.try_into().ok()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// The key that new blobs are wrapped with, and those that older blobs still need.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    current: MasterKey,
    older: Vec<MasterKey>,
}

impl MasterKeys {
    pub fn new(current: MasterKey, older: Vec<MasterKey>) -> Self {
        Self { current, older }
    }

    pub(super) fn current(&self) -> &MasterKey {
        &self.current
    }

    pub(super) fn find(&self, id: [u8; KEY_ID_BYTES]) -> Option<&MasterKey> {
        std::iter::once(&self.current).chain(&self.older).find(|key| key.id == id)
    }
}

/// Bytes nobody can guess. The one place of this crate that draws them.
#[expect(
    clippy::disallowed_methods,
    reason = "keys and nonces are secrets: they come from the system, not from a seed"
)]
pub(super) fn secret<const N: usize>() -> [u8; N] {
    rand::random()
}

/// Writes a new key beside `path` and links it there, so that `path` never holds half a key and
/// two first starts at once end with the same one.
fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".master-key-{}", hex::encode(secret::<8>())));
    let made = write_private(&draft, &secret::<KEY_BYTES>()).and_then(|()| std::fs::hard_link(&draft, path));
    drop(std::fs::remove_file(&draft));
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => made?,
    }
    File::open(folder)?.sync_all()
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn is_open_to_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_file: &File) -> io::Result<bool> {
    Ok(false)
}
