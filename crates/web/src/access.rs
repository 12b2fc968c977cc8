//! Who may come where: route × role, one line each. The table is a golden file; a route that is not
//! told to [`Routes`] does not exist.

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
use futures::FutureExt;
use futures::future::BoxFuture;
use rules::people::api_key::Scope;
use rules::people::{Actor, Role};
use std::fmt::Write as _;
use std::sync::Arc;
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

/// What the routes are told to, one by one: the router that serves them, or a list of their lines. One
/// function tells them to either, so that the two cannot differ.
pub(crate) trait Routes: Sized {
    fn put<H, T>(self, line: Line, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static;

    fn get<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.put(Line { method: "GET", path, access, proof: Proof::Cookie }, handler)
    }

    fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.put(Line { method: "POST", path, access, proof: Proof::Cookie }, handler)
    }

    /// A route of the API that is read.
    fn read<H, T>(self, path: &'static str, access: Access, proof: Proof, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.put(Line { method: "GET", path, access, proof }, handler)
    }

    /// A route of the API that is sent to.
    fn send<H, T>(self, path: &'static str, access: Access, proof: Proof, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.put(Line { method: "POST", path, access, proof }, handler)
    }
}

#[cfg(test)]
impl Routes for Vec<Line> {
    fn put<H, T>(mut self, line: Line, _: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.push(line);
        self
    }
}

/// The router, with a guard before each route.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) router: Router<Web>,
    pub(crate) web: Web,
}

/// A handler whose type is forgotten: what lies around it is compiled once, not once a route.
type Answering = Arc<dyn Fn(Request, Web) -> BoxFuture<'static, Response> + Send + Sync>;

impl Routes for Serving {
    fn put<H, T>(self, line: Line, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.guarded(line, Arc::new(move |request, web| handler.clone().call(request, web).boxed()))
    }
}

impl Serving {
    fn guarded(self, line: Line, answer: Answering) -> Self {
        let filter = if line.method == "GET" { MethodFilter::GET } else { MethodFilter::POST };
        let route: MethodRouter<Web> =
            on(filter, async move |State(web): State<Web>, request: Request| answer(request, web).await);
        let guard = middleware::from_fn_with_state((self.web.clone(), line.access, line.proof), admit);
        let router = self.router.route(line.path, route.layer(guard));
        Self { router, ..self }
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
