//! What the cells of a list of organizations may say, and who may bring one in.

use std::sync::Arc;

use unionhall_domain::{
    organizations::{Organization, OrganizationId, OrganizationType as T},
    roles::Role,
    text::Line,
};
use unionhall_ports::{mock::MockRepositories, organizations::Called};

use super::columns::{Field, org_type};
use crate::{
    error::Code,
    fixtures::{EMPLOYER, Hall, Shared, audited, call, code, id, organization},
    imports::{
        ImportError, ImportOptions, ImportReport, Sheet, columns::Field as _, fixtures::alone,
    },
};

/// A file in memory.
struct File(String);

impl Sheet for File {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read>> {
        Ok(Box::new(std::io::Cursor::new(self.0.clone().into_bytes())))
    }
}

/// The id of what was merged into the employer.
const GONE: OrganizationId = id(3_002);

/// A hall that remembers its organizations, and knows that one was merged into the employer.
struct Desk {
    hall: Hall,
    books: Shared<Organization>,
}

impl Desk {
    fn with(organizations: Vec<Organization>) -> Self {
        let mut mocks = MockRepositories::default();
        audited(&mut mocks);
        alone(&mut mocks);
        let books = Shared::default();
        *books.lock().unwrap() = organizations;
        let known = Arc::clone(&books);
        mocks.organizations.expect_called().returning(move |names| {
            let called = |name: &String| {
                let folded = name.to_lowercase();
                let fits = |one: &&Organization| one.details.name.as_str().to_lowercase() == folded;
                let known = known.lock().unwrap();
                let ids = known.iter().filter(fits).map(|one| one.id).collect();
                Called { folded, ids }
            };
            Ok(names.iter().map(called).collect())
        });
        let known = Arc::clone(&books);
        mocks
            .organizations
            .expect_lock_by_ids()
            .returning(move |ids| {
                let mut found = known.lock().unwrap().clone();
                found.retain(|one| ids.contains(&one.id));
                Ok(found)
            });
        for adds in [true, false] {
            let known = Arc::clone(&books);
            let write = move |new: &[Organization]| {
                let mut known = known.lock().unwrap();
                known.retain(|one| new.iter().all(|new| new.id != one.id));
                known.extend(new.iter().cloned());
                Ok(())
            };
            if adds {
                mocks.organizations.expect_insert_many().returning(write);
            } else {
                mocks.organizations.expect_update_many().returning(write);
            }
        }
        mocks
            .duplicates
            .expect_doubles_of()
            .returning(|_| Ok(Vec::new()));
        mocks.duplicates.expect_merged().returning(|ids| {
            let gone = ids.iter().filter(|id| **id == GONE);
            Ok(gone.map(|id| (*id, EMPLOYER)).collect())
        });
        let hall = Hall::over(mocks);
        Self { hall, books }
    }

    fn import(&self, file: &str) -> Result<ImportReport, ImportError> {
        let organizations = &self.hall.application.organizations;
        let file = File(file.to_owned());
        organizations.import(&call(Role::Staff), &file, ImportOptions::default(), &|_| ())
    }

    /// Created, updated, unchanged.
    fn counts(&self, file: &str) -> [u64; 3] {
        let report = self.import(file).unwrap();
        [report.created, report.updated, report.unchanged]
    }

    fn mistakes(&self, file: &str) -> Vec<(u64, &'static str)> {
        match self.import(file) {
            Err(ImportError::BadRows(report)) => report
                .errors
                .iter()
                .map(|error| (error.line, error.invalid.code))
                .collect(),
            other => panic!("{other:?}"),
        }
    }
}

/// So many rows that the next one is of another batch.
fn filling() -> String {
    (0..500)
        .map(|number| format!(",Filler {number},jatc\n"))
        .collect()
}

#[test]
fn a_row_without_a_type_means_the_employer_of_several_whatever_the_batch() {
    for between in [String::new(), filling()] {
        for rows in [[",Acme,", ",Acme,union"], [",Acme,union", ",Acme,"]] {
            let desk = Desk::with(Vec::new());
            let file = format!("id,name,org_type\n{}\n{between}{}\n", rows[0], rows[1]);
            let all = if between.is_empty() { 2 } else { 502 };
            assert_eq!(desk.counts(&file), [all, 0, 0], "{rows:?}");
            assert_eq!(desk.counts(&file), [0, 0, all], "{rows:?}");
        }
    }
}

#[test]
fn a_name_that_a_row_gives_away_is_taken_for_the_rows_after_it_whatever_the_batch() {
    for between in [String::new(), filling()] {
        let desk = Desk::with(vec![organization()]);
        let id = EMPLOYER.uuid();
        let file = format!("id,name,org_type\n{id},Baker,\n{between},Baker,\n");
        let line = if between.is_empty() { 3 } else { 503 };
        assert_eq!(desk.mistakes(&file), [(line, "duplicate_row")]);
    }
}

#[test]
fn the_id_of_what_was_merged_means_what_it_was_merged_into_which_keeps_its_name() {
    let mut gone = organization();
    gone.id = GONE;
    gone.details.name = Line::parse("Cascade, Inc.").unwrap();
    gone.deleted_at = Some(gone.created_at);
    let desk = Desk::with(vec![organization(), gone]);
    let file = format!(
        "id,name,phone\n{},\"Cascade, Inc.\",206-555-0100\n",
        GONE.uuid()
    );
    assert_eq!(desk.counts(&file), [0, 1, 0]);
    assert_eq!(desk.counts(&file), [0, 0, 1]);
    let books = desk.books.lock().unwrap();
    let kept = books.iter().find(|one| one.id == EMPLOYER).unwrap();
    assert_eq!(kept.details.name.as_str(), "Cascade Electric");
    assert!(kept.details.phone.is_some());
}

/// A file that nobody may open.
struct Closed;

impl Sheet for Closed {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read>> {
        panic!("whoever may not bring it in does not read it")
    }
}

#[test]
fn whoever_may_not_write_organizations_brings_none_in() {
    let hall = Hall::untouchable();
    let organizations = &hall.application.organizations;
    for role in [Role::Organizer, Role::Instructor, Role::Member] {
        let refused = organizations.import(&call(role), &Closed, ImportOptions::default(), &|_| ());
        assert_eq!(code(refused), Code::Forbidden);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn headings_and_types_are_known_by_what_halls_call_them() {
    for (heading, field) in [
        ("Company Name", Field::Name),
        ("EMPLOYER", Field::Name),
        ("Organization ID", Field::Id),
        ("Web Site", Field::Website),
        ("Type", Field::OrgType),
    ] {
        assert_eq!(Field::named(heading), Some(field), "{heading}");
    }
    assert_eq!(Field::named("Fax"), None);
    for (text, expected) in [
        ("Signatory Contractor", T::Employer),
        ("Local", T::Union),
        ("training_partner", T::TrainingPartner),
        ("J.A.T.C.", T::Jatc),
    ] {
        assert_eq!(org_type(text), Ok(expected), "{text}");
    }
    assert_eq!(org_type("bakery").unwrap_err().code, "unknown_value");
}
