//! Every kind of event is written as it was first written, and subjects are found again.

use super::{BODY_VERSION, Body, Subject};
use crate::id::{AgencyId, DossierId, EntryId, OfficerId, PartyId, ProcedureId};
use crate::sample::bodies;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The tag each variant had in version 1. A new variant does not compile until it stands here; give it
/// a body in `sample::bodies` and a line in `version-1.jsonl` too.
fn tag(body: &Body) -> &'static str {
    match body {
        Body::IntakeOpened { .. } => "intake_opened",
        Body::CaseChosen { .. } => "case_chosen",
        Body::FileAdded { .. } => "file_added",
        Body::FileRejected { .. } => "file_rejected",
        Body::FileOpened { .. } => "file_opened",
        Body::PagesArranged { .. } => "pages_arranged",
        Body::ArrangementUndone { .. } => "arrangement_undone",
        Body::SidesReconciled { .. } => "sides_reconciled",
        Body::ComponentMarked { .. } => "component_marked",
        Body::PaperReused { .. } => "paper_reused",
        Body::ReuseDeclined { .. } => "reuse_declined",
        Body::DossierReceived { .. } => "dossier_received",
        Body::RefusedAtCounter { .. } => "refused_at_counter",
        Body::PaperRead { .. } => "paper_read",
        Body::PaperNotRead { .. } => "paper_not_read",
        Body::PaperSigned { .. } => "paper_signed",
        Body::FieldsConfirmed { .. } => "fields_confirmed",
        Body::PaperFiled { .. } => "paper_filed",
        Body::DossierTaken { .. } => "dossier_taken",
        Body::StepFinished { .. } => "step_finished",
        Body::SentBack { .. } => "sent_back",
        Body::SupplementAsked { .. } => "supplement_asked",
        Body::SupplementReceived { .. } => "supplement_received",
        Body::Withdrawn { .. } => "withdrawn",
        Body::ResultDrafted { .. } => "result_drafted",
        Body::ResultSigned { .. } => "result_signed",
        Body::ResultSealed { .. } => "result_sealed",
        Body::ResultFiled { .. } => "result_filed",
        Body::ResultHandedOver { .. } => "result_handed_over",
        Body::PaperViewed { .. } => "paper_viewed",
        Body::RepositoryListed { .. } => "repository_listed",
        Body::SignedIn => "signed_in",
        Body::SignedOut => "signed_out",
        Body::SignInRefused => "sign_in_refused",
        Body::DueMoved { .. } => "due_moved",
        Body::CalendarDecided { .. } => "calendar_decided",
        Body::AuditKeyChanged { .. } => "audit_key_changed",
        Body::Rerouted { .. } => "rerouted",
        Body::UnitReorganised { .. } => "unit_reorganised",
        Body::PostsMoved { .. } => "posts_moved",
        Body::ProcedureDrafted { .. } => "procedure_drafted",
        Body::ProcedurePublished { .. } => "procedure_published",
        Body::ProcedureRetired { .. } => "procedure_retired",
        Body::Reassigned { .. } => "reassigned",
        Body::Delegated { .. } => "delegated",
        Body::DelegationEnded { .. } => "delegation_ended",
        Body::LeaveBegun { .. } => "leave_begun",
        Body::LeaveEnded { .. } => "leave_ended",
        Body::OfficerTransferred { .. } => "officer_transferred",
        Body::RightProposed { .. } => "right_proposed",
        Body::RightConfirmed { .. } => "right_confirmed",
        Body::PostGiven { .. } => "post_given",
        Body::PostEnded { .. } => "post_ended",
        Body::DossierViewed => "dossier_viewed",
        Body::FoundInSearch { .. } => "found_in_search",
        Body::OfficerAdded { .. } => "officer_added",
        Body::SignInLocked { .. } => "sign_in_locked",
        Body::SignInUnlocked => "sign_in_unlocked",
        Body::PasswordReset => "password_reset",
        Body::PasswordChanged => "password_changed",
        Body::SignedOutElsewhere { .. } => "signed_out_elsewhere",
        Body::SignedInWith { .. } => "signed_in_with",
        Body::SecondFactorOn => "second_factor_on",
        Body::SecondFactorOff => "second_factor_off",
        Body::RecoveryCodeUsed { .. } => "recovery_code_used",
        Body::PasskeyAdded { .. } => "passkey_added",
        Body::PasskeyRemoved { .. } => "passkey_removed",
        Body::SecondFactorReset { .. } => "second_factor_reset",
        Body::SigningRoundBegun { .. } => "signing_round_begun",
        Body::Submitted { .. } => "submitted",
        Body::PapersAsked { .. } => "papers_asked",
        Body::PapersBrought { .. } => "papers_brought",
        Body::Transferred { .. } => "transferred",
        Body::Assigned { .. } => "assigned",
        Body::Consulted { .. } => "consulted",
        Body::ConsultAnswered { .. } => "consult_answered",
        Body::ConsultLapsed { .. } => "consult_lapsed",
        Body::PaymentAsked { .. } => "payment_asked",
        Body::PaymentReceived { .. } => "payment_received",
        Body::FeeCollected { .. } => "fee_collected",
        Body::Halted { .. } => "halted",
        Body::Resumed { .. } => "resumed",
        Body::DossierStopped { .. } => "dossier_stopped",
        Body::WaitExpired { .. } => "wait_expired",
        Body::Extended { .. } => "extended",
        Body::WithdrawalAsked { .. } => "withdrawal_asked",
        Body::CorrectionBegun { .. } => "correction_begun",
        Body::ResultAnnulled { .. } => "result_annulled",
        Body::PartOpened { .. } => "part_opened",
        Body::PartAwaits { .. } => "part_awaits",
        Body::PartEnded { .. } => "part_ended",
        Body::MirrorUpdated { .. } => "mirror_updated",
        Body::AlarmRaised { .. } => "alarm_raised",
        Body::AlarmCleared { .. } => "alarm_cleared",
        Body::PartMayBegin { .. } => "part_may_begin",
        Body::WholeMoved { .. } => "whole_moved",
        Body::NumberCancelled { .. } => "number_cancelled",
        Body::FolderPassed { .. } => "folder_passed",
        Body::FolderConfirmed { .. } => "folder_confirmed",
        Body::FolderRefused { .. } => "folder_refused",
        Body::FolderTakenBack { .. } => "folder_taken_back",
        Body::FolderReclaimed { .. } => "folder_reclaimed",
        Body::FolderMoved { .. } => "folder_moved",
        Body::FolderMissed => "folder_missed",
        Body::FolderOpened => "folder_opened",
        Body::PaperFound { .. } => "paper_found",
        Body::FoundPaperTied { .. } => "found_paper_tied",
        Body::StocktakingEnded { .. } => "stocktaking_ended",
        Body::NumberBookSet { .. } => "number_book_set",
        Body::RegisterPrinted { .. } => "register_printed",
        Body::ApiKeyMade { .. } => "api_key_made",
        Body::ApiKeyRevoked { .. } => "api_key_revoked",
        Body::WebhookAdded { .. } => "webhook_added",
        Body::WebhookRemoved { .. } => "webhook_removed",
        Body::WebhookStopped { .. } => "webhook_stopped",
        Body::WebhookResumed { .. } => "webhook_resumed",
        Body::NoteWritten { .. } => "note_written",
        Body::NoteStruck { .. } => "note_struck",
        Body::EditingTakenOver { .. } => "editing_taken_over",
        Body::AuditViewed { .. } => "audit_viewed",
        Body::AuditExported { .. } => "audit_exported",
        Body::FormTextSet { .. } => "form_text_set",
        Body::CodeFormatSet { .. } => "code_format_set",
        Body::SlipTaken { .. } => "slip_taken",
        Body::KeyProposed { .. } => "key_proposed",
        Body::KeyInstalled { .. } => "key_installed",
        Body::KeyDeclined { .. } => "key_declined",
        Body::KeyEnded { .. } => "key_ended",
        Body::MailConfirmed => "mail_confirmed",
        Body::MailRemoved => "mail_removed",
        Body::IdentityTied { .. } => "identity_tied",
        Body::IdentityUntied { .. } => "identity_untied",
        Body::FeeAccountSet { .. } => "fee_account_set",
        Body::SignedSheetKept { .. } => "signed_sheet_kept",
        Body::CameByPost { .. } => "came_by_post",
        Body::ReturnWayChosen { .. } => "return_way_chosen",
        Body::PostAnswered { .. } => "post_answered",
        Body::Referred { .. } => "referred",
        Body::ReferralEnded { .. } => "referral_ended",
        Body::GlassBroken { .. } => "glass_broken",
        Body::GlassReviewed { .. } => "glass_reviewed",
    }
}

