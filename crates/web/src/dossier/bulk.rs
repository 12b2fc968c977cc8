//! One act for many dossiers of a list, and the report of what became of each.

use super::narrowing::{INBOX, of_query};
use crate::Web;
use crate::error::Failure;
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::dossier::bulk::{AT_ONCE, Deed, Outcome, giving_place, may_give};
use rules::dossier::Dossier;
use rules::id::{AgencyId, BulkId, DossierId, OfficerId};
use rules::people::Actor;
use rules::words;
use std::collections::BTreeSet;

/// What is done, as it is sent, on the button, and in the report.
static DEEDS: [(&str, Deed, &str, &str); 5] = [
    ("nhan", Deed::Take, "Nhận việc", "Nhận việc"),
    ("chuyen", Deed::Transfer, "Chuyển đến nơi giải quyết", "Chuyển đến nơi giải quyết"),
    ("da-nop", Deed::PapersBrought, "Ghi nhận người nộp đã gửi đủ", "Ghi nhận đã gửi đủ"),
    ("tiep-tuc", Deed::Resume, "Giải quyết tiếp, hết tạm dừng", "Giải quyết tiếp"),
    ("hoi-y-kien", Deed::ConsultAll, "Gửi xin ý kiến theo quy trình", "Gửi xin ý kiến"),
];

#[derive(Debug, Template)]
#[template(path = "dossier/bulk.html")]
struct Report {
    shell: Shell,
    title: String,
    about: String,
    /// Where one looks again; empty where all is done.
    again: String,
    back: String,
    rows: Vec<ReportRow>,
}

#[derive(Debug)]
struct ReportRow {
    code: String,
    href: String,
    state: Standing,
}

#[derive(Debug)]
enum Standing {
    Waiting,
    Done,
    Refused(String),
}

#[derive(Debug, Template)]
#[template(path = "dossier/bulk_choice.html")]
struct ChoicePage {
    shell: Shell,
    idem: String,
    n: usize,
    ids: Vec<String>,
    deeds: Vec<Choice>,
    back: String,
}

/// Whom these dossiers can be given to: the people of the agencies that settle them.
pub(crate) async fn takers(
    web: &Web,
    actor: &Actor,
    dossiers: impl Iterator<Item = &Dossier>,
) -> Result<Vec<Choice>, Failure> {
    let given = dossiers.filter(|dossier| may_give(actor, dossier));
    let agencies: BTreeSet<AgencyId> = given.filter_map(giving_place).collect();
    if agencies.is_empty() {
        return Ok(Vec::new());
    }
    let today = web.office.clock.today();
    let mut reader = web.office.db.read().await?;
    let mut people = store::people::roster::accounts_of(&mut reader, &agencies, today).await?;
    people.retain(|officer| officer.active);
    people.sort_by_cached_key(|officer| rules::text::sort_key(&officer.name));
    Ok(people.into_iter().map(|officer| Choice::new(officer.id.to_string(), officer.name)).collect())
}

/// To whom, and why, with what is missing of it.
pub(crate) fn giving(posted: &Posted, form: &mut FormState) -> Option<Deed> {
    let officer = posted.get("giao-cho").parse::<OfficerId>().ok();
    if officer.is_none() {
        form.fault("giao-cho", "Chọn người nhận");
    }
    let reason = posted.get("giao-ly-do");
    if reason.is_empty() {
        form.fault("giao-ly-do", "Ghi lý do giao, ví dụ: cân đối việc trong tuần");
    }
    officer.map(|officer| Deed::Give { officer, reason: reason.to_owned() })
}

/// Does what was chosen to the dossiers that were ticked.
pub(crate) async fn perform(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut ids: Vec<DossierId> = posted.all("ho-so").filter_map(|id| id.parse().ok()).collect();
    ids.dedup();
    let mut form = posted.state();
    if ids.is_empty() {
        form.fault("ho-so", "Chọn ít nhất một hồ sơ trong danh sách");
    }
    let back = posted.get("ve-loc");
    let narrowing = of_query(Some(back));
    let deed = match posted.get("viec-chon") {
        "giao" => giving(&posted, &mut form),
        "khac" if ids.len() > AT_ONCE => {
            form.fault(
                "ho-so",
                format!("Chọn không quá {AT_ONCE} hồ sơ để xem các việc khác làm chung được"),
            );
            None
        }
        "khac" if form.errors().is_empty() => return choose(&web, &visitor, &ids, back).await,
        word => DEEDS.iter().find(|(known, ..)| *known == word).map(|(_, deed, ..)| deed.clone()),
    };
    let Some(deed) = deed.filter(|_| form.errors().is_empty()) else {
        if form.errors().is_empty() {
            return Err(Failure::not_found());
        }
        let form = form.before(super::narrowing::form(&narrowing));
        return super::inbox::render(&web, &visitor, &narrowing, StatusCode::UNPROCESSABLE_ENTITY, form)
            .await;
    };
    let done = web.office.do_to_many(&posted.by(&visitor), &deed, &ids).await?;
    answer(&web, &visitor, &deed, done, &super::narrowing::href(&narrowing)).await
}

