//! Which picture is whose, and the files that nothing refers to.

use jiff::SignedDuration;
use unionhall_domain::{roles::Role, tenants::Slug};
use unionhall_ports::{
    blobs::BlobKey,
    pictures::{PictureFormat, PictureOwner, StoredPicture},
    storage::StorageError,
    unit_of_work::Scope,
};
use unionhall_testing::{TestDatabase, builders};

fn picture(key: &str) -> StoredPicture {
    StoredPicture {
        key: BlobKey::parse(key).unwrap(),
        format: PictureFormat::Png,
        bytes: 300,
    }
}

#[test]
fn a_picture_is_put_in_the_place_of_the_one_that_was_there_and_of_no_other() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let user = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &user, tenant, &[Role::Staff]);
    let scope = Scope::Tenant(tenant);
    for owner in [PictureOwner::Tenant, PictureOwner::User(user.id)] {
        let find = || storage.read(scope, |tx| tx.pictures().find(owner)).unwrap();
        let replace = |before: Option<&StoredPicture>, after: Option<&StoredPicture>| {
            storage.transaction(scope, |tx| {
                tx.pictures().replace(owner, before, after, builders::now())
            })
        };
        let (first, second) = (picture("a/1"), picture("a/2"));
        assert_eq!(find(), None);
        replace(None, Some(&first)).unwrap();
        assert_eq!(find(), Some(first.clone()));
        let overtaken = replace(None, Some(&second));
        assert!(matches!(overtaken, Err(StorageError::Stale)));
        replace(Some(&first), Some(&second)).unwrap();
        replace(Some(&second), None).unwrap();
        assert_eq!(find(), None);
    }
}

#[test]
fn pictures_of_another_tenant_and_of_its_people_are_neither_seen_nor_changed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let own = builders::tenant(storage, "local-46").id;
    let other = builders::tenant(storage, "local-47").id;
    let user = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &user, other, &[Role::Staff]);
    let owner = PictureOwner::User(user.id);
    let put = |tenant| {
        storage.transaction(Scope::Tenant(tenant), |tx| {
            let pictures = tx.pictures();
            pictures.replace(owner, None, Some(&picture("a/1")), builders::now())
        })
    };
    assert!(matches!(put(own), Err(StorageError::Stale)));
    put(other).unwrap();
    let seen = storage.read(Scope::Tenant(own), |tx| tx.pictures().find(owner));
    assert_eq!(seen.unwrap(), None);
}

#[test]
fn everybody_finds_a_logo_by_slug_until_the_tenant_is_canceled() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        let (owner, logo) = (PictureOwner::Tenant, picture("a/1"));
        tx.pictures()
            .replace(owner, None, Some(&logo), builders::now())
    });
    let find = |slug: &str| {
        let slug = Slug::parse(slug).unwrap();
        let found = storage.read(Scope::Identity, |tx| tx.pictures().find_logo(&slug));
        found.unwrap()
    };
    assert_eq!(find("local-46"), Some(picture("a/1")));
    assert_eq!(find("local-47"), None);
    database.execute("update tenants set status = 'canceled'");
    assert_eq!(find("local-46"), None);
}

#[test]
fn a_file_is_due_from_its_instant_on_until_it_is_kept_or_removed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46").id;
    let other = builders::tenant(storage, "local-47").id;
    let scope = Scope::Tenant(tenant);
    let keys = ["a/1", "a/2", "a/3"].map(|key| BlobKey::parse(key).unwrap());
    let now = builders::now();
    for (key, seconds) in keys.iter().zip([0, 0, 1]) {
        let due = now + SignedDuration::from_secs(seconds);
        builders::store(storage, scope, |tx| tx.pictures().release(key, due));
    }
    let due = || {
        let due = storage.read(Scope::Worker, |tx| tx.pictures().due(now, 9));
        let due = due.unwrap().into_iter();
        due.map(|file| file.key).collect::<Vec<_>>()
    };
    assert_eq!(due(), keys[..2]);
    let foreign = storage.transaction(Scope::Tenant(other), |tx| tx.pictures().keep(&keys[0]));
    assert!(matches!(foreign, Err(StorageError::Stale)));
    builders::store(storage, scope, |tx| tx.pictures().keep(&keys[0]));
    let again = storage.transaction(scope, |tx| tx.pictures().keep(&keys[0]));
    assert!(matches!(again, Err(StorageError::Stale)));
    builders::store(storage, Scope::Worker, |tx| tx.pictures().removed(&keys[1]));
    assert_eq!(due(), []);
}
