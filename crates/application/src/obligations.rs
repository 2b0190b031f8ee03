//! Obligations out of settlements: written down, mended while they are open, and followed until they are met.

use std::sync::Arc;

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, created, differences},
    audit::{FieldChange, Target},
    grievances::{Action, Grievance, GrievanceId},
    ids::Id,
    obligations::{
        Immovable, Obligation, ObligationAction, ObligationId, ObligationMove, ObligationState,
        Terms, TermsChange,
    },
    refused::Refused,
    version::Version,
};
use unionhall_ports::{
    obligations::{ObligationFilter, ObligationSort},
    pages::{Direction, Page, PageRequest},
};

use crate::{
    actor::Actor,
    call::Call,
    cases::{self, CaseError, Dated},
    core::{Change, Core, Recorded},
    error::CallError,
    grievances::readable,
    permissions::Permission,
};

/// The use cases of obligations.
#[derive(Clone)]
pub struct Obligations {
    core: Arc<Core>,
}

impl Obligations {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The obligations of a grievance, also for the member whose case it is.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn list_of_grievance(
        &self,
        call: &Call,
        grievance: GrievanceId,
        page: &PageRequest<ObligationSort>,
    ) -> Result<Recorded<Page<Dated<Obligation>>>, CaseError> {
        let own = readable(&call.actor)?;
        let filter = ObligationFilter {
            grievance: Some(grievance),
            ..ObligationFilter::default()
        };
        let found = self.core.snapshot(call, |tx| {
            cases::shown(tx, &own, grievance)?;
            Ok::<_, CaseError>(tx.obligations().list(&filter, page)?)
        })?;
        let found = self.page(call, found);
        Ok(self
            .core
            .recorded(call, Target::Grievance, grievance.uuid(), found)?)
    }

    /// The obligations that match, across grievances. Which are overdue is a matter of the tenant's day.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn list(
        &self,
        call: &Call,
        mut filter: ObligationFilter,
        only_overdue: bool,
        page: &PageRequest<ObligationSort>,
    ) -> Result<Recorded<Page<Dated<Obligation>>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        filter.overdue_on = only_overdue.then(|| self.today(call));
        let found = self.core.snapshot(call, |tx| {
            Ok::<_, CaseError>(tx.obligations().list(&filter, page)?)
        })?;
        let found = self.page(call, found);
        let mut details = vec![
            ("count", found.items.len().to_string()),
            ("overdue", only_overdue.to_string()),
        ];
        details.extend(filter.grievance.map(|id| ("grievance_id", id.to_string())));
        Ok(self
            .core
            .recorded_list(call, Target::Obligation, details, found)?)
    }

    /// One obligation of a grievance, also for the member whose case it is.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn find(
        &self,
        call: &Call,
        grievance: GrievanceId,
        id: ObligationId,
    ) -> Result<Recorded<Dated<Obligation>>, CaseError> {
        let own = readable(&call.actor)?;
        let found = self.core.snapshot(call, |tx| {
            cases::shown(tx, &own, grievance)?;
            let found = tx.obligations().find(grievance, id)?;
            found.ok_or(NO_OBLIGATION)
        })?;
        let found = dated(found, self.today(call));
        Ok(self
            .core
            .recorded(call, Target::Obligation, id.uuid(), found)?)
    }

    /// Writes down what a settlement obliges a side to.
    ///
    /// # Errors
    /// [`CaseError::Refused`] when nothing was settled.
    pub fn add(
        &self,
        call: &Call,
        grievance: GrievanceId,
        terms: Terms,
    ) -> Result<Dated<Obligation>, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let case = cases::present(change, grievance)?;
            settled(&case, "oblige")?;
            let obligation = Obligation {
                id: Id::new(change.new_id()),
                grievance,
                terms,
                state: ObligationState::Open,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
            };
            change.tx.obligations().insert(&obligation)?;
            let fields = created(obligation.fields());
            record(change, AuditAction::Created, &obligation, fields, None);
            Ok(dated(obligation, change.today()))
        })
    }

    /// Mends the terms of an open obligation.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn update(
        &self,
        call: &Call,
        id: (GrievanceId, ObligationId),
        wanted: TermsChange,
    ) -> Result<Dated<Obligation>, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            before.permit(ObligationAction::Update)?;
            let after = Obligation {
                terms: before.terms.clone().changed(wanted),
                ..before.clone()
            };
            Ok(written(change, AuditAction::Updated, &before, after, None)?)
        })
    }

    /// Says what became of an obligation.
    ///
    /// # Errors
    /// [`CaseError`]; [`CaseError::Refused`] also when one is to be taken up whose settlement was taken back.
    pub fn act(
        &self,
        call: &Call,
        id: (GrievanceId, ObligationId),
        said: ObligationMove,
    ) -> Result<Dated<Obligation>, CaseError> {
        call.actor.require(permission_for(said.action()))?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let reason = match &said {
                ObligationMove::Reopen(reason) => {
                    settled(&cases::present(change, id.0)?, "reopen")?;
                    Some(reason.to_string())
                }
                ObligationMove::Fulfill(..)
                | ObligationMove::Breach(_)
                | ObligationMove::Waive(_) => None,
            };
            let after = before.clone().apply(said, change.today());
            let after = after.map_err(|immovable| match immovable {
                Immovable::Refused(refused) => CaseError::from(refused),
                Immovable::Invalid(errors) => CaseError::Invalid(errors),
            })?;
            Ok(written(change, AuditAction::Moved, &before, after, reason)?)
        })
    }

    /// What this actor may do with an obligation now.
    pub fn allowed_actions(&self, actor: &Actor, obligation: &Obligation) -> Vec<&'static str> {
        let allowed = obligation.allowed();
        cases::named(actor, allowed, permission_for, ObligationAction::as_str)
    }

    fn page(&self, call: &Call, found: Page<Obligation>) -> Page<Dated<Obligation>> {
        let today = self.today(call);
        cases::dated_page(found, |obligation| dated(obligation, today))
    }

    fn today(&self, call: &Call) -> Date {
        call.actor.today(self.core.clock.now())
    }
}

