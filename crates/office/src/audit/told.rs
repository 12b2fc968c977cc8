//! What verifying found, in words for whoever has to act on it: the command line and the page say the
//! same.

use super::{CheckpointFault, Fault, KeyChangeFault, Place, Window};
use rules::event::Subject;
use rules::words::moment;
use store::event::{Break, Why};

/// One fault, with the record it is about.
pub fn fault(fault: &Fault) -> String {
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

#[cfg(test)]
mod tests {
    use super::fault;
    use crate::audit::{CheckpointFault, Fault, Place, Window};
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
}
