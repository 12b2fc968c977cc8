//! A small office for the tests of this crate: three agencies, two officers, one person, one procedure
//! and dossiers opened under it. All numbers are invented.

use crate::people::{NumberKind, Officer, Party, PartyKind, PartyNumber};
use crate::{Db, Error, dossier, people, procedure, time};
use jiff::{SignedDuration, Timestamp};
use rules::dossier::{Dossier, DossierPeople, State};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId, OfficerId, PartyId};
use rules::people::{AgencyScope, Post, Role};
use rules::procedure::{Channel, Procedure};
use rules::unit::Unit;
use serde_json::json;
use uuid::Uuid;

pub(crate) fn now() -> Timestamp {
    "2026-11-21T07:30:00Z".parse().expect("a valid instant")
}

pub(crate) fn after(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

/// A digest as columns want it: 64 letters.
pub(crate) fn sha256(letter: char) -> String {
    letter.to_string().repeat(64)
}

#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) commune: AgencyId,
    pub(crate) province: AgencyId,
    /// Has nothing to do with the others' dossiers.
    pub(crate) elsewhere: AgencyId,
    pub(crate) counter: OfficerId,
    pub(crate) specialist: OfficerId,
    pub(crate) holder: PartyId,
    pub(crate) procedure: Procedure,
}

pub(crate) fn unit(key: &str, code: &str) -> Unit {
    serde_json::from_value(json!({
        "key": key, "name": format!("Ủy ban nhân dân {key}"), "heading": ["ỦY BAN NHÂN DÂN", key],
        "level": "commune", "kind": "peoples_committee", "code": code, "valid_from": "2025-07-01",
        "place": "An Cựu",
    }))
    .expect("a sound unit")
}

pub(crate) fn officer(login: &str, agency: AgencyId, posts: Vec<Post>) -> Officer {
    Officer {
        id: OfficerId(time::new_id(now())),
        login: login.to_owned(),
        name: format!("Trần Thị {login}"),
        title: "Công chức".to_owned(),
        agency,
        password_hash: "$argon2id$".to_owned(),
        active: true,
        posts,
    }
}

pub(crate) fn party(name: &str, numbers: &[(NumberKind, &str)]) -> Party {
    Party {
        id: PartyId(time::new_id(now())),
        version: 0,
        kind: PartyKind::Person,
        name: name.to_owned(),
        born_on: Some(jiff::civil::date(1990, 2, 28)),
        sex: Some("nu".to_owned()),
        address: "Số 1, xã An Cựu".to_owned(),
        phone: String::new(),
        email: String::new(),
        numbers: numbers
            .iter()
            .map(|&(kind, number)| PartyNumber { kind, number: number.to_owned(), given_on: None })
            .collect(),
    }
}

/// A procedure of two cases that share the component `to-khai`.
pub(crate) fn procedure(code: &str, revision: u32, name: &str, valid: (&str, Option<&str>)) -> Procedure {
    let case = |id: &str, components: &[(&str, &str)]| {
        let components: Vec<_> = components
            .iter()
            .map(|(id, name)| {
                json!({ "id": id, "name": name, "paper_type": "TK", "form": "original",
                        "digitise": "management" })
            })
            .collect();
        json!({ "id": id, "name": id, "result": "ket-qua", "components": components,
                "channels": [{ "channel": "direct", "limit": { "working_days": 3 } }] })
    };
    serde_json::from_value(json!({
        "code": code, "revision": revision, "name": name, "field": "Hộ tịch", "valid_from": valid.0,
        "valid_to": valid.1, "decision": "1/QĐ-UBND", "competent": "receiving",
        "cases": [
            case("thuong", &[("to-khai", "Tờ khai"), ("giay-bao-tu", "Giấy báo tử")]),
            case("muon", &[("to-khai", "Tờ khai đăng ký muộn")]),
        ],
        "results": [{ "id": "ket-qua", "code": "TLKT", "name": "Trích lục", "form": "trich-luc",
                      "symbol": "TLKT", "validity": "indefinite", "scope": "Toàn quốc" }],
        "process": { "decision": "2/QĐ-UBND", "steps": [
            { "id": "tham-dinh", "name": "Thẩm định", "role": "specialist", "agency": "competent",
              "allowance": { "working_days": 1 }, "task": "examine", "next": ["tra"] },
            { "id": "tra", "name": "Trả kết quả", "role": "counter", "agency": "receiving",
              "allowance": { "working_days": 1 }, "task": "hand_over" },
        ] },
    }))
    .expect("a sound procedure")
}

