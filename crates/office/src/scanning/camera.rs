//! What a camera sees: the codes in one picture, searched in the limited child like everything a stranger
//! sends. A card's code is personal data: neither the picture nor its text is kept or logged.

use crate::{Error, Office};
use scan::intake::Limits;
use std::sync::Arc;

/// The most bytes of one picture: a camera's of two million pixels has a tenth of it.
pub const PICTURE_BYTES: u64 = 4 << 20;
const PICTURE_PIXELS: u64 = 16_000_000;

impl Office {
    /// The texts of the QR codes in a picture, from top to bottom; none where it is no picture.
    pub async fn codes_in(&self, picture: Vec<u8>) -> Result<Vec<String>, Error> {
        let scanner = Arc::clone(&self.scanner);
        let limits = Limits {
            file_bytes: PICTURE_BYTES,
            pages: 1,
            page_pixels: PICTURE_PIXELS,
            ..self.settings.limits
        };
        let found = tokio::task::spawn_blocking(move || {
            let opened = scanner.open(picture, &limits)?;
            opened.first().map_or(Ok(Vec::new()), |page| scanner.codes(&page.page.image, page.page.turn))
        });
        let found = super::rejected_apart(found.await.map_err(Error::broken)?)?;
        Ok(found.unwrap_or_default().into_iter().map(|code| code.text).collect())
    }
}
