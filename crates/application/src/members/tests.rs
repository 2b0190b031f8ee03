//! Tests of the use cases of members.

use mockall::Sequence;
use unionhall_domain::{
    change::Change,
    grievances::GrievanceNumber,
    members::{Member, MemberChange, MemberDetails, MemberNumber, MemberStatus},
    roles::Role,
    text::Line,
};
use unionhall_ports::{
    members::MemberFilter, mock::MockRepositories, pages::Page, storage::StorageError,
};

use super::MemberError;
use crate::{
    error::Code,
    fixtures::{
        ADA, GRACE, Hall, audited, call, call_of_member, code, details, if_match, member, now,
        page, rehearsed, told, touched, wrong_fields,
    },
};

fn to(city: &str) -> MemberChange {
    MemberChange {
        city: Change::Set(Some(Line::parse(city).unwrap())),
        ..MemberChange::default()
    }
}

/// Mocks that know Ada.
fn with_ada() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_find()
        .returning(|id| Ok((id == ADA).then(member)));
    mocks
}

fn deleted() -> Member {
    Member {
        deleted_at: Some(now()),
        ..member()
    }
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let members = &hall.application.members;
    let number = MemberNumber::parse("A1204").unwrap();
    // Moderators have no business with members at all; organizers read them and no more.
    let none = call(Role::Moderator);
    let reader = call(Role::Organizer);
    let codes = [
        code(members.create(&reader, details())),
        code(members.find(&none, ADA)),
        code(members.find_by_number(&none, &number)),
        code(members.list(&none, MemberFilter::default(), &page())),
        code(members.update(&reader, ADA, to("Kent"))),
        code(members.delete(&reader, ADA)),
        code(members.restore(&reader, ADA)),
        // Staff write members, and do not delete them.
        code(members.delete(&call(Role::Staff), ADA)),
    ];
    assert_eq!(codes, [Code::Forbidden; 8]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_new_member_is_kept_with_every_filled_field_on_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .members
        .expect_insert()
        .times(1)
        .withf(|member| member.version.get() == 1 && member.created_at == now())
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let created = hall
        .application
        .members
        .create(&call(Role::Staff), details())
        .unwrap();
    assert_eq!(created.details, details());
    assert!(hall.committed());
    assert_eq!(told(&events), [("created", "member")]);
    assert_eq!(events.lock().unwrap()[0].target_id, Some(created.id.uuid()));
    let filled = [
        "member_number",
        "first_name",
        "last_name",
        "city",
        "hire_date",
        "status",
        "classification",
    ];
    assert_eq!(touched(&events), filled);
}

#[test]
fn the_future_begins_at_midnight_of_the_hall() {
    let hall = Hall::over(MockRepositories::default());
    let tomorrow = MemberDetails {
        hire_date: Some(jiff::civil::date(2026, 11, 22)),
        ..details()
    };
    let result = hall
        .application
        .members
        .create(&call(Role::Staff), tomorrow);
    assert_eq!(
        wrong_fields(result),
        [("hire_date".to_owned(), "in_the_future")]
    );
    assert!(hall.rolled_back());
}

#[test]
fn a_number_that_is_taken_is_a_duplicate_and_another_constraint_is_a_bug() {
    for (name, expected) in [
        ("members_number_key", Code::Duplicate),
        ("members_hire_date_check", Code::Internal),
    ] {
        let mut mocks = MockRepositories::default();
        mocks.members.expect_insert().returning(move |_| {
            Err(StorageError::Constraint {
                name: name.to_owned(),
            })
        });
        let hall = Hall::over(mocks);
        let result = hall
            .application
            .members
            .create(&call(Role::Staff), details());
        assert_eq!(code(result), expected);
        assert!(hall.rolled_back());
    }
}

#[test]
fn a_rehearsed_change_answers_as_the_real_one_and_keeps_nothing() {
    let mut mocks = with_ada();
    let events = audited(&mut mocks);
    mocks.members.expect_update().times(1).returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let call = rehearsed(call(Role::Staff));
    let after = hall
        .application
        .members
        .update(&call, ADA, to("Auburn"))
        .unwrap();
    assert_eq!(after.version.get(), 2);
    assert_eq!(told(&events), [("updated", "member"), ("read", "member")]);
    assert!(hall.rolled_back());
}

#[test]
fn reading_a_member_is_on_record() {
    let hall = Hall::over(with_ada());
    let found = hall
        .application
        .members
        .find(&call(Role::Organizer), ADA)
        .unwrap();
    assert_eq!(found.value, member());
    assert_eq!(told(&hall.reads), [("read", "member")]);
}

#[test]
fn a_member_that_is_not_there_is_not_found_and_leaves_no_record_of_a_reading() {
    let hall = Hall::over(with_ada());
    let result = hall.application.members.find(&call(Role::Staff), GRACE);
    assert_eq!(code(result), Code::NotFound);
    assert_eq!(told(&hall.reads), []);
}

#[test]
fn a_member_reads_their_own_record_and_finds_no_other() {
    let hall = Hall::over(with_ada());
    let own = call_of_member(Some(ADA));
    let other = call_of_member(Some(GRACE));
    let nobody = call_of_member(None);
    let members = &hall.application.members;
    assert!(members.find(&own, ADA).is_ok());
    assert_eq!(code(members.find(&own, GRACE)), Code::NotFound);
    assert_eq!(code(members.find(&other, ADA)), Code::NotFound);
    assert_eq!(code(members.find(&nobody, ADA)), Code::NotFound);
}

#[test]
fn a_member_finds_by_number_only_their_own_record() {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_find_by_number()
        .returning(|_| Ok(Some(member())));
    let hall = Hall::over(mocks);
    let number = MemberNumber::parse("A1204").unwrap();
    let members = &hall.application.members;
    let own = call_of_member(Some(ADA));
    let other = call_of_member(Some(GRACE));
    assert!(members.find_by_number(&own, &number).is_ok());
    assert!(members.find_by_number(&call(Role::Staff), &number).is_ok());
    assert_eq!(
        code(members.find_by_number(&other, &number)),
        Code::NotFound
    );
    assert_eq!(told(&hall.reads).len(), 2);
}

#[test]
fn a_members_list_holds_at_most_their_own_record() {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_list()
        .times(1)
        .withf(|filter, _| filter.only == Some(ADA))
        .returning(|_, _| {
            Ok(Page {
                items: vec![member()],
                next: None,
                total: None,
            })
        });
    let hall = Hall::over(mocks);
    let list = |call| {
        let filter = MemberFilter::default();
        hall.application.members.list(&call, filter, &page())
    };
    assert_eq!(
        list(call_of_member(Some(ADA))).unwrap().value.items.len(),
        1
    );
    let none = list(call_of_member(None)).unwrap().value;
    assert_eq!((none.items.len(), none.total), (0, Some(0)));
    assert_eq!(told(&hall.reads), [("listed", "member"); 2]);
}

#[test]
fn a_list_is_on_record_with_its_filters_and_its_length() {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_list()
        .withf(|filter, _| filter.only.is_none())
        .returning(|_, _| {
            Ok(Page {
                items: vec![member()],
                next: None,
                total: None,
            })
        });
    let hall = Hall::over(mocks);
    let filter = MemberFilter {
        status: Some(MemberStatus::Active),
        classification: Some(details().classification),
        search: Some("voltz".to_owned()),
        only: None,
    };
    hall.application
        .members
        .list(&call(Role::Staff), filter, &page())
        .unwrap();
    let expected = [
        ("count", "1"),
        ("status", "active"),
        ("classification", "journeyman"),
        ("q", "voltz"),
    ];
    let expected = expected.map(|(name, value)| (name, value.to_owned()));
    assert_eq!(hall.reads.lock().unwrap()[0].details, expected);
}

#[test]
fn a_list_that_cannot_be_put_on_record_is_not_told() {
    let mut mocks = MockRepositories::default();
    mocks.members.expect_list().returning(|_, _| {
        Ok(Page {
            items: vec![member()],
            next: None,
            total: None,
        })
    });
    let hall = Hall::without_log(mocks);
    let filter = MemberFilter::default();
    let result = hall
        .application
        .members
        .list(&call(Role::Staff), filter, &page());
    assert_eq!(code(result), Code::Unavailable);
}

#[test]
fn a_change_raises_the_version_and_records_what_differs() {
    let mut mocks = with_ada();
    let events = audited(&mut mocks);
    mocks
        .members
        .expect_update()
        .times(1)
        .withf(|member| member.version.get() == 2 && member.updated_at == now())
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    hall.application
        .members
        .update(&if_match(call(Role::Staff), 1), ADA, to("Auburn"))
        .unwrap();
    assert!(hall.committed());
    assert_eq!(touched(&events), ["city"]);
    let events = events.lock().unwrap();
    assert_eq!(events[0].changes[0].before.as_deref(), Some("Kent"));
    assert_eq!(events[0].changes[0].after.as_deref(), Some("Auburn"));
}

#[test]
fn a_change_that_changes_nothing_is_on_record_as_a_reading() {
    let mut mocks = with_ada();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let same = hall
        .application
        .members
        .update(&call(Role::Staff), ADA, to("Kent"))
        .unwrap();
    assert_eq!(same.version.get(), 1);
    assert_eq!(told(&events), [("read", "member")]);
    assert!(hall.committed());
}

#[test]
fn whoever_saw_another_version_changes_deletes_and_restores_nothing() {
    let mut mocks = with_ada();
    mocks
        .members
        .expect_find_deleted()
        .returning(|_| Ok(Some(deleted())));
    let hall = Hall::over(mocks);
    let stale = if_match(call(Role::Officer), 7);
    let members = &hall.application.members;
    let codes = [
        code(members.update(&stale, ADA, to("Auburn"))),
        code(members.delete(&stale, ADA)),
        code(members.restore(&stale, ADA)),
    ];
    assert_eq!(codes, [Code::Stale; 3]);
}

#[test]
fn a_change_that_somebody_else_overtook_is_told_so() {
    let mut mocks = with_ada();
    mocks
        .members
        .expect_update()
        .returning(|_| Err(StorageError::Stale));
    let hall = Hall::over(mocks);
    let result = hall
        .application
        .members
        .update(&call(Role::Staff), ADA, to("Auburn"));
    assert_eq!(code(result), Code::ChangedMeanwhile);
    assert!(hall.rolled_back());
}

#[test]
fn a_member_is_deleted_softly_and_its_grievances_are_asked_for_after_the_write() {
    let mut mocks = with_ada();
    let events = audited(&mut mocks);
    let mut order = Sequence::new();
    mocks
        .members
        .expect_update()
        .times(1)
        .in_sequence(&mut order)
        .withf(|member| member.deleted_at == Some(now()) && member.version.get() == 2)
        .returning(|_| Ok(()));
    mocks
        .students
        .expect_find_of_member()
        .returning(|_| Ok(None));
    mocks
        .grievances
        .expect_numbers_of_member()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Vec::new()));
    mocks
        .employments
        .expect_names_of_member()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Vec::new()));
    mocks
        .benevolence
        .expect_is_open_of()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(false));
    let hall = Hall::over(mocks);
    hall.application
        .members
        .delete(&call(Role::Officer), ADA)
        .unwrap();
    assert!(hall.committed());
    assert_eq!(told(&events), [("deleted", "member")]);
}

