//! Employments: where members work and worked, and how many jobs one may have at once.

mod periods;
mod rules;

use jiff::{Timestamp, ToSpan, civil::Date};

pub use self::{
    periods::Period,
    rules::{JobRules, JobRulesChange, JobsAtOnce},
};
use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::{FieldError, Invalid},
    members::MemberId,
    money::Amount,
    organizations::OrganizationId,
    text::Line,
    version::Version,
};

/// The id of an [`Employment`].
pub type EmploymentId = Id<Employment>;

/// A member's job at an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employment {
    /// Its id.
    pub id: EmploymentId,
    /// Who works.
    pub member: MemberId,
    /// Where.
    pub organization: OrganizationId,
    /// When, as what and for how much.
    pub details: EmploymentDetails,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmploymentDetails {
    /// From when until when.
    pub period: Period,
    /// As what.
    pub job_title: Option<Line<100>>,
    /// For how much an hour, in the tenant's currency.
    pub hourly_rate: Option<Amount>,
}

/// A partial change of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EmploymentChange {
    /// The first day.
    pub start_date: Change<Date>,
    /// The last day.
    pub end_date: Change<Option<Date>>,
    /// As what.
    pub job_title: Change<Option<Line<100>>>,
    /// For how much an hour.
    pub hourly_rate: Change<Option<Amount>>,
}

impl EmploymentDetails {
    /// The details after a change.
    ///
    /// # Errors
    /// `before_start` when the last day would be before the first.
    pub fn changed(mut self, change: EmploymentChange) -> Result<Self, FieldError> {
        let EmploymentChange {
            start_date,
            end_date,
            job_title,
            hourly_rate,
        } = change;
        let (mut start, mut end) = (self.period.start(), self.period.end());
        start_date.apply(&mut start);
        end_date.apply(&mut end);
        self.period = Period::new(start, end).map_err(|invalid| invalid.at("end_date"))?;
        job_title.apply(&mut self.job_title);
        hourly_rate.apply(&mut self.hourly_rate);
        Ok(self)
    }

    /// Checks the days against the tenant's today. A job may begin up to a year ahead, as dispatches do, and its last day
    /// may be known ten years before.
    ///
    /// # Errors
    /// `too_early` and `too_far_ahead`, on the fields concerned.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.period.start() < EARLIEST {
            errors.push(Invalid::new("too_early", "must be 1900 or later").at("start_date"));
        }
        for (field, day, years) in [
            ("start_date", Some(self.period.start()), 1),
            ("end_date", self.period.end(), 10),
        ] {
            let last = today.saturating_add(years.years());
            if day.is_some_and(|day| day > last) {
                let detail = format!("must be at most {years} years ahead");
                errors.push(Invalid::new("too_far_ahead", detail).at(field));
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}

/// No job on a hall's books began before this.
const EARLIEST: Date = jiff::civil::date(1900, 1, 1);

impl Employment {
    /// The job as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let EmploymentDetails {
            period,
            job_title,
            hourly_rate,
        } = &self.details;
        vec![
            ("member_id", Some(self.member.to_string())),
            ("organization_id", Some(self.organization.to_string())),
            ("start_date", Some(period.start().to_string())),
            ("end_date", period.end().map(|day| day.to_string())),
            ("job_title", job_title.as_ref().map(ToString::to_string)),
            ("hourly_rate", hourly_rate.map(|rate| rate.to_string())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn details(start: Date, end: Option<Date>) -> EmploymentDetails {
        EmploymentDetails {
            period: Period::new(start, end).unwrap(),
            job_title: None,
            hourly_rate: None,
        }
    }

    #[test]
    fn days_are_checked_against_the_halls_today() {
        let today = date(2026, 11, 21);
        let table = [
            (today, None, vec![]),
            (date(2027, 11, 21), None, vec![]),
            (
                date(2027, 11, 22),
                None,
                vec![("start_date", "too_far_ahead")],
            ),
            (date(1899, 12, 31), None, vec![("start_date", "too_early")]),
            (today, Some(date(2036, 11, 21)), vec![]),
            (
                today,
                Some(date(2036, 11, 22)),
                vec![("end_date", "too_far_ahead")],
            ),
        ];
        for (start, end, expected) in table {
            let errors = details(start, end).check(today).err().unwrap_or_default();
            let found: Vec<_> = errors
                .iter()
                .map(|error| (error.field.as_ref(), error.invalid.code))
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_change_of_days_keeps_their_order_or_is_refused() {
        let known = details(date(2026, 3, 2), Some(date(2026, 6, 30)));
        let later = EmploymentChange {
            start_date: Change::Set(date(2026, 7, 1)),
            ..EmploymentChange::default()
        };
        let refused = known.clone().changed(later.clone()).unwrap_err();
        assert_eq!(
            (refused.field.as_ref(), refused.invalid.code),
            ("end_date", "before_start")
        );
        let open = EmploymentChange {
            end_date: Change::Set(None),
            ..later
        };
        let after = known.changed(open).unwrap();
        assert_eq!(after, details(date(2026, 7, 1), None));
    }
}
