//! Calendar feeds of deadlines: whose they are, and what a calendar shows of a deadline, which is as little as it can.

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{
    collective_agreements::{Duty, Side},
    deadlines::{DeadlineId, task},
    grievances::{GrievanceNumber, Step},
    ids::Id,
    users::UserId,
};

/// How long a calendar shows a deadline that has ended as canceled, before it shows it no more: long enough for every
/// calendar that asks at all to have asked.
pub const ENDED_SHOWN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The id of a [`DeadlineFeed`].
pub type DeadlineFeedId = Id<DeadlineFeed>;

/// The deadlines that somebody carries in one tenant, as a calendar that can be subscribed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineFeed {
    /// Its id.
    pub id: DeadlineFeedId,
    /// Whose deadlines it shows.
    pub user: UserId,
    /// When it was made.
    pub made_at: Timestamp,
    /// When its present address was made.
    pub issued_at: Timestamp,
    /// When the present address was last fetched.
    pub fetched_at: Option<Timestamp>,
}

/// What a calendar shows of a deadline. Whom the grievance is for and what it is about is not among it: calendars are
/// kept by others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// The deadline; an entry keeps its id however often it moves.
    pub deadline: DeadlineId,
    /// The number of its grievance.
    pub number: GrievanceNumber,
    /// On which step.
    pub step: Step,
    /// Who must do something.
    pub side: Side,
    /// What they must do.
    pub duty: Duty,
    /// By when, in the tenant's time zone.
    pub due: Date,
    /// Whether it runs; one that does not is shown as canceled.
    pub runs: bool,
    /// How often the day or whether it runs has changed (RFC 5545 §3.8.7.4).
    pub sequence: u32,
    /// When the deadline began.
    pub begun_at: Timestamp,
    /// When what is shown was last changed.
    pub changed_at: Timestamp,
}

impl FeedEntry {
    /// The line in the calendar.
    pub fn summary(&self) -> String {
        format!("{}: {}", self.number, task(self.step, self.side, self.duty))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_line_says_which_case_who_must_act_and_what_they_must_do() {
        let entry = FeedEntry {
            deadline: Id::new(uuid::Uuid::from_u128(1)),
            number: GrievanceNumber::new(2026, 7).unwrap(),
            step: Step::Step2,
            side: Side::Employer,
            duty: Duty::Answer,
            due: date(2026, 11, 17),
            runs: true,
            sequence: 0,
            begun_at: Timestamp::UNIX_EPOCH,
            changed_at: Timestamp::UNIX_EPOCH,
        };
        let expected = "GR-2026-0007: the employer must answer the grievance on step 2";
        assert_eq!(entry.summary(), expected);
    }
}
