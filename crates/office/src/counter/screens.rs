//! How an office sets up its queue: the rules it runs by, and the links to its call screens.

use crate::act::By;
use crate::dossier::typed;
use crate::people::administering::Reach;
use crate::{Error, Office, Refusal};
use jiff::Timestamp;
use rules::calendar::legal_time;
use rules::counter::queue::Ticket;
use rules::counter::queue::setup::QueueRules;
use rules::id::{AgencyId, CallScreenId, OfficerId};
use rules::people::{Actor, NotYours, Role};
use store::Reader;
use store::counter::screens::{self, CallScreen};
use store::counter::tickets;
use store::people::KeptUnit;
use store::session::SecretHash;
use store::time::new_id;
use uuid::Uuid;

/// Those who are told beforehand that they come next.
const N_NEXT: usize = 6;

/// What a call screen shows. Numbers only: no name ever stands on it.
#[derive(Debug)]
pub struct Board {
    pub agency: String,
    pub at: Timestamp,
    /// The last called first.
    pub calling: Vec<Ticket>,
    pub next: Vec<Ticket>,
    pub n_waiting: usize,
}

/// The queue of an agency as whoever sets it up sees it.
#[derive(Debug)]
pub struct QueueSetup {
    pub unit: KeptUnit,
    pub rules: QueueRules,
    /// The version of the agency's own rules; 0 while it goes by the nation's.
    pub version: i64,
    pub screens: Vec<CallScreen>,
}

/// The secret part of a link, said once; only its hash is kept.
#[derive(Debug)]
pub struct ScreenLink {
    pub id: CallScreenId,
    pub secret: String,
}

/// Whoever heads the place, or keeps its people, sets up its queue. For anybody else it is not there.
async fn must_run(reader: &mut Reader, actor: &Actor, agency: AgencyId) -> Result<OfficerId, Error> {
    let heads = actor
        .held()
        .any(|(post, _)| matches!(post.role, Role::Head | Role::CentreHead) && post.agency == agency);
    if !heads && !actor.has_role(Role::Admin) {
        return Err(NotYours::OutOfScope.into());
    }
    if !heads {
        Reach::of(reader, actor).await?.must_show(agency)?;
    }
    Ok(actor.officer().ok_or(NotYours::OutOfScope)?)
}

impl Office {
    pub async fn queue_setup(&self, actor: &Actor, agency: AgencyId) -> Result<QueueSetup, Error> {
        let mut reader = self.db.read().await?;
        must_run(&mut reader, actor, agency).await?;
        let unit = store::people::unit(&mut reader, agency).await?.ok_or(Error::NotFound)?;
        let rules = self.queue_rules(&mut reader, agency, self.clock.today()).await?;
        let version = tickets::rules_version(&mut reader, agency).await?;
        let screens = screens::of_agency(&mut reader, agency).await?;
        Ok(QueueSetup { unit, rules, version, screens })
    }

    /// Decides by which rules the queue runs from today on. `seen` is the version that was changed.
    pub async fn decide_queue_rules(
        &self,
        by: &By,
        agency: AgencyId,
        rules: &QueueRules,
        seen: i64,
    ) -> Result<(), Error> {
        let faults = rules.faults();
        if !faults.is_empty() {
            return Err(Error::Refused(Refusal::QueueFigures(faults)));
        }
        self.act(by, "queue.decide_rules", |mut tx, now| async move {
            let tx = &mut tx;
            let officer = must_run(tx, &by.actor, agency).await?;
            store::people::unit(tx, agency).await?.ok_or(Error::NotFound)?;
            let rules = QueueRules { from: legal_time(now).date(), ..rules.clone() };
            tickets::add_rules(tx, agency, &rules, seen, officer, now).await?;
            Ok(())
        })
        .await
    }

    /// Makes a link that shows the board to whoever has it.
    pub async fn add_call_screen(&self, by: &By, agency: AgencyId, name: &str) -> Result<ScreenLink, Error> {
        let name: &String = &typed(name).chars().take(100).collect();
        if name.is_empty() {
            let fault = ("ten-man-hinh".to_owned(), "Ghi màn hình treo ở đâu, ví dụ Sảnh tầng 1".to_owned());
            return Err(Error::Refused(Refusal::Form(vec![fault])));
        }
        // 244 random bits.
        let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let (hash, drawn) = (SecretHash::of(secret.as_bytes()), CallScreenId(new_id(self.clock.now())));
        let id = self
            .act(by, "queue.add_screen", |mut tx, now| async move {
                let tx = &mut tx;
                let made_by = must_run(tx, &by.actor, agency).await?;
                store::people::unit(tx, agency).await?.ok_or(Error::NotFound)?;
                let screen = CallScreen {
                    id: drawn,
                    agency,
                    name: name.clone(),
                    made_by,
                    made_at: now,
                    withdrawn_at: None,
                };
                screens::add(tx, &screen, hash).await?;
                Ok(screen.id)
            })
            .await?;
        // The same form sent again finds its screen, but the secret was said to the first and is not kept.
        if id == drawn { Ok(ScreenLink { id, secret }) } else { Err(Error::Stale) }
    }

    /// From now on the link leads nowhere.
    pub async fn withdraw_call_screen(
        &self,
        by: &By,
        agency: AgencyId,
        id: CallScreenId,
    ) -> Result<(), Error> {
        self.act(by, "queue.withdraw_screen", |mut tx, now| async move {
            let tx = &mut tx;
            let officer = must_run(tx, &by.actor, agency).await?;
            screens::withdraw(tx, id, agency, officer, now).await?;
            Ok(())
        })
        .await
    }

    /// The board of the agency with this key, for whoever has the secret of one of its links.
    pub async fn board(&self, key: &str, secret: &str) -> Result<Board, Error> {
        let (now, today) = (self.clock.now(), self.clock.today());
        let mut reader = self.db.read().await?;
        let hash = SecretHash::of(secret.as_bytes());
        let screen = screens::by_secret(&mut reader, hash).await?.ok_or(Error::NotFound)?;
        let unit = store::people::unit(&mut reader, screen.agency).await?.ok_or(Error::NotFound)?;
        if unit.unit.key != key {
            return Err(Error::NotFound);
        }
        let rules = self.queue_rules(&mut reader, screen.agency, today).await?;
        let waiting = super::queue::line(&mut reader, screen.agency, &rules, now).await?;
        let calling = tickets::being_called(&mut reader, screen.agency, today).await?;
        Ok(Board {
            agency: unit.unit.name,
            at: now,
            calling,
            n_waiting: waiting.len(),
            next: waiting.into_iter().take(N_NEXT).collect(),
        })
    }
}
