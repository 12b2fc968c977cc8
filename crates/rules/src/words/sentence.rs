//! An event as a sentence of the timeline. Names are looked up when the sentence is made; the event
//! holds only ids.

use super::{
    Body, Event, OfficerId, alarm_kind, channel, custody, date, edit, hand_over_way, lower_first, moment,
    money, opinion_verdict, outcome, people, refusal_reason, role, signedness, slip_doubt, trail, wait_exit,
    wait_kind,
};
use super::{api_key, glass, keys, referral, way_out, writing};
use crate::dossier::{Fault, Outcome};
use crate::event::Voucher;
use crate::id::AgencyId;
use crate::people::leave::Cover;
use crate::people::{AgencyScope, Post};

/// How ids are named: by whoever reads the events.
pub trait Names {
    fn officer(&self, id: OfficerId) -> String;
    /// The name of a component of the dossier's case.
    fn component(&self, id: &str) -> String;
    /// The name of a step of the dossier's process.
    fn step(&self, id: &str) -> String;
    fn field(&self, name: &str) -> String;
    fn agency(&self, id: AgencyId) -> String;
}

/// One line of the timeline: who, and what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub who: String,
    pub what: String,
}

/// The sentence of an event.
pub fn sentence(event: &Event, names: &impl Names) -> Sentence {
    Sentence { who: who(event.actor, event.on_behalf_of, names), what: what(event, names) }
}

/// Who did it, and for whom.
pub fn who(actor: Option<OfficerId>, on_behalf_of: Option<OfficerId>, names: &impl Names) -> String {
    match (actor, on_behalf_of) {
        (Some(actor), None) => names.officer(actor),
        (Some(actor), Some(officer)) => {
            format!("{}, thay mặt {}", names.officer(actor), names.officer(officer))
        }
        (None, Some(officer)) => format!("Hệ thống, tiếp việc của {}", names.officer(officer)),
        (None, None) => "Hệ thống".to_owned(),
    }
}

