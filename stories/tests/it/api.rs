//! The API as a partner's program uses it: a token for each officer, JSON there and back. Whoever's
//! session ended with the office's clock signs in again.

use crate::installation::PASSWORD;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Officers at one installation's API.
#[derive(Debug)]
pub(crate) struct Api {
    client: Client,
    address: String,
    tokens: Mutex<BTreeMap<String, String>>,
}

/// What the API answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Null where there is none.
    pub(crate) body: Value,
}

impl Answer {
    /// What a refusal says, in its three parts.
    pub(crate) fn said(&self) -> String {
        ["detail", "means", "todo"].map(|part| self.body[part].as_str().unwrap_or_default()).join(" ")
    }
}

impl Api {
    pub(crate) fn new(address: &str) -> Self {
        let client = Client::builder()
            .timeout(Duration::from_mins(2))
            .build()
            .expect("a client without special wishes can be made");
        Self { client, address: address.to_owned(), tokens: Mutex::default() }
    }

    /// Reads what must be there.
    pub(crate) async fn get(&self, login: &str, path: &str) -> Value {
        let answer = self.ask(login, Method::GET, path, Body::None).await;
        assert_eq!(answer.status, 200, "{login} reads {path}: {}", answer.said());
        answer.body
    }

    /// A page or file, which takes the same token as a browser's cookie.
    pub(crate) async fn page(&self, login: &str, path: &str) -> Vec<u8> {
        let token = self.sign_in(login).await;
        let request = self.client.get(format!("{}{path}", self.address));
        let request = request.header("Cookie", format!("motcua_phien={token}"));
        let answer = request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(answer.status().as_u16(), 200, "{login} opens {path}");
        answer.bytes().await.expect("the answer is read").to_vec()
    }

    /// Sends what must be accepted; gives what came back.
    pub(crate) async fn post(&self, login: &str, path: &str, body: &Value) -> Value {
        let answer = self.send(login, path, body).await;
        assert!((200..300).contains(&answer.status), "{login}, {path}, {body}: {}", answer.said());
        answer.body
    }

    /// Sends, and takes what comes.
    pub(crate) async fn send(&self, login: &str, path: &str, body: &Value) -> Answer {
        self.ask(login, Method::POST, path, Body::Json(body)).await
    }

    /// Sends a file that must be accepted.
    pub(crate) async fn upload(&self, login: &str, path: &str, file: Vec<u8>) {
        let answer = self.ask(login, Method::POST, path, Body::File(file)).await;
        assert_eq!(answer.status, 202, "{login} sends a file to {path}: {}", answer.said());
    }

    async fn ask(&self, login: &str, method: Method, path: &str, body: Body<'_>) -> Answer {
        let known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(login).cloned();
        if let Some(token) = known {
            let answer = self.once(&token, method.clone(), path, body.clone()).await;
            if answer.status != 401 {
                return answer;
            }
        }
        let token = self.sign_in(login).await;
        self.once(&token, method, path, body).await
    }

    async fn sign_in(&self, login: &str) -> String {
        let credentials = json!({ "login": login, "password": PASSWORD });
        let answer = self.once("", Method::POST, "/session", Body::Json(&credentials)).await;
        let token = answer.body["token"].as_str();
        let token = token.unwrap_or_else(|| panic!("{login} cannot sign in: {}", answer.said())).to_owned();
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(login.to_owned(), token.clone());
        token
    }

    async fn once(&self, token: &str, method: Method, path: &str, body: Body<'_>) -> Answer {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.address));
        let request = if token.is_empty() { request } else { request.bearer_auth(token) };
        let request = match body {
            Body::None => request,
            Body::Json(value) => request.body(value.to_string()),
            Body::File(bytes) => request.body(bytes),
        };
        let response = request.send().await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let status = response.status().as_u16();
        let body = response.bytes().await.expect("the answer is read");
        Answer { status, body: serde_json::from_slice(&body).unwrap_or_default() }
    }
}

#[derive(Clone)]
enum Body<'a> {
    None,
    Json(&'a Value),
    File(Vec<u8>),
}
