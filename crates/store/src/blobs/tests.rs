//! Blobs in a folder and in memory; references on both engines.

use super::reference::{self, Owner};
use super::{Address, Blobs, CHUNK_BYTES, Error, KeyError, LARGEST_BYTES, MasterKey, MasterKeys};
use crate::on_both;
use crate::testing::Scratch;
use bytes::Bytes;
use jiff::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("motcua-blobs-{}", Uuid::new_v4()));
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path)
    }

    fn file_of(&self, address: Address) -> PathBuf {
        let hex = address.to_string();
        self.0.join(&hex[..2]).join(&hex[2..4]).join(&hex)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn keys(byte: u8) -> MasterKeys {
    MasterKeys::new(MasterKey::from_bytes(&[byte; 32]), Vec::new())
}

/// Bytes that differ everywhere.
fn sample(n_bytes: usize) -> Bytes {
    (0..n_bytes).map(|i| (i.wrapping_mul(31) >> 3) as u8 ^ i as u8).collect()
}

async fn both(folder: &Folder) -> [Blobs; 2] {
    [Blobs::folder(&folder.0, keys(1)).await.expect("opens"), Blobs::memory(keys(1))]
}

#[tokio::test]
async fn bytes_come_back_whole_and_in_part() {
    let folder = Folder::new();
    let chunk = CHUNK_BYTES as usize;
    for blobs in both(&folder).await {
        for n_bytes in [0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 7] {
            let bytes = sample(n_bytes);
            let address = blobs.put(bytes.clone()).await.expect("put");
            assert_eq!(address, Address::of(&bytes));
            assert_eq!(blobs.get(address).await.expect("got"), bytes);
            assert_eq!(blobs.size_bytes(address).await.expect("asked"), Some(n_bytes as u64));
            for (start, end) in
                [(0, n_bytes), (n_bytes / 3, n_bytes / 2), (n_bytes, n_bytes), (chunk - 1, chunk + 1)]
            {
                if end <= n_bytes && start <= end {
                    let part = blobs.get_range(address, start as u64..end as u64).await.expect("within");
                    assert_eq!(part, bytes.slice(start..end), "{start}..{end} of {n_bytes}");
                }
            }
            let beyond = blobs.get_range(address, 0..n_bytes as u64 + 1).await;
            assert!(matches!(beyond, Err(Error::OutOfRange { .. })), "{beyond:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_missing() {
    let folder = Folder::new();
    let address = Address::of(b"nowhere");
    for blobs in both(&folder).await {
        assert!(matches!(blobs.get(address).await, Err(Error::Missing(a)) if a == address));
        assert!(matches!(blobs.get_range(address, 0..1).await, Err(Error::Missing(_))));
        assert_eq!(blobs.size_bytes(address).await.expect("asked"), None);
        assert!(!blobs.delete(address, Timestamp::MAX).await.expect("nothing to do"));
    }
}

#[tokio::test]
async fn too_large_a_blob_is_refused() {
    let blobs = Blobs::memory(keys(1));
    let refused = blobs.put(Bytes::from(vec![0; LARGEST_BYTES as usize + 1])).await;
    assert!(matches!(refused, Err(Error::TooLarge { size_bytes }) if size_bytes == LARGEST_BYTES + 1));
}

#[tokio::test]
async fn nothing_readable_is_on_the_disk() {
    let folder = Folder::new();
    let blobs = Blobs::folder(&folder.0, keys(1)).await.expect("opens");
    let secret = "Nguyễn Thị Đào, 079203001234";
    let address = blobs.put(Bytes::from(secret.repeat(100))).await.expect("put");
    let file = fs::read(folder.file_of(address)).expect("it stands under aa/bb/<hex>");
    assert!(!file.windows(12).any(|window| window == b"079203001234"));
    assert!(file.starts_with(b"MOTCUA\0\x01"));
}

#[tokio::test]
async fn the_same_bytes_are_kept_once() {
    let folder = Folder::new();
    let blobs = Blobs::folder(&folder.0, keys(1)).await.expect("opens");
    let bytes = sample(1000);
    let address = blobs.put(bytes.clone()).await.expect("put");
    let before = fs::read(folder.file_of(address)).expect("there");
    assert_eq!(blobs.put(bytes).await.expect("put again"), address);
    assert_eq!(fs::read(folder.file_of(address)).expect("there"), before, "an original is never rewritten");
}

/// Every single changed, missing or added byte is noticed.
#[tokio::test]
async fn a_changed_file_is_noticed() {
    let folder = Folder::new();
    let blobs = Blobs::folder(&folder.0, keys(1)).await.expect("opens");
    let chunk = CHUNK_BYTES as usize + 16;
    let bytes = sample(2 * CHUNK_BYTES as usize + 100);
    let address = blobs.put(bytes.clone()).await.expect("put");
    let path = folder.file_of(address);
    let good = fs::read(&path).expect("there");

    let mut spoilt: Vec<(String, Vec<u8>)> = Vec::new();
    for at in (0..91).chain([91, 91 + chunk, good.len() - 1]) {
        let mut file = good.clone();
        file[at] ^= 0x40;
        spoilt.push((format!("byte {at}"), file));
    }
    for n_bytes in [0, 10, 91, 91 + chunk, good.len() - 116, good.len() - 1] {
        spoilt.push((format!("cut to {n_bytes}"), good[..n_bytes].to_vec()));
    }
    spoilt.push(("longer".to_owned(), [&good[..], b"x"].concat()));
    let swapped =
        [&good[..91], &good[91 + chunk..91 + 2 * chunk], &good[91..91 + chunk], &good[91 + 2 * chunk..]];
    spoilt.push(("chunks swapped".to_owned(), swapped.concat()));

    for (what, file) in spoilt {
        fs::write(&path, &file).expect("a test may spoil");
        let read = blobs.get(address).await;
        let noticed =
            matches!(read, Err(Error::Corrupt { .. } | Error::KeyMissing { .. } | Error::Store { .. }));
        assert!(noticed, "{what}: {read:?}");
        let part = blobs.get_range(address, 0..bytes.len() as u64).await;
        assert!(part.is_err(), "{what}");
    }

    let mut file = good.clone();
    file[200] ^= 1;
    fs::write(&path, &file).expect("a test may spoil");
    blobs.put(bytes.clone()).await.expect("a damaged copy is replaced");
    assert_eq!(blobs.get(address).await.expect("mended"), bytes);
}

#[tokio::test]
async fn a_file_under_another_name_is_noticed() {
    let folder = Folder::new();
    let blobs = Blobs::folder(&folder.0, keys(1)).await.expect("opens");
    let one = blobs.put(sample(10)).await.expect("put");
    let other = blobs.put(sample(11)).await.expect("put");
    fs::copy(folder.file_of(one), folder.file_of(other)).expect("a test may spoil");
    assert!(matches!(blobs.get(other).await, Err(Error::Corrupt { .. })));
}

#[tokio::test]
async fn an_older_key_still_opens_what_it_sealed() {
    let folder = Folder::new();
    let (old, new) = (MasterKey::from_bytes(&[1; 32]), MasterKey::from_bytes(&[2; 32]));
    let before = Blobs::folder(&folder.0, MasterKeys::new(old.clone(), Vec::new())).await.expect("opens");
    let address = before.put(sample(100)).await.expect("put");

    let after =
        Blobs::folder(&folder.0, MasterKeys::new(new.clone(), vec![old.clone()])).await.expect("opens");
    assert_eq!(after.get(address).await.expect("opened"), sample(100));
    let lost = Blobs::folder(&folder.0, MasterKeys::new(new, Vec::new())).await.expect("opens");
    let read = lost.get(address).await;
    assert!(matches!(&read, Err(Error::KeyMissing { key_id, .. }) if *key_id == old.id()), "{read:?}");
    lost.put(sample(100)).await.expect_err("a blob that cannot be opened is not taken for damaged");
    assert_eq!(before.get(address).await.expect("untouched"), sample(100));
}

#[tokio::test]
async fn the_master_key_is_made_once_for_its_owner_alone() {
    let folder = Folder::new();
    let path = folder.0.join("keys").join("master.key");
    let made = MasterKey::open_or_make(&path).expect("made");
    assert_eq!(MasterKey::open_or_make(&path).expect("opened").id(), made.id());
    assert_eq!(fs::read(&path).expect("there").len(), 32);
    assert_eq!(fs::read_dir(path.parent().expect("keys")).expect("there").count(), 1, "no draft is left");
    assert!(!format!("{made:?}").contains(&hex::encode(fs::read(&path).expect("there"))));

    fs::write(&path, [0; 31]).expect("a test may spoil");
    assert!(matches!(MasterKey::open_or_make(&path), Err(KeyError::Length { .. })));
    open_to_all(&path);
    assert!(matches!(MasterKey::open_or_make(&path), Err(KeyError::Open { .. })));
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).expect("ours");
}

#[tokio::test]
async fn half_written_files_are_cleared_away() {
    let folder = Folder::new();
    let blobs = Blobs::folder(&folder.0, keys(1)).await.expect("opens");
    let address = blobs.put(sample(10)).await.expect("put");
    let whole = folder.file_of(address);
    let old = PathBuf::from(format!("{}#1", whole.display()));
    let fresh = PathBuf::from(format!("{}#2", whole.display()));
    fs::write(&old, b"half").expect("written");
    fs::write(&fresh, b"half").expect("written");
    let stamp = fs::metadata(&old).and_then(|meta| meta.modified()).expect("a stamp");
    let file = fs::File::options().append(true).open(&old).expect("ours");
    file.set_modified(stamp - std::time::Duration::from_hours(25)).expect("ours");
    Blobs::folder(&folder.0, keys(1)).await.expect("opens");
    assert!(whole.exists() && fresh.exists() && !old.exists());
}

#[tokio::test]
async fn a_blob_put_again_is_not_deleted() {
    let folder = Folder::new();
    for blobs in both(&folder).await {
        let address = blobs.put(sample(10)).await.expect("put");
        assert!(!blobs.delete(address, Timestamp::MIN).await.expect("asked"));
        assert_eq!(blobs.get(address).await.expect("there"), sample(10));
        assert!(blobs.delete(address, Timestamp::MAX).await.expect("asked"));
        assert!(matches!(blobs.get(address).await, Err(Error::Missing(_))));
    }
}

async fn a_blob_is_kept_while_somebody_needs_it(db: Scratch) {
    let at = |seconds: i64| Timestamp::from_second(1_795_246_200 + seconds).expect("in range");
    let (one, two) = (Address::of(b"one"), Address::of(b"two"));
    let (paper, entry) =
        (Owner { kind: "paper", id: Uuid::new_v4() }, Owner { kind: "entry", id: Uuid::new_v4() });
    db.act(|mut tx| async move {
        reference::add(&mut tx, one, 3, paper, at(0)).await?;
        reference::add(&mut tx, one, 3, paper, at(1)).await?;
        reference::add(&mut tx, one, 3, entry, at(2)).await?;
        reference::add(&mut tx, two, 3, paper, at(3)).await
    })
    .await
    .expect("referred to");
    let unneeded = async |before| {
        let mut reader = db.read().await.expect("a snapshot");
        reference::unneeded(&mut reader, before, 10).await.expect("read")
    };
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(reference::of_owner(&mut reader, paper).await.expect("read"), [one, two]);
    drop(reader);
    assert_eq!(unneeded(at(100)).await, []);

    let let_go = async |owner| {
        db.act(|mut tx| async move { reference::remove(&mut tx, one, owner).await }).await.expect("done")
    };
    assert!(let_go(paper).await);
    assert!(!let_go(paper).await);
    assert_eq!(unneeded(at(100)).await, [], "the entry needs it");
    assert!(let_go(entry).await);
    assert_eq!(unneeded(at(2)).await, [], "days of grace");
    assert_eq!(unneeded(at(100)).await, [one]);

    let forget = async |address, before| {
        db.act(|mut tx| async move { reference::forget(&mut tx, address, before).await }).await.expect("done")
    };
    assert!(!forget(two, at(100)).await, "it is needed");
    assert!(!forget(one, at(2)).await, "it was stored since");
    assert!(forget(one, at(100)).await);
    assert_eq!(unneeded(at(100)).await, []);
}

on_both!(a_blob_is_kept_while_somebody_needs_it);

#[test]
fn a_secret_of_a_row_is_opened_by_its_key_alone() {
    let blobs = Blobs::memory(keys(1));
    let sealed = blobs.seal(b"twenty bytes of chance");
    assert_ne!(sealed, blobs.seal(b"twenty bytes of chance"), "the same secret looks different each time");
    assert!(!sealed.windows(6).any(|part| part == b"twenty"));
    assert_eq!(blobs.unseal(&sealed).expect("opens"), b"twenty bytes of chance");
    let of_another = Blobs::memory(keys(2)).unseal(&sealed);
    assert!(matches!(of_another, Err(Error::SecretKeyMissing(_))), "{of_another:?}");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        blobs.unseal(&changed).expect_err("every byte is held");
        blobs.unseal(&sealed[..at]).expect_err("nothing is cut off");
    }
    let longer = [sealed.as_slice(), &[0]].concat();
    blobs.unseal(&longer).expect_err("nothing is put behind");
}