/// The permission that an action needs: to do without what was won is to decide, and so is to take up what is over.
pub const fn permission_for(action: ObligationAction) -> Permission {
    match action {
        ObligationAction::Update | ObligationAction::Fulfill | ObligationAction::Breach => {
            Permission::GrievancesWork
        }
        ObligationAction::Waive | ObligationAction::Reopen => Permission::GrievancesDecide,
    }
}

/// Goes on if the sides agreed: nothing is owed out of a settlement that is not there.
fn settled(case: &Grievance, action: &'static str) -> Result<(), Refused> {
    match case.progress.settlement() {
        Some(_) => Ok(()),
        None => Err(Refused {
            what: "a grievance",
            status: case.progress.state.as_str(),
            action,
            allowed: Vec::new(),
        }),
    }
}

/// Releases the sides from what a settlement obliged them to, when the settlement is taken back.
///
/// # Errors
/// [`CallError`].
pub(crate) fn release(
    change: &mut Change<'_>,
    before: &Grievance,
    action: &Action,
) -> Result<(), CallError> {
    let (Some(_), Action::Reopen(reason)) = (before.progress.settlement(), action) else {
        return Ok(());
    };
    let outstanding = ObligationFilter {
        grievance: Some(before.id),
        only_outstanding: true,
        ..ObligationFilter::default()
    };
    let page = PageRequest {
        limit: 100,
        after: None,
        sort: ObligationSort::Due,
        direction: Direction::Ascending,
        with_total: false,
    };
    // What was released is outstanding no more: the first page is the next one, until it is empty.
    loop {
        let found = change.tx.obligations().list(&outstanding, &page)?.items;
        if found.is_empty() {
            return Ok(());
        }
        for obligation in found {
            let today = change.today();
            let released = obligation.clone().released(reason.as_str(), today);
            let after = released.ok_or(CallError::Internal("it is not outstanding".into()))?;
            written(change, AuditAction::Moved, &obligation, after, None)?;
        }
    }
}

const NO_OBLIGATION: CaseError = CaseError::NotFound("obligation");

fn dated(obligation: Obligation, today: Date) -> Dated<Obligation> {
    Dated {
        is_overdue: obligation.is_overdue(today),
        record: obligation,
    }
}

fn present(
    change: &mut Change<'_>,
    (grievance, id): (GrievanceId, ObligationId),
) -> Result<Obligation, CaseError> {
    cases::present(change, grievance)?;
    let found = change.tx.obligations().find(grievance, id)?;
    let found = found.ok_or(NO_OBLIGATION)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn written(
    change: &mut Change<'_>,
    action: AuditAction,
    before: &Obligation,
    after: Obligation,
    reason: Option<String>,
) -> Result<Dated<Obligation>, CallError> {
    let fields = differences(before.fields(), after.fields());
    if fields.is_empty() {
        change.leave_unchanged_and_told(Target::Obligation, after.id.uuid());
        return Ok(dated(after, change.today()));
    }
    let after = Obligation {
        version: before.version.next(),
        updated_at: change.now,
        ..after
    };
    change.tx.obligations().update(&after)?;
    record(change, action, &after, fields, reason);
    Ok(dated(after, change.today()))
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    obligation: &Obligation,
    fields: Vec<FieldChange>,
    reason: Option<String>,
) {
    let mut details = vec![("grievance_id", obligation.grievance.to_string())];
    details.extend(reason.map(|reason| ("reason", reason)));
    let id = obligation.id.uuid();
    change.record(action, Target::Obligation, id, fields, details);
}

#[cfg(test)]
mod tests;
