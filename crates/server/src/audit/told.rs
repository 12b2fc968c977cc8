//! What sealing and verifying found, in words for whoever has to act on it.

use std::fmt::Display;
use std::path::Path;

use office::audit::{Anchor, CheckpointFault, Fault, KeyChangeFault, Place, Report, Sealed, Window};
use rules::event::Subject;
use rules::words::moment;
use store::audit::{Checkpoint, KeyChange};
use store::event::{Break, Why};

pub(super) fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Chain(subject, broken) => chain(*subject, broken),
        Fault::Removed(place, window) => format!("{}: đã bị xóa.", sealed_event(place, *window)),
        Fault::Rewritten(place, window) => {
            format!("{}: đã bị ghi lại khác với lúc niêm phong.", sealed_event(place, *window))
        }
        Fault::RemovedUnsealed(event) => format!("Sự kiện mã {event} đang chờ niêm phong: đã bị xóa."),
        Fault::Checkpoint(number, fault, window) => checkpoint(*number, *fault, *window),
        Fault::KeyChange(number, fault, at) => {
            format!("Lần đổi khóa niêm phong số {number} (lúc {}) {}.", moment(*at), key_change(*fault))
        }
        Fault::Uncovered { after_ordinal, n_places } => format!(
            "{n_places} chỗ trong thứ tự sự kiện (sau chỗ số {after_ordinal}) không thuộc điểm niêm phong nào: \
             các điểm mới nhất đã bị xóa, hoặc có dòng bị chèn vào."
        ),
        Fault::AnchorGone { number } => format!(
            "Điểm niêm phong số {number} đã cất bên ngoài không còn trong cơ sở dữ liệu: các sự kiện mới nhất \
             có thể đã bị xóa cùng với nó."
        ),
        Fault::AnchorDiffers { number } => format!(
            "Điểm niêm phong số {number} khác với bản đã cất bên ngoài: những gì niêm phong đến đó đã bị ghi lại."
        ),
    }
}

fn chain(subject: Subject, broken: &Break) -> String {
    let why = match broken.why {
        Why::Unchained => {
            "không khớp chuỗi: dòng này, hoặc dòng ngay trước nó, đã bị sửa, chèn, xóa hoặc đổi chỗ"
        }
        Why::Unplaced => {
            "không do chương trình ghi: không có trong thứ tự đã niêm phong, cũng không chờ niêm phong"
        }
        Why::PlacedTwice => "đã niêm phong nhưng bị đưa trở lại danh sách chờ",
    };
    format!(
        "{}: sự kiện số {} (mã {}, ghi lúc {}) {why}.",
        named(subject),
        broken.number,
        broken.event.0,
        moment(broken.recorded_at)
    )
}

fn sealed_event(place: &Place, window: Window) -> String {
    let subject = place.subject.map_or_else(|| "Chuỗi không rõ".to_owned(), named);
    format!("{subject}: sự kiện số {} (mã {}), niêm phong {}", place.number, place.event, between(window))
}

fn between(window: Window) -> String {
    match window.after {
        Some(after) => format!("từ {} đến {}", moment(after), moment(window.until)),
        None => format!("đến {}", moment(window.until)),
    }
}

fn checkpoint(number: i64, fault: CheckpointFault, window: Window) -> String {
    let why = match fault {
        CheckpointFault::Unlinked => {
            "không nối tiếp điểm trước: điểm trước đã bị sửa, hoặc có điểm đã bị xóa".to_owned()
        }
        CheckpointFault::Signature => "đã bị sửa sau khi ký".to_owned(),
        CheckpointFault::ForeignKey => "không do khóa niêm phong của hệ thống này lúc đó ký".to_owned(),
        CheckpointFault::TimeStamp => "có dấu thời gian không đúng".to_owned(),
        CheckpointFault::Places => {
            format!("có danh sách sự kiện (niêm phong {}) đã bị sửa, xóa hoặc đổi thứ tự", between(window))
        }
    };
    format!("Điểm niêm phong số {number} (lúc {}) {why}.", moment(window.until))
}

fn key_change(fault: KeyChangeFault) -> &'static str {
    match fault {
        KeyChangeFault::Astray => {
            "không dẫn đến khóa đang dùng: dòng này bị chèn vào, hoặc dòng sau nó đã bị xóa"
        }
        KeyChangeFault::Signature => "đã bị sửa sau khi khóa mới ký",
        KeyChangeFault::Voucher => "có chữ ký của khóa cũ không đúng",
        KeyChangeFault::Checkpoint => "nêu một điểm niêm phong nay không còn, hoặc đã bị thay",
    }
}

fn named(subject: Subject) -> String {
    let kind = match subject {
        Subject::Dossier(_) => "Hồ sơ",
        Subject::Entry(_) => "Mục kho",
        Subject::Officer(_) => "Tài khoản",
        Subject::Party(_) => "Người, tổ chức",
        Subject::Unit(_) => "Đơn vị",
        Subject::Procedure(_) => "Thủ tục",
    };
    format!("{kind} {}", subject.id())
}

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
    use super::{fault, summary};
    use office::audit::{CheckpointFault, Fault, Place, Report, Window};
    use rules::event::Subject;
    use rules::id::DossierId;
    use uuid::Uuid;

    fn window() -> Window {
        let at = |text: &str| text.parse().expect("an instant");
        Window { after: Some(at("2026-11-23T01:00:00Z")), until: at("2026-11-23T01:05:00Z") }
    }

    #[test]
    fn a_removed_event_is_told_with_its_subject_and_times() {
        let dossier = Subject::Dossier(DossierId(Uuid::from_u128(7)));
        let place = Place { ordinal: 9, event: Uuid::from_u128(8), subject: Some(dossier), number: 4 };
        assert_eq!(
            fault(&Fault::Removed(place, window())),
            "Hồ sơ 00000000-0000-0000-0000-000000000007: sự kiện số 4 \
             (mã 00000000-0000-0000-0000-000000000008), niêm phong từ 08:00 23/11/2026 đến 08:05 23/11/2026: \
             đã bị xóa."
        );
    }

    #[test]
    fn a_checkpoint_is_told_with_its_moment() {
        assert_eq!(
            fault(&Fault::Checkpoint(2, CheckpointFault::Signature, window())),
            "Điểm niêm phong số 2 (lúc 08:05 23/11/2026) đã bị sửa sau khi ký."
        );
    }

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
