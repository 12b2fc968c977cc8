//! Dossiers that do not go one agency's way: three procedures in one, and a ministry's own.

use super::{CENTRE, COUNTER, DIRECT, Dossier, House, Office, READER, Wanted, YEN_BINH, act};
use serde_json::{Value, json};
use store::Engine;

/// Khai sinh, then at once thường trú with the police and the insurance card with the insurance.
const BIRTH: Wanted = Wanted {
    procedure: "2.002621",
    papers: &[("giay-chung-sinh", "on_paper"), ("giay-to-tuy-than", "shown")],
};

const POLICE: House = House {
    specialist: "chuyenvien.congan",
    head: "truongphong.congan",
    leader: "lanhdao.congan",
    clerk: "vanthu.congan",
};
const INSURANCE: House =
    House { specialist: "chuyenvien.bhxh", head: "", leader: "lanhdao.bhxh", clerk: "vanthu.bhxh" };

/// The part of a whole with this name.
async fn part(office: &Office, whole: &Dossier, name: &str) -> Dossier {
    let parts = whole.get("parts").await;
    let part = parts.as_array().and_then(|parts| parts.iter().find(|part| part["part"] == name));
    office.dossier(&part.expect("the part was opened")["dossier"], COUNTER, BIRTH)
}

pub(crate) async fn three_procedures_over_three_agencies_are_one_dossier(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let whole = office.open(COUNTER, BIRTH, DIRECT).await;
    whole.received().await;
    let (birth, residence, card) = (
        part(&office, &whole, "khai-sinh").await,
        part(&office, &whole, "thuong-tru").await,
        part(&office, &whole, "the-bhyt").await,
    );
    // One code, which the applicant knows; the next dossier of the day is the second.
    for part in [&birth, &residence, &card] {
        assert_eq!(part.get("code").await, Value::Null);
        assert_eq!(part.get("part_of").await, *whole.id);
    }
    let next = office.open(COUNTER, super::COPIES, DIRECT).await;
    next.received().await;
    assert_eq!(next.get("code").await, "H99.101-261123-0002");

    residence.is("awaiting_parts").await;
    card.is("awaiting_parts").await;
    residence.cannot(POLICE.head, act!(take), "Chờ kết quả phần việc trước").await;
    birth.does(COUNTER, act!(transfer)).await;
    birth.settled(YEN_BINH).await;

    // Both begin when the birth is registered, each under its own clock.
    office.clock("2026-11-23T10:00").await;
    residence.is_due("2026-12-03T08:00").await;
    card.is_due("2026-11-26T08:00").await;
    whole.settled(YEN_BINH).await;
    whole.cannot(COUNTER, act!(hand_over, way: "counter"), "Còn 2 phần việc liên thông chưa xong").await;
    card.settled(INSURANCE).await;
    residence.does(POLICE.head, act!(take)).await;
    residence.does(POLICE.head, act!(finish_step, to: "tham-dinh")).await;
    residence.works(POLICE.specialist, "du-thao", "Đủ điều kiện đăng ký").await;
    residence.does(POLICE.specialist, act!(take)).await;
    residence.drafted(POLICE.specialist, None).await;
    residence.does(POLICE.specialist, act!(finish_step, to: "kiem-tra")).await;
    residence.works(POLICE.head, "ky", "Đồng ý").await;
    residence.leader_and_clerk(POLICE).await;
    residence.cannot(COUNTER, act!(hand_over, way: "counter"), "trả kết quả hoặc rút ở hồ sơ chung").await;
    whole.handed_over("counter").await;
    for part in [&birth, &residence, &card] {
        part.is("handed_over").await;
        assert!(!part.has_event("alarm_raised").await, "a part that is done waits for its whole");
    }
    let said = [
        "H99.101-261123-0001",
        "mở phần việc liên thông “khai-sinh”",
        "ghi nhận một phần việc liên thông đã xong",
    ];
    office.ends_well("linked", &whole, &said).await;
}

pub(crate) async fn a_ministrys_dossier_is_mirrored_and_nobody_acts_on_it(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let record = Wanted { procedure: "3.000333", papers: &[] };
    let new = json!({ "applicant": super::applicant(), "procedure": record.procedure });
    let answer = office.api.send(CENTRE, "/dossiers", &new).await;
    assert_eq!(answer.status, 422, "it is not received here");
    let news = |number: u8, status: &str, due: Value| {
        json!({
            "code": "G01.899.107-261123-0042", "procedure": record.procedure, "channel": "online",
            "applicant": super::applicant(), "number": number, "status": status, "due_at": due,
        })
    };
    let due = json!("2026-12-03T17:00:00+07:00");
    let first = office.api.post(CENTRE, "/mirrors", &news(2, "Đã tiếp nhận", due.clone())).await;
    let mirror = office.dossier(&first["id"], CENTRE, record);
    mirror.is("mirrored").await;
    mirror.is_due("2026-12-03T17:00").await;
    let said = "do hệ thống của bộ, ngành giải quyết; ở đây chỉ xem và theo dõi";
    mirror.cannot(CENTRE, act!(receive), said).await;
    mirror.cannot(CENTRE, act!(withdraw, reason: "Thôi", originals_returned: true), said).await;
    office.clock("2026-12-02T09:00").await;
    let again = office.api.post(CENTRE, "/mirrors", &news(9, "Đã có kết quả", due.clone())).await;
    assert_eq!(first, again, "the same dossier is brought up to date");
    office.clock("2026-12-04T09:00").await;
    office.api.post(CENTRE, "/mirrors", &news(10, "Đã trả kết quả", due)).await;
    assert_eq!(mirror.get("number").await, 10);
    assert!(mirror.alarms(READER).await.is_empty(), "nobody here owes it anything");
    let told = ["10), granted", "Ngày hẹn trả do Hệ thống thông tin lý lịch tư pháp của Bộ Công an đặt."];
    office.ends_well("mirrored", &mirror, &told).await;
}
