//! What leaves the office with a dossier, as its page shows it: papers to give back, who took the results, and
//! the receipts of fees.

use crate::Web;
use crate::error::Failure;
use crate::form::{Choice, new_key};
use office::dossier::view::DossierView;
use rules::dossier::State as Standing;
use rules::words;
use rules::words::sentence::Names;
use store::signing::receipts::ResultReceipt;

/// A result that somebody took at the counter, and the sheet he signs.
#[derive(Debug)]
pub(super) struct GivenRow {
    pub(super) said: String,
    pub(super) href: String,
    pub(super) has_sheet: bool,
    pub(super) key: String,
}

/// The papers that go back with the result, while it is still to be handed over.
pub(super) async fn lent(web: &Web, view: &DossierView) -> Result<Vec<Choice>, Failure> {
    if !matches!(view.dossier.state, Standing::Done { .. }) {
        return Ok(Vec::new());
    }
    let lent = web.office.to_give_back(view).await?;
    Ok(lent.into_iter().map(|component| Choice::new(&component, view.component(&component))).collect())
}

pub(super) async fn given(web: &Web, view: &DossierView) -> Result<Vec<GivenRow>, Failure> {
    let id = view.dossier.id;
    // Only what was handed over has receipts.
    if view.dossier.state.is_open() && view.dossier.life.corrections.is_empty() {
        return Ok(Vec::new());
    }
    let receipts = web.office.receipts_of(view).await?;
    let row = |receipt: ResultReceipt| GivenRow {
        said: format!(
            "{} nhận lúc {}{}",
            receipt.name,
            words::moment(receipt.given_at),
            if receipt.authorisation.is_empty() {
                String::new()
            } else {
                format!(", theo {}", receipt.authorisation)
            }
        ),
        href: format!("/ho-so/{id}/bien-nhan/{}", receipt.id),
        has_sheet: receipt.sheet.is_some(),
        key: new_key(),
    };
    Ok(receipts.into_iter().map(row).collect())
}

/// The printed receipts of fees, each with its name and address.
pub(super) fn fee_receipts(view: &DossierView) -> Vec<(String, String)> {
    let address = |nth: usize| format!("/ho-so/{}/bien-lai/{nth}", view.dossier.id);
    let name =
        |nth| if nth == 1 { "Biên lai thu phí".to_owned() } else { format!("Biên lai thu phí {nth}") };
    (1..=view.fees_collected().count()).map(|nth| (name(nth), address(nth))).collect()
}
