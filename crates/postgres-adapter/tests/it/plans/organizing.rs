//! The ways to ask what organizers do: campaigns, sums of activities and judgements.

use unionhall_domain::salting_activities::{SaltingActivityType, SaltingOutcome};
use unionhall_ports::{
    campaigns::{CampaignFilter, CampaignSort},
    salting_activities::{OutcomeKnown, SaltingActivityFilter, SaltingActivitySort},
};

use super::{DAY, MONTH_LATER, Pattern, TIME, lists, one, only, pages, pattern};

pub(super) fn campaigns() -> Vec<Pattern> {
    let filters = [
        ("all", CampaignFilter::default()),
        (
            "by status",
            only!(CampaignFilter {
                status: Some("active")
            }),
        ),
        ("of a lead", only!(CampaignFilter { lead: Some(one()) })),
        (
            "at an employer",
            only!(CampaignFilter {
                organization: Some(one())
            }),
        ),
    ];
    let mut patterns = lists!(
        campaigns,
        &filters,
        &[
            (CampaignSort::Name, "campaign 5"),
            (CampaignSort::Created, TIME),
        ]
    );
    patterns.push(pattern("sums of a campaign", |tx| {
        tx.campaigns().tallies(one()).map(drop)
    }));
    patterns
}

/// Sums of everything read everything; those of a part read the part.
pub(super) fn statistics() -> Vec<Pattern> {
    let month = || {
        only!(SaltingActivityFilter {
            from: Some(DAY),
            until: Some(MONTH_LATER)
        })
    };
    let filters = [
        ("of a month", month()),
        (
            "of a type in a month",
            SaltingActivityFilter {
                activity_type: Some(SaltingActivityType::Meeting),
                ..month()
            },
        ),
        (
            "of an outcome in a month",
            SaltingActivityFilter {
                outcome: Some(OutcomeKnown::Known(SaltingOutcome::Neutral)),
                ..month()
            },
        ),
        (
            "at an employer",
            only!(SaltingActivityFilter {
                organization: Some(one())
            }),
        ),
        (
            "by a member",
            only!(SaltingActivityFilter {
                member: Some(one())
            }),
        ),
        (
            "of a campaign",
            only!(SaltingActivityFilter {
                campaign: Some(one())
            }),
        ),
    ];
    let mut patterns = lists!(
        salting_activities,
        &filters,
        &[
            (SaltingActivitySort::Date, "2010-05-01"),
            (SaltingActivitySort::Created, TIME),
        ]
    );
    for (name, filter) in filters {
        patterns.push(pattern(format!("sums of activities {name}"), move |tx| {
            tx.salting_activities().statistics(&filter).map(drop)
        }));
    }
    patterns.push(pattern("judgements of employers", |tx| {
        tx.salting_scores().series(&[one()]).map(drop)
    }));
    patterns
}