#[test]
fn a_member_who_asked_for_help_is_not_deleted_and_the_answer_does_not_say_why() {
    let mut mocks = with_ada();
    mocks.members.expect_update().returning(|_| Ok(()));
    mocks
        .students
        .expect_find_of_member()
        .returning(|_| Ok(None));
    mocks
        .grievances
        .expect_numbers_of_member()
        .returning(|_| Ok(Vec::new()));
    mocks
        .employments
        .expect_names_of_member()
        .returning(|_| Ok(Vec::new()));
    mocks
        .benevolence
        .expect_is_open_of()
        .withf(|id| *id == ADA)
        .returning(|_| Ok(true));
    let hall = Hall::over(mocks);
    let result = hall.application.members.delete(&call(Role::Officer), ADA);
    let error = result.unwrap_err();
    assert!(matches!(error, MemberError::InConfidence));
    assert!(!error.to_string().contains("BF-"));
    assert!(hall.rolled_back());
}

#[test]
fn a_member_with_grievances_or_jobs_is_not_deleted_and_the_answer_names_them() {
    let mut mocks = with_ada();
    mocks.members.expect_update().returning(|_| Ok(()));
    mocks
        .students
        .expect_find_of_member()
        .returning(|_| Ok(None));
    mocks
        .grievances
        .expect_numbers_of_member()
        .returning(|_| Ok(vec![GrievanceNumber::new(2026, 3).unwrap()]));
    mocks
        .employments
        .expect_names_of_member()
        .returning(|_| Ok(vec!["Cascade Electric".to_owned()]));
    let hall = Hall::over(mocks);
    let result = hall.application.members.delete(&call(Role::Officer), ADA);
    let error = result.unwrap_err();
    assert!(matches!(error, MemberError::InUse(_)));
    assert_eq!(
        error.to_string(),
        "this member still has grievances (GR-2026-0003); employments (Cascade Electric)"
    );
    assert!(hall.rolled_back());
}

#[test]
fn a_deleted_member_is_brought_back() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .members
        .expect_find_deleted()
        .returning(|id| Ok((id == ADA).then(deleted)));
    mocks
        .members
        .expect_update()
        .times(1)
        .withf(|member| member.deleted_at.is_none() && member.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let members = &hall.application.members;
    let officer = call(Role::Officer);
    assert_eq!(members.restore(&officer, ADA).unwrap().deleted_at, None);
    assert_eq!(told(&events), [("restored", "member")]);
    assert_eq!(code(members.restore(&officer, GRACE)), Code::NotFound);
}

#[test]
fn the_actions_offered_are_those_the_role_allows() {
    let hall = Hall::untouchable();
    let offered = |role| hall.application.members.allowed_actions(&call(role).actor);
    assert_eq!(
        offered(Role::Officer),
        ["update", "delete", "file_grievance"]
    );
    assert_eq!(offered(Role::Staff), ["update", "file_grievance"]);
    assert!(offered(Role::Organizer).is_empty());
    assert!(offered(Role::Member).is_empty());
}
