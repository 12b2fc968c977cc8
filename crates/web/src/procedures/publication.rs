//! Publishing a draft: what it changes, what keeps it from being published, whose dossiers stay on what
//! they were received under, and the decision with its days.

use super::editor::{Drafted, Head, Leaf, code_of, head, proposed_day};
use super::{PLACE, show};
use crate::Web;
use crate::admin::HERE;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::procedure::catalogue::PastOf;
use office::{Error, Refusal};
use rules::procedure::ProcedureFault;
use rules::procedure::diff::diff;
use rules::procedure::publishing::{Publication, PublishRefused};
use rules::scanning::day;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "procedures/publication.html")]
struct PublicationPage {
    shell: Shell,
    head: Head,
    form: FormState,
    revision: u32,
    /// What is compared with, and what the draft changes of it.
    compared: String,
    changes: Vec<String>,
    /// Whose dossiers stay where they are.
    open: Vec<String>,
    savings: Vec<SavingRow>,
    keys: [String; 2],
}

#[derive(Debug)]
struct SavingRow {
    version: i64,
    text: String,
    is_now: bool,
}

pub(crate) async fn show_publication(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let form = FormState::default().with("tu-ngay", words::date(proposed_day(&web)));
    render(&web, &visitor, &place, StatusCode::OK, form, String::new()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    place: &Place,
    status: StatusCode,
    form: FormState,
    conflict: String,
) -> Result<Response, Failure> {
    let code = code_of(place)?;
    let (draft, version) = web.office.drafted(&code).await?;
    // The proof is that of the days that are asked for; what is no day is told at its field.
    let first = day(form.value("tu-ngay")).ok().flatten().unwrap_or_else(|| proposed_day(web));
    let last = day(form.value("den-ngay")).ok().flatten();
    let findings = web.office.findings_of_draft(&draft, (first, last)).await?;
    let saved = Drafted { draft, version, findings };
    let past = web.office.procedure_past(&code).await?;
    let latest = past.revisions.first().map(|line| line.revision);
    let (compared, changes) = match latest {
        None => (String::new(), Vec::new()),
        Some(revision) => {
            let before = show::content(web, &code, &past, &revision.to_string()).await?;
            (format!("So với phiên bản {revision}"), diff(&before, &saved.draft.clone().dated_as(&before)))
        }
    };
    let page = PublicationPage {
        shell: shell(web, visitor, HERE).await?,
        head: Head { conflict, ..head(web, &saved, Leaf::Publication).await? },
        form,
        revision: latest.map_or(1, |latest| latest + 1),
        compared,
        changes,
        open: open(&past),
        savings: savings(&past),
        keys: [new_key(), new_key()],
    };
    Ok(show_as(web, status, &page))
}

fn open(past: &PastOf) -> Vec<String> {
    past.open
        .iter()
        .map(|(revision, n)| format!("{n} hồ sơ đang giải quyết theo phiên bản {revision}"))
        .collect()
}

fn savings(past: &PastOf) -> Vec<SavingRow> {
    let row = |saving: &store::procedure::savings::Saving| SavingRow {
        version: saving.version,
        text: format!("Lần {}: {}, {}", saving.version, saving.by, words::moment(saving.at)),
        is_now: saving.version == past.draft.version,
    };
    past.savings.iter().map(row).collect()
}

pub(crate) async fn publish(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let code = code_of(&place)?;
    let mut form = posted.state();
    let valid_from = day(posted.get("tu-ngay")).ok().flatten();
    if valid_from.is_none() {
        form.fault("tu-ngay", "Ghi ngày có hiệu lực, ví dụ 01/12/2026");
    }
    let valid_to = day(posted.get("den-ngay"));
    if valid_to.is_err() {
        form.fault("den-ngay", "Ghi ngày cuối cùng, ví dụ 31/12/2027; để trống nếu không định ngày");
    }
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(valid_from) = valid_from.filter(|_| form.errors().is_empty()) else {
        return render(&web, &visitor, &place, unprocessable, form, String::new()).await;
    };
    let decision = posted.get("quyet-dinh").to_owned();
    let publication = Publication { decision, valid_from, valid_to: valid_to.ok().flatten() };
    let seen = posted.sent("phien-ban")?;
    match web.office.publish_procedure(&posted.by(&visitor), &code, seen, &publication).await {
        Ok(revision) => {
            let from = words::date(valid_from);
            let done = format!("Đã công bố phiên bản {revision}, có hiệu lực từ {from}");
            Ok(on_to(&web, &format!("{PLACE}/{code}"), &done))
        }
        Err(Error::Stale) => {
            let conflict = "Bản nháp vừa được lưu lại sau khi bạn mở trang này. Chưa công bố gì. \
                            Xem lại phần thay đổi dưới đây rồi công bố";
            render(&web, &visitor, &place, StatusCode::CONFLICT, form, conflict.to_owned()).await
        }
        Err(error) => {
            let refusal = refused(error)?;
            form.refuse(field_of(&refusal), &refusal);
            render(&web, &visitor, &place, unprocessable, form, String::new()).await
        }
    }
}

/// Where on the page a refusal is mended; what is wrong with the draft stands above its fields.
fn field_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Procedure(PublishRefused::DecisionMissing | PublishRefused::DecisionTooLong) => "quyet-dinh",
        Refusal::Procedure(PublishRefused::Unsound(faults))
            if matches!(faults.as_slice(), [ProcedureFault::ValidToBeforeFrom]) =>
        {
            "den-ngay"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::field_of;
    use office::Refusal;
    use rules::procedure::ProcedureFault;
    use rules::procedure::publishing::PublishRefused;

    #[test]
    fn a_refusal_stands_where_it_is_mended() {
        let field = |why| field_of(&Refusal::Procedure(why));
        assert_eq!(field(PublishRefused::DecisionTooLong), "quyet-dinh");
        assert_eq!(field(PublishRefused::Unsound(vec![ProcedureFault::ValidToBeforeFrom])), "den-ngay");
        let two = vec![ProcedureFault::ValidToBeforeFrom, ProcedureFault::NoStep];
        assert_eq!(field(PublishRefused::Unsound(two)), "");
    }
}
