//! The lists the inboxes are made of. Each shows of its rows those that a scope lets see.

use super::DossierRow;
use crate::Error;
use crate::engine::{Reader, fetch_all};
use crate::people::reading::Sight;
use crate::people::role_text;
use rules::dossier::Dossier;
use rules::id::{AgencyId, DossierId, PartyId};
use rules::people::{Role, Scope};
use sqlx::types::Json;
use uuid::Uuid;

/// A dossier as lists show it.
#[derive(Clone, Debug)]
pub struct DossierLine {
    pub dossier: Dossier,
    pub procedure_name: String,
    pub holder_name: String,
    pub officer_name: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct LineRow {
    #[sqlx(flatten)]
    dossier: DossierRow,
    procedure_name: String,
    holder_name: String,
    officer_name: Option<String>,
}

pub(crate) fn lines(rows: Vec<LineRow>) -> Result<Vec<DossierLine>, Error> {
    rows.into_iter()
        .map(|row| {
            Ok(DossierLine {
                dossier: row.dossier.try_into()?,
                procedure_name: row.procedure_name,
                holder_name: row.holder_name,
                officer_name: row.officer_name,
            })
        })
        .collect()
}

/// Fetches lines: where their dossiers `d` come from, which officer each shows, and which they are.
macro_rules! fetch_lines {
    ($reader:expr, $name:literal, from $from:literal, officer $officer:literal, $which:expr
     $(, $bind:expr)* $(,)?) => {{
        let rows: Vec<LineRow> = fetch_all!(
            $reader,
            $name,
            concat!(
                "select d.id, d.version, d.code, d.procedure, d.revision, d.case_id, d.channel, d.submitter,
                    d.holder, d.authorised, d.receiving, d.competent, d.holding, d.outcome, d.opened_at,
                    d.opened_by, d.received_at, d.due_at, d.due_on, d.clock, d.body, d.life, d.part_of,
                    r.name as procedure_name, p.name as holder_name, o.name as officer_name
                 from ", $from, "
                 join procedure r on r.code = d.procedure and r.revision = d.revision
                 join party p on p.id = d.holder
                 left join officer o on o.id = ", $officer, " ", $which
            )
            $(, $bind)*
        )?;
        lines(rows)
    }};
}

pub(crate) use fetch_lines;

/// Agencies asked one by one; more than these are asked together.
const N_ONE_BY_ONE: usize = 16;

/// What is waiting in the agencies of a scope: open dossiers, the soonest due first, those whose clock
/// stands last.
///
/// Of one agency the index gives them in this order and ends at the limit, however much waits.
pub async fn lines_waiting(
    reader: &mut Reader,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    let sight = Sight::from(scope);
    if sight.agencies.len() > N_ONE_BY_ONE {
        return lines_waiting_in_any(reader, &sight, limit).await;
    }
    let mut waiting = Vec::new();
    for agency in &sight.agencies {
        waiting.extend(lines_waiting_in(reader, *agency, &sight, limit).await?);
    }
    waiting.sort_by_key(|line| {
        (line.dossier.due.is_none(), line.dossier.due.map(|due| due.at), line.dossier.id)
    });
    waiting.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(waiting)
}

async fn lines_waiting_in(
    reader: &mut Reader,
    agency: Uuid,
    sight: &Sight,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    fetch_lines!(
        reader,
        "dossier.lines_waiting_in",
        from "dossier d",
        officer "d.officer",
        "where d.holding = $1 and d.state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
            'awaiting_supplement', 'awaiting_payment', 'halted', 'done')
           and SEEN(d, d.procedure, $2)
         order by case when d.due_at is null then 1 else 0 end, d.due_at, d.id limit $3",
        agency,
        Json(sight),
        limit,
    )
}

async fn lines_waiting_in_any(
    reader: &mut Reader,
    sight: &Sight,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    fetch_lines!(
        reader,
        "dossier.lines_waiting",
        from "dossier d",
        officer "d.officer",
        "where d.holding in IDS($1) and d.state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
            'awaiting_supplement', 'awaiting_payment', 'halted', 'done')
           and SEEN(d, d.procedure, $2)
         order by case when d.due_at is null then 1 else 0 end, d.due_at, d.id limit $3",
        Json(&sight.agencies),
        Json(sight),
        limit,
    )
}

