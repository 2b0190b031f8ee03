//! What a tenant decides about its fund: how far an amount climbs, the reserve, the yearly caps, what reviewers see
//! first; and from which day each of it holds.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use super::words::{Level, Naming, Reason};
use crate::{audit::Fields, invalid::Invalid, money::Amount, users::UserId};

/// Up to which amounts one, two and three levels are enough; from the last on it takes all four.
///
/// The bounds are not part of what they bound: 500.00 is not under 500.00 and takes two levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    one_below: Amount,
    two_below: Amount,
    three_below: Amount,
}

/// What one member may be granted in one calendar year of the tenant; where there is no cap, nothing bounds it but the
/// fund.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caps {
    /// For all reasons together.
    pub per_member: Option<Amount>,
    /// For each reason by itself.
    pub per_reason: BTreeMap<Reason, Amount>,
}

/// What one member was granted so far in the calendar year of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearAwards {
    /// For all reasons together.
    pub whole: Amount,
    /// For the reason of the application.
    pub reason: Amount,
}

/// An award that a yearly cap does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the yearly cap of {cap} leaves {left} for this member")]
pub struct OverCap {
    /// The cap.
    pub cap: Amount,
    /// What it leaves.
    pub left: Amount,
    /// The reason it is for; none when it is for all reasons together.
    pub reason: Option<Reason>,
}

/// Everything that a tenant decides about its fund, as of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How far an amount climbs.
    pub thresholds: Thresholds,
    /// What stays in the fund, whatever is granted.
    pub reserve: Amount,
    /// What one member may be granted in a year.
    pub caps: Caps,
    /// What reviewers see before they decide.
    pub naming: Naming,
}

/// Rules with the day from which they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesVersion {
    /// The first day on which they hold, in the tenant's time zone.
    pub effective_from: Date,
    /// The rules.
    pub rules: Rules,
    /// Who set them; none for the operator.
    pub set_by: Option<UserId>,
    /// When they were set.
    pub set_at: Timestamp,
}

/// How many versions of the rules a tenant has at most.
pub const MOST_VERSIONS: usize = 500;

/// Every version of a tenant's rules, the earliest first; no two begin on one day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleBook(Vec<RulesVersion>);

impl Thresholds {
    /// Under 500 one level, under 2,000 two, under 5,000 three, else four: what holds where a tenant says nothing.
    pub const DEFAULT: Self = Self {
        one_below: Amount::constant(50_000),
        two_below: Amount::constant(200_000),
        three_below: Amount::constant(500_000),
    };

    /// Bounds in this order. Equal bounds leave a number of levels out: 0, 0, 0 takes all four for everything.
    ///
    /// # Errors
    /// `not_ascending` when one is below the one before it.
    pub fn new(one_below: Amount, two_below: Amount, three_below: Amount) -> Result<Self, Invalid> {
        if one_below <= two_below && two_below <= three_below {
            Ok(Self {
                one_below,
                two_below,
                three_below,
            })
        } else {
            Err(Invalid::new(
                "not_ascending",
                "each bound must be at least the one before it",
            ))
        }
    }

    /// The bounds for one, two and three levels.
    pub const fn bounds(self) -> [Amount; 3] {
        [self.one_below, self.two_below, self.three_below]
    }

    /// The last level that this amount needs; every level below it is needed too.
    pub fn last_level(self, asked: Amount) -> Level {
        if asked < self.one_below {
            Level::Vp
        } else if asked < self.two_below {
            Level::Admin
        } else if asked < self.three_below {
            Level::Manager
        } else {
            Level::President
        }
    }
}

impl Caps {
    /// Goes on if this much more stays within both caps.
    ///
    /// # Errors
    /// [`OverCap`] of the cap that leaves the least.
    pub fn check(
        &self,
        reason: Reason,
        awarded: YearAwards,
        amount: Amount,
    ) -> Result<(), OverCap> {
        let left = |cap: Option<Amount>, used: Amount, reason| {
            cap.map(|cap| OverCap {
                cap,
                left: cap.minus(used).unwrap_or(Amount::ZERO),
                reason,
            })
        };
        let of_reason = self.per_reason.get(&reason).copied();
        let tightest = [
            left(self.per_member, awarded.whole, None),
            left(of_reason, awarded.reason, Some(reason)),
        ]
        .into_iter()
        .flatten()
        .min_by_key(|cap| cap.left);
        match tightest {
            Some(over) if amount > over.left => Err(over),
            Some(_) | None => Ok(()),
        }
    }
}

