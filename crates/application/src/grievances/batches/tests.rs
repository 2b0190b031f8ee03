//! Many grievances at once, decided on with mocks.

use std::sync::{Arc, Mutex};

use unionhall_domain::{batches::Meant, roles::Role};
use unionhall_ports::mock::MockRepositories;

use super::*;
use crate::{
    error::Code,
    fixtures::{CASE, Hall, STEWARD, audited, call, code, colleague, for_good, grievance, told},
};

fn batch() -> Batch<Grievance> {
    let meant = Meant {
        id: CASE,
        version: None,
    };
    Batch::parse(vec![meant]).unwrap()
}

/// Mocks that know the grievance and a steward with this role, and show what was written.
fn mocks(role: Role) -> (MockRepositories, Arc<Mutex<Vec<Grievance>>>) {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_colleague()
        .returning(move |_| Ok(Some(colleague(&[for_good(role)]))));
    mocks
        .grievances
        .expect_lock_by_ids()
        .returning(|_| Ok(vec![grievance()]));
    let written = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&written);
    mocks
        .grievances
        .expect_assign()
        .returning(move |grievances| {
            taken.lock().unwrap().extend_from_slice(grievances);
            Ok(())
        });
    (mocks, written)
}

#[test]
fn cases_go_to_a_representative_who_may_work_on_them() {
    let (mut mocks, written) = mocks(Role::Staff);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let answers = grievances.assign_many(&call(Role::Staff), Some(STEWARD), &batch());
    let after = answers.unwrap().remove(0).outcome.unwrap();
    assert_eq!(after.version.get(), 2);
    let written = written.lock().unwrap();
    assert_eq!(written[0].claim.assigned_representative, Some(STEWARD));
    assert_eq!(told(&events), [("updated", "grievance")]);
}

#[test]
fn a_representative_who_is_none_refuses_all_of_it() {
    let (mocks, written) = mocks(Role::Contact);
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let refused = grievances.assign_many(&call(Role::Staff), Some(STEWARD), &batch());
    assert_eq!(code(refused), Code::InvalidFields);
    assert!(written.lock().unwrap().is_empty());
}

#[test]
fn a_case_that_is_nobodys_already_is_left_as_it_is() {
    let (mocks, written) = mocks(Role::Staff);
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let answers = grievances.assign_many(&call(Role::Staff), None, &batch());
    assert_eq!(answers.unwrap().remove(0).outcome.unwrap().version.get(), 1);
    assert!(written.lock().unwrap().is_empty());
}

#[test]
fn a_batch_asks_for_the_permission_to_work_on_grievances() {
    let hall = Hall::untouchable();
    let refused = hall
        .application
        .grievances
        .assign_many(&call(Role::Organizer), None, &batch());
    assert_eq!(code(refused), Code::Forbidden);
}
