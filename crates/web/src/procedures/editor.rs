//! The editor of a draft: its sheets, each saved by a form of its own over the version that was seen, with
//! the findings of the proof where they are mended and the picture of the process beside its steps.

use super::picture::{BOX_WIDTH, Picture, picture};
use super::sheet::{Edit, FindingLine, Sheet};
use super::typed::Unread;
use super::{cases, facts, flow, results};
use crate::Web;
use crate::admin::HERE;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key, query_value};
use crate::page::{Place, Shell, html, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use office::Error;
use rules::code::ProcedureCode;
use rules::procedure::editing::Shift;
use rules::procedure::{Finding, Procedure, portable};
use rules::words;
use sha2::{Digest, Sha256};

/// What stands above every sheet.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) base: String,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) version: i64,
    pub(super) saved: String,
    pub(super) tabs: Vec<Tab>,
    pub(super) findings: Vec<FindingLine>,
    pub(super) n_faults: usize,
    /// Who saved meanwhile, where what was typed met another saving.
    pub(super) conflict: String,
    /// This very page, as it is saved now.
    pub(super) here: String,
}

#[derive(Debug)]
pub(super) struct Tab {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) current: bool,
    /// How many faults are mended there.
    pub(super) count: usize,
}

/// A draft with what the proof says of it.
pub(super) struct Drafted {
    pub(super) draft: Procedure,
    pub(super) version: i64,
    pub(super) findings: Vec<Finding>,
}

/// What a tab leads to: a sheet, or one of the two pages after them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaf {
    Sheet(Sheet),
    Rehearsal,
    Publication,
}

macro_rules! sheet_page {
    ($name:ident, $path:literal, $content:ty) => {
        #[derive(Debug, Template)]
        #[template(path = $path)]
        struct $name {
            shell: Shell,
            head: Head,
            form: FormState,
            content: $content,
            idem: String,
        }
    };
}

sheet_page!(FactsPage, "procedures/facts.html", facts::Facts);
sheet_page!(ResultsPage, "procedures/results.html", results::Results);
sheet_page!(CasePage, "procedures/case.html", cases::CaseSheet);

#[derive(Debug, Template)]
#[template(path = "procedures/flow.html")]
struct FlowPage {
    shell: Shell,
    head: Head,
    form: FormState,
    content: flow::Flow,
    drawn: Drawn,
    idem: String,
}

/// The picture with the findings of the process; a fragment of its own.
#[derive(Debug, Template)]
#[template(path = "procedures/_picture.html")]
pub(super) struct Drawn {
    pub(super) picture: Picture,
    pub(super) box_width: i32,
    pub(super) findings: Vec<FindingLine>,
    /// Why what was typed cannot be drawn; the picture is then of what is saved.
    pub(super) fault: String,
}

pub(super) fn code_of(place: &Place) -> Result<ProcedureCode, Failure> {
    place.id("code")
}

fn base_of(code: &ProcedureCode) -> String {
    format!("/quan-tri/thu-tuc/{code}/soan")
}

pub(super) async fn drafted(web: &Web, code: &ProcedureCode) -> Result<Drafted, Failure> {
    let (draft, version) = web.office.drafted(code).await?;
    proven(web, draft, version).await
}

/// The first day the page of the publication proposes.
pub(super) fn proposed_day(web: &Web) -> Date {
    let today = web.office.clock.today();
    today.tomorrow().unwrap_or(today)
}

/// The findings are those of the day that is proposed for the publication.
async fn proven(web: &Web, draft: Procedure, version: i64) -> Result<Drafted, Failure> {
    let findings = web.office.findings_of_draft(&draft, (proposed_day(web), None)).await?;
    Ok(Drafted { draft, version, findings })
}

