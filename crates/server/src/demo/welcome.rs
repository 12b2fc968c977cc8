//! What the demonstration says when it is ready: the accounts, and what to try first.

use std::path::Path;

use super::PASSWORD;
use super::office_people::HOUSES;
use crate::speak::say;

/// The code of an invented card, where no sample papers lie in the data folder.
const CARD: &str = "001191004627||Nguyễn Thị Ngoãn|14031991|Nữ|Thôn Đông Hạ, Yên Bình, Yên Sơn|10052022";

pub(super) fn print(papers: &Path) {
    say("");
    say(
        "Văn phòng mẫu “Một Cửa” đã mở. Mọi người, mọi nơi đều bịa; chữ ký số là DEMO, không có giá trị pháp lý.",
    );
    say(format_args!("Mật khẩu của mọi tài khoản: {PASSWORD}"));
    say("");
    for line in accounts() {
        say(line);
    }
    say("");
    for line in first_steps(papers) {
        say(line);
    }
    say("");
    say("Dừng: Ctrl-C. Mở lại bằng đúng lệnh này, dữ liệu còn nguyên.");
}

fn accounts() -> Vec<String> {
    let mut lines = Vec::new();
    for house in &HOUSES {
        lines.push(house.name.to_owned());
        for account in house.people {
            lines.push(format!("  {:<22} {:<18} {}", account.login, account.name, account.title));
        }
    }
    lines
}

fn first_steps(papers: &Path) -> Vec<String> {
    let card = std::fs::read_to_string(papers.join("cccd-qr.txt"));
    let card = card.as_deref().map_or(CARD, str::trim);
    let folder = if papers.is_dir() {
        format!("các tệp trong {}", papers.display())
    } else {
        "ảnh chụp hoặc bản quét bất kỳ".to_owned()
    };
    [
        "Thử trước:".to_owned(),
        "  1. Đăng nhập quay.yenbinh, mở Quầy, dán chuỗi QR trên thẻ căn cước vào ô người nộp:".to_owned(),
        format!("     {card}"),
        "  2. Gõ “xac nhan tinh trang” (không cần dấu) để chọn thủ tục Cấp Giấy xác nhận tình trạng hôn nhân.".to_owned(),
        format!("  3. Thả {folder} vào từng thành phần, đếm số mặt, rồi Tiếp nhận: có mã hồ sơ, ngày hẹn và giấy tiếp nhận."),
        "  4. Mở Số hóa để đối chiếu các trường máy đọc được với ảnh, xác nhận.".to_owned(),
        "  5. Lần lượt đăng nhập truongphong.yenbinh, chuyenvien.yenbinh, lanhdao.yenbinh, vanthu.yenbinh: phân công, thẩm định, dự thảo, ký, đóng dấu.".to_owned(),
        "  6. quay.yenbinh trả kết quả, rồi nhận hồ sơ thứ hai của chính người đó: giấy tờ đã có được chọn sẵn để dùng lại.".to_owned(),
    ]
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::first_steps;

    #[test]
    fn the_card_of_the_sample_papers_is_told_where_they_are() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let without = first_steps(folder.path()).join("\n");
        assert!(without.contains(super::CARD));
        std::fs::write(folder.path().join("cccd-qr.txt"), "thẻ của bộ giấy mẫu\n")
            .expect("it can be written");
        let with = first_steps(folder.path()).join("\n");
        assert!(with.contains("     thẻ của bộ giấy mẫu\n") && !with.contains(super::CARD));
    }
}
