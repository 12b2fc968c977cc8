//! What is in a folder: the papers the office keeps, how many of each, and what went back.

use super::{Bearer, Folder, Holder, Keeping};
use crate::counter::{DossierComponent, Supply};
use crate::people::Sensitivity;
use crate::procedure::{AdmissibleForm, Case, Channel, Component, Custody};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The paper of one component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderPaper {
    pub component: String,
    #[serde(default)]
    pub originals: u8,
    #[serde(default)]
    pub copies: u8,
    #[serde(default)]
    pub sensitivity: Sensitivity,
    /// When it went back to the applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_at: Option<Timestamp>,
}

/// The papers of an intake that stay with the office for a while or for good. What was sent as files is no
/// paper, and what is given back at once never enters a folder.
// law: TT01-2023-VPCP/4
pub fn papers(case: &Case, brought: &[DossierComponent], channel: Channel) -> Vec<FolderPaper> {
    let is_paper = |supply: &Supply| match supply {
        Supply::OnPaper => true,
        Supply::Pages { .. } => channel != Channel::Online,
        Supply::Missing
        | Supply::SignedFile { .. }
        | Supply::Reused { .. }
        | Supply::Shown
        | Supply::NotApplicable => false,
    };
    case.components
        .iter()
        .filter(|component| component.custody != Custody::Returned)
        .filter(|component| brought.iter().any(|part| part.id == component.id && is_paper(&part.supply)))
        .map(paper_of)
        .collect()
}

/// How many of a component there are: what the procedure asks for, and where it says no number, one of the
/// form that is admissible.
fn paper_of(component: &Component) -> FolderPaper {
    let (originals, copies) = match (component.originals, component.copies, component.form) {
        (0, 0, AdmissibleForm::Original | AdmissibleForm::Shown) => (1, 0),
        (
            0,
            0,
            AdmissibleForm::CertifiedCopy | AdmissibleForm::ElectronicCopy | AdmissibleForm::Photocopy,
        ) => (0, 1),
        (originals, copies, _) => (originals, copies),
    };
    FolderPaper {
        component: component.id.clone(),
        originals,
        copies,
        sensitivity: component.sensitivity(),
        returned_at: None,
    }
}

impl Folder {
    /// The papers that are in it.
    pub fn papers_in(&self) -> impl Iterator<Item = &FolderPaper> {
        self.papers.iter().filter(|paper| paper.returned_at.is_none())
    }

    /// More was brought: the folder holds what the dossier has now, and remembers what went back. One that
    /// had gone home with the applicant begins anew with who took the papers in.
    #[must_use]
    pub fn filled(self, papers: Vec<FolderPaper>, by: Bearer, now: Timestamp) -> Self {
        let gone = self.papers.iter().filter(|old| old.returned_at.is_some());
        let gone = gone.filter(|old| papers.iter().all(|new| new.component != old.component)).cloned();
        let papers: Vec<FolderPaper> = gone.collect::<Vec<_>>().into_iter().chain(papers).collect();
        let folder = Self { papers, ..self };
        if folder.keeping == Keeping::With(Holder::Applicant) {
            return folder.moved(Keeping::With(Holder::Bearer(by)), now);
        }
        folder
    }

    /// The originals of these components went back to the applicant. A folder in which nothing is left is
    /// with him, too; one that is on its way is still confirmed first.
    #[must_use]
    pub fn gave_back(mut self, returned: &[String], now: Timestamp) -> Self {
        for paper in &mut self.papers {
            if paper.returned_at.is_none() && returned.contains(&paper.component) {
                paper.returned_at = Some(now);
            }
        }
        let is_empty = self.papers_in().next().is_none();
        if is_empty && matches!(self.keeping, Keeping::With(_)) && !self.keeping.is_gone() {
            return self.moved(Keeping::With(Holder::Applicant), now);
        }
        self
    }
}
