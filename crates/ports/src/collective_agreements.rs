//! Collective agreements and the versions of their rules in storage.

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    collective_agreements::{CollectiveAgreement, CollectiveAgreementId, RuleSet},
    organizations::OrganizationId,
    version::Version,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which agreements are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgreementFilter {
    /// That this organization is a party of.
    pub organization: Option<OrganizationId>,
    /// That are in force on this day.
    pub in_force_on: Option<Date>,
}

/// What a list of agreements can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AgreementSort {
    /// Name, accents and case aside.
    #[default]
    Name,
    /// First day.
    EffectiveFrom,
}

/// What a list of versions of rules can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuleSetSort {
    /// The number of the version.
    #[default]
    Version,
}

/// The agreements of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CollectiveAgreementRepository {
    /// The agreement with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        id: CollectiveAgreementId,
    ) -> Result<Option<CollectiveAgreement>, StorageError>;

    /// The agreement with this id, unless deleted, kept from being changed or deleted by others until the transaction
    /// ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(
        &mut self,
        id: CollectiveAgreementId,
    ) -> Result<Option<CollectiveAgreement>, StorageError>;

    /// The agreement with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(
        &mut self,
        id: CollectiveAgreementId,
    ) -> Result<Option<CollectiveAgreement>, StorageError>;

    /// The agreements that match and are not deleted, in a total order. The words of their articles are left out: a
    /// page of agreements would be a book.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &AgreementFilter,
        page: &PageRequest<AgreementSort>,
    ) -> Result<Page<CollectiveAgreement>, StorageError>;

    /// Adds an agreement.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, agreement: &CollectiveAgreement) -> Result<(), StorageError>;

    /// Writes an agreement whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, agreement: &CollectiveAgreement) -> Result<(), StorageError>;

    /// Adds a version of an agreement's rules, made at an instant.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the agreement has that version already.
    fn insert_rule_set(&mut self, rules: &RuleSet, at: Timestamp) -> Result<(), StorageError>;

    /// The number of the last version of an agreement's rules, if it has any.
    ///
    /// # Errors
    /// [`StorageError`].
    fn last_rule_set(&mut self, id: CollectiveAgreementId)
    -> Result<Option<Version>, StorageError>;

    /// A version of an agreement's rules.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_rule_set(
        &mut self,
        id: CollectiveAgreementId,
        version: Version,
    ) -> Result<Option<RuleSet>, StorageError>;

    /// The version of an agreement's rules that counts for what is filed on a day: of those in effect by then the one
    /// that came into effect last, and of two that did on one day the later version.
    ///
    /// # Errors
    /// [`StorageError`].
    fn rule_set_in_force(
        &mut self,
        id: CollectiveAgreementId,
        day: Date,
    ) -> Result<Option<RuleSet>, StorageError>;

    /// The versions of an agreement's rules, in the order of their numbers.
    ///
    /// # Errors
    /// [`StorageError`].
    fn rule_sets(
        &mut self,
        id: CollectiveAgreementId,
        page: &PageRequest<RuleSetSort>,
    ) -> Result<Page<RuleSet>, StorageError>;
}
