//! The audit chain held against a forger who can write in the database: each kind of tampering is named,
//! on both engines, and nothing else is.

mod authority;
mod key_change;

use authority::Fake;
use jiff::{SignedDuration, Timestamp};
use office::audit::{Anchor, CheckpointFault, Expected, Fault, Place, Report, Sealer, Stamping, verify};
use office::{Clock, Keys};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId};
use store::Db;
use store::audit::Checkpoint;
use store::event::Why;
use store::testing::Scratch;
use store::testing::forger::{by_hand, rechain};
use uuid::Uuid;

const MORNING: &str = "2026-11-23T01:00:00Z";

/// Three dossiers with four events each, sealed in two checkpoints, and one event that waits.
struct Trail {
    db: Scratch,
    sealer: Sealer,
    dossiers: [Subject; 3],
}

fn clock() -> Clock {
    Clock::set(MORNING.parse().expect("an instant"))
}

fn sealer(db: &Db, password: &str) -> Sealer {
    Sealer { db: db.clone(), clock: clock(), keys: Keys::new(password), stamping: None }
}

async fn append(db: &Db, subject: Subject, now: Timestamp) {
    append_many(db, subject, now, 1).await;
}

async fn append_many(db: &Db, subject: Subject, now: Timestamp, n_events: u32) {
    let event = &NewEvent {
        subject,
        dossier: None,
        agency: AgencyId(Uuid::from_u128(1)),
        actor: None,
        on_behalf_of: None,
        purpose: None,
        happened_at: now,
        body: Body::CaseChosen { case: "thường".to_owned() },
    };
    let done: Result<(), store::Error> = db
        .act(|mut tx| async move {
            for _ in 0..n_events {
                store::event::append(&mut tx, event, now).await?;
            }
            Ok(())
        })
        .await;
    done.expect("appended");
}

impl Trail {
    async fn laid(db: Scratch) -> Self {
        let sealer = sealer(&db, "mật khẩu");
        let now = || sealer.clock.now();
        let dossiers = [(); 3].map(|()| Subject::Dossier(DossierId(store::time::new_id(now()))));
        for _ in 0..2 {
            for _ in 0..2 {
                for subject in dossiers {
                    append(&db, subject, now()).await;
                }
            }
            let sealed = sealer.seal().await.expect("sealed");
            assert_eq!((sealed.n_checkpoints, sealed.n_events), (1, 6));
            sealer.clock.advance(SignedDuration::from_mins(5));
        }
        append(&db, dossiers[2], now()).await;
        Self { db, sealer, dossiers }
    }

    async fn verified(&self) -> Report {
        self.verified_against(None).await
    }

    async fn verified_against(&self, anchor: Option<&Anchor>) -> Report {
        let mut reader = self.db.read().await.expect("a snapshot");
        let key = self.sealer.keys.of_audit(&mut reader).await.expect("it opens");
        drop(reader);
        let certificate = key.as_ref().map(|key| key.certificate());
        verify(&self.db, Expected { certificate, roots: &[], anchor }).await.expect("read to the end")
    }

    async fn faults(&self) -> Vec<Fault> {
        let report = self.verified().await;
        assert_eq!(report.n_faults, report.faults.len() as u64);
        report.faults
    }

    async fn checkpoints(&self) -> Vec<Checkpoint> {
        let mut reader = self.db.read().await.expect("a snapshot");
        store::audit::checkpoints(&mut reader, 0, 100).await.expect("read")
    }

    /// Tampers with the first dossier's rows.
    async fn by_hand(&self, sql: &str) {
        assert_ne!(by_hand(&self.db, sql, &[self.dossiers[0].id()]).await, 0, "{sql}");
    }
}

/// What was found, in short: which chain row, which sealed place, which checkpoint.
fn short(trail: &Trail, faults: &[Fault]) -> Vec<String> {
    let dossier = |subject: Option<Subject>| trail.dossiers.iter().position(|&known| Some(known) == subject);
    let place = |place: &Place| format!("{:?}/{}", dossier(place.subject), place.number);
    let named = |fault: &Fault| match fault {
        Fault::Chain(subject, broken) => {
            format!("chain {:?}/{} {:?}", dossier(Some(*subject)), broken.number, broken.why)
        }
        Fault::Removed(at, _) => format!("removed {}", place(at)),
        Fault::Rewritten(at, _) => format!("rewritten {}", place(at)),
        Fault::RemovedUnsealed(_) => "removed unsealed".to_owned(),
        Fault::Checkpoint(number, fault, _) => format!("checkpoint {number} {fault:?}"),
        Fault::KeyChange(number, fault, _) => format!("key change {number} {fault:?}"),
        Fault::Uncovered { after_ordinal, n_places } => format!("uncovered {n_places} after {after_ordinal}"),
        Fault::AnchorGone { number } => format!("anchor {number} gone"),
        Fault::AnchorDiffers { number } => format!("anchor {number} differs"),
    };
    faults.iter().map(named).collect()
}

