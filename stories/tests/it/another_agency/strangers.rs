//! People without a session, forms from elsewhere, guessed passwords.

use crate::browser::{Browser, encoded};
use crate::installation::{Installation, PASSWORD};
use crate::page::Page;
use crate::walk;

const SESSION: &str = "motcua_phien";

/// Whoever has not signed in is asked to, and comes back to the page, but never to another site.
pub(super) async fn are_led_to_sign_in(office: &Installation, addresses: &[String]) {
    let stranger = office.browser();
    for address in addresses {
        let page = stranger.look(address).await;
        assert_eq!(page.status, 303, "{address}");
        assert_eq!(page.header("location"), format!("/dang-nhap?ve={address}"));
        let page = stranger.post_raw(address, String::new(), &[]).await;
        assert!(matches!(page.status, 303 | 404 | 405), "POST {address}: {}", page.status);
    }
    let form = stranger.get(&format!("/dang-nhap?ve={}", addresses[0])).await.ok().form("/dang-nhap");
    let form = form.set("ten-dang-nhap", "quay.yenbinh").set("mat-khau", "motcua-demo");
    assert_eq!(stranger.submit(&form).await.ok().path, addresses[0]);

    for elsewhere in
        ["https://xau.example", "//xau.example", "/\\xau.example", "/\t/xau.example", "javascript:alert(1)"]
    {
        let visitor = office.browser();
        let query = encoded([("ve", elsewhere)].into_iter());
        let form = visitor.get(&format!("/dang-nhap?{query}")).await.ok().form("/dang-nhap");
        let form = form.set("ten-dang-nhap", "quay.yenbinh").set("mat-khau", "motcua-demo");
        for form in [form.clone(), form.forge("ve", elsewhere)] {
            let answer = visitor.post_raw("/dang-nhap", encoded(form.sent()), &[]).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/"), "{elsewhere}");
        }
    }
}

/// A form counts only with its session's token and from our own pages.
pub(super) async fn cannot_send_forms(office: &Installation, counter: &Browser) {
    let card = walk::card_of(20_024, "Đỗ Thị Na");
    let intake = walk::open_intake(counter, &card, walk::NEVER_MARRIED).await;
    let form = counter.get(&intake).await.ok().form("/tu-choi");
    let form = form.set("ly-do", "other").set("giai-thich", "không phải việc ở đây");
    let other = office.sign_in("quay.yenbinh").await;
    let foreign_token = other.get("/quay").await.ok().form("/dang-xuat").value("csrf").to_owned();
    for token in ["", "0", &foreign_token] {
        let forged = form.clone().forge("csrf", token);
        let page = counter.post_raw(&form.action, encoded(forged.sent()), &[]).await;
        assert_eq!(page.status, 403, "token `{token}`: {}", page.text());
    }
    let own = office.address.clone();
    let port = own.rsplit(':').next().unwrap_or_default();
    let (lookalike, other_port) =
        (format!("http://127.0.0.1.xau.example:{port}"), "http://127.0.0.1:1".to_owned());
    for headers in [
        vec![("origin", "https://xau.example")],
        vec![("origin", lookalike.as_str())],
        vec![("origin", other_port.as_str())],
        vec![("origin", "null")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site"), ("origin", own.as_str())],
    ] {
        let page = counter.post_raw(&form.action, encoded(form.sent()), &headers).await;
        assert_eq!(page.status, 403, "{headers:?}: {}", page.text());
    }
    // Files without a token are not read.
    let mut upload = walk::component(&counter.get(&intake).await.ok(), walk::REQUEST).form("/tep");
    upload = upload.forge("csrf", "0");
    let page = counter.upload(&upload, &[walk::request()]).await;
    assert_eq!(page.status, 403, "{}", page.text());
    let page = counter.get(&intake).await.ok();
    assert!(walk::component(&page, walk::REQUEST).ids("trang-").is_empty());
    // The form itself was good: it is the senders that were not.
    let done = counter.submit(&form).await.ok();
    done.must_say(&["Không được tiếp nhận"]);
}

/// After five wrong passwords even the right one has to wait; others are not kept out.
pub(super) async fn cannot_guess_passwords(office: &Installation) {
    let stranger = office.browser();
    let form =
        stranger.get("/dang-nhap").await.ok().form("/dang-nhap").set("ten-dang-nhap", "vanthu.thacmay");
    for n_tries in 0..5 {
        let page = stranger.submit(&form.clone().set("mat-khau", &format!("sai-{n_tries}"))).await;
        page.refused("Tên đăng nhập hoặc mật khẩu không đúng");
    }
    let page = stranger.submit(&form.set("mat-khau", "motcua-demo")).await;
    page.refused("Chờ 15 phút");
    let unknown = stranger.get("/dang-nhap").await.ok().form("/dang-nhap");
    let unknown = unknown.set("ten-dang-nhap", "khong.co.ai").set("mat-khau", "sai");
    stranger.submit(&unknown).await.refused("Tên đăng nhập hoặc mật khẩu không đúng");
    office.sign_in("lanhdao.thacmay").await;
}

/// A session that somebody else put into the browser is not the one that is signed in.
pub(super) async fn cannot_plant_a_session(office: &Installation) {
    let attacker = office.browser();
    let form = attacker.get("/dang-nhap").await.ok().form("/dang-nhap");
    let signed =
        |login: &str| encoded(form.clone().set("ten-dang-nhap", login).set("mat-khau", PASSWORD).sent());
    let answer = attacker.post_raw("/dang-nhap", signed("quay.thacmay"), &[]).await;
    let own = token(&answer);
    for planted in [own.as_str(), "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"] {
        let cookie = format!("{SESSION}={planted}");
        let victim = office.browser();
        let answer = victim.post_raw("/dang-nhap", signed("lanhdao.yenbinh"), &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_ne!(token(&answer), planted);
    }
    attacker.get("/tai-khoan").await.ok().must_say(&["quay.thacmay"]);
}

/// The session that an answer puts into the browser.
fn token(answer: &Page) -> String {
    let mut cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let session = cookies.find_map(|(_, value)| value.strip_prefix(SESSION)?.strip_prefix('='));
    session.and_then(|value| value.split(';').next()).expect("a session was begun").to_owned()
}
