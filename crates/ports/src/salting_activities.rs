//! SALTing activities in storage.

use jiff::civil::Date;
use unionhall_domain::{
    campaigns::CampaignId,
    members::MemberId,
    organizations::OrganizationId,
    salting_activities::{SaltingActivity, SaltingActivityId, SaltingActivityType, SaltingOutcome},
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// An outcome, or that it is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutcomeKnown {
    /// Nobody knows yet what came of it.
    Pending,
    /// This came of it.
    Known(SaltingOutcome),
}

impl OutcomeKnown {
    /// The name of what is not known.
    pub const PENDING: &'static str = "pending";

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => Self::PENDING,
            Self::Known(outcome) => outcome.as_str(),
        }
    }
}

/// Which activities are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaltingActivityFilter {
    /// At this employer.
    pub organization: Option<OrganizationId>,
    /// By this member.
    pub member: Option<MemberId>,
    /// Of this campaign.
    pub campaign: Option<CampaignId>,
    /// Of this type.
    pub activity_type: Option<SaltingActivityType>,
    /// With this outcome.
    pub outcome: Option<OutcomeKnown>,
    /// On or after this day.
    pub from: Option<Date>,
    /// On or before this day.
    pub until: Option<Date>,
}

/// What a list of activities can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SaltingActivitySort {
    /// The day of the activity.
    #[default]
    Date,
    /// Time of entry.
    Created,
}

/// Activities added up: the counts are those that were reported, whoever was met twice is in them twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SaltingTally {
    /// How many activities.
    pub activities: u64,
    /// The workers contacted in all of them.
    pub workers_contacted: u64,
    /// The cards signed in all of them.
    pub cards_signed: u64,
    /// The day of the last one, if there is one.
    pub last_on: Option<Date>,
}

/// The activities of a filter, added up in several ways.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaltingStatistics {
    /// All of them.
    pub total: SaltingTally,
    /// By type, those that occur, in the order of their names.
    pub by_type: Vec<(SaltingActivityType, SaltingTally)>,
    /// By outcome, those that occur, in the order of their names.
    pub by_outcome: Vec<(OutcomeKnown, SaltingTally)>,
    /// How many employers there are among them.
    pub employers: u64,
    /// By employer: at most [`EMPLOYERS_TOLD`](Self::EMPLOYERS_TOLD), most activities first, then by id.
    pub by_employer: Vec<(OrganizationId, SaltingTally)>,
    /// By month, as its first day: at most [`MONTHS_TOLD`](Self::MONTHS_TOLD) with any activity, latest first.
    pub by_month: Vec<(Date, SaltingTally)>,
}

impl SaltingStatistics {
    /// How many employers are told at most.
    pub const EMPLOYERS_TOLD: usize = 100;
    /// How many months are told at most: ten years.
    pub const MONTHS_TOLD: usize = 120;
}

/// The SALTing activities of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SaltingActivityRepository {
    /// The activity with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: SaltingActivityId) -> Result<Option<SaltingActivity>, StorageError>;

    /// The activity with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(
        &mut self,
        id: SaltingActivityId,
    ) -> Result<Option<SaltingActivity>, StorageError>;

    /// The activities that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &SaltingActivityFilter,
        page: &PageRequest<SaltingActivitySort>,
    ) -> Result<Page<SaltingActivity>, StorageError>;

    /// The activities that match and are not deleted, added up.
    ///
    /// # Errors
    /// [`StorageError`].
    fn statistics(
        &mut self,
        filter: &SaltingActivityFilter,
    ) -> Result<SaltingStatistics, StorageError>;

    /// Adds an activity.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `salting_activities_member_fkey` or
    /// `salting_activities_organization_fkey` when a party is not of this tenant, and with
    /// `salting_activities_campaign_fkey` when the campaign is not of the employer.
    fn insert(&mut self, activity: &SaltingActivity) -> Result<(), StorageError>;

    /// Writes an activity whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, activity: &SaltingActivity) -> Result<(), StorageError>;
}
