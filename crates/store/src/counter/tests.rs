//! Components with their versions, uploads in every state, pages in their orders.

use super::{
    KeptComponent, Page, Picture, Upload, UploadState, add_page, add_upload, component, components,
    page_with_dossier, pages, pages_of_upload, save_component, settle_upload, upload, uploads,
};
use crate::engine::execute;
use crate::sample::{Office, after, now, office, sha256};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use rules::counter::{DossierComponent, Supply};
use rules::id::{DossierId, EntryId, PageId, UploadId};
use rules::scanning::{Arrangement, Edit};

async fn saved(db: &Db, dossier: DossierId, kept: &KeptComponent) -> Result<(), Error> {
    db.act(|mut tx| async move { save_component(&mut tx, dossier, kept).await }).await
}

async fn read(db: &Db, dossier: DossierId, id: &str) -> KeptComponent {
    let mut reader = db.read().await.expect("a snapshot");
    component(&mut reader, dossier, id).await.expect("read")
}

fn supplied(id: &str, supply: Supply) -> KeptComponent {
    KeptComponent { component: DossierComponent { id: id.to_owned(), supply }, version: 0 }
}

async fn every_supply_comes_back(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let [a, b] = [(), ()].map(|()| PageId(time::new_id(now())));
    let arrangement = Arrangement {
        arrived: vec![a, b],
        edits: vec![
            Edit::Rotate { page: a },
            Edit::MoveDown { page: a },
            Edit::MoveUp { page: a },
            Edit::Remove { page: b },
        ],
        sides: Some(1),
    };
    let all = [
        supplied("a", Supply::Missing),
        supplied("b", Supply::Pages { arrangement }),
        supplied("c", Supply::SignedFile { upload: UploadId(time::new_id(now())) }),
        supplied("d", Supply::Reused { entry: EntryId(time::new_id(now())) }),
        supplied("e", Supply::Shown),
        supplied("f", Supply::OnPaper),
        supplied("g", Supply::NotApplicable),
    ];
    for kept in &all {
        assert_eq!(
            read(&db, dossier, &kept.component.id).await,
            supplied(&kept.component.id, Supply::Missing),
            "missing before it has a row"
        );
        saved(&db, dossier, kept).await.expect("saved");
    }
    let all = all.map(|kept| KeptComponent { version: 1, ..kept });
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(components(&mut reader, dossier).await.expect("read"), all);
    assert_eq!(reader.n_statements(), 1);
    assert_eq!(read(&db, dossier, "b").await, all[1]);
    let other = office.opened(&db).await.id;
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(components(&mut reader, other).await.expect("read"), [], "another dossier's are its own");
}

async fn the_second_save_of_one_version_is_refused(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let first = supplied("to-khai", Supply::Shown);
    saved(&db, dossier, &first).await.expect("the first row");
    let error = saved(&db, dossier, &supplied("to-khai", Supply::OnPaper)).await.expect_err("a second row");
    assert!(matches!(&error, Error::Stale { table: "dossier_component", row } if row == "to-khai"));
    let mut read_one = read(&db, dossier, "to-khai").await;
    read_one.component.supply = Supply::NotApplicable;
    saved(&db, dossier, &read_one).await.expect("as it was read");
    saved(&db, dossier, &read_one).await.expect_err("it has changed since");
    let kept = read(&db, dossier, "to-khai").await;
    assert_eq!(kept, KeptComponent { version: 2, ..read_one });
}

async fn a_component_that_does_not_open_is_named(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    saved(&db, dossier, &supplied("to-khai", Supply::Shown)).await.expect("saved");
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.spoil_component", "update dossier_component set body = '[]'")
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let expected = format!("`body` of `{dossier}/to-khai` in `dossier_component` is corrupt");
    let error = components(&mut reader, dossier).await.expect_err("it does not open");
    assert_eq!(error.to_string(), expected);
    let error = component(&mut reader, dossier, "to-khai").await.expect_err("it does not open");
    assert_eq!(error.to_string(), expected);
}

fn new_upload(office: &Office, dossier: DossierId, state: UploadState) -> Upload {
    Upload {
        id: UploadId(time::new_id(now())),
        dossier,
        component: "to-khai".to_owned(),
        file_name: "Tờ khai “có dấu”.pdf".to_owned(),
        sha256: sha256('a'),
        n_bytes: 5_000_000_000,
        state,
        already_signed: false,
        added_by: office.counter,
    }
}

async fn added(db: &Db, upload: &Upload, minute: i64) {
    db.act(|mut tx| async move { add_upload(&mut tx, upload, after(minute)).await }).await.expect("added");
}

async fn every_upload_comes_back_in_the_order_they_came(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let third = new_upload(&office, dossier, UploadState::Rejected("Tệp có mật khẩu".into()));
    let first = new_upload(&office, dossier, UploadState::Opening);
    let second = Upload { already_signed: true, ..new_upload(&office, dossier, UploadState::Opened) };
    added(&db, &third, 3).await;
    added(&db, &first, 1).await;
    added(&db, &second, 2).await;
    let elsewhere = new_upload(&office, office.opened(&db).await.id, UploadState::Opening);
    added(&db, &elsewhere, 2).await;

    let mut reader = db.read().await.expect("a snapshot");
    let expected = [first, second, third];
    assert_eq!(uploads(&mut reader, dossier).await.expect("read"), expected);
    for one in expected {
        assert_eq!(upload(&mut reader, one.id).await.expect("read"), Some(one));
    }
    assert_eq!(upload(&mut reader, UploadId(time::new_id(now()))).await.expect("read"), None);
}

