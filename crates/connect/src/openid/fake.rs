//! An identity server on a loopback port: real HTTP, real keys, real tokens, and the ways in which one can
//! be wrong or bad. Shared with the tests of `office`.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub(crate) const CLIENT: &str = "mot-cua";
pub(crate) const SECRET: &str = "bí mật/+ của: xã";

/// How tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signing {
    Rsa,
    Curve,
    /// By a key nobody publishes, under the name of one that is.
    Forged,
    /// `alg: none`.
    Nobody,
    /// By the published key as if it were a shared secret.
    Confused,
}

/// What the server does; tests change it.
#[derive(Debug)]
pub(crate) struct Ways {
    pub(crate) signing: Signing,
    pub(crate) kid: &'static str,
    /// The key that is published, by its name.
    pub(crate) published: &'static str,
    pub(crate) is_down: bool,
    /// The issuer it claims to be, where that is a lie.
    pub(crate) issuer: Option<String>,
    pub(crate) names_itself: bool,
    pub(crate) n_keys_asked: usize,
    pub(crate) n_described: usize,
    codes: HashMap<String, Granted>,
}

#[derive(Debug)]
struct Granted {
    challenge: String,
    redirect: String,
    claims: Value,
}

#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) issuer: String,
    pub(crate) ways: Arc<Mutex<Ways>>,
    rsa: Rsa<Private>,
    other: Rsa<Private>,
    curve: EcKey<Private>,
}

impl Fake {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
        let fake = Self {
            issuer,
            ways: Arc::new(Mutex::new(Ways {
                signing: Signing::Rsa,
                kid: "1",
                published: "1",
                is_down: false,
                issuer: None,
                names_itself: false,
                n_keys_asked: 0,
                n_described: 0,
                codes: HashMap::new(),
            })),
            rsa: Rsa::generate(2048).expect("a key"),
            other: Rsa::generate(2048).expect("a key"),
            curve: EcKey::generate(&group).expect("a key"),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(exchange))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Ways)) {
        change(&mut self.ways.lock().expect("whole"));
    }

    /// Lets somebody sign in who was sent to this address; gives the fields he comes back with. `claims`
    /// are laid over the usual ones.
    pub(crate) fn let_in(&self, address: &str, code: &str, claims: &Value) -> HashMap<String, String> {
        let asked = fields(address);
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        let mut all = json!({
            "iss": self.issuer, "sub": "cb-0012", "aud": CLIENT, "nonce": asked["nonce"],
            "iat": NOW, "exp": NOW + 300,
        });
        for (name, value) in claims.as_object().expect("claims") {
            all[name] = value.clone();
        }
        let granted = Granted {
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
            claims: all,
        };
        let mut ways = self.ways.lock().expect("whole");
        ways.codes.insert(code.to_owned(), granted);
        let mut back = HashMap::from([
            ("code".to_owned(), code.to_owned()),
            ("state".to_owned(), asked["state"].clone()),
        ]);
        if ways.names_itself {
            back.insert("iss".to_owned(), self.issuer.clone());
        }
        back
    }

    fn token(&self, ways: &Ways, claims: &Value) -> String {
        let alg = match ways.signing {
            Signing::Rsa | Signing::Forged => "RS256",
            Signing::Curve => "ES256",
            Signing::Nobody => "none",
            Signing::Confused => "HS256",
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({ "alg": alg, "kid": ways.kid })), part(claims));
        let by_rsa = |key: &Rsa<Private>| {
            let key = PKey::from_rsa(key.clone()).expect("a key");
            let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
            signer.sign_oneshot_to_vec(text.as_bytes()).expect("signed")
        };
        let signature = match ways.signing {
            Signing::Rsa => by_rsa(&self.rsa),
            Signing::Forged => by_rsa(&self.other),
            Signing::Nobody => Vec::new(),
            Signing::Confused => {
                let secret = PKey::hmac(&self.rsa.n().to_vec()).expect("a key");
                let mut signer = Signer::new(MessageDigest::sha256(), &secret).expect("a signer");
                signer.sign_oneshot_to_vec(text.as_bytes()).expect("signed")
            }
            Signing::Curve => {
                let signed = EcdsaSig::sign(&Sha256::digest(&text), &self.curve).expect("signed");
                let half = |number: &openssl::bn::BigNumRef| number.to_vec_padded(32).expect("32 bytes");
                [half(signed.r()), half(signed.s())].concat()
            }
        };
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Monday 23 November 2026, 08:00 of the legal clock.
pub(crate) const NOW: i64 = 1_795_395_600;

