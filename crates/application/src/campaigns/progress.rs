//! How far a campaign has come: its activities added up, held against its goal and unit, and the scores over time.
//!
//! Counts are those that were reported. Nobody is told apart: a worker who was contacted twice is in them twice, and a
//! card that was reported twice as well. Nothing here says how many people there are.

use jiff::civil::Date;
use unionhall_domain::{
    audit::Target,
    campaigns::{Campaign, CampaignId, CampaignTarget},
    salting_scores::SaltingScoreEntry,
};
use unionhall_ports::{campaigns::CampaignTallies, salting_activities::SaltingTally};

use super::{CampaignError, Campaigns};
use crate::{call::Call, core::Recorded, permissions::Permission};

/// How far a campaign has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignProgress {
    /// The campaign.
    pub campaign: Campaign,
    /// The tenant's day on which this was worked out.
    pub as_of: Date,
    /// All activities of it.
    pub total: SaltingTally,
    /// Each employer, in the order of the plan.
    pub targets: Vec<TargetProgress>,
    /// Each month with any activity, as its first day, earliest first.
    pub months: Vec<(Date, SaltingTally)>,
}

/// How far a campaign has come at one employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetProgress {
    /// The employer, the unit and the goal.
    pub target: CampaignTarget,
    /// The activities there.
    pub tally: SaltingTally,
    /// How the employer was judged over time, earliest first: the last entries.
    pub scores: Vec<SaltingScoreEntry>,
}

impl Campaigns {
    /// How far a campaign has come.
    ///
    /// # Errors
    /// [`CampaignError`].
    pub fn progress(
        &self,
        call: &Call,
        id: CampaignId,
    ) -> Result<Recorded<CampaignProgress>, CampaignError> {
        call.actor.require(Permission::OrganizingRead)?;
        let today = call.actor.today(self.core.clock.now());
        let progress = self.core.snapshot(call, |tx| {
            let found = tx.campaigns().find(id)?;
            let campaign = found.ok_or(CampaignError::NotFound)?;
            let targets = campaign.plan.targets.as_slice();
            let employers: Vec<_> = targets.iter().map(CampaignTarget::organization).collect();
            let tallies = tx.campaigns().tallies(id)?;
            let scores = tx.salting_scores().series(&employers)?;
            Ok::<_, CampaignError>(progress(campaign, today, tallies, &scores))
        })?;
        Ok(self
            .core
            .recorded(call, Target::Campaign, id.uuid(), progress)?)
    }
}

fn progress(
    campaign: Campaign,
    as_of: Date,
    tallies: CampaignTallies,
    scores: &[SaltingScoreEntry],
) -> CampaignProgress {
    let at = |target: &CampaignTarget| {
        let employer = target.organization();
        let mut found = tallies.by_employer.iter();
        let tally = found.find(|(known, _)| *known == employer);
        let of_employer = |entry: &&SaltingScoreEntry| entry.organization == employer;
        TargetProgress {
            target: *target,
            tally: tally.map(|(_, tally)| *tally).unwrap_or_default(),
            scores: scores.iter().filter(of_employer).cloned().collect(),
        }
    };
    CampaignProgress {
        as_of,
        total: tallies.total,
        targets: campaign.plan.targets.as_slice().iter().map(at).collect(),
        months: tallies.by_month,
        campaign,
    }
}
