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
    if let Some(dir) = folder(Set::Story, "story") {
        let made = story::make(args.seed)?;
        files::write(&made, &dir)?;
        if let Some(path) = &args.manifest {
            std::fs::write(path, files::manifest(&made))
                .with_context(|| format!("writing `{}`", path.display()))?;
        }
        n_files += made.len();
    }
    if let Some(dir) = folder(Set::Hostile, "hostile") {
        let made = hostile::make(args.seed)?;
        files::write(&made, &dir)?;
        n_files += made.len();
        if hostile::lock_pdf(args.seed, &dir)? {
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
