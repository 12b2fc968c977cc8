//! The whole main job: a paper goes from the counter to a signed record, becomes a result with two
//! signatures, and is used again for the same person's next dossier.

mod printed;

use crate::browser::Browser;
use crate::installation::{Installation, command, show_the_judges, testdata, trust_too};
use crate::walk::{
    self, AFTER_DIVORCE, CARD, DECREE, MARRIAGE, REQUEST, component, confirm, count_sides, mark, paper,
    receive, upload,
};
use jiff::civil::Date;
use serde_json::Value;
use store::Engine;

pub(crate) async fn a_paper_goes_from_the_counter_to_a_signed_record_and_is_reused(engine: Engine) {
    // One job at a time: the timeline has one order.
    let mut office = Installation::start(engine, "[jobs]\nat_a_time = 1").await;
    let counter = office.sign_in("quay.yenbinh").await;
    let first = bring_papers(&counter).await;
    let (dossier, code) = receive_with_receipt(&office, &counter, &first).await;
    confirm_what_was_read(&office, &counter, &dossier, &code).await;
    let number = settle(&office, &counter, &dossier, &code).await;
    find_in_the_repository(&counter, &number).await;
    let second = reuse(&counter, &number).await;
    tell(&counter, &dossier, include_str!("counter_to_reuse/first.txt")).await;
    tell(&counter, &second, include_str!("counter_to_reuse/second.txt")).await;
    office.stop().await;
    assert!(office.check_chains().await >= 4, "two dossiers, a result, officers");
}

/// The applicant's card, the procedure, and her papers with all that goes wrong on the way.
async fn bring_papers(counter: &Browser) -> String {
    let desk = counter.get("/quay").await.ok();
    let read =
        counter.submit(&desk.form("/quay").set("the-can-cuoc", &walk::card()).press("act", "the")).await.ok();
    let form = read.form("/quay");
    assert_eq!(form.value("so-dinh-danh"), "038191004627");
    assert_eq!(form.value("ho-ten"), "Nguyễn Thị Ngoãn");
    assert_eq!(form.value("ngay-sinh"), "14/03/1991");
    assert_eq!(form.value("gioi-tinh"), "nu");
    let found =
        counter.submit(&form.set("tim-thu-tuc", "xac nhan tinh trang").press("act", "tim")).await.ok();
    found.must_say(&["Cấp Giấy xác nhận tình trạng hôn nhân", "1.004873", "3 ngày làm việc"]);
    let opened =
        counter.submit(&found.form("/quay").set("thu-tuc", "1.004873").press("act", "mo")).await.ok();
    let intake = opened.path.clone();
    let chosen = opened.form("/truong-hop").set("truong-hop", AFTER_DIVORCE.case);
    let page = counter.submit(&chosen).await.ok();
    // What must be digitised is told from what may only be shown.
    assert!(component(&page, DECREE).has_form("/tep"));
    assert!(!component(&page, CARD).has_form("/tep"), "an identity card is never scanned");

    upload(counter, &intake, REQUEST, &[walk::request()]).await.ok();
    let files = [paper("hostile/van-ban.jpg"), walk::decree(), paper("hostile/pdf-mat-khau.pdf")];
    let answer = upload(counter, &intake, DECREE, &files).await.refused("“van-ban.jpg”");
    assert!(answer.path.ends_with("/tep"), "the answer is the page itself");
    let page = counter.get(&intake).await.ok();
    component(&page, DECREE).must_say(&["“van-ban.jpg”: ", "“pdf-mat-khau.pdf”: ", "2 trang"]);
    arrange(counter, &intake).await;

    let too_early = counter.submit(&walk::receive_form(counter, &intake).await).await;
    too_early.refused("nhập số mặt giấy đã quét").must_say(&["Còn thiếu: Căn cước"]);
    mark(counter, &intake, CARD, "shown").await;
    count_sides(counter, &intake, REQUEST, "1").await;
    count_sides(counter, &intake, DECREE, "3").await;
    let miscounted = counter.submit(&walk::receive_form(counter, &intake).await).await;
    miscounted.refused("bạn đếm 3 mặt giấy nhưng có 2 trang");
    count_sides(counter, &intake, DECREE, "2").await.must_say(&["Đủ 2 trang"]);
    keeps_the_picture(counter, &intake).await;
    intake
}

