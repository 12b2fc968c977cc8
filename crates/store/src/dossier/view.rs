//! Lists that officers keep under a name: what each is narrowed by, whom it is shared with, and with which
//! an officer's inbox opens.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::to_micros;
use jiff::Timestamp;
use rules::id::{AgencyId, OfficerId, ViewId};
use rules::measure::narrowing::Narrowing;
use sqlx::types::Json;
use uuid::Uuid;

/// A kept list.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub id: ViewId,
    pub owner: OfficerId,
    pub name: String,
    /// Everybody of this agency has it too.
    pub shared_with: Option<AgencyId>,
    pub narrowing: Narrowing,
    /// The inbox of the one who reads opens with it.
    pub is_first: bool,
}

#[derive(sqlx::FromRow)]
struct ViewRow {
    id: Uuid,
    owner: Uuid,
    name: String,
    shared_with: Option<Uuid>,
    narrowing: JsonText,
    is_first: i64,
}

impl TryFrom<ViewRow> for View {
    type Error = Error;

    fn try_from(row: ViewRow) -> Result<Self, Error> {
        Ok(Self {
            id: ViewId(row.id),
            owner: OfficerId(row.owner),
            name: row.name,
            shared_with: row.shared_with.map(AgencyId),
            narrowing: open(row.narrowing, "kept_view", "narrowing", row.id)?,
            is_first: row.is_first == 1,
        })
    }
}

/// The views of an officer: his own, and those shared with agencies of his; by name.
pub async fn views_of(
    reader: &mut Reader,
    officer: OfficerId,
    agencies: &[AgencyId],
) -> Result<Vec<View>, Error> {
    let agencies: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    let rows: Vec<ViewRow> = fetch_all!(
        reader,
        "view.of_officer",
        "select v.id, v.owner, v.name, v.shared_with, v.narrowing,
            cast(case when f.view is null then 0 else 1 end as bigint) as is_first
         from kept_view v left join first_view f on f.view = v.id and f.officer = $1
         where v.owner = $1 or v.shared_with in IDS($2)
         order by v.name, v.id limit 500",
        officer.0,
        Json(&agencies),
    )?;
    rows.into_iter().map(View::try_from).collect()
}

/// One view, whoever made it.
pub async fn find_view(reader: &mut Reader, id: ViewId) -> Result<Option<View>, Error> {
    let row: Option<ViewRow> = fetch_optional!(
        reader,
        "view.find",
        "select id, owner, name, shared_with, narrowing, cast(0 as bigint) as is_first
         from kept_view where id = $1",
        id.0,
    )?;
    row.map(View::try_from).transpose()
}

/// How many views an officer has made.
pub async fn n_views(reader: &mut Reader, owner: OfficerId) -> Result<usize, Error> {
    let rows: Vec<(Uuid,)> =
        fetch_all!(reader, "view.made_by", "select id from kept_view where owner = $1 limit 1000", owner.0)?;
    Ok(rows.len())
}

/// Keeps a view; one of that name which its owner has already becomes this.
pub async fn keep_view(tx: &mut Tx, view: &View, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "view.keep",
        "insert into kept_view (id, owner, name, shared_with, narrowing, kept_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (owner, name) do update set shared_with = excluded.shared_with,
            narrowing = excluded.narrowing, kept_at = excluded.kept_at",
        view.id.0,
        view.owner.0,
        view.name.as_str(),
        view.shared_with.map(|agency| agency.0),
        Json(&view.narrowing),
        to_micros(now),
    )?;
    Ok(())
}

/// Forgets a view; inboxes that opened with it open with everything.
pub async fn forget_view(tx: &mut Tx, id: ViewId) -> Result<(), Error> {
    execute!(tx, "view.forget_first", "delete from first_view where view = $1", id.0)?;
    execute!(tx, "view.forget", "delete from kept_view where id = $1", id.0)?;
    Ok(())
}

/// Lets the inbox of an officer open with a view, or with everything.
pub async fn set_first(tx: &mut Tx, officer: OfficerId, view: Option<ViewId>) -> Result<(), Error> {
    execute!(tx, "view.clear_first", "delete from first_view where officer = $1", officer.0)?;
    if let Some(view) = view {
        execute!(
            tx,
            "view.set_first",
            "insert into first_view (officer, view) values ($1, $2)",
            officer.0,
            view.0,
        )?;
    }
    Ok(())
}

