//! Asking the applicant for papers: the wrong ones are ticked, a reason is chosen for each, and what he will
//! read is shown before it is sent.

use super::papers::Viewer;
use super::writing::{Kept, typed};
use crate::Web;
use crate::deed::Deed;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, new_key, query_value};
use crate::page::{Place, Shell, file, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use office::counter::slip::{WHY_ASKED, asked};
use office::dossier::offer::Offer;
use office::dossier::view::DossierView;
use office::forms::Reason;
use office::{Error, Office};
use rules::dossier::writing::{WritingForm, request};
use rules::dossier::{Dossier, Wish};
use rules::event::SupplementItem;
use rules::id::DossierId;
use rules::people::Actor;
use rules::words;
use rules::words::sentence::Names;

/// The form whose reasons are chosen from.
const SLIP: &str = "02-yeu-cau-bo-sung";
const PAPERS: &str = "giay";
/// The reason for asking again or late.
const EXCEPTION: &str = "ly-do";

#[derive(Debug, Template)]
#[template(path = "dossier/supplement.html")]
struct Page {
    shell: Shell,
    id: String,
    code: String,
    holder: String,
    procedure: String,
    viewer: Viewer,
    papers: Vec<PaperAsked>,
    reasons: Vec<Choice>,
    /// The label of the reason, where it is asked again or late; empty where none is wanted.
    why: &'static str,
    /// The leader decides about it first.
    is_referred: bool,
    send_label: &'static str,
    kept: Kept,
    form: FormState,
    idem: String,
    notice: Option<Notice>,
    /// What was typed, where what the applicant reads is shown.
    typed: Vec<(String, String)>,
}

/// One paper that may be asked for.
#[derive(Debug)]
struct PaperAsked {
    id: String,
    name: String,
    is_ticked: bool,
    reason: String,
    detail: String,
}

/// What the applicant reads, in the words of the slip.
#[derive(Debug)]
struct Notice {
    agency: String,
    reason: &'static str,
    /// The paper, and what to do about it.
    requests: Vec<(String, String)>,
    until: String,
    pdf_href: String,
}

/// A dossier that papers may be asked for, and what is chosen from.
struct Asking {
    view: DossierView,
    reasons: Vec<Reason>,
    whose: Whose,
}

/// By whose right papers are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// For the first time, and in time: by whoever does the step.
    Step,
    /// Again or late, with the leader's reason.
    Leader,
    /// Again or late, for the leader to grant.
    Referred,
}

/// Why a paper is asked for, as the slip of the receiving agency has it.
pub(super) fn reasons(office: &Office, view: &DossierView) -> Result<Vec<Reason>, Error> {
    let agency = view.receiving.unit.code.as_str();
    let sheet = office.forms.find(SLIP, agency, office.clock.today()).map_err(Error::broken)?;
    Ok(sheet.reasons.clone())
}

impl Asking {
    /// None where the dossier is not so that papers may be asked for, or not by him.
    async fn open(web: &Web, visitor: &Visitor, id: DossierId) -> Result<Option<Self>, Failure> {
        let actor = &visitor.present.actor;
        let view = web.office.open_dossier(actor, id).await?;
        let whose = web.office.offers(actor, &view).await?.into_iter().find_map(|offer| match offer {
            Offer::AskSupplement { by_leader: false } => Some(Whose::Step),
            Offer::AskSupplement { by_leader: true } => Some(Whose::Leader),
            Offer::ReferSupplement => Some(Whose::Referred),
            _ => None,
        });
        let reasons = reasons(&web.office, &view)?;
        Ok(whose.map(|whose| Self { view, reasons, whose }))
    }

    /// The papers of the case with what was chosen for each.
    fn papers(&self, form: &FormState) -> Vec<PaperAsked> {
        let components = self.view.case().map(|case| case.components.as_slice()).unwrap_or_default();
        components
            .iter()
            .map(|component| PaperAsked {
                id: component.id.clone(),
                name: component.name.clone(),
                is_ticked: form.has(PAPERS, &component.id),
                reason: form.value(&format!("vi-sao-{}", component.id)).to_owned(),
                detail: form.value(&format!("ghi-them-{}", component.id)).to_owned(),
            })
            .collect()
    }