/// Turns, moves and removes a page of the decree, and takes all of it back but one turn and its undoing.
async fn arrange(counter: &Browser, intake: &str) {
    let pages = |page: &crate::page::Page| component(page, DECREE).ids("trang-");
    let page = counter.get(intake).await.ok();
    let [one, two]: [String; 2] = pages(&page).try_into().expect("the decree has two pages");
    let act = async |act: &str, page: &str| {
        let form = component(&counter.get(intake).await.ok(), DECREE).form("/trang");
        counter.submit(&form.press("act", &format!("{act}:{page}"))).await.ok()
    };
    let undo = async || {
        let form = component(&counter.get(intake).await.ok(), DECREE).form("/hoan-tac");
        counter.submit(&form).await.ok()
    };
    let turned = act("rotate", &one).await;
    assert!(component(&turned, DECREE).html().contains(&format!("/trang/{one}/nho?xoay=1")));
    let thumbnail = counter.get(&format!("/trang/{one}/nho?xoay=1")).await.ok();
    assert!(thumbnail.bytes.starts_with(&[0xff, 0xd8]), "a turned thumbnail is a JPEG");
    undo().await;
    assert_eq!(pages(&act("down", &one).await), [two.clone(), one.clone()]);
    assert_eq!(pages(&act("up", &one).await), [one.clone(), two.clone()]);
    assert_eq!(pages(&act("remove", &two).await), std::slice::from_ref(&one));
    let whole = undo().await;
    assert_eq!(pages(&whole), [one, two]);
    assert!(!component(&whole, DECREE).html().contains("xoay=1"));
}

/// A picture is served as it came, byte for byte.
async fn keeps_the_picture(counter: &Browser, intake: &str) {
    let page = component(&counter.get(intake).await.ok(), REQUEST).ids("trang-").remove(0);
    let picture = counter.get(&format!("/trang/{page}/anh")).await.ok();
    assert_eq!(picture.header("content-type"), "image/jpeg");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert_eq!(picture.bytes, walk::request().bytes);
}

/// Receives; the receipt is there at once, and says what the page says.
async fn receive_with_receipt(office: &Installation, counter: &Browser, intake: &str) -> (String, String) {
    let dossier = receive(counter, intake).await;
    let page = counter.get(&dossier).await.ok();
    let code = walk::code(counter, &dossier).await;
    let (received, due) = printed::moments(office, &dossier).await;
    let (year, month, day) = (received.year() % 100, received.month(), received.day());
    assert!(code.starts_with("H99.101"), "{code}");
    assert!(code.ends_with(&format!("-{year:02}{month:02}{day:02}-0001")), "{code} on {received}");
    printed::fits_the_calendar(received, due, 3);
    let receipt = counter.get(&page.link(&format!("{dossier}/giay-tiep-nhan"))).await.ok();
    show_the_judges(&format!("printed-receipt-{}.bin", engine_of(office)), &receipt.bytes);
    let receipt = printed::read(office, &receipt.bytes).await;
    receipt.is_as_the_decree_wants();
    let due_words = format!("{:02} giờ {:02}", due.hour(), due.minute());
    for words in [code.as_str(), "Nguyễn Thị Ngoãn", "038191004627", "Cấp Giấy xác nhận tình trạng hôn nhân"]
    {
        assert!(receipt.text.contains(words), "“{words}” is missing: {}", receipt.text);
    }
    assert!(receipt.names_day(due.date()) && receipt.text.contains(&due_words), "{due}: {}", receipt.text);
    let fields: Vec<&str> = receipt.code.split('|').collect();
    assert_eq!(fields.first(), Some(&code.as_str()), "{}", receipt.code);
    assert_eq!(fields.get(1), Some(&"1.004873"), "{}", receipt.code);
    assert!(fields.contains(&"038191004627"), "{}", receipt.code);
    (dossier, code)
}

fn engine_of(office: &Installation) -> &'static str {
    if office.data().join("motcua.db").exists() { "sqlite" } else { "postgres" }
}

