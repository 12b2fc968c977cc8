//! Signing in with a second factor, as a browser without script and a program do it: nobody is in before the
//! code was right, nothing is counted twice, and nobody is led elsewhere. Passkeys need a browser's script
//! and are tried in e2e.

use crate::api::Api;
use crate::browser::{Browser, encoded};
use crate::installation::{Installation, PASSWORD};
use crate::page::Page;
use jiff::Timestamp;
use serde_json::json;
use store::Engine;
use totp_rs::{Builder, Secret, Totp};

const OFFICER: &str = "chuyenvien.yenbinh";
const LEADER: &str = "lanhdao.yenbinh";
const SESSION: &str = "motcua_phien";
const WAITING: &str = "motcua_buoc_hai";

pub(crate) async fn a_second_factor_is_set_up_asked_for_and_reset(engine: Engine) {
    let required = "[people]\nsecond_factor = [\"lanh-dao-ky\"]\n";
    let mut office = Installation::start_so_at(engine, required, "2026-11-23T08:00").await;
    let api = Api::new(&office.address);
    let mut phone = Phone { app: None, at: "2026-11-23T01:00:00Z".parse().expect("an instant"), api };
    let codes = phone.is_set_up(&office.sign_in(OFFICER).await).await;

    phone.half_a_minute_passes().await;
    let used = nobody_is_in_before_the_code(&office, &phone).await;
    a_code_counts_once_in_one_browser(&office, &phone, &used).await;
    phone.half_a_minute_passes().await;
    nobody_is_led_elsewhere(&office, &phone).await;
    a_recovery_code_counts_once(&office, &codes[0]).await;
    phone.half_a_minute_passes().await;
    a_program_is_told_that_a_code_is_needed(&phone).await;
    who_must_have_one_sets_it_up_first(&office).await;

    office.stop().await;
    let reset = ["officer", "reset-second-factor", OFFICER, "--reason", "mất điện thoại", "--by", "quantri"];
    let said = office.command(&reset).await;
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    office.run().await;
    office.sign_in(OFFICER).await.get("/tai-khoan/hai-lop").await.ok().must_say(&["Đang tắt"]);
    office.stop().await;
    office.check_chains().await;
}

/// A telephone with an app, in an office whose clock stands still.
struct Phone {
    app: Option<Totp>,
    at: Timestamp,
    api: Api,
}

impl Phone {
    fn code(&self) -> String {
        let seconds = u64::try_from(self.at.as_second()).expect("after 1970");
        self.app.as_ref().expect("it was set up").generate(seconds).to_string()
    }

    async fn half_a_minute_passes(&mut self) {
        self.at += jiff::SignedDuration::from_secs(30);
        self.api.post("quantri", "/clock", &json!({ "to": self.at.to_string() })).await;
    }

    /// Takes the key from the page, types the first code, and gives the recovery codes.
    async fn is_set_up(&mut self, browser: &Browser) -> Vec<String> {
        let off = browser.get("/tai-khoan/hai-lop").await.ok();
        off.must_say(&["Đang tắt"]);
        let begun = browser.submit(&off.form("/tai-khoan/hai-lop")).await.ok();
        assert!(begun.html().contains("<svg"), "the picture is drawn by the server");
        self.app = Some(app_of(&begun));
        let form = begun.form("/bat");
        for wrong in ["000000", "12345", ""] {
            let refused = browser.submit(&form.clone().set("ma", wrong)).await;
            assert_eq!(refused.status, 422, "`{wrong}`: {}", refused.text());
        }
        let form = form.set("ma", &self.code());
        let shown = browser.submit(&form).await.ok();
        assert_eq!(shown.header("cache-control"), "no-store");
        let codes: Vec<String> = shown.texts_of("li").into_iter().filter(|text| text.len() == 19).collect();
        assert_eq!(codes.len(), 10, "{}", shown.text());
        let again = browser.submit(&form).await.ok();
        assert!(!again.says(&codes[0]), "they are shown once: {}", again.text());
        again.must_say(&["Đang bật"]);
        browser.get("/tai-khoan").await.ok().must_say(&["Đang bật", "còn 10 mã dự phòng"]);
        codes
    }
}

/// The app that was given the key of the page.
fn app_of(begun: &Page) -> Totp {
    let text = begun.text();
    let key: String = text
        .split("gõ khóa: ")
        .nth(1)
        .expect("the key is on the page")
        .split(' ')
        .take_while(|group| group.len() == 4)
        .collect();
    let secret = Secret::try_from_base32(&key).expect("a key an app takes");
    Builder::new().with_secret(secret).build().expect("as long as the standard asks")
}

/// What a cookie of an answer was set to; none where it was not set.
fn cookie<'p>(page: &'p Page, name: &str) -> Option<&'p str> {
    let set = page.headers.iter().filter(|(key, _)| key == "set-cookie").map(|(_, value)| value.as_str());
    let value =
        set.filter_map(|value| value.split(';').next()?.split_once('=')).find(|(key, _)| *key == name);
    value.map(|(_, value)| value)
}

/// The right password, typed on the way to the page one wanted; the answer as it is.
async fn password(browser: &Browser, wanted: &str) -> Page {
    let form = browser.get(wanted).await.ok().form("/dang-nhap");
    let form = form.set("ten-dang-nhap", OFFICER).set("mat-khau", PASSWORD);
    browser.post_raw("/dang-nhap", encoded(form.sent()), &[]).await
}

