//! Campaigns in storage.

use jiff::civil::Date;
use unionhall_domain::{
    campaigns::{Campaign, CampaignId},
    organizations::OrganizationId,
    users::UserId,
};

use crate::{
    pages::{Page, PageRequest},
    salting_activities::SaltingTally,
    storage::StorageError,
};

/// Which campaigns are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CampaignFilter {
    /// With this status, by its name.
    pub status: Option<&'static str>,
    /// Led by this user.
    pub lead: Option<UserId>,
    /// At this employer, perhaps among others.
    pub organization: Option<OrganizationId>,
}

/// What a list of campaigns can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CampaignSort {
    /// Name, accents and case aside.
    #[default]
    Name,
    /// Time of entry.
    Created,
}

/// The activities of one campaign, added up; what is deleted counts nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CampaignTallies {
    /// All of them.
    pub total: SaltingTally,
    /// By employer, those with any, in the order of their ids.
    pub by_employer: Vec<(OrganizationId, SaltingTally)>,
    /// By month, as its first day, those with any, earliest first.
    pub by_month: Vec<(Date, SaltingTally)>,
}

/// The campaigns of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CampaignRepository {
    /// The campaign with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: CampaignId) -> Result<Option<Campaign>, StorageError>;

    /// The campaign with this id, unless deleted, kept from being changed or deleted by others until the transaction
    /// ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: CampaignId) -> Result<Option<Campaign>, StorageError>;

    /// The campaign with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: CampaignId) -> Result<Option<Campaign>, StorageError>;

    /// The campaigns that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &CampaignFilter,
        page: &PageRequest<CampaignSort>,
    ) -> Result<Page<Campaign>, StorageError>;

    /// The activities of a campaign that are not deleted, added up.
    ///
    /// # Errors
    /// [`StorageError`].
    fn tallies(&mut self, id: CampaignId) -> Result<CampaignTallies, StorageError>;

    /// Adds a campaign with its employers.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `campaigns_lead_fkey` or `campaign_targets_organization_fkey` when somebody
    /// or something named is not of this tenant.
    fn insert(&mut self, campaign: &Campaign) -> Result<(), StorageError>;

    /// Writes a campaign whose version is one above the stored one, with its employers as they are now.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert), and with `salting_activities_campaign_fkey` when an employer is left out that
    /// activities of the campaign name, also deleted ones.
    fn update(&mut self, campaign: &Campaign) -> Result<(), StorageError>;
}
