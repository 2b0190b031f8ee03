//! Tests of the use cases of locations.

use std::sync::Arc;

use jiff::civil::date;
use unionhall_domain::{
    change::Change,
    locations::{Location, LocationChange, LocationDetails, LocationId, LocationType},
    roles::Role,
    text::Line,
    version::Version,
};
use unionhall_ports::{
    locations::LocationFilter, mock::MockRepositories, pages::Page, storage::StorageError,
};

use crate::{
    error::Code,
    fixtures::{Hall, Shared, audited, call, code, id, if_match, now, page, told},
};

const CENTER: LocationId = id(8_001);

fn details() -> LocationDetails {
    LocationDetails {
        name: Line::parse("Training Center").unwrap(),
        code: Some(Line::parse("TC").unwrap()),
        kind: LocationType::TrainingSite,
        address_line1: None,
        address_line2: None,
        city: None,
        state: None,
        postal_code: None,
        capacity: None,
        square_feet: None,
        contact_name: None,
        contact_phone: None,
        contact_email: None,
        notes: None,
    }
}

fn location() -> Location {
    Location {
        id: CENTER,
        details: details(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// Mocks of a school with one location, and what is written to it.
fn with_one() -> (MockRepositories, Shared<Location>) {
    let mut mocks = MockRepositories::default();
    let known = |id| Ok((id == CENTER).then(location));
    mocks.locations.expect_find().returning(known);
    mocks.locations.expect_find_deleted().returning(known);
    mocks
        .cohorts
        .expect_codes_at()
        .returning(|_| Ok(Vec::new()));
    mocks
        .class_sessions
        .expect_days_at()
        .returning(|_, _| Ok(Vec::new()));
    let written = Shared::default();
    let updates = Arc::clone(&written);
    mocks.locations.expect_update().returning(move |location| {
        updates.lock().unwrap().push(location.clone());
        Ok(())
    });
    (mocks, written)
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let locations = &hall.application.locations;
    let (member, teacher) = (call(Role::Member), call(Role::Instructor));
    let codes = [
        code(locations.create(&teacher, details())),
        code(locations.find(&member, CENTER)),
        code(locations.list(&member, &LocationFilter::default(), &page())),
        code(locations.update(&teacher, CENTER, LocationChange::default())),
        code(locations.delete(&teacher, CENTER)),
        code(locations.restore(&teacher, CENTER)),
    ];
    assert_eq!(codes, [Code::Forbidden; 6]);
}

#[test]
fn instructors_see_where_they_teach() {
    let (mut mocks, _) = with_one();
    mocks.locations.expect_list().returning(|_, _| {
        Ok(Page {
            items: vec![location()],
            next: None,
            total: None,
        })
    });
    let hall = Hall::over(mocks);
    let locations = &hall.application.locations;
    let teacher = call(Role::Instructor);
    assert_eq!(locations.find(&teacher, CENTER).unwrap(), location());
    let listed = locations.list(&teacher, &LocationFilter::default(), &page());
    assert_eq!(listed.unwrap().items, [location()]);
    assert!(locations.allowed_actions(&teacher.actor).is_empty());
    assert_eq!(
        locations.allowed_actions(&call(Role::Staff).actor),
        ["update", "delete"]
    );
}

#[test]
fn what_is_done_to_a_location_is_on_record_with_it() {
    let (mut mocks, written) = with_one();
    mocks.locations.expect_insert().returning(|_| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let locations = &hall.application.locations;
    let staff = call(Role::Staff);
    let made = locations.create(&staff, details()).unwrap();
    assert_eq!(made.details, details());
    let renamed = LocationChange {
        name: Change::Set(Line::parse("South Hall").unwrap()),
        ..LocationChange::default()
    };
    let changed = locations.update(&staff, CENTER, renamed).unwrap();
    assert_eq!(changed.version, Version::FIRST.next());
    locations.delete(&staff, CENTER).unwrap();
    locations.restore(&staff, CENTER).unwrap();
    let gone: Vec<_> = written
        .lock()
        .unwrap()
        .iter()
        .map(|location| location.deleted_at.is_some())
        .collect();
    assert_eq!(gone, [false, true, false]);
    assert_eq!(
        told(&events),
        [
            ("created", "location"),
            ("updated", "location"),
            ("deleted", "location"),
            ("restored", "location")
        ]
    );
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let (mocks, written) = with_one();
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let same = LocationChange {
        name: Change::Set(details().name),
        ..LocationChange::default()
    };
    let answer = hall.application.locations.update(&staff, CENTER, same);
    assert_eq!(answer.unwrap(), location());
    assert!(written.lock().unwrap().is_empty());
}

#[test]
fn what_is_gone_stale_or_called_like_another_is_refused() {
    let (mut mocks, _) = with_one();
    mocks.locations.expect_insert().returning(|_| {
        Err(StorageError::Constraint {
            name: "locations_code_key".to_owned(),
        })
    });
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let locations = &hall.application.locations;
    let staff = call(Role::Staff);
    assert_eq!(code(locations.create(&staff, details())), Code::Duplicate);
    assert_eq!(code(locations.find(&staff, id(1))), Code::NotFound);
    assert_eq!(code(locations.delete(&staff, id(1))), Code::NotFound);
    let stale = if_match(call(Role::Staff), 7);
    assert_eq!(code(locations.delete(&stale, CENTER)), Code::Stale);
    assert_eq!(code(locations.restore(&stale, CENTER)), Code::Stale);
    assert!(told(&events).is_empty());
}

#[test]
fn a_location_that_cohorts_need_is_not_deleted_and_the_answer_names_them() {
    let mut mocks = MockRepositories::default();
    mocks
        .locations
        .expect_find()
        .returning(|_| Ok(Some(location())));
    mocks.locations.expect_update().returning(|_| Ok(()));
    mocks
        .cohorts
        .expect_codes_at()
        .returning(|_| Ok(vec!["S27".to_owned(), "F27".to_owned()]));
    let hall = Hall::over(mocks);
    let kept = hall
        .application
        .locations
        .delete(&call(Role::Staff), CENTER);
    let kept = kept.unwrap_err();
    assert_eq!(
        kept.to_string(),
        "cohorts that are not over need this location: S27, F27"
    );
    assert!(hall.rolled_back());
}

#[test]
fn a_location_that_sessions_to_come_are_at_is_not_deleted_and_the_answer_tells_their_days() {
    let mut mocks = MockRepositories::default();
    mocks
        .locations
        .expect_find()
        .returning(|_| Ok(Some(location())));
    mocks.locations.expect_update().returning(|_| Ok(()));
    mocks
        .cohorts
        .expect_codes_at()
        .returning(|_| Ok(Vec::new()));
    mocks
        .class_sessions
        .expect_days_at()
        .withf(|at, from| *at == CENTER && *from == now())
        .returning(|_, _| Ok(vec![date(2027, 1, 5), date(2027, 1, 12)]));
    let hall = Hall::over(mocks);
    let kept = hall
        .application
        .locations
        .delete(&call(Role::Staff), CENTER);
    let kept = kept.unwrap_err();
    assert_eq!(
        kept.to_string(),
        "sessions to come need this location, on 2027-01-05, 2027-01-12"
    );
    assert_eq!(code(Err::<(), _>(kept)), Code::InUse);
    assert!(hall.rolled_back());
}
