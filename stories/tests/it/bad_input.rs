//! What cannot be used is refused in words, beside what can; a file that came signed stays as it came;
//! what the law does not allow does not happen.

use crate::browser::{Browser, Chosen};
use crate::command_line::signed_by_an_officer;
use crate::installation::{Installation, testdata};
use crate::page::Page;
use crate::walk::{
    self, AFTER_DIVORCE, CARD, DECREE, NEVER_MARRIED, REQUEST, count_sides, mark, paper, upload,
};
use sha2::{Digest, Sha256};
use store::Engine;

pub(crate) async fn bad_input_is_refused_in_words_and_nothing_is_lost(engine: Engine) {
    let mut office = Installation::start(engine, "").await;
    let counter = office.sign_in("quay.yenbinh").await;
    wrong_persons_are_refused(&counter).await;
    let intake = walk::open_intake(&counter, &walk::card(), AFTER_DIVORCE).await;
    let sent = hostile_files_are_refused(&counter, &intake).await;
    a_wrong_number_of_sides_is_no_number(&counter, &intake).await;
    let dossier = a_signed_file_stays_as_it_is(&office, &counter, &intake).await;
    every_upload_is_kept(&office, &dossier, &sent).await;
    what_is_not_allowed_does_not_happen(&office, &counter, &dossier).await;
    office.stop().await;
    office.check_chains().await;
}

/// Numbers that no person has, and what does not fit the number: all faults at once, nothing typed lost.
async fn wrong_persons_are_refused(counter: &Browser) {
    let desk = counter.get("/quay").await.ok();
    let typed = desk
        .form("/quay")
        .set("ho-ten", "Nguyễn Thị Ngoãn")
        .set("ngay-sinh", "14/3/1991")
        .set("gioi-tinh", "nu")
        .set("tim-thu-tuc", NEVER_MARRIED.words);
    let found = counter.submit(&typed.press("act", "tim")).await.ok().form("/quay");
    let found = found.set("thu-tuc", NEVER_MARRIED.code).press("act", "mo");
    for wrong in ["", "12345", "03819100462", "0381910046277", "999191004627", "038091004627", "038180004627"]
    {
        let refused = counter.submit(&found.clone().set("so-dinh-danh", wrong)).await;
        assert_eq!(refused.status, 422, "`{wrong}` is nobody's number: {}", refused.text());
        refused.must_say(&["Chưa mở được hồ sơ. Cần sửa:"]);
        let form = refused.form("/quay");
        assert_eq!(form.value("so-dinh-danh"), wrong);
        assert_eq!(form.value("ho-ten"), "Nguyễn Thị Ngoãn", "what was typed stays");
        assert_eq!(form.value("thu-tuc"), NEVER_MARRIED.code);
    }
    let many = found.set("so-dinh-danh", "1").set("ho-ten", "").set("ngay-sinh", "31/2/1991");
    let refused = counter.submit(&many).await.refused_page();
    refused.must_say(&["Nhập họ và tên người nộp", "Ngày sinh gõ theo mẫu 4/3/1998"]);
    for wrong in ["không phải thẻ", "1|2|3", "038191004627||Nguyễn Thị Ngoãn|99991991|Nữ|x|10052022"]
    {
        let desk = counter.get("/quay").await.ok();
        let form = desk.form("/quay").set("the-can-cuoc", wrong).press("act", "the");
        let refused = counter.submit(&form).await.refused_page();
        assert_eq!(refused.form("/quay").value("the-can-cuoc"), wrong);
    }
}

