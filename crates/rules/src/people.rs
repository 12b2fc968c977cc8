//! Who may do what: roles and posts, the actor of an act, and the questions an act asks before it
//! decides. What is lent by delegation is in [`delegation`], the right an act is done by and the scope of
//! lists in [`right`], the answers in words in [`explain`] and [`crate::words::people`].

use crate::code::ProcedureCode;
use crate::id::{AgencyId, OfficerId};
use crate::procedure::Step;
use delegation::Lent;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod account;
pub mod api_key;
pub mod delegation;
pub mod explain;
mod fault;
pub mod glass;
pub mod leave;
mod matter;
pub mod openid;
pub mod proposal;
pub mod right;
pub mod second_factor;

pub use fault::PeopleFault;
pub use matter::{Matter, Reach, Relation, Sensitivity};
pub use right::{Right, Scope};

/// A role an officer holds in one agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Công chức tiếp nhận: guides, receives, digitises, hands over.
    Counter,
    /// Chuyên viên thẩm định.
    Specialist,
    /// Lãnh đạo phòng.
    Head,
    /// Người có thẩm quyền ký.
    Leader,
    /// Văn thư: numbers, seals.
    Clerk,
    /// Quản trị hệ thống: accounts and queues, no papers.
    Admin,
    /// Thanh tra, kiểm soát TTHC: reads.
    Auditor,
    /// Hệ thống khác thay mặt người nộp (cổng quốc gia, phần mềm của bộ): submits, supplements,
    /// withdraws, pays, mirrors.
    Gateway,
    /// Người đứng đầu Bộ phận Một cửa: is told of late answers, adjusts appointments.
    // law: ND61-2018/9
    CentreHead,
    /// Nhân viên bưu chính công ích: receives and returns, and sees no more than that needs.
    // law: ND107-2021/1
    PostOffice,
}

impl Role {
    pub const ALL: [Self; 10] = [
        Self::Counter,
        Self::Specialist,
        Self::Head,
        Self::Leader,
        Self::Clerk,
        Self::Admin,
        Self::Auditor,
        Self::Gateway,
        Self::CentreHead,
        Self::PostOffice,
    ];

    /// The word of the role where it is typed or sent: on the command line, in a form.
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "tiep-nhan",
            Self::Specialist => "chuyen-vien",
            Self::Head => "lanh-dao-phong",
            Self::Leader => "lanh-dao-ky",
            Self::Clerk => "van-thu",
            Self::Admin => "quan-tri",
            Self::Auditor => "kiem-soat",
            Self::Gateway => "ket-noi",
            Self::CentreHead => "dung-dau-mot-cua",
            Self::PostOffice => "buu-chinh",
        }
    }

    /// The role of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Roles that do the steps of a dossier.
    pub const AT_STEPS: [Self; 5] = [Self::Counter, Self::Specialist, Self::Head, Self::Leader, Self::Clerk];

    /// Roles that bring a dossier in at the counter and give what came of it out, the usual one first.
    // law: ND107-2021/1
    pub const AT_COUNTER: [Self; 2] = [Self::Counter, Self::PostOffice];

    /// Roles that send what an applicant has to give, for him; the usual one first.
    pub const FOR_APPLICANT: [Self; 3] = [Self::Counter, Self::PostOffice, Self::Gateway];

    /// Roles that nobody gives alone: they sign, seal, give rights to others, or read everything.
    pub fn is_high(self) -> bool {
        matches!(self, Self::Admin | Self::Leader | Self::Clerk | Self::Auditor)
    }

    /// Whether somebody else may act in it for its holder. Who runs the system and who controls it
    /// answer for themselves, and another system is not a person.
    pub fn may_be_lent(self) -> bool {
        !matches!(self, Self::Admin | Self::Auditor | Self::Gateway)
    }

    /// Whether its officers have folders of paper in hand.
    pub fn keeps_paper(self) -> bool {
        !matches!(self, Self::Admin | Self::Auditor | Self::Gateway)
    }

    /// Which dossiers of its agency the role sees.
    pub fn reach(self) -> Reach {
        match self {
            Self::Admin => Reach::Nothing,
            Self::Gateway | Self::CentreHead | Self::PostOffice => Reach::Received,
            Self::Counter | Self::Specialist | Self::Head | Self::Leader | Self::Clerk | Self::Auditor => {
                Reach::Concerned
            }
        }
    }
}

/// A role in an agency, for some days or for good, perhaps for some procedures only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub agency: AgencyId,
    pub role: Role,
    /// None is every procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedures: Option<Vec<ProcedureCode>>,
    /// The most sensitive papers it opens.
    #[serde(default)]
    pub ceiling: Sensitivity,
    /// None is since ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last day; none is without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

