//! Halls that wait to be made: one for each person, taken once, and forgotten with the registration it came with.

use unionhall_domain::{
    roles::Role,
    signups::Signup,
    tenants::{Currency, Slug, TenantKind, ZoneName},
    users::{User, UserId},
};
use unionhall_ports::{
    passwords::PasswordHash,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

fn signup(name: &str, slug: Option<&str>) -> Signup {
    Signup {
        name: builders::line(name),
        slug: slug.map(|slug| Slug::parse(slug).unwrap()),
        kind: TenantKind::TrainingTrust,
        time_zone: ZoneName::parse("America/Denver").unwrap(),
        currency: Currency::parse("CAD").unwrap(),
    }
}

fn put(storage: &dyn UnitOfWork, user: UserId, signup: &Signup) {
    builders::store(storage, Scope::Identity, |tx| {
        tx.signups().put(user, signup, builders::now())
    });
}

fn take(storage: &dyn UnitOfWork, user: UserId) -> Option<Signup> {
    builders::store(storage, Scope::Identity, |tx| tx.signups().take(user))
}

fn register(storage: &dyn UnitOfWork, email: &str) -> Option<UserId> {
    let user = User {
        id: builders::fresh_id(),
        email: unionhall_domain::users::EmailAddress::parse(email).unwrap(),
        first_name: builders::line("Ada"),
        last_name: builders::line("Okafor"),
        last_login_at: None,
        created_at: builders::now(),
    };
    let hash = PasswordHash::new("of no password".to_owned());
    builders::store(storage, Scope::Identity, |tx| {
        tx.identity().register(&user, &hash, None)
    })
}

#[test]
fn a_wish_comes_back_as_it_was_kept_and_once() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let ada = builders::user(storage, "ada@hall.example").id;
    for wish in [
        signup("Local 7", Some("local-7")),
        signup("Électriciens", None),
    ] {
        put(storage, ada, &signup("An older one", None));
        put(storage, ada, &wish);
        assert_eq!(take(storage, ada), Some(wish));
        assert_eq!(take(storage, ada), None);
    }
    put(storage, builders::fresh_id(), &signup("Nobody's", None));
}

#[test]
fn registering_again_forgets_the_wish_and_a_known_address_keeps_what_it_has() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let ada = register(storage, "ada@hall.example").unwrap();
    put(storage, ada, &signup("Local 7", None));
    assert_eq!(register(storage, "ada@hall.example"), Some(ada));
    assert_eq!(take(storage, ada), None);
    put(storage, ada, &signup("Local 7", None));
    database.execute("update users set verified_at = now()");
    assert_eq!(register(storage, "ada@hall.example"), None);
    assert_eq!(take(storage, ada), Some(signup("Local 7", None)));
}

#[test]
fn a_trial_is_its_owners_and_nobody_elses() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-7").id;
    let people = [
        "ada@hall.example",
        "grace@hall.example",
        "mary@hall.example",
    ];
    let [owner, staff, removed] = people.map(|email| builders::user(storage, email));
    builders::membership(storage, &owner, tenant, &[Role::Owner]);
    builders::membership(storage, &staff, tenant, &[Role::Staff]);
    builders::membership(storage, &removed, tenant, &[Role::Owner]);
    database.execute(&format!(
        "update memberships set state = 'removed', removed_at = now() where user_id = '{}'",
        removed.id
    ));
    let trial_of = |user: &User| {
        builders::store(storage, Scope::Identity, |tx| {
            tx.signups().hold_trial_of(user.id)
        })
    };
    assert_eq!(trial_of(&owner), None);
    database
        .execute("update tenants set status = 'trial', trial_ends_at = now() - interval '1 day'");
    assert_eq!(trial_of(&owner), Some(Slug::parse("local-7").unwrap()));
    assert_eq!((trial_of(&staff), trial_of(&removed)), (None, None));
}

#[test]
fn a_tenant_sees_and_keeps_no_wishes() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-7").id;
    let ada = builders::user(storage, "ada@hall.example");
    builders::membership(storage, &ada, tenant, &[Role::Owner]);
    put(storage, ada.id, &signup("Local 8", None));
    let scope = Scope::Tenant(tenant);
    let taken = storage.transaction(scope, |tx| tx.signups().take(ada.id));
    assert_eq!(taken.unwrap(), None);
    let kept = storage.transaction(scope, |tx| {
        tx.signups()
            .put(ada.id, &signup("Local 9", None), builders::now())
    });
    assert!(matches!(kept, Err(StorageError::Failed(_))));
}
