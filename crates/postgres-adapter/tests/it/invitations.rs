//! Invitations: kept, found, listed, and let go of once.

use std::{sync::Barrier, thread};

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    invitations::{Guest, Invitation, State, Status, Tally},
    roles::{HeldRole, Role},
    tenants::TenantId,
    text::Prose,
    users::{EmailAddress, User, places::PlaceState},
    version::Version,
};
use unionhall_ports::{
    identity::Membership,
    invitations::{Acquaintance, InvitationFilter, InvitationSort, Presented},
    pages::{Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

const HASH: [u8; 32] = [7; 32];

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

/// A hall with somebody who invites.
fn hall(storage: &dyn UnitOfWork, slug: &str) -> (TenantId, User) {
    let tenant = builders::tenant(storage, slug).id;
    let inviter = builders::user(storage, &format!("admin@{slug}.example"));
    builders::membership(storage, &inviter, tenant, &[Role::Admin, Role::Member]);
    (tenant, inviter)
}

fn invitation(tenant: TenantId, inviter: &User, email: &str) -> Invitation {
    Invitation {
        id: builders::fresh_id(),
        tenant,
        email: EmailAddress::parse(email).unwrap(),
        guest: Guest::default(),
        message: None,
        roles: vec![HeldRole {
            role: Role::Staff,
            expires_at: None,
        }],
        member: None,
        invited_by: inviter.id,
        state: State::Pending,
        sent_at: later(0),
        expires_at: later(100),
        version: Version::FIRST,
        created_at: later(0),
        updated_at: later(0),
    }
}

fn insert(storage: &dyn UnitOfWork, new: &Invitation, hash: [u8; 32]) -> bool {
    builders::store(storage, Scope::Tenant(new.tenant), |tx| {
        tx.invitations().insert(new, &hash)
    })
}

fn find(storage: &dyn UnitOfWork, wanted: &Invitation) -> Option<Invitation> {
    let work = storage.read(Scope::Tenant(wanted.tenant), |tx| {
        tx.invitations().find(wanted.id)
    });
    work.unwrap()
}

fn update(
    storage: &dyn UnitOfWork,
    scope: Scope,
    after: &Invitation,
    hash: Option<[u8; 32]>,
) -> Result<(), StorageError> {
    storage.transaction(scope, |tx| tx.invitations().update(after, hash))
}

fn next(before: &Invitation, state: State) -> Invitation {
    Invitation {
        state,
        version: before.version.next(),
        updated_at: later(9),
        ..before.clone()
    }
}

fn look(storage: &dyn UnitOfWork, id: &Invitation, hash: [u8; 32], at: i64) -> Option<Presented> {
    let work = storage.snapshot(Scope::Identity, |tx| {
        tx.invitations().look(id.id, &hash, later(at))
    });
    work.unwrap()
}

fn retire(
    storage: &dyn UnitOfWork,
    tenant: TenantId,
    wanted: &Invitation,
    at: i64,
) -> Vec<Invitation> {
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.invitations()
            .retire(&wanted.email, wanted.member, later(at))
    })
}

fn list(
    storage: &dyn UnitOfWork,
    tenant: TenantId,
    filter: &InvitationFilter,
    page: &PageRequest<InvitationSort>,
) -> Page<Invitation> {
    let work = storage.snapshot(Scope::Tenant(tenant), |tx| {
        tx.invitations().list(filter, page, later(50))
    });
    work.unwrap()
}

fn page(sort: InvitationSort, limit: u16) -> PageRequest<InvitationSort> {
    PageRequest {
        limit,
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: true,
    }
}

fn emails(page: &Page<Invitation>) -> Vec<&str> {
    let emails = page.items.iter();
    emails.map(|found| found.email.as_str()).collect()
}

