//! Campaigns: drives that group activities at employers under a goal and a lead.

mod course;
mod figures;
mod table;

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};

pub use course::{Course, IllegalMove, Move, State};
pub use figures::{Share, majority, showing_of_interest};
pub use table::{places, table};

use crate::{
    audit::Fields,
    change::Change,
    headcounts::Headcount,
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::OrganizationId,
    text::{Line, Prose},
    users::UserId,
    version::Version,
};

/// The id of a [`Campaign`].
pub type CampaignId = Id<Campaign>;

/// A campaign at one employer or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// What it is to reach, where, and who leads it.
    pub plan: CampaignPlan,
    /// Where it stands; moved by [`Course::apply`] alone.
    pub course: Course,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What a campaign is to reach, where, and who leads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignPlan {
    /// What it is called.
    pub name: Line<255>,
    /// What it is about.
    pub description: Option<Prose<10_000>>,
    /// The user who leads it.
    pub lead: UserId,
    /// The day by which its goal is to be reached.
    pub target_date: Option<Date>,
    /// The employers.
    pub targets: Targets,
}

/// A partial change of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CampaignPlanChange {
    /// What it is called.
    pub name: Change<Line<255>>,
    /// What it is about.
    pub description: Change<Option<Prose<10_000>>>,
    /// The user who leads it.
    pub lead: Change<UserId>,
    /// The day by which its goal is to be reached.
    pub target_date: Change<Option<Date>>,
    /// The employers: all of them, as they are to be.
    pub targets: Change<Targets>,
}

/// One employer of a campaign, and what is to be reached there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CampaignTarget {
    organization: OrganizationId,
    unit_size: Option<Headcount>,
    cards_goal: Option<Headcount>,
}

impl CampaignTarget {
    /// An employer with the estimated size of the unit and the cards to be signed.
    ///
    /// # Errors
    /// `nobody` of either number when it is 0; `more_than_unit` of `cards_goal`.
    pub fn new(
        organization: OrganizationId,
        unit_size: Option<Headcount>,
        cards_goal: Option<Headcount>,
    ) -> Result<Self, FieldError> {
        let nobody = |count: Option<Headcount>| count == Some(Headcount::NOBODY);
        let wrong = |field, code, detail: &str| Err(Invalid::new(code, detail).at(field));
        if nobody(unit_size) {
            return wrong("unit_size", "nobody", "must be at least 1");
        }
        if nobody(cards_goal) {
            return wrong("cards_goal", "nobody", "must be at least 1");
        }
        if let (Some(unit), Some(goal)) = (unit_size, cards_goal)
            && goal > unit
        {
            let detail = "must not be more than there are in the unit";
            return wrong("cards_goal", "more_than_unit", detail);
        }
        Ok(Self {
            organization,
            unit_size,
            cards_goal,
        })
    }

    /// The employer.
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// How many workers the unit is thought to have.
    pub const fn unit_size(&self) -> Option<Headcount> {
        self.unit_size
    }

    /// How many cards are to be signed.
    pub const fn cards_goal(&self) -> Option<Headcount> {
        self.cards_goal
    }
}

/// The employers of a campaign: at least one, none twice, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets(Vec<CampaignTarget>);

impl Targets {
    /// How many employers a campaign has at most.
    pub const MOST: usize = 20;

    /// Takes these employers.
    ///
    /// # Errors
    /// `required` for none, `too_many`, or `repeated` for one that is there twice.
    pub fn new(mut targets: Vec<CampaignTarget>) -> Result<Self, Invalid> {
        if targets.is_empty() {
            return Err(Invalid::new("required", "must name at least one employer"));
        }
        if targets.len() > Self::MOST {
            let detail = format!("must be at most {}", Self::MOST);
            return Err(Invalid::new("too_many", detail));
        }
        let distinct: BTreeSet<_> = targets.iter().map(CampaignTarget::organization).collect();
        if distinct.len() < targets.len() {
            return Err(Invalid::new("repeated", "must not name an employer twice"));
        }
        targets.sort_unstable_by_key(CampaignTarget::organization);
        Ok(Self(targets))
    }

