//! The printed slips of the counter: the receipt with the appointed date, the refusal, the request for
//! a supplement, the record of the process.

use super::queue::TicketView;
use crate::dossier::view::DossierView;
use crate::keys::sign;
use crate::signing::minute;
use crate::{Error, Office};
use jiff::Timestamp;
use pdf::sign::SignRequest;
use pdf::stamp::{Place, VisibleMark};
use rules::counter::{Supply, may_take_pages};
use rules::dossier::{Dossier, DueMoment, State, StoppedFor};
use rules::event::{Body, SupplementItem};
use rules::id::ReceiptId;
use rules::people::Actor;
use rules::procedure::AdmissibleForm;
use rules::scanning::separator::Separator;
use rules::signing::ResultState;
use rules::words;
use rules::words::sentence::Names;
use serde_json::{Map, Value, json};

const RECEIPT: &str = "01-giay-tiep-nhan";
const REQUEST: &str = "02-yeu-cau-bo-sung";
const REFUSAL: &str = "03-tu-choi";
const APOLOGY: &str = "04-xin-loi";
const STOP: &str = "05-dung-giai-quyet";
const FEE_RECEIPT: &str = "bien-lai-thu-phi";
const HAND_OVER: &str = "giay-bien-nhan-tra-ket-qua";

/// The slips of the circular, which an agency's digital signature can stand on.
pub const OF_THE_CIRCULAR: [&str; 5] = [RECEIPT, REQUEST, REFUSAL, APOLOGY, STOP];

/// All slips a signature can be ordered for (`legal.signed_forms`).
pub const SLIPS: [&str; 7] = [RECEIPT, REQUEST, REFUSAL, APOLOGY, STOP, FEE_RECEIPT, HAND_OVER];

