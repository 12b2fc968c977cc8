//! Another key for the audit chain: verified across the change, and whoever tries the same without the
//! key of the house is found.

use super::{Trail, append, by_hand, short};
use crate::house::House;
use jiff::SignedDuration;
use office::audit::{Fault, KeyChangeFault, OldKey, Report, Sealer, Unvouched};
use office::{By, Error, Keys, Office, Refusal};
use pdf::certificate::self_signed;
use pdf::key::Key;
use rules::dossier::Refused;
use rules::people::Role;
use store::audit::{Checkpoint, KeyChange};
use store::signing::SoftwareKey;
use store::testing::Scratch;

/// A trail of two checkpoints in a house whose administrator may change the key.
struct Kept {
    trail: Trail,
    office: Office,
    admin: By,
    counter: By,
}

impl Kept {
    async fn laid(db: Scratch) -> Self {
        let house = House::open(&db).await;
        let trail = Trail::laid(db).await;
        let (admin, counter) = (house.officer(Role::Admin).await, house.officer(Role::Counter).await);
        let office =
            Office { keys: trail.sealer.keys.clone(), clock: trail.sealer.clock.clone(), ..house.office };
        Self { trail, office, admin, counter }
    }

    async fn changed(&self, old: OldKey) -> KeyChange {
        self.office.change_audit_key(&self.admin, "đổi theo năm", old).await.expect("changed")
    }

    async fn sealed(&self) {
        append(&self.trail.db, self.trail.dossiers[0], self.office.clock.now()).await;
        self.trail.sealer.seal().await.expect("sealed");
        self.trail.sealer.clock.advance(SignedDuration::from_mins(5));
    }

    async fn found(&self) -> Vec<String> {
        short(&self.trail, &self.trail.faults().await)
    }

    async fn key(&self) -> SoftwareKey {
        let mut reader = self.trail.db.read().await.expect("a snapshot");
        store::signing::key(&mut reader, office::keys::AUDIT).await.expect("read").expect("kept")
    }

    async fn put(&self, key: &SoftwareKey) {
        self.trail
            .db
            .act(|mut tx| async move { store::signing::put_key(&mut tx, key).await })
            .await
            .expect("put");
    }

    async fn forge(&self, change: &KeyChange) {
        let db = &self.trail.db;
        db.act(|mut tx| async move { store::audit::add_key_change(&mut tx, change).await })
            .await
            .expect("the engine lets it happen");
    }

    async fn by_hand(&self, sql: &str) {
        assert_ne!(by_hand(&self.trail.db, sql, &[]).await, 0, "{sql}");
    }
}

/// A key of somebody who knows the algorithm and not the password of the house.
fn forger() -> Key {
    self_signed("Một Cửa – khóa niêm phong dấu vết", 20, super::MORNING.parse().expect("an instant"))
        .expect("a key")
}

fn signed(change: KeyChange, new: &Key, old: Option<&Key>) -> KeyChange {
    let sign = |key: &Key| key.sign(change.statement().as_bytes()).expect("signed");
    KeyChange { signature: sign(new), voucher: old.map(sign), ..change.clone() }
}

async fn the_chain_is_verified_across_changes_of_key(db: Scratch) {
    let kept = Kept::laid(db).await;
    let first = kept.changed(OldKey::Vouches).await;
    assert_eq!((first.number, first.after_checkpoint), (1, 2));
    assert_eq!(kept.found().await, [""; 0], "before the new key has signed");
    kept.sealed().await;
    kept.sealed().await;
    let second = kept.changed(OldKey::Vouches).await;
    // Twice in a row: the second key signs nothing.
    let third = kept.changed(OldKey::Vouches).await;
    assert_eq!((second.after_checkpoint, third.after_checkpoint), (4, 4));
    assert_eq!(third.from_certificate, second.to_certificate);
    kept.sealed().await;
    let report = kept.trail.verified().await;
    assert_eq!((report.n_faults, report.n_key_changes, report.unvouched.len()), (0, 3, 0), "{report:?}");
    let checkpoints = kept.trail.checkpoints().await;
    let signers: Vec<bool> =
        checkpoints.windows(2).map(|pair| pair[0].certificate == pair[1].certificate).collect();
    assert_eq!(signers, [true, false, true, false]);
    let mut reader = kept.trail.db.read().await.expect("a snapshot");
    let unit = rules::event::Subject::Unit(kept.admin.actor.agency());
    let chain = store::event::read_chain(&mut reader, unit).await.expect("read");
    assert_eq!((chain.n_events, chain.n_unsealed, chain.broken), (3, 0, None), "each change is an event");
}

