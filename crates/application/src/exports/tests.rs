//! Exports, decided on with mocks: who may, how many rows, and what goes on record when.

use unionhall_domain::roles::Role;
use unionhall_ports::{
    members::{MemberFilter, MemberSort},
    mock::MockRepositories,
    pages::{Cursor, PageRequest},
};

use super::*;
use crate::{
    fixtures::{ADA, Hall, call, code, member, page, told},
    members::MemberError,
};
use unionhall_domain::members::Member;

fn subject() -> Subject {
    Subject {
        target: Target::Member,
        list: "members",
        format: "csv",
        query: "status=active".to_owned(),
    }
}

/// A hall in which so many members match.
fn of(total: u64) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks.members.expect_list().returning(move |_, _| {
        Ok(Page {
            items: vec![member()],
            next: Some(Cursor {
                key: "voltz".to_owned(),
                id: ADA.uuid(),
            }),
            total: Some(total),
        })
    });
    mocks
}

fn list(hall: &Hall) -> impl Fn(&Call) -> Result<Page<Member>, MemberError> {
    let members = hall.application.members.clone();
    move |call| {
        let request: PageRequest<MemberSort> = page();
        Ok(members.list(call, MemberFilter::default(), &request)?.value)
    }
}

#[test]
fn lists_are_taken_out_by_those_who_may_and_by_nobody_else() {
    for role in Role::ALL {
        let hall = Hall::over(of(1));
        let begun = hall
            .application
            .exports
            .begin(&call(role), &subject(), list(&hall));
        if matches!(
            role,
            Role::Owner | Role::Admin | Role::Officer | Role::Staff
        ) {
            assert_eq!(begun.unwrap().value.page.items.len(), 1);
        } else {
            assert_eq!(code(begun), Code::Forbidden, "{role:?}");
            assert_eq!(hall.runs(), []);
        }
        let went_on = hall.application.exports.go_on(&call(role), list(&hall));
        assert_eq!(
            went_on.is_ok(),
            Permission::ListsExport.held_by(&[role]),
            "{role:?}"
        );
    }
}

#[test]
fn an_export_is_on_record_once_with_its_filters_and_its_rows_however_many_pages_it_takes() {
    let hall = Hall::over(of(3));
    let staff = call(Role::Staff);
    let exports = &hall.application.exports;
    let begun = exports.begin(&staff, &subject(), list(&hall)).unwrap();
    assert_eq!(begun.value.day, jiff::civil::date(2026, 11, 21));
    exports.go_on(&staff, list(&hall)).unwrap();
    exports.go_on(&staff, list(&hall)).unwrap();
    assert_eq!(told(&hall.reads), [("exported", "member")]);
    let expected = [
        ("list", "members".to_owned()),
        ("format", "csv".to_owned()),
        ("count", "3".to_owned()),
        ("filters", "status=active".to_owned()),
    ];
    assert_eq!(hall.reads.lock().unwrap()[0].details, expected);
}

#[test]
fn an_export_that_cannot_be_put_on_record_is_not_begun() {
    let hall = Hall::without_log(of(1));
    let begun = hall
        .application
        .exports
        .begin(&call(Role::Staff), &subject(), list(&hall));
    assert_eq!(code(begun), Code::Unavailable);
}

#[test]
fn more_rows_than_a_file_may_have_are_refused_with_how_many_there_are() {
    let export = |total| {
        let hall = Hall::over(of(total));
        let exports = hall.application.exports.clone();
        exports.begin(&call(Role::Staff), &subject(), list(&hall))
    };
    assert!(export(MOST_ROWS).is_ok());
    let refused = export(MOST_ROWS + 1).err().unwrap();
    assert_eq!(
        refused.to_string(),
        "200001 rows match, and a file has 200000 at most; narrow the filters"
    );
    assert_eq!(refused.code(), Code::TooManyRows);
}
