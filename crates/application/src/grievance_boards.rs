//! Boards over all grievances, for those who may read every one.

use std::sync::Arc;

use jiff::civil::Date;
use unionhall_domain::{
    audit::Target,
    grievance_boards::{
        CaseStatistics, DueItem, EmployerLoad, Grouping, Period, RepresentativeLoad, StepLoad, Week,
    },
};
use unionhall_ports::{
    grievance_boards::{DueFilter, DueSort, LoadSort},
    pages::{Page, PageRequest},
};

use crate::{
    call::Call,
    cases::CaseError,
    core::{Core, Recorded},
    permissions::Permission,
};

/// The use cases of boards.
#[derive(Clone)]
pub struct GrievanceBoards {
    core: Arc<Core>,
}

/// A page of what is due, with the tenant's day by which it is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueThisWeek {
    /// What is due, and whether it is overdue.
    pub page: Page<(DueItem, bool)>,
    /// Which days count.
    pub week: Week,
}

impl GrievanceBoards {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// How many grievances are alive on each step.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn by_step(&self, call: &Call) -> Result<Recorded<Vec<StepLoad>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let found = self.core.read(call, |tx| {
            Ok::<_, CaseError>(tx.grievance_boards().by_step()?)
        })?;
        self.recorded(call, "by_step", found)
    }

    /// What each representative has on the table.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn by_representative(
        &self,
        call: &Call,
        page: &PageRequest<LoadSort>,
    ) -> Result<Recorded<Page<RepresentativeLoad>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let (week, zone) = (self.week(call), &call.actor.tenant().time_zone);
        let found = self.core.snapshot(call, |tx| {
            let boards = tx.grievance_boards();
            Ok::<_, CaseError>(boards.by_representative(week, zone, page)?)
        })?;
        self.recorded(call, "by_representative", found)
    }

    /// What there is against each employer.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn by_employer(
        &self,
        call: &Call,
        page: &PageRequest<LoadSort>,
    ) -> Result<Recorded<Page<EmployerLoad>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let (week, zone) = (self.week(call), &call.actor.tenant().time_zone);
        let found = self.core.snapshot(call, |tx| {
            let boards = tx.grievance_boards();
            Ok::<_, CaseError>(boards.by_employer(week, zone, page)?)
        })?;
        self.recorded(call, "by_employer", found)
    }

    /// What is due this week, what is overdue included.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn due_this_week(
        &self,
        call: &Call,
        filter: &DueFilter,
        page: &PageRequest<DueSort>,
    ) -> Result<Recorded<DueThisWeek>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let (week, zone) = (self.week(call), &call.actor.tenant().time_zone);
        let found = self.core.snapshot(call, |tx| {
            let boards = tx.grievance_boards();
            Ok::<_, CaseError>(boards.due(week, zone, filter, page)?)
        })?;
        let is_overdue = |item: DueItem| {
            let is_overdue = item.due_on < week.today;
            (item, is_overdue)
        };
        let page = crate::cases::dated_page(found, is_overdue);
        self.recorded(call, "due_this_week", DueThisWeek { page, week })
    }

    /// How cases were filed and ended in a period: the year up to today where nothing is said.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn statistics(
        &self,
        call: &Call,
        (from, until): (Option<Date>, Option<Date>),
        by: Grouping,
    ) -> Result<Recorded<CaseStatistics>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let period = Period::new(from, until, self.week(call).today);
        let period = period.map_err(CaseError::Invalid)?;
        let found = self.core.snapshot(call, |tx| {
            Ok::<_, CaseError>(tx.grievance_boards().statistics(period, by)?)
        })?;
        self.recorded(call, "statistics", found)
    }

    fn week(&self, call: &Call) -> Week {
        Week::from(call.actor.today(self.core.clock.now()))
    }

    fn recorded<T>(
        &self,
        call: &Call,
        board: &'static str,
        found: T,
    ) -> Result<Recorded<T>, CaseError> {
        let details = vec![("board", board.to_owned())];
        let target = Target::Grievance;
        Ok(self.core.recorded_list(call, target, details, found)?)
    }
}

#[cfg(test)]
mod tests;
