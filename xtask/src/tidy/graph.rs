//! Who may depend on whom: the table of the architecture held against `cargo metadata`.

use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::Fault;

/// The crates of the house, each with those it may know. Crates not named here (`xtask`,
/// `stories`) may know all, and nobody may know them.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("rules", &[]),
    ("pdf", &[]),
    ("scan", &[]),
    ("store", &["rules"]),
    ("connect", &["rules"]),
    ("office", &["rules", "store", "connect", "pdf", "scan"]),
    ("web", &["rules", "store", "office"]),
    ("server", &["rules", "store", "connect", "pdf", "scan", "office", "web"]),
];

/// Crates of others that only some of ours may know, with the reason. Tests may use them freely.
const KEPT_TO: &[(&str, &[&str], &str)] = &[
    ("sqlx", &["store"], "only `store` speaks SQL"),
    ("object_store", &["store"], "only `store` keeps papers"),
    ("reqwest", &["connect"], "only `connect` opens an outgoing connection"),
    ("openssl", &["pdf", "connect"], "private keys are used in `pdf` alone; `connect` verifies tokens"),
    ("typst", &["pdf"], "forms are printed by `pdf`"),
    ("askama", &["web"], "pages are made in `web`"),
    ("axum", &["web", "connect", "server"], "HTTP ends in `web`; `connect` fakes its counterparts"),
    ("anyhow", &["server", "xtask"], "a library has error types of its own"),
    (
        "tokio",
        &["store", "connect", "office", "web", "server"],
        "`rules`, `pdf` and `scan` are plain functions",
    ),
    (
        "futures",
        &["store", "connect", "office", "web", "server"],
        "`rules`, `pdf` and `scan` are plain functions",
    ),
    ("rand", &["store", "connect", "office", "web", "server", "xtask"], "a rule draws no random number"),
];

/// The packages of the workspace with what they depend on.
#[derive(Debug, Deserialize)]
pub(crate) struct Graph {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

impl Graph {
    pub(crate) fn of_repository() -> anyhow::Result<Self> {
        let cargo = Command::new("cargo")
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .output()
            .context("cargo metadata")?;
        ensure!(cargo.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&cargo.stderr));
        serde_json::from_slice(&cargo.stdout).context("the answer of cargo metadata")
    }

    /// Dependencies between our crates that point the wrong way.
    pub(crate) fn inner_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let ours: Vec<&str> = self.packages.iter().map(|package| package.name.as_str()).collect();
        for package in &self.packages {
            let Some((_, may_know)) = MAY_KNOW.iter().find(|(name, _)| *name == package.name) else {
                continue;
            };
            for dependency in &package.dependencies {
                let name = dependency.name.as_str();
                if ours.contains(&name) && !may_know.contains(&name) {
                    faults.push(package.fault(&format!(
                        "`{}` may not know `{name}`: {}. Move the code down, or pass a value in",
                        package.name,
                        match may_know {
                            [] => "it knows none of our crates".to_owned(),
                            known => format!("it knows {}", known.join(", ")),
                        }
                    )));
                }
            }
        }
        for (name, _) in MAY_KNOW.iter().filter(|(name, _)| !ours.contains(name)) {
            faults.push(Fault {
                path: "Cargo.toml".to_owned(),
                line: 0,
                rule: "direction",
                message: format!("the crate `{name}` is gone: mend the table in xtask/src/tidy/graph.rs"),
            });
        }
        faults
    }

    /// Crates of others in hands that should not hold them.
    pub(crate) fn outer_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for package in &self.packages {
            for dependency in &package.dependencies {
                let kept = KEPT_TO.iter().find(|(name, ..)| *name == dependency.name);
                let Some((name, keepers, reason)) = kept else { continue };
                let in_tests = dependency.kind.as_deref() == Some("dev") || package.name == "stories";
                if !in_tests && !keepers.contains(&package.name.as_str()) {
                    faults.push(package.fault(&format!("`{name}` has no place here: {reason}")));
                }
            }
        }
        faults
    }
}

impl Package {
    fn fault(&self, message: &str) -> Fault {
        let folder = if self.name == "xtask" || self.name == "stories" { "" } else { "crates/" };
        Fault {
            path: format!("{folder}{}/Cargo.toml", self.name),
            line: 0,
            rule: "direction",
            message: message.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &str, Option<&str>)]) -> Graph {
        let mut names: Vec<&str> = MAY_KNOW.iter().map(|(name, _)| *name).collect();
        names.push("xtask");
        let packages = names
            .into_iter()
            .map(|name| Package {
                name: name.to_owned(),
                dependencies: edges
                    .iter()
                    .filter(|(from, ..)| *from == name)
                    .map(|(_, to, kind)| Dependency { name: (*to).to_owned(), kind: kind.map(str::to_owned) })
                    .collect(),
            })
            .collect();
        Graph { packages }
    }

    #[test]
    fn the_drawn_direction_is_allowed() {
        let good = graph(&[
            ("server", "web", None),
            ("web", "office", None),
            ("web", "store", None),
            ("office", "pdf", None),
            ("store", "rules", None),
            ("store", "sqlx", None),
            ("web", "reqwest", Some("dev")),
        ]);
        assert_eq!(good.inner_faults(), []);
        assert_eq!(good.outer_faults(), []);
    }

    #[test]
    fn a_wrong_direction_is_a_fault() {
        for (from, to) in [("rules", "store"), ("pdf", "rules"), ("store", "office"), ("web", "pdf")] {
            let faults = graph(&[(from, to, None)]).inner_faults();
            assert_eq!(faults.len(), 1, "{from} → {to}");
            assert_eq!(faults[0].path, format!("crates/{from}/Cargo.toml"));
        }
        assert_eq!(graph(&[("store", "xtask", None)]).inner_faults().len(), 1);
    }

    #[test]
    fn a_test_may_not_turn_the_direction_round() {
        assert_eq!(graph(&[("rules", "store", Some("dev"))]).inner_faults().len(), 1);
    }

    #[test]
    fn crates_of_others_are_kept_to_their_place() {
        for (from, to) in [("web", "sqlx"), ("office", "reqwest"), ("server", "openssl"), ("rules", "tokio")]
        {
            assert_eq!(graph(&[(from, to, None)]).outer_faults().len(), 1, "{from} → {to}");
        }
    }

    #[test]
    fn a_crate_that_is_gone_is_noticed() {
        let mut less = graph(&[]);
        less.packages.retain(|package| package.name != "scan");
        assert_eq!(less.inner_faults().len(), 1);
    }
}
