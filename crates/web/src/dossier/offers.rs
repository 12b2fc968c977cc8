//! What else may be done with a dossier: one form an offer, below the work of its step, and from the form
//! back to the act. Every field of a form carries the form's own prefix, for many stand on one page.

use super::acts::after;
use crate::deed::Deed;
use crate::error::Failure;
use crate::form::{Choice, FormState, new_key};
use axum::response::Response;
use office::dossier::act::Act;
use office::dossier::offer::{Asked, Offer};
use office::dossier::view::DossierView;
use office::{Error, Refusal};
use rules::calendar::Limit;
use rules::dossier::{Fault, OpinionVerdict};
use rules::event::SupplementItem;
use rules::id::OfficerId;
use rules::words;
use rules::words::sentence::Names;
use std::str::FromStr;

/// A form that does one act.
#[derive(Debug)]
pub(crate) struct ActForm {
    /// The last part of the address it goes to.
    pub(crate) act: &'static str,
    /// What the names of its fields begin with.
    pub(crate) prefix: String,
    /// The part or the question it is about.
    pub(crate) about: String,
    pub(crate) title: String,
    pub(crate) hint: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) button: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) idem: String,
    /// It was sent and something was wrong with it.
    pub(crate) is_open: bool,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    /// `text`, `number`, `area`, `select`, `boxes` or `tick`.
    pub(crate) kind: &'static str,
    pub(crate) choices: Vec<Choice>,
}

/// A form being put together.
struct Making(ActForm);

impl Making {
    fn of(act: &'static str, nth: usize, title: impl Into<String>, button: &'static str) -> Self {
        Self(ActForm {
            act,
            prefix: format!("{act}-{nth}-"),
            about: String::new(),
            title: title.into(),
            hint: String::new(),
            fields: Vec::new(),
            button,
            tone: "",
            idem: new_key(),
            is_open: false,
        })
    }

    fn field(mut self, kind: &'static str, name: &str, label: &'static str) -> Self {
        let name = format!("{}{name}", self.0.prefix);
        self.0.fields.push(Field { name, label, hint: "", kind, choices: Vec::new() });
        self
    }

    fn choices(mut self, hint: &'static str, choices: Vec<Choice>) -> Self {
        if let Some(field) = self.0.fields.last_mut() {
            (field.hint, field.choices) = (hint, choices);
        }
        self
    }

    fn about(mut self, about: impl ToString) -> Self {
        self.0.about = about.to_string();
        self
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = hint.into();
        self
    }

    fn danger(mut self) -> Self {
        self.0.tone = "danger";
        self
    }
}

/// The forms of what is offered, and what stands in their fields: what was typed into one of them that was
/// refused, else what is known.
pub(super) fn forms(offers: Vec<Offer>, view: &DossierView, typed: FormState) -> (Vec<ActForm>, FormState) {
    let owed = offers.iter().enumerate().find_map(|(nth, offer)| match offer {
        Offer::CollectFee(owed) => Some((format!("thu-phi-{nth}-so-tien"), words::money(*owed))),
        _ => None,
    });
    let mut forms: Vec<ActForm> = offers
        .into_iter()
        .enumerate()
        .flat_map(|(nth, offer)| of(offer, nth, view))
        .map(|making| making.0)
        .collect();
    for shown in &mut forms {
        shown.is_open = typed.value("tien-to") == shown.prefix;
    }
    let form = match owed {
        Some((name, owed)) if typed.value(&name).is_empty() => {
            typed.with(name, owed.trim_end_matches(" đồng"))
        }
        _ => typed,
    };
    (forms, form)
}

