//! Reading: who sees which grievance, and what is on record.

use jiff::civil::date;
use unionhall_domain::{
    grievances::{Grievance, GrievanceNumber, Progress, Settlement, State, Step},
    roles::Role,
    text::Prose,
};
use unionhall_ports::{
    grievances::GrievanceFilter,
    mock::MockRepositories,
    pages::Page,
    unit_of_work::{Decision, Mode, Scope},
};

use super::with_case;
use crate::{
    error::Code,
    fixtures::{
        ADA, CASE, EMPLOYER, GRACE, HALL, Hall, STEWARD, call, call_of_member, code, grievance, id,
        page, told,
    },
};

fn one() -> Page<Grievance> {
    Page {
        items: vec![grievance()],
        next: None,
        total: None,
    }
}

#[test]
fn reading_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let grievances = &hall.application.grievances;
    let number = GrievanceNumber::new(2026, 1).unwrap();
    for role in [
        Role::Organizer,
        Role::Instructor,
        Role::Moderator,
        Role::Contact,
    ] {
        let call = call(role);
        let codes = [
            code(grievances.find(&call, CASE)),
            code(grievances.find_by_number(&call, number)),
            code(grievances.list(&call, GrievanceFilter::default(), &page())),
            code(grievances.steps(&call, CASE)),
        ];
        assert_eq!(codes, [Code::Forbidden; 4]);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn reading_a_grievance_is_on_record_and_a_miss_is_not() {
    let hall = Hall::over(with_case(|_| ()));
    let grievances = &hall.application.grievances;
    let staff = call(Role::Staff);
    assert_eq!(grievances.find(&staff, CASE).unwrap().value, grievance());
    assert_eq!(code(grievances.find(&staff, id(9))), Code::NotFound);
    assert_eq!(told(&hall.reads), [("read", "grievance")]);
}

#[test]
fn a_reading_that_cannot_be_put_on_record_is_not_told() {
    let hall = Hall::without_log(with_case(|_| ()));
    let result = hall.application.grievances.find(&call(Role::Staff), CASE);
    assert_eq!(code(result), Code::Unavailable);
}

#[test]
fn a_member_reads_their_own_cases_and_finds_no_others() {
    let mut mocks = with_case(|_| ());
    mocks
        .grievances
        .expect_find_by_number()
        .returning(|_| Ok(Some(grievance())));
    mocks
        .grievances
        .expect_steps()
        .returning(|_| Ok(Vec::new()));
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let number = grievance().number;
    let own = call_of_member(Some(ADA));
    assert!(grievances.find(&own, CASE).is_ok());
    assert!(grievances.find_by_number(&own, number).is_ok());
    assert!(grievances.steps(&own, CASE).is_ok());
    for other in [call_of_member(Some(GRACE)), call_of_member(None)] {
        let codes = [
            code(grievances.find(&other, CASE)),
            code(grievances.find_by_number(&other, number)),
            code(grievances.steps(&other, CASE)),
        ];
        assert_eq!(codes, [Code::NotFound; 3]);
    }
}

#[test]
fn the_meetings_are_read_in_one_snapshot_with_their_grievance() {
    let mut mocks = with_case(|_| ());
    mocks
        .grievances
        .expect_steps()
        .returning(|_| Ok(Vec::new()));
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    hall.application.grievances.steps(&staff, CASE).unwrap();
    let snapshot = (Scope::Tenant(HALL), Mode::Snapshot, Decision::Commit);
    assert_eq!(hall.runs(), [snapshot]);
    assert_eq!(told(&hall.reads), [("read", "grievance")]);
}

#[test]
fn a_members_list_is_of_their_own_cases_whatever_is_asked_for() {
    let mut mocks = MockRepositories::default();
    mocks
        .grievances
        .expect_list()
        .times(2)
        .withf(|filter, _| filter.member == Some(ADA))
        .returning(|_, _| Ok(one()));
    let hall = Hall::over(mocks);
    let list = |own, member| {
        let filter = GrievanceFilter {
            member,
            ..GrievanceFilter::default()
        };
        let grievances = &hall.application.grievances;
        let found = grievances.list(&call_of_member(own), filter, &page());
        found.unwrap().value.items.len()
    };
    assert_eq!(list(Some(ADA), None), 1);
    assert_eq!(list(Some(ADA), Some(ADA)), 1);
    assert_eq!(list(Some(ADA), Some(GRACE)), 0);
    assert_eq!(list(None, None), 0);
    assert_eq!(told(&hall.reads).len(), 4);
}

#[test]
fn a_list_is_on_record_with_its_filters_and_its_length() {
    let mut mocks = MockRepositories::default();
    mocks.grievances.expect_list().returning(|_, _| Ok(one()));
    let hall = Hall::over(mocks);
    let filter = GrievanceFilter {
        status: Some("open"),
        step: Some(Step::Step2),
        member: Some(ADA),
        employer: Some(EMPLOYER),
        representative: Some(STEWARD),
        carrier: Some(STEWARD),
        filed_from: Some(date(2026, 1, 1)),
        filed_until: Some(date(2026, 12, 31)),
        search: Some("overtime".to_owned()),
    };
    let staff = call(Role::Staff);
    hall.application
        .grievances
        .list(&staff, filter, &page())
        .unwrap();
    let expected = [
        ("count", "1".to_owned()),
        ("status", "open".to_owned()),
        ("current_step", "step_2".to_owned()),
        ("member_id", ADA.to_string()),
        ("employer_id", EMPLOYER.to_string()),
        ("assigned_representative_id", STEWARD.to_string()),
        ("carrier_id", STEWARD.to_string()),
        ("filed_from", "2026-01-01".to_owned()),
        ("filed_until", "2026-12-31".to_owned()),
        ("q", "overtime".to_owned()),
    ];
    assert_eq!(hall.reads.lock().unwrap()[0].details, expected);
}

#[test]
fn the_actions_offered_are_the_tables_and_the_roles_together() {
    let hall = Hall::untouchable();
    let offered = |role, state| {
        let case = Grievance {
            progress: Progress {
                state,
                ..Progress::FILED
            },
            ..grievance()
        };
        let grievances = &hall.application.grievances;
        grievances.allowed_actions(&call(role).actor, &case)
    };
    let settled = || {
        State::Settled(Settlement {
            resolution: Prose::parse("Paid.").unwrap(),
            date: date(2026, 11, 20),
            amount: None,
        })
    };
    let work = [
        "investigate",
        "schedule_hearing",
        "record_denied",
        "record_advanced",
    ];
    let open = offered(Role::Officer, State::Open);
    assert_eq!(open[..2], ["update", "delete"]);
    assert_eq!(open[2..6], work);
    assert_eq!(open[6..], ["record_settled", "withdraw"]);
    let by_staff = offered(Role::Staff, State::Open);
    assert_eq!(by_staff[..1], ["update"]);
    assert_eq!(by_staff[1..], work);
    assert_eq!(
        offered(Role::Officer, settled()),
        ["update", "delete", "close", "reopen"]
    );
    assert_eq!(offered(Role::Staff, settled()), ["update"]);
    assert!(offered(Role::Member, State::Open).is_empty());
}
