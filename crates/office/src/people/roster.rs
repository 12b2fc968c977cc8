//! The officers an administrator keeps, a page at a time, with what he asks first about each: posts, the last
//! sign-in, the second factor, what waits for a second person.

use super::administering::{Reach, is_over};
use super::sheet::SigningIn;
use crate::{Error, Office};
use jiff::civil::Date;
use rules::id::{AgencyId, OfficerId};
use rules::people::leave::Absence;
use rules::people::proposal::Change;
use rules::people::{Actor, Post, Role};
use rules::text::{fold, person_sort_key};
use std::collections::{BTreeMap, BTreeSet};
use store::people::rights;
use store::people::roster::{self, AccountLine};

/// Officers on one page.
pub const ON_A_PAGE: usize = 50;

/// Which officers are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words of the name, the title or the login, in any order, accents aside.
    pub words: String,
    pub agency: Option<AgencyId>,
    pub role: Option<Role>,
    /// The first is 0.
    pub page: usize,
}

/// One officer in the list.
#[derive(Clone, Debug)]
pub struct RosterLine {
    pub account: AccountLine,
    /// Those he has or will have.
    pub posts: Vec<Post>,
    /// How he signs in; nothing where his account is kept elsewhere.
    pub signing_in: Option<SigningIn>,
    /// The roles that wait for their second person.
    pub waiting: Vec<Role>,
    /// The last day of the leave he is on.
    pub away_until: Option<Date>,
}

/// A page of officers.
#[derive(Clone, Debug)]
pub struct Roster {
    pub lines: Vec<RosterLine>,
    /// How many there are in all.
    pub n: usize,
    pub page: usize,
    /// The agencies of today in his reach, by name.
    pub agencies: Vec<(AgencyId, String)>,
    /// Every name, also of agencies that have ended.
    pub names: BTreeMap<AgencyId, String>,
}

impl Wanted {
    fn fits(&self, account: &AccountLine, posts: &[Post]) -> bool {
        let text = fold(&format!("{} {} {}", account.name, account.title, account.login));
        let said = fold(&self.words).split_whitespace().all(|word| text.contains(word));
        let at = |agency| account.agency == agency || posts.iter().any(|post| post.agency == agency);
        let is = |role| posts.iter().any(|post| post.role == role);
        said && self.agency.is_none_or(at) && self.role.is_none_or(is)
    }
}

/// Those of `posts` that are not over on `day`.
pub(super) fn standing(posts: Vec<Post>, day: Date) -> Vec<Post> {
    posts.into_iter().filter(|post| !is_over(post, day)).collect()
}

impl Office {
    /// The officers this administrator keeps, by given name.
    pub async fn roster(&self, actor: &Actor, wanted: &Wanted) -> Result<Roster, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let reach = Reach::of(&mut reader, actor).await?;
        let accounts = roster::accounts_of(&mut reader, &reach.0, today).await?;
        let ids: Vec<OfficerId> = accounts.iter().map(|account| account.id).collect();
        let mut posts = roster::posts_of(&mut reader, &ids).await?;
        let mut found: Vec<(AccountLine, Vec<Post>)> = accounts
            .into_iter()
            .map(|account| {
                let mut posts = standing(posts.remove(&account.id).unwrap_or_default(), today);
                posts.retain(|post| reach.has(account.agency) || reach.has(post.agency));
                (account, posts)
            })
            .filter(|(account, posts)| wanted.fits(account, posts))
            .collect();
        found.sort_by_cached_key(|(account, _)| (person_sort_key(&account.name), account.login.clone()));
        let n = found.len();
        let page = wanted.page.min(n.saturating_sub(1) / ON_A_PAGE);
        let shown: Vec<_> = found.into_iter().skip(page * ON_A_PAGE).take(ON_A_PAGE).collect();
        let ids: Vec<OfficerId> = shown.iter().map(|(account, _)| account.id).collect();
        let signed_in = roster::last_sign_ins(&mut reader, &ids).await?;
        let with_second_factor = roster::with_second_factor(&mut reader, &ids).await?;
        let proposals = rights::open_proposals(&mut reader, today).await?;
        let absences = rights::absences_of(&mut reader, &ids, today).await?;
        let lines = shown.into_iter().map(|(account, posts)| {
            let is_kept = reach.has(account.agency);
            let shows = |change: &Change| is_kept || reach.has(change.agency());
            let waiting = proposals.iter().map(|proposal| &proposal.change);
            RosterLine {
                signing_in: is_kept.then(|| SigningIn {
                    last_at: signed_in.get(&account.id).copied(),
                    has_second_factor: with_second_factor.contains(&account.id),
                }),
                waiting: waiting
                    .filter(|change| change.officer() == account.id && shows(change))
                    .map(Change::role)
                    .collect(),
                away_until: is_kept.then(|| away_until(&absences, account.id, today)).flatten(),
                posts,
                account,
            }
        });
        let lines = lines.collect();
        let (agencies, names) = agencies_of(&mut reader, &reach.0, today).await?;
        Ok(Roster { lines, n, page, agencies, names })
    }
}