#[test]
fn an_invitation_comes_back_as_it_was_written_whatever_became_of_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, inviter) = hall(storage, "local-1");
    let member = builders::member(storage, tenant, "1204", "Ada", "Voltz").id;
    let little = invitation(tenant, &inviter, "grace@spark.example");
    let whole = Invitation {
        guest: Guest {
            first_name: Some(builders::line("Ada")),
            last_name: Some(builders::line("Voltz")),
            job_title: Some(builders::line("Dispatcher")),
        },
        message: Some(Prose::parse("Welcome!\nRobin").unwrap()),
        roles: vec![
            HeldRole {
                role: Role::Officer,
                expires_at: Some(later(1_000)),
            },
            HeldRole {
                role: Role::Staff,
                expires_at: None,
            },
        ],
        member: Some(member),
        ..invitation(tenant, &inviter, "ada@spark.example")
    };
    for (byte, new) in (1..).zip([&little, &whole]) {
        assert!(insert(storage, new, [byte; 32]));
        assert_eq!(find(storage, new).as_ref(), Some(new));
    }
    let accepted = State::Accepted {
        at: later(5),
        by: inviter.id,
    };
    for (new, state) in [
        (&little, accepted),
        (&whole, State::Canceled { at: later(6) }),
    ] {
        let after = next(new, state);
        update(storage, Scope::Tenant(tenant), &after, None).unwrap();
        assert_eq!(find(storage, new), Some(after));
    }
}

#[test]
fn whoever_writes_an_older_version_is_told_so() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, inviter) = hall(storage, "local-1");
    let new = invitation(tenant, &inviter, "ada@spark.example");
    insert(storage, &new, HASH);
    let after = next(&new, State::Canceled { at: later(1) });
    update(storage, Scope::Tenant(tenant), &after, None).unwrap();
    let stale = update(storage, Scope::Tenant(tenant), &after, None);
    assert!(matches!(stale, Err(StorageError::Stale)));
}

#[test]
fn one_waits_at_each_address_and_for_each_member_of_a_tenant() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, inviter) = hall(storage, "local-1");
    let (other, elsewhere) = hall(storage, "local-2");
    let member = builders::member(storage, tenant, "1204", "Ada", "Voltz").id;
    let first = Invitation {
        member: Some(member),
        ..invitation(tenant, &inviter, "ada@spark.example")
    };
    assert!(insert(storage, &first, [1; 32]));
    let same = invitation(tenant, &inviter, "ada@spark.example");
    assert!(!insert(storage, &same, [2; 32]));
    let for_member = Invitation {
        member: Some(member),
        ..invitation(tenant, &inviter, "grace@spark.example")
    };
    assert!(!insert(storage, &for_member, [3; 32]));
    let away = invitation(other, &elsewhere, "ada@spark.example");
    assert!(insert(storage, &away, [4; 32]));
    // One that has run out stands in the way until it is written down.
    assert_eq!(retire(storage, tenant, &for_member, 99), []);
    let retired = retire(storage, tenant, &for_member, 100);
    assert_eq!((retired.len(), retired[0].state), (1, State::Expired));
    assert_eq!(retired[0].version.get(), 2);
    assert!(insert(storage, &same, [2; 32]));
    assert_eq!(find(storage, &away).unwrap().state, State::Pending);
    // The other one cannot wait again beside it.
    let again = next(&retired[0], State::Pending);
    let refused = update(storage, Scope::Tenant(tenant), &again, None);
    let Err(StorageError::Constraint { name }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(name, "invitations_pending_key");
    assert_eq!(retire(storage, tenant, &first, 50), []);
}

