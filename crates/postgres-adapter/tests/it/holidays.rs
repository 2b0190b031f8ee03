//! Contract of the repository of holiday calendars.

use jiff::civil::{Weekday, date};
use unionhall_domain::{
    holidays::{CalendarEdit, CalendarYear, HolidayCalendar, WorkingWeek},
    version::Version,
};
use unionhall_ports::{
    holidays::CalendarSort,
    pages::{Direction, PageRequest},
    unit_of_work::Scope,
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line, store},
};

fn year(number: i16) -> CalendarYear {
    CalendarYear::new(number).unwrap()
}

fn federal(number: i16) -> HolidayCalendar {
    HolidayCalendar::federal(year(number), WorkingWeek::MONDAY_TO_FRIDAY)
}

/// The next version, with other days and another week.
fn edited(calendar: &HolidayCalendar) -> HolidayCalendar {
    let number = calendar.year().get();
    let week = WorkingWeek::of(&[Weekday::Sunday, Weekday::Monday]).unwrap();
    let party = CalendarEdit::Add {
        date: date(number, 5, 1),
        name: line("International Workers' Day \"May\" ñ"),
    };
    calendar.edited(&[party, CalendarEdit::Week(week)]).unwrap()
}

#[test]
fn each_version_comes_back_as_it_was_and_is_written_once() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    // New Year's Day of 2028 is observed in the year before it.
    let (first, other) = (federal(2027), federal(2028));
    let second = edited(&first);
    store(storage, Scope::Tenant(tenant), |tx| {
        let holidays = tx.holidays();
        for calendar in [&first, &second, &other] {
            assert!(holidays.insert(calendar, builders::now())?);
        }
        assert!(!holidays.insert(&second, builders::now())?);
        let found = holidays.find(year(2027), Version::FIRST)?;
        assert_eq!(found.as_ref(), Some(&first));
        assert_eq!(holidays.find(year(2028), second.version())?, None);
        let last = holidays.last_of_each(year(2026), year(2028))?;
        assert_eq!(last, [second.clone(), other.clone()]);
        assert_eq!(holidays.last_of_each(year(2028), year(2028))?, [other]);
        Ok(())
    });
}

#[test]
fn lists_hold_the_last_version_of_each_year_page_by_page_and_only_the_tenants() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let other = builders::tenant(storage, "local-77").id;
    let calendars = [
        federal(2025),
        federal(2026),
        edited(&federal(2026)),
        federal(2027),
    ];
    store(storage, Scope::Tenant(tenant), |tx| {
        for calendar in &calendars {
            tx.holidays().insert(calendar, builders::now())?;
        }
        Ok(())
    });
    let walk = |tenant, direction| {
        let mut request = PageRequest {
            limit: 2,
            after: None,
            sort: CalendarSort::Year,
            direction,
            with_total: true,
        };
        let mut years = Vec::new();
        loop {
            let page = store(storage, Scope::Tenant(tenant), |tx| {
                tx.holidays().list(&request)
            });
            let row = |found: &HolidayCalendar| (found.year().get(), found.version().get());
            years.extend(page.items.iter().map(row));
            match page.next {
                None => return (years, page.total),
                next => request.after = next,
            }
        }
    };
    let (mut years, total) = walk(tenant, Direction::Ascending);
    assert_eq!(
        (years.as_slice(), total),
        (&[(2025, 1), (2026, 2), (2027, 1)][..], Some(3))
    );
    years.reverse();
    assert_eq!(walk(tenant, Direction::Descending).0, years);
    assert_eq!(walk(other, Direction::Ascending), (Vec::new(), Some(0)));
}
