//! Bundles of results that go out by the public post, and what the post said of each.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::event::PostOutcome;
use rules::id::{AgencyId, DossierId, OfficerId, PostBundleId};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostBundle {
    pub id: PostBundleId,
    pub agency: AgencyId,
    pub post_office: String,
    pub made_by: OfficerId,
    pub made_at: Timestamp,
    /// Who took it, when; none while it is put together.
    pub taken: Option<Taken>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub postman: String,
    pub by: OfficerId,
    pub at: Timestamp,
}

/// One result in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostItem {
    pub dossier: DossierId,
    pub tracking: String,
    pub outcome: Option<(PostOutcome, Timestamp)>,
}

#[derive(sqlx::FromRow)]
struct BundleRow {
    id: Uuid,
    agency: Uuid,
    post_office: String,
    made_by: Uuid,
    made_at: i64,
    postman: Option<String>,
    sent_by: Option<Uuid>,
    sent_at: Option<i64>,
}

impl TryFrom<BundleRow> for PostBundle {
    type Error = Error;

    fn try_from(row: BundleRow) -> Result<Self, Error> {
        let at =
            |micros, column| from_micros(micros).map_err(|_| Error::corrupt("post_bundle", column, row.id));
        let taken = match (row.postman, row.sent_by, row.sent_at) {
            (Some(postman), Some(by), Some(when)) => {
                Some(Taken { postman, by: OfficerId(by), at: at(when, "sent_at")? })
            }
            _ => None,
        };
        Ok(Self {
            id: PostBundleId(row.id),
            agency: AgencyId(row.agency),
            post_office: row.post_office,
            made_by: OfficerId(row.made_by),
            made_at: at(row.made_at, "made_at")?,
            taken,
        })
    }
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    dossier: Uuid,
    tracking: String,
    outcome: Option<String>,
    answered_at: Option<i64>,
}

impl TryFrom<ItemRow> for PostItem {
    type Error = Error;

    fn try_from(row: ItemRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("post_item", column, row.dossier);
        let outcome = match (row.outcome.as_deref(), row.answered_at) {
            (Some(word), Some(micros)) => {
                let at = from_micros(micros).map_err(|_| corrupt("answered_at"))?;
                let known = [PostOutcome::Delivered, PostOutcome::CameBack];
                let outcome = known.into_iter().find(|known| word_of(*known) == word);
                Some((outcome.ok_or_else(|| corrupt("outcome"))?, at))
            }
            _ => None,
        };
        Ok(Self { dossier: DossierId(row.dossier), tracking: row.tracking, outcome })
    }
}

fn word_of(outcome: PostOutcome) -> &'static str {
    match outcome {
        PostOutcome::Delivered => "delivered",
        PostOutcome::CameBack => "came_back",
    }
}

pub async fn add_bundle(tx: &mut Tx, bundle: &PostBundle) -> Result<(), Error> {
    execute!(
        tx,
        "post_bundle.add",
        "insert into post_bundle (id, agency, post_office, made_by, made_at) values ($1, $2, $3, $4, $5)",
        bundle.id.0,
        bundle.agency.0,
        bundle.post_office.as_str(),
        bundle.made_by.0,
        to_micros(bundle.made_at),
    )
    .map(drop)
}

pub async fn bundle(reader: &mut Reader, id: PostBundleId) -> Result<Option<PostBundle>, Error> {
    let row: Option<BundleRow> = fetch_optional!(
        reader,
        "post_bundle.find",
        "select id, agency, post_office, made_by, made_at, postman, sent_by, sent_at from post_bundle
         where id = $1",
        id.0,
    )?;
    row.map(PostBundle::try_from).transpose()
}

/// The bundles of an agency: those that something is still to be done about first, then the newest.
pub async fn bundles(reader: &mut Reader, agency: AgencyId) -> Result<Vec<PostBundle>, Error> {
    let rows: Vec<BundleRow> = fetch_all!(
        reader,
        "post_bundle.of_agency",
        "select id, agency, post_office, made_by, made_at, postman, sent_by, sent_at from post_bundle
         where agency = $1
         order by case when sent_at is null or exists
               (select 1 from post_item i where i.bundle = post_bundle.id and i.outcome is null) then 0 else 1 end,
            made_at desc, id desc limit 50",
        agency.0,
    )?;
    rows.into_iter().map(PostBundle::try_from).collect()
}

/// A postman took it; [`Error::Stale`] when one took it before.
pub async fn take(tx: &mut Tx, id: PostBundleId, taken: &Taken) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "post_bundle.take",
        "update post_bundle set postman = $2, sent_by = $3, sent_at = $4 where id = $1 and sent_at is null",
        id.0,
        taken.postman.as_str(),
        taken.by.0,
        to_micros(taken.at),
    )?;
    if saved == 0 { Err(Error::Stale { table: "post_bundle", row: id.to_string() }) } else { Ok(()) }
}

pub async fn add_item(
    tx: &mut Tx,
    bundle: PostBundleId,
    dossier: DossierId,
    tracking: &str,
    now: Timestamp,
) -> Result<(), Error> {
    execute!(
        tx,
        "post_item.add",
        "insert into post_item (bundle, dossier, tracking, added_at) values ($1, $2, $3, $4)",
        bundle.0,
        dossier.0,
        tracking,
        to_micros(now),
    )
    .map(drop)
}

