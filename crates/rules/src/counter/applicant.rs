//! The applicant as typed at the counter or read from the identity card, checked all at once.

use crate::card::{BirthDate, Card};
use crate::code::{OwnerNumber, Sex};
use crate::scanning::day;
use crate::text::{nfc, tidy_name};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What stands in the form's fields; empty means nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedApplicant {
    pub number: String,
    pub name: String,
    pub born_on: String,
    pub sex: String,
    pub address: String,
    pub phone: String,
}

/// A checked applicant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    pub number: OwnerNumber,
    pub name: String,
    pub born_on: Option<Date>,
    pub sex: Option<Sex>,
    pub address: String,
    pub phone: String,
}

/// The fields of the form, by name.
pub const NUMBER: &str = "so-dinh-danh";
pub const NAME: &str = "ho-ten";
pub const BORN_ON: &str = "ngay-sinh";
pub const SEX: &str = "gioi-tinh";
pub const ADDRESS: &str = "dia-chi";
pub const PHONE: &str = "dien-thoai";

impl TypedApplicant {
    /// Checks every field; all faults come back, each with its field's name and a sentence.
    pub fn check(&self, today: Date) -> Result<Applicant, Vec<(&'static str, String)>> {
        let mut faults = Vec::new();
        let number = self.number.trim().parse::<OwnerNumber>();
        let name = tidy_name(&nfc(&self.name));
        if name.is_empty() {
            faults.push((NAME, "Nhập họ và tên người nộp".to_owned()));
        }
        for (field, value, most) in
            [(NAME, &self.name, 200), (ADDRESS, &self.address, 500), (PHONE, &self.phone, 50)]
        {
            if value.chars().count() > most {
                faults.push((field, format!("Dài quá {most} chữ")));
            }
        }
        let born_on = day(&self.born_on).unwrap_or_else(|()| {
            faults.push((BORN_ON, "Ngày sinh gõ theo mẫu 4/3/1998".to_owned()));
            None
        });
        if born_on.is_some_and(|day| day > today) {
            faults.push((BORN_ON, "Ngày sinh phải trước hôm nay".to_owned()));
        }
        let sex = match self.sex.as_str() {
            "nam" => Some(Sex::Male),
            "nu" => Some(Sex::Female),
            _ => None,
        };
        match number {
            Ok(number) => {
                if let OwnerNumber::Person(id) = &number {
                    for fault in id.faults(born_on.map(Date::year), sex, today) {
                        faults.push((NUMBER, crate::words::upper_first(&fault.to_string())));
                    }
                }
                if !faults.is_empty() {
                    return Err(faults);
                }
                let (address, phone) = (nfc(self.address.trim()), self.phone.trim().to_owned());
                Ok(Applicant { number, name, born_on, sex, address, phone })
            }
            Err(_) if self.number.trim().is_empty() => {
                faults.insert(0, (NUMBER, "Nhập số định danh hoặc mã số thuế".to_owned()));
                Err(faults)
            }
            Err(bad) => {
                faults.insert(0, (NUMBER, crate::words::upper_first(&bad.to_string())));
                Err(faults)
            }
        }
    }
}

impl From<Card> for TypedApplicant {
    /// What the card gives; a name whose letters the reader broke is left for the officer to type.
    fn from(card: Card) -> Self {
        Self {
            number: card.personal_id.as_str().to_owned(),
            name: card.name.unwrap_or_default(),
            born_on: match card.born {
                BirthDate::Day(day) => crate::words::date(day),
                BirthDate::Month { .. } | BirthDate::Year(_) => String::new(),
            },
            sex: match card.sex {
                Sex::Male => "nam".to_owned(),
                Sex::Female => "nu".to_owned(),
            },
            address: card.address.unwrap_or_default(),
            phone: String::new(),
        }
    }
}

#[cfg(test)]
mod tests;