/// Every hostile file there is, sent at once with two good ones.
async fn hostile_files_are_refused(counter: &Browser, intake: &str) -> Vec<Chosen> {
    let folder = testdata().join("hostile");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the hostile files are there")
        .map(|file| file.expect("a folder is read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 13, "{names:?}");
    let mut sent: Vec<Chosen> = names.iter().map(|name| paper(&format!("hostile/{name}"))).collect();
    sent.insert(0, walk::request());
    sent.push(paper("story/giay-khai-sinh.jpg"));
    upload(counter, intake, REQUEST, &sent).await.refused_page();
    let page = counter.get(intake).await.ok();
    let card = walk::component(&page, REQUEST);
    assert_eq!(card.ids("trang-").len(), 2, "the good files are kept: {}", card.text());
    for name in &names {
        assert!(card.says(&format!("“{name}”: ")), "{name} is not named: {}", card.text());
    }
    // Reasons are for people: nothing of the machine stands in them.
    let text = card.text().to_lowercase();
    for word in ["error", "panic", "invalid", "unexpected", "decode", "os error", "none", "utf"] {
        assert!(!text.contains(word), "`{word}` stands in {text}");
    }
    // The birth certificate was not hers to bring: taken out, and one side remains.
    let last = card.ids("trang-").pop().expect("two pages are there");
    counter.submit(&card.form("/trang").press("act", &format!("remove:{last}"))).await.ok();
    let empty = upload(counter, intake, REQUEST, &[]).await.refused_page();
    empty.must_say(&["Chưa chọn tệp nào"]);
    sent
}

async fn a_wrong_number_of_sides_is_no_number(counter: &Browser, intake: &str) {
    let page = counter.get(intake).await.ok();
    for wrong in ["", "hai", "-1", "99999999999999"] {
        let form = walk::component(&page, REQUEST).form("/so-mat").set("so-mat", wrong);
        counter.submit(&form).await.refused("Số mặt giấy là một số");
    }
    count_sides(counter, intake, REQUEST, "1").await;
    mark(counter, intake, CARD, "shown").await;
    let missing = counter.submit(&walk::receive_form(counter, intake).await).await;
    missing.refused("Còn thiếu: Bản án, quyết định ly hôn");
}

/// A PDF that somebody signed is used as it is: no byte of it changes on its way into the repository.
async fn a_signed_file_stays_as_it_is(office: &Installation, counter: &Browser, intake: &str) -> String {
    let file = signed_by_an_officer(office, &testdata().join("story/quyet-dinh-ly-hon.tiff")).await;
    let sent = Chosen { name: "quyet-dinh-da-ky.pdf".to_owned(), bytes: file };
    upload(counter, intake, DECREE, std::slice::from_ref(&sent)).await.ok();
    let page = counter.get(intake).await.ok();
    walk::component(&page, DECREE).must_say(&["Đã ký số, giữ nguyên"]);
    // Nothing is added to it.
    assert!(!walk::component(&page, DECREE).has_form("/tep"));
    let dossier = walk::receive(counter, intake).await;
    let reviews = walk::read(counter, &dossier, 2).await;
    let record = counter.get(&format!("{}/tep", reviews[1])).await.ok();
    assert_eq!(record.header("content-type"), "application/pdf");
    assert_eq!(record.bytes, sent.bytes);
    let day = [("ngay-cap", "12/09/2023"), ("so-ky-hieu", "194/2023/QĐST-HNGĐ")];
    walk::confirm(counter, &reviews[1], &day).await.ok();
    let found = counter.get("/kho?q=nguyen+thi+ngoan").await.ok();
    let person = counter.get(&found.link("/kho/nguoi/")).await.ok();
    let entry = person.links().into_iter().find(|link| link.starts_with("/kho/") && link.ends_with("/tep"));
    let kept = counter.get(&entry.expect("the decree is in her repository")).await.ok();
    assert_eq!(kept.bytes, sent.bytes);
    dossier
}

/// Also of what was refused the original is there, with its digest.
async fn every_upload_is_kept(office: &Installation, dossier: &str, sent: &[Chosen]) {
    let id = dossier.trim_start_matches("/ho-so/").parse().expect("an address holds the id");
    let db = office.database().await;
    let mut reader = db.read().await.expect("the database can be read");
    let kept = store::counter::uploads(&mut reader, id).await.expect("uploads are read");
    drop(reader);
    db.close().await;
    for file in sent {
        let digest = hex::encode(Sha256::digest(&file.bytes));
        let upload = kept.iter().find(|upload| upload.file_name == file.name);
        let upload = upload.unwrap_or_else(|| panic!("{} is lost", file.name));
        assert_eq!(
            (&upload.sha256, upload.n_bytes),
            (&digest, i64::try_from(file.bytes.len()).expect("small"))
        );
    }
}

/// Acts that the dossier's state does not allow, sent by those who may do them at another time.
async fn what_is_not_allowed_does_not_happen(office: &Installation, counter: &Browser, dossier: &str) {
    let act = async |by: &Browser, path: String, fields: &[(&str, &str)]| {
        let mut form = by.get("/tai-khoan").await.ok().form("/dang-xuat");
        form.action = path;
        form = form.forge("idempotency_key", &uuid::Uuid::new_v4().simple().to_string());
        by.submit(&fields.iter().fold(form, |form, (name, value)| form.forge(name, value))).await
    };
    let before = walk::timeline(&counter.get(dossier).await.ok()).len();
    let intake = dossier.replace("/ho-so/", "/quay/");
    let head = office.sign_in("truongphong.yenbinh").await;
    let specialist = office.sign_in("chuyenvien.yenbinh").await;
    let leader = office.sign_in("lanhdao.yenbinh").await;
    let clerk = office.sign_in("vanthu.yenbinh").await;
    let refused = [
        act(counter, format!("{dossier}/tra-ket-qua"), &[("cach-tra", "quay")]).await,
        act(counter, format!("{intake}/tu-choi"), &[("ly-do", "other"), ("giai-thich", "muộn")]).await,
        act(counter, format!("{intake}/du-bo-sung"), &[]).await,
        act(counter, format!("{intake}/truong-hop"), &[("truong-hop", "chua-ket-hon")]).await,
        act(counter, format!("{intake}/giay/{REQUEST}/so-mat"), &[("so-mat", "9")]).await,
        act(counter, format!("{dossier}/rut"), &[("ly-do-rut", "")]).await,
        act(&head, format!("{dossier}/chuyen-buoc"), &[("den", "tham-dinh")]).await,
        act(&specialist, format!("{dossier}/nhan-viec"), &[]).await,
        act(&specialist, format!("{dossier}/du-thao"), &[("purpose", "x")]).await,
        act(&leader, format!("{dossier}/ky"), &[("ban-da-doc", "x"), ("den", "dong-dau")]).await,
        act(&clerk, format!("{dossier}/dong-dau"), &[("den", "tra")]).await,
    ];
    for page in &refused {
        let in_words = matches!(page.status, 403 | 404 | 409 | 422) || page.path == dossier;
        assert!(in_words, "{}: {} {}", page.path, page.status, page.text());
        assert!(!page.says("Có lỗi ở phía chúng tôi"), "{}: {}", page.path, page.text());
    }
    let after = walk::timeline(&counter.get(dossier).await.ok());
    assert_eq!(after.len(), before, "{after:?}");
    counter.get(dossier).await.must_say(&["Được tiếp nhận"]);
}

impl Page {
    #[track_caller]
    fn refused_page(self) -> Self {
        assert_eq!(self.status, 422, "{}: {}", self.path, self.text());
        self
    }
}
