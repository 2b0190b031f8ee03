//! What the sides agree on about a deadline: to extend it, or to let it go.

use jiff::civil::Date;

use crate::{
    collective_agreements::{DayKind, Days},
    holidays::CalendarYear,
    invalid::{FieldError, Invalid},
    text::{Line, Prose},
};

/// That the sides agreed: who, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accord {
    /// The day they agreed, in the tenant's time zone.
    pub agreed_on: Date,
    /// Who agreed for the union.
    pub for_union: Line<200>,
    /// Who agreed for the employer.
    pub for_employer: Line<200>,
    /// What else was said, and where it is written.
    pub note: Option<Prose<2_000>>,
}

/// An agreement that a side has longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Who agreed, and when.
    pub accord: Accord,
    /// How much longer.
    pub grant: Grant,
}

/// How much longer a side has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Until a day; it is that day, worked or not. When counting leads to a later day, the later day counts: an
    /// extension never takes time away.
    Until(Date),
    /// Some days more, counted from the day after the deadline; their last day rolls as the rule says.
    Days(Days, DayKind),
}

impl Accord {
    /// Checks the day of the accord against the event that started the deadline and the tenant's `today`.
    ///
    /// # Errors
    /// `in_the_future` or `before_the_event`, both of `agreed_on`.
    pub fn check(&self, event: Date, today: Date) -> Result<(), Vec<FieldError>> {
        let wrong = |code, detail: &str| Err(vec![Invalid::new(code, detail).at("agreed_on")]);
        if self.agreed_on > today {
            wrong("in_the_future", "must not be in the future")
        } else if self.agreed_on < event {
            let detail = "must not be before the event that the deadline is counted from";
            wrong("before_the_event", detail)
        } else {
            Ok(())
        }
    }
}

impl Extension {
    /// Checks an extension against the event that started the deadline, its present last day and the tenant's
    /// `today`.
    ///
    /// # Errors
    /// Every wrong field: those of [`Accord::check`], `not_later` for an `until` that gives no time,
    /// `outside_the_years` for what leads to where there are no calendars.
    pub fn check(&self, event: Date, due: Date, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = self.accord.check(event, today).err().unwrap_or_default();
        match self.grant {
            Grant::Until(day) if day <= due => {
                let detail = "must be later than the deadline it extends";
                errors.push(Invalid::new("not_later", detail).at("until"));
            }
            Grant::Until(day) if beyond(day) => errors.push(too_far().at("until")),
            Grant::Days(..) if beyond(due) => errors.push(too_far().at("days")),
            Grant::Until(_) | Grant::Days(..) => {}
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}

/// The years before the last calendar that an extension does not reach into: whatever is counted from there, some
/// 730 working days where one day of the week is worked, ends in a year that has one.
const MARGIN: i16 = 20;

fn beyond(day: Date) -> bool {
    day.year() > CalendarYear::LAST.get() - MARGIN
}

fn too_far() -> Invalid {
    let last = CalendarYear::LAST.get() - MARGIN;
    Invalid::new(
        "outside_the_years",
        format!("must not lead beyond the end of {last}"),
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{super::samples, *};

    #[test]
    fn an_accord_lies_between_the_event_and_today_and_gives_time() {
        let (event, due, today) = (date(2026, 11, 2), date(2026, 11, 17), date(2026, 11, 21));
        let codes = |agreed_on, until| -> Vec<_> {
            let extension = samples::extension(agreed_on, Grant::Until(until));
            let errors = extension.check(event, due, today).err().unwrap_or_default();
            errors.iter().map(|error| error.invalid.code).collect()
        };
        assert_eq!(codes(event, date(2026, 11, 18)), [""; 0]);
        assert_eq!(codes(today, date(2026, 11, 18)), [""; 0]);
        assert_eq!(
            codes(date(2026, 11, 1), date(2026, 11, 17)),
            ["before_the_event", "not_later"]
        );
        assert_eq!(
            codes(date(2026, 11, 22), date(2026, 11, 18)),
            ["in_the_future"]
        );
    }

    #[test]
    fn an_extension_leads_to_no_year_that_nothing_can_be_counted_in() {
        let event = date(2026, 11, 2);
        let codes = |grant, due| -> Vec<_> {
            let extension = samples::extension(event, grant);
            let errors = extension.check(event, due, event).err().unwrap_or_default();
            errors.iter().map(|error| error.invalid.code).collect()
        };
        let five = Grant::Days(samples::days(5), DayKind::Calendar);
        assert_eq!(codes(Grant::Until(date(2179, 12, 31)), event), [""; 0]);
        let beyond = date(2180, 1, 1);
        assert_eq!(codes(Grant::Until(beyond), event), ["outside_the_years"]);
        assert_eq!(codes(five, date(2179, 12, 31)), [""; 0]);
        assert_eq!(codes(five, beyond), ["outside_the_years"]);
    }
}
