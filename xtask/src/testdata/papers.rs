//! The kinds of paper, each typeset with its own truth. What they say is invented; how they are
//! laid out follows the forms named at each.

mod birth;
mod business;
mod court;
mod decision;
mod identity;
mod land;
mod marital;

use serde::Serialize;

use super::dice::Dice;
use super::flow::{Flow, Head};
use super::people::{self, Gender, PLACES, Person, Place};
use super::sheet::Sheet;
use super::words::Date;

pub(crate) use identity::qr_text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    BirthCertificate,
    BirthExtract,
    MaritalStatus,
    MaritalRequest,
    Divorce,
    Household,
    Land,
    Decision,
    IdentityCard,
}

impl Kind {
    pub(crate) const ALL: [Self; 9] = [
        Self::Decision,
        Self::BirthExtract,
        Self::MaritalStatus,
        Self::Household,
        Self::Divorce,
        Self::Land,
        Self::BirthCertificate,
        Self::MaritalRequest,
        Self::IdentityCard,
    ];

    /// The paper type as it stands in the truth and in file names.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::BirthCertificate => "giay-khai-sinh",
            Self::BirthExtract => "trich-luc-khai-sinh",
            Self::MaritalStatus => "giay-xac-nhan-tinh-trang-hon-nhan",
            Self::MaritalRequest => "to-khai-xac-nhan-tinh-trang-hon-nhan",
            Self::Divorce => "quyet-dinh-ly-hon",
            Self::Household => "giay-chung-nhan-dang-ky-ho-kinh-doanh",
            Self::Land => "giay-chung-nhan-quyen-su-dung-dat",
            Self::Decision => "quyet-dinh",
            Self::IdentityCard => "the-can-cuoc",
        }
    }
}

/// What a reader should find on the paper; empty where the paper does not say it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Fields {
    pub(crate) paper_type: String,
    pub(crate) paper_name: String,
    pub(crate) owner_personal_id: Option<String>,
    pub(crate) owner_name: Option<String>,
    pub(crate) number: Option<String>,
    /// ISO 8601.
    pub(crate) issued_on: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) r#abstract: Option<String>,
    pub(crate) valid_from: Option<String>,
    pub(crate) valid_to: Option<String>,
    pub(crate) signatory: Option<String>,
    pub(crate) signatory_title: Option<String>,
    pub(crate) n_pages: usize,
}

/// A finished paper: its sides and its truth.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) fields: Fields,
}

/// Who and when a paper is about; drawn for the sets, given for the story.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) owner: Person,
    /// Wife or husband, former or present.
    pub(crate) spouse: Person,
    pub(crate) mother: Person,
    pub(crate) father: Person,
    pub(crate) issued: Date,
}

impl Facts {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let place: Place = *dice.pick(&PLACES);
        let gender = if dice.chance(0.5) { Gender::Male } else { Gender::Female };
        let other = if gender == Gender::Male { Gender::Female } else { Gender::Male };
        let owner = Person::draw(dice, place, gender, (1968, 2001));
        let spouse_place = *dice.pick(&PLACES);
        let year = owner.born.year;
        let spouse = Person::draw(dice, spouse_place, other, (year - 4, year + 3));
        let mother = Person::draw(dice, place, Gender::Female, (year - 30, year - 20));
        let mut father = Person::draw(dice, place, Gender::Male, (year - 33, year - 21));
        let family = owner.name.split(' ').next().expect("a name has a surname").to_owned();
        let given = father.name.split_once(' ').map_or("", |(_, given)| given).to_owned();
        father.name = format!("{family} {given}");
        let issued = Date::draw(dice, (2019, 2026));
        Self { owner, spouse, mother, father, issued }
    }
}

/// Typesets a paper; when only a few lines run over, it is set closer, as a typist would do.
pub(crate) fn make(kind: Kind, facts: &Facts, dice: &Dice) -> Paper {
    let set = |tight: f32| {
        let flow = Flow::new(dice.clone(), tight);
        match kind {
            Kind::BirthCertificate => birth::certificate(facts, flow),
            Kind::BirthExtract => birth::extract(facts, flow),
            Kind::MaritalStatus => marital::certificate(facts, flow),
            Kind::MaritalRequest => marital::request(facts, flow),
            Kind::Divorce => court::divorce(facts, flow),
            Kind::Household => business::household(facts, flow),
            Kind::Land => land::certificate(facts, flow),
            Kind::Decision => decision::decision(facts, flow),
            Kind::IdentityCard => identity::card(facts, flow),
        }
    };
    let runs_over = |paper: &Paper| {
        paper.sheets.len() > 1 && paper.sheets.last().is_some_and(|sheet| sheet.lines.len() < 14)
    };
    let mut paper = set(1.0);
    if runs_over(&paper) {
        let closer = set(0.88);
        if closer.sheets.len() < paper.sheets.len() {
            paper = closer;
        }
    }
    kind.code().clone_into(&mut paper.fields.paper_type);
    paper.fields.n_pages = paper.sheets.len();
    paper
}

/// The right half of every header: the country's name and motto.
// law: ND30-2020/PL1
const NATION: [Head<'static>; 3] = [
    Head::Text(12.5, "*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*"),
    Head::Text(13.5, "*Độc lập - Tự do - Hạnh phúc*"),
    Head::Rule(60.0),
];

/// The agency above, the agency, the number; and the nation, the place and the day.
fn official_head(
    flow: &mut Flow,
    above: Option<&str>,
    agency: &str,
    number: Option<&str>,
    place_and_day: &str,
) {
    let above = above.map(kept_together);
    let agency = format!("*{}*", kept_together(agency));
    let number = number.map(|number| format!("Số: {number}"));
    let mut left = Vec::new();
    if let Some(above) = &above {
        left.push(Head::Text(12.5, above));
    }
    left.extend([Head::Text(12.5, &agency), Head::Rule(24.0), Head::Gap(2.0)]);
    if let Some(number) = &number {
        left.push(Head::Text(13.0, number));
    }
    let day = format!("_{place_and_day}_");
    let right = [NATION[0], NATION[1], NATION[2], Head::Gap(2.0), Head::Text(13.5, &day)];
    flow.heads(&left, &right);
    flow.skip(5.0);
}

/// In capitals, broken only between the body and its place, never within the place's name.
fn kept_together(agency: &str) -> String {
    let agency = agency.to_uppercase();
    agency.split_once("NHÂN DÂN ").map_or_else(
        || agency.clone(),
        |(body, place)| format!("{body}NHÂN DÂN {}", place.replace(' ', "\u{a0}")),
    )
}

/// The commune's people's committee as it is named in headers on that day.
fn committee(place: Place) -> String {
    format!("Ủy ban nhân dân {}", place.commune)
}

/// The lines over a chairman's or deputy's name, and his title in the truth.
fn chair(dice: &mut Dice, body: &str) -> (Vec<String>, String) {
    if dice.chance(0.5) {
        (vec![format!("*TM. {}*", body.to_uppercase()), "*CHỦ TỊCH*".to_owned()], "Chủ tịch".to_owned())
    } else {
        let lines = vec![
            format!("*TM. {}*", body.to_uppercase()),
            "*KT. CHỦ TỊCH*".to_owned(),
            "*PHÓ CHỦ TỊCH*".to_owned(),
        ];
        (lines, "Phó Chủ tịch".to_owned())
    }
}

fn official(dice: &mut Dice) -> String {
    people::official(dice)
}
