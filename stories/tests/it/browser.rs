//! A browser without script: keeps cookies, follows redirects, sends forms as the page made them.

use crate::page::{Form, Page};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::multipart::{self, Part};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Request, Response};
use std::fmt::Write as _;
use std::time::Duration;

/// One person's browser at one installation.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    client: Client,
    address: String,
}

/// A file as it is chosen in a form.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Browser {
    pub(crate) fn new(address: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .timeout(Duration::from_mins(2))
            // A server that was killed leaves connections that are dead.
            .pool_max_idle_per_host(0)
            .build()
            .expect("a client without special wishes can be made");
        Self { client, address: address.to_owned() }
    }

    /// The same browser at the server's new address, after it was started again.
    pub(crate) fn at(&self, address: &str) -> Self {
        Self { client: self.client.clone(), address: address.to_owned() }
    }

    /// Opens a page and follows where it leads.
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.try_get(path).await.unwrap_or_else(|error| panic!("GET {path}: {error}"))
    }

    pub(crate) async fn try_get(&self, path: &str) -> reqwest::Result<Page> {
        let request = self.client.get(self.url(path)).build()?;
        self.follow(request).await
    }

    /// The answer as it is, without following it.
    pub(crate) async fn look(&self, path: &str) -> Page {
        let request = self.client.get(self.url(path)).build().expect("a request");
        let response = self.client.execute(request).await.expect("the server answers");
        page(response, path.to_owned()).await.expect("the answer is read")
    }

    /// Sends a form and follows where it leads.
    pub(crate) async fn submit(&self, form: &Form) -> Page {
        self.try_submit(form).await.unwrap_or_else(|error| panic!("POST {}: {error}", form.action))
    }

    pub(crate) async fn try_submit(&self, form: &Form) -> reqwest::Result<Page> {
        self.follow(self.post(&form.action, encoded(form.sent()), &self.own_headers())?).await
    }

    /// Sends a form with headers of one's own, and takes the answer as it is.
    pub(crate) async fn post_raw(&self, path: &str, body: String, headers: &[(&str, &str)]) -> Page {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(
                HeaderName::from_bytes(name.as_bytes()).expect("a header's name"),
                HeaderValue::from_str(value).expect("a header's value"),
            );
        }
        let request = self.post(path, body, &map).expect("a request");
        let response = self.client.execute(request).await.expect("the server answers");
        page(response, path.to_owned()).await.expect("the answer is read")
    }

    /// Sends files with an upload form.
    pub(crate) async fn upload(&self, form: &Form, files: &[Chosen]) -> Page {
        self.try_upload(form, files).await.unwrap_or_else(|error| panic!("POST {}: {error}", form.action))
    }

    pub(crate) async fn try_upload(&self, form: &Form, files: &[Chosen]) -> reqwest::Result<Page> {
        let mut body = multipart::Form::new();
        for (name, value) in form.sent() {
            body = body.text(name.to_owned(), value.to_owned());
        }
        for file in files {
            body = body.part("file", Part::bytes(file.bytes.clone()).file_name(file.name.clone()));
        }
        let request =
            self.client.post(self.url(&form.action)).headers(self.own_headers()).multipart(body).build()?;
        self.follow(request).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// What a browser says of where a form comes from.
    fn own_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("origin", HeaderValue::from_str(&self.address).expect("an address is a header"));
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        headers
    }

    fn post(&self, path: &str, body: String, headers: &HeaderMap) -> reqwest::Result<Request> {
        self.client
            .request(Method::POST, self.url(path))
            .headers(headers.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .build()
    }

    async fn follow(&self, request: Request) -> reqwest::Result<Page> {
        let mut path = request.url().path().to_owned();
        let mut response = self.client.execute(request).await?;
        for _ in 0..5 {
            if !response.status().is_redirection() {
                break;
            }
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            to.unwrap_or_default().split('#').next().unwrap_or_default().clone_into(&mut path);
            assert!(path.starts_with('/') && !path.starts_with("//"), "led away to `{path}`");
            response = self.client.get(self.url(&path)).send().await?;
        }
        page(response, path).await
    }
}

async fn page(response: Response, path: String) -> reqwest::Result<Page> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    Ok(Page { status, path, headers, bytes: response.bytes().await?.to_vec() })
}

/// `application/x-www-form-urlencoded`.
pub(crate) fn encoded<'f>(fields: impl Iterator<Item = (&'f str, &'f str)>) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        escape(name, &mut body);
        body.push('=');
        escape(value, &mut body);
    }
    body
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            byte => write!(out, "%{byte:02X}").expect("a string takes everything"),
        }
    }
}
