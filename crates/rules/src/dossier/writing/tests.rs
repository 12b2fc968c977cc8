//! What is kept, who holds a form, how a request reads, and what becomes of a note.

use super::{Hold, Note, Unsent, WritingForm, WritingRefused, check_length, request};
use crate::event::Body;
use crate::id::NoteId;
use crate::sample::{BINH, DOSSIER, HOA, at};
use jiff::SignedDuration;
use uuid::Uuid;

const LEASE: SignedDuration = SignedDuration::from_mins(2);

fn fields(text: &str) -> Vec<(String, String)> {
    vec![("noi-dung".to_owned(), text.to_owned())]
}

#[test]
fn each_saving_stands_on_the_one_before() {
    let save = |kept, seen, text: &str| {
        Unsent::kept(kept, seen, "a".to_owned(), fields(text), at("2026-11-23T10:41"))
    };
    let first = save(None, 0, "một").expect("the first");
    assert_eq!((first.version, first.saved_at), (1, at("2026-11-23T10:41")));
    let second = save(Some(first.clone()), 1, "một hai").expect("the next");
    assert_eq!(second.version, 2);
    assert_eq!(save(Some(second.clone()), 1, "một hai"), Ok(second.clone()), "sent twice");
    assert_eq!(save(Some(second.clone()), 1, "khác"), Err(second.clone()), "another window was faster");
    assert_eq!(save(Some(second.clone()), 0, "mới"), Err(second), "a window that began afresh");
}

#[test]
fn too_much_is_not_kept() {
    assert_eq!(check_length(&"a".repeat(64), &fields(&"ả".repeat(90_000))), Ok(()));
    assert_eq!(check_length("", &fields(&"ả".repeat(100_000))), Err(WritingRefused::TooLong));
    assert_eq!(check_length(&"a".repeat(65), &[]), Err(WritingRefused::TooLong), "no digest is so long");
}

#[test]
fn a_form_is_held_by_one_until_the_lease_ends() {
    let claim = |current, officer, now| Hold::claim(current, officer, at(now), LEASE);
    let held = claim(None, HOA, "2026-11-23T10:40").expect("free");
    assert_eq!(held.until, at("2026-11-23T10:42"));
    let longer = claim(Some(held), HOA, "2026-11-23T10:41").expect("her own");
    assert_eq!((longer.since, longer.until), (held.since, at("2026-11-23T10:43")));
    assert_eq!(claim(Some(longer), BINH, "2026-11-23T10:42"), Err(longer));
    let next = claim(Some(longer), BINH, "2026-11-23T10:43").expect("it has ended");
    assert_eq!((next.officer, next.since), (BINH, at("2026-11-23T10:43")));
}

#[test]
fn a_head_takes_over_with_a_reason_and_leaves_an_event() {
    let held = Hold::claim(None, HOA, at("2026-11-23T10:40"), LEASE).ok();
    let take = |reason, now| Hold::take_over(held, WritingForm::Draft, BINH, reason, at(now), LEASE);
    assert_eq!(take(" ", "2026-11-23T10:41"), Err(WritingRefused::ReasonMissing));
    let (hold, body) = take(" đi họp ", "2026-11-23T10:41").expect("with a reason");
    assert_eq!(hold.officer, BINH);
    let reason = "đi họp".to_owned();
    assert_eq!(body, Some(Body::EditingTakenOver { form: WritingForm::Draft, from: HOA, reason }));
    let (_, body) = take("", "2026-11-23T10:42").expect("nobody holds it any more");
    assert_eq!(body, None);
}

#[test]
fn a_request_is_a_sentence_with_the_paper_in_it() {
    let reason = "Nộp lại {giay} rõ nét, vì bản đã nộp bị mờ.";
    let table = [
        (reason, "", Some("Nộp lại Tờ khai rõ nét, vì bản đã nộp bị mờ.")),
        (reason, " mất góc trái ", Some("Nộp lại Tờ khai rõ nét, vì bản đã nộp bị mờ. Mất góc trái.")),
        ("", "ghi rõ mục đích?", Some("Ghi rõ mục đích?")),
        ("", "  ", None),
    ];
    for (sentence, detail, expected) in table {
        assert_eq!(request(sentence, "Tờ khai", detail).as_deref(), expected, "{sentence} + {detail}");
    }
    assert_eq!(request(reason, "Tờ khai", &"a".repeat(1_001)), None);
}

fn note(text: &str) -> Note {
    Note {
        id: NoteId(Uuid::from_u128(0x71)),
        dossier: DOSSIER,
        author: HOA,
        text: text.to_owned(),
        mentioned: vec![BINH, HOA, BINH],
        written_at: at("2026-11-23T10:41"),
        struck_at: None,
    }
}

#[test]
fn a_note_is_written_once_and_struck_by_its_author() {
    assert_eq!(note("  ").write(), Err(WritingRefused::NoteEmpty));
    assert_eq!(note(&"ả".repeat(2_001)).write(), Err(WritingRefused::NoteTooLong));
    let (written, body) = note(" gọi lại chị Ngoãn ").write().expect("a note");
    assert_eq!((written.text.as_str(), &written.mentioned), ("gọi lại chị Ngoãn", &vec![BINH]));
    assert_eq!(body, Body::NoteWritten { note: written.id, mentioned: vec![BINH] });
    let later = at("2026-11-23T11:00");
    assert_eq!(written.clone().strike(BINH, later), Err(WritingRefused::NotItsAuthor));
    let (struck, body) = written.strike(HOA, later).expect("her own");
    assert_eq!((struck.struck_at, struck.text.as_str()), (Some(later), "gọi lại chị Ngoãn"), "it stays");
    assert_eq!(body, Body::NoteStruck { note: struck.id });
    assert_eq!(struck.strike(HOA, later), Err(WritingRefused::StruckBefore));
}
