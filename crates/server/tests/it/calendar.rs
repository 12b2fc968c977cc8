//! `motcua calendar`: a year is proposed, looked over, and decided after its list was shown.

use crate::program::{Ran, folder, motcua, write};

fn calendar(arguments: &[&str]) -> Ran {
    motcua([&["calendar"], arguments].concat())
}

#[test]
fn a_proposed_year_is_a_file_that_is_without_faults_until_a_day_is_lost() {
    let folder = folder();
    let proposed = calendar(&["propose", "2028"]);
    assert_eq!(proposed.code, 0, "{}", proposed.complained);
    for line in ["basis = \"proposed\"", "on = \"2028-01-26\"", "reason = \"Giỗ Tổ Hùng Vương\""] {
        assert!(proposed.said.contains(line), "{line} in {}", proposed.said);
    }
    let file = write(folder.path(), "vn-2028.toml", &proposed.said);
    let checked = calendar(&["check", &file.to_string_lossy()]);
    assert_eq!((checked.code, checked.said.trim()), (0, "✓ lịch nghỉ năm 2028: không có lỗi."));
    let lost = write(folder.path(), "lost.toml", proposed.said.replace("2028-11-24", "2028-11-23"));
    let checked = calendar(&["check", &lost.to_string_lossy()]);
    assert_eq!(checked.code, 1);
    assert_eq!(checked.said.trim(), "✗ thiếu ngày nghỉ 24/11/2028: Ngày Văn hóa Việt Nam (NQ 28/2026/QH16)");
}

#[test]
fn a_calendar_of_a_unit_is_listed_for_and_decided_by_an_administrator_only() {
    let folder = folder();
    let data = folder.path().join("data");
    let data = data.to_string_lossy();
    let file = write(
        folder.path(),
        "xa.toml",
        "unit = \"xa-ban-lang-2025\"\ndecision = \"QĐ 15\"\n[[day]]\non = \"2026-12-01\"\nis = \"off\"\n\
         reason = \"ngày hội\"\nlaw = \"QĐ 15\"\nsure = \"read\"\n",
    );
    let file = file.to_string_lossy();
    let nowhere = calendar(&["affected", &file, "--data", &data]);
    assert_eq!(nowhere.code, 1);
    assert!(nowhere.complained.contains("motcua migrate"), "{}", nowhere.complained);
    assert_eq!(motcua(["migrate", "--data", &data]).code, 0);
    let affected = calendar(&["affected", &file, "--data", &data]);
    assert_eq!(affected.code, 0, "{}", affected.complained);
    let shown = affected.said.trim().strip_prefix("0 hồ sơ đổi ngày hẹn trả. Mã danh sách: ");
    let shown = shown.expect("nobody is moved in an empty office");
    let by_nobody = calendar(&["decide", &file, "--data", &data, "--shown", shown, "--by", "khong.co"]);
    assert_eq!(by_nobody.code, 1);
    assert_eq!(by_nobody.complained.trim(), "✗ Không có đơn vị hoặc tài khoản này trong cơ sở dữ liệu");
}
