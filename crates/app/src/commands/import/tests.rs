//! The import command over mocked ports: what it prints, and what it leaves with.

use std::fs;

use unionhall_domain::tenants::Slug;
use unionhall_ports::{
    mock::{FakeUnitOfWork, MockRepositories},
    unit_of_work::{Decision, Mode},
};

use super::*;
use crate::commands::{
    console::{self, Said},
    fixtures::{clock, over, tenant},
};

const HEADING: &str = "Member No,First Name,Last Name,Class,E-mail\n";
const GOOD: &str = "A1204,Ada,Voltz,journeyman,ada@hall.example\n";
const BAD: &str = "A1205,Bea,,journeyman,nowhere\n";

/// What the command did with a roster of these rows, and how its last transaction ended.
fn imported(rows: &str, change: impl FnOnce(&mut ImportFile)) -> (Said, Option<(Mode, Decision)>) {
    let mut mocks = MockRepositories::default();
    mocks
        .tenants
        .expect_find_by_slug()
        .returning(|slug| Ok((*slug == tenant().slug).then(tenant)));
    mocks
        .members
        .expect_lock_by_numbers()
        .returning(|_| Ok(Vec::new()));
    mocks.members.expect_insert_many().returning(|_| Ok(()));
    mocks.tenants.expect_hold_imports().returning(|_| Ok(()));
    let (application, unit_of_work) = over(mocks);
    let folder = tempfile::tempdir().unwrap();
    let mut command = ImportFile {
        file: folder.path().join("roster.csv"),
        tenant: tenant().slug,
        dry_run: false,
        skip_bad: false,
    };
    fs::write(&command.file, format!("{HEADING}{rows}")).unwrap();
    change(&mut command);
    let clock = clock();
    let said = console::run("", |console| {
        import(
            &application,
            &clock,
            &ImportCommand::Members(command),
            console,
        )
    });
    (said, last(&unit_of_work))
}

fn last(unit_of_work: &FakeUnitOfWork) -> Option<(Mode, Decision)> {
    let (_, mode, decision) = unit_of_work.runs().pop()?;
    (mode == Mode::Write).then_some((mode, decision))
}

fn counts(said: &Said) -> Vec<(String, String)> {
    let of_line = |line: &str| {
        let mut words = line.split_whitespace();
        let pair = (words.next()?.to_owned(), words.next()?.to_owned());
        (words.next().is_none()).then_some(pair)
    };
    said.out.lines().filter_map(of_line).collect()
}

fn expected(values: [&str; 5]) -> Vec<(String, String)> {
    let names = ["rows", "created", "updated", "unchanged", "bad"];
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    names.into_iter().zip(values).map(pair).collect()
}

#[test]
fn a_good_roster_is_kept_and_counted() {
    let (said, kept) = imported(GOOD, |_| {});
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
    assert_eq!(counts(&said), expected(["1", "1", "0", "0", "0"]));
    assert!(
        said.out.contains("roster.csv (UTF-8, commas)"),
        "{}",
        said.out
    );
    assert_eq!(kept, Some((Mode::Write, Decision::Commit)));
}

#[test]
fn every_mistake_is_named_by_row_and_column_and_nothing_is_written() {
    let (said, kept) = imported(&format!("{GOOD}{BAD}"), |_| {});
    assert_eq!(said.exit, Exit::BadInput);
    assert_eq!(counts(&said), expected(["2", "0", "0", "0", "1"]));
    let lines: Vec<_> = said.err.lines().collect();
    assert!(lines[1].starts_with("2    3     Last Name"), "{}", said.err);
    assert!(lines[2].starts_with("2    3     E-mail"), "{}", said.err);
    assert!(lines[3].contains("--skip-bad"), "{}", said.err);
    assert_eq!(kept, None);
}

#[test]
fn good_rows_are_kept_beside_bad_ones_when_that_is_asked_for() {
    let (said, kept) = imported(&format!("{GOOD}{BAD}"), |command| command.skip_bad = true);
    assert_eq!(said.exit, Exit::BadInput);
    assert_eq!(counts(&said), expected(["2", "1", "0", "0", "1"]));
    assert!(!said.err.contains("Nothing was written"), "{}", said.err);
    assert_eq!(kept, Some((Mode::Write, Decision::Commit)));
}

#[test]
fn a_rehearsal_reports_everything_and_keeps_nothing() {
    let (said, kept) = imported(GOOD, |command| command.dry_run = true);
    assert_eq!(said.exit, Exit::Done);
    assert_eq!(counts(&said), expected(["1", "1", "0", "0", "0"]));
    assert!(said.out.contains("nothing was kept"), "{}", said.out);
    assert_eq!(kept, Some((Mode::Write, Decision::RollBack)));
}

#[test]
fn a_column_that_means_nothing_is_told() {
    let (said, _) = imported("", |command| {
        fs::write(
            &command.file,
            "No,First,Last,Class,Shoe size\n1,A,B,journeyman,9\n",
        )
        .unwrap();
    });
    assert_eq!(said.exit, Exit::Done);
    assert!(
        said.out.contains("columns not read: Shoe size"),
        "{}",
        said.out
    );
}

#[test]
fn a_file_or_tenant_that_is_not_there_is_said_with_its_name() {
    let (said, _) = imported(GOOD, |command| command.file.set_file_name("roaster.csv"));
    assert_eq!(said.exit, Exit::NotFound);
    assert!(said.err.contains("roaster.csv"), "{}", said.err);

    let (said, _) = imported(GOOD, |command| {
        command.tenant = Slug::parse("local-47").unwrap()
    });
    assert_eq!(said.exit, Exit::NotFound);
    assert!(said.err.contains("local-47"), "{}", said.err);
}

#[test]
fn a_folder_is_no_roster() {
    let (said, _) = imported(GOOD, |command| {
        command.file.pop();
    });
    assert_eq!(said.exit, Exit::Usage);
    assert!(said.err.contains("no plain file"), "{}", said.err);
}

#[test]
fn a_workbook_is_bad_input() {
    let (said, _) = imported("", |command| {
        fs::write(&command.file, b"PK\x03\x04\0\0").unwrap()
    });
    assert_eq!(said.exit, Exit::BadInput);
    assert!(said.err.contains("Excel"), "{}", said.err);
}
