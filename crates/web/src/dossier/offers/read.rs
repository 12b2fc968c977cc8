//! From a form back to the act it asks for.

use super::super::acts::after;
use super::{FAULTS, GRANT, VERDICTS, returning};
use crate::deed::Deed;
use crate::error::Failure;
use crate::form::Posted;
use axum::response::Response;
use office::dossier::act::Act;
use office::{Error, Refusal};
use rules::calendar::Limit;
use rules::dossier::Wish;
use rules::event::SupplementItem;
use rules::id::OfficerId;
use std::str::FromStr;

/// What a form asks to be done.
enum Wanted {
    Act(Act),
    Reassign(Option<OfficerId>, String),
}

/// The values of a form, with what is wrong with them.
struct Read<'p> {
    posted: &'p Posted,
    prefix: &'p str,
    faults: Vec<(String, String)>,
}

impl Read<'_> {
    fn text(&self, name: &str) -> String {
        self.posted.get(&format!("{}{name}", self.prefix)).to_owned()
    }

    fn fault(&mut self, name: &str, message: &str) {
        self.faults.push((format!("{}{name}", self.prefix), message.to_owned()));
    }

    fn id<T: FromStr>(&mut self, name: &str, message: &str) -> Option<T> {
        let id = self.text(name).parse().ok();
        if id.is_none() {
            self.fault(name, message);
        }
        id
    }

    fn one_of<T: Copy>(&mut self, name: &str, known: &[(&str, T)], message: &str) -> Option<T> {
        let chosen = self.text(name);
        let found = known.iter().find(|(value, _)| *value == chosen).map(|(_, meant)| *meant);
        if found.is_none() {
            self.fault(name, message);
        }
        found
    }

    /// A whole number as people write it, `1.250.000`.
    fn number<T: FromStr>(&mut self, name: &str, message: &str) -> Option<T> {
        let digits: String = self.text(name).chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
        let number = digits.parse().ok();
        if number.is_none() {
            self.fault(name, message);
        }
        number
    }

    fn days(&mut self, name: &str) -> Option<Limit> {
        let days: Option<u32> = self.number(name, "Ghi số ngày làm việc, ví dụ 5");
        days.map(Limit::WorkingDays)
    }

    fn about<T: FromStr>(&self) -> Result<T, Failure> {
        self.posted.sent("ve-viec")
    }

    /// The reason of a leader, without which he decides nothing.
    fn said(&mut self) -> String {
        let reason = self.text("ly-do");
        if reason.is_empty() {
            self.fault("ly-do", "Ghi lý do");
        }
        reason
    }

    fn items(&mut self) -> Vec<SupplementItem> {
        let what = rules::text::nfc(&self.text("can-gi"));
        let boxes = format!("{}giay", self.prefix);
        let items: Vec<SupplementItem> = self
            .posted
            .all(&boxes)
            .map(|component| SupplementItem { component: component.to_owned(), what: what.clone() })
            .collect();
        if items.is_empty() {
            self.fault("giay", "Chưa chọn giấy nào cần bổ sung");
        }
        items
    }

    /// The act this form is for; none where something is wrong with its fields.
    fn wanted(&mut self, act: &str) -> Result<Option<Wanted>, Failure> {
        let reason = self.text("ly-do");
        let officer = "Chọn cán bộ";
        let act = match act {
            "chuyen-ho-so" => Some(Act::Transfer),
            "hoan-thien" => Some(Act::AskPapers { items: self.items(), exception: None }),
            "hoan-thien-lan-nua" => {
                Some(Act::AskPapers { items: self.items(), exception: Some(self.said()) })
            }
            "da-hoan-thien" => Some(Act::PapersBrought),
            "giao-viec" => self.id("can-bo", officer).map(|officer| Act::Assign { officer }),
            "chuyen-nguoi" => {
                let to = match self.text("can-bo").as_str() {
                    "hop-chung" => Some(None),
                    _ => self.id("can-bo", officer).map(Some),
                };
                return Ok(to.map(|to| Wanted::Reassign(to, reason)));
            }
            "nghia-vu-tai-chinh" => {
                let number = self.text("so");
                self.number("so-tien", MONEY).map(|amount| Act::AskPayment { number, amount })
            }
            "da-nop-tien" => Some(Act::PaymentReceived { receipt: self.text("chung-tu") }),
            "cach-nhan" => {
                let chosen = returning::read(&self.text("cach"), &self.text("dia-chi"));
                if chosen.is_none() {
                    self.fault("cach", "Chọn cách nhận kết quả");
                }
                chosen.map(|return_way| Act::ChooseReturnWay { return_way })
            }
            "rut" => {
                let originals_returned = !self.text("da-tra-ban-chinh").is_empty();
                Some(Act::Withdraw { reason, originals_returned })
            }
            "tam-dung" => Some(Act::Halt { reason }),
            "tiep-tuc" => Some(Act::Resume),
            "dung-han" => Some(Act::Stop { reason }),
            "hen-lai" => self.days("so-ngay").map(|by| Act::Extend { by, reason }),
            "trinh-hen-lai" => {
                self.days("so-ngay").map(|by| Act::Refer { wish: Wish::PutOff { by }, reason })
            }
            GRANT => Some(Act::GrantReferral { referred_at: self.about()? }),
            "khong-duyet" => Some(Act::DeclineReferral { referred_at: self.about()?, reason }),
            "rut-de-nghi" => Some(Act::TakeBackReferral { referred_at: self.about()? }),
            "xin-y-kien-quy-trinh" => Some(Act::ConsultAll),
            "xin-y-kien" => {
                let (agency, within) = (self.id("co-quan", "Chọn cơ quan"), self.days("so-ngay"));
                let question = self.text("cau-hoi");
                agency.zip(within).map(|(agency, within)| Act::Consult { agency, question, within })
            }
            "tra-loi" => {
                let verdict = self.one_of("ket-luan", &VERDICTS, "Chọn kết luận");
                let (consultation, opinion) = (self.about()?, self.text("y-kien"));
                verdict.map(|verdict| Act::Answer { consultation, verdict, opinion })
            }
            "qua-han-y-kien" => Some(Act::Lapse { consultation: self.about()? }),
            "dinh-chinh" => {
                let fault = self.one_of("loi", &FAULTS, "Chọn do ai");
                fault.map(|fault| Act::Correct { reason, fault })
            }
            "huy-ket-qua" => Some(Act::Annul { decision: self.text("quyet-dinh"), reason }),
            "cho-bat-dau" => Some(Act::LetPartBegin { part: self.about()?, reason }),
            "dung-phan-viec" => Some(Act::StopPart { part: self.about()?, reason }),
            _ => return Err(Failure::not_found()),
        };
        Ok(act.filter(|_| self.faults.is_empty()).map(Wanted::Act))
    }
}

const MONEY: &str = "Ghi số tiền bằng chữ số, ví dụ 150.000";

/// Does what one of the forms asks for.
pub(crate) async fn perform(deed: Deed) -> Result<Response, Failure> {
    let mut read = Read { posted: &deed.posted, prefix: deed.get("tien-to"), faults: Vec::new() };
    let wanted = read.wanted(deed.place.text("act")?)?;
    let faults = read.faults;
    let done = match wanted {
        None => Err(Error::Refused(Refusal::Form(faults))),
        Some(Wanted::Act(act)) => deed.office().perform(&deed.by(), deed.id, act).await,
        Some(Wanted::Reassign(to, reason)) => deed.office().reassign(&deed.by(), deed.id, to, &reason).await,
    };
    after(&deed, done, "Đã ghi nhận, xem mục Diễn biến.").await
}

#[cfg(test)]
mod tests;
