//! From a draft to a revision in force. A published revision never changes: a newer one takes over on
//! its first day, an older content comes back as a new revision, and what ends without a successor is
//! retired by a decision of its own.

use super::{Procedure, ProcedureFault};
use crate::code::ProcedureCode;
use crate::event::Body;
use crate::id::ProcedureId;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use uuid::Builder;

/// What the decision that publishes a revision says.
// law: TT01-2018-VPCP/8
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Number and date of the decision, and who signed it.
    pub decision: String,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
}

/// The most letters of a decision: its number, its date and who signed it.
pub const MOST_DECISION: usize = 500;

/// Why nothing is published or retired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishRefused {
    /// Nobody has drafted anything, or it is published already.
    NothingDrafted,
    /// The revision to go back to, or to retire, does not exist.
    NoSuchRevision,
    DecisionMissing,
    /// More than [`MOST_DECISION`] letters.
    DecisionTooLong,
    Unsound(Vec<ProcedureFault>),
    /// The last day is before the first, or over already.
    LastDayGone,
}

impl ProcedureId {
    /// The same for the same code on every installation: what events of a procedure are chained along.
    pub fn of(code: &ProcedureCode) -> Self {
        let digest: [u8; 32] = Sha256::digest(code.as_str()).into();
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(Builder::from_custom_bytes(half).into_uuid())
    }
}

impl Procedure {
    /// This content as the revision after `latest`. `content_of` is the revision it was taken from, when
    /// it comes back.
    pub fn publish(
        self,
        latest: Option<u32>,
        publication: Publication,
        content_of: Option<u32>,
    ) -> Result<(Self, Body), PublishRefused> {
        let revision = latest.map_or(1, |latest| latest + 1);
        let decision = decided(&publication.decision)?;
        let published =
            Self { revision, decision, ..self.on_days(publication.valid_from, publication.valid_to) };
        let (valid_from, valid_to) = (publication.valid_from, publication.valid_to);
        let faults = published.faults();
        if !faults.is_empty() {
            return Err(PublishRefused::Unsound(faults));
        }
        let body = Body::ProcedurePublished {
            procedure: published.code.to_string(),
            revision,
            decision: published.decision.clone(),
            valid_from,
            valid_to,
            content_of,
        };
        Ok((published, body))
    }

    /// This content with the days it would hold on: those of the decision to come, whatever the draft says.
    #[must_use]
    pub fn on_days(self, valid_from: Date, valid_to: Option<Date>) -> Self {
        Self { valid_from, valid_to, ..self }
    }

    /// This content with the days, the decision and the number of another. A draft has none of its own
    /// until it is published, so they are nothing it changes.
    #[must_use]
    pub fn dated_as(self, other: &Self) -> Self {
        Self {
            revision: other.revision,
            decision: other.decision.clone(),
            ..self.on_days(other.valid_from, other.valid_to)
        }
    }

    /// Ends this revision, and all before it, with `last_day`; nothing takes over.
    pub fn retire(&self, last_day: Date, decision: &str, today: Date) -> Result<Body, PublishRefused> {
        let decision = decided(decision)?;
        if last_day < self.valid_from || last_day < today {
            return Err(PublishRefused::LastDayGone);
        }
        Ok(Body::ProcedureRetired {
            procedure: self.code.to_string(),
            revision: self.revision,
            last_day,
            decision,
        })
    }
}

/// What was typed about the decision, if it can be kept.
fn decided(typed: &str) -> Result<String, PublishRefused> {
    match typed.trim() {
        "" => Err(PublishRefused::DecisionMissing),
        decision if decision.chars().count() > MOST_DECISION => Err(PublishRefused::DecisionTooLong),
        decision => Ok(decision.to_owned()),
    }
}

