//! The side of whoever was invited: what a token is worth, and what else it takes.

use unionhall_domain::{
    profiles::{Profile, ProfileDetails},
    registrations::RegistrationMode,
    roles::Role,
    tenants::{Plan, Standing, Tenant},
    users::{User, UserId, places::PlaceState},
};
use unionhall_ports::{
    audit::Origin,
    identity::{Credentials, UserState},
    invitations::{Acquaintance, Presented},
    locks::Watch,
    mock::MockRepositories,
    passwords::{Password, PasswordHash},
    tenants::Room,
    unit_of_work::{Decision, Mode, Scope},
};

use super::{
    super::{InvitationError, tokens},
    *,
};
use crate::{
    error::{Code, Coded},
    fixtures::{
        ADA, COMMON, Hall, Shared, audited, call, clock, code, colleague, mailed, signatures,
        tenant, told, user, wrong_fields,
    },
    invitations::answering::{Names, Needed, Proof},
    passwords::Checked,
};

const GUEST: UserId = id(1_007);
const GOOD: &str = "gravel-otter-sings-low";

/// A token of the invitation that the installation has signed.
fn token() -> String {
    let issued = tokens::issue(&signatures(1), &clock(), INVITED);
    issued.unwrap().0
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn hash() -> PasswordHash {
    PasswordHash::new("a hash".to_owned())
}

fn origin() -> Origin {
    call(Role::Member).origin
}

/// What comes with Ada's token when everything is in order.
fn presented() -> Presented {
    Presented {
        invitation: invitation(),
        inviter: Some(colleague(&[for_good(Role::Admin)])),
        known: Acquaintance::default(),
    }
}

fn account(verified: bool, state: UserState) -> Credentials {
    Credentials {
        user: User {
            email: email(),
            ..user(GUEST)
        },
        password_hash: hash(),
        state,
        verified,
        failures: 0,
        locked_until: None,
        tenant: None,
    }
}

/// Ports behind which a token is worth this, the tenant is this one, and the address has this account.
fn ports(
    presented: Option<Presented>,
    tenant: Tenant,
    account: Option<Credentials>,
) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let claimed = presented.clone();
    let invitations = &mut mocks.invitations;
    invitations
        .expect_look()
        .returning(move |_, _, _| Ok(presented.clone()));
    invitations
        .expect_claim()
        .returning(move |_, _, _| Ok(claimed.clone()));
    mocks
        .tenants
        .expect_find()
        .returning(move |_| Ok(Some(tenant.clone())));
    let held = account.clone();
    mocks
        .identity
        .expect_find_credentials()
        .returning(move |_| Ok(account.clone()));
    mocks.locks.expect_hold().returning(move |_, _, _| {
        let watch = |found: &Credentials| Watch {
            user: found.user.id,
            known: None,
            guard: unionhall_domain::locks::Guard::default(),
        };
        Ok(held.as_ref().map(watch))
    });
    mocks
}

fn begin(mocks: MockRepositories, names: &Names, text: &str) -> Result<Needed, InvitationError> {
    let hall = Hall::over(mocks);
    let invitations = &hall.application.invitations;
    invitations.begin(&token(), names, &password(text))
}

#[test]
fn whoever_has_the_token_is_told_who_invites_where_to_and_whether_a_password_is_known() {
    for (account, known) in [
        (None, false),
        (Some(account(true, UserState::Active)), true),
        // Anybody may have made it.
        (Some(account(false, UserState::Active)), false),
        (Some(account(false, UserState::Inactive)), true),
    ] {
        let hall = Hall::over(ports(Some(presented()), tenant(), account));
        let welcome = hall.application.invitations.validate(&token()).unwrap();
        assert_eq!(welcome.has_account, known);
        assert_eq!(
            (welcome.tenant, welcome.invitation),
            (tenant(), invitation())
        );
        let read = [(Scope::Identity, Mode::Snapshot, Decision::Commit)];
        assert_eq!(hall.runs(), read);
    }
}

