//! Waits and dates: supplement, payment, stop; and the date put off with an apology.

use super::view::DossierView;
use super::writing::sent;
use super::{Loaded, load, load_for, typed};
use crate::act::{By, Hand};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::calendar::Limit;
use rules::counter::Supply;
use rules::dossier::writing::WritingForm;
use rules::dossier::{Dossier, PaymentNotice, Refused, Terms};
use rules::event::{Body, FeePaid, SupplementItem};
use rules::id::DossierId;
use rules::people::{Actor, Role};
use rules::procedure::Procedure;
use store::Tx;

impl Office {
    /// Asks the applicant for what is missing; the clock stands. What he is to bring anew is missing
    /// again; what was brought before stays in the dossier. A second time, or late, it is the leader's
    /// decision, who gives the reason.
    // law: ND61-2018/19.4
    pub async fn ask_supplement(
        &self,
        by: &By,
        id: DossierId,
        items: Vec<SupplementItem>,
        exception: Option<&str>,
    ) -> Result<(), Error> {
        let (items, exception) = (&items, exception.map(typed));
        let exception = exception.as_deref().filter(|reason| !reason.is_empty());
        self.act(by, "dossier.ask_supplement", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            match exception {
                None => drop(loaded.step_for(tx, &by.actor, now).await?),
                Some(_) => loaded.as_role(&by.actor, Role::Leader, loaded.dossier.scope.competent)?,
            }
            let Loaded { dossier, procedure, right } = loaded;
            let terms = self.terms_of(&dossier)?;
            let (dossier, body) = dossier.ask_supplement(&procedure, items.clone(), exception, terms, now)?;
            make_missing(tx, &dossier, &procedure, items).await?;
            sent(tx, &by.actor, WritingForm::Supplement, id).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// The dossier as it would wait for these papers, with all that the law may have against it; what the
    /// applicant will read is printed from it. Nothing is changed.
    pub fn try_supplement(
        &self,
        view: &DossierView,
        items: Vec<SupplementItem>,
        exception: Option<&str>,
    ) -> Result<Dossier, Error> {
        let terms = self.terms_of(&view.dossier)?;
        let dossier = view.dossier.clone();
        let (waiting, _) =
            dossier.ask_supplement(&view.procedure, items, exception, terms, self.clock.now())?;
        Ok(waiting)
    }

    /// The applicant brought everything that was asked for; the limit is counted again from the start.
    // law: ND61-2018/19.4
    pub async fn supplement_received(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "dossier.supplement_received", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_any(&by.actor, &Role::FOR_APPLICANT, loaded.dossier.scope.receiving)?;
            let Loaded { dossier, procedure, right } = loaded;
            let (dossier, body) = dossier.clone().supplement_received(self.terms_of(&dossier)?, now)?;
            self.check_complete(tx, &dossier, &procedure).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            self.begin_records(tx, &by.actor, &dossier, now).await
        })
        .await
    }

    /// The applicant owes the state something before the dossier can go on.
    pub async fn ask_payment(&self, by: &By, id: DossierId, notice: PaymentNotice) -> Result<(), Error> {
        let notice = &notice;
        self.at_step(by, "dossier.ask_payment", id, |dossier, procedure, terms, now| {
            dossier.ask_payment(procedure, notice.clone(), terms, now)
        })
        .await
    }

    /// The counter has seen the proof of payment.
    pub async fn payment_received(&self, by: &By, id: DossierId, receipt: &str) -> Result<(), Error> {
        let receipt = &typed(receipt);
        self.at_counter(by, "dossier.payment_received", id, &Role::FOR_APPLICANT, |dossier, _, terms, now| {
            dossier.payment_received(receipt.clone(), terms, now)
        })
        .await
    }

    /// A fee was collected at the counter: in cash, or by a transfer that the officer saw arrive. `paid` is
    /// left out by programs that do not know it.
    pub async fn collect_fee(
        &self,
        by: &By,
        id: DossierId,
        amount: i64,
        receipt: &str,
        paid: Option<FeePaid>,
    ) -> Result<(), Error> {
        let receipt = &typed(receipt);
        let paid = &paid.map(|paid| match paid {
            FeePaid::Transfer { transaction } => FeePaid::Transfer { transaction: typed(&transaction) },
            FeePaid::Cash => FeePaid::Cash,
        });
        self.at_counter(by, "dossier.collect_fee", id, &Role::AT_COUNTER, |dossier, _, _, _| {
            dossier.collect_fee(amount, receipt.clone(), paid.clone())
        })
        .await
    }

