//! `motcua procedure` as the keeper of the catalogue runs it: from a file to a revision in force, and
//! back; every refusal in words, and the exit code with it.

use std::path::Path;

use crate::program::{Ran, folder, motcua, write};

const SHIPPED: &str = include_str!("../../../../procedures/1.004873/1.toml");

/// The demonstration's office, with its officers.
fn office(data: &Path) {
    let made = motcua(["demo".as_ref(), "--prepare-only".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(made.code, 0, "{}", made.complained);
}

fn procedure(data: &Path, words: &[&str]) -> Ran {
    let data = data.to_str().expect("a plain path");
    motcua(["procedure"].iter().chain(words).chain(&["--data", data]))
}

fn by<'w>(login: &'w str, words: &[&'w str]) -> Vec<&'w str> {
    [words, &["--by", login]].concat()
}

#[test]
fn a_file_is_checked_with_every_fault_at_once() {
    let folder = folder();
    let check = |name: &str, text: &str| {
        let file = write(folder.path(), name, text);
        motcua(["procedure".as_ref(), "check".as_ref(), file.as_os_str()])
    };
    let sound = check("sound.toml", SHIPPED);
    assert_eq!(sound.code, 0, "{}", sound.complained);
    assert!(sound.said.starts_with("✓ 1.004873 Cấp Giấy xác nhận tình trạng hôn nhân"), "{}", sound.said);
    let no_way_back =
        SHIPPED.replacen("next = [\"dong-dau\"]\nback_to = [\"du-thao\"]", "next = [\"tra\"]", 1);
    let unsound = check("unsound.toml", &no_way_back);
    assert_eq!(unsound.code, 1);
    assert!(unsound.said.contains("✗ bước “"), "{}", unsound.said);
    assert!(unsound.said.contains("đến đây kết quả chưa đóng dấu"), "{}", unsound.said);
    assert_eq!(unsound.said.lines().filter(|line| line.starts_with('✗')).count(), 4, "{}", unsound.said);
    let misspelt = check("misspelt.toml", &SHIPPED.replacen("field = ", "feild = ", 1));
    assert_eq!(misspelt.code, 1);
    assert!(misspelt.complained.contains("không có mục nào tên `feild`"), "{}", misspelt.complained);
}

#[test]
fn a_procedure_goes_out_comes_in_changed_is_published_and_taken_back() {
    let folder = folder();
    let data = folder.path().join("data");
    office(&data);
    let file = folder.path().join("thu-tuc.toml");
    let path = file.to_str().expect("a plain path");
    let done = procedure(&data, &["export", "1.004873", "--out", path]);
    assert_eq!(done.code, 0, "{}", done.complained);
    let text = std::fs::read_to_string(&file).expect("it was written");
    std::fs::write(&file, text.replacen("working_days = 3", "working_days = 5", 1)).expect("changed");

    let said = procedure(&data, &["diff", "1.004873", "1", path]).said;
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("thời hạn 3 → 5 ngày làm việc"), "{said}");

    let stranger = procedure(&data, &by("quay.yenbinh", &["import", path]));
    assert_eq!(stranger.code, 1);
    let imported = procedure(&data, &by("quantri", &["import", path]));
    assert_eq!(imported.code, 0, "{}", imported.complained);
    assert!(imported.said.contains("Đã nạp bản nháp của thủ tục 1.004873, lần 1"), "{}", imported.said);

    let publish = ["publish", "1.004873", "--decision", "12/QĐ-UBND", "--from", "2027-01-01"];
    let published = procedure(&data, &by("quantri", &publish));
    assert_eq!(published.code, 0, "{}", published.complained);
    assert!(published.said.contains("phiên bản 2"), "{}", published.said);
    let again = procedure(&data, &by("quantri", &publish));
    assert_eq!(again.code, 1);
    assert!(again.complained.contains("Chưa có bản nháp nào"), "{}", again.complained);

    let back = ["rollback", "1.004873", "1", "--decision", "13/QĐ-UBND", "--from", "2027-02-01"];
    assert_eq!(procedure(&data, &by("quantri", &back)).code, 0);
    assert_eq!(
        procedure(&data, &["diff", "1.004873", "1", "3"]).said.lines().count(),
        2,
        "only the decision and the day"
    );
    let retire = ["retire", "1.004873", "--decision", "14/QĐ-UBND", "--last-day", "2027-06-30"];
    assert_eq!(procedure(&data, &by("quantri", &retire)).code, 0);
    let history = procedure(&data, &["history", "1.004873"]).said;
    let lines: Vec<&str> = history.lines().collect();
    assert_eq!(lines.len(), 3, "{history}");
    assert!(lines[0].starts_with("Phiên bản 3: từ 01/02/2027 đến hết 30/06/2027; 13/QĐ-UBND"), "{history}");
    assert!(lines[0].ends_with("lấy lại nội dung phiên bản 1"), "{history}");
    let audit = motcua(["audit".as_ref(), "verify".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(audit.code, 0, "{}", audit.said);
}

#[test]
fn a_process_goes_out_and_comes_in_as_a_drawing() {
    let folder = folder();
    let data = folder.path().join("data");
    office(&data);
    let drawing = procedure(&data, &["export", "1.000656", "--bpmn"]);
    assert_eq!(drawing.code, 0, "{}", drawing.complained);
    let file = write(folder.path(), "quy-trinh.bpmn", &drawing.said);
    let path = file.to_str().expect("a plain path");
    assert_eq!(procedure(&data, &by("quantri", &["import", path])).code, 1, "it does not say of what");
    let imported = procedure(&data, &by("quantri", &["import", path, "--code", "1.000656"]));
    assert_eq!(imported.code, 0, "{}", imported.complained);
    let said = procedure(&data, &["diff", "1.000656", "1", "nhap"]).said;
    assert_eq!(said.trim(), "Hai bản có cùng nội dung.");
    let poor = write(folder.path(), "poor.bpmn", drawing.said.replacen(" role=\"leader\"", "", 1));
    let refused = procedure(
        &data,
        &by("quantri", &["import", poor.to_str().expect("a plain path"), "--code", "1.000656"]),
    );
    assert_eq!(refused.code, 1);
    assert!(refused.complained.contains("thiếu `role`"), "{}", refused.complained);
}

#[test]
fn a_draft_is_tried_on_the_past() {
    let folder = folder();
    let data = folder.path().join("data");
    office(&data);
    let file = write(folder.path(), "thu-tuc.toml", SHIPPED);
    let path = file.to_str().expect("a plain path");
    let tried = procedure(&data, &["dry-run", path, "--from", "2026-01-01", "--to", "2026-12-31"]);
    assert_eq!(tried.code, 0, "{}", tried.complained);
    assert!(tried.said.starts_with("Đã chạy lại "), "{}", tried.said);
    let calendar = write(folder.path(), "lich.toml", include_str!("../../../../calendars/vn-2026.toml"));
    let calendar = calendar.to_str().expect("a plain path");
    let words = ["dry-run", path, "--from", "2026-01-01", "--to", "2026-12-31", "--calendar", calendar];
    assert_eq!(procedure(&data, &words).said, tried.said, "the same year changes nothing");
    let unknown = "year = 2090\nbasis = \"proposed\"\n\n[[day]]\non = \"2090-01-02\"\nis = \"off\"\nreason = \"Nghỉ\"\n\
                   law = \"chưa có\"\nsure = \"low\"\n";
    let unknown = write(folder.path(), "xa.toml", unknown);
    let unknown = unknown.to_str().expect("a plain path");
    let words = ["dry-run", path, "--from", "2026-01-01", "--to", "2026-12-31", "--calendar", unknown];
    let refused = procedure(&data, &words);
    assert_eq!(refused.code, 1, "{}", refused.said);
    assert!(refused.complained.contains("Chưa có lịch nghỉ của năm 2090"), "{}", refused.complained);
}
