//! What happens to dossiers: stories as data, in the proportions of an office that has worked for years,
//! and their telling through the acts.

use anyhow::{Context, Result};
use jiff::SignedDuration;
use office::Office;
use office::counter::Opening;
use office::dossier::act::{Act, MarkWord};
use rules::calendar::Limit;
use rules::code::ProcedureCode;
use rules::counter::RefusalReason;
use rules::counter::applicant::TypedApplicant;
use rules::event::{HandOverWay, SupplementItem};
use rules::id::{AgencyId, DossierId};
use rules::procedure::Channel;
use store::bench::Person;

use super::house::{Commune, LONG, SHORT, Who};

/// One kind of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Story {
    HandedOver,
    HandedOverAfterExamination,
    RefusedAtCounter,
    Withdrawn,
    WithdrawnLate,
    Stopped,
    Preparing,
    Submitted,
    AwaitingPapers,
    Received,
    WithHead,
    Examined,
    Drafted,
    AwaitingSupplement,
    Halted,
    Asked,
    Sealed,
}

/// Every story, and how many of a thousand dossiers tell it. Nine in ten are over.
pub(super) const STORIES: [(Story, usize); 17] = [
    (Story::HandedOver, 580),
    (Story::HandedOverAfterExamination, 120),
    (Story::RefusedAtCounter, 60),
    (Story::Withdrawn, 70),
    (Story::WithdrawnLate, 30),
    (Story::Stopped, 40),
    (Story::Preparing, 10),
    (Story::Submitted, 5),
    (Story::AwaitingPapers, 5),
    (Story::Received, 15),
    (Story::WithHead, 10),
    (Story::Examined, 15),
    (Story::Drafted, 10),
    (Story::AwaitingSupplement, 10),
    (Story::Halted, 5),
    (Story::Asked, 5),
    (Story::Sealed, 10),
];

/// One thing done.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Act(Act),
    /// Drafts with the form's own words about the holder.
    Draft,
    /// Signs what was drafted.
    Sign,
    /// Asks this agency.
    Ask(AgencyId),
}

impl Story {
    pub(super) fn is_over(self) -> bool {
        matches!(
            self,
            Self::HandedOver
                | Self::HandedOverAfterExamination
                | Self::RefusedAtCounter
                | Self::Withdrawn
                | Self::WithdrawnLate
                | Self::Stopped
        )
    }

    pub(super) fn procedure(self) -> &'static str {
        match self {
            Self::HandedOver | Self::Withdrawn | Self::Received | Self::Sealed => SHORT,
            _ => LONG,
        }
    }

    pub(super) fn channel(self) -> Channel {
        match self {
            Self::Submitted | Self::AwaitingPapers => Channel::Online,
            _ => Channel::Direct,
        }
    }

    /// What happens after the intake was opened; `other` is an agency that may be asked.
    pub(super) fn deeds(self, other: AgencyId) -> Vec<(Who, Deed)> {
        use Who::{Clerk, Counter, Head, Leader, Specialist};
        let act = |who, act| (who, Deed::Act(act));
        let to = |to: &str| Act::FinishStep {
            to: to.to_owned(),
            opinion: "Hồ sơ hợp lệ, đủ điều kiện giải quyết".to_owned(),
            officer: None,
        };
        let marks = brought(self.procedure());
        let received = || marks.iter().cloned().chain([act(Counter, Act::Receive)]);
        let examined = || {
            let steps = [
                act(Head, Act::Take),
                act(Head, to("tham-dinh")),
                act(Specialist, Act::Take),
                act(Specialist, to("du-thao")),
            ];
            received().chain(steps)
        };
        let signed = || {
            let steps = [
                act(Leader, Act::Take),
                (Leader, Deed::Sign),
                act(Clerk, Act::Take),
                act(Clerk, Act::Seal { to: "tra".to_owned() }),
            ];
            steps.into_iter()
        };
        let drafted_at_once = || {
            received().chain([
                act(Specialist, Act::Take),
                (Specialist, Deed::Draft),
                act(Specialist, to("ky")),
            ])
        };
        let handed_over = act(Counter, Act::HandOver { way: HandOverWay::Counter, originals_returned: true });
        let withdrawn =
            act(Counter, Act::Withdraw { reason: "Người nộp đổi ý".to_owned(), originals_returned: true });
        let items =
            || vec![SupplementItem { component: "to-khai".to_owned(), what: "Thiếu chữ ký".to_owned() }];
        match self {
            Self::HandedOver => drafted_at_once().chain(signed()).chain([handed_over]).collect(),
            Self::HandedOverAfterExamination => examined()
                .chain([
                    act(Specialist, Act::Take),
                    (Specialist, Deed::Draft),
                    act(Specialist, to("kiem-tra")),
                    act(Head, Act::Take),
                    act(Head, to("ky")),
                ])
                .chain(signed())
                .chain([handed_over])
                .collect(),
            Self::RefusedAtCounter => {
                let explanation = "Người nộp không có thẩm quyền nộp thay".to_owned();
                vec![act(Counter, Act::Refuse { reason: RefusalReason::NotEntitled, explanation })]
            }
            Self::Withdrawn => received().chain([withdrawn]).collect(),
            Self::WithdrawnLate => examined().chain([withdrawn]).collect(),
            Self::Stopped => {
                let reason = "Người nộp không còn đủ điều kiện".to_owned();
                examined().chain([act(Leader, Act::Stop { reason })]).collect()
            }
            Self::Preparing => marks,
            Self::Submitted => marks.into_iter().chain([act(Counter, Act::Submit)]).collect(),
            Self::AwaitingPapers => {
                let asked = Act::AskPapers { items: items(), exception: None };
                marks.into_iter().chain([act(Counter, Act::Submit), act(Counter, asked)]).collect()
            }
            Self::Received => received().collect(),
            Self::WithHead => received().chain([act(Head, Act::Take)]).collect(),
            Self::Examined => examined().collect(),
            Self::Drafted => {
                examined().chain([act(Specialist, Act::Take), (Specialist, Deed::Draft)]).collect()
            }
            Self::AwaitingSupplement => {
                let asked = Act::AskSupplement { items: items(), exception: None };
                examined().chain([act(Specialist, Act::Take), act(Specialist, asked)]).collect()
            }
            Self::Halted => {
                let halted = Act::Halt { reason: "Chờ kết quả xác minh".to_owned() };
                examined().chain([act(Specialist, Act::Take), act(Specialist, halted)]).collect()
            }
            Self::Asked => {
                examined().chain([act(Specialist, Act::Take), (Specialist, Deed::Ask(other))]).collect()
            }
            Self::Sealed => drafted_at_once().chain(signed()).collect(),
        }
    }
}

