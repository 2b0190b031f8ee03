//! The versions of an agreement's rules: each is added once, and followed by another one instead of being changed.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, created},
    collective_agreements::{CollectiveAgreement, CollectiveAgreementId, RuleSet, StepRule},
    version::Version,
};
use unionhall_ports::{
    collective_agreements::RuleSetSort,
    pages::{Page, PageRequest},
};

use super::{AgreementError, CollectiveAgreements, next, present, record};
use crate::{call::Call, permissions::Permission};

/// A version of an agreement's rules to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRuleSet {
    /// The first day on which grievances are filed under it.
    pub effective_from: Date,
    /// The rules, all of them.
    pub rules: Vec<StepRule>,
}

/// A version of the rules, and the agreement that it was added to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSetAdded {
    /// The rules.
    pub rules: RuleSet,
    /// The agreement as it is now.
    pub agreement: CollectiveAgreement,
}

impl CollectiveAgreements {
    /// Adds the next version of an agreement's rules. Grievances that were filed before keep theirs, and no deadline
    /// moves.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn add_rule_set(
        &self,
        call: &Call,
        id: CollectiveAgreementId,
        wanted: NewRuleSet,
    ) -> Result<RuleSetAdded, AgreementError> {
        call.actor.require(Permission::AgreementsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let last = change.tx.collective_agreements().last_rule_set(id)?;
            let version = last.map_or(Version::FIRST, Version::next);
            let NewRuleSet {
                effective_from,
                rules,
            } = wanted;
            let rules = RuleSet::new(&before, version, effective_from, rules);
            let rules = rules.map_err(AgreementError::Invalid)?;
            let agreement = next(change, before);
            // Who adds a version at the same time finds the agreement changed.
            change.tx.collective_agreements().update(&agreement)?;
            let now = change.now;
            change
                .tx
                .collective_agreements()
                .insert_rule_set(&rules, now)?;
            let fields = created(rules.fields());
            record(change, AuditAction::Updated, &agreement, fields);
            Ok(RuleSetAdded { rules, agreement })
        })
    }

    /// A version of an agreement's rules.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn rule_set(
        &self,
        call: &Call,
        id: CollectiveAgreementId,
        version: Version,
    ) -> Result<RuleSet, AgreementError> {
        call.actor.require(Permission::AgreementsRead)?;
        self.core.snapshot(call, |tx| {
            let agreements = tx.collective_agreements();
            agreements.find(id)?.ok_or(AgreementError::NotFound)?;
            let found = agreements.find_rule_set(id, version)?;
            found.ok_or(AgreementError::NotFound)
        })
    }

    /// The versions of an agreement's rules.
    ///
    /// # Errors
    /// [`AgreementError`].
    pub fn rule_sets(
        &self,
        call: &Call,
        id: CollectiveAgreementId,
        page: &PageRequest<RuleSetSort>,
    ) -> Result<Page<RuleSet>, AgreementError> {
        call.actor.require(Permission::AgreementsRead)?;
        self.core.snapshot(call, |tx| {
            let agreements = tx.collective_agreements();
            agreements.find(id)?.ok_or(AgreementError::NotFound)?;
            Ok(agreements.rule_sets(id, page)?)
        })
    }
}
