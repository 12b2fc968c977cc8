//! "Thử với vai…": an administrator asks what somebody, or a role somewhere, could do, where he could go, and
//! why not. Nothing is done.

use super::people::{agency_choices, role_choices};
use super::{HERE, PAGES};
use crate::Web;
use crate::access::Access;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key, query_value, sought};
use crate::page::{PLACES, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::people::trial::{OnDossier, Tried, Verdict};
use rules::people::{Actor, Role};
use rules::words;

#[derive(Debug, Template)]
#[template(path = "admin/trial.html")]
struct TrialPage {
    shell: Shell,
    form: FormState,
    idem: String,
    agencies: Vec<Choice>,
    roles: Vec<Choice>,
    answer: Option<Told>,
}

/// What came of a trial, in words.
#[derive(Debug)]
struct Told {
    who: String,
    rights: Vec<String>,
    dossier: Option<ToldOfDossier>,
    places: Vec<Line>,
}

#[derive(Debug)]
struct ToldOfDossier {
    code: String,
    procedure: String,
    lines: Vec<Line>,
    offered: Vec<&'static str>,
}

#[derive(Debug)]
struct Line {
    act: String,
    may: bool,
    why: String,
}

const FIELDS: [&str; 4] = ["can-bo", "co-quan", "vai", "ho-so"];

/// The empty form, or one officer tried where the address names him by his id.
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    match query_value(query.as_deref(), "can-bo").parse() {
        Ok(officer) => answer(&web, &visitor, &Tried::Officer(officer), FormState::default()).await,
        Err(_) => render(&web, &visitor, StatusCode::OK, FormState::default(), None).await,
    }
}

/// Tries what was typed. It is posted, since a login must stand in no address.
pub(crate) async fn ask(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let typed = |form: FormState, name: &&str| form.with(*name, sought(posted.get(name)));
    let mut form = FIELDS.iter().fold(FormState::default(), typed);
    match asked(&mut form) {
        Some(tried) => answer(&web, &visitor, &tried, form).await,
        None => render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form, None).await,
    }
}

async fn answer(
    web: &Web,
    visitor: &Visitor,
    tried: &Tried,
    mut form: FormState,
) -> Result<Response, Failure> {
    match web.office.try_rights(&visitor.present.actor, tried, form.value("ho-so")).await {
        Ok(trial) => {
            let told = Told {
                who: trial.who,
                rights: trial.rights,
                dossier: trial.dossier.map(of_dossier),
                places: places(&trial.actor),
            };
            let form = FormState::default().with("can-bo", trial.login).before(form);
            render(web, visitor, StatusCode::OK, form, Some(told)).await
        }
        Err(error) => {
            form.refuse("", &refused(error)?);
            render(web, visitor, StatusCode::UNPROCESSABLE_ENTITY, form, None).await
        }
    }
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
    answer: Option<Told>,
) -> Result<Response, Failure> {
    let agencies = web.office.agencies_kept(&visitor.present.actor).await?;
    let page = TrialPage {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        agencies: agency_choices(&agencies),
        roles: role_choices(),
        answer,
    };
    Ok(show_as(web, status, &page))
}

/// As whom it is tried: an officer where one is named, else a role and its agency.
fn asked(form: &mut FormState) -> Option<Tried> {
    let login = form.value("can-bo").to_owned();
    if !login.is_empty() {
        return Some(Tried::Login(login));
    }
    let (agency, role) = (form.value("co-quan").parse().ok(), Role::of_word(form.value("vai")));
    match (agency, role) {
        (Some(agency), Some(role)) => Some(Tried::Post(agency, role)),
        (None, None) => {
            form.fault("can-bo", "Ghi tên đăng nhập, hoặc chọn vai và cơ quan");
            None
        }
        (agency, _) => {
            if agency.is_none() {
                form.fault("co-quan", "Chọn cơ quan");
            } else {
                form.fault("vai", "Chọn vai");
            }
            None
        }
    }
}

fn of_dossier(found: OnDossier) -> ToldOfDossier {
    let line = |answer: office::people::trial::Answer| match answer.verdict {
        Verdict::Yes(why) => Line { act: answer.act, may: true, why: why.join(". ") },
        Verdict::No(why) => Line { act: answer.act, may: false, why },
    };
    ToldOfDossier {
        code: found.code,
        procedure: found.procedure,
        lines: found.answers.into_iter().map(line).collect(),
        offered: found.offered,
    }
}

/// Where he could go, by the very table that lets him.
fn places(actor: &Actor) -> Vec<Line> {
    let own = PLACES.iter().map(|(_, label, _, access)| (*label, *access));
    let admin = PAGES.iter().map(|(_, title, _, access)| (*title, *access));
    let mut lines: Vec<Line> = Vec::new();
    for (label, access) in own.chain(admin) {
        if lines.iter().all(|line| line.act != label) {
            let may = access.admits(actor);
            lines.push(Line {
                act: label.to_owned(),
                may,
                why: if may { String::new() } else { needs(access) },
            });
        }
    }
    lines
}

/// The roles of which one is needed.
fn needs(access: Access) -> String {
    let roles = match access {
        Access::Roles(groups) => groups.concat(),
        Access::Anyone | Access::SettingUp | Access::SignedIn => Vec::new(),
    };
    let roles: Vec<&str> = roles.into_iter().map(words::role).collect();
    format!("Cần một trong các vai: {}", roles.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, asked, places};
    use crate::form::FormState;
    use office::people::trial::Tried;
    use rules::id::{AgencyId, OfficerId};
    use rules::people::{Actor, Post, Role};
    use uuid::Uuid;

    const AGENCY: AgencyId = AgencyId(Uuid::from_u128(1));

    fn form(values: [&str; 4]) -> FormState {
        FIELDS.iter().zip(values).fold(FormState::default(), |form, (name, value)| form.with(*name, value))
    }

    #[test]
    fn an_officer_goes_before_a_role_and_half_a_role_is_no_question() {
        let agency = AGENCY.to_string();
        assert_eq!(asked(&mut form(["quay", &agency, "van-thu", ""])), Some(Tried::Login("quay".to_owned())));
        assert_eq!(asked(&mut form(["", &agency, "van-thu", ""])), Some(Tried::Post(AGENCY, Role::Clerk)));
        for (values, field) in [
            (["", "", "van-thu", ""], "co-quan"),
            (["", &agency, "", ""], "vai"),
            (["", "", "", "H99"], "can-bo"),
        ] {
            let mut form = form(values);
            assert_eq!(asked(&mut form), None);
            assert!(!form.error(field).is_empty(), "{field}");
        }
    }

    #[test]
    fn a_place_that_is_closed_names_the_roles_it_opens_for() {
        let actor = Actor::Officer {
            id: OfficerId(Uuid::from_u128(2)),
            name: "Lê Bình".to_owned(),
            agency: AGENCY,
            posts: vec![Post::new(AGENCY, Role::Clerk)],
            lent: Vec::new(),
        };
        let places = places(&actor);
        let place = |label: &str| places.iter().find(|line| line.act == label).expect("a place");
        assert!(place("Ký số").may && place("Ký số").why.is_empty());
        assert!(!place("Quầy tiếp nhận").may);
        assert_eq!(place("Cán bộ").why, "Cần một trong các vai: Quản trị hệ thống");
    }
}
