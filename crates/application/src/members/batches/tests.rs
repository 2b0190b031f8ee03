//! Many members at once, decided on with mocks.

use std::sync::{Arc, Mutex};

use unionhall_domain::{batches::Meant, ids::Id, roles::Role, version::Version};
use unionhall_ports::mock::MockRepositories;
use uuid::Uuid;

use super::*;
use crate::{
    error::{Code, Coded},
    fixtures::{ADA, GRACE, Hall, audited, call, code, member, rehearsed, told},
};

fn meant(id: Id<Member>, version: Option<i64>) -> Meant<Member> {
    Meant {
        id,
        version: version.and_then(Version::new),
    }
}

fn batch(records: Vec<Meant<Member>>) -> Batch<Member> {
    Batch::parse(records).unwrap()
}

/// Mocks that know Ada and Grace, who is retired, and show who was written.
fn mocks() -> (MockRepositories, Arc<Mutex<Vec<Member>>>) {
    let mut mocks = MockRepositories::default();
    let mut grace = member();
    grace.id = GRACE;
    grace.details.status = MemberStatus::Retired;
    mocks
        .members
        .expect_lock_by_ids()
        .returning(move |_| Ok(vec![grace.clone(), member()]));
    let written = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&written);
    mocks
        .members
        .expect_update_many()
        .returning(move |members| {
            taken.lock().unwrap().extend_from_slice(members);
            Ok(())
        });
    (mocks, written)
}

#[test]
fn each_is_answered_in_the_order_of_the_request_and_only_who_changes_is_written_and_on_record() {
    let (mut mocks, written) = mocks();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let unknown = Id::new(Uuid::from_u128(9));
    let batch = batch(vec![
        meant(unknown, None),
        meant(GRACE, None),
        meant(ADA, Some(1)),
    ]);
    let staff = call(Role::Staff);
    let members = &hall.application.members;
    let answers = members.set_status_of_many(&staff, MemberStatus::Retired, &batch);
    let answers = answers.unwrap();
    let ids: Vec<_> = answers.iter().map(|answer| answer.id).collect();
    assert_eq!(ids, [unknown, GRACE, ADA]);
    let outcomes: Vec<_> = answers
        .iter()
        .map(|answer| answer.outcome.as_ref().map_err(Coded::code))
        .map(|outcome| outcome.map(|member| member.version.get()))
        .collect();
    assert_eq!(outcomes, [Err(Code::NotFound), Ok(1), Ok(2)]);
    let written = written.lock().unwrap();
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].details.status, MemberStatus::Retired);
    assert_eq!(told(&events), [("updated", "member")]);
}

#[test]
fn who_has_another_version_by_now_is_left_as_they_are_and_the_others_are_not() {
    let (mut mocks, written) = mocks();
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let batch = batch(vec![meant(ADA, Some(7)), meant(GRACE, Some(1))]);
    let staff = call(Role::Staff);
    let members = &hall.application.members;
    let answers = members.set_status_of_many(&staff, MemberStatus::Active, &batch);
    let codes: Vec<_> = answers
        .unwrap()
        .iter()
        .map(|answer| answer.outcome.as_ref().err().map(Coded::code))
        .collect();
    assert_eq!(codes, [Some(Code::Stale), None]);
    assert_eq!(written.lock().unwrap()[0].id, GRACE);
}

#[test]
fn a_batch_that_changes_nobody_leaves_no_trace() {
    let (mocks, written) = mocks();
    let hall = Hall::over(mocks);
    let batch = batch(vec![meant(ADA, None)]);
    let staff = rehearsed(call(Role::Staff));
    let members = &hall.application.members;
    let answers = members.set_status_of_many(&staff, MemberStatus::Active, &batch);
    assert!(answers.unwrap()[0].outcome.is_ok());
    assert!(written.lock().unwrap().is_empty());
}

#[test]
fn a_batch_asks_for_the_permission_to_change_members() {
    let hall = Hall::untouchable();
    let batch = batch(vec![meant(ADA, None)]);
    let organizer = call(Role::Organizer);
    let members = &hall.application.members;
    let refused = members.set_status_of_many(&organizer, MemberStatus::Active, &batch);
    assert_eq!(code(refused), Code::Forbidden);
}