#[test]
fn of_two_invitations_to_one_address_at_once_one_is_added() {
    let database = TestDatabase::new();
    let storage = database.unit_of_work();
    let (tenant, inviter) = hall(&*storage, "local-1");
    let barrier = Barrier::new(2);
    let added = thread::scope(|scope| {
        let threads = [1, 2].map(|byte| {
            let (storage, barrier, inviter) = (&*storage, &barrier, &inviter);
            scope.spawn(move || {
                barrier.wait();
                let new = invitation(tenant, inviter, "ada@spark.example");
                insert(storage, &new, [byte; 32])
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(added.iter().filter(|added| **added).count(), 1);
}

#[test]
fn a_token_is_worth_its_invitation_while_that_waits_and_no_newer_token_was_sent() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, inviter) = hall(storage, "local-1");
    let new = invitation(tenant, &inviter, "ada@spark.example");
    let other = invitation(tenant, &inviter, "grace@spark.example");
    insert(storage, &new, HASH);
    insert(storage, &other, [8; 32]);
    let presented = look(storage, &new, HASH, 99).unwrap();
    assert_eq!(presented.invitation, new);
    assert_eq!(presented.known, Acquaintance::default());
    let colleague = presented.inviter.unwrap();
    let roles: Vec<_> = colleague.roles.iter().map(|held| held.role).collect();
    assert_eq!(
        (colleague.user, roles),
        (inviter.clone(), vec![Role::Admin, Role::Member])
    );
    assert!(look(storage, &new, HASH, 100).is_none(), "it has run out");
    assert!(
        look(storage, &new, [8; 32], 1).is_none(),
        "the token of another"
    );
    let again = Invitation {
        expires_at: later(200),
        ..next(&new, State::Pending)
    };
    update(storage, Scope::Tenant(tenant), &again, Some([9; 32])).unwrap();
    assert!(look(storage, &new, HASH, 1).is_none(), "an older token");
    assert!(look(storage, &new, [9; 32], 199).is_some());
    let canceled = next(&again, State::Canceled { at: later(2) });
    update(storage, Scope::Tenant(tenant), &canceled, None).unwrap();
    assert!(
        look(storage, &new, [9; 32], 1).is_none(),
        "it was taken back"
    );
}

#[test]
fn an_inviter_without_an_active_place_is_nobody() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, inviter) = hall(storage, "local-1");
    let new = invitation(tenant, &inviter, "ada@spark.example");
    insert(storage, &new, HASH);
    database.execute("update memberships set state = 'removed', removed_at = now()");
    assert_eq!(look(storage, &new, HASH, 1).unwrap().inviter, None);
}

#[test]
fn a_tenant_knows_its_own_people_and_nobody_elses() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, inviter) = hall(storage, "local-1");
    let (_, stranger) = hall(storage, "local-2");
    let member = builders::member(storage, tenant, "1204", "Ada", "Voltz").id;
    let known = |email: &EmailAddress, member| {
        let work = storage.read(Scope::Tenant(tenant), |tx| {
            tx.invitations().acquaintance(email, member)
        });
        work.unwrap()
    };
    let nothing = Acquaintance::default();
    assert_eq!(known(&stranger.email, Some(member)), nothing);
    let place = |state| Acquaintance {
        place: Some(state),
        is_member_taken: false,
    };
    assert_eq!(known(&inviter.email, None), place(PlaceState::Active));
    let linked = Membership {
        user: inviter.id,
        tenant,
        roles: Vec::new(),
        member: Some(member),
    };
    builders::store(storage, Scope::Identity, |tx| {
        tx.identity().put_membership(&linked, later(1))
    });
    let taken = Acquaintance {
        place: None,
        is_member_taken: true,
    };
    assert_eq!(known(&stranger.email, Some(member)), taken);
    database.execute("update memberships set state = 'removed', removed_at = now()");
    assert_eq!(known(&inviter.email, None), place(PlaceState::Removed));
    database.execute("update users set deleted_at = now()");
    assert_eq!(known(&inviter.email, None), nothing);
}

