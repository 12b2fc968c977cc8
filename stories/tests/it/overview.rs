//! Who leads sees numbers, and behind each exactly the dossiers it counts; gives dossiers to somebody from
//! there, each told by itself. A leader of the level above sees numbers, and no papers.

use crate::installation::Installation;
use crate::lives::{ALLOWANCE, COPIES, COUNTER, DIRECT, HEAD, LEADER, Office, SPECIALIST, YEN_BINH, act};
use crate::page::Page;
use serde_json::Value;
use store::Engine;

pub(crate) async fn a_number_leads_to_the_dossiers_it_counts(engine: Engine) {
    let mut office = Office::at(engine, "2026-11-23T08:00").await;
    for wanted in [COPIES, COPIES, ALLOWANCE] {
        let dossier = office.open(COUNTER, wanted, DIRECT).await;
        dossier.papers().await;
        dossier.does(COUNTER, act!(receive)).await;
        if wanted.procedure == COPIES.procedure {
            dossier.does(SPECIALIST, act!(take)).await;
        }
    }
    let settled = office.open(COUNTER, COPIES, DIRECT).await;
    settled.papers().await;
    settled.does(COUNTER, act!(receive)).await;
    settled.settled(YEN_BINH).await;
    office.clock("2026-11-25T09:00").await;
    for login in [HEAD, LEADER] {
        every_number_is_true(&office.installation, login).await;
    }
    dossiers_are_given_from_the_list(&office).await;
    let browser = office.installation.sign_in(SPECIALIST).await;
    assert_eq!(browser.get("/tong-quan").await.status, 403, "who leads nobody has no overview");
    office.installation.stop().await;
    office.installation.check_chains().await;
}

/// The links of a page of numbers, each with its number.
fn numbers_of(page: &Page) -> Vec<(String, usize)> {
    let html = page.html();
    html.match_indices("href=\"/tong-quan/ho-so")
        .map(|(at, _)| {
            let rest = &html[at + "href=\"".len()..];
            let (href, rest) = rest.split_once('"').expect("an address ends");
            let inner =
                rest.split_once('>').and_then(|(_, inner)| inner.split_once("</a>")).expect("a link").0;
            let number = inner.split_once("<b class=\"num\">").map_or(inner, |(_, number)| number);
            let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
            (href.replace("&#38;", "&").replace("&amp;", "&"), digits.parse().expect("a number"))
        })
        .collect()
}

async fn every_number_is_true(installation: &Installation, login: &str) {
    let browser = installation.sign_in(login).await;
    let page = browser.get("/tong-quan").await.ok();
    let numbers = numbers_of(&page);
    assert!(numbers.iter().filter(|(_, n)| *n > 0).count() > 5, "there is something to count: {numbers:?}");
    let mut kinds = [0; 2];
    for (href, n) in numbers {
        let list = browser.get(&href).await.ok();
        let rows = list.html().matches("<td data-label=\"Hồ sơ\">").count();
        assert_eq!(rows, n, "{href}: {}", list.text());
        if n > 0 {
            list.must_say(&[&format!("1–{n} trong {n} hồ sơ")]);
        }
        kinds[usize::from(href.contains("loai=da-xong"))] += n;
    }
    assert!(kinds.iter().all(|n| *n > 0), "open and settled ones: {kinds:?}");
    let again = browser.get("/tong-quan/so-lieu").await.ok();
    assert!(!again.html().contains("<html"), "the part that is read again is no whole page");
    assert_eq!(numbers_of(&again).len(), numbers_of(&page).len());
}

async fn dossiers_are_given_from_the_list(office: &Office) {
    let browser = office.installation.sign_in(HEAD).await;
    let list = browser.get("/tong-quan/ho-so").await.ok();
    let form = list.form("/tong-quan/giao");
    browser.submit(&form).await.refused("Chọn ít nhất một hồ sơ").must_say(&["Chọn người nhận", "Ghi lý do"]);
    let officer = |id: Value| id.as_str().expect("ids are text").to_owned();
    let taker = officer(office.id_of(SPECIALIST).await);
    let ids: Vec<String> = form.choices("ho-so").into_iter().map(ToOwned::to_owned).collect();
    assert!(ids.len() >= 2, "{ids:?}: {}", list.html());
    let filled = form.set("ho-so", &ids[0]).set("ho-so", &ids[1]).set("giao-cho", &taker);
    let filled = filled.set("giao-ly-do", "Cân đối việc trong tuần");
    let given = browser.submit(&filled).await.ok();
    given.must_say(&["Giao hồ sơ: 2 xong"]);
    let twice = browser.submit(&filled).await.ok();
    assert_eq!(twice.texts_of("h1"), given.texts_of("h1"), "sent twice, each is given once");
    let held = browser.get(&format!("/tong-quan/ho-so?can-bo={taker}")).await.ok();
    assert!(held.html().contains(&ids[0]) || held.html().contains(&ids[1]), "{}", held.text());
    // Somebody who cannot do the step: each dossier is refused by itself, in words.
    let fresh = browser.get("/tong-quan/ho-so").await.ok().form("/tong-quan/giao");
    let unfit = officer(office.id_of(COUNTER).await);
    let sent = fresh.set("ho-so", &ids[0]).set("giao-ly-do", "Thử").forge("giao-cho", &unfit);
    browser.submit(&sent).await.ok().must_say(&["0 xong, 1 không"]);
}
