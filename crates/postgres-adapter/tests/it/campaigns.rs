//! Contract of the repository of campaigns.

use jiff::civil::date;
use unionhall_domain::{
    campaigns::{Campaign, CampaignPlan, CampaignTarget, Course, State, Targets, places},
    headcounts::Headcount,
    members::Member,
    organizations::Organization,
    roles::Role,
    salting_activities::{Reach, SaltingActivity, SaltingActivityType, SaltingReport},
    salting_scores::{Assessment, SaltingScore, SaltingScoreEntry},
    tenants::Tenant,
    text::Prose,
    users::User,
    version::Version,
};
use unionhall_ports::{
    campaigns::{CampaignFilter, CampaignSort, CampaignTallies},
    pages::{Direction, PageRequest},
    salting_activities::{SaltingActivityFilter, SaltingTally},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use crate::members::plans::plan;

/// A tenant with a lead, a member who organizes and three employers.
struct Hall {
    tenant: Tenant,
    lead: User,
    member: Member,
    employers: [Organization; 3],
}

impl Hall {
    fn new(storage: &dyn UnitOfWork, slug: &str) -> Self {
        let tenant = builders::tenant(storage, slug);
        let lead = builders::user(storage, &format!("lead@{slug}.example"));
        builders::membership(storage, &lead, tenant.id, &[Role::Organizer]);
        let employer = |name| builders::organization(storage, tenant.id, name);
        Self {
            member: builders::member(storage, tenant.id, "1", "Bo", "Li"),
            employers: ["Voltage", "Ohm", "Ampere"].map(employer),
            lead,
            tenant,
        }
    }

    fn scope(&self) -> Scope {
        Scope::Tenant(self.tenant.id)
    }

    /// A planned campaign at these employers, not stored.
    fn campaign(&self, name: &str, employers: &[usize]) -> Campaign {
        let targets = employers.iter().map(|place| self.target(*place, 44, 30));
        Campaign {
            id: builders::fresh_id(),
            plan: CampaignPlan {
                name: builders::line(name),
                description: None,
                lead: self.lead.id,
                target_date: None,
                targets: Targets::new(targets.collect()).unwrap(),
            },
            course: Course::PLANNED,
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    fn target(&self, place: usize, unit: i64, goal: i64) -> CampaignTarget {
        let count = |number| Some(Headcount::new(number).unwrap());
        CampaignTarget::new(self.employers[place].id, count(unit), count(goal)).unwrap()
    }

    /// An activity of a campaign, not stored: so many workers, so many cards.
    fn activity(&self, campaign: &Campaign, place: usize, counts: (i64, i64)) -> SaltingActivity {
        let count = |number| Headcount::new(number).unwrap();
        SaltingActivity {
            id: builders::fresh_id(),
            report: SaltingReport {
                member: self.member.id,
                organization: self.employers[place].id,
                campaign: Some(campaign.id),
                activity_type: SaltingActivityType::CardSigning,
                activity_date: date(2026, 3, 2),
                outcome: None,
                location: None,
                reach: Reach::new(count(counts.0), count(counts.1)).unwrap(),
                description: None,
                notes: None,
            },
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    fn store(&self, storage: &dyn UnitOfWork, campaign: &Campaign) {
        builders::store(storage, self.scope(), |tx| tx.campaigns().insert(campaign));
    }

    fn put(
        &self,
        storage: &dyn UnitOfWork,
        activity: &SaltingActivity,
    ) -> Result<(), StorageError> {
        storage.transaction(self.scope(), |tx| tx.salting_activities().insert(activity))
    }

    fn update(&self, storage: &dyn UnitOfWork, campaign: &Campaign) -> Result<(), StorageError> {
        storage.transaction(self.scope(), |tx| tx.campaigns().update(campaign))
    }

    fn found(&self, storage: &dyn UnitOfWork, campaign: &Campaign) -> Option<Campaign> {
        builders::store(storage, self.scope(), |tx| tx.campaigns().find(campaign.id))
    }
}

fn next(campaign: &Campaign) -> Campaign {
    Campaign {
        version: campaign.version.next(),
        ..campaign.clone()
    }
}

fn constraint(result: Result<(), StorageError>) -> String {
    match result {
        Err(StorageError::Constraint { name }) => name,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_campaign_comes_back_as_it_was_in_every_place_it_can_be_in() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let mut campaign = hall.campaign("South end", &[1, 0]);
    hall.store(storage, &campaign);
    assert_eq!(hall.found(storage, &campaign).as_ref(), Some(&campaign));
    for place in places() {
        let dated = |day: Option<jiff::civil::Date>| day.map(|_| date(2026, 3, 2));
        campaign = next(&campaign);
        campaign.course = Course {
            started_on: dated(place.started_on),
            ended_on: dated(place.ended_on),
            state: place.state,
        };
        hall.update(storage, &campaign).unwrap();
        assert_eq!(hall.found(storage, &campaign).as_ref(), Some(&campaign));
    }
    campaign = next(&campaign);
    campaign.plan.description = Some(Prose::parse("Two\nlines and ?").unwrap());
    campaign.plan.target_date = Some(date(2027, 6, 30));
    campaign.plan.targets = Targets::new(vec![
        hall.target(1, 9, 9),
        CampaignTarget::new(hall.employers[2].id, None, None).unwrap(),
    ])
    .unwrap();
    hall.update(storage, &campaign).unwrap();
    assert_eq!(hall.found(storage, &campaign).as_ref(), Some(&campaign));
    assert!(matches!(
        hall.update(storage, &campaign),
        Err(StorageError::Stale)
    ));
    let held = builders::store(storage, hall.scope(), |tx| tx.campaigns().hold(campaign.id));
    assert_eq!(held.as_ref(), Some(&campaign));
    let deleted = Campaign {
        deleted_at: Some(builders::now()),
        ..next(&campaign)
    };
    hall.update(storage, &deleted).unwrap();
    assert_eq!(hall.found(storage, &campaign), None);
    let gone = builders::store(storage, hall.scope(), |tx| {
        Ok((
            tx.campaigns().hold(campaign.id)?,
            tx.campaigns().find_deleted(campaign.id)?,
        ))
    });
    assert_eq!(gone, (None, Some(deleted)));
}

#[test]
fn a_course_that_contradicts_itself_and_parties_of_another_tenant_are_refused() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (hall, other) = (
        Hall::new(storage, "local-46"),
        Hall::new(storage, "local-77"),
    );
    let insert = |campaign: &Campaign| {
        constraint(storage.transaction(hall.scope(), |tx| tx.campaigns().insert(campaign)))
    };
    let with = |state: State, started: bool, ended: bool| Campaign {
        course: Course {
            state,
            started_on: started.then(|| date(2026, 3, 2)),
            ended_on: ended.then(|| date(2026, 3, 2)),
        },
        ..hall.campaign("South end", &[0])
    };
    let reason = || Prose::parse("They signed.").unwrap();
    for wrong in [
        with(State::Planned, true, false),
        with(State::Active, false, false),
        with(State::Active, true, true),
        with(State::Paused(reason()), false, false),
        with(State::Won(reason()), true, false),
        with(State::Lost(reason()), false, true),
        with(State::Abandoned(reason()), false, false),
    ] {
        assert_eq!(
            insert(&wrong),
            "campaigns_course_check",
            "{:?}",
            wrong.course
        );
    }
    let mut led = hall.campaign("South end", &[0]);
    led.plan.lead = other.lead.id;
    assert_eq!(insert(&led), "campaigns_lead_fkey");
    let mut aimed = hall.campaign("South end", &[0]);
    aimed.plan.targets = Targets::new(vec![other.target(0, 9, 9)]).unwrap();
    assert_eq!(insert(&aimed), "campaign_targets_organization_fkey");
}

#[test]
fn an_activity_is_of_an_employer_of_its_campaign_and_keeps_the_employer_in_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let campaign = hall.campaign("South end", &[0, 1]);
    hall.store(storage, &campaign);
    let elsewhere = hall.activity(&campaign, 2, (1, 0));
    assert_eq!(
        constraint(hall.put(storage, &elsewhere)),
        "salting_activities_campaign_fkey"
    );
    let there = hall.activity(&campaign, 0, (9, 4));
    hall.put(storage, &there).unwrap();
    let mut without = next(&campaign);
    without.plan.targets = Targets::new(vec![hall.target(1, 9, 9)]).unwrap();
    assert_eq!(
        constraint(hall.update(storage, &without)),
        "salting_activities_campaign_fkey"
    );
    assert_eq!(hall.found(storage, &campaign).as_ref(), Some(&campaign));
    let filter = SaltingActivityFilter {
        campaign: Some(campaign.id),
        ..SaltingActivityFilter::default()
    };
    let sums = builders::store(storage, hall.scope(), |tx| {
        tx.salting_activities().statistics(&filter)
    });
    assert_eq!(sums.total.cards_signed, 4);
}

#[test]
fn a_campaigns_activities_are_added_up_by_employer_and_month_and_no_others() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let (campaign, other) = (
        hall.campaign("South", &[0, 1]),
        hall.campaign("North", &[0]),
    );
    hall.store(storage, &campaign);
    hall.store(storage, &other);
    let mut early = hall.activity(&campaign, 0, (5, 5));
    early.report.activity_date = date(2025, 12, 31);
    let deleted = SaltingActivity {
        deleted_at: Some(builders::now()),
        ..hall.activity(&campaign, 0, (100, 100))
    };
    for activity in [
        early,
        hall.activity(&campaign, 0, (9, 4)),
        hall.activity(&campaign, 1, (7, 0)),
        hall.activity(&other, 0, (50, 50)),
        deleted,
    ] {
        hall.put(storage, &activity).unwrap();
    }
    let tallies = |campaign: &Campaign| {
        builders::store(storage, hall.scope(), |tx| {
            tx.campaigns().tallies(campaign.id)
        })
    };
    let tally = |activities, workers_contacted, cards_signed, last_on| SaltingTally {
        activities,
        workers_contacted,
        cards_signed,
        last_on: Some(last_on),
    };
    let (december, march) = (date(2025, 12, 31), date(2026, 3, 2));
    let mut by_employer = vec![
        (hall.employers[0].id, tally(2, 14, 9, march)),
        (hall.employers[1].id, tally(1, 7, 0, march)),
    ];
    by_employer.sort_unstable_by_key(|(employer, _)| *employer);
    let expected = CampaignTallies {
        total: tally(3, 21, 9, march),
        by_employer,
        by_month: vec![
            (date(2025, 12, 1), tally(1, 5, 5, december)),
            (date(2026, 3, 1), tally(2, 16, 4, march)),
        ],
    };
    assert_eq!(tallies(&campaign), expected);
    let none = hall.campaign("Nowhere", &[0]);
    assert_eq!(tallies(&none), CampaignTallies::default());
}

/// Three campaigns by name: at all employers, at the first, and an active one at the second.
fn three(storage: &dyn UnitOfWork, hall: &Hall) -> [Campaign; 3] {
    let active = Campaign {
        course: Course {
            state: State::Active,
            started_on: Some(date(2026, 3, 2)),
            ended_on: None,
        },
        ..hall.campaign("West", &[1])
    };
    let three = [
        hall.campaign("East", &[0, 1, 2]),
        hall.campaign("Élan", &[0]),
        active,
    ];
    for campaign in &three {
        hall.store(storage, campaign);
    }
    three
}

const EVERYTHING: PageRequest<CampaignSort> = PageRequest {
    limit: 100,
    after: None,
    sort: CampaignSort::Name,
    direction: Direction::Ascending,
    with_total: true,
};

#[test]
fn a_list_is_paged_by_name_or_time_and_comes_with_all_employers() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let [east, elan, west] = three(storage, &hall);
    let found = |page: &PageRequest<CampaignSort>| {
        builders::store(storage, hall.scope(), |tx| {
            tx.campaigns().list(&CampaignFilter::default(), page)
        })
    };
    let all = found(&EVERYTHING);
    assert_eq!(all.total, Some(3));
    assert_eq!(all.items, [east.clone(), elan.clone(), west.clone()]);
    let first = found(&PageRequest {
        limit: 1,
        ..EVERYTHING
    });
    let second = found(&PageRequest {
        after: first.next,
        ..EVERYTHING
    });
    assert_eq!(second.items, [elan.clone(), west.clone()]);
    let newest = found(&PageRequest {
        sort: CampaignSort::Created,
        direction: Direction::Descending,
        ..EVERYTHING
    });
    // They are made at the same instant, and ids go up.
    assert_eq!(newest.items, [elan, east, west]);
}

#[test]
fn a_list_is_filtered_by_status_lead_and_employer() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let [east, _, west] = three(storage, &hall);
    let found = |status, lead, organization| {
        let filter = CampaignFilter {
            status,
            lead,
            organization,
        };
        builders::store(storage, hall.scope(), |tx| {
            tx.campaigns().list(&filter, &EVERYTHING)
        })
    };
    let second = Some(hall.employers[1].id);
    let active = found(Some("active"), Some(hall.lead.id), second);
    assert_eq!(active.items, std::slice::from_ref(&west));
    assert_eq!(found(None, None, second).items, [east, west]);
    let nobody = found(None, Some(builders::fresh_id()), None);
    assert_eq!(nobody.total, Some(0));
}

#[test]
fn scores_of_several_employers_come_at_once_the_last_of_each_earliest_first() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let entry = |place: usize, version| SaltingScoreEntry {
        id: builders::fresh_id(),
        organization: hall.employers[place].id,
        version: Version::new(version).unwrap(),
        assessment: Assessment {
            score: Some(SaltingScore::Neutral),
            reason: Prose::parse("He called.").unwrap(),
            notes: None,
        },
        set_by: None,
        set_at: builders::now(),
    };
    let mut entries: Vec<_> = (1..=52).map(|version| entry(0, version)).collect();
    entries.push(entry(1, 1));
    entries.push(entry(2, 1));
    builders::store(storage, hall.scope(), |tx| {
        entries
            .iter()
            .try_for_each(|entry| tx.salting_scores().insert(entry))
    });
    let asked = [hall.employers[0].id, hall.employers[1].id];
    let series = builders::store(storage, hall.scope(), |tx| {
        tx.salting_scores().series(&asked)
    });
    let mut expected = entries[2..53].to_vec();
    expected.sort_by_key(|entry| (entry.organization, entry.version));
    assert_eq!(series, expected);
}

