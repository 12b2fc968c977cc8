//! A page as a browser sees it: its forms with what stands in their fields, its links, its text. Reads
//! the HTML that the program writes, not any HTML there is.

/// A page that was answered.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    /// The path it came from after redirects.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) bytes: Vec<u8>,
}

/// One tag or the text between two.
#[derive(Debug)]
enum Token<'h> {
    Open { name: &'h str, attributes: Vec<(&'h str, String)> },
    Close(&'h str),
    Text(&'h str),
}

/// A form, filled as the page filled it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pub(crate) action: String,
    id: String,
    fields: Vec<Field>,
    pub(crate) buttons: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    value: String,
    kind: Kind,
    /// A box or radio that is not ticked is not sent.
    sent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Hidden,
    Typed,
    Tick,
    Radio,
    Choice,
}

impl Page {
    pub(crate) fn html(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("a page is UTF-8")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The text a person reads, white space folded.
    pub(crate) fn text(&self) -> String {
        text(self.html())
    }

    /// Says whether a person reads this on the page.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// The page must be answered well and say all of this.
    #[track_caller]
    pub(crate) fn must_say(&self, words: &[&str]) {
        let text = self.text();
        for words in words {
            assert!(text.contains(words), "{} ({}) should say “{words}”: {text}", self.path, self.status);
        }
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}: {}", self.path, self.text());
        self
    }

    /// The page must be a refusal in words, not a fault of the program.
    #[track_caller]
    pub(crate) fn refused(self, words: &str) -> Self {
        assert_eq!(self.status, 422, "{}: {}", self.path, self.text());
        self.must_say(&[words]);
        self
    }

    /// The only form whose action ends so.
    #[track_caller]
    pub(crate) fn form(&self, action: &str) -> Form {
        let mut found: Vec<Form> =
            forms(self.html()).into_iter().filter(|form| form.action.ends_with(action)).collect();
        assert_eq!(found.len(), 1, "{} should have one form `{action}`: {}", self.path, self.text());
        found.remove(0)
    }

    pub(crate) fn forms(&self) -> Vec<Form> {
        forms(self.html())
    }

    pub(crate) fn has_form(&self, action: &str) -> bool {
        forms(self.html()).iter().any(|form| form.action.ends_with(action))
    }

    /// The addresses of links.
    pub(crate) fn links(&self) -> Vec<String> {
        tokens(self.html())
            .iter()
            .filter_map(|token| match token {
                Token::Open { name: "a", attributes } => get(attributes, "href").map(ToOwned::to_owned),
                _ => None,
            })
            .collect()
    }

    /// The first link that starts so.
    #[track_caller]
    pub(crate) fn link(&self, start: &str) -> String {
        let links = self.links();
        let found = links.iter().find(|link| link.starts_with(start));
        found.unwrap_or_else(|| panic!("{} should link to `{start}…`: {links:?}", self.path)).clone()
    }

    /// The part of the page from the tag with this id to the end of that element.
    #[track_caller]
    pub(crate) fn part(&self, tag: &str, id: &str) -> Self {
        let html = self.html();
        let found = html
            .match_indices(&format!("<{tag} "))
            .map(|(at, _)| at)
            .find(|&at| {
                html[at..].split('>').next().is_some_and(|head| head.contains(&format!("id=\"{id}\"")))
            })
            .unwrap_or_else(|| panic!("{} has no {tag} `{id}`: {}", self.path, self.text()));
        let end = html[found..].find(&format!("</{tag}>")).map_or(html.len(), |end| found + end);
        Self { bytes: html.as_bytes()[found..end].to_vec(), ..self.clone() }
    }

    /// The texts of the elements of one kind.
    pub(crate) fn texts_of(&self, tag: &str) -> Vec<String> {
        let html = self.html();
        html.split(&format!("<{tag}"))
            .skip(1)
            .filter(|piece| piece.starts_with(['>', ' ']))
            .map(|piece| {
                let inner = piece.split_once('>').map_or("", |(_, inner)| inner);
                text(inner.split(&format!("</{tag}>")).next().unwrap_or_default())
            })
            .collect()
    }

    /// The ids of elements that start so, without that start.
    pub(crate) fn ids(&self, start: &str) -> Vec<String> {
        tokens(self.html())
            .iter()
            .filter_map(|token| match token {
                Token::Open { attributes, .. } => {
                    get(attributes, "id").and_then(|id| id.strip_prefix(start)).map(ToOwned::to_owned)
                }
                _ => None,
            })
            .collect()
    }
}

