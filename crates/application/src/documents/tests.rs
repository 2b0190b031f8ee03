//! Tests of the use cases of documents.

use std::sync::Arc;

use mockall::Sequence;
use unionhall_domain::{
    documents::{Category, DocumentDetails, RecordRef, RecordType},
    roles::Role,
    tenants::{Plan, Tenant},
};
use unionhall_ports::{
    blobs::{BlobError, MockBlobStore, PartsId, StoredPart},
    mock::MockRepositories,
    storage::StorageError,
    tenants::{Room, TenantStatistics},
    unit_of_work::{Decision, Mode, Scope},
};

use super::{
    DocumentError, DocumentPolicy, Documents, LEAST_PART, NewDocument,
    access::{self, Doing},
};
use crate::{
    actor::Actor,
    error::Code,
    fixtures::{CASE, HALL, Hall, audited, call, code, grievance, now, rehearsed, tenant, told},
};

/// What is taken at most in these tests: two parts.
const LARGEST: u64 = 2 * 5 * 1024 * 1024;

fn new() -> NewDocument {
    NewDocument {
        record: RecordRef::Grievance(CASE),
        category: "evidence".to_owned(),
        details: DocumentDetails::default(),
    }
}

/// Mocks that have the case.
fn with_case() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(grievance())));
    mocks
}

fn documents(mocks: MockRepositories, blobs: MockBlobStore) -> (Hall, Documents) {
    let hall = Hall::over(mocks);
    let policy = DocumentPolicy {
        largest: LARGEST,
        scanned: false,
    };
    let documents = Documents::new(Arc::clone(&hall.core), Arc::new(blobs), policy);
    (hall, documents)
}

#[test]
fn a_file_is_announced_then_stored_then_referred_to() {
    let mut mocks = with_case();
    let events = audited(&mut mocks);
    let mut order = Sequence::new();
    let release = mocks.pictures.expect_release().times(1);
    let release = release.in_sequence(&mut order);
    release
        .withf(|_, due| *due > now())
        .returning(|_, _| Ok(()));
    let mut blobs = MockBlobStore::new();
    let put = blobs.expect_put().times(1).in_sequence(&mut order);
    put.withf(|_, bytes, kind| bytes == b"It was so." && kind == "text/plain")
        .returning(|_, _, _| Ok(()));
    let same = mocks.documents.expect_same_content();
    same.returning(|_, _, _| Ok(Vec::new()));
    let room = mocks.tenants.expect_reserve_storage();
    room.withf(|tenant, bytes, freed| (*tenant, *bytes, *freed) == (HALL, 10, 0))
        .returning(|_, _, _| Ok(Room::Reserved));
    let insert = mocks.documents.expect_insert().times(1);
    insert.in_sequence(&mut order).returning(|_| Ok(()));
    let keep = mocks.pictures.expect_keep().times(1);
    keep.in_sequence(&mut order).returning(|_| Ok(()));
    let (hall, documents) = documents(mocks, blobs);
    let staff = call(Role::Staff);
    let intake = documents.begin(&staff, &new(), ("note.txt", ""), false);
    let received = intake.unwrap().finish(b"It was so.".to_vec()).unwrap();
    let kept = documents.create(&staff, new(), received).unwrap();
    assert_eq!(kept.document.category, Category::Evidence);
    assert_eq!(kept.document.file.bytes, 10);
    assert_eq!(told(&events), [("created", "document")]);
    let write = (Scope::Tenant(HALL), Mode::Write, Decision::Commit);
    assert_eq!(hall.runs().last(), Some(&write));
}

#[test]
fn a_rehearsed_file_is_looked_at_and_neither_announced_nor_stored() {
    let (_, documents) = documents(with_case(), MockBlobStore::new());
    let staff = rehearsed(call(Role::Staff));
    let begin = || documents.begin(&staff, &new(), ("note.txt", ""), true);
    let begun = begin().unwrap().part(vec![b'a'; LEAST_PART]).unwrap();
    assert!(begun.finish(b"the end".to_vec()).is_ok());
    let wrong = begin().unwrap().finish(b"MZ\0".to_vec());
    assert_eq!(code(wrong), Code::InvalidFields);
}

#[test]
fn a_large_file_goes_to_the_store_in_parts_that_are_noted_first_and_forgotten_when_it_fails() {
    let mut mocks = with_case();
    mocks.pictures.expect_release().returning(|_, _| Ok(()));
    let noted = mocks.pictures.expect_begun().times(1);
    noted.returning(|_, _| Ok(()));
    let mut blobs = MockBlobStore::new();
    let begin = blobs.expect_begin_parts().times(1);
    begin.returning(|_, _| Ok(PartsId::new("upload")));
    let put = blobs.expect_put_part().times(2);
    put.returning(|_, _, number, _| {
        let tag = "tag".to_owned();
        Ok(StoredPart { number, tag })
    });
    let abort = blobs.expect_abort_parts().times(1);
    abort.returning(|_, _| Ok(()));
    let (_, documents) = documents(mocks, blobs);
    let intake = documents.begin(&call(Role::Staff), &new(), ("note.txt", ""), false);
    let part = || vec![b'a'; LEAST_PART];
    let intake = intake.unwrap().part(part()).unwrap().part(part()).unwrap();
    let large = intake.part(part());
    let large = large.err().unwrap();
    assert!(matches!(large, DocumentError::TooLarge { limit: LARGEST }));
}

