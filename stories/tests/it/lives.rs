//! Whole lives of dossiers through the API of the acts, each in an office of its own whose clock stands
//! until the life moves it. A life ends with the explanation of its date, its events in sentences (one
//! golden file for both engines, in `lives/told`) and the audit chain verified.

pub(crate) mod arrivals;
pub(crate) mod consults;
pub(crate) mod endings;
pub(crate) mod linked;
pub(crate) mod payments;
pub(crate) mod people;
pub(crate) mod silence;
pub(crate) mod steps;
pub(crate) mod supplements;
mod told;
pub(crate) mod waits;

use crate::api::Api;
use crate::installation::Installation;
use serde_json::{Value, json};
use std::sync::Arc;
use store::Engine;

/// An act as the API takes it: `act!(finish_step, to: "ky", opinion: "Đủ điều kiện")`.
macro_rules! act {
    ($act:ident $(, $field:ident : $value:expr)* $(,)?) => {
        serde_json::json!({ "act": stringify!($act), $((stringify!($field)): $value),* })
    };
}
pub(crate) use act;

/// The officers of one agency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct House {
    pub(crate) specialist: &'static str,
    pub(crate) head: &'static str,
    pub(crate) leader: &'static str,
    pub(crate) clerk: &'static str,
}

pub(crate) const COUNTER: &str = "quay.yenbinh";
pub(crate) const SPECIALIST: &str = "chuyenvien.yenbinh";
pub(crate) const SECOND_SPECIALIST: &str = "chuyenvien2.yenbinh";
pub(crate) const HEAD: &str = "truongphong.yenbinh";
pub(crate) const LEADER: &str = "lanhdao.yenbinh";
pub(crate) const CLERK: &str = "vanthu.yenbinh";
/// The province's centre, where anything may be handed in.
pub(crate) const CENTRE: &str = "quay.tinh";
/// Reads what any agency of the demonstration has to do with.
const READER: &str = "kiemsoat";

pub(crate) const YEN_BINH: House = House { specialist: SPECIALIST, head: HEAD, leader: LEADER, clerk: CLERK };

/// A procedure as a life asks for it, with how each of its papers is brought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) procedure: &'static str,
    pub(crate) papers: &'static [(&'static str, &'static str)],
}

/// Trợ cấp xã hội hằng tháng: ten working days, every kind of step; one original is lent to the office.
pub(crate) const ALLOWANCE: Wanted = Wanted {
    procedure: "1.001776",
    papers: &[("xac-nhan-khuyet-tat", "on_paper"), ("giay-to-tuy-than", "shown")],
};
/// Chứng thực bản sao: the same day.
pub(crate) const COPIES: Wanted =
    Wanted { procedure: "2.000815", papers: &[("ban-chinh", "shown"), ("ban-sao", "on_paper")] };

/// How a dossier came.
pub(crate) const DIRECT: &str = "direct";
pub(crate) const ONLINE: &str = "online";
pub(crate) const BY_POST: &str = "post";

/// An office with its own clock.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) installation: Installation,
    pub(crate) api: Arc<Api>,
}

impl Office {
    /// An office of that moment, by the wall clock of the law.
    pub(crate) async fn at(engine: Engine, moment: &'static str) -> Self {
        let installation = Installation::start_at(engine, moment).await;
        let api = Arc::new(Api::new(&installation.address));
        Self { installation, api }
    }

    /// Moves the clock; the watch keeps its round.
    pub(crate) async fn clock(&self, to: &str) {
        self.api.post(READER, "/clock", &json!({ "to": instant(to) })).await;
    }

    /// Opens a dossier at a counter.
    pub(crate) async fn open(&self, counter: &'static str, wanted: Wanted, channel: &str) -> Dossier {
        self.open_for(counter, wanted, channel, Value::Null).await
    }

