//! What is taken from an identity server, and everything that is not.

use super::fake::{CLIENT, Fake, NOW, SECRET, Signing, fields};
use super::{Answer, BadSetup, Error, Identity, Question, Server, Setup, is_safe};
use jiff::Timestamp;
use rules::people::openid::AnswerFault;
use serde_json::{Value, json};
use std::collections::HashMap;

const QUESTION: Question<'_> = Question {
    state: "trạng thái 1",
    nonce: "nonce-1",
    verifier: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
};

fn setup(issuer: &str) -> Setup {
    Setup {
        issuer: issuer.to_owned(),
        client: CLIENT.to_owned(),
        secret: SECRET.to_owned(),
        name: "Cổng định danh tỉnh".to_owned(),
        claim: "sub".to_owned(),
        two_factors: vec!["amr:otp".to_owned(), "acr:cao".to_owned()],
        redirect: "http://127.0.0.1:8686/dang-nhap/dinh-danh/ve".to_owned(),
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW).expect("an instant")
}

fn answer(back: &HashMap<String, String>) -> Answer {
    let field = |name: &str| back.get(name).cloned().unwrap_or_default();
    Answer { code: field("code"), state: field("state"), issuer: field("iss"), error: field("error") }
}

async fn sent(server: &Server) -> String {
    server.address(QUESTION, now()).await.expect("an address")
}

/// Signs in somebody with these claims laid over the usual.
async fn identify(server: &Server, fake: &Fake, claims: Value) -> Result<Identity, AnswerFault> {
    let back = fake.let_in(&sent(server).await, "c-1", &claims);
    fault(server.identify(&answer(&back), QUESTION, now()).await)
}

fn fault(done: Result<Identity, Error>) -> Result<Identity, AnswerFault> {
    done.map_err(|error| match error {
        Error::Answer(fault) => fault,
        Error::Down(..) => panic!("it is there: {error:?}"),
    })
}

async fn start() -> (Fake, Server) {
    let fake = Fake::start().await;
    let server = Server::new(setup(&fake.issuer)).expect("a setup");
    (fake, server)
}

#[tokio::test]
async fn whom_the_server_names_is_named() {
    let (fake, server) = start().await;
    let asked = fields(&sent(&server).await);
    assert_eq!(asked["tenant"], "1", "what the server's address had is kept");
    assert_eq!((asked["state"].as_str(), asked["scope"].as_str()), (QUESTION.state, "openid"));
    assert_eq!(asked["redirect_uri"], "http://127.0.0.1:8686/dang-nhap/dinh-danh/ve");
    assert!(!asked.values().any(|value| value == QUESTION.verifier), "the verifier stays here");

    let one = |is_two_factors| Ok(Identity { subject: "cb-0012".to_owned(), is_two_factors });
    assert_eq!(identify(&server, &fake, json!({})).await, one(false));
    assert_eq!(identify(&server, &fake, json!({ "amr": ["pwd", "otp"] })).await, one(true));
    assert_eq!(identify(&server, &fake, json!({ "acr": "cao" })).await, one(true));
    assert_eq!(identify(&server, &fake, json!({ "amr": ["pwd"], "acr": "otp" })).await, one(false));
    fake.set(|ways| ways.signing = Signing::Curve);
    assert_eq!(identify(&server, &fake, json!({})).await, one(false));
    let both = json!({ "aud": ["khac", CLIENT], "azp": CLIENT });
    assert_eq!(identify(&server, &fake, both).await, one(false));
    assert_eq!(server.sign_out_address(), Some(format!("{}/bye", fake.issuer)));
}

#[tokio::test]
async fn a_token_that_does_not_answer_the_question_proves_nobody() {
    let (fake, server) = start().await;
    let wrong = [
        (json!({ "iss": "https://khac.example" }), AnswerFault::Issuer),
        (json!({ "iss": format!("{}/", fake.issuer) }), AnswerFault::Issuer),
        (json!({ "aud": "phan-mem-khac" }), AnswerFault::Audience),
        (json!({ "aud": [] }), AnswerFault::Audience),
        (json!({ "aud": ["khac", CLIENT] }), AnswerFault::Audience),
        (json!({ "azp": "khac" }), AnswerFault::Audience),
        (json!({ "nonce": "nonce-2" }), AnswerFault::Nonce),
        (json!({ "nonce": null }), AnswerFault::Nonce),
        (json!({ "exp": NOW - 60 }), AnswerFault::Time),
        (json!({ "exp": null }), AnswerFault::Malformed),
        (json!({ "iat": NOW + 61 }), AnswerFault::Time),
        (json!({ "nbf": NOW + 61 }), AnswerFault::Time),
        (json!({ "sub": "" }), AnswerFault::Nobody),
        (json!({ "sub": ["cb"] }), AnswerFault::Nobody),
        (json!({ "sub": "x".repeat(256) }), AnswerFault::Nobody),
    ];
    for (claims, why) in wrong {
        assert_eq!(identify(&server, &fake, claims.clone()).await, Err(why), "{claims}");
    }
    // A minute off is no lie.
    for claims in [json!({ "exp": NOW - 59 }), json!({ "iat": NOW + 60 }), json!({ "nbf": NOW + 60 })] {
        identify(&server, &fake, claims.clone()).await.unwrap_or_else(|why| panic!("{claims}: {why:?}"));
    }
}

