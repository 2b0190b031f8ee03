//! Many jobs at once, as an office works: a layoff ends thirty on one day, a referral begins ten at one employer.

use std::collections::HashMap;

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, created, differences},
    batches::Batch,
    employments::{Employment, EmploymentDetails, EmploymentId, JobRules, Period},
    ids::Id,
    invalid::{FieldError, Invalid},
    members::{Member, MemberId},
    organizations::{Organization, OrganizationId},
    text::Line,
    version::Version,
};
use unionhall_ports::employments::Employed;

use super::{EmploymentError, Employments, judge, record, record_because};
use crate::{
    batches::{Answered, Decided, Refusal, decided},
    call::Call,
    core::Change,
    error::CallError,
    permissions::Permission,
};

impl Refusal for EmploymentError {
    fn not_found() -> Self {
        Self::NotFound
    }
}

/// A job that many members begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartMany {
    /// Where.
    pub organization: OrganizationId,
    /// When, as what and for how much.
    pub details: EmploymentDetails,
    /// Whether it ends the jobs that they had before, as for [`NewEmployment`](super::NewEmployment).
    pub ends_previous: bool,
}

/// A job that one of many members has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The job.
    pub id: EmploymentId,
    /// Its version.
    pub version: Version,
    /// What is unusual about it; it was taken all the same.
    pub warnings: Vec<FieldError>,
    /// The jobs that were ended with it.
    pub ended: Vec<EmploymentId>,
}

/// What became of each of many members.
pub type StartedMany = Vec<(MemberId, Result<Started, EmploymentError>)>;

impl Employments {
    /// Ends many jobs with one last day, today when nothing is said, with an answer for each in the same order: what
    /// speaks against one keeps no other from it. Why is on record with each.
    ///
    /// # Errors
    /// [`EmploymentError`], when nothing can be done for any of them.
    pub fn end_many(
        &self,
        call: &Call,
        last: Option<Date>,
        reason: Option<&Line<255>>,
        batch: &Batch<Employment>,
    ) -> Result<Vec<Answered<Employment, EmploymentError>>, EmploymentError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            let mut known = change.tx.employments().lock_by_ids(&batch.ids())?;
            known.retain(|job| job.deleted_at.is_none());
            let (now, today) = (change.now, change.today());
            let last = last.unwrap_or(today);
            let read = |job: &Employment| (job.id, job.version);
            let (answers, written) = decided(batch, known, read, |before| {
                let period = before.details.period;
                if period.end() == Some(last) {
                    return Ok(Decided::Unchanged(before));
                }
                let mut details = before.details.clone();
                details.period = ended(period, last, today)?;
                details.check(today).map_err(EmploymentError::Invalid)?;
                let after = Employment {
                    details,
                    version: before.version.next(),
                    updated_at: now,
                    ..before.clone()
                };
                let fields = differences(before.fields(), after.fields());
                record_because(change, AuditAction::Updated, &after, fields, reason);
                Ok(Decided::Changed(after))
            });
            if written.is_empty() {
                change.leave_unchanged();
            } else {
                change.tx.employments().update_many(&written)?;
            }
            Ok(answers)
        })
    }

    /// Starts a job of each of these members at one organization, with an answer for each in the same order: what
    /// speaks against one keeps no other from it.
    ///
    /// # Errors
    /// [`EmploymentError`], when nothing can be done for any of them.
    pub fn start_many(
        &self,
        call: &Call,
        new: &StartMany,
        batch: &Batch<Member>,
    ) -> Result<StartedMany, EmploymentError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            new.details
                .check(change.today())
                .map_err(EmploymentError::Invalid)?;
            let mut hall = Hall::look_up(change, new, batch)?;
            let answers: StartedMany = batch
                .iter()
                .map(|meant| {
                    let member = hall.members.get(&meant.id).cloned();
                    let started = match member {
                        None => Err(EmploymentError::NotFound),
                        Some(member) if !meant.fits(member.version) => Err(CallError::Stale.into()),
                        Some(member) => hall.start(change, new, &member),
                    };
                    (meant.id, started)
                })
                .collect();
            if hall.added.is_empty() {
                change.leave_unchanged();
                return Ok(answers);
            }
            // What ends does so before the others begin.
            change.tx.employments().update_many(&hall.ended)?;
            change.tx.employments().insert_many(&hall.added)?;
            Ok(answers)
        })
    }
}

