//! The events as whoever controls the office reads them: what he asks for, in which groups things that
//! happen are told, and how much of an event his posts let him read.

use super::Subject;
use crate::calendar::instant;
use crate::code::ProcedureCode;
use crate::id::{AgencyId, DossierId, OfficerId, PartyId};
use crate::people::{Role, Sensitivity};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which events are asked for; what is not said does not limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier: Option<DossierId>,
    /// Everything about this person, his papers and his dossiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PartyId>,
    /// Done by him, or for him.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<OfficerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// The first and the last legal day on which it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Filter {
    /// From this instant on, and before that one.
    pub fn span(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let start = |day: Date| instant(day.to_datetime(Time::MIN));
        (self.from.and_then(start), self.to.and_then(|last| last.tomorrow().ok()).and_then(start))
    }
}

/// What kind of act an event tells of, as people ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Papers, dossiers and events were looked at or looked for.
    Looking,
    Receiving,
    Digitising,
    Settling,
    /// Results: drafted, signed, sealed, given out.
    Results,
    /// Folders of paper.
    Custody,
    SigningIn,
    Rights,
    /// Units, procedures, calendars, keys.
    Setup,
    Alarms,
}

impl Group {
    pub const ALL: [Self; 10] = [
        Self::Looking,
        Self::Receiving,
        Self::Digitising,
        Self::Settling,
        Self::Results,
        Self::Custody,
        Self::SigningIn,
        Self::Rights,
        Self::Setup,
        Self::Alarms,
    ];

    /// Its name in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Looking => "xem",
            Self::Receiving => "tiep-nhan",
            Self::Digitising => "so-hoa",
            Self::Settling => "giai-quyet",
            Self::Results => "ket-qua",
            Self::Custody => "bia-giay",
            Self::SigningIn => "dang-nhap",
            Self::Rights => "phan-quyen",
            Self::Setup => "thiet-lap",
            Self::Alarms => "bao-dong",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }

    /// The group of a kind of event; none for a kind that no group has.
    pub fn of(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.kinds().contains(&kind))
    }

    /// The kinds of events in it.
    pub fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Looking => &[
                "paper_viewed",
                "repository_listed",
                "dossier_viewed",
                "found_in_search",
                "audit_viewed",
                "audit_exported",
                "register_printed",
                "glass_broken",
                "glass_reviewed",
            ],
            Self::Receiving => &[
                "intake_opened",
                "slip_taken",
                "came_by_post",
                "case_chosen",
                "return_way_chosen",
                "file_added",
                "file_rejected",
                "file_opened",
                "pages_arranged",
                "arrangement_undone",
                "sides_reconciled",
                "component_marked",
                "paper_reused",
                "reuse_declined",
                "dossier_received",
                "refused_at_counter",
                "submitted",
                "papers_asked",
                "papers_brought",
                "fee_collected",
            ],
            Self::Digitising => {
                &["paper_read", "paper_not_read", "paper_signed", "fields_confirmed", "paper_filed"]
            }
            Self::Settling => &[
                "dossier_taken",
                "step_finished",
                "sent_back",
                "supplement_asked",
                "supplement_received",
                "withdrawn",
                "withdrawal_asked",
                "transferred",
                "assigned",
                "reassigned",
                "consulted",
                "consult_answered",
                "consult_lapsed",
                "payment_asked",
                "payment_received",
                "halted",
                "resumed",
                "dossier_stopped",
                "wait_expired",
                "extended",
                "part_opened",
                "part_awaits",
                "part_ended",
                "part_may_begin",
                "whole_moved",
                "mirror_updated",
                "rerouted",
                "due_moved",
                "note_written",
                "note_struck",
                "editing_taken_over",
                "referred",
                "referral_ended",
            ],
            Self::Results => &[
                "result_drafted",
                "result_signed",
                "result_sealed",
                "result_filed",
                "result_handed_over",
                "correction_begun",
                "result_annulled",
                "number_cancelled",
                "signing_round_begun",
                "number_book_set",
                "signed_sheet_kept",
                "post_answered",
            ],
            Self::Custody => &[
                "folder_passed",
                "folder_confirmed",
                "folder_refused",
                "folder_taken_back",
                "folder_reclaimed",
                "folder_moved",
                "folder_missed",
                "folder_opened",
                "paper_found",
                "found_paper_tied",
                "stocktaking_ended",
            ],
            Self::SigningIn => &[
                "signed_in",
                "signed_in_with",
                "signed_out",
                "signed_out_elsewhere",
                "sign_in_refused",
                "sign_in_locked",
                "sign_in_unlocked",
                "password_reset",
                "password_changed",
                "second_factor_on",
                "second_factor_off",
                "second_factor_reset",
                "recovery_code_used",
                "passkey_added",
                "passkey_removed",
                "identity_tied",
                "identity_untied",
            ],
            Self::Rights => &[
                "delegated",
                "delegation_ended",
                "leave_begun",
                "leave_ended",
                "officer_transferred",
                "right_proposed",
                "right_confirmed",
                "post_given",
                "post_ended",
                "posts_moved",
                "officer_added",
                "api_key_made",
                "api_key_revoked",
            ],
            Self::Setup => &[
                "unit_reorganised",
                "procedure_drafted",
                "procedure_published",
                "procedure_retired",
                "calendar_decided",
                "audit_key_changed",
                "form_text_set",
                "code_format_set",
                "webhook_added",
                "webhook_removed",
                "webhook_stopped",
                "webhook_resumed",
                "key_proposed",
                "key_installed",
                "key_declined",
                "key_ended",
                "mail_confirmed",
                "mail_removed",
                "fee_account_set",
            ],
            Self::Alarms => &["alarm_raised", "alarm_cleared"],
        }
    }
}

