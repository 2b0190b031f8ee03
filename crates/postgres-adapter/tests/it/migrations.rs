//! The migrations: applied, taken back, applied again, by several at once, and on a database that is in use.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use unionhall_postgres_adapter::migrate::{
    self, MigrateError, pending, prepare_and_migrate, revert_all,
};
use unionhall_testing::{TestDatabase, builders};

use crate::connect;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(url: &str, query: &str) -> i64 {
    sql_query(query)
        .get_result::<Count>(&mut connect(url))
        .unwrap()
        .count
}

/// What is in the schema that no extension has brought.
const OWN_THINGS: &str = "\
    select count(*) from ( \
        select oid, 'pg_class'::regclass as kind from pg_class \
            where relnamespace = 'public'::regnamespace and relname not like '\\_\\_diesel%' \
        union all select oid, 'pg_proc'::regclass from pg_proc where pronamespace = 'public'::regnamespace \
        union all select oid, 'pg_type'::regclass from pg_type \
            where typnamespace = 'public'::regnamespace and typname not like '%\\_\\_diesel%') thing \
    where not exists ( \
        select from pg_depend d where d.classid = thing.kind and d.objid = thing.oid and d.deptype = 'e') \
      and not exists ( \
        select from pg_depend d join pg_type t on t.oid = d.refobjid and d.refclassid = 'pg_type'::regclass \
            join pg_depend e on e.objid = t.oid and e.deptype = 'e' \
        where d.classid = thing.kind and d.objid = thing.oid)";

#[test]
fn everything_is_applied_taken_back_and_applied_again() {
    let database = TestDatabase::empty();
    let (owner, runtime) = (database.owner_url(), database.runtime_url());
    let first = prepare_and_migrate(&owner, &runtime).unwrap();
    assert!(
        first
            .lines
            .iter()
            .any(|line| line == "applied migration 20261121100000"),
        "{first:?}"
    );
    let made = count(&owner, OWN_THINGS);
    assert!(made > 20, "{made}");
    revert_all(&owner).unwrap();
    assert_eq!(count(&owner, OWN_THINGS), 0, "something was left behind");
    let again = prepare_and_migrate(&owner, &runtime).unwrap();
    assert!(!again.lines.is_empty());
    assert_eq!(count(&owner, OWN_THINGS), made);
    let nothing = prepare_and_migrate(&owner, &runtime).unwrap();
    assert!(nothing.lines.is_empty(), "{nothing:?}");
}

#[test]
fn two_programs_may_migrate_at_once() {
    let database = TestDatabase::empty();
    let (owner, runtime) = (database.owner_url(), database.runtime_url());
    std::thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| prepare_and_migrate(&owner, &runtime).unwrap()));
        let applied: usize = both
            .map(|one| one.join().unwrap().lines.len())
            .iter()
            .filter(|lines| **lines > 0)
            .count();
        assert_eq!(applied, 1, "one applies everything, the other nothing");
    });
}

#[test]
fn later_migrations_apply_to_a_database_that_the_earlier_ones_have_filled() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let user = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &user, tenant, &[]);
    // Back to the spine, which the records above are in, and forward again.
    migrate::revert_to(&database.owner_url(), "20261121100000").unwrap();
    assert_eq!(
        pending(&database.runtime_url()).unwrap().len(),
        migrate::all().len() - 1
    );
    prepare_and_migrate(&database.owner_url(), &database.runtime_url()).unwrap();
    assert_eq!(
        count(&database.owner_url(), "select count(*) from memberships"),
        1
    );
}

#[test]
fn what_was_told_before_its_words_were_gathered_is_found_by_mistyped_words_too() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let ada = builders::member(storage, tenant, "A1", "Ada", "Voltz").id;
    let employer = builders::organization(storage, tenant, "Cascade Electric").id;
    migrate::revert_to(&database.owner_url(), "20261121190000").unwrap();
    database.execute(&format!(
        "insert into grievances (id, tenant_id, year, place, member_id, employer_id, filed_date, \
             violation_description, current_step, employer_answer, status, version, created_at, updated_at) \
         values (gen_random_uuid(), '{tenant}', 2026, 7, '{ada}', '{employer}', '2026-03-02', \
             'Overtime was given out by favour.', 'step_1', 'pending', 'open', 1, now(), now())"
    ));
    prepare_and_migrate(&database.owner_url(), &database.runtime_url()).unwrap();
    let known = "select count(*) from case_words where kind = 'grievance' and word = 'overtime'";
    assert_eq!(count(&database.owner_url(), known), 1);
}

