//! What officers write before an act is done: kept, held by one, noted for colleagues, and marked where it
//! differs.

use crate::afterwards::Team;
use crate::counter::received;
use crate::house::{id_of, smallest_form};
use jiff::SignedDuration;
use office::dossier::writing::{Holding, Keeping};
use office::forms::{Answers, Sheet};
use office::signing::marks::Marks;
use office::{By, Error, Forms, Refusal};
use rules::dossier::writing::{WritingForm, WritingRefused};
use rules::event::SupplementItem;
use rules::id::DossierId;
use rules::people::{Actor, Role};
use rules::text::diff::Piece;
use std::sync::Arc;
use store::signing::wording::{Likeness, last_alike};
use store::testing::Scratch;

const FORM: WritingForm = WritingForm::Draft;
const FIELDS: &str = r#"
[[ask]]
key = "body"
label = "Nội dung"
kind = "area"
default = "Cấp cho {holder_name} bản sao."
"#;

fn typed(text: &str) -> Vec<(String, String)> {
    vec![("body".to_owned(), text.to_owned())]
}

/// A dossier in the specialist's hands.
async fn taken(team: &Team) -> DossierId {
    let id = received(&team.house, &team.counter).await;
    team.house.office.take(&team.specialist, id).await.expect("taken");
    id
}

async fn what_is_typed_is_kept_until_it_is_sent_and_leaves_no_event(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, by) = (&team.house.office, &team.specialist.actor);
    let id = taken(&team).await;
    let n_events = team.house.events(id).await.len();
    let keep = async |seen, text: &str| {
        office.keep_unsent(by, FORM, id, seen, "", &typed(text)).await.expect("asked to be kept")
    };
    assert!(matches!(keep(0, "một").await, Keeping::Kept(kept) if kept.version == 1));
    assert!(matches!(keep(1, "một hai").await, Keeping::Kept(kept) if kept.version == 2));
    let meanwhile = keep(1, "cửa sổ khác").await;
    assert!(
        matches!(&meanwhile, Keeping::Meanwhile(kept) if kept.fields == typed("một hai")),
        "{meanwhile:?}"
    );
    let long = office.keep_unsent(by, FORM, id, 2, "", &typed(&"a".repeat(100_001))).await;
    assert!(matches!(long, Err(Error::Refused(Refusal::Writing(WritingRefused::TooLong)))), "{long:?}");
    assert_eq!(office.unsent(&team.leader.actor, FORM, id).await.expect("read"), None, "it is hers alone");
    let kept = office.unsent(by, FORM, id).await.expect("read").expect("kept");
    assert_eq!((kept.version, &kept.fields), (2, &typed("một hai")));
    assert_eq!(team.house.events(id).await.len(), n_events);

    office.draft_result(&team.specialist, id, None, Answers::new()).await.expect("drafted");
    assert_eq!(office.unsent(by, FORM, id).await.expect("read"), None, "it was sent");

    let stranger = team.house.officer_of(team.house.elsewhere, Role::Specialist).await.actor;
    let kept = office.keep_unsent(&stranger, FORM, id, 0, "", &typed("x")).await;
    assert!(matches!(kept, Err(Error::NotFound)), "{kept:?}");
}

async fn prose_nobody_comes_back_to_is_cleared_away(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, by) = (&team.house.office, &team.specialist.actor);
    let (old, new) = (taken(&team).await, taken(&team).await);
    office.keep_unsent(by, FORM, old, 0, "", &typed("cũ")).await.expect("kept");
    office.clock.advance(SignedDuration::from_hours(24 * 31));
    office.keep_unsent(by, FORM, new, 0, "", &typed("mới")).await.expect("kept");
    assert_eq!(office.unsent(by, FORM, old).await.expect("read"), None);
    assert!(office.unsent(by, FORM, new).await.expect("read").is_some());
}

