//! Who may come where: route × role, one line each. The table is a golden file; a route that is not
//! registered through [`Table`] does not exist.

use crate::Web;
use crate::error::Failure;
use crate::session::Visitor;
use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};
use rules::people::Role;
use std::fmt::Write as _;

/// Who may use a route. What they see behind it is scoped by their agencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Anyone,
    SignedIn,
    Roles(&'static [Role]),
}

/// Those who handle papers.
pub const PAPERS: Access =
    Access::Roles(&[Role::Counter, Role::Specialist, Role::Head, Role::Leader, Role::Clerk]);
/// Those who handle papers or control how they are handled.
pub const READ_PAPERS: Access =
    Access::Roles(&[Role::Counter, Role::Specialist, Role::Head, Role::Leader, Role::Clerk, Role::Auditor]);
pub const COUNTER: Access = Access::Roles(&[Role::Counter]);
pub const ADMIN: Access = Access::Roles(&[Role::Admin]);

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
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
        self.route("GET", MethodFilter::GET, path, access, handler)
    }

    pub(crate) fn post<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.route("POST", MethodFilter::POST, path, access, handler)
    }

    fn route<H, T>(
        mut self,
        method: &'static str,
        filter: MethodFilter,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.lines.push(Line { method, path, access });
        let route: MethodRouter<Web> = on(filter, handler);
        if let Some(web) = &self.web {
            let guard = middleware::from_fn_with_state((web.clone(), access), admit);
            self.router = self.router.route(path, route.layer(guard));
        }
        self
    }

    pub(crate) fn finish(self) -> (Router<Web>, Vec<Line>) {
        (self.router, self.lines)
    }
}

/// Lets a request through if its visitor may use the route.
async fn admit(State((web, access)): State<(Web, Access)>, request: Request, next: Next) -> Response {
    let roles = match access {
        Access::Anyone => return next.run(request).await,
        Access::SignedIn => &[][..],
        Access::Roles(roles) => roles,
    };
    let (mut parts, body) = request.into_parts();
    let told = |failure: Failure, path: &str| {
        if path.starts_with("/api/") { failure.into_json() } else { failure.into_response() }
    };
    match Visitor::of(&mut parts, &web).await {
        Ok(visitor) => {
            let admitted = roles.is_empty() || roles.iter().any(|&role| visitor.present.actor.has_role(role));
            if admitted {
                next.run(Request::from_parts(parts, body)).await
            } else {
                told(Failure::role_missing(&web, roles), parts.uri.path())
            }
        }
        Err(failure) => told(failure, parts.uri.path()),
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
                Access::Anyone | Access::SignedIn => true,
                Access::Roles(roles) => roles.contains(&role),
            }));
        }
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
