//! The search narrowed: conditions as chips that come off one by one, and lists of them kept under a name,
//! as on the inbox. Conditions are of dossiers; with one of them set, people and papers are not shown.

use super::{Find, page};
use crate::Web;
use crate::access::WAITING;
use crate::dossier::narrowing::{self, Choices, Known, MARKS, Removable, href};
use crate::error::Failure;
use crate::form::FormState;
use crate::page::show_as;
use crate::session::Visitor;
use axum::http::StatusCode;
use axum::response::Response;
use office::dossier::views::shares_in;
use office::repository::{Found, KINDS, MOST_READ, Narrowed};
use rules::measure::narrowing::Narrowing;
use store::dossier::DossierLine;
use store::dossier::view::View;

/// What stands above what was found.
#[derive(Debug)]
pub(super) struct Seek {
    pub(super) chips: Vec<Removable>,
    pub(super) choices: Choices,
    /// The fields of what it is narrowed by, to be kept.
    pub(super) kept: Vec<(&'static str, String)>,
    pub(super) views: Vec<ViewChip>,
    /// The kept list that is open and may be forgotten; empty where none is.
    pub(super) forget: String,
    /// The same search without conditions.
    pub(super) whole: String,
    pub(super) is_narrowed: bool,
    pub(super) may_keep: bool,
    pub(super) may_share: bool,
    /// What is not shown of what there is.
    pub(super) cut: String,
}

#[derive(Debug)]
pub(super) struct ViewChip {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) is_current: bool,
    pub(super) is_shared: bool,
}

impl Find {
    /// Whether conditions stand beside the words.
    pub(super) fn is_narrowed(&self) -> bool {
        self.seek.as_ref().is_some_and(|seek| seek.is_narrowed)
    }
}

pub(crate) async fn render(
    web: &Web,
    visitor: &Visitor,
    narrowing: &Narrowing,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let typed = narrowing.sought.clone().unwrap_or_default();
    let is_narrowed = !Narrowing { sought: None, ..narrowing.clone() }.is_empty();
    let (found, among, cut) = if is_narrowed {
        let Narrowed { dossiers, among, n_fitting, n_read } =
            web.office.find_narrowed(actor, narrowing).await?;
        let cut = cut_told(&typed, dossiers.len(), n_fitting, n_read);
        (Found { dossiers, ..Found::default() }, among, cut)
    } else if typed.is_empty() {
        let mut reader = web.office.db.read().await?;
        let among = store::dossier::lines_waiting(&mut reader, &actor.sight(), MOST_READ).await?;
        (Found::default(), among, String::new())
    } else {
        let found = web.office.find(actor, &typed, &KINDS).await?;
        let among = found.dossiers.clone();
        (found, among, String::new())
    };
    let seek = seek(web, visitor, narrowing, &among, cut).await?;
    let page = page(web, visitor, ("Tìm kiếm", narrowing::FOUND), typed, found).await?;
    Ok(show_as(web, status, &Find { seek: Some(Seek { is_narrowed, ..seek }), form, ..page }))
}

async fn seek(
    web: &Web,
    visitor: &Visitor,
    narrowing: &Narrowing,
    among: &[DossierLine],
    cut: String,
) -> Result<Seek, Failure> {
    let actor = &visitor.present.actor;
    // Who keeps lists has an inbox, where they are kept.
    let may_keep = WAITING.admits(actor);
    let mut views = if may_keep { web.office.views(actor).await? } else { Vec::new() };
    views.retain(|view| view.narrowing.sought.is_some());
    let units = store::people::unit_names(&mut web.office.db.read().await?).await?;
    let known = Known::of(among.iter(), &units);
    let mut chips = narrowing::removable(narrowing, &known);
    if let Some(mark) = narrowing.mark {
        let label = MARKS.iter().find(|(kept, ..)| *kept == mark).map_or("", |(.., label)| *label);
        let without = Narrowing { mark: None, ..narrowing.clone() };
        chips.insert(0, Removable { href: href(&without), label: label.to_owned() });
    }
    let open = views.iter().find(|view| view.narrowing == *narrowing);
    let may_forget = |view: &&View| {
        Some(view.owner) == actor.officer()
            || view.shared_with.is_some_and(|with| shares_in(actor) == Some(with))
    };
    Ok(Seek {
        chips,
        choices: known.choices(),
        kept: narrowing::fields(narrowing),
        forget: open.filter(may_forget).map(|view| view.id.to_string()).unwrap_or_default(),
        whole: href(&Narrowing { sought: narrowing.sought.clone(), ..Narrowing::default() }),
        is_narrowed: false,
        may_keep,
        may_share: shares_in(actor).is_some(),
        cut,
        views: views
            .iter()
            .map(|view| ViewChip {
                href: href(&view.narrowing),
                name: view.name.clone(),
                is_current: view.narrowing == *narrowing,
                is_shared: view.shared_with.is_some(),
            })
            .collect(),
    })
}

/// What is left out, and how to come to it.
fn cut_told(typed: &str, n_shown: usize, n_fitting: usize, n_read: usize) -> String {
    let mut told = Vec::new();
    if typed.is_empty() {
        told.push("Không gõ chữ thì chỉ lọc trong hồ sơ đang giải quyết".to_owned());
    }
    if n_fitting > n_shown {
        told.push(format!("Đang hiện {n_shown} trong {n_fitting} hồ sơ khớp"));
    }
    if typed.is_empty() && i64::try_from(n_read).unwrap_or(MOST_READ) >= MOST_READ {
        told.push(format!("Chỉ lọc trong {MOST_READ} hồ sơ gần hạn nhất"));
    }
    if told.is_empty() {
        String::new()
    } else {
        format!("{}. Thêm chữ hoặc điều kiện để thu hẹp.", told.join(". "))
    }
}

#[cfg(test)]
mod tests {
    use super::cut_told;

    #[test]
    fn what_is_not_shown_is_said() {
        assert_eq!(cut_told("Nguyễn", 3, 3, 40), "");
        assert!(cut_told("Nguyễn", 50, 70, 500).contains("50 trong 70"));
        let open = cut_told("", 50, 70, 1_000);
        assert!(open.contains("đang giải quyết") && open.contains("1000 hồ sơ"), "{open}");
    }
}