async fn only_an_administrator_with_a_reason_changes_a_key_that_is_there(db: Scratch) {
    let kept = Kept::laid(db).await;
    let before = kept.key().await;
    let refused = kept.office.change_audit_key(&kept.counter, "vì", OldKey::Vouches).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    let refused = kept.office.change_audit_key(&kept.admin, " ", OldKey::Vouches).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Dossier(Refused::ReasonMissing)))), "{refused:?}");
    let refused = kept.office.change_audit_key(&kept.admin, "vì", OldKey::Lost).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::AuditKeyNotLost))), "{refused:?}");
    assert_eq!(kept.key().await.pkcs12, before.pkcs12);
    for table in ["audit_checkpoint", "signing_key"] {
        kept.by_hand(&format!("delete from {table}")).await;
        let refused = kept.office.change_audit_key(&kept.admin, "vì", OldKey::Vouches).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::NothingSealed))), "{refused:?}");
    }
}

/// The password of the old key is gone: the change is told ever after, and is no fault.
async fn a_lost_key_is_followed_by_one_that_nobody_vouches_for(db: Scratch) {
    let mut kept = Kept::laid(db).await;
    let keys = Keys::new("mật khẩu mới");
    kept.office.keys = keys.clone();
    kept.trail.sealer.keys = keys;
    let refused = kept.office.change_audit_key(&kept.admin, "mất", OldKey::Vouches).await;
    assert!(matches!(refused, Err(Error::Broken(_))), "{refused:?}");
    let at = kept.office.clock.now();
    let change = kept.changed(OldKey::Lost).await;
    assert_eq!((change.after_checkpoint, change.voucher), (2, None));
    kept.sealed().await;
    let Report { n_faults, unvouched, .. } = kept.trail.verified().await;
    assert_eq!((n_faults, unvouched), (0, vec![Unvouched { number: 1, at, after_checkpoint: 2 }]));
}

/// The old key was copied before it was changed, and goes on signing.
async fn the_old_key_signs_no_more(db: Scratch) {
    let kept = Kept::laid(db).await;
    let old = kept.key().await;
    kept.changed(OldKey::Vouches).await;
    kept.sealed().await;
    let new = kept.key().await;
    kept.put(&old).await;
    kept.sealed().await;
    kept.put(&new).await;
    assert_eq!(kept.found().await, ["checkpoint 4 ForeignKey"]);
}

async fn a_change_that_was_touched_is_named(db: Scratch) {
    let kept = Kept::laid(db).await;
    let change = kept.changed(OldKey::Vouches).await;
    kept.sealed().await;
    let of_the_old = ["checkpoint 1 ForeignKey", "checkpoint 2 ForeignKey"];
    let unsigned = [["key change 1 Signature"].as_slice(), &of_the_old].concat();
    for (set, named) in [
        ("changed_at = changed_at + 1", unsigned.as_slice()),
        ("after_checkpoint = 1", &unsigned),
        ("from_certificate = to_certificate", &unsigned),
        ("voucher = signature", &["key change 1 Voucher"]),
        ("to_certificate = from_certificate", &[["key change 1 Astray"].as_slice(), &of_the_old].concat()),
    ] {
        kept.by_hand(&format!("update audit_key_change set {set}")).await;
        assert_eq!(kept.found().await, named, "{set}");
        kept.by_hand("delete from audit_key_change").await;
        kept.forge(&change).await;
        assert_eq!(kept.found().await, [""; 0]);
    }
    kept.by_hand("delete from audit_key_change").await;
    assert_eq!(kept.found().await, of_the_old, "taken away");
}

/// The newest checkpoints taken away, those of the new key with them: the change remembers them.
async fn a_change_remembers_the_checkpoint_before_it(db: Scratch) {
    let kept = Kept::laid(db).await;
    kept.changed(OldKey::Vouches).await;
    kept.by_hand("delete from audit_checkpoint where number = 2").await;
    kept.by_hand("delete from event_order where ordinal > 6").await;
    let faults = kept.trail.faults().await;
    assert!(
        matches!(faults[..], [Fault::KeyChange(1, KeyChangeFault::Checkpoint, _), ..]),
        "{:?}",
        short(&kept.trail, &faults)
    );
}

