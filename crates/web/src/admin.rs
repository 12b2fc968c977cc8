//! The pages of whoever keeps the system: the list of them all, and each in a file of its own.

pub(crate) mod account;
pub(crate) mod fees;
pub(crate) mod forms;
pub(crate) mod handing_over;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod numbering;
pub(crate) mod officer;
pub(crate) mod people;
pub(crate) mod proposals;
mod read;
pub(crate) mod reorganising;
pub(crate) mod rights;
pub(crate) mod trial;
pub(crate) mod units;
pub(crate) mod webhooks;

use crate::Web;
use crate::access::{ADMIN, AUDIT, Access, QUEUE_SETUP};
use crate::error::Failure;
use crate::page::{self, Shell, shell};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use office::keys::Wanted;
use rules::signing::keys::WARNED_DAYS;

/// The place of the navigation that all these pages stand in.
pub(crate) const HERE: &str = "/quan-tri";

/// Every page of administration: its address, its name, what it is for, and who may come, as the table of
/// routes says.
pub(crate) const PAGES: [(&str, &str, &str, Access); 16] = [
    ("/quan-tri/can-bo", "Cán bộ", "Tài khoản, vai, nghỉ, làm thay, chuyển việc.", ADMIN),
    ("/quan-tri/de-nghi", "Vai chờ xác nhận", "Vai cao do một người đề xuất, người thứ hai xác nhận.", ADMIN),
    ("/quan-tri/thu-vai", "Thử với vai…", "Xem một người hoặc một vai làm được gì, vì sao.", ADMIN),
    ("/quan-tri/don-vi", "Đơn vị", "Cây đơn vị của một ngày, tên cũ, nguồn gốc, đơn vị kế thừa.", ADMIN),
    ("/quan-tri/sap-xep", "Sắp xếp đơn vị", "Nhập, chia, đổi tên: xem trước hệ quả rồi áp dụng.", ADMIN),
    (
        "/quan-tri/thu-tuc",
        "Thủ tục",
        "Giấy tờ, thời hạn, quy trình của từng thủ tục; soạn, chạy thử, công bố.",
        ADMIN,
    ),
    (
        "/quan-tri/lich",
        "Lịch làm việc",
        "Ngày nghỉ, ngày làm bù, giờ làm việc; xem hồ sơ nào đổi hạn rồi quyết định.",
        ADMIN,
    ),
    (
        "/quan-tri/mau",
        "Mẫu giấy",
        "Mỗi loại giấy in theo bản nào, từ ngày nào; sửa chữ, xem trước, trở về bản gốc.",
        ADMIN,
    ),
    ("/quan-tri/so-hieu", "Số hiệu", "Mã hồ sơ viết thế nào từ ngày nào, mã và số văn bản tiếp theo.", ADMIN),
    (
        "/quan-tri/khoa",
        "Khóa và chứng thư",
        "Con dấu cơ quan, khóa của cán bộ ký số: còn hạn đến bao giờ, gắn khóa mới, ngừng dùng.",
        ADMIN,
    ),
    (
        "/quan-tri/thu-phi",
        "Thu phí",
        "Phí, lệ phí chuyển khoản vào tài khoản nào; màn hình phụ ở quầy hiện mã cho người nộp.",
        ADMIN,
    ),
    ("/quan-tri/hang-cho", "Hàng chờ", "Quy tắc gọi số, khung giờ hẹn, màn hình gọi.", QUEUE_SETUP),
    (
        "/quan-tri/nhat-ky",
        "Nhật ký",
        "Ai đã làm gì, xem gì, lúc nào; kiểm tra chuỗi, xuất tệp có chữ ký.",
        AUDIT,
    ),
    (
        "/quan-tri/thong-bao",
        "Thông báo tự động",
        "Hệ thống khác được báo khi hồ sơ có việc mới: địa chỉ nhận, lần gửi gần nhất.",
        ADMIN,
    ),
    (
        "/quan-tri/ket-noi",
        "Kết nối",
        "Dấu thời gian, máy chủ thư, nơi nhận thông báo: đang chạy hay hỏng, vì sao; gửi thử.",
        ADMIN,
    ),
    ("/quan-tri/viec", "Việc chạy ngầm", "Việc đang chờ, đang chạy, hỏng; cho chạy lại.", ADMIN),
];

#[derive(Debug, Template)]
#[template(path = "admin/show.html")]
struct Pages {
    shell: Shell,
    lines: Vec<(&'static str, &'static str, &'static str)>,
    /// How many keys sign no more, or soon will not; nothing where there are none.
    keys_ending: String,
}

pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let may = |access: Access| access.admits(&visitor.present.actor);
    let pages = PAGES.into_iter().filter(|(_, _, _, access)| may(*access));
    let lines = pages.map(|(path, title, sentence, _)| (path, title, sentence)).collect();
    let keys_ending = match web.office.key_ring(&visitor.present.actor, Wanted::Ending, 0).await?.n {
        0 => String::new(),
        n => format!("{n} khóa ký số đã hết hạn, ngừng dùng hoặc sắp hết hạn trong {WARNED_DAYS} ngày."),
    };
    Ok(page::show(&web, &Pages { shell: shell(&web, &visitor, HERE).await?, lines, keys_ending }))
}

#[cfg(test)]
mod tests {
    use super::PAGES;
    use crate::access::Access;
    use std::collections::BTreeMap;

    #[test]
    fn what_the_list_offers_opens_for_the_same_people() {
        let routes: BTreeMap<&str, Access> = crate::routes::lines()
            .into_iter()
            .filter(|line| line.method == "GET")
            .map(|line| (line.path, line.access))
            .collect();
        for (path, title, _, access) in PAGES {
            assert_eq!(routes.get(path), Some(&access), "{title}");
        }
    }
}
