//! "Thử với vai…": what an officer, or whoever had a role somewhere, could do, and why not. The very rules of
//! the acts are asked; nothing is done, and of a dossier nothing is told but where it stands.

use super::administering::Reach;
use super::reading::Named;
use super::{actor_of, actor_on};
use crate::dossier::offer::Offer;
use crate::dossier::{may_see, revision_of, step_of};
use crate::{Error, Office, Refusal};
use rules::dossier::Dossier;
use rules::id::{AgencyId, OfficerId};
use rules::people::explain::explain_view;
use rules::people::{Actor, NotYours, Post, Role};
use rules::procedure::Step;
use rules::words::people::{Directory, Told, reason, right, who_could};
use store::Reader;
use store::people::{Officer, rights};
use uuid::Uuid;

/// As whom rights are tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The officer with this login.
    Login(String),
    Officer(OfficerId),
    /// Whoever would have this role there and no other.
    Post(AgencyId, Role),
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Trial {
    /// His name, or the role and its agency.
    pub who: String,
    /// The login of an officer; empty for a role.
    pub login: String,
    /// As whom he would act, to ask where he may go.
    pub actor: Actor,
    /// What he may do today, one sentence a post.
    pub rights: Vec<String>,
    pub dossier: Option<OnDossier>,
}

/// The answers about one dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDossier {
    pub code: String,
    pub procedure: String,
    pub answers: Vec<Answer>,
    /// The acts that would stand open to him now.
    pub offered: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub act: String,
    pub verdict: Verdict,
}

/// May he, and why or why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Yes(Vec<String>),
    No(String),
}

impl Office {
    /// Tries rights for an administrator, with a dossier of his agencies if its code is given.
    pub async fn try_rights(&self, actor: &Actor, tried: &Tried, code: &str) -> Result<Trial, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let reach = Reach::of(&mut reader, actor).await?;
        let kept = |officer: &Officer| reach.has(officer.agency);
        let (acting, login) = match tried {
            Tried::Login(login) => {
                let officer = store::people::officer_by_login(&mut reader, login.trim()).await?;
                let officer = officer.filter(kept).ok_or_else(|| nobody(login))?;
                (actor_on(&mut reader, &officer, today).await?, officer.login)
            }
            Tried::Officer(id) => {
                let officer = store::people::officer(&mut reader, *id).await?;
                let officer = officer.filter(kept).ok_or(Error::NotFound)?;
                (actor_on(&mut reader, &officer, today).await?, officer.login)
            }
            Tried::Post(agency, role) => {
                reach.must_show(*agency)?;
                (actor_of(&somebody(*agency, *role)), String::new())
            }
        };
        let givers = acting.held().filter_map(|(_, lent)| lent.map(|lent| lent.delegation.from));
        let named = Named::of(&mut reader, givers.collect::<Vec<_>>()).await?;
        let who = match (tried, &acting) {
            (Tried::Post(agency, role), _) => {
                format!("{}, {}", rules::words::role(*role), named.agency(*agency))
            }
            (_, Actor::Officer { name, .. }) => name.clone(),
            (_, Actor::System { .. }) => login.clone(),
        };
        let told = |(post, lent): (&Post, Option<&rules::people::delegation::Lent>)| {
            right(post, lent.map(|lent| &lent.delegation), &named)
        };
        let rights = acting.held().map(told).collect();
        drop(reader);
        let dossier = match code.trim() {
            "" => None,
            code => Some(self.try_on_dossier(&reach, &acting, code).await?),
        };
        Ok(Trial { who, login, actor: acting, rights, dossier })
    }

    async fn try_on_dossier(&self, reach: &Reach, acting: &Actor, code: &str) -> Result<OnDossier, Error> {
        let mut reader = self.db.read().await?;
        let unknown = || {
            let sentence =
                format!("Không có hồ sơ mã “{code}” ở các cơ quan bạn quản trị. Xem lại mã trên phiếu");
            Error::Refused(Refusal::Form(vec![("ho-so".to_owned(), sentence)]))
        };
        let id = store::dossier::id_by_code(&mut reader, code).await?.ok_or_else(unknown)?;
        let dossier = store::dossier::find(&mut reader, id).await?.ok_or_else(unknown)?;
        let scope = dossier.scope;
        if ![scope.receiving, scope.competent, scope.holding].into_iter().any(|agency| reach.has(agency)) {
            return Err(unknown());
        }
        let procedure = revision_of(&mut reader, &dossier).await?;
        let mut answers = vec![self.seeing(&mut reader, acting, &dossier).await?];
        if let Some(step) = step_of(&dossier, &procedure) {
            answers.push(self.stepping(&mut reader, acting, &dossier, step).await?);
        }
        for (act, roles, agency) in [
            ("Nhận thêm giấy, thu phí, ghi người nộp rút hồ sơ", &Role::AT_COUNTER[..], scope.receiving),
            ("Giao việc và chuyển hồ sơ sang người khác", &[Role::Head, Role::Leader], scope.holding),
            ("Quyết định gia hạn, tạm dừng, dừng giải quyết", &[Role::Leader], scope.competent),
        ] {
            let verdict = match acting.right_for_any(roles, agency, &dossier) {
                Ok(_) => Verdict::Yes(Vec::new()),
                Err(why) => Verdict::No(self.why_not(&mut reader, &why, agency, &dossier).await?),
            };
            answers.push(Answer { act: act.to_owned(), verdict });
        }
        drop(reader);
        let offered = if may_see(acting, &dossier).is_ok() {
            let view = self.dossier_view(acting, id).await?;
            self.offers(acting, &view).await?.iter().map(name).collect()
        } else {
            Vec::new()
        };
        Ok(OnDossier { code: code.to_owned(), procedure: procedure.name.clone(), answers, offered })
    }

    async fn seeing(&self, reader: &mut Reader, acting: &Actor, dossier: &Dossier) -> Result<Answer, Error> {
        let reasons = explain_view(acting, dossier);
        let givers = reasons.iter().filter_map(|found| found.through.as_ref().map(|through| through.from));
        let named = Named::of(reader, givers.collect::<Vec<_>>()).await?;
        let why: Vec<String> = reasons.iter().map(|found| reason(found, Told::OfAnother, &named)).collect();
        let verdict = if !why.is_empty() {
            Verdict::Yes(why)
        } else if may_see(acting, dossier).is_ok() {
            Verdict::Yes(vec![
                "Người này xem được vì cơ quan được hỏi ý kiến hoặc giải quyết một phần".to_owned(),
            ])
        } else {
            Verdict::No(
                "Hồ sơ này không do cơ quan của người này tiếp nhận, giải quyết hay giữ, hoặc ngoài các thủ tục \
                 của vai"
                    .to_owned(),
            )
        };
        Ok(Answer { act: "Mở và xem hồ sơ".to_owned(), verdict })
    }

    async fn stepping(
        &self,
        reader: &mut Reader,
        acting: &Actor,
        dossier: &Dossier,
        step: &Step,
    ) -> Result<Answer, Error> {
        let holding = dossier.scope.holding;
        let verdict = match acting.right_for_step(step, holding, dossier, dossier.state.officer()) {
            Ok(_) => Verdict::Yes(Vec::new()),
            Err(why) => Verdict::No(self.why_not(reader, &why, holding, dossier).await?),
        };
        Ok(Answer { act: format!("Làm bước hiện tại: {}", step.name), verdict })
    }

    /// Why not, and whom to ask.
    async fn why_not(
        &self,
        reader: &mut Reader,
        why: &NotYours,
        agency: AgencyId,
        dossier: &Dossier,
    ) -> Result<String, Error> {
        let holder = match why {
            NotYours::HeldBy(holder) => Some(*holder),
            NotYours::NeedsRole(_) | NotYours::OutOfScope => None,
        };
        let named = Named::of(reader, holder).await?;
        Ok(match why {
            NotYours::OutOfScope => {
                format!("Không có vai nào ở {} nhìn thấy hồ sơ này", named.agency(agency))
            }
            NotYours::HeldBy(holder) => format!(
                "Hồ sơ đang trong tay {}. Lãnh đạo phòng chuyển người, hoặc người này làm thay",
                named.officer(*holder)
            ),
            NotYours::NeedsRole(role) => {
                let able = rights::able(reader, agency, *role, self.clock.today()).await?;
                let mut holders: Vec<String> = able
                    .into_iter()
                    .filter(|able| able.right.through.is_none() && able.covers(&dossier.procedure))
                    .map(|able| able.name)
                    .collect();
                holders.sort();
                who_could(*role, &named.agency(agency), &holders)
            }
        })
    }
}

