//! Collective agreements: describing who agreed on what, and the versions of the rules that deadlines are counted by.

mod errors;
mod rule_sets;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    collective_agreements::{
        AgreementChange, AgreementTerms, CollectiveAgreement, CollectiveAgreementId, Party, Side,
    },
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::{OrganizationId, OrganizationType},
    version::Version,
};
use unionhall_ports::{
    collective_agreements::{AgreementFilter, AgreementSort},
    pages::{Page, PageRequest},
};

pub use errors::AgreementError;
pub use rule_sets::{NewRuleSet, RuleSetAdded};

use crate::{
    call::Call,
    core::{Change, Core},
    permissions::Permission,
};

/// The use cases of collective agreements.
#[derive(Clone)]
pub struct CollectiveAgreements {
    core: Arc<Core>,
}

impl CollectiveAgreements {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds an agreement; it has no rules yet.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn create(
        &self,
        call: &Call,
        terms: AgreementTerms,
    ) -> Result<CollectiveAgreement, AgreementError> {
        call.actor.require(Permission::AgreementsWrite)?;
        self.core.change(call, |change| {
            parties(change, terms.parties())?;
            let agreement = CollectiveAgreement {
                id: Id::new(change.new_id()),
                terms,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.collective_agreements().insert(&agreement)?;
            let fields = created(agreement.terms.fields());
            record(change, AuditAction::Created, &agreement, fields);
            Ok(agreement)
        })
    }

    /// One agreement, with the words of its articles.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn find(
        &self,
        call: &Call,
        id: CollectiveAgreementId,
    ) -> Result<CollectiveAgreement, AgreementError> {
        call.actor.require(Permission::AgreementsRead)?;
        self.core.snapshot(call, |tx| {
            tx.collective_agreements()
                .find(id)?
                .ok_or(AgreementError::NotFound)
        })
    }

    /// The agreements that match, without the words of their articles.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &AgreementFilter,
        page: &PageRequest<AgreementSort>,
    ) -> Result<Page<CollectiveAgreement>, AgreementError> {
        call.actor.require(Permission::AgreementsRead)?;
        self.core.snapshot(call, |tx| {
            Ok(tx.collective_agreements().list(filter, page)?)
        })
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace. Versions of the rules stay as they
    /// are, whatever becomes of the articles that they cite.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn update(
        &self,
        call: &Call,
        id: CollectiveAgreementId,
        wanted: AgreementChange,
    ) -> Result<CollectiveAgreement, AgreementError> {
        call.actor.require(Permission::AgreementsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let terms = before.terms.clone().changed(wanted);
            let terms = terms.map_err(AgreementError::Invalid)?;
            if terms == before.terms {
                change.leave_unchanged();
                return Ok(before);
            }
            parties(change, terms.parties())?;
            let fields = differences(before.terms.fields(), terms.fields());
            let after = CollectiveAgreement {
                terms,
                ..next(change, before)
            };
            change.tx.collective_agreements().update(&after)?;
            record(change, AuditAction::Updated, &after, fields);
            Ok(after)
        })
    }

    /// Deletes an agreement that no grievance names; it can be restored.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn delete(&self, call: &Call, id: CollectiveAgreementId) -> Result<(), AgreementError> {
        call.actor.require(Permission::AgreementsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = CollectiveAgreement {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            // The write waits for whoever files a grievance at this moment; the question after it sees what they
            // filed.
            change.tx.collective_agreements().update(&after)?;
            let numbers = change.tx.grievances().numbers_under(id)?;
            if !numbers.is_empty() {
                return Err(AgreementError::InUse(numbers));
            }
            record(change, AuditAction::Deleted, &after, Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted agreement back.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn restore(
        &self,
        call: &Call,
        id: CollectiveAgreementId,
    ) -> Result<CollectiveAgreement, AgreementError> {
        call.actor.require(Permission::AgreementsWrite)?;
        self.core.change(call, |change| {
            let found = change.tx.collective_agreements().find_deleted(id)?;
            let before = found.ok_or(AgreementError::NotFound)?;
            call.expects(before.version)?;
            let after = CollectiveAgreement {
                deleted_at: None,
                ..next(change, before)
            };
            change.tx.collective_agreements().update(&after)?;
            record(change, AuditAction::Restored, &after, Vec::new());
            Ok(after)
        })
    }
}

/// The agreement as it is, if the caller means this version of it.
fn present(
    change: &mut Change<'_>,
    id: CollectiveAgreementId,
) -> Result<CollectiveAgreement, AgreementError> {
    let found = change.tx.collective_agreements().find(id)?;
    let found = found.ok_or(AgreementError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

/// The same agreement, changed now.
fn next(change: &Change<'_>, agreement: CollectiveAgreement) -> CollectiveAgreement {
    CollectiveAgreement {
        version: agreement.version.next(),
        updated_at: change.now,
        ..agreement
    }
}

/// Holds the organizations that are named as parties: they must be of this tenant, and employers on the employer's
/// side.
fn parties(change: &mut Change<'_>, parties: &[Party]) -> Result<(), AgreementError> {
    let mut errors = Vec::new();
    for (index, party) in parties.iter().enumerate() {
        let Some(id) = party.organization else {
            continue;
        };
        if let Some(invalid) = unfit(change, party.side, id)? {
            let field = format!("parties/{index}/organization_id").into();
            errors.push(FieldError { field, invalid });
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(AgreementError::Invalid(errors))
    }
}

fn unfit(
    change: &mut Change<'_>,
    side: Side,
    id: OrganizationId,
) -> Result<Option<Invalid>, AgreementError> {
    let found = change.tx.organizations().hold(id)?;
    let kind = found.map(|organization| organization.details.org_type);
    Ok(match (side, kind) {
        (Side::Union | Side::Employer, None) => Some(Invalid::new(
            "unknown_organization",
            "is no organization of this tenant",
        )),
        (Side::Union, Some(_)) | (Side::Employer, Some(OrganizationType::Employer)) => None,
        (
            Side::Employer,
            Some(
                OrganizationType::Union
                | OrganizationType::TrainingPartner
                | OrganizationType::Jatc,
            ),
        ) => Some(Invalid::new(
            "not_an_employer",
            "is an organization, but not an employer",
        )),
    })
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    agreement: &CollectiveAgreement,
    fields: Vec<FieldChange>,
) {
    let id = agreement.id.uuid();
    change.record(action, Target::CollectiveAgreement, id, fields, Vec::new());
}

#[cfg(test)]
mod tests;
