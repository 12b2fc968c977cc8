//! A key comes in out of a file, by one person or by two; what is wrong with a file is said; and a key that was
//! ended signs nothing more.

use crate::house::{House, id_of, keyed};
use jiff::{SignedDuration, Timestamp};
use office::keys::{KeyFile, Put, Wanted};
use office::{By, Error, Keys, Refusal};
use pdf::certificate::self_signed;
use rules::event::{Body, KeyOrigin, Subject};
use rules::people::{Post, Role};
use rules::signing::keys::{KeyState, MOST_BYTES};
use rules::signing::round::CertificateState;
use std::sync::Arc;
use store::signing::KeyHolder;
use store::testing::Scratch;
use uuid::Uuid;

const PASSWORD: &str = "mật khẩu của tệp";

/// A file with a key for this name that holds from a day before `now` for so many years.
fn file_of(name: &str, years: i64, now: Timestamp) -> Vec<u8> {
    self_signed(name, years, now).and_then(|key| key.to_p12(PASSWORD)).expect("a file")
}

fn sent(bytes: &[u8]) -> KeyFile<'_> {
    KeyFile { bytes, password: PASSWORD, name_reason: "" }
}

fn said<T: std::fmt::Debug>(refused: Result<T, Error>) -> Vec<(String, String)> {
    match refused {
        Err(Error::Refused(Refusal::Form(faults))) => faults,
        other => panic!("{other:?}"),
    }
}

async fn kinds(house: &House, subject: Subject) -> Vec<Body> {
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let events = store::event::of_subject(&mut reader, subject, 20).await.expect("read");
    events.into_iter().map(|event| event.body).collect()
}

async fn signer(house: &House, role: Role) -> (By, Uuid) {
    let by = house.officer_with(Post::new(house.commune, role)).await;
    let id = id_of(&by.actor).0;
    (by, id)
}

async fn one_person_puts_in_the_key_of_an_officer(db: Scratch) {
    let house = House::open(&db).await;
    let (admin, now) = (house.officer(Role::Admin).await, house.office.clock.now());
    let (counter, holder) = signer(&house, Role::Counter).await;
    let file = file_of("Counter", 2, now);
    let ring = house.office.key_ring(&admin.actor, Wanted::Missing, 0).await.expect("listed");
    assert!(ring.lines.iter().any(|line| line.holder.id == holder && line.state == KeyState::Missing));
    let by = keyed(&admin, "k1");
    let put = house.office.put_key_file(&by, holder, sent(&file)).await.expect("put in");
    assert_eq!(put, Put::Now);
    // The same request again is answered the same, though the key is in use by now.
    assert_eq!(house.office.put_key_file(&by, holder, sent(&file)).await.expect("again"), Put::Now);
    let faults = said(house.office.put_key_file(&admin, holder, sent(&file)).await);
    assert!(faults[0].1.contains("đang được dùng"), "{faults:?}");
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let key = house.office.keys.of(&mut reader, holder, now).await.expect("it opens with our password");
    drop(reader);
    let sheet = house.office.key_sheet(&admin.actor, holder).await.expect("shown");
    let line = sheet.line.expect("a key");
    let certified = line.certified.expect("read");
    assert_eq!(certified.serial, key.certificate().serial());
    assert_eq!((line.origin, line.put_by, line.put_at), (KeyOrigin::File, admin.actor.officer(), Some(now)));
    assert!(matches!(sheet.state, KeyState::Valid(_)) && sheet.n_signatures == 0);
    let events = kinds(&house, Subject::Officer(rules::id::OfficerId(holder))).await;
    assert!(
        matches!(&events[..], [Body::KeyInstalled { serial, name_reason: None, .. }]
        if *serial == certified.serial),
        "{events:?}"
    );
    // Whoever keeps another place finds nothing, and neither does the officer himself.
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    for stranger in [&theirs.actor, &counter.actor] {
        let refused = house.office.key_sheet(stranger, holder).await;
        assert!(matches!(refused, Err(Error::NotFound | Error::NotYours(_))), "{refused:?}");
    }
    assert!(house.office.own_key(&counter.actor).await.expect("read").is_some());
}

