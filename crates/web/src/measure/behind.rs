//! The dossiers behind a number of the overview: the same conditions, so the same count. What somebody
//! oversees without a right to its papers is shown by code, procedure and date alone.

use super::{PLACE, query};
use crate::Web;
use crate::dossier::bulk::takers;
use crate::dossier::inbox::mark;
use crate::error::Failure;
use crate::form::{Choice, FormState, new_key, query_value};
use crate::page::{Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::dossier::bulk::may_give;
use office::measure::{Behind, Listed};
use rules::id::OfficerId;
use rules::measure::due_mark;
use rules::measure::overview::DueGroup;
use rules::people::Actor;
use rules::words;
use store::dossier::DossierLine;
use store::measure::{Ended, InHandOf, Part};

/// Rows of a page; as many are given to somebody at once.
pub(super) const PAGE: i64 = 50;

/// What an address asks for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) part: Part,
    pub(super) behind: Behind,
    pub(super) page: i64,
}

/// The word of each number in an address, and how a page names it.
const KINDS: [(&str, &str, Behind); 8] = [
    ("", "Đang giải quyết", Behind::Open(None)),
    ("qua-han", "Quá hạn", Behind::Open(Some(DueGroup::Overdue))),
    ("hom-nay", "Đến hạn hôm nay", Behind::Open(Some(DueGroup::Today))),
    ("ba-ngay", "Đến hạn trong 3 ngày làm việc", Behind::Open(Some(DueGroup::Near))),
    ("con-lau", "Còn lâu hơn 3 ngày", Behind::Open(Some(DueGroup::Later))),
    ("tam-dung", "Tạm dừng", Behind::Open(Some(DueGroup::Stopped))),
    ("da-xong", "Đã giải quyết", Behind::Settled(Ended::All)),
    ("xong-tre", "Đã giải quyết, trễ hạn", Behind::Settled(Ended::Late)),
];

const NOBODY: &str = "chua-giao";

impl Wanted {
    /// From the address; what does not parse does not exist.
    pub(super) fn of(query: Option<&str>) -> Result<Self, Failure> {
        let value = |name| Some(query_value(query, name)).filter(|value| !value.is_empty());
        let kind = value("loai").unwrap_or_default();
        let (_, _, behind) =
            KINDS.into_iter().find(|(word, _, _)| *word == kind).ok_or_else(Failure::not_found)?;
        let parsed = |value: Option<String>| -> Result<Option<_>, Failure> {
            value.map(|id| id.parse().map_err(|_| Failure::not_found())).transpose()
        };
        let officer = match value("can-bo").as_deref() {
            None => None,
            Some(NOBODY) => Some(InHandOf::Nobody),
            Some(id) => Some(InHandOf::Officer(id.parse::<OfficerId>().map_err(|_| Failure::not_found())?)),
        };
        let procedure = value("thu-tuc").map(|code| code.parse().map_err(|_| Failure::not_found()));
        Ok(Self {
            part: Part { unit: parsed(value("don-vi"))?, officer, procedure: procedure.transpose()? },
            behind,
            page: value("trang").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, 100_000),
        })
    }

    pub(super) fn query(&self) -> String {
        let kind = KINDS.iter().find(|(_, _, behind)| *behind == self.behind);
        let officer = match self.part.officer {
            None => String::new(),
            Some(InHandOf::Nobody) => NOBODY.to_owned(),
            Some(InHandOf::Officer(officer)) => officer.to_string(),
        };
        query(&[
            ("loai", kind.map(|(word, _, _)| (*word).to_owned()).unwrap_or_default()),
            ("don-vi", self.part.unit.map(|unit| unit.to_string()).unwrap_or_default()),
            ("can-bo", officer),
            ("thu-tuc", self.part.procedure.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("trang", if self.page > 1 { self.page.to_string() } else { String::new() }),
        ])
    }

    fn title(&self) -> &'static str {
        KINDS.iter().find(|(_, _, behind)| *behind == self.behind).map_or("", |(_, title, _)| *title)
    }

    /// The address with something of it changed, from the first page.
    fn but(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut wanted = Self { page: 1, ..self.clone() };
        change(&mut wanted);
        format!("{PLACE}/ho-so{}", wanted.query())
    }

    /// What the list is narrowed by, each with the way to the list without it.
    fn chips(&self, listed: &Listed) -> Vec<Chip> {
        let mut chips = Vec::new();
        if self.behind != Behind::Open(None) {
            chips.push(Chip {
                href: self.but(|wanted| wanted.behind = Behind::Open(None)),
                label: self.title().to_owned(),
            });
        }
        if let Some(unit) = self.part.unit {
            let name = listed.units.get(&unit).cloned().unwrap_or_default();
            chips.push(Chip { href: self.but(|wanted| wanted.part.unit = None), label: name });
        }
        if let Some(officer) = self.part.officer {
            let name = match officer {
                InHandOf::Nobody => "Chưa giao cho ai".to_owned(),
                InHandOf::Officer(officer) => {
                    let name = listed.officers.get(&officer).cloned();
                    name.unwrap_or_else(|| "Cán bộ khác".to_owned())
                }
            };
            chips.push(Chip { href: self.but(|wanted| wanted.part.officer = None), label: name });
        }
        if let Some(procedure) = &self.part.procedure {
            let name = listed.procedures.get(procedure.as_str()).cloned();
            let label = name.unwrap_or_else(|| procedure.to_string());
            chips.push(Chip { href: self.but(|wanted| wanted.part.procedure = None), label });
        }
        chips
    }
}