async fn a_whole_trail_has_no_fault(db: Scratch) {
    let trail = Trail::laid(db).await;
    let report = trail.verified().await;
    assert_eq!(report.faults, []);
    assert_eq!((report.n_chains, report.n_events, report.n_sealed, report.n_unsealed), (3, 13, 12, 1));
    assert_eq!(
        (report.n_checkpoints, report.n_stamped, report.last.map(|(number, _)| number)),
        (2, 0, Some(2))
    );
    trail.sealer.seal().await.expect("sealed");
    let sealed = trail.sealer.seal().await.expect("sealed");
    assert_eq!((sealed.n_checkpoints, sealed.n_events), (0, 0), "nothing new, nothing written");
    assert_eq!(trail.verified().await.n_checkpoints, 3);
}

async fn a_database_that_was_never_sealed_is_said_to_be_so(db: Scratch) {
    let sealer = sealer(&db, "mật khẩu");
    append(&db, Subject::Dossier(DossierId(Uuid::from_u128(7))), sealer.clock.now()).await;
    let trail = Trail { db, sealer, dossiers: [Subject::Dossier(DossierId(Uuid::from_u128(7))); 3] };
    let report = trail.verified().await;
    assert_eq!((report.n_faults, report.n_unsealed, report.n_checkpoints, report.last), (0, 1, 0, None));
}

async fn a_body_disposed_of_by_law_breaks_nothing(db: Scratch) {
    let trail = Trail::laid(db).await;
    trail.by_hand("update event set body = null, salt = null where subject = $1 and number <= 2").await;
    assert_eq!(trail.faults().await, []);
}

/// Each edit of one row, its digests left as they were.
async fn an_edited_row_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    for (set, back) in [
        ("body = replace(body, 'thường', 'gấp')", "body = replace(body, 'gấp', 'thường')"),
        ("actor = subject", "actor = null"),
        ("happened_at = happened_at - 1", "happened_at = happened_at + 1"),
    ] {
        trail.by_hand(&format!("update event set {set} where subject = $1 and number = 2")).await;
        let faults = trail.faults().await;
        assert_eq!(short(&trail, &faults), ["chain Some(0)/2 Unchained"], "{set}");
        trail.by_hand(&format!("update event set {back} where subject = $1 and number = 2")).await;
        assert_eq!(trail.faults().await, [], "{back}");
    }
}

/// The forger knows the algorithm and writes the row and all behind it anew.
async fn a_chain_written_anew_is_named_row_by_row(db: Scratch) {
    let trail = Trail::laid(db).await;
    trail.by_hand("update event set actor = subject where subject = $1 and number = 3").await;
    rechain(&trail.db, trail.dossiers[0]).await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["rewritten Some(0)/3", "rewritten Some(0)/4"]);
    let Fault::Rewritten(_, window) = &faults[0] else { panic!("{faults:?}") };
    assert_eq!(window.after.map(|at| at.to_string()).as_deref(), Some(MORNING));
    assert_eq!(window.until.to_string(), "2026-11-23T01:05:00Z", "sealed between these two");

    // And puts the new digests into the order as well: then the signature is missed.
    trail
        .by_hand(
            "update event_order set digest = (select digest from event where event.id = event_order.event)
             where subject = $1",
        )
        .await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["checkpoint 2 Places"]);
}

async fn removed_rows_are_named_where_a_chain_alone_shows_nothing(db: Scratch) {
    let trail = Trail::laid(db).await;
    trail.by_hand("delete from event where subject = $1 and number = 4").await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["removed Some(0)/4"]);

    trail.by_hand("delete from event where subject = $1").await;
    let faults = trail.faults().await;
    let all = [1, 2, 3, 4].map(|number| format!("removed Some(0)/{number}"));
    assert_eq!(short(&trail, &faults), all, "a whole chain");

    // Its places as well, and the rest closed up.
    trail.by_hand("delete from event_order where subject = $1").await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["checkpoint 1 Places", "checkpoint 2 Places"]);
}

