//! Forms: what was posted, checked for its token before a handler sees it, and what goes back into the
//! fields with its errors.

use crate::Web;
use crate::error::Failure;
use crate::session::Visitor;
use axum::body::to_bytes;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Request};
use office::{By, Refusal};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Display;
use std::str::FromStr;

/// The most bytes of a form without files.
const LARGEST_FORM: usize = 512 * 1024;

/// The most fields of one form: a process of a hundred steps with their ways and opinions has fewer.
pub(crate) const MOST_FIELDS: usize = 5_000;

/// A posted form of a signed-in visitor whose token was right.
#[derive(Debug)]
pub(crate) struct Posted {
    fields: Vec<(String, String)>,
}

impl Posted {
    /// The value of a field, trimmed; empty when it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// What our own page put into the form: an id, a version. What is none was not sent by it.
    pub(crate) fn sent<T: FromStr>(&self, name: &str) -> Result<T, Failure> {
        self.get(name).parse().map_err(|_| Failure::not_found())
    }

    /// Was there a field of this name, be it empty?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// Every value sent under a name.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Every field as it was sent, trimmed.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(key, value)| (key.as_str(), value.trim()))
    }

    /// What was typed, to be shown again.
    pub(crate) fn state(&self) -> FormState {
        let typed = self.fields.iter().filter(|(key, _)| key != "csrf" && key != "idempotency_key");
        typed.fold(FormState::default(), |form, (key, value)| form.with(key, value.trim()))
    }

    /// Who acts, with this form's key.
    pub(crate) fn by(&self, visitor: &Visitor) -> By {
        visitor.by(Some(self.get("idempotency_key")))
    }

    pub(crate) fn parse(body: &[u8]) -> Self {
        Self { fields: parse(body) }
    }
}

impl FromRequest<Web> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::of(&mut parts, web).await?;
        let body = to_bytes(body, LARGEST_FORM).await.map_err(|_| Failure::form_too_large())?;
        let posted = Self::parse(&body);
        check_token(posted.get("csrf"), &visitor)?;
        Ok(posted)
    }
}

/// The token of a form must be the one of the session it was made for.
pub(crate) fn check_token(token: &str, visitor: &Visitor) -> Result<(), Failure> {
    let (a, b) = (token.as_bytes(), visitor.present.csrf.as_bytes());
    let differs = a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b));
    if a.len() == b.len() && differs == 0 { Ok(()) } else { Err(Failure::form_too_old()) }
}

/// A part of a form with files, given up as soon as it is larger than it may be.
pub(crate) async fn bounded(mut part: Field<'_>, most_bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| Failure::form_too_large())? {
        if bytes.len() + chunk.len() > most_bytes {
            return Err(Failure::form_too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// `application/x-www-form-urlencoded`, at most [`MOST_FIELDS`].
fn parse(body: &[u8]) -> Vec<(String, String)> {
    body.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .take(MOST_FIELDS)
        .map(|pair| {
            let at = pair.iter().position(|&byte| byte == b'=').unwrap_or(pair.len());
            (decoded(&pair[..at]), decoded(pair.get(at + 1..).unwrap_or_default()))
        })
        .collect()
}

/// Percent and plus decoding of one name or value; what is not UTF-8 becomes the replacement character, and so
/// does NUL, which PostgreSQL keeps in no text.
pub(crate) fn decoded(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%')
            .then(|| after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, escaped) {
            (_, Some(0)) => {
                bytes.extend("\u{fffd}".bytes());
                rest = &after[2..];
            }
            (_, Some(value)) => {
                bytes.push(value);
                rest = &after[2..];
            }
            (b'+', None) => {
                bytes.push(b' ');
                rest = after;
            }
            (byte, None) => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A value as it stands in an address, the counterpart of [`decoded`].
pub(crate) fn encoded(value: &str) -> impl Display {
    const PLAIN: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    utf8_percent_encode(value, PLAIN)
}

/// A value of a query string.
pub(crate) fn query_value(query: Option<&str>, name: &str) -> String {
    parse(query.unwrap_or_default().as_bytes())
        .into_iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
        .unwrap_or_default()
}

/// Words to look for, as far as anything is looked for by them.
pub(crate) fn sought(typed: &str) -> String {
    typed.trim().chars().take(100).collect()
}

/// What stands in a form's fields, and what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct FormState {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// One fault: at the field and in the summary with the same words. An empty field means the whole form.
#[derive(Debug)]
pub(crate) struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl FormState {
    pub(crate) fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.push((name.into(), value.into()));
        self
    }

    /// The same before what stands in another: a field in both has the value it has here.
    pub(crate) fn before(mut self, other: Self) -> Self {
        self.values.extend(other.values);
        self.errors.extend(other.errors);
        self
    }

    pub(crate) fn fault(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.into(), message: message.into() });
    }

    /// What a rule answered: at the fields it names itself, else at this one.
    pub(crate) fn refuse(&mut self, field: &str, refusal: &Refusal) {
        match refusal {
            Refusal::Form(faults) => {
                for (own, sentence) in faults {
                    self.fault(own, sentence);
                }
            }
            Refusal::Applicant(faults) | Refusal::Found(faults) => {
                for (own, sentence) in faults {
                    self.fault(*own, sentence);
                }
            }
            other => {
                for sentence in other.sentences(ToOwned::to_owned) {
                    self.fault(field, sentence);
                }
            }
        }
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Every value under a name.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.values.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same without one of the values of a name.
    pub(crate) fn without(mut self, name: &str, value: &str) -> Self {
        self.values.retain(|(key, sent)| key != name || sent != value);
        self
    }

    /// The same without the values of a name.
    pub(crate) fn without_all(mut self, name: &str) -> Self {
        self.values.retain(|(key, _)| key != name);
        self
    }

    /// Is there a value under this name, be it empty?
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.values.iter().any(|(key, _)| key == name)
    }

    /// Was this one of the values sent under a name?
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(key, sent)| key == name && sent == value)
    }

    pub(crate) fn error(&self, name: &str) -> &str {
        self.errors.iter().find(|error| error.field == name).map_or("", |error| &error.message)
    }

    /// Is something wrong with a field whose name begins so?
    pub(crate) fn errs_in(&self, row: &str) -> bool {
        self.errors.iter().any(|error| error.field.starts_with(row))
    }

    pub(crate) fn errors(&self) -> &[FieldError] {
        &self.errors
    }
}

/// A key for a form that is about to be shown: sent twice, it does its act once.
pub(crate) fn new_key() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// A choice of a select or of radios.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl Choice {
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::Posted;

    #[test]
    fn a_form_is_decoded() {
        let posted = Posted::parse("ten=Nguy%E1%BB%85n+V%C4%83n&a=1&a=2&hong=%zz%4".as_bytes());
        assert_eq!(posted.get("ten"), "Nguyễn Văn");
        assert_eq!(posted.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(posted.get("hong"), "%zz%4");
        assert_eq!(posted.get("khong-co"), "");
    }

    #[test]
    fn values_of_a_name_are_taken_out_one_by_one_or_all() {
        let form = || Posted::parse(b"bia=1&bia=2&ma-bia=7K4Q&csrf=x").state();
        assert_eq!(form().all("bia").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form().without("bia", "1").all("bia").collect::<Vec<_>>(), ["2"]);
        assert_eq!(form().without_all("ma-bia").value("ma-bia"), "");
        assert_eq!(form().value("csrf"), "", "a token is never shown again");
    }
}
