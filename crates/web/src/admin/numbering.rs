//! How an agency's dossiers and documents are numbered: the code of the next dossier, another way of writing
//! codes from a day on, and the next number of each book.

use super::HERE;
use super::people::{agency_asked, agency_choices};
use super::read::Reading;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::numbering::{NewFormat, Numbering};
use rules::code::DossierCodeFormat;
use rules::id::AgencyId;
use rules::words;
use store::numbering::CodeFormat;

const PATH: &str = "/quan-tri/so-hieu";

#[derive(Debug, Template)]
#[template(path = "admin/numbering.html")]
struct NumberingPage {
    shell: Shell,
    form: FormState,
    idem: String,
    action: String,
    unit: String,
    agencies: Vec<Choice>,
    said: String,
    since: String,
    next_code: String,
    choices: Vec<Choice>,
    /// The decisions, each with who made it and why.
    decided: Vec<(String, String)>,
    books: Vec<BookRow>,
    year: i16,
}

#[derive(Debug)]
struct BookRow {
    symbol: String,
    last: String,
    next: String,
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let agency = agency_asked(&web, &visitor, query.as_deref()).await?;
    render(&web, &visitor, StatusCode::OK, agency, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    agency: AgencyId,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let agencies = web.office.agencies_kept(actor).await?;
    let Numbering { unit, format, since, next_code, choices, decided, names, books } =
        web.office.numbering(actor, agency).await?;
    let line = |decided: &CodeFormat| {
        let who = names.get(&decided.put_by).map_or("?", String::as_str);
        (
            format!("Từ {}: {}", words::date(decided.valid_from), words::code_format(decided.format)),
            format!("{who} ghi lúc {}: {}", words::moment(decided.put_at), decided.reason),
        )
    };
    let page = NumberingPage {
        shell: shell(web, visitor, HERE).await?,
        form: form.before(
            FormState::default().with("co-quan", agency.to_string()).with("cach", String::from(format)),
        ),
        idem: new_key(),
        action: format!("{PATH}/{agency}"),
        unit: unit.unit.name,
        agencies: agency_choices(&agencies),
        said: words::code_format(format),
        since: since.map(words::date).unwrap_or_default(),
        next_code,
        choices: choices
            .into_iter()
            .map(|(format, sample)| {
                Choice::new(String::from(format), format!("{sample} ({})", words::code_format(format)))
            })
            .collect(),
        decided: decided.iter().map(line).collect(),
        books: books
            .into_iter()
            .map(|book| BookRow {
                last: book.last.to_string(),
                next: format!("{}/{}", book.last + 1, book.symbol),
                symbol: book.symbol,
            })
            .collect(),
        year: web.office.clock.today().year(),
    };
    Ok(show_as(web, status, &page))
}

pub(crate) async fn set(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let agency = place.id("agency")?;
    let mut reading = Reading::of(&posted);
    let format = reading.chosen::<DossierCodeFormat>("cach", "Chọn một cách viết");
    let valid_from = reading.needed_day("tu");
    let mut form = reading.form;
    let Some(format) = format.filter(|_| form.errors().is_empty()) else {
        return render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, agency, form).await;
    };
    let new = NewFormat { valid_from, format, reason: posted.get("ly-do").to_owned() };
    match web.office.set_code_format(&posted.by(&visitor), agency, &new).await {
        Ok(()) => {
            let said = format!("Đã ghi. Mã hồ sơ từ ngày {} viết theo cách mới", words::date(valid_from));
            Ok(on_to(&web, &format!("{PATH}?co-quan={agency}"), &said))
        }
        Err(error) => {
            form.refuse("cach", &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, agency, form).await
        }
    }
}
