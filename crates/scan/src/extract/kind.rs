//! What a paper is, from its title.

use serde::{Deserialize, Serialize};

use super::{Guess, Line, Span};

/// Kinds of paper that are told apart. Codes of the catalogue are given by the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    BirthCertificate,
    CivilStatusExtract,
    MarriageCertificate,
    MaritalStatusCertificate,
    HouseholdBusinessLicence,
    BusinessLicence,
    LandCertificate,
    ResidenceCertificate,
    IdentityCard,
    Decision,
    OfficialLetter,
    Notice,
    Report,
    Minutes,
    Contract,
    PowerOfAttorney,
    Declaration,
    Request,
    OtherCertificate,
    OtherDocument,
    Unknown,
}

impl PaperKind {
    pub fn in_vietnamese(self) -> &'static str {
        match self {
            Self::BirthCertificate => "Giấy khai sinh",
            Self::CivilStatusExtract => "Trích lục hộ tịch",
            Self::MarriageCertificate => "Giấy chứng nhận kết hôn",
            Self::MaritalStatusCertificate => "Giấy xác nhận tình trạng hôn nhân",
            Self::HouseholdBusinessLicence => "Giấy chứng nhận đăng ký hộ kinh doanh",
            Self::BusinessLicence => "Giấy chứng nhận đăng ký doanh nghiệp",
            Self::LandCertificate => "Giấy chứng nhận quyền sử dụng đất",
            Self::ResidenceCertificate => "Giấy xác nhận thông tin về cư trú",
            Self::IdentityCard => "Thẻ căn cước",
            Self::Decision => "Quyết định",
            Self::OfficialLetter => "Công văn",
            Self::Notice => "Thông báo",
            Self::Report => "Báo cáo",
            Self::Minutes => "Biên bản",
            Self::Contract => "Hợp đồng",
            Self::PowerOfAttorney => "Giấy ủy quyền",
            Self::Declaration => "Tờ khai",
            Self::Request => "Đơn",
            Self::OtherCertificate => "Giấy chứng nhận, xác nhận khác",
            Self::OtherDocument => "Văn bản khác",
            Self::Unknown => "Chưa rõ",
        }
    }
}

/// How a title begins (folded), the longer before the shorter.
const TITLES: [(&str, PaperKind); 34] = [
    ("giay khai sinh", PaperKind::BirthCertificate),
    ("trich luc", PaperKind::CivilStatusExtract),
    ("giay chung nhan ket hon", PaperKind::MarriageCertificate),
    ("giay xac nhan tinh trang hon nhan", PaperKind::MaritalStatusCertificate),
    ("giay chung nhan dang ky ho kinh doanh", PaperKind::HouseholdBusinessLicence),
    ("giay chung nhan dang ki ho kinh doanh", PaperKind::HouseholdBusinessLicence),
    ("giay chung nhan dang ky doanh nghiep", PaperKind::BusinessLicence),
    ("giay chung nhan dang ky kinh doanh", PaperKind::BusinessLicence),
    ("giay chung nhan quyen su dung dat", PaperKind::LandCertificate),
    ("xac nhan thong tin ve cu tru", PaperKind::ResidenceCertificate),
    ("can cuoc cong dan", PaperKind::IdentityCard),
    ("can cuoc", PaperKind::IdentityCard),
    ("giay uy quyen", PaperKind::PowerOfAttorney),
    ("hop dong uy quyen", PaperKind::PowerOfAttorney),
    ("giay chung nhan", PaperKind::OtherCertificate),
    ("giay xac nhan", PaperKind::OtherCertificate),
    ("giay phep", PaperKind::OtherCertificate),
    ("quyet dinh", PaperKind::Decision),
    ("thong bao", PaperKind::Notice),
    ("bao cao", PaperKind::Report),
    ("bien ban", PaperKind::Minutes),
    ("hop dong", PaperKind::Contract),
    ("to khai", PaperKind::Declaration),
    ("phieu dang ky", PaperKind::Declaration),
    ("giay de nghi", PaperKind::Request),
    ("don", PaperKind::Request),
    ("to trinh", PaperKind::OtherDocument),
    ("ke hoach", PaperKind::OtherDocument),
    ("nghi quyet", PaperKind::OtherDocument),
    ("nghi dinh", PaperKind::OtherDocument),
    ("thong tu", PaperKind::OtherDocument),
    ("chi thi", PaperKind::OtherDocument),
    ("luat", PaperKind::OtherDocument),
    ("phieu", PaperKind::OtherDocument),
];

/// Titles stand above this part of the first page.
const TITLE_ABOVE: f32 = 0.62;
/// Lines of capitals a title may run over.
const TITLE_LINES: usize = 4;

/// The kind of paper, and the words of its title.
pub(super) fn guess<'a>(lines: &[Line<'a>]) -> (Guess, Option<Span<'a>>) {
    let first_page: Vec<&Line<'_>> =
        lines.iter().filter(|line| line.is_on_first_page() && line.depth() < TITLE_ABOVE).collect();
    for (at, line) in first_page.iter().enumerate() {
        if !line.is_upper() || !(0.25..=0.85).contains(&line.middle()) {
            continue;
        }
        let mut title = line.whole();
        let mut folded = line.folded_text();
        let kind = |folded: &str| {
            TITLES.iter().find(|(words, _)| folded == *words || folded.starts_with(&format!("{words} ")))
        };
        if kind(&folded).is_none() {
            continue;
        }
        // A title may run on in capitals; the authority that decides, set below it, does not belong to it.
        for next in first_page[at + 1..].iter().take(TITLE_LINES - 1) {
            let is_close = next.rect[1] < line_below(&title, 2.2);
            let more = next.folded_text();
            if !next.is_upper() || !is_close || is_authority(&more) {
                break;
            }
            title.join(next.whole());
            folded = format!("{folded} {more}");
        }
        if let Some((_, kind)) = kind(&folded) {
            let confidence = title.confidence();
            return (Guess { kind: *kind, confidence }, Some(title));
        }
    }
    (letter(lines), None)
}

fn line_below(title: &Span<'_>, heights: f32) -> u32 {
    let rect = title.rect();
    let height = title.words.iter().map(|word| word.rect[3] - word.rect[1]).max().unwrap_or(0);
    rect[3] + (height as f32 * heights) as u32
}

/// `CHỦ TỊCH ỦY BAN NHÂN DÂN …`, `GIÁM ĐỐC SỞ …` below a decision's title.
fn is_authority(folded: &str) -> bool {
    [
        "chu tich",
        "giam doc",
        "bo truong",
        "uy ban nhan dan",
        "hoi dong",
        "cuc truong",
        "truong phong",
        "thu tuong",
    ]
    .iter()
    .any(|authority| folded.starts_with(authority))
}

/// An official letter has no title: it is told by `V/v` under its number and by `Kính gửi`.
// law: ND30-2020/PL1
fn letter(lines: &[Line<'_>]) -> Guess {
    let on_first = |label: &str| {
        lines
            .iter()
            .any(|line| line.is_on_first_page() && line.behind(label) == Some(label.split(' ').count()))
    };
    let is_letter = on_first("kinh gui") && (on_first("v/v") || on_first("so"));
    if is_letter {
        Guess { kind: PaperKind::OfficialLetter, confidence: 0.8 }
    } else {
        Guess { kind: PaperKind::Unknown, confidence: 0.0 }
    }
}
