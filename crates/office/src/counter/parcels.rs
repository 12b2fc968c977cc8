//! What the public post brings: a postman hands envelopes over against a list, and each is opened into
//! dossiers, whose time to be answered runs from that hour, or put aside with the reason.

use super::{Opening, alone};
use crate::act::By;
use crate::dossier::posting::{fault, tracking};
use crate::dossier::{Loaded, typed as plain};
use crate::signing::minute;
use crate::{Error, Office, Refusal};
use rules::counter::applicant::TypedApplicant;
use rules::dossier::DueMoment;
use rules::event::Body;
use rules::id::{AgencyId, ArrivalId, DossierId, ParcelId};
use rules::people::{Actor, Matter, Role};
use rules::procedure::Channel;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::counter::parcels::{self as rows, Arrival, ArrivalLine, Aside, InParcel, Parcel};
use store::people::KeptUnit;
use store::time::new_id;
use store::{Reader, event};

/// As many as fit one list that a postman signs.
const MOST: usize = 200;
/// How many handings over are listed, those with envelopes that nobody opened before the others.
const MOST_LISTED: i64 = 50;

/// A handing over as it is typed: the numbers one below the other, as a reader of bar codes types them.
#[derive(Clone, Debug, Default)]
pub struct NewArrival {
    pub post_office: String,
    pub postman: String,
    pub numbers: String,
}

/// A handing over with what became of its envelopes.
#[derive(Debug)]
pub struct ArrivalView {
    pub arrival: Arrival,
    pub unit: KeptUnit,
    /// Until when who sent them is to be answered; none while there is no calendar for it.
    pub answer_by: Option<DueMoment>,
    pub parcels: Vec<Parcel>,
    pub dossiers: Vec<InParcel>,
}

/// The numbers of a list, or what is wrong with it.
fn numbers(typed: &str) -> Result<Vec<String>, String> {
    let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return Err("Quét mã vạch hoặc gõ số hiệu từng bưu gửi, mỗi số một dòng".to_owned());
    }
    if lines.len() > MOST {
        return Err(format!("Một lần nhận không quá {MOST} bưu gửi. Chia thành nhiều lần"));
    }
    let mut found = Vec::with_capacity(lines.len());
    let mut seen = BTreeSet::new();
    for line in lines {
        let number = tracking(line)
            .ok_or_else(|| format!("“{line}” không phải số hiệu bưu gửi: 4 đến 40 chữ số, chữ cái"))?;
        if !seen.insert(number.clone()) {
            return Err(format!("Số hiệu {number} ghi hai lần"));
        }
        found.push(number);
    }
    Ok(found)
}

/// The agency of an officer who sits at its counter.
fn desk(actor: &Actor) -> Result<AgencyId, Error> {
    let agency = actor.agency();
    actor.right_for_any(&Role::AT_COUNTER, agency, Matter::from(&alone(agency)))?;
    Ok(agency)
}

/// A handing over to the officer's own counter.
async fn own(reader: &mut Reader, actor: &Actor, id: ArrivalId) -> Result<Arrival, Error> {
    let agency = desk(actor)?;
    let arrival = rows::arrival(reader, id).await?.ok_or(Error::NotFound)?;
    if arrival.agency == agency { Ok(arrival) } else { Err(Error::NotFound) }
}

