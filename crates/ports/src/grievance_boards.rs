//! Boards over all grievances: counted by storage, with a fixed number of statements.

use unionhall_domain::{
    grievance_boards::{
        CaseStatistics, DueItem, EmployerLoad, Grouping, Period, RepresentativeLoad, StepLoad, Week,
    },
    tenants::ZoneName,
    users::UserId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// What loads can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LoadSort {
    /// How many grievances are alive.
    #[default]
    Open,
}

/// What is due can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DueSort {
    /// The last day.
    #[default]
    Due,
}

/// Whose part of what is due is wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DueFilter {
    /// Of grievances whose representative is this user.
    pub representative: Option<UserId>,
    /// Of grievances whose representative or steward is this user.
    pub carrier: Option<UserId>,
}

/// Boards of one tenant. Deleted grievances are on none.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait GrievanceBoards {
    /// How many grievances are alive on each step, every step in its order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn by_step(&mut self) -> Result<Vec<StepLoad>, StorageError>;

    /// What each representative has on the table in a week, in a total order; meetings are of the day in `zone`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn by_representative(
        &mut self,
        week: Week,
        zone: &ZoneName,
        page: &PageRequest<LoadSort>,
    ) -> Result<Page<RepresentativeLoad>, StorageError>;

    /// What there is against each employer in a week, in a total order; meetings are of the day in `zone`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn by_employer(
        &mut self,
        week: Week,
        zone: &ZoneName,
        page: &PageRequest<LoadSort>,
    ) -> Result<Page<EmployerLoad>, StorageError>;

    /// What is due by the end of a week, what is overdue included, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn due(
        &mut self,
        week: Week,
        zone: &ZoneName,
        filter: &DueFilter,
        page: &PageRequest<DueSort>,
    ) -> Result<Page<DueItem>, StorageError>;

    /// Statistics of a period, with at most a hundred groups: months newest first, others with the most filings first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn statistics(&mut self, period: Period, by: Grouping) -> Result<CaseStatistics, StorageError>;
}
