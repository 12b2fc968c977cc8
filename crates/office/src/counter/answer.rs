//! What the office answers to who brings or sends a dossier: received, to be completed, refused; and the
//! way from the counter to the agency that settles it.

use crate::act::By;
use crate::dossier::{Loaded, load_for, make_missing, typed};
use crate::{Error, Office};
use rules::counter::Refusal as CounterRefusal;
use rules::dossier::Acceptance;
use rules::event::SupplementItem;
use rules::id::DossierId;
use rules::people::Role;
use store::dossier as dossiers;

impl Office {
    /// Receives the dossier: its code, its clock, its parts, a record and a job for every paper to
    /// digitise, all in one transaction. The applicant waits no longer.
    // law: ND61-2018/17.3
    pub async fn receive(&self, by: &By, id: DossierId) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "counter.receive", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, right } =
                self.load_intake(tx, by, id, &Role::AT_COUNTER).await?;
            let agency = store::people::unit(tx, dossier.scope.receiving).await?.ok_or(Error::NotFound)?;
            let ordinal = dossiers::next_ordinal(tx, agency.unit.code.as_str(), today).await?;
            let format = self.code_format(tx, agency.id, today).await?;
            let code = format.code(&agency.unit.code, today, ordinal).map_err(Error::broken)?;
            let terms = self.terms(dossier.scope.competent, now)?;
            let acceptance = Acceptance { code: Some(code), terms };
            let (dossier, body) = dossier.receive(&procedure, acceptance, now)?;
            self.check_complete(tx, &dossier, &procedure).await?;
            let (dossier, parts) = self.with_parts(tx, dossier, &procedure, now).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            self.add_parts(tx, by.hand(right), &dossier, parts, now).await?;
            self.begin_records(tx, &by.actor, &dossier, now).await?;
            self.index_dossier(tx, &dossier, &procedure, now).await
        })
        .await
    }

    /// Sent online or by post: the office has its time to answer.
    // law: TT87-2021-BTC/10
    pub async fn submit(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "counter.submit", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, right } =
                self.load_intake(tx, by, id, &Role::FOR_APPLICANT).await?;
            let terms = self.terms(dossier.scope.receiving, now)?;
            let (dossier, body) = dossier.submit(&procedure, terms, now)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            self.index_dossier(tx, &dossier, &procedure, now).await
        })
        .await
    }

    /// What was sent cannot be accepted yet: the applicant is told of everything that is missing, once.
    /// Again only by a leader, who gives the reason.
    // law: ND61-2018/17.2
    pub async fn ask_papers(
        &self,
        by: &By,
        id: DossierId,
        items: Vec<SupplementItem>,
        exception: Option<&str>,
    ) -> Result<(), Error> {
        let (items, exception) = (&items, exception.map(typed));
        let exception = exception.as_deref().filter(|reason| !reason.is_empty());
        self.act(by, "counter.ask_papers", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            let scope = loaded.dossier.scope;
            match exception {
                None => loaded.as_any(&by.actor, &Role::AT_COUNTER, scope.receiving)?,
                Some(_) => loaded.as_role(&by.actor, Role::Leader, scope.competent)?,
            }
            let Loaded { dossier, procedure, right } = loaded;
            let terms = self.terms(dossier.scope.receiving, now)?;
            let (dossier, body) = dossier.ask_papers(items.clone(), exception, terms, now)?;
            make_missing(tx, &dossier, &procedure, items).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// The applicant sent what was asked for.
    pub async fn papers_brought(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "counter.papers_brought", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, right } =
                self.load_intake(tx, by, id, &Role::FOR_APPLICANT).await?;
            let terms = self.terms(dossier.scope.receiving, now)?;
            let (dossier, body) = dossier.papers_brought(terms, now)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// Hands the dossier to the agency of its first step.
    // law: ND61-2018/18.2
    pub async fn transfer(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "counter.transfer", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_any(&by.actor, &Role::AT_COUNTER, loaded.dossier.scope.receiving)?;
            let to = loaded.dossier.state.step().unwrap_or_default().to_owned();
            let holding = loaded.destination(tx, &to, now).await?;
            let Loaded { dossier, procedure, right } = loaded;
            let (dossier, body) = dossier.transfer(holding, now)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// Not received, with the reason in writing.
    pub async fn refuse_at_counter(
        &self,
        by: &By,
        id: DossierId,
        refusal: CounterRefusal,
    ) -> Result<(), Error> {
        let refusal = &refusal;
        self.act(by, "counter.refuse", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, right } =
                self.load_intake(tx, by, id, &Role::AT_COUNTER).await?;
            let (dossier, body) = dossier.refuse_at_counter(refusal.clone())?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }
}