async fn a_row_removed_in_the_middle_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    trail.by_hand("delete from event where subject = $1 and number = 2").await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["removed Some(0)/2", "chain Some(0)/3 Unchained"]);

    trail.by_hand("update event set number = 2 where subject = $1 and number = 3").await;
    trail.by_hand("update event set number = 3 where subject = $1 and number = 4").await;
    rechain(&trail.db, trail.dossiers[0]).await;
    let faults = trail.faults().await;
    let named = ["removed Some(0)/2", "rewritten Some(0)/3", "rewritten Some(0)/4"];
    assert_eq!(short(&trail, &faults), named, "the gap was closed up");
}

async fn an_event_that_waited_and_is_gone_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    by_hand(&trail.db, "delete from event where subject = $1 and number = 5", &[trail.dossiers[2].id()])
        .await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["removed unsealed"]);
    assert_eq!(trail.sealer.seal().await.expect("sealed").n_events, 0, "it is not sealed over");
    assert_eq!(trail.faults().await, faults);
}

const FORGED: &str = "insert into event (id, kind, version, subject_kind, subject, number, dossier, agency,
        happened_at, recorded_at, body, salt, body_digest, digest, previous)
    select $2, kind, version, subject_kind, subject, number + 1, dossier, agency, happened_at, recorded_at,
        body, salt, body_digest, digest, digest from event where subject = $1 and number = ";

async fn a_forged_row_at_the_end_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    let ids = [trail.dossiers[0].id(), Uuid::from_u128(9)];
    by_hand(&trail.db, &format!("{FORGED}4"), &ids).await;
    rechain(&trail.db, trail.dossiers[0]).await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["chain Some(0)/5 Unplaced"]);
}

async fn a_forged_row_in_the_middle_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    for number in [4, 3] {
        let to = number + 1;
        trail
            .by_hand(&format!("update event set number = {to} where subject = $1 and number = {number}"))
            .await;
    }
    let ids = [trail.dossiers[0].id(), Uuid::from_u128(9)];
    by_hand(&trail.db, &format!("{FORGED}2"), &ids).await;
    rechain(&trail.db, trail.dossiers[0]).await;
    let faults = trail.faults().await;
    let named = ["rewritten Some(0)/3", "rewritten Some(0)/4", "chain Some(0)/3 Unplaced"];
    assert_eq!(short(&trail, &faults), named);
}

async fn swapped_rows_are_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    for (from, to) in [(2, 99), (3, 2), (99, 3)] {
        trail
            .by_hand(&format!("update event set number = {to} where subject = $1 and number = {from}"))
            .await;
    }
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["chain Some(0)/2 Unchained"]);
    rechain(&trail.db, trail.dossiers[0]).await;
    let faults = trail.faults().await;
    let named = ["rewritten Some(0)/2", "rewritten Some(0)/3", "rewritten Some(0)/4"];
    assert_eq!(short(&trail, &faults), named);
}

async fn an_order_that_was_changed_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    for (from, to) in [(2, 99), (3, 2), (99, 3)] {
        let sql = format!("update event_order set ordinal = {to} where ordinal = {from}");
        assert_eq!(by_hand(&trail.db, &sql, &[]).await, 1);
    }
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["checkpoint 1 Places"]);
}

async fn an_edited_checkpoint_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    let sql = "update audit_checkpoint set sealed_at = sealed_at - 1000000 where number = 1";
    assert_eq!(by_hand(&trail.db, sql, &[]).await, 1);
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["checkpoint 1 Signature", "checkpoint 2 Unlinked"]);
}

async fn a_removed_checkpoint_is_named(db: Scratch) {
    let trail = Trail::laid(db).await;
    assert_eq!(by_hand(&trail.db, "delete from audit_checkpoint where number = 1", &[]).await, 1);
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["checkpoint 2 Unlinked"]);
    assert_eq!(by_hand(&trail.db, "delete from audit_checkpoint", &[]).await, 1);
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["uncovered 12 after 0"]);
    assert_eq!(by_hand(&trail.db, "delete from event_order", &[]).await, 12);
    let faults = trail.faults().await;
    assert_eq!(faults.len(), 3);
    assert!(
        faults.iter().all(|fault| matches!(fault, Fault::Chain(_, broken) if broken.why == Why::Unplaced))
    );
}