pub(super) async fn head(web: &Web, drafted: &Drafted, at: Leaf) -> Result<Head, Failure> {
    let Drafted { draft, version, findings } = drafted;
    let base = base_of(&draft.code);
    let savings =
        store::procedure::savings::lines_of(&mut web.office.db.read().await?, &draft.code, 1).await?;
    let saved = savings.first().map(|saving| format!("{} lưu lúc {}", saving.by, words::moment(saving.at)));
    let lines: Vec<FindingLine> = findings.iter().map(|found| FindingLine::of(found, &base, draft)).collect();
    let faults_at = |sheet: Sheet| {
        let here = findings.iter().filter(|found| sheet.holds(&found.about, draft));
        here.filter(|found| found.weight == rules::procedure::Weight::Fault).count()
    };
    let sheets = Sheet::all(draft).into_iter().map(|sheet| Tab {
        href: format!("{base}{}", sheet.path()),
        label: sheet.title(draft),
        current: at == Leaf::Sheet(sheet),
        count: faults_at(sheet),
    });
    let tab = |path: &str, label: &str, desk| Tab {
        href: format!("{base}{path}"),
        label: label.to_owned(),
        current: at == desk,
        count: 0,
    };
    let others =
        [tab("/chay-thu", "Chạy thử", Leaf::Rehearsal), tab("/cong-bo", "Công bố", Leaf::Publication)];
    Ok(Head {
        code: draft.code.to_string(),
        name: draft.name.clone(),
        here: match at {
            Leaf::Sheet(sheet) => format!("{base}{}", sheet.path()),
            Leaf::Rehearsal => format!("{base}/chay-thu"),
            Leaf::Publication => format!("{base}/cong-bo"),
        },
        title: match at {
            Leaf::Sheet(sheet) => sheet.title(draft),
            Leaf::Rehearsal => "Chạy thử với hồ sơ mẫu".to_owned(),
            Leaf::Publication => "Công bố".to_owned(),
        },
        version: *version,
        saved: saved.unwrap_or_default(),
        tabs: sheets.chain(others).collect(),
        n_faults: lines.iter().filter(|line| line.is_fault).count(),
        findings: lines,
        conflict: String::new(),
        base,
    })
}

fn drawn(drafted: &Drafted, base: &str, fault: String) -> Drawn {
    let of_process =
        drafted.findings.iter().filter(|found| Sheet::Process.holds(&found.about, &drafted.draft));
    Drawn {
        picture: picture(&drafted.draft, &drafted.findings),
        box_width: BOX_WIDTH,
        findings: of_process.map(|found| FindingLine::of(found, base, &drafted.draft)).collect(),
        fault,
    }
}

/// What a sheet is shown with besides the draft.
struct Showing {
    status: StatusCode,
    form: FormState,
    /// The step whose fields are unfolded.
    open: Option<usize>,
    conflict: String,
}

impl Showing {
    /// What was typed, with what is wrong with it.
    fn again(form: FormState) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, form, open: None, conflict: String::new() }
    }
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    sheet: Sheet,
    drafted: &Drafted,
    showing: Showing,
) -> Result<Response, Failure> {
    let Showing { status, form, open, conflict } = showing;
    let head = Head { conflict, ..head(web, drafted, Leaf::Sheet(sheet)).await? };
    let shell = shell(web, visitor, HERE).await?;
    let (draft, idem) = (&drafted.draft, new_key());
    Ok(match sheet {
        Sheet::Facts => {
            let page = FactsPage { shell, head, form, content: facts::facts(draft), idem };
            show_as(web, status, &page)
        }
        Sheet::Results => {
            let page = ResultsPage { shell, head, form, content: results::results(draft), idem };
            show_as(web, status, &page)
        }
        Sheet::Case(nth) => {
            let content = cases::case_sheet(draft, nth, &form);
            let page = CasePage { shell, head, form, content, idem };
            show_as(web, status, &page)
        }
        Sheet::Process => {
            let lines: Vec<(Finding, FindingLine)> =
                drafted.findings.iter().cloned().zip(head.findings.iter().cloned()).collect();
            let content = flow::flow(draft, &lines, open, &form);
            let drawn = drawn(drafted, &head.base, String::new());
            let page = FlowPage { shell, head, form, content, drawn, idem };
            show_as(web, status, &page)
        }
    })
}

/// The sheet an address names; a case that is not there does not exist.
fn sheet_of(place: &Place, path: &str, draft: &Procedure) -> Result<Sheet, Failure> {
    let sheet = match path {
        "ket-qua" => Sheet::Results,
        "quy-trinh" => Sheet::Process,
        "truong-hop" => Sheet::Case(place.id::<usize>("n")?.wrapping_sub(1)),
        _ => Sheet::Facts,
    };
    if Sheet::all(draft).contains(&sheet) { Ok(sheet) } else { Err(Failure::not_found()) }
}

async fn show_sheet(
    web: &Web,
    visitor: &Visitor,
    place: &Place,
    path: &str,
    query: Option<&str>,
) -> Result<Response, Failure> {
    let drafted = drafted(web, &code_of(place)?).await?;
    let sheet = sheet_of(place, path, &drafted.draft)?;
    let open = query_value(query, "mo").parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let form = sheet.fill(&drafted.draft);
    let showing = Showing { status: StatusCode::OK, form, open, conflict: String::new() };
    render(web, visitor, sheet, &drafted, showing).await
}

