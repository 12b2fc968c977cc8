//! The printed forms of an agency: which version each paper is printed from, a text of the agency's own that
//! is tried on a sample and compared before it is put in force, and the way back.

use super::HERE;
use super::people::agency_choices;
use super::read::Reading;
use crate::Web;
use crate::dossier::marks::{Word, pieces};
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key, query_value};
use crate::page::{self, Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use office::Refusal;
use office::forms::own::{FormLine, FormSheet, InUse, NewText, TriedForm};
use rules::id::AgencyId;
use rules::text::diff::{Piece, is_changed, word_changes};
use rules::words;
use store::forms::FormText;

const LIST: &str = "/quan-tri/mau";
/// The version that came with the program, in an address.
const SHIPPED: &str = "goc";
/// Letters shown of an unchanged stretch, at each of its ends.
const AROUND: usize = 120;

#[derive(Debug, Template)]
#[template(path = "admin/forms.html")]
struct FormsPage {
    shell: Shell,
    form: FormState,
    unit: String,
    agencies: Vec<Choice>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    href: String,
    name: String,
    legal_basis: String,
    is_own: bool,
    since: String,
    next: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/form.html")]
struct FormPage {
    shell: Shell,
    form: FormState,
    keys: [String; 2],
    base: String,
    list_href: String,
    name: String,
    unit: String,
    legal_basis: String,
    is_own: bool,
    since: String,
    versions: Vec<Version>,
    preview: Option<Preview>,
}

#[derive(Debug)]
struct Version {
    href: String,
    title: String,
    detail: String,
}

/// What a typed text came to.
#[derive(Debug)]
struct Preview {
    n_pages: usize,
    /// Pictures as addresses that hold them.
    pages: Vec<String>,
    /// Against the text in use; empty where they are the same.
    changes: Vec<Word>,
}

fn path(agency: AgencyId, code: &str) -> String {
    format!("{LIST}/{agency}/{code}")
}

fn since(in_use: &InUse) -> (bool, String) {
    match in_use {
        InUse::Own { since } => (true, words::date(*since)),
        InUse::Shipped { since } => (false, words::date(*since)),
    }
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let agencies = web.office.agencies_kept(actor).await?;
    let asked = query_value(query.as_deref(), "co-quan");
    let own = agencies.iter().map(|(id, _)| *id).find(|id| *id == actor.agency());
    let first = own.or_else(|| agencies.first().map(|(id, _)| *id)).ok_or_else(Failure::not_found)?;
    let agency = if asked.is_empty() { first } else { asked.parse().map_err(|_| Failure::not_found())? };
    let (unit, lines) = web.office.form_lines(actor, agency).await?;
    let page = FormsPage {
        shell: shell(&web, &visitor, HERE).await?,
        form: FormState::default().with("co-quan", agency.to_string()),
        unit: unit.unit.name,
        agencies: agency_choices(&agencies),
        rows: lines.into_iter().map(|line| row(agency, line)).collect(),
    };
    Ok(page::show(&web, &page))
}

fn row(agency: AgencyId, line: FormLine) -> Row {
    let (is_own, since) = since(&line.in_use);
    Row {
        href: path(agency, &line.code),
        name: line.name,
        legal_basis: line.legal_basis.join("; "),
        is_own,
        since,
        next: line.next.map(words::date).unwrap_or_default(),
    }
}

/// One form, with the text in use to be edited, or an older one that is asked for.
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let (agency, code) = (place.id("agency")?, place.text("code")?);
    let sheet = web.office.form_sheet(&visitor.present.actor, agency, code).await?;
    let version = query_value(query.as_deref(), "ban");
    let text = match version.as_str() {
        "" => &sheet.source,
        SHIPPED => &sheet.shipped,
        id => {
            let wanted = sheet.versions.iter().find(|text| text.id.to_string() == id);
            wanted.and_then(|text| text.source.as_ref()).ok_or_else(Failure::not_found)?
        }
    };
    let form = FormState::default().with("mau", text).with("tu", words::date(web.office.clock.today()));
    render(&web, &visitor, StatusCode::OK, agency, sheet, form, None).await
}

/// The text as the typesetter takes it: lines end as they do in a file.
fn typed(posted: &Posted) -> String {
    posted.get("mau").replace("\r\n", "\n") + "\n"
}

/// Prints the sample of the form from what was typed. Nothing is kept.
pub(crate) async fn preview(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (agency, code) = (place.id("agency")?, place.text("code")?);
    let actor = &visitor.present.actor;
    let sheet = web.office.form_sheet(actor, agency, code).await?;
    let (mut form, text) = (posted.state(), typed(&posted));
    match web.office.try_form(actor, agency, code, &text).await {
        Ok(tried) => {
            let preview = Some(Preview::of(&tried, &sheet.source, &text));
            render(&web, &visitor, StatusCode::OK, agency, sheet, form, preview).await
        }
        Err(error) => {
            form.refuse("mau", &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, agency, sheet, form, None).await
        }
    }
}

/// Puts what was typed in force, or goes back to what came with the program.
pub(crate) async fn set(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (agency, code) = (place.id("agency")?, place.text("code")?);
    let goes_back = posted.get("kieu") == SHIPPED;
    let (day, reason) = if goes_back { ("goc-tu", "goc-ly-do") } else { ("tu", "ly-do") };
    let mut reading = Reading::of(&posted);
    let text = NewText {
        valid_from: reading.needed_day(day),
        source: (!goes_back).then(|| typed(&posted)),
        reason: posted.get(reason).to_owned(),
    };
    let done = if reading.is_sound() {
        web.office.set_form(&posted.by(&visitor), agency, code, &text).await
    } else {
        Err(office::Error::Refused(Refusal::Form(Vec::new())))
    };
    let mut form = reading.form;
    match done {
        Ok(()) => {
            let said = format!("Đã ghi. Giấy làm từ ngày {} in theo bản này", words::date(text.valid_from));
            Ok(on_to(&web, &path(agency, code), &said))
        }
        Err(error) => {
            match refused(error)? {
                Refusal::Form(faults) => {
                    for (field, said) in faults {
                        let own = if goes_back { format!("{SHIPPED}-{field}") } else { field };
                        form.fault(own, said);
                    }
                }
                other => form.refuse("mau", &other),
            }
            let sheet = web.office.form_sheet(&visitor.present.actor, agency, code).await?;
            if !form.holds("mau") {
                form = form.with("mau", &sheet.source);
            }
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, agency, sheet, form, None).await
        }
    }
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    agency: AgencyId,
    sheet: FormSheet,
    form: FormState,
    preview: Option<Preview>,
) -> Result<Response, Failure> {
    let base = path(agency, &sheet.code);
    let (is_own, since) = since(&sheet.in_use);
    let version = |text: &FormText| Version {
        href: text.source.as_ref().map_or_else(String::new, |_| format!("{base}?ban={}", text.id)),
        title: match text.source {
            Some(_) => format!("Bản của cơ quan, từ {}", words::date(text.valid_from)),
            None => format!("Trở về bản gốc, từ {}", words::date(text.valid_from)),
        },
        detail: format!(
            "{} ghi lúc {}: {}",
            sheet.names.get(&text.put_by).map_or("?", String::as_str),
            words::moment(text.put_at),
            text.reason
        ),
    };
    let page = FormPage {
        shell: shell(web, visitor, HERE).await?,
        form,
        keys: [new_key(), new_key()],
        list_href: format!("{LIST}?co-quan={agency}"),
        versions: sheet.versions.iter().map(version).collect(),
        base,
        name: sheet.name,
        unit: sheet.unit,
        legal_basis: sheet.legal_basis.join("; "),
        is_own,
        since,
        preview,
    };
    Ok(show_as(web, status, &page))
}

