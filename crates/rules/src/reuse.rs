//! Reuse: which stored paper satisfies which component, offered before anything is asked for.

use crate::id::{EntryId, PartyId};
use crate::procedure::{Component, Required, Treatment};
use crate::repository::{Entry, Standing};
use jiff::civil::Date;

/// Why a stored paper cannot be used for a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReusable {
    OtherOwner,
    OtherPaper,
    NotStanding(Standing),
    /// The component is only shown or stays on paper by law.
    NothingToReuse,
    /// The component is made for each request anew.
    MadeAnew,
}

/// Does this entry satisfy this component of a dossier of `holder` on `day`?
// law: ND107-2021/1
pub fn satisfies(
    entry: &Entry,
    component: &Component,
    holder: PartyId,
    day: Date,
) -> Result<(), NotReusable> {
    if entry.owner != holder {
        return Err(NotReusable::OtherOwner);
    }
    if !matches!(component.treatment(), Treatment::Digitise(_)) {
        return Err(NotReusable::NothingToReuse);
    }
    if component.anew {
        return Err(NotReusable::MadeAnew);
    }
    if !component.satisfied_by().any(|code| code == entry.paper_type) {
        return Err(NotReusable::OtherPaper);
    }
    match entry.standing(day) {
        Standing::Valid => Ok(()),
        standing => Err(NotReusable::NotStanding(standing)),
    }
}

/// The papers that may be offered for a component, the newest issue first.
pub fn offers<'e>(entries: &'e [Entry], component: &Component, holder: PartyId, day: Date) -> Vec<&'e Entry> {
    let mut fitting: Vec<&Entry> =
        entries.iter().filter(|entry| satisfies(entry, component, holder, day).is_ok()).collect();
    fitting.sort_by_key(|entry| std::cmp::Reverse((entry.fields.issued_on, entry.filed_at)));
    fitting
}

/// The stored paper for each of `components` that is required, where one and no other fits: between two
/// land certificates an officer chooses.
pub fn ticked<'e, 'c>(
    entries: &'e [Entry],
    components: impl Iterator<Item = &'c Component>,
    holder: PartyId,
    day: Date,
) -> Vec<(&'c Component, &'e Entry)> {
    let required = components.filter(|component| component.required == Required::Always);
    required
        .filter_map(|wanted| match offers(entries, wanted, holder, day)[..] {
            [entry] => Some((wanted, entry)),
            _ => None,
        })
        .collect()
}

/// Asking for a paper the state already holds needs a reason, and is counted.
// law: ND61-2018/5.1
pub fn decline(offered: &[&Entry], entry: EntryId, reason: &str) -> Result<(), DeclineRefused> {
    if !offered.iter().any(|offer| offer.id == entry) {
        return Err(DeclineRefused::NotOffered);
    }
    if reason.trim().is_empty() {
        return Err(DeclineRefused::ReasonMissing);
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclineRefused {
    NotOffered,
    ReasonMissing,
}

#[cfg(test)]
mod tests;
