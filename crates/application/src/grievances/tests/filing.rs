//! Filing: the parties, the representative, the number, the mail.

use jiff::civil::date;
use mockall::Sequence;
use unionhall_domain::{
    grievances::{Claim, Grievance, GrievanceNumber, Progress},
    organizations::OrganizationType,
    roles::Role,
};
use unionhall_ports::{
    identity::{Colleague, HeldRole},
    mock::MockRepositories,
};

use crate::{
    error::Code,
    fixtures::{
        ADA, EMPLOYER, Hall, STEWARD, audited, call, claim, code, colleague, for_good, mailed,
        member, now, organization, rehearsed, told, touched, wrong_fields,
    },
    grievances::{FileGrievance, GrievanceError},
};

fn filing() -> FileGrievance {
    FileGrievance {
        member: ADA,
        employer: EMPLOYER,
        filed_date: None,
        agreement: None,
        claim: claim(),
    }
}

/// The same filing, carried by the steward.
fn assigned() -> FileGrievance {
    FileGrievance {
        claim: Claim {
            assigned_representative: Some(STEWARD),
            ..claim()
        },
        ..filing()
    }
}

/// Mocks that know member and employer.
fn with_parties() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_hold()
        .returning(|id| Ok((id == ADA).then(member)));
    mocks
        .organizations
        .expect_hold()
        .returning(|id| Ok((id == EMPLOYER).then(organization)));
    mocks
}

/// Mocks that know the parties, and this colleague.
fn with_colleague(found: Option<Colleague>) -> MockRepositories {
    let mut mocks = with_parties();
    mocks
        .identity
        .expect_find_colleague()
        .returning(move |_| Ok(found.clone()));
    mocks
}

/// Lets the mocks number and keep a grievance.
fn keeping(mocks: &mut MockRepositories) {
    mocks
        .grievances
        .expect_next_number()
        .returning(|year| Ok(GrievanceNumber::new(year, 7).unwrap()));
    mocks.grievances.expect_insert().returning(|_| Ok(()));
}

fn file(hall: &Hall, filing: FileGrievance) -> Result<Grievance, GrievanceError> {
    let grievances = &hall.application.grievances;
    grievances.file(&call(Role::Staff), filing)
}

#[test]
fn filing_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    for role in [
        Role::Organizer,
        Role::Instructor,
        Role::Moderator,
        Role::Member,
    ] {
        let result = hall.application.grievances.file(&call(role), filing());
        assert_eq!(code(result), Code::Forbidden);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_filed_grievance_is_open_on_step_1_today_under_the_years_next_number() {
    let mut mocks = with_parties();
    keeping(&mut mocks);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let filed = file(&hall, filing()).unwrap();
    assert_eq!(filed.number.to_string(), "GR-2026-0007");
    assert_eq!(filed.filed_date, date(2026, 11, 21));
    assert_eq!(filed.progress, Progress::FILED);
    assert_eq!(filed.version.get(), 1);
    assert_eq!(filed.created_at, now());
    assert!(hall.committed());
    assert_eq!(told(&events), [("created", "grievance")]);
    assert!(touched(&events).contains(&"violation_description"));
}

#[test]
fn the_number_is_of_the_year_of_filing_not_of_the_present_one() {
    let mut mocks = with_parties();
    keeping(&mut mocks);
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let late = FileGrievance {
        filed_date: Some(date(2025, 12, 30)),
        claim: Claim {
            incident_date: None,
            ..claim()
        },
        ..filing()
    };
    assert_eq!(
        file(&hall, late).unwrap().number.to_string(),
        "GR-2025-0007"
    );
}

#[test]
fn the_number_is_taken_last_so_that_others_wait_for_it_as_short_as_can_be() {
    let mut mocks = MockRepositories::default();
    let mut order = Sequence::new();
    mocks
        .members
        .expect_hold()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Some(member())));
    mocks
        .organizations
        .expect_hold()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Some(organization())));
    mocks
        .grievances
        .expect_next_number()
        .times(1)
        .in_sequence(&mut order)
        .returning(|year| Ok(GrievanceNumber::new(year, 1).unwrap()));
    mocks
        .grievances
        .expect_insert()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
    audited(&mut mocks);
    file(&Hall::over(mocks), filing()).unwrap();
}

