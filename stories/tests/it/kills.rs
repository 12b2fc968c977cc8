//! `kill -9` at any moment: after a new start the work goes on by itself, everything is done once, and
//! nothing that was taken is lost.

use crate::browser::Browser;
use crate::installation::{Installation, until};
use crate::page::Page;
use crate::walk::{self, AFTER_DIVORCE, CARD, DECREE, REQUEST, count_sides, mark, paper, upload};
use std::time::Duration;
use store::Engine;

/// A claim of a killed worker runs out after a minute, then there is the work itself.
const RECOVERY: Duration = Duration::from_secs(200);

pub(crate) async fn a_kill_between_upload_and_accept_loses_nothing(engine: Engine) {
    let mut office = Installation::start(engine, "").await;
    let counter = office.sign_in("quay.yenbinh").await;
    let intake = walk::open_intake(&counter, &walk::card(), AFTER_DIVORCE).await;
    upload(&counter, &intake, REQUEST, &[walk::request()]).await.ok();
    let page = counter.get(&intake).await.ok();
    let form = walk::component(&page, DECREE).form("/tep");
    // The second file is on its way in when the machine stops; whether it was taken, the page says after.
    let files = [walk::decree()];
    let (answer, ()) = tokio::join!(counter.try_upload(&form, &files), async {
        tokio::time::sleep(Duration::from_millis(40)).await;
        office.kill().await;
    });
    let was_answered = answer.is_ok_and(|page| page.status == 200);
    office.run().await;
    let counter = counter.at(&office.address);
    let page = walk::opened(&counter, &intake).await;
    assert_eq!(
        walk::component(&page, REQUEST).ids("trang-").len(),
        1,
        "the session and the intake are there"
    );
    let n_pages = walk::component(&page, DECREE).ids("trang-").len();
    assert!(n_pages == 2 || (n_pages == 0 && !was_answered), "half a file: {}", page.text());
    // An impatient officer sends the same form again: the file is there once.
    counter.upload(&form, &files).await.ok();
    let page = walk::opened(&counter, &intake).await;
    assert_eq!(walk::component(&page, DECREE).ids("trang-").len(), 2);
    count_sides(&counter, &intake, REQUEST, "1").await;
    count_sides(&counter, &intake, DECREE, "2").await;
    mark(&counter, &intake, CARD, "shown").await;

    // Killed while the dossier is being received: then it is received once, or not at all yet.
    let form = walk::receive_form(&counter, &intake).await;
    let (_, ()) = tokio::join!(counter.try_submit(&form), async {
        tokio::time::sleep(Duration::from_millis(8)).await;
        office.kill().await;
    });
    office.run().await;
    let counter = counter.at(&office.address);
    let received = counter.submit(&form).await.ok();
    assert!(received.path.starts_with("/ho-so/"), "{}", received.text());
    assert!(walk::code(&counter, &received.path).await.ends_with("-0001"));
    walk::read(&counter, &received.path, 2).await;
    once_each(&counter.get(&received.path).await.ok(), 2);
    office.stop().await;
    office.check_chains().await;
}

pub(crate) async fn kills_while_papers_are_read_and_signed_do_nothing_twice(engine: Engine) {
    let mut office = Installation::start(engine, "").await;
    let counter = office.sign_in("quay.yenbinh").await;
    let mut dossiers = Vec::new();
    let people = [(20_031, "Hà Thị Lê"), (20_032, "Bùi Thị Cam"), (20_033, "Mai Thị Hồng")];
    for (number, name) in people {
        let (n_pages, card) = (if dossiers.is_empty() { 4 } else { 1 }, walk::card_of(number, name));
        dossiers.push(two_papers(&counter, &card, n_pages).await);
    }
    // Killed while papers are read, then each time a paper was just read and is about to be signed.
    let mut browser = counter;
    for n_read in 0..4 {
        let what = format!("{n_read} papers to be read");
        until(&what, RECOVERY, || async {
            let events = events(&browser, &dossiers).await;
            let n_now = events.iter().filter(|event| event.starts_with("Đọc xong")).count();
            (n_now >= n_read).then_some(())
        })
        .await;
        tokio::time::sleep(Duration::from_millis(17 * n_read as u64)).await;
        office.kill().await;
        office.run().await;
        browser = browser.at(&office.address);
    }
    for (dossier, (number, name)) in dossiers.iter().zip(people) {
        until("every paper to be read and signed", RECOVERY, || async {
            let page = browser.get(dossier).await.ok();
            (walk::papers(&page).matches("Chờ soát trường").count() == 2).then_some(())
        })
        .await;
        let page = browser.get(dossier).await.ok();
        once_each(&page, 2);
        for review in walk::read(&browser, dossier, 2).await {
            // The papers are another's: the officer types whose they are.
            let form = browser.get(&review).await.ok().form(&review);
            let form = form.set("so-dinh-danh", &format!("038191{number:06}")).set("ho-ten", name);
            let answers = tokio::join!(browser.submit(&form), browser.submit(&form));
            assert!(answers.0.status == 200 && answers.1.status == 200, "{}", answers.0.text());
        }
        let page = browser.get(dossier).await.ok();
        let filed = walk::timeline(&page).iter().filter(|line| line.starts_with("Cấp mã số hóa")).count();
        assert_eq!(filed, 2, "{}", page.text());
        assert_eq!(walk::papers(&page).matches("mã số hóa").count(), 2, "{}", page.text());
    }
    // No job is left behind.
    let admin = office.sign_in("quantri").await;
    let jobs = admin.get("/quan-tri/viec").await.ok();
    assert!(!jobs.has_form("/thu-lai"), "a job is dead: {}", jobs.text());
    office.stop().await;
    office.check_chains().await;
}

/// A received dossier with two papers to read, the second of so many pages.
async fn two_papers(counter: &Browser, card: &str, n_pages: usize) -> String {
    let intake = walk::open_intake(counter, card, AFTER_DIVORCE).await;
    upload(counter, &intake, REQUEST, &[walk::request()]).await.ok();
    let files = vec![paper("story/dang-ky-ho-kinh-doanh.jpg"); n_pages];
    upload(counter, &intake, DECREE, &files).await.ok();
    count_sides(counter, &intake, REQUEST, "1").await;
    count_sides(counter, &intake, DECREE, &n_pages.to_string()).await;
    mark(counter, &intake, CARD, "shown").await;
    walk::receive(counter, &intake).await
}

async fn events(browser: &Browser, dossiers: &[String]) -> Vec<String> {
    let mut events = Vec::new();
    for dossier in dossiers {
        events.extend(walk::timeline(&browser.get(dossier).await.ok()));
    }
    events
}

/// Each of `n` papers was read once and signed once, and no file was lost on the way.
#[track_caller]
fn once_each(page: &Page, n: usize) {
    let events = walk::timeline(page);
    for start in ["Đọc xong", "Ký số bản số hóa"] {
        let mut done: Vec<&str> = events
            .iter()
            .filter(|event| event.starts_with(start))
            .map(|event| event.split('“').nth(1).unwrap_or_default().split('”').next().unwrap_or_default())
            .collect();
        done.sort_unstable();
        let n_done = done.len();
        done.dedup();
        assert_eq!((n_done, done.len()), (n, n), "{start}: {events:?}");
    }
}