/// Those of these dossiers some paper of which is not confirmed yet.
pub async fn with_open_records(reader: &mut Reader, dossiers: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "view.with_open_records",
        "select distinct dossier from record where dossier in IDS($1) and state <> 'filed'",
        Json(dossiers),
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

#[cfg(test)]
mod tests {
    use super::{View, find_view, forget_view, keep_view, n_views, set_first, views_of, with_open_records};
    use crate::sample::{Office, now, office};
    use crate::testing::Scratch;
    use crate::{Db, Error, on_both, scanning, time};
    use rules::id::{OfficerId, RecordId, ViewId};
    use rules::measure::narrowing::{Mark, Narrowing};
    use rules::scanning::{Record, RecordState, Source};

    fn view(owner: OfficerId, name: &str) -> View {
        View {
            id: ViewId(time::new_id(now())),
            owner,
            name: name.to_owned(),
            shared_with: None,
            narrowing: Narrowing { mark: Some(Mark::Overdue), ..Narrowing::default() },
            is_first: false,
        }
    }

    async fn keep(db: &Db, view: &View) {
        db.act(|mut tx| async move { keep_view(&mut tx, view, now()).await }).await.expect("kept");
    }

    async fn names(db: &Db, officer: OfficerId, of: &Office) -> Vec<(String, bool)> {
        let mut reader = db.read().await.expect("a snapshot");
        let views = views_of(&mut reader, officer, &[of.province]).await.expect("read");
        views.into_iter().map(|view| (view.name, view.is_first)).collect()
    }

    async fn views_are_kept_shared_put_first_and_forgotten(db: Scratch) {
        let office = office(&db).await;
        let (counter, specialist) = (office.counter, office.specialist);
        let own = view(counter, "Quá hạn");
        let shared = View { shared_with: Some(office.province), ..view(counter, "Cả phòng") };
        keep(&db, &own).await;
        keep(&db, &shared).await;
        assert_eq!(names(&db, specialist, &office).await, [("Cả phòng".to_owned(), false)]);
        db.act(|mut tx| async move { set_first(&mut tx, specialist, Some(shared.id)).await })
            .await
            .expect("put first");
        assert_eq!(names(&db, specialist, &office).await, [("Cả phòng".to_owned(), true)]);
        let mine = names(&db, counter, &office).await;
        assert_eq!(mine, [("Cả phòng".to_owned(), false), ("Quá hạn".to_owned(), false)], "his own choice");
        let again = View { narrowing: Narrowing::default(), ..view(counter, "Quá hạn") };
        keep(&db, &again).await;
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(n_views(&mut reader, counter).await.expect("counted"), 2, "kept in place of the old");
        let kept = find_view(&mut reader, own.id).await.expect("read").expect("it is there");
        assert!(kept.narrowing.is_empty());
        drop(reader);
        db.act(|mut tx| async move {
            forget_view(&mut tx, shared.id).await?;
            set_first(&mut tx, specialist, None).await?;
            Ok::<_, Error>(())
        })
        .await
        .expect("forgotten");
        assert_eq!(names(&db, specialist, &office).await, []);
    }

    async fn a_dossier_is_digitised_when_no_record_is_open(db: Scratch) {
        let office = office(&db).await;
        let (one, other) = (office.opened(&db).await, office.opened(&db).await);
        let record = &Record {
            id: RecordId(time::new_id(now())),
            version: 1,
            dossier: one.id,
            component: "to-khai".to_owned(),
            owner: office.holder,
            scope: one.scope,
            digitiser: office.counter,
            source: Source::Pages { pages: Vec::new() },
            state: RecordState::Reading,
        };
        db.act(|mut tx| async move { scanning::add(&mut tx, record, now()).await }).await.expect("added");
        let mut reader = db.read().await.expect("a snapshot");
        let open = with_open_records(&mut reader, &[one.id.0, other.id.0]).await.expect("read");
        assert_eq!(open, [one.id.0]);
    }

    on_both!(views_are_kept_shared_put_first_and_forgotten, a_dossier_is_digitised_when_no_record_is_open,);
}
