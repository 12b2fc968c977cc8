//! What a postman brings is taken against a list, and each envelope becomes dossiers or is put aside.

use crate::afterwards::Team;
use crate::house::applicant;
use jiff::SignedDuration;
use office::counter::parcels::NewArrival;
use office::{By, Error, Office, Refusal};
use rules::dossier::State;
use rules::id::{ArrivalId, DossierId};
use rules::people::Role;
use rules::procedure::Channel;
use store::counter::parcels::Parcel;
use store::testing::Scratch;

/// A certificate of marital status, which may be sent by post.
const SENT: &str = "1.004873";
/// Certified copies, which are made at the counter only.
const COUNTER_ONLY: &str = "2.000815";

fn brought(numbers: &str) -> NewArrival {
    NewArrival {
        post_office: " Bưu cục Yên Bình ".to_owned(),
        postman: "Vàng A Páo".to_owned(),
        numbers: numbers.to_owned(),
    }
}

fn fields(done: Result<impl std::fmt::Debug, Error>) -> Vec<String> {
    match done {
        Err(Error::Refused(Refusal::Form(faults))) => faults.into_iter().map(|(field, _)| field).collect(),
        other => panic!("it was to be refused: {other:?}"),
    }
}

async fn parcels(office: &Office, by: &By, arrival: ArrivalId) -> Vec<Parcel> {
    office.arrival(&by.actor, arrival).await.expect("hers").parcels
}

async fn a_list_is_taken_whole_or_not_at_all(db: Scratch) {
    let team = Team::open(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let take = async |new: NewArrival| office.take_parcels(by, &new).await;
    assert_eq!(fields(take(NewArrival::default()).await), ["buu-cuc", "buu-ta", "so-hieu"]);
    assert_eq!(fields(take(brought("EA1VN0\nbưu gửi")).await), ["so-hieu"]);
    let first = take(brought("EA 2222 VN\nEA1111VN\n")).await.expect("taken");
    assert_eq!(fields(take(brought("EA3333VN\nEA1111VN")).await), ["so-hieu"], "it came before");
    let there: Vec<String> = parcels(office, by, first).await.into_iter().map(|p| p.tracking).collect();
    assert_eq!(there, ["EA2222VN", "EA1111VN"], "as they lie in the bag");
    assert_eq!(office.arrivals(&by.actor).await.expect("read").len(), 1);
    assert_eq!(office.parcels_waiting(&by.actor).await.expect("read"), 2);
    let theirs = team.house.officer_of(team.house.elsewhere, Role::Counter).await;
    let gone = office.arrival(&theirs.actor, first).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    assert_eq!(office.parcels_waiting(&theirs.actor).await.expect("read"), 0);
    let not_his = office.take_parcels(&team.specialist, &brought("EA4444VN")).await;
    assert!(matches!(not_his, Err(Error::NotYours(_))), "{not_his:?}");
}

async fn what_lay_in_an_envelope_is_answered_from_the_hour_it_came(db: Scratch) {
    let team = Team::open(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let arrival = office.take_parcels(by, &brought("EA1111VN\nEA2222VN")).await.expect("taken");
    let came_at = office.clock.now();
    office.clock.advance(SignedDuration::from_hours(3));
    let [one, other] = <[Parcel; 2]>::try_from(parcels(office, by, arrival).await).expect("two");
    let open = async |parcel: &Parcel, procedure: &str, case: Option<&str>| {
        office.open_parcel(by, parcel.id, &applicant(), procedure, case).await
    };
    let refused = open(&one, COUNTER_ONLY, None).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    assert_eq!(office.parcels_waiting(&by.actor).await.expect("read"), 2, "it waits as before");
    let id: DossierId = open(&one, SENT, None).await.expect("a dossier");
    let dossier = team.house.dossier(id).await;
    let State::Submitted { answer_by } = dossier.state else { panic!("{:?}", dossier.state) };
    let promised = office.arrival(&by.actor, arrival).await.expect("hers").answer_by;
    assert_eq!((dossier.channel, Some(answer_by)), (Channel::Post, promised));
    assert!(answer_by.at > came_at && dossier.received_at.is_none());
    office.clock.advance(SignedDuration::from_mins(1));
    let second = open(&one, SENT, None).await.expect("another of the same envelope");
    assert_ne!(second, id);
    assert!(team.house.events(id).await.contains(&"came_by_post".to_owned()));
    let late = office.put_parcel_aside(by, one.id, "trống").await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    assert_eq!(fields(office.put_parcel_aside(by, other.id, " ").await), ["vi-sao"]);
    office.put_parcel_aside(by, other.id, "thư của văn thư").await.expect("put aside");
    let view = office.arrival(&by.actor, arrival).await.expect("hers");
    assert_eq!(view.parcels.iter().filter(|parcel| parcel.waits).count(), 0);
    assert_eq!(view.dossiers.iter().map(|inside| inside.dossier).collect::<Vec<_>>(), [id, second]);
    let theirs = team.house.officer_of(team.house.elsewhere, Role::Counter).await;
    let gone = office.open_parcel(&theirs, other.id, &applicant(), SENT, None).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
}

store::on_both!(
    a_list_is_taken_whole_or_not_at_all,
    what_lay_in_an_envelope_is_answered_from_the_hour_it_came,
);
