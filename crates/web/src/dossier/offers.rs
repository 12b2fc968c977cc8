//! What else may be done with a dossier: one form an offer, below the work of its step; from the form back
//! to the act it goes in [`read`]. Every field of a form carries the form's own prefix, for many stand on
//! one page.

pub(crate) mod read;

use super::returning;
use crate::form::{Choice, FormState, new_key};
use office::dossier::offer::{Asked, Offer};
use office::dossier::view::DossierView;
use rules::dossier::{Fault, OpinionVerdict, Referral, ReturnWay, State};
use rules::id::{AgencyId, OfficerId};
use rules::words;

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
    /// It waits for an answer, or it was sent and something was wrong with it.
    pub(crate) is_open: bool,
    /// The page of its own, below that of the dossier, where the form stands; empty where it stands here.
    pub(crate) page: &'static str,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    /// `text`, `optional`, `number`, `area`, `select`, `boxes` or `tick`.
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
            page: "",
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

    /// It has a page of its own.
    fn on(mut self, page: &'static str) -> Self {
        self.0.page = page;
        self
    }

    fn danger(mut self) -> Self {
        self.0.tone = "danger";
        self
    }
}

/// The forms of what is offered; open are the one that was refused, and what waits for an answer.
pub(super) fn forms(offers: Vec<Offer>, view: &DossierView, typed: &FormState) -> Vec<ActForm> {
    let there = There::of(view);
    let mut forms: Vec<ActForm> =
        offers.into_iter().enumerate().flat_map(|(nth, offer)| of(offer, nth, &there)).collect();
    for shown in &mut forms {
        shown.is_open |= typed.value("tien-to") == shown.prefix;
    }
    forms
}

/// What the forms of a dossier choose from.
struct There {
    papers: Vec<Choice>,
    /// By name.
    agencies: Vec<(AgencyId, String)>,
    holding: AgencyId,
    /// Put together at the counter yet.
    is_at_desk: bool,
    return_way: ReturnWay,
}

impl There {
    fn of(view: &DossierView) -> Self {
        let components = view.case().map(|case| case.components.as_slice()).unwrap_or_default();
        let mut agencies: Vec<(AgencyId, String)> =
            view.agencies.iter().map(|(id, name)| (*id, name.clone())).collect();
        agencies.sort_by_cached_key(|(_, name)| rules::text::fold(name));
        Self {
            papers: components.iter().map(|component| Choice::new(&component.id, &component.name)).collect(),
            agencies,
            holding: view.holding.id,
            is_at_desk: matches!(view.dossier.state, State::Preparing),
            return_way: view.return_way(),
        }
    }

    /// What is referred, and why.
    fn wish(&self, referral: &Referral) -> String {
        let name = |component: &str| {
            let known = self.papers.iter().find(|paper| paper.value == component);
            known.map_or(component, |paper| paper.label.as_str()).to_owned()
        };
        words::referral(referral, name)
    }

    fn agency(&self, id: AgencyId) -> &str {
        self.agencies.iter().find(|(known, _)| *known == id).map_or("cơ quan khác", |(_, name)| name)
    }

    /// The agencies that may be asked.
    fn others(&self) -> Vec<Choice> {
        let others = self.agencies.iter().filter(|(id, _)| *id != self.holding);
        others.map(|(id, name)| Choice::new(id.to_string(), name)).collect()
    }
}