#[test]
fn every_way_to_ask_for_campaigns_has_an_index() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local-46");
    let (tenant, lead) = (hall.tenant.id, hall.lead.id);
    let other = builders::user(storage, "other@local-46.example");
    builders::membership(storage, &other, tenant, &[Role::Organizer]);
    database.execute(&format!(
        "set app.tenant = '{tenant}'; \
         insert into campaigns (id, tenant_id, name, lead_id, status, started_on, version, created_at, updated_at) \
         select gen_random_uuid(), '{tenant}', md5(n::text), \
             case when n % 100 = 0 then '{lead}'::uuid else '{other}'::uuid end, \
             case when n % 100 = 0 then 'active' else 'planned' end, \
             case when n % 100 = 0 then date '2026-03-02' end, 1, now() - n * interval '1 minute', now() \
         from generate_series(1, 10000) as n; \
         analyze campaigns",
        other = other.id
    ));
    for (condition, order, index) in [
        ("true", "sort_name, id", "campaigns_by_name"),
        ("true", "created_at, id", "campaigns_by_creation"),
        ("status = 'active'", "sort_name, id", "campaigns_by_status"),
        (
            &format!("lead_id = '{lead}'"),
            "sort_name, id",
            "campaigns_by_lead",
        ),
    ] {
        let statement = format!(
            "explain select * from campaigns where tenant_id = '{tenant}' and deleted_at is null \
             and {condition} order by {order} limit 51"
        );
        let plan = plan(&database, &hall.tenant, &statement);
        assert!(plan.contains(index), "{condition}: {plan}");
        assert!(!plan.contains("Sort"), "{condition}: {plan}");
    }
}