#[derive(Debug, Template)]
#[template(path = "measure/behind.html")]
struct BehindPage {
    shell: Shell,
    title: &'static str,
    chips: Vec<Chip>,
    rows: Vec<BehindRow>,
    form: FormState,
    /// Who dossiers of this page can be given to; none where nothing here is open.
    takers: Vec<Choice>,
    /// The query of this page, to come back to.
    back: String,
    shown: String,
    prev: String,
    next: String,
    idem: String,
}

#[derive(Debug)]
struct Chip {
    href: String,
    label: String,
}

#[derive(Debug)]
pub(super) struct BehindRow {
    id: String,
    /// Empty where the one who looks may not open it.
    href: String,
    code: String,
    holder: String,
    procedure: String,
    officer: String,
    unit: String,
    mark: &'static str,
    mark_text: String,
    due: String,
    /// It can be given to somebody from here.
    may_give: bool,
}

pub(crate) async fn show_behind(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let wanted = Wanted::of(query.as_deref())?;
    render(&web, &visitor, &wanted, StatusCode::OK, FormState::default()).await
}

pub(super) async fn render(
    web: &Web,
    visitor: &Visitor,
    wanted: &Wanted,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let offset = (wanted.page - 1) * PAGE;
    let listed = web.office.behind(actor, &wanted.part, wanted.behind, (PAGE, offset)).await?;
    let rows: Vec<BehindRow> = listed.lines.iter().map(|line| row(actor, line, &listed)).collect();
    let takers = takers(web, actor, listed.lines.iter().map(|line| &line.dossier)).await?;
    let last = offset + i64::try_from(rows.len()).unwrap_or(PAGE);
    let page_href = |page| format!("{PLACE}/ho-so{}", Wanted { page, ..wanted.clone() }.query());
    let page = BehindPage {
        shell: shell(web, visitor, PLACE).await?,
        title: wanted.title(),
        chips: wanted.chips(&listed),
        form,
        takers,
        back: wanted.query(),
        shown: match rows.len() {
            0 => String::new(),
            _ => format!("{}–{last} trong {} hồ sơ", offset + 1, listed.n),
        },
        prev: if wanted.page > 1 { page_href(wanted.page - 1) } else { String::new() },
        next: if i64::try_from(listed.n).unwrap_or(i64::MAX) > last && !rows.is_empty() {
            page_href(wanted.page + 1)
        } else {
            String::new()
        },
        rows,
        idem: new_key(),
    };
    Ok(show_as(web, status, &page))
}

fn row(actor: &Actor, line: &DossierLine, listed: &Listed) -> BehindRow {
    let dossier = &line.dossier;
    let (mark, mark_text) = mark(due_mark(dossier, listed.look.now, listed.look.today));
    let may_see = actor.may_see(dossier).is_ok();
    let shown = |text: &str| if may_see { text.to_owned() } else { String::new() };
    BehindRow {
        id: dossier.id.to_string(),
        href: shown(&format!("/ho-so/{}", dossier.id)),
        code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        holder: shown(&line.holder_name),
        procedure: line.procedure_name.clone(),
        officer: line.officer_name.clone().unwrap_or_default(),
        unit: listed.units.get(&dossier.scope.holding).cloned().unwrap_or_default(),
        mark,
        mark_text: match dossier.clock.as_ref().and_then(|clock| clock.finished_at) {
            Some(at) => format!("Xong {}", words::moment(at)),
            None => mark_text,
        },
        due: dossier.due.map(|due| words::moment(due.at)).unwrap_or_default(),
        may_give: may_give(actor, dossier),
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Wanted};

    #[test]
    fn an_address_asks_for_what_it_was_made_of() {
        for (_, _, behind) in KINDS {
            let mut wanted =
                Wanted::of(Some("can-bo=chua-giao&thu-tuc=1.004873&trang=3")).expect("it parses");
            wanted.behind = behind;
            let query = wanted.query();
            let again = Wanted::of(query.strip_prefix('?')).expect("its own address");
            assert_eq!((&again.part, again.behind, again.page), (&wanted.part, wanted.behind, 3), "{query}");
        }
        assert_eq!(Wanted::of(None).expect("all").query(), "");
        for odd in ["loai=la", "can-bo=Lan", "don-vi=1", "thu-tuc=x"] {
            assert!(Wanted::of(Some(odd)).is_err(), "{odd}");
        }
    }
}
