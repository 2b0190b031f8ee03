//! An organization at one glance: what an office looks at before it picks up the telephone.

use unionhall_domain::{
    audit::Target,
    contacts::Contact,
    organizations::{Organization, OrganizationId},
    salting_activities::SaltingActivity,
    salting_scores::SaltingScoreEntry,
};
use unionhall_ports::{
    employments::{EmploymentFilter, EmploymentSort},
    organizations::{OpenGrievance, OrganizationCounts},
    pages::{Direction, PageRequest},
    salting_activities::{SaltingActivityFilter, SaltingActivitySort},
    storage::StorageError,
    unit_of_work::Repositories,
};
use uuid::Uuid;

use super::{OrganizationError, Organizations};
use crate::{call::Call, core::Recorded, employments::Job, permissions::Permission};

/// An organization and what it is in the middle of.
///
/// What only some may know is an `Option` that is `None` for everybody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The organization.
    pub organization: Organization,
    /// Whom to ask first, if it has contacts.
    pub primary_contact: Option<Contact>,
    /// How much hangs on it.
    pub counts: OrganizationCounts,
    /// The jobs that began last of those that are current, 10 at most.
    pub current_jobs: Vec<Job>,
    /// The grievances that were filed last of those that are open, 5 at most; none for who may not read grievances.
    pub open_grievances: Option<Vec<OpenGrievance>>,
    /// How organizing goes there; none for who may not know that anybody organizes.
    pub organizing: Option<Organizing>,
}

/// How organizing goes at an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organizing {
    /// The activity of the latest day, if there was one.
    pub last_activity: Option<SaltingActivity>,
    /// How the organization is judged at present, if it was judged.
    pub score: Option<SaltingScoreEntry>,
}

/// How many jobs are shown.
const JOBS: u16 = 10;
/// How many grievances are shown.
const GRIEVANCES: u16 = 5;

impl Organizations {
    /// An organization at one glance. That it was looked at is on record, because members and grievances are in it.
    ///
    /// # Errors
    /// [`OrganizationError`].
    pub fn overview(
        &self,
        call: &Call,
        id: OrganizationId,
    ) -> Result<Recorded<Overview>, OrganizationError> {
        call.actor.require(Permission::OrganizationsRead)?;
        call.actor.require(Permission::MembersRead)?;
        let today = call.actor.today(self.core.clock.now());
        let may_organize = call.actor.may(Permission::OrganizingRead);
        let may_read_grievances = call.actor.may(Permission::GrievancesRead);
        let found = self.core.snapshot(call, |tx| {
            let Some(organization) = tx.organizations().find(id)? else {
                return Ok(None);
            };
            let working = EmploymentFilter {
                organization: Some(id),
                current: Some((today, true)),
                ..EmploymentFilter::default()
            };
            let newest = PageRequest {
                limit: JOBS,
                after: None,
                sort: EmploymentSort::Start,
                direction: Direction::Descending,
                with_total: false,
            };
            let jobs = tx.employments().list(&working, &newest)?.items;
            let open = if may_read_grievances {
                Some(tx.overviews().open_grievances(id, GRIEVANCES)?)
            } else {
                None
            };
            Ok::<_, OrganizationError>(Some(Overview {
                primary_contact: tx.contacts().primary(id)?,
                counts: tx.overviews().counts(id, today)?,
                current_jobs: jobs
                    .into_iter()
                    .map(|record| Job { record, today })
                    .collect(),
                open_grievances: open,
                organizing: may_organize.then(|| organizing(tx, id)).transpose()?,
                organization,
            }))
        })?;
        let overview = found.ok_or_else(|| self.missing(call, id))?;
        let records = looked_at(id, &overview);
        Ok(self.core.recorded_together(call, &records, overview)?)
    }
}

/// What a look at an organization shows whose reading is on record.
fn looked_at(id: OrganizationId, overview: &Overview) -> Vec<(Target, Uuid)> {
    let mut records = vec![(Target::Organization, id.uuid())];
    if let Some(organizing) = &overview.organizing {
        records.push((Target::SaltingScore, id.uuid()));
        let activity = organizing.last_activity.as_ref();
        records.extend(activity.map(|found| (Target::SaltingActivity, found.id.uuid())));
    }
    records
}

/// How organizing goes at an organization.
fn organizing(
    tx: &mut dyn Repositories,
    organization: OrganizationId,
) -> Result<Organizing, StorageError> {
    let there = SaltingActivityFilter {
        organization: Some(organization),
        ..SaltingActivityFilter::default()
    };
    let latest = PageRequest {
        limit: 1,
        after: None,
        sort: SaltingActivitySort::Date,
        direction: Direction::Descending,
        with_total: false,
    };
    let activities = tx.salting_activities().list(&there, &latest)?.items;
    Ok(Organizing {
        last_activity: activities.into_iter().next(),
        score: tx.salting_scores().newest(organization)?,
    })
}