fn nobody(login: &str) -> Error {
    let sentence =
        format!("Không có tài khoản “{}” ở các cơ quan bạn quản trị. Gõ lại tên đăng nhập", login.trim());
    Error::Refused(Refusal::Form(vec![("can-bo".to_owned(), sentence)]))
}

/// An officer who is nobody, with one post.
fn somebody(agency: AgencyId, role: Role) -> Officer {
    Officer {
        id: OfficerId(Uuid::nil()),
        login: String::new(),
        name: rules::words::role(role).to_owned(),
        title: String::new(),
        agency,
        password_hash: String::new(),
        active: true,
        posts: vec![Post::new(agency, role)],
    }
}

/// What an offered act is called, without anything of the dossier's content.
fn name(offer: &Offer) -> &'static str {
    match offer {
        Offer::Transfer => "Chuyển hồ sơ đến cơ quan giải quyết",
        Offer::AskPapers { .. } => "Yêu cầu hoàn thiện hồ sơ",
        Offer::PapersBrought => "Ghi nhận người nộp đã gửi giấy bổ sung",
        Offer::Assign(_) => "Giao việc",
        Offer::Reassign(_) => "Chuyển cho người khác",
        Offer::AskSupplement { .. } => "Yêu cầu bổ sung",
        Offer::ReferSupplement => "Trình lãnh đạo cho bổ sung lần nữa",
        Offer::ReferExtension => "Trình lãnh đạo cho hẹn lại ngày trả",
        Offer::AnswerReferral(..) => "Trả lời đề nghị trình lãnh đạo",
        Offer::TakeBackReferral(_) => "Rút lại đề nghị trình lãnh đạo",
        Offer::AskPayment => "Yêu cầu thực hiện nghĩa vụ tài chính",
        Offer::PaymentReceived => "Ghi nhận đã nộp tiền",
        Offer::ReturnWay => "Đổi cách nhận kết quả",
        Offer::Withdraw(_) => "Ghi người nộp rút hồ sơ",
        Offer::CollectFee(_) => "Thu phí, lệ phí",
        Offer::Halt => "Tạm dừng giải quyết",
        Offer::Resume => "Giải quyết tiếp",
        Offer::Stop => "Dừng giải quyết hẳn",
        Offer::Extend => "Xin lỗi và hẹn lại ngày trả",
        Offer::ConsultAll(_) => "Xin ý kiến theo quy trình",
        Offer::Consult => "Xin ý kiến một cơ quan",
        Offer::Answer(_) => "Trả lời xin ý kiến",
        Offer::Lapse(_) => "Ghi nhận quá hạn cho ý kiến",
        Offer::Correct => "Đính chính kết quả đã trả",
        Offer::Annul => "Hủy kết quả đã trả",
        Offer::DecidePart(..) => "Quyết định về phần việc đang chờ",
    }
}
