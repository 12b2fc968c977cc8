//! Who may come where: route × role, one line each. The table is a golden file; a route that is not
//! registered through [`Table`] does not exist.

use crate::Web;
use crate::error::Failure;
use crate::session::Visitor;
use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
use rules::people::api_key::Scope;
use rules::people::{Actor, Role};
use std::fmt::Write as _;
use store::people::api_key::ApiKey;

/// Who may use a route. What they see behind it is scoped by their agencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Anyone,
    /// Whoever is signed in, also while he must first set up a second factor.
    SettingUp,
    SignedIn,
    /// Whoever has a role of one of these groups.
    Roles(&'static [&'static [Role]]),
}

/// Those who do the steps of a dossier.
const AT_STEPS: &[Role] = &Role::AT_STEPS;

pub const PAPERS: Access = Access::Roles(&[AT_STEPS]);
/// Those who may do something to a dossier; which of the acts are whose, the acts ask.
pub const ACTS: Access = Access::Roles(&[AT_STEPS, &[Role::PostOffice]]);
/// Those who see what waits: who does the steps, and who heads the place that received it.
pub const WAITING: Access = Access::Roles(&[AT_STEPS, &[Role::CentreHead]]);
/// Those who lead, and see the numbers of what they lead.
pub const OVERVIEW: Access = Access::Roles(&[&[Role::Head, Role::Leader, Role::CentreHead]]);
/// Those who may open a dossier in an emergency, and those who review it, who are of them.
pub const GLASS: Access = Access::Roles(&[AT_STEPS]);
/// Those whose step may be to sign or to seal.
pub const SIGNING: Access = Access::Roles(&[&[Role::Head, Role::Leader, Role::Clerk]]);
/// Those who look for papers, or control how they are handled.
pub const SEARCH: Access = Access::Roles(&[AT_STEPS, &[Role::CentreHead, Role::Auditor]]);
/// Those who read a dossier they come to. The post reads what it received, and looks for nothing.
// law: ND107-2021/1
pub const READ_PAPERS: Access =
    Access::Roles(&[AT_STEPS, &[Role::CentreHead, Role::Auditor, Role::PostOffice]]);
/// The same for programs: another system follows what it sent.
pub const READ_BY_PROGRAM: Access =
    Access::Roles(&[AT_STEPS, &[Role::CentreHead, Role::Auditor, Role::PostOffice, Role::Gateway]]);
/// The acts a program may send; which of them is whose, the acts ask.
pub const ACT_BY_PROGRAM: Access = Access::Roles(&[AT_STEPS, &[Role::PostOffice, Role::Gateway]]);
/// Those who have folders of paper in hand.
pub const CUSTODY: Access = Access::Roles(&[AT_STEPS, &[Role::CentreHead, Role::PostOffice]]);
/// Those who read the books of an agency: who keeps them, receives by them, heads it or looks it over.
pub const BOOKS: Access = Access::Roles(&[&[
    Role::Counter,
    Role::Clerk,
    Role::Head,
    Role::Leader,
    Role::CentreHead,
    Role::Auditor,
]]);
pub const COUNTER: Access = Access::Roles(&[&Role::AT_COUNTER]);
pub const FOR_APPLICANT: Access = Access::Roles(&[&Role::FOR_APPLICANT]);
pub const MIRRORING: Access = Access::Roles(&[&[Role::Counter, Role::Gateway]]);
/// Those who call people to their counter; the post office has no queue here.
pub const QUEUE: Access = Access::Roles(&[&[Role::Counter]]);
/// Those who set up a queue and its screens; of which office, the acts ask.
pub const QUEUE_SETUP: Access = Access::Roles(&[&[Role::Head, Role::CentreHead, Role::Admin]]);
/// Those who read what happened: who controls, and who keeps the system; what of it, the posts say.
pub const AUDIT: Access = Access::Roles(&[&[Role::Auditor, Role::Admin]]);
pub const ADMIN: Access = Access::Roles(&[&[Role::Admin]]);

impl Access {
    /// May an officer with the posts he holds today come here, his own or lent to him?
    pub fn admits(self, actor: &Actor) -> bool {
        match self {
            Self::Anyone | Self::SettingUp | Self::SignedIn => true,
            Self::Roles(groups) => groups.iter().copied().flatten().any(|&role| actor.has_role(role)),
        }
    }
}

/// By what a request may prove who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A page: by the cookie of a browser.
    Cookie,
    /// The API, where a person must have signed in.
    Session,
    /// The API, also by a key with one of these scopes; by any key where none is named.
    Key(&'static [Scope]),
}

pub const ANY_KEY: Proof = Proof::Key(&[]);
pub const READ_KEY: Proof = Proof::Key(&[Scope::Read]);
pub const RECEIVE_KEY: Proof = Proof::Key(&[Scope::Receive]);
/// Which of the two an act needs, the act says.
pub const ACT_KEY: Proof = Proof::Key(&[Scope::Receive, Scope::Work]);
pub const CUSTODY_KEY: Proof = Proof::Key(&[Scope::Custody]);
pub const BOOKS_KEY: Proof = Proof::Key(&[Scope::Books]);
pub const PEOPLE_KEY: Proof = Proof::Key(&[Scope::People]);

