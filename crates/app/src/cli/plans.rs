//! `unionhall tenant set`: what can be typed of a tenant's plan.

use clap::Args;
use jiff::Timestamp;
use unionhall_domain::{
    tenants::{Slug, StandingMove},
    text::Line,
};

use super::{line, said, slug};

/// What to set of a tenant.
#[derive(Debug, Args, PartialEq)]
pub struct SetTenant {
    /// The short name of the tenant
    #[arg(value_parser = slug)]
    pub slug: Slug,
    /// `active`, `suspended` or `canceled`; a canceled tenant stays so
    #[arg(long, value_parser = standing)]
    pub status: Option<StandingMove>,
    /// When its trial ends, if it is on trial
    #[arg(long, value_parser = instant, value_name = "RFC-3339")]
    pub trial_ends: Option<Timestamp>,
    /// How many people may have a place in it, or `none` for any number
    #[arg(long, value_parser = users, value_name = "NUMBER")]
    pub max_users: Option<Bound<u32>>,
    /// How many bytes its files may take, or `none` for any number
    #[arg(long, value_parser = storage, value_name = "BYTES")]
    pub max_storage: Option<Bound<u64>>,
    /// What you call what was agreed, or `none`
    #[arg(long, value_parser = tier)]
    pub tier: Option<Bound<Line<50>>>,
}

/// A value, or `none`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound<T>(pub Option<T>);

fn standing(text: &str) -> Result<StandingMove, String> {
    said(StandingMove::to(text))
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let wrong = |_| "must be a time like 2027-01-31T08:00:00Z".to_owned();
    text.parse().map_err(wrong)
}

fn users(text: &str) -> Result<Bound<u32>, String> {
    let number = |text: &str| {
        text.parse()
            .ok()
            .filter(|users| (1..=1_000_000).contains(users))
    };
    bound(text, number, "must be a number from 1 to 1000000, or none")
}

fn storage(text: &str) -> Result<Bound<u64>, String> {
    let number = |text: &str| {
        text.parse()
            .ok()
            .filter(|bytes| i64::try_from(*bytes).is_ok())
    };
    bound(text, number, "must be a number of bytes, or none")
}

fn tier(text: &str) -> Result<Bound<Line<50>>, String> {
    match text {
        "none" => Ok(Bound(None)),
        text => line(text).map(|tier| Bound(Some(tier))),
    }
}

fn bound<T>(
    text: &str,
    number: impl FnOnce(&str) -> Option<T>,
    wrong: &str,
) -> Result<Bound<T>, String> {
    match text {
        "none" => Ok(Bound(None)),
        text => number(text)
            .map(|number| Bound(Some(number)))
            .ok_or_else(|| wrong.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command, TenantCommand};

    fn parse(line: &str) -> Result<SetTenant, clap::Error> {
        let words = ["unionhall", "tenant", "set"].into_iter();
        let parsed = Cli::try_parse_from(words.chain(line.split_whitespace()))?;
        match parsed.into_parts().0 {
            Command::Tenant(TenantCommand::Set(set)) => Ok(set),
            other => panic!("another command: {other:?}"),
        }
    }

    #[test]
    fn what_is_set_of_a_tenant_has_a_value_or_none_and_the_rest_stays() {
        let set = parse(
            "local-46 --status suspended --max-users 25 --max-storage none \
             --trial-ends 2027-01-31T08:00:00Z",
        )
        .unwrap();
        assert_eq!(set.status, Some(StandingMove::Suspend));
        assert_eq!(set.max_users, Some(Bound(Some(25))));
        assert_eq!(set.max_storage, Some(Bound(None)));
        assert_eq!(set.tier, None);
        assert!(set.trial_ends.is_some());
        let nothing = parse("local-46").unwrap();
        assert_eq!((nothing.status, nothing.max_users), (None, None));
    }
}
