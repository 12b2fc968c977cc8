//! Results that go out by the public post together: put into a bundle at the counter, taken by a postman who
//! signs the list, and what the post said of each.

use super::giving::Giving;
use super::{Loaded, load_for, typed};
use crate::act::By;
use crate::signing::minute;
use crate::{Error, Office, Refusal};
use rules::dossier::{Dossier, Receiver, Refused, ReturnWay, State};
use rules::event::{Body, Event, HandOverWay, PostOutcome};
use rules::id::{AgencyId, DossierId, PostBundleId, ResultId};
use rules::people::{Actor, NotYours, Role};
use rules::procedure::StepTask;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::dossier::DossierLine;
use store::people::{KeptUnit, Party};
use store::signing::post::{self as rows, PostBundle, PostItem, Taken};
use store::time::new_id;
use store::{Reader, event};

/// A bundle with what is in it.
#[derive(Debug)]
pub struct BundleView {
    pub bundle: PostBundle,
    pub unit: KeptUnit,
    pub items: Vec<Enclosed>,
}

/// A result in a bundle.
#[derive(Debug)]
pub struct Enclosed {
    pub item: PostItem,
    pub envelope: Envelope,
}

/// A result that goes by post, and where to.
#[derive(Debug)]
pub struct Envelope {
    pub line: DossierLine,
    pub address: String,
    pub phone: String,
}

/// The results that wait to be put into a bundle.
#[derive(Debug)]
pub struct ForPost {
    /// Those of the oldest dossiers.
    pub envelopes: Vec<Envelope>,
    /// More wait than these.
    pub is_cut: bool,
}

/// As many as fit one list that a postman signs.
const MOST: usize = 100;

/// The counter at which an officer sits.
fn desk(actor: &Actor) -> Result<AgencyId, Error> {
    let posts = actor.held().map(|(post, _)| post);
    let at_counter = posts.into_iter().find(|post| post.role == Role::Counter);
    Ok(at_counter.map(|post| post.agency).ok_or(NotYours::NeedsRole(Role::Counter))?)
}

pub(crate) fn fault(field: &str, said: impl Into<String>) -> Error {
    Error::Refused(Refusal::Form(vec![(field.to_owned(), said.into())]))
}

/// A bundle of the officer's own counter.
async fn own(reader: &mut Reader, actor: &Actor, id: PostBundleId) -> Result<PostBundle, Error> {
    let bundle = rows::bundle(reader, id).await?.ok_or(Error::NotFound)?;
    if bundle.agency == desk(actor)? { Ok(bundle) } else { Err(Error::NotFound) }
}

/// A bundle that no postman took yet.
async fn open(reader: &mut Reader, actor: &Actor, id: PostBundleId) -> Result<PostBundle, Error> {
    let bundle = own(reader, actor, id).await?;
    match bundle.taken {
        None => Ok(bundle),
        Some(_) => Err(fault("", "Bưu tá đã nhận gói này, không đổi được nữa. Lập gói khác")),
    }
}

/// The number on an envelope, as the post prints it: letters and figures.
pub(crate) fn tracking(typed: &str) -> Option<String> {
    let plain: String =
        typed.chars().filter(|c| !matches!(c, ' ' | '-' | '.')).flat_map(char::to_uppercase).collect();
    let fits = (4..=40).contains(&plain.len()) && plain.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(plain)
}

/// The result that was handed over to the post under this number last.
fn sent_under(events: &[Event], number: &str) -> Option<ResultId> {
    events.iter().rev().find_map(|event| match &event.body {
        Body::ResultHandedOver { result, receiver: Some(Receiver::Post { tracking }), .. }
            if tracking == number =>
        {
            Some(*result)
        }
        _ => None,
    })
}

/// The address on the envelope: the one the applicant gave for it, or else where he lives.
fn goes_to(dossier: &Dossier, holder: &Party) -> String {
    match &dossier.life.return_way {
        Some(ReturnWay::Post { address }) => address.clone(),
        _ => holder.address.clone(),
    }
}

/// The envelopes of results, by dossier.
async fn envelopes(
    reader: &mut Reader,
    lines: Vec<DossierLine>,
) -> Result<BTreeMap<DossierId, Envelope>, Error> {
    let holders: Vec<_> = lines.iter().map(|line| line.dossier.people.holder).collect();
    let holders = store::people::parties_by_ids(reader, &holders).await?;
    let holders: BTreeMap<_, Party> = holders.into_iter().map(|party| (party.id, party)).collect();
    let envelope = |line: DossierLine| {
        let holder = holders.get(&line.dossier.people.holder)?;
        let (address, phone) = (goes_to(&line.dossier, holder), holder.phone.clone());
        Some((line.dossier.id, Envelope { line, address, phone }))
    };
    Ok(lines.into_iter().filter_map(envelope).collect())
}

