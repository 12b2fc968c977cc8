//! The receipt with the appointed date: who gets it on paper without asking.

use super::Dossier;
use crate::calendar::{Limit, legal_time};
use serde::{Deserialize, Serialize};

/// Whether the receipt with the appointed date is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    Given,
    OnRequest,
}

impl Dossier {
    /// What the applicant gets on paper at acceptance: where the result is there the same day, nothing
    /// unless he asks. What is received too late for that has a day to be told, and is told on paper.
    /// None before acceptance, and for a part, whose applicant holds the receipt of the whole.
    // law: ND61-2018/17.3
    // law: ND61-2018/17.4
    pub fn receipt(&self) -> Option<Receipt> {
        let (received_at, clock) = (self.received_at?, self.clock.as_ref()?);
        self.code.as_ref()?;
        let same_day = matches!(clock.limit, Limit::SameDay)
            && self.due.is_some_and(|due| due.on == legal_time(received_at).date());
        Some(if same_day { Receipt::OnRequest } else { Receipt::Given })
    }
}