fn of(offer: Offer, nth: usize, there: &There) -> Vec<ActForm> {
    let make = |act, title: &str, button| Making::of(act, nth, title, button);
    let why = |making: Making| making.field("area", "ly-do", "Lý do");
    let making = match offer {
        Offer::Transfer => make("chuyen-ho-so", "Chuyển hồ sơ đến cơ quan giải quyết", "Chuyển hồ sơ"),
        Offer::AskPapers { by_leader: false } => {
            let making = make("hoan-thien", "Yêu cầu hoàn thiện hồ sơ", "Gửi yêu cầu");
            papers(making, there).hint(ONCE)
        }
        Offer::AskPapers { by_leader: true } => {
            let title = "Lãnh đạo cho yêu cầu hoàn thiện lần nữa";
            why(papers(make("hoan-thien-lan-nua", title, "Gửi yêu cầu"), there))
        }
        Offer::AskSupplement { by_leader: false } => make("bo-sung", "Yêu cầu bổ sung", "").on("bo-sung"),
        Offer::AskSupplement { by_leader: true } => {
            make("bo-sung", "Lãnh đạo cho yêu cầu bổ sung lần nữa", "").on("bo-sung")
        }
        Offer::ReferSupplement => {
            make("bo-sung", "Trình lãnh đạo cho yêu cầu bổ sung lần nữa", "").on("bo-sung")
        }
        Offer::ReferExtension => why(make(
            "trinh-hen-lai",
            "Trình lãnh đạo cho hẹn lại ngày trả",
            "Trình lãnh đạo",
        )
        .field("number", "so-ngay", "Thêm số ngày làm việc"))
        .hint("Lý do sẽ ghi trong văn bản xin lỗi khi lãnh đạo duyệt"),
        Offer::AnswerReferral(referral, is_granted) => return answers(&referral, is_granted, nth, there),
        Offer::TakeBackReferral(referral) => {
            let title = format!("Đang chờ lãnh đạo duyệt: {}", there.wish(&referral));
            Making::of("rut-de-nghi", nth, title, "Rút đề nghị").about(referral.at)
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
        Offer::ReturnWay => make("cach-nhan", "Đổi cách nhận kết quả", "Ghi cách nhận")
            .hint(format!("Đang ghi: nhận {}", words::way_out::wanted(&there.return_way)))
            .field("select", "cach", returning::QUESTION)
            .choices("", returning::choices())
            .field("optional", "dia-chi", returning::ADDRESS)
            .choices(returning::BY_POST_ONLY, Vec::new()),
        Offer::Withdraw(asked) => {
            let (title, button) = if there.is_at_desk {
                ("Bỏ hồ sơ đang lập", "Bỏ hồ sơ")
            } else {
                ("Người nộp rút hồ sơ", "Rút hồ sơ")
            };
            let making = why(make("rut", title, button)).danger();
            let making = making.field("tick", "da-tra-ban-chinh", "Đã trả lại bản chính cho người nộp");
            if asked.is_empty() {
                making
            } else {
                making.hint(format!("Người nộp đã đề nghị rút: {asked}"))
            }
        }
        Offer::CollectFee(owed) => {
            let title = format!("Thu phí, lệ phí: còn {}", words::money(owed));
            Making::of("thu-phi", nth, title, "").on("thu-phi")
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
            .choices("", there.others())
            .field("area", "cau-hoi", "Cần hỏi gì")
            .field("number", "so-ngay", "Trả lời trong số ngày làm việc"),
        Offer::Answer(asked) => {
            let Asked { consultation, agency, question } = asked;
            let title = format!("Trả lời xin ý kiến ({})", there.agency(agency));
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
            let title = format!("Ghi nhận {} quá hạn cho ý kiến", there.agency(asked.agency));
            Making::of("qua-han-y-kien", nth, title, "Giải quyết tiếp").about(asked.consultation)
        }
        Offer::Correct => why(make("dinh-chinh", "Đính chính kết quả đã trả", "Đính chính")
            .field("select", "loi", "Sai do")
            .choices(
                "Do cơ quan thì người dân không phải trả chi phí",
                FAULTS
                    .map(|(value, fault)| match fault {
                        Fault::Agency => Choice::new(value, "Cơ quan"),
                        Fault::Applicant => Choice::new(value, "Người nộp"),
                    })
                    .into(),
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
                why(Making::of("cho-bat-dau", nth, begins, "Cho bắt đầu").about(part)).0,
                why(Making::of("dung-phan-viec", nth, stops, "Dừng phần việc").about(part)).danger().0,
            ];
        }
    };
    vec![making.0]
}

/// Granting is one press: it is done as it was referred. Declining takes a reason.
fn answers(referral: &Referral, is_granted: bool, nth: usize, there: &There) -> Vec<ActForm> {
    let wish = there.wish(referral);
    let mut forms = Vec::new();
    if is_granted {
        let title = format!("Duyệt: {wish}");
        let granting = Making::of(GRANT, nth, title, "Duyệt đề nghị").about(referral.at).0;
        forms.push(ActForm { is_open: true, ..granting });
    }
    let title = format!("Không duyệt: {wish}");
    let declining = Making::of("khong-duyet", nth, title, "Không duyệt").about(referral.at);
    let declining = declining.field("area", "ly-do", "Lý do");
    let too_late = "Không còn duyệt được: đã quá hạn theo luật, hoặc đã dùng hết số lần";
    forms.push(if is_granted { declining.0 } else { declining.hint(too_late).0 });
    forms
}

/// The act that grants what was referred; the overview has a button for it too.
pub(crate) const GRANT: &str = "duyet-de-nghi";

const ONCE: &str = "Chỉ được yêu cầu một lần, nêu đủ mọi giấy cần bổ sung";

const FAULTS: [(&str, Fault); 2] = [("co-quan", Fault::Agency), ("nguoi-nop", Fault::Applicant)];

const VERDICTS: [(&str, OpinionVerdict); 3] = [
    ("dong-y", OpinionVerdict::Agrees),
    ("khong-dong-y", OpinionVerdict::Disagrees),
    ("co-y-kien", OpinionVerdict::Notes),
];

fn papers(making: Making, there: &There) -> Making {
    let making = making.field("boxes", "giay", "Giấy cần bổ sung").choices("", there.papers.clone());
    making.field("area", "can-gi", "Cần bổ sung gì, vì sao")
}

fn people(officers: Vec<(OfficerId, String)>) -> Vec<Choice> {
    officers.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()
}
