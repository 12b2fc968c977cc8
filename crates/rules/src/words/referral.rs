//! Words of what is referred to the leader: what is wished for, and what became of it.

use super::limit;
use super::sentence::Names;
use crate::dossier::{Referral, Wish};
use crate::event::{Body, SupplementItem};

/// What was referred to the leader, and why; components by their names.
pub fn referral(referral: &Referral, name: impl Fn(&str) -> String) -> String {
    let wish = match &referral.wish {
        Wish::PutOff { by } => format!("hẹn lại thêm {}", limit(*by)),
        Wish::AskAgain { items } => {
            let items: Vec<String> =
                items.iter().map(|item| format!("{}: {}", name(&item.component), item.what)).collect();
            format!("yêu cầu bổ sung lần nữa ({})", items.join("; "))
        }
    };
    format!("{wish}. Lý do: {}", referral.reason)
}

/// What was done about a referral; none for everything else.
pub(super) fn what(body: &Body, names: &impl Names) -> Option<String> {
    Some(match body {
        Body::Referred { wish: Wish::PutOff { by }, reason } => {
            format!("trình lãnh đạo cho hẹn lại thêm {}, lý do: {reason}", limit(*by))
        }
        Body::Referred { wish: Wish::AskAgain { items }, reason } => format!(
            "trình lãnh đạo cho yêu cầu bổ sung lần nữa: {}; lý do: {reason}",
            asked_for(items, names)
        ),
        Body::ReferralEnded { by, declined: Some(reason) } => {
            format!("không duyệt đề nghị của {}, lý do: {reason}", names.officer(*by))
        }
        Body::ReferralEnded { declined: None, .. } => "rút lại đề nghị đã trình lãnh đạo".to_owned(),
        _ => return None,
    })
}

/// The papers the applicant is asked for.
pub(super) fn asked_for(items: &[SupplementItem], names: &impl Names) -> String {
    let items: Vec<String> =
        items.iter().map(|item| format!("{}: {}", names.component(&item.component), item.what)).collect();
    items.join("; ")
}
