//! Who may do it: the whole procedure at the counter, by delegation.

use super::{CLERK, COPIES, COUNTER, DIRECT, House, LEADER, Office, SPECIALIST, act};
use serde_json::{Value, json};
use store::Engine;

impl Office {
    /// An officer lends a post at Yên Bình to the counter, for one procedure and the rest of the year.
    async fn lends(&self, from: &str, role: &str) -> Value {
        let lending = json!({
            "from": self.id_of(from).await, "to": self.id_of(COUNTER).await,
            "agency": self.agency("xa-yen-binh-2025").await, "role": role,
            "procedures": [COPIES.procedure], "valid_from": "2026-11-23", "valid_to": "2026-12-31",
            "kind": "authorisation", "decision": "12/QĐ-UBND",
        });
        self.api.post(from, "/delegations", &lending).await["proposal"].clone()
    }
}

pub(crate) async fn the_whole_procedure_is_settled_at_the_counter(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    assert_eq!(office.lends(SPECIALIST, "specialist").await, Value::Null, "one person lends this");
    for (from, role) in [(LEADER, "leader"), (CLERK, "clerk")] {
        let proposal = office.lends(from, role).await;
        let confirm = format!("/proposals/{}/confirm", proposal.as_str().expect("it takes two"));
        let by_itself = office.api.send(COUNTER, &confirm, &Value::Null).await;
        assert_eq!(by_itself.status, 403, "nobody confirms what he gains");
        office.api.post("quantri", &confirm, &Value::Null).await;
    }
    let dossier = office.open(COUNTER, COPIES, DIRECT).await;
    dossier.received().await;
    dossier.does(COUNTER, act!(collect_fee, amount: 2000, receipt: "BL-0001")).await;
    let at_the_counter = House { specialist: COUNTER, head: COUNTER, leader: COUNTER, clerk: COUNTER };
    dossier.settled(at_the_counter).await;
    dossier.handed_over("counter").await;
    // What was lent for one procedure opens no other.
    let other = office.open(COUNTER, super::ALLOWANCE, DIRECT).await;
    other.received().await;
    other.works(super::HEAD, "tham-dinh", "").await;
    other.cannot(COUNTER, act!(take), "cần vai “Chuyên viên”").await;
    let said = ["Lò Thị Mây, thay mặt Vi Đức Thịnh", "Lò Thị Mây, thay mặt Đặng Thu Hà đưa kết quả vào kho"];
    office.ends_well("whole-at-the-counter", &dossier, &said).await;
}
