//! Where an agency's fees are paid to, decided from a day on, and the screens at its counters that ask for
//! them: for whoever keeps the agency.

use crate::act::By;
use crate::dossier::typed;
use crate::people::administering::Reach;
use crate::{Error, Office, Refusal};
use jiff::civil::Date;
use rules::counter::vietqr::{Account, payment};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, FeeAccountId, FeeScreenId, OfficerId};
use rules::people::Actor;
use rules::words;
use std::collections::BTreeMap;
use store::counter::fees::{self as rows, FeeAccount, FeeScreen};
use store::event;
use store::people::KeptUnit;
use store::session::SecretHash;
use store::time::new_id;
use uuid::Uuid;

/// What an administrator sees of how an agency's fees are paid.
#[derive(Clone, Debug)]
pub struct FeeSetup {
    pub unit: KeptUnit,
    /// What holds today.
    pub account: Option<Account>,
    /// A code for that account without an amount: a bank's app names the holder it knows.
    pub check: Option<String>,
    /// The latest first day first.
    pub decided: Vec<FeeAccount>,
    pub names: BTreeMap<OfficerId, String>,
    pub screens: Vec<FeeScreen>,
}

/// Where fees are to be paid to; without an account in cash alone.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub valid_from: Date,
    pub account: Option<Account>,
    pub reason: String,
}

/// The secret part of a link, said once; only its hash is kept.
#[derive(Debug)]
pub struct FeeScreenLink {
    pub id: FeeScreenId,
    pub secret: String,
}

/// What a code says in an office to learn in, so that nobody pays there.
const WORTH_NOTHING: &str = "VAN PHONG TAP - KHONG CHUYEN TIEN";

/// The account that holds on a day; `decided` has the latest first day first.
pub(super) fn in_force(decided: &[FeeAccount], day: Date) -> Option<&Account> {
    decided.iter().find(|decided| decided.valid_from <= day)?.account.as_ref()
}

impl Office {
    /// The code for a transfer, as a drawing.
    pub(super) fn transfer_code(
        &self,
        account: &Account,
        amount: Option<i64>,
        reference: &str,
    ) -> Result<String, Error> {
        let text = payment(account, amount, reference).map_err(Error::broken)?;
        let said = if self.is_for_training() { WORTH_NOTHING } else { &text };
        pdf::print::qr_code(said).map_err(Error::broken)
    }

    /// How the fees of an agency he keeps are paid.
    pub async fn fee_setup(&self, actor: &Actor, agency: AgencyId) -> Result<FeeSetup, Error> {
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        Reach::of(reader, actor).await?.must_show(agency)?;
        let unit = store::people::unit(reader, agency).await?.ok_or(Error::NotFound)?;
        let decided = rows::accounts(reader, agency).await?;
        let account = in_force(&decided, self.clock.today()).cloned();
        let check = account.as_ref().map(|account| self.transfer_code(account, None, "")).transpose()?;
        let ids: Vec<Uuid> = decided.iter().map(|decided| decided.put_by.0).collect();
        let names = store::people::officer_names(reader, &ids).await?;
        let screens = rows::screens(reader, agency).await?;
        Ok(FeeSetup { unit, account, check, decided, names, screens })
    }

    /// Fees of an agency are paid so from a day on. The first account holds at once; another one from tomorrow
    /// at the earliest, so that it can be seen before money goes there.
    pub async fn set_fee_account(&self, by: &By, agency: AgencyId, new: &NewAccount) -> Result<(), Error> {
        let (today, reason) = (self.clock.today(), &typed(&new.reason));
        self.act(by, "fees.set_account", |mut tx, now| async move {
            let tx = &mut tx;
            Reach::of(tx, &by.actor).await?.must_show(agency)?;
            let put_by = by.actor.officer().ok_or(Error::NotFound)?;
            let is_first = rows::accounts(tx, agency).await?.is_empty();
            let faults = faults(new, reason, today, is_first);
            if !faults.is_empty() {
                return Err(Error::Refused(Refusal::Form(faults)));
            }
            let decided = FeeAccount {
                id: FeeAccountId(new_id(now)),
                agency,
                valid_from: new.valid_from,
                account: new.account.clone(),
                reason: reason.clone(),
                put_by,
                put_at: now,
            };
            rows::add_account(tx, &decided).await?;
            let FeeAccount { account, valid_from: from, reason, .. } = decided;
            let body = Body::FeeAccountSet { account, from, reason };
            event::append(tx, &NewEvent::new(Subject::Unit(agency), None, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// Makes a link for the screen at a counter, to whoever has it.
    pub async fn add_fee_screen(
        &self,
        by: &By,
        agency: AgencyId,
        counter: &str,
    ) -> Result<FeeScreenLink, Error> {
        let fault = |said: String| Error::Refused(Refusal::Form(vec![("quay".to_owned(), said)]));
        let counter = &super::queue::counter_name(counter)
            .map_err(|_| fault("Ghi quầy mà màn hình quay ra, ví dụ 2".to_owned()))?;
        // 244 random bits.
        let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let (hash, drawn) = (SecretHash::of(secret.as_bytes()), FeeScreenId(new_id(self.clock.now())));
        let id = self
            .act(by, "fees.add_screen", |mut tx, now| async move {
                let tx = &mut tx;
                Reach::of(tx, &by.actor).await?.must_show(agency)?;
                let made_by = by.actor.officer().ok_or(Error::NotFound)?;
                if rows::screen_at(tx, agency, counter).await?.is_some() {
                    let said = format!("Quầy {counter} đã có màn hình. Thu hồi màn hình đó rồi tạo lại");
                    return Err(fault(said));
                }
                let screen = FeeScreen {
                    id: drawn,
                    agency,
                    counter: counter.clone(),
                    made_by,
                    made_at: now,
                    withdrawn_at: None,
                    shows: None,
                };
                rows::add_screen(tx, &screen, hash).await?;
                Ok(screen.id)
            })
            .await?;
        // The same form sent again finds its screen, but the secret was said to the first and is not kept.
        if id == drawn { Ok(FeeScreenLink { id, secret }) } else { Err(Error::Stale) }
    }

    /// From now on the link leads nowhere.
    pub async fn withdraw_fee_screen(&self, by: &By, agency: AgencyId, id: FeeScreenId) -> Result<(), Error> {
        self.act(by, "fees.withdraw_screen", |mut tx, now| async move {
            let tx = &mut tx;
            Reach::of(tx, &by.actor).await?.must_show(agency)?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            rows::withdraw_screen(tx, id, agency, officer, now).await?;
            Ok(())
        })
        .await
    }
}

fn faults(new: &NewAccount, reason: &str, today: Date, is_first: bool) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    if is_first && new.valid_from < today {
        let said = format!("Ngày đã qua. Chọn từ hôm nay, {}, trở đi", words::date(today));
        faults.push(("tu".to_owned(), said));
    } else if !is_first && new.valid_from <= today {
        let tomorrow = words::date(today.tomorrow().unwrap_or(today));
        let said = format!("Đổi tài khoản sớm nhất từ ngày mai, {tomorrow}, để còn kịp kiểm tra");
        faults.push(("tu".to_owned(), said));
    }
    if reason.is_empty() {
        faults.push(("ly-do".to_owned(), "Ghi lý do, hoặc số và ngày của quyết định".to_owned()));
    } else if reason.chars().count() > 500 {
        faults.push(("ly-do".to_owned(), "Lý do dài quá 500 chữ. Rút ngắn lại".to_owned()));
    }
    faults
}
