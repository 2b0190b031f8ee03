//! How SALTing activities are shown, one by one and added up.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::{OutcomeKnown, SaltingActivityFilter, SaltingStatistics, SaltingTally};
use unionhall_domain::{
    campaigns::CampaignId,
    members::MemberId,
    organizations::OrganizationId,
    salting_activities::{
        SaltingActivity, SaltingActivityId, SaltingActivityType, SaltingOutcome, SaltingReport,
    },
};
use utoipa::ToSchema;

use super::super::{
    choices::{
        SaltingActivityActionName, SaltingActivityTypeName, SaltingOutcomeKnownName,
        SaltingOutcomeName,
    },
    shown::Shown,
};

/// A SALTing activity.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingActivity)]
pub(in crate::api) struct SaltingActivityView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<SaltingActivityId>,
    /// The member who organized.
    #[schema(value_type = String, format = "uuid")]
    member_id: Shown<MemberId>,
    /// The employer whose workers it was about.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// The campaign that it belongs to, if to any.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    campaign_id: Option<Shown<CampaignId>>,
    /// What kind of activity it was.
    #[schema(value_type = SaltingActivityTypeName)]
    activity_type: &'static str,
    /// The day of it.
    #[schema(value_type = String, format = Date)]
    activity_date: Shown<Date>,
    /// What came of it; null while that is not known.
    #[schema(value_type = Option<SaltingOutcomeName>, required = true)]
    outcome: Option<&'static str>,
    /// Where it was.
    #[schema(required = true)]
    location: Option<&'a str>,
    /// How many workers were contacted, as reported.
    workers_contacted: u32,
    /// How many of them signed a card, as reported.
    cards_signed: u32,
    /// What happened.
    #[schema(required = true)]
    description: Option<&'a str>,
    /// Free notes.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<SaltingActivityActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl SaltingActivityView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a SaltingActivity> for SaltingActivityView<'a> {
    fn from(activity: &'a SaltingActivity) -> Self {
        let SaltingActivity {
            id,
            report,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = activity;
        let SaltingReport {
            member,
            organization,
            campaign,
            activity_type,
            activity_date,
            outcome,
            location,
            reach,
            description,
            notes,
        } = report;
        Self {
            id: Shown(*id),
            member_id: Shown(*member),
            organization_id: Shown(*organization),
            campaign_id: campaign.map(Shown),
            activity_type: activity_type.as_str(),
            activity_date: Shown(*activity_date),
            outcome: outcome.map(SaltingOutcome::as_str),
            location: location.as_ref().map(|text| text.as_str()),
            workers_contacted: reach.contacted().get(),
            cards_signed: reach.signed().get(),
            description: description.as_ref().map(|text| text.as_str()),
            notes: notes.as_ref().map(|text| text.as_str()),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

/// Activities added up: contacts and cards as reported, so that whoever was met twice is counted twice.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingTally)]
pub(in super::super) struct SaltingTallyView {
    /// How many activities.
    activities: u64,
    /// The workers contacted, as reported.
    workers_contacted: u64,
    /// The cards signed, as reported.
    cards_signed: u64,
    /// The day of the last activity; null when there is none.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    last_on: Option<Shown<Date>>,
}

impl From<&SaltingTally> for SaltingTallyView {
    fn from(tally: &SaltingTally) -> Self {
        let SaltingTally {
            activities,
            workers_contacted,
            cards_signed,
            last_on,
        } = tally;
        Self {
            activities: *activities,
            workers_contacted: *workers_contacted,
            cards_signed: *cards_signed,
            last_on: last_on.map(Shown),
        }
    }
}

/// What SALTing activities add up to.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingStatistics)]
pub(super) struct SaltingStatisticsView {
    /// The first day that counts; null for all.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    from: Option<Shown<Date>>,
    /// The last day that counts; null for all.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    until: Option<Shown<Date>>,
    /// All of them.
    total: SaltingTallyView,
    /// Those types that occur.
    by_type: Vec<TallyOfTypeView>,
    /// Those outcomes that occur.
    by_outcome: Vec<TallyOfOutcomeView>,
    /// How many employers there are among them.
    employers: u64,
    /// The hundred employers with the most activities.
    by_employer: Vec<TallyOfEmployerView>,
    /// The last 120 months with any activity, latest first.
    by_month: Vec<TallyOfMonthView>,
}

/// The activities of one type.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingTallyOfType)]
pub(super) struct TallyOfTypeView {
    /// The type.
    #[schema(value_type = SaltingActivityTypeName)]
    activity_type: &'static str,
    /// What they add up to.
    tally: SaltingTallyView,
}

/// The activities with one outcome.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingTallyOfOutcome)]
pub(super) struct TallyOfOutcomeView {
    /// The outcome, or `pending`.
    #[schema(value_type = SaltingOutcomeKnownName)]
    outcome: &'static str,
    /// What they add up to.
    tally: SaltingTallyView,
}

/// The activities at one employer.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingTallyOfEmployer)]
pub(super) struct TallyOfEmployerView {
    /// The employer.
    #[schema(value_type = String, format = "uuid")]
    organization_id: Shown<OrganizationId>,
    /// What they add up to.
    tally: SaltingTallyView,
}

/// The activities of one month.
#[derive(Serialize, ToSchema)]
#[schema(as = SaltingTallyOfMonth)]
pub(in super::super) struct TallyOfMonthView {
    /// The month.
    #[schema(pattern = r"^[0-9]{4}-[0-9]{2}$", example = "2026-11")]
    month: String,
    /// What they add up to.
    tally: SaltingTallyView,
}

impl SaltingStatisticsView {
    /// The sums of a filter.
    pub(super) fn new(filter: &SaltingActivityFilter, found: &SaltingStatistics) -> Self {
        let SaltingStatistics {
            total,
            by_type,
            by_outcome,
            employers,
            by_employer,
            by_month,
        } = found;
        Self {
            from: filter.from.map(Shown),
            until: filter.until.map(Shown),
            total: total.into(),
            by_type: by_type.iter().map(of_type).collect(),
            by_outcome: by_outcome.iter().map(of_outcome).collect(),
            employers: *employers,
            by_employer: by_employer.iter().map(of_employer).collect(),
            by_month: by_month.iter().map(TallyOfMonthView::from).collect(),
        }
    }
}

fn of_type((kind, tally): &(SaltingActivityType, SaltingTally)) -> TallyOfTypeView {
    TallyOfTypeView {
        activity_type: kind.as_str(),
        tally: tally.into(),
    }
}

fn of_outcome((outcome, tally): &(OutcomeKnown, SaltingTally)) -> TallyOfOutcomeView {
    TallyOfOutcomeView {
        outcome: outcome.as_str(),
        tally: tally.into(),
    }
}

fn of_employer((employer, tally): &(OrganizationId, SaltingTally)) -> TallyOfEmployerView {
    TallyOfEmployerView {
        organization_id: Shown(*employer),
        tally: tally.into(),
    }
}

impl From<&(Date, SaltingTally)> for TallyOfMonthView {
    fn from((month, tally): &(Date, SaltingTally)) -> Self {
        Self {
            month: month.strftime("%Y-%m").to_string(),
            tally: tally.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{
        headcounts::Headcount, ids::Id, salting_activities::Reach, version::Version,
    };
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_row_shows_every_field_and_a_record_what_may_be_done_too() {
        let at: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let count = |number| Headcount::new(number).unwrap();
        let activity = SaltingActivity {
            id: Id::new(Uuid::from_u128(1)),
            report: SaltingReport {
                member: Id::new(Uuid::from_u128(2)),
                organization: Id::new(Uuid::from_u128(3)),
                campaign: None,
                activity_type: SaltingActivityType::SiteVisit,
                activity_date: jiff::civil::date(2026, 11, 20),
                outcome: None,
                location: None,
                reach: Reach::new(count(9), count(4)).unwrap(),
                description: None,
                notes: None,
            },
            version: Version::FIRST,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let mut expected = json!({
            "id": "00000000-0000-0000-0000-000000000001",
            "member_id": "00000000-0000-0000-0000-000000000002",
            "organization_id": "00000000-0000-0000-0000-000000000003", "campaign_id": null,
            "activity_type": "site_visit", "activity_date": "2026-11-20", "outcome": null,
            "location": null, "workers_contacted": 9, "cards_signed": 4, "description": null,
            "notes": null, "version": 1, "created_at": "2026-11-21T08:00:00Z",
            "updated_at": "2026-11-21T08:00:00Z"
        });
        let row = serde_json::to_value(SaltingActivityView::from(&activity)).unwrap();
        assert_eq!(row, expected);
        let record = SaltingActivityView::from(&activity).allowing(vec!["update"]);
        expected["allowed_actions"] = json!(["update"]);
        assert_eq!(serde_json::to_value(record).unwrap(), expected);
    }

    #[test]
    fn sums_show_what_they_are_sums_of() {
        let day = jiff::civil::date(2026, 11, 20);
        let tally = SaltingTally {
            activities: 2,
            workers_contacted: 9,
            cards_signed: 4,
            last_on: Some(day),
        };
        let found = SaltingStatistics {
            total: tally,
            by_type: vec![(SaltingActivityType::Meeting, tally)],
            by_outcome: vec![(OutcomeKnown::Pending, tally)],
            employers: 1,
            by_employer: vec![(Id::new(Uuid::from_u128(3)), tally)],
            by_month: vec![(day.first_of_month(), SaltingTally::default())],
        };
        let filter = SaltingActivityFilter {
            from: Some(day),
            ..SaltingActivityFilter::default()
        };
        let sums = json!({
            "activities": 2, "workers_contacted": 9, "cards_signed": 4, "last_on": "2026-11-20"
        });
        let nothing = json!({
            "activities": 0, "workers_contacted": 0, "cards_signed": 0, "last_on": null
        });
        assert_eq!(
            serde_json::to_value(SaltingStatisticsView::new(&filter, &found)).unwrap(),
            json!({
                "from": "2026-11-20", "until": null, "total": sums,
                "by_type": [{"activity_type": "meeting", "tally": sums}],
                "by_outcome": [{"outcome": "pending", "tally": sums}],
                "employers": 1,
                "by_employer": [
                    {"organization_id": "00000000-0000-0000-0000-000000000003", "tally": sums}
                ],
                "by_month": [{"month": "2026-11", "tally": nothing}]
            })
        );
    }
}
