//! Changing a claim, deleting and restoring a grievance.

use jiff::civil::date;
use unionhall_domain::{
    change::Change,
    grievances::{ClaimChange, Grievance},
    roles::Role,
    text::Prose,
};
use unionhall_ports::{mock::MockRepositories, storage::StorageError};

use super::with_case;
use crate::{
    error::Code,
    fixtures::{
        CASE, Hall, STEWARD, audited, call, code, colleague, for_good, grievance, id, if_match,
        member, now, organization, rehearsed, told, touched, wrong_fields,
    },
};

fn remedy() -> ClaimChange {
    ClaimChange {
        remedy_sought: Change::Set(Some(Prose::parse("Back pay.").unwrap())),
        ..ClaimChange::default()
    }
}

fn carried_by_the_steward() -> ClaimChange {
    ClaimChange {
        assigned_representative: Change::Set(Some(STEWARD)),
        ..ClaimChange::default()
    }
}

fn deleted() -> Grievance {
    Grievance {
        deleted_at: Some(now()),
        ..grievance()
    }
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let grievances = &hall.application.grievances;
    let codes = [
        code(grievances.update(&call(Role::Member), CASE, remedy())),
        code(grievances.delete(&call(Role::Staff), CASE)),
        code(grievances.restore(&call(Role::Staff), CASE)),
    ];
    assert_eq!(codes, [Code::Forbidden; 3]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_change_raises_the_version_and_records_what_differs() {
    let mut mocks = with_case(|_| ());
    let events = audited(&mut mocks);
    mocks
        .grievances
        .expect_update()
        .times(1)
        .withf(|case| case.version.get() == 2 && case.updated_at == now())
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let call = if_match(call(Role::Staff), 1);
    hall.application
        .grievances
        .update(&call, CASE, remedy())
        .unwrap();
    assert!(hall.committed());
    assert_eq!(told(&events), [("updated", "grievance")]);
    assert_eq!(touched(&events), ["remedy_sought"]);
}

#[test]
fn a_change_that_changes_nothing_is_on_record_as_a_reading() {
    let mut mocks = with_case(|_| ());
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let same = ClaimChange {
        remedy_sought: Change::Set(None),
        ..ClaimChange::default()
    };
    let staff = call(Role::Staff);
    let after = hall.application.grievances.update(&staff, CASE, same);
    assert_eq!(after.unwrap().version.get(), 1);
    assert_eq!(told(&events), [("read", "grievance")]);
    assert!(hall.committed());
}

#[test]
fn a_rehearsed_change_keeps_nothing() {
    let mut mocks = with_case(|_| ());
    audited(&mut mocks);
    mocks.grievances.expect_update().returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let call = rehearsed(call(Role::Staff));
    hall.application
        .grievances
        .update(&call, CASE, remedy())
        .unwrap();
    assert!(hall.rolled_back());
}

#[test]
fn an_incident_stays_before_its_filing() {
    let hall = Hall::over(with_case(|_| ()));
    let later = ClaimChange {
        incident_date: Change::Set(Some(date(2026, 11, 10))),
        ..ClaimChange::default()
    };
    let staff = call(Role::Staff);
    let result = hall.application.grievances.update(&staff, CASE, later);
    assert_eq!(
        wrong_fields(result),
        [("incident_date".to_owned(), "after_filing")]
    );
    assert!(hall.rolled_back());
}

#[test]
fn a_new_representative_is_checked_and_the_present_one_is_not_checked_again() {
    let mut mocks = with_case(|_| ());
    mocks
        .identity
        .expect_find_colleague()
        .times(1)
        .returning(|_| Ok(Some(colleague(&[for_good(Role::Organizer)]))));
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let result = hall
        .application
        .grievances
        .update(&staff, CASE, carried_by_the_steward());
    assert_eq!(
        wrong_fields(result),
        [(
            "assigned_representative_id".to_owned(),
            "not_a_representative"
        )]
    );

    // The steward may have left since; the case can still be worked on.
    let mut mocks = with_case(|case| case.claim.assigned_representative = Some(STEWARD));
    audited(&mut mocks);
    mocks.grievances.expect_update().returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    hall.application
        .grievances
        .update(&staff, CASE, remedy())
        .unwrap();
}

#[test]
fn whoever_saw_another_version_changes_deletes_and_restores_nothing() {
    let mut mocks = with_case(|_| ());
    mocks
        .grievances
        .expect_find_deleted()
        .returning(|_| Ok(Some(deleted())));
    let hall = Hall::over(mocks);
    let stale = if_match(call(Role::Officer), 3);
    let grievances = &hall.application.grievances;
    let codes = [
        code(grievances.update(&stale, CASE, remedy())),
        code(grievances.delete(&stale, CASE)),
        code(grievances.restore(&stale, CASE)),
    ];
    assert_eq!(codes, [Code::Stale; 3]);
}

#[test]
fn a_change_that_somebody_else_overtook_is_told_so() {
    let mut mocks = with_case(|_| ());
    mocks
        .grievances
        .expect_update()
        .returning(|_| Err(StorageError::Stale));
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let result = hall.application.grievances.update(&staff, CASE, remedy());
    assert_eq!(code(result), Code::ChangedMeanwhile);
    assert!(hall.rolled_back());
}

#[test]
fn a_grievance_is_deleted_softly() {
    let mut mocks = with_case(|_| ());
    let events = audited(&mut mocks);
    mocks
        .grievances
        .expect_update()
        .times(1)
        .withf(|case| case.deleted_at == Some(now()) && case.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let officer = call(Role::Officer);
    let grievances = &hall.application.grievances;
    grievances.delete(&officer, CASE).unwrap();
    assert!(hall.committed());
    assert_eq!(told(&events), [("deleted", "grievance")]);
    assert_eq!(code(grievances.delete(&officer, id(9))), Code::NotFound);
}

#[test]
fn a_deleted_grievance_is_brought_back_only_to_parties_that_are_still_there() {
    for member_is_there in [true, false] {
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        mocks
            .grievances
            .expect_find_deleted()
            .returning(|_| Ok(Some(deleted())));
        mocks
            .members
            .expect_hold()
            .returning(move |_| Ok(member_is_there.then(member)));
        mocks
            .organizations
            .expect_hold()
            .returning(|_| Ok(Some(organization())));
        mocks.grievances.expect_update().returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let officer = call(Role::Officer);
        let result = hall.application.grievances.restore(&officer, CASE);
        if member_is_there {
            assert_eq!(result.unwrap().deleted_at, None);
            assert!(hall.committed());
            assert_eq!(told(&events), [("restored", "grievance")]);
        } else {
            assert_eq!(
                wrong_fields(result),
                [("member_id".to_owned(), "unknown_member")]
            );
            assert!(hall.rolled_back());
        }
    }
}