/// What waits in the agencies of a scope for somebody in one of these roles, with a draft or a signed paper
/// in it: the soonest to be done first.
pub async fn lines_with_paper(
    reader: &mut Reader,
    scope: &Scope,
    roles: &[Role],
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    let sight = Sight::from(scope);
    let roles: Vec<&str> = roles.iter().map(|&role| role_text(role)).collect();
    fetch_lines!(
        reader,
        "dossier.lines_with_paper",
        from "dossier d",
        officer "d.officer",
        "where d.next_agency in IDS($1) and d.next_role in TEXTS($2) and d.next_act in ('take', 'do')
           and d.next_by is not null and d.state = 'in_process'
           and exists (select 1 from result s where s.dossier = d.id and s.state in ('drafted', 'signed'))
           and SEEN(d, d.procedure, $3)
         order by d.next_by, d.id limit $4",
        Json(&sight.agencies),
        Json(&roles),
        Json(&sight),
        limit,
    )
}

/// What was referred to a leader of the agencies of a scope, the soonest to be answered first.
pub async fn lines_referred(
    reader: &mut Reader,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    let sight = Sight::from(scope);
    fetch_lines!(
        reader,
        "dossier.lines_referred",
        from "dossier d",
        officer "d.officer",
        "where d.next_agency in IDS($1) and d.next_role = 'leader' and d.next_act = 'answer_referral'
           and d.next_by is not null and d.state = 'in_process' and SEEN(d, d.procedure, $2)
         order by d.next_by, d.id limit $3",
        Json(&sight.agencies),
        Json(&sight),
        limit,
    )
}

/// The intakes that are open at the counters of a scope, the newest first.
pub async fn lines_preparing(
    reader: &mut Reader,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    let sight = Sight::from(scope);
    fetch_lines!(
        reader,
        "dossier.lines_preparing",
        from "dossier d",
        officer "d.opened_by",
        "where d.receiving in IDS($1) and d.state = 'preparing' and SEEN(d, d.procedure, $2)
         order by d.opened_at desc, d.id limit $3",
        Json(&sight.agencies),
        Json(&sight),
        limit,
    )
}

/// The results that wait for a postman at a counter and are in no bundle he is still to take, the oldest first.
pub async fn lines_for_post(
    reader: &mut Reader,
    counter: AgencyId,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    fetch_lines!(
        reader,
        "dossier.lines_for_post",
        from "dossier d",
        officer "d.officer",
        "where d.receiving = $1 and d.for_post and d.part_of is null
           and not exists (select 1 from post_item i join post_bundle b on b.id = i.bundle
               where i.dossier = d.id and b.sent_at is null)
         order by d.id limit $2",
        counter.0,
        limit,
    )
}

/// The dossiers of a person, the newest first.
pub async fn lines_of_holder(
    reader: &mut Reader,
    holder: PartyId,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    let sight = Sight::from(scope);
    fetch_lines!(
        reader,
        "dossier.lines_of_holder",
        from "dossier d",
        officer "d.officer",
        "where d.holder = $1 and d.state <> 'preparing' and d.part_of is null
           and SEEN(d, d.procedure, $2)
         order by d.opened_at desc, d.id limit $3",
        holder.0,
        Json(&sight),
        limit,
    )
}

/// The dossiers about which the agencies of a scope were asked and have not answered, the soonest due
/// first. Who has to do with some procedures only is asked about those.
pub async fn lines_consulted(
    reader: &mut Reader,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<DossierLine>, Error> {
    let sight = Sight::from(scope);
    fetch_lines!(
        reader,
        "dossier.lines_consulted",
        from "consultation c
         join dossier d on d.id = c.dossier",
        officer "d.officer",
        "where c.agency in IDS($1) and c.ended_at is null
           and (c.agency in IDS($2) or (c.agency, d.procedure) in PAIRS($3))
         order by c.due_at, d.id limit $4",
        Json(&sight.agencies),
        Json(&sight.concerned),
        Json(&sight.concerned_in),
        limit,
    )
}

/// Dossiers by id, in no particular order.
pub async fn lines_by_ids(reader: &mut Reader, ids: &[Uuid]) -> Result<Vec<DossierLine>, Error> {
    fetch_lines!(
        reader,
        "dossier.lines_by_ids",
        from "dossier d",
        officer "d.officer",
        "where d.id in IDS($1)",
        Json(ids),
    )
}

/// The parts of a whole, in the order they were opened.
pub async fn parts_of(reader: &mut Reader, whole: DossierId) -> Result<Vec<DossierId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "dossier.parts_of",
        "select id from dossier where part_of = $1 order by id limit 100",
        whole.0,
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}
