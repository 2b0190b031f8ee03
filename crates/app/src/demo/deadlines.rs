//! What became of the deadlines of the demo's grievances: a hall that works met the old ones or agreed on more time, a
//! few are due soon, and one or two are over by days.

use jiff::{ToSpan, civil::Date};
use unionhall_application::{Application, CaseDeadline, call::Call, deadlines::DeadlineCommand};
use unionhall_domain::{
    deadlines::{Accord, Extension, Grant},
    grievances::Grievance,
    invalid::Invalid,
    text::Line,
};

use super::{DemoError, grievances::Case};

/// What is over by so many days at most is left for somebody to notice.
const FRESH: i32 = 6;

/// On which days, from today, the deadlines end that the sides gave more time, one after the other: two are over.
const ENDS: [i32; 8] = [-3, 2, -1, 5, 9, 12, 16, 23];

/// Goes through the cases of the demo one after the other.
pub(super) struct Diligence<'a> {
    application: &'a Application,
    call: &'a Call,
    today: Date,
    extended: usize,
}

impl<'a> Diligence<'a> {
    /// On a day.
    pub(super) const fn new(application: &'a Application, call: &'a Call, today: Date) -> Self {
        Self {
            application,
            call,
            today,
            extended: 0,
        }
    }

    /// Says of every old deadline of a case what became of it; doing it again does nothing.
    pub(super) fn see_to(&mut self, case: &Case, grievance: &Grievance) -> Result<(), DemoError> {
        let deadlines = &self.application.deadlines;
        let found = deadlines.of_grievance(self.call, grievance.id)?.value.found;
        for found in found {
            let deadline = &found.deadline;
            if !deadline.runs() || deadline.days_left(self.today) >= -FRESH {
                continue;
            }
            let command = if deadline.derivation.basis.rule.key.step < grievance.progress.step {
                DeadlineCommand::Meet(in_time(&found))
            } else {
                DeadlineCommand::Extend(self.more_time(case, deadline.due())?)
            };
            drop(deadlines.act(self.call, grievance.id, deadline.id, command)?);
        }
        Ok(())
    }

    /// The sides agreed on the last day; the next of the days from today.
    fn more_time(&mut self, case: &Case, due: Date) -> Result<Extension, Invalid> {
        let mut ends = ENDS.into_iter().cycle().skip(self.extended);
        self.extended += 1;
        let days = ends.next().unwrap_or_default();
        let until = self.today.saturating_add(days.days());
        let (first_name, last_name) = (case.carried_by.first_name, case.carried_by.last_name);
        Ok(Extension {
            accord: Accord {
                agreed_on: due,
                for_union: Line::parse(&format!("{first_name} {last_name}"))?,
                for_employer: Line::parse(case.across())?,
                note: None,
            },
            grant: Grant::Until(until),
        })
    }
}

/// Some days before it ended, and not before it began.
fn in_time(case: &CaseDeadline) -> Date {
    let (due, begun) = (case.deadline.due(), case.deadline.derivation.trigger.date);
    let early = case.number.place() % 4;
    due.saturating_sub(early.days()).max(begun)
}