/// What may be done to all that were ticked.
async fn choose(web: &Web, visitor: &Visitor, ids: &[DossierId], back: &str) -> Result<Response, Failure> {
    let common = web.office.common_deeds(&visitor.present.actor, ids).await?;
    let deeds = DEEDS.iter().filter(|(_, deed, ..)| common.contains(deed));
    let page = ChoicePage {
        shell: shell(web, visitor, INBOX).await?,
        idem: new_key(),
        n: ids.len(),
        ids: ids.iter().map(ToString::to_string).collect(),
        deeds: deeds.map(|(word, _, label, _)| Choice::new(*word, *label)).collect(),
        back: super::narrowing::href(&of_query(Some(back))),
    };
    Ok(show(web, &page))
}

/// The report, or on to where jobs write it.
pub(crate) async fn answer(
    web: &Web,
    visitor: &Visitor,
    deed: &Deed,
    done: Outcome,
    back: &str,
) -> Result<Response, Failure> {
    let rows = match done {
        Outcome::Begun(id) => return Ok(on_to(web, &format!("{INBOX}/nhieu/{id}"), "")),
        Outcome::Done(rows) => rows,
    };
    let rows = rows.into_iter().map(|row| ReportRow {
        href: format!("/ho-so/{}", row.dossier),
        code: row.code,
        state: row.why_not.map_or(Standing::Done, Standing::Refused),
    });
    render(web, visitor, (deed, String::new()), rows.collect(), back.to_owned()).await
}

/// What became of many dossiers so far, for who began it.
pub(crate) async fn report(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: BulkId = place.id("id")?;
    let (deed, bulk, rows) = web.office.bulk(&visitor.present.actor, id).await?;
    let rows: Vec<ReportRow> = rows
        .into_iter()
        .map(|row| ReportRow {
            href: format!("/ho-so/{}", row.dossier),
            code: row.code,
            state: match row.why_not {
                None => Standing::Waiting,
                Some(why) if why.is_empty() => Standing::Done,
                Some(why) => Standing::Refused(why),
            },
        })
        .collect();
    let begun = format!("Bắt đầu {}.", words::moment(bulk.begun_at));
    render(&web, &visitor, (&deed, begun), rows, format!("{INBOX}?tat-ca=1")).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    (deed, begun): (&Deed, String),
    rows: Vec<ReportRow>,
    back: String,
) -> Result<Response, Failure> {
    let n_done = rows.iter().filter(|row| matches!(row.state, Standing::Done)).count();
    let n_waiting = rows.iter().filter(|row| matches!(row.state, Standing::Waiting)).count();
    let mut title = format!("{}: {}", deed_label(deed), tally(n_done, rows.len() - n_done - n_waiting));
    if n_waiting > 0 {
        title = format!("{title}, còn {n_waiting} đang làm");
    }
    let mut about = vec![begun];
    if let Deed::Give { officer, .. } = deed {
        let mut reader = web.office.db.read().await?;
        let names = store::people::officer_names(&mut reader, &[officer.0]).await?;
        about.push(format!("Người nhận: {}.", names.get(officer).map_or("", String::as_str)));
    }
    about.push("Mỗi lần làm nằm trong diễn biến của từng hồ sơ.".to_owned());
    about.retain(|text| !text.is_empty());
    let page = Report {
        shell: shell(web, visitor, INBOX).await?,
        title,
        about: about.join(" "),
        again: if n_waiting > 0 { "?".to_owned() } else { String::new() },
        back,
        rows,
    };
    Ok(show(web, &page))
}

fn deed_label(deed: &Deed) -> &'static str {
    DEEDS.iter().find(|(_, known, ..)| known == deed).map_or("Giao hồ sơ", |(.., label)| *label)
}

/// `12 xong, 1 không`
pub(super) fn tally(n_done: usize, n_refused: usize) -> String {
    match n_refused {
        0 => format!("{n_done} xong"),
        n => format!("{n_done} xong, {n} không"),
    }
}

#[cfg(test)]
mod tests {
    use super::{DEEDS, deed_label, tally};
    use office::dossier::bulk::Deed;

    #[test]
    fn a_report_counts_both() {
        assert_eq!(tally(12, 0), "12 xong");
        assert_eq!(tally(12, 1), "12 xong, 1 không");
        for (_, deed, _, label) in &DEEDS {
            assert_eq!(deed_label(deed), *label);
        }
        let give = Deed::Give {
            officer: "00000000-0000-0000-0000-000000000007".parse().expect("an id"),
            reason: String::new(),
        };
        assert_eq!(deed_label(&give), "Giao hồ sơ");
    }
}
