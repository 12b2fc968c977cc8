//! Papers scanned in one stack, with the sheets of the product's own printing between them.

use crate::browser::{Browser, Chosen};
use crate::installation::{Installation, testdata};
use crate::page::Page;
use crate::walk::{
    self, AFTER_DIVORCE, CARD, DECREE, MARRIAGE, REQUEST, component, count_sides, mark, opened, upload,
};
use std::path::{Path, PathBuf};
use store::Engine;
use tokio::process::Command;

pub(crate) async fn a_stack_falls_into_its_papers_at_the_separators(engine: Engine) {
    let mut office = Installation::start(engine, "").await;
    let counter = office.sign_in("quay.yenbinh").await;
    let intake = walk::open_intake(&counter, &walk::card(), AFTER_DIVORCE).await;
    let sheets = printed_sheets(&office, &counter, &intake).await;
    let others = walk::open_intake(&counter, &walk::card_of(517, "Lò Thị Xuân"), MARRIAGE).await;
    let of_others = printed_sheets(&office, &counter, &others).await;
    let paper = testdata().join("story/quyet-dinh-tro-cap.pdf");

    let only_sheets = stack(&office, &[(&sheets, "1-z")]).await;
    let answer = upload(&counter, &intake, REQUEST, &[only_sheets]).await;
    answer.refused("Tệp chỉ có tờ phân cách, không có giấy nào");

    // Two pages of the decree and one of the request, in the wrong order; the sheets are printed on both sides.
    let sent = [(&sheets, "3,4"), (&paper, "1"), (&paper, "1"), (&sheets, "1,2"), (&paper, "1")];
    let sent = stack(&office, &sent).await;
    let page = upload(&counter, &intake, REQUEST, &[sent]).await.ok();
    assert_eq!(sides(&page), [1, 2]);
    // A sheet that was taken out is not lost.
    let page = counter.submit(&component(&page, DECREE).form("/hoan-tac")).await.ok();
    assert_eq!(sides(&page), [1, 3]);
    let sheet = component(&page, DECREE).ids("trang-").remove(1);
    let out = component(&page, DECREE).form("/trang").press("act", &format!("remove:{sheet}"));
    assert_eq!(sides(&counter.submit(&out).await.ok()), [1, 2]);

    // The sheet of another procedure is a page like any other: whoever put it there sees it.
    let sent = stack(&office, &[(&of_others, "1"), (&paper, "1")]).await;
    let page = upload(&counter, &intake, REQUEST, &[sent]).await.ok();
    assert_eq!(sides(&page), [3, 2]);
    for page in component(&page, REQUEST).ids("trang-").into_iter().skip(1) {
        let form = component(&opened(&counter, &intake).await, REQUEST).form("/trang");
        counter.submit(&form.press("act", &format!("remove:{page}"))).await.ok();
    }

    count_sides(&counter, &intake, REQUEST, "1").await;
    count_sides(&counter, &intake, DECREE, "2").await;
    mark(&counter, &intake, CARD, "shown").await;
    let dossier = walk::receive(&counter, &intake).await;
    let told = walk::timeline(&counter.get(&dossier).await.ok());
    let said = |what: &str| told.iter().filter(|line| line.contains(what)).count();
    assert_eq!((said("2 trang"), said("1 trang")), (2, 1), "{told:?}");
    office.stop().await;
}

/// How many pages stand at the request and at the decree.
fn sides(page: &Page) -> [usize; 2] {
    [REQUEST, DECREE].map(|of| component(page, of).ids("trang-").len())
}

/// The separator sheets as the intake's page prints them: for each paper a front and a back.
async fn printed_sheets(office: &Installation, counter: &Browser, intake: &str) -> PathBuf {
    let link = format!("{intake}/to-phan-cach");
    assert!(counter.get(intake).await.ok().links().contains(&link), "its page offers them");
    let file = office.folder().join(format!("{}.pdf", intake.replace('/', "-")));
    std::fs::write(&file, counter.get(&link).await.ok().bytes).expect("the file can be written");
    file
}

/// One file of these pages of these files, as a scanner with a feeder sends it.
async fn stack(office: &Installation, of: &[(&PathBuf, &str)]) -> Chosen {
    let file = office.folder().join("stack.pdf");
    let parts = of.iter().flat_map(|(from, pages)| [from.as_os_str(), pages.as_ref()]);
    let mut qpdf = Command::new("qpdf");
    qpdf.arg("--empty").arg("--pages").args(parts).arg("--").arg(Path::new(&file));
    let done = qpdf.output().await.expect("qpdf is installed");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Chosen { name: "xap.pdf".to_owned(), bytes: std::fs::read(&file).expect("qpdf wrote the file") }
}