fn what(event: &Event, names: &impl Names) -> String {
    let paper = |component: &str| format!("“{}”", names.component(component));
    match &event.body {
        Body::IntakeOpened { .. } => "bắt đầu lập hồ sơ tại quầy".to_owned(),
        Body::CaseChosen { .. } => "chọn lại trường hợp của thủ tục".to_owned(),
        Body::FileAdded { component, bytes, .. } => {
            format!("thêm một tệp {} vào {}", size(*bytes), paper(component))
        }
        Body::FileRejected { component, why, .. } => {
            format!(
                "tệp của {} không dùng được: {}. Tệp gốc vẫn được giữ",
                paper(component),
                lower_first(why.trim_end_matches('.'))
            )
        }
        Body::FileOpened { component, pages, already_signed, .. } => {
            format!("mở tệp của {}: {pages} trang{}", paper(component), signedness(*already_signed))
        }
        Body::PagesArranged { component, edit: change } => {
            format!("sắp trang của {}: {}", paper(component), edit(*change))
        }
        Body::ArrangementUndone { component, edit: change } => {
            format!("hoàn tác ở {}: {}", paper(component), edit(*change))
        }
        Body::SidesReconciled { component, sides } => {
            format!("đếm {sides} mặt giấy của {}", paper(component))
        }
        Body::ComponentMarked { component, supply } => {
            format!("đánh dấu {}: {}", paper(component), mark_words(supply))
        }
        Body::PaperReused { component, .. } => {
            format!("dùng lại giấy đã có trong kho cho {}, không phải nộp lại", paper(component))
        }
        Body::ReuseDeclined { component, reason, .. } => {
            format!("vẫn yêu cầu nộp {} dù kho đã có, lý do: {reason}", paper(component))
        }
        Body::DossierReceived { code, due_at, fee, as_of, .. } => format!(
            "tiếp nhận hồ sơ{}{}, hẹn trả kết quả {}; phí, lệ phí: {}",
            code.as_ref().map(|code| format!(", cấp mã {code}")).unwrap_or_default(),
            as_of.map(|at| format!(", tính từ {} theo phiếu tạm nhận", moment(at))).unwrap_or_default(),
            moment(*due_at),
            lower_first(&money(*fee))
        ),
        Body::RefusedAtCounter { refusal } => format!(
            "từ chối tiếp nhận: {}. {}",
            lower_first(refusal_reason(refusal.reason)),
            refusal.explanation
        ),
        Body::PaperRead { component, pages, words, confidence, .. } => format!(
            "đọc xong {}: {pages} trang, {words} chữ, độ tin cậy {:.0} %",
            paper(component),
            confidence * 100.0
        ),
        Body::PaperNotRead { component, why, .. } => {
            format!(
                "chưa đọc được {}: {}. Trang quét vẫn được giữ",
                paper(component),
                lower_first(why.trim_end_matches('.'))
            )
        }
        Body::PaperSigned { component, certificate, .. } => {
            format!("ký số bản số hóa {} bằng chứng thư {certificate}", paper(component))
        }
        Body::FieldsConfirmed { component, corrected, .. } if corrected.is_empty() => {
            format!("xác nhận các trường của {}, không phải sửa", paper(component))
        }
        Body::FieldsConfirmed { component, corrected, .. } => {
            let fields: Vec<String> = corrected.iter().map(|name| names.field(name)).collect();
            format!("xác nhận các trường của {}, đã sửa: {}", paper(component), fields.join(", "))
        }
        Body::PaperFiled { component, .. } => {
            format!("cấp mã số hóa và đưa {} vào kho của chủ hồ sơ", paper(component))
        }
        Body::DossierTaken { step } => format!("nhận xử lý ở bước “{}”", names.step(step)),
        Body::StepFinished { step, next, opinion, officer } => {
            let given = officer.map(|officer| format!(", giao {}", names.officer(officer)));
            let opinion = Some(opinion.trim()).filter(|opinion| !opinion.is_empty());
            format!(
                "xong bước “{}”, chuyển sang “{}”{}{}",
                names.step(step),
                names.step(next),
                given.unwrap_or_default(),
                opinion.map(|opinion| format!(". Ý kiến: {opinion}")).unwrap_or_default()
            )
        }
        Body::SentBack { step, to, reason } => {
            format!("trả lại từ bước “{}” về “{}”, lý do: {reason}", names.step(step), names.step(to))
        }
        Body::SupplementAsked { items, exception, .. } => format!(
            "yêu cầu người nộp bổ sung{}: {}. Thời hạn tạm dừng",
            by_leader(exception.as_deref()),
            referral::asked_for(items, names)
        ),
        Body::SupplementReceived { due_at, .. } => {
            format!("nhận đủ bổ sung; thời hạn tính lại từ đầu, hẹn trả mới {}", moment(*due_at))
        }
        Body::Withdrawn { reason, returned } => {
            format!("rút hồ sơ theo yêu cầu của người nộp: {reason}{}", gone_back(returned, names))
        }
        Body::ResultDrafted { .. } => "soạn dự thảo kết quả".to_owned(),
        Body::ResultSigned { certificate, .. } => {
            format!("phê duyệt và ký số kết quả bằng chứng thư {certificate}")
        }
        Body::ResultSealed { number, issued_on, .. } => {
            format!("cấp số {number} ngày {}, đóng dấu cơ quan bằng chữ ký số thứ hai", date(*issued_on))
        }
        Body::ResultFiled { .. } => "đưa kết quả vào kho của chủ hồ sơ".to_owned(),
        Body::ResultHandedOver { way, returned, receiver, .. } => {
            let receiver = receiver.as_ref().map(|who| format!(", {}", way_out::receiver(who)));
            let receiver = receiver.unwrap_or_default();
            format!("trả kết quả {}{receiver}{}", hand_over_way(*way), gone_back(returned, names))
        }
        Body::PaperViewed { .. } => match &event.purpose {
            Some(purpose) => format!("xem giấy tờ, mục đích: {purpose}"),
            None => "xem giấy tờ".to_owned(),
        },
        Body::RepositoryListed { found } => format!("tra kho giấy tờ, thấy {found} giấy"),
        Body::SignedIn => "đăng nhập".to_owned(),
        Body::SignedOut => "đăng xuất".to_owned(),
        Body::SignInRefused => "đăng nhập không thành công".to_owned(),
        Body::Submitted { channel: way, answer_by } => format!(
            "gửi hồ sơ ({}); cơ quan trả lời trước {}",
            lower_first(channel(*way)),
            moment(*answer_by)
        ),
        Body::PapersAsked { items, until, exception } => format!(
            "yêu cầu bổ sung để được tiếp nhận{}, trước {}: {}",
            by_leader(exception.as_deref()),
            moment(*until),
            referral::asked_for(items, names)
        ),
        Body::PapersBrought { answer_by } => {
            format!("nhận giấy tờ người nộp gửi bổ sung; cơ quan trả lời trước {}", moment(*answer_by))
        }
        Body::Transferred { step, agency } => {
            format!("chuyển hồ sơ cho {} ở bước “{}”", names.agency(*agency), names.step(step))
        }
        Body::Assigned { step, officer } => {
            format!("phân công bước “{}” cho {}", names.step(step), names.officer(*officer))
        }
        Body::Consulted { agency, question, due_at, .. } => {
            format!("xin ý kiến {} trước {}: {question}", names.agency(*agency), moment(*due_at))
        }
        Body::ConsultAnswered { verdict, opinion, lapsed_at, .. } => {
            let late = lapsed_at.map(|at| format!(" sau khi đã ghi nhận quá hạn lúc {}", moment(at)));
            let late = late.unwrap_or_default();
            format!("trả lời xin ý kiến{late}: {}. {opinion}", opinion_verdict(*verdict))
        }
        Body::ConsultLapsed { agency, .. } => format!(
            "ghi nhận {} quá hạn cho ý kiến; giải quyết tiếp và báo người đứng đầu Bộ phận Một cửa",
            names.agency(*agency)
        ),
        Body::PaymentAsked { notice, until } => format!(
            "yêu cầu người nộp thực hiện nghĩa vụ tài chính theo thông báo {}: {}, trước {}",
            notice.number,
            lower_first(&money(notice.amount)),
            moment(*until)
        ),
        Body::PaymentReceived { receipt, due_at, .. } => format!(
            "ghi nhận người nộp đã thực hiện nghĩa vụ tài chính (chứng từ {receipt}); hẹn trả {}",
            moment(*due_at)
        ),
        Body::FeeCollected { amount, receipt, paid } => {
            let paid = paid.as_ref().map(|paid| format!(" {}", way_out::fee_paid(paid))).unwrap_or_default();
            format!("thu phí, lệ phí {}{paid} (biên lai {receipt})", lower_first(&money(*amount)))
        }
        Body::Halted { reason, until } => {
            format!("tạm dừng giải quyết đến {}, lý do: {reason}", moment(*until))
        }
        Body::Resumed { due_at, .. } => format!("giải quyết tiếp; hẹn trả {}", moment(*due_at)),
        Body::DossierStopped { reason } => format!("dừng giải quyết hồ sơ, lý do: {reason}"),
        Body::WaitExpired { what, exit } => {
            format!("ghi nhận hết thời gian {}; {}", wait_kind(*what), wait_exit(*exit))
        }
        Body::Extended { was, due_at, reason, .. } => format!(
            "xin lỗi và hẹn lại ngày trả từ {} sang {}, lý do: {reason}",
            moment(*was),
            moment(*due_at)
        ),
        Body::WithdrawalAsked { reason } => format!("ghi nhận người nộp đề nghị rút hồ sơ: {reason}"),
        Body::CorrectionBegun { reason, fault, .. } => {
            let fault = match fault {
                Fault::Agency => "do lỗi của cơ quan, người dân không phải trả chi phí",
                Fault::Applicant => "theo đề nghị của người nộp",
            };
            format!("đính chính kết quả đã trả ({fault}), lý do: {reason}")
        }
        Body::ResultAnnulled { decision, reason, .. } => {
            format!("hủy kết quả đã trả theo {decision}, lý do: {reason}. Bản cũ vẫn được giữ")
        }
        Body::PartOpened { part, .. } => format!("mở phần việc liên thông “{part}”"),
        Body::PartAwaits { .. } => "chờ kết quả của phần việc trước rồi mới tính thời hạn".to_owned(),
        Body::PartEnded { outcome: Some(Outcome::Granted) | None, .. } => {
            "ghi nhận một phần việc liên thông đã xong".to_owned()
        }
        Body::PartEnded { outcome: Some(ended), .. } => format!(
            "ghi nhận một phần việc liên thông kết thúc mà không có kết quả cần ({}); phần việc nào chờ \
             kết quả ấy thì lãnh đạo quyết định",
            lower_first(outcome(*ended))
        ),
        Body::MirrorUpdated { system, status, .. } => {
            format!("cập nhật theo {system}: {}", lower_first(status))
        }
        Body::AlarmRaised { alarm, agency } => {
            format!("báo động: {}; nơi phải xử lý: {}", alarm_kind(*alarm), names.agency(*agency))
        }
        Body::AlarmCleared { alarm } => format!("hết báo động: {}", alarm_kind(*alarm)),
        Body::Rerouted { from, to, decision } => {
            let moved = moved(from, to);
            // Those that were asked, and those that settle its parts.
            let moved = if moved.is_empty() { "cơ quan phối hợp".to_owned() } else { moved.join(", ") };
            format!("chuyển hồ sơ theo {decision}: đổi {moved}")
        }
        Body::UnitReorganised { decision } => format!("sắp xếp đơn vị theo {decision}"),
        Body::PostsMoved { to: Some(_), decision, .. } => {
            format!("chuyển vị trí công tác sang đơn vị kế thừa theo {decision}")
        }
        Body::PostsMoved { to: None, decision, .. } => {
            format!("kết thúc vị trí công tác cùng đơn vị theo {decision}")
        }
        Body::ProcedureDrafted { procedure, version } => {
            format!("nạp bản nháp của thủ tục {procedure}, lần {version}")
        }
        Body::ProcedurePublished { procedure, revision, decision, valid_from, valid_to, content_of } => {
            let until = valid_to.map_or(String::new(), |last| format!(" đến hết ngày {}", date(last)));
            let again = content_of.map_or(String::new(), |of| format!(", lấy lại nội dung phiên bản {of}"));
            format!(
                "công bố phiên bản {revision} của thủ tục {procedure} theo {decision}, có hiệu lực từ ngày {}{until}{again}",
                date(*valid_from)
            )
        }
        Body::ProcedureRetired { procedure, last_day, decision, .. } => format!(
            "bãi bỏ thủ tục {procedure} theo {decision}, ngày cuối cùng có hiệu lực {}",
            date(*last_day)
        ),
        Body::Reassigned { .. }
        | Body::Delegated { .. }
        | Body::DelegationEnded { .. }
        | Body::LeaveBegun { .. }
        | Body::LeaveEnded { .. }
        | Body::OfficerTransferred { .. }
        | Body::RightProposed { .. }
        | Body::RightConfirmed { .. }
        | Body::PostGiven { .. }
        | Body::PostEnded { .. }
        | Body::OfficerAdded { .. }
        | Body::SignInLocked { .. }
        | Body::SignInUnlocked
        | Body::PasswordReset
        | Body::PasswordChanged
        | Body::SignedOutElsewhere { .. }
        | Body::SignedInWith { .. }
        | Body::SecondFactorOn
        | Body::SecondFactorOff
        | Body::RecoveryCodeUsed { .. }
        | Body::PasskeyAdded { .. }
        | Body::PasskeyRemoved { .. }
        | Body::SecondFactorReset { .. }
        | Body::IdentityTied { .. }
        | Body::IdentityUntied { .. }
        | Body::SigningRoundBegun { .. } => about_people(&event.body, names).unwrap_or_default(),
        Body::DueMoved { was, due_at, decision, .. } => format!(
            "ngày hẹn trả chuyển từ {} sang {} vì lịch làm việc thay đổi theo {decision}",
            moment(*was),
            moment(*due_at)
        ),
        Body::CalendarDecided { decision, version, moved } => {
            format!("quyết định lịch làm việc theo {decision}, lần {version}, {moved} hồ sơ đổi ngày hẹn trả")
        }
        Body::AuditKeyChanged { number, after_checkpoint, voucher, reason, .. } => {
            let vouched = match voucher {
                Voucher::Given => "khóa cũ đã ký nhận",
                Voucher::Missing => "khóa cũ đã mất, không ký nhận được",
            };
            format!(
                "đổi khóa niêm phong dấu vết lần {number}, sau điểm niêm phong số {after_checkpoint} \
                 ({vouched}), lý do: {reason}"
            )
        }
        Body::PartMayBegin { reason, .. } => {
            format!("cho một phần việc bắt đầu dù phần việc trước không có kết quả, lý do: {reason}")
        }
        Body::WholeMoved { due: Some(due) } => {
            format!("đi cùng hồ sơ chung, nay phải xong trước {}", moment(due.at))
        }
        Body::WholeMoved { due: None } => "hồ sơ chung đã kết thúc; phần việc này được trả riêng".to_owned(),
        Body::NumberCancelled { number, reason, .. } => format!(
            "hủy số {number} đã cấp mà chưa ban hành; số vẫn nằm trong sổ và không cấp lại, lý do: {reason}"
        ),
        Body::NumberBookSet { year, symbol, was, last } => format!(
            "đặt số cuối của sổ {symbol} năm {year} từ {was} lên {last}, vì các số trước đã cấp ngoài hệ thống"
        ),
        Body::RegisterPrinted { symbol, from, to, lines } => {
            let register = match symbol {
                Some(symbol) => format!("sổ đăng ký văn bản đi {symbol}"),
                None => "sổ theo dõi hồ sơ".to_owned(),
            };
            format!("in {register} từ ngày {} đến ngày {}, {lines} dòng", date(*from), date(*to))
        }
        Body::ApiKeyMade { name, scopes, last_day } => {
            let scopes: Vec<&str> = scopes.iter().map(|scope| api_key::scope(*scope)).collect();
            format!("tạo khóa API “{name}” dùng đến hết {} ({})", date(*last_day), scopes.join(", "))
        }
        Body::ApiKeyRevoked { name } => format!("thu hồi khóa API “{name}”"),
        Body::WebhookAdded { name, host } => {
            format!("đặt nơi nhận thông báo tự động “{name}” ở {host}")
        }
        Body::WebhookRemoved { name } => format!("bỏ nơi nhận thông báo tự động “{name}”"),
        Body::WebhookStopped { name } => format!("ngừng gửi thông báo tự động đến “{name}”"),
        Body::WebhookResumed { name } => format!("gửi lại thông báo tự động đến “{name}”"),
        Body::DossierViewed => match &event.purpose {
            Some(purpose) => format!("xem hồ sơ, mục đích: {purpose}"),
            None => "xem hồ sơ".to_owned(),
        },
        Body::FoundInSearch { dossiers: 0, papers: 0 } => "thấy tên khi tra cứu".to_owned(),
        Body::FoundInSearch { dossiers, papers } => {
            format!("thấy khi tra cứu: {dossiers} hồ sơ, {papers} giấy tờ")
        }
        Body::FolderPassed { .. }
        | Body::FolderConfirmed { .. }
        | Body::FolderRefused { .. }
        | Body::FolderTakenBack { .. }
        | Body::FolderReclaimed { .. }
        | Body::FolderMoved { .. }
        | Body::FolderMissed
        | Body::FolderOpened
        | Body::PaperFound { .. }
        | Body::FoundPaperTied { .. }
        | Body::StocktakingEnded { .. } => custody::what(&event.body, names).unwrap_or_default(),
        Body::NoteWritten { mentioned, .. } if mentioned.is_empty() => "ghi chú nội bộ".to_owned(),
        Body::NoteWritten { mentioned, .. } => {
            let whom: Vec<String> = mentioned.iter().map(|officer| names.officer(*officer)).collect();
            format!("ghi chú nội bộ, nhắc {}", whom.join(", "))
        }
        Body::NoteStruck { .. } => "gạch bỏ một ghi chú nội bộ".to_owned(),
        Body::EditingTakenOver { form, from, reason } => {
            let from = names.officer(*from);
            format!("cho người khác soạn tiếp {} mà {from} đang soạn, lý do: {reason}", writing::form(*form))
        }
        Body::SlipTaken { number, taken_at, components, doubt } => {
            let papers: Vec<String> = components.iter().map(|id| names.component(id)).collect();
            let papers =
                if papers.is_empty() { "chưa nhận giấy nào".to_owned() } else { papers.join("; ") };
            let doubt = doubt.map(|doubt| format!(". {}", slip_doubt(doubt))).unwrap_or_default();
            format!(
                "lập phiếu tạm nhận {number} lúc {} khi mất kết nối, đã nhận: {papers}{doubt}",
                moment(*taken_at)
            )
        }
        Body::FeeAccountSet { account: Some(account), from, reason } => format!(
            "đặt tài khoản thu phí {} tại {}, chủ tài khoản {}, từ ngày {}, lý do: {reason}",
            account.number,
            account.bank,
            account.holder,
            date(*from)
        ),
        Body::FeeAccountSet { account: None, from, reason } => {
            format!("thôi thu phí bằng chuyển khoản từ ngày {}, lý do: {reason}", date(*from))
        }
        Body::SignedSheetKept { .. } => "lưu bản quét giấy biên nhận trả kết quả đã ký".to_owned(),
        Body::CameByPost { tracking, arrived_at } => {
            format!("lập từ bưu gửi {tracking}, bưu tá giao lúc {}", moment(*arrived_at))
        }
        Body::ReturnWayChosen { return_way } => way_out::return_chosen(return_way),
        Body::PostAnswered { tracking, outcome, .. } => {
            format!("ghi {} (số hiệu {tracking})", way_out::post_outcome(*outcome))
        }
        Body::GlassBroken { reason, until, .. } => glass::broken(reason, *until),
        Body::GlassReviewed { officer, verdict, words, .. } => {
            glass::reviewed(&names.officer(*officer), *verdict, words)
        }
        Body::AuditViewed { filter } => format!("xem nhật ký{}", trail::asked(filter, names)),
        Body::AuditExported { filter, events, sha256 } => format!(
            "xuất {events} sự kiện của nhật ký{} ra tệp có chữ ký, mã băm {}…",
            trail::asked(filter, names),
            sha256.get(..12).unwrap_or(sha256)
        ),
        Body::CodeFormatSet { format, from, reason } => {
            format!("viết mã hồ sơ theo cách {format} từ ngày {}, lý do: {reason}", date(*from))
        }
        Body::FormTextSet { form, from, sha256: None, reason } => {
            format!("dùng lại bản gốc của mẫu “{form}” từ ngày {}, lý do: {reason}", date(*from))
        }
        Body::FormTextSet { form, from, sha256: Some(sha256), reason } => format!(
            "dùng bản riêng của mẫu “{form}” từ ngày {}, lý do: {reason}, mã băm {}…",
            date(*from),
            sha256.get(..12).unwrap_or(sha256)
        ),
        Body::KeyProposed { .. }
        | Body::KeyInstalled { .. }
        | Body::KeyDeclined { .. }
        | Body::KeyEnded { .. } => keys::what(&event.body).unwrap_or_default(),
        Body::Referred { .. } | Body::ReferralEnded { .. } => {
            referral::what(&event.body, names).unwrap_or_default()
        }
        Body::MailConfirmed => "xác nhận địa chỉ thư để nhận thư nhắc việc".to_owned(),
        Body::MailRemoved => "bỏ địa chỉ nhận thư nhắc việc".to_owned(),
    }
}

