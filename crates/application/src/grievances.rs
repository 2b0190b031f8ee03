//! Grievances: filing them, working on them, and moving them up the ladder.

mod batches;
mod errors;
mod filing;
mod moving;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, differences},
    grievances::{
        ClaimChange, Grievance, GrievanceId, GrievanceNumber, Move, StepRecord, check_dates,
    },
    members::MemberId,
};
use unionhall_ports::{
    grievances::{GrievanceFilter, GrievanceSort},
    pages::{Page, PageRequest},
};

pub use errors::GrievanceError;
pub use filing::FileGrievance;
pub(crate) use filing::filed_under;
pub use moving::{RecordStep, StepOutcome, StepRecorded};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    error::CallError,
    permissions::Permission,
};

/// The use cases of grievances.
#[derive(Clone)]
pub struct Grievances {
    core: Arc<Core>,
}

impl Grievances {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// One grievance. Who may read only their own cases finds no other.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn find(
        &self,
        call: &Call,
        id: GrievanceId,
    ) -> Result<Recorded<Grievance>, GrievanceError> {
        let own = readable(&call.actor)?;
        let found = self.core.read(call, |tx| {
            tx.grievances()
                .find(id)?
                .filter(|grievance| own.shows(grievance))
                .ok_or(GrievanceError::NotFound)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Grievance, id.uuid(), found)?)
    }

    /// One grievance, by number. Who may read only their own cases finds no other.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn find_by_number(
        &self,
        call: &Call,
        number: GrievanceNumber,
    ) -> Result<Recorded<Grievance>, GrievanceError> {
        let own = readable(&call.actor)?;
        let found = self.core.read(call, |tx| {
            tx.grievances()
                .find_by_number(number)?
                .filter(|grievance| own.shows(grievance))
                .ok_or(GrievanceError::NotFound)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Grievance, found.id.uuid(), found)?)
    }

    /// The grievances that match. Who may read only their own cases finds no others.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn list(
        &self,
        call: &Call,
        mut filter: GrievanceFilter,
        page: &PageRequest<GrievanceSort>,
    ) -> Result<Recorded<Page<Grievance>>, GrievanceError> {
        let nothing = Page {
            items: Vec::new(),
            next: None,
            total: page.with_total.then_some(0),
        };
        let found = match readable(&call.actor)? {
            Readable::Own(None) => nothing,
            Readable::Own(own) if filter.member.is_some() && filter.member != own => nothing,
            readable => {
                if let Readable::Own(own) = readable {
                    filter.member = own;
                }
                self.core.read(call, |tx| {
                    Ok::<_, GrievanceError>(tx.grievances().list(&filter, page)?)
                })?
            }
        };
        let details = listed_details(&filter, found.items.len());
        Ok(self
            .core
            .recorded_list(call, Target::Grievance, details, found)?)
    }

    /// The meetings of a grievance, earliest first.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn steps(
        &self,
        call: &Call,
        id: GrievanceId,
    ) -> Result<Recorded<Vec<StepRecord>>, GrievanceError> {
        let own = readable(&call.actor)?;
        let steps = self.core.snapshot(call, |tx| {
            tx.grievances()
                .find(id)?
                .filter(|grievance| own.shows(grievance))
                .ok_or(GrievanceError::NotFound)?;
            Ok::<_, GrievanceError>(tx.grievances().steps(id)?)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Grievance, id.uuid(), steps)?)
    }

    /// Changes what a claim says; where the grievance stands is moved by actions alone.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn update(
        &self,
        call: &Call,
        id: GrievanceId,
        wanted: ClaimChange,
    ) -> Result<Grievance, GrievanceError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let claim = before.claim.clone().changed(wanted);
            check_dates(before.filed_date, claim.incident_date, change.today())
                .map_err(GrievanceError::Invalid)?;
            if claim.assigned_representative != before.claim.assigned_representative {
                filing::representative(change, claim.assigned_representative)?;
            }
            if claim.steward != before.claim.steward {
                filing::steward(change, claim.steward)?;
            }
            let after = Grievance {
                claim,
                ..before.clone()
            };
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged_and_told(Target::Grievance, id.uuid());
                return Ok(before);
            }
            let after = touched(change, after);
            change.tx.grievances().update(&after)?;
            record(change, AuditAction::Updated, &after, fields, Vec::new());
            Ok(after)
        })
    }

    /// Deletes a grievance; it can be restored, and its number stays taken.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn delete(&self, call: &Call, id: GrievanceId) -> Result<(), GrievanceError> {
        call.actor.require(Permission::GrievancesDelete)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Grievance {
                deleted_at: Some(change.now),
                ..touched(change, before)
            };
            change.tx.grievances().update(&after)?;
            record(change, AuditAction::Deleted, &after, Vec::new(), Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted grievance back, unless its member, its employer or its agreement is deleted by now.
    ///
    /// # Errors
    /// [`GrievanceError`].
    pub fn restore(&self, call: &Call, id: GrievanceId) -> Result<Grievance, GrievanceError> {
        call.actor.require(Permission::GrievancesDelete)?;
        self.core.change(call, |change| {
            let before = change
                .tx
                .grievances()
                .find_deleted(id)?
                .ok_or(GrievanceError::NotFound)?;
            call.expects(before.version)?;
            filing::parties(change, before.member, before.employer)?;
            filing::held_agreement(change, &before)?;
            let after = Grievance {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.grievances().update(&after)?;
            record(
                change,
                AuditAction::Restored,
                &after,
                Vec::new(),
                Vec::new(),
            );
            Ok(after)
        })
    }

    /// What this actor may do with a grievance now: the moves its status allows and the actor's roles too.
    pub fn allowed_actions(&self, actor: &Actor, grievance: &Grievance) -> Vec<&'static str> {
        let mut actions = Vec::new();
        if actor.may(Permission::GrievancesWork) {
            actions.push("update");
        }
        if actor.may(Permission::GrievancesDelete) {
            actions.push("delete");
        }
        let moves = grievance.progress.allowed();
        let may = moves
            .into_iter()
            .filter(|kind| actor.may(permission_for(*kind)));
        actions.extend(may.map(Move::as_str));
        actions
    }
}