impl Rules {
    /// What holds where a tenant says nothing: the usual thresholds, no reserve, no caps, names shown.
    pub const fn default_rules() -> Self {
        Self {
            thresholds: Thresholds::DEFAULT,
            reserve: Amount::ZERO,
            caps: Caps {
                per_member: None,
                per_reason: BTreeMap::new(),
            },
            naming: Naming::Shown,
        }
    }

    /// The rules as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        let Self {
            thresholds,
            reserve,
            caps,
            naming,
        } = self;
        let [one, two, three] = thresholds.bounds();
        let cap = |reason| caps.per_reason.get(&reason).map(ToString::to_string);
        vec![
            ("one_level_below", Some(one.to_string())),
            ("two_levels_below", Some(two.to_string())),
            ("three_levels_below", Some(three.to_string())),
            ("reserve", Some(reserve.to_string())),
            ("cap_per_member", caps.per_member.map(|cap| cap.to_string())),
            ("cap_medical", cap(Reason::Medical)),
            ("cap_death_in_family", cap(Reason::DeathInFamily)),
            ("cap_hardship", cap(Reason::Hardship)),
            ("cap_disaster", cap(Reason::Disaster)),
            ("cap_other", cap(Reason::Other)),
            ("naming", Some(naming.as_str().to_owned())),
        ]
    }
}

impl RuleBook {
    /// The book of these versions, in any order.
    ///
    /// # Errors
    /// `duplicate_day` when two begin on one day.
    pub fn of(mut versions: Vec<RulesVersion>) -> Result<Self, Invalid> {
        versions.sort_by_key(|version| version.effective_from);
        let mut days = versions.iter().map(|version| version.effective_from);
        let mut last = days.next();
        for day in days {
            if Some(day) == last {
                return Err(Invalid::new(
                    "duplicate_day",
                    "no two versions may begin on one day",
                ));
            }
            last = Some(day);
        }
        Ok(Self(versions))
    }

    /// The versions, the earliest first.
    pub fn versions(&self) -> &[RulesVersion] {
        &self.0
    }

    /// The rules that hold on a day: the newest that began on or before it, else the defaults.
    pub fn in_force(&self, day: Date) -> Rules {
        self.0
            .iter()
            .rev()
            .find(|version| version.effective_from <= day)
            .map_or_else(Rules::default_rules, |version| version.rules.clone())
    }

