//! Signing in through an identity server that is really there: who gets in, who does not, and what is left
//! behind. How tokens are judged is tried in `connect`.

#[path = "../../../connect/src/openid/fake.rs"]
mod fake;

use crate::accounts::{account, device};
use crate::house::{House, id_of};
use crate::people::{events_of, faults};
use connect::openid::{Server, Setup};
use fake::{CLIENT, Fake, SECRET, Signing};
use jiff::SignedDuration;
use office::people::app::App;
use office::people::openid::{Answer, Back, Sent};
use office::people::password::Opens;
use office::{By, Error, Refusal};
use rules::id::OfficerId;
use rules::people::openid::{AnswerFault, OpenIdRefused};
use rules::people::second_factor::{Means, Standing};
use rules::people::{PeopleFault, Role};
use serde_json::{Value, json};
use std::sync::Arc;
use store::testing::Scratch;

const LOGIN: &str = "quay.moi";

struct Town {
    house: House,
    fake: Fake,
    admin: By,
    id: OfficerId,
    by: By,
    password: String,
}

async fn town(db: &Scratch) -> Town {
    let mut house = House::open(db).await;
    let fake = Fake::start().await;
    let server = Server::new(Setup {
        issuer: fake.issuer.clone(),
        client: CLIENT.to_owned(),
        secret: SECRET.to_owned(),
        name: "Cổng tỉnh".to_owned(),
        claim: "sub".to_owned(),
        two_factors: vec!["amr:otp".to_owned()],
        redirect: "http://127.0.0.1/dang-nhap/dinh-danh/ve".to_owned(),
    });
    let mut settings = (*house.office.settings).clone();
    settings.identity_server = Some(server.expect("a setup"));
    house.office.settings = Arc::new(settings);
    let admin = house.officer(Role::Admin).await;
    let (id, password) = house.office.add_officer(&admin, &account(&house, LOGIN)).await.expect("added");
    let by = By::new(house.office.actor_of(id).await.expect("an actor"));
    let password = password.expect("drawn just now").reveal().to_owned();
    Town { house, fake, admin, id, by, password }
}

impl Town {
    fn setting(&mut self, change: impl FnOnce(&mut office::Settings)) {
        let mut settings = (*self.house.office.settings).clone();
        change(&mut settings);
        self.house.office.settings = Arc::new(settings);
    }

    async fn tied(&self, subject: &str) {
        self.house.office.tie_identity(&self.admin, self.id, subject).await.expect("tied");
    }

    async fn sent(&self) -> Sent {
        self.house.office.begin_identity_sign_in("/ho-so/1", &device("here")).await.expect("sent")
    }

    fn answer(&self, sent: &Sent, code: &str, claims: &Value) -> Answer {
        let back = self.fake.let_in(&sent.address, code, claims);
        Answer { code: back["code"].clone(), state: back["state"].clone(), ..Answer::default() }
    }

    async fn back(&self, sent: &Sent, answer: &Answer, session: &str) -> Result<Back, Error> {
        self.house.office.identity_answer(&sent.waiting.token, answer, session, &device("here")).await
    }

    /// There and back with these claims.
    async fn round(&self, claims: Value) -> Result<Back, Error> {
        let sent = self.sent().await;
        let answer = self.answer(&sent, "c-1", &claims);
        self.back(&sent, &answer, "").await
    }

    async fn signed_in(&self, claims: Value) -> String {
        match self.round(claims).await.expect("in") {
            Back::SignedIn { signed_in, back } => {
                assert_eq!(back, "/ho-so/1");
                signed_in.token
            }
            other => panic!("{other:?}"),
        }
    }

    async fn events(&self) -> Vec<String> {
        events_of(&self.house, self.id).await
    }
}

fn why<T: std::fmt::Debug>(done: Result<T, Error>) -> OpenIdRefused {
    match done {
        Err(Error::Refused(refusal @ Refusal::IdentityServer(_, why))) => {
            let said = refusal.sentences(ToOwned::to_owned).concat();
            assert!(said.contains("Cổng tỉnh"), "{said}");
            why
        }
        other => panic!("{other:?}"),
    }
}

async fn who_is_tied_gets_in_and_nobody_is_made(db: Scratch) {
    let town = town(&db).await;
    let (before, _) = town.house.office.officers().await.expect("read");
    assert_eq!(why(town.round(json!({})).await), OpenIdRefused::Stranger);
    let (after, _) = town.house.office.officers().await.expect("read");
    assert_eq!(before.len(), after.len(), "nobody gets an account by signing in");
    // Neither a name nor an address leads to an account.
    town.tied("cb-0012").await;
    let other = json!({ "sub": "cb-9", "email": "cb-0012", "preferred_username": LOGIN, "name": "cb-0012" });
    assert_eq!(why(town.round(other).await), OpenIdRefused::Stranger);

    let session = town.signed_in(json!({})).await;
    let present = town.house.office.present(&session).await.expect("read").expect("a session");
    assert_eq!(
        (present.officer.id, present.means, present.standing),
        (town.id, Means::Identity, Standing::Free)
    );
    let events = town.events().await;
    assert_eq!(events[events.len() - 2..], ["identity_tied", "signed_in_with"]);

    town.house.office.lock_sign_in(&town.admin, town.id, "nghỉ hưu").await.expect("locked");
    assert_eq!(why(town.round(json!({})).await), OpenIdRefused::Stranger, "a closed account stays closed");
}

