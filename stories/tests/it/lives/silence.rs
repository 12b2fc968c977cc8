//! No open dossier is ever silent: who loses his post, and what is late, raises an alarm that names who
//! must act, and ends when somebody has.

use super::{ALLOWANCE, COUNTER, DIRECT, HEAD, Office, SPECIALIST, YEN_BINH, act};
use serde_json::{Value, json};
use store::Engine;

/// Helps out at Yên Bình for some days.
const SECONDED: &str = "chuyenvien.xaydung";

pub(crate) async fn a_dossier_whose_officer_is_gone_calls_for_the_head(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let commune = office.agency("xa-yen-binh-2025").await;
    let seconded = office.id_of(SECONDED).await;
    let post = json!({
        "officer": seconded, "agency": commune, "role": "specialist",
        "valid_from": "2026-11-23", "valid_to": "2026-11-25",
    });
    assert_eq!(office.api.post("quantri", "/posts", &post).await["proposal"], Value::Null);
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.does(HEAD, act!(take)).await;
    dossier.does(HEAD, act!(finish_step, to: "tham-dinh", officer: seconded)).await;
    // Nobody may take the post from him while he has work in hand; but its last day comes.
    let ended = json!({ "officer": seconded, "agency": commune, "role": "specialist" });
    assert_eq!(office.api.send("quantri", "/posts/end", &ended).await.status, 422);
    office.clock("2026-11-25T16:59").await;
    assert_eq!(dossier.alarms(HEAD).await.len(), 0);
    office.clock("2026-11-26T00:00").await;
    let alarms = dossier.alarms(HEAD).await;
    assert_eq!(alarms.len(), 1, "within one round of the watch: {alarms:?}");
    assert_eq!((&alarms[0]["kind"], &alarms[0]["role"]), (&json!("nobody"), &json!("head")));
    assert_eq!(alarms[0]["agency"], commune);
    let takes_over = office.id_of(SPECIALIST).await;
    dossier.does(HEAD, act!(reassign, officer: takes_over, reason: "hết thời gian tăng cường")).await;
    office.clock("2026-11-26T07:00").await;
    assert_eq!(dossier.alarms(HEAD).await.len(), 0, "somebody has taken over");
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ điều kiện")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = [
        "báo động: không có ai đang giữ vai phải xử lý hồ sơ; nơi phải xử lý: Ủy ban nhân dân xã Yên Bình",
        "2026-11-26T07:00 alarm_cleared: Hệ thống",
    ];
    office.ends_well("its-officer-is-gone", &dossier, &said).await;
}

pub(crate) async fn a_step_that_is_late_calls_for_who_does_it(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.next("take", "head", "2026-11-23T10:00").await;
    office.clock("2026-11-23T10:00").await;
    assert_eq!(dossier.alarms(HEAD).await.len(), 0, "still in time");
    office.clock("2026-11-23T10:01").await;
    let alarms = dossier.alarms(HEAD).await;
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    assert_eq!((&alarms[0]["kind"], &alarms[0]["role"]), (&json!("late"), &json!("head")));
    // A second round says nothing twice.
    office.clock("2026-11-23T10:02").await;
    assert_eq!(dossier.alarms(HEAD).await.len(), 1);
    dossier.works(HEAD, "tham-dinh", "").await;
    office.clock("2026-11-23T10:03").await;
    assert_eq!(dossier.alarms(HEAD).await.len(), 0);
    dossier.does(SPECIALIST, act!(take)).await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ điều kiện")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = ["báo động: việc tiếp theo đã quá hạn", "2026-11-23T10:03 alarm_cleared: Hệ thống"];
    office.ends_well("late", &dossier, &said).await;
}
