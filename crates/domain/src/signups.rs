//! A hall that somebody makes by themselves, on trial.

use jiff::{SignedDuration, Timestamp};

use crate::{
    tenants::{Currency, Plan, Slug, TenantKind, ZoneName},
    text::Line,
};

/// How long a hall can be tried out.
pub const TRIAL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many halls of one name are told apart by a number; the next one gets something nobody else has.
const NUMBERED: u8 = 9;

/// A hall that somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signup {
    /// What it calls itself.
    pub name: Line<255>,
    /// The short name that is wanted; one is made of the name where none is.
    pub slug: Option<Slug>,
    /// Local or trust.
    pub kind: TenantKind,
    /// Where its days begin and end.
    pub time_zone: ZoneName,
    /// What its amounts are in.
    pub currency: Currency,
}

impl Signup {
    /// The short names to be tried, in this order: the one that is wanted or made of the name, the same with a number,
    /// and the same with `unique`, lower-case letters and digits that nobody else has.
    pub fn slugs(&self, unique: &str) -> Vec<Slug> {
        let slug = self.slug.clone();
        let first = slug.unwrap_or_else(|| Slug::of_name(&self.name));
        let numbered = (2..=NUMBERED).map(|number| first.followed_by(&number.to_string()));
        let mut slugs: Vec<_> = std::iter::once(first.clone()).chain(numbered).collect();
        slugs.push(first.followed_by(unique));
        slugs
    }
}

/// The plan of a hall that is made now.
pub fn trial(now: Timestamp) -> Plan {
    Plan::trial(now.saturating_add(TRIAL).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signup(slug: Option<&str>) -> Signup {
        Signup {
            name: Line::parse("Local 46").unwrap(),
            slug: slug.map(|slug| Slug::parse(slug).unwrap()),
            kind: TenantKind::Local,
            time_zone: ZoneName::parse("America/Los_Angeles").unwrap(),
            currency: Currency::parse("USD").unwrap(),
        }
    }

    #[test]
    fn halls_of_one_name_are_told_apart_by_a_number_and_at_last_by_what_nobody_else_has() {
        let slugs = signup(None).slugs("7f3a");
        let slugs: Vec<_> = slugs.iter().map(Slug::as_str).collect();
        assert_eq!(slugs.len(), 10);
        assert_eq!(slugs[..3], ["local-46", "local-46-2", "local-46-3"]);
        assert_eq!(slugs[9], "local-46-7f3a");
        let wanted = signup(Some("seattle")).slugs("7f3a");
        assert_eq!(wanted[1].as_str(), "seattle-2");
    }

    #[test]
    fn a_trial_lasts_thirty_days() {
        let now: Timestamp = "2026-11-21T20:00:00Z".parse().unwrap();
        let ends_at = trial(now).standing.trial_ends_at().unwrap();
        assert_eq!(ends_at, "2026-12-21T20:00:00Z".parse().unwrap());
    }
}
