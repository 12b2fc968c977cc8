//! Pages hold no code of their own (the content security policy would refuse it), and every form
//! that posts carries its token.

use super::Fault;
use crate::tree::{File, Tree};

fn pages(tree: &Tree) -> impl Iterator<Item = &File> {
    // Mails know no stylesheet: their marks stand in the line.
    tree.files.iter().filter(|file| {
        file.path.starts_with("crates/web/templates/") && file.is("html") && !file.path.contains("/emails/")
    })
}

fn fault(file: &File, at: usize, rule: &'static str, message: &str) -> Fault {
    let line = file.text[..at].matches('\n').count() + 1;
    Fault { path: file.path.clone(), line, rule, message: message.to_owned() }
}

/// A start tag: where it begins, its name in lower case, its attributes.
struct Tag<'a> {
    at: usize,
    name: String,
    attributes: Vec<(&'a str, &'a str)>,
}

/// The text with template expressions blanked out, byte for byte, so that places stay the same.
fn without_expressions(text: &str) -> String {
    let mut bare = text.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
        let mut from = 0;
        while let Some(start) = bare[from..].find(open).map(|found| from + found) {
            let end = bare[start..].find(close).map_or(bare.len(), |found| start + found + close.len());
            let blank: String =
                bare[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
            bare.replace_range(start..end, &blank);
            from = end;
        }
    }
    bare
}

fn tags(bare: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut from = 0;
    while let Some(at) = bare[from..].find('<').map(|found| from + found) {
        let rest = &bare[at + 1..];
        let name: String =
            rest.chars().take_while(|mark| mark.is_ascii_alphanumeric() || *mark == '-').collect();
        if name.is_empty() {
            from = at + 1;
            continue;
        }
        let (attributes, used) = attributes(&rest[name.len()..]);
        from = at + 1 + name.len() + used;
        tags.push(Tag { at, name: name.to_lowercase(), attributes });
    }
    tags
}

/// The attributes up to the end of the tag, and how many bytes they take.
fn attributes(text: &str) -> (Vec<(&str, &str)>, usize) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|mark: char| mark.is_whitespace() || mark == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return (found, text.len() - rest.len());
        }
        let end = rest
            .find(|mark: char| mark.is_whitespace() || mark == '=' || mark == '>')
            .unwrap_or(rest.len())
            .max(1);
        let name = rest.get(..end).unwrap_or(rest);
        rest = &rest[name.len()..];
        let Some(after) = rest.trim_start().strip_prefix('=') else {
            found.push((name, ""));
            continue;
        };
        let after = after.trim_start();
        let quote = after.chars().next().filter(|mark| "\"'".contains(*mark));
        let (value, left) = match quote {
            Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            None => {
                let end = after.find(|mark: char| mark.is_whitespace() || mark == '>').unwrap_or(after.len());
                after.split_at(end)
            }
        };
        found.push((name, value));
        rest = left;
    }
}

pub(super) fn holds_no_inline_code(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in pages(tree) {
        let bare = without_expressions(&file.text);
        for tag in tags(&bare) {
            let mut wrong = |message: &str| faults.push(fault(file, tag.at, "inline", message));
            let has = |name: &str| tag.attributes.iter().any(|(found, _)| found.eq_ignore_ascii_case(name));
            if tag.name == "script" && !has("src") {
                wrong("a script in the page: move it to a file of web/static, the policy refuses it here");
            }
            if tag.name == "style" {
                wrong("a style in the page: move it to the stylesheet, the policy refuses it here");
            }
            for (name, value) in &tag.attributes {
                let name = name.to_lowercase();
                let event = name.len() > 2 && name.starts_with("on") && !name.contains('-');
                if event || name.starts_with("hx-on") {
                    wrong(&format!("`{name}`: listen in a file of web/static, by a data- attribute"));
                }
                if name == "style" {
                    wrong("`style`: give it a class, the policy refuses it here");
                }
                if value.trim_start().to_lowercase().starts_with("javascript:") {
                    wrong("a `javascript:` address: use a button and a file of web/static");
                }
            }
        }
    }
    faults
}

pub(super) fn protects_every_form(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in pages(tree) {
        let bare = without_expressions(&file.text);
        for tag in tags(&bare).into_iter().filter(|tag| tag.name == "form") {
            let posts = tag.attributes.iter().any(|(name, value)| {
                name.eq_ignore_ascii_case("method") && value.eq_ignore_ascii_case("post")
            });
            let inside = &file.text[tag.at..];
            let inside = inside.split_once("</form").map_or(inside, |(before, _)| before);
            if posts && !inside.contains("csrf") {
                let message = "a form that posts without its token: call the csrf macro of components/ in it";
                faults.push(fault(file, tag.at, "csrf", message));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&Tree) -> Vec<Fault>, text: &str) -> Vec<usize> {
        let tree = Tree::planted(&[("crates/web/templates/dossier/show.html", text)]);
        rule(&tree).into_iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn code_in_a_page_is_found() {
        let inline = |text| found(holds_no_inline_code, text);
        assert_eq!(inline("<p>\n<script>alert(1)</script>"), [2]);
        assert_eq!(inline("<script src=\"/static/htmx.js\" defer></script>"), [0; 0]);
        assert_eq!(inline("<style>p{}</style>"), [1]);
        assert_eq!(inline("<a onclick=\"x()\">"), [1]);
        assert_eq!(inline("<a\n  OnMouseOver = x>"), [1]);
        assert_eq!(inline("<p style='color:red'>"), [1]);
        assert_eq!(inline("<a href=\" javascript:x()\">"), [1]);
        assert_eq!(inline("<b hx-on:click=\"x()\">"), [1]);
    }

    #[test]
    fn words_of_the_text_and_of_expressions_are_no_code() {
        let inline = |text| found(holds_no_inline_code, text);
        assert_eq!(inline("<p>onclick=1 style=2</p>"), [0; 0]);
        assert_eq!(
            inline("<p class=\"{{ if a < b }}\" {% if onclick=1 %} id=x>ổn</p>{# <script> #}"),
            [0; 0]
        );
        assert_eq!(inline("<p title=\"a > b onclick=1\">"), [0; 0]);
        assert_eq!(inline("<p>1 < 2</p>"), [0; 0]);
    }

    #[test]
    fn a_form_that_posts_needs_its_token() {
        let forms = |text| found(protects_every_form, text);
        assert_eq!(forms("<form method=\"post\"><input></form>{% call csrf() %}"), [1]);
        assert_eq!(forms("<form method=POST>\n{% call form::csrf(token) %}</form>"), [0; 0]);
        assert_eq!(forms("<form method=\"get\"></form>"), [0; 0]);
    }
}