/// What was done about people and their rights; none for everything else.
fn about_people(body: &Body, names: &impl Names) -> Option<String> {
    Some(match body {
        Body::Reassigned { step, from, to, reason } => {
            let (step, from) = (names.step(step), names.officer(*from));
            match to {
                Some(to) => {
                    format!(
                        "chuyển hồ sơ ở bước “{step}” từ {from} sang {}, lý do: {reason}",
                        names.officer(*to)
                    )
                }
                None => format!("đưa hồ sơ ở bước “{step}” từ {from} về hộp chung, lý do: {reason}"),
            }
        }
        Body::Delegated { delegation } => format!(
            "{}: {} làm việc của {}, vai “{}”, {}{} ({})",
            lower_first(people::delegation_kind(delegation.kind)),
            names.officer(delegation.to),
            names.officer(delegation.from),
            role(delegation.role),
            people::days(delegation),
            delegation.procedures.as_deref().map_or_else(String::new, people::only),
            delegation.decision
        ),
        Body::DelegationEnded { to, role: held, reason, .. } => {
            format!("chấm dứt việc {} làm thay ở vai “{}”, lý do: {reason}", names.officer(*to), role(*held))
        }
        Body::LeaveBegun { absence } => {
            let (who, when) =
                (names.officer(absence.officer), people::span(absence.valid_from, absence.valid_to));
            match &absence.cover {
                Cover::Substitute { officer, decision } => {
                    format!("ghi {who} nghỉ {when}, {} làm thay ({decision})", names.officer(*officer))
                }
                Cover::Inbox { reason } => {
                    format!("ghi {who} nghỉ {when}, hồ sơ đang giữ về hộp chung, lý do: {reason}")
                }
            }
        }
        Body::LeaveEnded { on, .. } => format!("ghi đi làm lại từ ngày {}", date(*on)),
        Body::OfficerTransferred { on, ended, given, decision } => {
            let left = if ended.is_empty() { String::new() } else { format!(": thôi {}", roles(ended)) };
            let got = if given.is_empty() {
                ", chưa nhận vai mới".to_owned()
            } else {
                format!(", nhận {}", roles(given))
            };
            format!("điều chuyển từ ngày {}{left}{got} ({decision})", date(*on))
        }
        Body::RightProposed { change, lapses_on, .. } => format!(
            "đề xuất giao vai “{}” cho {}, chờ người thứ hai xác nhận đến hết ngày {}",
            role(change.role()),
            names.officer(change.officer()),
            date(*lapses_on)
        ),
        Body::RightConfirmed { change, .. } => {
            format!("xác nhận giao vai “{}” cho {}", role(change.role()), names.officer(change.officer()))
        }
        Body::PostGiven { officer, post, decision } => {
            let decision = in_brackets(decision);
            format!("giao vai “{}” cho {}{decision}", role(post.role), names.officer(*officer))
        }
        Body::PostEnded { officer, post, on, decision } => format!(
            "cho {} thôi vai “{}” từ ngày {}{}",
            names.officer(*officer),
            role(post.role),
            date(*on),
            in_brackets(decision)
        ),
        Body::OfficerAdded { agency } => format!("lập tài khoản cán bộ của {}", names.agency(*agency)),
        Body::SignInLocked { reason } => format!("khóa đăng nhập, lý do: {reason}"),
        Body::SignInUnlocked => "mở khóa đăng nhập".to_owned(),
        Body::PasswordReset => "đặt lại mật khẩu".to_owned(),
        Body::PasswordChanged => "tự đổi mật khẩu".to_owned(),
        Body::SignedOutElsewhere { sessions } => format!("đăng xuất ở {sessions} nơi khác"),
        Body::SignedInWith { means } => format!("đăng nhập bằng {}", people::means(*means)),
        Body::SecondFactorOn => "bật xác thực hai lớp".to_owned(),
        Body::SecondFactorOff => "tắt xác thực hai lớp".to_owned(),
        Body::RecoveryCodeUsed { left } => format!("dùng một mã dự phòng để đăng nhập, còn {left} mã"),
        Body::PasskeyAdded { name } => format!("thêm khóa truy cập “{name}”"),
        Body::PasskeyRemoved { name } => format!("gỡ khóa truy cập “{name}”"),
        Body::SecondFactorReset { reason } => {
            format!("đặt lại xác thực hai lớp và gỡ mọi khóa truy cập, lý do: {reason}")
        }
        Body::IdentityTied { issuer, subject } => {
            format!("gắn tài khoản với danh tính “{subject}” ở máy chủ định danh {issuer}")
        }
        Body::IdentityUntied { issuer, subject, reason } => {
            let why = if reason.is_empty() { String::new() } else { format!(", lý do: {reason}") };
            format!("gỡ danh tính “{subject}” ở máy chủ định danh {issuer} khỏi tài khoản{why}")
        }
        Body::SigningRoundBegun { papers, .. } => {
            format!("xác nhận bằng mật khẩu để ký số một đợt {papers} văn bản")
        }
        _ => return None,
    })
}

