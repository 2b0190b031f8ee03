//! What an import writes, when it writes nothing, and what it says.

use std::{cell::RefCell, collections::BTreeSet};

use jiff::civil::date;
use mockall::Sequence;
use unionhall_domain::{
    members::{Member, MemberDetails, MemberNumber, MemberStatus},
    roles::Role,
    text::Line,
};
use unionhall_ports::{mock::MockRepositories, storage::StorageError};

use super::hall::{Books, File, LENIENT, STRICT, brief, refused};
use crate::{
    error::Code,
    fixtures::{Hall, call, code, details, member, now, rehearsed, told, touched, wrong_fields},
    imports::{ImportPhase, ImportProgress},
};

const HEADINGS: &str = "number,first,last,class";

fn example(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

fn known(number: &str, change: impl FnOnce(&mut MemberDetails)) -> Member {
    let mut details = MemberDetails {
        member_number: MemberNumber::parse(number).unwrap(),
        ..details()
    };
    change(&mut details);
    Member {
        details,
        ..member()
    }
}

/// A roster of so many rows that are all right.
fn roster(rows: usize) -> String {
    let row = |number| format!("\nN{number},Ada,Voltz,JW");
    HEADINGS.to_owned() + &(0..rows).map(row).collect::<String>()
}

#[test]
fn the_permission_comes_first_before_the_file_is_opened() {
    let books = Books::empty();
    for role in [Role::Organizer, Role::Member, Role::Contact] {
        let result = books.import_by(&call(role), roster(1), STRICT, &|_| panic!("it began"));
        assert_eq!(code(result), Code::Forbidden);
    }
    assert_eq!(books.hall.runs(), []);
}

#[test]
fn the_example_roster_is_right_in_every_row() {
    let books = Books::empty();
    let report = books.import(example("roster.csv"), STRICT).unwrap();
    assert_eq!((report.rows, report.created, report.bad), (60, 60, 0));
    assert_eq!(report.ignored_columns, ["Book"]);
    assert_eq!((report.encoding, report.delimiter), ("UTF-8", ','));
    assert!(books.hall.committed());
    assert_eq!(told(&books.events), [("created", "member"); 60]);
}

#[test]
fn the_example_roster_brought_in_twice_changes_nothing_the_second_time() {
    let books = Books::empty();
    books.import(example("roster.csv"), STRICT).unwrap();
    let report = books.import(example("roster.csv"), STRICT).unwrap();
    assert_eq!(
        (report.unchanged, report.created, report.updated),
        (60, 0, 0)
    );
    assert_eq!(books.events.lock().unwrap().len(), 60);
}

#[test]
fn every_mistake_of_the_example_with_mistakes_is_named() {
    let books = Books::empty();
    let report = refused(books.import(example("roster-with-mistakes.csv"), STRICT));
    assert_eq!((report.rows, report.bad, report.created), (10, 9, 0));
    assert_eq!(
        brief(&report.errors),
        [
            (3, 2, "First Name", "blank"),
            (4, 3, "Member #", "not_a_member_number"),
            (5, 4, "Class", "unknown_value"),
            (6, 5, "Status", "unknown_value"),
            (7, 6, "Member #", "duplicate_row"),
            (8, 7, "E-mail", "not_an_email"),
            (8, 7, "DOB", "no_such_day"),
            (9, 8, "DOB", "short_year"),
            (10, 9, "Join Date", "too_early"),
            (10, 9, "Join Date", "before_birth"),
            (11, 10, "-", "ragged_row"),
        ]
    );
    assert_eq!(report.error_count, 11);
    assert_eq!(books.hall.runs(), [], "the database was not touched");
}

#[test]
fn mistakes_are_wrong_fields_with_row_line_and_column_for_every_face() {
    let books = Books::empty();
    let file = format!("{HEADINGS}\n1,Ada,Voltz,wizard\n1,Grace\n");
    assert_eq!(
        wrong_fields(books.import(file.clone(), STRICT)),
        [
            ("rows/1/classification".to_owned(), "unknown_value"),
            ("rows/2".to_owned(), "ragged_row"),
        ]
    );
    let error = books.import(file, STRICT).unwrap_err();
    let details: Vec<_> = crate::error::Coded::fields(&error)
        .iter()
        .map(|field| field.invalid.detail.as_str())
        .collect();
    assert!(details[0].starts_with("line 2, column class: must be one of"));
    assert_eq!(
        details[1],
        "line 3: has 2 cells, and the row of headings has 4"
    );
}

#[test]
fn of_two_rows_with_one_number_the_later_is_bad_and_names_the_earlier() {
    let file = format!("{HEADINGS}\na1,Ada,Voltz,JW\n2,Grace,Okafor,JW\n A1 ,Ada,Voltz,JW\n");
    let report = refused(Books::empty().import(file, STRICT));
    assert_eq!(brief(&report.errors), [(4, 3, "number", "duplicate_row")]);
    assert_eq!(
        report.errors[0].invalid.detail,
        "is the number of the row on line 2 too"
    );
}

#[test]
fn with_skip_bad_the_good_rows_are_written_and_the_bad_ones_reported() {
    let books = Books::empty();
    let report = books
        .import(example("roster-with-mistakes.csv"), LENIENT)
        .unwrap();
    assert_eq!((report.created, report.bad), (1, 9));
    assert_eq!(report.errors.len(), 11);
    assert!(books.hall.committed());
    assert_eq!(books.member("5001").details.first_name.as_str(), "Nadia");
}

#[test]
fn a_known_number_changes_that_member_and_the_record_says_what() {
    let books = Books::with(vec![known("1", |_| ())]);
    let file = format!("{HEADINGS},city\n1,Ada,Voltz,Foreman,Auburn\n");
    let report = books.import(file, STRICT).unwrap();
    assert_eq!((report.updated, report.created), (1, 0));
    let found = books.member("1");
    assert_eq!(found.version.get(), 2);
    assert_eq!(found.updated_at, now());
    assert_eq!(touched(&books.events), ["city", "classification"]);
    let events = books.events.lock().unwrap();
    assert_eq!(events[0].action.as_str(), "updated");
    assert_eq!(events[0].details, [("import_line", "2".to_owned())]);
}

#[test]
fn an_empty_cell_clears_a_missing_column_keeps_and_the_status_stays() {
    let kept = known("1", |details| {
        details.phone = Some(Line::parse("(206) 555-0100").unwrap());
        details.status = MemberStatus::Suspended;
    });
    let books = Books::with(vec![kept]);
    let file = format!("{HEADINGS},city,status\n1,Ada,Voltz,JW,,\n2,Grace,Okafor,JW,,\n");
    books.import(file, STRICT).unwrap();
    let found = books.member("1").details;
    assert_eq!(found.city, None, "the column is there and the cell empty");
    assert!(found.phone.is_some(), "there is no such column");
    assert_eq!(found.status, MemberStatus::Suspended);
    assert_eq!(books.member("2").details.status, MemberStatus::Active);
}

#[test]
fn rows_that_say_what_is_known_leave_no_trace() {
    let books = Books::with(vec![known("1", |_| ())]);
    let report = books.import(format!("{HEADINGS}\n1,Ada,Voltz,JW\n"), STRICT);
    assert_eq!(report.unwrap().unchanged, 1);
    assert!(books.hall.committed());
    assert_eq!(told(&books.events), []);
    assert!(books.writes.lock().unwrap().is_empty());
}

#[test]
fn the_number_of_a_deleted_member_is_a_mistake_and_rolls_everything_back() {
    let gone = Member {
        deleted_at: Some(now()),
        ..known("2", |_| ())
    };
    let file = format!("{HEADINGS}\n1,Ada,Voltz,JW\n2,Grace,Okafor,JW\n");
    let books = Books::with(vec![gone.clone()]);
    let report = refused(books.import(file.clone(), STRICT));
    assert_eq!(brief(&report.errors), [(3, 2, "number", "deleted_member")]);
    assert_eq!(report.created, 0);
    assert!(books.hall.rolled_back());

    let books = Books::with(vec![gone]);
    let report = books.import(file, LENIENT).unwrap();
    assert_eq!((report.created, report.bad), (1, 1));
    assert!(books.hall.committed());
}

#[test]
fn a_row_that_contradicts_what_is_known_of_the_member_is_a_mistake() {
    let books = Books::with(vec![known("1", |details| {
        details.date_of_birth = Some(date(1980, 5, 1));
    })]);
    let file = format!("{HEADINGS},joined\n1,Ada,Voltz,JW,1979-01-01\n");
    let report = refused(books.import(file, STRICT));
    assert_eq!(brief(&report.errors), [(2, 1, "joined", "before_birth")]);
    assert!(books.hall.rolled_back());
}

#[test]
fn a_rehearsal_reports_everything_and_keeps_nothing() {
    let books = Books::empty();
    let call = rehearsed(call(Role::Staff));
    let report = books.import_by(&call, roster(3), STRICT, &|_| ()).unwrap();
    assert_eq!(report.created, 3);
    assert!(books.hall.rolled_back());
}

#[test]
fn a_roster_of_headings_alone_is_brought_in_and_changes_nothing() {
    let books = Books::empty();
    let report = books.import(HEADINGS, STRICT).unwrap();
    assert_eq!((report.rows, report.created), (0, 0));
    assert!(books.hall.committed());
}

#[test]
fn rows_are_written_in_batches_of_500_and_the_trail_with_them() {
    let books = Books::with(vec![known("N700", |details| details.city = None)]);
    let report = books.import(roster(1_201), STRICT).unwrap();
    assert_eq!((report.created, report.unchanged), (1_200, 1));
    let writes = books.writes.lock().unwrap().clone();
    assert_eq!(writes, [("insert", 500), ("insert", 499), ("insert", 201)]);
    assert_eq!(books.events.lock().unwrap().len(), 1_200);
}

#[test]
fn the_report_keeps_the_first_thousand_mistakes_and_counts_all() {
    let row = |number| format!("\nN{number},Ada,Voltz,wizard");
    let rows: String = (0..1_500).map(row).collect();
    let report = refused(Books::empty().import(HEADINGS.to_owned() + &rows, STRICT));
    assert_eq!(report.errors.len(), 1_000);
    assert_eq!((report.error_count, report.bad), (1_500, 1_500));
    assert_eq!(report.errors[999].record, 1_000);
}

#[test]
fn the_progress_is_told_at_least_every_500_rows_of_each_phase() {
    let told = RefCell::new(Vec::<ImportProgress>::new());
    let books = Books::empty();
    let file = roster(1_234);
    let bytes = u64::try_from(file.len()).unwrap();
    let progress = |step| told.borrow_mut().push(step);
    books
        .import_by(&call(Role::Staff), file, STRICT, &progress)
        .unwrap();
    let told = told.into_inner();
    for phase in [ImportPhase::Checking, ImportPhase::Writing] {
        let rows: Vec<_> = told
            .iter()
            .filter(|step| step.phase == phase)
            .map(|step| (step.rows, step.bytes_total))
            .collect();
        let total = Some(bytes);
        assert_eq!(rows, [(500, total), (1_000, total), (1_234, total)]);
    }
    let last = told.last().unwrap();
    assert_eq!(last.bytes, bytes);
    let phases: BTreeSet<_> = told
        .iter()
        .map(|step| format!("{:?}", step.phase))
        .collect();
    assert_eq!(phases.len(), 3);
}

#[test]
fn a_number_that_somebody_adds_at_the_same_time_stops_the_import() {
    let mut mocks = MockRepositories::default();
    // Nothing is looked at before nobody else brings anything in.
    let mut order = Sequence::new();
    mocks
        .tenants
        .expect_hold_imports()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
    mocks
        .members
        .expect_lock_by_numbers()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(Vec::new()));
    mocks.members.expect_insert_many().returning(|_| {
        Err(StorageError::Constraint {
            name: "members_number_key".to_owned(),
        })
    });
    let hall = Hall::over(mocks);
    let file = File(roster(1).into_bytes());
    let staff = call(Role::Staff);
    let members = &hall.application.members;
    let result = members.import(&staff, &file, STRICT, &|_| ());
    assert_eq!(code(result), Code::ChangedMeanwhile);
    assert!(hall.rolled_back());
}

#[test]
fn a_file_that_cannot_be_opened_is_no_fault_of_its_rows() {
    struct Gone;
    impl crate::imports::Sheet for Gone {
        fn open(&self) -> std::io::Result<Box<dyn std::io::Read>> {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }
    let books = Books::empty();
    let members = &books.hall.application.members;
    let result = members.import(&call(Role::Staff), &Gone, STRICT, &|_| ());
    assert_eq!(code(result), Code::Internal);
    assert_eq!(books.hall.runs(), []);
}