/// The fields of an address.
pub(crate) fn fields(address: &str) -> HashMap<String, String> {
    let uri: Uri = address.parse().expect("an address");
    Query::try_from_uri(&uri).expect("fields").0
}

fn down() -> Response {
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

async fn describe(State(fake): State<Fake>) -> Response {
    let mut ways = fake.ways.lock().expect("whole");
    if ways.is_down {
        return down();
    }
    ways.n_described += 1;
    Json(json!({
        "issuer": ways.issuer.as_ref().unwrap_or(&fake.issuer),
        "authorization_endpoint": format!("{}/authorize?tenant=1", fake.issuer),
        "token_endpoint": format!("{}/token", fake.issuer),
        "jwks_uri": format!("{}/keys", fake.issuer),
        "end_session_endpoint": format!("{}/bye", fake.issuer),
        "authorization_response_iss_parameter_supported": ways.names_itself,
    }))
    .into_response()
}

async fn keys(State(fake): State<Fake>) -> Response {
    let mut ways = fake.ways.lock().expect("whole");
    ways.n_keys_asked += 1;
    let number = |bytes: Vec<u8>| URL_SAFE_NO_PAD.encode(bytes);
    let group = fake.curve.group();
    let mut context = openssl::bn::BigNumContext::new().expect("memory");
    let (mut x, mut y) =
        (openssl::bn::BigNum::new().expect("memory"), openssl::bn::BigNum::new().expect("memory"));
    let point = fake.curve.public_key();
    point.affine_coordinates(group, &mut x, &mut y, &mut context).expect("a point");
    let coordinate = |number: &openssl::bn::BigNum| number.to_vec_padded(32).expect("32 bytes");
    Json(json!({ "keys": [
        { "kty": "RSA", "use": "sig", "kid": ways.published, "n": number(fake.rsa.n().to_vec()), "e": number(fake.rsa.e().to_vec()) },
        { "kty": "EC", "use": "sig", "kid": ways.published, "crv": "P-256", "x": number(coordinate(&x)), "y": number(coordinate(&y)) },
        { "kty": "RSA", "use": "enc", "kid": ways.published, "n": number(fake.other.n().to_vec()), "e": number(fake.other.e().to_vec()) },
    ]}))
    .into_response()
}

/// A code counts once, for who was given it and knows what it was asked with.
async fn exchange(State(fake): State<Fake>, headers: HeaderMap, body: String) -> Response {
    let form = fields(&format!("http://form/?{body}"));
    let mut ways = fake.ways.lock().expect("whole");
    if ways.is_down {
        return down();
    }
    let told = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let told = told.strip_prefix("Basic ").and_then(|told| STANDARD.decode(told).ok()).unwrap_or_default();
    let told = String::from_utf8(told).unwrap_or_default();
    let told = fields(&format!("http://form/?{}", told.replacen(':', "=", 1)));
    if told.get(CLIENT).map(String::as_str) != Some(SECRET) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" }))).into_response();
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    match ways.codes.remove(&form["code"]) {
        Some(granted) if granted.challenge == challenge && granted.redirect == form["redirect_uri"] => {
            let token = fake.token(&ways, &granted.claims);
            Json(json!({ "access_token": "x", "token_type": "Bearer", "id_token": token })).into_response()
        }
        _ => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
    }
}
