//! One book of numbers: what each was given to, where it goes on, and the register of it on paper.

use super::{TO, book_href, days_of_year};
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key, query_value};
use crate::page::{Place, Shell, file, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use office::signing::book::{BookEntry, BookView};
use rules::id::AgencyId;
use rules::signing::book::NumberStanding;
use rules::words;

/// The fields of what stands behind the number, and of the last number given elsewhere.
pub(super) const SYMBOL: &str = "ky-hieu";
const LAST: &str = "so-cuoi";
/// Numbers on a page.
const N_LINES: i64 = 50;

#[derive(Debug, Template)]
#[template(path = "books/numbers.html")]
struct Numbers {
    shell: Shell,
    form: FormState,
    idem: String,
    base: String,
    symbol: String,
    agency: String,
    year: i16,
    last: i64,
    may_set: bool,
    rows: Vec<Row>,
    shown: String,
    first_href: String,
    next_href: String,
}

#[derive(Debug)]
struct Row {
    number: String,
    day: String,
    title: String,
    dossier: String,
    /// Empty where the dossier is not his to see.
    dossier_href: String,
    holder: String,
    signer: String,
    tone: &'static str,
    icon: &'static str,
    standing: String,
}

impl Row {
    fn of(view: &BookView, entry: BookEntry) -> Self {
        let BookEntry { line, signer } = entry;
        let (tone, icon) = match line.line.standing {
            NumberStanding::Given => ("warn", "stamp"),
            NumberStanding::Issued => ("ok", "circle-check"),
            NumberStanding::Cancelled { .. } => ("plain", "circle-slash"),
        };
        Self {
            number: view.book.written(line.line.number),
            day: words::date(line.line.given_on),
            title: line.procedure_name,
            dossier: line.dossier_code.unwrap_or_default(),
            dossier_href: match line.holder_name {
                Some(_) => format!("/ho-so/{}", line.line.dossier),
                None => String::new(),
            },
            holder: line.holder_name.unwrap_or_else(|| "không thuộc phần bạn được xem".to_owned()),
            signer: signer.unwrap_or_default(),
            tone,
            icon,
            standing: words::book::number_standing(&line.line.standing),
        }
    }
}

/// The agency, the year and the symbol an address names.
struct Named {
    agency: AgencyId,
    year: i16,
    symbol: String,
}

impl Named {
    fn of(place: &Place, symbol: String) -> Result<Self, Failure> {
        let year = place.id("year")?;
        Ok(Self { agency: place.id("agency")?, year, symbol })
    }

    fn book(&self) -> (AgencyId, i16, &str) {
        (self.agency, self.year, &self.symbol)
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.as_deref();
    let named = Named::of(&place, query_value(query, SYMBOL))?;
    let before = query_value(query, "truoc").parse().unwrap_or(i64::MAX);
    let (form, _) = days_of_year(None, named.year, web.office.clock.today());
    render(&web, &visitor, StatusCode::OK, &named, (before, form)).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    named: &Named,
    (before, form): (i64, FormState),
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let (view, entries) = web.office.book_page(actor, named.book(), before, N_LINES).await?;
    let oldest = entries.last().map_or(0, |entry| entry.line.line.number);
    let base = book_href(named.agency, named.year, &named.symbol);
    let rows: Vec<Row> = entries.into_iter().map(|entry| Row::of(&view, entry)).collect();
    let is_full = i64::try_from(rows.len()).is_ok_and(|n| n == N_LINES);
    let page = Numbers {
        shell: shell(web, visitor, "/so").await?,
        form,
        idem: new_key(),
        symbol: named.symbol.clone(),
        agency: view.agency,
        year: named.year,
        last: view.book.last,
        may_set: view.is_keeper && named.year == web.office.clock.today().year(),
        shown: match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => format!("{} đến {}", first.number, last.number),
            _ => String::new(),
        },
        rows,
        first_href: if before == i64::MAX { String::new() } else { base.clone() },
        next_href: if is_full && oldest > 1 { format!("{base}&truoc={oldest}") } else { String::new() },
        base: format!("/so/van-ban/{}/{}", named.agency, named.year),
    };
    Ok(show_as(web, status, &page))
}

/// Numbers up to the one typed were given elsewhere.
pub(crate) async fn set(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let named = Named::of(&place, posted.get(SYMBOL).to_owned())?;
    let was = posted.sent("so-truoc")?;
    let (blank, _) = days_of_year(None, named.year, web.office.clock.today());
    let mut form = posted.state().before(blank);
    let typed = posted.get(LAST).trim().replace('.', "");
    let Ok(last) = typed.parse::<i64>() else {
        form.fault(LAST, "Nhập số cuối đã cấp, chỉ gồm chữ số, ví dụ 143");
        return render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &named, (i64::MAX, form)).await;
    };
    let by = posted.by(&visitor);
    match web.office.set_book(&by, named.agency, &named.symbol, (was, last)).await {
        Ok(()) => {
            let said = format!("Đã ghi. Số cấp tiếp theo là {}/{}", last + 1, named.symbol);
            Ok(on_to(&web, &book_href(named.agency, named.year, &named.symbol), &said))
        }
        Err(error) => {
            form.refuse(LAST, &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &named, (i64::MAX, form)).await
        }
    }
}

/// Sổ đăng ký văn bản đi, as PDF.
pub(crate) async fn print(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.as_deref();
    let named = Named::of(&place, query_value(query, SYMBOL))?;
    let (mut form, found) = days_of_year(query, named.year, web.office.clock.today());
    if let Some(found) = found {
        match web.office.print_book(&visitor.present.actor, named.book(), found).await {
            Ok(pdf) => return Ok(file(Bytes::from(pdf), "application/pdf", "so-van-ban-di.pdf")),
            Err(error) => form.refuse(TO, &refused(error)?),
        }
    }
    render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &named, (i64::MAX, form)).await
}
