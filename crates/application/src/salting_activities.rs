//! SALTing activities: recording what was done among the workers of an employer, and adding it up.
//!
//! None of it is ever asked for by whoever works on members or organizations: their answers must be the same whether
//! there are activities or not.

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::OrganizationType,
    salting_activities::{SaltingActivity, SaltingActivityId, SaltingReport, SaltingReportChange},
    version::Version,
};
use unionhall_ports::{
    idempotency::StoredAnswer,
    pages::{Page, PageRequest},
    salting_activities::{SaltingActivityFilter, SaltingActivitySort, SaltingStatistics},
    storage::StorageError,
};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// What can go wrong with SALTing activities.
#[derive(Debug, thiserror::Error)]
pub enum SaltingActivityError {
    /// There is none with this id.
    #[error("there is no such activity")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for SaltingActivityError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl From<FieldError> for SaltingActivityError {
    fn from(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }
}

impl Coded for SaltingActivityError {
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

/// The use cases of SALTing activities.
#[derive(Clone)]
pub struct SaltingActivities {
    core: Arc<Core>,
}

impl SaltingActivities {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Records an activity.
    ///
    /// # Errors
    /// [`SaltingActivityError`].
    pub fn create(
        &self,
        call: &Call,
        report: SaltingReport,
    ) -> Result<SaltingActivity, SaltingActivityError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            report.check_date(change.today())?;
            parties(change, None, &report)?;
            let activity = SaltingActivity {
                id: Id::new(change.new_id()),
                report,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.salting_activities().insert(&activity)?;
            let fields = created(activity.report.fields());
            record(change, AuditAction::Created, &activity, fields);
            Ok(activity)
        })
    }

    /// One activity.
    ///
    /// # Errors
    /// [`SaltingActivityError`].
    pub fn find(
        &self,
        call: &Call,
        id: SaltingActivityId,
    ) -> Result<Recorded<SaltingActivity>, SaltingActivityError> {
        call.actor.require(Permission::OrganizingRead)?;
        let found = self.core.read(call, |tx| {
            tx.salting_activities()
                .find(id)?
                .ok_or(SaltingActivityError::NotFound)
        })?;
        Ok(self
            .core
            .recorded(call, Target::SaltingActivity, id.uuid(), found)?)
    }

    /// The activities that match.
    ///
    /// # Errors
    /// [`SaltingActivityError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &SaltingActivityFilter,
        page: &PageRequest<SaltingActivitySort>,
    ) -> Result<Recorded<Page<SaltingActivity>>, SaltingActivityError> {
        call.actor.require(Permission::OrganizingRead)?;
        let found: Page<_> = self.core.read(call, |tx| {
            Ok::<_, SaltingActivityError>(tx.salting_activities().list(filter, page)?)
        })?;
        let count = u64::try_from(found.items.len()).unwrap_or(u64::MAX);
        let details = listed(filter, count);
        Ok(self
            .core
            .recorded_list(call, Target::SaltingActivity, details, found)?)
    }

    /// The activities that match, added up.
    ///
    /// # Errors
    /// [`SaltingActivityError`].
    pub fn statistics(
        &self,
        call: &Call,
        filter: &SaltingActivityFilter,
    ) -> Result<Recorded<SaltingStatistics>, SaltingActivityError> {
        call.actor.require(Permission::OrganizingRead)?;
        let found: SaltingStatistics = self.core.read(call, |tx| {
            Ok::<_, SaltingActivityError>(tx.salting_activities().statistics(filter)?)
        })?;
        let details = listed(filter, found.total.activities);
        Ok(self
            .core
            .recorded_list(call, Target::SaltingActivity, details, found)?)
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace.
    ///
    /// # Errors
    /// [`SaltingActivityError`].
    pub fn update(
        &self,
        call: &Call,
        id: SaltingActivityId,
        wanted: SaltingReportChange,
    ) -> Result<SaltingActivity, SaltingActivityError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let report = before.report.clone().changed(wanted)?;
            // What was right when it was recorded stays as it is, however the parties or the time zone changed since.
            if report.activity_date != before.report.activity_date {
                report.check_date(change.today())?;
            }
            parties(change, Some(&before.report), &report)?;
            let fields = differences(before.report.fields(), report.fields());
            if fields.is_empty() {
                change.leave_unchanged_and_told(Target::SaltingActivity, id.uuid());
                return Ok(before);
            }
            let after = SaltingActivity {
                report,
                version: before.version.next(),
                updated_at: change.now,
                ..before
            };
            change.tx.salting_activities().update(&after)?;
            record(change, AuditAction::Updated, &after, fields);
            Ok(after)
        })
    }

    /// Deletes an activity; it can be restored.
    ///
    /// # Errors
    /// [`SaltingActivityError`].
    pub fn delete(&self, call: &Call, id: SaltingActivityId) -> Result<(), SaltingActivityError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = SaltingActivity {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            change.tx.salting_activities().update(&after)?;
            record(change, AuditAction::Deleted, &after, Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted activity back.
    ///
    /// # Errors
    /// [`SaltingActivityError`]; its campaign must not be deleted.
    pub fn restore(
        &self,
        call: &Call,
        id: SaltingActivityId,
    ) -> Result<SaltingActivity, SaltingActivityError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            let before = change
                .tx
                .salting_activities()
                .find_deleted(id)?
                .ok_or(SaltingActivityError::NotFound)?;
            call.expects(before.version)?;
            // A campaign that nothing belongs to can be deleted; what was deleted before it then has no place to go.
            if let Some(id) = before.report.campaign
                && change.tx.campaigns().hold(id)?.is_none()
            {
                let detail = "was deleted meanwhile; restore it first";
                let error = Invalid::new("unknown_campaign", detail).at("campaign_id");
                return Err(SaltingActivityError::Invalid(vec![error]));
            }
            let after = SaltingActivity {
                deleted_at: None,
                version: before.version.next(),
                updated_at: change.now,
                ..before
            };
            change.tx.salting_activities().update(&after)?;
            record(change, AuditAction::Restored, &after, Vec::new());
            Ok(after)
        })
    }

    /// What this actor may do with an activity now.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<&'static str> {
        if actor.may(Permission::OrganizingWrite) {
            vec!["update", "delete"]
        } else {
            Vec::new()
        }
    }
}

