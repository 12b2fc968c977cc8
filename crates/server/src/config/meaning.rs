//! What the settings come to: places, networks, hours, and what other crates are started with.

use super::{Config, SignIn};
use crate::officer::role;
use crate::parallel::processors;
use anyhow::{Context, Result, anyhow, ensure};
use jiff::civil::Time;
use rules::people::Role;
use rules::people::api_key::AddressRange;
use std::path::{Path, PathBuf};
use std::time::Duration;

impl Config {
    /// The roles that may do nothing without a second factor.
    pub(crate) fn second_factor(&self) -> Result<Vec<Role>> {
        let read = |word: &String| role(word).map_err(|why| anyhow!("people.second_factor: {why}"));
        self.people.second_factor.iter().map(read).collect()
    }

    /// When the digest of a working morning goes out.
    pub(crate) fn digest_at(&self) -> Result<Time> {
        Time::strptime("%H:%M", &self.mail.digest_at)
            .map_err(|_| anyhow!("mail.digest_at: `{}` không phải giờ như 07:00", self.mail.digest_at))
    }

    /// The networks of our own that may be told what happens.
    pub(crate) fn notice_networks(&self) -> Result<Vec<AddressRange>> {
        let read = |text: &String| {
            text.parse()
                .map_err(|_| anyhow!("notices.networks: `{text}` không phải dải địa chỉ như 10.20.0.0/16"))
        };
        self.notices.networks.iter().map(read).collect()
    }

    pub(crate) fn public_url(&self) -> String {
        match self.server.public_url.trim_end_matches('/') {
            "" => format!("http://{}", self.server.listen),
            url => url.to_owned(),
        }
    }

    pub(crate) fn blobs_folder(&self) -> PathBuf {
        self.store.data.join("blobs")
    }

    pub(crate) fn sqlite_file(&self) -> PathBuf {
        self.store.data.join("motcua.db")
    }

    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.or_in_keys(&self.store.master_key_file, "master.key")
    }

    pub(crate) fn p12_password_file(&self) -> PathBuf {
        self.or_in_keys(&self.signing.password_file, "p12-password")
    }

    fn or_in_keys(&self, stated: &Path, name: &str) -> PathBuf {
        if stated.as_os_str().is_empty() {
            self.store.data.join("keys").join(name)
        } else {
            stated.to_owned()
        }
    }

    pub(crate) fn database(&self) -> store::Config {
        if self.store.url.is_empty() {
            store::Config::sqlite(self.sqlite_file())
        } else {
            store::Config::postgres(self.store.url.clone())
        }
    }

    pub(crate) fn scan_workers(&self) -> usize {
        if self.scan.workers == 0 { processors() } else { self.scan.workers }
    }

    pub(crate) fn jobs_at_a_time(&self) -> usize {
        if self.jobs.at_a_time == 0 { self.scan_workers() } else { self.jobs.at_a_time }
    }

    pub(crate) fn scan_limits(&self) -> scan::intake::Limits {
        scan::intake::Limits {
            file_bytes: self.scan.file_mb << 20,
            pages: self.scan.pages,
            page_pixels: self.scan.page_megapixels * 1_000_000,
            decoded_bytes: self.scan.decoded_mb << 20,
        }
    }

    pub(crate) fn scan_bounds(&self) -> scan::worker::Bounds {
        scan::worker::Bounds {
            memory_bytes: self.scan.memory_mb << 20,
            // tidy-ok(words): the name is that of `scan`, which knows no dossier
            deadline: Duration::from_secs(self.scan.page_seconds),
            ..scan::worker::Bounds::default()
        }
    }
}

impl SignIn {
    /// The server people sign in through besides, if there is one; `public` is our own address.
    pub(crate) fn server(&self, public: &str) -> Result<Option<connect::openid::Server>> {
        if self.issuer.is_empty() {
            return Ok(None);
        }
        let setup = connect::openid::Setup {
            issuer: self.issuer.clone(),
            client: self.client_id.clone(),
            secret: secret_text(&self.secret_file).context("không dùng được sign_in.secret_file")?,
            name: self.name.clone(),
            claim: self.claim.clone(),
            two_factors: self.two_factors.clone(),
            redirect: format!("{public}/dang-nhap/dinh-danh/ve"),
        };
        let server = connect::openid::Server::new(setup);
        Ok(Some(server.map_err(|why| anyhow!("sign_in sai: {why}"))?))
    }
}

/// The text of a file that holds one secret, without the line's end.
pub(crate) fn secret_text(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("không đọc được tệp bí mật `{}`", path.display()))?;
    let text = text.trim_end_matches(['\r', '\n']);
    ensure!(!text.is_empty(), "tệp bí mật `{}` rỗng", path.display());
    Ok(text.to_owned())
}