async fn save_sheet(
    web: &Web,
    visitor: &Visitor,
    place: &Place,
    path: &str,
    posted: &Posted,
) -> Result<Response, Failure> {
    let mut saved = drafted(web, &code_of(place)?).await?;
    let seen = posted.sent("phien-ban")?;
    let sheet = match path {
        "truong-hop" => case_sent(web, place, posted, seen, &mut saved).await?,
        path => sheet_of(place, path, &saved.draft)?,
    };
    let read = match sheet.read(&saved.draft, posted) {
        Ok(read) => read,
        Err(unread) => {
            let Unread { draft, faults } = *unread;
            let mut form = posted.state();
            for (field, message) in faults {
                form.fault(field, message);
            }
            let typed = proven(web, draft, seen).await?;
            return render(web, visitor, sheet, &typed, Showing::again(form)).await;
        }
    };
    let edit = Edit::of(posted.get("lam"));
    let edited = sheet.edit(read.clone(), &edit);
    // The same form sent twice is one saving; the same page, taken up again and changed, is another.
    let key = format!("{}-{}", posted.get("idempotency_key"), fingerprint(&edited));
    match web.office.draft_procedure(&visitor.by(Some(&key)), &edited, seen).await {
        Ok(_) => {
            let path = next_place(sheet, &edit, &saved.draft, &edited);
            Ok(on_to(web, &format!("{}{path}", base_of(&edited.code)), edit.done()))
        }
        Err(Error::Stale) => {
            // What was typed, over the newer draft: saved again, it changes this sheet alone.
            let typed = proven(web, read, saved.version).await?;
            let conflict = met(web, &edited.code, sheet.title(&typed.draft)).await?;
            let form = sheet.fill(&typed.draft);
            let showing = Showing { status: StatusCode::CONFLICT, form, open: None, conflict };
            render(web, visitor, sheet, &typed, showing).await
        }
        Err(error) => {
            let mut form = posted.state();
            form.refuse("", &refused(error)?);
            render(web, visitor, sheet, &proven(web, read, seen).await?, Showing::again(form)).await
        }
    }
}

/// Savings before the one a page was made of, among which a case that was taken out is looked for.
const MOST_BACK: i64 = 10;

/// The case that was typed into, found by its id: others may have been put before it since. One that was
/// taken out since is put back as it was seen, so that what was typed into it meets the newer draft.
async fn case_sent(
    web: &Web,
    place: &Place,
    posted: &Posted,
    seen: i64,
    saved: &mut Drafted,
) -> Result<Sheet, Failure> {
    let id = posted.get("ma");
    let at = |draft: &Procedure| draft.cases.iter().position(|case| case.id == id);
    if let Some(nth) = at(&saved.draft) {
        return Ok(Sheet::Case(nth));
    }
    let mut reader = web.office.db.read().await?;
    let mut found = None;
    // The page of a conflict has the newer draft's version: the case is in one before it.
    for version in (seen.saturating_sub(MOST_BACK)..=seen.min(saved.version)).rev() {
        let before = store::procedure::savings::find_saving(&mut reader, &saved.draft.code, version).await?;
        found = before.and_then(|before| Some(before.cases.get(at(&before)?)?.clone()));
        if found.is_some() {
            break;
        }
    }
    drop(reader);
    let case = found.ok_or_else(Failure::not_found)?;
    let nth = place.id::<usize>("n")?.saturating_sub(1).min(saved.draft.cases.len());
    saved.draft.cases.insert(nth, case);
    Ok(Sheet::Case(nth))
}

fn fingerprint(draft: &Procedure) -> String {
    hex::encode(&Sha256::digest(portable::write(draft))[..8])
}

/// Who saved the draft since the page was opened, and what saving again would mean.
async fn met(web: &Web, code: &ProcedureCode, title: String) -> Result<String, Failure> {
    let savings = store::procedure::savings::lines_of(&mut web.office.db.read().await?, code, 1).await?;
    let who = savings.first().map_or("Người khác đã lưu bản nháp".to_owned(), |saving| {
        format!("{} đã lưu bản nháp lúc {}", saving.by, words::moment(saving.at))
    });
    Ok(format!(
        "{who}, sau khi bạn mở trang này. Phần “{title}” bạn vừa sửa chưa lưu và vẫn còn nguyên dưới đây. \
         Bấm Lưu lần nữa thì phần này theo bạn, các phần khác theo bản mới"
    ))
}

