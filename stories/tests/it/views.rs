//! An inbox is narrowed by conditions that are taken off one by one, kept under a name, opened with, and
//! shared by who heads the place; a view is nobody else's.

use crate::browser::Browser;
use crate::lives::{COPIES, COUNTER, DIRECT, HEAD, Office, SPECIALIST, act};
use store::Engine;

pub(crate) async fn a_list_is_kept_under_a_name(engine: Engine) {
    let mut office = Office::at(engine, "2026-11-23T08:00").await;
    let mut codes = Vec::new();
    for _ in 0..2 {
        let dossier = office.open(COUNTER, COPIES, DIRECT).await;
        dossier.papers().await;
        dossier.does(COUNTER, act!(receive)).await;
        codes.push(dossier.id.clone());
    }
    office.dossier(&codes[0].clone().into(), COUNTER, COPIES).does(SPECIALIST, act!(take)).await;
    let specialist = office.installation.sign_in(SPECIALIST).await;
    conditions_are_taken_off(&specialist, &codes).await;
    let view = a_view_of_ones_own_comes_first(&specialist, &codes).await;
    let stranger = office.installation.sign_in("quay.tinh").await;
    assert_eq!(stranger.get(&view).await.status, 404, "a view is nobody else's");
    let head = office.installation.sign_in(HEAD).await;
    the_head_shares_one(&head, &specialist).await;
    office.installation.stop().await;
    office.installation.check_chains().await;
}

async fn conditions_are_taken_off(browser: &Browser, ids: &[String]) {
    let mine = browser.get("/viec?can-bo=toi&so-hoa=xong&trang-thai=in_process").await.ok();
    assert!(!mine.html().contains(&ids[1]), "the other one is in nobody's hands");
    mine.must_say(&["Tôi đang giữ", "Đã số hóa xong"]);
    let without: Vec<String> = mine
        .links()
        .into_iter()
        .filter(|link| link.starts_with("/viec?") && !link.contains("can-bo") && link.contains("so-hoa"))
        .collect();
    assert!(without.iter().any(|link| link.contains("trang-thai")), "{without:?}");
    let all = browser.get("/viec?tat-ca=1").await.ok();
    assert!(ids.iter().all(|id| all.html().contains(id)));
}

/// Gives the address of the view.
async fn a_view_of_ones_own_comes_first(browser: &Browser, ids: &[String]) -> String {
    let narrowed = browser.get("/viec?can-bo=chua-giao").await.ok();
    let form = narrowed.form("/viec/bo-loc");
    browser.submit(&form).await.refused("Đặt tên cho bộ lọc");
    browser.submit(&form.set("ten", "Chưa ai cầm")).await.ok().must_say(&["Đã lưu bộ lọc", "Chưa ai cầm"]);
    let view = browser.get("/viec").await.ok().link("/viec?loc=");
    let opened = browser.get(&view).await.ok();
    browser.submit(&opened.form("/mo-dau")).await.ok().must_say(&["Từ nay danh sách mở với bộ lọc này"]);
    let first = browser.get("/viec").await.ok();
    assert!(first.html().contains(&ids[1]) && !first.html().contains(&ids[0]), "{}", first.text());
    browser.submit(&first.form("/mo-dau")).await.ok().must_say(&["mở với mọi hồ sơ"]);
    assert!(browser.get("/viec").await.ok().html().contains(&ids[0]));
    view
}

async fn the_head_shares_one(head: &Browser, specialist: &Browser) {
    let form = head.get("/viec?han=trong-han").await.ok().form("/viec/bo-loc");
    head.submit(&form.set("ten", "Cả phòng").set("chung", "1")).await.ok();
    let shared = specialist.get("/viec").await.ok();
    shared.must_say(&["Cả phòng (chung)"]);
    let ids: Vec<String> = shared.links().into_iter().filter(|link| link.starts_with("/viec?loc=")).collect();
    let mut of_head = head.get("/viec").await.ok().links().into_iter();
    let view = of_head.find(|link| link.starts_with("/viec?loc=")).expect("his view");
    assert!(ids.contains(&view));
    let opened = specialist.get(&view).await.ok();
    assert!(!opened.has_form("/bo"), "he did not make it");
    let mut forged = opened.form("/mo-dau");
    forged.action = forged.action.replace("/mo-dau", "/bo");
    assert_eq!(specialist.submit(&forged).await.status, 403);
    head.submit(&head.get(&view).await.ok().form("/bo")).await.ok().must_say(&["Đã bỏ bộ lọc"]);
    assert!(!specialist.get("/viec").await.ok().says("Cả phòng"));
}
