//! Finding a procedure by what people call it: without accents, by initials, by code, by common name.

use crate::{Error, Office};
use rules::procedure::Procedure;
use rules::text::{fold, initials, nfc};
use std::sync::Arc;

/// The most procedures one search gives.
const MOST: usize = 12;

impl Office {
    /// The procedures in force today that fit `text`, the best first; none for an empty text.
    pub async fn find_procedures(&self, text: &str) -> Result<Vec<Arc<Procedure>>, Error> {
        let mut reader = self.db.read().await?;
        let procedures = store::procedure::all_in_force(&mut reader, self.clock.today()).await?;
        drop(reader);
        Ok(best(procedures, text))
    }
}

fn best(procedures: Vec<Arc<Procedure>>, text: &str) -> Vec<Arc<Procedure>> {
    let typed = nfc(text.trim()).to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    let mut ranked: Vec<(u8, Arc<Procedure>)> = procedures
        .into_iter()
        .filter_map(|procedure| rank(&procedure, &typed).map(|rank| (rank, procedure)))
        .collect();
    ranked.sort_by(|(a, p), (b, q)| a.cmp(b).then_with(|| p.name.cmp(&q.name)));
    ranked.into_iter().take(MOST).map(|(_, procedure)| procedure).collect()
}

/// 0 is best: the accents as typed, then the folded name, then a common name, the initials, the code.
pub(crate) fn rank(procedure: &Procedure, typed: &str) -> Option<u8> {
    let folded = fold(typed);
    let has_all = |name: &str, words: &str| words.split_whitespace().all(|word| name.contains(word));
    let name = nfc(&procedure.name).to_lowercase();
    if typed != folded && has_all(&name, typed) {
        return Some(0);
    }
    if has_all(&fold(&name), &folded) {
        return Some(1);
    }
    if procedure.synonyms.iter().any(|synonym| has_all(&fold(synonym), &folded)) {
        return Some(2);
    }
    let letters: String = folded.split_whitespace().collect();
    // People leave out the verb: `xntthn` for “Cấp Giấy xác nhận tình trạng hôn nhân”.
    let (n_letters, name_letters) = (letters.chars().count(), initials(&procedure.name));
    if (n_letters >= 2 && name_letters.starts_with(&letters))
        || (n_letters >= 4 && name_letters.contains(&letters))
    {
        return Some(3);
    }
    procedure.code.as_str().starts_with(typed).then_some(4)
}