    /// The same, to be settled by an agency named.
    pub(crate) async fn open_for(
        &self,
        counter: &'static str,
        wanted: Wanted,
        channel: &str,
        competent: Value,
    ) -> Dossier {
        let new = json!({
            "applicant": applicant(), "procedure": wanted.procedure, "channel": channel, "competent": competent,
        });
        let opened = self.api.post(counter, "/dossiers", &new).await;
        self.dossier(&opened["id"], counter, wanted)
    }

    /// A dossier by its id.
    pub(crate) fn dossier(&self, id: &Value, counter: &'static str, wanted: Wanted) -> Dossier {
        let id = id.as_str().expect("ids are text").to_owned();
        Dossier { api: Arc::clone(&self.api), id, counter, wanted }
    }

    /// An officer's id.
    pub(crate) async fn id_of(&self, login: &str) -> Value {
        self.api.get(login, "/me").await["id"].clone()
    }

    /// An agency's id, by its key.
    pub(crate) async fn agency(&self, key: &str) -> Value {
        let agencies = self.api.get(READER, "/agencies").await;
        let found = agencies.as_array().and_then(|all| all.iter().find(|agency| agency["key"] == key));
        found.unwrap_or_else(|| panic!("no agency {key}"))["id"].clone()
    }
}

/// One dossier of a life.
#[derive(Clone, Debug)]
pub(crate) struct Dossier {
    api: Arc<Api>,
    pub(crate) id: String,
    /// Where it was opened.
    counter: &'static str,
    wanted: Wanted,
}

impl Dossier {
    /// Does an act that must succeed.
    pub(crate) async fn does(&self, login: &str, act: Value) {
        self.api.post(login, &self.path("/acts"), &act).await;
    }

    /// Tries an act that must be refused, with this said; nothing happens.
    pub(crate) async fn cannot(&self, login: &str, act: Value, said: &str) {
        let before = self.get("version").await;
        let answer = self.api.send(login, &self.path("/acts"), &act).await;
        assert!((400..500).contains(&answer.status), "{login} may not: {act}, got {}", answer.status);
        assert!(answer.said().contains(said), "{act}: {}", answer.said());
        assert_eq!(before, self.get("version").await, "a refused act leaves the dossier as it was");
    }

    /// The papers are brought to its counter.
    pub(crate) async fn papers(&self) {
        for (component, mark) in self.wanted.papers {
            self.does(self.counter, act!(mark, component: component, mark: mark)).await;
        }
    }

    /// Brought complete, received, and handed to the first step's agency.
    pub(crate) async fn received(&self) {
        self.papers().await;
        self.does(self.counter, act!(receive)).await;
        self.does(self.counter, act!(transfer)).await;
    }

    /// An officer takes it at its step and passes it on with an opinion.
    pub(crate) async fn works(&self, login: &str, to: &str, opinion: &str) {
        self.does(login, act!(take)).await;
        self.does(login, act!(finish_step, to: to, opinion: opinion)).await;
    }

    /// The specialist has it in hand at the step that examines.
    pub(crate) async fn examined_by(&self, specialist: &str) {
        self.works(HEAD, "tham-dinh", "").await;
        self.does(specialist, act!(take)).await;
    }

    /// From the head's inbox to the sealed result, without anything out of the way.
    pub(crate) async fn granted(&self) {
        self.examined_by(SPECIALIST).await;
        self.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ điều kiện")).await;
        self.settled(YEN_BINH).await;
    }

    /// From the draft to the sealed result: drafted, approved where the process wants it, signed, sealed.
    pub(crate) async fn settled(&self, house: House) {
        self.does(house.specialist, act!(take)).await;
        self.drafted(house.specialist, None).await;
        self.signed_and_sealed(house).await;
    }

    /// Drafts a result of a kind, or of the kind the case gives.
    pub(crate) async fn drafted(&self, specialist: &str, kind: Option<&str>) {
        let answers = json!({
            "title": "Kết quả giải quyết",
            "body": "Giải quyết theo hồ sơ đã thẩm định.",
            "signer_capacity": "TM. Ủy ban nhân dân",
            "signer_name": "Người ký",
        });
        self.does(specialist, act!(draft, kind: kind, answers: answers)).await;
    }