    /// The employers.
    pub fn as_slice(&self) -> &[CampaignTarget] {
        &self.0
    }

    /// Whether an organization is among them.
    pub fn includes(&self, organization: OrganizationId) -> bool {
        let mut targets = self.0.iter();
        targets.any(|target| target.organization == organization)
    }

    /// As the audit trail shows them.
    fn told(&self) -> String {
        let count = |count: Option<Headcount>| {
            count.map_or_else(|| "unknown".to_owned(), |count| count.to_string())
        };
        let told = |target: &CampaignTarget| {
            format!(
                "{} (unit {}, goal {})",
                target.organization,
                count(target.unit_size),
                count(target.cards_goal)
            )
        };
        self.0.iter().map(told).collect::<Vec<_>>().join("; ")
    }
}

impl CampaignPlan {
    /// The plan after a change.
    #[must_use]
    pub fn changed(mut self, change: CampaignPlanChange) -> Self {
        let CampaignPlanChange {
            name,
            description,
            lead,
            target_date,
            targets,
        } = change;
        name.apply(&mut self.name);
        description.apply(&mut self.description);
        lead.apply(&mut self.lead);
        target_date.apply(&mut self.target_date);
        targets.apply(&mut self.targets);
        self
    }
}

impl Campaign {
    /// The campaign as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let CampaignPlan {
            name,
            description,
            lead,
            target_date,
            targets,
        } = &self.plan;
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        vec![
            ("name", Some(name.to_string())),
            ("description", description.as_ref().map(ToString::to_string)),
            ("lead_id", Some(lead.to_string())),
            ("target_date", day(*target_date)),
            ("targets", Some(targets.told())),
            ("status", Some(self.course.state.as_str().to_owned())),
            (
                "status_reason",
                self.course.state.reason().map(ToString::to_string),
            ),
            ("started_on", day(self.course.started_on)),
            ("ended_on", day(self.course.ended_on)),
        ]
    }

    /// Whether an activity of this day can be of the campaign: nothing is after its end.
    ///
    /// # Errors
    /// `after_its_end` of `campaign_id`.
    pub fn covers(&self, day: Date) -> Result<(), FieldError> {
        if self.course.ended_on.is_some_and(|end| day > end) {
            let detail = "ended before the day of the activity";
            return Err(Invalid::new("after_its_end", detail).at("campaign_id"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn target(
        number: u128,
        unit: Option<i64>,
        goal: Option<i64>,
    ) -> Result<CampaignTarget, FieldError> {
        let count = |number: i64| Headcount::new(number).unwrap();
        CampaignTarget::new(
            Id::new(Uuid::from_u128(number)),
            unit.map(count),
            goal.map(count),
        )
    }

    #[test]
    fn a_goal_is_within_the_unit_and_neither_is_nobody() {
        for (unit, goal) in [
            (None, None),
            (Some(9), None),
            (None, Some(9)),
            (Some(9), Some(9)),
        ] {
            assert!(target(1, unit, goal).is_ok());
        }
        for (unit, goal, field, code) in [
            (Some(0), None, "unit_size", "nobody"),
            (None, Some(0), "cards_goal", "nobody"),
            (Some(8), Some(9), "cards_goal", "more_than_unit"),
        ] {
            let error = target(1, unit, goal).unwrap_err();
            assert_eq!((error.field.as_ref(), error.invalid.code), (field, code));
        }
    }

    #[test]
    fn a_campaign_has_some_employers_none_twice_and_not_too_many() {
        let target = |number| target(number, None, None).unwrap();
        let code = |targets| Targets::new(targets).err().map(|invalid| invalid.code);
        assert_eq!(code(vec![target(2), target(1)]), None);
        assert_eq!(code(Vec::new()), Some("required"));
        assert_eq!(code(vec![target(1), target(1)]), Some("repeated"));
        assert_eq!(code((0..21).map(target).collect()), Some("too_many"));
        let sorted = Targets::new(vec![target(2), target(1)]).unwrap();
        assert_eq!(sorted.as_slice(), [target(1), target(2)]);
        assert!(sorted.includes(target(2).organization()));
        assert!(!sorted.includes(target(3).organization()));
    }
}