#[test]
fn every_token_that_does_not_count_is_answered_alike() {
    let with = |inviter| {
        Some(Presented {
            inviter,
            ..presented()
        })
    };
    let to_owner = Presented {
        invitation: Invitation {
            roles: vec![for_good(Role::Owner)],
            ..invitation()
        },
        ..presented()
    };
    let demoted = colleague(&[for_good(Role::Officer)]);
    let mut answers = Vec::new();
    for (found, token) in [
        (None, token()),
        // The inviter has no active place any more, or may not invite, or not to this role.
        (with(None), token()),
        (with(Some(demoted)), token()),
        (Some(to_owner), token()),
        // What was made up does not get as far.
        (Some(presented()), "none".to_owned()),
        (Some(presented()), token().replace('A', "B")),
    ] {
        let hall = Hall::over(ports(found, tenant(), None));
        let invitations = &hall.application.invitations;
        let names = Names::default();
        let proof = Proof::Checked(Checked {
            against: hash(),
            matched: true,
        });
        answers.push(invitations.validate(&token).unwrap_err());
        answers.push(
            invitations
                .begin(&token, &names, &password(GOOD))
                .unwrap_err(),
        );
        answers.push(invitations.accept(&token, &proof, &origin()).unwrap_err());
    }
    for answer in &answers {
        assert_eq!(answer.code(), Code::InvalidFields);
        assert_eq!(answer.fields(), answers[0].fields());
        assert_eq!(answer.to_string(), answers[0].to_string());
    }
    assert_eq!(answers[0].fields()[0].field, "token");
}

#[test]
fn somebody_new_gives_names_and_a_password_that_is_taken() {
    let ready = begin(
        ports(Some(presented()), tenant(), None),
        &Names::default(),
        GOOD,
    );
    let as_filled_in = Needed::Hash {
        first_name: guest().first_name.unwrap(),
        last_name: guest().last_name.unwrap(),
    };
    assert_eq!(ready.unwrap(), as_filled_in);
    let own = Names {
        first_name: Some(Line::parse("Adelaide").unwrap()),
        last_name: None,
    };
    let Needed::Hash { first_name, .. } =
        begin(ports(Some(presented()), tenant(), None), &own, GOOD).unwrap()
    else {
        panic!("a new account is needed");
    };
    assert_eq!(first_name.as_str(), "Adelaide");
    let nameless = Presented {
        invitation: Invitation {
            guest: Guest::default(),
            ..invitation()
        },
        ..presented()
    };
    let mocks = ports(Some(nameless), tenant(), None);
    let refused = wrong_fields(begin(mocks, &Names::default(), COMMON));
    let fields: Vec<_> = refused
        .iter()
        .map(|(name, code)| (name.as_str(), *code))
        .collect();
    assert_eq!(
        fields[..2],
        [("first_name", "required"), ("last_name", "required")]
    );
    assert_eq!(fields[2].0, "password");
    // Known words are those of the address and of the hall.
    for text in ["a spark of joy in June", "we are all of local 46 here"] {
        let mocks = ports(Some(presented()), tenant(), None);
        let refused = wrong_fields(begin(mocks, &Names::default(), text));
        assert_eq!(
            refused,
            [("password".to_owned(), "contains_known_word")],
            "{text}"
        );
    }
}

#[test]
fn whoever_has_an_account_shows_its_password_whatever_it_is() {
    for state in [UserState::Active, UserState::Inactive, UserState::Deleted] {
        let mocks = ports(Some(presented()), tenant(), Some(account(true, state)));
        let needed = begin(mocks, &Names::default(), "short");
        assert_eq!(needed.unwrap(), Needed::Check(hash()));
    }
}

#[test]
fn where_no_accounts_are_made_people_with_one_are_still_let_in() {
    let begun = |account| {
        let mocks = ports(Some(presented()), tenant(), account);
        let hall = Hall::registering(mocks, RegistrationMode::Closed);
        let names = Names::default();
        let invitations = &hall.application.invitations;
        invitations.begin(&token(), &names, &password(GOOD))
    };
    assert_eq!(code(begun(None)), Code::RegistrationClosed);
    assert!(begun(Some(account(true, UserState::Active))).is_ok());
}

