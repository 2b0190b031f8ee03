//! Tests of the use cases of instructors.

use std::sync::Arc;

use unionhall_domain::{
    change::Change,
    instructors::{
        Engagement, Instructor, InstructorChange, InstructorDetails, InstructorId,
        InstructorStatus, RateType, TaxId,
    },
    roles::Role,
    text::Line,
    users::{EmailAddress, UserId},
    version::Version,
};
use unionhall_ports::{
    instructors::{InstructorFilter, SealedTaxId},
    mock::MockRepositories,
    sealing::Sealed,
    storage::StorageError,
};

use super::{NewInstructor, UpdateInstructor};
use crate::{
    error::Code,
    fixtures::{
        Hall, STEWARD, Shared, audited, call, code, colleague, id, if_match, now, page, told,
        wrong_fields,
    },
};

const MARA: InstructorId = id(8_101);
const NOBODY: UserId = id(1_099);

fn tax_id() -> TaxId {
    TaxId::parse("12-3456789").unwrap()
}

fn details() -> InstructorDetails {
    InstructorDetails {
        first_name: Line::parse("Mara").unwrap(),
        last_name: Line::parse("Volt").unwrap(),
        email: EmailAddress::parse("mara@volt.example").unwrap(),
        phone: None,
        bio: None,
        certification: None,
        specialties: None,
        rate_type: RateType::Hourly,
        rate_amount: None,
        engagement: Engagement::Contractor,
        user: None,
        status: InstructorStatus::Active,
    }
}

