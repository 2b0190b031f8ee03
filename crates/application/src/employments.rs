//! Employments: who works where, and since when; starting a job, changing it, and ending it.
//!
//! Whether a job is current follows from its days and the tenant's today: a last day that lies ahead leaves it current
//! until then, a first day that lies ahead makes it current from then on. A member has no more jobs on a day than the
//! tenant's rules allow.

mod batches;
mod errors;
mod import;
mod rules;
mod starting;

use std::sync::Arc;

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, differences},
    employments::{Employment, EmploymentChange, EmploymentId, JobRules, Period},
    invalid::{FieldError, Invalid},
    members::{Member, MemberId},
    organizations::{Organization, OrganizationId},
    text::Line,
};
use unionhall_ports::{
    employments::{Employed, EmploymentFilter, EmploymentSort, TitleInUse},
    pages::{Page, PageRequest},
};

pub use self::{
    batches::{StartMany, Started, StartedMany},
    errors::EmploymentError,
    starting::NewEmployment,
};
use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    members::readable,
    permissions::Permission,
};

/// A job as it stands on the tenant's today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The job with its names.
    pub record: Employed,
    /// The tenant's day as of which this is said.
    pub today: Date,
}

impl Job {
    /// Whether today is one of its days.
    pub fn is_current(&self) -> bool {
        self.record.employment.details.period.contains(self.today)
    }
}

/// A job after a change, and what the change came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The job.
    pub job: Job,
    /// What is unusual about it; it was taken all the same.
    pub warnings: Vec<FieldError>,
    /// The jobs that were ended with it.
    pub ended: Vec<EmploymentId>,
}

/// Which jobs are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EmploymentsWanted {
    /// All but whether they are current.
    pub filter: EmploymentFilter,
    /// Whether they are current today.
    pub current: Option<bool>,
}

/// The use cases of employments.
#[derive(Clone)]
pub struct Employments {
    core: Arc<Core>,
}