#[test]
fn a_store_that_is_down_is_told_as_such_and_one_that_fails_is_our_fault() {
    for (error, expected) in [
        (BlobError::Unavailable("down".into()), Code::Unavailable),
        (BlobError::Failed("odd".into()), Code::Internal),
    ] {
        let mut mocks = with_case();
        mocks.pictures.expect_release().returning(|_, _| Ok(()));
        let mut blobs = MockBlobStore::new();
        blobs.expect_put().return_once(|_, _, _| Err(error));
        let (_, documents) = documents(mocks, blobs);
        let intake = documents.begin(&call(Role::Staff), &new(), ("note.txt", ""), false);
        assert_eq!(code(intake.unwrap().finish(b"a".to_vec())), expected);
    }
}

#[test]
fn what_cannot_be_announced_is_not_stored() {
    let mut mocks = with_case();
    let release = mocks.pictures.expect_release();
    release.returning(|_, _| Err(StorageError::Unavailable("down".into())));
    let (_, documents) = documents(mocks, MockBlobStore::new());
    let intake = documents.begin(&call(Role::Staff), &new(), ("note.txt", ""), false);
    assert_eq!(code(intake), Code::Unavailable);
}

#[test]
fn nothing_is_announced_or_stored_where_storage_is_full() {
    let mut mocks = with_case();
    let counted = mocks.tenants.expect_statistics();
    counted.returning(|_| {
        Ok(TenantStatistics {
            used_storage_bytes: 10,
            ..TenantStatistics::default()
        })
    });
    let (_, documents) = documents(mocks, MockBlobStore::new());
    let plan = Plan {
        max_storage_bytes: Some(10),
        ..Plan::ACTIVE
    };
    let mut owner = call(Role::Owner);
    owner.actor = Actor::operator(Tenant { plan, ..tenant() });
    let intake = documents.begin(&owner, &new(), ("note.txt", ""), false);
    assert_eq!(code(intake), Code::LimitReached);
}

#[test]
fn who_may_not_work_on_a_case_adds_nothing_to_it_and_nobody_adds_to_none() {
    for role in [
        Role::Organizer,
        Role::Instructor,
        Role::Member,
        Role::Contact,
    ] {
        let (hall, documents) = documents(MockRepositories::default(), MockBlobStore::new());
        let intake = documents.begin(&call(role), &new(), ("note.txt", ""), false);
        assert_eq!(code(intake), Code::Forbidden, "{role:?}");
        assert!(hall.runs().is_empty());
    }
    let mut mocks = MockRepositories::default();
    mocks.grievances.expect_find().returning(|_| Ok(None));
    let (_, documents) = documents(mocks, MockBlobStore::new());
    let intake = documents.begin(&call(Role::Staff), &new(), ("note.txt", ""), false);
    assert_eq!(code(intake), Code::NotFound);
}

#[test]
fn a_category_that_one_may_not_know_is_one_that_is_not() {
    let known = |role, own| {
        let actor = call(role).actor;
        access::categories(&actor, RecordType::Member, own, Doing::Read)
    };
    assert!(known(Role::Officer, false).contains(&Category::Salting));
    assert!(known(Role::Organizer, false).contains(&Category::Salting));
    for (role, own) in [(Role::Staff, false), (Role::Member, true)] {
        assert!(!known(role, own).contains(&Category::Salting), "{role:?}");
        assert!(known(role, own).contains(&Category::Grievances), "{role:?}");
    }
    assert!(!known(Role::Organizer, false).contains(&Category::Grievances));
    assert!(!known(Role::Organizer, false).contains(&Category::Benevolence));
}

#[test]
fn an_applicant_hands_papers_in_and_takes_none_back() {
    let actor = call(Role::Member).actor;
    let kind = RecordType::BenevolenceApplication;
    for (doing, may) in [
        (Doing::Read, true),
        (Doing::Add, true),
        (Doing::Change, false),
    ] {
        let reach = access::reach(&actor, kind, doing);
        assert_eq!(reach.is_ok(), may, "{doing:?}");
    }
    for kind in [RecordType::Member, RecordType::Grievance] {
        assert!(access::reach(&actor, kind, Doing::Add).is_err(), "{kind:?}");
    }
}
