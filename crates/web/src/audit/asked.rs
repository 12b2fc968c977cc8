//! What of the events is asked for: read from an address, and from what somebody typed.

use crate::Web;
use crate::error::Failure;
use crate::form::{Choice, FormState, Posted, query_value};
use crate::session::Visitor;
use jiff::civil::Date;
use rules::event::trail::{Filter, Group};
use rules::people::Role;
use rules::scanning::day;
use store::people::Party;

/// People shown to choose from.
const MOST: usize = 20;

/// A filter with whom of several somebody may have meant.
pub(super) struct Seen {
    pub(super) filter: Filter,
    /// Each leads to the page of it.
    pub(super) choices: Vec<Choice>,
}

/// The parts of a filter with their names in addresses and forms.
pub(super) fn pairs(filter: &Filter) -> Vec<(&'static str, String)> {
    let parts = [
        ("ho-so", filter.dossier.map(|id| id.to_string())),
        ("nguoi", filter.person.map(|id| id.to_string())),
        ("can-bo", filter.officer.map(|id| id.to_string())),
        ("loai", filter.group.map(|group| group.code().to_owned())),
        ("tu-ngay", filter.from.map(|day| day.to_string())),
        ("den-ngay", filter.to.map(|day| day.to_string())),
    ];
    parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

pub(super) fn query(filter: &Filter) -> String {
    let pairs: Vec<String> =
        pairs(filter).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The filter of an address. What does not parse does not exist.
pub(crate) fn asked_for(sent: Option<&str>) -> Result<Filter, Failure> {
    parsed(|name| query_value(sent, name))
}

/// The filter a form was shown under.
pub(super) fn present(posted: &Posted) -> Result<Filter, Failure> {
    parsed(|name| posted.get(name).to_owned())
}

fn parsed(value: impl Fn(&str) -> String) -> Result<Filter, Failure> {
    fn part<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
        if text.is_empty() { Ok(None) } else { parse(text).map(Some).ok_or_else(Failure::not_found) }
    }
    Ok(Filter {
        dossier: part(&value("ho-so"), |id| id.parse().ok())?,
        person: part(&value("nguoi"), |id| id.parse().ok())?,
        officer: part(&value("can-bo"), |id| id.parse().ok())?,
        group: part(&value("loai"), Group::parse)?,
        from: part(&value("tu-ngay"), |day| day.parse().ok())?,
        to: part(&value("den-ngay"), |day| day.parse().ok())?,
    })
}

/// What was typed, with what was asked for before.
pub(super) async fn seek(
    web: &Web,
    visitor: &Visitor,
    posted: &Posted,
    form: &mut FormState,
) -> Result<Seen, Failure> {
    let mut filter = present(posted)?;
    filter.group = Group::parse(posted.get("viec"));
    filter.from = typed_day(posted, "tu", form);
    filter.to = typed_day(posted, "den", form);
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && to < from
    {
        form.fault("den", "Ngày cuối phải từ ngày đầu trở đi");
    }
    let actor = &visitor.present.actor;
    let code = posted.get("ma-ho-so");
    if !code.is_empty() && actor.has_role(Role::Auditor) {
        filter.dossier = web.office.trail_dossier(actor, code).await?;
        if filter.dossier.is_none() {
            form.fault(
                "ma-ho-so",
                "Không có hồ sơ mã này trong phạm vi của bạn. Xem lại mã trên giấy tiếp nhận",
            );
        }
    }
    let mut choices = Vec::new();
    if actor.has_role(Role::Auditor) {
        choices = people(web, visitor, posted, &mut filter, form).await?;
    }
    if choices.is_empty() {
        choices = officers(web, visitor, posted, &mut filter, form).await?;
    }
    // A choice leads away from this form: what is wrong in it is said first.
    if !form.errors().is_empty() {
        choices.clear();
    }
    Ok(Seen { filter, choices })
}

fn typed_day(posted: &Posted, name: &str, form: &mut FormState) -> Option<Date> {
    day(posted.get(name)).unwrap_or_else(|()| {
        form.fault(name, "Ghi ngày, ví dụ 23/11/2026");
        None
    })
}

async fn officers(
    web: &Web,
    visitor: &Visitor,
    posted: &Posted,
    filter: &mut Filter,
    form: &mut FormState,
) -> Result<Vec<Choice>, Failure> {
    const FIELD: &str = "ten-can-bo";
    let typed = posted.get(FIELD);
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let found = web.office.trail_officers(&visitor.present.actor, typed).await?;
    if found.is_empty() {
        form.fault(FIELD, "Không có cán bộ nào tên như vậy. Gõ họ tên hoặc tên đăng nhập");
    }
    Ok(meant(
        &found,
        filter,
        |filter, one| filter.officer = Some(one.id),
        |one| format!("{} ({})", one.name, one.login),
    ))
}

async fn people(
    web: &Web,
    visitor: &Visitor,
    posted: &Posted,
    filter: &mut Filter,
    form: &mut FormState,
) -> Result<Vec<Choice>, Failure> {
    const FIELD: &str = "ten-nguoi";
    let typed = posted.get(FIELD);
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let found = web.office.find(&visitor.present.actor, typed, &["party"]).await?.people;
    if found.is_empty() {
        form.fault(FIELD, "Không thấy người này. Gõ số định danh hoặc đủ họ tên");
    }
    let label = |one: &Party| {
        let number = one.numbers.first().map_or("", |number| number.number.as_str());
        format!("{} · {number} · {}", one.name, one.address)
    };
    Ok(meant(&found, filter, |filter, one| filter.person = Some(one.id), label))
}

/// Narrows the filter to the one that was found; of several, each is a choice that leads to the page of it.
fn meant<T>(
    found: &[T],
    filter: &mut Filter,
    narrow: impl Fn(&mut Filter, &T),
    label: impl Fn(&T) -> String,
) -> Vec<Choice> {
    if let [one] = found {
        narrow(filter, one);
        return Vec::new();
    }
    let choice = |one: &T| {
        let mut chosen = filter.clone();
        narrow(&mut chosen, one);
        Choice::new(super::address(&chosen), label(one))
    };
    found.iter().take(MOST).map(choice).collect()
}