impl Proof {
    /// Whether a request that came by this key, or by none, has what is asked.
    fn check(self, key: Option<&ApiKey>) -> Result<(), Failure> {
        match (self, key) {
            (_, None) => Ok(()),
            (Self::Key(scopes), Some(key)) => {
                let is_for_it = scopes.is_empty() || scopes.iter().any(|scope| key.scopes.contains(scope));
                if is_for_it { Ok(()) } else { Err(Failure::out_of_scope(scopes)) }
            }
            (Self::Cookie | Self::Session, Some(_)) => Err(Failure::not_by_key()),
        }
    }

    fn golden(self) -> String {
        match self {
            Self::Cookie => String::new(),
            Self::Session => " | session".to_owned(),
            Self::Key([]) => " | any key".to_owned(),
            Self::Key(scopes) => {
                format!(" | key {}", scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
    pub proof: Proof,
}

/// Builds the router and the table together, so that they cannot differ.
#[derive(Debug)]
pub struct Table {
    router: Router<Web>,
    lines: Vec<Line>,
    /// None where only the lines are wanted.
    web: Option<Web>,
}

impl Table {
    pub(crate) fn new(web: Option<Web>) -> Self {
        Self { router: Router::new(), lines: Vec::new(), web }
    }

    pub(crate) fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.route("GET", MethodFilter::GET, path, (access, Proof::Cookie), handler)
    }

    pub(crate) fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.route("POST", MethodFilter::POST, path, (access, Proof::Cookie), handler)
    }

    /// A route of the API that is read.
    pub(crate) fn read<H, T>(self, path: &'static str, access: Access, proof: Proof, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.route("GET", MethodFilter::GET, path, (access, proof), handler)
    }

    /// A route of the API that is sent to.
    pub(crate) fn send<H, T>(self, path: &'static str, access: Access, proof: Proof, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.route("POST", MethodFilter::POST, path, (access, proof), handler)
    }

    fn route<H, T>(
        mut self,
        method: &'static str,
        filter: MethodFilter,
        path: &'static str,
        (access, proof): (Access, Proof),
        handler: H,
    ) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.lines.push(Line { method, path, access, proof });
        let route: MethodRouter<Web> = on(filter, handler);
        if let Some(web) = &self.web {
            let guard = middleware::from_fn_with_state((web.clone(), access, proof), admit);
            self.router = self.router.route(path, route.layer(guard));
        }
        self
    }

    pub(crate) fn finish(self) -> (Router<Web>, Vec<Line>) {
        (self.router, self.lines)
    }
}

/// Lets a request through if its visitor may use the route.
async fn admit(
    State((web, access, proof)): State<(Web, Access, Proof)>,
    request: Request,
    next: Next,
) -> Response {
    let roles = match access {
        Access::Anyone => return next.run(request).await,
        Access::SettingUp | Access::SignedIn => Vec::new(),
        Access::Roles(groups) => groups.concat(),
    };
    let (mut parts, body) = request.into_parts();
    match Visitor::of(&mut parts, &web).await {
        Ok(visitor) => {
            if visitor.is_held_up() && access != Access::SettingUp {
                Failure::SecondFactorFirst.at(parts.uri.path())
            } else if let Err(failure) = proof.check(visitor.key.as_ref()) {
                failure.at(parts.uri.path())
            } else if access.admits(&visitor.present.actor) {
                next.run(Request::from_parts(parts, body)).await
            } else {
                Failure::role_missing(&web, &roles).at(parts.uri.path())
            }
        }
        Err(failure) => failure.at(parts.uri.path()),
    }
}

/// The table as text: one route a line, one column a role.
pub fn golden(lines: &[Line]) -> String {
    let mut text = String::from("method path | anyone");
    for role in Role::ALL {
        let _ = write!(text, " {}", format!("{role:?}").to_lowercase());
    }
    text.push('\n');
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| (line.path, line.method));
    for line in lines {
        let _ = write!(text, "{} {} |", line.method, line.path);
        let may = |yes: bool| if yes { " yes" } else { " -" };
        text.push_str(may(line.access == Access::Anyone));
        for role in Role::ALL {
            text.push_str(may(match line.access {
                Access::Anyone | Access::SettingUp | Access::SignedIn => true,
                Access::Roles(groups) => groups.iter().any(|roles| roles.contains(&role)),
            }));
        }
        text.push_str(&line.proof.golden());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::golden;

    #[test]
    fn the_table_of_routes_and_roles_is_the_reviewed_one() {
        insta::assert_snapshot!("routes_and_roles", golden(&crate::routes::lines()));
    }
}
