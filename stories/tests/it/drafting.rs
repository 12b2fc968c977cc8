//! Two windows on one draft of a procedure: what was typed into one is never lost and never put over
//! another case, and a button does what it says once.

use crate::browser::{Browser, Chosen};
use crate::installation::Installation;
use crate::page::{Form, Page};
use store::Engine;

const BASE: &str = "/quan-tri/thu-tuc/1.001612";

pub(crate) async fn two_windows_on_one_draft(engine: Engine) {
    let mut office = Installation::start_at(engine, "2026-11-23T08:00").await;
    let (one, other) = (office.sign_in("quantri").await, office.sign_in("quantri").await);
    each_button_has_a_key_of_its_own(&one).await;
    a_case_that_moved_keeps_what_was_typed(&one, &other).await;
    a_case_that_was_taken_out_comes_back_with_it(&one, &other).await;
    a_decision_that_is_too_long_is_told_at_its_field(&one).await;
    a_file_that_is_too_long_is_told_on_the_page(&one).await;
    office.stop().await;
    office.check_chains().await;
}

fn beginning(page: &Page, revision: &str) -> Form {
    let mut forms = page.forms().into_iter();
    let found =
        forms.find(|form| form.action.ends_with("/bat-dau") && form.value("phien-ban-goc") == revision);
    found.expect("a button for the revision")
}

/// The second button of a page that was left open is refused, not taken for the first one sent again.
async fn each_button_has_a_key_of_its_own(one: &Browser) {
    let page = one.get(BASE).await.ok();
    one.submit(&beginning(&page, "2")).await.ok().must_say(&["Đã chép phiên bản 2 thành bản nháp"]);
    let again = one.submit(&beginning(&page, "2")).await.ok();
    again.must_say(&["Đã chép phiên bản 2 thành bản nháp"]);
    let late = one.submit(&beginning(&page, "1")).await;
    assert_eq!(late.status, 409, "{}", late.text());
}

async fn case(browser: &Browser, number: usize) -> Form {
    let path = format!("{BASE}/soan/truong-hop/{number}");
    browser.get(&path).await.ok().form(&path)
}

async fn a_case_that_moved_keeps_what_was_typed(one: &Browser, other: &Browser) {
    let typed = case(one, 2).await.set("ten", "Tên gõ ở cửa sổ kia");
    let (second, first) = (typed.value("ma").to_owned(), case(one, 1).await.value("ma").to_owned());
    other.submit(&case(other, 2).await.press("lam", "len:truong-hop:1")).await.ok();
    let met = one.submit(&typed).await;
    assert_eq!(met.status, 409, "{}", met.text());
    met.must_say(&["Bản nháp đã đổi"]);
    let again = met.form("/soan/truong-hop/1");
    assert_eq!((again.value("ma"), again.value("ten")), (second.as_str(), "Tên gõ ở cửa sổ kia"));
    assert!(
        met.links().contains(&format!("{BASE}/soan/truong-hop/1")),
        "the way to what is saved now leads to this sheet: {:?}",
        met.links()
    );
    one.submit(&again).await.ok().must_say(&["Đã lưu bản nháp"]);
    let (now_first, now_second) = (case(other, 1).await, case(other, 2).await);
    assert_eq!((now_first.value("ma"), now_first.value("ten")), (second.as_str(), "Tên gõ ở cửa sổ kia"));
    assert_eq!(now_second.value("ma"), first);
}

async fn a_case_that_was_taken_out_comes_back_with_it(one: &Browser, other: &Browser) {
    let typed = case(one, 1).await.set("ten", "Tên gõ khi trường hợp bị bỏ");
    let id = typed.value("ma").to_owned();
    other.submit(&case(other, 1).await.press("lam", "bo:truong-hop:0")).await.ok();
    let met = one.submit(&typed).await;
    assert_eq!(met.status, 409, "{}", met.text());
    let again = met.form("/soan/truong-hop/1");
    assert_eq!(again.value("ten"), "Tên gõ khi trường hợp bị bỏ");
    one.submit(&again).await.ok().must_say(&["Đã lưu bản nháp"]);
    let back = case(other, 1).await;
    assert_eq!((back.value("ma"), back.value("ten")), (id.as_str(), "Tên gõ khi trường hợp bị bỏ"));
}

async fn a_decision_that_is_too_long_is_told_at_its_field(one: &Browser) {
    let page = one.get(&format!("{BASE}/soan/cong-bo")).await.ok();
    let changes = page.part("div", "thay-doi");
    assert!(!changes.says("hiệu lực") && !changes.says("Quyết định"), "{}", changes.text());
    let form = page.form("/soan/cong-bo");
    let refused = one.submit(&form.set("quyet-dinh", &"Đ".repeat(501))).await;
    let kept = refused.refused("dài quá 500 chữ").form("/soan/cong-bo");
    let turned = kept.set("quyet-dinh", "1/QĐ").set("tu-ngay", "2/12/2026").set("den-ngay", "1/12/2026");
    one.submit(&turned).await.refused("ngày hết hiệu lực trước ngày có hiệu lực");
}

async fn a_file_that_is_too_long_is_told_on_the_page(one: &Browser) {
    let form = one.get("/quan-tri/thu-tuc").await.ok().forms();
    let form =
        form.into_iter().find(|form| !form.value("csrf").is_empty() && form.action.ends_with("/thu-tuc"));
    let file = Chosen { name: "thu-tuc.toml".to_owned(), bytes: vec![b'#'; 5 << 20] };
    let refused = one.upload(&form.expect("the form of a file"), &[file]).await;
    refused.refused("tệp nặng hơn 1024 KB").must_say(&["Chọn tệp thủ tục"]);
}
