//! Tests of the use cases of organizations.

mod merging;

use mockall::Sequence;
use unionhall_domain::{
    change::Change,
    grievances::GrievanceNumber,
    organizations::{Organization, OrganizationChange, OrganizationType},
    roles::Role,
    text::Line,
};
use unionhall_ports::{
    mock::MockRepositories,
    organizations::{OrganizationFilter, Similar},
    pages::Page,
    storage::StorageError,
    unit_of_work::{Decision, Mode, Scope},
};

use super::OrganizationError;
use crate::{
    error::Code,
    fixtures::{
        EMPLOYER, HALL, Hall, audited, call, code, id, if_match, now, organization, page,
        rehearsed, told, touched,
    },
};

fn to(city: &str) -> OrganizationChange {
    OrganizationChange {
        city: Change::Set(Some(Line::parse(city).unwrap())),
        ..OrganizationChange::default()
    }
}

/// Mocks that know the employer.
fn with_employer() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .organizations
        .expect_find()
        .returning(|id| Ok((id == EMPLOYER).then(organization)));
    mocks
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let organizations = &hall.application.organizations;
    let member = call(Role::Member);
    let reader = call(Role::Organizer);
    let filter = OrganizationFilter::default();
    let codes = [
        code(organizations.create(&reader, organization().details)),
        code(organizations.find(&member, EMPLOYER)),
        code(organizations.list(&member, &filter, &page())),
        code(organizations.update(&reader, EMPLOYER, to("Kent"))),
        code(organizations.delete(&call(Role::Staff), EMPLOYER)),
        code(organizations.restore(&call(Role::Staff), EMPLOYER)),
    ];
    assert_eq!(codes, [Code::Forbidden; 6]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_new_organization_is_kept_and_on_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .organizations
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    mocks
        .duplicates
        .expect_similar()
        .times(1)
        .withf(|wanted, except| wanted.name == "Cascade Electric" && except.is_some())
        .returning(|_, _| {
            Ok(vec![Similar {
                organization: organization(),
                similarity: 100,
                same_address: false,
            }])
        });
    let hall = Hall::over(mocks);
    let added = hall
        .application
        .organizations
        .create(&call(Role::Staff), organization().details)
        .unwrap();
    assert_eq!(added.organization.version.get(), 1);
    assert_eq!(added.possible_duplicates.len(), 1);
    assert!(hall.committed());
    assert_eq!(told(&events), [("created", "organization")]);
    assert_eq!(touched(&events), ["name", "org_type", "city"]);
}

#[test]
fn finding_and_listing_read_in_the_callers_tenant() {
    let mut mocks = with_employer();
    mocks
        .duplicates
        .expect_merged_into()
        .returning(|found| Ok((found == id(8)).then_some(EMPLOYER)));
    mocks.organizations.expect_list().returning(|_, _| {
        Ok(Page {
            items: vec![organization()],
            next: None,
            total: None,
        })
    });
    let hall = Hall::over(mocks);
    let organizations = &hall.application.organizations;
    let reader = call(Role::Organizer);
    let filter = OrganizationFilter::default();
    assert_eq!(
        organizations.find(&reader, EMPLOYER).unwrap(),
        organization()
    );
    let list = organizations.list(&reader, &filter, &page()).unwrap();
    assert_eq!(list.items.len(), 1);
    let read = (Scope::Tenant(HALL), Mode::Read, Decision::Commit);
    assert_eq!(hall.runs(), [read; 2]);
    assert_eq!(code(organizations.find(&reader, id(9))), Code::NotFound);
    let merged = organizations.find(&reader, id(8)).unwrap_err();
    assert!(
        matches!(merged, OrganizationError::Merged(into) if into == EMPLOYER),
        "{merged:?}"
    );
}