#[test]
fn drafts_that_members_wrote_before_are_theirs_alone_and_their_words_are_not_gathered() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let ada = builders::member(storage, tenant, "A1", "Ada", "Voltz").id;
    let user = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &user, tenant, &[]);
    let clerk = builders::user(storage, "clerk@hall.example");
    builders::membership(storage, &clerk, tenant, &[]);
    migrate::revert_to(&database.owner_url(), "20261122090000").unwrap();
    database.execute(&format!(
        "set app.tenant = '{tenant}'; update memberships set member_id = '{ada}' where user_id = '{0}'; \
         insert into benevolence_applications (id, tenant_id, year, place, member_id, filed_by, application_date, \
             reason, description, amount_requested, status, since, version, created_at, updated_at) \
         select gen_random_uuid(), '{tenant}', 2026, place, '{ada}', filed_by::uuid, '2026-03-02', 'medical', words, \
             100, status, now(), 1, now(), now() \
         from (values (1, '{0}', 'Dialysis.', 'draft'), (2, '{1}', 'Surgery.', 'draft'), \
             (3, '{0}', 'Burglary.', 'withdrawn')) as told (place, filed_by, words, status)",
        user.id, clerk.id
    ));
    prepare_and_migrate(&database.owner_url(), &database.runtime_url()).unwrap();
    let owner = database.owner_url();
    let theirs = "select count(*) from benevolence_applications where by_member and place = 1";
    assert_eq!(count(&owner, theirs), 1);
    let marked = "select count(*) from benevolence_applications where by_member";
    assert_eq!(count(&owner, marked), 1);
    let word = |word: &str| {
        count(
            &owner,
            &format!("select count(*) from case_words where word = '{word}'"),
        )
    };
    assert_eq!(
        [word("dialysis"), word("surgery"), word("burglary")],
        [0, 1, 1]
    );
}

#[test]
fn an_answer_that_did_not_come_and_was_recorded_twice_counts_once_after_the_migration() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let ada = builders::member(storage, tenant, "A1", "Ada", "Voltz").id;
    let employer = builders::organization(storage, tenant, "Cascade Electric").id;
    migrate::revert_to(&database.owner_url(), "20261121201000").unwrap();
    let grievance = builders::fresh_uuid();
    database.execute(&format!(
        "insert into grievances (id, tenant_id, year, place, member_id, employer_id, filed_date, \
             violation_description, current_step, employer_answer, status, version, created_at, updated_at) \
         values ('{grievance}', '{tenant}', 2026, 7, '{ada}', '{employer}', '2026-03-02', \
             'Overtime was given out by favour.', 'step_1', 'pending', 'open', 1, now(), now())"
    ));
    // Twice the same, once of another day, and twice something else that may well happen twice.
    for (id, kind, day) in [
        (1, "answer_due", "2026-03-12"),
        (2, "answer_due", "2026-03-12"),
        (3, "answer_due", "2026-03-12"),
        (4, "answer_due", "2026-04-12"),
        (5, "meeting_held", "2026-03-05"),
        (6, "meeting_held", "2026-03-05"),
    ] {
        database.execute(&format!(
            "insert into grievance_events (id, tenant_id, grievance_id, kind, step, happened_on, service, \
                 created_at) \
             values ('00000000-0000-7000-8000-00000000000{id}', '{tenant}', '{grievance}', '{kind}', 'step_1', \
                 '{day}', 'direct', now())"
        ));
    }
    prepare_and_migrate(&database.owner_url(), &database.runtime_url()).unwrap();
    let owner = database.owner_url();
    let counting = "select count(*) from grievance_events where retracted_at is null";
    assert_eq!(count(&owner, counting), 4, "nothing but the repetitions");
    let first = "select count(*) from grievance_events \
        where kind = 'answer_due' and retracted_at is null and id::text like '%1'";
    assert_eq!(count(&owner, first), 1, "the earliest stays");
    let why =
        "select count(*) from grievance_events where retracted_for = 'It was recorded twice.'";
    assert_eq!(count(&owner, why), 2);
}

#[test]
fn pending_migrations_are_named_oldest_first() {
    let database = TestDatabase::empty();
    let all = migrate::all();
    assert_eq!(
        all.first().map(String::as_str),
        Some("2026-11-21-100000_spine")
    );
    assert_eq!(pending(&database.owner_url()).unwrap(), all);
    prepare_and_migrate(&database.owner_url(), &database.runtime_url()).unwrap();
    assert_eq!(
        pending(&database.runtime_url()).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn a_database_is_made_once() {
    let database = TestDatabase::empty();
    let make = || migrate::create_database(&database.owner_url(), "made \"once\"").unwrap();
    assert_eq!((make(), make()), (true, false));
    migrate::drop_database(&database.owner_url(), "made \"once\"").unwrap();
}

#[test]
fn what_is_no_address_is_told_without_repeating_it() {
    let result = pending("host=secret");
    assert!(matches!(&result, Err(MigrateError::Url)));
    assert!(!format!("{result:?}").contains("secret"));
}
