//! Contract of the repository of SALTing scores.

use std::sync::Barrier;
use std::thread;

use diesel::connection::SimpleConnection;
use jiff::ToSpan;
use unionhall_domain::{
    organizations::OrganizationId,
    roles::Role,
    salting_scores::{Assessment, SaltingScore, SaltingScoreEntry},
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    pages::{Direction, PageRequest},
    salting_scores::SaltingScoreSort,
    storage::StorageError,
    unit_of_work::Scope,
};
use unionhall_testing::{TestDatabase, builders};

fn entry(
    organization: OrganizationId,
    version: i64,
    score: Option<SaltingScore>,
) -> SaltingScoreEntry {
    SaltingScoreEntry {
        id: builders::fresh_id(),
        organization,
        version: Version::new(version).unwrap(),
        assessment: Assessment {
            score,
            reason: Prose::parse("He called.").unwrap(),
            notes: None,
        },
        set_by: None,
        set_at: builders::now() + version.seconds(),
    }
}

#[test]
fn the_newest_entry_counts_and_the_others_stay_as_they_were() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let user = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &user, tenant, &[Role::Organizer]);
    let employer = builders::organization(storage, tenant, "Voltage").id;
    let other = builders::organization(storage, tenant, "Ohm").id;
    let scope = Scope::Tenant(tenant);
    let newest = |organization| {
        builders::store(storage, scope, |tx| {
            tx.salting_scores().newest(organization)
        })
    };
    assert_eq!(newest(employer), None);
    let scores = SaltingScore::ALL.map(Some).into_iter().chain([None]);
    let mut entries: Vec<_> = (1..)
        .zip(scores)
        .map(|(version, score)| entry(employer, version, score))
        .collect();
    entries[1].set_by = Some(user.id);
    entries[1].assessment.notes = Some(Prose::parse("A \"friend\".\nAsk Bo.").unwrap());
    for added in &entries {
        builders::store(storage, scope, |tx| tx.salting_scores().insert(added));
        assert_eq!(newest(employer).as_ref(), Some(added));
    }
    assert_eq!(newest(other), None);
    let mut request = PageRequest {
        limit: 4,
        after: None,
        sort: SaltingScoreSort::Set,
        direction: Direction::Descending,
        with_total: true,
    };
    let history = |request: &PageRequest<_>| {
        builders::store(storage, scope, |tx| {
            tx.salting_scores().history(employer, request)
        })
    };
    let first = history(&request);
    assert_eq!((first.items.len(), first.total), (4, Some(6)));
    request.after = first.next;
    let second = history(&request);
    assert_eq!(second.next, None);
    entries.reverse();
    let walked: Vec<_> = first.items.into_iter().chain(second.items).collect();
    assert_eq!(walked, entries);
}

#[test]
fn of_two_who_judge_at_the_same_time_one_is_told() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let employer = builders::organization(storage, tenant, "Voltage").id;
    let barrier = Barrier::new(2);
    let results = thread::scope(|scope| {
        let judge = || {
            let judged = entry(employer, 1, Some(SaltingScore::Neutral));
            barrier.wait();
            storage.transaction(Scope::Tenant(tenant), |tx| {
                tx.salting_scores().insert(&judged)
            })
        };
        let both = [scope.spawn(judge), scope.spawn(judge)];
        both.map(|one| one.join().unwrap())
    });
    let told = |result: &&Result<(), StorageError>| matches!(result, Err(StorageError::Stale));
    assert_eq!(results.iter().filter(told).count(), 1, "{results:?}");
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
}

#[test]
fn the_program_can_neither_change_nor_take_back_what_was_judged() {
    let database = TestDatabase::new();
    let mut runtime = crate::connect(&database.runtime_url());
    for statement in [
        "update salting_scores set score = 5",
        "update salting_scores set reason = 'x'",
        "delete from salting_scores",
    ] {
        let refused = runtime.batch_execute(statement).expect_err(statement);
        assert!(
            refused.to_string().contains("permission denied"),
            "{refused:?}"
        );
    }
}