    /// The sentences for the ticked papers; what is missing is said at its field.
    fn items(&self, form: &mut FormState) -> Vec<SupplementItem> {
        let mut items = Vec::new();
        for paper in self.papers(form).into_iter().filter(|paper| paper.is_ticked) {
            let reason = self.reasons.iter().find(|reason| reason.id == paper.reason);
            let sentence = reason.map(|reason| reason.sentence.as_str()).unwrap_or_default();
            match request(sentence, &paper.name, &paper.detail) {
                Some(what) => items.push(SupplementItem { component: paper.id, what }),
                None => form.fault(
                    format!("vi-sao-{}", paper.id),
                    format!("{}: chọn lý do, hoặc ghi điều cần bổ sung, không quá 1.000 chữ", paper.name),
                ),
            }
        }
        if items.is_empty() && form.errors().is_empty() {
            form.fault(PAPERS, "Chưa chọn giấy nào cần bổ sung");
        }
        if self.whose != Whose::Step && form.value(EXCEPTION).is_empty() {
            form.fault(EXCEPTION, "Ghi lý do cho yêu cầu bổ sung lần nữa");
        }
        items
    }

    /// Sends the request, or refers it to the leader; what is said about it then.
    async fn send(&self, deed: &Deed, items: Vec<SupplementItem>, why: &str) -> Result<&'static str, Error> {
        let (office, by, id) = (deed.office(), &deed.by(), deed.id);
        match self.whose {
            Whose::Step => office.ask_supplement(by, id, items, None).await?,
            Whose::Leader => office.ask_supplement(by, id, items, Some(why)).await?,
            Whose::Referred => {
                office.refer(by, id, Wish::AskAgain { items }, why).await?;
                return Ok("Đã trình lãnh đạo. Khi được duyệt, yêu cầu bổ sung tự gửi đi.");
            }
        }
        Ok("Đã gửi yêu cầu bổ sung. Thời hạn tạm dừng đến khi đủ giấy.")
    }

    /// The dossier as it would wait for these papers.
    fn waiting(
        &self,
        office: &Office,
        actor: &Actor,
        items: Vec<SupplementItem>,
        why: &str,
    ) -> Result<Dossier, Error> {
        match self.whose {
            Whose::Step => office.try_supplement(&self.view, items, None),
            Whose::Leader => office.try_supplement(&self.view, items, Some(why)),
            Whose::Referred => office.try_supplement_referral(actor, &self.view, items, why),
        }
    }

    fn notice(&self, waiting: &Dossier) -> Option<Notice> {
        let (items, until) = asked(waiting)?;
        let named = |item: &SupplementItem| (self.view.component(&item.component), item.what.clone());
        Some(Notice {
            agency: self.view.receiving.unit.name.clone(),
            reason: WHY_ASKED,
            requests: items.iter().map(named).collect(),
            until: until.map(|until| words::date(until.on)).unwrap_or_default(),
            pdf_href: format!("/ho-so/{}/bo-sung/phieu", waiting.id),
        })
    }
}

pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let id: DossierId = place.id("id")?;
    let Some(asking) = Asking::open(&web, &visitor, id).await? else { return Ok(not_now(&web, id)) };
    let query = query.as_deref();
    let actor = &visitor.present.actor;
    let chosen = query_value(query, "nhap");
    let empty = FormState::default();
    let (kept, form) = Kept::open(&web, actor, WritingForm::Supplement, id, "", &chosen, empty).await?;
    let viewer = Viewer::of(&asking.view, &query_value(query, "trang"));
    let page = page(&web, &visitor, &asking, viewer, kept, form).await?;
    Ok(show_as(&web, StatusCode::OK, &page))
}

fn not_now(web: &Web, id: DossierId) -> Response {
    on_to(web, &format!("/ho-so/{id}"), "Lúc này hồ sơ không yêu cầu bổ sung được.")
}