/// Sees that the parties that a report newly names are of this tenant and not deleted, and that the organization is an
/// employer. Neither is held: an activity keeps nobody from changing or deleting them, not even for a moment. The
/// organization is kept from being merged, though, so that the activity does not stay behind: whoever merges may know.
fn parties(
    change: &mut Change<'_>,
    before: Option<&SaltingReport>,
    report: &SaltingReport,
) -> Result<(), SaltingActivityError> {
    let mut errors = Vec::new();
    let new_member = before.is_none_or(|before| before.member != report.member);
    if new_member && change.tx.members().find(report.member)?.is_none() {
        errors.push(Invalid::new("unknown_member", "is no member of this tenant").at("member_id"));
    }
    if before.is_none_or(|before| before.organization != report.organization) {
        let wrong = |code, detail: &str| Invalid::new(code, detail).at("organization_id");
        match change
            .tx
            .organizations()
            .keep_unmerged(report.organization)?
        {
            None => errors.push(wrong(
                "unknown_organization",
                "is no organization of this tenant",
            )),
            Some(found) if found.details.org_type != OrganizationType::Employer => errors.push(
                wrong("not_an_employer", "is an organization, but not an employer"),
            ),
            Some(_) => {}
        }
    }
    errors.extend(campaign(change, before, report)?);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(SaltingActivityError::Invalid(errors))
    }
}

/// What is wrong with the campaign of a report, where it, the employer or the day is new: it takes a campaign of that
/// employer that had not ended on the day. The campaign is held, so that it is not deleted meanwhile.
fn campaign(
    change: &mut Change<'_>,
    before: Option<&SaltingReport>,
    report: &SaltingReport,
) -> Result<Option<FieldError>, SaltingActivityError> {
    let as_before = |before: &SaltingReport| {
        let said =
            |report: &SaltingReport| (report.campaign, report.organization, report.activity_date);
        said(before) == said(report)
    };
    let Some(id) = report.campaign.filter(|_| !before.is_some_and(as_before)) else {
        return Ok(None);
    };
    let wrong = |code, detail: &str| Ok(Some(Invalid::new(code, detail).at("campaign_id")));
    let Some(found) = change.tx.campaigns().hold(id)? else {
        return wrong("unknown_campaign", "is no campaign of this tenant");
    };
    if !found.plan.targets.includes(report.organization) {
        return wrong("not_of_campaign", "is a campaign at other employers");
    }
    Ok(found.covers(report.activity_date).err())
}

fn present(
    change: &mut Change<'_>,
    id: SaltingActivityId,
) -> Result<SaltingActivity, SaltingActivityError> {
    let found = change
        .tx
        .salting_activities()
        .find(id)?
        .ok_or(SaltingActivityError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    activity: &SaltingActivity,
    fields: Vec<FieldChange>,
) {
    let id = activity.id.uuid();
    change.record(action, Target::SaltingActivity, id, fields, Vec::new());
}

fn listed(filter: &SaltingActivityFilter, count: u64) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add(
        "organization_id",
        filter.organization.map(|id| id.to_string()),
    );
    add("campaign_id", filter.campaign.map(|id| id.to_string()));
    add("member_id", filter.member.map(|id| id.to_string()));
    add(
        "activity_type",
        filter.activity_type.map(|kind| kind.as_str().to_owned()),
    );
    add(
        "outcome",
        filter.outcome.map(|outcome| outcome.as_str().to_owned()),
    );
    add("from", filter.from.map(|day| day.to_string()));
    add("until", filter.until.map(|day| day.to_string()));
    details
}

#[cfg(test)]
mod tests;
