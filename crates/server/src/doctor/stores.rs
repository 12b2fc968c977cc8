//! The database, the papers' store and the keys, and whether what they hold can be used.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use pdf::key::Key;
use rules::unit::UnitKind;
use store::people::{self, KeptUnit};
use store::{Db, signing};

use super::Finding;
use crate::config::Config;
use crate::installation;

/// A certificate that ends within this time is said.
const SOON: SignedDuration = SignedDuration::from_hours(45 * 24);

pub(super) async fn look(config: &Config, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![files(config, now).await];
    // Opening makes the file where it is missing, and `doctor` changes nothing.
    if config.store.url.is_empty() && !config.sqlite_file().exists() {
        let what = format!("Chưa có cơ sở dữ liệu ở `{}`.", config.sqlite_file().display());
        findings.push(Finding::broken(what, "Chạy `motcua migrate` (hoặc `motcua serve`) để tạo."));
        return findings;
    }
    match installation::database(config).await {
        Ok(db) => {
            findings.push(statements(&db).await);
            findings.extend(keys(config, &db, now).await);
            findings.push(jobs(&db).await);
            db.close().await;
        }
        Err(error) => {
            let advice = "Kiểm tra store.url, PostgreSQL có chạy không, và quyền của thư mục dữ liệu.";
            findings.push(Finding::broken(format!("{error:#}."), advice));
        }
    }
    findings
}

/// Writes a few bytes as a paper would be, reads them back and takes them away.
async fn files(config: &Config, now: Timestamp) -> Finding {
    let key = config.master_key_file();
    if !key.exists() && config.blobs_folder().exists() {
        let what = format!("Mất khóa chủ `{}`: không mở được tệp nào trong kho.", key.display());
        return Finding::broken(
            what,
            "Chép lại khóa từ bản sao lưu (docs/operating/backup.md). Đừng tạo khóa mới.",
        );
    }
    if !key.exists() {
        return Finding::note("Kho tệp chưa có.", "Lần mở đầu tiên sẽ tự tạo kho và khóa chủ.");
    }
    let tried = async {
        let blobs = installation::blobs(config).await?;
        let probe = Bytes::from(format!("motcua doctor {now}"));
        let address = blobs.put(probe.clone()).await?;
        let read = blobs.get(address).await?;
        blobs.delete(address, now + SignedDuration::from_hours(1)).await?;
        anyhow::ensure!(read == probe, "đọc lại không giống lúc ghi");
        Ok(())
    };
    match tried.await {
        Ok(()) => Finding::well(format!("Kho tệp `{}` ghi và đọc được.", config.blobs_folder().display())),
        Err(error) => Finding::broken(
            format!("Kho tệp hỏng: {error:#}."),
            "Kiểm tra quyền, chỗ trống của đĩa và khóa chủ.",
        ),
    }
}

async fn statements(db: &Db) -> Finding {
    let engine = format!("{:?}", db.engine());
    match db.statements_refused().await {
        Ok(refused) if refused.is_empty() => Finding::well(format!("Cơ sở dữ liệu {engine}, đúng cấu trúc.")),
        Ok(refused) => {
            let (name, why) = &refused[0];
            let what = format!("{engine} không nhận {} câu lệnh; đầu tiên `{name}`: {why}.", refused.len());
            Finding::broken(what, "Chạy `motcua migrate` bằng đúng bản chương trình này.")
        }
        Err(error) => Finding::broken(
            format!("{engine} không trả lời: {error}."),
            "Xem nhật ký của cơ sở dữ liệu, chỗ trống và quyền của thư mục dữ liệu.",
        ),
    }
}

/// The seals of agencies that settle procedures: there, openable, and valid for a while yet.
async fn keys(config: &Config, db: &Db, now: Timestamp) -> Vec<Finding> {
    const RENEW: &str = "Xin chứng thư mới và gắn lại trước khi hết hạn.";
    let path = config.p12_password_file();
    if !path.exists() {
        return vec![Finding::note(
            "Chưa có mật khẩu của các khóa ký.",
            "Lần mở đầu tiên sẽ tự tạo. Nếu đã từng có khóa, chép lại tệp này từ bản sao lưu.",
        )];
    }
    let password = match installation::p12_password(config) {
        Ok(password) => password,
        Err(error) => {
            return vec![Finding::broken(format!("{error:#}."), "Sửa quyền hoặc chép lại tệp này.")];
        }
    };
    let sealed = match seals(db, now).await {
        Ok(sealed) => sealed,
        Err(error) => {
            return vec![Finding::broken(format!("Không đọc được khóa: {error}."), "Chạy `motcua migrate`.")];
        }
    };
    let mut findings = Vec::new();
    for (unit, kept) in &sealed {
        let name = &unit.unit.name;
        match Key::from_p12(&kept.pkcs12, &password) {
            Err(_) => findings.push(Finding::broken(
                format!("Mật khẩu không mở được khóa con dấu của {name}."),
                format!("Chép lại `{}` từ bản sao lưu, hoặc gắn lại khóa.", path.display()),
            )),
            Ok(key) if !key.certificate().is_valid_at(now) => {
                findings.push(Finding::broken(format!("Chứng thư của {name} không còn hiệu lực."), RENEW));
            }
            Ok(key) if key.certificate().not_after() < now + SOON => {
                findings.push(Finding::note(format!("Chứng thư của {name} sắp hết hạn."), RENEW));
            }
            Ok(_) => {}
        }
    }
    if findings.is_empty() {
        findings.push(match sealed.len() {
            0 => Finding::note(
                "Chưa cơ quan nào có khóa con dấu.",
                "Kết quả chưa đóng dấu số được cho tới khi gắn khóa.",
            ),
            n => Finding::well(format!("{n} khóa con dấu mở được và còn hạn.")),
        });
    }
    findings
}

async fn seals(db: &Db, now: Timestamp) -> Result<Vec<(KeptUnit, signing::SoftwareKey)>, store::Error> {
    let today = rules::calendar::legal_time(now).date();
    let mut reader = db.read().await?;
    let mut found = Vec::new();
    for kept in people::units(&mut reader).await? {
        let settles = matches!(kept.unit.kind, UnitKind::PeoplesCommittee | UnitKind::Department);
        if settles
            && kept.unit.is_valid_on(today)
            && let Some(key) = signing::key(&mut reader, kept.id.0).await?
        {
            found.push((kept, key));
        }
    }
    Ok(found)
}

/// Work that was given up and waits for a person.
async fn jobs(db: &Db) -> Finding {
    let counted = async {
        let mut reader = db.read().await?;
        store::queue::lines::counts(&mut reader).await
    };
    match counted.await {
        Ok(counts) => {
            let dead: u64 = counts
                .iter()
                .filter(|count| count.state == store::queue::lines::State::Dead)
                .map(|count| count.n_jobs)
                .sum();
            match dead {
                0 => Finding::well("Không có việc nền nào bị bỏ lại."),
                n => Finding::note(
                    format!("{n} việc nền đã thử nhiều lần mà không xong."),
                    "Xem và thử lại ở trang Việc chạy ngầm (tài khoản quản trị).",
                ),
            }
        }
        Err(error) => {
            Finding::broken(format!("Không đọc được hàng việc: {error}."), "Chạy `motcua migrate`.")
        }
    }
}
