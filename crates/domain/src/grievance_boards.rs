//! Boards over all grievances: where they stand, who carries how much, what is due, and how cases end.
//!
//! What the figures mean is said here, once, and shown in the API document.

use jiff::{ToSpan, civil::Date};

use crate::{
    grievances::{GrievanceId, GrievanceNumber, Step},
    invalid::{FieldError, Invalid},
    names::names,
    organizations::OrganizationId,
    users::UserId,
};

/// Today and the six days after: what is due this week is due by its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// The tenant's day.
    pub today: Date,
    /// The last day that counts.
    pub until: Date,
}

/// How many grievances are alive on a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepLoad {
    /// The step.
    pub step: Step,
    /// Alive on it: open, in investigation, in hearing, or in arbitration.
    pub open: u64,
    /// Of those, denied there: the union has to advance them or to give them up.
    pub denied: u64,
    /// The day on which the oldest of them was filed.
    pub oldest_filed: Option<Date>,
}

/// What somebody, or an employer, has on the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load<K> {
    /// Whose it is.
    pub of: K,
    /// Their grievances that are alive.
    pub open: u64,
    /// What is due in the week.
    pub due_this_week: u64,
    /// What should have been done by now.
    pub overdue: u64,
}

/// The load of a representative; of nobody for the grievances that nobody carries.
pub type RepresentativeLoad = Load<Option<UserId>>;
/// The load of grievances against an employer.
pub type EmployerLoad = Load<OrganizationId>;

names! {
    /// What is due.
    pub enum DueKind {
        /// A deadline of either side: what the employer must do is waited for, too.
        Deadline = "deadline",
        /// The answer to a request for information.
        InformationRequest = "information_request",
        /// Something out of a settlement.
        Obligation = "obligation",
        /// A meeting that is set.
        StepMeeting = "step_meeting",
    }
}

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueItem {
    /// What it is.
    pub kind: DueKind,
    /// Its id, as its own routes know it.
    pub id: uuid::Uuid,
    /// The grievance it belongs to.
    pub grievance: GrievanceId,
    /// The number of that grievance.
    pub number: GrievanceNumber,
    /// Who carries that grievance.
    pub representative: Option<UserId>,
    /// The last day, or the day of the meeting.
    pub due_on: Date,
    /// What it is about.
    pub about: String,
}

names! {
    /// What statistics are counted by.
    pub enum Grouping {
        /// The month of the filing or of the end, as `2026-11`.
        Month = "month",
        /// The employer, by id.
        Employer = "employer",
        /// The article of the agreement.
        Article = "article",
        /// The representative, by id.
        Representative = "representative",
    }
}

/// The days that statistics are about, both counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// How cases were filed and ended in a period.
///
/// *Filed* counts grievances whose day of filing lies in it. *Settled* counts those that were agreed on, with the day of
/// the agreement in it. *Won* are those of the settled in which the employer owes something: the settlement has an
/// amount above nothing, or an obligation of the employer's that was not waived. *Withdrawn* counts those that the union
/// gave up, by the day of the last decision to do so. A grievance that was reopened counts for what it is now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// Filed in the period.
    pub filed: u64,
    /// Agreed on in the period.
    pub settled: u64,
    /// Of those, won.
    pub won: u64,
    /// Given up in the period.
    pub withdrawn: u64,
}

/// The outcomes of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupOutcomes {
    /// What the group is known by; none where the grievances do not say.
    pub group: Option<String>,
    /// Its outcomes.
    pub outcomes: Outcomes,
}

/// How long grievances were on a step.
///
/// From the filing, or from the last meeting recorded on the step before, to the last meeting recorded on the step,
/// with that meeting in the period. A step without a recorded meeting does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepDays {
    /// The step.
    pub step: Step,
    /// How many grievances it was counted over.
    pub cases: u64,
    /// The average in tenths of a day; none over no grievances.
    pub average_tenths: Option<u64>,
}

/// Statistics of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseStatistics {
    /// Which days.
    pub period: Period,
    /// All together.
    pub total: Outcomes,
    /// The groups, at most a hundred: months newest first, others with the most filings first.
    pub groups: Vec<GroupOutcomes>,
    /// How long each step took.
    pub days_per_step: Vec<StepDays>,
}

impl Week {
    /// The week that begins on this day.
    pub fn from(today: Date) -> Self {
        Self {
            today,
            until: today.saturating_add(6.days()),
        }
    }
}

impl Period {
    /// From one day to another; a year back from `today` where nothing is said.
    ///
    /// # Errors
    /// `before_from`, of `until`.
    pub fn new(
        from: Option<Date>,
        until: Option<Date>,
        today: Date,
    ) -> Result<Self, Vec<FieldError>> {
        let until = until.unwrap_or(today);
        let from = from.unwrap_or_else(|| until.saturating_sub(1.year()).saturating_add(1.day()));
        if until < from {
            let invalid = Invalid::new("before_from", "must not be before from");
            return Err(vec![invalid.at("until")]);
        }
        Ok(Self { from, until })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_is_today_and_the_six_days_after_also_over_the_end_of_a_year() {
        let week = Week::from(date(2026, 12, 29));
        assert_eq!(week.until, date(2027, 1, 4));
    }

    #[test]
    fn a_period_is_the_year_up_to_today_where_nothing_is_said() {
        let today = date(2026, 11, 21);
        let usual = Period::new(None, None, today).unwrap();
        assert_eq!((usual.from, usual.until), (date(2025, 11, 22), today));
        let wrong = Period::new(Some(today), Some(date(2026, 11, 20)), today).unwrap_err();
        assert_eq!(wrong[0].invalid.code, "before_from");
    }
}