/// The components of a procedure as they are brought.
pub(super) fn brought(procedure: &str) -> Vec<(Who, Deed)> {
    let components = if procedure == SHORT {
        [("ban-chinh", MarkWord::Shown), ("ban-sao", MarkWord::OnPaper)]
    } else {
        [("giay-to-tuy-than", MarkWord::Shown), ("to-khai", MarkWord::OnPaper)]
    };
    let mark = |(component, mark): (&str, MarkWord)| {
        (Who::Counter, Deed::Act(Act::Mark { component: component.to_owned(), mark }))
    };
    components.into_iter().map(mark).collect()
}

/// As the counter types it.
pub(super) fn typed(person: &Person) -> TypedApplicant {
    TypedApplicant {
        number: person.number.clone(),
        name: person.name.clone(),
        born_on: String::new(),
        sex: "nu".to_owned(),
        address: person.address.clone(),
        phone: String::new(),
    }
}

pub(super) async fn open(
    office: &Office,
    commune: &Commune,
    procedure: &str,
    channel: Channel,
    person: &Person,
) -> Result<DossierId> {
    let procedure: ProcedureCode = procedure.parse()?;
    let opening = Opening { channel, ..Opening::at_counter(&procedure, None) };
    let opened = office.open_intake(&commune.by(Who::Counter), &typed(person), opening).await;
    opened.context("không lập được hồ sơ")
}

/// Lives a story through the acts, some minutes between them.
pub(super) async fn live(
    office: &Office,
    commune: &Commune,
    story: Story,
    other: AgencyId,
    person: &Person,
) -> Result<DossierId> {
    let id = open(office, commune, story.procedure(), story.channel(), person).await?;
    for (who, deed) in story.deeds(other) {
        office.clock.advance(SignedDuration::from_mins(4));
        Box::pin(perform(office, commune, id, who, deed.clone()))
            .await
            .with_context(|| format!("{story:?}: {who:?} không làm được {deed:?}"))?;
    }
    Ok(id)
}

async fn perform(office: &Office, commune: &Commune, id: DossierId, who: Who, deed: Deed) -> Result<()> {
    let by = commune.by(who);
    match deed {
        Deed::Act(act) => office.perform(&by, id, act).await?,
        Deed::Ask(agency) => {
            let question = "Đề nghị xác minh tình trạng cư trú".to_owned();
            let within = Limit::WorkingDays(5);
            office.perform(&by, id, Act::Consult { agency, question, within }).await?;
        }
        Deed::Draft => {
            let context = office.result_context(&by.actor, id, None).await?;
            let holder = &context.holder;
            let answers = [
                ("title", context.result_type.name.clone()),
                ("body", format!("Giải quyết hồ sơ {} của {}.", context.dossier_code, holder.name)),
                ("signer_capacity", "TM. Ủy ban nhân dân".to_owned()),
                ("signer_name", "Cán bộ".to_owned()),
            ];
            let answers = answers.into_iter().map(|(key, answer)| (key.to_owned(), answer)).collect();
            office.draft_result(&by, id, None, answers).await?;
        }
        Deed::Sign => {
            let mut reader = office.db.read().await?;
            let dossier = store::dossier::find(&mut reader, id).await?.context("hồ sơ mất")?;
            let result = dossier.state.result().context("chưa có dự thảo")?;
            let paper = store::signing::result(&mut reader, result).await?.context("dự thảo mất")?;
            drop(reader);
            office.sign_result(&by, id, &paper.state.pdf().sha256, "dong-dau").await?;
        }
    }
    Ok(())
}
