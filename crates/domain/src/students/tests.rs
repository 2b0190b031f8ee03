//! Tests of students.

use jiff::civil::date;
use uuid::Uuid;

use super::*;

fn name() -> PersonName {
    PersonName {
        first: Line::parse("Ada").unwrap(),
        last: Line::parse("Ampère").unwrap(),
    }
}

fn sent() -> Person {
    Person::Sent(Sent {
        union: Id::new(Uuid::from_u128(1)),
        member_number: Line::parse("77").unwrap(),
        email: None,
        phone: Some(Line::parse("206-555-0100").unwrap()),
    })
}

#[test]
fn what_is_held_of_a_person_another_union_sends_is_changed_field_by_field() {
    let change = SentChange {
        last_name: Change::Set(Line::parse("Volt").unwrap()),
        phone: Change::Set(None),
        ..SentChange::default()
    };
    let (person, name) = change.apply(sent(), name()).unwrap();
    assert_eq!(name.full(), "Ada Volt");
    let sent = person.sent().unwrap();
    assert_eq!(
        (sent.phone.as_ref(), sent.member_number.as_str()),
        (None, "77")
    );
    assert_eq!(person.member(), None);
}

#[test]
fn what_the_roster_says_of_a_member_is_changed_there_alone() {
    let member = Person::Member(Id::new(Uuid::from_u128(2)));
    let nothing = SentChange::default().apply(member.clone(), name());
    assert_eq!(nothing, Ok((member.clone(), name())));
    let change = SentChange {
        first_name: Change::Set(Line::parse("Eve").unwrap()),
        email: Change::Set(None),
        ..SentChange::default()
    };
    let errors = change.apply(member, name()).unwrap_err();
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.field.as_ref(), error.invalid.code))
        .collect();
    let code = "kept_on_the_roster";
    assert_eq!(told, [("first_name", code), ("email", code)]);
}

#[test]
fn the_day_of_the_first_enrolment_stays_and_that_of_the_completion_comes_at_the_end() {
    let day = |day| date(2026, 9, day);
    let applied = Standing::applicant(day(1));
    let enrolled = applied.apply(StudentMove::Enroll, day(2)).unwrap();
    let dropped = enrolled.apply(StudentMove::Drop, day(3)).unwrap();
    let back = dropped.apply(StudentMove::Readmit, day(4)).unwrap();
    assert_eq!((back.enrollment_date, back.since), (Some(day(2)), day(4)));
    let through = back.apply(StudentMove::Complete, day(5)).unwrap();
    assert_eq!(through.completion_date, Some(day(5)));
    assert_eq!(through.enrollment_date, Some(day(2)));
}

#[test]
fn a_day_of_application_that_is_corrected_takes_an_applicant_along_and_is_not_after_a_move() {
    let day = |day| date(2026, 3, day);
    let student = |standing| Student {
        id: Id::new(Uuid::from_u128(3)),
        number: StudentNumber::new(2026, 1).unwrap(),
        person: sent(),
        name: name(),
        details: StudentDetails {
            application_date: day(20),
            expected_completion_date: None,
            former_number: None,
            emergency_contact_name: None,
            emergency_contact_phone: None,
            emergency_contact_relationship: None,
            notes: None,
        },
        standing,
        version: Version::FIRST,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        deleted_at: None,
    };
    let corrected = |standing, day| {
        let change = StudentChange {
            application_date: Change::Set(day),
            ..StudentChange::default()
        };
        let changed = student(standing).changed(change);
        changed.map_err(|errors| errors[0].invalid.code)
    };
    let applicant = Standing::applicant(day(20));
    let earlier = corrected(applicant, day(2)).unwrap();
    assert_eq!(earlier.standing, Standing::applicant(day(2)));
    let enrolled = earlier.standing.apply(StudentMove::Enroll, day(9)).unwrap();
    assert_eq!(corrected(enrolled, day(9)).unwrap().standing, enrolled);
    assert_eq!(corrected(enrolled, day(10)), Err("after_first_move"));
}

#[test]
fn nobody_applies_tomorrow_or_is_through_before_applying() {
    let today = date(2026, 9, 5);
    let details = |applied, expected| StudentDetails {
        application_date: applied,
        expected_completion_date: expected,
        former_number: None,
        emergency_contact_name: None,
        emergency_contact_phone: None,
        emergency_contact_relationship: None,
        notes: None,
    };
    let code = |details: StudentDetails| details.check(today).err().map(|e| e.invalid.code);
    assert_eq!(code(details(today, Some(today))), None);
    assert_eq!(code(details(date(2026, 9, 6), None)), Some("in_the_future"));
    let before = Some(date(2026, 9, 4));
    assert_eq!(code(details(today, before)), Some("before_application"));
}