/// A post from which events are read, with the agencies it reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookout {
    pub role: Role,
    pub agencies: BTreeSet<AgencyId>,
    /// None is every procedure.
    pub procedures: Option<Vec<ProcedureCode>>,
    pub ceiling: Sensitivity,
}

impl Lookout {
    /// Does this one open all that the other opened?
    fn covers(&self, other: &Self) -> bool {
        let procedures = match (&self.procedures, &other.procedures) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(theirs)) => theirs.iter().all(|one| mine.contains(one)),
        };
        self.role == other.role
            && self.agencies.is_superset(&other.agencies)
            && procedures
            && self.ceiling >= other.ceiling
    }
}

/// Do these posts open all that those opened? What was written out for those may then be read with these.
pub fn cover(today: &[Lookout], then: &[Lookout]) -> bool {
    then.iter().all(|other| today.iter().any(|one| one.covers(other)))
}

/// The dossier an event is about, as far as it matters for who may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About<'a> {
    pub agencies: [AgencyId; 3],
    pub procedure: &'a ProcedureCode,
    pub sensitivity: Sensitivity,
}

/// How much of an event is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    Whole,
    /// That something of its group was done in a secret dossier, and no more.
    // law: TT01-2023-VPCP/4
    Secret,
    /// That something of its group was done: who keeps the system does not read papers.
    NotPapers,
}

/// Who reads events at all.
pub fn reads_events(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::Admin)
}

/// How much of an event these posts let somebody read. That he may know of it at all, by its agency, has
/// been made sure of.
pub fn telling(
    lookouts: &[Lookout],
    agency: AgencyId,
    subject: Subject,
    about: Option<&About<'_>>,
) -> Telling {
    let is_of_papers = about.is_some() || matches!(subject, Subject::Party(_) | Subject::Entry(_));
    if !is_of_papers {
        return Telling::Whole;
    }
    let reaches = |lookout: &&Lookout| {
        let agencies = about.map(|about| about.agencies).into_iter().flatten().chain([agency]);
        lookout.role == Role::Auditor && agencies.into_iter().any(|one| lookout.agencies.contains(&one))
    };
    let covers = |lookout: &&Lookout| match (&lookout.procedures, about) {
        (None, _) => true,
        (Some(named), Some(about)) => named.contains(about.procedure),
        (Some(_), None) => false,
    };
    let sensitivity = about.map_or(Sensitivity::Personal, |about| about.sensitivity);
    if lookouts.iter().filter(reaches).filter(covers).any(|lookout| sensitivity <= lookout.ceiling) {
        Telling::Whole
    } else if sensitivity == Sensitivity::Secret {
        Telling::Secret
    } else {
        Telling::NotPapers
    }
}

#[cfg(test)]
mod tests;
