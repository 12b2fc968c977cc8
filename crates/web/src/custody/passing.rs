//! Giving folders to somebody, scanned one after the other, and receiving them by scanning them again.

use super::{CODE, FolderRow, fault_at, rows};
use crate::Web;
use crate::error::Failure;
use crate::form::{Choice, FormState, Posted, new_key, query_value};
use crate::page::{Place, Shell, file, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use office::custody::{Gift, MOST};
use rules::custody::Receiver;
use rules::id::{AgencyId, FolderId};
use rules::words;
use store::custody::lists;

#[derive(Debug, Template)]
#[template(path = "custody/pass.html")]
struct PassPage {
    shell: Shell,
    form: FormState,
    idem: String,
    agencies: Vec<Choice>,
    officers: Vec<Choice>,
    scanned: Vec<FolderRow>,
    /// Folders of his that were not scanned yet.
    in_hand: Vec<FolderRow>,
}

#[derive(Debug, Template)]
#[template(path = "custody/receive.html")]
struct ReceivePage {
    shell: Shell,
    form: FormState,
    idem: String,
    waiting: Vec<FolderRow>,
}

/// The page with nothing scanned yet, or with the one folder it was asked for.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let mut form = FormState::default();
    let one = query_value(query.as_deref(), "bia");
    if !one.is_empty() {
        form = form.with("bia", one);
    }
    render(&web, &visitor, StatusCode::OK, form).await
}

/// The folders of the form that are seen, in the order in which they were scanned.
fn scanned(form: &FormState) -> Vec<FolderId> {
    let mut ids: Vec<FolderId> = Vec::new();
    for id in form.all("bia").filter_map(|id| id.parse().ok()) {
        if !ids.contains(&id) && ids.len() < MOST {
            ids.push(id);
        }
    }
    ids
}

fn receiving_agency(form: &FormState, visitor: &Visitor) -> AgencyId {
    form.value("co-quan").parse().unwrap_or(visitor.present.officer.agency)
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let (now, today) = (web.office.clock.now(), web.office.clock.today());
    let agency = receiving_agency(&form, visitor);
    let mut reader = web.office.db.read().await?;
    let agencies = lists::keeping_agencies(&mut reader, today).await?;
    let keepers = lists::keepers(&mut reader, agency, today).await?;
    drop(reader);
    let ids = scanned(&form);
    let seen = web.office.folders(actor, &ids).await?;
    let kept: Vec<_> = seen.iter().map(|seen| seen.line.folder.clone()).collect();
    let names = web.office.names_of(&kept).await?;
    let mine = web.office.my_folders(actor).await?;
    let mut all = rows(&seen, &names, now);
    all.sort_by_key(|row| ids.iter().position(|id| id.to_string() == row.id));
    let mut in_hand = rows(&mine.in_hand, &mine.names, now);
    in_hand.retain(|row| ids.iter().all(|id| id.to_string() != row.id));
    let form = if form.value("co-quan").is_empty() { form.with("co-quan", agency.to_string()) } else { form };
    let page = PassPage {
        shell: shell(web, visitor, "/bia").await?,
        form,
        idem: new_key(),
        agencies: agencies.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect(),
        officers: keepers
            .into_iter()
            .filter(|(id, ..)| Some(*id) != actor.officer())
            .map(|(id, name, role)| Choice::new(id.to_string(), format!("{name}, {}", words::role(role))))
            .collect(),
        scanned: all,
        in_hand,
    };
    Ok(show_as(web, status, &page))
}

