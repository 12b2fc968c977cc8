//! A fee is paid at the counter: what is owed, the code for a transfer, and the screen that shows it to the
//! payer. No bank tells us that money arrived; the officer sees it and says so.

use super::fees::in_force;
use crate::act::By;
use crate::dossier::view::DossierView;
use crate::dossier::{Loaded, load_for};
use crate::{Error, Office, Refusal};
use jiff::{SignedDuration, Timestamp};
use rules::counter::vietqr::{Account, reference};
use rules::dossier::{Dossier, Refused};
use rules::id::DossierId;
use rules::people::{Actor, Role};
use store::counter::fees::{self as rows, Asking};
use store::session::SecretHash;

/// What is owed on a dossier, and how it can be paid.
#[derive(Debug)]
pub struct FeeDesk {
    pub owed: i64,
    /// Where a transfer goes, where the agency has an account.
    pub transfer: Option<Transfer>,
    pub screen: AtSeat,
}

/// What the payer's bank is told.
#[derive(Debug)]
pub struct Transfer {
    pub account: Account,
    pub reference: String,
    /// The code, as SVG.
    pub picture: String,
}

/// The screen at the officer's counter.
#[derive(Debug, PartialEq, Eq)]
pub enum AtSeat {
    /// He did not say where he sits.
    NoSeat,
    NoScreen(String),
    Idle(String),
    /// It asks for this very fee until then.
    ShowsThis(String, Timestamp),
}

/// What a screen at a counter shows. Nobody's name ever stands on it.
#[derive(Debug)]
pub struct FeeBoard {
    pub agency: String,
    pub counter: String,
    pub asks: Option<Asks>,
}

#[derive(Debug)]
pub struct Asks {
    pub amount: i64,
    pub code: String,
    pub transfer: Transfer,
}

/// How long a screen asks before it is empty again.
const SHOWN_FOR: SignedDuration = SignedDuration::from_mins(10);

/// What may be collected on a dossier now.
fn owed(dossier: &Dossier) -> Result<i64, Refused> {
    let due = dossier.life.fee.due - dossier.life.fee.paid;
    if due == 0 {
        return Err(Refused::NothingOwed);
    }
    dossier.clone().collect_fee(due, "…".to_owned(), None)?;
    Ok(due)
}

fn fault(said: &str) -> Error {
    Error::Refused(Refusal::Form(vec![("man-hinh".to_owned(), said.to_owned())]))
}

impl Office {
    fn asked_of(&self, account: &Account, dossier: &Dossier, amount: i64) -> Result<Transfer, Error> {
        let code = dossier.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let reference = reference(&code);
        let picture = self.transfer_code(account, Some(amount), &reference)?;
        Ok(Transfer { account: account.clone(), reference, picture })
    }

    /// What an officer of the counter collects on a dossier, from where he sits.
    pub async fn fee_desk(
        &self,
        actor: &Actor,
        view: &DossierView,
        seat: Option<&str>,
    ) -> Result<FeeDesk, Error> {
        let (dossier, receiving) = (&view.dossier, view.dossier.scope.receiving);
        actor.right_for_any(&Role::AT_COUNTER, receiving, dossier)?;
        let owed = owed(dossier)?;
        let mut reader = self.db.read().await?;
        let decided = rows::accounts(&mut reader, receiving).await?;
        let account = in_force(&decided, self.clock.today());
        let transfer = account.map(|account| self.asked_of(account, dossier, owed)).transpose()?;
        let screen = match seat {
            None => AtSeat::NoSeat,
            Some(seat) => match rows::screen_at(&mut reader, receiving, seat).await? {
                None => AtSeat::NoScreen(seat.to_owned()),
                Some(screen) => match screen.shows {
                    Some(asking)
                        if asking.dossier == dossier.id
                            && asking.owed == owed
                            && asking.until > self.clock.now() =>
                    {
                        AtSeat::ShowsThis(seat.to_owned(), asking.until)
                    }
                    _ => AtSeat::Idle(seat.to_owned()),
                },
            },
        };
        Ok(FeeDesk { owed, transfer, screen })
    }

    /// Asks for the fee of a dossier on the screen of a counter.
    pub async fn ask_on_screen(&self, by: &By, id: DossierId, seat: &str) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "fees.ask_on_screen", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            let receiving = loaded.dossier.scope.receiving;
            loaded.as_any(&by.actor, &Role::AT_COUNTER, receiving)?;
            let Loaded { dossier, .. } = loaded;
            let owed = owed(&dossier)?;
            if in_force(&rows::accounts(tx, receiving).await?, today).is_none() {
                return Err(fault("Cơ quan chưa đặt tài khoản thu phí, nên chỉ thu tiền mặt"));
            }
            let screen = rows::screen_at(tx, receiving, seat).await?;
            let screen = screen.ok_or_else(|| fault("Quầy này chưa có màn hình phụ"))?;
            let asking = Asking { dossier: id, owed, until: now + SHOWN_FOR };
            rows::ask(tx, screen.id, Some(asking)).await?;
            Ok(())
        })
        .await
    }

    /// Takes what stands on the screen of a counter away.
    pub async fn clear_screen(&self, by: &By, id: DossierId, seat: &str) -> Result<(), Error> {
        self.act(by, "fees.clear_screen", |mut tx, _| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            let receiving = loaded.dossier.scope.receiving;
            loaded.as_any(&by.actor, &Role::AT_COUNTER, receiving)?;
            let screen = rows::screen_at(tx, receiving, seat).await?;
            // Another payer's code may stand there by now.
            if let Some(screen) =
                screen.filter(|screen| screen.shows.is_some_and(|asking| asking.dossier == id))
            {
                rows::ask(tx, screen.id, None).await?;
            }
            Ok(())
        })
        .await
    }

    /// What the screen with this secret shows, at a counter of the agency with this key. It is empty again when
    /// the fee was paid or is owed no more, and after some minutes.
    pub async fn fee_board(&self, key: &str, secret: &str) -> Result<FeeBoard, Error> {
        let (now, today) = (self.clock.now(), self.clock.today());
        let mut reader = self.db.read().await?;
        let hash = SecretHash::of(secret.as_bytes());
        let screen = rows::screen_by_secret(&mut reader, hash).await?.ok_or(Error::NotFound)?;
        let unit = store::people::unit(&mut reader, screen.agency).await?.ok_or(Error::NotFound)?;
        if unit.unit.key != key {
            return Err(Error::NotFound);
        }
        let decided = rows::accounts(&mut reader, screen.agency).await?;
        let mut asks = None;
        if let (Some(asking), Some(account)) =
            (screen.shows.filter(|asking| asking.until > now), in_force(&decided, today))
        {
            let dossier = store::dossier::find(&mut reader, asking.dossier).await?.ok_or(Error::NotFound)?;
            let is_here = dossier.scope.receiving == screen.agency;
            if is_here && owed(&dossier).is_ok_and(|owed| owed == asking.owed) {
                asks = Some(Asks {
                    amount: asking.owed,
                    code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                    transfer: self.asked_of(account, &dossier, asking.owed)?,
                });
            }
        }
        Ok(FeeBoard { agency: unit.unit.name, counter: screen.counter, asks })
    }
}