impl Office {
    /// The agencies of today in which this administrator keeps the accounts, by name.
    pub async fn agencies_kept(&self, actor: &Actor) -> Result<Vec<(AgencyId, String)>, Error> {
        let mut reader = self.db.read().await?;
        let reach = Reach::of(&mut reader, actor).await?;
        Ok(agencies_of(&mut reader, &reach.0, self.clock.today()).await?.0)
    }
}

fn away_until(absences: &[Absence], officer: OfficerId, today: Date) -> Option<Date> {
    let his = absences.iter().find(|absence| absence.officer == officer && absence.is_on(today));
    his.map(|absence| absence.valid_to)
}

/// The agencies of these that are there on a day, in the order of their names, and the names of all.
pub(super) async fn agencies_of(
    reader: &mut store::Reader,
    reach: &BTreeSet<AgencyId>,
    day: Date,
) -> Result<(Vec<(AgencyId, String)>, BTreeMap<AgencyId, String>), Error> {
    let units = store::people::units(reader).await?;
    let mut agencies: Vec<(AgencyId, String)> = units
        .iter()
        .filter(|kept| reach.contains(&kept.id) && kept.unit.is_valid_on(day))
        .map(|kept| (kept.id, kept.unit.name.clone()))
        .collect();
    agencies.sort_by_cached_key(|(_, name)| rules::text::sort_key(name));
    Ok((agencies, units.into_iter().map(|kept| (kept.id, kept.unit.name)).collect()))
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use rules::id::{AgencyId, OfficerId};
    use rules::people::{Post, Role};
    use store::people::roster::AccountLine;
    use uuid::Uuid;

    const HERE: AgencyId = AgencyId(Uuid::from_u128(1));
    const THERE: AgencyId = AgencyId(Uuid::from_u128(2));

    fn fits(wanted: &Wanted) -> bool {
        let account = AccountLine {
            id: OfficerId(Uuid::from_u128(3)),
            login: "quay.yenbinh".to_owned(),
            name: "Đặng Thu Hà".to_owned(),
            title: "Văn thư".to_owned(),
            agency: HERE,
            active: true,
        };
        wanted.fits(&account, &[Post::new(THERE, Role::Clerk)])
    }

    #[test]
    fn an_officer_is_found_by_any_words_without_accents() {
        for words in ["", "ha dang", "Hà", "VAN THU", "quay.", "thu yenbinh"] {
            assert!(fits(&Wanted { words: words.to_owned(), ..Wanted::default() }), "{words}");
        }
        for words in ["hạnh", "ha tuệ", "quay2"] {
            assert!(!fits(&Wanted { words: words.to_owned(), ..Wanted::default() }), "{words}");
        }
    }

    #[test]
    fn filters_hold_together() {
        let at = |agency, role| fits(&Wanted { agency: Some(agency), role: Some(role), ..Wanted::default() });
        assert!(at(HERE, Role::Clerk), "where he works");
        assert!(at(THERE, Role::Clerk), "where his post is");
        assert!(!at(HERE, Role::Head));
        assert!(!at(AgencyId(Uuid::from_u128(9)), Role::Clerk));
    }
}
