//! From the fields of an administrator's form to values; every fault at its field, all of them together.

use crate::form::{FormState, Posted};
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::id::AgencyId;
use rules::people::{PeopleFault, Role};
use rules::words;
use std::str::FromStr;

/// A form being read.
pub(super) struct Reading<'p> {
    posted: &'p Posted,
    pub(super) form: FormState,
}

impl<'p> Reading<'p> {
    pub(super) fn of(posted: &'p Posted) -> Self {
        Self { posted, form: posted.state() }
    }

    pub(super) fn is_sound(&self) -> bool {
        self.form.errors().is_empty()
    }

    /// A day, perhaps none.
    pub(super) fn day(&mut self, field: &str) -> Option<Date> {
        let day = rules::scanning::day(self.posted.get(field));
        if day.is_err() {
            self.form.fault(field, "Ghi ngày như 27/3/2026");
        }
        day.unwrap_or_default()
    }

    /// A day that must be there; the first of the calendar stands for one that is not, with its fault.
    pub(super) fn needed_day(&mut self, field: &str) -> Date {
        if self.posted.get(field).is_empty() {
            self.form.fault(field, "Ghi ngày");
        }
        self.day(field).unwrap_or(Date::MIN)
    }

    /// What was chosen, if it can be read.
    pub(super) fn chosen<T: FromStr>(&mut self, field: &str, else_: &str) -> Option<T> {
        let chosen = self.posted.get(field).parse().ok();
        if chosen.is_none() {
            self.form.fault(field, else_);
        }
        chosen
    }

    pub(super) fn role(&mut self, field: &str) -> Option<Role> {
        let role = Role::of_word(self.posted.get(field));
        if role.is_none() {
            self.form.fault(field, "Chọn vai");
        }
        role
    }

    /// A post as a choice says it: see [`post_value`].
    pub(super) fn post(&mut self, field: &str) -> Option<(AgencyId, Role)> {
        let read = |text: &str| {
            let (agency, role) = text.split_once(' ')?;
            Some((agency.parse().ok()?, Role::of_word(role)?))
        };
        let post = read(self.posted.get(field));
        if post.is_none() {
            self.form.fault(field, "Chọn vai");
        }
        post
    }

    /// The decision a right is given or taken by.
    pub(super) fn decision(&mut self, field: &str) -> &'p str {
        let decision = self.posted.get(field);
        if decision.is_empty() {
            self.form.fault(field, words::people::fault(&PeopleFault::DecisionMissing));
        }
        decision
    }

    /// Codes of procedures between commas or spaces; none is all procedures.
    pub(super) fn procedures(&mut self, field: &str) -> Option<Vec<ProcedureCode>> {
        let typed = self.posted.get(field).split([',', ';', ' ', '\n']).map(str::trim);
        let mut codes = Vec::new();
        for text in typed.filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(code) => codes.push(code),
                Err(_) => self.form.fault(field, format!("“{text}” không phải mã thủ tục, ví dụ 1.004873")),
            }
        }
        (!codes.is_empty()).then_some(codes)
    }
}

/// A post as the value of a choice.
pub(super) fn post_value(agency: AgencyId, role: Role) -> String {
    format!("{agency} {}", role.word())
}

#[cfg(test)]
mod tests {
    use super::{Reading, post_value};
    use crate::form::Posted;
    use jiff::civil::date;
    use rules::id::AgencyId;
    use rules::people::Role;
    use uuid::Uuid;

    #[test]
    fn every_fault_is_said_at_its_field() {
        let posted = Posted::parse("tu=32/1/2026&vai=vua&ma=1.004873,+chin&quyet-dinh=".as_bytes());
        let mut reading = Reading::of(&posted);
        assert_eq!(reading.day("tu"), None);
        assert_eq!(reading.role("vai"), None);
        assert_eq!(reading.post("vai"), None);
        assert_eq!(reading.procedures("ma").map(|codes| codes.len()), Some(1));
        assert_eq!(reading.decision("quyet-dinh"), "");
        reading.needed_day("den");
        let fields: Vec<&str> = reading.form.errors().iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["tu", "vai", "vai", "ma", "quyet-dinh", "den"]);
        assert!(!reading.is_sound());
    }

    #[test]
    fn a_post_comes_back_as_it_was_offered() {
        let agency = AgencyId(Uuid::from_u128(7));
        let text = format!("vai={}&tu=1/12/2026", post_value(agency, Role::Clerk).replace(' ', "+"));
        let posted = Posted::parse(text.as_bytes());
        let mut reading = Reading::of(&posted);
        assert_eq!(reading.post("vai"), Some((agency, Role::Clerk)));
        assert_eq!(reading.needed_day("tu"), date(2026, 12, 1));
        assert!(reading.is_sound());
    }
}
