//! The printable forms of this installation, chosen by code, agency and day, and what an officer is
//! asked to fill in on each.

pub mod fault;
pub mod own;

use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use pdf::print::{Form, Printed};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::people::KeptUnit;

/// What an officer fills in, by the key of the form's data.
pub type Answers = BTreeMap<String, String>;

/// Every form at hand.
#[derive(Debug, Default)]
pub struct Forms {
    sheets: Vec<Arc<Sheet>>,
}

/// A form with the questions that are put to the officer who drafts from it.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub form: Form,
    pub asks: Vec<Ask>,
    pub reasons: Vec<Reason>,
    /// The data of a typical paper; nothing where the form has none.
    pub sample: Value,
    origin: Origin,
}

/// Whose template a form has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Shipped,
    /// The agency's own, which nobody of ours has read.
    Own,
}

/// A reason an officer chooses from, with the sentence the applicant reads (`reasons.toml` beside the form).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub id: String,
    pub label: String,
    /// `{giay}` stands for the paper.
    pub sentence: String,
}

/// The reasons as `reasons.toml` holds them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasonFile {
    reason: Vec<Reason>,
}

/// One question (`fields.toml` beside the form).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The key of the form's data.
    pub key: String,
    pub label: String,
    #[serde(default)]
    pub hint: String,
    #[serde(default)]
    pub kind: AskKind,
    #[serde(default)]
    pub optional: bool,
    /// What stands there before the officer types; `{holder_name}` and the like are filled in.
    #[serde(default)]
    pub default: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    #[default]
    Text,
    Area,
    /// Goes to the form as an ISO day.
    Date,
    /// A list, one item a line.
    Lines,
    /// Whole đồng.
    Money,
}

/// The questions as `fields.toml` holds them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskFile {
    ask: Vec<Ask>,
}

/// A form that should be there is not, or its files are wrong.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    #[error("no form `{code}` in use on {day}")]
    Missing { code: String, day: Date },
    #[error("form `{code}`: `fields.toml` cannot be read")]
    Fields { code: String, source: toml::de::Error },
    #[error("form `{code}`: `reasons.toml` cannot be read")]
    Reasons { code: String, source: toml::de::Error },
}

impl Sheet {
    /// A form and the text of its `fields.toml`, if it has one.
    pub fn new(form: Form, fields: Option<&str>) -> Result<Self, FormError> {
        let asks = match fields {
            None => Vec::new(),
            Some(text) => {
                toml::from_str::<AskFile>(text)
                    .map_err(|source| FormError::Fields { code: form.about().code.clone(), source })?
                    .ask
            }
        };
        Ok(Self { form, asks, reasons: Vec::new(), sample: Value::Null, origin: Origin::Shipped })
    }

    /// The same with the data of its sample paper.
    #[must_use]
    pub fn with_sample(self, sample: Value) -> Self {
        Self { sample, ..self }
    }

    /// The same with a template of the agency's own.
    fn with_own_text(&self, source: String) -> Result<Self, pdf::print::Error> {
        Ok(Self { form: self.form.with_source(source)?, origin: Origin::Own, ..self.clone() })
    }

    fn is_own(&self) -> bool {
        self.origin == Origin::Own
    }

    /// The same with the text of its `reasons.toml`, if it has one.
    pub fn with_reasons(self, text: Option<&str>) -> Result<Self, FormError> {
        let Some(text) = text else { return Ok(self) };
        let code = || self.form.about().code.clone();
        let file: ReasonFile =
            toml::from_str(text).map_err(|source| FormError::Reasons { code: code(), source })?;
        Ok(Self { reasons: file.reason, ..self })
    }

    /// What stands in the fields before anything was typed.
    pub fn defaults(&self, facts: &BTreeMap<&'static str, String>) -> Answers {
        self.asks
            .iter()
            .map(|ask| {
                let mut value = ask.default.clone();
                for (name, fact) in facts {
                    value = value.replace(&format!("{{{name}}}"), fact);
                }
                (ask.key.clone(), value)
            })
            .collect()
    }

    /// What is wrong with the answers: the key and a sentence, all together.
    pub fn faults(&self, answers: &Answers) -> Vec<(String, String)> {
        self.asks
            .iter()
            .filter_map(|ask| {
                let value = answers.get(&ask.key).map_or("", |value| value.trim());
                let fault = if value.is_empty() {
                    (!ask.optional).then(|| format!("Nhập {}", lower_first(&ask.label)))
                } else if value.chars().count() > 4_000 {
                    Some(format!("{} dài quá 4.000 chữ", ask.label))
                } else {
                    match ask.kind {
                        AskKind::Date => rules::scanning::day(value)
                            .is_err()
                            .then(|| format!("{} gõ theo mẫu 27/3/2021", ask.label)),
                        AskKind::Money => money(value)
                            .is_none()
                            .then(|| format!("{} là số tiền, ví dụ 150.000.000", ask.label)),
                        AskKind::Text | AskKind::Area | AskKind::Lines => None,
                    }
                };
                fault.map(|sentence| (ask.key.clone(), sentence))
            })
            .collect()
    }

