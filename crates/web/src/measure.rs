//! The overview of those who lead: what is late, what soon will be, what waits for them, and the same by
//! unit, officer and procedure. Every number is a link to the dossiers it counts.

pub(crate) mod behind;
pub(crate) mod giving;

use crate::Web;
use crate::access::{SEARCH, SIGNING};
use crate::dossier::alarms::N_ALARMS;
use crate::dossier::offers::GRANT;
use crate::error::Failure;
use crate::form::{encoded, new_key};
use crate::page::{Shell, html, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use behind::Wanted;
use office::measure::{Behind, DAYS_BACK, Line, Overview};
use rules::dossier::Wish;
use rules::measure::overview::{DueGroup, Tally};
use rules::people::Actor;
use rules::words;
use store::dossier::{DossierLine, alarm};
use store::measure::{Ended, Part};

/// The place of the navigation these pages belong to.
pub(crate) const PLACE: &str = "/tong-quan";

#[derive(Debug, Template)]
#[template(path = "measure/overview.html")]
struct OverviewPage {
    shell: Shell,
    /// What was referred to the one who looks.
    referred: Vec<Referred>,
    grant: &'static str,
    numbers: Numbers,
}

/// A wish that waits for the leader's answer.
#[derive(Debug)]
struct Referred {
    id: String,
    code: String,
    procedure: String,
    wish: String,
    /// Who has the dossier in hand.
    officer: String,
    due: String,
    at: String,
    idem: String,
}

impl Referred {
    fn of(line: &DossierLine) -> Option<Self> {
        let dossier = &line.dossier;
        let referral = dossier.referral()?;
        // The papers stand by their names on the dossier's page.
        let named = |component: &str| component.to_owned();
        let wish = match &referral.wish {
            Wish::PutOff { .. } => words::referral(referral, named),
            Wish::AskAgain { items } => {
                let asked: Vec<&str> = items.iter().map(|item| item.what.as_str()).collect();
                format!("yêu cầu bổ sung lần nữa ({}). Lý do: {}", asked.join("; "), referral.reason)
            }
        };
        Some(Self {
            id: dossier.id.to_string(),
            code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
            procedure: line.procedure_name.clone(),
            wish: words::upper_first(&wish),
            officer: line.officer_name.clone().unwrap_or_default(),
            due: dossier.due.map(|due| words::date(due.on)).unwrap_or_default(),
            at: referral.at.to_string(),
            idem: new_key(),
        })
    }
}

/// Everything that changes while the page is open; a fragment of its own.
#[derive(Debug, Template)]
#[template(path = "measure/_numbers.html")]
struct Numbers {
    /// When these numbers were read.
    read_at: String,
    /// What the numbers come to, in a sentence.
    told: String,
    groups: Vec<Tile>,
    waiting: Vec<Tile>,
    tables: Vec<Table>,
    days_back: i64,
}

#[derive(Debug)]
struct Tile {
    label: &'static str,
    icon: &'static str,
    tone: &'static str,
    n: String,
    href: String,
    /// What to do about it.
    hint: &'static str,
}

#[derive(Debug)]
struct Table {
    id: &'static str,
    title: &'static str,
    /// The head of the first column.
    of: &'static str,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: String,
    open: Number,
    late: Number,
    today: Number,
    near: Number,
    stopped: Number,
    settled: Number,
    late_settled: Number,
    median: String,
    in_time: String,
}

/// A number with the way to what it counts; nothing is behind 0.
#[derive(Debug)]
struct Number {
    n: u64,
    href: String,
}

pub(crate) async fn show_overview(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let numbers = numbers(&web, &visitor).await?;
    let referred = web.office.referred_to(&visitor.present.actor).await?;
    let referred = referred.iter().filter_map(Referred::of).collect();
    let page = OverviewPage { shell: shell(&web, &visitor, PLACE).await?, referred, grant: GRANT, numbers };
    Ok(show(&web, &page))
}

/// The numbers alone, read again while the page stays open.
pub(crate) async fn show_numbers(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    Ok(html(StatusCode::OK, &numbers(&web, &visitor).await?))
}

async fn numbers(web: &Web, visitor: &Visitor) -> Result<Numbers, Failure> {
    let actor = &visitor.present.actor;
    let overview = web.office.overview(actor).await?;
    let Overview { look, all, by_unit, by_officer, by_procedure } = overview;
    let table =
        |id, title, of, lines: &[Line]| Table { id, title, of, rows: lines.iter().map(row).collect() };
    let mut tables = vec![
        table("theo-can-bo", "Theo cán bộ", "Cán bộ", &by_officer),
        table("theo-thu-tuc", "Theo thủ tục", "Thủ tục", &by_procedure),
    ];
    // One unit alone has the numbers of the top of the page.
    if by_unit.len() > 1 {
        tables.insert(0, table("theo-don-vi", "Theo đơn vị", "Đơn vị", &by_unit));
    }
    Ok(Numbers {
        read_at: words::moment(look.now),
        told: told(&all),
        groups: groups(&all),
        waiting: waiting(web, actor).await?,
        tables,
        days_back: DAYS_BACK,
    })
}

/// What the numbers come to: what is late first.
fn told(all: &Tally) -> String {
    let n = |group| all.n(group);
    let late = match n(DueGroup::Overdue) {
        0 => "Không có hồ sơ nào quá hạn".to_owned(),
        late => format!("{late} hồ sơ quá hạn"),
    };
    let soon = match (n(DueGroup::Today), n(DueGroup::Near)) {
        (0, 0) => "không có hồ sơ nào đến hạn trong 3 ngày làm việc tới".to_owned(),
        (today, near) => format!("{today} đến hạn hôm nay, {near} đến hạn trong 3 ngày làm việc tới"),
    };
    format!("{late}; {soon}. Tất cả {} hồ sơ đang giải quyết.", all.n_open())
}

fn href(part: &Part, behind: Behind) -> String {
    format!("{PLACE}/ho-so{}", Wanted { part: part.clone(), behind, page: 1 }.query())
}

fn groups(all: &Tally) -> Vec<Tile> {
    let tile = |group, label, icon, tone, hint| Tile {
        label,
        icon,
        tone,
        n: all.n(group).to_string(),
        href: href(&Part::default(), Behind::Open(Some(group))),
        hint,
    };
    let bad = if all.n(DueGroup::Overdue) > 0 { "bad" } else { "" };
    let warn = if all.n(DueGroup::Today) > 0 { "warn" } else { "" };
    vec![
        tile(DueGroup::Overdue, "Quá hạn", "circle-slash", bad, "giao lại, đôn đốc, xin lỗi"),
        tile(DueGroup::Today, "Đến hạn hôm nay", "clock-alert", warn, "phải trả trong hôm nay"),
        tile(DueGroup::Near, "Còn 3 ngày", "clock", "", "đến hạn trong 3 ngày làm việc tới"),
        tile(DueGroup::Later, "Còn lâu hơn", "list-checks", "", "trong hạn"),
        tile(DueGroup::Stopped, "Tạm dừng", "circle-pause", "", "thời hạn không chạy"),
    ]
}

/// What waits for the one who looks, with the page where he does it: each number is that of its list.
async fn waiting(web: &Web, actor: &Actor) -> Result<Vec<Tile>, Failure> {
    let tile = |label, icon, tone, n: usize, href: &str, hint| Tile {
        label,
        icon,
        tone,
        n: n.to_string(),
        href: href.to_owned(),
        hint,
    };
    let mut tiles = Vec::new();
    if SIGNING.admits(actor) {
        let papers = web.office.papers_to_sign(actor).await?.len();
        tiles.push(tile("Chờ ký, đóng dấu", "signature", "", papers, "/ky", "mở danh sách ký"));
    }
    let mine = crate::dossier::inbox::n_mine(web, actor).await?;
    let hint = "bước của bạn: giao việc, duyệt, xét lại";
    tiles.push(tile("Chờ bạn xử lý", "list-checks", "", mine, "/viec?tat-ca=1", hint));
    let openings = web.office.glass_to_review(actor).await?;
    if openings > 0 {
        let hint = "hồ sơ mở khẩn cấp: xem có đúng mục đích không";
        tiles.push(tile("Chờ xem xét", "eye", "warn", openings, "/mo-khan-cap", hint));
    }
    if SEARCH.admits(actor) {
        let sight = actor.sight();
        let alarms = alarm::open(&mut web.office.db.read().await?, &sight, N_ALARMS).await?.len();
        let tone = if alarms > 0 { "warn" } else { "" };
        let hint = "hồ sơ không người giữ hoặc trễ bước";
        tiles.push(tile("Báo động", "triangle-alert", tone, alarms, "/bao-dong", hint));
    }
    Ok(tiles)
}

fn row(line: &Line) -> Row {
    let tally = &line.tally;
    let open = |group| Number { n: tally.n(group), href: href(&line.part, Behind::Open(Some(group))) };
    Row {
        name: line.name.clone(),
        open: Number { n: tally.n_open(), href: href(&line.part, Behind::Open(None)) },
        late: open(DueGroup::Overdue),
        today: open(DueGroup::Today),
        near: open(DueGroup::Near),
        stopped: open(DueGroup::Stopped),
        settled: Number { n: tally.n_settled(), href: href(&line.part, Behind::Settled(Ended::All)) },
        late_settled: Number { n: tally.n_late(), href: href(&line.part, Behind::Settled(Ended::Late)) },
        median: tally.median_hours().map(days).unwrap_or_default(),
        in_time: tally.percent_in_time().map(|percent| format!("{percent}%")).unwrap_or_default(),
    }
}

/// `1,4 ngày`: hours as days with one decimal.
fn days(hours: u32) -> String {
    let tenths = (hours * 10 + 12) / 24;
    format!("{},{} ngày", tenths / 10, tenths % 10)
}

/// The address of a page of the list that keeps what it is narrowed by.
fn query(parts: &[(&str, String)]) -> String {
    let kept = parts.iter().filter(|(_, value)| !value.is_empty());
    let kept: Vec<String> = kept.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::{days, told};
    use rules::measure::overview::{DueGroup, Tally};

    #[test]
    fn hours_are_told_as_days() {
        assert_eq!(
            [0, 1, 24, 34, 240].map(days),
            ["0,0 ngày", "0,0 ngày", "1,0 ngày", "1,4 ngày", "10,0 ngày"]
        );
    }

    #[test]
    fn what_is_late_is_told_first() {
        let mut all = Tally::default();
        assert_eq!(
            told(&all),
            "Không có hồ sơ nào quá hạn; không có hồ sơ nào đến hạn trong 3 ngày làm việc tới. \
             Tất cả 0 hồ sơ đang giải quyết."
        );
        all.add_open(DueGroup::Overdue, 2);
        all.add_open(DueGroup::Near, 5);
        all.add_open(DueGroup::Stopped, 1);
        assert_eq!(
            told(&all),
            "2 hồ sơ quá hạn; 0 đến hạn hôm nay, 5 đến hạn trong 3 ngày làm việc tới. \
             Tất cả 8 hồ sơ đang giải quyết."
        );
    }
}
