//! Separator sheets: printed codes between the papers of a stack, so that one scan fills many components.

use super::{Arrangement, Edit};
use crate::code::ProcedureCode;
use crate::id::PageId;
use sha2::{Digest, Sha256};

/// Begins what the code of every separator sheet says.
pub const PREFIX: &str = "TACH|";

/// Says that what lies behind it in the stack is this paper of that procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separator {
    pub procedure: ProcedureCode,
    pub component: String,
}

impl Separator {
    /// What its code says: prefix, procedure, component, check.
    pub fn text(&self) -> String {
        let said = format!("{PREFIX}{}|{}", self.procedure, self.component);
        format!("{said}|{}", check(&said))
    }

    /// The separator whose code says so. None where a code only looks like one: any paper may carry a code.
    pub fn read(text: &str) -> Option<Self> {
        let (said, checked) = text.rsplit_once('|')?;
        let (procedure, component) = said.strip_prefix(PREFIX)?.split_once('|')?;
        if checked != check(said) {
            return None;
        }
        Some(Self { procedure: procedure.parse().ok()?, component: component.to_owned() })
    }
}

fn check(said: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(said).into();
    format!("{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3])
}

/// The part of a stack that is one component's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pile {
    pub component: String,
    /// All of its pages as they came, the separator sheets among them.
    pub pages: Vec<PageId>,
    pub separators: Vec<PageId>,
}

impl Pile {
    /// What was sent for one component, and is all its.
    pub fn whole(component: &str, pages: impl IntoIterator<Item = PageId>) -> Self {
        Self { component: component.to_owned(), pages: pages.into_iter().collect(), separators: Vec::new() }
    }

    /// The number of pages that are no separator sheets.
    pub fn n_papers(&self) -> usize {
        self.pages.len() - self.separators.len()
    }

    /// Puts its pages behind those that are there. Its separator sheets are taken out by an edit like any
    /// other: they can be seen, and come back with an undo.
    #[must_use]
    pub fn put_into(&self, arrangement: Arrangement) -> Arrangement {
        let mut arrangement = arrangement.with_arrived(self.pages.iter().copied());
        arrangement.edits.extend(self.separators.iter().map(|&page| Edit::Remove { page }));
        arrangement.sides = None;
        arrangement
    }
}

/// The piles of a stack that was sent for the component `first`, in the order they lie in it.
///
/// A separator counts where `takes` says that its component can take pages now; one of another procedure, or
/// for a paper that is there already, stays an ordinary page, so that the officer sees it.
pub fn split(
    first: &str,
    stack: impl IntoIterator<Item = (PageId, Option<Separator>)>,
    takes: impl Fn(&Separator) -> bool,
) -> Vec<Pile> {
    let mut piles: Vec<Pile> = Vec::new();
    let mut component = first.to_owned();
    for (page, separator) in stack {
        let separator = separator.filter(&takes);
        let is_separator = separator.is_some();
        if let Some(separator) = separator {
            component = separator.component;
        }
        let known = piles.iter().position(|pile| pile.component == component);
        let at = known.unwrap_or(piles.len());
        if known.is_none() {
            let component = component.clone();
            piles.push(Pile { component, pages: Vec::new(), separators: Vec::new() });
        }
        piles[at].pages.push(page);
        if is_separator {
            piles[at].separators.push(page);
        }
    }
    piles
}
