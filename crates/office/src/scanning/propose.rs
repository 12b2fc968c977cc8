//! What is proposed for the fields of a paper: what was read first, then what the system knows already.

use rules::procedure::Component;
use rules::scanning::{FieldKey, Proposal};
use scan::extract::Extracted;
use scan::recognise::PageText;
use store::people::Party;

/// What is proposed for each field: what was read first, then what the system knows already.
pub(super) fn proposals(
    extracted: Extracted,
    component: &Component,
    owner: &Party,
    texts: &[PageText],
) -> Vec<Proposal> {
    let mut proposed: Vec<Proposal> = Vec::new();
    for field in extracted.fields {
        let Some(key) = field_key(field.key) else { continue };
        if key == FieldKey::PaperType || proposed.iter().any(|known| known.key == key) {
            continue;
        }
        proposed.push(Proposal {
            key,
            value: field.value,
            confidence: field.confidence,
            place: Some((field.page, field.rect.map(|side| side as f32))),
            doubts: field.doubts.iter().map(scan::extract::Doubt::in_vietnamese).collect(),
        });
    }
    let owner_number = owner.numbers.first().map(|number| number.number.clone()).unwrap_or_default();
    let mut suggest = |key, value: &str| {
        if !value.is_empty() && !proposed.iter().any(|known| known.key == key) {
            let value = value.to_owned();
            proposed.push(Proposal { key, value, confidence: 1.0, place: None, doubts: Vec::new() });
        }
    };
    // The component says which paper was asked for; whether this is it, the officer sees.
    suggest(FieldKey::PaperType, &component.paper_type);
    suggest(FieldKey::OwnerNumber, &owner_number);
    suggest(FieldKey::OwnerName, &owner.name);
    suggest(FieldKey::Abstract, &component.name);
    suggest(FieldKey::Scope, "Toàn quốc");
    for proposal in &mut proposed {
        prefer_owner(proposal, &owner_number, texts);
        let known = match proposal.key {
            FieldKey::OwnerNumber => &owner_number,
            FieldKey::OwnerName => &owner.name,
            _ => continue,
        };
        if !known.is_empty() && !rules::text::same_words(&proposal.value, known) {
            proposal.doubts.push(format!("Hồ sơ ghi “{known}”"));
        }
    }
    proposed.sort_by_key(|proposal| proposal.key);
    proposed
}

/// Where a paper names several people, the number that is the owner's is the one meant.
fn prefer_owner(proposal: &mut Proposal, owner_number: &str, texts: &[PageText]) {
    if proposal.key != FieldKey::OwnerNumber || proposal.value == owner_number {
        return;
    }
    let on_paper = texts.iter().zip(0_u32..).find_map(|(text, page)| {
        let word = text.words.iter().find(|word| {
            let figures: String = word.text.chars().filter(char::is_ascii_digit).collect();
            !owner_number.is_empty() && figures == owner_number
        })?;
        Some((page, word))
    });
    if let Some((page, word)) = on_paper {
        owner_number.clone_into(&mut proposal.value);
        proposal.confidence = word.confidence;
        proposal.place = Some((page, word.rect.map(|side| side as f32)));
        proposal.doubts.clear();
    }
}

fn field_key(key: scan::extract::FieldKey) -> Option<FieldKey> {
    use scan::extract::FieldKey as Read;
    match key {
        Read::PaperType => Some(FieldKey::PaperType),
        Read::OwnerPersonalId => Some(FieldKey::OwnerNumber),
        Read::OwnerName => Some(FieldKey::OwnerName),
        Read::Number => Some(FieldKey::Number),
        Read::IssuedOn => Some(FieldKey::IssuedOn),
        Read::Issuer => Some(FieldKey::Issuer),
        Read::Abstract => Some(FieldKey::Abstract),
        Read::ValidTo => Some(FieldKey::ValidTo),
        Read::Scope => Some(FieldKey::Scope),
        Read::ValidFrom | Read::Signatory => None,
    }
}
