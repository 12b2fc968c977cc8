//! The certificate authority of the demonstration, in a folder of the data: its root certificate for
//! whoever checks signatures, and its key for this program alone. Every name it gives says DEMO.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use pdf::certificate::{DemoAuthority, Holder};

use crate::config::Config;
use crate::installation::{make_private_folder, write_private};

const ROOT: &str = "root.pem";
const KEY: &str = "root-key.pem";

#[derive(Debug)]
pub(super) struct Authority {
    inner: DemoAuthority,
}

pub(super) fn folder(config: &Config) -> PathBuf {
    config.store.data.join("demo-ca")
}

pub(super) fn is_there(folder: &Path) -> bool {
    folder.join(ROOT).exists()
}

impl Authority {
    pub(super) fn open_or_make(folder: &Path, now: Timestamp) -> Result<Self> {
        let (root, key) = (folder.join(ROOT), folder.join(KEY));
        if root.exists() {
            let read = |path: &Path| {
                std::fs::read(path).with_context(|| format!("không đọc được `{}`", path.display()))
            };
            return Ok(Self { inner: DemoAuthority::from_pem(&read(&key)?, &read(&root)?)? });
        }
        make_private_folder(folder)?;
        let inner = DemoAuthority::create(now)?;
        // A key without its root is of no use: a start that was stopped between the two begins anew.
        if key.exists() {
            std::fs::remove_file(&key)?;
        }
        write_private(&key, &inner.private_pem()?)?;
        write_private(&root, &inner.root_pem()?)?;
        Ok(Self { inner })
    }

    /// A new key for the holder as PKCS#12 under `password`, and the name in its certificate.
    pub(super) fn issue(&self, holder: &Holder, password: &str, now: Timestamp) -> Result<(Vec<u8>, String)> {
        let key = self.inner.issue(holder, now)?;
        Ok((key.to_p12(password)?, key.certificate().subject_common_name().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Authority;
    use pdf::certificate::Holder;
    use pdf::key::Key;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_authority_is_made_once_and_marked() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let folder = folder.path().join("demo-ca");
        let now = "2026-11-21T01:00:00Z".parse().expect("a valid instant");
        Authority::open_or_make(&folder, now).expect("it is made");
        let root = std::fs::read(folder.join("root.pem")).expect("the root is there");
        let again = Authority::open_or_make(&folder, now).expect("it is opened");
        assert_eq!(std::fs::read(folder.join("root.pem")).expect("the root is there"), root);
        let mode = std::fs::metadata(folder.join("root-key.pem")).expect("the key is there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);

        let holder = Holder::Agency { name: "Ủy ban nhân dân xã Yên Bình".to_owned() };
        let (p12, label) = again.issue(&holder, "mật khẩu", now).expect("it is issued");
        assert!(label.contains("DEMO"), "{label}");
        let key = Key::from_p12(&p12, "mật khẩu").expect("the password opens it");
        assert_eq!(key.certificate().subject_common_name(), label);
        Key::from_p12(&p12, "khác").expect_err("another password does not");
    }
}