    /// The book with one version more, or with another one in place of one that does not hold yet.
    ///
    /// # Errors
    /// `in_the_past` for a day before the tenant's `today`, because what was decided by then stays decided;
    /// `in_force` for today when a version already began today; `too_many` above [`MOST_VERSIONS`].
    pub fn with(&self, version: RulesVersion, today: Date) -> Result<Self, Invalid> {
        let from = version.effective_from;
        if from < today {
            return Err(Invalid::new("in_the_past", "must not be before today"));
        }
        let same_day = |other: &RulesVersion| other.effective_from == from;
        if from == today && self.0.iter().any(same_day) {
            return Err(Invalid::new(
                "in_force",
                "the rules of today are in force already; set them for another day",
            ));
        }
        let kept = self.0.iter().filter(|other| !same_day(other)).cloned();
        if kept.clone().count() >= MOST_VERSIONS {
            let detail = format!("there are at most {MOST_VERSIONS} versions of the rules");
            return Err(Invalid::new("too_many", detail));
        }
        Self::of(kept.chain([version]).collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn version(from: Date, reserve: &str) -> RulesVersion {
        RulesVersion {
            effective_from: from,
            rules: Rules {
                reserve: amount(reserve),
                ..Rules::default_rules()
            },
            set_by: None,
            set_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_amount_takes_one_level_more_from_each_bound_on() {
        let levels = |text| Thresholds::DEFAULT.last_level(amount(text)).number();
        for (text, expected) in [
            ("0.01", 1),
            ("499.99", 1),
            ("500", 2),
            ("1999.99", 2),
            ("2000", 3),
            ("4999.99", 3),
            ("5000", 4),
            ("9999999999.99", 4),
        ] {
            assert_eq!(levels(text), expected, "{text}");
        }
    }

    #[test]
    fn bounds_ascend_and_equal_ones_leave_a_number_of_levels_out() {
        let [zero, ten] = [Amount::ZERO, amount("10")];
        let all_four = Thresholds::new(zero, zero, zero).unwrap();
        assert_eq!(all_four.last_level(Amount::SMALLEST), Level::President);
        let refused = Thresholds::new(zero, ten, zero).unwrap_err();
        assert_eq!(refused.code, "not_ascending");
    }

    #[test]
    fn rules_hold_from_their_day_on_and_the_defaults_before_any() {
        let book = RuleBook::of(vec![
            version(date(2026, 7, 1), "200"),
            version(date(2026, 1, 1), "100"),
        ])
        .unwrap();
        let reserve = |day| book.in_force(day).reserve.to_string();
        assert_eq!(reserve(date(2025, 12, 31)), "0.00");
        assert_eq!(reserve(date(2026, 1, 1)), "100.00");
        assert_eq!(reserve(date(2026, 6, 30)), "100.00");
        assert_eq!(reserve(date(2026, 7, 1)), "200.00");
    }

    #[test]
    fn rules_are_set_for_today_once_and_for_later_days_until_they_hold() {
        let today = date(2026, 11, 21);
        let code = |result: Result<RuleBook, Invalid>| result.unwrap_err().code;
        let book = RuleBook::default();
        assert_eq!(
            code(book.with(version(date(2026, 11, 20), "1"), today)),
            "in_the_past"
        );
        let book = book.with(version(today, "1"), today).unwrap();
        assert_eq!(code(book.with(version(today, "2"), today)), "in_force");
        let later = date(2027, 1, 1);
        let book = book.with(version(later, "3"), today).unwrap();
        let book = book.with(version(later, "4"), today).unwrap();
        assert_eq!(book.versions().len(), 2);
        assert_eq!(book.in_force(later).reserve, amount("4"));
        let twice = RuleBook::of(vec![version(later, "3"), version(later, "4")]);
        assert_eq!(code(twice), "duplicate_day");
    }

    #[test]
    fn the_cap_that_leaves_the_least_decides() {
        let caps = Caps {
            per_member: Some(amount("1000")),
            per_reason: BTreeMap::from([(Reason::Medical, amount("800"))]),
        };
        let awarded = |whole, reason| YearAwards {
            whole: amount(whole),
            reason: amount(reason),
        };
        let check = |reason, awarded, sum| {
            caps.check(reason, awarded, amount(sum))
                .map_err(|over| (over.reason, over.left.to_string()))
        };
        let (medical, other) = (Reason::Medical, Reason::Other);
        assert_eq!(check(medical, awarded("0", "0"), "800"), Ok(()));
        assert_eq!(
            check(medical, awarded("0", "0"), "800.01"),
            Err((Some(medical), "800.00".to_owned()))
        );
        assert_eq!(check(other, awarded("0", "0"), "1000"), Ok(()));
        assert_eq!(
            check(medical, awarded("900", "0"), "100.01"),
            Err((None, "100.00".to_owned()))
        );
        assert_eq!(
            check(other, awarded("1200", "0"), "0.01"),
            Err((None, "0.00".to_owned())),
            "a cap that was lowered leaves nothing, and not less"
        );
        assert_eq!(
            Caps::default().check(medical, awarded("9", "9"), amount("9")),
            Ok(())
        );
    }

    #[test]
    fn the_audit_trail_shows_every_rule_by_its_name() {
        let mut rules = Rules::default_rules();
        rules.caps.per_reason = Reason::ALL.map(|reason| (reason, amount("7"))).into();
        let caps: Vec<_> = rules
            .fields()
            .into_iter()
            .filter_map(|(name, value)| (value.as_deref() == Some("7.00")).then_some(name))
            .collect();
        assert_eq!(
            caps,
            Reason::ALL.map(|reason| format!("cap_{}", reason.as_str()))
        );
    }

    #[test]
    fn a_book_is_full_one_day_and_takes_only_what_replaces_a_version() {
        let today = date(2026, 1, 1);
        let days = |count: i64| today.checked_add(jiff::Span::new().days(count)).unwrap();
        let versions = (1..).take(MOST_VERSIONS).map(|day| version(days(day), "0"));
        let book = RuleBook::of(versions.collect()).unwrap();
        let refused = book.with(version(today, "1"), today).unwrap_err();
        assert_eq!(refused.code, "too_many");
        let replaced = book.with(version(days(1), "1"), today).unwrap();
        assert_eq!(replaced.versions().len(), MOST_VERSIONS);
    }
}