    /// Puts checked answers into the form's data.
    pub fn fill(&self, answers: &Answers, data: &mut Map<String, Value>) {
        for ask in &self.asks {
            let value = answers.get(&ask.key).map_or("", |value| value.trim());
            let value = match ask.kind {
                AskKind::Text | AskKind::Area => json!(rules::text::nfc(value)),
                AskKind::Lines => {
                    let lines: Vec<String> = value
                        .lines()
                        .map(|line| rules::text::nfc(line.trim()))
                        .filter(|line| !line.is_empty())
                        .collect();
                    match ask.key.as_str() {
                        // The one list of the forms whose items are named.
                        "activities" => lines.iter().map(|name| json!({ "name": name })).collect(),
                        _ => json!(lines),
                    }
                }
                AskKind::Date => {
                    let day = rules::scanning::day(value).ok().flatten();
                    json!(day.map(|day| day.to_string()).unwrap_or_default())
                }
                AskKind::Money => json!(money(value).unwrap_or_default()),
            };
            data.insert(ask.key.clone(), value);
        }
    }
}

/// `150.000.000` or `150000000`, whole đồng.
fn money(text: &str) -> Option<i64> {
    let figures: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | ',')).collect();
    figures.trim_end_matches("đồng").parse().ok().filter(|amount: &i64| *amount >= 0)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

impl Forms {
    pub fn new(sheets: impl IntoIterator<Item = Sheet>) -> Self {
        Self { sheets: sheets.into_iter().map(Arc::new).collect() }
    }

    /// The form in use on a day: the agency's own before the general one, the latest before earlier.
    pub fn find(&self, code: &str, agency: &str, day: Date) -> Result<Arc<Sheet>, FormError> {
        self.sheets
            .iter()
            .filter(|sheet| {
                let about = sheet.form.about();
                about.code == code
                    && sheet.form.is_valid_on(day)
                    && (about.agency.is_empty() || about.agency == agency)
            })
            .max_by_key(|sheet| {
                let about = sheet.form.about();
                (!about.agency.is_empty(), about.valid_from)
            })
            .map(Arc::clone)
            .ok_or_else(|| FormError::Missing { code: code.to_owned(), day })
    }

    /// The codes of all forms, for `doctor`.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.sheets.iter().map(|sheet| sheet.form.about().code.as_str())
    }
}

impl Office {
    /// What stands at the head of every paper of an agency.
    pub(crate) fn head_of(&self, unit: &KeptUnit) -> Map<String, Value> {
        [
            ("agency_parent", unit.unit.heading[0].clone()),
            ("agency_name", unit.unit.heading[1].clone()),
            ("place", unit.unit.place.clone()),
            ("issued_on", self.clock.today().to_string()),
        ]
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .into_iter()
        .collect()
    }

    /// A paper of an agency that is made now.
    pub(crate) async fn print_for(
        &self,
        unit: &KeptUnit,
        code: &str,
        data: Map<String, Value>,
    ) -> Result<Vec<u8>, Error> {
        let now = self.clock.now();
        Ok(self.print_made(unit, code, now, Value::Object(data), now).await?.pdf)
    }

    /// A paper of an agency that was made at an instant, from the form that was in use then; `at` stands in
    /// the file. Where the agency's own template cannot print these data, the one that came with the program
    /// does, so that nobody waits for his paper.
    pub(crate) async fn print_made(
        &self,
        unit: &KeptUnit,
        code: &str,
        made_at: Timestamp,
        data: Value,
        at: Timestamp,
    ) -> Result<Printed, Error> {
        let sheet = self.sheet_in_use(&mut self.db.read().await?, unit, code, made_at).await?;
        let is_own = sheet.is_own();
        match self.printed(sheet, data.clone(), at).await? {
            Err(error) if is_own => {
                tracing::error!(form = code, agency = %unit.id, %error, "an agency's own form did not print");
            }
            printed => return printed.map_err(Error::broken),
        }
        let day = rules::calendar::legal_time(made_at).date();
        let shipped = self.forms.find(code, unit.unit.code.as_str(), day).map_err(Error::broken)?;
        self.printed(shipped, data, at).await?.map_err(Error::broken)
    }
}
