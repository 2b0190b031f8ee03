//! Tests of the use cases of campaigns.

use jiff::{SignedDuration, civil::date};
use unionhall_domain::{
    campaigns::{
        Campaign, CampaignId, CampaignPlan, CampaignPlanChange, CampaignTarget, Course, Move,
        State, Targets,
    },
    change::Change,
    headcounts::Headcount,
    organizations::{OrganizationId, OrganizationType},
    roles::{HeldRole, Role},
    salting_scores::{Assessment, SaltingScore, SaltingScoreEntry},
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{
    campaigns::{CampaignFilter, CampaignTallies},
    mock::MockRepositories,
    pages::Page,
    salting_activities::SaltingTally,
    storage::StorageError,
};

use crate::{
    error::{Code, Coded},
    fixtures::{
        EMPLOYER, Hall, STEWARD, audited, call, code, colleague, for_good, id, if_match, now,
        organization, page, told, touched, wrong_fields,
    },
};

/// The campaign of every test.
const DRIVE: CampaignId = id(7_001);
/// Another employer.
const OTHER: OrganizationId = id(3_002);

fn targets(employers: &[OrganizationId]) -> Targets {
    let count = |number| Some(Headcount::new(number).unwrap());
    let target =
        |employer: &OrganizationId| CampaignTarget::new(*employer, count(44), count(30)).unwrap();
    Targets::new(employers.iter().map(target).collect()).unwrap()
}

fn plan() -> CampaignPlan {
    CampaignPlan {
        name: Line::parse("South end").unwrap(),
        description: None,
        lead: STEWARD,
        target_date: None,
        targets: targets(&[EMPLOYER]),
    }
}

fn campaign() -> Campaign {
    Campaign {
        id: DRIVE,
        plan: plan(),
        course: Course::PLANNED,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn reason() -> Prose<2_000> {
    Prose::parse("The firm has recognized the union.").unwrap()
}

/// Mocks that know the campaign, the employer, and the steward with these roles.
fn mocks(roles: &'static [HeldRole]) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_colleague()
        .returning(|id| Ok((id == STEWARD).then(|| colleague(roles))));
    mocks
        .organizations
        .expect_keep_unmerged()
        .returning(|id| Ok((id == EMPLOYER).then(organization)));
    mocks
        .campaigns
        .expect_find()
        .returning(|id| Ok((id == DRIVE).then(campaign)));
    mocks
}

const ORGANIZES: &[HeldRole] = &[for_good(Role::Organizer)];

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    for role in [
        Role::Staff,
        Role::Instructor,
        Role::Moderator,
        Role::Member,
        Role::Contact,
    ] {
        let hall = Hall::untouchable();
        let campaigns = &hall.application.campaigns;
        let (call, filter) = (call(role), CampaignFilter::default());
        let change = CampaignPlanChange::default();
        let codes = [
            code(campaigns.create(&call, plan())),
            code(campaigns.find(&call, DRIVE)),
            code(campaigns.list(&call, &filter, &page())),
            code(campaigns.progress(&call, DRIVE)),
            code(campaigns.update(&call, DRIVE, change)),
            code(campaigns.act(&call, DRIVE, Move::Start)),
            code(campaigns.delete(&call, DRIVE)),
            code(campaigns.restore(&call, DRIVE)),
        ];
        assert_eq!(codes, [Code::Forbidden; 8], "{role:?}");
        assert_eq!(hall.runs(), []);
        let actions = campaigns.allowed_actions(&call.actor, &campaign());
        assert_eq!(actions, Vec::<&str>::new());
    }
}

#[test]
fn a_campaign_is_planned_by_organizers_for_somebody_who_may_lead_it() {
    let mut mocks = mocks(ORGANIZES);
    let events = audited(&mut mocks);
    mocks
        .campaigns
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let organizer = call(Role::Organizer);
    let made = hall
        .application
        .campaigns
        .create(&organizer, plan())
        .unwrap();
    assert_eq!(made.course, Course::PLANNED);
    assert!(hall.committed());
    assert_eq!(told(&events), [("created", "campaign")]);
}

#[test]
fn nobody_leads_who_may_not_organize_or_may_not_any_more() {
    const STAFF: &[HeldRole] = &[for_good(Role::Staff)];
    const NOBODY: &[HeldRole] = &[];
    let expired = HeldRole {
        role: Role::Organizer,
        expires_at: now().checked_sub(SignedDuration::from_secs(1)).ok(),
    };
    let expired: &'static [HeldRole] = vec![expired].leak();
    let organizer = call(Role::Organizer);
    for roles in [STAFF, NOBODY, expired] {
        let hall = Hall::over(mocks(roles));
        let refused = hall.application.campaigns.create(&organizer, plan());
        let expected = [("lead_id".to_owned(), "not_an_organizer")];
        assert_eq!(wrong_fields(refused), expected, "{roles:?}");
    }
    let hall = Hall::over(mocks(ORGANIZES));
    let unknown = CampaignPlan {
        lead: id(9),
        ..plan()
    };
    let refused = hall.application.campaigns.create(&organizer, unknown);
    assert_eq!(
        wrong_fields(refused),
        [("lead_id".to_owned(), "unknown_user")]
    );
}

#[test]
fn a_campaign_aims_at_employers_of_the_hall_and_each_wrong_one_is_named() {
    let organizer = call(Role::Organizer);
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_colleague()
        .returning(|_| Ok(Some(colleague(ORGANIZES))));
    mocks.organizations.expect_keep_unmerged().returning(|id| {
        let mut union = organization();
        union.details.org_type = OrganizationType::Union;
        Ok((id == EMPLOYER).then_some(union))
    });
    let hall = Hall::over(mocks);
    let plan = CampaignPlan {
        targets: targets(&[EMPLOYER, OTHER]),
        ..plan()
    };
    let refused = hall.application.campaigns.create(&organizer, plan);
    let expected = [
        ("targets/0/organization_id".to_owned(), "not_an_employer"),
        (
            "targets/1/organization_id".to_owned(),
            "unknown_organization",
        ),
    ];
    assert_eq!(wrong_fields(refused), expected);
}

#[test]
fn a_change_asks_for_what_is_new_alone_and_leaves_no_trace_when_nothing_is() {
    // Lead and employer would not be found: nobody asks for them.
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .campaigns
        .expect_find()
        .returning(|_| Ok(Some(campaign())));
    mocks
        .campaigns
        .expect_update()
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let campaigns = &hall.application.campaigns;
    let organizer = call(Role::Organizer);
    let nothing = CampaignPlanChange::default();
    assert_eq!(
        campaigns.update(&organizer, DRIVE, nothing).unwrap(),
        campaign()
    );
    let change = CampaignPlanChange {
        target_date: Change::Set(Some(date(2027, 6, 30))),
        ..CampaignPlanChange::default()
    };
    campaigns.update(&organizer, DRIVE, change).unwrap();
    assert_eq!(touched(&events), ["target_date"]);
    let stale = if_match(organizer, 7);
    let nothing = CampaignPlanChange::default();
    assert_eq!(code(campaigns.update(&stale, DRIVE, nothing)), Code::Stale);
}

#[test]
fn an_employer_that_activities_name_is_not_left_out() {
    let mut mocks = mocks(ORGANIZES);
    mocks.campaigns.expect_update().returning(|_| {
        Err(StorageError::Constraint {
            name: "salting_activities_campaign_fkey".to_owned(),
        })
    });
    let hall = Hall::over(mocks);
    let change = CampaignPlanChange {
        name: Change::Set(Line::parse("North end").unwrap()),
        ..CampaignPlanChange::default()
    };
    let organizer = call(Role::Organizer);
    let refused = hall.application.campaigns.update(&organizer, DRIVE, change);
    assert_eq!(code(refused), Code::InUse);
}

#[test]
fn a_move_is_made_on_the_halls_day_and_says_why() {
    let mut mocks = mocks(ORGANIZES);
    let events = audited(&mut mocks);
    mocks.campaigns.expect_update().returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let campaigns = &hall.application.campaigns;
    let organizer = call(Role::Organizer);
    let active = campaigns.act(&organizer, DRIVE, Move::Start).unwrap();
    assert_eq!(active.course.started_on, Some(date(2026, 11, 21)));
    assert_eq!(touched(&events), ["status", "started_on"]);
    let gone = campaigns.act(&organizer, DRIVE, Move::Abandon(reason()));
    assert_eq!(gone.unwrap().course.state, State::Abandoned(reason()));
    let details = events.lock().unwrap()[1].details.clone();
    let expected = [
        ("move", "abandon".to_owned()),
        ("reason", reason().to_string()),
    ];
    assert_eq!(details, expected);
    let refused = campaigns.act(&organizer, DRIVE, Move::Win(reason()));
    let error = refused.unwrap_err();
    assert_eq!(error.code(), Code::IllegalMove);
    assert_eq!(error.allowed_actions(), Some(vec!["start", "abandon"]));
    let allowed = campaigns.allowed_actions(&organizer.actor, &campaign());
    assert_eq!(allowed, ["update", "delete", "start", "abandon"]);
}

#[test]
fn a_campaign_with_activities_is_not_deleted_and_one_without_can_be_restored() {
    let organizer = call(Role::Organizer);
    for activities in [0, 3] {
        let mut mocks = mocks(ORGANIZES);
        let events = audited(&mut mocks);
        mocks.campaigns.expect_update().returning(|_| Ok(()));
        mocks.campaigns.expect_tallies().returning(move |_| {
            let total = SaltingTally {
                activities,
                ..SaltingTally::default()
            };
            Ok(CampaignTallies {
                total,
                ..CampaignTallies::default()
            })
        });
        mocks
            .campaigns
            .expect_find_deleted()
            .returning(|_| Ok(Some(campaign())));
        let hall = Hall::over(mocks);
        let campaigns = &hall.application.campaigns;
        let deleted = campaigns.delete(&organizer, DRIVE);
        if activities == 0 {
            deleted.unwrap();
            campaigns.restore(&organizer, DRIVE).unwrap();
            let both = [("deleted", "campaign"), ("restored", "campaign")];
            assert_eq!(told(&events), both);
        } else {
            assert_eq!(code(deleted), Code::InUse);
            assert!(hall.rolled_back());
        }
    }
}

#[test]
fn progress_gives_each_employer_its_own_activities_and_scores() {
    let mut mocks = MockRepositories::default();
    let with_two = Campaign {
        plan: CampaignPlan {
            targets: targets(&[EMPLOYER, OTHER]),
            ..plan()
        },
        ..campaign()
    };
    let known = with_two.clone();
    mocks
        .campaigns
        .expect_find()
        .returning(move |id| Ok((id == DRIVE).then(|| known.clone())));
    let tally = SaltingTally {
        activities: 2,
        workers_contacted: 20,
        cards_signed: 9,
        last_on: Some(date(2026, 11, 20)),
    };
    mocks.campaigns.expect_tallies().returning(move |_| {
        Ok(CampaignTallies {
            total: tally,
            by_employer: vec![(OTHER, tally)],
            by_month: vec![(date(2026, 11, 1), tally)],
        })
    });
    let entry = SaltingScoreEntry {
        id: id(6_001),
        organization: EMPLOYER,
        version: Version::FIRST,
        assessment: Assessment {
            score: Some(SaltingScore::Neutral),
            reason: reason(),
            notes: None,
        },
        set_by: None,
        set_at: now(),
    };
    let scored = entry.clone();
    mocks
        .salting_scores
        .expect_series()
        .withf(|employers| employers == [EMPLOYER, OTHER])
        .returning(move |_| Ok(vec![scored.clone()]));
    let hall = Hall::over(mocks);
    let campaigns = &hall.application.campaigns;
    let officer = call(Role::Officer);
    let progress = campaigns.progress(&officer, DRIVE).unwrap().value;
    assert_eq!(progress.campaign, with_two);
    assert_eq!(progress.as_of, date(2026, 11, 21));
    let [first, second] = progress.targets.try_into().unwrap();
    assert_eq!(
        (first.tally, first.scores),
        (SaltingTally::default(), vec![entry])
    );
    assert_eq!((second.tally, second.scores), (tally, Vec::new()));
    assert_eq!(code(campaigns.progress(&officer, id(9))), Code::NotFound);
    assert_eq!(told(&hall.reads), [("read", "campaign")]);
}

#[test]
fn every_reading_is_on_record() {
    let mut mocks = mocks(ORGANIZES);
    mocks.campaigns.expect_list().returning(|_, _| {
        Ok(Page {
            items: vec![campaign()],
            next: None,
            total: None,
        })
    });
    let hall = Hall::over(mocks);
    let campaigns = &hall.application.campaigns;
    let officer = call(Role::Officer);
    let filter = CampaignFilter {
        status: Some("active"),
        ..CampaignFilter::default()
    };
    assert_eq!(campaigns.find(&officer, DRIVE).unwrap().value, campaign());
    campaigns.list(&officer, &filter, &page()).unwrap();
    assert_eq!(
        told(&hall.reads),
        [("read", "campaign"), ("listed", "campaign")]
    );
    let details = hall.reads.lock().unwrap()[1].details.clone();
    let expected = [("count", "1".to_owned()), ("status", "active".to_owned())];
    assert_eq!(details, expected);
}
