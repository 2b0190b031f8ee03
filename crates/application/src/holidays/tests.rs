//! Tests of the use cases of holiday calendars.

use jiff::civil::date;
use unionhall_domain::{
    holidays::{CalendarEdit, CalendarYear, HolidayCalendar, WorkingWeek},
    roles::Role,
    text::Line,
    version::Version,
};
use unionhall_ports::mock::MockRepositories;

use crate::{
    error::Code,
    fixtures::{Hall, audited, call, code, if_match, page, told, touched, wrong_fields},
};

fn year() -> CalendarYear {
    CalendarYear::new(2026).unwrap()
}

fn federal() -> HolidayCalendar {
    HolidayCalendar::federal(year(), WorkingWeek::MONDAY_TO_FRIDAY)
}

/// The day after Thanksgiving is off.
fn friday() -> [CalendarEdit; 1] {
    [CalendarEdit::Add {
        date: date(2026, 11, 27),
        name: Line::parse("Day after Thanksgiving").unwrap(),
    }]
}

/// Mocks in which the year has these versions.
fn with(kept: Vec<HolidayCalendar>) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .holidays
        .expect_last_of_each()
        .returning(move |_, _| Ok(kept.clone()));
    mocks
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let holidays = &hall.application.holidays;
    let organizer = call(Role::Organizer);
    let codes = [
        code(holidays.find(&organizer, year())),
        code(holidays.version(&organizer, year(), Version::FIRST)),
        code(holidays.list(&organizer, &page())),
        code(holidays.edit(&call(Role::Staff), year(), &friday())),
    ];
    assert_eq!(codes, [Code::Forbidden; 4]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_year_that_nobody_touched_is_shown_with_the_federal_holidays() {
    let hall = Hall::over(with(Vec::new()));
    let found = hall.application.holidays.find(&call(Role::Staff), year());
    assert_eq!(found.unwrap(), federal());
}

#[test]
fn the_first_edit_keeps_what_it_began_with_as_the_first_version() {
    let mut mocks = with(Vec::new());
    let events = audited(&mut mocks);
    mocks
        .holidays
        .expect_insert()
        .times(2)
        .returning(|_, _| Ok(true));
    let hall = Hall::over(mocks);
    let officer = call(Role::Officer);
    let edited = hall.application.holidays.edit(&officer, year(), &friday());
    assert_eq!(edited.unwrap().version().get(), 2);
    assert!(hall.committed());
    let target = "holiday_calendar";
    assert_eq!(told(&events), [("created", target), ("updated", target)]);
    assert_eq!(touched(&events), ["calendar_version", "holidays"]);
}

#[test]
fn an_edit_is_meant_for_a_version_and_is_checked() {
    let hall = Hall::over(with(vec![federal()]));
    let holidays = &hall.application.holidays;
    let officer = call(Role::Officer);
    let stale = holidays.edit(&if_match(officer.clone(), 2), year(), &friday());
    assert_eq!(code(stale), Code::Stale);
    let twice = holidays.edit(&officer, year(), &[friday(), friday()].concat());
    let field = "edits/1/date".to_owned();
    assert_eq!(wrong_fields(twice), [(field, "already_a_holiday")]);
}

#[test]
fn of_two_who_edit_at_the_same_time_the_second_is_told() {
    let mut mocks = with(vec![federal()]);
    mocks.holidays.expect_insert().returning(|_, _| Ok(false));
    let hall = Hall::over(mocks);
    let officer = call(Role::Officer);
    let edited = hall.application.holidays.edit(&officer, year(), &friday());
    assert_eq!(code(edited), Code::ChangedMeanwhile);
    assert!(hall.rolled_back());
}

#[test]
fn a_version_that_is_not_there_is_not_found() {
    let mut mocks = MockRepositories::default();
    mocks.holidays.expect_find().returning(|_, _| Ok(None));
    let hall = Hall::over(mocks);
    let holidays = &hall.application.holidays;
    let found = holidays.version(&call(Role::Staff), year(), Version::FIRST);
    assert_eq!(code(found), Code::NotFound);
}
