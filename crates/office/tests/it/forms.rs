//! Templates of agencies: tried on a sample, in force from a day on, and papers that were made before keep
//! theirs.

use crate::counter::received;
use crate::house::House;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use office::forms::Sheet;
use office::forms::own::{InUse, NewText};
use office::{By, Error, Forms, Refusal};
use pdf::validate::Covers;
use rules::id::DossierId;
use rules::people::Role;
use std::sync::Arc;
use store::signing::KeyHolder;
use store::testing::Scratch;

const CODE: &str = "phieu-lay-so";
const ABOUT: &str = include_str!("../../../../forms/phieu-lay-so/2018-06-21/form.toml");
const SOURCE: &str = include_str!("../../../../forms/phieu-lay-so/2018-06-21/form.typ");
const SAMPLE: &str = include_str!("../../../../forms/phieu-lay-so/2018-06-21/sample.json");
const TODAY: Date = date(2026, 11, 23);

fn sheet(about: &str, source: &str) -> Sheet {
    let form = pdf::print::Form::new(about, source.to_owned()).expect("a form");
    let sample = serde_json::from_str(SAMPLE).expect("the sample");
    Sheet::new(form, None).expect("a sheet").with_sample(sample)
}

async fn house(db: &Scratch) -> House {
    let mut house = House::open(db).await;
    house.office.forms = Arc::new(Forms::new([sheet(ABOUT, SOURCE)]));
    house
}

fn longer() -> String {
    format!(
        "{SOURCE}\n#pagebreak()\nMời Ông/Bà ngồi chờ ở hàng ghế bên phải, có nước uống và sạc điện thoại.\n"
    )
}

fn text(source: Option<&str>, valid_from: Date) -> NewText {
    NewText { valid_from, source: source.map(ToOwned::to_owned), reason: "9/QĐ-UBND".to_owned() }
}

/// The fields at fault and what is said there.
fn faults(done: Result<(), Error>) -> Vec<(String, String)> {
    match done {
        Err(Error::Refused(Refusal::Form(faults))) => faults,
        other => panic!("{other:?}"),
    }
}

async fn slip(house: &House, by: &By) -> (rules::id::TicketId, Vec<u8>) {
    let id = house.office.take_number(by, None, None).await.expect("a number");
    (id, house.office.ticket_slip(&by.actor, id).await.expect("a slip"))
}

async fn a_text_prints_from_its_day_on_and_older_papers_keep_theirs(db: Scratch) {
    let house = house(&db).await;
    let (admin, counter) = (house.officer(Role::Admin).await, house.officer(Role::Counter).await);
    let (before, printed_before) = slip(&house, &counter).await;
    house.office.clock.advance(SignedDuration::from_mins(5));
    let set =
        async |text: NewText| house.office.set_form(&admin, house.commune, CODE, &text).await.expect("set");
    set(text(Some(&longer()), TODAY)).await;
    set(text(None, date(2026, 11, 25))).await;
    let again = house.office.ticket_slip(&counter.actor, before).await.expect("a slip");
    assert!(again == printed_before, "made before the new text");
    let (_, printed) = slip(&house, &counter).await;
    assert!(printed.len() > printed_before.len() + 500, "a second page");

    let sheet = async || house.office.form_sheet(&admin.actor, house.commune, CODE).await.expect("read");
    let now = sheet().await;
    assert_eq!((now.in_use, now.source.as_str()), (InUse::Own { since: TODAY }, longer().as_str()));
    assert_eq!((now.shipped.as_str(), now.versions.len()), (SOURCE, 2));
    let (_, lines) = house.office.form_lines(&admin.actor, house.commune).await.expect("read");
    assert_eq!(lines[0].next, Some(date(2026, 11, 25)));
    house.office.clock.advance(SignedDuration::from_hours(48));
    let then = sheet().await;
    assert_eq!((then.in_use, then.source.as_str()), (InUse::Shipped { since: date(2026, 11, 25) }, SOURCE));
    let mut reader = db.read().await.expect("a snapshot");
    let subject = rules::event::Subject::Unit(house.commune);
    let events = store::event::of_subject(&mut reader, subject, 10).await.expect("read");
    assert_eq!(events.iter().map(|event| event.body.kind()).collect::<Vec<_>>(), ["form_text_set"; 2]);
}