#[test]
fn dates_are_checked_before_anything_is_read() {
    let hall = Hall::over(MockRepositories::default());
    let wrong = FileGrievance {
        filed_date: Some(date(2026, 11, 22)),
        claim: Claim {
            incident_date: Some(date(2026, 12, 1)),
            ..claim()
        },
        ..filing()
    };
    assert_eq!(
        wrong_fields(file(&hall, wrong)),
        [
            ("filed_date".to_owned(), "in_the_future"),
            ("incident_date".to_owned(), "in_the_future"),
        ]
    );
    assert!(hall.rolled_back());
}

#[test]
fn both_parties_are_named_when_both_are_unknown() {
    let mut mocks = MockRepositories::default();
    mocks.members.expect_hold().returning(|_| Ok(None));
    mocks.organizations.expect_hold().returning(|_| Ok(None));
    let hall = Hall::over(mocks);
    assert_eq!(
        wrong_fields(file(&hall, filing())),
        [
            ("member_id".to_owned(), "unknown_member"),
            ("employer_id".to_owned(), "unknown_organization"),
        ]
    );
    assert!(hall.rolled_back());
}

#[test]
fn a_grievance_is_filed_against_employers_alone() {
    for kind in OrganizationType::ALL {
        if kind == OrganizationType::Employer {
            continue;
        }
        let mut mocks = MockRepositories::default();
        mocks
            .members
            .expect_hold()
            .returning(|_| Ok(Some(member())));
        mocks.organizations.expect_hold().returning(move |_| {
            let mut found = organization();
            found.details.org_type = kind;
            Ok(Some(found))
        });
        assert_eq!(
            wrong_fields(file(&Hall::over(mocks), filing())),
            [("employer_id".to_owned(), "not_an_employer")]
        );
    }
}

#[test]
fn the_representative_gets_a_mail_in_the_same_transaction() {
    let mut mocks = with_colleague(Some(colleague(&[for_good(Role::Staff)])));
    keeping(&mut mocks);
    audited(&mut mocks);
    let mails = mailed(&mut mocks);
    let hall = Hall::over(mocks);
    file(&hall, assigned()).unwrap();
    assert!(hall.committed());
    let mails = mails.lock().unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to.as_str(), "stella@hall.example");
    assert!(mails[0].subject.contains("GR-2026-0007"));
}

#[test]
fn without_a_representative_there_is_no_mail() {
    let mut mocks = with_parties();
    keeping(&mut mocks);
    audited(&mut mocks);
    // A mail would be a call that the mocks do not know.
    file(&Hall::over(mocks), filing()).unwrap();
}

#[test]
fn a_rehearsed_filing_rolls_its_mail_back_too() {
    let mut mocks = with_colleague(Some(colleague(&[for_good(Role::Staff)])));
    keeping(&mut mocks);
    audited(&mut mocks);
    let mails = mailed(&mut mocks);
    let hall = Hall::over(mocks);
    let call = rehearsed(call(Role::Staff));
    hall.application.grievances.file(&call, assigned()).unwrap();
    assert_eq!(mails.lock().unwrap().len(), 1);
    assert!(hall.rolled_back());
}

#[test]
fn a_representative_is_a_user_of_the_hall_who_may_work_on_grievances() {
    let expired = HeldRole {
        role: Role::Staff,
        expires_at: Some(now()),
    };
    let table = [
        (None, "unknown_user"),
        (Some(colleague(&[])), "not_a_representative"),
        (
            Some(colleague(&[for_good(Role::Organizer)])),
            "not_a_representative",
        ),
        (
            Some(colleague(&[expired, for_good(Role::Member)])),
            "not_a_representative",
        ),
    ];
    for (found, expected) in table {
        let hall = Hall::over(with_colleague(found));
        assert_eq!(
            wrong_fields(file(&hall, assigned())),
            [("assigned_representative_id".to_owned(), expected)]
        );
        assert!(hall.rolled_back());
    }
}