impl Office {
    /// A postman handed envelopes over: all that stand on the list, or none.
    // law: ND61-2018/16
    pub async fn take_parcels(&self, by: &By, new: &NewArrival) -> Result<ArrivalId, Error> {
        let (post_office, postman) = (&plain(&new.post_office), &plain(&new.postman));
        let numbers = numbers(&new.numbers);
        let mut faults = Vec::new();
        for (field, value, said) in [
            ("buu-cuc", post_office, "Ghi bưu cục giao, không quá 200 chữ"),
            ("buu-ta", postman, "Ghi họ tên bưu tá giao, không quá 200 chữ"),
        ] {
            if value.is_empty() || value.chars().count() > 200 {
                faults.push((field.to_owned(), said.to_owned()));
            }
        }
        let numbers = match numbers {
            Ok(numbers) if faults.is_empty() => numbers,
            Ok(_) => return Err(Error::Refused(Refusal::Form(faults))),
            Err(said) => {
                faults.push(("so-hieu".to_owned(), said));
                return Err(Error::Refused(Refusal::Form(faults)));
            }
        };
        let numbers = &numbers;
        self.act(by, "post.take", |mut tx, now| async move {
            let tx = &mut tx;
            let agency = desk(&by.actor)?;
            if let Some(known) = rows::known(tx, agency, numbers).await?.first() {
                return Err(fault("so-hieu", format!("Bưu gửi {known} đã nhận trước đây. Bỏ dòng đó")));
            }
            let arrival = Arrival {
                id: ArrivalId(new_id(now)),
                agency,
                post_office: post_office.clone(),
                postman: postman.clone(),
                taken_by: by.actor.officer().ok_or(Error::NotFound)?,
                taken_at: now,
            };
            rows::add_arrival(tx, &arrival).await?;
            for (number, place) in numbers.iter().zip(1..) {
                let parcel = Parcel {
                    id: ParcelId(new_id(now)),
                    arrival: arrival.id,
                    agency,
                    place,
                    tracking: number.clone(),
                    waits: true,
                    put_aside: None,
                };
                rows::add_parcel(tx, &parcel).await?;
            }
            Ok(arrival.id)
        })
        .await
    }

    /// Makes a dossier of what lay in an envelope. It came when the postman brought it, and is to be answered
    /// from then on; another of the same envelope is opened likewise.
    // law: TT87-2021-BTC/10
    pub async fn open_parcel(
        &self,
        by: &By,
        id: ParcelId,
        typed: &TypedApplicant,
        procedure: &str,
        case: Option<&str>,
    ) -> Result<DossierId, Error> {
        let today = self.clock.today();
        let applicant = &typed.check(today).map_err(|faults| Error::Refused(Refusal::Applicant(faults)))?;
        let procedure = &procedure.parse().map_err(|_| Error::Refused(Refusal::NotOffered))?;
        self.act(by, "post.open", |mut tx, now| async move {
            let tx = &mut tx;
            let parcel = rows::lock(tx, id).await?.ok_or(Error::NotFound)?;
            let arrival = own(tx, &by.actor, parcel.arrival).await?;
            // What lay in the envelope is looked at first.
            let opening =
                Opening { procedure, case, channel: Channel::Post, competent: None, use_stored: false };
            let opened = self.opened(tx, by, applicant, opening, None, now).await?.0.id;
            let Loaded { dossier, procedure, right } =
                self.load_intake(tx, by, opened, &Role::FOR_APPLICANT).await?;
            let terms = self.terms(dossier.scope.receiving, arrival.taken_at)?;
            let (dossier, body) = dossier.submit(&procedure, terms, arrival.taken_at)?;
            let came = Body::CameByPost { tracking: parcel.tracking, arrived_at: arrival.taken_at };
            event::append(tx, &by.hand(right).event(opened, now, came), now).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            self.index_dossier(tx, &dossier, &procedure, now).await?;
            rows::becomes(tx, id, opened).await?;
            Ok(opened)
        })
        .await
    }

    /// Nothing for a dossier lay in an envelope.
    pub async fn put_parcel_aside(&self, by: &By, id: ParcelId, why: &str) -> Result<(), Error> {
        let why = &plain(why);
        if why.is_empty() || why.chars().count() > 300 {
            return Err(fault("vi-sao", "Ghi trong bưu gửi có gì và đã làm gì với nó, không quá 300 chữ"));
        }
        self.act(by, "post.put_aside", |mut tx, now| async move {
            let tx = &mut tx;
            let parcel = rows::lock(tx, id).await?.ok_or(Error::NotFound)?;
            own(tx, &by.actor, parcel.arrival).await?;
            let by = by.actor.officer().ok_or(Error::NotFound)?;
            rows::put_aside(tx, id, &Aside { why: why.clone(), by, at: now }).await?;
            Ok(())
        })
        .await
    }

