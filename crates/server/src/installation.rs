//! An installation put together: database, papers, keys, calendar, forms and the limited reader become
//! one `Office`. What runs on it is `serve`'s and `demo`'s.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use connect::mail::{Mailer, Safety};
use connect::webhook::Sender;
use office::audit::{Sealer, Stamping};
use office::people::password::Opens;
use office::{Calendars, Clock, Keys, Office, Settings};
use pdf::certificate::Certificate;
use rules::people::glass::GlassTerms;
use store::Db;
use store::blobs::{Blobs, MasterKey, MasterKeys};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::config::{Config, MailTls, Place, secret_text};
use crate::{shipped, worker};

/// The runtime of a command that needs the database.
pub(crate) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("máy không cho mở thêm luồng xử lý")
}

/// The configuration of a place where there is a database already.
pub(crate) fn existing(place: &Place) -> Result<Config> {
    let config = place.load()?;
    ensure!(
        !config.store.url.is_empty() || config.sqlite_file().exists(),
        "chưa có cơ sở dữ liệu ở `{}`; chạy `motcua migrate` trước",
        config.sqlite_file().display()
    );
    Ok(config)
}

/// Opens the database, making the data folder where it is missing. The schema is `migrate`'s.
pub(crate) async fn database(config: &Config) -> Result<Db> {
    make_private_folder(&config.store.data)?;
    Db::open(&config.database()).await.with_context(|| {
        if config.store.url.is_empty() {
            format!("không mở được cơ sở dữ liệu `{}`", config.sqlite_file().display())
        } else {
            "không nối được PostgreSQL ở store.url".to_owned()
        }
    })
}

/// The office of this installation on an open, migrated database.
pub(crate) async fn office(config: &Config, db: Db) -> Result<Office> {
    let pool = worker::pool(config.scan_workers(), config.scan_bounds())?;
    let office = Office {
        db,
        blobs: blobs(config).await?,
        clock: Clock::System,
        calendars: Arc::new(Calendars::new(shipped::calendar()?, shipped::unit_calendars()?)),
        forms: Arc::new(shipped::forms()?),
        printer: worker::printer()?,
        keys: Keys::new(&p12_password(config)?).opening_in(worker::opener()?),
        scanner: Arc::new(pool),
        settings: Arc::new(settings(config)?),
        limits: shipped::limits()?.into(),
        queues: shipped::queues()?.into(),
        exercises: Arc::default(),
        wake: Arc::default(),
    };
    office.refresh_calendars().await.context("không đọc được lịch làm việc đã quyết định")?;
    Ok(office)
}

/// What seals the audit chain of this installation.
pub(crate) fn sealer(config: &Config, db: Db) -> Result<Sealer> {
    let (keys, stamping) = (Keys::new(&p12_password(config)?), stamping(config)?);
    Ok(Sealer { db, clock: Clock::System, keys, stamping })
}

/// Whom to ask for the time, if anybody.
fn stamping(config: &Config) -> Result<Option<Stamping>> {
    if config.audit.timestamp_url.is_empty() {
        return Ok(None);
    }
    let authority = connect::timestamp::Authority::new(&config.audit.timestamp_url)
        .context("không dùng được audit.timestamp_url")?;
    Ok(Some(Stamping { authority, roots: timestamp_roots(config)? }))
}

/// The certificates time stamps must lead to; none where any is taken.
pub(crate) fn timestamp_roots(config: &Config) -> Result<Vec<Certificate>> {
    let file = &config.audit.timestamp_roots;
    if file.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let name = || format!("không đọc được chứng thư ở audit.timestamp_roots `{}`", file.display());
    Certificate::all_from_pem(&std::fs::read(file).with_context(name)?).with_context(name)
}