#[test]
fn every_kind_is_its_tag() {
    let bodies = bodies();
    let kinds: BTreeSet<String> = bodies.iter().map(Body::kind).collect();
    assert_eq!(kinds.len(), 141, "one body of every kind");
    for body in &bodies {
        assert_eq!(body.kind(), tag(body));
    }
}

/// Written by version 1, one body a line, in the order of `sample::bodies`.
const BODIES_OF_VERSION_1: &str = include_str!("version-1.jsonl");

#[test]
fn bodies_of_the_first_version_still_open() {
    let bodies = bodies();
    assert_eq!(BODIES_OF_VERSION_1.lines().count(), bodies.len());
    for (line, body) in BODIES_OF_VERSION_1.lines().zip(bodies) {
        let opened: Body = serde_json::from_str(line).expect(line);
        assert_eq!(opened, body);
        let value: serde_json::Value = serde_json::from_str(line).expect(line);
        let written = serde_json::to_value(&body).expect("a body is written");
        assert!(written == value || BODY_VERSION > 1, "{line} is written differently by the same version");
    }
}

#[test]
fn subjects_are_found_again_by_their_parts() {
    let id = Uuid::from_u128(7);
    for subject in [
        Subject::Dossier(DossierId(id)),
        Subject::Entry(EntryId(id)),
        Subject::Officer(OfficerId(id)),
        Subject::Party(PartyId(id)),
        Subject::Unit(AgencyId(id)),
        Subject::Procedure(ProcedureId(id)),
    ] {
        assert_eq!(Subject::from_parts(subject.kind(), subject.id()), Some(subject));
        let text = format!(r#"{{"{}":"{id}"}}"#, subject.kind());
        assert_eq!(serde_json::from_str::<Subject>(&text).expect(&text), subject);
    }
    for stranger in ["", "Dossier", "agency", "dossier "] {
        assert_eq!(Subject::from_parts(stranger, id), None, "{stranger}");
    }
}