async fn an_answer_counts_once_for_the_browser_that_was_sent(db: Scratch) {
    let town = town(&db).await;
    town.tied("cb-0012").await;
    let (sent, other) = (town.sent().await, town.sent().await);
    let answer = town.answer(&sent, "c-1", &json!({}));
    // Somebody else's browser is led to our address: the answer is not to what it was sent with.
    assert_eq!(why(town.back(&other, &answer, "").await), OpenIdRefused::NotAsked);
    let nobodys = town.house.office.identity_answer("", &answer, "", &device("here")).await;
    assert_eq!(why(nobodys), OpenIdRefused::NotAsked);
    let forged = Answer { state: "0".repeat(64), ..answer.clone() };
    assert_eq!(why(town.back(&sent, &forged, "").await), OpenIdRefused::NotAsked);
    town.back(&sent, &answer, "").await.expect("its own");
    assert_eq!(why(town.back(&sent, &answer, "").await), OpenIdRefused::NotAsked, "twice");

    let late = town.sent().await;
    let answer = town.answer(&late, "c-2", &json!({}));
    town.house.office.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(why(town.back(&late, &answer, "").await), OpenIdRefused::NotAsked, "five minutes are over");
}

async fn a_bad_token_lets_nobody_in(db: Scratch) {
    let town = town(&db).await;
    town.tied("cb-0012").await;
    let n_events = town.events().await.len();
    for (claims, fault) in [
        (json!({ "nonce": "x" }), AnswerFault::Nonce),
        (json!({ "aud": "x" }), AnswerFault::Audience),
        (json!({ "iss": "https://x.vn" }), AnswerFault::Issuer),
        (json!({ "exp": 1 }), AnswerFault::Time),
    ] {
        assert_eq!(why(town.round(claims).await), OpenIdRefused::Answer(fault));
    }
    for (signing, fault) in [
        (Signing::Forged, AnswerFault::Signature),
        (Signing::Nobody, AnswerFault::Algorithm),
        (Signing::Confused, AnswerFault::Algorithm),
    ] {
        town.fake.set(|ways| ways.signing = signing);
        assert_eq!(why(town.round(json!({})).await), OpenIdRefused::Answer(fault));
    }
    assert_eq!(town.events().await.len(), n_events, "nothing happened");
    town.fake.set(|ways| ways.signing = Signing::Curve);
    town.signed_in(json!({})).await;
    let sent = town.sent().await;
    let answer = town.answer(&sent, "c-1", &json!({}));
    town.fake.set(|ways| ways.is_down = true);
    let since = town.house.office.clock.now();
    assert_eq!(why(town.back(&sent, &answer, "").await), OpenIdRefused::Down { since });
    let office = &town.house.office;
    office.clock.advance(SignedDuration::from_mins(3));
    let refused = office.begin_identity_sign_in("/", &device("here")).await;
    assert_eq!(why(refused), OpenIdRefused::Down { since }, "since the first time");
}

async fn the_second_layer_is_the_servers_only_where_it_says_so(db: Scratch) {
    let mut town = town(&db).await;
    town.tied("cb-0012").await;
    town.setting(|settings| settings.second_factor = vec![Role::Counter]);
    let post = rules::people::Post::new(town.house.commune, Role::Counter);
    let id = town.id;
    let given = town.house.office.db.act(|mut tx| {
        let post = post.clone();
        async move { store::people::rights::add_post(&mut tx, id, &post).await }
    });
    given.await.expect("a post");
    let standing = async |session: &str| {
        let present = town.house.office.present(session).await.expect("read").expect("a session");
        (present.means, present.standing)
    };
    let session = town.signed_in(json!({ "amr": ["pwd"] })).await;
    assert_eq!(standing(&session).await, (Means::Identity, Standing::SetsUp));
    let strong = town.signed_in(json!({ "amr": ["otp"] })).await;
    assert_eq!(standing(&strong).await, (Means::IdentityStrong, Standing::Free));

    let by = &By::new(town.house.office.actor_of(id).await.expect("an actor"));
    town.house.office.begin_second_factor(by, &strong).await.expect("begun");
    let shown = town.house.office.enrolment(by).await.expect("read").expect("it waits");
    let app = App::of_key(&shown.key).expect("a key");
    let code = app.code_at(town.house.office.clock.now());
    town.house.office.turn_on_second_factor(by, &strong, &code).await.expect("on");
    town.house.office.clock.advance(SignedDuration::from_secs(30));
    let Back::NeedsCode { waiting, back } = town.round(json!({ "amr": ["pwd"] })).await.expect("known")
    else {
        panic!("it asks for a code")
    };
    assert_eq!(back, "/ho-so/1");
    assert!(town.house.office.waits_for_code(&waiting.token).await.expect("read"));
    let code = app.code_at(town.house.office.clock.now());
    let signed_in = town.house.office.enter_code(&waiting.token, &code, &device("here")).await.expect("in");
    assert_eq!(standing(&signed_in.token).await, (Means::IdentityAppCode, Standing::Free));
}

