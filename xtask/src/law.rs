//! `cargo xtask law`: the citations in the code held against the clauses in docs/law.
//!
//! A decree can so be read with the code beside it, and a clause that no code obeys shows. What the
//! clauses mean is written by people; this only keeps both ends of the thread tied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::source::scan;
use crate::tree::{File, Tree};

const FOLDER: &str = "docs/law/";
const BACK_LINKS: &str = "<!-- Written by `cargo xtask law --write`; do not edit below. -->";

/// A clause of an act: `TT01-2023-VPCP/8.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    act: String,
    article: String,
}

/// Acts by name, articles by number: 9 before 10, 9.2 after 9.
impl Ord for Clause {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |clause: &Self| -> Vec<(u32, String)> {
            let parts = clause.article.split('.');
            parts.map(|part| (part.parse().unwrap_or(u32::MAX), part.to_owned())).collect()
        };
        self.act.cmp(&other.act).then_with(|| key(self).cmp(&key(other)))
    }
}

impl PartialOrd for Clause {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Clause {
    /// `None` where the text is no citation.
    fn parse(text: &str) -> Option<Self> {
        let (act, article) = text.trim_end_matches(['.', ',', ';', ')']).split_once('/')?;
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|mark| mark.is_ascii_alphanumeric() || "-.".contains(mark))
        };
        (plain(act) && plain(article) && act.contains(|mark: char| mark.is_ascii_digit()))
            .then(|| Self { act: act.to_owned(), article: article.to_owned() })
    }

    /// Whether a citation of this clause is covered by `known`: the same, or a point of it.
    fn is_within(&self, known: &Self) -> bool {
        let rest = self.article.strip_prefix(known.article.as_str());
        self.act == known.act && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn text(&self) -> String {
        format!("{}/{}", self.act, self.article)
    }
}

/// Where the code says that it obeys a clause.
#[derive(Debug)]
struct Citation {
    clause: Clause,
    path: String,
    line: usize,
    /// The function, type or constant that follows the citation.
    item: Option<String>,
}

/// What `cargo xtask law` found.
#[derive(Debug)]
pub(crate) struct Report {
    /// Citations of clauses that docs/law does not have, and the like.
    pub(crate) faults: Vec<String>,
    /// Clauses that no code obeys yet.
    without_code: Vec<Clause>,
    clauses: usize,
    citations: usize,
    /// Files of docs/law whose back-links are not as they should be, with their new text.
    pub(crate) rewritten: BTreeMap<String, String>,
}

pub(crate) fn check(tree: &Tree) -> anyhow::Result<Report> {
    let acts: Vec<&File> =
        tree.files.iter().filter(|file| file.path.starts_with(FOLDER) && file.is("md")).collect();
    anyhow::ensure!(!acts.is_empty(), "{FOLDER} holds no act");

    let mut faults = Vec::new();
    let mut known: BTreeMap<Clause, &str> = BTreeMap::new();
    for file in &acts {
        for clause in clauses(&file.text) {
            if let Some(other) = known.insert(clause.clone(), &file.path) {
                faults.push(format!("{}: `{}` stands in {other} too", file.path, clause.text()));
            }
        }
    }

    let mut citations = Vec::new();
    for file in &tree.files {
        citations_of(file, &mut citations, &mut faults);
    }
    let mut obeyed: BTreeMap<&Clause, Vec<&Citation>> = BTreeMap::new();
    for citation in &citations {
        // The longest that covers it: a point is written beside its clause, not beside its article.
        let home = known
            .keys()
            .filter(|clause| citation.clause.is_within(clause))
            .max_by_key(|clause| clause.article.len());
        match home {
            Some(clause) => obeyed.entry(clause).or_default().push(citation),
            None => faults.push(format!(
                "{}:{}: `{}` is not in {FOLDER}: write the clause there in one sentence, with how sure it is",
                citation.path,
                citation.line,
                citation.clause.text()
            )),
        }
    }

    let mut rewritten = BTreeMap::new();
    for file in &acts {
        let text = with_back_links(file, &known, &obeyed);
        if text != file.text {
            rewritten.insert(file.path.clone(), text);
        }
    }
    let without_code = known.keys().filter(|clause| !is_obeyed(clause, &obeyed)).cloned().collect();
    Ok(Report { faults, without_code, clauses: known.len(), citations: citations.len(), rewritten })
}

/// An article is obeyed where one of its clauses is.
fn is_obeyed(clause: &Clause, obeyed: &BTreeMap<&Clause, Vec<&Citation>>) -> bool {
    obeyed.keys().any(|known| known.is_within(clause))
}

