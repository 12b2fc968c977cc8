//! Prose, holds and notes on both engines.

use super::{
    Place, add_note, forget_unsent, forget_unsent_before, hold, is_mentioned, let_go, mentions_of, note_seen,
    notes, save_hold, save_unsent, strike_note, unsent,
};
use crate::sample::{after, now, office};
use crate::testing::Scratch;
use crate::time::new_id;
use crate::{Error, on_both};
use rules::dossier::writing::{Hold, Note, Unsent, WritingForm};
use rules::id::NoteId;
use rules::people::Scope;

async fn prose_is_kept_for_one_officer_and_saved_on_what_he_saw(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let place = Place { officer: office.specialist, form: WritingForm::Draft, dossier };
    let kept = |version, text: &str| Unsent {
        version,
        base: "abc".to_owned(),
        fields: vec![("noi-dung".to_owned(), text.to_owned()), ("giay".to_owned(), "to-khai".to_owned())],
        saved_at: after(version),
    };
    let save = async |unsent: Unsent| {
        let unsent = &unsent;
        db.act(|mut tx| async move { save_unsent(&mut tx, place, unsent).await }).await
    };
    save(kept(1, "một")).await.expect("the first");
    save(kept(2, "hai")).await.expect("the next");
    let stale = save(kept(2, "ba")).await;
    assert!(matches!(stale, Err(Error::Stale { table: "unsent", .. })), "{stale:?}");
    let read = async |place| {
        let mut reader = db.read().await.expect("a snapshot");
        unsent(&mut reader, place).await.expect("read")
    };
    assert_eq!(read(place).await, Some(kept(2, "hai")));
    assert_eq!(read(Place { officer: office.counter, ..place }).await, None, "it is nobody else's");
    assert_eq!(read(Place { form: WritingForm::Note, ..place }).await, None);

    let n_old = db.act(|mut tx| async move { forget_unsent_before(&mut tx, after(2)).await }).await;
    assert_eq!(n_old.expect("done"), 0, "it was saved at that very moment");
    db.act(|mut tx| async move { forget_unsent(&mut tx, place).await }).await.expect("sent");
    assert_eq!(read(place).await, None);
    save(kept(1, "một")).await.expect("from the beginning");
    let n_old = db.act(|mut tx| async move { forget_unsent_before(&mut tx, after(2)).await }).await;
    assert_eq!((n_old.expect("done"), read(place).await), (1, None));
}

async fn a_form_has_one_holder_and_he_lets_go_of_his_own_only(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let form = WritingForm::Draft;
    let held = &Hold { officer: office.specialist, since: now(), until: after(2) };
    let taken = &Hold { officer: office.counter, since: after(1), until: after(3) };
    let read = async || {
        let mut reader = db.read().await.expect("a snapshot");
        hold(&mut reader, form, dossier).await.expect("read")
    };
    assert_eq!(read().await, None);
    for next in [held, taken] {
        db.act(|mut tx| async move { save_hold(&mut tx, form, dossier, next).await }).await.expect("saved");
        assert_eq!(read().await.as_ref(), Some(next));
    }
    for (officer, left) in [(office.specialist, Some(*taken)), (office.counter, None)] {
        let place = Place { officer, form, dossier };
        db.act(|mut tx| async move { let_go(&mut tx, place).await }).await.expect("let go");
        assert_eq!(read().await, left);
    }
}

async fn a_note_waits_for_whom_it_names_until_he_has_seen_it(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let note = |minute: i64, mentioned| Note {
        id: NoteId(new_id(after(minute))),
        dossier,
        author: office.counter,
        text: format!("ghi chú {minute}"),
        mentioned,
        written_at: after(minute),
        struck_at: None,
    };
    let (first, second) = (&note(1, vec![office.specialist]), &note(2, vec![office.specialist]));
    db.act(|mut tx| async move {
        add_note(&mut tx, first).await?;
        add_note(&mut tx, second).await?;
        strike_note(&mut tx, second.id, after(3)).await
    })
    .await
    .expect("written and struck");
    let again = db.act(|mut tx| async move { strike_note(&mut tx, second.id, after(4)).await }).await;
    assert!(matches!(again, Err(Error::Stale { table: "note", .. })), "{again:?}");

    let mut reader = db.read().await.expect("a snapshot");
    let struck = Note { struck_at: Some(after(3)), ..second.clone() };
    assert_eq!(notes(&mut reader, dossier).await.expect("read"), [struck, first.clone()]);
    let scope = Scope::whole([office.commune]);
    let waiting = mentions_of(&mut reader, &scope, office.specialist, 10).await.expect("read");
    assert_eq!(waiting, [(dossier, office.counter, after(1))], "what is struck calls nobody");
    let elsewhere = Scope::whole([office.elsewhere]);
    let hidden = mentions_of(&mut reader, &elsewhere, office.specialist, 10).await.expect("read");
    assert_eq!(hidden, [], "he may no longer see the dossier");
    assert_eq!(mentions_of(&mut reader, &scope, office.counter, 10).await.expect("read"), []);
    assert!(is_mentioned(&mut reader, dossier, office.specialist).await.expect("read"));
    assert!(!is_mentioned(&mut reader, dossier, office.counter).await.expect("read"));
    drop(reader);
    let seen = db.act(|mut tx| async move { note_seen(&mut tx, dossier, office.specialist, after(5)).await });
    assert_eq!(seen.await.expect("seen"), 2);
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(mentions_of(&mut reader, &scope, office.specialist, 10).await.expect("read"), []);
    assert!(!is_mentioned(&mut reader, dossier, office.specialist).await.expect("read"));
}

on_both!(
    prose_is_kept_for_one_officer_and_saved_on_what_he_saw,
    a_form_has_one_holder_and_he_lets_go_of_his_own_only,
    a_note_waits_for_whom_it_names_until_he_has_seen_it,
);