async fn an_officer_ties_himself_by_both_proofs(db: Scratch) {
    let town = town(&db).await;
    let office = &town.house.office;
    let here = &device("here");
    let session = office.sign_in(LOGIN, &town.password, here).await.expect("in").token;
    let wrong = office.begin_tie(&town.by, "không phải", here).await;
    assert_eq!(faults(wrong), [PeopleFault::PasswordWrong]);
    let sent = office.begin_tie(&town.by, &town.password, here).await.expect("sent");
    let answer = town.answer(&sent, "c-1", &json!({}));
    // Somebody else's session, or none, is not who typed the password.
    assert_eq!(why(town.back(&sent, &answer, "").await), OpenIdRefused::NotAsked);
    let sent = office.begin_tie(&town.by, &town.password, here).await.expect("sent");
    let answer = town.answer(&sent, "c-2", &json!({}));
    assert!(matches!(town.back(&sent, &answer, &session).await, Ok(Back::Tied)));
    assert_eq!(office.own_identity(&town.by).await.expect("read").expect("tied").subject, "cb-0012");
    let again = office.begin_tie(&town.by, &town.password, here).await;
    assert_eq!(faults(again), [PeopleFault::HasIdentity]);

    let other = town.house.officer(Role::Counter).await;
    let taken = office.tie_identity(&town.admin, id_of(&other.actor), "cb-0012").await;
    assert_eq!(faults(taken), [PeopleFault::IdentityTaken]);
    for (subject, fault) in
        [(" ", PeopleFault::IdentityMissing), (&"x".repeat(256), PeopleFault::IdentityLong(255))]
    {
        let refused = office.tie_identity(&town.admin, id_of(&other.actor), subject).await;
        assert_eq!(faults(refused), [fault]);
    }
    let stranger = office.tie_identity(&other, town.id, "cb-1").await;
    assert!(matches!(stranger, Err(Error::NotYours(_) | Error::NotFound)), "{stranger:?}");
    let away = town.house.officer_of(town.house.elsewhere, Role::Admin).await;
    let refused = office.tie_identity(&away, id_of(&other.actor), "cb-1").await;
    assert!(refused.is_err(), "another place's administrator");

    office.untie_own_identity(&town.by, &town.password, here).await.expect("untied");
    assert_eq!(why(town.round(json!({})).await), OpenIdRefused::Stranger);
    town.tied("cb-0012").await;
    let unsaid = office.untie_identity(&town.admin, town.id, " ").await;
    assert_eq!(faults(unsaid), [PeopleFault::ReasonMissing]);
    let open = town.signed_in(json!({})).await;
    office.untie_identity(&town.admin, town.id, "gắn nhầm").await.expect("untied");
    assert!(office.present(&open).await.expect("read").is_none(), "what was begun by it is over");
    let gone = office.untie_identity(&town.admin, town.id, "gắn nhầm").await;
    assert_eq!(faults(gone), [PeopleFault::HasNoIdentity]);
    let events = town.events().await;
    let ties: Vec<&String> = events.iter().filter(|kind| kind.starts_with("identity")).collect();
    assert_eq!(ties, ["identity_tied", "identity_untied", "identity_tied", "identity_untied"]);
}

async fn passwords_may_be_left_to_administrators(db: Scratch) {
    let mut town = town(&db).await;
    town.setting(|settings| settings.passwords = Opens::Administrators);
    let office = &town.house.office;
    let refused = office.begin_sign_in(LOGIN, &town.password, &device("here")).await;
    assert_eq!(why(refused), OpenIdRefused::PasswordsOff);
    let wrong = office.begin_sign_in(LOGIN, "không phải", &device("here")).await;
    assert!(matches!(wrong, Err(Error::Refused(Refusal::SignIn))), "it tells nothing to who guesses");
    let post = rules::people::Post::new(town.house.commune, Role::Admin);
    let id = town.id;
    let given = office.db.act(|mut tx| {
        let post = post.clone();
        async move { store::people::rights::add_post(&mut tx, id, &post).await }
    });
    given.await.expect("a post");
    office.begin_sign_in(LOGIN, &town.password, &device("here")).await.expect("an administrator");
}

store::on_both!(
    who_is_tied_gets_in_and_nobody_is_made,
    an_answer_counts_once_for_the_browser_that_was_sent,
    a_bad_token_lets_nobody_in,
    the_second_layer_is_the_servers_only_where_it_says_so,
    an_officer_ties_himself_by_both_proofs,
    passwords_may_be_left_to_administrators,
);
