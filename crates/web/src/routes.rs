//! Every route in one place, with who may use it.

mod api;

#[cfg(test)]
use crate::access::Line;
use crate::access::{
    ACTS, ADMIN, AUDIT, Access, BOOKS, COUNTER, CUSTODY, GLASS, OVERVIEW, PAPERS, QUEUE, QUEUE_SETUP,
    READ_PAPERS, Routes, SEARCH, SIGNING, Serving, WAITING,
};
use crate::error::Failure;
use crate::session::is_foreign;
use crate::{
    Web, admin, assets, audit, books, calendar, camera, counter, custody, dossier, glass, handbook, measure,
    people, picture, procedures, public, repository, scanning, signing,
};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// The most bytes of one request: a file of 50 MiB with its form around it.
const LARGEST_REQUEST: usize = 52 * 1024 * 1024;

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

fn table<R: Routes>(routes: R) -> R {
    use Access::{Anyone, SettingUp, SignedIn};
    let table = routes
        .get("/healthz", Anyone, public::health)
        .get("/metrics", Anyone, public::metrics)
        .get("/static/{*file}", Anyone, assets::serve)
        .get("/dang-nhap", Anyone, people::sign_in_page)
        .post("/dang-nhap", Anyone, people::sign_in)
        .get("/dang-nhap/ma", Anyone, people::code_page)
        .post("/dang-nhap/ma", Anyone, people::enter_code)
        .post("/dang-nhap/khoa-truy-cap", Anyone, people::sign_in_with_passkey)
        .post("/dang-nhap/khoa-truy-cap/cau-hoi", Anyone, people::ask_for_passkey)
        .get("/dang-nhap/dinh-danh", Anyone, people::identity::begin)
        .get("/dang-nhap/dinh-danh/ve", Anyone, people::identity::come_back)
        .post("/dang-xuat", SettingUp, people::sign_out)
        .get("/", SignedIn, people::home)
        .get("/tai-khoan", SettingUp, people::account::account)
        .post("/tai-khoan/mat-khau", SettingUp, people::account::change_password)
        .post("/tai-khoan/dang-xuat-noi-khac", SettingUp, people::account::sign_out_elsewhere)
        .get("/tai-khoan/hai-lop", SettingUp, people::second_factor::show)
        .post("/tai-khoan/hai-lop", SettingUp, people::second_factor::begin)
        .post("/tai-khoan/hai-lop/bat", SettingUp, people::second_factor::turn_on)
        .post("/tai-khoan/hai-lop/tat", SettingUp, people::second_factor::turn_off)
        .get("/tai-khoan/khoa-api", SignedIn, people::api_keys::show_own)
        .post("/tai-khoan/khoa-api", SignedIn, people::api_keys::make_own)
        .post("/tai-khoan/khoa-api/thu-hoi", SignedIn, people::api_keys::revoke_own)
        .get("/tai-khoan/thu", SignedIn, people::mail::page)
        .post("/tai-khoan/thu", SignedIn, people::mail::put)
        .post("/tai-khoan/thu/xac-nhan", SignedIn, people::mail::confirm)
        .post("/tai-khoan/thu/nhan", SignedIn, people::mail::want)
        .post("/tai-khoan/thu/bo", SignedIn, people::mail::remove)
        .get("/tai-khoan/khoa-truy-cap", SettingUp, people::passkeys::show)
        .post("/tai-khoan/khoa-truy-cap", SettingUp, people::passkeys::add)
        .post("/tai-khoan/khoa-truy-cap/cau-hoi", SettingUp, people::passkeys::ask)
        .post("/tai-khoan/khoa-truy-cap/go", SettingUp, people::passkeys::remove)
        .get("/tai-khoan/dinh-danh", SignedIn, people::identity::show)
        .post("/tai-khoan/dinh-danh", SignedIn, people::identity::tie)
        .post("/tai-khoan/dinh-danh/go", SignedIn, people::identity::untie)
        .get("/huong-dan", SignedIn, handbook::contents)
        .get("/huong-dan/{chapter}", SignedIn, handbook::read)
        .get("/huong-dan/bai-tap", SignedIn, handbook::exercises::list)
        .get("/huong-dan/bai-tap/{exercise}", SignedIn, handbook::exercises::show_exercise)
        .post("/huong-dan/bai-tap/{exercise}", SignedIn, handbook::exercises::begin)
        .get("/huong-dan/anh/{picture}", SignedIn, handbook::picture)
        .get("/viec", WAITING, dossier::inbox::show)
        .post("/viec/nhieu", WAITING, dossier::bulk::perform)
        .get("/viec/nhieu/{id}", WAITING, dossier::bulk::report)
        .get("/viec/tiep-theo", WAITING, dossier::inbox::next)
        .post("/viec/bo-loc", WAITING, dossier::views::keep)
        .post("/viec/bo-loc/{id}/mo-dau", WAITING, dossier::views::put_first)
        .post("/viec/bo-loc/{id}/bo", WAITING, dossier::views::forget)
        .get("/tong-quan", OVERVIEW, measure::show_overview)
        .get("/tong-quan/so-lieu", OVERVIEW, measure::show_numbers)
        .get("/tong-quan/ho-so", OVERVIEW, measure::behind::show_behind)
        .post("/tong-quan/giao", OVERVIEW, measure::giving::give)
        .get("/mo-khan-cap", GLASS, glass::show)
        .post("/mo-khan-cap", GLASS, glass::open)
        .post("/mo-khan-cap/{id}/xem-xet", GLASS, glass::review)
        .get("/ky", SIGNING, signing::list)
        .post("/ky", SIGNING, signing::begin)
        .get("/ky/dot/{id}", SIGNING, signing::round)
        .get("/ky/dot/{id}/tien-trinh", SIGNING, signing::round_progress)
        .get("/bao-dong", SEARCH, dossier::alarms::show_alarms)
        .get("/tim", SEARCH, repository::find);
    let table = table
        .get("/quay", COUNTER, counter::show)
        .post("/quay", COUNTER, counter::open)
        .get("/quay/thu-tuc", COUNTER, counter::procedures)
        .get("/quay.js", Anyone, counter::outage::worker)
        .get("/quay/mat-ket-noi", COUNTER, counter::outage::page)
        .get("/quay/mat-ket-noi/thu-tuc", COUNTER, counter::outage::procedures)
        .get("/quay/phieu-tam", COUNTER, counter::outage::list)
        .post("/quay/phieu-tam", COUNTER, counter::outage::take)
        .get("/quay/hang-cho", QUEUE, counter::calling::show)
        .post("/quay/cho-ngoi", QUEUE, counter::calling::take_seat)
        .post("/quay/goi", QUEUE, counter::calling::call_next)
        .post("/quay/goi/{ticket}/{turn}", QUEUE, counter::calling::turn)
        .get("/lay-so", QUEUE, counter::tickets::machine)
        .post("/lay-so", QUEUE, counter::tickets::take)
        .get("/lay-so/{id}", QUEUE, counter::tickets::ticket)
        .get("/lay-so/{id}/phieu", QUEUE, counter::tickets::slip)
        .get("/lich-hen", QUEUE, counter::appointments::show)
        .post("/lich-hen", QUEUE, counter::appointments::book)
        .post("/lich-hen/{id}/da-den", QUEUE, counter::appointments::arrived)
        .post("/lich-hen/{id}/huy", QUEUE, counter::appointments::cancel)
        .get("/man-hinh-goi/{agency}", Anyone, counter::screen::show)
        .get("/man-hinh-phi/{agency}", Anyone, counter::fee_screen::show)
        .get("/quan-tri/hang-cho", QUEUE_SETUP, counter::setup::own)
        .get("/quan-tri/hang-cho/{agency}", QUEUE_SETUP, counter::setup::show)
        .post("/quan-tri/hang-cho/{agency}", QUEUE_SETUP, counter::setup::decide)
        .post("/quan-tri/hang-cho/{agency}/man-hinh", QUEUE_SETUP, counter::setup::add_screen)
        .post(
            "/quan-tri/hang-cho/{agency}/man-hinh/{screen}/thu-hoi",
            QUEUE_SETUP,
            counter::setup::withdraw_screen,
        )
        .get("/quay/{id}", COUNTER, counter::intake::show)
        .get("/quay/{id}/to-phan-cach", COUNTER, dossier::slips::separators)
        .post("/quay/{id}/truong-hop", COUNTER, counter::intake::choose_case)
        .post("/quay/{id}/tiep-nhan", COUNTER, counter::intake::receive)
        .post("/quay/{id}/tu-choi", COUNTER, counter::intake::refuse)
        .post("/quay/{id}/da-hoan-thien", COUNTER, counter::intake::papers_brought)
        .post("/quay/{id}/du-bo-sung", COUNTER, counter::intake::supplement_received)
        .get("/quay/{id}/giay/{component}", COUNTER, counter::papers::card)
        .post("/quay/{id}/giay/{component}/tep", COUNTER, counter::papers::add_files)
        .post("/quay/{id}/giay/{component}/trang", COUNTER, counter::papers::arrange)
        .post("/quay/{id}/giay/{component}/hoan-tac", COUNTER, counter::papers::undo)
        .post("/quay/{id}/giay/{component}/so-mat", COUNTER, counter::papers::count_sides)
        .post("/quay/{id}/giay/{component}/danh-dau", COUNTER, counter::papers::mark)
        .post("/quay/{id}/giay/{component}/dung-lai", COUNTER, counter::papers::reuse)
        .post("/quay/{id}/giay/{component}/van-yeu-cau", COUNTER, counter::papers::decline);
    let table = table
        .get("/ho-so/{id}", READ_PAPERS, dossier::show)
        .get("/ho-so/{id}/vi-sao", READ_PAPERS, dossier::why::show_why)
        .get("/ho-so/{id}/giay-tiep-nhan", READ_PAPERS, dossier::slips::receipt)
        .get("/ho-so/{id}/phieu-tu-choi", READ_PAPERS, dossier::slips::refusal)
        .get("/ho-so/{id}/phieu-bo-sung", READ_PAPERS, dossier::slips::supplement)
        .get("/ho-so/{id}/xin-loi", READ_PAPERS, dossier::slips::apology)
        .get("/ho-so/{id}/thong-bao-dung", READ_PAPERS, dossier::slips::stop_notice)
        .get("/ho-so/{id}/qua-trinh", READ_PAPERS, dossier::slips::process)
        .get("/ho-so/{id}/bien-lai/{nth}", READ_PAPERS, dossier::slips::fee_receipt)
        .get("/ho-so/{id}/bien-nhan/{receipt}", READ_PAPERS, dossier::slips::hand_over)
        .get("/ho-so/{id}/bien-nhan/{receipt}/ban-ky", READ_PAPERS, dossier::slips::signed_sheet)
        .post("/ho-so/{id}/bien-nhan/{receipt}/ban-ky", COUNTER, dossier::slips::keep_signed_sheet)
        .get("/ho-so/{id}/kho/{entry}", READ_PAPERS, repository::entry_for_dossier)
        .get("/ho-so/{id}/thu-phi", COUNTER, counter::paying::show)
        .post("/ho-so/{id}/thu-phi", COUNTER, counter::paying::collect)
        .post("/ho-so/{id}/thu-phi/man-hinh", COUNTER, counter::paying::on_screen)
        .post("/ho-so/{id}/nhan-viec", PAPERS, dossier::acts::take)
        .post("/ho-so/{id}/chuyen-buoc", PAPERS, dossier::acts::finish_step)
        .post("/ho-so/{id}/tra-lai", PAPERS, dossier::acts::send_back)
        .get("/ho-so/{id}/du-thao", PAPERS, dossier::draft::form)
        .post("/ho-so/{id}/du-thao", PAPERS, dossier::draft::save)
        .get("/ho-so/{id}/bo-sung", PAPERS, dossier::supplement::form)
        .post("/ho-so/{id}/bo-sung", PAPERS, dossier::supplement::send)
        .get("/ho-so/{id}/bo-sung/phieu", PAPERS, dossier::supplement::slip)
        .post("/ho-so/{id}/nhap/{form}", PAPERS, dossier::writing::keep)
        .post("/ho-so/{id}/nhap/{form}/bo", PAPERS, dossier::writing::give_up)
        .post("/ho-so/{id}/giu/du-thao", PAPERS, dossier::writing::stay)
        .post("/ho-so/{id}/soan-tiep/du-thao", PAPERS, dossier::writing::take_over)
        .post("/ho-so/{id}/ghi-chu", PAPERS, dossier::notes::write)
        .post("/ho-so/{id}/ghi-chu/{note}/gach", PAPERS, dossier::notes::strike)
        .post("/ho-so/{id}/viec/{act}", ACTS, dossier::offers::read::perform)
        .post("/ho-so/{id}/ky", PAPERS, dossier::acts::sign)
        .post("/ho-so/{id}/dong-dau", PAPERS, dossier::acts::seal)
        .post("/ho-so/{id}/tra-ket-qua", COUNTER, dossier::acts::hand_over)
        .get("/ket-qua/{id}/tep", READ_PAPERS, repository::result_file)
        .get("/buu-gui", COUNTER, counter::parcels::list)
        .post("/buu-gui", COUNTER, counter::parcels::take)
        .get("/buu-gui/{id}", COUNTER, counter::parcels::show)
        .post("/buu-gui/{id}/de-rieng", COUNTER, counter::parcels::put_aside)
        .get("/buu-gui/{id}/bang-ke", COUNTER, counter::parcels::printed)
        .get("/buu-chinh", QUEUE, dossier::posting::list)
        .post("/buu-chinh", QUEUE, dossier::posting::begin)
        .get("/buu-chinh/{id}", QUEUE, dossier::posting::show)
        .post("/buu-chinh/{id}/them", QUEUE, dossier::posting::add)
        .post("/buu-chinh/{id}/bot", QUEUE, dossier::posting::remove)
        .post("/buu-chinh/{id}/giao", QUEUE, dossier::posting::send)
        .post("/buu-chinh/{id}/ket-qua", QUEUE, dossier::posting::answer)
        .get("/buu-chinh/{id}/bang-ke", QUEUE, dossier::posting::printed);
    let table = table
        .get("/bia", CUSTODY, custody::show)
        .post("/bia/quet", CUSTODY, custody::find)
        .get("/bia/nhan", CUSTODY, custody::passing::receiving)
        .post("/quet-anh", CUSTODY, camera::codes)
        .post("/bia/nhan", CUSTODY, custody::passing::receive)
        .get("/bia/ban-giao", CUSTODY, custody::passing::form)
        .post("/bia/ban-giao", CUSTODY, custody::passing::pass)
        .get("/bia/giao-nhan/{id}", CUSTODY, custody::passing::show)
        .get("/bia/giao-nhan/{id}/bien-ban", CUSTODY, custody::passing::slip)
        .get("/bia/doi-chieu", CUSTODY, custody::reconcile::show)
        .post("/bia/giay-tim-thay", CUSTODY, custody::reconcile::note)
        .post("/bia/giay-tim-thay/{id}", CUSTODY, custody::reconcile::tie)
        .get("/bia/kiem-ke", CUSTODY, custody::stocktaking::begin_page)
        .post("/bia/kiem-ke", CUSTODY, custody::stocktaking::begin)
        .get("/bia/kiem-ke/{id}", CUSTODY, custody::stocktaking::show)
        .post("/bia/kiem-ke/{id}/quet", CUSTODY, custody::stocktaking::meet)
        .post("/bia/kiem-ke/{id}/xong", CUSTODY, custody::stocktaking::end)
        .get("/bia/{id}", CUSTODY, custody::folder::show)
        .get("/bia/{id}/to-bia", CUSTODY, custody::folder::cover)
        .post("/bia/{id}/{act}", CUSTODY, custody::folder::act)
        .post("/ho-so/{id}/lap-bia", CUSTODY, custody::folder::open);
    let table = api::routes(table);
    table
        .get("/so", BOOKS, books::list)
        .get("/so/van-ban/{agency}/{year}", BOOKS, books::numbers::show)
        .post("/so/van-ban/{agency}/{year}", BOOKS, books::numbers::set)
        .get("/so/van-ban/{agency}/{year}/ban-in", BOOKS, books::numbers::print)
        .get("/so/ho-so/{agency}", BOOKS, books::register::show)
        .get("/so/ho-so/{agency}/ban-in", BOOKS, books::register::print)
        .get("/so-hoa", COUNTER, scanning::list)
        .get("/so-hoa/{id}", COUNTER, scanning::review)
        .post("/so-hoa/{id}", COUNTER, scanning::confirm)
        .post("/so-hoa/{id}/doc-lai", COUNTER, scanning::read_again)
        .get("/so-hoa/{id}/tep", READ_PAPERS, repository::record_file)
        .get("/so-hoa/{id}/anh/{number}", READ_PAPERS, picture::of_record)
        .get("/trang/{id}/nho", READ_PAPERS, picture::thumbnail)
        .get("/trang/{id}/anh", READ_PAPERS, picture::whole)
        .get("/kho", SEARCH, repository::list)
        .get("/kho/nguoi/{id}", SEARCH, repository::of_party)
        .get("/kho/{id}/tep", SEARCH, repository::entry_file)
        .get("/quan-tri/thu-tuc", ADMIN, procedures::list)
        .post("/quan-tri/thu-tuc", ADMIN, procedures::exchange::import)
        .get("/quan-tri/thu-tuc/{code}", ADMIN, procedures::show::show_procedure)
        .get("/quan-tri/thu-tuc/{code}/tep/{revision}", ADMIN, procedures::exchange::export)
        .get("/quan-tri/thu-tuc/{code}/soan", ADMIN, procedures::editor::show_facts)
        .post("/quan-tri/thu-tuc/{code}/soan", ADMIN, procedures::editor::save_facts)
        .post("/quan-tri/thu-tuc/{code}/soan/bat-dau", ADMIN, procedures::show::begin)
        .post("/quan-tri/thu-tuc/{code}/soan/lay-lai", ADMIN, procedures::show::take_back)
        .get("/quan-tri/thu-tuc/{code}/soan/ket-qua", ADMIN, procedures::editor::show_results)
        .post("/quan-tri/thu-tuc/{code}/soan/ket-qua", ADMIN, procedures::editor::save_results)
        .get("/quan-tri/thu-tuc/{code}/soan/truong-hop/{n}", ADMIN, procedures::editor::show_case)
        .post("/quan-tri/thu-tuc/{code}/soan/truong-hop/{n}", ADMIN, procedures::editor::save_case)
        .get("/quan-tri/thu-tuc/{code}/soan/quy-trinh", ADMIN, procedures::editor::show_process)
        .post("/quan-tri/thu-tuc/{code}/soan/quy-trinh", ADMIN, procedures::editor::save_process)
        .post("/quan-tri/thu-tuc/{code}/soan/quy-trinh/ve", ADMIN, procedures::editor::draw)
        .get("/quan-tri/thu-tuc/{code}/soan/chay-thu", ADMIN, procedures::rehearsal::show_rehearsal)
        .get("/quan-tri/thu-tuc/{code}/soan/cong-bo", ADMIN, procedures::publication::show_publication)
        .post("/quan-tri/thu-tuc/{code}/soan/cong-bo", ADMIN, procedures::publication::publish)
        .get("/quan-tri", ADMIN, admin::show)
        .get("/quan-tri/viec", ADMIN, admin::jobs::show)
        .post("/quan-tri/viec/{id}/thu-lai", ADMIN, admin::jobs::retry)
        .get("/quan-tri/can-bo", ADMIN, admin::people::list)
        .post("/quan-tri/can-bo", ADMIN, admin::people::add)
        .post("/quan-tri/can-bo/loc", ADMIN, admin::people::find)
        .get("/quan-tri/can-bo/them", ADMIN, admin::people::new_page)
        .get("/quan-tri/can-bo/{id}", ADMIN, admin::officer::show)
        .post("/quan-tri/can-bo/{id}/khoa", ADMIN, admin::account::lock)
        .post("/quan-tri/can-bo/{id}/mo-khoa", ADMIN, admin::account::unlock)
        .post("/quan-tri/can-bo/{id}/mat-khau", ADMIN, admin::account::reset_password)
        .post("/quan-tri/can-bo/{id}/hai-lop", ADMIN, admin::account::reset_second_factor)
        .post("/quan-tri/can-bo/{id}/dinh-danh", ADMIN, admin::account::tie_identity)
        .post("/quan-tri/can-bo/{id}/dinh-danh/go", ADMIN, admin::account::untie_identity)
        .post("/quan-tri/can-bo/{id}/vai", ADMIN, admin::rights::give)
        .post("/quan-tri/can-bo/{id}/vai/ket-thuc", ADMIN, admin::rights::end)
        .post("/quan-tri/can-bo/{id}/nghi", ADMIN, admin::rights::begin_leave)
        .post("/quan-tri/can-bo/{id}/nghi/{absence}/ket-thuc", ADMIN, admin::rights::end_leave)
        .post("/quan-tri/can-bo/{id}/lam-thay", ADMIN, admin::rights::lend)
        .post("/quan-tri/can-bo/{id}/lam-thay/ket-thuc", ADMIN, admin::rights::take_back)
        .get("/quan-tri/can-bo/{id}/chuyen-viec", ADMIN, admin::handing_over::show)
        .post("/quan-tri/can-bo/{id}/chuyen-viec", ADMIN, admin::handing_over::hand_over)
        .get("/quan-tri/can-bo/{id}/khoa-api", ADMIN, people::api_keys::show_of)
        .post("/quan-tri/can-bo/{id}/khoa-api", ADMIN, people::api_keys::make_of)
        .post("/quan-tri/can-bo/{id}/khoa-api/thu-hoi", ADMIN, people::api_keys::revoke_of)
        .get("/quan-tri/de-nghi", ADMIN, admin::proposals::list)
        .post("/quan-tri/de-nghi/{id}", ADMIN, admin::proposals::confirm)
        .get("/quan-tri/thu-vai", ADMIN, admin::trial::show)
        .post("/quan-tri/thu-vai", ADMIN, admin::trial::ask)
        .get("/quan-tri/don-vi", ADMIN, admin::units::show)
        .get("/quan-tri/don-vi/{id}", ADMIN, admin::units::unit)
        .get("/quan-tri/sap-xep", ADMIN, admin::reorganising::begin_page)
        .post("/quan-tri/sap-xep", ADMIN, admin::reorganising::decide)
        .post("/quan-tri/sap-xep/xem", ADMIN, admin::reorganising::plan)
        .get("/quan-tri/sap-xep/{id}", ADMIN, admin::reorganising::follow)
        .get("/quan-tri/mau", ADMIN, admin::forms::list)
        .get("/quan-tri/mau/{agency}/{code}", ADMIN, admin::forms::show)
        .post("/quan-tri/mau/{agency}/{code}", ADMIN, admin::forms::set)
        .post("/quan-tri/mau/{agency}/{code}/xem", ADMIN, admin::forms::preview)
        .get("/quan-tri/so-hieu", ADMIN, admin::numbering::show)
        .post("/quan-tri/so-hieu/{agency}", ADMIN, admin::numbering::set)
        .get("/quan-tri/khoa", ADMIN, admin::keys::list)
        .get("/quan-tri/khoa/{holder}", ADMIN, admin::keys::sheet)
        .post("/quan-tri/khoa/{holder}", ADMIN, admin::keys::put)
        .post("/quan-tri/khoa/{holder}/dung-thu", ADMIN, admin::keys::make_trial)
        .post("/quan-tri/khoa/{holder}/ket-thuc", ADMIN, admin::keys::end)
        .post("/quan-tri/khoa/{holder}/cho/{proposal}", ADMIN, admin::keys::confirm)
        .post("/quan-tri/khoa/{holder}/cho/{proposal}/bo", ADMIN, admin::keys::decline)
        .get("/quan-tri/ket-noi", ADMIN, admin::links::list)
        .get("/quan-tri/ket-noi/{link}", ADMIN, admin::links::one)
        .post("/quan-tri/ket-noi/{link}/thu", ADMIN, admin::links::try_once)
        .get("/quan-tri/thu-phi", ADMIN, admin::fees::show)
        .post("/quan-tri/thu-phi/{agency}", ADMIN, admin::fees::set)
        .post("/quan-tri/thu-phi/{agency}/man-hinh", ADMIN, admin::fees::add_screen)
        .post("/quan-tri/thu-phi/{agency}/man-hinh/{screen}/thu-hoi", ADMIN, admin::fees::withdraw_screen)
        .get("/quan-tri/thong-bao", ADMIN, admin::webhooks::list)
        .post("/quan-tri/thong-bao", ADMIN, admin::webhooks::add)
        .get("/quan-tri/thong-bao/{id}", ADMIN, admin::webhooks::show)
        .post("/quan-tri/thong-bao/{id}/ngung", ADMIN, admin::webhooks::stop)
        .post("/quan-tri/thong-bao/{id}/gui-tiep", ADMIN, admin::webhooks::resume)
        .post("/quan-tri/thong-bao/{id}/bo", ADMIN, admin::webhooks::remove)
        .post("/quan-tri/thong-bao/{id}/gui-lai/{notice}", ADMIN, admin::webhooks::send_again)
        .get("/quan-tri/lich", ADMIN, calendar::show_year)
        .post("/quan-tri/lich/ngay", ADMIN, calendar::draft_day)
        .post("/quan-tri/lich/tep", ADMIN, calendar::draft_file)
        .post("/quan-tri/lich/quyet-dinh", ADMIN, calendar::decide)
        .get("/quan-tri/nhat-ky", AUDIT, audit::show_trail)
        .post("/quan-tri/nhat-ky/loc", AUDIT, audit::narrow)
        .post("/quan-tri/nhat-ky/kiem-tra", AUDIT, audit::ask_check)
        .post("/quan-tri/nhat-ky/xuat", AUDIT, audit::ask_export)
        .get("/quan-tri/nhat-ky/xuat/{id}", AUDIT, audit::export_file)
}

pub(crate) fn all(web: Web) -> Router {
    let Serving { router, .. } = table(Serving { router: Router::new(), web: web.clone() });
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    router
        .fallback(async |uri: Uri| Failure::not_found().at(uri.path()))
        .method_not_allowed_fallback(async |uri: Uri| Failure::not_so().at(uri.path()))
        .layer(middleware::from_fn(refuse_foreign))
        .layer(middleware::from_fn(public::count))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(CompressionLayer::new())
        .layer(header(header::CONTENT_SECURITY_POLICY, CSP))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(header(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(web)
}

/// The lines of the access table, for its golden file.
#[cfg(test)]
pub(crate) fn lines() -> Vec<Line> {
    table(Vec::new())
}

/// A form from another site is refused before anything reads it.
async fn refuse_foreign(request: Request, next: Next) -> Response {
    if is_foreign(request.method(), request.headers()) {
        return Failure::foreign().at(request.uri().path());
    }
    next.run(request).await
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    let cause = std::io::Error::other("a handler panicked");
    Failure::Broken(office::Error::broken(cause)).into_response()
}