impl Office {
    /// Giấy tiếp nhận hồ sơ và hẹn trả kết quả, A4, with its QR code.
    // law: TT01-2023-VPCP/26
    pub async fn receipt(&self, actor: &Actor, view: &DossierView) -> Result<Vec<u8>, Error> {
        let received = view.dossier.received_at.ok_or(Error::NotFound)?;
        let mut data = self.head(view, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", actor);
        let case = view.case().ok_or(Error::NotFound)?;
        let components: Vec<Value> = case
            .components
            .iter()
            .filter_map(|component| {
                let supply = view.supply(&component.id);
                if matches!(supply, Supply::Missing | Supply::NotApplicable) {
                    return None;
                }
                let mut row = Map::new();
                row.insert("name".to_owned(), json!(component.name));
                match (supply, component.form) {
                    (Supply::Reused { .. }, _) => row.insert("stored".to_owned(), json!(true)),
                    (Supply::Shown, _) => row.insert("note".to_owned(), json!("xuất trình")),
                    (_, AdmissibleForm::CertifiedCopy) => row.insert("certified".to_owned(), json!(1)),
                    (_, AdmissibleForm::Photocopy) => row.insert("copy".to_owned(), json!(1)),
                    _ => row.insert("original".to_owned(), json!(component.originals.max(1))),
                };
                Some(Value::Object(row))
            })
            .collect();
        let fee: i64 = case
            .terms(view.dossier.channel)
            .map(|terms| terms.fees.iter().map(|fee| fee.amount).sum())
            .unwrap_or_default();
        let clock = view.dossier.clock.as_ref().ok_or(Error::NotFound)?;
        let due = clock.due(self.calendars.of(view.dossier.scope.competent)).map_err(Error::broken)?;
        for (key, value) in [
            ("channel", json!(words::channel(view.dossier.channel))),
            ("components", Value::Array(components)),
            ("sets", json!(1)),
            ("fee", json!(words::money(fee))),
            ("processing_time", json!(words::limit(clock.limit))),
            ("received_at", json!(minute(received))),
            ("due_at", json!(due.map(|due| minute(due.at)).unwrap_or_default())),
            ("published_at", json!(minute(received))),
            ("issued_on", json!(rules::calendar::legal_time(received).date().to_string())),
            ("return_place", json!(view.registered_at())),
            ("counter_phone", json!(view.receiving.unit.phone)),
        ] {
            data.insert(key.to_owned(), value);
        }
        self.slip(view, RECEIPT, received, data).await
    }

    /// Phiếu từ chối tiếp nhận giải quyết hồ sơ.
    // law: ND61-2018/17.2
    pub async fn refusal_slip(&self, actor: &Actor, view: &DossierView) -> Result<Vec<u8>, Error> {
        let State::NotReceived { refusal } = &view.dossier.state else {
            return Err(Error::NotFound);
        };
        let mut data = self.head(view, "Phiếu từ chối tiếp nhận giải quyết hồ sơ", actor);
        let reasons = [format!("{}.", words::refusal_reason(refusal.reason)), refusal.explanation.clone()];
        data.insert("reasons".to_owned(), json!(reasons));
        let refused_at = self.happened(view, |body| matches!(body, Body::RefusedAtCounter { .. }));
        self.slip(view, REFUSAL, refused_at, data).await
    }

    /// Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.
    // law: ND61-2018/19.4
    pub async fn supplement_slip(&self, actor: &Actor, view: &DossierView) -> Result<Vec<u8>, Error> {
        self.request_slip(actor, view, &view.dossier).await
    }

    /// The same of a dossier as it waits, or as it would wait once the request is sent.
    pub async fn request_slip(
        &self,
        actor: &Actor,
        view: &DossierView,
        waiting: &Dossier,
    ) -> Result<Vec<u8>, Error> {
        let (items, until) = asked(waiting).ok_or(Error::NotFound)?;
        let mut data = self.head(view, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", actor);
        if let Some(until) = until {
            data.insert("supplement_by".to_owned(), json!(until.on.to_string()));
        }
        let requests: Vec<Value> = items
            .iter()
            .map(|item| {
                let name = view.component(&item.component);
                json!({ "name": name, "reason": item.what })
            })
            .collect();
        data.insert("requests".to_owned(), Value::Array(requests));
        data.insert("reason".to_owned(), json!(WHY_ASKED));
        data.insert("officer_phone".to_owned(), json!(view.receiving.unit.phone));
        let asked = |body: &Body| matches!(body, Body::SupplementAsked { .. } | Body::PapersAsked { .. });
        if view.dossier.state != waiting.state {
            // To be read before it is sent: nobody signs it yet.
            return self.print_for(&view.receiving, REQUEST, data).await;
        }
        self.slip(view, REQUEST, self.happened(view, asked), data).await
    }

    /// Văn bản xin lỗi và hẹn lại ngày trả kết quả, of the last time the date was put off.
    // law: ND61-2018/19.9
    pub async fn apology(&self, actor: &Actor, view: &DossierView) -> Result<Vec<u8>, Error> {
        let received = view.dossier.received_at.ok_or(Error::NotFound)?;
        let put_off = view.events.iter().rev().find_map(|event| match &event.body {
            Body::Extended { was, due_at, reason, .. } => Some((*was, *due_at, reason.clone(), event.actor)),
            _ => None,
        });
        let (was, due_at, reason, leader) = put_off.ok_or(Error::NotFound)?;
        let mut data = self.head(view, "Văn bản xin lỗi và hẹn lại ngày trả kết quả", actor);
        for (key, value) in [
            ("agency_name", json!(view.competent.unit.name)),
            ("received_at", json!(minute(received))),
            ("was_due_at", json!(minute(was))),
            ("due_at", json!(minute(due_at))),
            ("reason", json!(reason)),
            ("officer_name", json!(leader.map(|leader| view.officer(leader)).unwrap_or_default())),
            ("officer_phone", json!(view.receiving.unit.phone)),
        ] {
            data.insert(key.to_owned(), value);
        }
        let put_off_at = self.happened(view, |body| matches!(body, Body::Extended { .. }));
        self.slip(view, APOLOGY, put_off_at, data).await
    }

    /// Thông báo dừng giải quyết hồ sơ: for a while, or for good.
    pub async fn stop_notice(&self, actor: &Actor, view: &DossierView) -> Result<Vec<u8>, Error> {
        let (reason, until) = match &view.dossier.state {
            State::Halted { reason, until, .. } => (reason.clone(), minute(until.at)),
            State::Stopped { why: StoppedFor::Decided(reason) } => (reason.clone(), String::new()),
            State::Stopped { why: StoppedFor::Expired(what) } => {
                (format!("Đã hết thời gian chờ {}.", words::wait_kind(*what)), String::new())
            }
            _ => return Err(Error::NotFound),
        };
        // Whoever stopped it signs; where time did, whoever prints.
        let stopped_by = view.events.iter().rev().find_map(|event| match event.body {
            Body::Halted { .. } | Body::DossierStopped { .. } => event.actor,
            _ => None,
        });
        let mut data = self.head(view, "Thông báo dừng giải quyết hồ sơ", actor);
        if let Some(officer) = stopped_by {
            data.insert("officer_name".to_owned(), json!(view.officer(officer)));
        }
        for (key, value) in [
            ("agency_name", json!(view.competent.unit.name)),
            ("received_at", json!(view.dossier.received_at.map(minute).unwrap_or_default())),
            ("until", json!(until)),
            ("reason", json!(reason)),
            ("officer_phone", json!(view.receiving.unit.phone)),
        ] {
            data.insert(key.to_owned(), value);
        }
        let stopped = |body: &Body| {
            matches!(body, Body::Halted { .. } | Body::DossierStopped { .. } | Body::WaitExpired { .. })
        };
        self.slip(view, STOP, self.happened(view, stopped), data).await
    }

    /// Biên lai thu phí, lệ phí, of the nth time a fee was collected, from 1.
    pub async fn fee_receipt(&self, actor: &Actor, view: &DossierView, nth: usize) -> Result<Vec<u8>, Error> {
        let collected = view.fees_collected().nth(nth.wrapping_sub(1)).ok_or(Error::NotFound)?;
        let Body::FeeCollected { amount, receipt, paid } = &collected.body else {
            return Err(Error::NotFound);
        };
        let mut data = self.head(view, "Biên lai thu phí, lệ phí", actor);
        let officer = collected.actor.map(|officer| view.officer(officer)).unwrap_or_default();
        let paid = paid.as_ref().map(|paid| words::upper_first(&words::way_out::fee_paid(paid)));
        for (key, value) in [
            ("receipt_number", receipt.clone()),
            ("payer_name", view.holder.name.clone()),
            ("amount", words::money(*amount)),
            ("amount_in_words", words::money_in_words(*amount)),
            ("paid", paid.unwrap_or_default()),
            ("collected_at", minute(collected.happened_at)),
            ("officer_name", officer),
        ] {
            data.insert(key.to_owned(), json!(value));
        }
        self.slip(view, FEE_RECEIPT, collected.happened_at, data).await
    }

    /// Giấy biên nhận trả kết quả, for whoever took a result to sign.
    // law: ND61-2018/20
    pub async fn hand_over_slip(
        &self,
        actor: &Actor,
        view: &DossierView,
        receipt: ReceiptId,
    ) -> Result<Vec<u8>, Error> {
        let kept = self.receipts_of(view).await?.into_iter().find(|kept| kept.id == receipt);
        let kept = kept.ok_or(Error::NotFound)?;
        let result = view.results.iter().find(|result| result.id == kept.result).ok_or(Error::NotFound)?;
        let name =
            view.procedure.result(&result.result_type).map_or_else(String::new, |kind| kind.name.clone());
        let (number, issued_on) = match &result.state {
            ResultState::Sealed { number, issued_on, .. } => (number.clone(), issued_on.to_string()),
            _ => (String::new(), String::new()),
        };
        let mut papers =
            vec![json!({ "kind": name, "number": number, "about": view.procedure.name, "on": issued_on })];
        let given = view.events.iter().find_map(|event| match &event.body {
            Body::ResultHandedOver { returned, .. } if event.happened_at == kept.given_at => Some(returned),
            _ => None,
        });
        papers.extend(given.into_iter().flatten().map(|component| {
            json!({ "kind": view.component(component), "number": "", "about": "Bản chính trả lại", "on": "" })
        }));
        let mut data = self.head(view, "Giấy biên nhận trả kết quả", actor);
        for (key, value) in [
            ("receiver_name", json!(kept.name)),
            ("receiver_number", json!(kept.number)),
            ("authorisation", json!(kept.authorisation)),
            ("given_at", json!(minute(kept.given_at))),
            ("papers", Value::Array(papers)),
            ("officer_name", json!(view.officer(kept.given_by))),
        ] {
            data.insert(key.to_owned(), value);
        }
        self.slip(view, HAND_OVER, kept.given_at, data).await
    }

    /// Tờ phân cách, one for each paper of the dossier that is scanned: whatever lies behind it in the stack goes
    /// to that paper. It names nobody, and is used again for every dossier of the procedure.
    pub async fn separator_sheets(&self, view: &DossierView) -> Result<Vec<u8>, Error> {
        let case = view.case().ok_or(Error::NotFound)?;
        let mut sheets = Vec::new();
        for (number, component) in (1..).zip(&case.components) {
            if may_take_pages(component).is_err() {
                continue;
            }
            let sheet =
                Separator { procedure: view.procedure.code.to_national(), component: component.id.clone() };
            let drawing = pdf::print::qr_code(&sheet.text()).map_err(Error::broken)?;
            sheets.push(json!({ "number": number, "name": component.name, "code": drawing }));
        }
        if sheets.is_empty() {
            return Err(Error::NotFound);
        }
        let mut data = self.head_of(&view.receiving);
        for (key, value) in [
            ("procedure_code", json!(view.procedure.code.to_string())),
            ("procedure_name", json!(view.procedure.name)),
            ("sheets", Value::Array(sheets)),
        ] {
            data.insert(key.to_owned(), value);
        }
        self.print_for(&view.receiving, "to-phan-cach", data).await
    }

    /// Phiếu kiểm soát quá trình giải quyết hồ sơ: the timeline on paper, without what is among colleagues.
    pub async fn process_sheet(&self, actor: &Actor, view: &DossierView) -> Result<Vec<u8>, Error> {
        let received = view.dossier.received_at.ok_or(Error::NotFound)?;
        let mut data = self.head(view, "Phiếu kiểm soát quá trình giải quyết hồ sơ", actor);
        let events: Vec<Value> = view
            .timeline()
            .into_iter()
            .filter(|(event, _)| !event.body.is_internal())
            .map(|(event, sentence)| {
                json!({ "at": minute(event.happened_at), "text": sentence.what, "actor": sentence.who })
            })
            .collect();
        for (key, value) in [
            ("holder_name", json!(view.holder.name)),
            ("received_at", json!(minute(received))),
            ("due_at", json!(view.dossier.due.map(|due| minute(due.at)).unwrap_or_default())),
            ("state", json!(words::state(&view.dossier.state))),
            ("events", Value::Array(events)),
        ] {
            data.insert(key.to_owned(), value);
        }
        self.print_for(&view.receiving, "phieu-qua-trinh", data).await
    }

    /// A slip of the receiving agency, from the form that was in use when it was made; with the agency's
    /// signature where the form is to have it. Nobody goes without his paper because a key is missing: it
    /// keeps the room to be signed by hand.
    // law: TT01-2018-VPCP/10.1
    async fn slip(
        &self,
        view: &DossierView,
        code: &str,
        made_at: Timestamp,
        data: Map<String, Value>,
    ) -> Result<Vec<u8>, Error> {
        let (agency, now) = (&view.receiving, self.clock.now());
        let printed = self.print_made(agency, code, made_at, Value::Object(data), now).await?;
        if !self.settings.signed_forms.iter().any(|form| form == code) {
            return Ok(printed.pdf);
        }
        let mut reader = self.db.read().await?;
        let key = self.keys.of(&mut reader, agency.id.0, now).await;
        drop(reader);
        let signed = match key {
            Ok(key) => {
                let place = printed.slots.iter().find(|slot| slot.name == "ky").map(Place::from);
                let mark = place.map(|place| VisibleMark::agency(place, &agency.unit.name, now));
                let request = SignRequest {
                    at: now,
                    reason: Some("Ký số giấy của bộ phận một cửa".to_owned()),
                    location: Some(agency.unit.place.clone()),
                    field_name: "ky-so-co-quan".to_owned(),
                    marks: mark.into_iter().collect(),
                };
                sign(printed.pdf.clone(), key, request).await.map(|signed| signed.bytes)
            }
            Err(error) => Err(error),
        };
        match signed {
            Ok(signed) => Ok(signed),
            Err(Error::Refused(why)) => {
                tracing::warn!(form = code, agency = %agency.id, ?why, "a form left without its signature");
                Ok(printed.pdf)
            }
            Err(error) => Err(error),
        }
    }

    /// When something of this kind happened to a dossier last; now where it did not yet.
    fn happened(&self, view: &DossierView, kind: impl Fn(&Body) -> bool) -> Timestamp {
        let last = view.events.iter().rev().find(|event| kind(&event.body));
        last.map_or_else(|| self.clock.now(), |event| event.happened_at)
    }

    fn head(&self, view: &DossierView, paper_name: &str, actor: &Actor) -> Map<String, Value> {
        let holder = &view.holder;
        let number = holder.numbers.first().map(|number| number.number.clone()).unwrap_or_default();
        let officer = match actor {
            Actor::Officer { name, .. } => name.clone(),
            Actor::System { .. } => String::new(),
        };
        let now = self.clock.now();
        let mut data = self.head_of(&view.receiving);
        for (key, value) in [
            ("counter_name", view.receiving.unit.name.clone()),
            ("dossier_code", view.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("procedure_code", view.procedure.code.to_string()),
            ("procedure_name", view.procedure.name.clone()),
            ("paper_name", paper_name.to_owned()),
            ("system_name", self.settings.system_name.clone()),
            ("published_at", minute(now)),
            ("personal_id", number.clone()),
            ("submitter_name", holder.name.clone()),
            ("submitter_id", number),
            ("submitter_address", holder.address.clone()),
            ("submitter_phone", holder.phone.clone()),
            ("submitter_email", holder.email.clone()),
            ("holder_name", holder.name.clone()),
            ("holder_address", String::new()),
            ("lookup_url", self.settings.lookup_url.clone()),
            ("officer_name", officer),
        ] {
            data.insert(key.to_owned(), json!(value));
        }
        data
    }
}

/// The reason on every request for papers; what is wrong with each stands beside it.
pub const WHY_ASKED: &str = "Hồ sơ chưa đủ hoặc chưa đúng theo quy định.";

/// What the applicant is asked for, and until when.
pub fn asked(dossier: &Dossier) -> Option<(&[SupplementItem], Option<DueMoment>)> {
    match &dossier.state {
        State::AwaitingSupplement { items, until, .. } => Some((items, *until)),
        State::AwaitingPapers { items, until } => Some((items, Some(*until))),
        _ => None,
    }
}

/// Phiếu số thứ tự: the number, how many are before it, and nothing of its owner.
// law: ND61-2018/13.2
pub(super) async fn slip_of_queue(office: &Office, view: &TicketView) -> Result<Vec<u8>, Error> {
    let ticket = &view.ticket;
    let slot = ticket.slot_from.map(|from| format!("Hẹn {}", words::queue::clock(from)));
    let data = json!({
        "agency_name": view.agency.name,
        "number": ticket.number.to_string(),
        "subject": ticket.subject.clone().unwrap_or_default(),
        "reason": ticket.reason.map(|reason| words::queue::priority_reason(reason, &view.rules))
            .or(slot).unwrap_or_default(),
        "taken_at": minute(ticket.taken_at),
        "n_before": view.n_before,
        "estimate": words::queue::estimate(view.minutes),
    });
    let mut reader = office.db.read().await?;
    let unit = store::people::unit(&mut reader, ticket.agency).await?.ok_or(Error::NotFound)?;
    drop(reader);
    Ok(office.print_made(&unit, "phieu-lay-so", ticket.taken_at, data, ticket.taken_at).await?.pdf)
}
