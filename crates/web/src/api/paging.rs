//! Lists page by page. A cursor names the last thing of a page by its place in the order, not by a count, so
//! that what comes in meanwhile moves nothing; it carries a check that it is one of ours, of this very list.

use super::Refusal;
use crate::Web;
use crate::error::Failure;
use crate::form::query_value;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Things on a page where nobody says how many.
const USUAL: usize = 200;
/// And at most.
const MOST: usize = 500;
/// Bytes of a cursor's check.
const N_CHECK: usize = 8;

/// Which page of the list at this address is asked for.
#[derive(Debug)]
pub(crate) struct Paging {
    /// The address with all that was asked but the page.
    list: String,
    limit: usize,
    /// The place of the last thing of the page before.
    after: Option<String>,
}

/// A page, and where the next one is.
#[derive(Debug)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl Paging {
    fn of(path: &str, query: Option<&str>) -> Result<Self, Failure> {
        let is_of_list = |pair: &&str| {
            !matches!(pair.split('=').next(), Some("cursor" | "limit" | "")) && !pair.is_empty()
        };
        let kept: Vec<&str> = query.unwrap_or_default().split('&').filter(is_of_list).collect();
        let list = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
        let limit = match query_value(query, "limit").as_str() {
            "" => USUAL,
            typed => typed
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or_else(|| Failure::not_understood(&format!("`limit` phải là số từ 1 đến {MOST}")))?,
        };
        let after = match query_value(query, "cursor").as_str() {
            "" => None,
            cursor => Some(opened(cursor, &list).ok_or_else(|| {
                Failure::not_understood("`cursor` không phải của danh sách này; bắt đầu lại từ trang đầu")
            })?),
        };
        Ok(Self { list, limit, after })
    }

    /// The place behind which the page begins, for a list that is not read from its beginning.
    pub(crate) fn place(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// Things to be read so that it is known whether there are more.
    pub(crate) fn n_wanted(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The page of things that stand in the order of their places. No two have the same.
    pub(crate) fn page<T>(self, things: impl IntoIterator<Item = (String, T)>) -> Page<T> {
        let after = self.after.as_deref();
        let mut rest: Vec<(String, T)> = things
            .into_iter()
            .filter(|(place, _)| after.is_none_or(|after| place.as_str() > after))
            .collect();
        rest.sort_by(|(a, _), (b, _)| a.cmp(b));
        let has_more = rest.len() > self.limit;
        rest.truncate(self.limit);
        let last = rest.last().filter(|_| has_more);
        let next = last.map(|(place, _)| {
            let and = if self.list.contains('?') { '&' } else { '?' };
            format!("{}{and}limit={}&cursor={}", self.list, self.limit, sealed(place, &self.list))
        });
        Page { next, items: rest.into_iter().map(|(_, thing)| thing).collect() }
    }
}

fn check(place: &str, list: &str) -> [u8; N_CHECK] {
    let digest: [u8; 32] = Sha256::digest(format!("motcua cursor 1\n{list}\n{place}")).into();
    std::array::from_fn(|n| digest[n])
}

fn sealed(place: &str, list: &str) -> String {
    format!("{}{}", hex::encode(check(place, list)), hex::encode(place))
}

/// The place a cursor names; none where it was not made for this list.
fn opened(cursor: &str, list: &str) -> Option<String> {
    let bytes = hex::decode(cursor).ok()?;
    let (sum, place) = bytes.split_at_checked(N_CHECK)?;
    let place = String::from_utf8(place.to_vec()).ok()?;
    (sum == check(&place, list)).then_some(place)
}

impl FromRequestParts<Web> for Paging {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _web: &Web) -> Result<Self, Refusal> {
        Self::of(parts.uri.path(), parts.uri.query()).map_err(Refusal)
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.items).into_response();
        let link = self.next.map(|next| format!("<{next}>; rel=\"next\""));
        if let Some(link) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Page, Paging};

    const LIST: &str = "/api/v1/alarms";

    fn page(places: &[&str], query: &str) -> Page<String> {
        let paging = Paging::of(LIST, Some(query)).expect("a page");
        paging.page(places.iter().map(|place| ((*place).to_owned(), (*place).to_owned())))
    }

    fn query(page: &Page<String>) -> String {
        let next = page.next.as_deref().expect("there is more");
        next.strip_prefix(LIST).and_then(|rest| rest.strip_prefix('?')).expect("of the same list").to_owned()
    }

    #[test]
    fn pages_follow_one_another_whatever_comes_in_between() {
        let first = page(&["d", "b", "f"], "limit=2&loai=x");
        assert_eq!(first.items, ["b", "d"]);
        let next = query(&first);
        assert!(next.starts_with("loai=x&limit=2&cursor="), "{next}");
        let second = page(&["a", "b", "c", "d", "e", "f"], &next);
        assert_eq!((second.items.as_slice(), &second.next), (&["e".to_owned(), "f".to_owned()][..], &None));
        let without_the_last = page(&["a", "e"], &next);
        assert_eq!(without_the_last.items, ["e"], "what the cursor names may be gone");
    }

    #[test]
    fn a_cursor_of_another_list_or_another_hand_is_refused() {
        let next = query(&page(&["a", "b"], "limit=1"));
        assert!(Paging::of("/api/v1/agencies", Some(&next)).is_err());
        assert!(Paging::of(LIST, Some(&format!("{next}&loai=x"))).is_err());
        for (from, to) in [("cursor=", "cursor=00"), ("cursor=", "cursor=z"), ("limit=1", "limit=2")] {
            let changed = next.replace(from, to);
            assert_eq!(Paging::of(LIST, Some(&changed)).is_ok(), from == "limit=1", "{changed}");
        }
        for limit in ["0", "-1", "501", "nhiều"] {
            assert!(Paging::of(LIST, Some(&format!("limit={limit}"))).is_err(), "{limit}");
        }
        assert!(Paging::of(LIST, Some(&format!("limit={MOST}"))).is_ok());
    }
}