#[tokio::test]
async fn only_the_servers_own_keys_count_and_only_as_what_they_are() {
    let (fake, server) = start().await;
    for (signing, why) in [
        (Signing::Nobody, AnswerFault::Algorithm),
        (Signing::Confused, AnswerFault::Algorithm),
        (Signing::Forged, AnswerFault::Signature),
    ] {
        fake.set(|ways| ways.signing = signing);
        assert_eq!(identify(&server, &fake, json!({})).await, Err(why), "{signing:?}");
    }
    fake.set(|ways| ways.signing = Signing::Rsa);
    let n_asked = fake.ways.lock().expect("whole").n_keys_asked;
    // The server has taken up a new key: its keys are asked for once more, and then no more.
    fake.set(|ways| (ways.kid, ways.published) = ("2", "2"));
    identify(&server, &fake, json!({})).await.expect("the new key is found");
    assert_eq!(fake.ways.lock().expect("whole").n_keys_asked, n_asked + 1);
    fake.set(|ways| ways.kid = "3");
    assert_eq!(identify(&server, &fake, json!({})).await, Err(AnswerFault::Key));
    assert_eq!(fake.ways.lock().expect("whole").n_keys_asked, n_asked + 2, "once");
}

#[tokio::test]
async fn nobody_makes_the_server_asked_by_pressing_and_withdrawn_keys_lapse() {
    let (fake, server) = start().await;
    for _ in 0..3 {
        identify(&server, &fake, json!({})).await.expect("in");
    }
    let asked = |fake: &Fake| {
        let ways = fake.ways.lock().expect("whole");
        (ways.n_described, ways.n_keys_asked)
    };
    assert_eq!(asked(&fake), (1, 1));
    let tomorrow = Timestamp::from_second(NOW + 24 * 3_600).expect("an instant");
    let address = server.address(QUESTION, tomorrow).await.expect("an address");
    let claims = json!({ "iat": NOW + 24 * 3_600, "exp": NOW + 24 * 3_600 + 300 });
    let back = fake.let_in(&address, "c-2", &claims);
    fault(server.identify(&answer(&back), QUESTION, tomorrow).await).expect("in");
    assert_eq!(asked(&fake), (2, 2));
}

#[tokio::test]
async fn a_code_counts_once_and_for_the_browser_it_was_asked_by() {
    let (fake, server) = start().await;
    let back = answer(&fake.let_in(&sent(&server).await, "c-1", &json!({})));
    let other = Question { verifier: "f".repeat(64).leak(), ..QUESTION };
    assert_eq!(fault(server.identify(&back, other, now()).await), Err(AnswerFault::CodeRefused));
    let back = answer(&fake.let_in(&sent(&server).await, "c-2", &json!({})));
    fault(server.identify(&back, QUESTION, now()).await).expect("in");
    assert_eq!(fault(server.identify(&back, QUESTION, now()).await), Err(AnswerFault::CodeRefused));
    let denied = Answer { error: "access_denied".to_owned(), ..Answer::default() };
    assert_eq!(fault(server.identify(&denied, QUESTION, now()).await), Err(AnswerFault::Denied));
    assert_eq!(
        fault(server.identify(&Answer::default(), QUESTION, now()).await),
        Err(AnswerFault::Malformed)
    );
}

#[tokio::test]
async fn another_servers_answer_is_not_taken_for_its() {
    let (fake, server) = start().await;
    let back = answer(&fake.let_in(&sent(&server).await, "c-1", &json!({})));
    let mixed = Answer { issuer: "https://khac.example".to_owned(), ..back };
    assert_eq!(fault(server.identify(&mixed, QUESTION, now()).await), Err(AnswerFault::Issuer));
    // One that names itself always does.
    let (fake, server) = start().await;
    fake.set(|ways| ways.names_itself = true);
    let back = answer(&fake.let_in(&sent(&server).await, "c-1", &json!({})));
    let silent = Answer { issuer: String::new(), ..back.clone() };
    assert_eq!(fault(server.identify(&silent, QUESTION, now()).await), Err(AnswerFault::Issuer));
    fault(server.identify(&back, QUESTION, now()).await).expect("named");

    let (fake, server) = start().await;
    fake.set(|ways| ways.issuer = Some("https://khac.example".to_owned()));
    let refused = server.address(QUESTION, now()).await;
    assert!(matches!(refused, Err(Error::Answer(AnswerFault::Issuer))), "{refused:?}");
}

#[tokio::test]
async fn a_server_that_is_down_is_told_since_when() {
    let (fake, server) = start().await;
    fake.set(|ways| ways.is_down = true);
    let refused = server.address(QUESTION, now()).await;
    assert!(matches!(refused, Err(Error::Down(since, _)) if since == now()), "{refused:?}");
    let later = Timestamp::from_second(NOW + 600).expect("an instant");
    let refused = server.address(QUESTION, later).await;
    assert!(matches!(refused, Err(Error::Down(since, _)) if since == now()), "{refused:?}");
    assert_eq!(server.down_since(), Some(now()));
    fake.set(|ways| ways.is_down = false);
    server.address(QUESTION, later).await.expect("it is back");
    assert_eq!(server.down_since(), None);
}

#[test]
fn nothing_goes_over_an_open_line() {
    for safe in
        ["https://dinhdanh.tinh.gov.vn/realms/1", "http://127.0.0.1:9", "http://[::1]:9", "http://localhost"]
    {
        assert!(is_safe(safe), "{safe}");
    }
    for open in ["http://dinhdanh.tinh.gov.vn", "http://127.0.0.1.example", "ftp://localhost", "", "dinhdanh"]
    {
        assert!(!is_safe(open), "{open}");
        assert!(Server::new(setup(open)).is_err(), "{open}");
    }
    let odd = Setup { two_factors: vec!["otp".to_owned()], ..setup("https://a.vn") };
    assert_eq!(Server::new(odd).err(), Some(BadSetup("cách xác thực hai lớp phải viết là amr:… hoặc acr:…")));
    assert!(!format!("{:?}", setup("https://a.vn")).contains("bí mật"), "the secret is not printed");
}
