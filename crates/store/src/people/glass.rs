//! Dossiers opened in an emergency: who has which open now, what waits to be reviewed, and what was looked at
//! meanwhile.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::code::ProcedureCode;
use rules::id::{AgencyId, DossierId, GlassId, OfficerId};
use rules::people::Scope;
use rules::people::glass::{Glass, GlassReview, GlassVerdict};
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// An opening as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlassLine {
    pub glass: Glass,
    pub code: String,
    pub officer_name: String,
    pub agency_name: String,
    /// Empty until it was reviewed.
    pub reviewer_name: String,
}

/// How often something was looked at by an opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlassLooks {
    pub glass: GlassId,
    /// The kind of the events.
    pub kind: String,
    pub n_looks: i64,
    pub last_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    dossier: Uuid,
    officer: Uuid,
    agency: Uuid,
    reason: String,
    opened_at: i64,
    ends_at: i64,
    review_by: i64,
    reviewed_by: Option<Uuid>,
    reviewed_at: Option<i64>,
    verdict: Option<String>,
    words: Option<String>,
}

impl TryFrom<Row> for Glass {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("glass", column, row.id);
        let at = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        let review = match (row.reviewed_by, row.reviewed_at, row.verdict, row.words) {
            (Some(by), Some(reviewed_at), Some(verdict), Some(words)) => Some(GlassReview {
                by: OfficerId(by),
                at: at(reviewed_at, "reviewed_at")?,
                verdict: GlassVerdict::of_word(&verdict).ok_or_else(|| corrupt("verdict"))?,
                words,
            }),
            _ => None,
        };
        Ok(Self {
            id: GlassId(row.id),
            version: row.version,
            dossier: DossierId(row.dossier),
            officer: OfficerId(row.officer),
            agency: AgencyId(row.agency),
            opened_at: at(row.opened_at, "opened_at")?,
            ends_at: at(row.ends_at, "ends_at")?,
            review_by: at(row.review_by, "review_by")?,
            reason: row.reason,
            review,
        })
    }
}

#[derive(sqlx::FromRow)]
struct LineRow {
    #[sqlx(flatten)]
    row: Row,
    code: String,
    officer_name: String,
    agency_name: String,
    reviewer_name: String,
}

impl TryFrom<LineRow> for GlassLine {
    type Error = Error;

    fn try_from(line: LineRow) -> Result<Self, Error> {
        Ok(Self {
            glass: line.row.try_into()?,
            code: line.code,
            officer_name: line.officer_name,
            agency_name: line.agency_name,
            reviewer_name: line.reviewer_name,
        })
    }
}

/// Adds an opening that nobody has reviewed yet.
pub async fn add(tx: &mut Tx, glass: &Glass) -> Result<(), Error> {
    execute!(
        tx,
        "glass.add",
        "insert into glass (id, version, dossier, officer, agency, reason, opened_at, ends_at, review_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        glass.id.0,
        glass.version,
        glass.dossier.0,
        glass.officer.0,
        glass.agency.0,
        glass.reason.as_str(),
        to_micros(glass.opened_at),
        to_micros(glass.ends_at),
        to_micros(glass.review_by),
    )
    .map(drop)
}

pub async fn find(reader: &mut Reader, id: GlassId) -> Result<Option<Glass>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "glass.find",
        "select id, version, dossier, officer, agency, reason, opened_at, ends_at, review_by,
            reviewed_by, reviewed_at, verdict, words
         from glass where id = $1",
        id.0,
    )?;
    row.map(Glass::try_from).transpose()
}

/// Writes down what was said of an opening; [`Error::Stale`] where somebody else was faster.
pub async fn save_review(tx: &mut Tx, glass: &Glass) -> Result<(), Error> {
    let review = glass.review.as_ref();
    let saved = execute!(
        tx,
        "glass.save_review",
        "update glass set version = version + 1, ends_at = $3, reviewed_by = $4, reviewed_at = $5,
            verdict = $6, words = $7
         where id = $1 and version = $2",
        glass.id.0,
        glass.version,
        to_micros(glass.ends_at),
        review.map(|review| review.by.0),
        review.map(|review| to_micros(review.at)),
        review.map(|review| review.verdict.word()),
        review.map(|review| review.words.as_str()),
    )?;
    if saved == 0 { Err(Error::Stale { table: "glass", row: glass.id.to_string() }) } else { Ok(()) }
}

