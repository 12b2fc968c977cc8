//! The project's own scans: typeset Vietnamese papers, worn like real ones, with their truth.
//! Nothing made here is committed; `testdata/story.sha256` says what the story's set must be.

mod bench;
mod dice;
mod encode;
mod files;
mod flow;
mod hostile;
mod marks;
mod papers;
mod people;
mod plane;
mod sheet;
mod story;
#[cfg(test)]
mod tests;
mod typeface;
mod wear;
mod words;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Set {
    /// The papers of one family that the end-to-end story brings
    Story,
    /// Files that must be refused
    Hostile,
    /// Pages to measure reading on, for each level
    Bench,
    All,
}

/// Make scans of invented papers, with their ground truth
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which files to make
    #[arg(long, value_enum, default_value = "all")]
    set: Set,
    /// Folder to write to; sets stand in folders of their own when all are made
    #[arg(long)]
    out: PathBuf,
    /// The same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Pages for each level of the bench set
    #[arg(long, default_value_t = 16)]
    pages: usize,
    /// Also write the SHA-256 of the story's files to this file
    #[arg(long)]
    manifest: Option<PathBuf>,
}

pub(crate) fn run(args: Args) -> Result<()> {
    let folder = |set: Set, name: &str| match args.set {
        Set::All => Some(args.out.join(name)),
        only if only == set => Some(args.out.clone()),
        _ => None,
    };
    let begun = Instant::now();
    let mut n_files = 0;
    let (story_dir, hostile_dir) = (folder(Set::Story, "story"), folder(Set::Hostile, "hostile"));
    let story =
        if story_dir.is_some() || hostile_dir.is_some() { story::make(args.seed)? } else { Vec::new() };
    if let Some(dir) = story_dir {
        files::write(&story, &dir)?;
        if let Some(path) = &args.manifest {
            std::fs::write(path, files::manifest(&story))
                .with_context(|| format!("writing `{}`", path.display()))?;
        }
        n_files += story.len();
    }
    if let Some(dir) = hostile_dir {
        let part = |path: &str| {
            story.iter().find(|file| file.path == path).with_context(|| format!("the story has no `{path}`"))
        };
        let made = hostile::make(&part("to-khai-xac-nhan-tinh-trang-hon-nhan.jpg")?.bytes)?;
        files::write(&made, &dir)?;
        n_files += made.len();
        if hostile::lock_pdf(&part("quyet-dinh-tro-cap.pdf")?.bytes, &dir)? {
            n_files += 1;
        } else {
            println!("testdata: qpdf is not installed, so there is no PDF with a password");
        }
    }
    if let Some(dir) = folder(Set::Bench, "bench") {
        bench::make(args.seed, args.pages, |page| {
            n_files += page.len();
            files::write(&page, &dir)
        })?;
    }
    println!("testdata: {n_files} files in {} ({:.1} s)", args.out.display(), begun.elapsed().as_secs_f32());
    Ok(())
}
