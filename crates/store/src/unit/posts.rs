//! The posts in units that end: who has them, and where they go.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::people::role_text;
use rules::id::{AgencyId, OfficerId};
use rules::people::Role;
use sqlx::types::Json;
use uuid::Uuid;

/// An officer's post, with his name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostLine {
    pub officer: OfficerId,
    pub name: String,
    pub agency: AgencyId,
    pub role: Role,
}

/// Every post in these agencies, by agency and officer.
pub async fn lines_of_posts(reader: &mut Reader, agencies: &[Uuid]) -> Result<Vec<PostLine>, Error> {
    let rows: Vec<(Uuid, String, Uuid, String)> = fetch_all!(
        reader,
        "unit.lines_of_posts",
        "select o.id, o.name, p.agency, p.role from post p join officer o on o.id = p.officer
         where p.agency in IDS($1) order by p.agency, o.id, p.role limit 100000",
        Json(agencies),
    )?;
    rows.into_iter()
        .map(|(officer, name, agency, role)| {
            let role = Role::ALL
                .into_iter()
                .find(|known| role_text(*known) == role)
                .ok_or_else(|| Error::corrupt("post", "role", officer))?;
            Ok(PostLine { officer: OfficerId(officer), name, agency: AgencyId(agency), role })
        })
        .collect()
}

/// Ends a post; gives the same role in `to`, where there is one.
pub async fn follow(tx: &mut Tx, post: &PostLine, to: Option<AgencyId>) -> Result<(), Error> {
    if let Some(to) = to {
        // With all that limits it; one he has there already stays as it is.
        execute!(
            tx,
            "unit.move_post",
            "update post set agency = $4 where officer = $1 and agency = $2 and role = $3
               and not exists (select 1 from post q
                               where q.officer = $1 and q.agency = $4 and q.role = $3)",
            post.officer.0,
            post.agency.0,
            role_text(post.role),
            to.0,
        )?;
    }
    execute!(
        tx,
        "unit.end_post",
        "delete from post where officer = $1 and agency = $2 and role = $3",
        post.officer.0,
        post.agency.0,
        role_text(post.role),
    )?;
    let Some(to) = to else { return Ok(()) };
    execute!(
        tx,
        "unit.move_officer",
        "update officer set version = version + 1, agency = $3 where id = $1 and agency = $2",
        post.officer.0,
        post.agency.0,
        to.0,
    )
    .map(drop)
}
