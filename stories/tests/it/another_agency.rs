//! Who has nothing to do with a dossier learns nothing of it, not even that it is there; and nobody acts
//! in another's name.

mod strangers;

use crate::browser::{Browser, Chosen, encoded};
use crate::installation::Installation;
use crate::page::Page;
use crate::walk::{self, CARD, NEVER_MARRIED, REQUEST, count_sides, mark, upload};
use store::Engine;

/// A name and other words with which an attacker tries to run a script in the officers' browsers.
const SCRIPT: &str = "<script>alert(1)</script>";
const IN_ATTRIBUTE: &str = "\" autofocus onfocus=\"alert(2)";

/// The addresses of one dossier and of all that belongs to it.
#[derive(Debug)]
struct Addresses {
    dossier: String,
    intake: String,
    page: String,
    record: String,
    entry: String,
    result: String,
    /// An intake that was not received.
    open_intake: String,
}

pub(crate) async fn another_agency_sees_nothing(engine: Engine) {
    let mut office = Installation::start(engine, "").await;
    let counter = office.sign_in("quay.yenbinh").await;
    let there = bring_it_about(&office, &counter).await;
    let own = opened_by_its_officers(&counter, &there).await;
    others_find_nothing(&office, &there, &own).await;
    strangers::are_led_to_sign_in(&office, &own).await;
    strangers::cannot_send_forms(&office, &counter).await;
    nothing_runs(&office, &counter).await;
    strangers::cannot_plant_a_session(&office).await;
    strangers::cannot_guess_passwords(&office).await;
    office.stop().await;
    office.check_chains().await;
}

/// A dossier with a page, a confirmed paper and a sealed result.
async fn bring_it_about(office: &Installation, counter: &Browser) -> Addresses {
    let intake = walk::open_intake(counter, &walk::card(), NEVER_MARRIED).await;
    upload(counter, &intake, REQUEST, &[walk::request()]).await.ok();
    let page = walk::component(&counter.get(&intake).await, REQUEST).ids("trang-").remove(0);
    count_sides(counter, &intake, REQUEST, "1").await;
    mark(counter, &intake, CARD, "shown").await;
    let dossier = walk::receive(counter, &intake).await;
    let record = walk::read(counter, &dossier, 1).await.remove(0);
    walk::confirm(counter, &record, &[]).await.ok();
    walk::examine_and_draft(office, &dossier, &[]).await;
    walk::sign(office, &dossier).await;
    walk::seal(office, &dossier).await;
    let result = counter.get(&dossier).await.ok().link("/ket-qua/");
    let found = counter.get("/kho?q=nguyen+thi+ngoan").await.ok();
    let person = counter.get(&found.link("/kho/nguoi/")).await.ok();
    let entry = person.links().into_iter().find(|link| link.starts_with("/kho/") && link.ends_with("/tep"));
    let open_intake = walk::open_intake(counter, &walk::card_of(20_021, "Phạm Thị Lựu"), NEVER_MARRIED).await;
    Addresses {
        intake,
        page: format!("/trang/{page}"),
        record,
        entry: entry.expect("her papers are listed"),
        result,
        open_intake,
        dossier,
    }
}

impl Addresses {
    /// Everything that can be looked at.
    fn looked_at(&self) -> Vec<String> {
        let (dossier, record, page) = (&self.dossier, &self.record, &self.page);
        let entry = self.entry.trim_start_matches("/kho/").trim_end_matches("/tep");
        vec![
            dossier.clone(),
            format!("{dossier}/giay-tiep-nhan"),
            format!("{dossier}/qua-trinh"),
            format!("{dossier}/du-thao"),
            format!("{dossier}/kho/{entry}"),
            self.intake.clone(),
            self.open_intake.clone(),
            format!("{}/giay/{REQUEST}", self.open_intake),
            record.clone(),
            format!("{record}/tep"),
            format!("{record}/anh/0"),
            format!("{page}/nho"),
            format!("{page}/anh"),
            self.result.clone(),
            self.entry.clone(),
        ]
    }