/// Puts the office into an empty database.
pub(crate) async fn office(db: &Db) -> Office {
    let id = || AgencyId(time::new_id(now()));
    let (commune, province, elsewhere) = (id(), id(), id());
    let counter = officer("đào", commune, vec![Post::new(commune, Role::Counter)]);
    let specialist = officer("mai", province, vec![Post::new(province, Role::Specialist)]);
    let holder = party("Nguyễn Văn Ân", &[(NumberKind::PersonalId, "001090000001")]);
    let procedure = procedure("1.000656", 1, "Đăng ký khai tử", ("2025-07-01", None));
    let (officers, party, revision) = (&[&counter, &specialist], &holder, &procedure);
    db.act(|mut tx| async move {
        for (agency, key, code) in
            [(commune, "xa", "H99.1.1"), (province, "tinh", "H99"), (elsewhere, "xa-khac", "H99.1.2")]
        {
            people::put_unit(&mut tx, agency, &unit(key, code), None).await?;
        }
        for officer in officers {
            people::add_officer(&mut tx, officer).await?;
        }
        people::save_party(&mut tx, party).await?;
        procedure::add(&mut tx, revision).await?;
        Ok::<_, Error>(())
    })
    .await
    .expect("an office in an empty database");
    Office {
        commune,
        province,
        elsewhere,
        counter: counter.id,
        specialist: specialist.id,
        holder: holder.id,
        procedure,
    }
}

impl Office {
    /// An intake at the commune's counter, not yet in the database.
    pub(crate) fn intake(&self, opened_at: Timestamp) -> Dossier {
        Dossier {
            id: DossierId(time::new_id(opened_at)),
            version: 1,
            code: None,
            procedure: self.procedure.code.clone(),
            revision: self.procedure.revision,
            case: "thuong".to_owned(),
            channel: Channel::Direct,
            people: DossierPeople { submitter: self.holder, holder: self.holder, authorised: None },
            scope: AgencyScope { receiving: self.commune, competent: self.commune, holding: self.commune },
            opened_at,
            opened_by: self.counter,
            received_at: None,
            clock: None,
            due: None,
            outcome: None,
            state: State::Preparing,
            part_of: None,
            life: rules::dossier::Life::default(),
        }
    }

    pub(crate) fn event(&self, subject: Subject, dossier: Option<DossierId>, body: Body) -> NewEvent {
        NewEvent {
            subject,
            dossier,
            agency: self.commune,
            actor: Some(self.counter),
            on_behalf_of: None,
            purpose: None,
            happened_at: now(),
            body,
        }
    }

    pub(crate) fn opening(&self, dossier: &Dossier) -> NewEvent {
        let body = Body::CaseChosen { case: dossier.case.clone() };
        self.event(Subject::Dossier(dossier.id), Some(dossier.id), body)
    }

    /// Adds a dossier as it is, with an event.
    pub(crate) async fn put(&self, db: &Db, dossier: &Dossier) {
        let event = &self.opening(dossier);
        db.act(|mut tx| async move { dossier::add(&mut tx, dossier, None, event, now()).await })
            .await
            .expect("the dossier is added");
    }

    /// An intake that is in the database.
    pub(crate) async fn opened(&self, db: &Db) -> Dossier {
        let dossier = self.intake(now());
        self.put(db, &dossier).await;
        dossier
    }

    pub(crate) async fn save(&self, db: &Db, dossier: &Dossier) -> Result<(), Error> {
        let event = &self.opening(dossier);
        db.act(|mut tx| async move { dossier::save(&mut tx, dossier, None, event, now()).await.map(drop) })
            .await
    }
}

pub(crate) fn uuids<const N: usize>(agencies: [AgencyId; N]) -> [Uuid; N] {
    agencies.map(|agency| agency.0)
}
