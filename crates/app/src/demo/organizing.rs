//! What the local's organizers have done so far: two employers, one campaign that runs and one that rests; all invented.

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};
use unionhall_application::{
    Application, CampaignFilter, CampaignSort, SaltingActivityFilter, SaltingActivitySort,
    SaltingScoreSort,
    call::Call,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    campaigns::{Campaign, CampaignId, CampaignPlan, CampaignTarget, Move, Targets},
    headcounts::Headcount,
    invalid::Invalid,
    members::{MemberDetails, MemberId},
    organizations::OrganizationId,
    salting_activities::{Reach, SaltingActivityType, SaltingOutcome, SaltingReport},
    salting_scores::{Assessment, SaltingScore},
    text::{Line, Prose},
    users::UserId,
};

use super::{DemoError, roster::is_at_work};

use SaltingActivityType::{CardSigning, Leafleting, Meeting, OneOnOne, Outreach, SiteVisit};
use SaltingOutcome::{Negative, Neutral, NoContact, Positive};

/// A campaign at one employer.
struct Drive {
    /// What it is called.
    name: &'static str,
    /// Where: an employer of the local.
    employer: &'static str,
    unit: i64,
    goal: i64,
    /// Why it rests, if it does.
    rests: Option<&'static str>,
    /// How the employer was judged, earliest first, and why.
    scores: &'static [(i64, &'static str)],
    /// What was done there.
    activities: &'static [Entry],
}

/// An activity in short: days ago, type, outcome, where, workers contacted, cards signed.
type Entry = (
    i32,
    SaltingActivityType,
    Option<SaltingOutcome>,
    &'static str,
    i64,
    i64,
);

#[rustfmt::skip]
const DRIVES: [Drive; 2] = [
    Drive {
        name: "Data halls of the south end", employer: "Cedar River Data & Power", unit: 44, goal: 30, rests: None,
        scores: &[
            (2, "The superintendent turned two of ours away at the gate."),
            (3, "The owner took our leaflet and asked what a journeyman gets."),
        ],
        activities: &[
            (96, Outreach, Some(Neutral), "Parking lot, 41st St", 6, 0),
            (80, Leafleting, Some(NoContact), "Parking lot, 41st St", 0, 0),
            (61, OneOnOne, Some(Positive), "Diner on Grady Way", 1, 1),
            (33, Meeting, Some(Positive), "Union hall, small room", 14, 5),
            (12, CardSigning, Some(Positive), "Diner on Grady Way", 11, 9),
            (2, SiteVisit, None, "Hall 3, loading dock", 8, 0),
        ],
    },
    Drive {
        name: "Solar crews of Snohomish", employer: "Pilchuck Solar & Storage", unit: 18, goal: 12,
        rests: Some("The crews are laid off until the ground dries."),
        scores: &[(4, "The owner was a member, and says so.")],
        activities: &[
            (140, SiteVisit, Some(Positive), "Yard on Evergreen Way", 5, 0),
            (118, CardSigning, Some(Negative), "Yard on Evergreen Way", 4, 1),
        ],
    },
];

impl Drive {
    /// The campaign.
    fn plan(
        &self,
        today: Date,
        employer: OrganizationId,
        lead: UserId,
    ) -> Result<CampaignPlan, Invalid> {
        let (unit, goal) = (Headcount::new(self.unit)?, Headcount::new(self.goal)?);
        let target = CampaignTarget::new(employer, Some(unit), Some(goal));
        Ok(CampaignPlan {
            name: Line::parse(self.name)?,
            description: None,
            lead,
            target_date: Some(today.saturating_add(180.days())),
            targets: Targets::new(vec![target.map_err(|error| error.invalid)?])?,
        })
    }

    /// The judgements, earliest first.
    fn assessments(&self) -> Result<Vec<Assessment>, Invalid> {
        let assessment = |(score, reason): &(i64, &str)| {
            Ok(Assessment {
                score: Some(SaltingScore::new(*score)?),
                reason: Prose::parse(reason)?,
                notes: None,
            })
        };
        self.scores.iter().map(assessment).collect()
    }
}

/// What is reported of an activity of a campaign.
fn report(
    entry: &Entry,
    today: Date,
    (member, employer, campaign): (MemberId, OrganizationId, CampaignId),
) -> Result<SaltingReport, Invalid> {
    let (days_ago, activity_type, outcome, location, contacted, signed) = *entry;
    let reach = Reach::new(Headcount::new(contacted)?, Headcount::new(signed)?);
    Ok(SaltingReport {
        member,
        organization: employer,
        campaign: Some(campaign),
        activity_type,
        activity_date: today.saturating_sub(days_ago.days()),
        outcome,
        location: Some(Line::parse(location)?),
        reach: reach.map_err(|error| error.invalid)?,
        description: None,
        notes: None,
    })
}

