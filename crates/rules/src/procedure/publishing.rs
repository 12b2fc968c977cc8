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

/// Why nothing is published or retired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishRefused {
    /// Nobody has drafted anything, or it is published already.
    NothingDrafted,
    /// The revision to go back to, or to retire, does not exist.
    NoSuchRevision,
    DecisionMissing,
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
        let Publication { decision, valid_from, valid_to } = publication;
        let decision = decision.trim().to_owned();
        if decision.is_empty() {
            return Err(PublishRefused::DecisionMissing);
        }
        let revision = latest.map_or(1, |latest| latest + 1);
        let published = Self { revision, valid_from, valid_to, decision, ..self };
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

    /// Ends this revision, and all before it, with `last_day`; nothing takes over.
    pub fn retire(&self, last_day: Date, decision: &str, today: Date) -> Result<Body, PublishRefused> {
        let decision = decision.trim().to_owned();
        if decision.is_empty() {
            return Err(PublishRefused::DecisionMissing);
        }
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
        let turned = Publication { valid_from: date(2028, 1, 1), ..publication("1/QĐ") };
        assert_eq!(
            kite().publish(None, turned, None),
            Err(PublishRefused::Unsound(vec![ProcedureFault::ValidToBeforeFrom]))
        );
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
            PublishRefused::LastDayGone,
            PublishRefused::Unsound(vec![ProcedureFault::NoCase, ProcedureFault::NoStep]),
        ];
        let said: BTreeSet<String> = all.iter().flat_map(refused).collect();
        assert_eq!(said.len(), 6);
    }
}
