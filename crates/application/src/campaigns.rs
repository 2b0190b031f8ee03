//! Campaigns: planning them, moving them, and how far they have come.

mod errors;
mod progress;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    campaigns::{
        Campaign, CampaignId, CampaignPlan, CampaignPlanChange, CampaignTarget, Course, Move,
    },
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::{OrganizationId, OrganizationType},
    version::Version,
};
use unionhall_ports::{
    campaigns::{CampaignFilter, CampaignSort},
    pages::{Page, PageRequest},
};

pub use errors::CampaignError;
pub use progress::{CampaignProgress, TargetProgress};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    permissions::Permission,
};

/// The use cases of campaigns.
#[derive(Clone)]
pub struct Campaigns {
    core: Arc<Core>,
}

impl Campaigns {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Plans a campaign.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn create(&self, call: &Call, plan: CampaignPlan) -> Result<Campaign, CampaignError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            check(change, None, &plan)?;
            let campaign = Campaign {
                id: Id::new(change.new_id()),
                plan,
                course: Course::PLANNED,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.campaigns().insert(&campaign)?;
            let fields = created(campaign.fields());
            record(change, AuditAction::Created, &campaign, fields, Vec::new());
            Ok(campaign)
        })
    }

    /// One campaign.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn find(&self, call: &Call, id: CampaignId) -> Result<Recorded<Campaign>, CampaignError> {
        call.actor.require(Permission::OrganizingRead)?;
        let found = self.core.snapshot(call, |tx| {
            tx.campaigns().find(id)?.ok_or(CampaignError::NotFound)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Campaign, id.uuid(), found)?)
    }

    /// The campaigns that match.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &CampaignFilter,
        page: &PageRequest<CampaignSort>,
    ) -> Result<Recorded<Page<Campaign>>, CampaignError> {
        call.actor.require(Permission::OrganizingRead)?;
        let found: Page<_> = self.core.snapshot(call, |tx| {
            Ok::<_, CampaignError>(tx.campaigns().list(filter, page)?)
        })?;
        let details = listed(filter, found.items.len());
        Ok(self
            .core
            .recorded_list(call, Target::Campaign, details, found)?)
    }

    /// Changes a plan; where the campaign stands is moved by moves alone.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn update(
        &self,
        call: &Call,
        id: CampaignId,
        wanted: CampaignPlanChange,
    ) -> Result<Campaign, CampaignError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Campaign {
                plan: before.plan.clone().changed(wanted),
                ..before.clone()
            };
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged_and_told(Target::Campaign, id.uuid());
                return Ok(before);
            }
            check(change, Some(&before.plan), &after.plan)?;
            let after = touched(change, after);
            change.tx.campaigns().update(&after)?;
            record(change, AuditAction::Updated, &after, fields, Vec::new());
            Ok(after)
        })
    }

    /// Moves a campaign: start, pause, resume, win, lose, abandon.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn act(
        &self,
        call: &Call,
        id: CampaignId,
        wanted: Move,
    ) -> Result<Campaign, CampaignError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let mut details = vec![("move", wanted.as_str().to_owned())];
            details.extend(wanted.reason().map(|reason| ("reason", reason.to_string())));
            let course = before.course.apply(wanted, change.today())?;
            let after = Campaign {
                course,
                ..touched(change, before.clone())
            };
            change.tx.campaigns().update(&after)?;
            let fields = differences(before.fields(), after.fields());
            record(change, AuditAction::Moved, &after, fields, details);
            Ok(after)
        })
    }

    /// Deletes a campaign that no activity belongs to; it can be restored.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn delete(&self, call: &Call, id: CampaignId) -> Result<(), CampaignError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Campaign {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            // The write waits for whoever records an activity of it at this moment; the question after it sees what
            // they recorded.
            change.tx.campaigns().update(&after)?;
            let activities = change.tx.campaigns().tallies(id)?.total.activities;
            if activities > 0 {
                return Err(CampaignError::InUse(activities));
            }
            record(change, AuditAction::Deleted, &after, Vec::new(), Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted campaign back.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn restore(&self, call: &Call, id: CampaignId) -> Result<Campaign, CampaignError> {
        call.actor.require(Permission::OrganizingWrite)?;
        self.core.change(call, |change| {
            let found = change.tx.campaigns().find_deleted(id)?;
            let before = found.ok_or(CampaignError::NotFound)?;
            call.expects(before.version)?;
            let after = Campaign {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.campaigns().update(&after)?;
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

    /// What this actor may do with a campaign now.
    pub fn allowed_actions(&self, actor: &Actor, campaign: &Campaign) -> Vec<&'static str> {
        if !actor.may(Permission::OrganizingWrite) {
            return Vec::new();
        }
        let mut actions = vec!["update", "delete"];
        actions.extend(campaign.course.allowed());
        actions
    }
}

/// Sees that whoever newly leads may, and that what is newly aimed at are employers of this tenant. Nothing is held: a
/// campaign keeps nobody from changing or deleting an employer, not even for a moment; it is kept from being merged, though,
/// so that no target stays behind: whoever merges may know.
fn check(
    change: &mut Change<'_>,
    before: Option<&CampaignPlan>,
    plan: &CampaignPlan,
) -> Result<(), CampaignError> {
    let mut errors = Vec::new();
    if before.is_none_or(|before| before.lead != plan.lead) {
        errors.extend(lead(change, plan)?);
    }
    let is_new = |id: OrganizationId| before.is_none_or(|before| !before.targets.includes(id));
    let targets = plan
        .targets
        .as_slice()
        .iter()
        .map(CampaignTarget::organization);
    // Always in the same order, so that nobody waits in a circle with whoever merges two of them.
    let wanted: BTreeSet<_> = targets.filter(|id| is_new(*id)).collect();
    let mut kept = HashMap::new();
    for id in wanted {
        kept.insert(id, change.tx.organizations().keep_unmerged(id)?);
    }
    for (index, target) in plan.targets.as_slice().iter().enumerate() {
        let Some(found) = kept.get(&target.organization()) else {
            continue;
        };
        let wrong = |code, detail: &str| FieldError {
            field: format!("targets/{index}/organization_id").into(),
            invalid: Invalid::new(code, detail),
        };
        match found.as_ref().map(|found| found.details.org_type) {
            None => errors.push(wrong(
                "unknown_organization",
                "is no organization of this tenant",
            )),
            Some(OrganizationType::Employer) => {}
            Some(
                OrganizationType::Union
                | OrganizationType::TrainingPartner
                | OrganizationType::Jatc,
            ) => errors.push(wrong(
                "not_an_employer",
                "is an organization, but not an employer",
            )),
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(CampaignError::Invalid(errors))
    }
}

/// What is wrong with whoever is to lead: it takes a user of this tenant who may organize.
fn lead(change: &mut Change<'_>, plan: &CampaignPlan) -> Result<Option<FieldError>, CampaignError> {
    let wrong = |code, detail: &str| Ok(Some(Invalid::new(code, detail).at("lead_id")));
    let Some(colleague) = change.tx.identity().find_colleague(plan.lead)? else {
        return wrong("unknown_user", "is no user of this tenant");
    };
    let roles: Vec<_> = colleague
        .roles
        .iter()
        .filter(|held| held.counts(change.now))
        .map(|held| held.role)
        .collect();
    if Permission::OrganizingWrite.held_by(&roles) {
        Ok(None)
    } else {
        wrong("not_an_organizer", "is a user who may not organize")
    }
}

fn present(change: &mut Change<'_>, id: CampaignId) -> Result<Campaign, CampaignError> {
    let found = change.tx.campaigns().find(id)?;
    let found = found.ok_or(CampaignError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, campaign: Campaign) -> Campaign {
    Campaign {
        version: campaign.version.next(),
        updated_at: change.now,
        ..campaign
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    campaign: &Campaign,
    fields: Vec<FieldChange>,
    details: Vec<(&'static str, String)>,
) {
    let id = campaign.id.uuid();
    change.record(action, Target::Campaign, id, fields, details);
}

fn listed(filter: &CampaignFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add("status", filter.status.map(str::to_owned));
    add("lead_id", filter.lead.map(|id| id.to_string()));
    add(
        "organization_id",
        filter.organization.map(|id| id.to_string()),
    );
    details
}

#[cfg(test)]
mod tests;
