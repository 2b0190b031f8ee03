//! What a tenant holds to be usual of jobs: how many a member has at once, and what an hour of work brings.

use crate::{
    audit::Fields,
    change::Change,
    employments::Period,
    invalid::{FieldError, Invalid},
    money::Amount,
    version::Version,
};

/// A tenant's rules of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobRules {
    /// How many jobs a member may have on one day.
    pub at_once: JobsAtOnce,
    /// Rates below this are warned of.
    pub lowest_rate: Amount,
    /// Rates above this are warned of.
    pub highest_rate: Amount,
    /// Counts the changes of the rules.
    pub version: Version,
}

/// A partial change of a tenant's rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobRulesChange {
    /// How many jobs a member may have on one day.
    pub at_once: Change<JobsAtOnce>,
    /// Rates below this are warned of.
    pub lowest_rate: Change<Amount>,
    /// Rates above this are warned of.
    pub highest_rate: Change<Amount>,
}

/// How many jobs a member may have at once: 1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobsAtOnce(u8);

impl JobsAtOnce {
    /// So many.
    ///
    /// # Errors
    /// `out_of_range` for less than 1 and more than 10.
    pub fn new(count: i64) -> Result<Self, Invalid> {
        u8::try_from(count)
            .ok()
            .filter(|count| (1..=10).contains(count))
            .map(Self)
            .ok_or_else(|| Invalid::new("out_of_range", "must be a whole number from 1 to 10"))
    }

    /// How many.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl JobRules {
    /// One job at once, and 10 to 150 an hour: what a tenant has that says nothing else.
    pub const USUAL: Self = Self {
        at_once: JobsAtOnce(1),
        lowest_rate: Amount::literal(1_000),
        highest_rate: Amount::literal(15_000),
        version: Version::FIRST,
    };

    /// The rules after a change; their version stays.
    ///
    /// # Errors
    /// `below_low` when the highest rate would be below the lowest.
    pub fn changed(mut self, change: JobRulesChange) -> Result<Self, FieldError> {
        let JobRulesChange {
            at_once,
            lowest_rate,
            highest_rate,
        } = change;
        at_once.apply(&mut self.at_once);
        lowest_rate.apply(&mut self.lowest_rate);
        highest_rate.apply(&mut self.highest_rate);
        if self.highest_rate < self.lowest_rate {
            let detail = "must not be below hourly_rate_low";
            return Err(Invalid::new("below_low", detail).at("hourly_rate_high"));
        }
        Ok(self)
    }

