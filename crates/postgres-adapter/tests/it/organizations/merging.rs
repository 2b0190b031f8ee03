//! Contract of finding organizations that are there twice, and of merging them.

use std::collections::BTreeSet;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use jiff::ToSpan;
use unionhall_domain::{organizations::Organization, tenants::Tenant};
use unionhall_ports::{
    organizations::Likeness,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_postgres_adapter::{KEPT_WITH_ORGANIZATIONS, MERGED_WITH_ORGANIZATIONS};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

use crate::connect;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Every column that refers to organizations, as `table.column`; the tenant that is named with it aside.
const REFERRING: &str = "\
    select c.conrelid::regclass::text || '.' || a.attname as name from pg_constraint c \
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname <> 'tenant_id' \
    where c.contype = 'f' and c.confrelid = 'organizations'::regclass";

#[test]
fn everything_that_refers_to_organizations_is_moved_or_kept_on_purpose_when_they_are_merged() {
    let database = TestDatabase::new();
    let referring: BTreeSet<String> = sql_query(REFERRING)
        .load::<Column>(&mut connect(&database.owner_url()))
        .unwrap()
        .into_iter()
        .map(|column| column.name)
        .collect();
    let moved: BTreeSet<String> = MERGED_WITH_ORGANIZATIONS
        .iter()
        .map(|reference| (reference.table, reference.column))
        .chain(KEPT_WITH_ORGANIZATIONS.iter().copied())
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    assert_eq!(
        moved, referring,
        "a new reference to organizations gets its line in organizations/merging.rs"
    );
}

struct World {
    database: TestDatabase,
    tenant: Tenant,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let tenant = builders::tenant(&*database.unit_of_work(), "local-46");
        Self { database, tenant }
    }

    fn write<T>(&self, work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>) -> T {
        builders::store(
            &*self.database.unit_of_work(),
            Scope::Tenant(self.tenant.id),
            work,
        )
    }

    /// An organization that was made so many seconds after the first.
    fn made(&self, seconds: i64, name: &str, address: Option<&str>) -> Organization {
        let mut organization = builders::unstored_organization(name);
        organization.details.address = address.map(line);
        organization.created_at = builders::now() + seconds.seconds();
        self.write(|tx| tx.organizations().insert(&organization));
        organization
    }

    fn like(&self, name: &str, address: Option<&str>) -> Vec<(String, u8, bool)> {
        let wanted = Likeness {
            name: name.to_owned(),
            address: address.map(str::to_owned),
        };
        let found = self.write(|tx| tx.duplicates().similar(&wanted, None));
        let told = found.into_iter().map(|found| {
            let name = found.organization.details.name.to_string();
            (name, found.similarity, found.same_address)
        });
        told.collect()
    }
}

#[test]
fn names_are_one_whatever_their_legal_form_punctuation_accents_and_case() {
    let world = World::new();
    world.made(0, "Núñez & Söhne Electric, Inc.", Some("12 Union Street"));
    world.made(1, "Faraday Works", Some("900 1st Ave. S"));
    let all = vec![("Núñez & Söhne Electric, Inc.".to_owned(), 100, false)];
    for name in [
        "Núñez & Söhne Electric, Inc.",
        "nunez and sohne electric llc",
        "The Nunez Sohne Electric Co.",
        "NUNEZ SOHNE ELECTRIC I.N.C.",
    ] {
        assert_eq!(world.like(name, None), all, "{name}");
    }
    let near = world.like("Nunes Sohne Electric", None);
    assert!((45..100).contains(&near[0].1), "{near:?}");
    for other in ["Volta", "", "%", "'; drop table organizations; --\0"] {
        assert_eq!(world.like(other, None), [], "{other}");
    }
    let found = world.like("Somebody Else", Some("900 First Avenue South"));
    assert_eq!(found, []);
    let found = world.like("Somebody Else", Some("900 1st avenue south"));
    assert_eq!(found.len(), 1);
    assert!(found[0].2, "{found:?}");
}

