//! `motcua audit` as an operator runs it: sealed, written down outside, verified, tampered with, named.

use std::path::Path;

use jiff::Timestamp;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId};
use store::testing::forger::by_hand;
use store::{Config, Db};
use uuid::Uuid;

use crate::program::{Ran, folder, motcua, write};

const DOSSIER: Uuid = Uuid::from_u128(7);

/// A database with a dossier of three events.
async fn laid(data: &Path) -> Db {
    let db = Db::open(&Config::sqlite(data.join("motcua.db"))).await.expect("it opens");
    db.migrate().await.expect("it takes the schema");
    let now = Timestamp::from_second(1_795_000_000).expect("an instant of November 2026");
    let event = &NewEvent {
        subject: Subject::Dossier(DossierId(DOSSIER)),
        dossier: None,
        agency: AgencyId(Uuid::from_u128(1)),
        actor: None,
        on_behalf_of: None,
        purpose: None,
        happened_at: now,
        body: Body::CaseChosen { case: "thường".to_owned() },
    };
    for _ in 0..3 {
        db.act(|mut tx| async move { store::event::append(&mut tx, event, now).await })
            .await
            .expect("appended");
    }
    db
}

fn audit(what: &str, data: &Path, option: &str, file: &Path) -> Ran {
    motcua([
        "audit".as_ref(),
        what.as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
        option.as_ref(),
        file.as_os_str(),
    ])
}

fn verify(data: &Path) -> Ran {
    motcua(["audit".as_ref(), "verify".as_ref(), "--data".as_ref(), data.as_os_str()])
}

#[tokio::test]
async fn what_was_sealed_is_verified_and_a_hand_in_it_is_named() {
    let place = folder();
    let data = place.path();
    let db = laid(data).await;
    let kept = data.join("diem.txt");

    let before = verify(data);
    assert_eq!(before.code, 0, "{}{}", before.said, before.complained);
    assert!(before.said.contains("Chưa có điểm niêm phong nào; 3 sự kiện đang chờ."), "{}", before.said);

    let sealed = audit("seal", data, "--out", &kept);
    assert_eq!(sealed.code, 0, "{}{}", sealed.said, sealed.complained);
    assert!(sealed.said.contains("Đã niêm phong 3 sự kiện; điểm mới nhất là số 1."), "{}", sealed.said);
    let again = audit("seal", data, "--out", &data.join("lan-hai.txt"));
    assert!(again.said.contains("Không có sự kiện mới; điểm mới nhất là số 1"), "{}", again.said);

    let after = audit("verify", data, "--checkpoint", &kept);
    assert_eq!(after.code, 0, "{}{}", after.said, after.complained);
    for told in ["✓ 1 chuỗi, 3 sự kiện: nguyên vẹn.", "Khớp với điểm niêm phong số 1 đã cất bên ngoài."]
    {
        assert!(after.said.contains(told), "{told}: {}", after.said);
    }

    by_hand(&db, "delete from event where subject = $1 and number = 3", &[DOSSIER]).await;
    let found = verify(data);
    assert_eq!(found.code, 1, "{}{}", found.said, found.complained);
    assert!(found.said.contains(&format!("✗ Hồ sơ {DOSSIER}: sự kiện số 3")), "{}", found.said);
    assert!(found.said.contains("đã bị xóa."), "{}", found.said);

    for sql in ["delete from event", "delete from event_order", "delete from audit_checkpoint"] {
        by_hand(&db, sql, &[]).await;
    }
    assert_eq!(verify(data).code, 0, "nothing is left to contradict");
    let found = audit("verify", data, "--checkpoint", &kept);
    assert_eq!(found.code, 1, "{}", found.said);
    assert!(found.said.contains("Điểm niêm phong số 1 đã cất bên ngoài không còn"), "{}", found.said);
}

#[tokio::test]
async fn a_lost_password_and_a_wrong_file_are_said() {
    let place = folder();
    let data = place.path();
    drop(laid(data).await);
    let wrong = write(data, "sai.txt", "number: 1\n");
    let ran = audit("verify", data, "--checkpoint", &wrong);
    assert_eq!(ran.code, 1);
    assert!(ran.complained.contains("không phải tệp điểm niêm phong"), "{}", ran.complained);

    assert_eq!(audit("seal", data, "--out", &data.join("diem.txt")).code, 0);
    std::fs::remove_file(data.join("keys/p12-password")).expect("it was made");
    let ran = verify(data);
    assert_eq!(ran.code, 1);
    assert!(ran.complained.contains("không mở được khóa niêm phong"), "{}", ran.complained);
    assert!(!data.join("keys/p12-password").exists(), "none is drawn in its place");
}

/// The demonstration's office, with a first checkpoint.
async fn sealed_office(data: &Path) {
    let made = motcua(["demo".as_ref(), "--prepare-only".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(made.code, 0, "{}", made.complained);
    drop(laid(data).await);
    assert_eq!(audit("seal", data, "--out", &data.join("diem.txt")).code, 0);
}

fn rotate(data: &Path, login: &str, more: &[&str]) -> Ran {
    let data = data.to_str().expect("a plain path");
    let words = ["audit", "rotate-key", "--data", data, "--by", login, "--reason", "đổi theo năm"];
    motcua(words.iter().chain(more))
}

#[tokio::test]
async fn a_new_key_takes_over_and_a_lost_one_is_told() {
    let place = folder();
    let data = place.path();
    sealed_office(data).await;
    let stranger = rotate(data, "quay.yenbinh", &[]);
    assert_eq!(stranger.code, 1, "{}", stranger.said);
    let there = rotate(data, "quantri", &["--old-key-lost"]);
    assert_eq!(there.code, 1, "{}", there.said);
    assert!(there.complained.contains("Khóa niêm phong cũ vẫn mở được"), "{}", there.complained);

    let done = rotate(data, "quantri", &[]);
    assert_eq!(done.code, 0, "{}", done.complained);
    assert!(done.said.starts_with("✓ Đã đổi khóa niêm phong lần 1, sau điểm số 1"), "{}", done.said);
    let kept = audit("verify", data, "--checkpoint", &data.join("diem.txt"));
    assert_eq!(kept.code, 0, "{}{}", kept.said, kept.complained);
    for told in ["Khóa niêm phong đã đổi 1 lần.", "mới nhất là điểm số 2", "Khớp với điểm niêm phong số 1"]
    {
        assert!(kept.said.contains(told), "{told}: {}", kept.said);
    }
    assert!(!kept.said.contains("không có chữ ký của khóa cũ"), "{}", kept.said);

    std::fs::remove_file(data.join("keys/p12-password")).expect("it was made");
    let lost = rotate(data, "quantri", &["--old-key-lost"]);
    assert_eq!(lost.code, 0, "{}", lost.complained);
    assert!(lost.said.contains("lập biên bản mất khóa"), "{}", lost.said);
    let told = verify(data);
    assert_eq!(told.code, 0, "{}{}", told.said, told.complained);
    assert!(told.said.contains("! Lần đổi khóa số 2"), "{}", told.said);
    assert!(told.said.contains("chỉ khóa mới xác nhận các điểm đến số 2"), "{}", told.said);

    let db = Db::open(&Config::sqlite(data.join("motcua.db"))).await.expect("it opens");
    by_hand(&db, "update audit_key_change set voucher = signature where number = 1", &[]).await;
    let found = verify(data);
    assert_eq!(found.code, 1, "{}", found.said);
    assert!(found.said.contains("✗ Lần đổi khóa niêm phong số 1"), "{}", found.said);
    assert!(found.said.contains("có chữ ký của khóa cũ không đúng"), "{}", found.said);
}
