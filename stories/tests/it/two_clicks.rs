//! A double click, an impatient click and a click on "back": one dossier, one number.

use crate::installation::Installation;
use crate::walk::{self, CARD, NEVER_MARRIED, REQUEST, count_sides, mark, upload};
use store::Engine;

pub(crate) async fn two_clicks_make_one_dossier(engine: Engine) {
    let mut office = Installation::start(engine, "").await;
    let counter = office.sign_in("quay.yenbinh").await;

    // The desk's own form sent twice opens one intake.
    let desk = counter.get("/quay").await.ok();
    let read =
        counter.submit(&desk.form("/quay").set("the-can-cuoc", &walk::card()).press("act", "the")).await;
    let typed = read.form("/quay").set("tim-thu-tuc", NEVER_MARRIED.words).press("act", "tim");
    let form =
        counter.submit(&typed).await.form("/quay").set("thu-tuc", NEVER_MARRIED.code).press("act", "mo");
    let (one, two) = tokio::join!(counter.submit(&form), counter.submit(&form));
    assert_eq!((one.status, two.status), (200, 200), "{}{}", one.text(), two.text());
    assert_eq!(one.path, two.path);
    let intake = one.path;

    // The same file sent twice with the same form is one file.
    let page = counter.get(&intake).await.ok();
    let form = walk::component(&page, REQUEST).form("/tep");
    let files = [walk::request()];
    let (one, two) = tokio::join!(counter.upload(&form, &files), counter.upload(&form, &files));
    assert_eq!((one.status, two.status), (200, 200), "{}{}", one.text(), two.text());
    let page = walk::opened(&counter, &intake).await;
    assert_eq!(walk::component(&page, REQUEST).ids("trang-").len(), 1);
    count_sides(&counter, &intake, REQUEST, "1").await;
    mark(&counter, &intake, CARD, "shown").await;

    let form = walk::receive_form(&counter, &intake).await;
    let (one, two) = tokio::join!(counter.submit(&form), counter.submit(&form));
    let late = counter.submit(&form).await;
    for page in [&one, &two, &late] {
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.path.starts_with("/ho-so/"));
        assert_eq!(page.path, one.path);
    }
    let dossier = one.path;
    let code = walk::code(&counter, &dossier).await;
    assert!(code.ends_with("-0001"), "{code}");
    let times = walk::timeline(&counter.get(&dossier).await.ok());
    let n_received = times.iter().filter(|line| line.contains("cấp mã")).count();
    assert_eq!(n_received, 1, "{times:?}");

    // The number after it is the next, none was lost.
    let next = walk::received(&counter, &walk::card_of(20_011, "Trần Thị Mận")).await;
    let code = walk::code(&counter, &next).await;
    assert!(code.ends_with("-0002"), "{code}");
    upload_is_refused_now(&office, &intake).await;
    office.stop().await;
    office.check_chains().await;
}

/// A received dossier takes no more files through its old form.
async fn upload_is_refused_now(office: &Installation, intake: &str) {
    let counter = office.sign_in("quay.yenbinh").await;
    let page = counter.get(intake).await.ok();
    assert!(page.path.starts_with("/ho-so/"), "the intake leads to the dossier");
    let other = walk::open_intake(&counter, &walk::card_of(20_012, "Lê Thị Ổi"), NEVER_MARRIED).await;
    let mut form = walk::component(&counter.get(&other).await.ok(), REQUEST).form("/tep");
    form.action = form.action.replace(&other, intake);
    let refused = counter.upload(&form, &[walk::request()]).await;
    assert!(!refused.says("Có lỗi ở phía chúng tôi"), "{}", refused.text());
    assert!(
        refused.status == 422 || refused.path.starts_with("/ho-so/"),
        "{}: {}",
        refused.status,
        refused.text()
    );
    upload(&counter, &other, REQUEST, &[walk::request()]).await.ok();
}
