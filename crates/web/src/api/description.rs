//! The API's own description, OpenAPI 3.1. The text is the contract and is written by hand, beside the
//! handlers where a desk has a part of its own; tests hold it to the routes and the acts, and `testing/api`
//! sends what it allows, and what it does not, to a running office.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::Value;
use std::sync::LazyLock;

const WHOLE: &str = include_str!("openapi.json");

/// Paths and schemas of single desks.
const PARTS: [&str; 14] = [
    include_str!("admin.json"),
    include_str!("audit.json"),
    include_str!("books.json"),
    include_str!("components.json"),
    include_str!("decided.json"),
    include_str!("fees.json"),
    include_str!("kept_views.json"),
    include_str!("measure.json"),
    include_str!("notes.json"),
    include_str!("post.json"),
    include_str!("queue.json"),
    include_str!("search.json"),
    include_str!("shelves.json"),
    include_str!("webhooks.json"),
];

static TEXT: LazyLock<Bytes> = LazyLock::new(|| joined().to_string().into());

fn joined() -> Value {
    let read = |text| serde_json::from_str::<Value>(text).expect("the description is JSON");
    let mut whole = read(WHOLE);
    for part in PARTS {
        let part = read(part);
        for (from, to) in [("/paths", "/paths"), ("/schemas", "/components/schemas")] {
            let added = part.pointer(from).and_then(Value::as_object).into_iter().flatten();
            let known = whole.pointer_mut(to).and_then(Value::as_object_mut).expect("a part of the whole");
            for (name, about) in added {
                let before = known.insert(name.clone(), about.clone());
                assert!(before.is_none(), "{name} is described twice");
            }
        }
    }
    whole
}

pub(crate) async fn describe() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], TEXT.clone()).into_response()
}

#[cfg(test)]
mod tests {
    use super::joined;
    use crate::access::{Access, Line, Proof};
    use crate::api::custody::FolderAct;
    use office::dossier::act::Act;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    fn text() -> Value {
        joined()
    }

