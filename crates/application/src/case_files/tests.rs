//! Case files: small ones at once, large ones by the worker, once and crash-safe.

use std::{collections::BTreeMap, sync::Arc};

use jiff::SignedDuration;
use unionhall_domain::{
    audit::Target,
    case_files::{CaseFile, CaseFileFormat, CaseFileJob, CaseFileJobId, JobState},
    grievances::Grievance,
    roles::Role,
};
use unionhall_ports::{
    blobs::{Blob, MockBlobStore},
    case_files::{
        CaseFileWriter, CaseSize, ClaimedJob, MockCaseFileWriter, ONE_WAITING, Unwritten,
    },
    mock::MockRepositories,
    pages::Page,
    storage::StorageError,
};

use super::{Asked, CaseFiles};
use crate::{
    error::Code,
    fixtures::{CALLER, CASE, HALL, Hall, call, code, grievance, id, now, tenant},
};

const JOB: CaseFileJobId = id(7_401);

fn job(state: JobState) -> CaseFileJob {
    CaseFileJob {
        id: JOB,
        grievance: CASE,
        format: CaseFileFormat::Pdf,
        asked_by: Some(CALLER),
        asked_at: now(),
        state,
    }
}

fn ready() -> CaseFileJob {
    job(JobState::Ready {
        until: now() + SignedDuration::from_hours(24),
        key: "tenants/1/case-files/2".to_owned(),
    })
}

fn empty<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        next: None,
        total: None,
    }
}

/// Mocks that have the case, if it is one, and nothing else on record.
fn with(case: Option<Grievance>) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(move |_| Ok(case.clone()));
    let steps = mocks.grievances.expect_steps();
    steps.returning(|_| Ok(Vec::new()));
    let meetings = mocks.step_meetings.expect_list();
    meetings.returning(|_, _| Ok(empty()));
    let requests = mocks.information_requests.expect_list();
    requests.returning(|_, _| Ok(empty()));
    let obligations = mocks.obligations.expect_list();
    obligations.returning(|_, _| Ok(empty()));
    let log = mocks.representation_log.expect_list();
    log.returning(|_, _, _| Ok(empty()));
    let deadlines = mocks.deadlines.expect_of_grievance();
    deadlines.returning(|_| Ok(Vec::new()));
    let events = mocks.deadlines.expect_events();
    events.returning(|_| Ok(Vec::new()));
    let documents = mocks.documents.expect_list();
    documents.returning(|_, _, _| Ok(empty()));
    let notices = mocks.case_files.expect_notices();
    notices.returning(|_| Ok(Vec::new()));
    let size = mocks.case_files.expect_size();
    size.returning(|_| {
        Ok(CaseSize {
            things: 0,
            bytes: 0,
        })
    });
    let names = mocks.case_files.expect_names();
    names.returning(|_| Ok(BTreeMap::new()));
    let hall = mocks.tenants.expect_find();
    hall.returning(|_| Ok(Some(tenant())));
    mocks
}

fn files(hall: &Hall, blobs: MockBlobStore) -> CaseFiles {
    let mut writer = MockCaseFileWriter::new();
    writer
        .expect_write()
        .returning(|file, _| Ok(file.number.clone().into_bytes()));
    CaseFiles::new(Arc::clone(&hall.core), Arc::new(blobs), Arc::new(writer))
}

fn claimed(earlier_attempts: u32) -> ClaimedJob {
    ClaimedJob {
        tenant: HALL,
        job: job(JobState::Waiting),
        earlier_attempts,
    }
}

#[test]
fn a_small_file_is_there_at_once_and_taking_it_is_on_record() {
    let hall = Hall::over(with(Some(grievance())));
    let files = files(&hall, MockBlobStore::new());
    let forbidden = files.ask(&call(Role::Member), CASE, CaseFileFormat::Pdf);
    assert_eq!(code(forbidden.map(|_| ())), Code::Forbidden);
    let asked = files.ask(&call(Role::Staff), CASE, CaseFileFormat::Pdf);
    let asked = asked.map(|asked| asked.value).ok();
    let Some(Asked::File(file)) = asked else {
        panic!("the file is small");
    };
    assert_eq!(file.bytes, b"GR-2026-0001");
    assert_eq!(file.name, "case-file-GR-2026-0001.pdf");
    assert_eq!(hall.reads.lock().unwrap()[0].target, Target::CaseFile);
}

#[test]
fn a_file_that_was_made_is_for_who_asked_as_long_as_it_is_kept() {
    for (found, expected) in [
        (ready(), None),
        (
            CaseFileJob {
                asked_by: Some(id(1)),
                ..ready()
            },
            Some(Code::NotFound),
        ),
        (
            job(JobState::Ready {
                until: now(),
                key: "a/b".to_owned(),
            }),
            Some(Code::NotFound),
        ),
    ] {
        let mut mocks = with(Some(grievance()));
        let find = mocks.case_files.expect_find();
        find.returning(move |_, _| Ok(Some(found.clone())));
        let hall = Hall::over(mocks);
        let mut blobs = MockBlobStore::new();
        blobs.expect_find().returning(|_| {
            Ok(Some(Blob {
                bytes: b"file".to_vec(),
                content_type: "application/pdf".to_owned(),
            }))
        });
        let taken = files(&hall, blobs).find(&call(Role::Staff), CASE, JOB);
        match expected {
            None => assert!(matches!(taken.map(|taken| taken.value), Ok(Asked::File(_)))),
            Some(expected) => assert_eq!(code(taken.map(|_| ())), expected),
        }
    }
}