impl Office {
    /// The results at the officer's counter that go by post and are in no bundle yet, as many as one takes.
    pub async fn results_for_post(&self, actor: &Actor) -> Result<ForPost, Error> {
        let mut reader = self.db.read().await?;
        let mut lines = store::dossier::lines_for_post(&mut reader, desk(actor)?, MOST as i64 + 1).await?;
        let is_cut = lines.len() > MOST;
        lines.truncate(MOST);
        Ok(ForPost { envelopes: envelopes(&mut reader, lines).await?.into_values().collect(), is_cut })
    }

    /// The bundles of the officer's counter, the newest first.
    pub async fn post_bundles(&self, actor: &Actor) -> Result<Vec<PostBundle>, Error> {
        Ok(rows::bundles(&mut self.db.read().await?, desk(actor)?).await?)
    }

    /// Begins a bundle for a post office.
    pub async fn begin_post_bundle(&self, by: &By, post_office: &str) -> Result<PostBundleId, Error> {
        let post_office = &typed(post_office);
        if post_office.is_empty() || post_office.chars().count() > 200 {
            return Err(fault("buu-cuc", "Ghi bưu cục nhận gói, không quá 200 chữ"));
        }
        self.act(by, "post.begin", |mut tx, now| async move {
            let agency = desk(&by.actor)?;
            let made_by = by.actor.officer().ok_or(Error::NotFound)?;
            let (id, post_office) = (PostBundleId(new_id(now)), post_office.clone());
            let bundle = PostBundle { id, agency, post_office, made_by, made_at: now, taken: None };
            rows::add_bundle(&mut tx, &bundle).await?;
            Ok(id)
        })
        .await
    }

    /// Puts the result of the dossier with this code into a bundle, under the number of its envelope.
    pub async fn post_result(
        &self,
        by: &By,
        id: PostBundleId,
        code: &str,
        number: &str,
    ) -> Result<(), Error> {
        let code = &typed(code);
        let tracking = &tracking(number);
        self.act(by, "post.add", |mut tx, now| async move {
            let tx = &mut tx;
            let bundle = open(tx, &by.actor, id).await?;
            let Some(tracking) = tracking else {
                return Err(fault(
                    "so-hieu",
                    "Số hiệu bưu gửi gồm 4 đến 40 chữ số, chữ cái, ví dụ EA123456789VN",
                ));
            };
            let unknown =
                || fault("ma-ho-so", format!("Không thấy hồ sơ mã {code} ở quầy này. Kiểm tra lại mã"));
            let dossier = store::dossier::id_by_code(tx, code).await?.ok_or_else(unknown)?;
            let mut loaded = match load_for(tx, &by.actor, dossier).await {
                Err(Error::NotYours(_)) => return Err(unknown()),
                loaded => loaded?,
            };
            if loaded.dossier.scope.receiving != bundle.agency {
                return Err(unknown());
            }
            if !matches!(loaded.dossier.state, State::Done { .. }) {
                let said = "Hồ sơ này chưa có kết quả chờ trả, hoặc đã trả rồi. Mở hồ sơ để xem";
                return Err(fault("ma-ho-so", said));
            }
            let step = loaded.step_for(tx, &by.actor, now).await?;
            if step.task != StepTask::HandOver {
                return Err(Refused::NotThisStep { step: step.id, task: step.task }.into());
            }
            if rows::is_bundled(tx, dossier).await? {
                return Err(fault("ma-ho-so", "Hồ sơ này đã nằm trong một gói chờ bưu tá"));
            }
            let items = rows::items(tx, id).await?;
            if items.len() >= MOST {
                return Err(fault(
                    "ma-ho-so",
                    format!("Gói đã đủ {MOST} kết quả. Giao bưu tá rồi lập gói khác"),
                ));
            }
            if items.iter().any(|item| item.tracking == *tracking) {
                return Err(fault("so-hieu", "Số hiệu này đã ghi cho hồ sơ khác trong gói"));
            }
            rows::add_item(tx, id, dossier, tracking, now).await?;
            Ok(())
        })
        .await
    }

    /// Takes a result out of a bundle again.
    pub async fn unpost_result(&self, by: &By, id: PostBundleId, dossier: DossierId) -> Result<(), Error> {
        self.act(by, "post.remove", |mut tx, _| async move {
            open(&mut tx, &by.actor, id).await?;
            rows::remove_item(&mut tx, id, dossier).await?;
            Ok(())
        })
        .await
    }

    /// The postman took the bundle: every result in it is handed over, or none.
    // law: ND61-2018/20
    pub async fn send_post_bundle(&self, by: &By, id: PostBundleId, postman: &str) -> Result<(), Error> {
        let postman = &typed(postman);
        if postman.is_empty() || postman.chars().count() > 200 {
            return Err(fault("buu-ta", "Ghi họ tên bưu tá nhận gói, không quá 200 chữ"));
        }
        self.act(by, "post.send", |mut tx, now| async move {
            let tx = &mut tx;
            open(tx, &by.actor, id).await?;
            let items = rows::items(tx, id).await?;
            if items.is_empty() {
                return Err(fault("buu-ta", "Gói chưa có kết quả nào"));
            }
            for item in items {
                let still = store::dossier::find(tx, item.dossier).await?.ok_or(Error::NotFound)?;
                if !matches!(still.state, State::Done { .. }) {
                    let code = still.code.map(|code| code.to_string()).unwrap_or_default();
                    let said = format!("Hồ sơ {code} không còn chờ trả kết quả. Bỏ khỏi gói rồi giao lại");
                    return Err(fault("buu-ta", said));
                }
                let giving = Giving::ByPost { tracking: item.tracking };
                // On the heap: as large as a whole hand-over.
                Box::pin(self.give_in(tx, by, item.dossier, HandOverWay::Post, &giving, now)).await?;
            }
            let by = by.actor.officer().ok_or(Error::NotFound)?;
            rows::take(tx, id, &Taken { postman: postman.clone(), by, at: now }).await?;
            Ok(())
        })
        .await
    }

