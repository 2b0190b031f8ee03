//! Tests of the use cases of SALTing activities.

use jiff::civil::{Date, date};
use unionhall_domain::{
    campaigns::{Campaign, CampaignId, CampaignPlan, CampaignTarget, Course, State, Targets},
    change::Change,
    headcounts::Headcount,
    organizations::{Organization, OrganizationType},
    roles::Role,
    salting_activities::{
        Reach, SaltingActivity, SaltingActivityType, SaltingReport, SaltingReportChange,
    },
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{
    mock::MockRepositories,
    pages::Page,
    salting_activities::{SaltingActivityFilter, SaltingStatistics},
};

use crate::{
    error::{Code, Coded},
    fixtures::{
        ADA, EMPLOYER, GRACE, Hall, STEWARD, audited, call, code, id, if_match, member, now,
        organization, page, told, touched, wrong_fields,
    },
};

/// The activity of every test.
const VISIT: unionhall_domain::salting_activities::SaltingActivityId = id(5_001);

/// The campaign of every test.
const DRIVE: CampaignId = id(7_001);

fn report() -> SaltingReport {
    let count = |number| Headcount::new(number).unwrap();
    SaltingReport {
        member: ADA,
        organization: EMPLOYER,
        campaign: None,
        activity_type: SaltingActivityType::SiteVisit,
        activity_date: date(2026, 11, 20),
        outcome: None,
        location: None,
        reach: Reach::new(count(9), count(4)).unwrap(),
        description: None,
        notes: None,
    }
}

fn activity() -> SaltingActivity {
    SaltingActivity {
        id: VISIT,
        report: report(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// Mocks that know Ada, the employer and the activity.
fn mocks() -> MockRepositories {
    with_employer(organization())
}

fn with_employer(employer: Organization) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_find()
        .returning(|id| Ok((id == ADA).then(member)));
    mocks
        .organizations
        .expect_keep_unmerged()
        .returning(move |id| Ok((id == EMPLOYER).then(|| employer.clone())));
    mocks
        .salting_activities
        .expect_find()
        .returning(|id| Ok((id == VISIT).then(activity)));
    mocks
}

fn on(day: Date) -> SaltingReportChange {
    SaltingReportChange {
        activity_date: Change::Set(day),
        ..SaltingReportChange::default()
    }
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    for role in Role::ALL {
        if matches!(
            role,
            Role::Owner | Role::Admin | Role::Officer | Role::Organizer
        ) {
            continue;
        }
        let hall = Hall::untouchable();
        let activities = &hall.application.salting_activities;
        let (call, filter) = (call(role), SaltingActivityFilter::default());
        let codes = [
            code(activities.create(&call, report())),
            code(activities.find(&call, VISIT)),
            code(activities.list(&call, &filter, &page())),
            code(activities.statistics(&call, &filter)),
            code(activities.update(&call, VISIT, on(date(2026, 11, 1)))),
            code(activities.delete(&call, VISIT)),
            code(activities.restore(&call, VISIT)),
        ];
        assert_eq!(codes, [Code::Forbidden; 7], "{role:?}");
        assert_eq!(hall.runs(), []);
        assert_eq!(
            activities.allowed_actions(&call.actor),
            Vec::<&str>::new(),
            "{role:?}"
        );
    }
}

#[test]
fn an_activity_is_kept_and_on_record_without_holding_member_or_employer() {
    // That neither is held shows in the mocks, which would refuse it.
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    mocks
        .salting_activities
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let organizer = call(Role::Organizer);
    let made = hall
        .application
        .salting_activities
        .create(&organizer, report())
        .unwrap();
    assert_eq!(made.version, Version::FIRST);
    assert!(hall.committed());
    assert_eq!(told(&events), [("created", "salting_activity")]);
}

#[test]
fn the_day_is_judged_by_the_halls_own_calendar() {
    // It is the evening of the 21st in Greenwich, and the afternoon of the same day in Seattle.
    let hall = Hall::over(mocks());
    let report = SaltingReport {
        activity_date: date(2026, 11, 22),
        ..report()
    };
    let refused = hall
        .application
        .salting_activities
        .create(&call(Role::Organizer), report);
    let expected = [("activity_date".to_owned(), "in_the_future")];
    assert_eq!(wrong_fields(refused), expected);
    assert!(hall.rolled_back());
}

#[test]
fn parties_are_of_the_hall_and_the_organization_employs() {
    let hall = Hall::over(mocks());
    let unknown = SaltingReport {
        member: GRACE,
        organization: id(9),
        ..report()
    };
    let organizer = call(Role::Organizer);
    let refused = hall
        .application
        .salting_activities
        .create(&organizer, unknown);
    let expected = [
        ("member_id".to_owned(), "unknown_member"),
        ("organization_id".to_owned(), "unknown_organization"),
    ];
    assert_eq!(wrong_fields(refused), expected);
    for org_type in OrganizationType::ALL {
        let mut other = organization();
        other.details.org_type = org_type;
        let mut mocks = with_employer(other);
        let _events = audited(&mut mocks);
        mocks
            .salting_activities
            .expect_insert()
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let result = hall
            .application
            .salting_activities
            .create(&organizer, report());
        if org_type == OrganizationType::Employer {
            assert!(result.is_ok());
        } else {
            let expected = [("organization_id".to_owned(), "not_an_employer")];
            assert_eq!(wrong_fields(result), expected, "{org_type:?}");
        }
    }
}

#[test]
fn what_was_recorded_can_be_corrected_also_when_its_target_is_no_employer_any_more() {
    let mut union = organization();
    union.details.org_type = OrganizationType::Union;
    let mut mocks = with_employer(union);
    let events = audited(&mut mocks);
    mocks
        .salting_activities
        .expect_update()
        .times(1)
        .withf(|found| found.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let organizer = if_match(call(Role::Organizer), 1);
    hall.application
        .salting_activities
        .update(&organizer, VISIT, on(date(2026, 11, 19)))
        .unwrap();
    assert_eq!(touched(&events), ["activity_date"]);
}

#[test]
fn a_change_that_changes_nothing_is_on_record_as_a_reading_and_a_wrong_one_is_refused() {
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let activities = &hall.application.salting_activities;
    let organizer = call(Role::Organizer);
    let same = activities.update(&organizer, VISIT, on(date(2026, 11, 20)));
    assert_eq!(same.unwrap(), activity());
    assert_eq!(told(&events), [("read", "salting_activity")]);
    let change = SaltingReportChange {
        cards_signed: Change::Set(Headcount::new(10).unwrap()),
        ..SaltingReportChange::default()
    };
    let refused = activities.update(&organizer, VISIT, change);
    let expected = [("cards_signed".to_owned(), "more_than_contacted")];
    assert_eq!(wrong_fields(refused), expected);
    let future = activities.update(&organizer, VISIT, on(date(2026, 11, 22)));
    assert_eq!(code(future), Code::InvalidFields);
    let stale = activities.delete(&if_match(organizer, 7), VISIT);
    assert_eq!(code(stale), Code::Stale);
    let organizer = call(Role::Organizer);
    assert_eq!(code(activities.delete(&organizer, id(9))), Code::NotFound);
}

/// A campaign of the employer, which has ended on the 19th.
fn campaign() -> Campaign {
    let target = CampaignTarget::new(EMPLOYER, None, None).unwrap();
    Campaign {
        id: DRIVE,
        plan: CampaignPlan {
            name: Line::parse("South end").unwrap(),
            description: None,
            lead: STEWARD,
            target_date: None,
            targets: Targets::new(vec![target]).unwrap(),
        },
        course: Course {
            state: State::Won(Prose::parse("They signed.").unwrap()),
            started_on: Some(date(2026, 11, 1)),
            ended_on: Some(date(2026, 11, 19)),
        },
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

#[test]
fn an_activity_belongs_to_a_campaign_of_its_employer_that_had_not_ended() {
    let organizer = call(Role::Organizer);
    let refused = |report: SaltingReport| {
        let mut mocks = mocks();
        mocks
            .campaigns
            .expect_hold()
            .returning(|id| Ok((id == DRIVE).then(campaign)));
        mocks.organizations.checkpoint();
        mocks
            .organizations
            .expect_keep_unmerged()
            .returning(|_| Ok(Some(organization())));
        let _events = audited(&mut mocks);
        mocks
            .salting_activities
            .expect_insert()
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let result = hall
            .application
            .salting_activities
            .create(&organizer, report);
        result.err().map(|error| {
            let error = &error.fields()[0];
            (error.field.to_string(), error.invalid.code)
        })
    };
    let of = |campaign, day| SaltingReport {
        campaign: Some(campaign),
        activity_date: date(2026, 11, day),
        ..report()
    };
    assert_eq!(refused(of(DRIVE, 19)), None);
    let wrong = |code| Some(("campaign_id".to_owned(), code));
    assert_eq!(refused(of(DRIVE, 20)), wrong("after_its_end"));
    assert_eq!(refused(of(id(9), 19)), wrong("unknown_campaign"));
    let elsewhere = SaltingReport {
        organization: id(3_002),
        ..of(DRIVE, 19)
    };
    assert_eq!(refused(elsewhere), wrong("not_of_campaign"));
}

#[test]
fn an_activity_is_deleted_and_brought_back() {
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    mocks
        .salting_activities
        .expect_find_deleted()
        .returning(|id| {
            let deleted = SaltingActivity {
                deleted_at: Some(now()),
                ..activity()
            };
            Ok((id == VISIT).then_some(deleted))
        });
    mocks
        .salting_activities
        .expect_update()
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let activities = &hall.application.salting_activities;
    let organizer = call(Role::Organizer);
    activities.delete(&organizer, VISIT).unwrap();
    let restored = activities.restore(&organizer, VISIT).unwrap();
    assert_eq!(restored.deleted_at, None);
    assert_eq!(code(activities.restore(&organizer, id(9))), Code::NotFound);
    assert_eq!(
        told(&events),
        [
            ("deleted", "salting_activity"),
            ("restored", "salting_activity")
        ]
    );
}

#[test]
fn every_reading_is_on_record() {
    let mut mocks = mocks();
    mocks.salting_activities.expect_list().returning(|_, _| {
        Ok(Page {
            items: vec![activity()],
            next: None,
            total: None,
        })
    });
    mocks
        .salting_activities
        .expect_statistics()
        .returning(|_| Ok(SaltingStatistics::default()));
    let hall = Hall::over(mocks);
    let activities = &hall.application.salting_activities;
    let officer = call(Role::Officer);
    let filter = SaltingActivityFilter {
        organization: Some(EMPLOYER),
        ..SaltingActivityFilter::default()
    };
    assert_eq!(activities.find(&officer, VISIT).unwrap().value, activity());
    activities.list(&officer, &filter, &page()).unwrap();
    activities.statistics(&officer, &filter).unwrap();
    assert_eq!(code(activities.find(&officer, id(9))), Code::NotFound);
    let (read, listed) = (("read", "salting_activity"), ("listed", "salting_activity"));
    assert_eq!(told(&hall.reads), [read, listed, listed]);
    let details = hall.reads.lock().unwrap()[1].details.clone();
    let expected = [
        ("count", "1".to_owned()),
        ("organization_id", EMPLOYER.to_string()),
    ];
    assert_eq!(details, expected);
}