/// The clauses of a file: `## ACT` and, below it, `### ARTICLE`.
fn clauses(text: &str) -> Vec<Clause> {
    let mut act = None;
    let mut clauses = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            act = heading.split_whitespace().next();
        } else if let Some(heading) = line.strip_prefix("### ") {
            let article = heading.split_whitespace().next();
            if let (Some(act), Some(article)) = (act, article) {
                clauses.push(Clause { act: act.to_owned(), article: article.to_owned() });
            }
        }
    }
    clauses
}

fn citations_of(file: &File, citations: &mut Vec<Citation>, faults: &mut Vec<String>) {
    let comments: Vec<String> = if file.is("rs") {
        scan(&file.text, false).into_iter().map(|line| line.comment).collect()
    } else if let Some(opener) = comment_opener(file) {
        let comment_of =
            |line: &str| line.split_once(opener).map_or(String::new(), |(_, rest)| rest.to_owned());
        file.text.lines().map(comment_of).collect()
    } else {
        return;
    };
    let lines: Vec<&str> = file.text.lines().collect();
    for (index, comment) in comments.iter().enumerate() {
        let text = comment.trim_start_matches(['/', '!', ' ']);
        let Some(cited) = text.strip_prefix("law: ") else { continue };
        let mut any = false;
        // `law: A/1, B/2.3 and why`: each part begins with a clause, or is prose.
        for part in cited.split([',', ';']) {
            let Some(clause) = part.split_whitespace().next().and_then(Clause::parse) else { continue };
            any = true;
            let item = lines[index..].iter().take(12).find_map(|line| item(line));
            citations.push(Citation { clause, path: file.path.clone(), line: index + 1, item });
        }
        if !any {
            faults.push(format!(
                "{}:{}: `law: {cited}` cites nothing: write `law: ACT/ARTICLE.CLAUSE`",
                file.path,
                index + 1
            ));
        }
    }
}

fn comment_opener(file: &File) -> Option<&'static str> {
    match file.path.rsplit_once('.')?.1 {
        "toml" | "typ" | "py" => Some(if file.is("typ") { "//" } else { "#" }),
        "sql" => Some("--"),
        "html" => Some("{#"),
        "mjs" | "js" | "css" => Some("//"),
        _ => None,
    }
}

