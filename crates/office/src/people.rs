//! Who is acting, and signing out. Signing in is in [`sign_in`], accounts are in [`accounts`], passwords in
//! [`password`], what is asked beside them in [`second_factor`], keys instead of them in [`passkey`], where one
//! is signed in in [`sessions`], signing in through an identity server in [`openid`], what officers lend one another in [`delegation`], leave in [`leave`], posts in
//! [`posts`], a transfer in [`transfer`], who read whose papers in [`reading`], a dossier opened in an emergency in [`glass`], keys for programs in [`api_key`]. Whose people an administrator
//! keeps is in [`administering`], what he sees of them in [`roster`] and [`sheet`], what anybody could do in
//! [`trial`].

use crate::{Error, Office};
use jiff::SignedDuration;
use jiff::civil::Date;
use rules::event::{Body, NewEvent, Subject};
use rules::id::OfficerId;
use rules::people::second_factor::{Means, Standing};
use rules::people::{Actor, NotYours, PeopleFault, Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Reader;
use store::event;
use store::people::{self, Officer};
use store::session::{self, SecretHash, Session};
use uuid::Uuid;

pub mod accounts;
pub(crate) mod administering;
pub mod api_key;
pub mod app;
pub mod delegation;
pub mod glass;
pub mod leave;
pub mod moves;
pub mod openid;
pub mod passkey;
pub mod password;
pub mod posts;
pub mod reading;
pub mod roster;
pub mod second_factor;
pub mod sessions;
pub mod sheet;
pub mod sign_in;
pub mod transfer;
pub mod trial;

/// How long a session lasts without a request.
const SESSION: SignedDuration = SignedDuration::from_mins(30);
/// A session that has this much left or less is prolonged by a request.
const PROLONG_BELOW: SignedDuration = SignedDuration::from_mins(25);
/// The machine a session was begun on, in its body.
const DEVICE: &str = "device";
/// The key of a session's form token in its body.
const CSRF: &str = "csrf";
/// By what it was begun, in its body.
const MEANS: &str = "means";

/// What somebody signs in from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The address its requests come from.
    pub address: String,
    /// What it says of itself: the `User-Agent`.
    pub agent: String,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct SignedIn {
    /// Goes into the browser's cookie; only its digest is kept.
    pub token: String,
}

/// A request's session: who acts, and the token its forms must carry.
#[derive(Clone, Debug)]
pub struct Present {
    pub actor: Actor,
    pub officer: Officer,
    pub csrf: String,
    /// By what he signed in.
    pub means: Means,
    /// What he may do yet.
    pub standing: Standing,
}

fn new_token() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

impl Office {
    /// Who a browser's token stands for; prolongs the session when it is used.
    pub async fn present(&self, token: &str) -> Result<Option<Present>, Error> {
        let now = self.clock.now();
        let secret = SecretHash::of(token.as_bytes());
        let mut reader = self.db.read().await?;
        let Some(session) = session::find(&mut reader, secret, now).await? else { return Ok(None) };
        let officer = people::officer(&mut reader, OfficerId(session.holder)).await?;
        let Some(mut officer) = officer.filter(|officer| officer.active) else { return Ok(None) };
        let today = self.clock.today();
        let actor = actor_on(&mut reader, &officer, today).await?;
        let standing = self.standing(&mut reader, &session, &actor).await?;
        let means = second_factor::means(&session);
        drop(reader);
        officer.posts.retain(|post| post.is_valid_on(today));
        let csrf = session.body.get(CSRF).and_then(Value::as_str).unwrap_or_default().to_owned();
        if session.expires_at - PROLONG_BELOW < now {
            let session = &Session { seen_at: now, expires_at: now + SESSION, ..session };
            self.db
                .act(|mut tx| async move {
                    session::save(&mut tx, secret, session).await?;
                    Ok::<_, Error>(())
                })
                .await?;
        }
        Ok(Some(Present { actor, officer, csrf, means, standing }))
    }

    pub async fn sign_out(&self, token: &str, present: &Present) -> Result<(), Error> {
        let now = self.clock.now();
        let subject = Subject::Officer(present.officer.id);
        let event = &NewEvent::new(subject, None, &present.actor, now, Body::SignedOut);
        self.db
            .act(|mut tx| async move {
                session::end(&mut tx, SecretHash::of(token.as_bytes())).await?;
                event::append(&mut tx, event, now).await?;
                Ok(())
            })
            .await
    }
}

/// The actor an officer is by the posts given here, with nothing lent to him.
pub fn actor_of(officer: &Officer) -> Actor {
    Actor::Officer {
        id: officer.id,
        name: officer.name.clone(),
        agency: officer.agency,
        posts: officer.posts.clone(),
        lent: Vec::new(),
    }
}

/// The actor an officer is on a day: with his posts of that day, and those lent to him.
pub async fn actor_on(reader: &mut Reader, officer: &Officer, day: Date) -> Result<Actor, Error> {
    Ok(Actor::Officer {
        id: officer.id,
        name: officer.name.clone(),
        agency: officer.agency,
        posts: officer.posts.iter().filter(|post| post.is_valid_on(day)).cloned().collect(),
        lent: people::rights::lent_to(reader, officer.id, day).await?,
    })
}

/// An officer whose account is open.
async fn working(reader: &mut Reader, id: OfficerId) -> Result<Officer, Error> {
    let officer = people::officer(reader, id).await?.ok_or(Error::NotFound)?;
    if officer.active { Ok(officer) } else { Err(vec![PeopleFault::Inactive].into()) }
}

/// Rights are given by who keeps the accounts, himself.
fn must_be_admin(actor: &Actor) -> Result<(), Error> {
    if actor.has_role(Role::Admin) { Ok(()) } else { Err(NotYours::NeedsRole(Role::Admin).into()) }
}

/// Whoever has faults to tell tells all of them.
fn sound(faults: Vec<PeopleFault>) -> Result<(), Error> {
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

impl Office {
    /// The actor an officer is today.
    pub async fn actor_of(&self, id: OfficerId) -> Result<Actor, Error> {
        let mut reader = self.db.read().await?;
        let officer = working(&mut reader, id).await?;
        actor_on(&mut reader, &officer, self.clock.today()).await
    }
}