fn of(offer: Offer, nth: usize, view: &DossierView) -> Vec<Making> {
    let make = |act, title: &str, button| Making::of(act, nth, title, button);
    let why = |making: Making| making.field("area", "ly-do", "Lý do");
    vec![match offer {
        Offer::Transfer => make("chuyen-ho-so", "Chuyển hồ sơ đến cơ quan giải quyết", "Chuyển hồ sơ"),
        Offer::AskPapers { by_leader: false } => {
            let making = make("hoan-thien", "Yêu cầu hoàn thiện hồ sơ", "Gửi yêu cầu");
            papers(making, view).hint("Chỉ được yêu cầu một lần, nêu đủ mọi giấy")
        }
        Offer::AskPapers { by_leader: true } => {
            why(papers(make("hoan-thien", "Lãnh đạo cho yêu cầu hoàn thiện lần nữa", "Gửi yêu cầu"), view))
        }
        Offer::PapersBrought => make("da-hoan-thien", "Người nộp đã gửi giấy tờ bổ sung", "Ghi nhận đã gửi"),
        Offer::Assign(officers) => make("giao-viec", "Giao việc", "Giao việc")
            .field("select", "can-bo", "Giao cho")
            .choices("", people(officers)),
        Offer::Reassign(officers) => {
            let mut to = people(officers);
            to.push(Choice::new("hop-chung", "Hộp chung của cơ quan"));
            why(make("chuyen-nguoi", "Chuyển cho người khác", "Chuyển")
                .field("select", "can-bo", "Chuyển cho")
                .choices("", to))
        }
        Offer::SupplementAgain => {
            why(papers(make("bo-sung-lan-nua", "Lãnh đạo cho yêu cầu bổ sung lần nữa", "Gửi yêu cầu"), view))
        }
        Offer::AskPayment => {
            make("nghia-vu-tai-chinh", "Yêu cầu thực hiện nghĩa vụ tài chính", "Gửi yêu cầu")
                .field("text", "so", "Số thông báo của cơ quan thuế")
                .field("number", "so-tien", "Số tiền (đồng)")
        }
        Offer::PaymentReceived => make(
            "da-nop-tien",
            "Người nộp đã thực hiện nghĩa vụ tài chính",
            "Ghi nhận đã nộp",
        )
        .field("text", "chung-tu", "Số chứng từ"),
        Offer::Withdraw(asked) => {
            let making = why(make("rut", "Người nộp rút hồ sơ", "Rút hồ sơ")).danger();
            let making = making.field("tick", "da-tra-ban-chinh", "Đã trả lại bản chính cho người nộp");
            if asked.is_empty() {
                making
            } else {
                making.hint(format!("Người nộp đã đề nghị rút: {asked}"))
            }
        }
        Offer::CollectFee(owed) => {
            Making::of("thu-phi", nth, format!("Thu phí, lệ phí: còn {}", words::money(owed)), "Thu tiền")
                .field("number", "so-tien", "Số tiền (đồng)")
                .field("text", "bien-lai", "Số biên lai")
        }
        Offer::Halt => why(make("tam-dung", "Tạm dừng giải quyết", "Tạm dừng")),
        Offer::Resume => make("tiep-tuc", "Giải quyết tiếp", "Giải quyết tiếp"),
        Offer::Stop => why(make("dung-han", "Dừng giải quyết hẳn", "Dừng giải quyết")).danger(),
        Offer::Extend => why(make("hen-lai", "Xin lỗi và hẹn lại ngày trả", "Hẹn lại").field(
            "number",
            "so-ngay",
            "Thêm số ngày làm việc",
        ))
        .hint("Chỉ được một lần, chậm nhất một ngày trước ngày hẹn"),
        Offer::ConsultAll(n) => {
            let title = format!("Xin ý kiến theo quy trình ({n} cơ quan)");
            Making::of("xin-y-kien-quy-trinh", nth, title, "Gửi xin ý kiến")
        }
        Offer::Consult => make("xin-y-kien", "Xin ý kiến một cơ quan", "Gửi xin ý kiến")
            .field("select", "co-quan", "Cơ quan")
            .choices("", agencies(view))
            .field("area", "cau-hoi", "Cần hỏi gì")
            .field("number", "so-ngay", "Trả lời trong số ngày làm việc"),
        Offer::Answer(asked) => {
            let Asked { consultation, agency, question } = asked;
            let title = format!("Trả lời xin ý kiến ({})", view.agency(agency));
            let verdicts =
                VERDICTS.map(|(value, verdict)| Choice::new(value, words::opinion_verdict(verdict)));
            Making::of("tra-loi", nth, title, "Gửi trả lời")
                .about(consultation)
                .hint(question)
                .field("select", "ket-luan", "Kết luận")
                .choices("", verdicts.into())
                .field("area", "y-kien", "Ý kiến")
        }
        Offer::Lapse(asked) => {
            let title = format!("Ghi nhận {} quá hạn cho ý kiến", view.agency(asked.agency));
            Making::of("qua-han-y-kien", nth, title, "Giải quyết tiếp").about(asked.consultation)
        }
        Offer::Correct => why(make("dinh-chinh", "Đính chính kết quả đã trả", "Đính chính")
            .field("select", "loi", "Sai do")
            .choices(
                "Do cơ quan thì người dân không phải trả chi phí",
                vec![Choice::new("co-quan", "Cơ quan"), Choice::new("nguoi-nop", "Người nộp")],
            )),
        Offer::Annul => why(make("huy-ket-qua", "Hủy kết quả đã trả", "Hủy kết quả").field(
            "text",
            "quyet-dinh",
            "Số quyết định",
        ))
        .danger(),
        Offer::DecidePart(part, name) => {
            let begins = format!("Cho phần việc “{name}” bắt đầu dù phần trước không có kết quả");
            let stops = format!("Dừng phần việc “{name}”");
            return vec![
                why(Making::of("cho-bat-dau", nth, begins, "Cho bắt đầu").about(part)),
                why(Making::of("dung-phan-viec", nth, stops, "Dừng phần việc").about(part)).danger(),
            ];
        }
    }]
}

const VERDICTS: [(&str, OpinionVerdict); 3] = [
    ("dong-y", OpinionVerdict::Agrees),
    ("khong-dong-y", OpinionVerdict::Disagrees),
    ("co-y-kien", OpinionVerdict::Notes),
];