async fn a_seal_is_put_in_by_two(db: Scratch) {
    let house = House::open(&db).await;
    let (first, second) = (house.officer(Role::Admin).await, house.officer(Role::Admin).await);
    let (now, holder) = (house.office.clock.now(), house.commune.0);
    let file = file_of("ỦY BAN NHÂN DÂN XÃ YÊN BÌNH", 2, now);
    assert_eq!(house.office.put_key_file(&first, holder, sent(&file)).await.expect("proposed"), Put::Waits);
    let sheet = house.office.key_sheet(&first.actor, holder).await.expect("shown");
    assert!(sheet.line.is_none(), "nothing signs with it yet");
    let waiting = sheet.proposal.expect("it waits");
    let faults = said(house.office.confirm_key(&first, holder, waiting.id).await);
    assert!(faults[0].1.contains("Một quản trị khác"), "{faults:?}");
    house.office.confirm_key(&second, holder, waiting.id).await.expect("confirmed");
    let sheet = house.office.key_sheet(&first.actor, holder).await.expect("shown");
    assert!(sheet.proposal.is_none() && sheet.state.signs());
    let again = house.office.confirm_key(&second, holder, waiting.id).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    // Another that is not wanted goes with its file.
    let file = file_of("UBND xã Yên Bình", 3, now);
    house.office.put_key_file(&first, holder, sent(&file)).await.expect("proposed");
    let waiting = house.office.key_sheet(&second.actor, holder).await.expect("shown").proposal;
    let waiting = waiting.expect("it waits").id;
    let faults = said(house.office.decline_key(&second, holder, waiting, " ").await);
    assert_eq!(faults[0].0, "khong-ly-do");
    house.office.decline_key(&second, holder, waiting, "nhầm tệp").await.expect("declined");
    assert!(house.office.key_sheet(&first.actor, holder).await.expect("shown").proposal.is_none());
    let told: Vec<String> =
        kinds(&house, Subject::Unit(house.commune)).await.iter().map(Body::kind).collect();
    assert_eq!(told, ["key_proposed", "key_installed", "key_proposed", "key_declined"]);
    // Too late, a proposal is none.
    house.office.put_key_file(&first, holder, sent(&file)).await.expect("proposed");
    let waiting = house.office.key_sheet(&second.actor, holder).await.expect("shown").proposal;
    house.office.clock.advance(SignedDuration::from_hours(24 * 8));
    let faults = said(house.office.confirm_key(&second, holder, waiting.expect("it waits").id).await);
    assert!(faults[0].1.contains("30/11/2026"), "{faults:?}");
}

async fn what_is_wrong_with_a_file_is_said_at_its_field(db: Scratch) {
    let house = House::open(&db).await;
    let (admin, now) = (house.officer(Role::Admin).await, house.office.clock.now());
    let (_, holder) = signer(&house, Role::Counter).await;
    let day = SignedDuration::from_hours(24);
    let sound = file_of("Counter", 2, now);
    let strange = file_of("Nguyễn Văn Hạ", 2, now);
    let (past, early) = (file_of("Counter", 1, now - day * 400), file_of("Counter", 1, now + day * 3));
    let huge = vec![0; MOST_BYTES + 1];
    for (bytes, password, field, words) in [
        (&b""[..], PASSWORD, "tep", "Chọn tệp khóa"),
        (&huge[..], PASSWORD, "tep", "lớn hơn 64 KB"),
        (&b"%PDF-1.7"[..], PASSWORD, "tep", "không phải tệp khóa"),
        (&sound[..], "sai", "mat-khau", "Mật khẩu không mở được tệp"),
        (&past[..], PASSWORD, "tep", "đã hết hạn ngày"),
        (&early[..], PASSWORD, "tep", "có hiệu lực từ"),
        (&strange[..], PASSWORD, "ly-do-ten", "“Nguyễn Văn Hạ”, còn ở đây là “Counter”"),
    ] {
        let file = KeyFile { bytes, password, name_reason: "" };
        let faults = said(house.office.put_key_file(&admin, holder, file).await);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].0, field);
        assert!(faults[0].1.contains(words), "{faults:?}");
    }
    assert!(house.office.key_sheet(&admin.actor, holder).await.expect("shown").line.is_none());
    // A name that differs for a reason is put in with that reason.
    let file = KeyFile { name_reason: "đổi họ theo Quyết định 5/QĐ", ..sent(&strange) };
    house.office.put_key_file(&admin, holder, file).await.expect("put in");
    let events = kinds(&house, Subject::Officer(rules::id::OfficerId(holder))).await;
    assert!(
        matches!(&events[..], [Body::KeyInstalled { name_reason: Some(why), .. }] if why.contains("5/QĐ"))
    );
}