/// Makes the campaigns with their activities and judgements, each where it is missing. The last member of the roster who
/// works is sent in: somebody whom no employer knows.
pub(super) fn ensure(
    application: &Application,
    call: &Call,
    today: Date,
    (lead, roster): (UserId, &[MemberDetails]),
    organizations: &HashMap<String, OrganizationId>,
) -> Result<(), DemoError> {
    let sent = roster.iter().rfind(|member| is_at_work(member));
    let sent = sent.ok_or_else(|| DemoError::Missing("member to send in".to_owned()))?;
    let number = &sent.member_number;
    let member = application.members.find_by_number(call, number)?.value.id;
    let page = everything(CampaignSort::Name);
    let there = application
        .campaigns
        .list(call, &CampaignFilter::default(), &page)?
        .value
        .items;
    for drive in &DRIVES {
        let employer = *organizations
            .get(drive.employer)
            .ok_or_else(|| DemoError::Missing(drive.employer.to_owned()))?;
        let known = there
            .iter()
            .find(|found| found.plan.name.as_str() == drive.name);
        let campaign = match known {
            Some(found) => found.clone(),
            None => {
                let plan = drive.plan(today, employer, lead)?;
                application.campaigns.create(call, plan)?
            }
        };
        drive.judge(application, call, employer)?;
        let parties = (member, employer, campaign.id);
        drive.report(application, call, today, parties)?;
        drive.go(application, call, campaign)?;
    }
    Ok(())
}

impl Drive {
    /// Judges the employer as often as is missing.
    fn judge(
        &self,
        application: &Application,
        call: &Call,
        employer: OrganizationId,
    ) -> Result<(), DemoError> {
        let scores = &application.salting_scores;
        let page = everything(SaltingScoreSort::Set);
        let there = scores.history(call, employer, &page)?.value.items.len();
        for assessment in self.assessments()?.into_iter().skip(there) {
            scores.set(call, employer, assessment)?;
        }
        Ok(())
    }

    /// Records the activities that are missing.
    fn report(
        &self,
        application: &Application,
        call: &Call,
        today: Date,
        parties: (MemberId, OrganizationId, CampaignId),
    ) -> Result<(), DemoError> {
        let activities = &application.salting_activities;
        let here = SaltingActivityFilter {
            campaign: Some(parties.2),
            ..SaltingActivityFilter::default()
        };
        let page = everything(SaltingActivitySort::Created);
        let there = activities.list(call, &here, &page)?.value.items.len();
        for entry in self.activities.iter().skip(there) {
            activities.create(call, report(entry, today, parties)?)?;
        }
        Ok(())
    }

    /// Moves a campaign that is only planned to where it stands.
    fn go(
        &self,
        application: &Application,
        call: &Call,
        campaign: Campaign,
    ) -> Result<(), DemoError> {
        let mut moves = vec![Move::Start];
        if let Some(reason) = self.rests {
            moves.push(Move::Pause(Prose::parse(reason)?));
        }
        // Each move makes a version: as many as there are need not be made again.
        let made = usize::try_from(campaign.version.get()).unwrap_or(1);
        for wanted in moves.into_iter().skip(made.saturating_sub(1)) {
            application.campaigns.act(call, campaign.id, wanted)?;
        }
        Ok(())
    }
}

/// The first hundred: more than the demo has.
const fn everything<S>(sort: S) -> PageRequest<S> {
    PageRequest {
        limit: 100,
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use unionhall_domain::ids::Id;
    use uuid::Uuid;

    use super::*;
    use crate::demo::organizations;

    #[test]
    fn every_drive_is_at_an_employer_of_the_local_and_can_be_made() {
        let employers = organizations::of_the_local().unwrap();
        let today = date(2026, 11, 21);
        for drive in &DRIVES {
            let mut known = employers.iter();
            assert!(known.any(|found| found.name.as_str() == drive.employer));
            let id = Uuid::from_u128(1);
            drive.plan(today, Id::new(id), Id::new(id)).unwrap();
            assert!(!drive.assessments().unwrap().is_empty());
            for entry in drive.activities {
                let ids = (Id::new(id), Id::new(id), Id::new(id));
                let report = report(entry, today, ids).unwrap();
                assert_eq!(report.check_date(today), Ok(()));
            }
        }
    }
}
