//! What sealing and verifying found, in words for whoever has to act on it.

use std::fmt::Display;
use std::path::Path;

use office::audit::export::{ExportReport, NotOurs};
use office::audit::{Anchor, Report, Sealed};
use rules::words::moment;
use store::audit::{Checkpoint, KeyChange};

/// The lines below the faults.
pub(super) fn summary(report: &Report, anchor: Option<&Anchor>, n_named: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if report.n_faults == 0 {
        lines.push(format!("✓ {} chuỗi, {} sự kiện: nguyên vẹn.", report.n_chains, report.n_events));
    } else {
        let n_more = report.n_faults.saturating_sub(n_named as u64);
        if n_more > 0 {
            lines.push(format!("… và {n_more} chỗ nữa."));
        }
        lines.push(format!(
            "{} chỗ không còn như lúc ghi: đã bị sửa, chèn hoặc xóa ngoài chương trình. \
             Giữ nguyên cơ sở dữ liệu, đối chiếu với bản sao lưu gần nhất.",
            report.n_faults
        ));
    }
    lines.push(coverage(report));
    lines.extend(keys(report));
    lines.push(match report.last_time_stamp {
        Some(at) => format!("{} điểm có dấu thời gian, mới nhất lúc {}.", report.n_stamped, moment(at)),
        None => "Chưa điểm nào có dấu thời gian của bên ngoài (mục audit.timestamp_url).".to_owned(),
    });
    lines.push(match anchor {
        Some(anchor) if report.n_faults == 0 => {
            format!("Khớp với điểm niêm phong số {} đã cất bên ngoài.", anchor.number)
        }
        Some(anchor) => format!("Đã đối chiếu với điểm niêm phong số {} cất bên ngoài.", anchor.number),
        None => {
            "Chưa đối chiếu với điểm niêm phong cất bên ngoài (--checkpoint): nếu các điểm mới nhất bị xóa \
                 cùng sự kiện của chúng thì lần kiểm tra này không thấy."
                .to_owned()
        }
    });
    lines
}

fn coverage(report: &Report) -> String {
    match report.last {
        Some((number, at)) => format!(
            "{} sự kiện đã niêm phong trong {} điểm, mới nhất là điểm số {number} lúc {}; {} sự kiện chưa đến kỳ niêm phong.",
            report.n_sealed,
            report.n_checkpoints,
            moment(at),
            report.n_unsealed
        ),
        None => format!("Chưa có điểm niêm phong nào; {} sự kiện đang chờ.", report.n_unsealed),
    }
}

/// The changes of key, and those that nobody but the new key speaks for.
fn keys(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if report.n_key_changes > 0 {
        lines.push(format!("Khóa niêm phong đã đổi {} lần.", report.n_key_changes));
    }
    lines.extend(report.unvouched.iter().map(|change| {
        format!(
            "! Lần đổi khóa số {} (lúc {}) không có chữ ký của khóa cũ: chỉ khóa mới xác nhận các điểm đến số {}. \
             Đối chiếu với điểm niêm phong cất bên ngoài trước lúc đó và với biên bản mất khóa.",
            change.number,
            moment(change.at),
            change.after_checkpoint
        )
    }));
    lines
}

/// What holding an exported file against the database found.
pub(super) fn export(checked: &Result<ExportReport, NotOurs>, n_named: usize) -> Vec<String> {
    let report = match checked {
        Ok(report) => report,
        Err(NotOurs::Illegible) => return vec!["✗ Tệp không phải nhật ký do chương trình xuất.".to_owned()],
        Err(NotOurs::ForeignKey) => {
            return vec!["✗ Tệp không do khóa niêm phong của hệ thống này ký.".to_owned()];
        }
        Err(NotOurs::Signature) => return vec!["✗ Tệp đã bị sửa sau khi ký.".to_owned()],
    };
    let mut lines = vec![format!("✓ Chữ ký đúng; tệp có {} sự kiện.", report.n_events)];
    let differing = report.differing.iter().take(n_named);
    lines.extend(
        differing.map(|id| {
            format!("✗ Sự kiện mã {id}: trong cơ sở dữ liệu nay không còn, hoặc khác với lúc xuất.")
        }),
    );
    let n_more = report.differing.len().saturating_sub(n_named);
    if n_more > 0 {
        lines.push(format!("… và {n_more} sự kiện nữa."));
    } else if report.differing.is_empty() {
        lines.push("✓ Mọi sự kiện trong tệp vẫn như vậy trong cơ sở dữ liệu.".to_owned());
    }
    lines
}

pub(super) fn key_changed(change: &KeyChange) -> String {
    let vouched = if change.voucher.is_some() {
        "khóa cũ đã ký nhận khóa mới"
    } else {
        "không có chữ ký của khóa cũ; lập biên bản mất khóa"
    };
    format!(
        "✓ Đã đổi khóa niêm phong lần {}, sau điểm số {} ({vouched}). \
         Cất điểm niêm phong mới ra ngoài: motcua audit seal --out TỆP.",
        change.number, change.after_checkpoint
    )
}

pub(super) fn sealed(sealed: &Sealed, last: Option<&Checkpoint>) -> String {
    match last {
        Some(last) if sealed.n_events > 0 => {
            format!("✓ Đã niêm phong {} sự kiện; điểm mới nhất là số {}.", sealed.n_events, last.number)
        }
        Some(last) => format!(
            "Không có sự kiện mới; điểm mới nhất là số {} lúc {}.",
            last.number,
            moment(last.sealed_at)
        ),
        None => "Chưa có sự kiện nào để niêm phong.".to_owned(),
    }
}

pub(super) fn unstamped(reason: impl Display) -> String {
    format!(
        "! Chưa xin được dấu thời gian ({reason}). Điểm niêm phong vẫn có hiệu lực; điểm sau có dấu sẽ bao cả điểm này."
    )
}

pub(super) fn written(path: &Path, last: &Checkpoint) -> String {
    format!(
        "✓ Đã ghi điểm số {} ra `{}`. Cất tệp này ở nơi người quản trị cơ sở dữ liệu không ghi được.",
        last.number,
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::summary;
    use office::audit::Report;

    #[test]
    fn what_was_not_compared_is_said() {
        let report = Report { n_faults: 25, n_unsealed: 3, ..Report::default() };
        let lines = summary(&report, None, 20);
        assert_eq!(lines[0], "… và 5 chỗ nữa.");
        assert!(lines[1].starts_with("25 chỗ không còn như lúc ghi"), "{lines:?}");
        assert_eq!(lines[2], "Chưa có điểm niêm phong nào; 3 sự kiện đang chờ.");
        assert!(lines[4].contains("--checkpoint"), "{lines:?}");
    }
}
