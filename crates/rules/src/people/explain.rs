//! Why somebody sees a dossier, in data; [`crate::words::people`] says it.

use super::delegation::Delegation;
use super::{Actor, Matter, Post, Relation};

/// One reason why a row is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub relation: Relation,
    pub post: Post,
    /// The delegation by which the post is another's.
    pub through: Option<Delegation>,
}

/// Every reason why this actor sees the row, his own posts first. Empty is: it does not exist for him.
pub fn explain_view<'m>(actor: &Actor, matter: impl Into<Matter<'m>>) -> Vec<Reason> {
    let matter = matter.into();
    actor
        .held()
        .filter_map(|(post, lent)| {
            let relation = post.sees(&matter)?;
            let through = lent.map(|lent| lent.delegation.clone());
            Some(Reason { relation, post: post.clone(), through })
        })
        .collect()
}
