//! `motcua unit` as the keeper of the trees runs it: a decision is checked, planned and applied, killed on
//! the way and run again; the open dossiers go along and are found by old and new names; what is wrong is
//! said in words.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use jiff::Timestamp;
use jiff::civil::date;
use rules::dossier::{Dossier, DossierPeople, Life, State};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId, OfficerId, PartyId};
use rules::people::{Actor, AgencyScope, Scope};
use rules::procedure::Channel;
use rules::unit::Units;
use store::people::{NumberKind, Party, PartyKind, PartyNumber};
use store::testing::Scratch;
use store::{Config, Db};

use crate::program::{Ran, command, folder, motcua, write};

/// Yên Bình joins Thác Mây, which is called otherwise from then on; their offices and divisions with them.
const DECISION: &str = r#"
id = "thac-binh"
decision = "Nghị quyết số 05/NQ-HĐND"
effective_on = "2025-09-01"

[[changes]]
change = "merge"
from = ["xa-yen-binh-2025"]
into = "xa-thac-may-2025"

[[changes]]
change = "merge"
from = ["ttpvhcc-xa-yen-binh-2025"]
into = "ttpvhcc-xa-thac-may-2025"

[[changes]]
change = "merge"
from = ["vp-xa-yen-binh-2025"]
into = "vp-xa-thac-may-2025"

[[changes]]
change = "merge"
from = ["p-kt-xa-yen-binh-2025"]
into = "p-kt-xa-thac-may-2025"

[[changes]]
change = "merge"
from = ["p-vhxh-xa-yen-binh-2025"]
into = "p-vhxh-xa-thac-may-2025"

[[changes]]
change = "rename"
unit = "xa-thac-may-2025"
name = "Ủy ban nhân dân phường Thác Bình"
heading = ["ỦY BAN NHÂN DÂN", "PHƯỜNG THÁC BÌNH"]
place = "Thác Bình"

[[officers]]
from = "xa-yen-binh-2025"
to = "xa-thac-may-2025"
"#;

/// The demonstration's office in a database of the test.
struct House {
    db: Scratch,
    data: PathBuf,
    config: PathBuf,
    /// Outlives the runs of the program.
    place: tempfile::TempDir,
}

impl House {
    fn open(db: Scratch) -> Self {
        let place = folder();
        let (data, url) = match &db.config {
            Config::Sqlite { path, .. } => (path.parent().expect("a folder").to_owned(), String::new()),
            Config::Postgres { url, .. } => (place.path().join("data"), url.clone()),
        };
        let config = write(place.path(), "motcua.toml", format!("[store]\nurl = \"{url}\"\n"));
        let house = Self { db, data, config, place };
        let made = house.run(&["demo".as_ref(), "--prepare-only".as_ref()]);
        assert_eq!(made.code, 0, "{}", made.complained);
        house
    }

    fn run(&self, words: &[&Path]) -> Ran {
        let place = ["--config".as_ref(), self.config.as_path(), "--data".as_ref(), self.data.as_path()];
        motcua(words.iter().copied().chain(place))
    }

    fn unit(&self, what: &str, file: &Path) -> Ran {
        self.run(&["unit".as_ref(), what.as_ref(), file])
    }

    fn decision(&self, text: &str) -> PathBuf {
        write(self.place.path(), "quyet-dinh.toml", text)
    }

    async fn agency(&self, key: &str) -> AgencyId {
        let mut reader = self.db.read().await.expect("a snapshot");
        let units = store::unit::units(&mut reader).await.expect("read");
        units.iter().find(|kept| kept.unit.key == key).expect("a unit of the sample").id
    }

    async fn dossier(&self, id: DossierId) -> Dossier {
        let mut reader = self.db.read().await.expect("a snapshot");
        store::dossier::find(&mut reader, id).await.expect("read").expect("the dossier")
    }

    /// Dossiers at the commune that ends, in this state.
    async fn put(&self, n: usize, state: &State) -> Vec<DossierId> {
        let commune = self.agency("xa-yen-binh-2025").await;
        let mut reader = self.db.read().await.expect("a snapshot");
        let officer = store::people::officer_by_login(&mut reader, "quay.yenbinh").await.expect("read");
        drop(reader);
        let opened_by = officer.expect("an officer of the demonstration").id;
        let holder = holder(&self.db).await;
        let now = Timestamp::from_second(1_795_000_000).expect("an instant of November 2026");
        let dossiers: Vec<Dossier> =
            (0..n).map(|_| dossier(holder, opened_by, commune, state.clone(), now)).collect();
        let (put, actor) = (&dossiers, &Actor::System { on_behalf_of: None, agency: commune });
        let done: Result<(), store::Error> = self
            .db
            .act(|mut tx| async move {
                for dossier in put {
                    let body = Body::CaseChosen { case: dossier.case.clone() };
                    let event = NewEvent::of_dossier(dossier.id, actor, now, body);
                    store::dossier::add(&mut tx, dossier, None, &event, now).await?;
                }
                Ok(())
            })
            .await;
        done.expect("added");
        dossiers.into_iter().map(|dossier| dossier.id).collect()
    }
}

