//! `motcua officer` as the person who installs runs it: the first two administrators, then everybody else,
//! every refusal in words, and the exit code with it.

use std::path::Path;

use crate::program::{Ran, folder, motcua};

const COMMUNE: &str = "xa-yen-binh-2025";

/// The demonstration's office, with its officers.
fn office(data: &Path) {
    let made = motcua(["demo".as_ref(), "--prepare-only".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(made.code, 0, "{}", made.complained);
}

fn officer(data: &Path, words: &[&str]) -> Ran {
    let data = data.to_str().expect("a plain path");
    motcua(["officer"].iter().chain(words).chain(&["--data", data]))
}

fn by<'w>(login: &'w str, words: &[&'w str]) -> Vec<&'w str> {
    [words, &["--by", login]].concat()
}

fn done(data: &Path, login: &str, words: &[&str]) -> String {
    let ran = officer(data, &by(login, words));
    assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.said, ran.complained);
    ran.said
}

fn refused(data: &Path, login: &str, words: &[&str]) -> String {
    let ran = officer(data, &by(login, words));
    assert_eq!((ran.code, ran.said.as_str()), (1, ""), "{words:?}: {}", ran.complained);
    ran.complained
}

/// The lines of the list about one account, without its own.
fn posts(data: &Path, login: &str) -> Vec<String> {
    let list = officer(data, &["list"]).said;
    let head = format!("  {login} — ");
    let from = list.lines().position(|line| line.starts_with(&head)).unwrap_or_else(|| panic!("{list}"));
    let lines = list.lines().skip(from + 1).take_while(|line| line.starts_with("    • "));
    lines.map(|line| line.trim_start_matches("    • ").to_owned()).collect()
}

/// The word behind a colon or at the end of a line, as passwords and ids are said.
fn last_word(line: &str) -> &str {
    line.split_whitespace().last().expect("a word")
}

fn is_password(word: &str) -> bool {
    word.len() == 19 && word.split('-').all(|part| part.len() == 4)
}

#[test]
fn an_installation_begins_with_two_administrators_and_only_once() {
    let folder = folder();
    let data = folder.path().join("data");
    let begin = |agency, second| {
        let words = ["begin", "--agency", agency, "--first", "an=Lò Thị An", "--second", second];
        officer(&data, &words)
    };
    let early = begin(COMMUNE, "binh=Lê Bình");
    assert_eq!(early.code, 1);
    assert!(early.complained.contains("chạy `motcua migrate` trước"), "{}", early.complained);
    let made = motcua(["migrate".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(made.code, 0, "{}", made.complained);

    assert!(begin("xa-khong-co", "binh=Lê Bình").complained.contains("không có đơn vị `xa-khong-co`"));
    let same = begin(COMMUNE, "an=Lê Bình");
    assert_eq!(same.code, 1);
    assert!(same.complained.contains("Tên đăng nhập “an” đã có người dùng"), "{}", same.complained);

    let begun = begin(COMMUNE, "binh=Lê Bình");
    assert_eq!(begun.code, 0, "{}", begun.complained);
    let passwords: Vec<&str> =
        begun.said.lines().filter(|line| line.starts_with("  ")).map(last_word).collect();
    assert!(passwords.len() == 2 && passwords.iter().all(|word| is_password(word)), "{}", begun.said);
    assert_ne!(passwords[0], passwords[1]);
    let list = officer(&data, &["list", "--agency", COMMUNE]).said;
    assert!(list.contains("an — Lò Thị An, Quản trị hệ thống"), "{list}");
    assert!(passwords.iter().all(|word| !list.contains(word)), "said once");
    let again = begin(COMMUNE, "chi=Vi Thị Chi");
    assert_eq!(again.code, 1);
    assert!(again.complained.contains("Hệ thống đã có cán bộ"), "{}", again.complained);
    let audit = motcua(["audit".as_ref(), "verify".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(audit.code, 0, "{}", audit.said);
}

#[test]
fn an_officer_comes_is_given_posts_and_is_locked_out() {
    let folder = folder();
    let data = folder.path().join("data");
    office(&data);
    let add = ["add", "quay3.yenbinh", "--name", "Lục  Văn Bắc", "--agency", COMMUNE];
    assert!(refused(&data, "quay.yenbinh", &add).contains("Quản trị hệ thống"));
    let said = done(&data, "quantri", &add);
    assert!(is_password(last_word(&said)), "{said}");
    assert!(refused(&data, "quantri", &add).contains("đã có người dùng"));
    assert_eq!(posts(&data, "quay3.yenbinh"), [""; 0], "an account is no right");

    let in_commune = ["--agency", COMMUNE, "--decision", "16/QĐ-UBND"];
    let give = |more: &[&'static str]| [&["give", "quay3.yenbinh"], more, &in_commune].concat();
    let counter = ["tiep-nhan", "--from", "2026-01-05", "--to", "2099-12-31", "--procedure", "1.004873"];
    let said = done(&data, "quantri", &give(&counter));
    assert_eq!(
        said.trim(),
        "✓ Đã giao vai “Công chức tiếp nhận” tại Ủy ban nhân dân xã Yên Bình cho Lục Văn Bắc."
    );
    assert!(refused(&data, "quantri", &give(&counter)).contains("Công chức tiếp nhận"));
    let expected = "Công chức tiếp nhận từ 05/01/2026 đến hết 31/12/2099, chỉ với thủ tục 1.004873";
    assert_eq!(posts(&data, "quay3.yenbinh"), [expected]);
    let unknown = officer(&data, &by("quantri", &give(&["giam-doc"])));
    assert_eq!(unknown.code, 2, "a word of the command line");
    assert!(unknown.complained.contains("vai phải là một trong: tiep-nhan"), "{}", unknown.complained);

    // A high role takes two administrators.
    let said = done(&data, "quantri", &give(&["van-thu", "--from", "2026-01-05"]));
    let proposal = said.split_whitespace().nth_back(2).expect("its id");
    assert_eq!(posts(&data, "quay3.yenbinh").len(), 1, "it waits");
    let waiting = done(&data, "quantri2", &["proposals"]);
    assert!(waiting.starts_with(&format!("{proposal}: giao vai “Văn thư” cho Lục Văn Bắc")), "{waiting}");
    assert!(refused(&data, "quantri", &["confirm", proposal]).contains("cần hai người"));
    done(&data, "quantri2", &["confirm", proposal]);
    assert!(posts(&data, "quay3.yenbinh").contains(&"Văn thư từ 05/01/2026".to_owned()));
    assert_eq!(done(&data, "quantri2", &["proposals"]).trim(), "Không có đề xuất nào chờ xác nhận.");

    let withdraw = [&["withdraw", "quay3.yenbinh", "van-thu"], &in_commune[..]].concat();
    assert!(done(&data, "quantri", &withdraw).contains("thôi vai “Văn thư”"));
    assert!(refused(&data, "quantri", &withdraw).contains("không giữ vai “Văn thư”"));
    assert_eq!(posts(&data, "quay3.yenbinh"), [expected]);

    done(&data, "quantri", &["lock", "quay3.yenbinh", "--reason", "chuyển công tác"]);
    assert!(officer(&data, &["list"]).said.contains("quay3.yenbinh — Lục Văn Bắc (đã khóa)"));
    let himself = refused(&data, "quantri", &["lock", "quantri", "--reason", "thử"]);
    assert!(himself.contains("Không tự khóa"), "{himself}");
    done(&data, "quantri", &["unlock", "quay3.yenbinh"]);
    let password = done(&data, "quantri", &["password", "quay3.yenbinh"]);
    assert!(is_password(last_word(&password)), "{password}");
    let nobody = officer(&data, &by("quantri", &["password", "khong.co"]));
    assert_eq!(nobody.code, 1);
    assert!(nobody.complained.contains("không có tài khoản `khong.co`"), "{}", nobody.complained);
    let audit = motcua(["audit".as_ref(), "verify".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(audit.code, 0, "{}", audit.said);
}

#[test]
fn a_post_is_lent_for_some_days_and_taken_back() {
    let folder = folder();
    let data = folder.path().join("data");
    office(&data);
    let lend = |role, more: &[&'static str]| {
        let to = ["--to-officer", "chuyenvien2.yenbinh", "--agency", COMMUNE, "--decision", "9/QĐ-UBND"];
        [&["lend", "truongphong.yenbinh", role], &to[..], more].concat()
    };
    let days = ["--from", "2026-01-05", "--to", "2099-12-31"];
    let said = done(&data, "quantri", &lend("lanh-dao-phong", &days));
    assert!(said.contains("Sầm Văn Páo làm thay Nông Thị Hiên, vai “Lãnh đạo phòng”"), "{said}");
    let id = last_word(&said).trim_end_matches('.').to_owned();
    let held = posts(&data, "chuyenvien2.yenbinh");
    let expected =
        format!("Lãnh đạo phòng thay Nông Thị Hiên từ 05/01/2026 đến hết 31/12/2099 (9/QĐ-UBND), mã {id}");
    assert_eq!(held.last(), Some(&expected), "{held:?}");
    let other = refused(&data, "quantri", &lend("van-thu", &days));
    assert!(other.contains("Văn thư"), "{other}");
    let past = ["--from", "2026-01-05", "--to", "2026-01-04"];
    assert!(refused(&data, "quantri", &lend("lanh-dao-phong", &past)).contains("Ngày cuối"));
    let unnamed = [&days[..], &["--authorise"]].concat();
    assert!(refused(&data, "quantri", &lend("lanh-dao-phong", &unnamed)).contains("thủ tục"));
    done(&data, "quantri", &["take-back", &id, "--reason", "đã đi làm lại"]);
    assert_eq!(posts(&data, "chuyenvien2.yenbinh").len(), held.len() - 1);
    assert!(refused(&data, "quantri", &["take-back", &id, "--reason", "lại"]).contains("xong từ trước"));
}