fn settings(config: &Config) -> Result<Settings> {
    Ok(Settings {
        counting: config.legal.counting,
        code_format: config.legal.code_format,
        system_name: config.legal.system_name.clone(),
        signed_forms: config.legal.signed_forms.clone(),
        lookup_url: config.public_url(),
        days_to_confirm: config.people.days_to_confirm,
        second_factor: config.second_factor()?,
        hours_to_confirm_folder: config.custody.hours_to_confirm,
        days_unseen: config.custody.days_unseen,
        minutes_held: config.writing.minutes_held,
        glass: GlassTerms {
            hours: config.emergency.hours,
            most_a_day: config.emergency.most_a_day,
            days_to_review: config.emergency.days_to_review,
        },
        reading: if config.signing.read_before_round {
            rules::signing::round::Reading::Required
        } else {
            rules::signing::round::Reading::Trusted
        },
        limits: config.scan_limits(),
        timestamp_roots: timestamp_roots(config)?,
        stamping: stamping(config)?,
        mail: mailer(config)?,
        digest_at: config.digest_at()?,
        identity_server: config.sign_in.server(&config.public_url())?,
        passwords: if config.sign_in.passwords { Opens::Everyones } else { Opens::Administrators },
        notices: Sender::new(&config.notice_networks()?).context("không lập được kết nối ra ngoài")?,
    })
}

/// What gives mail off; none where no server is named.
pub(crate) fn mailer(config: &Config) -> Result<Option<Mailer>> {
    let mail = &config.mail;
    if mail.server.is_empty() {
        return Ok(None);
    }
    let login = if mail.user.is_empty() {
        None
    } else {
        let path = &mail.password_file;
        ensure!(
            !is_open_to_others(path)?,
            "tệp mật khẩu `{}` người khác đọc được; chạy: chmod 600 {0}",
            path.display()
        );
        Some((mail.user.clone(), secret_text(path)?))
    };
    let roots = match &mail.roots {
        path if path.as_os_str().is_empty() => None,
        path => {
            let name = || format!("không đọc được chứng thư ở mail.roots `{}`", path.display());
            let pem = std::fs::read(path).with_context(name)?;
            Certificate::all_from_pem(&pem).with_context(name)?;
            Some(pem)
        }
    };
    let server = connect::mail::Server {
        host: mail.server.clone(),
        port: mail.port,
        safety: match mail.tls {
            MailTls::Starttls => Safety::StartTls,
            MailTls::Tls => Safety::Tls,
            MailTls::None => Safety::Plain,
        },
        login,
        roots,
        sender: mail.sender.clone(),
        sender_name: config.legal.system_name.clone(),
    };
    Ok(Some(Mailer::new(&server).context("không dùng được mục mail của cấu hình")?))
}

pub(crate) async fn blobs(config: &Config) -> Result<Blobs> {
    let path = config.master_key_file();
    // The key is made before the folder: papers without a key mean a key that was lost, and a new one
    // would only hide that.
    ensure!(
        path.exists() || !config.blobs_folder().exists(),
        "mất khóa chủ `{}` của kho tệp; chép lại từ bản sao lưu",
        path.display()
    );
    if let Some(folder) = path.parent() {
        make_private_folder(folder)?;
    }
    let key = MasterKey::open_or_make(&path).context("không dùng được khóa chủ của kho tệp")?;
    Blobs::folder(config.blobs_folder(), MasterKeys::new(key, Vec::new()))
        .await
        .context("không dùng được kho tệp")
}

/// The password of the software keys; drawn at first start.
pub(crate) fn p12_password(config: &Config) -> Result<String> {
    let path = config.p12_password_file();
    if !path.exists() {
        if let Some(folder) = path.parent() {
            make_private_folder(folder)?;
        }
        // 244 random bits.
        let drawn = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        write_private(&path, format!("{drawn}\n").as_bytes())?;
    }
    ensure!(
        !is_open_to_others(&path)?,
        "tệp mật khẩu `{}` người khác đọc được; chạy: chmod 600 {0}",
        path.display()
    );
    secret_text(&path)
}

/// A folder that only the account of the server can look into; one that is there stays as it is.
pub(crate) fn make_private_folder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("không tạo được thư mục `{}`", folder.display()))
}

/// A new file that only its owner can read.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = File::options().write(true).create_new(true).mode(0o600).open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.with_context(|| format!("không ghi được `{}`", path.display()))
}

pub(crate) fn is_open_to_others(path: &Path) -> Result<bool> {
    let about = std::fs::metadata(path).with_context(|| format!("không xem được `{}`", path.display()))?;
    Ok(about.permissions().mode() & 0o077 != 0)
}