impl Employments {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// One job. Who may read only their own record finds no other's.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn find(&self, call: &Call, id: EmploymentId) -> Result<Recorded<Job>, EmploymentError> {
        let only = readable(&call.actor)?;
        let found = self.core.read(call, |tx| {
            let found = tx.employments().find(id)?;
            found
                .filter(|found| only.is_none_or(|own| own == Some(found.employment.member)))
                .ok_or(EmploymentError::NotFound)
        })?;
        let job = as_of(self.today(call), found);
        Ok(self
            .core
            .recorded(call, Target::Employment, id.uuid(), job)?)
    }

    /// The jobs that match. Who may read only their own record finds at most their own jobs.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn list(
        &self,
        call: &Call,
        wanted: EmploymentsWanted,
        page: &PageRequest<EmploymentSort>,
    ) -> Result<Recorded<Page<Job>>, EmploymentError> {
        let only = readable(&call.actor)?;
        let today = self.today(call);
        let mut filter = EmploymentFilter {
            current: wanted.current.map(|is_current| (today, is_current)),
            ..wanted.filter.clone()
        };
        let nobody = match only {
            None => false,
            Some(own) => {
                let theirs = own.is_some() && filter.member.is_none_or(|asked| Some(asked) == own);
                filter.member = own;
                !theirs
            }
        };
        let found = if nobody {
            Page {
                items: Vec::new(),
                next: None,
                total: page.with_total.then_some(0),
            }
        } else {
            self.core.read(call, |tx| {
                Ok::<_, EmploymentError>(tx.employments().list(&filter, page)?)
            })?
        };
        let found = Page {
            items: found
                .items
                .into_iter()
                .map(|found| as_of(today, found))
                .collect(),
            next: found.next,
            total: found.total,
        };
        let details = listed(&wanted, found.items.len());
        Ok(self
            .core
            .recorded_list(call, Target::Employment, details, found)?)
    }

    /// Up to 100 titles in use, those that most jobs have first; of those that begin with some words if there are any.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn titles(
        &self,
        call: &Call,
        beginning: Option<String>,
    ) -> Result<Vec<TitleInUse>, EmploymentError> {
        call.actor.require(Permission::MembersRead)?;
        self.core
            .read(call, |tx| Ok(tx.employments().titles(beginning, TITLES)?))
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn update(
        &self,
        call: &Call,
        id: EmploymentId,
        wanted: EmploymentChange,
    ) -> Result<Written, EmploymentError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let details = before.employment.details.clone().changed(wanted);
            let details = details.map_err(|error| EmploymentError::Invalid(vec![error]))?;
            details
                .check(change.today())
                .map_err(EmploymentError::Invalid)?;
            let rules = change.tx.employments().rules()?;
            if details == before.employment.details {
                change.leave_unchanged_and_told(Target::Employment, id.uuid());
                return Ok(written(change, &rules, before));
            }
            if !before.employment.details.period.covers(details.period) {
                let member = before.employment.member;
                lock_member(change, member)?;
                admit(change, &rules, member, details.period, Some(id))?;
            }
            let after = Employment {
                details,
                ..before.employment.clone()
            };
            let after = write(change, AuditAction::Updated, &before, after)?;
            Ok(written(change, &rules, after))
        })
    }

    /// Ends a job: `last` is its last day, today when nothing is said. One that is over has ended already.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn end(
        &self,
        call: &Call,
        id: EmploymentId,
        last: Option<Date>,
    ) -> Result<Written, EmploymentError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let (today, period) = (change.today(), before.employment.details.period);
            let mut after = before.employment.clone();
            after.details.period = batches::ended(period, last.unwrap_or(today), today)?;
            after
                .details
                .check(today)
                .map_err(EmploymentError::Invalid)?;
            let rules = change.tx.employments().rules()?;
            let after = write(change, AuditAction::Updated, &before, after)?;
            Ok(written(change, &rules, after))
        })
    }

    /// Deletes a job that was entered by mistake; it can be restored.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn delete(&self, call: &Call, id: EmploymentId) -> Result<(), EmploymentError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Employment {
                deleted_at: Some(change.now),
                ..before.employment.clone()
            };
            write(change, AuditAction::Deleted, &before, after)?;
            Ok(())
        })
    }

    /// Brings a deleted job back, if the member may have it beside the others.
    ///
    /// # Errors
    /// [`EmploymentError`]; neither the member nor the organization may be deleted.
    pub fn restore(&self, call: &Call, id: EmploymentId) -> Result<Written, EmploymentError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            let before = change
                .tx
                .employments()
                .find_deleted(id)?
                .ok_or(EmploymentError::NotFound)?;
            call.expects(before.employment.version)?;
            let Employment {
                member,
                organization,
                ref details,
                ..
            } = before.employment;
            parties(change, member, organization)?;
            let rules = change.tx.employments().rules()?;
            admit(change, &rules, member, details.period, None)?;
            let after = Employment {
                deleted_at: None,
                ..before.employment.clone()
            };
            let after = write(change, AuditAction::Restored, &before, after)?;
            Ok(written(change, &rules, after))
        })
    }

    /// What this actor may do with a job now.
    pub fn allowed_actions(&self, actor: &Actor, job: &Job) -> Vec<&'static str> {
        if !actor.may(Permission::MembersWrite) {
            return Vec::new();
        }
        let mut actions = vec!["update", "delete"];
        let end = job.record.employment.details.period.end();
        if end.is_none_or(|end| end > job.today) {
            actions.push("end");
        }
        actions
    }

    fn today(&self, call: &Call) -> Date {
        call.actor.today(self.core.clock.now())
    }
}

/// How many titles are told.
const TITLES: u16 = 100;

fn as_of(today: Date, record: Employed) -> Job {
    Job { record, today }
}

fn written(change: &Change<'_>, rules: &JobRules, record: Employed) -> Written {
    Written {
        warnings: rules.warnings(record.employment.details.hourly_rate),
        job: as_of(change.today(), record),
        ended: Vec::new(),
    }
}

fn present(change: &mut Change<'_>, id: EmploymentId) -> Result<Employed, EmploymentError> {
    let found = change
        .tx
        .employments()
        .find(id)?
        .ok_or(EmploymentError::NotFound)?;
    change.call.expects(found.employment.version)?;
    Ok(found)
}