    /// What was handed over to the officer's counter: where something waits first, then the newest.
    pub async fn arrivals(&self, actor: &Actor) -> Result<Vec<ArrivalLine>, Error> {
        let agency = desk(actor)?;
        Ok(rows::arrivals(&mut self.db.read().await?, agency, MOST_LISTED).await?)
    }

    /// How many envelopes wait at the officer's counter to be opened.
    pub async fn parcels_waiting(&self, actor: &Actor) -> Result<i64, Error> {
        let agency = desk(actor)?;
        Ok(rows::n_waiting(&mut self.db.read().await?, agency).await?)
    }

    /// A handing over to the officer's counter, with what became of its envelopes.
    pub async fn arrival(&self, actor: &Actor, id: ArrivalId) -> Result<ArrivalView, Error> {
        let mut reader = self.db.read().await?;
        let arrival = own(&mut reader, actor, id).await?;
        let unit = store::people::unit(&mut reader, arrival.agency).await?.ok_or(Error::NotFound)?;
        let terms = self.terms(arrival.agency, arrival.taken_at)?;
        let answer_by = terms.end_of(arrival.taken_at, terms.limits.answer_post).ok();
        let parcels = rows::parcels(&mut reader, id).await?;
        let dossiers = rows::dossiers(&mut reader, id).await?;
        Ok(ArrivalView { arrival, unit, answer_by, parcels, dossiers })
    }

    /// An envelope of the officer's counter, and when it came.
    pub async fn parcel(&self, actor: &Actor, id: ParcelId) -> Result<(Parcel, Arrival), Error> {
        let mut reader = self.db.read().await?;
        let parcel = rows::parcel(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let arrival = own(&mut reader, actor, parcel.arrival).await?;
        Ok((parcel, arrival))
    }

    /// The list of a handing over, for the postman to sign.
    pub async fn arrival_list(&self, actor: &Actor, id: ArrivalId) -> Result<Vec<u8>, Error> {
        let ArrivalView { arrival, unit, parcels, .. } = self.arrival(actor, id).await?;
        let mut reader = self.db.read().await?;
        let receiver = store::people::officer_names(&mut reader, &[arrival.taken_by.0]).await?;
        drop(reader);
        let items: Vec<Value> = parcels.iter().map(|parcel| json!({ "tracking": parcel.tracking })).collect();
        let mut data = self.head_of(&unit);
        for (key, value) in [
            ("post_office", json!(arrival.post_office)),
            ("postman", json!(arrival.postman)),
            ("taken_at", json!(minute(arrival.taken_at))),
            ("receiver_name", json!(receiver.get(&arrival.taken_by).cloned().unwrap_or_default())),
            ("items", Value::Array(items)),
        ] {
            data.insert(key.to_owned(), value);
        }
        let (data, made_at) = (Value::Object(data), arrival.taken_at);
        Ok(self.print_made(&unit, "bang-ke-nhan-buu-gui", made_at, data, self.clock.now()).await?.pdf)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, numbers};

    #[test]
    fn a_list_is_read_line_by_line_as_a_reader_of_bar_codes_types_it() {
        assert_eq!(
            numbers("EA 123 456 788 vn\r\n\n 0912-33 \n"),
            Ok(vec!["EA123456788VN".to_owned(), "091233".to_owned()])
        );
        for (typed, said) in [
            ("\n \n", "Quét mã vạch"),
            ("EA1VN\nbưu gửi", "“bưu gửi” không phải"),
            ("EA1VN\nea1vn", "EA1VN ghi hai lần"),
        ] {
            let fault = numbers(typed).expect_err(typed);
            assert!(fault.contains(said), "{fault}");
        }
        let many: Vec<String> = (0..=MOST).map(|n| format!("EA{n:04}VN")).collect();
        assert!(numbers(&many.join("\n")).expect_err("too many").contains("200"));
        assert_eq!(numbers(&many[1..].join("\n")).map(|found| found.len()), Ok(MOST));
    }
}