#[test]
fn nobody_enters_a_hall_that_may_not_change_or_that_they_are_in() {
    let suspended = Tenant {
        plan: Plan {
            standing: Standing::Suspended,
            ..Plan::ACTIVE
        },
        ..tenant()
    };
    let mocks = ports(Some(presented()), suspended, None);
    assert_eq!(
        code(begin(mocks, &Names::default(), GOOD)),
        Code::TenantReadOnly
    );
    for place in [PlaceState::Active, PlaceState::Suspended] {
        let here = Presented {
            known: Acquaintance {
                place: Some(place),
                ..Acquaintance::default()
            },
            ..presented()
        };
        let mocks = ports(Some(here), tenant(), None);
        assert_eq!(code(begin(mocks, &Names::default(), GOOD)), Code::Duplicate);
    }
}

/// What was put into storage for whom: roles and member.
type Put = Shared<(UserId, Vec<Role>, bool)>;

/// Lets the ports take everything that an acceptance writes, and shows the places that were given.
fn writable(mocks: &mut MockRepositories, room: Room) -> Put {
    let put = Put::default();
    let taken = std::sync::Arc::clone(&put);
    let identity = &mut mocks.identity;
    identity
        .expect_register()
        .withf(|user, _, hall| user.email == email() && hall.is_none())
        .returning(|_, _, _| Ok(Some(GUEST)));
    identity.expect_verify_email().returning(|_, _| Ok(None));
    identity.expect_put_membership().returning(move |place, _| {
        let roles = place.roles.iter().map(|held| held.role).collect();
        taken
            .lock()
            .unwrap()
            .push((place.user, roles, place.member.is_some()));
        Ok(())
    });
    mocks
        .tenants
        .expect_reserve_user()
        .returning(move |_| Ok(room));
    mocks.profiles.expect_find().returning(|id| {
        Ok(Some(Profile {
            user: user(id),
            details: ProfileDetails::default(),
            version: Version::FIRST,
        }))
    });
    mocks
        .profiles
        .expect_update()
        .withf(|profile, _| profile.details.job_title == guest().job_title)
        .returning(|_, _| Ok(()));
    mocks
        .invitations
        .expect_update()
        .withf(|after, hash| {
            let accepted = State::Accepted {
                at: now(),
                by: GUEST,
            };
            after.state == accepted && hash.is_none()
        })
        .returning(|_, _| Ok(()));
    put
}

fn hashed() -> Proof {
    Proof::Hashed {
        hash: hash(),
        first_name: guest().first_name.unwrap(),
        last_name: guest().last_name.unwrap(),
    }
}

fn checked(against: &str, matched: bool) -> Proof {
    Proof::Checked(Checked {
        against: PasswordHash::new(against.to_owned()),
        matched,
    })
}

const KEPT: [(Scope, Mode, Decision); 1] = [(Scope::Identity, Mode::Write, Decision::Commit)];

#[test]
fn somebody_new_gets_account_place_and_title_in_one_transaction_and_the_inviter_is_told() {
    let mut mocks = ports(Some(presented()), tenant(), None);
    let put = writable(&mut mocks, Room::Reserved);
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    let hall = Hall::over(mocks);
    let invitations = &hall.application.invitations;
    invitations.accept(&token(), &hashed(), &origin()).unwrap();
    assert_eq!(hall.runs(), KEPT);
    assert_eq!(*put.lock().unwrap(), [(GUEST, vec![Role::Staff], false)]);
    let expected = [
        ("registered", "user"),
        ("email_verified", "user"),
        ("created", "membership"),
        ("moved", "invitation"),
    ];
    assert_eq!(told(&events), expected);
    let mails = mails.lock().unwrap();
    assert_eq!(mails[0].to, user(GUEST).email, "the inviter's");
    assert_eq!(mails[0].subject, "Ada Voltz has accepted your invitation");
}