/// What to tell the one who asked, a sentence a reason.
pub fn refused(refused: &PublishRefused) -> Vec<String> {
    let one = |sentence: &str| vec![sentence.to_owned()];
    match refused {
        PublishRefused::NothingDrafted => {
            one("Chưa có bản nháp nào của thủ tục này. Nạp tệp thủ tục vào bản nháp rồi công bố")
        }
        PublishRefused::NoSuchRevision => {
            one("Thủ tục này không có phiên bản ấy. Xem lại mã thủ tục và số phiên bản")
        }
        PublishRefused::DecisionMissing => one("Chưa ghi quyết định. Ghi số, ngày và người ký quyết định"),
        PublishRefused::DecisionTooLong => vec![format!(
            "Phần quyết định dài quá {MOST_DECISION} chữ. Chỉ ghi số, ngày và người ký quyết định"
        )],
        PublishRefused::LastDayGone => {
            one("Ngày hết hiệu lực đã qua hoặc trước ngày có hiệu lực. Chọn từ hôm nay trở đi")
        }
        PublishRefused::Unsound(faults) => {
            faults.iter().map(|fault| format!("Quy trình chưa công bố được: {fault}")).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Publication, PublishRefused, refused};
    use crate::event::Body;
    use crate::id::ProcedureId;
    use crate::procedure::diff::diff;
    use crate::procedure::tests::kite;
    use crate::procedure::{Procedure, ProcedureFault};
    use jiff::civil::date;
    use std::collections::BTreeSet;

    fn publication(decision: &str) -> Publication {
        Publication {
            decision: decision.to_owned(),
            valid_from: date(2026, 12, 1),
            valid_to: Some(date(2027, 12, 31)),
        }
    }

    #[test]
    fn a_sound_draft_becomes_the_next_revision() {
        let draft = kite();
        let (published, body) =
            draft.clone().publish(Some(7), publication(" 12/QĐ-UBND "), None).expect("it is sound");
        let expected = Procedure {
            revision: 8,
            decision: "12/QĐ-UBND".to_owned(),
            valid_from: date(2026, 12, 1),
            valid_to: Some(date(2027, 12, 31)),
            ..draft.clone()
        };
        assert_eq!(published, expected);
        assert_eq!(
            body,
            Body::ProcedurePublished {
                procedure: "9.000001".to_owned(),
                revision: 8,
                decision: "12/QĐ-UBND".to_owned(),
                valid_from: date(2026, 12, 1),
                valid_to: Some(date(2027, 12, 31)),
                content_of: None,
            }
        );
        let (first, _) = draft.publish(None, publication("1/QĐ"), None).expect("it is sound");
        assert_eq!(first.revision, 1);
    }

    #[test]
    fn what_is_unsound_or_undecided_is_not_published() {
        let mut unsound = kite();
        unsound.process.steps[3].back_to.clear();
        unsound.cases.clear();
        let Err(PublishRefused::Unsound(faults)) = unsound.publish(None, publication("1/QĐ"), None) else {
            panic!("it has faults");
        };
        assert_eq!(faults.len(), 2, "all of them: {faults:?}");
        assert_eq!(kite().publish(None, publication(" "), None), Err(PublishRefused::DecisionMissing));
        let longest = "Đ".repeat(super::MOST_DECISION);
        assert!(kite().publish(None, publication(&longest), None).is_ok(), "letters are counted, not bytes");
        let too_long = Err(PublishRefused::DecisionTooLong);
        assert_eq!(kite().publish(None, publication(&format!("{longest}Đ")), None), too_long);
        let turned = Publication { valid_from: date(2028, 1, 1), ..publication("1/QĐ") };
        assert_eq!(
            kite().publish(None, turned, None),
            Err(PublishRefused::Unsound(vec![ProcedureFault::ValidToBeforeFrom]))
        );
    }

    #[test]
    fn days_and_decision_of_a_draft_are_no_change() {
        let in_force = kite();
        let draft = Procedure {
            revision: 9,
            valid_from: date(2030, 1, 1),
            valid_to: Some(date(2029, 1, 1)),
            decision: "của tệp".to_owned(),
            ..kite()
        };
        assert_eq!(diff(&in_force, &draft.clone().dated_as(&in_force)), Vec::<String>::new());
        let renamed = Procedure { name: "Thả diều đêm".to_owned(), ..draft };
        assert_eq!(diff(&in_force, &renamed.dated_as(&in_force)).len(), 1);
    }

    #[test]
    fn a_procedure_is_retired_from_today_on_by_a_decision() {
        let (procedure, today) = (kite(), date(2026, 11, 21));
        let body = procedure.retire(today, "9/QĐ", today).expect("today may be the last day");
        assert_eq!(
            body,
            Body::ProcedureRetired {
                procedure: "9.000001".to_owned(),
                revision: 3,
                last_day: today,
                decision: "9/QĐ".to_owned(),
            }
        );
        let gone = Err(PublishRefused::LastDayGone);
        assert_eq!(procedure.retire(date(2026, 11, 20), "9/QĐ", today), gone);
        assert_eq!(procedure.retire(date(2025, 6, 30), "9/QĐ", date(2025, 1, 1)), gone);
        assert_eq!(procedure.retire(today, "", today), Err(PublishRefused::DecisionMissing));
        let too_long = procedure.retire(today, &"9".repeat(501), today);
        assert_eq!(too_long, Err(PublishRefused::DecisionTooLong));
    }

    #[test]
    fn the_id_of_a_procedure_is_that_of_its_code() {
        let (one, other) = (kite().code, "9.000002".parse().expect("a code"));
        assert_eq!(ProcedureId::of(&one), ProcedureId::of(&kite().code));
        assert_ne!(ProcedureId::of(&one), ProcedureId::of(&other));
        assert_eq!(ProcedureId::of(&one).to_string(), "a3a973d6-d9d7-8b76-a938-a995b06398ef");
    }

    #[test]
    fn every_refusal_is_said() {
        let all = [
            PublishRefused::NothingDrafted,
            PublishRefused::NoSuchRevision,
            PublishRefused::DecisionMissing,
            PublishRefused::DecisionTooLong,
            PublishRefused::LastDayGone,
            PublishRefused::Unsound(vec![ProcedureFault::NoCase, ProcedureFault::NoStep]),
        ];
        let said: BTreeSet<String> = all.iter().flat_map(refused).collect();
        assert_eq!(said.len(), 7);
    }
}
