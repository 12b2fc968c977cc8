//! A reorganisation on screen: filled in as a merger or pasted as the file of a decision, shown with all it would
//! do, decided, and followed until the last dossier has gone along.

use super::HERE;
use super::read::Reading;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{self, Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::unit::{Change, Place as Where, Plan};
use office::{Error, Refusal};
use rules::id::ReorganisationId;
use rules::unit::{Below, Heir, Merger, Reorganisation, ReorganisationFault};
use rules::words;
use store::unit::{Progress, Reorganising};

const LIST: &str = "/quan-tri/sap-xep";

#[derive(Debug, Template)]
#[template(path = "admin/reorganising.html")]
struct Begin {
    shell: Shell,
    form: FormState,
    idem: String,
    /// Was the form of the file sent and refused? Then it stands open.
    pasted: bool,
    units: Vec<Choice>,
    below: Vec<Kind>,
    last: Vec<Last>,
}

/// A radio with what it means.
#[derive(Debug)]
struct Kind {
    value: &'static str,
    label: &'static str,
    hint: &'static str,
}

#[derive(Debug)]
struct Last {
    href: String,
    decision: String,
    detail: String,
    is_done: bool,
}

#[derive(Debug, Template)]
#[template(path = "admin/plan.html")]
struct PlanPage {
    shell: Shell,
    form: FormState,
    idem: String,
    decision: String,
    on: String,
    /// Its day is here: it may be decided.
    is_due: bool,
    units: Vec<(&'static str, String)>,
    n_dossiers: i64,
    n_lost: i64,
    n_folders: i64,
    moved: Vec<(i64, &'static str, String)>,
    n_posts: usize,
    n_without: usize,
    posts: Vec<PostRow>,
    text: String,
}

#[derive(Debug)]
struct PostRow {
    officer: String,
    role: &'static str,
    from: String,
    /// Empty where nobody said it.
    to: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/reorganisation.html")]
struct Followed {
    shell: Shell,
    decision: String,
    on: String,
    is_done: bool,
    n_rerouted: i64,
    n_changes: usize,
}

pub(crate) async fn begin_page(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let form = FormState::default().with("ben-duoi", "chuyen").with("can-bo-theo", "1");
    render(&web, &visitor, StatusCode::OK, form, false).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
    pasted: bool,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let units = web.office.units_kept(actor).await?;
    let last = web.office.reorganisations(actor).await?;
    let page = Begin {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        pasted,
        units: units.into_iter().map(|(key, name)| Choice::new(key, name)).collect(),
        below: vec![
            Kind {
                value: "chuyen",
                label: "Chuyển nguyên sang dưới đơn vị nhận",
                hint: "Giữ tên, cán bộ và việc",
            },
            Kind {
                value: "nhap",
                label: "Kết thúc, việc về đơn vị nhận",
                hint: "Mọi phòng, bộ phận bên dưới đều kết thúc",
            },
        ],
        last: last.iter().map(line).collect(),
    };
    Ok(show_as(web, status, &page))
}

fn line(begun: &Reorganising) -> Last {
    Last {
        href: format!("{LIST}/{}", begun.id),
        decision: begun.reorganisation.decision.clone(),
        detail: format!(
            "Có hiệu lực từ {} · đã chuyển {} hồ sơ",
            words::date(begun.reorganisation.effective_on),
            begun.n_rerouted
        ),
        is_done: begun.state == Progress::Done,
    }
}

/// Fields that name the units that end.
const FROM: [&str; 3] = ["tu-1", "tu-2", "tu-3"];

/// The merger as it was typed; nothing where a field has a fault.
fn merger(reading: &mut Reading<'_>, posted: &Posted) -> Option<Merger> {
    let on = reading.needed_day("ngay");
    let from: Vec<String> = FROM
        .iter()
        .map(|name| posted.get(name))
        .filter(|key| !key.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    if from.is_empty() {
        reading.form.fault("tu-1", "Chọn ít nhất một đơn vị kết thúc");
    }
    let decision = reading.decision("quyet-dinh").to_owned();
    let into = match posted.get("thanh") {
        "" => {
            let name = posted.get("ten-moi").to_owned();
            if name.is_empty() {
                reading.form.fault("ten-moi", "Ghi tên đơn vị mới, hoặc chọn đơn vị nhận đang có");
            }
            let code = reading.chosen("ma-moi", "Ghi mã định danh, ví dụ H99.131");
            let place = posted.get("dia-danh").to_owned();
            if place.is_empty() {
                reading.form.fault("dia-danh", "Ghi địa danh in trước ngày tháng");
            }
            code.map(|code| Heir::Founded { name, code, place })
        }
        key => Some(Heir::Known(key.to_owned())),
    };
    let below = if posted.get("ben-duoi") == "nhap" { Below::Joined } else { Below::Moved };
    let officers_follow = !posted.get("can-bo-theo").is_empty();
    into.filter(|_| reading.is_sound()).map(|into| Merger {
        from,
        into,
        below,
        officers_follow,
        decision,
        on,
    })
}

/// Is it the form of the file, or the one of a merger?
fn is_pasted(posted: &Posted) -> bool {
    posted.get("kieu") == "tep"
}

/// The decision of either form; nothing where one of its fields has a fault.
async fn decided(
    web: &Web,
    visitor: &Visitor,
    reading: &mut Reading<'_>,
    posted: &Posted,
) -> Result<Option<Reorganisation>, Error> {
    if is_pasted(posted) {
        return match posted.get("tep") {
            "" => {
                reading.form.fault("tep", "Dán nội dung tệp quyết định");
                Ok(None)
            }
            text => web.office.read_decision(text).map(Some),
        };
    }
    match merger(reading, posted) {
        Some(merger) => web.office.merger_decided(&visitor.present.actor, &merger).await.map(Some),
        None => Ok(None),
    }
}

/// Shows what a decision would do. Nothing is changed.
pub(crate) async fn plan(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let pasted = is_pasted(&posted);
    let mut reading = Reading::of(&posted);
    let planned = match decided(&web, &visitor, &mut reading, &posted).await {
        Ok(Some(decided)) => Planned::of(&web, &visitor, &decided).await,
        Ok(None) => {
            return render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, reading.form, pasted).await;
        }
        Err(error) => Err(error),
    };
    match planned {
        Ok(planned) => {
            let shell = shell(&web, &visitor, HERE).await?;
            Ok(page::show(&web, &planned.page(shell, FormState::default())))
        }
        Err(error) => {
            refuse(&mut reading.form, &refused(error)?, if pasted { "tep" } else { "tu-1" });
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, reading.form, pasted).await
        }
    }
}

/// What the trees would not take, at the field it comes from.
fn refuse(form: &mut FormState, refusal: &Refusal, field: &str) {
    match refusal {
        Refusal::Reorganisation(faults) => {
            for fault in faults {
                let at = if *fault == ReorganisationFault::NoDecision && field != "tep" {
                    "quyet-dinh"
                } else {
                    field
                };
                form.fault(at, words::upper_first(&fault.to_string()));
            }
        }
        other => form.refuse(field, other),
    }
}

/// A decision with what it would do.
struct Planned {
    plan: Plan,
    text: String,
    is_due: bool,
}

impl Planned {
    async fn of(web: &Web, visitor: &Visitor, decided: &Reorganisation) -> Result<Self, Error> {
        Ok(Self {
            plan: web.office.plan_reorganisation(&visitor.present.actor, decided).await?,
            text: web.office.write_decision(decided)?,
            is_due: decided.effective_on <= web.office.clock.today(),
        })
    }

    fn page(self, shell: Shell, form: FormState) -> PlanPage {
        page_of(shell, self.plan, form, self.text, self.is_due)
    }
}

fn page_of(shell: Shell, plan: Plan, form: FormState, text: String, is_due: bool) -> PlanPage {
    let place = |place: Where| match place {
        Where::Receiving => "nơi tiếp nhận",
        Where::Competent => "cơ quan giải quyết",
        Where::Holding => "nơi đang giữ",
    };
    PlanPage {
        shell,
        form,
        idem: new_key(),
        decision: plan.decision,
        on: words::date(plan.effective_on),
        is_due,
        units: plan.units.into_iter().map(change).collect(),
        n_dossiers: plan.n_dossiers,
        n_lost: plan.n_lost,
        n_folders: plan.n_folders,
        moved: plan
            .moved
            .into_iter()
            .map(|moved| (moved.n, place(moved.place), format!("{} → {}", moved.from, moved.to)))
            .collect(),
        n_posts: plan.posts.len(),
        n_without: plan.posts.iter().filter(|post| post.to.is_none()).count(),
        posts: plan
            .posts
            .into_iter()
            .map(|post| PostRow {
                officer: post.officer,
                role: words::role(post.role),
                from: post.agency,
                to: post.to.unwrap_or_default(),
            })
            .collect(),
        text,
    }
}

fn change(change: Change) -> (&'static str, String) {
    match change {
        Change::Founded(name) => ("Thành lập", name),
        Change::Ended { name, heirs } => ("Kết thúc", format!("{name} → {}", heirs.join("; "))),
        Change::Changed { before, after } if before == after => ("Đổi cấp trên", after),
        Change::Changed { before, after } => ("Thay đổi", format!("{before} → {after}")),
        Change::Given { name, matters } => ("Nhận thẩm quyền", format!("{name}: {}", matters.join("; "))),
    }
}

/// Decides what was shown.
pub(crate) async fn decide(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let decided = web.office.read_decision(posted.get("tep"))?;
    match web.office.begin_reorganisation(&posted.by(&visitor), &decided).await {
        Ok(id) => Ok(on_to(&web, &format!("{LIST}/{id}"), "Đã áp dụng. Hồ sơ đang được chuyển dần")),
        Err(error) => {
            let mut form = FormState::default();
            refuse(&mut form, &refused(error)?, "");
            let planned = Planned::of(&web, &visitor, &decided).await?;
            let page = planned.page(shell(&web, &visitor, HERE).await?, form);
            Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// How far a reorganisation has got, as its row says it.
pub(crate) async fn follow(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: ReorganisationId = place.id("id")?;
    let begun = web.office.reorganisation(&visitor.present.actor, id).await?;
    let page = Followed {
        shell: shell(&web, &visitor, HERE).await?,
        on: words::date(begun.reorganisation.effective_on),
        is_done: begun.state == Progress::Done,
        n_rerouted: begun.n_rerouted,
        n_changes: begun.reorganisation.changes.len(),
        decision: begun.reorganisation.decision,
    };
    Ok(page::show(&web, &page))
}