fn instructor() -> Instructor {
    Instructor {
        id: MARA,
        details: details(),
        tax_id: Some(tax_id().ending()),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn new(user: Option<UserId>, tax_id: Option<TaxId>) -> NewInstructor {
    NewInstructor {
        details: InstructorDetails { user, ..details() },
        tax_id,
    }
}

/// Mocks of a school where Mara teaches and the steward works, and the tax ids that are kept.
fn with_mara() -> (MockRepositories, Shared<Option<SealedTaxId>>) {
    let mut mocks = MockRepositories::default();
    let known = |id| Ok((id == MARA).then(instructor));
    mocks.instructors.expect_find().returning(known);
    mocks.instructors.expect_find_deleted().returning(known);
    mocks.instructors.expect_update().returning(|_| Ok(()));
    mocks
        .identity
        .expect_find_colleague()
        .returning(|user| Ok((user == STEWARD).then(|| colleague(&[]))));
    mocks
        .cohorts
        .expect_codes_taught_by()
        .returning(|_| Ok(Vec::new()));
    mocks
        .class_sessions
        .expect_days_taught_by()
        .returning(|_, _| Ok(Vec::new()));
    let kept = Shared::default();
    let puts = Arc::clone(&kept);
    mocks
        .instructors
        .expect_put_tax_id()
        .returning(move |_, tax_id| {
            puts.lock().unwrap().push(tax_id);
            Ok(())
        });
    (mocks, kept)
}

/// The tax id as the tests' sealer seals it.
fn sealed() -> Sealed {
    Sealed {
        key: "new".to_owned(),
        bytes: tax_id().expose().bytes().map(|byte| !byte).collect(),
    }
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let instructors = &hall.application.instructors;
    let (teacher, staff) = (call(Role::Instructor), call(Role::Staff));
    let codes = [
        code(instructors.create(&teacher, new(None, None))),
        code(instructors.find(&teacher, MARA).map(drop)),
        code(
            instructors
                .list(&teacher, &InstructorFilter::default(), &page())
                .map(drop),
        ),
        code(instructors.update(&teacher, MARA, UpdateInstructor::default())),
        code(instructors.delete(&teacher, MARA)),
        code(instructors.restore(&teacher, MARA)),
        code(instructors.tax_id(&staff, MARA).map(drop)),
    ];
    assert_eq!(codes, [Code::Forbidden; 7]);
}

#[test]
fn a_tax_id_is_sealed_when_it_comes_and_the_trail_shows_its_end_alone() {
    let (mut mocks, kept) = with_mara();
    mocks.instructors.expect_insert().returning(|_| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let made = hall
        .application
        .instructors
        .create(&staff, new(Some(STEWARD), Some(tax_id())))
        .unwrap();
    assert_eq!(made.tax_id, Some(tax_id().ending()));
    let expected = SealedTaxId {
        ending: tax_id().ending(),
        sealed: sealed(),
    };
    assert_eq!(*kept.lock().unwrap(), [Some(expected)]);
    let trail = format!("{:?}", events.lock().unwrap());
    assert!(trail.contains("*****6789"));
    assert!(!trail.contains("3456789"), "{trail}");
}

#[test]
fn a_tax_id_is_changed_also_where_it_ends_alike_and_taken_away_by_null() {
    let (mut mocks, kept) = with_mara();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    for wanted in [Some(TaxId::parse("98-7656789").unwrap()), None] {
        let wanted = UpdateInstructor {
            tax_id: Change::Set(wanted),
            ..UpdateInstructor::default()
        };
        let changed = hall.application.instructors.update(&staff, MARA, wanted);
        assert_eq!(changed.unwrap().version, Version::FIRST.next());
    }
    let kept: Vec<_> = kept.lock().unwrap().iter().map(Option::is_some).collect();
    assert_eq!(kept, [true, false]);
    assert_eq!(
        told(&events),
        [("updated", "instructor"), ("updated", "instructor")]
    );
}

#[test]
fn a_change_that_changes_nothing_is_on_record_as_a_read_because_the_answer_tells_the_record() {
    let (mut mocks, kept) = with_mara();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let wanted = UpdateInstructor {
        details: InstructorChange {
            phone: Change::Set(None),
            ..InstructorChange::default()
        },
        ..UpdateInstructor::default()
    };
    let staff = call(Role::Staff);
    let answer = hall.application.instructors.update(&staff, MARA, wanted);
    assert_eq!(answer.unwrap(), instructor());
    assert!(kept.lock().unwrap().is_empty());
    assert_eq!(told(&events), [("read", "instructor")]);
}

#[test]
fn a_whole_tax_id_is_shown_to_officers_and_each_look_is_on_record() {
    let (mut mocks, _) = with_mara();
    mocks
        .instructors
        .expect_tax_id()
        .returning(|_| Ok(Some(sealed())));
    let hall = Hall::over(mocks);
    let officer = call(Role::Officer);
    let shown = hall.application.instructors.tax_id(&officer, MARA).unwrap();
    assert_eq!(shown.value, tax_id());
    assert_eq!(told(&hall.reads), [("unmasked", "instructor")]);
    let actions = |role| {
        let actor = call(role).actor;
        let instructors = &hall.application.instructors;
        instructors.allowed_actions(&actor, &instructor())
    };
    assert_eq!(
        actions(Role::Officer),
        ["update", "delete", "unmask_tax_id"]
    );
    assert_eq!(actions(Role::Staff), ["update", "delete"]);
}

#[test]
fn nothing_is_shown_where_there_is_none_or_the_trail_is_down_or_the_seal_is_broken() {
    let officer = call(Role::Officer);
    let looked = |sealed: Option<Sealed>, is_down: bool| {
        let (mut mocks, _) = with_mara();
        mocks
            .instructors
            .expect_tax_id()
            .returning(move |_| Ok(sealed.clone()));
        let hall = if is_down {
            Hall::without_log(mocks)
        } else {
            Hall::over(mocks)
        };
        code(
            hall.application
                .instructors
                .tax_id(&officer, MARA)
                .map(drop),
        )
    };
    assert_eq!(looked(None, false), Code::NotFound);
    assert_eq!(looked(Some(sealed()), true), Code::Unavailable);
    let broken = Sealed {
        key: "new".to_owned(),
        bytes: vec![0; 3],
    };
    assert_eq!(looked(Some(broken), false), Code::Internal);
}

#[test]
fn an_instructor_is_a_user_of_this_tenant_or_none() {
    let (mut mocks, _) = with_mara();
    mocks.instructors.expect_insert().returning(|_| Ok(()));
    let _events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let instructors = &hall.application.instructors;
    assert_eq!(
        wrong_fields(instructors.create(&staff, new(Some(NOBODY), None))),
        [("user_id".to_owned(), "unknown_user")]
    );
    assert!(instructors.create(&staff, new(Some(STEWARD), None)).is_ok());
}

#[test]
fn what_another_one_has_and_what_is_stale_is_refused() {
    for (constraint, expected) in [
        ("instructors_email_key", Code::Duplicate),
        ("instructors_user_key", Code::Duplicate),
    ] {
        let (mut mocks, _) = with_mara();
        mocks.instructors.expect_insert().returning(move |_| {
            Err(StorageError::Constraint {
                name: constraint.to_owned(),
            })
        });
        let hall = Hall::over(mocks);
        let staff = call(Role::Staff);
        let answer = hall.application.instructors.create(&staff, new(None, None));
        assert_eq!(code(answer), expected);
    }
    let (mocks, _) = with_mara();
    let hall = Hall::over(mocks);
    let stale = if_match(call(Role::Staff), 7);
    let instructors = &hall.application.instructors;
    assert_eq!(code(instructors.delete(&stale, MARA)), Code::Stale);
    assert_eq!(code(instructors.restore(&stale, MARA)), Code::Stale);
}

#[test]
fn instructors_are_deleted_and_restored_on_record() {
    let (mut mocks, _) = with_mara();
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    hall.application.instructors.delete(&staff, MARA).unwrap();
    hall.application.instructors.restore(&staff, MARA).unwrap();
    assert_eq!(
        told(&events),
        [("deleted", "instructor"), ("restored", "instructor")]
    );
}

#[test]
fn an_instructor_who_teaches_a_cohort_is_not_deleted() {
    let mut mocks = MockRepositories::default();
    mocks
        .instructors
        .expect_find()
        .returning(|_| Ok(Some(instructor())));
    mocks.instructors.expect_update().returning(|_| Ok(()));
    mocks
        .cohorts
        .expect_codes_taught_by()
        .returning(|_| Ok(vec!["S27".to_owned()]));
    let hall = Hall::over(mocks);
    let kept = hall
        .application
        .instructors
        .delete(&call(Role::Staff), MARA);
    assert_eq!(code(kept), Code::InUse);
    assert!(hall.rolled_back());
}

#[test]
fn an_instructor_of_a_session_to_come_is_not_deleted() {
    let mut mocks = MockRepositories::default();
    mocks
        .instructors
        .expect_find()
        .returning(|_| Ok(Some(instructor())));
    mocks.instructors.expect_update().returning(|_| Ok(()));
    mocks
        .cohorts
        .expect_codes_taught_by()
        .returning(|_| Ok(Vec::new()));
    mocks
        .class_sessions
        .expect_days_taught_by()
        .returning(|_, _| Ok(vec![jiff::civil::date(2027, 1, 5)]));
    let hall = Hall::over(mocks);
    let kept = hall
        .application
        .instructors
        .delete(&call(Role::Staff), MARA);
    let kept = kept.unwrap_err();
    assert_eq!(
        kept.to_string(),
        "sessions to come need this instructor, on 2027-01-05"
    );
    assert_eq!(code(Err::<(), _>(kept)), Code::InUse);
    assert!(hall.rolled_back());
}
