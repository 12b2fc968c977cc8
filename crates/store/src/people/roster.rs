//! The accounts of some agencies, for whoever keeps them. Everything that a page shows of its officers is
//! read for all of them at once.

use super::rights::PostRow;
use crate::Error;
use crate::engine::{Reader, fetch_all};
use crate::time::from_micros;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{AgencyId, OfficerId};
use rules::people::Post;
use sqlx::types::Json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An account without its posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    pub id: OfficerId,
    pub login: String,
    pub name: String,
    pub title: String,
    pub agency: AgencyId,
    pub active: bool,
}

fn ids(officers: &[OfficerId]) -> Json<Vec<Uuid>> {
    Json(officers.iter().map(|officer| officer.0).collect())
}

/// Who works in one of these agencies, or has a post there that is not over on `day`; in no order.
pub async fn accounts_of(
    reader: &mut Reader,
    agencies: &BTreeSet<AgencyId>,
    day: Date,
) -> Result<Vec<AccountLine>, Error> {
    let agencies: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    let rows: Vec<(Uuid, String, String, String, Uuid, bool)> = fetch_all!(
        reader,
        "officer.at_agencies",
        "select id, login, name, title, agency, active from officer
         where agency in IDS($1)
            or id in (select p.officer from post p
                      where p.agency in IDS($1) and (p.valid_to is null or p.valid_to >= $2))
         limit 20000",
        Json(agencies),
        day.to_string(),
    )?;
    let line = |(id, login, name, title, agency, active)| AccountLine {
        id: OfficerId(id),
        login,
        name,
        title,
        agency: AgencyId(agency),
        active,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The posts of these officers, past and to come too.
pub async fn posts_of(
    reader: &mut Reader,
    officers: &[OfficerId],
) -> Result<BTreeMap<OfficerId, Vec<Post>>, Error> {
    let rows: Vec<PostRow> = fetch_all!(
        reader,
        "post.of_officers",
        "select officer, agency, role, procedures, ceiling, valid_from, valid_to from post
         where officer in IDS($1) order by officer, agency, role, valid_from limit 100000",
        ids(officers),
    )?;
    let mut posts: BTreeMap<OfficerId, Vec<Post>> = BTreeMap::new();
    for row in rows {
        posts.entry(OfficerId(row.officer)).or_default().push(row.try_into()?);
    }
    Ok(posts)
}

/// When each of these officers signed in last; who never did is left out.
pub async fn last_sign_ins(
    reader: &mut Reader,
    officers: &[OfficerId],
) -> Result<BTreeMap<OfficerId, Timestamp>, Error> {
    // The last of each is near the end of his chain.
    let rows: Vec<(Uuid, Option<i64>)> = fetch_all!(
        reader,
        "event.last_sign_ins",
        "select o.id, (select e.happened_at from event e
                       where e.subject_kind = 'officer' and e.subject = o.id
                         and e.kind in ('signed_in', 'signed_in_with')
                       order by e.number desc limit 1) as at
         from officer o where o.id in IDS($1)",
        ids(officers),
    )?;
    rows.into_iter()
        .filter_map(|(id, at)| Some((id, at?)))
        .map(|(id, at)| {
            Ok((OfficerId(id), from_micros(at).map_err(|_| super::corrupt("event", "happened_at", id))?))
        })
        .collect()
}

/// Those of these officers who prove themselves by more than a password: an app, or a passkey.
pub async fn with_second_factor(
    reader: &mut Reader,
    officers: &[OfficerId],
) -> Result<BTreeSet<OfficerId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "second_factor.of_officers",
        "select officer from second_factor where officer in IDS($1) and confirmed_at is not null
         union select officer from passkey where officer in IDS($1)",
        ids(officers),
    )?;
    Ok(rows.into_iter().map(|(id,)| OfficerId(id)).collect())
}

#[cfg(test)]
mod tests;
