//! Tenants: found by id and slug, listed, added once, with a plan that is the operator's and limits that hold.

use std::{sync::Barrier, thread};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use unionhall_domain::{
    roles::Role,
    tenants::{
        Country, Plan, RegistrationPolicy, Slug, Standing, Tenant, TenantDetails, TenantId,
        TenantSettings, WebAddress,
    },
    users::EmailAddress,
    version::Version,
};
use unionhall_ports::{
    identity::Membership,
    storage::StorageError,
    tenants::Room,
    unit_of_work::{Repositories, Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use crate::connect;

#[test]
fn a_tenant_comes_back_as_it_was_by_id_and_by_slug() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let found = storage.snapshot(Scope::Identity, |tx| {
        let by_id = tx.tenants().find(tenant.id)?;
        let by_slug = tx.tenants().find_by_slug(&tenant.slug)?;
        let unknown = tx
            .tenants()
            .find_by_slug(&Slug::parse("local-47").unwrap())?;
        Ok::<_, StorageError>((by_id, by_slug, unknown))
    });
    assert_eq!(found.unwrap(), (Some(tenant.clone()), Some(tenant), None));
}

#[test]
fn all_tenants_are_listed_by_slug() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (b, a) = (
        builders::tenant(storage, "b-1"),
        builders::tenant(storage, "a-1"),
    );
    let listed = storage.read(Scope::Identity, |tx| tx.tenants().list());
    assert_eq!(listed.unwrap(), [a, b]);
}

#[test]
fn a_taken_slug_is_named() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let mut tenant = builders::tenant(storage, "local-46");
    tenant.id = builders::fresh_id();
    let result = storage.transaction(Scope::Identity, |tx| tx.tenants().insert(&tenant));
    assert!(matches!(result, Err(StorageError::Constraint { name }) if name == "tenants_slug_key"));
}

#[test]
fn of_two_who_add_a_tenant_with_one_slug_at_once_one_does_and_the_other_is_told() {
    let database = TestDatabase::new();
    let storages = [database.unit_of_work(), database.unit_of_work()];
    let together = Barrier::new(2);
    let add = |storage: &dyn UnitOfWork| {
        together.wait();
        let tenant = builders::a_tenant("local-46");
        builders::store(storage, Scope::Identity, |tx| {
            tx.tenants().insert_if_free(&tenant)
        })
    };
    let added = thread::scope(|scope| {
        let threads = storages
            .each_ref()
            .map(|storage| scope.spawn(|| add(&**storage)));
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(added.iter().filter(|added| **added).count(), 1);
}

#[test]
fn a_tenant_sees_itself_and_adds_none() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let own = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    let scope = Scope::Tenant(own.id);
    let seen = storage.snapshot(scope, |tx| {
        Ok::<_, StorageError>((tx.tenants().find(other.id)?, tx.tenants().list()?))
    });
    assert_eq!(seen.unwrap(), (None, vec![own.clone()]));
    let mut new = own;
    (new.id, new.slug) = (builders::fresh_id(), Slug::parse("local-48").unwrap());
    let result = storage.transaction(scope, |tx| tx.tenants().insert(&new));
    assert!(matches!(result, Err(StorageError::Failed(_))));
}

/// A tenant with this plan.
fn with_plan(storage: &dyn UnitOfWork, slug: &str, plan: Plan) -> Tenant {
    let tenant = builders::tenant(storage, slug);
    set(storage, tenant, plan).unwrap()
}

/// Writes a plan over the one the tenant has.
fn set(storage: &dyn UnitOfWork, tenant: Tenant, plan: Plan) -> Result<Tenant, StorageError> {
    let after = Tenant {
        plan,
        version: tenant.version.next(),
        ..tenant
    };
    storage.transaction(Scope::Identity, |tx| tx.tenants().update_plan(&after))?;
    Ok(after)
}

#[derive(QueryableByName)]
struct Used {
    #[diesel(sql_type = BigInt)]
    used_storage_bytes: i64,
}

fn used(database: &TestDatabase, tenant: TenantId) -> i64 {
    let question = format!("select used_storage_bytes from tenants where id = '{tenant}'");
    let row = sql_query(question).get_result::<Used>(&mut connect(&database.owner_url()));
    row.unwrap().used_storage_bytes
}

fn limited(max_users: Option<u32>, max_storage_bytes: Option<u64>) -> Plan {
    Plan {
        max_users,
        max_storage_bytes,
        ..Plan::ACTIVE
    }
}

#[test]
fn a_plan_comes_back_as_it_was_set() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let plans = [
        Plan::trial(builders::now()),
        Plan {
            standing: Standing::Suspended,
            max_users: Some(25),
            max_storage_bytes: Some(u64::from(u32::MAX) * 100),
            tier: Some(builders::line("standard")),
        },
        Plan {
            standing: Standing::Canceled,
            ..Plan::ACTIVE
        },
        Plan::ACTIVE,
    ];
    let mut tenant = builders::tenant(storage, "local-46");
    for plan in plans {
        tenant = set(storage, tenant, plan).unwrap();
        let found = storage.read(Scope::Identity, |tx| tx.tenants().find(tenant.id));
        assert_eq!(found.unwrap(), Some(tenant.clone()));
    }
}