#[test]
fn the_worker_announces_a_file_before_it_is_stored_and_then_settles_its_job() {
    let mut mocks = with(Some(grievance()));
    let claim = mocks.case_files.expect_claim();
    claim.returning(|_, _| Ok(Some(claimed(0))));
    let mut order = mockall::Sequence::new();
    mocks
        .pictures
        .expect_release()
        .times(1)
        .in_sequence(&mut order)
        .withf(|_, due| *due == now() + SignedDuration::from_hours(24))
        .returning(|_, _| Ok(()));
    let mut blobs = MockBlobStore::new();
    blobs
        .expect_put()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_, _, _| Ok(()));
    mocks
        .case_files
        .expect_settle()
        .times(1)
        .in_sequence(&mut order)
        .withf(|job| matches!(job.state, JobState::Ready { .. }))
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    assert!(files(&hall, blobs).make_due().unwrap());
}

#[test]
fn a_second_worker_that_made_the_same_file_changes_nothing() {
    let mut mocks = with(Some(grievance()));
    let claim = mocks.case_files.expect_claim();
    claim.returning(|_, _| Ok(Some(claimed(1))));
    mocks.pictures.expect_release().returning(|_, _| Ok(()));
    let settle = mocks.case_files.expect_settle();
    settle.returning(|_| Err(StorageError::Stale));
    let mut blobs = MockBlobStore::new();
    blobs.expect_put().returning(|_, _, _| Ok(()));
    let hall = Hall::over(mocks);
    let made = files(&hall, blobs).make_due();
    assert_eq!(code(made), Code::ChangedMeanwhile);
}

#[test]
fn what_cannot_be_made_is_given_up() {
    for (case, attempts) in [(Some(grievance()), 5), (None, 0)] {
        let mut mocks = with(case);
        let claim = mocks.case_files.expect_claim();
        claim.returning(move |_, _| Ok(Some(claimed(attempts))));
        mocks
            .case_files
            .expect_settle()
            .times(1)
            .withf(|job| job.state == JobState::Failed)
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        assert!(files(&hall, MockBlobStore::new()).make_due().unwrap());
    }
}

#[test]
fn who_asked_is_told_that_it_could_not_be_made() {
    let mut mocks = with(Some(grievance()));
    let find = mocks.case_files.expect_find();
    find.returning(|_, _| Ok(Some(job(JobState::Failed))));
    let hall = Hall::over(mocks);
    let found = files(&hall, MockBlobStore::new()).find(&call(Role::Staff), CASE, JOB);
    assert_eq!(code(found), Code::NotMade);
}

#[test]
fn what_is_large_is_not_read_while_somebody_waits_and_two_asks_at_once_wait_for_one_file() {
    for (things, bytes) in [(201, 0), (1, 200_001)] {
        let mut mocks = MockRepositories::default();
        let find = mocks.grievances.expect_find();
        find.returning(|_| Ok(Some(grievance())));
        let size = mocks.case_files.expect_size();
        size.returning(move |_| Ok(CaseSize { things, bytes }));
        let mut found = [None, Some(job(JobState::Waiting))].into_iter();
        let asked = mocks.case_files.expect_find_asked();
        asked.returning(move |_, _, _, _| Ok(found.next().flatten()));
        let insert = mocks.case_files.expect_insert().times(1);
        insert.returning(|_| {
            let name = ONE_WAITING.to_owned();
            Err(StorageError::Constraint { name })
        });
        let hall = Hall::over(mocks);
        let files = files(&hall, MockBlobStore::new());
        let asked = files.ask(&call(Role::Staff), CASE, CaseFileFormat::Pdf);
        let waiting = Asked::Job(job(JobState::Waiting));
        assert_eq!(asked.map(|asked| asked.value).ok(), Some(waiting));
    }
}

/// Panics instead of writing.
struct Broken;

impl CaseFileWriter for Broken {
    fn write(&self, _: &CaseFile, _: CaseFileFormat) -> Result<Vec<u8>, Unwritten> {
        panic!("a bug")
    }
}

#[test]
fn a_writer_that_panics_has_failed_to_write_and_ends_nobody() {
    let mut mocks = with(Some(grievance()));
    let claim = mocks.case_files.expect_claim();
    claim.returning(|_, _| Ok(Some(claimed(0))));
    let hall = Hall::over(mocks);
    let blobs = Arc::new(MockBlobStore::new());
    let files = CaseFiles::new(Arc::clone(&hall.core), blobs, Arc::new(Broken));
    assert_eq!(code(files.make_due()), Code::Internal);
}

#[test]
fn a_file_that_waited_says_as_of_when_its_records_were_read() {
    let mut mocks = with(Some(grievance()));
    let claim = mocks.case_files.expect_claim();
    claim.returning(|_, _| {
        let mut claimed = claimed(0);
        claimed.job.asked_at = now() - SignedDuration::from_hours(5);
        Ok(Some(claimed))
    });
    mocks.pictures.expect_release().returning(|_, _| Ok(()));
    mocks.case_files.expect_settle().returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let mut blobs = MockBlobStore::new();
    blobs.expect_put().returning(|_, _, _| Ok(()));
    let mut writer = MockCaseFileWriter::new();
    let as_of = tenant().time_zone.shown(now());
    writer
        .expect_write()
        .times(1)
        .withf(move |file, _| file.made_at == as_of)
        .returning(|_, _| Ok(Vec::new()));
    let files = CaseFiles::new(Arc::clone(&hall.core), Arc::new(blobs), Arc::new(writer));
    assert!(files.make_due().unwrap());
}