/// What the machine read is compared with the truth, corrected where it is wrong, and confirmed.
async fn confirm_what_was_read(office: &Installation, counter: &Browser, dossier: &str, code: &str) {
    for (review, of) in walk::read(counter, dossier, 2).await.into_iter().zip([
        "story/to-khai-xac-nhan-tinh-trang-hon-nhan.fields.json",
        "story/quyet-dinh-ly-hon.fields.json",
    ]) {
        let page = counter.get(&review).await.ok();
        page.must_say(&[code]);
        let form = page.form(&review);
        let truth = std::fs::read(testdata().join(of)).expect("the truth lies beside the paper");
        let truth: Value = serde_json::from_slice(&truth).expect("the truth is JSON");
        let text = |key: &str| truth[key].as_str().unwrap_or_default().to_owned();
        let day = text("issued_on").parse::<Date>().expect("the truth has a date");
        let day = format!("{:02}/{:02}/{}", day.day(), day.month(), day.year());
        assert_eq!(form.value("so-dinh-danh"), text("owner_personal_id"), "{of}");
        assert_eq!(form.value("ho-ten"), text("owner_name"), "{of}");
        assert_eq!(form.value("so-ky-hieu"), text("number"), "{of}");
        assert_eq!(form.value("ngay-cap"), day, "{of}");
        let told = form.value("trich-yeu");
        assert!(!told.is_empty(), "{of}: an abstract is proposed");

        // A paper of somebody else never enters her repository.
        let foreign = confirm(counter, &review, &[("so-dinh-danh", "038091000001")]).await;
        assert_eq!(foreign.status, 422, "{}", foreign.text());
        assert_eq!(foreign.form(&review).value("so-dinh-danh"), "038091000001", "what was typed stays");

        let signed = counter.get(&format!("{review}/tep")).await.ok();
        judge(office, &format!("record-{}-{}", engine_of(office), of_name(of)), &signed.bytes, 1).await;
        let corrected = format!("{told}, bản chính");
        confirm(counter, &review, &[("trich-yeu", &corrected)]).await.ok();
        let again = confirm_again(counter, &form).await;
        assert!(again.says("Đã vào kho") || again.says("đã vào kho"), "{}", again.text());
    }
    let page = counter.get(dossier).await.ok();
    let papers = walk::papers(&page);
    assert_eq!(papers.matches("mã số hóa").count(), 2, "{papers}");
    assert!(papers.contains("038191004627"), "the code names the owner: {papers}");
}

fn of_name(path: &str) -> &str {
    path.trim_start_matches("story/").trim_end_matches(".fields.json")
}

/// The form of a second window, sent after the paper was filed.
async fn confirm_again(counter: &Browser, form: &crate::page::Form) -> crate::page::Page {
    counter.submit(form).await
}

/// The desks: examined, drafted, signed, sealed, handed over. Gives the result's number.
async fn settle(office: &Installation, counter: &Browser, dossier: &str, code: &str) -> String {
    let married = "Đã đăng ký kết hôn, nhưng đã ly hôn theo Quyết định số 194/2023/QĐST-HNGĐ ngày 12/9/2023; \
        hiện tại chưa đăng ký kết hôn với ai";
    walk::examine_and_draft(office, dossier, &[("marital_status", married)]).await;
    walk::sign(office, dossier).await;
    let sealed = walk::seal(office, dossier).await;
    judge(office, &format!("result-{}", engine_of(office)), &sealed.bytes, 2).await;
    let result = printed::read(office, &sealed.bytes).await;
    let number = "01/UBND-XNTTHN".to_owned();
    let (text, flat) = (&result.text, result.text.split_whitespace().collect::<Vec<_>>().join(" "));
    assert!(flat.contains("Nguyễn Thị Ngoãn") && flat.contains("đã ly hôn theo Quyết định"), "{text}");
    assert!(result.code.starts_with(code), "{}", result.code);
    let page = counter.get(dossier).await.ok();
    page.must_say(&[&number, "Đã xử lý xong"]);
    let done = counter.submit(&page.form("/tra-ket-qua").set("cach-tra", "quay")).await;
    done.must_say(&["Xem giấy tờ tùy thân của người nhận rồi ghi số"]);
    let mine = page.form("/tra-ket-qua").set("cach-tra", "quay").set("so-giay-to", "038191004627");
    let done = counter.submit(&mine).await.ok();
    done.must_say(&["Đã trả kết quả", "không còn việc gì phải làm"]);
    number
}

