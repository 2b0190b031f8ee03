//! What a batch of rows is about: members, organizations, and the jobs there are.

use std::collections::HashMap;

use unionhall_domain::{
    employments::{Employment, EmploymentId, JobRules},
    invalid::{FieldError, Invalid},
    members::{Member, MemberId, MemberNumber},
    organizations::Organization,
};
use unionhall_ports::employments::Employed;

use super::Row;
use crate::{
    core::Change,
    imports::{
        ImportError, Placed,
        places::{Hold, named},
    },
};

/// What a batch is about; its members are locked.
pub(super) struct Batch {
    members: HashMap<MemberNumber, Member>,
    /// The organizations, row by row.
    places: Vec<Result<Organization, FieldError>>,
    /// The jobs that rows name by id, deleted ones too.
    told: HashMap<EmploymentId, Employment>,
    /// The jobs of each member as they are once the rows before are written.
    pub(super) jobs: HashMap<MemberId, Vec<Employed>>,
    pub(super) rules: JobRules,
}

impl Batch {
    /// Locks the members and holds the organizations that rows name.
    pub(super) fn look_up(
        change: &mut Change<'_>,
        rows: &[Placed<Row>],
    ) -> Result<Self, ImportError> {
        // Always in the same order, so that two imports at once wait for each other and do not lock up.
        let mut numbers: Vec<_> = rows.iter().map(|row| row.row.number.clone()).collect();
        numbers.sort();
        numbers.dedup();
        let members = change.tx.members().lock_by_numbers(&numbers)?;
        let places: Vec<_> = rows.iter().map(|row| &row.row.place).collect();
        let places = named(change, &places, Hold::Shared)?;
        let mut ids: Vec<_> = rows.iter().filter_map(|row| row.row.id).collect();
        ids.sort();
        let told = if ids.is_empty() {
            Vec::new()
        } else {
            change.tx.employments().lock_by_ids(&ids)?
        };
        let ids: Vec<_> = members.iter().map(|member| member.id).collect();
        let mut jobs: HashMap<_, Vec<_>> = HashMap::new();
        for job in change.tx.employments().of_members(&ids)? {
            jobs.entry(job.employment.member).or_default().push(job);
        }
        let by_number = |member: Member| (member.details.member_number.clone(), member);
        Ok(Self {
            members: members.into_iter().map(by_number).collect(),
            places,
            told: told.into_iter().map(|job| (job.id, job)).collect(),
            jobs,
            rules: change.tx.employments().rules()?,
        })
    }

    /// The member and the organization of a row, or all that is wrong with how it names them.
    pub(super) fn parties(
        &self,
        place: usize,
        row: &Row,
    ) -> Result<(&Member, &Organization), Vec<FieldError>> {
        let member = match self.members.get(&row.number) {
            Some(member) if member.deleted_at.is_none() => Ok(member),
            Some(_) => {
                let detail = "is the number of a deleted member; restore that member first";
                Err(Invalid::new("deleted_member", detail).at("member_number"))
            }
            None => {
                let detail = "is no member of this tenant; bring the members in first";
                Err(Invalid::new("unknown_member", detail).at("member_number"))
            }
        };
        let missing =
            || Invalid::new("blank", "must name the organization").at("organization_name");
        let organization = self.places.get(place).map(Result::as_ref);
        match (member, organization) {
            (Ok(member), Some(Ok(organization))) => Ok((member, organization)),
            (Ok(_), Some(Err(error))) => Err(vec![error.clone()]),
            (Err(member), Some(Err(error))) => Err(vec![member, error.clone()]),
            (Err(error), Some(Ok(_)) | None) => Err(vec![error]),
            (Ok(_), None) => Err(vec![missing()]),
        }
    }

    /// The job that a row is about: the one with its id, or else the only one of the member there that began on its
    /// first day; none when there is none. An id that is not known here is one of another hall's books and says nothing.
    pub(super) fn meant(
        &self,
        row: &Row,
        member: &Member,
        organization: &Organization,
    ) -> Result<Option<Employed>, FieldError> {
        let jobs = self.jobs.get(&member.id).map(Vec::as_slice);
        let jobs = jobs.unwrap_or_default();
        if let Some(told) = row.id.and_then(|id| self.told.get(&id)) {
            if told.deleted_at.is_some() {
                let detail = "is the id of a deleted job; restore it first, or leave the id out";
                return Err(Invalid::new("deleted_employment", detail).at("id"));
            }
            let found = jobs.iter().find(|job| job.employment.id == told.id);
            let fits = |job: &&Employed| job.employment.organization == organization.id;
            return match found.filter(fits) {
                Some(job) => Ok(Some(job.clone())),
                None => {
                    let detail = "is the id of a job of another member or at another organization";
                    Err(Invalid::new("another_job", detail).at("id"))
                }
            };
        }
        let mut found = jobs.iter().filter(|job| {
            job.employment.organization == organization.id
                && job.employment.details.period.start() == row.start
        });
        let first = found.next();
        if found.next().is_some() {
            let detail =
                "is the first day of several jobs of the member there; say which by its id";
            return Err(Invalid::new("ambiguous_employment", detail).at("start_date"));
        }
        Ok(first.cloned())
    }
}