async fn page(
    web: &Web,
    visitor: &Visitor,
    asking: &Asking,
    viewer: Viewer,
    kept: Kept,
    form: FormState,
) -> Result<Page, Failure> {
    let dossier = &asking.view.dossier;
    Ok(Page {
        shell: shell(web, visitor, "/viec").await?,
        id: dossier.id.to_string(),
        code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        holder: asking.view.holder.name.clone(),
        procedure: asking.view.procedure.name.clone(),
        viewer,
        papers: asking.papers(&form),
        reasons: asking.reasons.iter().map(|reason| Choice::new(&reason.id, &reason.label)).collect(),
        why: match asking.whose {
            Whose::Step => "",
            Whose::Leader => "Lý do lãnh đạo cho yêu cầu lần nữa",
            Whose::Referred => "Lý do đề nghị lãnh đạo cho yêu cầu lần nữa",
        },
        is_referred: asking.whose == Whose::Referred,
        send_label: match asking.whose {
            Whose::Step | Whose::Leader => "Gửi yêu cầu bổ sung",
            Whose::Referred => "Trình lãnh đạo",
        },
        kept,
        form,
        idem: new_key(),
        notice: None,
        typed: Vec::new(),
    })
}

/// Shows what the applicant will read; sends it; or goes back to what was chosen.
pub(crate) async fn send(deed: Deed) -> Result<Response, Failure> {
    let Some(asking) = Asking::open(&deed.web, &deed.visitor, deed.id).await? else {
        return Ok(not_now(&deed.web, deed.id));
    };
    let mut form = deed.posted.state();
    let items = asking.items(&mut form);
    if form.errors().is_empty() && deed.get("buoc") == "gui" {
        match asking.send(&deed, items, form.value(EXCEPTION)).await {
            Ok(said) => return Ok(deed.to_dossier(said)),
            Err(error) => form.refuse("", &refused(error)?),
        }
        return answer(&deed, &asking, form, None).await;
    }
    let mut waiting = None;
    if form.errors().is_empty() && deed.get("buoc") == "xem" {
        let actor = &deed.visitor.present.actor;
        match asking.waiting(deed.office(), actor, items, form.value(EXCEPTION)) {
            Ok(dossier) => waiting = asking.notice(&dossier),
            Err(error) => form.refuse("", &refused(error)?),
        }
    }
    answer(&deed, &asking, form, waiting).await
}

/// The page with what was typed; with the notice where there is nothing wrong.
async fn answer(
    deed: &Deed,
    asking: &Asking,
    form: FormState,
    notice: Option<Notice>,
) -> Result<Response, Failure> {
    let fields = typed(deed);
    let mut kept = Kept::posted(WritingForm::Supplement, deed, "");
    if notice.is_some() {
        // What is shown is what is kept: the slip can be printed from it, and nothing is lost on the way.
        if let Some(both) = kept.save(deed, WritingForm::Supplement).await? {
            return Ok(both);
        }
    }
    let status = if form.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let viewer = Viewer::of(&asking.view, "");
    let page = page(&deed.web, &deed.visitor, asking, viewer, kept, form).await?;
    Ok(show_as(&deed.web, status, &Page { notice, typed: fields, ..page }))
}

/// The slip as it would be printed, from what was shown last.
pub(crate) async fn slip(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: DossierId = place.id("id")?;
    let actor = &visitor.present.actor;
    let Some(asking) = Asking::open(&web, &visitor, id).await? else { return Ok(not_now(&web, id)) };
    let kept = web.office.unsent(actor, WritingForm::Supplement, id).await?.ok_or_else(Failure::not_found)?;
    let fields = kept.fields.into_iter();
    let mut form = fields.fold(FormState::default(), |form, (name, value)| form.with(name, value));
    let items = asking.items(&mut form);
    let waiting = asking.waiting(&web.office, actor, items, form.value(EXCEPTION))?;
    let pdf = web.office.request_slip(actor, &asking.view, &waiting).await?;
    Ok(file(Bytes::from(pdf), "application/pdf", "phieu-bo-sung-xem-truoc.pdf"))
}
