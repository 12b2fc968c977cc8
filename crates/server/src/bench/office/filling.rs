//! Fills a database: each story is lived once by the acts, in every commune and on several days, and then
//! written under other names as often as its share of all dossiers asks for.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use office::{Clock, Office};
use rules::id::DossierId;
use store::Engine;
use store::bench::{Batch, Ground, Life, Loader, Maker, Names, Person, Recorder, Scribe, open_recorded};
use tokio::sync::mpsc;

use super::house::{House, TODAY};
use super::people::person;
use super::stories::{STORIES, Story, live};

/// Mornings on which stories that are over were begun, and those that are not.
const OVER: [&str; 3] = ["2026-03-10T01:00:00Z", "2026-06-16T01:00:00Z", "2026-09-15T01:00:00Z"];
const OPEN: [&str; 2] = ["2026-11-19T01:00:00Z", "2026-11-20T01:00:00Z"];
/// People in the scratch office stand far behind those of the copies.
const FIRST_MODEL: usize = 7_000_000;
/// Copies written in one transaction.
const N_TOGETHER: usize = 200;

/// How many communes and days the stories are lived in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    pub(super) n_communes: usize,
    pub(super) n_days: usize,
}

/// A story with where and when it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    story: Story,
    commune: usize,
    since: Timestamp,
}

impl Told {
    /// Lives it through the acts.
    pub(super) async fn live(self, office: &Office, house: &House, person: &Person) -> Result<()> {
        let office = Office { clock: Clock::set(self.since), ..office.clone() };
        let n_communes = house.communes.len();
        let (commune, other) =
            (&house.communes[self.commune], &house.communes[(self.commune + 1) % n_communes]);
        Box::pin(live(&office, commune, self.story, other.agency, person)).await.map(drop)
    }
}

/// Every story in every commune on every day; no two begin in the same second.
pub(super) fn all(house: &House, spread: Spread) -> Result<Vec<Told>> {
    let mut all = Vec::new();
    for (story, _) in STORIES {
        let days: &[&str] = if story.is_over() { &OVER } else { &OPEN };
        for day in days.iter().take(spread.n_days) {
            for commune in 0..house.communes.len().min(spread.n_communes) {
                let second = i64::try_from(all.len()).unwrap_or(0) % 3_000;
                let since = day.parse::<Timestamp>()? + SignedDuration::from_secs(second);
                all.push(Told { story, commune, since });
            }
        }
    }
    Ok(all)
}

/// A life with where it was lived.
#[derive(Debug)]
pub(super) struct Model {
    story: Story,
    commune: usize,
    pub(super) life: Life,
}

/// Lives every story on a scratch database in `folder`.
pub(super) async fn models(house: &House, folder: &Path, spread: Spread) -> Result<Vec<Model>> {
    let ground = Ground::sqlite(folder)?;
    let recorder = Recorder::default();
    let db = open_recorded(ground.config(), &recorder).await?;
    house.furnish(&db).await?;
    house.give_keys(&db).await?;
    let office = House::office(db.clone(), TODAY.parse()?)?;
    let mut scribe = Scribe::begin(&db, &recorder).await?;
    let mut models = Vec::new();
    for told in all(house, spread)? {
        let person = person(FIRST_MODEL + models.len());
        told.live(&office, house, &person).await?;
        let Told { story, commune, .. } = told;
        models.push(Model { story, commune, life: scribe.take(&person).await? });
    }
    db.close().await;
    Ok(models)
}

/// A dossier that reading is tried on.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) dossier: DossierId,
    pub(super) code: Option<String>,
    pub(super) person: Person,
    pub(super) commune: usize,
}

/// Fills databases of one engine.
#[derive(Debug)]
pub(super) struct Filling {
    models: Arc<Vec<Model>>,
    /// For each of a thousand copies, the models it may be made of.
    choices: Vec<Vec<usize>>,
    maker: Option<Maker>,
    pub(super) n_dossiers: usize,
    pub(super) samples: Vec<Sample>,
}

/// Dossiers kept to try reading on, of each filling.
const N_SAMPLES: usize = 2_000;

impl Filling {
    pub(super) fn new(models: Arc<Vec<Model>>, engine: Engine) -> Self {
        let of = |story: Story| -> Vec<usize> {
            (0..models.len()).filter(|&at| models[at].story == story).collect()
        };
        let choices =
            STORIES.iter().flat_map(|&(story, share)| std::iter::repeat_n(of(story), share)).collect();
        let maker = Some(Maker::new(engine));
        Self { models, choices, maker, n_dossiers: 0, samples: Vec::new() }
    }

    /// Writes copies until there are `n` dossiers; gives how long that took.
    pub(super) async fn up_to(&mut self, n: usize, ground: &Ground) -> Result<Duration> {
        let begun = Instant::now();
        let mut loader = Loader::open(ground.config()).await?;
        let (send, mut made) = mpsc::channel::<Batch>(4);
        let mut maker = self.maker.take().context("đang nạp dở")?;
        let (models, choices) = (Arc::clone(&self.models), self.choices.clone());
        let wanted = self.n_dossiers..n;
        // Made beside the runtime's threads, written here.
        let making = tokio::task::spawn_blocking(move || {
            let sample_every = (wanted.len() / N_SAMPLES).max(1);
            let mut samples = Vec::new();
            let mut batch = Batch::default();
            for at in wanted {
                let choice = &choices[(at * 619) % choices.len()];
                let model = &models[choice[(at / choices.len()) % choice.len()]];
                let person = person(at);
                let written = maker.add(&mut batch, &model.life, &Names::draw(&model.life, person.clone()));
                if at % sample_every == 0 {
                    let (dossier, code) = (DossierId(written.dossier), written.code);
                    samples.push(Sample { dossier, code, person, commune: model.commune });
                }
                if batch.n_copies == N_TOGETHER && send.blocking_send(std::mem::take(&mut batch)).is_err() {
                    break;
                }
            }
            drop(send.blocking_send(batch));
            (maker, samples)
        });
        while let Some(batch) = made.recv().await {
            loader.write(&batch).await?;
        }
        let (maker, samples) = making.await?;
        loader.finish(&maker, &self.models[0].life).await?;
        (self.maker, self.samples, self.n_dossiers) = (Some(maker), samples, n);
        Ok(begun.elapsed())
    }
}
