//! The steps that stories have in common, each done as an officer does it: open the page, fill the form
//! that stands there, send it, look at what came back.

use crate::browser::{Browser, Chosen};
use crate::installation::{Installation, testdata, until};
use crate::page::{Form, Page};
use std::time::Duration;

/// The components of the sample procedures that the stories bring papers to.
pub(crate) const REQUEST: &str = "to-khai";
pub(crate) const DECREE: &str = "ly-hon";
pub(crate) const CARD: &str = "giay-to-tuy-than";

/// How long reading and signing may take on a machine that does much else.
const READING: Duration = Duration::from_mins(4);

/// A procedure with the words it is found by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) words: &'static str,
    pub(crate) code: &'static str,
    pub(crate) case: &'static str,
}

/// Cấp Giấy xác nhận tình trạng hôn nhân, of somebody divorced.
pub(crate) const AFTER_DIVORCE: Wanted =
    Wanted { words: "xac nhan tinh trang", code: "1.004873", case: "da-ly-hon" };
/// The same of somebody who never married: one paper less.
pub(crate) const NEVER_MARRIED: Wanted =
    Wanted { words: "xac nhan tinh trang", code: "1.004873", case: "chua-ket-hon" };
/// Đăng ký kết hôn, one of the two from elsewhere.
pub(crate) const MARRIAGE: Wanted = Wanted { words: "ket hon", code: "1.000894", case: "noi-khac" };

/// A file of the test data.
pub(crate) fn paper(path: &str) -> Chosen {
    let file = testdata().join(path);
    let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let name = file.file_name().and_then(|name| name.to_str()).expect("test data has plain names");
    Chosen { name: name.to_owned(), bytes }
}

/// Her request, one page.
pub(crate) fn request() -> Chosen {
    paper("story/to-khai-xac-nhan-tinh-trang-hon-nhan.jpg")
}

/// The decree of divorce, two pages.
pub(crate) fn decree() -> Chosen {
    paper("story/quyet-dinh-ly-hon.tiff")
}

/// What the reader of identity cards types for the story's applicant.
pub(crate) fn card() -> String {
    let file = testdata().join("story/cccd-qr.txt");
    std::fs::read_to_string(file).expect("the card's text lies beside the papers").trim().to_owned()
}

/// The card of another person, so that stories do not meet: the number's last six figures, and the name.
pub(crate) fn card_of(last: u32, name: &str) -> String {
    format!("038191{last:06}||{name}|02091991|Nữ|Thôn Đông Hạ, xã Yên Thượng, tỉnh Thanh Hóa|10052022")
}

/// Opens an intake from a card and gives its address, `/quay/<id>`.
pub(crate) async fn open_intake(counter: &Browser, card: &str, wanted: Wanted) -> String {
    let desk = counter.get("/quay").await.ok();
    let read = counter.submit(&desk.form("/quay").set("the-can-cuoc", card).press("act", "the")).await.ok();
    let found =
        counter.submit(&read.form("/quay").set("tim-thu-tuc", wanted.words).press("act", "tim")).await.ok();
    let form = found.form("/quay").set("thu-tuc", wanted.code).press("act", "mo");
    let intake = counter.submit(&form).await.ok();
    assert!(intake.path.starts_with("/quay/"), "the intake is open: {}", intake.text());
    if intake.has_form("/truong-hop") {
        let form = intake.form("/truong-hop").set("truong-hop", wanted.case);
        counter.submit(&form).await.ok();
    }
    intake.path
}

/// The card of a component on an intake's page.
pub(crate) fn component(intake: &Page, component: &str) -> Page {
    intake.part("section", &format!("giay-{component}"))
}

/// Sends files to a component and waits until each is open or refused.
pub(crate) async fn upload(counter: &Browser, intake: &str, to: &str, files: &[Chosen]) -> Page {
    let page = counter.get(intake).await.ok();
    let answer = counter.upload(&component(&page, to).form("/tep"), files).await;
    opened(counter, intake).await;
    answer
}

/// Waits until no file of the intake is being opened.
pub(crate) async fn opened(counter: &Browser, intake: &str) -> Page {
    until("files to be opened", Duration::from_secs(150), || async {
        let page = counter.get(intake).await.ok();
        (!page.says("Đang mở")).then_some(page)
    })
    .await
}

/// Says how many sides of paper were scanned.
pub(crate) async fn count_sides(counter: &Browser, intake: &str, of: &str, sides: &str) -> Page {
    let page = counter.get(intake).await.ok();
    counter.submit(&component(&page, of).form("/so-mat").set("so-mat", sides)).await.ok()
}

/// Presses the mark with this value on a component's card.
pub(crate) async fn mark(counter: &Browser, intake: &str, of: &str, value: &str) -> Page {
    let page = counter.get(intake).await.ok();
    let forms = component(&page, of).forms();
    let form = forms.iter().find(|form| form.value("danh-dau") == value);
    counter.submit(form.unwrap_or_else(|| panic!("{of} cannot be marked {value}"))).await.ok()
}

/// The form that receives the dossier.
pub(crate) async fn receive_form(counter: &Browser, intake: &str) -> Form {
    counter.get(intake).await.ok().form("/tiep-nhan")
}

/// Receives and gives the dossier's address, `/ho-so/<id>`.
pub(crate) async fn receive(counter: &Browser, intake: &str) -> String {
    let page = counter.submit(&receive_form(counter, intake).await).await.ok();
    assert!(page.path.starts_with("/ho-so/"), "it is received: {}", page.text());
    page.path
}