impl Form {
    /// What stands in a field.
    #[track_caller]
    pub(crate) fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|field| field.name == name && field.sent);
        field.map_or("", |field| &field.value)
    }

    /// The choices of a radio or select.
    pub(crate) fn choices(&self, name: &str) -> Vec<&str> {
        let named = self.fields.iter().filter(|field| field.name == name);
        named.map(|field| field.value.as_str()).collect()
    }

    /// Types, ticks or chooses what a person could here.
    #[track_caller]
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        let of_name = |field: &&mut Field| field.name == name;
        let kind = self.fields.iter().find(|field| field.name == name).map(|field| field.kind);
        match kind {
            Some(Kind::Typed) => {
                for field in self.fields.iter_mut().filter(of_name) {
                    value.clone_into(&mut field.value);
                }
            }
            Some(Kind::Radio | Kind::Choice) => {
                let is_there = self.fields.iter().any(|field| field.name == name && field.value == value);
                assert!(is_there, "`{name}` offers {:?}, not `{value}`", self.choices(name));
                for field in self.fields.iter_mut().filter(of_name) {
                    field.sent = field.value == value;
                }
            }
            Some(Kind::Tick) => {
                for field in self.fields.iter_mut().filter(of_name).filter(|field| field.value == value) {
                    field.sent = true;
                }
            }
            Some(Kind::Hidden) | None => panic!("nobody can type in `{name}` of `{}`: {self:?}", self.action),
        }
        self
    }

    /// Sends what no person could: the fields are the attacker's.
    pub(crate) fn forge(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|field| field.name != name);
        let (name, value) = (name.to_owned(), value.to_owned());
        self.fields.push(Field { name, value, kind: Kind::Hidden, sent: true });
        self
    }

    /// Presses the button with this name and value.
    #[track_caller]
    pub(crate) fn press(self, name: &str, value: &str) -> Self {
        let there = self.buttons.iter().any(|(key, worth)| key == name && worth == value);
        assert!(there, "`{}` has the buttons {:?}, not {name}={value}", self.action, self.buttons);
        self.forge(name, value)
    }

    /// What the browser sends, in the order of the page.
    pub(crate) fn sent(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter(|field| field.sent).map(|field| (field.name.as_str(), field.value.as_str()))
    }
}