/// The period of a job that ends on a day.
pub(super) fn ended(period: Period, last: Date, today: Date) -> Result<Period, EmploymentError> {
    if let Some(end) = period.end().filter(|end| *end <= today || *end <= last) {
        return Err(EmploymentError::Ended(end));
    }
    Period::new(period.start(), Some(last))
        .map_err(|invalid| EmploymentError::Invalid(vec![invalid.at("end_date")]))
}

/// The members of a batch with their jobs, and what becomes of them.
struct Hall {
    members: HashMap<MemberId, Member>,
    jobs: HashMap<MemberId, Vec<Employed>>,
    organization: Organization,
    rules: JobRules,
    added: Vec<Employment>,
    ended: Vec<Employment>,
}

impl Hall {
    /// Locks the members and holds the organization.
    fn look_up(
        change: &mut Change<'_>,
        new: &StartMany,
        batch: &Batch<Member>,
    ) -> Result<Self, EmploymentError> {
        let members = change.tx.members().lock_by_ids(&batch.ids())?;
        let organization = change.tx.organizations().hold(new.organization)?;
        let organization = organization.ok_or_else(|| {
            let detail = "is no organization of this tenant";
            let error = Invalid::new("unknown_organization", detail).at("organization_id");
            EmploymentError::Invalid(vec![error])
        })?;
        let ids: Vec<_> = members.iter().map(|member| member.id).collect();
        let mut jobs: HashMap<_, Vec<_>> = HashMap::new();
        for job in change.tx.employments().of_members(&ids)? {
            jobs.entry(job.employment.member).or_default().push(job);
        }
        Ok(Self {
            members: members.into_iter().map(|one| (one.id, one)).collect(),
            jobs,
            organization,
            rules: change.tx.employments().rules()?,
            added: Vec::new(),
            ended: Vec::new(),
        })
    }

    /// Starts the job of one member, who is locked.
    fn start(
        &mut self,
        change: &mut Change<'_>,
        new: &StartMany,
        member: &Member,
    ) -> Result<Started, EmploymentError> {
        let mut others = self.jobs.remove(&member.id).unwrap_or_default();
        let wanted = new.details.period;
        let mut ended = Vec::new();
        for job in &mut others {
            let period = job.employment.details.period;
            let shorter = period.over_before(wanted.start());
            if let Some(shorter) = shorter.filter(|_| new.ends_previous && period.overlaps(wanted))
            {
                let before = job.employment.fields();
                job.employment.details.period = shorter;
                job.employment.version = job.employment.version.next();
                job.employment.updated_at = change.now;
                let fields = differences(before, job.employment.fields());
                ended.push((job.employment.clone(), fields));
            }
        }
        judge(&self.rules, wanted, &others)?;
        let employment = Employment {
            id: Id::new(change.new_id()),
            member: member.id,
            organization: self.organization.id,
            details: new.details.clone(),
            version: Version::FIRST,
            created_at: change.now,
            updated_at: change.now,
            deleted_at: None,
        };
        let fields = created(employment.fields());
        record(change, AuditAction::Created, &employment, fields);
        let started = Started {
            id: employment.id,
            version: employment.version,
            warnings: self.rules.warnings(employment.details.hourly_rate),
            ended: ended.iter().map(|(job, _)| job.id).collect(),
        };
        for (job, fields) in ended {
            record(change, AuditAction::Updated, &job, fields);
            self.ended.push(job);
        }
        self.added.push(employment);
        Ok(started)
    }
}

#[cfg(test)]
mod tests;
