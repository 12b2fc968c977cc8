//! The files of a set, held in memory until they are written or hashed, and the truth that goes
//! with each scan.

use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::papers::Paper;
use super::wear::Scan;

/// A file of a set; `path` is relative to the output folder.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// The three files of truth for a scan called `name`.
pub(crate) fn truth(name: &str, paper: &Paper, scans: &[Scan]) -> Result<Vec<File>> {
    let pages: Vec<String> = scans
        .iter()
        .map(|scan| scan.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect::<String>())
        .collect();
    let lines: Vec<_> = scans.iter().flat_map(|scan| &scan.lines).collect();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        rows.push(serde_json::to_string(line)?);
    }
    let fields = serde_json::to_string_pretty(&paper.fields)?;
    Ok(vec![
        File { path: format!("{name}.gt.txt"), bytes: pages.join("\u{c}\n").into_bytes() },
        File {
            path: format!("{name}.lines.json"),
            bytes: format!("[\n{}\n]\n", rows.join(",\n")).into_bytes(),
        },
        File { path: format!("{name}.fields.json"), bytes: format!("{fields}\n").into_bytes() },
    ])
}

pub(crate) fn write(files: &[File], dir: &Path) -> Result<()> {
    for file in files {
        let path = dir.join(&file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .with_context(|| format!("making the folder `{}`", parent.display()))?;
        }
        std::fs::write(&path, &file.bytes).with_context(|| format!("writing `{}`", path.display()))?;
    }
    Ok(())
}

/// As `sha256sum` prints it, sorted by path.
pub(crate) fn manifest(files: &[File]) -> String {
    let mut rows: Vec<String> = files
        .iter()
        .map(|file| format!("{}  {}\n", hex::encode(Sha256::digest(&file.bytes)), file.path))
        .collect();
    rows.sort_by(|a, b| a[64..].cmp(&b[64..]));
    rows.concat()
}