async fn what_does_not_print_is_not_put_in_force(db: Scratch) {
    let house = house(&db).await;
    let admin = house.officer(Role::Admin).await;
    let set = async |text: NewText| faults(house.office.set_form(&admin, house.commune, CODE, &text).await);
    let yesterday = date(2026, 11, 22);
    let broken = SOURCE.replacen('#', "#khong-co-lenh-nay\n#", 1);
    let wrong = set(NewText { reason: " ".to_owned(), ..text(Some(&broken), yesterday) }).await;
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["tu", "ly-do", "mau"], "all together: {wrong:?}");
    assert!(wrong[2].1.contains("Dòng 4 “#khong-co-lenh-nay”: không có tên"), "{wrong:?}");
    let steals = format!("{SOURCE}\n#read(\"/etc/passwd\")\n");
    let said = &set(text(Some(&steals), TODAY)).await[0].1;
    assert!(said.contains("không mở tệp nào khác"), "{said}");
    assert_eq!(set(text(Some(" "), TODAY)).await[0].1, "Mẫu chưa có chữ nào");
    let sheet = house.office.form_sheet(&admin.actor, house.commune, CODE).await.expect("read");
    assert!(sheet.versions.is_empty(), "nothing was kept");
}

async fn only_an_administrator_of_the_agency_decides(db: Scratch) {
    let house = house(&db).await;
    let clerk = house.officer(Role::Clerk).await;
    let stranger = house.officer_of(house.elsewhere, Role::Admin).await;
    let good = text(Some(&longer()), TODAY);
    let refused = house.office.set_form(&clerk, house.commune, CODE, &good).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    let gone = house.office.set_form(&stranger, house.commune, CODE, &good).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let gone = house.office.form_sheet(&stranger.actor, house.commune, CODE).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
}

async fn a_form_of_a_new_law_ends_what_was_written_for_the_old(db: Scratch) {
    let mut house = house(&db).await;
    let new_law = ABOUT.replace("2018-06-21", "2026-12-01");
    let forms = [sheet(ABOUT, SOURCE), sheet(&new_law, SOURCE)];
    house.office.forms = Arc::new(Forms::new(forms));
    let admin = house.officer(Role::Admin).await;
    let in_use = async |house: &House| {
        house.office.form_sheet(&admin.actor, house.commune, CODE).await.expect("read").in_use
    };
    house.office.set_form(&admin, house.commune, CODE, &text(Some(&longer()), TODAY)).await.expect("set");
    assert_eq!(in_use(&house).await, InUse::Own { since: TODAY });
    house.office.clock.advance(SignedDuration::from_hours(24 * 8));
    assert_eq!(in_use(&house).await, InUse::Shipped { since: date(2026, 12, 1) });
}

/// The receipt of a dossier as it is printed at this moment, and who signed it.
async fn receipt_signed_by(house: &House, by: &By, id: DossierId) -> Vec<(String, Covers)> {
    let view = house.office.dossier_view(&by.actor, id).await.expect("the dossier");
    let pdf = house.office.receipt(&by.actor, &view).await.expect("a receipt");
    let report = pdf::validate::validate(&pdf, &[]);
    let signatures = report.signatures.into_iter();
    signatures
        .map(|signature| {
            assert!(signature.intact, "{:?}", signature.problems);
            (signature.signer.expect("a certificate").name, signature.covers)
        })
        .collect()
}

// law: TT01-2018-VPCP/10.1
async fn a_receipt_bears_the_agencys_signature_and_goes_out_without_a_key_too(db: Scratch) {
    let mut house = House::open(&db).await;
    let about = ABOUT.replace(CODE, "01-giay-tiep-nhan");
    let source = "#import \"/motcua.typ\": *\n#data.paper_name\n#slot(\"ky\", 60mm, 20mm)\n";
    house.office.forms = Arc::new(Forms::new([sheet(&about, source)]));
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    assert!(receipt_signed_by(&house, &counter, id).await.is_empty(), "there is no key yet");
    // An expired key signs nothing, and nobody is sent home for it.
    let now = house.office.clock.now();
    let long_ago = now - SignedDuration::from_hours(24 * 366 * 9);
    house.give_key_of(house.commune.0, KeyHolder::Agency, long_ago).await;
    assert!(receipt_signed_by(&house, &counter, id).await.is_empty(), "it is expired");
    house.give_key_of(house.commune.0, KeyHolder::Agency, now).await;
    let signed = receipt_signed_by(&house, &counter, id).await;
    assert_eq!(signed, [("Xã (DEMO)".to_owned(), Covers::WholeFile)]);
}

store::on_both!(
    a_text_prints_from_its_day_on_and_older_papers_keep_theirs,
    what_does_not_print_is_not_put_in_force,
    only_an_administrator_of_the_agency_decides,
    a_form_of_a_new_law_ends_what_was_written_for_the_old,
    a_receipt_bears_the_agencys_signature_and_goes_out_without_a_key_too,
);