    /// The agency stops settling it for a while.
    pub async fn halt(&self, by: &By, id: DossierId, reason: &str) -> Result<(), Error> {
        let reason = &typed(reason);
        self.at_step(by, "dossier.halt", id, |dossier, procedure, terms, now| {
            dossier.halt(procedure, reason.clone(), terms, now)
        })
        .await
    }

    /// What stopped it is over.
    pub async fn resume(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.at_step(by, "dossier.resume", id, |dossier, _, terms, now| dossier.resume(terms, now)).await
    }

    /// The leader stops settling it for good.
    pub async fn stop(&self, by: &By, id: DossierId, reason: &str) -> Result<(), Error> {
        let reason = &typed(reason);
        self.by_leader(by, "dossier.stop", id, |dossier, _, _, now| dossier.stop(reason.clone(), now)).await
    }

    /// The leader puts the date off, with an apology.
    // law: ND61-2018/19.9
    pub async fn extend(&self, by: &By, id: DossierId, limit: Limit, reason: &str) -> Result<(), Error> {
        let reason = &typed(reason);
        self.by_leader(by, "dossier.extend", id, |dossier, _, terms, now| {
            dossier.extend(limit, reason.clone(), terms, now)
        })
        .await
    }

    /// Takes the exit of a wait that has lasted as long as it may. Nobody's act but the calendar's.
    pub async fn expire_wait(&self, id: DossierId) -> Result<(), Error> {
        let now = self.clock.now();
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                let Loaded { dossier, procedure, .. } = load(tx, id).await?;
                let actor = Actor::System { on_behalf_of: None, agency: dossier.scope.receiving };
                let terms = self.terms_of(&dossier)?;
                let (dossier, body) = dossier.expire(&procedure, terms, now)?;
                self.save_dossier(tx, Hand::of(&actor), &procedure, &dossier, body, now).await
            })
            .await
    }

    /// An act of the officer at the present step.
    pub(super) async fn at_step(
        &self,
        by: &By,
        name: &'static str,
        id: DossierId,
        decide: impl Fn(Dossier, &Procedure, Terms<'_>, Timestamp) -> Result<(Dossier, Body), Refused>,
    ) -> Result<(), Error> {
        let decide = &decide;
        self.act(by, name, |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            self.decided(tx, by, loaded, now, decide).await
        })
        .await
    }

    /// An act at the place that received the dossier, in one of `roles`.
    pub(super) async fn at_counter(
        &self,
        by: &By,
        name: &'static str,
        id: DossierId,
        roles: &[Role],
        decide: impl Fn(Dossier, &Procedure, Terms<'_>, Timestamp) -> Result<(Dossier, Body), Refused>,
    ) -> Result<(), Error> {
        let decide = &decide;
        self.act(by, name, |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_any(&by.actor, roles, loaded.dossier.scope.receiving)?;
            self.decided(tx, by, loaded, now, decide).await
        })
        .await
    }

    /// An act of the competent agency's leader.
    pub(super) async fn by_leader(
        &self,
        by: &By,
        name: &'static str,
        id: DossierId,
        decide: impl Fn(Dossier, &Procedure, Terms<'_>, Timestamp) -> Result<(Dossier, Body), Refused>,
    ) -> Result<(), Error> {
        let decide = &decide;
        self.act(by, name, |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_role(&by.actor, Role::Leader, loaded.dossier.scope.competent)?;
            self.decided(tx, by, loaded, now, decide).await
        })
        .await
    }

    pub(super) async fn decided(
        &self,
        tx: &mut Tx,
        by: &By,
        loaded: Loaded,
        now: Timestamp,
        decide: impl Fn(Dossier, &Procedure, Terms<'_>, Timestamp) -> Result<(Dossier, Body), Refused>,
    ) -> Result<(), Error> {
        let Loaded { dossier, procedure, right } = loaded;
        let terms = self.terms_of(&dossier)?;
        let (dossier, body) = decide(dossier, &procedure, terms, now)?;
        self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
    }
}

/// What the applicant is to bring anew is missing again.
pub(crate) async fn make_missing(
    tx: &mut Tx,
    dossier: &Dossier,
    procedure: &Procedure,
    items: &[SupplementItem],
) -> Result<(), Error> {
    for item in items {
        crate::counter::component_of(procedure, dossier, &item.component)?;
        let mut kept = store::counter::component(tx, dossier.id, &item.component).await?;
        kept.component.supply = Supply::Missing;
        store::counter::save_component(tx, dossier.id, &kept).await?;
    }
    Ok(())
}
