//! Boards: who may see them, by which days, and that looking is on record.

use jiff::civil::date;
use unionhall_domain::{
    grievance_boards::{Grouping, Week},
    roles::Role,
};
use unionhall_ports::{grievance_boards::DueFilter, mock::MockRepositories, pages::Page};

use crate::{
    error::Code,
    fixtures::{Hall, STEWARD, call, code, page},
};

#[test]
fn whoever_may_not_read_every_grievance_sees_no_board() {
    let hall = Hall::untouchable();
    let boards = &hall.application.grievance_boards;
    let member = call(Role::Member);
    let codes = [
        code(boards.by_step(&member).map(|_| ())),
        code(boards.by_representative(&member, &page()).map(|_| ())),
        code(boards.by_employer(&member, &page()).map(|_| ())),
        code(
            boards
                .due_this_week(&member, &DueFilter::default(), &page())
                .map(|_| ()),
        ),
        code(
            boards
                .statistics(&member, (None, None), Grouping::Month)
                .map(|_| ()),
        ),
    ];
    assert_eq!(codes, [Code::Forbidden; 5]);
}

#[test]
fn the_week_begins_on_the_halls_day_and_looking_is_on_record() {
    let mut mocks = MockRepositories::default();
    mocks
        .grievance_boards
        .expect_due()
        .withf(|week, zone, filter, _| {
            *week == Week::from(date(2026, 11, 21))
                && zone.as_str() == "America/Los_Angeles"
                && (filter.representative, filter.carrier) == (None, Some(STEWARD))
        })
        .returning(|_, _, _, _| {
            Ok(Page {
                items: Vec::new(),
                next: None,
                total: None,
            })
        });
    let hall = Hall::over(mocks);
    let boards = &hall.application.grievance_boards;
    let filter = DueFilter {
        carrier: Some(STEWARD),
        ..DueFilter::default()
    };
    let found = boards.due_this_week(&call(Role::Staff), &filter, &page());
    assert!(found.is_ok());
    let reads = hall.reads.lock().unwrap();
    assert_eq!(reads[0].details, [("board", "due_this_week".to_owned())]);
}

#[test]
fn a_period_that_ends_before_it_begins_is_a_wrong_field() {
    let hall = Hall::untouchable();
    let days = (Some(date(2026, 2, 2)), Some(date(2026, 2, 1)));
    let found =
        hall.application
            .grievance_boards
            .statistics(&call(Role::Staff), days, Grouping::Employer);
    assert_eq!(code(found.map(|_| ())), Code::InvalidFields);
}