async fn a_form_is_held_by_one_and_a_head_lets_the_next_go_on(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let office = &team.house.office;
    let head = team.house.officer(Role::Head).await;
    let second = team.house.officer(Role::Specialist).await;
    let id = taken(&team).await;
    let hold = async |by: &By| office.hold_draft(&by.actor, id).await;
    assert_eq!(hold(&team.specialist).await.expect("hers"), Holding::Mine);
    assert!(hold(&second).await.is_err(), "it is not his step");
    let began = office.clock.now();
    let first = id_of(&team.specialist.actor);
    let second_id = id_of(&second.actor);
    office.reassign(&head, id, Some(second_id), "chia lại việc").await.expect("given to another");
    assert_eq!(hold(&second).await.expect("asked"), Holding::Of(first, began));
    let seen = office.holder_of_draft(&head.actor, id).await.expect("asked");
    assert_eq!(seen, Holding::Of(first, began));

    let refused = office.take_over_draft(&head, id, " ").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Writing(WritingRefused::ReasonMissing)))));
    assert!(office.take_over_draft(&second, id, "gấp").await.is_err(), "a head's to say");
    office.take_over_draft(&head, id, "gấp").await.expect("with a reason");
    assert_eq!(team.house.events(id).await.last().map(String::as_str), Some("editing_taken_over"));
    assert_eq!(hold(&second).await.expect("his now"), Holding::Mine);
    office.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(office.holder_of_draft(&head.actor, id).await.expect("asked"), Holding::Mine, "it has ended");
}

async fn a_note_calls_a_colleague_and_stays_when_it_is_struck(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let office = &team.house.office;
    let head = team.house.officer(Role::Head).await;
    let id = taken(&team).await;
    let (author, called) = (&team.specialist, id_of(&head.actor));
    let leader = id_of(&team.leader.actor);
    office.write_note(author, id, " gọi lại chủ hồ sơ ", &[called, leader]).await.expect("written");
    let empty = office.write_note(author, id, " ", &[]).await;
    assert!(matches!(empty, Err(Error::Refused(Refusal::Writing(WritingRefused::NoteEmpty)))), "{empty:?}");

    let mentions = office.mentions(&head.actor).await.expect("read");
    assert_eq!(mentions.iter().map(|mention| mention.dossier).collect::<Vec<_>>(), [id]);
    assert_eq!(office.mentions(&team.leader.actor).await.expect("read"), [], "no colleague of this work");
    let dossier = team.house.dossier(id).await;
    let (notes, _) = office.notes(&head.actor, &dossier).await.expect("read");
    let [note] = notes.as_slice() else { panic!("one note: {notes:?}") };
    assert_eq!((note.text.as_str(), &note.mentioned), ("gọi lại chủ hồ sơ", &vec![called]));
    assert_eq!(office.mentions(&head.actor).await.expect("read"), [], "he has seen it");

    assert!(office.strike_note(&head, id, note.id).await.is_err(), "its author's to strike");
    office.strike_note(author, id, note.id).await.expect("struck");
    let (notes, _) = office.notes(&author.actor, &dossier).await.expect("read");
    assert!(notes[0].struck_at.is_some() && notes[0].text == "gọi lại chủ hồ sơ");
    let kinds = team.house.events(id).await;
    assert!(kinds.ends_with(&["note_written".to_owned(), "note_struck".to_owned()]), "{kinds:?}");
    let view = office.dossier_view(&author.actor, id).await.expect("read");
    let told: Vec<String> = view.timeline().into_iter().map(|(_, said)| said.what).collect();
    assert!(told.iter().any(|said| said == "ghi chú nội bộ, nhắc Head"), "{told:?}");
    let auditor = team.house.officer(Role::Auditor).await;
    let view = office.dossier_view(&auditor.actor, id).await.expect("read");
    assert!(view.events.iter().all(|event| !event.body.is_internal()), "among colleagues");
    let stranger = team.house.officer_of(team.house.elsewhere, Role::Head).await;
    assert!(matches!(office.notes(&stranger.actor, &dossier).await, Err(Error::NotFound)));
}

/// The words of a form with what was put in and left out.
fn told(pieces: &[Piece]) -> String {
    let told = |piece: &Piece| match piece {
        Piece::Same(text) => text.clone(),
        Piece::Inserted(text) => format!("+{}+ ", text.trim_end()),
        Piece::Deleted(text) => format!("-{}- ", text.trim_end()),
    };
    pieces.iter().map(told).collect::<String>().trim_end().to_owned()
}

async fn marks(team: &Team, actor: &Actor, id: DossierId, body: &str) -> Marks {
    let office = &team.house.office;
    let context = office.result_context(actor, id, None).await.expect("drafting");
    let answers = [("body".to_owned(), body.to_owned())].into();
    office.draft_marks(actor, &context, &answers).await.expect("marked")
}

