//! Two officers on one dossier: the second is told in words, and nobody signs what he has not read.

use crate::installation::Installation;
use crate::walk::{self, pass_on, take};
use store::Engine;

pub(crate) async fn two_officers_on_one_dossier(engine: Engine) {
    let mut office = Installation::start(engine, "").await;
    let counter = office.sign_in("quay.yenbinh").await;
    let dossier = walk::received(&counter, &walk::card()).await;

    // Two windows of the head's office, both with the button on the screen.
    let head = office.sign_in("truongphong.yenbinh").await;
    let other = office.sign_in("truongphong.yenbinh").await;
    let (mine, theirs) = (head.get(&dossier).await.ok(), other.get(&dossier).await.ok());
    let (mine, theirs) = (mine.form("/nhan-viec"), theirs.form("/nhan-viec"));
    let (one, two) = tokio::join!(head.submit(&mine), other.submit(&theirs));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422], "{}\n{}", one.text(), two.text());
    for page in [&one, &two] {
        assert!(page.says("Chuyển: Tra cứu sổ hộ tịch"), "both see where it stands: {}", page.text());
    }

    // A specialist cannot take what the head has, nor do the head's work by a forged form.
    let specialist = office.sign_in("chuyenvien.yenbinh").await;
    let page = specialist.get(&dossier).await.ok();
    assert!(!page.has_form("/nhan-viec") && !page.has_form("/chuyen-buoc"));
    let mut forged = page.form("/dang-xuat").forge("den", "tham-dinh");
    forged.action = format!("{dossier}/chuyen-buoc");
    let refused = specialist.submit(&forged).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    refused.must_say(&["Việc này chưa đến lượt bạn"]);
    // A way that the process does not have.
    let mut forged = head.get(&dossier).await.ok().form("/chuyen-buoc").forge("den", "ky");
    forged.action = format!("{dossier}/chuyen-buoc");
    let refused = head.submit(&forged).await;
    assert_eq!(refused.status, 422, "{}", refused.text());

    // The head passes it on; the form of his other window is too late.
    let late = other.get(&dossier).await.ok().form("/chuyen-buoc").press("den", "tham-dinh");
    pass_on(&head, &dossier, "", "tham-dinh").await;
    let refused = other.submit(&late).await;
    assert!(matches!(refused.status, 403 | 409 | 422), "{}: {}", refused.status, refused.text());

    take(&specialist, &dossier).await;
    pass_on(&specialist, &dossier, "Đủ điều kiện", "du-thao").await;
    take(&specialist, &dossier).await;
    let draft = specialist.get(&format!("{dossier}/du-thao")).await.ok();
    specialist.submit(&draft.form("/du-thao")).await.ok();
    pass_on(&specialist, &dossier, "", "kiem-tra").await;
    take(&head, &dossier).await;
    pass_on(&head, &dossier, "Nhất trí", "ky").await;
    nobody_signs_what_he_has_not_read(&office, &dossier).await;
    office.stop().await;
    office.check_chains().await;
}

/// The leader's page is open while the draft is sent back and written anew.
async fn nobody_signs_what_he_has_not_read(office: &Installation, dossier: &str) {
    let leader = office.sign_in("lanhdao.yenbinh").await;
    let stale = take(&leader, dossier).await.form("/ky").press("den", "dong-dau");
    let page = leader.get(dossier).await.ok();
    let back = page.form("/tra-lai").set("ve", "du-thao").set("ly-do-tra", "Ghi rõ mục đích sử dụng");
    leader.submit(&back).await.ok().must_say(&["Đã trả lại"]);
    let refused = leader.submit(&stale).await;
    assert!(matches!(refused.status, 403 | 409 | 422), "{}: {}", refused.status, refused.text());

    let specialist = office.sign_in("chuyenvien.yenbinh").await;
    take(&specialist, dossier).await.must_say(&["lý do: Ghi rõ mục đích sử dụng"]);
    let draft = specialist.get(&format!("{dossier}/du-thao")).await.ok().form("/du-thao");
    specialist.submit(&draft.set("purpose", "đăng ký kết hôn tại xã Thác Mây")).await.ok();
    pass_on(&specialist, dossier, "", "kiem-tra").await;
    let head = office.sign_in("truongphong.yenbinh").await;
    take(&head, dossier).await;
    pass_on(&head, dossier, "Nhất trí với bản mới", "ky").await;

    let fresh = take(&leader, dossier).await;
    let refused = leader.submit(&stale).await.refused("Dự thảo vừa được sửa sau khi bạn mở");
    assert!(!refused.says("Đã ký, chờ cấp số"), "{}", refused.text());
    leader.submit(&fresh.form("/ky").press("den", "dong-dau")).await.ok().must_say(&["Đã phê duyệt"]);
    let clerk = office.sign_in("vanthu.yenbinh").await;
    let page = take(&clerk, dossier).await;
    let form = page.form("/dong-dau").press("den", "tra");
    // Two clicks on the seal: one number, one seal.
    let (one, two) = tokio::join!(clerk.submit(&form), clerk.submit(&form));
    assert!(one.status == 200 || two.status == 200, "{}\n{}", one.text(), two.text());
    let page = clerk.get(dossier).await.ok();
    page.must_say(&["số 01/UBND-XNTTHN"]);
    let sealings = walk::timeline(&page).iter().filter(|line| line.contains("đóng dấu cơ quan bằng")).count();
    assert_eq!(sealings, 1, "{}", page.text());
}
