//! Starting a job: beside those that the member has, or in place of them.

use unionhall_domain::{
    audit::{AuditAction, created},
    employments::{Employment, EmploymentDetails, EmploymentId, Period},
    ids::Id,
    members::MemberId,
    organizations::OrganizationId,
    version::Version,
};
use unionhall_ports::employments::Employed;

use super::{EmploymentError, Employments, Written, judge, parties, record, write, written};
use crate::{call::Call, core::Change, permissions::Permission};

/// A job to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEmployment {
    /// Who works.
    pub member: MemberId,
    /// Where.
    pub organization: OrganizationId,
    /// When, as what and for how much.
    pub details: EmploymentDetails,
    /// Whether it ends the jobs before it: those that began earlier are over on the day before it begins.
    pub ends_previous: bool,
}

impl Employments {
    /// Starts a job.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn create(&self, call: &Call, new: NewEmployment) -> Result<Written, EmploymentError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            new.details
                .check(change.today())
                .map_err(EmploymentError::Invalid)?;
            let (member, organization) = parties(change, new.member, new.organization)?;
            let rules = change.tx.employments().rules()?;
            let mut others = change.tx.employments().of_member(new.member)?;
            let ended = if new.ends_previous {
                end_before(change, &mut others, new.details.period)?
            } else {
                Vec::new()
            };
            judge(&rules, new.details.period, &others)?;
            let employment = Employment {
                id: Id::new(change.new_id()),
                member: new.member,
                organization: new.organization,
                details: new.details,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.employments().insert(&employment)?;
            let fields = created(employment.fields());
            record(change, AuditAction::Created, &employment, fields);
            let employed = Employed {
                employment,
                member_number: member.details.member_number,
                first_name: member.details.first_name,
                last_name: member.details.last_name,
                organization_name: organization.details.name,
            };
            Ok(Written {
                ended,
                ..written(change, &rules, employed)
            })
        })
    }
}

/// Ends the jobs that a new one would overlap and that began before it.
fn end_before(
    change: &mut Change<'_>,
    others: &mut [Employed],
    new: Period,
) -> Result<Vec<EmploymentId>, EmploymentError> {
    let mut ended = Vec::new();
    for job in others {
        let period = job.employment.details.period;
        if !period.overlaps(new) {
            continue;
        }
        if let Some(shorter) = period.over_before(new.start()) {
            let mut after = job.employment.clone();
            after.details.period = shorter;
            *job = write(change, AuditAction::Updated, job, after)?;
            ended.push(job.employment.id);
        }
    }
    Ok(ended)
}
