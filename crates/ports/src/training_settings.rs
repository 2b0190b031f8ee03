//! What a tenant has decided about its school, in storage.

use unionhall_domain::training_settings::TrainingSettings;

use crate::storage::StorageError;

/// The settings of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait TrainingSettingsRepository {
    /// The settings; [`TrainingSettings::USUAL`] as long as nothing was decided.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self) -> Result<TrainingSettings, StorageError>;

    /// Writes settings whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn put(&mut self, settings: &TrainingSettings) -> Result<(), StorageError>;
}
