//! Records to fill a test's database with, inserted through the ports.
//!
//! Every record is valid and plain; a test changes the returned value, or writes its own, where more is needed.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use unionhall_domain::{
    ids::Id,
    invitations::{Guest, Invitation, State, ValidFor},
    members::{Member, MemberClassification, MemberDetails, MemberNumber, MemberStatus},
    organizations::{Organization, OrganizationDetails, OrganizationType},
    roles::Role,
    tenants::{Currency, Plan, Slug, Tenant, TenantId, TenantKind, ZoneName},
    text::Line,
    users::{EmailAddress, User, UserId},
    version::Version,
};
use unionhall_ports::{
    identity::{HeldRole, Membership},
    passwords::PasswordHash,
    storage::StorageError,
    unit_of_work::{Repositories, Scope, UnitOfWork},
};
use uuid::Uuid;

/// When everything in tests is made.
///
/// # Panics
/// Never: the instant is one.
#[must_use]
pub fn now() -> Timestamp {
    "2026-03-02T17:00:00Z".parse().expect("an instant")
}

/// An id that nothing else in this process has; later ones sort after earlier ones.
pub fn fresh_id<T>() -> Id<T> {
    Id::new(fresh_uuid())
}

/// A UUID that nothing else in this process has; later ones sort after earlier ones.
pub fn fresh_uuid() -> Uuid {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    // Version 7 and the variant of RFC 9562 in their places, a counter in the last 62 bits.
    let base = 0x0190_0000_0000_7000_8000_0000_0000_0000_u128;
    Uuid::from_u128(base | u128::from(COUNT.fetch_add(1, Ordering::Relaxed)))
}

/// Does `work` in `scope` and keeps it.
///
/// # Panics
/// When storage fails.
pub fn store<T>(
    storage: &dyn UnitOfWork,
    scope: Scope,
    work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
) -> T {
    storage
        .transaction(scope, work)
        .unwrap_or_else(|error| panic!("a test's record could not be stored: {error:?}"))
}

/// A local in Seattle.
///
/// # Panics
/// When the slug is none, or taken.
pub fn tenant(storage: &dyn UnitOfWork, slug: &str) -> Tenant {
    let tenant = a_tenant(slug);
    store(storage, Scope::Identity, |tx| tx.tenants().insert(&tenant));
    tenant
}

/// A tenant that is stored nowhere.
///
/// # Panics
/// When the slug is none.
pub fn a_tenant(slug: &str) -> Tenant {
    Tenant {
        id: fresh_id(),
        slug: Slug::parse(slug).expect("a slug"),
        name: line(&format!("Hall {slug}")),
        kind: TenantKind::Local,
        time_zone: ZoneName::parse("America/Los_Angeles").expect("a time zone"),
        currency: Currency::parse("USD").expect("a currency"),
        plan: Plan::ACTIVE,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// A user whose stored hash is of no password.
///
/// # Panics
/// When the address is none, or taken.
pub fn user(storage: &dyn UnitOfWork, email: &str) -> User {
    user_with_hash(
        storage,
        email,
        &PasswordHash::new("of no password".to_owned()),
    )
}

/// A user with this password hash.
///
/// # Panics
/// When the address is none, or taken.
pub fn user_with_hash(storage: &dyn UnitOfWork, email: &str, hash: &PasswordHash) -> User {
    let user = User {
        id: fresh_id(),
        email: EmailAddress::parse(email).expect("an address"),
        first_name: line("Ada"),
        last_name: line("Okafor"),
        last_login_at: None,
        created_at: now(),
    };
    store(storage, Scope::Identity, |tx| {
        tx.identity().insert_user(&user, hash)
    });
    user
}

/// Gives a user a place in a tenant, with roles that do not expire.
///
/// # Panics
/// When storage fails.
pub fn membership(
    storage: &dyn UnitOfWork,
    user: &User,
    tenant: TenantId,
    roles: &[Role],
) -> Membership {
    let hold = |role: &Role| HeldRole {
        role: *role,
        expires_at: None,
    };
    let membership = Membership {
        user: user.id,
        tenant,
        roles: roles.iter().map(hold).collect(),
        member: None,
    };
    store(storage, Scope::Identity, |tx| {
        tx.identity().put_membership(&membership, now())
    });
    membership
}

/// An invitation to this address as staff, sent at this instant, which waits; nobody has its token.
///
/// # Panics
/// When the address is none, or one waits there already.
pub fn invitation(
    storage: &dyn UnitOfWork,
    tenant: TenantId,
    inviter: UserId,
    email: &str,
    sent_at: Timestamp,
) -> Invitation {
    let invitation = Invitation {
        id: fresh_id(),
        tenant,
        email: EmailAddress::parse(email).expect("an address"),
        guest: Guest::default(),
        message: None,
        roles: vec![HeldRole {
            role: Role::Staff,
            expires_at: None,
        }],
        member: None,
        invited_by: inviter,
        state: State::Pending,
        sent_at,
        expires_at: ValidFor::USUAL.from(sent_at),
        version: Version::FIRST,
        created_at: sent_at,
        updated_at: sent_at,
    };
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(invitation.id.uuid().as_bytes());
    let added = store(storage, Scope::Tenant(tenant), |tx| {
        tx.invitations().insert(&invitation, &hash)
    });
    assert!(added, "an invitation to {email} waits already");
    invitation
}

/// A member in good standing, of whom only number and name are known.
///
/// # Panics
/// When number or name are none, or the number is taken.
pub fn member(
    storage: &dyn UnitOfWork,
    tenant: TenantId,
    number: &str,
    first_name: &str,
    last_name: &str,
) -> Member {
    let member = unstored_member(number, first_name, last_name);
    store(storage, Scope::Tenant(tenant), |tx| {
        tx.members().insert(&member)
    });
    member
}

/// The same member, not stored.
///
/// # Panics
/// When number or name are none.
#[must_use]
pub fn unstored_member(number: &str, first_name: &str, last_name: &str) -> Member {
    Member {
        id: fresh_id(),
        details: MemberDetails {
            member_number: MemberNumber::parse(number).expect("a member number"),
            first_name: line(first_name),
            last_name: line(last_name),
            middle_name: None,
            address: None,
            city: None,
            state: None,
            zip_code: None,
            phone: None,
            email: None,
            date_of_birth: None,
            hire_date: None,
            status: MemberStatus::Active,
            classification: MemberClassification::Journeyman,
            notes: None,
        },
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// An employer, of whom only the name is known.
///
/// # Panics
/// When the name is none.
pub fn organization(storage: &dyn UnitOfWork, tenant: TenantId, name: &str) -> Organization {
    let organization = unstored_organization(name);
    store(storage, Scope::Tenant(tenant), |tx| {
        tx.organizations().insert(&organization)
    });
    organization
}

/// The same organization, not stored.
///
/// # Panics
/// When the name is none.
#[must_use]
pub fn unstored_organization(name: &str) -> Organization {
    Organization {
        id: fresh_id(),
        details: OrganizationDetails {
            name: line(name),
            org_type: OrganizationType::Employer,
            address: None,
            city: None,
            state: None,
            zip_code: None,
            phone: None,
            email: None,
            website: None,
        },
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// A line of text.
///
/// # Panics
/// When it is blank, too long or not one line.
#[must_use]
pub fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::parse(text).expect("a line of text")
}