    /// The rules as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        vec![
            ("max_current_jobs", Some(self.at_once.0.to_string())),
            ("hourly_rate_low", Some(self.lowest_rate.to_string())),
            ("hourly_rate_high", Some(self.highest_rate.to_string())),
        ]
    }

    /// Whether a member who has these jobs may have another one with this period.
    pub fn admit(&self, wanted: Period, others: &[Period]) -> bool {
        // How many there are changes on first days alone.
        let days = others
            .iter()
            .map(|other| other.start())
            .filter(|day| wanted.contains(*day))
            .chain([wanted.start()]);
        let most = days.map(|day| others.iter().filter(|other| other.contains(day)).count());
        most.max().unwrap_or_default() < usize::from(self.at_once.0)
    }

    /// What is unusual about a rate: it is taken, and whoever wrote it is told.
    pub fn warnings(&self, rate: Option<Amount>) -> Vec<FieldError> {
        let usual = self.lowest_rate..=self.highest_rate;
        match rate {
            Some(rate) if !usual.contains(&rate) => {
                let detail = format!(
                    "is not from {} to {} as usual here; it was taken as it is",
                    self.lowest_rate, self.highest_rate
                );
                vec![Invalid::new("unusual_rate", detail).at("hourly_rate")]
            }
            Some(_) | None => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};
    use proptest::prelude::*;

    use super::*;

    fn rules(at_once: i64) -> JobRules {
        JobRules {
            at_once: JobsAtOnce::new(at_once).unwrap(),
            ..JobRules::USUAL
        }
    }

    fn period((start, length): (i64, Option<i64>)) -> Period {
        let day = |days: i64| date(2026, 1, 1) + days.days();
        Period::new(day(start), length.map(|length| day(start + length))).unwrap()
    }

    fn a_period() -> impl Strategy<Value = (i64, Option<i64>)> {
        (0..60_i64, proptest::option::of(0..30_i64))
    }

    /// What an office does: somebody begins a job, with or without ending those before, or ends one.
    #[derive(Debug, Clone)]
    enum Event {
        Begin((i64, Option<i64>)),
        Change((i64, Option<i64>)),
        End(usize, i64),
    }

    fn an_event() -> impl Strategy<Value = Event> {
        prop_oneof![
            a_period().prop_map(Event::Begin),
            a_period().prop_map(Event::Change),
            (0..8_usize, 0..90_i64).prop_map(|(job, day)| Event::End(job, day)),
        ]
    }

    proptest! {
        #[test]
        fn whatever_an_office_does_nobody_has_more_jobs_on_a_day_than_the_rules_allow(
            at_once in 1..=3_i64,
            events in proptest::collection::vec(an_event(), 1..40),
        ) {
            let rules = rules(at_once);
            let mut jobs: Vec<Period> = Vec::new();
            for event in events {
                match event {
                    Event::Begin(wanted) => {
                        let wanted = period(wanted);
                        if rules.admit(wanted, &jobs) {
                            jobs.push(wanted);
                        }
                    }
                    Event::Change(wanted) => {
                        let wanted = period(wanted);
                        let before = jobs.clone();
                        for job in jobs.iter_mut().filter(|job| job.overlaps(wanted)) {
                            *job = job.over_before(wanted.start()).unwrap_or(*job);
                        }
                        if rules.admit(wanted, &jobs) {
                            jobs.push(wanted);
                        } else {
                            jobs = before;
                        }
                    }
                    Event::End(job, day) => {
                        let day = date(2026, 1, 1) + day.days();
                        if let Some(job) = jobs.get_mut(job) {
                            *job = job.over_before(day).unwrap_or(*job);
                        }
                    }
                }
                for day in 0..120_i64 {
                    let day = date(2026, 1, 1) + day.days();
                    let held = jobs.iter().filter(|job| job.contains(day)).count();
                    prop_assert!(held <= usize::from(rules.at_once.get()), "{held} on {day}");
                }
            }
        }
    }

    #[test]
    fn a_second_job_is_admitted_where_two_are_allowed_and_a_third_is_not() {
        let first = period((0, None));
        let second = period((10, Some(5)));
        assert!(!rules(1).admit(second, &[first]));
        assert!(rules(2).admit(second, &[first]));
        // Both of these are held on one day only after the third has begun.
        let third = period((5, None));
        assert!(!rules(2).admit(third, &[first, second]));
        assert!(rules(2).admit(period((16, None)), &[first, second]));
    }

    #[test]
    fn unusual_rates_are_warned_of_and_no_others() {
        for (rate, warned) in [
            ("9.99", true),
            ("10", false),
            ("150", false),
            ("150.01", true),
        ] {
            let warnings = JobRules::USUAL.warnings(Amount::parse(rate).ok());
            assert_eq!(warnings.len(), usize::from(warned), "{rate}");
        }
        assert!(JobRules::USUAL.warnings(None).is_empty());
    }

    #[test]
    fn rules_agree_with_themselves() {
        let with_highest = |minor| JobRulesChange {
            highest_rate: Change::Set(Amount::literal(minor)),
            ..JobRulesChange::default()
        };
        assert!(JobRules::USUAL.changed(with_highest(1_000)).is_ok());
        let crossed = JobRules::USUAL.changed(with_highest(999)).unwrap_err();
        assert_eq!(crossed.invalid.code, "below_low");
        for count in [0, 11, -1] {
            assert_eq!(JobsAtOnce::new(count).unwrap_err().code, "out_of_range");
        }
    }
}