    /// Every act, with fields that would do if it were one's own.
    fn acts(&self) -> Vec<(String, Vec<(&'static str, String)>)> {
        let (dossier, intake, open) = (&self.dossier, &self.intake, &self.open_intake);
        let entry = self.entry.trim_start_matches("/kho/").trim_end_matches("/tep").to_owned();
        let page = self.page.trim_start_matches("/trang/").to_owned();
        let card = format!("{open}/giay/{REQUEST}");
        let field = |name, value: &str| vec![(name, value.to_owned())];
        vec![
            (format!("{open}/truong-hop"), field("truong-hop", "da-ly-hon")),
            (format!("{open}/tiep-nhan"), Vec::new()),
            (format!("{open}/tu-choi"), [field("ly-do", "other"), field("giai-thich", "x")].concat()),
            (format!("{intake}/du-bo-sung"), Vec::new()),
            (format!("{card}/trang"), field("act", &format!("rotate:{page}"))),
            (format!("{card}/hoan-tac"), Vec::new()),
            (format!("{card}/so-mat"), field("so-mat", "1")),
            (format!("{card}/danh-dau"), field("danh-dau", "missing")),
            (format!("{card}/dung-lai"), field("giay", &entry)),
            (format!("{card}/van-yeu-cau"), [field("giay", &entry), field("ly-do", "x")].concat()),
            (format!("{dossier}/nhan-viec"), Vec::new()),
            (format!("{dossier}/chuyen-buoc"), field("den", "tham-dinh")),
            (format!("{dossier}/tra-lai"), [field("ve", "du-thao"), field("ly-do-tra", "x")].concat()),
            (format!("{dossier}/bo-sung"), [field("giay", REQUEST), field("buoc", "gui")].concat()),
            (format!("{dossier}/nhap/du-thao"), field("purpose", "x")),
            (format!("{dossier}/nhap/bo-sung/bo"), Vec::new()),
            (format!("{dossier}/giu/du-thao"), Vec::new()),
            (format!("{dossier}/soan-tiep/du-thao"), field("ly-do", "x")),
            (format!("{dossier}/ghi-chu"), field("ghi-chu", "x")),
            (format!("{dossier}/ghi-chu/{}/gach", uuid::Uuid::new_v4()), Vec::new()),
            (format!("{dossier}/viec/rut"), field("ly-do", "x")),
            (format!("{dossier}/viec/tam-dung"), field("ly-do", "x")),
            (format!("{dossier}/viec/dung-han"), field("ly-do", "x")),
            (format!("{dossier}/viec/chuyen-ho-so"), Vec::new()),
            (format!("{dossier}/thu-phi"), [field("so-tien", "1"), field("bien-lai", "x")].concat()),
            (format!("{dossier}/thu-phi/man-hinh"), field("viec", "hien")),
            (format!("{dossier}/du-thao"), field("purpose", "x")),
            (format!("{dossier}/ky"), [field("ban-da-doc", "x"), field("den", "dong-dau")].concat()),
            (format!("{dossier}/dong-dau"), field("den", "tra")),
            (
                format!("{dossier}/tra-ket-qua"),
                [field("cach-tra", "quay"), field("so-giay-to", "038191004627")].concat(),
            ),
            (self.record.clone(), field("trich-yeu", "x")),
            (format!("{}/doc-lai", self.record), Vec::new()),
        ]
    }
}

/// What is refused to others is there for its own officers: the test would else prove nothing.
async fn opened_by_its_officers(counter: &Browser, there: &Addresses) -> Vec<String> {
    for address in there.looked_at() {
        let page = counter.get(&address).await;
        assert_eq!(
            page.status,
            200,
            "{address}: {}",
            if page.bytes.len() < 20_000 { page.text() } else { String::new() }
        );
    }
    there.looked_at()
}

async fn others_find_nothing(office: &Installation, there: &Addresses, own: &[String]) {
    for login in ["quay.thacmay", "chuyenvien.thacmay", "lanhdao.thacmay", "vanthu.congan"] {
        let other = office.sign_in(login).await;
        for address in own {
            let page = other.look(address).await;
            let is_hidden = match page.status {
                404 => true,
                // Whoever has not even the role is told of the role, and of nothing else.
                403 => page.says("Trang này dành cho vai"),
                _ => false,
            };
            assert!(is_hidden, "{login} sees {address}: {}", page.status);
            assert!(!page.text().contains("Ngoãn"), "{login} reads her name at {address}");
        }
        let csrf = other.get("/tai-khoan").await.ok().form("/dang-xuat").value("csrf").to_owned();
        for (address, fields) in there.acts() {
            let key = uuid::Uuid::new_v4().simple().to_string();
            let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
            let body =
                encoded([("csrf", csrf.as_str()), ("idempotency_key", &key)].into_iter().chain(fields));
            let page = other.post_raw(&address, body, &[]).await;
            assert!(
                page.status == 404 || (page.status == 403 && page.says("Trang này dành cho vai")),
                "{login} acts on {address}: {} {}",
                page.status,
                page.text()
            );
        }
        let found = other.get("/tim?q=nguyen+thi+ngoan").await.ok();
        let links = found.links();
        assert!(
            !links.iter().any(|link| link.contains("/ho-so/") || link.ends_with("/tep")),
            "{login}: {links:?}"
        );
    }
    // Uploading to another's intake.
    let other = office.sign_in("quay.thacmay").await;
    let own_intake = walk::open_intake(&other, &walk::card_of(20_022, "Vàng Thị Dợ"), NEVER_MARRIED).await;
    let mut form = walk::component(&other.get(&own_intake).await.ok(), REQUEST).form("/tep");
    form.action = format!("{}/giay/{REQUEST}/tep", there.open_intake);
    let page = other.upload(&form, &[walk::request()]).await;
    assert_eq!(page.status, 404, "{}", page.text());
}

/// What people typed comes back as text, and what they sent is served as what it is.
async fn nothing_runs(office: &Installation, counter: &Browser) {
    let name = format!("Trần {SCRIPT} Thị Mơ");
    let desk = counter.get("/quay").await.ok();
    let typed = desk
        .form("/quay")
        .set("so-dinh-danh", "038191020023")
        .set("ho-ten", &name)
        .set("ngay-sinh", "2/9/1991")
        .set("gioi-tinh", "nu")
        .set("dia-chi", &format!("Thôn {IN_ATTRIBUTE}"))
        .set("tim-thu-tuc", "1.004873");
    let found = counter.submit(&typed.press("act", "tim")).await.ok();
    harmless(&found, &[IN_ATTRIBUTE, "<script>alert"]);
    let form = found.form("/quay").set("thu-tuc", "1.004873").press("act", "mo");
    let intake = counter.submit(&form).await.ok();
    harmless(&intake, &["alert(1)"]);
    let intake = intake.path;
    let page = counter.get("/quay?x=%22%3E%3Cscript%3E").await.ok();
    harmless(&page, &[]);
    let page = counter.get("/quay/thu-tuc?tim-thu-tuc=%3Cscript%3Ealert(1)%3C/script%3E").await.ok();
    harmless(&page, &["<script>alert(1)</script>"]);
    harmless(
        &counter.get("/tim?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.ok(),
        &["\"><script>alert(1)"],
    );

    let web_page =
        Chosen { name: format!("{SCRIPT}.jpg"), bytes: b"<html><script>alert(3)</script>".to_vec() };
    let named = Chosen { name: format!("{IN_ATTRIBUTE}.jpg"), ..walk::request() };
    let answer = upload(counter, &intake, REQUEST, &[web_page, named]).await;
    assert_eq!(answer.status, 422, "a page of the web is no picture: {}", answer.text());
    let page = counter.get(&intake).await.ok();
    harmless(&page, &["script>.jpg"]);
    assert_eq!(walk::component(&page, REQUEST).ids("trang-").len(), 1, "the picture is kept");
    count_sides(counter, &intake, REQUEST, "1").await;
    mark(counter, &intake, CARD, "shown").await;
    let dossier = walk::receive(counter, &intake).await;
    let record = walk::read(counter, &dossier, 1).await.remove(0);
    harmless(&counter.get(&record).await.ok(), &[]);
    walk::confirm(counter, &record, &[("trich-yeu", SCRIPT), ("noi-cap", IN_ATTRIBUTE)]).await.ok();
    walk::examine_and_draft(office, &dossier, &[("purpose", SCRIPT)]).await;
    let leader = office.sign_in("lanhdao.yenbinh").await;
    let page = walk::take(&leader, &dossier).await;
    let back = page.form("/tra-lai").set("ve", "du-thao").set("ly-do-tra", SCRIPT);
    harmless(&leader.submit(&back).await.ok(), &[SCRIPT]);
    harmless(&counter.get(&dossier).await.ok(), &[SCRIPT]);
    harmless(&counter.get("/so-hoa").await.ok(), &[]);
}

/// A page on which the attacker's words may stand as text, and nowhere else.
#[track_caller]
fn harmless(page: &Page, said: &[&str]) {
    let html = page.html();
    for script in ["<script>alert", "onfocus=\"alert"] {
        assert!(!html.contains(script), "`{script}` stands in {}", page.path);
    }
    for words in said {
        let in_fields = page.forms().iter().any(|form| form.sent().any(|(_, value)| value.contains(words)));
        assert!(in_fields || page.says(words), "{} should show `{words}`: {}", page.path, page.text());
    }
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{}", page.path);
    assert!(page.header("content-security-policy").contains("script-src 'self'"), "{}", page.path);
}