#[test]
fn a_plan_that_somebody_else_set_meanwhile_is_not_overwritten() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    set(storage, tenant.clone(), limited(Some(5), None)).unwrap();
    let result = set(storage, tenant, Plan::ACTIVE);
    assert!(matches!(result, Err(StorageError::Stale)));
}

#[test]
fn a_tenant_does_not_change_its_own_plan_and_not_another_tenant() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let own = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    for (tenant, plan) in [(own.clone(), limited(Some(5), None)), (other, Plan::ACTIVE)] {
        let after = Tenant {
            plan,
            version: Version::FIRST.next(),
            ..tenant
        };
        let result =
            storage.transaction(Scope::Tenant(own.id), |tx| tx.tenants().update_plan(&after));
        assert!(result.is_err());
    }
    let found = storage.read(Scope::Identity, |tx| tx.tenants().find(own.id));
    assert_eq!(found.unwrap(), Some(own));
}

/// Does the work twice at once, each in a transaction of its own that has begun before either works on.
fn at_once<T: Send>(
    database: &TestDatabase,
    scope: Scope,
    work: impl Fn(&mut dyn Repositories, usize) -> Result<T, StorageError> + Sync,
) -> Vec<T> {
    let (barrier, work) = (&Barrier::new(2), &work);
    thread::scope(|threads| {
        let both: Vec<_> = (0..2)
            .map(|number| {
                let storage = database.unit_of_work();
                threads.spawn(move || {
                    storage.transaction(scope, |tx| {
                        // A statement, so that the transaction has begun in the database.
                        tx.tenants().list()?;
                        barrier.wait();
                        work(tx, number)
                    })
                })
            })
            .collect();
        let results = both.into_iter().map(|thread| thread.join().unwrap());
        results.map(Result::unwrap).collect()
    })
}

#[test]
fn of_two_who_take_the_last_place_at_once_one_gets_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = with_plan(storage, "local-46", limited(Some(2), None)).id;
    let first = builders::user(storage, "first@hall.example");
    builders::membership(storage, &first, tenant, &[Role::Owner]);
    let people = [
        builders::user(storage, "a@hall.example").id,
        builders::user(storage, "b@hall.example").id,
    ];
    let rooms = at_once(&database, Scope::Identity, move |tx, number| {
        let room = tx.tenants().reserve_user(tenant)?;
        if room == Room::Reserved {
            let membership = Membership {
                user: people[number],
                tenant,
                roles: Vec::new(),
                member: None,
            };
            tx.identity().put_membership(&membership, builders::now())?;
        }
        Ok(room)
    });
    let reserved = rooms.iter().filter(|room| **room == Room::Reserved);
    assert_eq!(reserved.count(), 1);
    assert!(rooms.contains(&Room::Full { limit: 2 }));
}

#[test]
fn who_was_removed_takes_no_place_and_the_tenant_itself_can_ask() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = with_plan(storage, "local-46", limited(Some(1), None)).id;
    let user = builders::user(storage, "a@hall.example");
    builders::membership(storage, &user, tenant, &[]);
    let ask = |scope| builders::store(storage, scope, |tx| tx.tenants().reserve_user(tenant));
    let scopes = [Scope::Identity, Scope::Tenant(tenant)];
    assert_eq!(scopes.map(ask), [Room::Full { limit: 1 }; 2]);
    database.execute("update memberships set state = 'removed', removed_at = now()");
    assert_eq!(scopes.map(ask), [Room::Reserved; 2]);
}

#[test]
fn without_a_limit_there_is_always_a_place_and_always_room() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let place = builders::store(storage, Scope::Identity, |tx| {
        tx.tenants().reserve_user(tenant)
    });
    let room = builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.tenants().reserve_storage(tenant, 1 << 40, 0)
    });
    assert_eq!((place, room), (Room::Reserved, Room::Reserved));
    assert_eq!(used(&database, tenant), 1 << 40);
}

#[test]
fn of_two_who_fill_the_last_room_at_once_one_gets_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = with_plan(storage, "local-46", limited(None, Some(1_000))).id;
    let rooms = at_once(&database, Scope::Tenant(tenant), move |tx, _| {
        tx.tenants().reserve_storage(tenant, 600, 0)
    });
    let reserved = rooms.iter().filter(|room| **room == Room::Reserved);
    assert_eq!(reserved.count(), 1);
    assert!(rooms.contains(&Room::Full { limit: 1_000 }));
    assert_eq!(used(&database, tenant), 600);
}