async fn holder(db: &Db) -> PartyId {
    let number =
        PartyNumber { kind: NumberKind::PersonalId, number: "038191004627".to_owned(), given_on: None };
    let mut reader = db.read().await.expect("a snapshot");
    let known = store::people::party_by_number(&mut reader, number.kind, &number.number).await;
    drop(reader);
    if let Some(known) = known.expect("read") {
        return known.id;
    }
    let party = &Party {
        id: PartyId(uuid::Uuid::new_v4()),
        version: 0,
        kind: PartyKind::Person,
        name: "Nguyễn Thị Ngoãn".to_owned(),
        born_on: None,
        sex: None,
        address: String::new(),
        phone: String::new(),
        email: String::new(),
        numbers: vec![number],
    };
    db.act(|mut tx| async move { store::people::save_party(&mut tx, party).await }).await.expect("saved");
    party.id
}

fn dossier(holder: PartyId, opened_by: OfficerId, agency: AgencyId, state: State, now: Timestamp) -> Dossier {
    Dossier {
        id: DossierId(store::time::new_id(now)),
        version: 1,
        code: None,
        procedure: "1.004873".parse().expect("a procedure code"),
        revision: 1,
        case: "thuong".to_owned(),
        channel: Channel::Direct,
        people: DossierPeople { submitter: holder, holder, authorised: None },
        scope: AgencyScope { receiving: agency, competent: agency, holding: agency },
        opened_at: now,
        opened_by,
        received_at: None,
        clock: None,
        due: None,
        outcome: None,
        state,
        part_of: None,
        life: Life::default(),
    }
}

/// How often a dossier was rerouted.
async fn n_rerouted(db: &Db, id: DossierId) -> usize {
    let mut reader = db.read().await.expect("a snapshot");
    let broken = store::event::check_chain(&mut reader, Subject::Dossier(id)).await.expect("read");
    assert_eq!(broken, None, "the chain holds");
    let events = store::event::of_dossier(&mut reader, id).await.expect("read");
    events.iter().filter(|event| matches!(event.body, Body::Rerouted { .. })).count()
}

async fn a_merger_is_checked_planned_applied_and_found_by_every_name(db: Scratch) {
    let house = House::open(db);
    let open = house.put(3, &State::Preparing).await;
    let closed = house.put(1, &State::Withdrawn { reason: "Đổi ý".to_owned() }).await[0];
    let (old, new) = (house.agency("xa-yen-binh-2025").await, house.agency("xa-thac-may-2025").await);
    let file = house.decision(DECISION);

    let checked = house.unit("check", &file);
    assert_eq!(checked.code, 0, "{}{}", checked.said, checked.complained);
    assert!(checked.said.contains("1 quyết định: không có lỗi."), "{}", checked.said);

    let planned = house.unit("plan", &file);
    assert_eq!(planned.code, 0, "{}", planned.complained);
    let name = "Ủy ban nhân dân phường Thác Bình";
    for told in [
        "Nghị quyết số 05/NQ-HĐND, có hiệu lực từ 01/09/2025".to_owned(),
        format!("− Ủy ban nhân dân xã Yên Bình → {name}"),
        format!("~ Ủy ban nhân dân xã Thác Mây (H99.102) → {name} (H99.102)"),
        "Hồ sơ đang giải quyết được chuyển: 3".to_owned(),
        format!("3 hồ sơ, nơi tiếp nhận: Ủy ban nhân dân xã Yên Bình → {name}"),
        format!("Lò Thị Mây (công chức tiếp nhận, Ủy ban nhân dân xã Yên Bình) → {name}"),
    ] {
        assert!(planned.said.to_lowercase().contains(&told.to_lowercase()), "{told}: {}", planned.said);
    }
    assert_eq!(house.dossier(open[0]).await.scope.holding, old, "it was only planned");

    let applied = house.unit("apply", &file);
    assert_eq!(applied.code, 0, "{}", applied.complained);
    assert!(applied.said.ends_with("chuyển 3 hồ sơ.\n"), "{}", applied.said);
    for id in &open {
        let there = AgencyScope { receiving: new, competent: new, holding: new };
        assert_eq!(house.dossier(*id).await.scope, there);
    }
    assert_eq!(house.dossier(closed).await.scope.holding, old, "what is closed stays as it was");

    let again = house.unit("apply", &file);
    assert_eq!((again.code, n_rerouted(&house.db, open[0]).await), (0, 1), "{}", again.complained);
    let other = house.decision(&DECISION.replacen("số 05", "số 06", 1));
    let refused = house.unit("apply", &other);
    assert_eq!(refused.code, 1, "{}", refused.said);
    assert!(refused.complained.contains("thac-binh"), "{}", refused.complained);

    let mut reader = house.db.read().await.expect("a snapshot");
    let units = store::unit::units(&mut reader).await.expect("read");
    let units = Units::new(units.into_iter().map(|kept| kept.unit));
    for words in ["phường Thác Bình", "xã Yên Bình", "xa thac may", "H99.101"] {
        let found = units.find(words, date(2026, 11, 22));
        let committee = found.iter().find(|unit| unit.key == "xa-thac-may-2025");
        assert!(committee.is_some(), "{words}: {:?}", found.iter().map(|unit| &unit.key).collect::<Vec<_>>());
    }
    let mut forebears = store::unit::forebears(&mut reader, [new]).await.expect("read");
    let sees: Vec<AgencyId> = forebears.remove(&new).unwrap_or_default().into_iter().chain([new]).collect();
    let of: Vec<uuid::Uuid> = sees.iter().map(|agency| agency.0).collect();
    let lines = store::unit::lines_of_unit(&mut reader, &of, &Scope::whole(sees), 10).await.expect("read");
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [closed], "whoever took over finds it");
}

