//! What a paper says, and what was made of it.

use scan::extract::{Extracted, FieldKey};
use scan::measure::normalised;
use serde::Deserialize;

/// The truth beside a scan; a field the paper does not say is not there.
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    owner_personal_id: Option<String>,
    owner_name: Option<String>,
    number: Option<String>,
    issued_on: Option<String>,
    issuer: Option<String>,
    r#abstract: Option<String>,
    valid_from: Option<String>,
    valid_to: Option<String>,
    signatory: Option<String>,
    #[serde(default = "one")]
    pub(super) n_pages: usize,
}

fn one() -> usize {
    1
}

/// What became of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Right,
    /// The paper says it; nothing was proposed.
    Missed,
    /// Another value was proposed, with a warning or without.
    Wrong {
        value: String,
        truth: Option<String>,
        is_flagged: bool,
    },
}

impl Facts {
    /// Every field the paper says or something was proposed for.
    pub(super) fn judge(&self, extracted: &Extracted) -> Vec<(FieldKey, Fate)> {
        let facts = [
            (FieldKey::OwnerPersonalId, &self.owner_personal_id),
            (FieldKey::OwnerName, &self.owner_name),
            (FieldKey::Number, &self.number),
            (FieldKey::IssuedOn, &self.issued_on),
            (FieldKey::Issuer, &self.issuer),
            (FieldKey::Abstract, &self.r#abstract),
            (FieldKey::ValidFrom, &self.valid_from),
            (FieldKey::ValidTo, &self.valid_to),
            (FieldKey::Signatory, &self.signatory),
        ];
        let judged = facts.into_iter().filter_map(|(key, truth)| {
            let fate = match (truth, extracted.find(key)) {
                (None, None) => return None,
                (Some(_), None) => Fate::Missed,
                (Some(truth), Some(field)) if same(truth, &field.value) => Fate::Right,
                (truth, Some(field)) => Fate::Wrong {
                    value: field.value.clone(),
                    truth: truth.clone(),
                    is_flagged: !field.doubts.is_empty(),
                },
            };
            Some((key, fate))
        });
        judged.collect()
    }
}

/// Names and titles stand in capitals on one paper and not on another.
fn same(truth: &str, read: &str) -> bool {
    let plain = |text: &str| normalised(text).into_iter().flat_map(char::to_lowercase).collect::<String>();
    plain(truth) == plain(read)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn capitals_and_forms_of_dashes_do_not_make_a_value_wrong() {
        assert!(same("Ủy ban nhân dân xã Ngọc Lẫm", "ỦY BAN NHÂN DÂN  XÃ NGỌC LẪM"));
        assert!(same("106/UBND–XNTTHN", "106/UBND-XNTTHN"));
        assert!(!same("Hồ Gia Huy", "Hố Gia Huy"));
    }
}