/// Whoever performs an act: an officer in his posts, or the system going on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Officer {
        id: OfficerId,
        name: String,
        /// The agency the officer is working for now; events carry it.
        agency: AgencyId,
        /// His own posts of the day.
        posts: Vec<Post>,
        /// Posts of others that he may act in on the day.
        lent: Vec<Lent>,
    },
    /// A job that carries on what `on_behalf_of` began.
    System { on_behalf_of: Option<OfficerId>, agency: AgencyId },
}

/// The agencies of a row that belongs to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyScope {
    /// Where it was received.
    pub receiving: AgencyId,
    /// Who settles it.
    pub competent: AgencyId,
    /// Who holds it now.
    pub holding: AgencyId,
}

/// Why an act is not this actor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotYours {
    /// The actor lacks the role, in an agency that has to do with the dossier.
    NeedsRole(Role),
    /// The row belongs to agencies the actor has no post in: it does not exist for him.
    OutOfScope,
    /// Somebody else holds it.
    HeldBy(OfficerId),
}

impl AgencyScope {
    pub fn includes(&self, agency: AgencyId) -> bool {
        [self.receiving, self.competent, self.holding].contains(&agency)
    }
}

impl Post {
    /// A post for every procedure, without end, that opens personal papers.
    pub fn new(agency: AgencyId, role: Role) -> Self {
        Self {
            agency,
            role,
            procedures: None,
            ceiling: Sensitivity::default(),
            valid_from: None,
            valid_to: None,
        }
    }

    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|first| first <= day) && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Is the matter of a procedure and a sensitivity this post has to do with?
    pub fn covers(&self, matter: &Matter<'_>) -> bool {
        let procedure = self.procedures.as_ref().is_none_or(|named| {
            // What procedure a row is of must be known where only some are allowed.
            matter.procedure.is_some_and(|procedure| named.contains(procedure))
        });
        procedure && matter.sensitivity <= self.ceiling
    }

    /// What the post's agency has to do with the matter, if the post sees it by that.
    pub fn sees(&self, matter: &Matter<'_>) -> Option<Relation> {
        if !self.covers(matter) {
            return None;
        }
        Relation::ALL
            .into_iter()
            .find(|&relation| self.role.reach().includes(relation) && matter.agency(relation) == self.agency)
    }
}

impl Actor {
    pub fn agency(&self) -> AgencyId {
        match self {
            Self::Officer { agency, .. } | Self::System { agency, .. } => *agency,
        }
    }

    pub fn officer(&self) -> Option<OfficerId> {
        match self {
            Self::Officer { id, .. } => Some(*id),
            Self::System { .. } => None,
        }
    }

    /// Every post he may act in, his own first, each with the loan it comes by.
    pub fn held(&self) -> impl Iterator<Item = (&Post, Option<&Lent>)> {
        let (posts, lent): (&[Post], &[Lent]) = match self {
            Self::Officer { posts, lent, .. } => (posts, lent),
            Self::System { .. } => (&[], &[]),
        };
        posts.iter().map(|post| (post, None)).chain(lent.iter().map(|lent| (&lent.post, Some(lent))))
    }

    /// Does he hold this role somewhere, himself or for somebody?
    pub fn has_role(&self, role: Role) -> bool {
        self.held().any(|(post, _)| post.role == role)
    }

    /// May this actor see a row?
    pub fn may_see<'m>(&self, matter: impl Into<Matter<'m>>) -> Result<(), NotYours> {
        let matter = matter.into();
        match self {
            Self::System { .. } => Ok(()),
            Self::Officer { .. } if self.held().any(|(post, _)| post.sees(&matter).is_some()) => Ok(()),
            Self::Officer { .. } => Err(NotYours::OutOfScope),
        }
    }

    /// May this actor act in `role` for `agency`, on this row?
    pub fn may_act<'m>(
        &self,
        role: Role,
        agency: AgencyId,
        matter: impl Into<Matter<'m>>,
    ) -> Result<(), NotYours> {
        self.right_for(role, agency, matter).map(drop)
    }

    /// May this actor do `step` of a dossier held by `agency` and, perhaps, by one officer?
    pub fn may_do_step<'m>(
        &self,
        step: &Step,
        agency: AgencyId,
        matter: impl Into<Matter<'m>>,
        holder: Option<OfficerId>,
    ) -> Result<(), NotYours> {
        self.right_for_step(step, agency, matter, holder).map(drop)
    }
}

#[cfg(test)]
mod tests;