#[test]
fn storage_is_freed_by_what_takes_its_place_and_what_grows_no_further_always_fits() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = with_plan(storage, "local-46", limited(None, Some(1_000)));
    let id = tenant.id;
    let reserve = |bytes, freed| {
        builders::store(storage, Scope::Tenant(id), |tx| {
            tx.tenants().reserve_storage(id, bytes, freed)
        })
    };
    assert_eq!(reserve(900, 0), Room::Reserved);
    assert_eq!(reserve(1_000, 900), Room::Reserved);
    assert_eq!(reserve(1, 0), Room::Full { limit: 1_000 });
    // The operator lowers the limit below what is used: nothing is lost, and nothing grows.
    set(storage, tenant, limited(None, Some(100))).unwrap();
    assert_eq!(reserve(500, 1_000), Room::Reserved);
    assert_eq!(reserve(501, 500), Room::Full { limit: 100 });
    assert_eq!(reserve(0, 500), Room::Reserved);
    assert_eq!(used(&database, id), 0);
}

#[test]
fn what_is_rolled_back_was_not_used() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let rehearsed = storage.rehearsal(Scope::Tenant(tenant), |tx| {
        tx.tenants().reserve_storage(tenant, 7, 0)
    });
    assert_eq!(rehearsed.unwrap(), Room::Reserved);
    assert_eq!(used(&database, tenant), 0);
}

#[test]
fn settings_come_back_as_they_were_set_in_the_tenants_own_scope_and_leave_the_plan() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = with_plan(storage, "local-46", limited(Some(9), Some(9)));
    let scope = Scope::Tenant(tenant.id);
    let full = TenantSettings {
        second_language_name: Some(builders::line("Sección 46")),
        contact_email: Some(EmailAddress::parse("office@hall.example").unwrap()),
        contact_phone: Some(builders::line("206-555-0146")),
        address_line_1: Some(builders::line("1 Union Way")),
        address_line_2: Some(builders::line("Suite 46")),
        city: Some(builders::line("Kent")),
        state: Some(builders::line("WA")),
        zip_code: Some(builders::line("98032")),
        country: Some(Country::parse("US").unwrap()),
        website: Some(WebAddress::parse("https://hall.example").unwrap()),
        registration_policy: RegistrationPolicy::AsMember,
        second_factor_roles: vec![Role::Owner, Role::Admin],
    };
    let mut version = tenant.version;
    for settings in [full, TenantSettings::NONE] {
        version = version.next();
        let details = TenantDetails {
            tenant: Tenant {
                name: builders::line("Renamed"),
                // What a tenant believes of its plan is not written.
                plan: tenant.plan.clone(),
                version,
                ..tenant.clone()
            },
            settings,
        };
        let mut believed = details.clone();
        believed.tenant.plan = Plan::ACTIVE;
        builders::store(storage, scope, |tx| tx.tenants().update_settings(&believed));
        let found = storage.read(scope, |tx| tx.tenants().find_details(tenant.id));
        assert_eq!(found.unwrap(), Some(details.clone()));
        let by_slug = storage.read(Scope::Identity, |tx| {
            tx.tenants().find_details_by_slug(&tenant.slug)
        });
        assert_eq!(by_slug.unwrap(), Some(details.clone()));
        let again = storage.transaction(scope, |tx| tx.tenants().update_settings(&details));
        assert!(matches!(again, Err(StorageError::Stale)));
    }
}

#[test]
fn settings_of_another_tenant_are_neither_seen_nor_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let own = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    let scope = Scope::Tenant(own.id);
    let found = storage.read(scope, |tx| tx.tenants().find_details(other.id));
    assert_eq!(found.unwrap(), None);
    let details = TenantDetails {
        tenant: Tenant {
            version: other.version.next(),
            ..other
        },
        settings: TenantSettings::NONE,
    };
    let result = storage.transaction(scope, |tx| tx.tenants().update_settings(&details));
    assert!(matches!(result, Err(StorageError::Stale)));
}

#[test]
fn the_first_tenant_is_made_once_however_many_try_at_once() {
    let database = TestDatabase::new();
    let halls = thread::scope(|threads| {
        let tries: Vec<_> = (0..4)
            .map(|number| {
                let database = &database;
                threads.spawn(move || {
                    let storage = &*database.unit_of_work();
                    let tenant = builders::a_tenant(&format!("local-{number}"));
                    builders::store(storage, Scope::Identity, |tx| {
                        let is_first = tx.tenants().none_yet()?;
                        if is_first {
                            tx.tenants().insert(&tenant)?;
                        }
                        Ok(is_first)
                    })
                })
            })
            .collect();
        let made = tries.into_iter().map(|one| one.join().unwrap());
        made.filter(|is_first| *is_first).count()
    });
    assert_eq!(halls, 1);
    let storage = &*database.unit_of_work();
    let none = builders::store(storage, Scope::Identity, |tx| tx.tenants().none_yet());
    assert!(!none);
}