fn in_brackets(decision: &str) -> String {
    if decision.is_empty() { String::new() } else { format!(" ({decision})") }
}

fn roles(posts: &[Post]) -> String {
    posts.iter().map(|post| format!("vai “{}”", role(post.role))).collect::<Vec<_>>().join(", ")
}

fn by_leader(exception: Option<&str>) -> String {
    exception.map(|reason| format!(" theo quyết định của lãnh đạo ({reason})")).unwrap_or_default()
}

fn gone_back(returned: &[String], names: &impl Names) -> String {
    if returned.is_empty() {
        return String::new();
    }
    let papers: Vec<String> = returned.iter().map(|id| format!("“{}”", names.component(id))).collect();
    format!("; trả lại bản chính {}", papers.join(", "))
}

/// Which of a dossier's agencies are others now.
fn moved(from: &AgencyScope, to: &AgencyScope) -> Vec<&'static str> {
    [
        (from.receiving != to.receiving, "nơi tiếp nhận"),
        (from.competent != to.competent, "cơ quan giải quyết"),
        (from.holding != to.holding, "nơi đang giữ hồ sơ"),
    ]
    .into_iter()
    .filter_map(|(changed, word)| changed.then_some(word))
    .collect()
}

fn mark_words(supply: &str) -> &'static str {
    match supply {
        "shown" => "đã xuất trình, trả lại",
        "on_paper" => "đã nhận bản giấy, không số hóa theo luật",
        "not_applicable" => "không có giấy này",
        _ => "bỏ đánh dấu",
    }
}

/// A size people understand: `640 KB`, `2,4 MB`.
pub fn size(bytes: u64) -> String {
    if bytes <= 999_000 {
        format!("{} KB", bytes.div_ceil(1_000))
    } else {
        let tenths = bytes.max(1_000_000) / 100_000;
        format!("{},{} MB", tenths / 10, tenths % 10)
    }
}