#[test]
fn pairs_are_those_that_are_alike_and_each_is_told_once() {
    let world = World::new();
    let first = world.made(0, "Puget Electric", None);
    let second = world.made(1, "Puget Electric, Inc.", None);
    world.made(2, "Faraday Works", Some("900 1st Ave S"));
    world.made(3, "Faraday Electric Works", Some("900 1st Avenue South"));
    world.made(4, "Volta", None);
    let pairs = world.write(|tx| tx.duplicates().pairs(100));
    let told: Vec<_> = pairs
        .iter()
        .map(|pair| (pair.second.similarity == 100, pair.second.same_address))
        .collect();
    assert_eq!(told, [(true, false), (false, true)]);
    assert_eq!(pairs[0].first, first);
    assert_eq!(pairs[0].second.organization, second);
    assert_eq!(world.write(|tx| tx.duplicates().pairs(1)).len(), 1);
    let storage = world.database.unit_of_work();
    let other = builders::tenant(&*storage, "local-47");
    let theirs = builders::store(&*storage, Scope::Tenant(other.id), |tx| {
        tx.duplicates().pairs(100)
    });
    assert_eq!(theirs, []);
}

#[test]
fn what_was_merged_leads_to_where_it_is_now() {
    let world = World::new();
    let [first, second, third] = [0, 1, 2].map(|n| world.made(n, &format!("Ampere {n}"), None));
    let merge = |loser: &Organization, winner: &Organization| {
        world.write(|tx| {
            let gone = Organization {
                deleted_at: Some(builders::now()),
                version: loser.version.next(),
                ..loser.clone()
            };
            tx.organizations().update(&gone)?;
            tx.duplicates()
                .take_over(winner.id, loser.id, builders::now())
        })
    };
    assert_eq!(merge(&first, &second), []);
    assert_eq!(merge(&second, &third), []);
    world.write(|tx| {
        let duplicates = tx.duplicates();
        assert_eq!(duplicates.merged_into(first.id)?, Some(third.id));
        assert_eq!(duplicates.merged_into(second.id)?, Some(third.id));
        assert_eq!(duplicates.merged_into(third.id)?, None);
        assert_eq!(duplicates.merged_into(builders::fresh_id())?, None);
        Ok(())
    });
}

#[test]
fn thousands_that_begin_alike_are_paired_in_time_and_with_what_is_mistyped_at_its_beginning() {
    let world = World::new();
    let many = format!(
        "insert into organizations \
            (id, tenant_id, name, org_type, version, created_at, updated_at) \
        select gen_random_uuid(), '{}', 'Electric ' || md5(n::text) || ' ' || n, 'employer', 1, now(), now() \
        from generate_series(1, 6000) as n",
        world.tenant.id
    );
    unionhall_postgres_adapter::migrate::execute(&world.database.owner_url(), &many).unwrap();
    let names = ["Puget Sound Power", "Kuget Sound Power", "Puget Sound Powr"];
    let made: Vec<_> = (0..)
        .zip(names)
        .map(|(n, name)| world.made(n, name, None).id)
        .collect();
    // Storage gives up after fifteen seconds: whoever compares each with each is not done by then.
    let pairs = world.write(|tx| tx.duplicates().pairs(100));
    let told: BTreeSet<_> = pairs
        .iter()
        .map(|pair| (pair.first.id, pair.second.organization.id))
        .collect();
    assert!(told.contains(&(made[0], made[1])), "{told:?}");
    assert!(told.contains(&(made[0], made[2])), "{told:?}");
}

#[test]
fn whoever_names_an_organization_in_secret_keeps_it_from_being_merged_and_from_nothing_else() {
    let world = World::new();
    let volta = world.made(0, "Volta", None);
    let asked = |lock: &str| {
        let statement = format!("select from organizations for {lock} nowait");
        let asked =
            unionhall_postgres_adapter::migrate::execute(&world.database.owner_url(), &statement);
        match asked {
            Ok(()) => true,
            Err(refused) => {
                let told = format!("{refused:?}");
                assert!(told.contains("could not obtain lock"), "{told}");
                false
            }
        }
    };
    world.write(|tx| {
        let kept = tx.organizations().keep_unmerged(volta.id)?;
        assert_eq!(kept.as_ref(), Some(&volta));
        // Who changes, deletes, holds or locks it does not wait; who merges does.
        assert!(asked("no key update") && asked("share") && asked("key share"));
        assert!(!asked("update"));
        Ok(())
    });
    world.write(|tx| {
        let locked = tx.organizations().lock_to_merge(volta.id)?;
        assert_eq!(locked.as_ref(), Some(&volta));
        assert!(!asked("key share"));
        Ok(())
    });
}
