//! What officers may do on a day: posts and delegations in time. Leave, and rights that wait for a
//! second person, are in `waiting`.

use super::{corrupt, role_text};
use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::id::{AgencyId, DelegationId, OfficerId};
use rules::people::delegation::{Delegation, DelegationKind, Lent};
use rules::people::{Post, Right, Role, Sensitivity};
use sqlx::types::Json;
use uuid::Uuid;

mod waiting;

pub use waiting::{
    absence, absences_of, absent_on, add_absence, add_proposal, end_absence, open_proposals, proposal,
    save_proposal,
};

/// The first day of a post that is since ever.
const SINCE_EVER: Date = jiff::civil::date(1, 1, 1);

fn ceiling_text(ceiling: Sensitivity) -> &'static str {
    match ceiling {
        Sensitivity::Personal => "personal",
        Sensitivity::Secret => "secret",
    }
}

fn kind_text(kind: DelegationKind) -> &'static str {
    match kind {
        DelegationKind::Substitution => "substitution",
        DelegationKind::Authorisation => "authorisation",
    }
}

fn role(text: &str, table: &'static str, row: Uuid) -> Result<Role, Error> {
    Role::ALL.into_iter().find(|&role| role_text(role) == text).ok_or_else(|| corrupt(table, "role", row))
}

fn day(text: &str, table: &'static str, column: &'static str, row: Uuid) -> Result<Date, Error> {
    text.parse().map_err(|_| corrupt(table, column, row))
}

type Procedures = Option<JsonText>;

fn procedures(kept: Procedures, table: &'static str, row: Uuid) -> Result<Option<Vec<ProcedureCode>>, Error> {
    kept.map(|kept| open(kept, table, "procedures", row)).transpose()
}

#[derive(sqlx::FromRow)]
pub(super) struct PostRow {
    pub(super) officer: Uuid,
    agency: Uuid,
    role: String,
    procedures: Procedures,
    ceiling: String,
    valid_from: String,
    valid_to: Option<String>,
}

impl TryFrom<PostRow> for Post {
    type Error = Error;

    fn try_from(row: PostRow) -> Result<Self, Error> {
        let id = row.officer;
        let ceiling = [Sensitivity::Personal, Sensitivity::Secret]
            .into_iter()
            .find(|&ceiling| ceiling_text(ceiling) == row.ceiling)
            .ok_or_else(|| corrupt("post", "ceiling", id))?;
        let valid_from = day(&row.valid_from, "post", "valid_from", id)?;
        Ok(Self {
            agency: AgencyId(row.agency),
            role: role(&row.role, "post", id)?,
            procedures: procedures(row.procedures, "post", id)?,
            ceiling,
            valid_from: (valid_from > SINCE_EVER).then_some(valid_from),
            valid_to: row.valid_to.map(|last| day(&last, "post", "valid_to", id)).transpose()?,
        })
    }
}

/// Adds a post; [`Error::Taken`] (`post_pkey`) when the officer has it from that very day already.
pub async fn add_post(tx: &mut Tx, officer: OfficerId, post: &Post) -> Result<(), Error> {
    execute!(
        tx,
        "post.add",
        "insert into post (officer, agency, role, procedures, ceiling, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, $6, $7)",
        officer.0,
        post.agency.0,
        role_text(post.role),
        post.procedures.as_ref().map(Json),
        ceiling_text(post.ceiling),
        post.valid_from.unwrap_or(SINCE_EVER).to_string(),
        post.valid_to.map(|last| last.to_string()),
    )?;
    Ok(())
}

/// Every post of an officer, past and to come too.
pub async fn posts(reader: &mut Reader, officer: OfficerId) -> Result<Vec<Post>, Error> {
    let rows: Vec<PostRow> = fetch_all!(
        reader,
        "post.of_officer",
        "select officer, agency, role, procedures, ceiling, valid_from, valid_to from post
         where officer = $1 order by agency, role, valid_from limit 1000",
        officer.0,
    )?;
    rows.into_iter().map(Post::try_from).collect()
}

