//! What the cells of a list of jobs may say, and who may bring one in.

use std::sync::Arc;

use jiff::civil::date;
use unionhall_domain::{
    employments::{Employment, EmploymentDetails, JobRules, Period},
    organizations::Organization,
    roles::Role,
    version::Version,
};
use unionhall_ports::{employments::Employed, mock::MockRepositories, organizations::Called};

use super::{columns::Field, last_day};
use crate::{
    error::Code,
    fixtures::{EMPLOYER, Hall, Shared, audited, call, code, id, member, now, organization},
    imports::{ImportError, ImportOptions, Sheet, columns::Field as _, fixtures::alone},
};

/// A file in memory.
struct File(String);

impl Sheet for File {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read>> {
        Ok(Box::new(std::io::Cursor::new(self.0.clone().into_bytes())))
    }
}

/// A job of the member at the employer that goes on.
fn current() -> Employed {
    let details = member().details;
    Employed {
        employment: Employment {
            id: id(5_001),
            member: member().id,
            organization: EMPLOYER,
            details: EmploymentDetails {
                period: Period::new(date(2020, 1, 6), None).unwrap(),
                job_title: None,
                hourly_rate: None,
            },
            version: Version::FIRST,
            created_at: now(),
            updated_at: now(),
            deleted_at: None,
        },
        member_number: details.member_number,
        first_name: details.first_name,
        last_name: details.last_name,
        organization_name: organization().details.name,
    }
}

/// A hall that remembers the jobs of its one member at its one employer.
fn remembering() -> Hall {
    remembering_with(&organization())
}

/// The same with the employer as it is given.
fn remembering_with(employer: &Organization) -> Hall {
    let employer = employer.clone();
    let mut mocks = MockRepositories::default();
    audited(&mut mocks);
    alone(&mut mocks);
    mocks.members.expect_lock_by_numbers().returning(|numbers| {
        let known = member();
        Ok(numbers
            .contains(&known.details.member_number)
            .then_some(known)
            .into_iter()
            .collect())
    });
    mocks.organizations.expect_called().returning(|names| {
        let called = |name: &String| Called {
            folded: name.clone(),
            ids: (*name == *organization().details.name.as_str())
                .then_some(EMPLOYER)
                .into_iter()
                .collect(),
        };
        Ok(names.iter().map(called).collect())
    });
    mocks
        .organizations
        .expect_hold_by_ids()
        .returning(move |ids| Ok(ids.iter().map(|_| employer.clone()).collect()));
    mocks
        .duplicates
        .expect_merged()
        .returning(|_| Ok(Vec::new()));
    let jobs = Shared::<Employed>::default();
    jobs.lock().unwrap().push(current());
    let known = Arc::clone(&jobs);
    mocks.employments.expect_of_members().returning(move |ids| {
        let mut found = known.lock().unwrap().clone();
        found.retain(|job| ids.contains(&job.employment.member));
        Ok(found)
    });
    mocks
        .employments
        .expect_rules()
        .returning(|| Ok(JobRules::USUAL));
    let known = Arc::clone(&jobs);
    mocks
        .employments
        .expect_update_many()
        .returning(move |changed| {
            for job in known.lock().unwrap().iter_mut() {
                let mut found = changed.iter();
                if let Some(changed) = found.find(|one| one.id == job.employment.id) {
                    job.employment = changed.clone();
                }
            }
            Ok(())
        });
    mocks.employments.expect_insert_many().returning(|_| Ok(()));
    Hall::over(mocks)
}

/// The lines and the codes of what is wrong with these rows, rows of nobody aside.
fn mistakes(rows: &str) -> Vec<(u64, &'static str)> {
    let hall = remembering();
    let number = member().details.member_number;
    let rows = rows.replace("ADA", number.as_str());
    let file = File(format!(
        "member_number,organization_name,start_date,end_date\n{rows}"
    ));
    let employments = &hall.application.employments;
    let refused = employments.import(&call(Role::Staff), &file, ImportOptions::default(), &|_| ());
    let Err(ImportError::BadRows(report)) = refused else {
        panic!("{refused:?}");
    };
    let codes = report
        .errors
        .iter()
        .map(|error| (error.line, error.invalid.code));
    codes
        .filter(|(_, code)| *code != "unknown_member")
        .collect()
}

#[test]
fn a_bad_row_makes_no_mistake_of_a_job_that_begins_when_another_has_ended() {
    let next = "ADA,Cascade Electric,2021-02-01,\n";
    assert_eq!(mistakes(next), [(2, "jobs_overlap")]);
    let ends = "ADA,Cascade Electric,2020-01-06,2021-01-31\n";
    let nobody: String = (0..500)
        .map(|number| format!("X{number},Cascade Electric,2020-01-06,\n"))
        .collect();
    assert_eq!(mistakes(&format!("{ends}{nobody}{next}")), []);
    let bad = "ADA,Nowhere Electric,2020-01-06,2021-01-31\n";
    let expected = [(2, "unknown_organization")];
    assert_eq!(mistakes(&format!("{bad}{next}")), expected);
    assert_eq!(mistakes(&format!("{bad}{nobody}{next}")), expected);
}

#[test]
fn the_id_of_a_deleted_organization_is_a_mistake_whatever_name_stands_beside_it() {
    let mut gone = organization();
    gone.deleted_at = Some(now());
    let hall = remembering_with(&gone);
    let (number, id) = (member().details.member_number, EMPLOYER.uuid());
    let file = File(format!(
        "member_number,organization_id,organization_name,start_date\n\
         {0},{id},,2021-02-01\n{0},{id},Cascade Electric,2022-02-01\n",
        number.as_str()
    ));
    let employments = &hall.application.employments;
    let refused = employments.import(&call(Role::Staff), &file, ImportOptions::default(), &|_| ());
    let Err(ImportError::BadRows(report)) = refused else {
        panic!("{refused:?}");
    };
    let told: Vec<_> = report
        .errors
        .iter()
        .map(|error| (error.line, error.field, error.invalid.code))
        .collect();
    let deleted = |line| (line, Some("organization_id"), "deleted_organization");
    assert_eq!(told, [deleted(2), deleted(3)]);
}

/// A file that nobody may open.
struct Closed;

impl Sheet for Closed {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read>> {
        panic!("whoever may not bring it in does not read it")
    }
}

#[test]
fn whoever_may_not_write_members_brings_no_jobs_in() {
    let hall = Hall::untouchable();
    let employments = &hall.application.employments;
    for role in [Role::Organizer, Role::Instructor, Role::Member] {
        let refused = employments.import(&call(role), &Closed, ImportOptions::default(), &|_| ());
        assert_eq!(code(refused), Code::Forbidden);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn headings_are_known_by_what_halls_call_them() {
    for (heading, field) in [
        ("Card #", Field::MemberNumber),
        ("Contractor", Field::OrganizationName),
        ("Date Hired", Field::StartDate),
        ("Term. Date", Field::EndDate),
        ("Rate of Pay", Field::HourlyRate),
        ("Occupation", Field::JobTitle),
    ] {
        assert_eq!(Field::named(heading), Some(field), "{heading}");
    }
}

#[test]
fn a_last_day_is_a_day_or_none_where_the_job_goes_on() {
    assert_eq!(last_day("6/30/2021"), Ok(Some(date(2021, 6, 30))));
    for text in ["present", "To date", "N/A", "-"] {
        assert_eq!(last_day(text), Ok(None), "{text}");
    }
    assert_eq!(last_day("soon").unwrap_err().code, "not_a_date");
}
