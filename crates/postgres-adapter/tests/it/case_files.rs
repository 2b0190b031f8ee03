//! Contract of the repository of case files.

use jiff::{SignedDuration, Timestamp, civil::date};
use unionhall_domain::{
    case_files::{CaseFileFormat, CaseFileJob, CaseFileJobId, JobState},
    deadlines::WarningKind,
    grievances::GrievanceId,
    obligations::{Obligation, ObligationState, Terms},
    step_meetings::Party,
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    case_files::ONE_WAITING,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, now, store},
};

use crate::{deadlines, grievances::Hall};

fn minutes(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn filed(storage: &dyn UnitOfWork, hall: &Hall) -> GrievanceId {
    let grievance = hall.grievance(2026, 1);
    store(storage, hall.scope(), |tx| {
        tx.grievances().insert(&grievance)
    });
    grievance.id
}

fn job(hall: &Hall, grievance: GrievanceId, asked: i64) -> CaseFileJob {
    CaseFileJob {
        id: builders::fresh_id(),
        grievance,
        format: CaseFileFormat::Zip,
        asked_by: Some(hall.steward.id),
        asked_at: minutes(asked),
        state: JobState::Waiting,
    }
}

fn insert(storage: &dyn UnitOfWork, hall: &Hall, job: &CaseFileJob) {
    store(storage, hall.scope(), |tx| tx.case_files().insert(job));
}

fn find(
    storage: &dyn UnitOfWork,
    hall: &Hall,
    grievance: GrievanceId,
    id: CaseFileJobId,
) -> Option<CaseFileJob> {
    store(storage, hall.scope(), |tx| {
        tx.case_files().find(grievance, id)
    })
}

fn ready(job: &CaseFileJob, until: Timestamp) -> CaseFileJob {
    let key = format!("tenants/1/case-files/{}", job.id);
    job.clone().ready(key, until).unwrap()
}

fn settle(storage: &dyn UnitOfWork, hall: &Hall, job: &CaseFileJob) -> Result<(), StorageError> {
    storage.transaction(hall.scope(), |tx| tx.case_files().settle(job))
}

#[test]
fn a_job_is_settled_once_and_found_below_its_own_grievance_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let waiting = job(&hall, grievance, 0);
    insert(storage, &hall, &waiting);
    assert_eq!(
        find(storage, &hall, grievance, waiting.id),
        Some(waiting.clone())
    );
    assert_eq!(find(storage, &hall, builders::fresh_id(), waiting.id), None);
    let ready = ready(&waiting, minutes(60));
    settle(storage, &hall, &ready).unwrap();
    assert_eq!(
        find(storage, &hall, grievance, waiting.id),
        Some(ready.clone())
    );
    let second = settle(storage, &hall, &ready);
    assert!(matches!(second, Err(StorageError::Stale)), "{second:?}");
}

#[test]
fn what_somebody_asked_for_counts_while_it_waits_or_is_kept_and_for_them_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let asked = |format, by, at| {
        store(storage, hall.scope(), |tx| {
            tx.case_files().find_asked(grievance, format, by, at)
        })
    };
    let (zip, me) = (CaseFileFormat::Zip, Some(hall.steward.id));
    let first = job(&hall, grievance, 0);
    insert(storage, &hall, &first);
    assert_eq!(asked(zip, me, now()), Some(first.clone()));
    assert_eq!(asked(CaseFileFormat::Pdf, me, now()), None);
    assert_eq!(asked(zip, None, now()), None);
    let kept = ready(&first, minutes(60));
    settle(storage, &hall, &kept).unwrap();
    assert_eq!(asked(zip, me, minutes(59)), Some(kept));
    assert_eq!(asked(zip, me, minutes(60)), None);
    let failed = CaseFileJob {
        state: JobState::Failed,
        ..job(&hall, grievance, 1)
    };
    insert(storage, &hall, &failed);
    assert_eq!(asked(zip, me, minutes(60)), None);
    // An operator has no user.
    let newest = CaseFileJob {
        asked_by: None,
        ..job(&hall, grievance, 2)
    };
    insert(storage, &hall, &newest);
    assert_eq!(asked(zip, None, now()), Some(newest));
}

#[test]
fn the_job_that_waited_longest_is_taken_by_one_alone_until_its_lease_runs_out() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let second = job(&hall, grievance, 1);
    let first = CaseFileJob {
        format: CaseFileFormat::Pdf,
        ..job(&hall, grievance, 0)
    };
    insert(storage, &hall, &second);
    insert(storage, &hall, &first);
    let claim = |at, lease| {
        let claimed = store(storage, Scope::Worker, |tx| {
            tx.case_files().claim(at, lease)
        });
        claimed.map(|claimed| {
            assert_eq!(claimed.tenant, hall.tenant.id);
            (claimed.job.id, claimed.earlier_attempts)
        })
    };
    assert_eq!(claim(minutes(2), minutes(7)), Some((first.id, 0)));
    assert_eq!(claim(minutes(2), minutes(7)), Some((second.id, 0)));
    assert_eq!(claim(minutes(3), minutes(8)), None);
    assert_eq!(claim(minutes(7), minutes(12)), Some((first.id, 1)));
    let kept = ready(&first, minutes(60));
    settle(storage, &hall, &kept).unwrap();
    assert_eq!(claim(minutes(13), minutes(18)), Some((second.id, 1)));
}