/// The newest checkpoint taken away with its places, and its events made to wait again: here only what
/// was kept outside tells.
async fn what_was_kept_outside_shows_the_newest_checkpoint_gone(db: Scratch) {
    let trail = Trail::laid(db).await;
    let checkpoints = trail.checkpoints().await;
    let [first, second] = &checkpoints[..] else { panic!("two checkpoints") };
    let kept = Anchor::parse(&Anchor::of(second).to_string()).expect("what was written is read");
    assert_eq!(trail.verified_against(Some(&kept)).await.n_faults, 0);
    assert_eq!(trail.verified_against(Some(&Anchor::of(first))).await.n_faults, 0, "an older one serves too");

    for sql in [
        "delete from event_unsealed",
        "delete from audit_checkpoint where number = 2",
        "delete from event_order where ordinal > 6",
        "delete from event where subject = $1 and number > 2",
    ] {
        let ids = [trail.dossiers[0].id()];
        by_hand(&trail.db, sql, if sql.contains("$1") { &ids } else { &[] }).await;
    }
    let waits = "insert into event_unsealed (event) select id from event where number > 2";
    by_hand(&trail.db, waits, &[]).await;
    assert_eq!(trail.faults().await, [], "nothing inside shows it");
    let report = trail.verified_against(Some(&kept)).await;
    assert_eq!(short(&trail, &report.faults), ["anchor 2 gone"]);

    trail.sealer.seal().await.expect("sealed over");
    let report = trail.verified_against(Some(&kept)).await;
    assert_eq!(short(&trail, &report.faults), ["anchor 2 differs"]);
    by_hand(&trail.db, "delete from audit_checkpoint where number = 1", &[]).await;
    let report = trail.verified_against(Some(&Anchor::of(first))).await;
    assert_eq!(short(&trail, &report.faults), ["checkpoint 2 Unlinked", "anchor 1 gone"]);
}

/// Everything sealed again from the beginning, with a key of the forger's own.
async fn another_key_is_not_taken_for_ours(db: Scratch) {
    let trail = Trail::laid(db).await;
    for table in ["audit_checkpoint", "event_order", "event_unsealed"] {
        by_hand(&trail.db, &format!("delete from {table}"), &[]).await;
    }
    by_hand(&trail.db, "insert into event_unsealed (event) select id from event", &[]).await;
    by_hand(&trail.db, "update signing_key set holder = $1", &[Uuid::from_u128(1)]).await;
    sealer(&trail.db, "khác").seal().await.expect("sealed by the forger");
    // The forger cannot pack his key under a password he does not know, so ours is put back.
    by_hand(&trail.db, "delete from signing_key where holder <> $1", &[Uuid::from_u128(1)]).await;
    by_hand(&trail.db, "update signing_key set holder = $1", &[office::keys::AUDIT]).await;
    let faults = trail.faults().await;
    assert_eq!(short(&trail, &faults), ["checkpoint 1 ForeignKey"]);

    append(&trail.db, trail.dossiers[0], trail.sealer.clock.now()).await;
    sealer(&trail.db, "khác").seal().await.expect_err("our key does not open for him");
}

/// More than one commit should hold up, as after an upgrade: page by page, and verified page by page.
async fn a_backlog_is_sealed_in_stretches(db: Scratch) {
    let sealer = sealer(&db, "mật khẩu");
    let subject = Subject::Dossier(DossierId(Uuid::from_u128(7)));
    append_many(&db, subject, sealer.clock.now(), 2_001).await;
    let sealed = sealer.seal().await.expect("sealed");
    assert_eq!((sealed.n_checkpoints, sealed.n_events), (2, 2_001));
    let trail = Trail { db, sealer, dossiers: [subject; 3] };
    let report = trail.verified().await;
    assert_eq!((report.n_faults, report.n_sealed, report.n_unsealed), (0, 2_001, 0));
    by_hand(&trail.db, "delete from event where number = 2001", &[]).await;
    by_hand(&trail.db, "delete from event_order where ordinal = 1500", &[]).await;
    let faults = trail.faults().await;
    let named = ["checkpoint 1 Places", "removed Some(0)/2001", "chain Some(0)/1500 Unplaced"];
    assert_eq!(short(&trail, &faults), named);
}

/// Both nodes of an office seal the same events at the same moment, without a key to begin with.
async fn two_nodes_seal_side_by_side(db: Scratch) {
    let sealer = sealer(&db, "mật khẩu");
    let subject = Subject::Dossier(DossierId(Uuid::from_u128(7)));
    for _ in 0..20 {
        append(&db, subject, sealer.clock.now()).await;
    }
    let (one, two) = tokio::join!(sealer.seal(), sealer.seal());
    let n_sealed = [one, two].map(|sealed| sealed.expect("sealed or met").n_events);
    assert_eq!(n_sealed.iter().sum::<u64>(), 20);
    let trail = Trail { db, sealer, dossiers: [subject; 3] };
    let report = trail.verified().await;
    assert_eq!((report.n_faults, report.n_sealed, report.n_checkpoints), (0, 20, 1));
}

