//! Signing in and out, and who is acting. Accounts are in [`accounts`], what officers lend one another is in [`delegation`], leave in
//! [`leave`], posts in [`posts`], a transfer in [`transfer`], who read whose papers in [`reading`].

use crate::{Error, Office, Refusal};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use jiff::SignedDuration;
use jiff::civil::Date;
use rules::event::{Body, NewEvent, Subject};
use rules::id::OfficerId;
use rules::people::{Actor, NotYours, PeopleFault, Role};
use serde_json::{Value, json};
use store::Reader;
use store::event;
use store::people::{self, Officer};
use store::session::{self, SecretHash, Session};
use uuid::Uuid;

pub mod accounts;
pub mod delegation;
pub mod leave;
pub mod moves;
pub mod posts;
pub mod reading;
pub mod transfer;

/// How long a session lasts without a request.
const SESSION: SignedDuration = SignedDuration::from_mins(30);
/// A session that has this much left or less is prolonged by a request.
const PROLONG_BELOW: SignedDuration = SignedDuration::from_mins(25);
/// Failures are counted over this time.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// The key of a session's form token in its body.
const CSRF: &str = "csrf";
const MOST_FAILURES_OF_LOGIN: i64 = 5;
const MOST_FAILURES_OF_ADDRESS: i64 = 50;

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
}

/// The hash of a password, for the row of an officer. Takes some tens of milliseconds.
pub fn hash_password(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::broken(std::io::Error::other(error.to_string())))
}

fn new_token() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

impl Office {
    /// Signs an officer in. Failures are counted per login and per address in the store, so that they
    /// hold on every node and over a restart.
    pub async fn sign_in(&self, login: &str, password: &str, address: &str) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let login: String = login.trim().to_lowercase().chars().take(100).collect();
        let mut reader = self.db.read().await?;
        let (of_login, of_address) =
            people::sign_in_failures(&mut reader, &login, address, now - WINDOW).await?;
        if of_login >= MOST_FAILURES_OF_LOGIN || of_address >= MOST_FAILURES_OF_ADDRESS {
            return Err(Error::Refused(Refusal::SignInThrottled(WINDOW.as_mins())));
        }
        let officer = people::officer_by_login(&mut reader, &login).await?;
        drop(reader);
        if !self.password_fits(officer.as_ref(), password).await? {
            self.note_failure(&login, address, officer.as_ref()).await?;
            return Err(Error::Refused(Refusal::SignIn));
        }
        let officer = officer.ok_or(Error::Refused(Refusal::SignIn))?;
        let token = new_token();
        let session = Session {
            holder: officer.id.0,
            body: json!({ CSRF: new_token() }),
            created_at: now,
            seen_at: now,
            expires_at: now + SESSION,
        };
        let subject = Subject::Officer(officer.id);
        let event = NewEvent::new(subject, None, &actor_of(&officer), now, Body::SignedIn);
        let (login, token_ref, session, event) = (&login, &token, &session, &event);
        self.db
            .act(|mut tx| async move {
                people::clear_sign_in_failures(&mut tx, login, now - WINDOW).await?;
                session::forget_expired(&mut tx, now).await?;
                session::start(&mut tx, SecretHash::of(token_ref.as_bytes()), session).await?;
                event::append(&mut tx, event, now).await?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(SignedIn { token })
    }

    /// Checks a password beside the runtime's threads; an unknown login takes as long as a known one.
    async fn password_fits(&self, officer: Option<&Officer>, password: &str) -> Result<bool, Error> {
        // The hash of no password, so that the time taken does not tell which logins exist.
        const NOBODY: &str =
            "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$3yX3oUwJxO4V1c0M7bKqjvJ1mYj3eWmN5iK0bQ8nq0w";
        let hash = officer
            .filter(|officer| officer.active)
            .map_or_else(|| NOBODY.to_owned(), |officer| officer.password_hash.clone());
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
        .map_err(Error::broken)
    }

    async fn note_failure(&self, login: &str, address: &str, officer: Option<&Officer>) -> Result<(), Error> {
        let now = self.clock.now();
        let event = officer.map(|officer| {
            let actor = Actor::System { on_behalf_of: None, agency: officer.agency };
            NewEvent::new(Subject::Officer(officer.id), None, &actor, now, Body::SignInRefused)
        });
        let event = event.as_ref();
        self.db
            .act(|mut tx| async move {
                people::add_sign_in_failure(&mut tx, login, address, now).await?;
                if let Some(event) = event {
                    event::append(&mut tx, event, now).await?;
                }
                Ok(())
            })
            .await
    }

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
        Ok(Some(Present { actor, officer, csrf }))
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
