//! What is referred to the leader, and what he makes of it.

use super::view::DossierView;
use super::wait::make_missing;
use super::writing::sent;
use super::{Loaded, load_for, typed};
use crate::act::By;
use crate::{Error, Office, Refusal};
use jiff::Timestamp;
use rules::dossier::writing::WritingForm;
use rules::dossier::{Dossier, Referral, Unasked, Wish};
use rules::event::SupplementItem;
use rules::id::DossierId;
use rules::people::{Actor, Role};
use store::dossier::DossierLine;

/// The referrals that a leader is shown.
const MOST_SHOWN: i64 = 200;

impl Office {
    /// Refers a wish to the leader of the competent agency; whoever does the step may, unless he is that leader.
    pub async fn refer(&self, by: &By, id: DossierId, wish: Wish, reason: &str) -> Result<(), Error> {
        let (wish, reason) = (&wish, &typed(reason));
        self.act(by, "dossier.refer", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            let competent = loaded.dossier.scope.competent;
            if by.actor.right_for(Role::Leader, competent, &loaded.dossier).is_ok() {
                let said = "Bạn là lãnh đạo của hồ sơ này: tự quyết định, không cần trình";
                return Err(Error::Refused(Refusal::Form(vec![(String::new(), said.to_owned())])));
            }
            let referral = referral_of(&by.actor, wish, reason, now)?;
            if let Wish::AskAgain { items } = wish {
                for item in items {
                    crate::counter::component_of(&loaded.procedure, &loaded.dossier, &item.component)?;
                }
                sent(tx, &by.actor, WritingForm::Supplement, id).await?;
            }
            self.decided(tx, by, loaded, now, |dossier, procedure, terms, now| {
                dossier.refer(procedure, referral.clone(), terms, now)
            })
            .await
        })
        .await
    }

    /// The dossier as it would wait for these papers if the leader granted them; nothing is changed.
    pub fn try_supplement_referral(
        &self,
        actor: &Actor,
        view: &DossierView,
        items: Vec<SupplementItem>,
        reason: &str,
    ) -> Result<Dossier, Error> {
        let (terms, now) = (self.terms_of(&view.dossier)?, self.clock.now());
        let referral = referral_of(actor, &Wish::AskAgain { items }, &typed(reason), now)?;
        let (referred, _) = view.dossier.clone().refer(&view.procedure, referral, terms, now)?;
        let (waiting, _) = referred.grant_referral(&view.procedure, now, terms, now)?;
        Ok(waiting)
    }

    /// The leader grants what was referred at that time, as it was.
    pub async fn grant_referral(&self, by: &By, id: DossierId, referred_at: Timestamp) -> Result<(), Error> {
        self.act(by, "dossier.grant_referral", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_role(&by.actor, Role::Leader, loaded.dossier.scope.competent)?;
            let Loaded { dossier, procedure, right } = loaded;
            let wish = dossier.referral().map(|referral| referral.wish.clone());
            let terms = self.terms_of(&dossier)?;
            let (dossier, body) = dossier.grant_referral(&procedure, referred_at, terms, now)?;
            if let Some(Wish::AskAgain { items }) = wish {
                make_missing(tx, &dossier, &procedure, &items).await?;
            }
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// The leader does not grant it, and says why.
    pub async fn decline_referral(
        &self,
        by: &By,
        id: DossierId,
        referred_at: Timestamp,
        reason: &str,
    ) -> Result<(), Error> {
        let reason = &typed(reason);
        self.by_leader(by, "dossier.decline_referral", id, |dossier, _, _, _| {
            dossier.end_referral(referred_at, Unasked::Declined(reason))
        })
        .await
    }

    /// Who referred it takes it back.
    pub async fn take_back_referral(
        &self,
        by: &By,
        id: DossierId,
        referred_at: Timestamp,
    ) -> Result<(), Error> {
        self.act(by, "dossier.take_back_referral", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, id).await?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            self.decided(tx, by, loaded, now, |dossier, _, _, _| {
                dossier.end_referral(referred_at, Unasked::TakenBack(officer))
            })
            .await
        })
        .await
    }

    /// What was referred to an actor as the leader, the soonest to be answered first.
    pub async fn referred_to(&self, actor: &Actor) -> Result<Vec<DossierLine>, Error> {
        let mut reader = self.db.read().await?;
        let lines = store::dossier::lines_referred(&mut reader, &actor.sight(), MOST_SHOWN).await?;
        let leads = |line: &DossierLine| leads(actor, &line.dossier);
        Ok(lines.into_iter().filter(leads).collect())
    }
}

fn referral_of(actor: &Actor, wish: &Wish, reason: &str, now: Timestamp) -> Result<Referral, Error> {
    let by = actor.officer().ok_or(Error::NotFound)?;
    Ok(Referral { by, at: now, wish: wish.clone(), reason: reason.to_owned() })
}

/// Is it the actor's to answer what was referred?
pub(crate) fn leads(actor: &Actor, dossier: &Dossier) -> bool {
    dossier.referral().is_some()
        && actor.right_for_any(&[Role::Leader], dossier.scope.competent, dossier).is_ok()
}