/// By what an officer has a dossier open now.
pub async fn open_for(
    reader: &mut Reader,
    officer: OfficerId,
    dossier: DossierId,
    now: Timestamp,
) -> Result<Option<Glass>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "glass.open_for",
        "select id, version, dossier, officer, agency, reason, opened_at, ends_at, review_by,
            reviewed_by, reviewed_at, verdict, words
         from glass where officer = $1 and dossier = $2 and opened_at <= $3 and ends_at > $3
         order by ends_at desc limit 1",
        officer.0,
        dossier.0,
        to_micros(now),
    )?;
    row.map(Glass::try_from).transpose()
}

/// How many dossiers an officer has opened so since then.
pub async fn n_since(reader: &mut Reader, officer: OfficerId, since: Timestamp) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "glass.n_since",
        "select count(*) from glass where officer = $1 and opened_at >= $2",
        officer.0,
        to_micros(since),
    )?;
    Ok(n)
}

/// What an officer has open now, the latest first.
pub async fn open_of(
    reader: &mut Reader,
    officer: OfficerId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<GlassLine>, Error> {
    let rows: Vec<LineRow> = fetch_all!(
        reader,
        "glass.open_of",
        "select g.id, g.version, g.dossier, g.officer, g.agency, g.reason, g.opened_at, g.ends_at,
            g.review_by, g.reviewed_by, g.reviewed_at, g.verdict, g.words, coalesce(d.code, '') as code,
            o.name as officer_name, u.name as agency_name, coalesce(r.name, '') as reviewer_name
         from glass g join dossier d on d.id = g.dossier join officer o on o.id = g.officer
            join unit u on u.id = g.agency left join officer r on r.id = g.reviewed_by
         where g.officer = $1 and g.opened_at <= $2 and g.ends_at > $2
         order by g.opened_at desc, g.id desc limit $3",
        officer.0,
        to_micros(now),
        limit,
    )?;
    rows.into_iter().map(GlassLine::try_from).collect()
}

/// The dossiers of a scope as its agencies settle them, for a statement.
fn settled_by(scope: &Scope) -> (Vec<Uuid>, Vec<(Uuid, String)>) {
    let pair = |(agency, procedure): &(AgencyId, ProcedureCode)| (agency.0, procedure.to_string());
    (scope.concerned.iter().map(|agency| agency.0).collect(), scope.concerned_in.iter().map(pair).collect())
}

/// What others opened in dossiers that agencies of this scope settle, and nobody has reviewed: the first to be
/// reviewed first.
pub async fn to_review(
    reader: &mut Reader,
    scope: &Scope,
    reviewer: OfficerId,
    limit: i64,
) -> Result<Vec<GlassLine>, Error> {
    let (agencies, pairs) = settled_by(scope);
    let rows: Vec<LineRow> = fetch_all!(
        reader,
        "glass.to_review",
        "select g.id, g.version, g.dossier, g.officer, g.agency, g.reason, g.opened_at, g.ends_at,
            g.review_by, g.reviewed_by, g.reviewed_at, g.verdict, g.words, coalesce(d.code, '') as code,
            o.name as officer_name, u.name as agency_name, '' as reviewer_name
         from glass g cross join dossier d join officer o on o.id = g.officer
            join unit u on u.id = g.agency
         where g.reviewed_at is null and d.id = g.dossier and g.officer <> $1
           and (d.competent in IDS($2) or (d.competent, d.procedure) in PAIRS($3))
         order by g.review_by, g.id limit $4",
        reviewer.0,
        Json(agencies),
        Json(pairs),
        limit,
    )?;
    rows.into_iter().map(GlassLine::try_from).collect()
}

/// How many there are of [`to_review`].
pub async fn n_to_review(reader: &mut Reader, scope: &Scope, reviewer: OfficerId) -> Result<i64, Error> {
    let (agencies, pairs) = settled_by(scope);
    let (n,): (i64,) = fetch_one!(
        reader,
        "glass.n_to_review",
        "select count(*) from glass g cross join dossier d
         where g.reviewed_at is null and d.id = g.dossier and g.officer <> $1
           and (d.competent in IDS($2) or (d.competent, d.procedure) in PAIRS($3))",
        reviewer.0,
        Json(agencies),
        Json(pairs),
    )?;
    Ok(n)
}

/// What officers of these agencies opened and should not have, the latest said first.
pub async fn unfitting_of(
    reader: &mut Reader,
    agencies: &BTreeSet<AgencyId>,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<GlassLine>, Error> {
    let agencies: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    let rows: Vec<LineRow> = fetch_all!(
        reader,
        "glass.unfitting_of",
        "select g.id, g.version, g.dossier, g.officer, g.agency, g.reason, g.opened_at, g.ends_at,
            g.review_by, g.reviewed_by, g.reviewed_at, g.verdict, g.words, coalesce(d.code, '') as code,
            o.name as officer_name, u.name as agency_name, coalesce(r.name, '') as reviewer_name
         from glass g join dossier d on d.id = g.dossier join officer o on o.id = g.officer
            join unit u on u.id = g.agency join officer r on r.id = g.reviewed_by
         where g.verdict = 'unfitting' and g.agency in IDS($1) and g.reviewed_at >= $2
         order by g.reviewed_at desc, g.id desc limit $3",
        Json(agencies),
        to_micros(since),
        limit,
    )?;
    rows.into_iter().map(GlassLine::try_from).collect()
}

/// What was looked at by each of these openings while it lasted.
pub async fn looks(
    reader: &mut Reader,
    openings: impl IntoIterator<Item = GlassId>,
) -> Result<Vec<GlassLooks>, Error> {
    let openings: Vec<Uuid> = openings.into_iter().map(|glass| glass.0).collect();
    let rows: Vec<(Uuid, String, i64, i64)> = fetch_all!(
        reader,
        "glass.looks",
        "select g.id, e.kind, count(*), max(e.happened_at)
         from glass g join event e on e.dossier = g.dossier and e.actor = g.officer
            and e.happened_at >= g.opened_at and e.happened_at <= g.ends_at
         where g.id in IDS($1) and e.kind in ('dossier_viewed', 'paper_viewed')
         group by g.id, e.kind order by g.id, e.kind limit 2000",
        Json(openings),
    )?;
    rows.into_iter()
        .map(|(glass, kind, n_looks, last_at)| {
            Ok(GlassLooks {
                glass: GlassId(glass),
                kind,
                n_looks,
                last_at: from_micros(last_at).map_err(|_| Error::corrupt("event", "happened_at", glass))?,
            })
        })
        .collect()
}

/// Dossiers with an opening that should have been reviewed before `now`, and of which nobody has been told
/// yet.
pub async fn overdue(reader: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<DossierId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "glass.overdue",
        "select distinct g.dossier from glass g
         where g.reviewed_at is null and g.review_by < $1
           and not exists (select 1 from alarm a
                where a.dossier = g.dossier and a.kind = 'unreviewed' and a.cleared_at is null)
         order by g.dossier limit $2",
        to_micros(now),
        limit,
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}

/// By when the first opening of a dossier that nobody has reviewed must be.
pub async fn review_due(reader: &mut Reader, dossier: DossierId) -> Result<Option<Timestamp>, Error> {
    let row: Option<(i64,)> = fetch_optional!(
        reader,
        "glass.review_due",
        "select review_by from glass where dossier = $1 and reviewed_at is null order by review_by limit 1",
        dossier.0,
    )?;
    row.map(|(at,)| from_micros(at).map_err(|_| Error::corrupt("glass", "review_by", dossier))).transpose()
}

#[cfg(test)]
mod tests;