/// Takes a result out of a bundle; `false` when it was not in it.
pub async fn remove_item(tx: &mut Tx, bundle: PostBundleId, dossier: DossierId) -> Result<bool, Error> {
    let n = execute!(
        tx,
        "post_item.remove",
        "delete from post_item where bundle = $1 and dossier = $2",
        bundle.0,
        dossier.0,
    )?;
    Ok(n == 1)
}

/// What is in a bundle, in the order it was put there.
pub async fn items(reader: &mut Reader, bundle: PostBundleId) -> Result<Vec<PostItem>, Error> {
    let rows: Vec<ItemRow> = fetch_all!(
        reader,
        "post_item.of_bundle",
        "select dossier, tracking, outcome, answered_at from post_item where bundle = $1
         order by added_at, dossier limit 500",
        bundle.0,
    )?;
    rows.into_iter().map(PostItem::try_from).collect()
}

/// Is a dossier in a bundle that no postman took yet?
pub async fn is_bundled(reader: &mut Reader, dossier: DossierId) -> Result<bool, Error> {
    let row: Option<(Uuid,)> = fetch_optional!(
        reader,
        "post_item.is_bundled",
        "select i.bundle from post_item i join post_bundle b on b.id = i.bundle
         where i.dossier = $1 and b.sent_at is null limit 1",
        dossier.0,
    )?;
    Ok(row.is_some())
}

/// What the post said of a result; [`Error::Stale`] when it said so before, or it is not in the bundle.
pub async fn answer(
    tx: &mut Tx,
    bundle: PostBundleId,
    dossier: DossierId,
    outcome: PostOutcome,
    now: Timestamp,
) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "post_item.answer",
        "update post_item set outcome = $3, answered_at = $4
         where bundle = $1 and dossier = $2 and outcome is null",
        bundle.0,
        dossier.0,
        word_of(outcome),
        to_micros(now),
    )?;
    if saved == 0 { Err(Error::Stale { table: "post_item", row: dossier.to_string() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{
        PostBundle, PostItem, Taken, add_bundle, add_item, answer, bundle, bundles, is_bundled, items,
        remove_item, take,
    };
    use crate::sample::{after, office};
    use crate::testing::Scratch;
    use crate::{Error, on_both, time};
    use rules::event::PostOutcome;
    use rules::id::PostBundleId;

    async fn a_bundle_is_filled_taken_and_answered(db: Scratch) {
        let office = office(&db).await;
        let (one, other) = (office.opened(&db).await.id, office.opened(&db).await.id);
        let made = &PostBundle {
            id: PostBundleId(time::new_id(after(1))),
            agency: office.commune,
            post_office: "Bưu cục Yên Bình".to_owned(),
            made_by: office.counter,
            made_at: after(1),
            taken: None,
        };
        let id = made.id;
        db.act(|mut tx| async move {
            add_bundle(&mut tx, made).await?;
            add_item(&mut tx, id, one, "EA123456789VN", after(2)).await?;
            add_item(&mut tx, id, other, "EA123456790VN", after(3)).await
        })
        .await
        .expect("made");
        let twice = db
            .act(|mut tx| async move { add_item(&mut tx, id, other, "EA000000000VN", after(4)).await })
            .await;
        assert!(matches!(twice, Err(Error::Taken(_))), "{twice:?}");
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(bundle(&mut reader, id).await.expect("read").as_ref(), Some(made));
        assert!(is_bundled(&mut reader, other).await.expect("read"));
        drop(reader);
        let out = db.act(|mut tx| async move { remove_item(&mut tx, id, other).await }).await.expect("out");
        let again =
            db.act(|mut tx| async move { remove_item(&mut tx, id, other).await }).await.expect("not in");
        assert_eq!((out, again), (true, false));
        let taken = &Taken { postman: "Vàng A Páo".to_owned(), by: office.counter, at: after(9) };
        db.act(|mut tx| async move { take(&mut tx, id, taken).await }).await.expect("taken");
        let late = db.act(|mut tx| async move { take(&mut tx, id, taken).await }).await;
        assert!(matches!(late, Err(Error::Stale { table: "post_bundle", .. })), "{late:?}");
        let said = PostOutcome::CameBack;
        db.act(|mut tx| async move { answer(&mut tx, id, one, said, after(60)).await }).await.expect("said");
        let late = db.act(|mut tx| async move { answer(&mut tx, id, one, said, after(61)).await }).await;
        assert!(matches!(late, Err(Error::Stale { table: "post_item", .. })), "{late:?}");
        let mut reader = db.read().await.expect("a snapshot");
        let tracking = "EA123456789VN".to_owned();
        let item = PostItem { dossier: one, tracking, outcome: Some((said, after(60))) };
        assert_eq!(items(&mut reader, id).await.expect("read"), [item]);
        let sent = PostBundle { taken: Some(taken.clone()), ..made.clone() };
        assert_eq!(bundles(&mut reader, office.commune).await.expect("read"), [sent]);
        assert_eq!(bundles(&mut reader, office.elsewhere).await.expect("read"), []);
        assert!(!is_bundled(&mut reader, one).await.expect("read"));
    }

    on_both!(a_bundle_is_filled_taken_and_answered);
}