async fn killed_between_two_acts_it_goes_on_where_it_was(db: Scratch) {
    let house = House::open(db);
    let ids = house.put(1_200, &State::Preparing).await;
    let file = house.decision(DECISION);
    let mut child = command()
        .args(["unit", "apply"])
        .args([file.as_path(), "--config".as_ref(), &house.config, "--data".as_ref(), &house.data])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program was built and runs");
    let said = BufReader::new(child.stdout.take().expect("it was asked for")).lines();
    let first =
        said.map_while(Result::ok).find(|line| line.starts_with('…')).expect("it tells how far it is");
    assert_eq!(first, "… đã chuyển 200 hồ sơ");
    child.kill().expect("it can be killed");
    assert_eq!(child.wait().expect("it ends").signal(), Some(9), "killed on the way");
    let new = house.agency("xa-thac-may-2025").await;
    let mut n_there = 0;
    for id in &ids {
        n_there += usize::from(house.dossier(*id).await.scope.holding == new);
    }
    assert!(n_there >= 200 && n_there < ids.len() && n_there % 200 == 0, "whole acts: {n_there}");

    let again = house.unit("apply", &file);
    assert_eq!(again.code, 0, "{}", again.complained);
    assert!(again.said.ends_with("chuyển 1200 hồ sơ.\n"), "{}", again.said);
    for id in ids {
        assert_eq!(house.dossier(id).await.scope.holding, new);
        assert_eq!(n_rerouted(&house.db, id).await, 1, "once and not twice");
    }
}

async fn what_cannot_be_is_refused_in_words(db: Scratch) {
    let house = House::open(db);
    let untouched = house.agency("xa-yen-binh-2025").await;
    let id = house.put(1, &State::Preparing).await[0];
    let tomorrow = DECISION.replacen("2025-09-01", "2090-09-01", 1);
    let left_behind = DECISION.replacen("from = [\"vp-xa-yen-binh-2025\"]", "from = [\"ai-do\"]", 1);
    for (what, text, told) in [
        ("check", left_behind.clone(), "ai-do"),
        ("plan", left_behind.clone(), "ai-do"),
        ("apply", left_behind, "ai-do"),
        ("apply", tomorrow, "01/09/2090"),
        ("plan", DECISION.replacen("change = \"merge\"", "change = \"swallow\"", 1), "quyet-dinh.toml"),
        ("plan", "name = \"Cây\"\nunits = []\n".to_owned(), "không phải quyết định sắp xếp"),
        ("plan", "id = ".to_owned(), "quyet-dinh.toml"),
    ] {
        let ran = house.unit(what, &house.decision(&text));
        assert_eq!(ran.code, 1, "{what} {told}: {}", ran.said);
        let words = format!("{}{}", ran.said, ran.complained);
        assert!(words.contains(told), "{what} {told}: {words}");
        assert_eq!(house.dossier(id).await.scope.holding, untouched, "{what} {told}");
    }
    let gone = house.unit("apply", Path::new("/khong/co.toml"));
    assert_eq!(gone.code, 1);
    assert!(gone.complained.contains("/khong/co.toml"), "{}", gone.complained);
}

store::on_both!(
    a_merger_is_checked_planned_applied_and_found_by_every_name,
    killed_between_two_acts_it_goes_on_where_it_was,
    what_cannot_be_is_refused_in_words,
);

#[test]
fn without_a_database_nothing_is_made_up() {
    let place = folder();
    let file = write(place.path(), "quyet-dinh.toml", DECISION);
    let data = place.path().join("trong");
    let ran =
        motcua(["unit".as_ref(), "apply".as_ref(), file.as_os_str(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(ran.code, 1);
    assert!(ran.complained.contains("chưa có cơ sở dữ liệu"), "{}", ran.complained);
    assert!(!data.exists());
}