/// A checkpoint of the forger's behind the newest, with a change that leads to his key and back.
async fn a_key_put_in_between_is_nobodys(db: Scratch) {
    let kept = Kept::laid(db).await;
    let (his, ours) = (forger(), kept.key().await);
    let last = kept.trail.checkpoints().await.pop().expect("two checkpoints");
    let to_his = signed(
        KeyChange {
            number: 1,
            changed_at: kept.office.clock.now(),
            after_checkpoint: 2,
            checkpoint_digest: last.digest().into(),
            from_certificate: last.certificate.clone(),
            to_certificate: his.certificate().der().to_vec(),
            signature: Vec::new(),
            voucher: None,
        },
        &his,
        None,
    );
    kept.forge(&to_his).await;
    let pkcs12 = his.to_p12("khác").expect("packed");
    kept.put(&SoftwareKey { pkcs12, ..ours.clone() }).await;
    let his_sealer = Sealer { keys: Keys::new("khác"), ..kept.trail.sealer.clone() };
    append(&kept.trail.db, kept.trail.dossiers[0], kept.office.clock.now()).await;
    his_sealer.seal().await.expect("sealed by the forger");
    kept.put(&ours).await;
    assert_eq!(kept.found().await, ["key change 1 Astray", "checkpoint 3 ForeignKey"]);

    // And back to ours, which he cannot let sign that it came after his.
    let back = KeyChange {
        number: 2,
        after_checkpoint: 3,
        from_certificate: to_his.to_certificate.clone(),
        to_certificate: last.certificate.clone(),
        ..to_his.clone()
    };
    kept.forge(&signed(back, &his, Some(&his))).await;
    assert_eq!(
        kept.found().await,
        ["key change 2 Signature", "key change 1 Astray", "checkpoint 3 ForeignKey"]
    );
}

/// Everything sealed anew by the forger, who says that our key came after his.
async fn a_history_under_another_key_is_nobodys(db: Scratch) {
    let kept = Kept::laid(db).await;
    let (his, ours) = (forger(), kept.key().await);
    let our_certificate = kept.trail.checkpoints().await[0].certificate.clone();
    for table in ["audit_checkpoint", "event_order", "event_unsealed"] {
        kept.by_hand(&format!("delete from {table}")).await;
    }
    kept.by_hand("insert into event_unsealed (event) select id from event").await;
    kept.put(&SoftwareKey { pkcs12: his.to_p12("khác").expect("packed"), ..ours.clone() }).await;
    let his_sealer = Sealer { keys: Keys::new("khác"), ..kept.trail.sealer.clone() };
    his_sealer.seal().await.expect("sealed by the forger");
    kept.put(&ours).await;
    let checkpoints = kept.trail.checkpoints().await;
    let [forged] = &checkpoints[..] else { panic!("one checkpoint over all") };
    let to_ours = KeyChange {
        number: 1,
        changed_at: kept.office.clock.now(),
        after_checkpoint: 1,
        checkpoint_digest: Checkpoint::digest(forged).into(),
        from_certificate: forged.certificate.clone(),
        to_certificate: our_certificate,
        signature: Vec::new(),
        voucher: None,
    };
    kept.forge(&signed(to_ours, &his, Some(&his))).await;
    // Ours goes on where his ended, and knows nothing of it.
    kept.sealed().await;
    assert_eq!(kept.found().await, ["key change 1 Signature", "checkpoint 1 ForeignKey"]);
}

async fn a_change_and_two_sealers_meet_without_harm(db: Scratch) {
    let kept = Kept::laid(db).await;
    for _ in 0..5 {
        for subject in kept.trail.dossiers {
            append(&kept.trail.db, subject, kept.office.clock.now()).await;
        }
        let sealer = &kept.trail.sealer;
        let (one, change, two) = tokio::join!(sealer.seal(), kept.changed(OldKey::Vouches), sealer.seal());
        one.and(two).expect("sealed or met");
        assert!(change.voucher.is_some());
    }
    kept.sealed().await;
    let report = kept.trail.verified().await;
    assert_eq!((report.n_faults, report.n_key_changes, report.n_unsealed), (0, 5, 0), "{report:?}");
}

store::on_both!(
    the_chain_is_verified_across_changes_of_key,
    only_an_administrator_with_a_reason_changes_a_key_that_is_there,
    a_lost_key_is_followed_by_one_that_nobody_vouches_for,
    the_old_key_signs_no_more,
    a_change_that_was_touched_is_named,
    a_change_remembers_the_checkpoint_before_it,
    a_key_put_in_between_is_nobodys,
    a_history_under_another_key_is_nobodys,
    a_change_and_two_sealers_meet_without_harm,
);