/// Where to go on after an edit: to the row that was added or moved.
fn next_place(sheet: Sheet, edit: &Edit, before: &Procedure, after: &Procedure) -> String {
    let new_step = || {
        let steps = after.process.steps.iter();
        steps.enumerate().find(|(_, step)| before.process.step(&step.id).is_none()).map(|(nth, _)| nth)
    };
    let step = match edit {
        Edit::Add { what, .. } if what == "buoc" => new_step(),
        Edit::Branch { .. } => new_step(),
        Edit::Add { what, at } | Edit::Remove { what, of: at, .. } if what == "y-kien" => Some(*at),
        Edit::Shift { what, at, by } if what == "buoc" => Some(moved(*at, *by, after.process.steps.len())),
        _ => None,
    };
    if let Some(nth) = step {
        let opens = !matches!(edit, Edit::Shift { .. });
        let open = if opens { format!("?mo={}", nth + 1) } else { String::new() };
        return format!("{}{open}#buoc-{nth}", sheet.path());
    }
    match (sheet, edit) {
        (Sheet::Facts, Edit::Add { what, .. }) if what == "truong-hop" => {
            Sheet::Case(after.cases.len().saturating_sub(1)).path()
        }
        (Sheet::Case(nth), Edit::Add { what, .. }) if what == "truong-hop" => Sheet::Case(nth + 1).path(),
        (Sheet::Case(nth), Edit::Shift { what, by, .. }) if what == "truong-hop" => {
            Sheet::Case(moved(nth, *by, after.cases.len())).path()
        }
        (Sheet::Case(_), Edit::Remove { what, .. }) if what == "truong-hop" => Sheet::Facts.path(),
        (sheet, Edit::Add { what, .. }) if what == "cho" => format!("{}#luot-cho", sheet.path()),
        (sheet, _) => sheet.path(),
    }
}

fn moved(at: usize, by: Shift, n: usize) -> usize {
    match by {
        Shift::Earlier => at.saturating_sub(1),
        Shift::Later => (at + 1).min(n.saturating_sub(1)),
    }
}

/// Draws what is typed, without saving it: the fragment beside the steps.
pub(crate) async fn draw(
    State(web): State<Web>,
    _visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let saved = drafted(&web, &code_of(&place)?).await?;
    let base = base_of(&saved.draft.code);
    let fragment = match Sheet::Process.read(&saved.draft, &posted) {
        Ok(draft) => drawn(&proven(&web, draft, saved.version).await?, &base, String::new()),
        Err(unread) => {
            let why = unread.faults.first().map(|(_, message)| message.as_str()).unwrap_or_default();
            drawn(&saved, &base, format!("Chưa vẽ được phần vừa sửa: {why}. Hình dưới là bản đã lưu"))
        }
    };
    Ok(html(StatusCode::OK, &fragment))
}

macro_rules! sheet_handlers {
    ($($show:ident, $save:ident, $path:literal;)*) => {$(
        pub(crate) async fn $show(
            State(web): State<Web>,
            visitor: Visitor,
            place: Place,
            RawQuery(query): RawQuery,
        ) -> Result<Response, Failure> {
            show_sheet(&web, &visitor, &place, $path, query.as_deref()).await
        }

        pub(crate) async fn $save(
            State(web): State<Web>,
            visitor: Visitor,
            place: Place,
            posted: Posted,
        ) -> Result<Response, Failure> {
            save_sheet(&web, &visitor, &place, $path, &posted).await
        }
    )*};
}

sheet_handlers! {
    show_facts, save_facts, "";
    show_results, save_results, "ket-qua";
    show_case, save_case, "truong-hop";
    show_process, save_process, "quy-trinh";
}

/// The page of a sheet as the browser gets it.
#[cfg(test)]
pub(super) fn page_of(sheet: Sheet, draft: &Procedure, head: Head, form: FormState) -> String {
    let (shell, idem) = (Shell::sample(), new_key());
    let rendered = match sheet {
        Sheet::Facts => FactsPage { shell, head, form, content: facts::facts(draft), idem }.render(),
        Sheet::Results => ResultsPage { shell, head, form, content: results::results(draft), idem }.render(),
        Sheet::Case(nth) => {
            let content = cases::case_sheet(draft, nth, &form);
            CasePage { shell, head, form, content, idem }.render()
        }
        Sheet::Process => {
            let content = flow::flow(draft, &[], None, &form);
            let proven = Drafted { draft: draft.clone(), version: 1, findings: draft.findings() };
            let drawn = drawn(&proven, &head.base, String::new());
            FlowPage { shell, head, form, content, drawn, idem }.render()
        }
    };
    rendered.expect("the template renders")
}

#[cfg(test)]
pub(super) fn sample_head(draft: &Procedure) -> Head {
    Head {
        base: base_of(&draft.code),
        code: draft.code.to_string(),
        name: draft.name.clone(),
        title: "Quy trình".to_owned(),
        version: 1,
        saved: String::new(),
        tabs: Vec::new(),
        findings: Vec::new(),
        n_faults: 0,
        conflict: String::new(),
        here: base_of(&draft.code),
    }
}
