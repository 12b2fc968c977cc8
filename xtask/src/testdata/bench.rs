//! Pages to measure the reader on: so many papers a level, all kinds in turn, and each named
//! trouble once.

use anyhow::Result;

use super::dice::Dice;
use super::encode;
use super::files::{File, truth};
use super::papers::{self, Facts, Kind, Paper};
use super::story::scan_all;
use super::wear::{Level, Tone, Wear, scan};

/// `n_pages` pages for each level, then the named troubles on one more paper.
pub(crate) fn make(seed: u64, n_pages: usize, mut each: impl FnMut(Vec<File>) -> Result<()>) -> Result<()> {
    for level in Level::ALL {
        let mut done = 0;
        let mut n = 0;
        while done < n_pages {
            let kind = Kind::ALL[n % (Kind::ALL.len() - 1)];
            let label = format!("{} {n}", level.name());
            let paper = draw(kind, seed, &label);
            let mut dice = Dice::new(seed, &format!("{label} wear"));
            let wear = Wear::of(level, &mut dice);
            for (page, scan) in
                scan_all(&paper, &wear, &mut dice).into_iter().enumerate().take(n_pages - done)
            {
                let name = format!("{}/{n:03}-{}-{}", level.name(), kind.code(), page + 1);
                each(one_page(&name, &paper, scan)?)?;
                done += 1;
            }
            n += 1;
        }
    }
    let mut dice = Dice::new(seed, "named wear");
    for (n, (name, wear)) in Wear::named(&mut dice).into_iter().enumerate() {
        let kind = Kind::ALL[n % (Kind::ALL.len() - 1)];
        let paper = draw(kind, seed, name);
        let seen = scan(&paper.sheets[0], paper.sheets.get(1).or(paper.sheets.first()), &wear, &mut dice, 0);
        each(one_page(&format!("named/{name}-{}-1", kind.code()), &paper, seen)?)?;
    }
    Ok(())
}

fn draw(kind: Kind, seed: u64, label: &str) -> Paper {
    let facts = Facts::draw(&mut Dice::new(seed, &format!("{label} facts")));
    papers::make(kind, &facts, &Dice::new(seed, label))
}

fn one_page(name: &str, paper: &Paper, mut scan: super::wear::Scan) -> Result<Vec<File>> {
    for line in &mut scan.lines {
        line.page = 0;
    }
    let (ending, bytes) =
        if scan.tone == Tone::Fax { ("png", encode::png(&scan)) } else { ("jpg", encode::jpeg(&scan)?) };
    let mut files = vec![File { path: format!("{name}.{ending}"), bytes }];
    files.extend(truth(name, paper, std::slice::from_ref(&scan))?);
    Ok(files)
}