/// One more code was read, another agency chosen, a line taken out, or all of it is given: by the button.
pub(crate) async fn pass(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let act = posted.get("act");
    let mut form = posted.state();
    if let Some(out) = act.strip_prefix("bo:") {
        form = form.without("bia", out);
        return render(&web, &visitor, StatusCode::OK, form.without_all(CODE)).await;
    }
    let code = posted.get(CODE).to_owned();
    if !code.is_empty() {
        return match web.office.find_folder(&visitor.present.actor, &code).await {
            Ok(seen) => {
                let id = seen.line.folder.id.to_string();
                render(&web, &visitor, StatusCode::OK, form.without_all(CODE).with("bia", id)).await
            }
            Err(error) => {
                fault_at(&mut form, CODE, error)?;
                render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
            }
        };
    }
    if act == "co-quan" {
        return render(&web, &visitor, StatusCode::OK, form.without_all("nguoi-nhan")).await;
    }
    let folders = scanned(&form);
    if act != "giao" || folders.is_empty() {
        form.fault(CODE, "Quét hoặc gõ mã của bìa cần giao");
        return render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let to = Receiver {
        agency: receiving_agency(&form, &visitor),
        officer: posted.get("nguoi-nhan").parse().ok(),
    };
    let n = folders.len();
    match web.office.pass_folders(&posted.by(&visitor), &Gift { folders, to }).await {
        Ok(slip) => Ok(on_to(
            &web,
            &format!("/bia/giao-nhan/{slip}"),
            &format!("Đã giao {n} bìa. Người nhận quét từng bìa để xác nhận"),
        )),
        Err(error) => {
            fault_at(&mut form, "nguoi-nhan", error)?;
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "custody/passing.html")]
struct PassingPage {
    shell: Shell,
    id: String,
    from: String,
    to: String,
    given: String,
    due: String,
    lines: Vec<SlipLine>,
}

#[derive(Debug)]
struct SlipLine {
    code: String,
    dossier: String,
    procedure: String,
    tone: &'static str,
    icon: &'static str,
    outcome: String,
}

/// What was given at once, and what became of each folder.
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    use rules::words::sentence::Names;
    use store::custody::passing::PassingOutcome;
    let view = web.office.passing_view(&visitor.present.actor, place.id("id")?).await?;
    let named = |agency, officer: Option<_>| {
        let agency = view.names.agency(agency);
        officer.map_or(agency.clone(), |officer| format!("{} ({agency})", view.names.officer(officer)))
    };
    let passing = &view.passing;
    let lines = view.lines.iter().map(|(line, known)| {
        let (tone, icon, outcome) = match &line.settled {
            None => ("warn", "clock", "Chờ xác nhận".to_owned()),
            Some(settled) => {
                let who = view.names.officer(settled.by);
                let at = words::moment(settled.at);
                match settled.outcome {
                    PassingOutcome::Confirmed => ("ok", "circle-check", format!("{who} nhận lúc {at}")),
                    PassingOutcome::Refused => {
                        ("bad", "circle-x", format!("{who} không nhận lúc {at}: {}", settled.reason))
                    }
                    PassingOutcome::TakenBack => ("plain", "undo-2", format!("{who} lấy lại lúc {at}")),
                    PassingOutcome::Reclaimed => {
                        ("plain", "undo-2", format!("{who} thu lại lúc {at}: {}", settled.reason))
                    }
                }
            }
        };
        SlipLine {
            code: known.folder.code.to_string(),
            dossier: known.dossier_code.clone(),
            procedure: known.procedure_name.clone(),
            tone,
            icon,
            outcome,
        }
    });
    let page = PassingPage {
        shell: shell(&web, &visitor, "/bia").await?,
        id: passing.id.to_string(),
        from: named(passing.from.agency, Some(passing.from.officer)),
        to: named(passing.to.agency, passing.to.officer),
        given: words::moment(passing.given_at),
        due: words::moment(passing.due_at),
        lines: lines.collect(),
    };
    Ok(show_as(&web, StatusCode::OK, &page))
}

/// Biên bản giao nhận, as PDF.
pub(crate) async fn slip(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = web.office.passing_view(&visitor.present.actor, place.id("id")?).await?;
    let pdf = web.office.passing_slip(&view).await?;
    Ok(file(Bytes::from(pdf), "application/pdf", "bien-ban-giao-nhan.pdf"))
}

pub(crate) async fn receiving(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render_receiving(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render_receiving(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let mine = web.office.my_folders(&visitor.present.actor).await?;
    let page = ReceivePage {
        shell: shell(web, visitor, "/bia").await?,
        form,
        idem: new_key(),
        waiting: rows(&mine.waiting, &mine.names, web.office.clock.now()),
    };
    Ok(show_as(web, status, &page))
}

/// The folder whose code was read is his now, if it was given to him.
pub(crate) async fn receive(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let by = posted.by(&visitor);
    let received = async {
        let seen = web.office.find_folder(&visitor.present.actor, posted.get(CODE)).await?;
        web.office.confirm_folder(&by, seen.line.folder.id).await?;
        Ok::<_, office::Error>(seen.line.folder.code)
    };
    match received.await {
        Ok(code) => Ok(on_to(&web, "/bia/nhan", &format!("Đã nhận bìa {code}"))),
        Err(error) => {
            let mut form = posted.state();
            fault_at(&mut form, CODE, error)?;
            render_receiving(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}