    /// What follows the draft in hand, as its process names it.
    pub(crate) async fn signed_and_sealed(&self, house: House) {
        if self.get("procedure").await.as_str().is_some_and(|code| HAS_APPROVAL.contains(&code)) {
            self.does(house.specialist, act!(finish_step, to: "duyet")).await;
            self.works(house.head, "ky", "Đồng ý").await;
        } else {
            self.does(house.specialist, act!(finish_step, to: "ky")).await;
        }
        self.leader_and_clerk(house).await;
    }

    /// Signed by the one, numbered and sealed by the other.
    pub(crate) async fn leader_and_clerk(&self, house: House) {
        self.does(house.leader, act!(take)).await;
        let read = self.get("result").await["sha256"].clone();
        self.does(house.leader, act!(sign, read_sha256: read, to: "dong-dau")).await;
        self.does(house.clerk, act!(take)).await;
        self.does(house.clerk, act!(seal, to: "tra")).await;
        self.is("done").await;
    }

    /// Handed over in some way, with whatever was lent.
    pub(crate) async fn handed_over(&self, way: &str) {
        self.does(self.counter, act!(hand_over, way: way, originals_returned: true)).await;
        self.is("handed_over").await;
    }

    /// The dossier as the API tells it.
    pub(crate) async fn now(&self) -> Value {
        self.api.get(READER, &self.path("")).await
    }

    pub(crate) async fn get(&self, field: &str) -> Value {
        self.now().await[field].clone()
    }

    /// It is in this state.
    pub(crate) async fn is(&self, state: &str) {
        assert_eq!(self.get("state").await, state);
    }

    /// It is due at this moment of the legal clock.
    pub(crate) async fn is_due(&self, moment: &str) {
        assert_eq!(at(&self.get("due").await), moment);
    }

    /// Who must act next, what, and by when.
    pub(crate) async fn next(&self, act: &str, role: &str, by: &str) {
        let next = self.get("next").await;
        let said = (next["act"].as_str(), next["role"].as_str(), at(&next["by"]));
        assert_eq!(said, (Some(act), Some(role), by.to_owned()), "{next}");
    }

    /// The id of the consultation of an agency.
    pub(crate) async fn consultation_of(&self, agency: &Value) -> Value {
        let asked = self.get("consultations").await;
        let of = asked.as_array().and_then(|all| all.iter().find(|asked| asked["agency"] == *agency));
        of.expect("the agency was asked")["id"].clone()
    }

    /// The open alarms on it that an officer is shown.
    pub(crate) async fn alarms(&self, login: &str) -> Vec<Value> {
        let alarms = self.api.get(login, "/alarms").await;
        let of_it = alarms.as_array().expect("a list").iter().filter(|alarm| alarm["dossier"] == *self.id);
        of_it.cloned().collect()
    }

    /// Has something of this kind happened to it?
    pub(crate) async fn has_event(&self, kind: &str) -> bool {
        self.events().await.iter().any(|event| event["kind"] == kind)
    }

    fn path(&self, below: &str) -> String {
        format!("/dossiers/{}{below}", self.id)
    }
}

/// Procedures whose process has the draft approved before it is signed.
const HAS_APPROVAL: [&str; 3] = ["1.001776", "1.013225", "1.013949"];

/// Who hands in.
pub(crate) fn applicant() -> Value {
    json!({
        "number": "038191000417", "name": "Nguyễn Thị Ngoãn", "born_on": "2/9/1991", "sex": "nu",
        "address": "Thôn Đông Hạ, xã Yên Bình", "phone": "",
    })
}

/// A moment of the legal wall clock as an instant.
fn instant(moment: &str) -> String {
    format!("{moment}:00+07:00")
}

/// The moment of a date with its instant, on the legal wall clock; `never` where there is none.
fn at(due: &Value) -> String {
    due["at"].as_str().map_or_else(|| "never".to_owned(), told::legal)
}