fn unknown_member() -> FieldError {
    Invalid::new("unknown_member", "is no member of this tenant").at("member_id")
}

/// Lets nobody else decide on this member's jobs.
fn lock_member(change: &mut Change<'_>, member: MemberId) -> Result<Member, EmploymentError> {
    let found = change.tx.members().lock(member)?;
    found.ok_or_else(|| EmploymentError::Invalid(vec![unknown_member()]))
}

/// Locks the member and holds the organization, who must be of this tenant and not deleted.
fn parties(
    change: &mut Change<'_>,
    member: MemberId,
    organization: OrganizationId,
) -> Result<(Member, Organization), EmploymentError> {
    let member = change.tx.members().lock(member)?;
    let organization = change.tx.organizations().hold(organization)?;
    let mut errors = Vec::new();
    if member.is_none() {
        errors.push(unknown_member());
    }
    if organization.is_none() {
        let detail = "is no organization of this tenant";
        errors.push(Invalid::new("unknown_organization", detail).at("organization_id"));
    }
    match (member, organization) {
        (Some(member), Some(organization)) => Ok((member, organization)),
        (Some(_) | None, Some(_) | None) => Err(EmploymentError::Invalid(errors)),
    }
}

/// Goes on if a locked member may have a job with this period beside the others, of which one may be left out.
fn admit(
    change: &mut Change<'_>,
    rules: &JobRules,
    member: MemberId,
    period: Period,
    except: Option<EmploymentId>,
) -> Result<(), EmploymentError> {
    let mut others = change.tx.employments().of_member(member)?;
    others.retain(|job| Some(job.employment.id) != except);
    judge(rules, period, &others)
}

/// Goes on if a job with this period is admitted beside these.
fn judge(rules: &JobRules, period: Period, others: &[Employed]) -> Result<(), EmploymentError> {
    let periods: Vec<_> = others
        .iter()
        .map(|job| job.employment.details.period)
        .collect();
    if rules.admit(period, &periods) {
        return Ok(());
    }
    let in_the_way = others
        .iter()
        .filter(|job| job.employment.details.period.overlaps(period))
        .map(|job| {
            let since = job.employment.details.period.start();
            format!("{} since {since}", job.organization_name)
        });
    Err(EmploymentError::Overlap {
        at_once: rules.at_once.get(),
        in_the_way: in_the_way.collect(),
    })
}

/// Writes what became of a job, and puts on record what differs.
fn write(
    change: &mut Change<'_>,
    action: AuditAction,
    before: &Employed,
    after: Employment,
) -> Result<Employed, EmploymentError> {
    let after = Employment {
        version: before.employment.version.next(),
        updated_at: change.now,
        ..after
    };
    change.tx.employments().update(&after)?;
    let fields = differences(before.employment.fields(), after.fields());
    record(change, action, &after, fields);
    Ok(Employed {
        employment: after,
        ..before.clone()
    })
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    employment: &Employment,
    fields: Vec<FieldChange>,
) {
    record_because(change, action, employment, fields, None);
}

/// Puts a change on record, and why it was made.
fn record_because(
    change: &mut Change<'_>,
    action: AuditAction,
    employment: &Employment,
    fields: Vec<FieldChange>,
    reason: Option<&Line<255>>,
) {
    let reason = reason.map(|reason| ("reason", reason.to_string()));
    let id = employment.id.uuid();
    let details = reason.into_iter().collect();
    change.record(action, Target::Employment, id, fields, details);
}

fn listed(wanted: &EmploymentsWanted, count: usize) -> Vec<(&'static str, String)> {
    let filter = &wanted.filter;
    let mut details = vec![("count", count.to_string())];
    let told = [
        ("member_id", filter.member.map(|id| id.to_string())),
        (
            "organization_id",
            filter.organization.map(|id| id.to_string()),
        ),
        ("current", wanted.current.map(|current| current.to_string())),
        (
            "job_title",
            filter.job_title.as_ref().map(ToString::to_string),
        ),
    ];
    details.extend(
        told.into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    details
}

#[cfg(test)]
mod tests;
