//! The year in numbers: how many applied, for what, and what became of it.

use std::collections::BTreeMap;

use super::words::{Reason, Status};
use crate::{invalid::Invalid, money::Sum, text::one_of};

/// What became of applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// There is no decision yet.
    Pending,
    /// Money was granted, paid or not.
    Granted,
    /// Refused.
    Denied,
    /// Given up by the member.
    Withdrawn,
}

/// What is counted of applications of one year, reason and status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The year of the applications' dates.
    pub year: i16,
    /// Why help was needed.
    pub reason: Reason,
    /// Where they stand.
    pub status: Status,
    /// How many there are, what they ask and what they got.
    pub tally: Tally,
}

/// A number of applications, and their sums in the tenant's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub applications: u64,
    /// What they ask together.
    pub asked: Sum,
    /// What was granted to them together.
    pub awarded: Sum,
    /// What was paid to them together.
    pub paid: Sum,
}

/// One year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// All of it.
    pub whole: Tally,
    /// By reason; reasons that nobody had are left out.
    pub reasons: BTreeMap<Reason, Tally>,
    /// By outcome; outcomes that nothing had are left out.
    pub outcomes: BTreeMap<Outcome, Tally>,
    /// By reason and outcome; what is empty is left out.
    pub cells: BTreeMap<(Reason, Outcome), Tally>,
    /// Of 1,000 that were granted or denied, how many were granted, rounded down; none before the first decision.
    pub granted_per_thousand: Option<u64>,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Granted, Self::Denied, Self::Withdrawn];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |outcome| outcome.as_str())
    }

    /// What became of those with a status; a draft is no application yet.
    pub const fn of(status: Status) -> Option<Self> {
        match status {
            Status::Draft => None,
            Status::Submitted | Status::UnderReview | Status::NeedsInfo => Some(Self::Pending),
            Status::Approved | Status::Paid => Some(Self::Granted),
            Status::Denied => Some(Self::Denied),
            Status::Withdrawn => Some(Self::Withdrawn),
        }
    }
}

impl Tally {
    /// Of nothing.
    pub const NONE: Self = Self {
        applications: 0,
        asked: Sum::ZERO,
        awarded: Sum::ZERO,
        paid: Sum::ZERO,
    };

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            applications: self.applications.saturating_add(other.applications),
            asked: self.asked.plus(other.asked),
            awarded: self.awarded.plus(other.awarded),
            paid: self.paid.plus(other.paid),
        }
    }
}

impl Year {
    const fn empty(year: i16) -> Self {
        Self {
            year,
            whole: Tally::NONE,
            reasons: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            cells: BTreeMap::new(),
            granted_per_thousand: None,
        }
    }

    fn add(&mut self, reason: Reason, outcome: Outcome, tally: Tally) {
        self.whole = self.whole.plus(tally);
        let cells = [
            self.reasons.entry(reason).or_insert(Tally::NONE),
            self.outcomes.entry(outcome).or_insert(Tally::NONE),
            self.cells.entry((reason, outcome)).or_insert(Tally::NONE),
        ];
        for cell in cells {
            *cell = cell.plus(tally);
        }
    }

    fn granted_share(&self) -> Option<u64> {
        let of = |outcome| {
            self.outcomes
                .get(&outcome)
                .map_or(0, |tally| tally.applications)
        };
        let granted = of(Outcome::Granted);
        let decided = granted.saturating_add(of(Outcome::Denied));
        granted.saturating_mul(1_000).checked_div(decided)
    }
}

/// The years of these counts, the newest first; drafts are left out.
pub fn statistics(counts: &[Count]) -> Vec<Year> {
    let mut years = BTreeMap::new();
    for count in counts {
        if let Some(outcome) = Outcome::of(count.status) {
            years
                .entry(count.year)
                .or_insert_with(|| Year::empty(count.year))
                .add(count.reason, outcome, count.tally);
        }
    }
    let mut years: Vec<_> = years.into_values().rev().collect();
    for year in &mut years {
        year.granted_per_thousand = year.granted_share();
    }
    years
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(year: i16, reason: Reason, status: Status, applications: u64, cents: i64) -> Count {
        let sum = Sum::from_minor(cents);
        Count {
            year,
            reason,
            status,
            tally: Tally {
                applications,
                asked: sum,
                awarded: sum,
                paid: Sum::ZERO,
            },
        }
    }

    #[test]
    fn a_year_adds_up_by_reason_and_by_outcome_and_drafts_do_not_count() {
        let counts = [
            count(2025, Reason::Other, Status::Paid, 1, 100),
            count(2026, Reason::Medical, Status::Draft, 9, 900),
            count(2026, Reason::Medical, Status::Approved, 1, 100),
            count(2026, Reason::Medical, Status::Paid, 1, 200),
            count(2026, Reason::Hardship, Status::Denied, 1, 300),
            count(2026, Reason::Hardship, Status::NeedsInfo, 4, 400),
            count(2026, Reason::Hardship, Status::Withdrawn, 5, 500),
        ];
        let years = statistics(&counts);
        let of: Vec<_> = years.iter().map(|year| year.year).collect();
        assert_eq!(of, [2026, 2025]);
        let year = &years[0];
        assert_eq!(
            (year.whole.applications, year.whole.asked.minor()),
            (12, 1_500)
        );
        assert_eq!(year.reasons[&Reason::Medical].applications, 2);
        assert_eq!(year.outcomes[&Outcome::Granted].awarded.minor(), 300);
        assert_eq!(
            year.cells[&(Reason::Hardship, Outcome::Pending)].applications,
            4
        );
        assert_eq!(year.granted_per_thousand, Some(666));
        assert_eq!(years[1].granted_per_thousand, Some(1_000));
    }

    #[test]
    fn a_year_without_a_decision_has_no_share_and_no_sum_is_too_large() {
        let pending = count(2026, Reason::Medical, Status::Submitted, 1, 999_999_999_999);
        let years = statistics(&[pending, pending]);
        assert_eq!(years[0].granted_per_thousand, None);
        assert_eq!(years[0].whole.asked.to_string(), "19999999999.98");
    }

    #[test]
    fn every_outcome_reads_what_it_prints_and_every_status_but_draft_has_one() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.as_str()), Ok(outcome));
        }
        let without: Vec<_> = Status::ALL
            .into_iter()
            .filter(|status| Outcome::of(*status).is_none())
            .collect();
        assert_eq!(without, [Status::Draft]);
    }
}
