//! `motcua migrate`: brings the schema and the shipped catalogue (units, procedures) up to date. Doing it
//! again changes nothing; a published revision of a procedure is never changed.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context, Result};
use jiff::Timestamp;
use office::Clock;
use rules::id::AgencyId;
use rules::procedure::Procedure;
use rules::unit::Unit;
use store::people::KeptUnit;
use store::time::new_id;
use store::{Db, Tx, people, procedure};

use crate::config::Place;
use crate::installation;
use crate::shipped;
use crate::speak::say;

/// Đưa cơ sở dữ liệu và danh mục (đơn vị, thủ tục) lên bản của chương trình này
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
}

/// What was new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) n_units: usize,
    pub(crate) n_procedures: usize,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let config = args.place.load()?;
    installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let news = bring_up_to_date(&db, Clock::System.now()).await?;
        db.close().await;
        say(format_args!(
            "Cơ sở dữ liệu đã đúng bản của chương trình. Danh mục: {} đơn vị mới hoặc sửa, {} thủ tục mới.",
            news.n_units, news.n_procedures
        ));
        Ok(ExitCode::SUCCESS)
    })
}

/// Schema first, then what is new in the catalogue, in one act.
pub(crate) async fn bring_up_to_date(db: &Db, now: Timestamp) -> Result<News> {
    db.migrate().await.context("không cập nhật được cấu trúc cơ sở dữ liệu")?;
    let (units, procedures) = (shipped::units()?, shipped::procedures()?);
    let (units, procedures) = (&units, &procedures);
    let news = db
        .act(|mut tx| async move { load(&mut tx, units, procedures, now).await })
        .await
        .context("không nạp được danh mục đơn vị và thủ tục")?;
    Ok(news)
}

async fn load(
    tx: &mut Tx,
    units: &[Unit],
    procedures: &[Procedure],
    now: Timestamp,
) -> Result<News, store::Error> {
    let kept: BTreeMap<String, KeptUnit> =
        people::units(tx).await?.into_iter().map(|kept| (kept.unit.key.clone(), kept)).collect();
    // What a reorganisation of this installation has changed is its own from then on.
    let own = store::unit::touched(tx).await?;
    let mut ids: BTreeMap<&str, AgencyId> = BTreeMap::new();
    let mut news = News::default();
    for unit in units {
        let parent = unit.parent.as_ref().and_then(|key| ids.get(key.as_str()).copied());
        let id = match kept.get(&unit.key) {
            Some(kept) if own.contains(&unit.key) => kept.id,
            Some(kept) if kept.unit == *unit && kept.parent == parent => kept.id,
            _ => {
                news.n_units += 1;
                people::put_unit(tx, AgencyId(new_id(now)), unit, parent).await?
            }
        };
        ids.insert(&unit.key, id);
    }
    for revision in procedures {
        let added = procedure::add(tx, revision).await?;
        news.n_procedures += usize::from(added > 0);
    }
    Ok(news)
}
