//! The routes of the API, with who may use them and by what proof.

use crate::access::{
    ACT_BY_PROGRAM, ACT_KEY, ADMIN, ANY_KEY, AUDIT, Access, BOOKS, BOOKS_KEY, COUNTER, CUSTODY, CUSTODY_KEY,
    FOR_APPLICANT, MIRRORING, OVERVIEW, PAPERS, PEOPLE_KEY, Proof, QUEUE, READ_BY_PROGRAM, READ_KEY,
    READ_PAPERS, RECEIVE_KEY, SEARCH, SIGNING, Table, WAITING,
};
use crate::api::{
    acts, admin, audit, books, components, custody, description, due, files, inbox, me, measure, notes,
    people, queue, rounds, search, shelves, sign_in, views,
};

/// Every address below `/api/`.
pub(super) fn routes(table: Table) -> Table {
    use Access::{Anyone, SignedIn};
    table
        .read("/api/v1/openapi.json", Anyone, ANY_KEY, description::describe)
        .send("/api/v1/session", Anyone, Proof::Session, sign_in)
        .read("/api/v1/me", SignedIn, ANY_KEY, me)
        .read("/api/v1/agencies", SignedIn, ANY_KEY, views::agencies)
        .read("/api/v1/alarms", SEARCH, READ_KEY, views::alarms)
        .send("/api/v1/dossiers", FOR_APPLICANT, RECEIVE_KEY, acts::open)
        .read("/api/v1/dossiers/{id}", READ_BY_PROGRAM, READ_KEY, views::dossier)
        .read("/api/v1/dossiers/{id}/events", READ_BY_PROGRAM, READ_KEY, views::events)
        .read("/api/v1/dossiers/{id}/due", READ_BY_PROGRAM, READ_KEY, due::due)
        .send("/api/v1/dossiers/{id}/acts", ACT_BY_PROGRAM, ACT_KEY, acts::perform)
        .send(
            "/api/v1/dossiers/{id}/components/{component}/file",
            FOR_APPLICANT,
            RECEIVE_KEY,
            acts::upload,
        )
        .send("/api/v1/mirrors", MIRRORING, RECEIVE_KEY, acts::mirror)
        .read("/api/v1/papers-to-sign", SIGNING, Proof::Session, rounds::waiting)
        .send("/api/v1/rounds", SIGNING, Proof::Session, rounds::begin)
        .read("/api/v1/rounds/{id}", SIGNING, Proof::Session, rounds::round)
        .read("/api/v1/dossiers", WAITING, READ_KEY, inbox::dossiers)
        .read("/api/v1/dossiers/{id}/slips/{slip}", READ_BY_PROGRAM, READ_KEY, files::slip)
        .read("/api/v1/procedures", READ_BY_PROGRAM, ANY_KEY, inbox::procedures)
        .read("/api/v1/papers", COUNTER, READ_KEY, inbox::papers)
        .read("/api/v1/papers/{id}/file", READ_PAPERS, READ_KEY, files::record)
        .send("/api/v1/papers/{id}/confirm", COUNTER, RECEIVE_KEY, inbox::confirm)
        .read("/api/v1/results/{id}/file", READ_PAPERS, READ_KEY, files::result)
        .read("/api/v1/folders", CUSTODY, CUSTODY_KEY, custody::folders)
        .send("/api/v1/folders/{id}/acts", CUSTODY, CUSTODY_KEY, custody::act)
        .send("/api/v1/passings", CUSTODY, CUSTODY_KEY, custody::pass)
        .read("/api/v1/registers/{agency}", BOOKS, BOOKS_KEY, books::register)
        .read("/api/v1/officers", ADMIN, PEOPLE_KEY, people::officers)
        .send("/api/v1/posts", ADMIN, Proof::Session, people::give_post)
        .send("/api/v1/posts/end", ADMIN, Proof::Session, people::end_post)
        .send("/api/v1/delegations", SignedIn, Proof::Session, people::delegate)
        .send("/api/v1/proposals/{id}/confirm", ADMIN, Proof::Session, people::confirm)
        .read("/api/v1/dossiers/{id}/components/{component}", COUNTER, READ_KEY, components::component)
        .send("/api/v1/papers/{id}/read-again", COUNTER, RECEIVE_KEY, components::read_again)
        .read("/api/v1/dossiers/{id}/notes", PAPERS, READ_KEY, notes::notes)
        .send("/api/v1/dossiers/{id}/folder", CUSTODY, CUSTODY_KEY, shelves::open_folder)
        .read("/api/v1/loose", CUSTODY, CUSTODY_KEY, shelves::loose)
        .send("/api/v1/found-papers", CUSTODY, CUSTODY_KEY, shelves::note_found)
        .send("/api/v1/found-papers/{id}/tie", CUSTODY, CUSTODY_KEY, shelves::tie_found)
        .read("/api/v1/stocktakings", CUSTODY, CUSTODY_KEY, shelves::stocktakings)
        .send("/api/v1/stocktakings", CUSTODY, CUSTODY_KEY, shelves::begin)
        .read("/api/v1/stocktakings/{id}", CUSTODY, CUSTODY_KEY, shelves::stocktaking)
        .send("/api/v1/stocktakings/{id}/folders", CUSTODY, CUSTODY_KEY, shelves::meet)
        .send("/api/v1/stocktakings/{id}/end", CUSTODY, CUSTODY_KEY, shelves::end)
        .read("/api/v1/number-books", BOOKS, BOOKS_KEY, books::number_books)
        .read("/api/v1/number-books/{agency}/{year}", BOOKS, BOOKS_KEY, books::numbers)
        .send("/api/v1/number-books/{agency}/{year}", BOOKS, BOOKS_KEY, books::set_book)
        .read("/api/v1/search", SEARCH, READ_KEY, search::find)
        .read("/api/v1/people/{id}", SEARCH, READ_KEY, search::repository)
        .read("/api/v1/entries/{id}/file", SEARCH, READ_KEY, search::entry_file)
        .read("/api/v1/overview", OVERVIEW, READ_KEY, measure::overview)
        .read("/api/v1/queue", QUEUE, RECEIVE_KEY, queue::queue)
        .send("/api/v1/tickets", QUEUE, RECEIVE_KEY, queue::take_number)
        .read("/api/v1/tickets/{id}", QUEUE, RECEIVE_KEY, queue::ticket)
        .read("/api/v1/tickets/{id}/slip", QUEUE, RECEIVE_KEY, queue::ticket_slip)
        .send("/api/v1/tickets/{id}/acts", QUEUE, RECEIVE_KEY, queue::act_on_ticket)
        .send("/api/v1/calls", QUEUE, RECEIVE_KEY, queue::call)
        .read("/api/v1/appointments", QUEUE, RECEIVE_KEY, queue::appointments)
        .send("/api/v1/appointments", QUEUE, RECEIVE_KEY, queue::book)
        .send("/api/v1/appointments/{id}/arrived", QUEUE, RECEIVE_KEY, queue::arrived)
        .send("/api/v1/appointments/{id}/cancel", QUEUE, RECEIVE_KEY, queue::cancel)
        .read("/api/v1/favourites", COUNTER, Proof::Session, queue::favourites)
        .send("/api/v1/favourites", COUNTER, Proof::Session, queue::edit_favourites)
        .read("/api/v1/audit/events", AUDIT, Proof::Session, audit::events)
        .send("/api/v1/audit/checks", AUDIT, Proof::Session, audit::check)
        .read("/api/v1/audit/exports", AUDIT, Proof::Session, audit::exports)
        .send("/api/v1/audit/exports", AUDIT, Proof::Session, audit::export)
        .read("/api/v1/audit/exports/{id}/file", AUDIT, Proof::Session, audit::export_file)
        .read("/api/v1/procedures/{code}/revisions/{revision}", ADMIN, Proof::Session, admin::procedure)
        .send("/api/v1/drafts", ADMIN, Proof::Session, admin::draft)
        .send("/api/v1/procedures/{code}/publication", ADMIN, Proof::Session, admin::publish)
        .send("/api/v1/procedures/{code}/retirement", ADMIN, Proof::Session, admin::retire)
        .send("/api/v1/calendars/preview", ADMIN, Proof::Session, admin::preview_calendar)
        .send("/api/v1/calendars", ADMIN, Proof::Session, admin::decide_calendar)
        .send("/api/v1/reorganisations", ADMIN, Proof::Session, admin::reorganise)
        .read("/api/v1/reorganisations/{id}", ADMIN, Proof::Session, admin::reorganisation)
        .read("/api/v1/jobs", ADMIN, Proof::Session, admin::jobs)
        .send("/api/v1/jobs/{id}/retry", ADMIN, Proof::Session, admin::retry)
        .send("/api/v1/clock", SignedIn, Proof::Session, acts::move_clock)
}