fn papers(making: Making, view: &DossierView) -> Making {
    let components = view.case().map(|case| case.components.as_slice()).unwrap_or_default();
    let choices = components.iter().map(|component| Choice::new(&component.id, &component.name)).collect();
    making.field("boxes", "giay", "Giấy cần bổ sung").choices("", choices).field(
        "area",
        "can-gi",
        "Cần bổ sung gì, vì sao",
    )
}

fn people(officers: Vec<(OfficerId, String)>) -> Vec<Choice> {
    officers.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()
}

fn agencies(view: &DossierView) -> Vec<Choice> {
    let own = [view.holding.id];
    let mut choices: Vec<Choice> = view
        .agencies
        .iter()
        .filter(|(id, _)| !own.contains(id))
        .map(|(id, name)| Choice::new(id.to_string(), name))
        .collect();
    choices.sort_by_cached_key(|choice| rules::text::fold(&choice.label));
    choices
}

/// What a form asks to be done.
enum Wanted {
    Act(Act),
    Reassign(Option<OfficerId>, String),
}

/// The values of a form, with what is wrong with them.
struct Read<'d> {
    deed: &'d Deed,
    prefix: String,
    faults: Vec<(String, String)>,
}

impl Read<'_> {
    fn text(&self, name: &str) -> String {
        self.deed.get(&format!("{}{name}", self.prefix)).to_owned()
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
        self.deed.get("ve-viec").parse().map_err(|_| Failure::not_found())
    }

    fn items(&mut self) -> Vec<SupplementItem> {
        let what = rules::text::nfc(&self.text("can-gi"));
        let boxes = format!("{}giay", self.prefix);
        let items: Vec<SupplementItem> = self
            .deed
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
        let said = Some(reason.clone()).filter(|reason| !reason.is_empty());
        let officer = "Chọn cán bộ";
        let act = match act {
            "chuyen-ho-so" => Some(Act::Transfer),
            "hoan-thien" => Some(Act::AskPapers { items: self.items(), exception: said }),
            "da-hoan-thien" => Some(Act::PapersBrought),
            "giao-viec" => self.id("can-bo", officer).map(|officer| Act::Assign { officer }),
            "chuyen-nguoi" => {
                let to = match self.text("can-bo").as_str() {
                    "hop-chung" => Some(None),
                    _ => self.id("can-bo", officer).map(Some),
                };
                return Ok(to.map(|to| Wanted::Reassign(to, reason)));
            }
            "bo-sung-lan-nua" => Some(Act::AskSupplement { items: self.items(), exception: said }),
            "nghia-vu-tai-chinh" => {
                let number = self.text("so");
                self.number("so-tien", MONEY).map(|amount| Act::AskPayment { number, amount })
            }
            "da-nop-tien" => Some(Act::PaymentReceived { receipt: self.text("chung-tu") }),
            "rut" => {
                let originals_returned = !self.text("da-tra-ban-chinh").is_empty();
                Some(Act::Withdraw { reason, originals_returned })
            }
            "thu-phi" => {
                let receipt = self.text("bien-lai");
                self.number("so-tien", MONEY).map(|amount| Act::CollectFee { amount, receipt })
            }
            "tam-dung" => Some(Act::Halt { reason }),
            "tiep-tuc" => Some(Act::Resume),
            "dung-han" => Some(Act::Stop { reason }),
            "hen-lai" => self.days("so-ngay").map(|by| Act::Extend { by, reason }),
            "xin-y-kien-quy-trinh" => Some(Act::ConsultAll),
            "xin-y-kien" => {
                let (agency, within) = (self.id("co-quan", "Chọn cơ quan"), self.days("so-ngay"));
                let question = self.text("cau-hoi");
                agency.zip(within).map(|(agency, within)| Act::Consult { agency, question, within })
            }
            "tra-loi" => {
                let chosen = self.text("ket-luan");
                let verdict =
                    VERDICTS.iter().find(|(value, _)| *value == chosen).map(|(_, verdict)| *verdict);
                if verdict.is_none() {
                    self.fault("ket-luan", "Chọn kết luận");
                }
                let (consultation, opinion) = (self.about()?, self.text("y-kien"));
                verdict.map(|verdict| Act::Answer { consultation, verdict, opinion })
            }
            "qua-han-y-kien" => Some(Act::Lapse { consultation: self.about()? }),
            "dinh-chinh" => {
                let fault = if self.text("loi") == "nguoi-nop" { Fault::Applicant } else { Fault::Agency };
                Some(Act::Correct { reason, fault })
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
    let mut read = Read { deed: &deed, prefix: deed.get("tien-to").to_owned(), faults: Vec::new() };
    let wanted = read.wanted(deed.place.text("act")?)?;
    let faults = read.faults;
    let done = match wanted {
        None => Err(Error::Refused(Refusal::Form(faults))),
        Some(Wanted::Act(act)) => deed.office().perform(&deed.by(), deed.id, act).await,
        Some(Wanted::Reassign(to, reason)) => deed.office().reassign(&deed.by(), deed.id, to, &reason).await,
    };
    after(&deed, done, "Đã ghi nhận. Diễn biến ở cuối trang cho biết việc vừa làm.").await
}