async fn nobody_is_in_before_the_code(office: &Installation, phone: &Phone) -> String {
    let browser = office.browser();
    let half = password(&browser, "/bao-dong").await;
    assert_eq!((half.status, half.header("location")), (303, "/dang-nhap/ma?ve=/bao-dong"));
    assert_eq!(cookie(&half, SESSION), None, "no session yet");
    let waiting = cookie(&half, WAITING).expect("a cookie of its own").to_owned();
    let set = half.headers.iter().find(|(key, _)| key == "set-cookie").map_or("", |(_, value)| value);
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Max-Age=300"), "{set}");
    assert_eq!(browser.get("/bao-dong").await.path, "/dang-nhap?ve=/bao-dong", "nothing opens");
    // Nor does it open anything as a session, which somebody might have planted.
    let planted = format!("{SESSION}={waiting}");
    let page = office.browser().post_raw("/dang-xuat", String::new(), &[("cookie", &planted)]).await;
    assert_eq!((page.status, page.header("location")), (303, "/dang-nhap"));

    let form = browser.get("/dang-nhap/ma?ve=/bao-dong").await.ok().form("/dang-nhap/ma");
    browser.submit(&form.clone().set("ma", "000000")).await.refused("không đúng hoặc đã dùng");
    let code = phone.code();
    let form = form.set("ma", &code);
    let inside = browser.post_raw("/dang-nhap/ma", encoded(form.sent()), &[]).await;
    assert_eq!((inside.status, inside.header("location")), (303, "/bao-dong"), "where he was going");
    let session = cookie(&inside, SESSION).expect("a session");
    assert_ne!(session, waiting, "nobody knew it before");
    assert_eq!(cookie(&inside, WAITING), Some(""), "the waiting is over");
    browser.get("/bao-dong").await.ok();
    code
}

async fn a_code_counts_once_in_one_browser(office: &Installation, phone: &Phone, used: &str) {
    let browser = office.browser();
    password(&browser, "/").await;
    let form = browser.get("/dang-nhap/ma").await.ok().form("/dang-nhap/ma").set("ma", used);
    assert_eq!(used, phone.code(), "it would still be the code of now");
    browser.submit(&form).await.refused("không đúng hoặc đã dùng");
    let elsewhere = office.browser();
    elsewhere.submit(&form).await.refused("Đăng nhập lại từ đầu");
    assert_eq!(
        elsewhere.look("/dang-nhap/ma").await.header("location"),
        "/dang-nhap",
        "nothing is waited for"
    );
}

async fn nobody_is_led_elsewhere(office: &Installation, phone: &Phone) {
    let browser = office.browser();
    password(&browser, "/").await;
    let form = browser.get("/dang-nhap/ma?ve=//xau.example").await.ok().form("/dang-nhap/ma");
    let form = form.forge("ve", "https://xau.example").set("ma", &phone.code());
    let inside = browser.post_raw("/dang-nhap/ma", encoded(form.sent()), &[]).await;
    assert_eq!((inside.status, inside.header("location")), (303, "/"));
}

async fn a_recovery_code_counts_once(office: &Installation, code: &str) {
    for refused in [false, true] {
        let browser = office.browser();
        password(&browser, "/").await;
        let form = browser.get("/dang-nhap/ma").await.ok().form("/dang-nhap/ma").set("ma", code);
        let page = browser.submit(&form).await;
        assert_eq!(page.status, if refused { 422 } else { 200 }, "{}", page.text());
    }
}

async fn a_program_is_told_that_a_code_is_needed(phone: &Phone) {
    let sent = json!({ "login": OFFICER, "password": PASSWORD });
    let answer = phone.api.send("quantri", "/session", &sent).await;
    assert_eq!((answer.status, &answer.body["type"]), (401, &json!("urn:motcua:problem:code-needed")));
    let wrong = json!({ "login": OFFICER, "password": "sai", "code": phone.code() });
    let refused = phone.api.send("quantri", "/session", &wrong).await;
    assert_eq!(refused.status, 422, "{}", refused.said());
    assert!(refused.said().contains("Tên đăng nhập hoặc mật khẩu"), "the password is asked first");
    let sent = json!({ "login": OFFICER, "password": PASSWORD, "code": phone.code() });
    let token = phone.api.post("quantri", "/session", &sent).await;
    assert!(token["token"].is_string(), "{token}");
}

async fn who_must_have_one_sets_it_up_first(office: &Installation) {
    let browser = office.sign_in(LEADER).await;
    for page in ["/", "/viec", "/bao-dong", "/huong-dan"] {
        let led = browser.look(page).await;
        assert_eq!((led.status, led.header("location")), (303, "/tai-khoan"), "{page}");
    }
    let own = browser.get("/viec").await.ok();
    own.must_say(&["Cần bật xác thực hai lớp"]);
    let by_program = Api::new(&office.address).send(LEADER, "/mirrors", &json!({})).await;
    assert_eq!(by_program.status, 403, "{}", by_program.said());
    assert!(by_program.said().contains("xác thực hai lớp"), "{}", by_program.said());
    let off = browser.get("/tai-khoan/hai-lop").await.ok();
    let begun = browser.submit(&off.form("/tai-khoan/hai-lop")).await.ok();
    let mut phone = Phone {
        app: Some(app_of(&begun)),
        at: "2026-11-23T01:01:30Z".parse().expect("an instant"),
        api: Api::new(&office.address),
    };
    phone.half_a_minute_passes().await;
    browser.submit(&begun.form("/bat").set("ma", &phone.code())).await.ok().must_say(&["Mã dự phòng"]);
    browser.get("/viec").await.ok();
}