/// A dossier of one page received for this person; gives its address.
pub(crate) async fn received(counter: &Browser, card: &str) -> String {
    let intake = open_intake(counter, card, NEVER_MARRIED).await;
    upload(counter, &intake, REQUEST, &[request()]).await.ok();
    count_sides(counter, &intake, REQUEST, "1").await;
    mark(counter, &intake, CARD, "shown").await;
    receive(counter, &intake).await
}

/// The code of a dossier as its page shows it.
pub(crate) async fn code(browser: &Browser, dossier: &str) -> String {
    let page = browser.get(dossier).await.ok();
    let heading = page.texts_of("h1").remove(0);
    heading.split(' ').next().unwrap_or_default().to_owned()
}

/// Waits until `n` papers of a dossier were read and signed; gives the addresses of their reviews.
pub(crate) async fn read(counter: &Browser, dossier: &str, n: usize) -> Vec<String> {
    until("papers to be read and signed", READING, || async {
        let page = counter.get(dossier).await.ok();
        let papers = papers(&page);
        assert!(!papers.contains("Chưa đọc được"), "a paper is stuck: {}", page.text());
        let n_read = papers.matches("Chờ soát trường").count();
        if n_read < n {
            return None;
        }
        let reviews = page.links().into_iter().filter(|link| link.starts_with("/so-hoa/"));
        Some(reviews.map(|link| link.trim_end_matches("/tep").to_owned()).collect())
    })
    .await
}

/// The part of a dossier's page that lists its papers.
pub(crate) fn papers(page: &Page) -> String {
    let html = page.html();
    let from = html.find("id=\"giay-to\"").expect("a dossier lists its papers");
    let to = html[from..].find("</ul>").map_or(html.len(), |end| from + end);
    Page { bytes: html.as_bytes()[from..to].to_vec(), ..page.clone() }.text()
}

/// The timeline of a dossier, one line an event: what, when, who.
pub(crate) fn timeline(page: &Page) -> Vec<String> {
    let html = page.html();
    let from = html.find("class=\"dong-thoi-gian\"").expect("a dossier has its timeline");
    let to = html[from..].find("</ol>").map_or(html.len(), |end| from + end);
    let list = Page { bytes: html.as_bytes()[from..to].to_vec(), ..page.clone() };
    list.texts_of("li")
}

/// Confirms every field of a paper as it is proposed, but for these.
pub(crate) async fn confirm(counter: &Browser, review: &str, corrected: &[(&str, &str)]) -> Page {
    let id = review.rsplit('/').next().unwrap_or_default();
    let mut form = counter.get(review).await.ok().form(&format!("/so-hoa/{id}"));
    for (name, value) in corrected {
        form = form.set(name, value);
    }
    counter.submit(&form).await
}

/// Takes the dossier at its present step.
pub(crate) async fn take(officer: &Browser, dossier: &str) -> Page {
    let page = officer.get(dossier).await.ok();
    officer.submit(&page.form("/nhan-viec")).await.ok()
}

/// Finishes the present step with an opinion.
pub(crate) async fn pass_on(officer: &Browser, dossier: &str, opinion: &str, to: &str) -> Page {
    let page = officer.get(dossier).await.ok();
    officer.submit(&page.form("/chuyen-buoc").set("y-kien", opinion).press("den", to)).await.ok()
}

/// Brings a dossier of 1.004873 from the head's desk to the signer's, with a draft.
pub(crate) async fn examine_and_draft(office: &Installation, dossier: &str, answers: &[(&str, &str)]) {
    let head = office.sign_in("truongphong.yenbinh").await;
    take(&head, dossier).await;
    pass_on(&head, dossier, "", "tham-dinh").await;

    let specialist = office.sign_in("chuyenvien.yenbinh").await;
    take(&specialist, dossier).await;
    pass_on(&specialist, dossier, "Đã tra cứu sổ hộ tịch, đủ điều kiện", "du-thao").await;
    take(&specialist, dossier).await;
    let draft = specialist.get(&format!("{dossier}/du-thao")).await.ok();
    let form = answers.iter().fold(draft.form("/du-thao"), |form, (name, value)| form.set(name, value));
    specialist.submit(&form).await.ok().must_say(&["Đã lưu dự thảo"]);
    pass_on(&specialist, dossier, "", "kiem-tra").await;

    take(&head, dossier).await;
    pass_on(&head, dossier, "Nhất trí với dự thảo", "ky").await;
}

/// The leader reads the draft and signs it.
pub(crate) async fn sign(office: &Installation, dossier: &str) {
    let leader = office.sign_in("lanhdao.yenbinh").await;
    let page = take(&leader, dossier).await;
    let form = page.form("/ky").press("den", "dong-dau");
    leader.submit(&form).await.ok().must_say(&["Đã phê duyệt và ký số"]);
}

/// The clerk numbers and seals; gives the sealed file.
pub(crate) async fn seal(office: &Installation, dossier: &str) -> Page {
    let clerk = office.sign_in("vanthu.yenbinh").await;
    let page = take(&clerk, dossier).await;
    let page = clerk.submit(&page.form("/dong-dau").press("den", "tra")).await.ok();
    clerk.get(&page.link("/ket-qua/")).await.ok()
}
