//! SALTing scores: judging how an employer stands towards the union, and how it was judged before.

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::{OrganizationId, OrganizationType},
    salting_scores::{Assessment, SaltingScoreEntry},
    version::Version,
};
use unionhall_ports::{
    idempotency::StoredAnswer,
    pages::{Page, PageRequest},
    salting_scores::SaltingScoreSort,
    storage::StorageError,
    unit_of_work::Repositories,
};

use crate::{
    call::Call,
    core::{Core, Recorded},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// What can go wrong with SALTing scores.
#[derive(Debug, thiserror::Error)]
pub enum SaltingScoreError {
    /// There is no organization with this id.
    #[error("there is no such organization")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for SaltingScoreError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for SaltingScoreError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Invalid(_) => None,
        }
    }
}

/// The use cases of SALTing scores.
#[derive(Clone)]
pub struct SaltingScores {
    core: Arc<Core>,
}

impl SaltingScores {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// How an organization is judged at present: its newest entry, if it was judged at all.
    ///
    /// # Errors
    /// [`SaltingScoreError`].
    pub fn find(
        &self,
        call: &Call,
        organization: OrganizationId,
    ) -> Result<Recorded<Option<SaltingScoreEntry>>, SaltingScoreError> {
        call.actor.require(Permission::OrganizingRead)?;
        let newest = self.core.snapshot(call, |tx| {
            there(tx, organization)?;
            Ok::<_, SaltingScoreError>(tx.salting_scores().newest(organization)?)
        })?;
        Ok(self
            .core
            .recorded(call, Target::SaltingScore, organization.uuid(), newest)?)
    }

    /// How an organization was judged over time.
    ///
    /// # Errors
    /// [`SaltingScoreError`].
    pub fn history(
        &self,
        call: &Call,
        organization: OrganizationId,
        page: &PageRequest<SaltingScoreSort>,
    ) -> Result<Recorded<Page<SaltingScoreEntry>>, SaltingScoreError> {
        call.actor.require(Permission::OrganizingRead)?;
        let history = self.core.snapshot(call, |tx| {
            there(tx, organization)?;
            Ok::<_, SaltingScoreError>(tx.salting_scores().history(organization, page)?)
        })?;
        Ok(self
            .core
            .recorded(call, Target::SaltingScore, organization.uuid(), history)?)
    }

    /// Judges an employer anew. Each judgement is an entry of its own, also when the score stays the same: that
    /// somebody looked again, and why, is worth knowing.
    ///
    /// # Errors
    /// [`SaltingScoreError`].
    pub fn set(
        &self,
        call: &Call,
        organization: OrganizationId,
        assessment: Assessment,
    ) -> Result<SaltingScoreEntry, SaltingScoreError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            // Kept from being merged, so that the judgement does not stay behind; whoever merges may know of it.
            let kept = change.tx.organizations().keep_unmerged(organization)?;
            let kept = kept.ok_or(SaltingScoreError::NotFound)?;
            if kept.details.org_type != OrganizationType::Employer {
                let detail = "is of an organization, but not of an employer";
                let error = Invalid::new("not_an_employer", detail).at("score");
                return Err(SaltingScoreError::Invalid(vec![error]));
            }
            let before = change.tx.salting_scores().newest(organization)?;
            match &before {
                Some(newest) => call.expects(newest.version)?,
                // There is no version yet that somebody could mean.
                None if call.expected.is_some() => return Err(CallError::Stale.into()),
                None => {}
            }
            // The newest may be of what was merged into this one; above both, no version comes twice.
            let told = before.as_ref().map(|newest| newest.version);
            let own = change.tx.salting_scores().last_version(organization)?;
            let entry = SaltingScoreEntry {
                id: Id::new(change.new_id()),
                organization,
                version: told.max(own).map_or(Version::FIRST, Version::next),
                assessment,
                set_by: call.actor.user_id(),
                set_at: change.now,
            };
            change.tx.salting_scores().insert(&entry)?;
            let after = entry.assessment.fields();
            let (action, fields) = match before {
                None => (AuditAction::Created, created(after)),
                Some(newest) => (
                    AuditAction::Updated,
                    differences(newest.assessment.fields(), after),
                ),
            };
            let id = organization.uuid();
            change.record(action, Target::SaltingScore, id, fields, Vec::new());
            Ok(entry)
        })
    }
}

/// Goes on if there is an organization with this id that is not deleted.
fn there(tx: &mut dyn Repositories, id: OrganizationId) -> Result<(), SaltingScoreError> {
    match tx.organizations().find(id)? {
        Some(_) => Ok(()),
        None => Err(SaltingScoreError::NotFound),
    }
}

#[cfg(test)]
mod tests;