async fn a_running_sealer_stops_when_told(db: Scratch) {
    let sealer = sealer(&db, "mật khẩu");
    append(&db, Subject::Dossier(DossierId(Uuid::from_u128(7))), sealer.clock.now()).await;
    let (say_stop, stop) = tokio::sync::watch::channel(false);
    let (runner, every) = (sealer.clone(), std::time::Duration::from_millis(1));
    let running = tokio::spawn(async move { runner.run(every, stop).await });
    loop {
        let mut reader = db.read().await.expect("a snapshot");
        if store::audit::last(&mut reader).await.expect("read").is_some() {
            break;
        }
        tokio::task::yield_now().await;
    }
    say_stop.send(true).expect("it listens");
    running.await.expect("it ends");
}

/// The checkpoint is stamped by a real authority; when that is down, sealing goes on, and the next stamp
/// covers what has none.
async fn a_stamp_is_asked_for_and_checked(db: Scratch) {
    let authority = Fake::open().await;
    let stamping = |roots: Vec<_>| Some(Stamping { authority: authority.client(), roots });
    let subject = Subject::Dossier(DossierId(Uuid::from_u128(7)));
    let mut sealer = sealer(&db, "mật khẩu");
    sealer.stamping = stamping(vec![authority.root.clone()]);
    append(&db, subject, sealer.clock.now()).await;
    let sealed = sealer.seal().await.expect("sealed");
    assert_eq!(sealed.unstamped, None);

    authority.go_away();
    append(&db, subject, sealer.clock.now()).await;
    let sealed = sealer.seal().await.expect("sealed all the same");
    assert_eq!(sealed.n_events, 1);
    assert_eq!(sealed.unstamped.as_deref(), Some("`time stamp authority` answered with 503"));

    let other = Fake::open().await;
    sealer.stamping = stamping(vec![other.root.clone()]);
    authority.come_back();
    append(&db, subject, sealer.clock.now()).await;
    let sealed = sealer.seal().await.expect("sealed all the same");
    assert!(sealed.unstamped.is_some_and(|why| why.contains("does not hold")), "not the authority we know");

    let trail = Trail { db, sealer, dossiers: [subject; 3] };
    let report = trail.verified().await;
    assert_eq!((report.n_faults, report.n_checkpoints, report.n_stamped), (0, 3, 1));
    assert!(report.last_time_stamp.is_some());
    let mut reader = trail.db.read().await.expect("a snapshot");
    let key = trail.sealer.keys.of_audit(&mut reader).await.expect("it opens").expect("it was made");
    drop(reader);
    let certificate = Some(key.certificate());
    let against = |roots| Expected { certificate, roots, anchor: None };
    let ours = [authority.root.clone()];
    assert_eq!(verify(&trail.db, against(&ours)).await.expect("read").n_faults, 0);
    let theirs = [other.root.clone()];
    let report = verify(&trail.db, against(&theirs)).await.expect("read");
    assert_eq!(short(&trail, &report.faults), ["checkpoint 1 TimeStamp"]);

    // Taken away, the next checkpoint misses it: it covers the stamp as well.
    by_hand(&trail.db, "update audit_checkpoint set time_stamp = null where number = 1", &[]).await;
    let faults = trail.faults().await;
    assert!(matches!(faults[..], [Fault::Checkpoint(2, CheckpointFault::Unlinked, _)]), "{faults:?}");
}

store::on_both!(
    a_whole_trail_has_no_fault,
    a_database_that_was_never_sealed_is_said_to_be_so,
    a_body_disposed_of_by_law_breaks_nothing,
    an_edited_row_is_named,
    a_chain_written_anew_is_named_row_by_row,
    removed_rows_are_named_where_a_chain_alone_shows_nothing,
    a_row_removed_in_the_middle_is_named,
    an_event_that_waited_and_is_gone_is_named,
    a_forged_row_at_the_end_is_named,
    a_forged_row_in_the_middle_is_named,
    swapped_rows_are_named,
    an_order_that_was_changed_is_named,
    an_edited_checkpoint_is_named,
    a_removed_checkpoint_is_named,
    what_was_kept_outside_shows_the_newest_checkpoint_gone,
    another_key_is_not_taken_for_ours,
    a_backlog_is_sealed_in_stretches,
    two_nodes_seal_side_by_side,
    a_running_sealer_stops_when_told,
    a_stamp_is_asked_for_and_checked,
);