    fn of<'v>(value: &'v Value, pointer: &str) -> &'v serde_json::Map<String, Value> {
        value.pointer(pointer).and_then(Value::as_object).unwrap_or_else(|| panic!("no {pointer}"))
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let text = text();
        let mut described = BTreeSet::new();
        for (path, methods) in of(&text, "/paths") {
            for (method, about) in methods.as_object().expect("methods") {
                let is_open = about["security"].as_array().is_some_and(Vec::is_empty);
                described.insert((method.to_uppercase(), path.clone(), is_open));
            }
        }
        let routes: BTreeSet<_> = crate::routes::lines()
            .into_iter()
            .filter(|line| line.path.starts_with("/api/"))
            .map(|line| (line.method.to_owned(), line.path.to_owned(), line.access == Access::Anyone))
            .collect();
        assert_eq!(described, routes);
    }

    #[test]
    fn who_is_not_let_in_is_told_so_by_every_guarded_route() {
        let text = text();
        for line in crate::routes::lines().into_iter().filter(|line| line.path.starts_with("/api/")) {
            let pointer = line.path.replace('/', "~1");
            let answers = of(&text, &format!("/paths/{pointer}/{}/responses", line.method.to_lowercase()));
            let expected = match line.access {
                // Whoever signs in is told that a code is needed.
                Access::Anyone => [line.path == "/api/v1/session", false],
                // Who must first set up a second factor is let in nowhere.
                Access::SettingUp | Access::SignedIn | Access::Roles(_) => [true, true],
            };
            assert_eq!(["401", "403"].map(|code| answers.contains_key(code)), expected, "{}", line.path);
        }
    }

    /// How an operation may be proved, as the table of routes says it: sessions always, keys by scope.
    fn proofs(proof: Proof) -> Vec<Value> {
        let keys = match proof {
            Proof::Cookie | Proof::Session => Vec::new(),
            Proof::Key([]) => vec![json!({ "key": [] })],
            Proof::Key(scopes) => scopes.iter().map(|scope| json!({ "key": [scope.code()] })).collect(),
        };
        [vec![json!({ "token": [] })], keys].concat()
    }

    #[test]
    fn every_route_says_which_keys_open_it_and_that_they_may_be_used_too_often() {
        let text = text();
        let guarded = |line: &Line| line.path.starts_with("/api/") && line.access != Access::Anyone;
        for line in crate::routes::lines().into_iter().filter(guarded) {
            let pointer = line.path.replace('/', "~1");
            let about = of(&text, &format!("/paths/{pointer}/{}", line.method.to_lowercase()));
            let usual = json!([{ "token": [] }]);
            let said = about.get("security").unwrap_or(&usual);
            assert_eq!(said.as_array().expect("a list"), &proofs(line.proof), "{}", line.path);
            let takes_keys = matches!(line.proof, Proof::Key(_));
            assert_eq!(about["responses"].get("429").is_some(), takes_keys, "{}", line.path);
        }
    }

    #[test]
    fn every_list_is_paged() {
        let text = text();
        for (path, methods) in of(&text, "/paths") {
            let Some(get) = methods.get("get") else { continue };
            let content = get.pointer("/responses/200/content/application~1json/schema/type");
            let is_list = content.is_some_and(|kind| kind == "array");
            let named: BTreeSet<&str> = get["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|parameter| parameter["$ref"].as_str()?.rsplit('/').next())
                .collect();
            let has_link = get.pointer("/responses/200/headers/Link").is_some();
            let expected = if is_list { BTreeSet::from(["Cursor", "Limit"]) } else { BTreeSet::new() };
            assert_eq!((named, has_link), (expected, is_list), "{path}");
        }
    }

    #[test]
    fn every_act_on_a_folder_is_read_as_it_is_described() {
        let text = text();
        let acts =
            text.pointer("/components/schemas/FolderAct/oneOf").and_then(Value::as_array).expect("acts");
        for schema in acts {
            let sent = sample(&text, schema);
            let read: FolderAct =
                serde_json::from_value(sent.clone()).unwrap_or_else(|error| panic!("{sent}: {error}"));
            assert_eq!(serde_json::to_value(&read).expect("JSON"), sent);
        }
        let unknown =
            serde_json::from_str::<FolderAct>(r#"{"act": "?"}"#).expect_err("no such act").to_string();
        assert_eq!(unknown.split('`').skip(3).step_by(2).count(), acts.len(), "{unknown}");
    }

    /// A value that a schema of the description allows, with every field it names.
    fn sample(text: &Value, schema: &Value) -> Value {
        let first = |list: &str| schema[list].as_array().and_then(|list| list.first());
        if let Some(name) = schema["$ref"].as_str() {
            return sample(text, text.pointer(name.trim_start_matches('#')).expect("what is referred to"));
        }
        if let Some(value) = schema.get("const").or_else(|| first("enum")).or_else(|| first("examples")) {
            return value.clone();
        }
        if let Some(choice) = first("oneOf").or_else(|| first("anyOf")) {
            return sample(text, choice);
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("object"), _) => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                fields.map(|(name, field)| (name.clone(), sample(text, field))).collect()
            }
            (Some("array"), _) => vec![sample(text, &schema["items"])].into(),
            (Some("integer"), _) => 2.into(),
            (Some("boolean"), _) => true.into(),
            (_, Some("uuid")) => "0199aa00-0000-7000-8000-000000000001".into(),
            (_, Some("date-time")) => "2026-11-23T01:00:00Z".into(),
            (_, Some("date")) => "2026-11-23".into(),
            _ => "chữ".into(),
        }
    }

    #[test]
    fn every_act_is_described_with_its_fields_and_nothing_else() {
        let text = text();
        let acts = text.pointer("/components/schemas/Act/oneOf").and_then(Value::as_array).expect("acts");
        for schema in acts {
            let sent = sample(&text, schema);
            let read: Act =
                serde_json::from_value(sent.clone()).unwrap_or_else(|error| panic!("{sent}: {error}"));
            let written = serde_json::to_value(&read).expect("an act is JSON");
            let fields = |value: &Value| -> BTreeSet<String> {
                value.as_object().expect("an act is an object").keys().cloned().collect()
            };
            assert_eq!(fields(&written), fields(&sent), "{sent}");
        }
        let described: BTreeSet<&str> =
            acts.iter().map(|act| act["properties"]["act"]["const"].as_str().expect("its name")).collect();
        // Serde tells its variants where it meets one that it does not know.
        let unknown = serde_json::from_str::<Act>(r#"{"act": "?"}"#).expect_err("no such act").to_string();
        let known: BTreeSet<&str> = unknown.split('`').skip(3).step_by(2).collect();
        assert_eq!(described, known, "{unknown}");
    }
}
