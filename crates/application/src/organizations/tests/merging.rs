//! Tests of merging two organizations.

use std::sync::Arc;

use unionhall_domain::{
    audit::Target,
    organizations::{Organization, OrganizationField, OrganizationId},
    roles::Role,
    text::Line,
    version::Version,
};
use unionhall_ports::{
    mock::MockRepositories,
    organizations::{Likeness, Moved},
};
use uuid::Uuid;

use crate::{
    error::Code,
    fixtures::{
        EMPLOYER, Hall, Shared, audited, call, code, id, if_match, now, organization, told,
        touched, wrong_fields,
    },
    organizations::MergeOrganizations,
};

const DOUBLE: OrganizationId = id(3_002);

fn double() -> Organization {
    let mut double = organization();
    double.id = DOUBLE;
    double.details.name = Line::parse("Cascade Electric, Inc.").unwrap();
    double.details.phone = Line::parse("206-555-0100").ok();
    double
}

fn wanted() -> MergeOrganizations {
    MergeOrganizations {
        winner: EMPLOYER,
        winner_version: None,
        taken: Vec::new(),
    }
}

/// Mocks that know both, unless the double was merged before, and what is written of them.
fn with_both(merged: Option<OrganizationId>) -> (MockRepositories, Shared<Organization>) {
    let mut mocks = MockRepositories::default();
    mocks
        .organizations
        .expect_lock_to_merge()
        .returning(move |id| {
            let there = [organization(), double()].into_iter();
            let mut there = there.filter(|found| merged.is_none() || found.id != DOUBLE);
            Ok(there.find(|found| found.id == id))
        });
    mocks
        .duplicates
        .expect_merged_into()
        .returning(move |_| Ok(merged));
    mocks.duplicates.expect_take_over().returning(|_, _, _| {
        let moved = |target, field, number| Moved {
            target,
            field,
            id: Uuid::from_u128(number),
            gave_up: (number == 2).then_some("is_primary"),
        };
        Ok(vec![
            moved(Target::Contact, "organization_id", 1),
            moved(Target::Contact, "organization_id", 2),
            moved(Target::Grievance, "employer_id", 3),
        ])
    });
    let written = Shared::default();
    let taken = Arc::clone(&written);
    mocks.organizations.expect_update().returning(move |found| {
        taken.lock().unwrap().push(found.clone());
        Ok(())
    });
    (mocks, written)
}

#[test]
fn merging_is_for_officers_and_comparing_for_readers() {
    let hall = Hall::untouchable();
    let organizations = &hall.application.organizations;
    let (staff, member) = (call(Role::Staff), call(Role::Member));
    let likeness = Likeness {
        name: "Cascade".to_owned(),
        address: None,
    };
    let codes = [
        code(organizations.merge(&staff, DOUBLE, &wanted())),
        code(organizations.duplicates(&member, &likeness)),
        code(organizations.duplicate_pairs(&member)),
    ];
    assert_eq!(codes, [Code::Forbidden; 3]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn the_one_goes_the_other_is_filled_in_and_all_of_it_is_on_record_and_counted() {
    let (mut mocks, written) = with_both(None);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let organizations = &hall.application.organizations;
    let merged = organizations
        .merge(&call(Role::Officer), DOUBLE, &wanted())
        .unwrap();
    assert_eq!(merged.moved, [(Target::Contact, 2), (Target::Grievance, 1)]);
    assert_eq!(merged.winner.details.name.as_str(), "Cascade Electric");
    assert_eq!(merged.winner.details.phone, double().details.phone);
    let written: Vec<_> = written
        .lock()
        .unwrap()
        .iter()
        .map(|found| (found.id, found.deleted_at, found.version.get()))
        .collect();
    assert_eq!(written, [(DOUBLE, Some(now()), 2), (EMPLOYER, None, 2)]);
    assert_eq!(
        told(&events),
        [
            ("updated", "organization"),
            ("updated", "contact"),
            ("updated", "contact"),
            ("updated", "grievance"),
            ("merged", "organization")
        ]
    );
    assert_eq!(touched(&events), ["merged_into"]);
    assert!(hall.committed());
}

#[test]
fn fields_that_are_taken_come_from_the_one_that_goes() {
    let (mut mocks, _) = with_both(None);
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let taking = MergeOrganizations {
        taken: vec![OrganizationField::Name],
        ..wanted()
    };
    let organizations = &hall.application.organizations;
    let merged = organizations.merge(&call(Role::Officer), DOUBLE, &taking);
    assert_eq!(
        merged.unwrap().winner.details.name.as_str(),
        "Cascade Electric, Inc."
    );
}

#[test]
fn merging_again_does_nothing_and_into_another_one_is_refused() {
    for (merged, expected) in [(EMPLOYER, None), (id(7), Some(Code::NotFound))] {
        let (mocks, written) = with_both(Some(merged));
        let hall = Hall::over(mocks);
        let organizations = &hall.application.organizations;
        let result = organizations.merge(&call(Role::Officer), DOUBLE, &wanted());
        match expected {
            None => assert_eq!(result.unwrap().moved, []),
            Some(expected) => assert_eq!(code(result), expected),
        }
        assert_eq!(written.lock().unwrap().len(), 0);
    }
}

#[test]
fn nothing_is_merged_into_itself_into_nothing_or_after_a_change_that_was_not_seen() {
    let (mocks, _) = with_both(None);
    let hall = Hall::over(mocks);
    let organizations = &hall.application.organizations;
    let officer = call(Role::Officer);
    let into = |winner| MergeOrganizations { winner, ..wanted() };
    assert_eq!(
        wrong_fields(organizations.merge(&officer, DOUBLE, &into(DOUBLE))),
        [("into".to_owned(), "same_organization")]
    );
    assert_eq!(
        wrong_fields(organizations.merge(&officer, DOUBLE, &into(id(9)))),
        [("into".to_owned(), "unknown_organization")]
    );
    let seen = MergeOrganizations {
        winner_version: Version::new(2),
        ..wanted()
    };
    let codes = [
        code(organizations.merge(&officer, DOUBLE, &seen)),
        code(organizations.merge(&if_match(officer, 2), DOUBLE, &wanted())),
    ];
    assert_eq!(codes, [Code::Stale; 2]);
}
