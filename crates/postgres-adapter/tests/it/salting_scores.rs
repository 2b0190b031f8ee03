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
    pages::{Cursor, Direction, PageRequest},
    salting_scores::SaltingScoreSort,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
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

#[test]
fn what_was_said_of_one_that_was_merged_is_told_of_the_one_that_stays() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let stays = builders::organization(storage, tenant, "Voltage").id;
    let goes = builders::organization(storage, tenant, "Voltage, Inc.");
    let other = builders::organization(storage, tenant, "Ohm").id;
    let write = |work: &mut dyn FnMut(&mut dyn Repositories) -> Result<(), StorageError>| {
        builders::store(storage, Scope::Tenant(tenant), |tx| work(tx));
    };
    let judged = [1, 2].map(|version| entry(goes.id, version, Some(SaltingScore::Hostile)));
    for added in &judged {
        write(&mut |tx| tx.salting_scores().insert(added));
    }
    write(&mut |tx| {
        let mut gone = goes.clone();
        gone.version = gone.version.next();
        gone.deleted_at = Some(builders::now());
        tx.organizations().update(&gone)?;
        tx.duplicates()
            .take_over(stays, goes.id, builders::now())
            .map(drop)
    });
    let told = |organization| {
        builders::store(storage, Scope::Tenant(tenant), |tx| {
            let newest = tx.salting_scores().newest(organization)?;
            let series = tx.salting_scores().series(&[other, organization])?;
            let versions: Vec<_> = series
                .iter()
                .map(|entry| (entry.organization, entry.version.get()))
                .collect();
            let own = tx.salting_scores().last_version(organization)?;
            Ok((newest.map(|entry| entry.id), versions, own))
        })
    };
    assert_eq!(
        told(stays),
        (Some(judged[1].id), vec![(stays, 1), (stays, 2)], None)
    );
    assert_eq!(told(other), (None, Vec::new(), None));
    // What is said later counts, whatever its version.
    let mut later = entry(stays, 1, Some(SaltingScore::Receptive));
    later.set_at = builders::now() + 1.hour();
    write(&mut |tx| tx.salting_scores().insert(&later));
    let (newest, versions, own) = told(stays);
    assert_eq!((newest, own), (Some(later.id), Some(Version::FIRST)));
    assert_eq!(versions, [(stays, 1), (stays, 2), (stays, 1)]);
}

#[test]
fn a_place_in_a_history_that_nobody_was_given_leads_nowhere() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let employer = builders::organization(storage, tenant, "Voltage").id;
    for forged in ["7", "-009999-01-02T00:00:00Z", "x"] {
        let request = PageRequest {
            limit: 4,
            after: Some(Cursor {
                key: forged.to_owned(),
                id: builders::fresh_uuid(),
            }),
            sort: SaltingScoreSort::Set,
            direction: Direction::Descending,
            with_total: false,
        };
        let page = builders::store(storage, Scope::Tenant(tenant), |tx| {
            tx.salting_scores().history(employer, &request)
        });
        assert_eq!(page.items, [], "{forged}");
    }
}
