//! Counting the folders of a shelf, or of one's own hands: every one is scanned, and what is missing or too
//! much is said.

use super::{CODE, FolderRow, fault_at, rows};
use crate::Web;
use crate::error::Failure;
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use rules::custody::Shelf;
use rules::id::StocktakingId;
use rules::words;
use rules::words::custody as said;

#[derive(Debug, Template)]
#[template(path = "custody/stocktakings.html")]
struct Begin {
    shell: Shell,
    form: FormState,
    idem: String,
    last: Vec<Last>,
}

#[derive(Debug)]
struct Last {
    href: String,
    area: String,
    begun: String,
    outcome: String,
}

#[derive(Debug, Template)]
#[template(path = "custody/stocktaking.html")]
struct Count {
    shell: Shell,
    form: FormState,
    keys: [String; 2],
    id: String,
    area: String,
    begun: String,
    /// Empty while it goes on.
    outcome: String,
    n_met: usize,
    met: Vec<FolderRow>,
    missing: Vec<FolderRow>,
    surplus: Vec<FolderRow>,
}

pub(crate) async fn begin_page(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render_begin(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render_begin(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let last = web.office.stocktakings(&visitor.present.actor).await?;
    let last = last.iter().map(|counted| Last {
        href: format!("/bia/kiem-ke/{}", counted.id),
        area: words::upper_first(&said::area(&counted.area)),
        begun: words::moment(counted.begun_at),
        outcome: counted.ended.as_ref().map_or_else(
            || "Đang kiểm kê".to_owned(),
            |(_, tally)| outcome([tally.seen.len(), tally.missing.len(), tally.surplus.len()]),
        ),
    });
    let page =
        Begin { last: last.collect(), shell: shell(web, visitor, "/bia").await?, form, idem: new_key() };
    Ok(show_as(web, status, &page))
}

fn outcome([seen, missing, surplus]: [usize; 3]) -> String {
    format!("Thấy {seen}, thiếu {missing}, thừa {surplus}")
}

/// Begins with a shelf, or with what the officer has in hand.
pub(crate) async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let by = posted.by(&visitor);
    let begun = if posted.get("act") == "kho" {
        match Shelf::read(posted.get("kho"), posted.get("gia"), posted.get("hop")) {
            Ok(shelf) => web.office.begin_stocktaking(&by, Some(&shelf)).await,
            Err(why) => Err(why.into()),
        }
    } else {
        web.office.begin_stocktaking(&by, None).await
    };
    match begun {
        Ok(id) => Ok(on_to(&web, &format!("/bia/kiem-ke/{id}"), "")),
        Err(error) => {
            let mut form = posted.state();
            fault_at(&mut form, "kho", error)?;
            render_begin(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    render(&web, &visitor, place.id("id")?, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    id: StocktakingId,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let counted = web.office.stocktaking(&visitor.present.actor, id).await?;
    let now = web.office.clock.now();
    let of = |seen: &[office::custody::FolderSeen]| rows(seen, &counted.names, now);
    let tally = counted.stocktaking.ended.as_ref().map(|(_, tally)| tally);
    let page = Count {
        shell: shell(web, visitor, "/bia").await?,
        form,
        keys: [new_key(), new_key()],
        id: id.to_string(),
        area: said::area(&counted.stocktaking.area),
        begun: words::moment(counted.stocktaking.begun_at),
        outcome: tally
            .map(|tally| outcome([tally.seen.len(), tally.missing.len(), tally.surplus.len()]))
            .unwrap_or_default(),
        n_met: counted.n_met,
        met: of(&counted.met),
        missing: of(&counted.missing),
        surplus: of(&counted.surplus),
    };
    Ok(show_as(web, status, &page))
}

/// A folder was met.
pub(crate) async fn meet(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    match web.office.meet_folder(&posted.by(&visitor), id, posted.get(CODE)).await {
        Ok(is_new) => {
            let told = if is_new { "" } else { "Bìa này đã quét rồi" };
            Ok(on_to(&web, &format!("/bia/kiem-ke/{id}"), told))
        }
        Err(error @ (Error::NotFound | Error::Stale)) => Err(error.into()),
        Err(error) => {
            let mut form = posted.state();
            fault_at(&mut form, CODE, error)?;
            render(&web, &visitor, id, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

pub(crate) async fn end(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: StocktakingId = place.id("id")?;
    web.office.end_stocktaking(&posted.by(&visitor), id).await?;
    Ok(on_to(&web, &format!("/bia/kiem-ke/{id}"), "Đã kết thúc kiểm kê"))
}