async fn a_draft_is_held_against_its_form_and_the_last_of_its_kind(db: Scratch) {
    let mut team = Team::open_to_sign(&db).await;
    let sheet = Sheet::new(smallest_form().form, Some(FIELDS)).expect("a sheet");
    team.house.office.forms = Arc::new(Forms::new([sheet]));
    let office = &team.house.office;
    let first = taken(&team).await;
    let alone = marks(&team, &team.specialist.actor, first, "x").await;
    assert_eq!(alone.last, None, "nothing was signed before");
    let name = office.dossier_view(&team.specialist.actor, first).await.expect("read").holder.name;
    let body = format!("Cấp cho {name} hai bản sao, theo đơn ngày 3/4/2026 của ông Trần Văn Bảy.");
    let answers: Answers = [("body".to_owned(), body)].into();
    office.draft_result(&team.specialist, first, None, answers).await.expect("drafted");
    office.finish_step(&team.specialist, first, "ky", "đủ", None).await.expect("passed on");
    team.sign_only(first).await;

    let second = taken(&team).await;
    let actor = &team.specialist.actor;
    let plain = marks(&team, actor, second, &format!("Cấp cho {name} bản sao.")).await;
    assert_eq!(plain.template, [], "as the form has it");
    let (_, against_last) = plain.last.expect("the first was signed");
    let said = told(&against_last[0].pieces);
    assert_eq!(said, format!("Cấp cho {name} -hai- bản -sao, theo đơn ngày … của ông …- +sao.+"));
    let changed = marks(&team, actor, second, &format!("Cấp cho {name} ba bản sao.")).await;
    assert_eq!(told(&changed.template[0].pieces), format!("Cấp cho {name} +ba+ bản sao."));
    assert_eq!(changed.template[0].label, "Nội dung");
    let mut reader = office.db.read().await.expect("a snapshot");
    let dossier = team.house.dossier(second).await;
    let context = office.result_context(actor, second, None).await.expect("drafting");
    let likeness = Likeness {
        agency: dossier.scope.competent,
        procedure: dossier.procedure.clone(),
        case: dossier.case.clone(),
        result_type: context.result_type.id,
    };
    let kept = last_alike(&mut reader, &likeness, second, 5).await.expect("read");
    let stored = &kept[0].answers["body"];
    assert!(!stored.contains(&name) && !stored.contains("Bảy") && !stored.contains("2026"), "{stored}");
}

async fn what_was_sent_back_is_no_decision_to_go_by(db: Scratch) {
    let mut team = Team::open_to_sign(&db).await;
    let sheet = Sheet::new(smallest_form().form, Some(FIELDS)).expect("a sheet");
    team.house.office.forms = Arc::new(Forms::new([sheet]));
    let office = &team.house.office;
    let first = taken(&team).await;
    let answers: Answers = [("body".to_owned(), "Cấp hai bản.".to_owned())].into();
    office.draft_result(&team.specialist, first, None, answers).await.expect("drafted");
    office.finish_step(&team.specialist, first, "ky", "đủ", None).await.expect("passed on");
    team.sign(first).await;
    let second = taken(&team).await;
    assert!(marks(&team, &team.specialist.actor, second, "x").await.last.is_some());
    office.send_back(&team.clerk, first, "ky", "sai tên").await.expect("sent back");
    assert_eq!(marks(&team, &team.specialist.actor, second, "x").await.last, None);
}

async fn a_request_is_tried_before_it_is_sent(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, by) = (&team.house.office, &team.specialist);
    let id = taken(&team).await;
    let view = office.dossier_view(&by.actor, id).await.expect("read");
    let items =
        |what: &str| vec![SupplementItem { component: "ban-chinh".to_owned(), what: what.to_owned() }];
    assert!(office.try_supplement(&view, Vec::new(), None).is_err());
    let waiting = office.try_supplement(&view, items("Nộp lại bản chính."), None).expect("as it would wait");
    let (asked, until) = office::counter::slip::asked(&waiting).expect("it waits");
    assert_eq!((asked, until.is_some()), (items("Nộp lại bản chính.").as_slice(), true));
    assert_eq!(team.house.dossier(id).await, view.dossier, "nothing is changed");
    let place = WritingForm::Supplement;
    office.keep_unsent(&by.actor, place, id, 0, "", &typed("x")).await.expect("kept");
    office.ask_supplement(by, id, items("Nộp lại bản chính."), None).await.expect("sent");
    assert_eq!(office.unsent(&by.actor, place, id).await.expect("read"), None);
}

store::on_both!(
    what_is_typed_is_kept_until_it_is_sent_and_leaves_no_event,
    prose_nobody_comes_back_to_is_cleared_away,
    a_form_is_held_by_one_and_a_head_lets_the_next_go_on,
    a_note_calls_a_colleague_and_stays_when_it_is_struck,
    a_draft_is_held_against_its_form_and_the_last_of_its_kind,
    what_was_sent_back_is_no_decision_to_go_by,
    a_request_is_tried_before_it_is_sent,
);