    /// What the post said of a result it had taken.
    pub async fn post_answered(
        &self,
        by: &By,
        id: PostBundleId,
        dossier: DossierId,
        outcome: PostOutcome,
    ) -> Result<(), Error> {
        self.act(by, "post.answer", |mut tx, now| async move {
            let tx = &mut tx;
            let bundle = own(tx, &by.actor, id).await?;
            let item = rows::items(tx, id).await?.into_iter().find(|item| item.dossier == dossier);
            let (item, Some(_)) = (item.ok_or(Error::NotFound)?, bundle.taken) else {
                return Err(fault("", "Bưu tá chưa nhận gói này"));
            };
            let mut loaded = load_for(tx, &by.actor, dossier).await?;
            loaded.as_any(&by.actor, &Role::AT_COUNTER, loaded.dossier.scope.receiving)?;
            // What lay in the envelope: it may have been corrected since, and the new one be on its way.
            let result = sent_under(&event::of_dossier(tx, dossier).await?, &item.tracking);
            let result = result.ok_or(Error::NotFound)?;
            let is_present = loaded.dossier.state.result() == Some(result);
            rows::answer(tx, id, dossier, outcome, now).await?;
            let body = Body::PostAnswered { result, tracking: item.tracking, outcome };
            let Loaded { dossier: gone, procedure, right } = loaded;
            match gone.came_back(&procedure, now) {
                Ok(back) if outcome == PostOutcome::CameBack && is_present => {
                    self.save_dossier(tx, by.hand(right), &procedure, &back, body, now).await
                }
                // It was delivered; or it is corrected meanwhile, and the new one goes out.
                _ => {
                    event::append(tx, &by.hand(right).event(dossier, now, body), now).await?;
                    Ok(())
                }
            }
        })
        .await
    }

    /// A bundle of the officer's counter, with what is in it.
    pub async fn post_bundle(&self, actor: &Actor, id: PostBundleId) -> Result<BundleView, Error> {
        let mut reader = self.db.read().await?;
        let bundle = own(&mut reader, actor, id).await?;
        let unit = store::people::unit(&mut reader, bundle.agency).await?.ok_or(Error::NotFound)?;
        let items = rows::items(&mut reader, id).await?;
        let ids: Vec<uuid::Uuid> = items.iter().map(|item| item.dossier.0).collect();
        let lines = store::dossier::lines_by_ids(&mut reader, &ids).await?;
        let mut envelopes = envelopes(&mut reader, lines).await?;
        let enclosed = |item: PostItem| {
            let envelope = envelopes.remove(&item.dossier)?;
            Some(Enclosed { item, envelope })
        };
        Ok(BundleView { bundle, unit, items: items.into_iter().filter_map(enclosed).collect() })
    }

    /// The list of a bundle, for the postman to sign.
    pub async fn post_list(&self, actor: &Actor, id: PostBundleId) -> Result<Vec<u8>, Error> {
        let view = self.post_bundle(actor, id).await?;
        let mut reader = self.db.read().await?;
        let giver = store::people::officer_names(&mut reader, &[view.bundle.made_by.0]).await?;
        drop(reader);
        let items: Vec<Value> = view
            .items
            .iter()
            .map(|Enclosed { item, envelope: Envelope { line, address, phone } }| {
                json!({
                    "tracking": item.tracking,
                    "dossier_code": line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
                    "receiver": line.holder_name,
                    "address": address,
                    "phone": phone,
                })
            })
            .collect();
        let mut data = self.head_of(&view.unit);
        let taken = view.bundle.taken.as_ref();
        for (key, value) in [
            ("post_office", json!(view.bundle.post_office)),
            ("postman", json!(taken.map(|taken| taken.postman.clone()).unwrap_or_default())),
            ("taken_at", json!(taken.map(|taken| minute(taken.at)).unwrap_or_default())),
            ("giver_name", json!(giver.get(&view.bundle.made_by).cloned().unwrap_or_default())),
            ("items", Value::Array(items)),
        ] {
            data.insert(key.to_owned(), value);
        }
        let made_at = taken.map_or(view.bundle.made_at, |taken| taken.at);
        let data = Value::Object(data);
        Ok(self.print_made(&view.unit, "bang-ke-buu-chinh", made_at, data, self.clock.now()).await?.pdf)
    }
}
