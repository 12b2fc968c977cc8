//! The machine: its clock, its disk, and how the pages are opened to others.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use nix::sys::statvfs::statvfs;

use super::Finding;
use crate::config::Config;

/// This program was written in this year; a clock before it is wrong.
const EARLIEST: i16 = 2026;
/// Below this much, papers may soon not be kept.
const LEAST_FREE_BYTES: u64 = 1 << 30;
const COMFORTABLE_FREE_BYTES: u64 = 10 << 30;

pub(super) fn look(config: &Config, now: Timestamp) -> Vec<Finding> {
    vec![clock(config, now), disk(&config.store.data), doors(config)]
}

fn clock(config: &Config, now: Timestamp) -> Finding {
    const ADVICE: &str = "Chỉnh giờ máy và bật đồng bộ: timedatectl set-ntp true. Ngày hẹn trả và chữ ký số tính theo giờ này.";
    let local = rules::calendar::legal_time(now);
    let told = local.strftime("%H:%M:%S ngày %d/%m/%Y").to_string();
    if !(EARLIEST..EARLIEST + 100).contains(&local.year()) {
        return Finding::broken(format!("Đồng hồ máy sai: {told}."), ADVICE);
    }
    // The database was written by a clock of this machine; if that was in the future, one is wrong.
    let written = std::fs::metadata(config.sqlite_file())
        .and_then(|about| about.modified())
        .ok()
        .and_then(|at| Timestamp::try_from(at).ok());
    if written.is_some_and(|at| at > now + SignedDuration::from_mins(5)) {
        let what = format!("Đồng hồ máy ({told}) chậm hơn lần ghi cuối vào cơ sở dữ liệu.");
        return Finding::broken(what, ADVICE);
    }
    Finding::well(format!("Đồng hồ: {told} (giờ Việt Nam)."))
}

fn disk(data: &Path) -> Finding {
    // Before the first start the data folder is not there yet; what holds it is.
    let there = data.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    let about = match statvfs(there) {
        Ok(about) => about,
        Err(error) => {
            let what = format!("Không xem được chỗ trống của `{}` ({error}).", there.display());
            return Finding::broken(what, "Kiểm tra quyền của thư mục dữ liệu.");
        }
    };
    #[expect(clippy::useless_conversion, reason = "the types differ between systems")]
    let free = u64::from(about.blocks_available()) * u64::from(about.fragment_size());
    let told = format!("{:.1} GB trống trên đĩa của `{}`.", free as f64 / f64::from(1 << 30), data.display());
    if free < LEAST_FREE_BYTES {
        Finding::broken(told, "Dọn đĩa hoặc chuyển thư mục dữ liệu: hết chỗ thì không nhận được giấy tờ.")
    } else if free < COMFORTABLE_FREE_BYTES {
        Finding::note(told, "Một triệu trang chiếm khoảng 300 GB; chuẩn bị thêm chỗ.")
    } else {
        Finding::well(told)
    }
}

fn doors(config: &Config) -> Finding {
    let listen = config.server.listen;
    if config.server.behind_proxy {
        return Finding::well(format!("Trang ở {listen}, sau proxy TLS; cookie chỉ qua HTTPS."));
    }
    let what = format!("Trang ở http://{listen}, chỉ mở trên máy này.");
    Finding::note(what, "Để máy khác vào được: đặt proxy TLS đứng trước (docs/operating/install.md).")
}