impl Preview {
    fn of(tried: &TriedForm, before: &str, after: &str) -> Self {
        let picture = |(media_type, bytes): &(&str, Vec<u8>)| {
            format!("data:{media_type};base64,{}", STANDARD.encode(bytes))
        };
        let changes = word_changes(before, after);
        Self {
            n_pages: tried.n_pages,
            pages: tried.pages.iter().map(picture).collect(),
            changes: if is_changed(&changes) { pieces(shortened(changes)) } else { Vec::new() },
        }
    }
}

/// The same with the long stretches that did not change cut to what stands around the changes.
fn shortened(changes: Vec<Piece>) -> Vec<Piece> {
    let last = changes.len().saturating_sub(1);
    let cut = |(at, piece): (usize, Piece)| match piece {
        Piece::Same(text) => Piece::Same(around(&text, at > 0, at < last)),
        changed => changed,
    };
    changes.into_iter().enumerate().map(cut).collect()
}

/// The beginning of a stretch where something stands before it, its end where something follows.
fn around(text: &str, follows: bool, leads: bool) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= 2 * AROUND {
        return text.to_owned();
    }
    let begin: String = letters[..if follows { AROUND } else { 0 }].iter().collect();
    let end: String = letters[letters.len() - if leads { AROUND } else { 0 }..].iter().collect();
    format!("{begin} … {end}")
}

#[cfg(test)]
mod tests {
    use super::{AROUND, around, shortened};
    use rules::text::diff::{Piece, word_changes};

    #[test]
    fn only_what_stands_around_a_change_is_shown() {
        let long = "chữ ".repeat(200);
        let before = format!("{long}cũ {long}");
        let after = format!("{long}mới {long}");
        let pieces = shortened(word_changes(&before, &after));
        let [Piece::Same(first), Piece::Deleted(was), Piece::Inserted(is), Piece::Same(last)] = &pieces[..]
        else {
            panic!("{pieces:?}")
        };
        assert_eq!((was.trim(), is.trim()), ("cũ", "mới"));
        assert!(first.starts_with(" … ") && first.chars().count() == AROUND + 3, "{first}");
        assert!(last.ends_with(" … ") && last.chars().count() == AROUND + 3, "{last}");
    }

    #[test]
    fn a_short_stretch_stays_whole() {
        assert_eq!(around("Hồ sơ của", true, true), "Hồ sơ của");
    }
}
