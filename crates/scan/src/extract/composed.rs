//! The abstract of papers that print none, in the words an officer would write: what the paper is, and about
//! whom or what. Its doubts are those of the values it is made of.
// law: TT01-2023-VPCP/9.2

use super::lines::{Line, Span, fold, titled};
use super::person::introduced;
use super::{Field, FieldKey, PaperKind};

/// Words of a household business's name, at most.
const MOST_NAME_WORDS: usize = 8;

/// The abstract of a paper of this kind: `printed`, where such papers have one under their title or number.
pub(super) fn abstracted(
    kind: PaperKind,
    title: Option<&Span<'_>>,
    owner: Option<&Field>,
    pages: &[Line<'_>],
    printed: impl FnOnce() -> Option<Field>,
) -> Option<Field> {
    let of_owner = |what: &str| Some(like(owner?, format!("{what} {}", titled(&owner?.value))));
    match kind {
        PaperKind::BirthCertificate => of_owner("Giấy khai sinh của"),
        PaperKind::MaritalStatusCertificate => of_owner("Xác nhận tình trạng hôn nhân của"),
        PaperKind::CivilStatusExtract => of_owner(&format!("{} của", sentence(&title?.text()))),
        PaperKind::Declaration => {
            let wish = title?.text().to_lowercase();
            let wish = wish.strip_prefix("tờ khai")?.trim();
            of_owner(&format!("Đề nghị {wish} cho"))
        }
        PaperKind::HouseholdBusinessLicence => household(pages),
        PaperKind::LandCertificate => parcel(pages),
        PaperKind::MarriageCertificate | PaperKind::IdentityCard => None,
        PaperKind::Decision => title.and_then(|title| divorce(title, pages)).or_else(printed),
        _ => printed(),
    }
}

fn like(source: &Field, value: String) -> Field {
    Field { key: FieldKey::Abstract, value, ..source.clone() }
}

/// `TRÍCH LỤC KHAI SINH (BẢN SAO)` as `Trích lục khai sinh`.
fn sentence(title: &str) -> String {
    let plain = title.split('(').next().unwrap_or_default().trim().to_lowercase();
    let mut letters = plain.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// `Tên hộ kinh doanh viết bằng tiếng Việt (ghi bằng chữ in hoa): HỘ KINH DOANH THỊNH VƯỢNG`.
fn household(pages: &[Line<'_>]) -> Option<Field> {
    pages.iter().find_map(|page| {
        let label = page.behind("ten ho kinh doanh")?;
        let start = page.behind_from("ho kinh doanh", label)?;
        let in_capitals = |word: &&&crate::recognise::Word| {
            let mut letters = word.text.chars().filter(|c| c.is_alphabetic()).peekable();
            letters.peek().is_some() && letters.all(char::is_uppercase)
        };
        let words: Vec<_> =
            page.words[start..].iter().take(MOST_NAME_WORDS).take_while(in_capitals).copied().collect();
        let span = Span { words, page: page.page };
        let name = titled(span.text().trim_matches(|c: char| !c.is_alphanumeric()));
        let value = format!("Chứng nhận đăng ký hộ kinh doanh {name}");
        (!name.is_empty()).then(|| span.field_with(FieldKey::Abstract, value))
    })
}

/// `Thửa đất số: 264, tờ bản đồ số: 24`, and the commune it lies in.
fn parcel(pages: &[Line<'_>]) -> Option<Field> {
    const PLACES: [&str; 3] = ["xa", "phuong", "thi"];
    pages.iter().find_map(|page| {
        let figures = |label: &str| {
            let word = *page.rest(page.behind(label)?).words.first()?;
            let digits: String = word.text.chars().filter(char::is_ascii_digit).collect();
            (!digits.is_empty()).then_some((word, digits))
        };
        let (parcel, sheet) = (figures("thua dat so")?, figures("to ban do so")?);
        let address = page.behind_from("dia chi", page.behind("to ban do so")?)?;
        let from = (address..page.words.len().min(address + 16))
            .find(|&at| PLACES.contains(&page.folded[at].as_str()))?;
        // The next row of the form opens with its letter: `c)`.
        let to = (from..page.words.len().min(from + 16)).find(|&at| page.words[at].text.ends_with(')'))?;
        let place = Span { words: page.words[from..to].to_vec(), page: page.page };
        let value = format!("Thửa đất số {}, tờ bản đồ số {}, {}", parcel.1, sheet.1, place.text());
        let words = [parcel.0, sheet.0].into_iter().chain(place.words).collect();
        Some(Span { words, page: page.page }.field_with(FieldKey::Abstract, value))
    })
}

/// A court's decision names both in its text: `giữa: … Chị …, sinh … Anh …, sinh …`.
fn divorce(title: &Span<'_>, pages: &[Line<'_>]) -> Option<Field> {
    let title: Vec<String> = title.words.iter().map(|word| fold(&word.text)).collect();
    if !title.join(" ").contains("thuan tinh ly hon") {
        return None;
    }
    let persons = introduced(pages);
    let [one, other] = persons.as_slice() else { return None };
    let mut field = like(one, format!("Công nhận thuận tình ly hôn giữa {} và {}", one.value, other.value));
    field.doubts.extend(other.doubts.clone());
    Some(field)
}