async fn a_key_that_was_ended_signs_nothing_more(db: Scratch) {
    let house = House::open(&db).await;
    let (admin, now) = (house.officer(Role::Admin).await, house.office.clock.now());
    let (_, holder) = signer(&house, Role::Counter).await;
    let today = house.office.clock.today();
    let faults = said(house.office.end_key(&admin, holder, today, "nghỉ việc").await);
    assert!(faults[0].1.contains("Không có khóa"), "{faults:?}");
    house.give_key(holder, KeyHolder::Officer).await;
    assert_eq!(said(house.office.end_key(&admin, holder, today, "").await)[0].0, "ly-do");
    let yesterday = today.yesterday().expect("a day");
    assert_eq!(said(house.office.end_key(&admin, holder, yesterday, "nghỉ").await)[0].0, "tu");
    let tomorrow = today.tomorrow().expect("a day");
    house.office.end_key(&admin, holder, tomorrow, "nghỉ việc").await.expect("ended");
    let never = tomorrow.saturating_add(jiff::Span::new().years(9));
    assert_eq!(
        said(house.office.end_key(&admin, holder, never, "thôi").await)[0].0,
        "tu",
        "it is not given back"
    );
    let signs = async |at: Timestamp| {
        let mut reader = house.office.db.read().await.expect("a snapshot");
        house.office.keys.of(&mut reader, holder, at).await
    };
    signs(now).await.expect("it signs to the end of the day");
    let later = now + SignedDuration::from_hours(24);
    let ended = CertificateState::Ended(tomorrow);
    assert!(matches!(signs(later).await,
        Err(Error::Refused(Refusal::Certificate(state))) if state == ended));
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let state = house.office.keys.state(&mut reader, holder, later).await.expect("read");
    drop(reader);
    assert_eq!(state, ended);
    // It is warned of, and a new one takes its place whole.
    let ending = house.office.key_ring(&admin.actor, Wanted::Ending, 0).await.expect("listed");
    assert_eq!(ending.lines.iter().map(|line| line.holder.id).collect::<Vec<_>>(), [holder]);
    let file = file_of("Counter", 2, now);
    house.office.put_key_file(&admin, holder, sent(&file)).await.expect("put in");
    signs(later).await.expect("the new one signs");
}

async fn a_key_to_try_with_is_made_where_nothing_is_in_earnest(db: Scratch) {
    let mut house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let (_, holder) = signer(&house, Role::Counter).await;
    let faults = said(house.office.make_trial_key(&admin, holder).await);
    assert!(faults[0].1.contains("bản dùng thử"), "{faults:?}");
    let exercise = toml::from_str(
        r#"
        id = "thu"
        title = "Thử"
        role = "counter"
        minutes = 5
        prepares = "nothing"
        step = []
        "#,
    );
    house.office.exercises = Arc::new([exercise.expect("an exercise")]);
    house.office.make_trial_key(&admin, holder).await.expect("made");
    let line = house.office.key_sheet(&admin.actor, holder).await.expect("shown").line.expect("a key");
    assert_eq!((line.origin, line.label.as_str()), (KeyOrigin::Trial, "Counter (DÙNG THỬ)"));
    // Where a real key signs, none is made in its place.
    let file = file_of("Counter", 2, house.office.clock.now());
    house.office.put_key_file(&admin, holder, sent(&file)).await.expect("put in");
    said(house.office.make_trial_key(&admin, holder).await);
}

async fn a_key_that_does_not_open_is_shown_so(db: Scratch) {
    let mut house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    house.give_key(house.commune.0, KeyHolder::Agency).await;
    house.office.keys = Keys::new("another password");
    assert_eq!(house.office.describe_keys().await.expect("looked"), 0);
    let sheet = house.office.key_sheet(&admin.actor, house.commune.0).await.expect("shown");
    assert_eq!(sheet.state, KeyState::Unread);
}

store::on_both!(
    one_person_puts_in_the_key_of_an_officer,
    a_seal_is_put_in_by_two,
    what_is_wrong_with_a_file_is_said_at_its_field,
    a_key_that_was_ended_signs_nothing_more,
    a_key_to_try_with_is_made_where_nothing_is_in_earnest,
    a_key_that_does_not_open_is_shown_so,
);