/// The name of the item a line of Rust declares.
fn item(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| ["fn", "struct", "enum", "const", "static", "type", "mod"].contains(word))?;
    if words[..at].iter().any(|word| word.starts_with("//")) {
        return None;
    }
    let name: String =
        words.get(at + 1)?.chars().take_while(|mark| mark.is_alphanumeric() || *mark == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn with_back_links(
    file: &File,
    known: &BTreeMap<Clause, &str>,
    obeyed: &BTreeMap<&Clause, Vec<&Citation>>,
) -> String {
    let body = file.text.split_once(BACK_LINKS).map_or(file.text.as_str(), |(body, _)| body);
    let mut text = format!("{}\n\n{BACK_LINKS}\n\n", body.trim_end());
    text.push_str("| clause | obeyed in |\n|---|---|\n");
    for clause in known.iter().filter(|(_, path)| **path == file.path).map(|(clause, _)| clause) {
        let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for citation in obeyed.get(clause).into_iter().flatten() {
            places.entry(&citation.path).or_default().extend(citation.item.as_deref());
        }
        let places = if places.is_empty() {
            let here = if is_obeyed(clause, obeyed) { "see its clauses" } else { "no code yet" };
            here.to_owned()
        } else {
            let one = |(path, items): (&str, BTreeSet<&str>)| {
                let link = format!("[{path}](../../{path})");
                items.iter().fold(link, |text, item| text + " `" + item + "`")
            };
            places.into_iter().map(one).collect::<Vec<_>>().join(", ")
        };
        writeln!(text, "| {} | {places} |", clause.text()).expect("writing to a string cannot fail");
    }
    text
}

impl Report {
    /// What a person reads.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        for fault in &self.faults {
            text.push_str(fault);
            text.push('\n');
        }
        let mut acts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for clause in &self.without_code {
            acts.entry(&clause.act).or_default().push(&clause.article);
        }
        for (act, articles) in acts {
            writeln!(text, "no code yet: {act} {}", articles.join(", "))
                .expect("writing to a string cannot fail");
        }
        for path in self.rewritten.keys() {
            writeln!(text, "{path}: its back-links are old: run `cargo xtask law --write`")
                .expect("writing to a string cannot fail");
        }
        writeln!(
            text,
            "law: {} clauses, {} citations, {} clauses without code, {} faults",
            self.clauses,
            self.citations,
            self.without_code.len(),
            self.faults.len()
        )
        .expect("writing to a string cannot fail");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACT: &str =
        "# Thông tư\n\n## TT01-2023-VPCP\n\n### 8.1 (read)\nThe digitiser signs.\n\n### 26 (read)\nQR.\n";

    fn report(code: &str) -> Report {
        let tree = Tree::planted(&[("docs/law/tt01-2023.md", ACT), ("crates/rules/src/a.rs", code)]);
        check(&tree).expect("there is an act")
    }

    #[test]
    fn a_citation_of_a_known_clause_or_of_a_point_of_it_is_good() {
        let good =
            report("//! A.\n// law: TT01-2023-VPCP/8.1.a, TT01-2023-VPCP/26 — the QR code\nfn a() {}\n");
        assert_eq!(good.faults, [""; 0]);
        assert_eq!((good.clauses, good.citations), (2, 2));
        assert_eq!(good.without_code, []);
    }

    #[test]
    fn a_citation_of_an_unknown_clause_is_a_fault() {
        for cited in ["TT01-2023-VPCP/8.11", "TT01-2023-VPCP/8", "ND61-2018/8.1"] {
            assert_eq!(report(&format!("// law: {cited}\n")).faults.len(), 1, "{cited}");
        }
    }

    #[test]
    fn a_citation_of_nothing_is_a_fault_and_a_string_is_no_citation() {
        assert_eq!(report("// law: the decree says so\n").faults.len(), 1);
        let quiet = report("let a = \"// law: X1/9\";\n// the law: X1/9\n");
        assert_eq!((quiet.faults.len(), quiet.citations), (0, 0));
    }

    #[test]
    fn an_article_is_obeyed_where_one_of_its_clauses_is() {
        let act = "## TT1\n### 8\n### 8.1\n### 80\n";
        let tree = Tree::planted(&[
            ("docs/law/a.md", act),
            ("a.rs", "// law: TT1/8.1\nfn a() {}\n// law: TT1/8.1\nfn b() {}\n"),
        ]);
        let report = check(&tree).expect("there is an act");
        assert_eq!(report.without_code, [Clause { act: "TT1".to_owned(), article: "80".to_owned() }]);
        let written = &report.rewritten["docs/law/a.md"];
        assert!(
            written.contains("| TT1/8 | see its clauses |\n| TT1/8.1 | [a.rs](../../a.rs) `a` `b` |"),
            "{written}"
        );
    }

    #[test]
    fn clauses_without_code_are_named() {
        let summary = report("// law: TT01-2023-VPCP/26\n").summary();
        assert!(summary.contains("no code yet: TT01-2023-VPCP 8.1\n"), "{summary}");
    }

    #[test]
    fn back_links_are_written_once_and_then_rest() {
        let code = "//! A.\n/// Signs.\n// law: TT01-2023-VPCP/8.1\npub fn sign() {}\n";
        let first = report(code);
        let written = &first.rewritten["docs/law/tt01-2023.md"];
        assert!(
            written.contains(
                "| TT01-2023-VPCP/8.1 | [crates/rules/src/a.rs](../../crates/rules/src/a.rs) `sign` |"
            ),
            "{written}"
        );
        assert!(written.contains("| TT01-2023-VPCP/26 | no code yet |"), "{written}");
        let again = Tree::planted(&[("docs/law/tt01-2023.md", written), ("crates/rules/src/a.rs", code)]);
        assert_eq!(check(&again).expect("there is an act").rewritten.len(), 0);
    }

    #[test]
    fn clauses_stand_in_the_order_of_their_numbers() {
        let mut texts = ["ND61-2018/PL1", "ND61-2018/19.10", "ND61-2018/9", "ND61-2018/19.4", "ND61-2018/19"]
            .map(|text| Clause::parse(text).expect("a citation"));
        texts.sort();
        let articles = texts.map(|clause| clause.article);
        assert_eq!(articles, ["9", "19", "19.4", "19.10", "PL1"]);
    }

    #[test]
    fn a_clause_in_two_files_is_a_fault() {
        let tree = Tree::planted(&[("docs/law/a.md", ACT), ("docs/law/b.md", ACT)]);
        assert_eq!(check(&tree).expect("there are acts").faults.len(), 2);
    }

    #[test]
    fn data_cites_the_law_too() {
        let tree = Tree::planted(&[
            ("docs/law/a.md", ACT),
            ("procedures/a.toml", "days = 3 # law: TT01-2023-VPCP/26\n"),
            ("crates/web/templates/a.html", "{# law: TT01-2023-VPCP/8.1 #}\n"),
        ]);
        let report = check(&tree).expect("there is an act");
        assert_eq!((report.citations, report.faults.len()), (2, 0));
    }
}