async fn an_upload_is_settled(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let kept = new_upload(&office, dossier, UploadState::Opening);
    added(&db, &kept, 0).await;
    for (state, signed) in [
        (UploadState::Rejected("Tệp hỏng".into()), false),
        (UploadState::Opened, true),
        (UploadState::Opening, false),
    ] {
        let (id, to) = (kept.id, &state);
        db.act(|mut tx| async move { settle_upload(&mut tx, id, to, signed).await }).await.expect("settled");
        let mut reader = db.read().await.expect("a snapshot");
        let expected = Upload { state, already_signed: signed, ..kept.clone() };
        assert_eq!(upload(&mut reader, id).await.expect("read"), Some(expected));
    }
    let nothing = UploadId(time::new_id(now()));
    let error = db
        .act(|mut tx| async move { settle_upload(&mut tx, nothing, &UploadState::Opened, false).await })
        .await
        .expect_err("there is no such upload");
    assert!(matches!(error, Error::Stale { table: "upload", .. }));
}

async fn an_upload_in_no_known_state_is_named(db: Scratch) {
    let office = office(&db).await;
    let kept = new_upload(&office, office.opened(&db).await.id, UploadState::Opening);
    added(&db, &kept, 0).await;
    db.act(|mut tx| async move {
        // Rejected, but nobody says why.
        execute!(&mut tx, "test.spoil_upload", "update upload set state = 'rejected'")
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = upload(&mut reader, kept.id).await.expect_err("it does not open");
    assert_eq!(error.to_string(), format!("`state` of `{}` in `upload` is corrupt", kept.id));
}

fn new_page(upload: UploadId, number: u32) -> Page {
    Page {
        id: PageId(time::new_id(now())),
        upload,
        number,
        sha256: sha256('b'),
        thumbnail: sha256('c'),
        picture: Picture {
            media_type: "image/jpeg".to_owned(),
            width: 2480,
            height: 3508,
            dpi: 300,
            ink: "colour".to_owned(),
            quarter_turns: 3,
            n_bytes: 123_456,
        },
    }
}

/// An upload with pages added in the order of `numbers`.
async fn with_pages(db: &Db, office: &Office, numbers: &[u32]) -> (Upload, Vec<Page>) {
    let kept = new_upload(office, office.opened(db).await.id, UploadState::Opened);
    added(db, &kept, 0).await;
    let all: Vec<Page> = numbers.iter().map(|&number| new_page(kept.id, number)).collect();
    let listed = &all;
    db.act(|mut tx| async move {
        for page in listed {
            add_page(&mut tx, page).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("added");
    (kept, all)
}

async fn pages_come_in_the_order_asked_for(db: Scratch) {
    let office = office(&db).await;
    let (_, all) = with_pages(&db, &office, &[0, 1, 2, 3, 4]).await;
    let mut reader = db.read().await.expect("a snapshot");
    let wanted = [all[3].id, all[0].id, PageId(time::new_id(now())), all[4].id, all[0].id];
    let found = pages(&mut reader, &wanted).await.expect("read");
    assert_eq!(found, [all[3].clone(), all[0].clone(), all[4].clone()], "each once, none for nothing");
    assert_eq!(pages(&mut reader, &[]).await.expect("read"), []);
    assert_eq!(reader.n_statements(), 2);
}

async fn the_pages_of_an_upload_come_by_number(db: Scratch) {
    let office = office(&db).await;
    let (kept, mut all) = with_pages(&db, &office, &[2, 0, 10, 1]).await;
    with_pages(&db, &office, &[0]).await;
    let mut reader = db.read().await.expect("a snapshot");
    all.sort_by_key(|page| page.number);
    assert_eq!(pages_of_upload(&mut reader, kept.id).await.expect("read"), all);

    let double = &new_page(kept.id, 10);
    let error = db.act(|mut tx| async move { add_page(&mut tx, double).await }).await.expect_err("taken");
    assert!(matches!(&error, Error::Taken(name) if name == "page_upload_number_key"), "{error}");
}

async fn a_page_knows_its_dossier(db: Scratch) {
    let office = office(&db).await;
    let (kept, all) = with_pages(&db, &office, &[0, 1]).await;
    let mut reader = db.read().await.expect("a snapshot");
    let found = page_with_dossier(&mut reader, all[1].id).await.expect("read");
    assert_eq!(found, Some((all[1].clone(), kept.dossier)));
    let nothing = page_with_dossier(&mut reader, PageId(time::new_id(now()))).await.expect("read");
    assert_eq!(nothing, None);
}

async fn a_corrupt_page_is_named(db: Scratch) {
    let office = office(&db).await;
    let (kept, all) = with_pages(&db, &office, &[0]).await;
    let named = |column: &str| format!("`{column}` of `{}` in `page` is corrupt", all[0].id);
    db.act(|mut tx| async move { execute!(&mut tx, "test.spoil_number", "update page set number = -1") })
        .await
        .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = pages_of_upload(&mut reader, kept.id).await.expect_err("it does not open");
    assert_eq!(error.to_string(), named("number"));
    drop(reader);
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.spoil_picture", "update page set number = 0, body = '{\"dpi\": -1}'")
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = pages(&mut reader, &[all[0].id]).await.expect_err("it does not open");
    assert_eq!(error.to_string(), named("body"));
}

on_both!(
    every_supply_comes_back,
    the_second_save_of_one_version_is_refused,
    a_component_that_does_not_open_is_named,
    every_upload_comes_back_in_the_order_they_came,
    an_upload_is_settled,
    an_upload_in_no_known_state_is_named,
    pages_come_in_the_order_asked_for,
    the_pages_of_an_upload_come_by_number,
    a_page_knows_its_dossier,
    a_corrupt_page_is_named,
);
