//! The data that ships with the program, read and checked as an office will load it: procedures,
//! units, calendars. What one type can say of itself is tested beside the type; here stand the
//! promises between files.

mod calendars;
mod procedures;
mod units;

use std::fs;
use std::path::{Path, PathBuf};

/// A folder at the root of the repository.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The TOML files below a folder, in the order of their names, with their text.
fn toml_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).expect("the folder is there");
    for entry in entries {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files.extend(toml_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).expect("the file can be read");
            files.push((path, text));
        }
    }
    files.sort();
    files
}

/// Reads one file, naming it when it is wrong.
fn read<T: serde::de::DeserializeOwned>((path, text): &(PathBuf, String)) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