/// The permission that a move needs: work goes on with one, an end needs the other.
pub const fn permission_for(kind: Move) -> Permission {
    match kind {
        Move::Investigate
        | Move::ScheduleHearing
        | Move::RecordDenied
        | Move::RecordAdvanced
        | Move::Advance => Permission::GrievancesWork,
        Move::RecordSettled | Move::Withdraw | Move::Close | Move::Reopen => {
            Permission::GrievancesDecide
        }
    }
}

/// Whose grievances an actor may read.
pub(crate) enum Readable {
    /// Every member's.
    Every,
    /// Those of the member one is, if one is any.
    Own(Option<MemberId>),
}

impl Readable {
    /// Whether this one is among them.
    pub(crate) fn shows(&self, grievance: &Grievance) -> bool {
        match self {
            Self::Every => true,
            Self::Own(member) => *member == Some(grievance.member),
        }
    }
}

/// Whose grievances the actor may read.
///
/// # Errors
/// [`CallError::Forbidden`] when nobody's.
pub(crate) fn readable(actor: &Actor) -> Result<Readable, CallError> {
    if actor.may(Permission::GrievancesRead) {
        return Ok(Readable::Every);
    }
    if actor.may(Permission::GrievancesReadOwn) {
        return Ok(Readable::Own(actor.member()));
    }
    Err(CallError::Forbidden(Permission::GrievancesRead))
}

fn present(change: &mut Change<'_>, id: GrievanceId) -> Result<Grievance, GrievanceError> {
    let found = change
        .tx
        .grievances()
        .find(id)?
        .ok_or(GrievanceError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

/// Counts a change of a grievance that none of its own fields shows.
///
/// # Errors
/// [`CallError`].
pub(crate) fn touch(change: &mut Change<'_>, grievance: Grievance) -> Result<(), CallError> {
    let after = touched(change, grievance);
    Ok(change.tx.grievances().update(&after)?)
}

fn touched(change: &Change<'_>, grievance: Grievance) -> Grievance {
    Grievance {
        version: grievance.version.next(),
        updated_at: change.now,
        ..grievance
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    grievance: &Grievance,
    fields: Vec<FieldChange>,
    details: Vec<(&'static str, String)>,
) {
    let id = grievance.id.uuid();
    change.record(action, Target::Grievance, id, fields, details);
}

fn listed_details(filter: &GrievanceFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add("status", filter.status.map(str::to_owned));
    add(
        "current_step",
        filter.step.map(|step| step.as_str().to_owned()),
    );
    add("member_id", filter.member.map(|id| id.to_string()));
    add("employer_id", filter.employer.map(|id| id.to_string()));
    add(
        "assigned_representative_id",
        filter.representative.map(|id| id.to_string()),
    );
    add("carrier_id", filter.carrier.map(|id| id.to_string()));
    add("filed_from", filter.filed_from.map(|day| day.to_string()));
    add("filed_until", filter.filed_until.map(|day| day.to_string()));
    add("q", filter.search.clone());
    details
}

#[cfg(test)]
mod tests;
