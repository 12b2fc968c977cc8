//! Decisions on units as text and as rows: read, written out, and how far those have got that were begun.

use super::agencies;
use crate::people::administering::Reach;
use crate::{Error, Office, Refusal};
use rules::id::ReorganisationId;
use rules::people::Actor;
use rules::unit::{Merger, Reorganisation};
use store::unit::{self as rows, Reorganising};

/// Characters shown of a line that cannot be read.
const CHARS_SHOWN: usize = 80;

impl Office {
    /// A decision as it stands in a file.
    pub fn read_decision(&self, text: &str) -> Result<Reorganisation, Error> {
        toml::from_str(text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
            let said = text.lines().nth(line - 1).unwrap_or_default().trim();
            let said: String = said.chars().take(CHARS_SHOWN).collect();
            Error::Refused(Refusal::Unreadable(format!(
                "Tệp sai ở dòng {line}: “{said}”. Xem lại tên mục, dấu ngoặc kép và cách ghi ngày ở dòng này, \
                 hoặc mục bắt buộc còn thiếu ngay dưới nó"
            )))
        })
    }

    /// The same decision as the text of a file.
    pub fn write_decision(&self, decided: &Reorganisation) -> Result<String, Error> {
        toml::to_string(decided).map_err(Error::broken)
    }

    /// The decision that a form fills in.
    pub async fn merger_decided(&self, actor: &Actor, merger: &Merger) -> Result<Reorganisation, Error> {
        let mut reader = self.db.read().await?;
        Reach::of(&mut reader, actor).await?;
        let known = agencies(&mut reader).await?;
        merger.written(&known.units).map_err(|faults| Error::Refused(Refusal::Reorganisation(faults)))
    }

    /// The reorganisations of this installation, the latest first: whole trees change by them, and whoever
    /// administers a part of one sees them.
    pub async fn reorganisations(&self, actor: &Actor) -> Result<Vec<Reorganising>, Error> {
        let mut reader = self.db.read().await?;
        Reach::of(&mut reader, actor).await?;
        rows::reorganisations(&mut reader).await.map_err(Error::from)
    }

    /// How far one has got.
    pub async fn reorganisation(&self, actor: &Actor, id: ReorganisationId) -> Result<Reorganising, Error> {
        let mut reader = self.db.read().await?;
        Reach::of(&mut reader, actor).await?;
        rows::reorganisation(&mut reader, id).await?.ok_or(Error::NotFound)
    }
}