#[test]
fn what_is_over_is_forgotten_and_what_waits_is_not() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    let waiting = job(&hall, grievance, 0);
    let over = [job(&hall, grievance, 0), job(&hall, grievance, 1)];
    let recent = job(&hall, grievance, 9);
    // Asked for as long ago, and made only now.
    let kept = job(&hall, grievance, 0);
    for (job, until) in [(&over[0], 60), (&over[1], 60), (&recent, 60), (&kept, 61)] {
        insert(storage, &hall, job);
        settle(storage, &hall, &ready(job, minutes(until))).unwrap();
    }
    insert(storage, &hall, &waiting);
    let forget = |limit| {
        store(storage, Scope::Worker, |tx| {
            let repository = tx.case_files();
            repository.forget(minutes(5), minutes(60), limit)
        })
    };
    assert_eq!((forget(1), forget(9), forget(9)), (1, 1, 0));
    for (job, is_there) in [
        (&waiting, true),
        (&recent, true),
        (&kept, true),
        (&over[0], false),
    ] {
        let found = find(storage, &hall, grievance, job.id);
        assert_eq!(found.is_some(), is_there);
    }
}

#[test]
fn nobody_waits_for_the_same_file_twice() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let hall = Hall::new(storage, "local");
    let grievance = filed(storage, &hall);
    for by in [Some(hall.steward.id), None] {
        let waiting = |asked| CaseFileJob {
            asked_by: by,
            ..job(&hall, grievance, asked)
        };
        let first = waiting(0);
        insert(storage, &hall, &first);
        let second = storage.transaction(hall.scope(), |tx| tx.case_files().insert(&waiting(1)));
        assert!(
            matches!(&second, Err(StorageError::Constraint { name }) if name == ONE_WAITING),
            "{second:?}"
        );
        settle(storage, &hall, &ready(&first, minutes(60))).unwrap();
        insert(storage, &hall, &waiting(2));
    }
}

#[test]
fn all_that_is_on_record_of_a_grievance_is_counted_and_nothing_of_another() {
    let hall = deadlines::Hall::new();
    let storage = &*hall.database.unit_of_work();
    let scope = Scope::Tenant(hall.tenant);
    let size = |grievance: usize| {
        store(storage, scope, |tx| {
            tx.case_files().size(hall.grievances[grievance].id)
        })
    };
    let (before, other) = (size(0), size(1));
    let deadline = hall.deadline(0, date(2026, 11, 2));
    let warning = deadline.warning_on(deadline.due()).unwrap();
    let obligation = Obligation {
        id: builders::fresh_id(),
        grievance: hall.grievances[0].id,
        terms: Terms {
            what: Prose::parse(&"x".repeat(2_000)).unwrap(),
            owed_by: Party::Employer,
            owed_to: None,
            due_on: date(2026, 11, 30),
            amount: None,
        },
        state: ObligationState::Open,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    };
    store(storage, scope, |tx| {
        tx.deadlines().insert(std::slice::from_ref(&deadline))?;
        tx.deadlines().insert_warning(&warning.key, now())?;
        tx.obligations().insert(&obligation)
    });
    let after = size(0);
    assert_eq!(after.things, before.things + 3);
    assert!(before.bytes > 0 && after.bytes > before.bytes + 2_000);
    assert_eq!(size(1), other);
}

#[test]
fn people_organizations_and_agreements_have_their_names_and_nobody_elses() {
    let hall = deadlines::Hall::new();
    let storage = &*hall.database.unit_of_work();
    let other = Hall::new(storage, "other");
    let case = &hall.grievances[0];
    let ids = [
        case.member.uuid(),
        case.employer.uuid(),
        hall.steward.uuid(),
        hall.agreement.id.uuid(),
        other.member.id.uuid(),
        other.steward.id.uuid(),
    ];
    let names = store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.case_files().names(&ids)
    });
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(names[&ids[0]], "Ada Voltz");
    assert_eq!(names[&ids[1]], "Puget");
    assert_eq!(names[&ids[3]], "Inside \"Agreement\"");
}

#[test]
fn notices_are_those_of_the_grievance_in_the_order_in_which_they_were_sent() {
    let hall = deadlines::Hall::new();
    let storage = &*hall.database.unit_of_work();
    let scope = Scope::Tenant(hall.tenant);
    let mine = hall.deadline(0, date(2026, 11, 2));
    let other = hall.deadline(1, date(2026, 11, 2));
    store(storage, scope, |tx| {
        tx.deadlines().insert(&[mine.clone(), other.clone()])
    });
    for (deadline, left, at) in [(&mine, 0, 2), (&mine, 3, 1), (&other, 3, 0)] {
        let on = deadline.due() - jiff::Span::new().days(left);
        let warning = deadline.warning_on(on).unwrap();
        store(storage, scope, |tx| {
            tx.deadlines().insert_warning(&warning.key, minutes(at))
        });
    }
    let notices = store(storage, scope, |tx| {
        tx.case_files().notices(hall.grievances[0].id)
    });
    let sent: Vec<_> = notices
        .iter()
        .map(|notice| (notice.key.deadline, notice.key.kind, notice.at))
        .collect();
    let expected = [
        (mine.id, WarningKind::ThreeDays, minutes(1)),
        (mine.id, WarningKind::Today, minutes(2)),
    ];
    assert_eq!(sent, expected);
}