#[test]
fn a_change_raises_the_version_and_records_what_differs() {
    let mut mocks = with_employer();
    let events = audited(&mut mocks);
    mocks
        .organizations
        .expect_update()
        .times(1)
        .withf(|found| found.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    hall.application
        .organizations
        .update(&if_match(call(Role::Staff), 1), EMPLOYER, to("Everett"))
        .unwrap();
    assert!(hall.committed());
    assert_eq!(touched(&events), ["city"]);
}

#[test]
fn a_rehearsed_change_keeps_nothing() {
    let mut mocks = with_employer();
    audited(&mut mocks);
    mocks.organizations.expect_update().returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    hall.application
        .organizations
        .update(&rehearsed(call(Role::Staff)), EMPLOYER, to("Everett"))
        .unwrap();
    assert!(hall.rolled_back());
}

#[test]
fn a_change_that_changes_nothing_leaves_no_trace() {
    let hall = Hall::over(with_employer());
    hall.application
        .organizations
        .update(&call(Role::Staff), EMPLOYER, to("Tacoma"))
        .unwrap();
    assert!(hall.committed());
}

#[test]
fn whoever_saw_another_version_changes_and_deletes_nothing() {
    let hall = Hall::over(with_employer());
    let stale = if_match(call(Role::Officer), 2);
    let organizations = &hall.application.organizations;
    let codes = [
        code(organizations.update(&stale, EMPLOYER, to("Everett"))),
        code(organizations.delete(&stale, EMPLOYER)),
    ];
    assert_eq!(codes, [Code::Stale; 2]);
}

#[test]
fn a_change_that_somebody_else_overtook_is_told_so() {
    let mut mocks = with_employer();
    mocks
        .organizations
        .expect_update()
        .returning(|_| Err(StorageError::Stale));
    let hall = Hall::over(mocks);
    let result = hall
        .application
        .organizations
        .update(&call(Role::Staff), EMPLOYER, to("Everett"));
    assert_eq!(code(result), Code::ChangedMeanwhile);
    assert!(hall.rolled_back());
}

/// Mocks that expect the write first, and then the questions for what hangs on the employer: these grievances, these
/// contacts, and nothing else.
fn with_hanging(numbers: Vec<GrievanceNumber>, names: Vec<String>) -> MockRepositories {
    let mut mocks = with_employer();
    let mut order = Sequence::new();
    mocks
        .organizations
        .expect_update()
        .times(1)
        .in_sequence(&mut order)
        .withf(|found| found.deleted_at == Some(now()))
        .returning(|_| Ok(()));
    mocks
        .grievances
        .expect_numbers_against()
        .times(1)
        .in_sequence(&mut order)
        .return_once(move |_| Ok(numbers));
    mocks
        .contacts
        .expect_names_at()
        .times(1)
        .in_sequence(&mut order)
        .return_once(move |_| Ok(names));
    mocks
        .employments
        .expect_numbers_at()
        .times(1)
        .in_sequence(&mut order)
        .return_once(|_| Ok(Vec::new()));
    let agreements = mocks.collective_agreements.expect_list();
    let agreements = agreements.times(1).in_sequence(&mut order);
    agreements.return_once(|_, _| {
        Ok(Page {
            items: Vec::new(),
            next: None,
            total: None,
        })
    });
    let students = mocks.students.expect_numbers_sent_by();
    let students = students.times(1).in_sequence(&mut order);
    students.return_once(|_| Ok(Vec::new()));
    mocks
}

#[test]
fn what_hangs_on_an_organization_is_asked_for_after_the_write_and_keeps_it() {
    let number = GrievanceNumber::new(2026, 3).unwrap();
    let ira = || vec!["Ira Ohm".to_owned()];
    for (numbers, names, told_in_error) in [
        (Vec::new(), Vec::new(), None),
        (
            vec![number],
            ira(),
            Some("this organization still has grievances (GR-2026-0003); contacts (Ira Ohm)"),
        ),
        (
            Vec::new(),
            ira(),
            Some("this organization still has contacts (Ira Ohm)"),
        ),
    ] {
        let mut mocks = with_hanging(numbers, names);
        let events = audited(&mut mocks);
        let hall = Hall::over(mocks);
        let result = hall
            .application
            .organizations
            .delete(&call(Role::Officer), EMPLOYER);
        if let Some(sentence) = told_in_error {
            let error = result.unwrap_err();
            assert_eq!(error.to_string(), sentence);
            assert_eq!(code(Err::<(), _>(error)), Code::InUse);
            assert!(hall.rolled_back());
        } else {
            result.unwrap();
            assert!(hall.committed());
            assert_eq!(told(&events), [("deleted", "organization")]);
        }
    }
}

#[test]
fn a_deleted_organization_is_brought_back() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks.organizations.expect_find_deleted().returning(|id| {
        let mut found = organization();
        found.deleted_at = Some(now());
        Ok((id == EMPLOYER).then_some(found))
    });
    mocks
        .duplicates
        .expect_merged_into()
        .returning(|_| Ok(None));
    mocks
        .organizations
        .expect_update()
        .times(1)
        .withf(|found| found.deleted_at.is_none() && found.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let organizations = &hall.application.organizations;
    let officer = call(Role::Officer);
    organizations.restore(&officer, EMPLOYER).unwrap();
    assert_eq!(told(&events), [("restored", "organization")]);
    assert_eq!(code(organizations.restore(&officer, id(9))), Code::NotFound);
}

#[test]
fn what_may_be_done_depends_on_the_role_and_on_what_the_organization_is() {
    let hall = Hall::untouchable();
    let actions = |role, org_type| {
        let mut organization: Organization = organization();
        organization.details.org_type = org_type;
        let organizations = &hall.application.organizations;
        organizations.allowed_actions(&call(role).actor, &organization)
    };
    assert_eq!(
        actions(Role::Officer, OrganizationType::Employer),
        ["update", "delete", "merge", "add_contact", "file_grievance"]
    );
    assert_eq!(
        actions(Role::Staff, OrganizationType::Jatc),
        ["update", "add_contact"]
    );
    assert!(actions(Role::Organizer, OrganizationType::Employer).is_empty());
}