/// Ends a post: `on` is the first day without it. One that had not begun by then goes as if it had not
/// been; the event keeps it.
pub async fn end_post(tx: &mut Tx, officer: OfficerId, post: &Post, on: Date) -> Result<(), Error> {
    let first = post.valid_from.unwrap_or(SINCE_EVER);
    let done = if first < on {
        let last = on.yesterday().map_err(|_| corrupt("post", "valid_to", officer))?;
        execute!(
            tx,
            "post.end",
            "update post set valid_to = $5
             where officer = $1 and agency = $2 and role = $3 and valid_from = $4",
            officer.0,
            post.agency.0,
            role_text(post.role),
            first.to_string(),
            last.to_string(),
        )?
    } else {
        execute!(
            tx,
            "post.take_away",
            "delete from post where officer = $1 and agency = $2 and role = $3 and valid_from = $4",
            officer.0,
            post.agency.0,
            role_text(post.role),
            first.to_string(),
        )?
    };
    if done == 0 {
        return Err(Error::Stale { table: "post", row: officer.to_string() });
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct DelegationRow {
    id: Uuid,
    giver: Uuid,
    taker: Uuid,
    agency: Uuid,
    role: String,
    procedures: Procedures,
    valid_from: String,
    valid_to: String,
    kind: String,
    decision: String,
}

impl TryFrom<DelegationRow> for Delegation {
    type Error = Error;

    fn try_from(row: DelegationRow) -> Result<Self, Error> {
        let id = row.id;
        Ok(Self {
            id: DelegationId(id),
            from: OfficerId(row.giver),
            to: OfficerId(row.taker),
            agency: AgencyId(row.agency),
            role: role(&row.role, "delegation", id)?,
            procedures: procedures(row.procedures, "delegation", id)?,
            valid_from: day(&row.valid_from, "delegation", "valid_from", id)?,
            valid_to: day(&row.valid_to, "delegation", "valid_to", id)?,
            kind: [DelegationKind::Substitution, DelegationKind::Authorisation]
                .into_iter()
                .find(|&kind| kind_text(kind) == row.kind)
                .ok_or_else(|| corrupt("delegation", "kind", id))?,
            decision: row.decision,
        })
    }
}

pub async fn add_delegation(tx: &mut Tx, delegation: &Delegation) -> Result<(), Error> {
    execute!(
        tx,
        "delegation.add",
        "insert into delegation (id, giver, taker, agency, role, procedures, valid_from, valid_to, kind,
            decision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        delegation.id.0,
        delegation.from.0,
        delegation.to.0,
        delegation.agency.0,
        role_text(delegation.role),
        delegation.procedures.as_ref().map(Json),
        delegation.valid_from.to_string(),
        delegation.valid_to.to_string(),
        kind_text(delegation.kind),
        delegation.decision.as_str(),
    )?;
    Ok(())
}

pub async fn delegation(reader: &mut Reader, id: DelegationId) -> Result<Option<Delegation>, Error> {
    let row: Option<DelegationRow> = fetch_optional!(
        reader,
        "delegation.find",
        "select id, giver, taker, agency, role, procedures, valid_from, valid_to, kind, decision
         from delegation where id = $1",
        id.0,
    )?;
    row.map(Delegation::try_from).transpose()
}

/// Ends a delegation: `on` is the first day without it. One that had not begun by then goes as if it had
/// not been; the event keeps it.
pub async fn end_delegation(tx: &mut Tx, delegation: &Delegation, on: Date) -> Result<(), Error> {
    if delegation.valid_from < on {
        let last = on.yesterday().map_err(|_| corrupt("delegation", "valid_to", delegation.id))?;
        execute!(
            tx,
            "delegation.end",
            "update delegation set valid_to = $2 where id = $1 and valid_to > $2",
            delegation.id.0,
            last.to_string(),
        )?;
    } else {
        execute!(tx, "delegation.take_away", "delete from delegation where id = $1", delegation.id.0)?;
    }
    Ok(())
}

/// Delegations of one officer that are not over before `day`: which end of them he is at is said last.
macro_rules! delegations {
    ($reader:expr, $name:literal, $end:literal, $officer:expr, $day:expr) => {{
        let rows: Vec<DelegationRow> = fetch_all!(
            $reader,
            $name,
            concat!(
                "select id, giver, taker, agency, role, procedures, valid_from, valid_to, kind, decision
                 from delegation where ",
                $end,
                " = $1 and valid_to >= $2 order by valid_from, id limit 500"
            ),
            $officer.0,
            $day.to_string(),
        )?;
        rows.into_iter().map(Delegation::try_from).collect()
    }};
}

/// The delegations given by an officer that are not over before `day`.
pub async fn delegations_by(
    reader: &mut Reader,
    giver: OfficerId,
    day: Date,
) -> Result<Vec<Delegation>, Error> {
    delegations!(reader, "delegation.by_giver", "giver", giver, day)
}

/// The delegations to an officer that are not over before `day`, whether or not their givers still have
/// the posts.
pub async fn delegations_to(
    reader: &mut Reader,
    taker: OfficerId,
    day: Date,
) -> Result<Vec<Delegation>, Error> {
    delegations!(reader, "delegation.by_taker", "taker", taker, day)
}

#[derive(sqlx::FromRow)]
struct LentRow {
    #[sqlx(flatten)]
    delegation: DelegationRow,
    post_procedures: Procedures,
}

/// What is lent to an officer on a day: only while its giver, whose account is open, has the post
/// himself.
pub async fn lent_to(reader: &mut Reader, taker: OfficerId, on: Date) -> Result<Vec<Lent>, Error> {
    let rows: Vec<LentRow> = fetch_all!(
        reader,
        "delegation.lent_to",
        "select d.id, d.giver, d.taker, d.agency, d.role, d.procedures, d.valid_from, d.valid_to, d.kind,
            d.decision, p.procedures as post_procedures
         from delegation d
         join officer g on g.id = d.giver and g.active
         join post p on p.officer = d.giver and p.agency = d.agency and p.role = d.role
         where d.taker = $1 and d.valid_from <= $2 and d.valid_to >= $2 and p.valid_from <= $2
           and (p.valid_to is null or p.valid_to >= $2)
         order by d.valid_from, d.id limit 500",
        taker.0,
        on.to_string(),
    )?;
    let mut lent = Vec::new();
    for row in rows {
        let delegation = Delegation::try_from(row.delegation)?;
        let post = Post {
            procedures: procedures(row.post_procedures, "post", delegation.from.0)?,
            ..Post::new(delegation.agency, delegation.role)
        };
        lent.extend(delegation.lent(&[post], on));
    }
    Ok(lent)
}

/// An officer who could act on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Able {
    pub officer: OfficerId,
    pub name: String,
    /// The post he would act in; it may be limited to some procedures.
    pub post: Post,
    /// His own, or whose and through which delegation.
    pub right: Right,
}

impl Able {
    pub fn covers(&self, procedure: &ProcedureCode) -> bool {
        self.post.procedures.as_ref().is_none_or(|named| named.contains(procedure))
    }
}

#[derive(sqlx::FromRow)]
struct AbleRow {
    officer: Uuid,
    name: String,
    post_procedures: Procedures,
    delegation: Option<Uuid>,
    giver: Option<Uuid>,
    lent_procedures: Procedures,
}

/// Who could act in `role` for an agency on a day: those who have the post and are there, and those to
/// whom it is lent and who are there.
pub async fn able(reader: &mut Reader, agency: AgencyId, role: Role, on: Date) -> Result<Vec<Able>, Error> {
    let rows: Vec<AbleRow> = fetch_all!(
        reader,
        "officer.able",
        "select o.id as officer, o.name as name, p.procedures as post_procedures, null as delegation,
            null as giver, null as lent_procedures
         from post p join officer o on o.id = p.officer
         where p.agency = $1 and p.role = $2 and p.valid_from <= $3
           and (p.valid_to is null or p.valid_to >= $3) and o.active
           and not exists (select 1 from absence a
                           where a.officer = o.id and a.valid_to >= $3 and a.valid_from <= $3)
         union all
         select o.id, o.name, p.procedures, d.id, d.giver, d.procedures
         from delegation d
         join officer g on g.id = d.giver and g.active
         join post p on p.officer = d.giver and p.agency = d.agency and p.role = d.role
         join officer o on o.id = d.taker
         where d.agency = $1 and d.role = $2 and d.valid_to >= $3 and d.valid_from <= $3
           and p.valid_from <= $3 and (p.valid_to is null or p.valid_to >= $3) and o.active
           and not exists (select 1 from absence a
                           where a.officer = o.id and a.valid_to >= $3 and a.valid_from <= $3)
         limit 2000",
        agency.0,
        role_text(role),
        on.to_string(),
    )?;
    let mut able = Vec::new();
    for row in rows {
        let own = Post {
            procedures: procedures(row.post_procedures, "post", row.officer)?,
            ..Post::new(agency, role)
        };
        let lent = procedures(row.lent_procedures, "delegation", row.officer)?;
        able.push(Able {
            officer: OfficerId(row.officer),
            name: row.name,
            post: own.narrowed_to(lent.as_deref()),
            right: Right {
                on_behalf_of: row.giver.map(OfficerId),
                through: row.delegation.map(DelegationId),
            },
        });
    }
    // Those who act for themselves first; the engines give no order to a union.
    able.sort_by_key(|able| (able.right.through, able.officer));
    Ok(able)
}

#[cfg(test)]
mod tests;
