//! Screens that are opened by a link with a secret of its own, and by no officer: how the links of an agency
//! are listed, and how a new one is written.

use crate::Web;
use crate::form::new_key;
use jiff::Timestamp;
use rules::words;
use std::fmt::Display;

/// A link that was made, without its secret.
#[derive(Debug)]
pub(crate) struct ScreenLink {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) made: String,
    pub(crate) withdrawn: String,
    pub(crate) key: String,
}

impl ScreenLink {
    pub(crate) fn new(
        id: impl Display,
        name: String,
        made_at: Timestamp,
        withdrawn_at: Option<Timestamp>,
    ) -> Self {
        Self {
            id: id.to_string(),
            name,
            made: words::moment(made_at),
            withdrawn: withdrawn_at.map(words::moment).unwrap_or_default(),
            key: new_key(),
        }
    }
}

/// The address of a screen of the agency with this key, to be opened on the screen itself.
pub(crate) fn address(web: &Web, path: &str, agency: impl Display, secret: &str) -> String {
    let lookup = web.office.settings.lookup_url.trim_end_matches('/');
    format!("{lookup}/{path}/{agency}?ma={secret}")
}