#[test]
fn of_two_who_claim_an_invitation_at_once_one_is_let_in() {
    let database = TestDatabase::new();
    let storage = database.unit_of_work();
    let (tenant, inviter) = hall(&*storage, "local-1");
    let new = invitation(tenant, &inviter, "ada@spark.example");
    insert(&*storage, &new, HASH);
    let barrier = Barrier::new(2);
    let claimed = thread::scope(|scope| {
        let threads = [1, 2].map(|_| {
            let (storage, barrier, new) = (&*storage, &barrier, &new);
            scope.spawn(move || {
                barrier.wait();
                builders::store(storage, Scope::Identity, |tx| {
                    let found = tx.invitations().claim(new.id, &HASH, later(1))?;
                    let Some(found) = found else {
                        return Ok(false);
                    };
                    let accepted = State::Accepted {
                        at: later(1),
                        by: found.invitation.invited_by,
                    };
                    let after = next(&found.invitation, accepted);
                    tx.invitations().update(&after, None)?;
                    Ok(true)
                })
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(claimed.iter().filter(|claimed| **claimed).count(), 1);
}

/// Invitations of a hall that stand differently at second 50.
fn standing_differently(storage: &dyn UnitOfWork) -> TenantId {
    let (tenant, inviter) = hall(storage, "local-1");
    let (other, elsewhere) = hall(storage, "local-2");
    insert(
        storage,
        &invitation(other, &elsewhere, "a@spark.example"),
        [99; 32],
    );
    let states = [
        State::Pending,
        State::Pending,
        State::Accepted {
            at: later(1),
            by: inviter.id,
        },
        State::Canceled { at: later(1) },
        State::Expired,
    ];
    for (byte, state) in (1..).zip(states) {
        let new = Invitation {
            created_at: later(i64::from(byte)),
            expires_at: later(if byte == 2 { 50 } else { 100 - i64::from(byte) }),
            guest: Guest {
                first_name: (byte == 3).then(|| builders::line("José")),
                ..Guest::default()
            },
            roles: vec![HeldRole {
                role: if byte == 4 {
                    Role::Officer
                } else {
                    Role::Staff
                },
                expires_at: None,
            }],
            ..invitation(tenant, &inviter, &format!("{byte}@spark.example"))
        };
        insert(storage, &new, [byte; 32]);
        if state != State::Pending {
            update(storage, Scope::Tenant(tenant), &next(&new, state), None).unwrap();
        }
    }
    tenant
}

#[test]
fn a_list_and_a_tally_hold_what_is_wanted_as_it_stands_now() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = standing_differently(storage);
    let found = |filter: InvitationFilter| {
        let found = list(storage, tenant, &filter, &page(InvitationSort::Created, 50));
        assert_eq!(found.total, u64::try_from(found.items.len()).ok());
        let locals = emails(&found)
            .into_iter()
            .map(|email| email[..1].to_owned());
        locals.collect::<String>()
    };
    let status = |status| InvitationFilter {
        status: Some(status),
        ..InvitationFilter::default()
    };
    let tally = storage.read(Scope::Tenant(tenant), |tx| {
        tx.invitations().tally(later(50))
    });
    let expected = Tally {
        pending: 1,
        accepted: 1,
        canceled: 1,
        expired: 2,
    };
    assert_eq!(tally.unwrap(), expected);
    assert_eq!(found(InvitationFilter::default()), "12345");
    assert_eq!(found(status(Status::Pending)), "1");
    assert_eq!(found(status(Status::Accepted)), "3");
    assert_eq!(found(status(Status::Canceled)), "4");
    assert_eq!(found(status(Status::Expired)), "25");
    let role = InvitationFilter {
        role: Some(Role::Officer),
        ..InvitationFilter::default()
    };
    assert_eq!(found(role), "4");
    for (words, expected) in [
        ("JOSE", "3"),
        ("jose 3@spark", "3"),
        ("5@spark.example", "5"),
        ("nobody", ""),
        ("\0", "12345"),
    ] {
        let search = InvitationFilter {
            search: Some(words.to_owned()),
            ..InvitationFilter::default()
        };
        assert_eq!(found(search), expected, "{words:?}");
    }
}

#[test]
fn pages_hold_every_invitation_once_in_every_order() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = standing_differently(storage);
    for (sort, expected) in [
        (InvitationSort::Created, "12345"),
        (InvitationSort::Email, "12345"),
        (InvitationSort::Expiry, "25431"),
    ] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut request = PageRequest {
                direction,
                ..page(sort, 2)
            };
            let mut seen = String::new();
            loop {
                let found = list(storage, tenant, &InvitationFilter::default(), &request);
                seen.extend(emails(&found).iter().map(|email| &email[..1]));
                let Some(next) = found.next else { break };
                request.after = Some(next);
            }
            let wanted: String = match direction {
                Direction::Ascending => expected.to_owned(),
                Direction::Descending => expected.chars().rev().collect(),
            };
            assert_eq!(seen, wanted, "{sort:?} {direction:?}");
        }
    }
}
