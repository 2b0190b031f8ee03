//! The two tenants of every TestApp: a local and a trust, with one person for each role.

use std::sync::OnceLock;

use unionhall::passwords::BcryptHasher;
use unionhall_domain::{
    members::MemberId,
    roles::Role,
    tenants::{Currency, Plan, Slug, Tenant, TenantId, TenantKind, ZoneName},
    users::{EmailAddress, User},
    version::Version,
};
use unionhall_ports::{
    identity::{HeldRole, Membership},
    passwords::{Password, PasswordHash, PasswordHasher},
    storage::StorageError,
    unit_of_work::{Repositories, Scope, UnitOfWork},
};

use crate::builders::{fresh_id, line, now, store};

/// The password of every person.
pub const PASSWORD: &str = "solidarity-in-tests";
/// The work in a hash: the least that bcrypt knows.
pub const BCRYPT_COST: u32 = 4;

/// A tenant and its people.
#[derive(Debug, Clone)]
pub struct Hall {
    /// The tenant.
    pub tenant: Tenant,
    people: Vec<(Role, User)>,
}

impl Hall {
    /// The id of the tenant.
    #[must_use]
    pub const fn id(&self) -> TenantId {
        self.tenant.id
    }

    /// The person with this role.
    ///
    /// # Panics
    /// Never: there is one for each role.
    #[must_use]
    pub fn person(&self, role: Role) -> &User {
        let mut people = self.people.iter();
        let found = people.find(|(held, _)| *held == role);
        &found.expect("every role has a person").1
    }

    /// What puts the person with this role into the tenant, as a union member if one is named.
    #[must_use]
    pub fn membership(&self, role: Role, member: Option<MemberId>) -> Membership {
        Membership {
            user: self.person(role).id,
            tenant: self.tenant.id,
            roles: vec![HeldRole {
                role,
                expires_at: None,
            }],
            member,
        }
    }
}

/// The local and the trust.
pub(super) fn found(storage: &dyn UnitOfWork) -> (Hall, Hall) {
    let local = hall("local-46", TenantKind::Local, "local46.example");
    let trust = hall("training-trust", TenantKind::TrainingTrust, "trust.example");
    store(storage, Scope::Identity, |tx| {
        put(tx, &local)?;
        put(tx, &trust)
    });
    (local, trust)
}

/// The hash of [`PASSWORD`], made once.
///
/// # Panics
/// When the system has no randomness.
pub fn password_hash() -> &'static PasswordHash {
    static HASH: OnceLock<PasswordHash> = OnceLock::new();
    HASH.get_or_init(|| {
        let password = Password::new(PASSWORD.to_owned()).expect("the password is short");
        BcryptHasher::new(BCRYPT_COST)
            .expect("the system has randomness")
            .hash(&password)
            .expect("a password can be hashed")
    })
}

fn hall(slug: &str, kind: TenantKind, domain: &str) -> Hall {
    let person = |role: Role| User {
        id: fresh_id(),
        email: EmailAddress::parse(&format!("{}@{domain}", role.as_str())).expect("an address"),
        first_name: line("Robin"),
        last_name: line(role.as_str()),
        last_login_at: None,
        created_at: now(),
    };
    Hall {
        tenant: Tenant {
            id: fresh_id(),
            slug: Slug::parse(slug).expect("a slug"),
            name: line(&format!("Hall {slug}")),
            kind,
            time_zone: ZoneName::parse("America/Los_Angeles").expect("a time zone"),
            currency: Currency::parse("USD").expect("a currency"),
            plan: Plan::ACTIVE,
            version: Version::FIRST,
            created_at: now(),
            updated_at: now(),
        },
        people: Role::ALL
            .into_iter()
            .map(|role| (role, person(role)))
            .collect(),
    }
}

fn put(tx: &mut dyn Repositories, hall: &Hall) -> Result<(), StorageError> {
    tx.tenants().insert(&hall.tenant)?;
    for (role, user) in &hall.people {
        tx.identity().insert_user(user, password_hash())?;
        tx.identity()
            .put_membership(&hall.membership(*role, None), now())?;
    }
    Ok(())
}
