//! A page asks the database as often for many rows as for few.

use crate::installation::Installation;
use crate::lives::{CLERK, COPIES, COUNTER, Dossier, HEAD, LEADER, Office, SPECIALIST, YEN_BINH, act};
use serde_json::json;
use store::Engine;

const FEW: u32 = 2;
const MANY: u32 = 12;

/// Lists, each before an officer whose rows grow. Whose repository it is takes the place of `*`.
const PAGES: [(&str, &str); 9] = [
    (COUNTER, "/quay"),
    (SPECIALIST, "/viec"),
    (HEAD, "/viec"),
    (LEADER, "/ky"),
    (CLERK, "/ky"),
    (HEAD, "/tong-quan"),
    (HEAD, "/tong-quan/ho-so"),
    (COUNTER, "/tim?q=ngoan"),
    (COUNTER, "/kho/nguoi/*"),
];

pub(crate) async fn a_page_asks_as_often_for_many_rows_as_for_few(engine: Engine) {
    let mut office = Office::at(engine, "2026-11-23T08:00").await;
    let (mut few, mut many) = (Vec::new(), Vec::new());
    let first = fill(&office, 0, FEW).await;
    send_to_and_fro(&first, 1).await;
    office.api.page(COUNTER, "/quay").await;
    for (login, page) in PAGES {
        few.push(opened(&office, login, page).await);
    }
    few.push(opened(&office, COUNTER, &format!("/ho-so/{}", first.id)).await);
    fill(&office, FEW, MANY).await;
    send_to_and_fro(&first, 3).await;
    for (login, page) in PAGES {
        many.push(opened(&office, login, page).await);
    }
    many.push(opened(&office, COUNTER, &format!("/ho-so/{}", first.id)).await);
    let pages = PAGES.iter().map(|(_, page)| *page).chain(["/ho-so/*"]);
    for (page, (few, many)) in pages.zip(few.into_iter().zip(many)) {
        // The overview says larger numbers, not more of them.
        let has_more = page == "/tong-quan" || many.n_bytes > few.n_bytes + 200;
        assert!(has_more, "{page} has more to show: {few:?}, {many:?}");
        // A search that finds enough among whole words does not look for beginnings.
        assert!((1..=few.n_statements).contains(&many.n_statements), "{page}: {few:?}, {many:?}");
    }
    office.installation.stop().await;
    office.installation.check_chains().await;
}

/// What a page asked and gave.
#[derive(Debug)]
struct Opened {
    n_statements: u64,
    n_bytes: usize,
}

async fn opened(office: &Office, login: &str, page: &str) -> Opened {
    let page = match page.split_once('*') {
        Some((before, _)) => format!("{before}{}", holder(office).await),
        None => page.to_owned(),
    };
    let route = route_of(&page);
    let before = n_statements(&office.installation, &route).await;
    let n_bytes = office.api.page(login, &page).await.len();
    Opened { n_statements: n_statements(&office.installation, &route).await - before, n_bytes }
}

/// The address as the table of routes has it.
fn route_of(page: &str) -> String {
    let path = page.split('?').next().unwrap_or(page);
    match path.rsplit_once('/') {
        Some((before, last)) if last.len() == 36 => format!("{before}/{{id}}"),
        _ => path.to_owned(),
    }
}

async fn n_statements(installation: &Installation, route: &str) -> u64 {
    let metrics = installation.browser().get("/metrics").await.ok();
    let name = format!("motcua_request_statements_total{{route=\"{route}\"}} ");
    let line = metrics.html().lines().find_map(|line| line.strip_prefix(&name));
    line.map_or(0, |number| number.parse().expect("a counter is a number"))
}

/// The person all of whose copies were sealed.
async fn holder(office: &Office) -> String {
    let counter = office.installation.sign_in(COUNTER).await;
    let found = counter.get("/tim?q=nhan").await.ok();
    found.link("/kho/nguoi/").trim_start_matches("/kho/nguoi/").to_owned()
}

/// Dossiers from the `from`-th to the `to`-th of each kind: at the counter, with the specialist, before the
/// leader, before the clerk, and sealed for one and the same person. Gives the first that lies with the
/// specialist.
async fn fill(office: &Office, from: u32, to: u32) -> Dossier {
    let mut first = None;
    for n in from..to {
        open(office, 100_000 + n, "Nguyễn Thị Ngoãn").await;
        let with_specialist = received(office, 200_000 + n, "Nguyễn Thị Ngoãn").await;
        let with_leader = received(office, 300_000 + n, "Nguyễn Thị Ngoãn").await;
        submitted(&with_leader).await;
        let with_clerk = received(office, 400_000 + n, "Nguyễn Thị Ngoãn").await;
        submitted(&with_clerk).await;
        with_clerk.does(LEADER, act!(take)).await;
        let read = with_clerk.get("result").await["sha256"].clone();
        with_clerk.does(LEADER, act!(sign, read_sha256: read, to: "dong-dau")).await;
        let sealed = received(office, 500_000, "Trần Văn Nhàn").await;
        sealed.settled(YEN_BINH).await;
        first.get_or_insert(with_specialist);
    }
    first.expect("there are some")
}

async fn open(office: &Office, last: u32, name: &str) -> Dossier {
    let applicant = json!({
        "number": format!("038191{last}"), "name": format!("{name} {last}"), "born_on": "2/9/1991",
        "sex": "nu", "address": "Thôn Đông Hạ", "phone": "",
    });
    let new = json!({ "applicant": applicant, "procedure": COPIES.procedure });
    let opened = office.api.post(COUNTER, "/dossiers", &new).await;
    office.dossier(&opened["id"], COUNTER, COPIES)
}

async fn received(office: &Office, last: u32, name: &str) -> Dossier {
    let dossier = open(office, last, name).await;
    dossier.papers().await;
    dossier.does(COUNTER, act!(receive)).await;
    dossier
}

async fn submitted(dossier: &Dossier) {
    dossier.does(SPECIALIST, act!(take)).await;
    dossier.drafted(SPECIALIST, None).await;
    dossier.does(SPECIALIST, act!(finish_step, to: "ky")).await;
}

/// Makes the timeline long: drafted, and sent back three times.
async fn send_to_and_fro(dossier: &Dossier, times: u32) {
    for _ in 0..times {
        submitted(dossier).await;
        dossier.does(LEADER, act!(take)).await;
        dossier.does(LEADER, act!(send_back, to: "du-thao", reason: "sai tên")).await;
    }
}