/// Both signatures of a file hold and are trusted, and the file is kept for the other judges.
async fn judge(office: &Installation, name: &str, bytes: &[u8], n_signatures: usize) {
    show_the_judges(&format!("{name}.pdf"), bytes);
    trust_too(&std::fs::read(office.root()).expect("the root is in the data folder"));
    let file = office.folder().join(format!("{name}.pdf"));
    std::fs::write(&file, bytes).expect("the file can be written");
    let (file, root) = (file.display().to_string(), office.root().display().to_string());
    let judged = command(&["verify", &file, "--trust", &root, "--json"]).await;
    let said = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert_eq!(judged.status.code(), Some(0), "{said}");
    let said: Value = serde_json::from_str(&said).expect("it speaks JSON");
    let report = &said[0]["report"];
    assert_eq!(report["signatures"].as_array().map(Vec::len), Some(n_signatures), "{report}");
    assert_eq!(report["pdfa_claim"], "2B", "{report}");
}

/// The papers are found by name without accents, with their numbers.
async fn find_in_the_repository(counter: &Browser, number: &str) {
    let found = counter.get("/kho?q=nguyen+thi+ngoan").await.ok();
    let person = counter.get(&found.link("/kho/nguoi/")).await.ok();
    person.must_say(&["Nguyễn Thị Ngoãn", number, "194/2023/QĐST-HNGĐ"]);
    let file = counter.get(&person.link("/kho/")).await;
    assert!(file.bytes.starts_with(b"%PDF-") || file.status == 200, "{}", file.path);
    let by_words = counter.get("/tim?q=thuan+tinh+ly+hon").await.ok();
    by_words.must_say(&["ly hôn"]);
}

/// The same person comes again: what the state holds and the law wants stands ticked, what may apply is offered.
async fn reuse(counter: &Browser, number: &str) -> String {
    let intake = walk::open_intake(counter, &walk::card(), MARRIAGE).await;
    let page = counter.get(&intake).await.ok();
    let asked = component(&page, "xac-nhan-hon-nhan");
    asked.must_say(&["Dùng lại từ kho", "Giấy xác nhận tình trạng hôn nhân", number]);
    let ticked = counter.get(&asked.link(&intake.replace("/quay/", "/ho-so/"))).await.ok();
    assert!(ticked.bytes.starts_with(b"%PDF-"), "the ticked paper can be looked at");
    let decree = component(&page, DECREE);
    decree.must_say(&["Đã có trong kho", "Kho đã có: Bản án, quyết định ly hôn"]);
    let page = counter.submit(&decree.form("/dung-lai")).await.ok();
    component(&page, DECREE).must_say(&["Bản án, quyết định ly hôn", "Xem"]);
    for component_id in ["xac-nhan-hon-nhan", DECREE] {
        assert!(!component(&page, component_id).has_form("/dung-lai"));
    }
    upload(counter, &intake, REQUEST, &[walk::request()]).await.ok();
    count_sides(counter, &intake, REQUEST, "1").await;
    mark(counter, &intake, CARD, "shown").await;
    let dossier = receive(counter, &intake).await;
    assert!(walk::code(counter, &dossier).await.ends_with("-0002"));
    walk::read(counter, &dossier, 1).await;
    let papers = walk::papers(&counter.get(&dossier).await.ok());
    assert_eq!(papers.matches("Dùng lại từ kho").count(), 2, "{papers}");
    dossier
}

/// The timeline tells the story, with what differs from run to run masked.
async fn tell(counter: &Browser, dossier: &str, expected: &str) {
    let page = counter.get(dossier).await.ok();
    let mut lines: Vec<String> = walk::timeline(&page).iter().map(|line| printed::masked(line)).collect();
    // Papers that were received together are read and signed in any order.
    let behind = |line: &String| line.starts_with("Đọc xong") || line.starts_with("Ký số bản số hóa");
    for together in lines.chunk_by_mut(|one, next| behind(one) && behind(next)) {
        together.sort_by_key(|line| (line.starts_with("Ký số"), line.clone()));
    }
    // Of files that were sent together one may be opened before the next is noted.
    let of_files = |line: &String| {
        ["Thêm một tệp", "Mở tệp của", "Tệp của"].iter().any(|begins| line.starts_with(begins))
    };
    for together in lines.chunk_by_mut(|one, next| of_files(one) && of_files(next)) {
        together.sort_by_key(|line| (!line.starts_with("Thêm"), line.clone()));
    }
    let told = format!("{}\n", lines.join("\n"));
    assert_eq!(told, expected, "the timeline of {dossier}:\n{told}");
}
