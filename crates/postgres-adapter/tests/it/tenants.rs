//! Tenants: found by id and slug, listed, added once.

use unionhall_domain::tenants::Slug;
use unionhall_ports::{storage::StorageError, unit_of_work::Scope};
use unionhall_testing::{TestDatabase, builders};

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
