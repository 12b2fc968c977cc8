//! What is noted of a key goes with it, a proposal goes with its file, and signatures are counted from a day.

use super::{
    Certified, KeyProposal, counts, describe, end, forget_proposal, install, lines, n_sealed_by, n_signed_by,
    proposal_for, propose, proposed_for, undescribed,
};
use crate::sample::{Office, after, now, office};
use crate::signing::{KeyHolder, SoftwareKey, key, put_key};
use crate::testing::Scratch;
use crate::{event, on_both, time};
use jiff::civil::date;
use rules::event::{Body, KeyOrigin, NewEvent, Subject};
use rules::id::{KeyProposalId, ResultId};
use rules::people::Actor;

fn seal(office: &Office, pkcs12: &[u8]) -> SoftwareKey {
    SoftwareKey {
        holder: office.commune.0,
        holder_kind: KeyHolder::Agency,
        label: "Xã".to_owned(),
        pkcs12: pkcs12.to_vec(),
    }
}

fn certified(serial: &str) -> Certified {
    Certified {
        label: "Xã".to_owned(),
        serial: serial.to_owned(),
        issuer: "CA".to_owned(),
        first: now(),
        last: after(600),
    }
}

async fn what_is_noted_of_a_key_goes_with_it(db: Scratch) {
    let office = &office(&db).await;
    let (first, second) = (&seal(office, b"first"), &seal(office, b"second"));
    let holder = office.commune.0;
    db.act(|mut tx| async move { put_key(&mut tx, first).await }).await.expect("kept");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(undescribed(&mut reader, 9).await.expect("read").len(), 1);
    let [line] = &lines(&mut reader, &[holder]).await.expect("read")[..] else { panic!("one key") };
    assert_eq!((line.origin, line.certified.as_ref(), line.put_at), (KeyOrigin::Given, None, None));
    assert_eq!(line.validity(), None);
    drop(reader);
    db.act(|mut tx| async move {
        describe(&mut tx, first, &certified("01")).await?;
        // Of another file of the same holder nothing is written.
        describe(&mut tx, second, &certified("02")).await
    })
    .await
    .expect("described");
    let mut reader = db.read().await.expect("a snapshot");
    assert!(undescribed(&mut reader, 9).await.expect("read").is_empty());
    let line = lines(&mut reader, &[holder]).await.expect("read").remove(0);
    assert_eq!(line.certified, Some(certified("01")));
    assert_eq!(counts(&mut reader, now(), after(601)).await.expect("read"), (0, 1));
    assert_eq!(counts(&mut reader, after(601), after(602)).await.expect("read"), (1, 0));
    assert_eq!(counts(&mut reader, now(), after(600)).await.expect("read"), (0, 0));
    drop(reader);
    let came = (KeyOrigin::File, office.counter);
    db.act(|mut tx| async move {
        end(&mut tx, holder, date(2026, 12, 1)).await?;
        install(&mut tx, second, &certified("02"), came, after(5)).await
    })
    .await
    .expect("installed");
    let mut reader = db.read().await.expect("a snapshot");
    let line = lines(&mut reader, &[holder]).await.expect("read").remove(0);
    assert_eq!((line.origin, line.put_by, line.put_at), (came.0, Some(came.1), Some(after(5))));
    assert_eq!((line.certified, line.ends_on), (Some(certified("02")), None), "nothing of the old one");
    assert_eq!(key(&mut reader, holder).await.expect("read").expect("a key").pkcs12, b"second");
}

async fn a_proposal_goes_with_its_file(db: Scratch) {
    let office = &office(&db).await;
    let holder = office.commune.0;
    let proposal = |serial: &str| KeyProposal {
        id: KeyProposalId(time::new_id(now())),
        holder,
        holder_kind: KeyHolder::Agency,
        certified: certified(serial),
        pkcs12: serial.as_bytes().to_vec(),
        name_reason: Some("tên cũ".to_owned()),
        proposed_by: office.counter,
        proposed_at: now(),
        lapses_on: date(2026, 11, 30),
    };
    let (first, second) = (&proposal("01"), &proposal("02"));
    db.act(|mut tx| async move {
        propose(&mut tx, first).await?;
        propose(&mut tx, second).await
    })
    .await
    .expect("proposed");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(proposal_for(&mut reader, holder).await.expect("read").as_ref(), Some(second), "the newest");
    assert_eq!(proposed_for(&mut reader, &[holder, office.counter.0]).await.expect("read"), [holder]);
    assert!(!format!("{second:?}").contains("pkcs12"));
    drop(reader);
    let id = second.id;
    db.act(|mut tx| async move { forget_proposal(&mut tx, id).await }).await.expect("forgotten");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(proposal_for(&mut reader, holder).await.expect("read"), None);
}

async fn signatures_are_counted_from_a_moment(db: Scratch) {
    let office = &office(&db).await;
    let result = ResultId(time::new_id(now()));
    let by = |on_behalf_of| Actor::System { on_behalf_of, agency: office.commune };
    let signed = || Body::ResultSigned { result, sha256: "1".repeat(64), certificate: "CN=Xã".to_owned() };
    let sealed = || Body::ResultSealed {
        result,
        number: "1/X".to_owned(),
        issued_on: date(2026, 11, 21),
        sha256: "1".repeat(64),
        certificate: "CN=Xã".to_owned(),
    };
    let subject = Subject::Unit(office.commune);
    let at = |minutes, who, body| NewEvent::new(subject, None, &by(who), after(minutes), body);
    let officer = office.specialist;
    let events = &[
        at(1, Some(officer), signed()),
        at(9, Some(officer), signed()),
        at(9, Some(office.counter), signed()),
        at(9, None, sealed()),
    ];
    db.act(|mut tx| async move {
        for new in events {
            event::append(&mut tx, new, after(10)).await?;
        }
        Ok::<_, crate::Error>(())
    })
    .await
    .expect("written");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(n_signed_by(&mut reader, officer.0, after(0)).await.expect("read"), 2);
    assert_eq!(n_signed_by(&mut reader, officer.0, after(5)).await.expect("read"), 1);
    assert_eq!(n_sealed_by(&mut reader, office.commune.0, after(5)).await.expect("read"), 1);
    assert_eq!(n_sealed_by(&mut reader, office.commune.0, after(10)).await.expect("read"), 0);
}

on_both!(
    what_is_noted_of_a_key_goes_with_it,
    a_proposal_goes_with_its_file,
    signatures_are_counted_from_a_moment,
);
