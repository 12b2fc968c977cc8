//! A life is copied under other names, chain and search with it; what acts said is said again to the same
//! end.

use super::{
    Batch, Ground, Loader, Maker, Names, Person, Recorder, Scribe, dump, files_in, open_recorded, replay,
};
use crate::people::{NumberKind, Party, party_by_number, save_party};
use crate::sample::{self, after, now};
use crate::search::{self, Fields, Query, Scope};
use crate::testing::Scratch;
use crate::{Config, Db, Error, event, on_both};
use jiff::Timestamp;
use rules::event::{Body, NewEvent, Subject};
use rules::id::AgencyId;
use std::path::PathBuf;
use uuid::Uuid;

/// A folder that is gone with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("motcua-bench-test-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Somebody is entered and looked up: rows, a chain of two events, an entry of the search index.
async fn entered(db: &Db, party: &Party, at: Timestamp) {
    db.act(|mut tx| async move {
        let tx = &mut tx;
        save_party(tx, party).await?;
        for body in [Body::CaseChosen { case: party.name.clone() }, Body::RepositoryListed { found: 0 }] {
            let event = NewEvent {
                subject: Subject::Party(party.id),
                dossier: None,
                agency: AgencyId(Uuid::from_u128(1)),
                actor: None,
                on_behalf_of: None,
                purpose: None,
                happened_at: at,
                body,
            };
            event::append(tx, &event, at).await?;
        }
        let number = party.numbers[0].number.as_str();
        let fields = Fields { titles: &[&party.name], codes: &[number], texts: &[&party.address] };
        let agencies = &[search::EVERYBODY];
        search::index(tx, &search::Entry { kind: "party", subject: party.id.0, agencies, at, fields }).await
    })
    .await
    .expect("entered");
}

async fn ground(config: &Config, folder: &Folder) -> Ground {
    let ground = match config {
        Config::Sqlite { .. } => Ground::sqlite(&folder.0).expect("a folder"),
        Config::Postgres { url, .. } => Ground::postgres(url).await.expect("a database"),
    };
    let db = Db::open(ground.config()).await.expect("it opens");
    db.migrate().await.expect("it takes the schema");
    db.close().await;
    ground
}

async fn a_life_is_written_again_under_other_names(db: Scratch) {
    let folder = Folder::new();
    let model = Ground::sqlite(&folder.0).expect("a folder");
    let recorder = Recorder::default();
    let lived = open_recorded(model.config(), &recorder).await.expect("it opens");
    lived.migrate().await.expect("it takes the schema");
    let mut scribe = Scribe::begin(&lived, &recorder).await.expect("a scribe");
    let ân = sample::party("Nguyễn Văn Ân", &[(NumberKind::PersonalId, "001090000001")]);
    entered(&lived, &ân, now()).await;
    let person = |number: &str, name: &str, address: &str| Person {
        number: number.to_owned(),
        name: name.to_owned(),
        address: address.to_owned(),
    };
    let life = scribe.take(&person("001090000001", "Nguyễn Văn Ân", &ân.address)).await.expect("a life");
    lived.close().await;

    let ground = ground(&db.config, &folder).await;
    let mut maker = Maker::new(db.engine());
    let mut batch = Batch::default();
    for (number, name) in [("001190000002", "Trần Thị Bưởi"), ("001190000003", "Lê Thị Cam")] {
        maker.add(&mut batch, &life, &Names::draw(&life, person(number, name, "Thôn Bến\tcũ \\ mới")));
    }
    let mut loader = Loader::open(ground.config()).await.expect("a loader");
    loader.write(&batch).await.expect("written");
    loader.finish(&maker, &life).await.expect("finished");
    ground.settle().await.expect("settled");
    assert!(ground.size_bytes().await.expect("a size") > 0);

    let copies = Db::open(ground.config()).await.expect("it opens");
    let mut reader = copies.read().await.expect("a snapshot");
    let cam = party_by_number(&mut reader, NumberKind::PersonalId, "001190000003").await.expect("read");
    let cam = cam.expect("there is one of that number");
    assert_eq!((cam.name.as_str(), cam.address.as_str()), ("Lê Thị Cam", "Thôn Bến\tcũ \\ mới"));
    assert_eq!((cam.version, cam.born_on), (1, ân.born_on));
    let chain = event::read_chain(&mut reader, Subject::Party(cam.id)).await.expect("read");
    assert_eq!((chain.n_events, chain.n_unsealed, chain.broken), (2, 2, None));
    let told = event::of_subject(&mut reader, Subject::Party(cam.id), 9).await.expect("read");
    assert_eq!(told[0].body, Body::CaseChosen { case: "Lê Thị Cam".to_owned() });
    let nobody = [Uuid::from_u128(9)];
    for (text, n) in [("cam", 1), ("thi", 2), ("001190000002", 1), ("ân", 0)] {
        let query = Query { text, kinds: &[], scope: Scope::Agencies(&nobody), limit: 9 };
        assert_eq!(search::search(&mut reader, &query).await.expect("searched").len(), n, "{text}");
    }
    drop(reader);
    copies.close().await;
}

async fn what_acts_said_is_said_again(db: Scratch) {
    let folder = Folder::new();
    let ground = ground(&db.config, &folder).await;
    let ours = ground.copy().await.expect("a copy");
    let recorder = Recorder::default();
    let acting = open_recorded(ours.config(), &recorder).await.expect("it opens");
    for minute in 0..3 {
        let number = format!("00109000000{minute}");
        let party = sample::party("Nguyễn Văn Ân", &[(NumberKind::PersonalId, number.as_str())]);
        entered(&acting, &party, after(minute)).await;
    }
    let undone = acting.act(|mut tx| async move {
        save_party(&mut tx, &sample::party("Ai Đó", &[])).await?;
        Err::<(), _>(Error::Busy)
    });
    undone.await.expect_err("it was undone");
    let mut said = recorder.take();
    let (n_statements, n_rows): (u64, u64) =
        (said.iter().map(super::SaidAct::n_statements).sum(), said.iter().map(super::SaidAct::n_rows).sum());
    assert_eq!(said.len(), 3, "what was undone was not said");
    assert!(recorder.take().is_empty());
    let rest = said.split_off(1);
    let of_first = (said[0].n_statements(), said[0].n_rows());
    let replayed = replay(ground.config(), said, rest).await.expect("replayed");
    assert_eq!((replayed.n_acts, replayed.n_commits), (2, 2));
    assert_eq!((replayed.n_statements, replayed.n_rows), (n_statements - of_first.0, n_rows - of_first.1));

    let again = Db::open(ground.config()).await.expect("it opens");
    let mut dumps = [dump(&acting).await.expect("dumped"), dump(&again).await.expect("dumped")];
    for rows in dumps.iter_mut().flat_map(|dump| dump.values_mut()) {
        rows.sort_by_key(ToString::to_string);
    }
    assert_eq!(dumps[0]["event"].len(), 6);
    assert!(dumps[0] == dumps[1], "the same rows in every table");
    again.close().await;
    acting.close().await;
}

on_both!(a_life_is_written_again_under_other_names, what_acts_said_is_said_again);

#[test]
fn digests_of_files_are_found_in_a_text() {
    let (one, two) = ("0a".repeat(32), "f".repeat(64));
    let text = format!("{{\"sha256\":\"{one}\",\"id\":\"019e\",\"x\":\"{two}0\",\"y\":\"{two}\"}}");
    assert_eq!(files_in(&text), [one, two]);
}
