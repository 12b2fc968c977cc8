//! Paper custody in words: where a folder is, what is in it, why it does not go where somebody wants it.

use super::sentence::Names;
use crate::custody::contents::FolderPaper;
use crate::custody::stocktaking::Area;
use crate::custody::{CustodyRefused, Holder, Keeping, Shelf};
use crate::event::Body;

/// What happened to a folder; none for everything else.
pub(super) fn what(body: &Body, names: &impl Names) -> Option<String> {
    Some(match body {
        Body::FolderPassed { agency, officer: None, .. } => {
            format!("giao bìa hồ sơ giấy cho {}, chờ xác nhận nhận", names.agency(*agency))
        }
        Body::FolderPassed { agency, officer: Some(officer), .. } => format!(
            "giao bìa hồ sơ giấy cho {} ({}), chờ xác nhận nhận",
            names.officer(*officer),
            names.agency(*agency)
        ),
        Body::FolderConfirmed { .. } => "xác nhận đã nhận bìa hồ sơ giấy".to_owned(),
        Body::FolderRefused { reason, .. } => {
            format!("không nhận bìa hồ sơ giấy, trả về người giao, lý do: {reason}")
        }
        Body::FolderTakenBack { .. } => "lấy lại bìa hồ sơ giấy đã giao mà chưa được xác nhận".to_owned(),
        Body::FolderReclaimed { from, reason } => {
            format!("thu lại bìa hồ sơ giấy từ {}, lý do: {reason}", names.officer(*from))
        }
        Body::FolderMoved { to: Holder::Bearer(bearer) } => {
            format!("lấy bìa hồ sơ giấy về {}", names.agency(bearer.agency))
        }
        Body::FolderMoved { to: Holder::Shelf { shelf: at, .. } } => {
            format!("cất bìa hồ sơ giấy vào {}", shelf(at))
        }
        Body::FolderMoved { to: Holder::Post { consignment, .. } } => {
            format!("gửi bìa hồ sơ giấy qua bưu chính công ích, số bưu gửi {consignment}")
        }
        Body::FolderMoved { to: Holder::Outside { name, .. } } => {
            format!("giao bìa hồ sơ giấy cho cơ quan ngoài hệ thống: {name}")
        }
        Body::FolderMoved { to: Holder::Applicant } => {
            "trả toàn bộ giấy trong bìa hồ sơ cho người nộp".to_owned()
        }
        Body::FolderMoved { to: Holder::Destroyed { record } } => {
            format!("hủy bìa hồ sơ giấy theo {record}")
        }
        Body::FolderMissed => "kiểm kê không thấy bìa hồ sơ giấy ở nơi phải có".to_owned(),
        Body::FolderOpened => "lập bìa hồ sơ giấy".to_owned(),
        Body::PaperFound { .. } => "ghi nhận một giấy tìm thấy chưa rõ của hồ sơ nào".to_owned(),
        Body::FoundPaperTied { place, .. } => {
            format!("ghép vào hồ sơ một giấy đã tìm thấy ở {place}")
        }
        Body::StocktakingEnded { seen, missing, surplus, .. } => {
            format!("kiểm kê bìa hồ sơ: thấy {seen}, thiếu {missing}, thừa {surplus}")
        }
        _ => return None,
    })
}

/// `kho 1, giá B, hộp 07`.
pub fn shelf(shelf: &Shelf) -> String {
    let parts = [("kho", &shelf.room), ("giá", &shelf.rack), ("hộp", &shelf.boxed)];
    let said = parts.into_iter().filter(|(_, name)| !name.is_empty());
    said.map(|(word, name)| format!("{word} {name}")).collect::<Vec<_>>().join(", ")
}

/// Where a folder is, after "đang": `ở kho 1 (UBND xã)`.
pub fn keeping(keeping: &Keeping, names: &impl Names) -> String {
    match keeping {
        Keeping::With(Holder::Bearer(bearer)) => {
            format!("do {} giữ ({})", names.officer(bearer.officer), names.agency(bearer.agency))
        }
        Keeping::With(Holder::Shelf { agency, shelf: at }) => {
            format!("ở {} ({})", shelf(at), names.agency(*agency))
        }
        Keeping::With(Holder::Post { consignment, .. }) => {
            format!("trên đường bưu chính, số bưu gửi {consignment}")
        }
        Keeping::With(Holder::Outside { name, .. }) => format!("ở {name} (ngoài hệ thống)"),
        Keeping::With(Holder::Applicant) => "ở người nộp, đã trả lại".to_owned(),
        Keeping::With(Holder::Destroyed { record }) => format!("không còn, đã hủy theo {record}"),
        Keeping::Passing { from, to, .. } => format!(
            "trên đường từ {} đến {}, chưa xác nhận nhận",
            names.officer(from.officer),
            to.officer.map_or_else(|| names.agency(to.agency), |officer| names.officer(officer))
        ),
    }
}

/// `2 bản chính, 1 bản sao`.
pub fn count(paper: &FolderPaper) -> String {
    let parts = [(paper.originals, "bản chính"), (paper.copies, "bản sao")];
    let said = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}"));
    said.collect::<Vec<_>>().join(", ")
}

/// What is counted by a stocktaking.
pub fn area(area: &Area) -> String {
    match area {
        Area::InHand(_) => "bìa tôi đang giữ".to_owned(),
        Area::Shelf { shelf: at, .. } => shelf(at),
    }
}

/// Why a folder does not go where somebody wants it.
pub fn refused(why: CustodyRefused) -> &'static str {
    match why {
        CustodyRefused::NotWithYou => {
            "Bìa này không ở chỗ bạn. Người đang giữ phải giao, hoặc kiểm tra lại ai đang giữ"
        }
        CustodyRefused::OnItsWay => {
            "Bìa này đã giao mà chưa ai xác nhận nhận. Người nhận quét để nhận, hoặc người giao lấy lại"
        }
        CustodyRefused::NotGivenToYou => "Bìa này không được giao cho bạn nên không nhận được",
        CustodyRefused::WithYou => "Bìa này đang ở chỗ bạn rồi",
        CustodyRefused::ToYourself => "Không giao bìa cho chính mình được. Chọn người khác",
        CustodyRefused::Gone => "Bìa này đã trả người nộp hoặc đã hủy nên không giao tiếp được",
        CustodyRefused::Secret => {
            "Trong bìa có giấy tờ mật, mà nơi nhận không có vai được xem giấy tờ mật. Giao cho người có vai đó"
        }
        CustodyRefused::SecretNeedsName => {
            "Trong bìa có giấy tờ mật nên phải giao cho một người có tên. Chọn người nhận"
        }
        CustodyRefused::ReasonMissing => {
            "Ghi lý do, ví dụ thiếu giấy nào, hoặc vì sao người giữ không tự giao được"
        }
        CustodyRefused::PlaceMissing => "Ghi rõ nơi đến: kho, số bưu gửi, tên cơ quan hoặc biên bản hủy",
        CustodyRefused::NobodyThere => {
            "Nơi nhận không có ai giữ vai làm việc với hồ sơ giấy hôm nay. Chọn người hoặc cơ quan khác"
        }
        CustodyRefused::NoPapers => "Hồ sơ này không có giấy nào ở lại cơ quan nên không cần bìa",
        CustodyRefused::DossierOpen => {
            "Hồ sơ còn đang giải quyết nên chưa trả hết giấy và chưa hủy được. Giấy được trả cùng kết quả hoặc khi rút hồ sơ"
        }
    }
}

#[cfg(test)]
mod tests;