#[test]
fn whoever_has_an_account_gets_the_place_alone_and_only_with_the_right_password() {
    let mut mocks = ports(
        Some(presented()),
        tenant(),
        Some(account(true, UserState::Active)),
    );
    let put = writable(&mut mocks, Room::Reserved);
    let (events, _mails) = (audited(&mut mocks), mailed(&mut mocks));
    let hall = Hall::over(mocks);
    let invitations = &hall.application.invitations;
    let right = checked("a hash", true);
    invitations.accept(&token(), &right, &origin()).unwrap();
    assert_eq!(put.lock().unwrap().len(), 1);
    assert_eq!(
        told(&events),
        [("created", "membership"), ("moved", "invitation")]
    );
}

#[test]
fn a_wrong_password_is_written_down_and_lets_nobody_in() {
    for (account, proof) in [
        (account(true, UserState::Active), checked("a hash", false)),
        // The password was changed meanwhile.
        (account(true, UserState::Active), checked("another", true)),
        (account(true, UserState::Inactive), checked("a hash", true)),
        (account(true, UserState::Deleted), checked("a hash", true)),
        (account(false, UserState::Active), checked("a hash", true)),
    ] {
        let mut mocks = ports(Some(presented()), tenant(), Some(account));
        let put = writable(&mut mocks, Room::Reserved);
        let events = audited(&mut mocks);
        mocks
            .locks
            .expect_record()
            .times(1)
            .returning(|_, _| Ok(()));
        let hall = Hall::over(mocks);
        let refused = hall
            .application
            .invitations
            .accept(&token(), &proof, &origin());
        assert_eq!(code(refused), Code::SignInRefused);
        assert_eq!(hall.runs(), KEPT, "the failure counts");
        assert_eq!(told(&events), [("sign_in_refused", "user")]);
        assert_eq!(put.lock().unwrap().len(), 0);
    }
}

#[test]
fn the_last_place_is_given_once_and_nothing_is_kept_for_who_comes_after() {
    let mut mocks = ports(Some(presented()), tenant(), None);
    let put = writable(&mut mocks, Room::Full { limit: 5 });
    let hall = Hall::over(mocks);
    let refused = hall
        .application
        .invitations
        .accept(&token(), &hashed(), &origin());
    assert_eq!(code(refused), Code::LimitReached);
    assert_eq!(
        hall.runs(),
        [(Scope::Identity, Mode::Write, Decision::RollBack)]
    );
    assert_eq!(put.lock().unwrap().len(), 0);
}

#[test]
fn who_was_removed_comes_back_and_a_member_who_is_somebody_else_by_now_is_left_out() {
    for taken in [false, true] {
        let back = Presented {
            invitation: Invitation {
                member: Some(ADA),
                ..invitation()
            },
            known: Acquaintance {
                place: Some(PlaceState::Removed),
                is_member_taken: taken,
            },
            ..presented()
        };
        let mut mocks = ports(Some(back), tenant(), Some(account(true, UserState::Active)));
        let put = writable(&mut mocks, Room::Reserved);
        let (events, _mails) = (audited(&mut mocks), mailed(&mut mocks));
        let hall = Hall::over(mocks);
        let invitations = &hall.application.invitations;
        invitations
            .accept(&token(), &checked("a hash", true), &origin())
            .unwrap();
        assert_eq!(put.lock().unwrap()[0].2, !taken);
        assert_eq!(told(&events)[0], ("restored", "membership"));
    }
}

#[test]
fn an_account_that_was_verified_in_the_same_moment_stops_a_new_one() {
    let mut mocks = ports(Some(presented()), tenant(), None);
    mocks
        .identity
        .expect_register()
        .returning(|_, _, _| Ok(None));
    let hall = Hall::over(mocks);
    let refused = hall
        .application
        .invitations
        .accept(&token(), &hashed(), &origin());
    assert_eq!(code(refused), Code::ChangedMeanwhile);
}