fn get<'a>(attributes: &'a [(&str, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
}

/// Every form of a page, with the fields and buttons that stand elsewhere and name it.
fn forms(html: &str) -> Vec<Form> {
    let tokens = tokens(html);
    let mut forms: Vec<Form> = Vec::new();
    let mut strays: Vec<(String, Form)> = Vec::new();
    let (mut open, mut select, mut area) = (None::<usize>, None::<(String, bool)>, None::<String>);
    for token in &tokens {
        match token {
            Token::Open { name: "form", attributes } => {
                let own = |name| get(attributes, name).unwrap_or_default().to_owned();
                forms.push(Form { action: own("action"), id: own("id"), ..Form::default() });
                open = Some(forms.len() - 1);
            }
            Token::Close("form") => open = None,
            Token::Open { name: "select", attributes } => {
                select = Some((get(attributes, "name").unwrap_or_default().to_owned(), false));
            }
            Token::Open { name: "option", attributes } => {
                let (Some((name, chosen)), Some(form)) = (&mut select, open) else { continue };
                let is_chosen = get(attributes, "selected").is_some();
                let fields = &mut forms[form].fields;
                if is_chosen {
                    fields
                        .iter_mut()
                        .filter(|field| field.name == *name)
                        .for_each(|field| field.sent = false);
                }
                let first = !*chosen && !fields.iter().any(|field| field.name == *name);
                *chosen |= is_chosen;
                let value = get(attributes, "value").unwrap_or_default().to_owned();
                let sent = is_chosen || first;
                fields.push(Field { name: name.clone(), value, kind: Kind::Choice, sent });
            }
            Token::Close("select") => select = None,
            Token::Open { name: "textarea", attributes } => {
                area = Some(get(attributes, "name").unwrap_or_default().to_owned());
            }
            Token::Text(text) => {
                if let (Some(name), Some(form)) = (area.take(), open) {
                    // The first line break after the tag is not part of the text.
                    let value = decoded(text.strip_prefix('\n').unwrap_or(text));
                    forms[form].fields.push(Field { name, value, kind: Kind::Typed, sent: true });
                }
            }
            Token::Close("textarea") => {
                if let (Some(name), Some(form)) = (area.take(), open) {
                    forms[form].fields.push(Field {
                        name,
                        value: String::new(),
                        kind: Kind::Typed,
                        sent: true,
                    });
                }
            }
            Token::Open { name: tag @ ("input" | "button"), attributes } => {
                let mut part = Form::default();
                if *tag == "button" {
                    let own = |name| get(attributes, name).unwrap_or_default().to_owned();
                    part.buttons.push((own("name"), own("value")));
                } else {
                    part.fields.extend(field(attributes));
                }
                match (get(attributes, "form"), open) {
                    (Some(owner), _) => strays.push((owner.to_owned(), part)),
                    (None, Some(form)) => forms[form].take(part),
                    (None, None) => {}
                }
            }
            _ => {}
        }
    }
    for (owner, part) in strays {
        if let Some(form) = forms.iter_mut().find(|form| form.id == owner) {
            form.take(part);
        }
    }
    forms
}

impl Form {
    fn take(&mut self, part: Self) {
        self.fields.extend(part.fields);
        self.buttons.extend(part.buttons);
    }
}

fn field(attributes: &[(&str, String)]) -> Option<Field> {
    let name = get(attributes, "name")?.to_owned();
    let kind = match get(attributes, "type").unwrap_or("text") {
        "hidden" => Kind::Hidden,
        "checkbox" => Kind::Tick,
        "radio" => Kind::Radio,
        "file" => return None,
        _ => Kind::Typed,
    };
    let sent = !matches!(kind, Kind::Tick | Kind::Radio) || get(attributes, "checked").is_some();
    Some(Field { name, value: get(attributes, "value").unwrap_or_default().to_owned(), kind, sent })
}

/// The text of a piece of HTML, white space folded.
fn text(html: &str) -> String {
    let mut words = String::new();
    let mut hidden = false;
    for token in tokens(html) {
        match token {
            Token::Open { name: "script" | "style" | "symbol" | "head", .. } => hidden = true,
            Token::Close("script" | "style" | "symbol" | "head") => hidden = false,
            Token::Open { name: "b" | "span" | "a" | "small" | "kbd" | "svg" | "use", .. }
            | Token::Close("b" | "span" | "a" | "small" | "kbd" | "svg" | "use") => {}
            Token::Open { .. } | Token::Close(_) => words.push(' '),
            Token::Text(piece) if !hidden => words.push_str(&decoded(piece)),
            Token::Text(_) => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            tokens.push(Token::Text(&rest[..at]));
        }
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if let Some(after) = rest.strip_prefix('/') {
            let (name, after) = after.split_once('>').unwrap_or((after, ""));
            tokens.push(Token::Close(name.trim()));
            rest = after;
            continue;
        }
        let n_name = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(n_name);
        let (attributes, after) = attributes(after);
        tokens.push(Token::Open { name, attributes });
        rest = after;
    }
    if !rest.is_empty() {
        tokens.push(Token::Text(rest));
    }
    tokens
}

/// The attributes of a tag and what follows its end.
fn attributes(mut rest: &str) -> (Vec<(&str, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\n', '\t', '\r', '/', '!']);
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        let n_name = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace()).unwrap_or(rest.len());
        if n_name == 0 {
            return (attributes, rest.get(1..).unwrap_or_default());
        }
        let (name, after) = rest.split_at(n_name);
        let Some(value) = after.strip_prefix('=') else {
            attributes.push((name, String::new()));
            rest = after;
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(|c: char| c == '>' || c.is_whitespace()).unwrap_or(value.len())),
        };
        attributes.push((name, decoded(value)));
        rest = after;
    }
}

/// Character references resolved: those that the program writes.
fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest.find(';').filter(|&end| end < 10).map(|end| (&rest[1..end], end));
        let letter = reference.and_then(|(name, _)| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            name => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }
        });
        match (letter, reference) {
            (Some(letter), Some((_, end))) => {
                plain.push(letter);
                rest = &rest[end + 1..];
            }
            _ => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[test]
fn a_form_is_read_as_a_browser_reads_it() {
    let page = Page {
        status: 200,
        path: "/".to_owned(),
        headers: Vec::new(),
        bytes: "<form id=\"f\" method=\"post\" action=\"/a/b\"><input type=\"hidden\" name=\"csrf\" value=\"c&#38;d\">\
            <input class=\"input\" name=\"ten\" value=\"&#60;b&#62;\" ><textarea name=\"y\">\nhai\ndòng</textarea>\
            <select name=\"s\"><option value=\"1\">M</option><option value=\"2\" selected>H</option></select>\
            <input type=\"radio\" name=\"r\" value=\"x\"><input type=\"radio\" name=\"r\" value=\"y\" checked></form>\
            <p>Chữ <b>đậm</b> &lt;i&gt;</p><button form=\"f\" name=\"act\" value=\"go\">Đi</button>"
            .as_bytes()
            .to_vec(),
    };
    let form = page.form("/b").set("r", "x").press("act", "go");
    let sent: Vec<(&str, &str)> = form.sent().collect();
    let expected =
        [("csrf", "c&d"), ("ten", "<b>"), ("y", "hai\ndòng"), ("s", "2"), ("r", "x"), ("act", "go")];
    assert_eq!(sent, expected);
    assert!(page.says("Chữ đậm <i>"), "{}", page.text());
}
