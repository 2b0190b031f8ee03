//! Who gets an account, who is only told, and what a link is worth.

use unionhall_domain::{roles::Role, users::UserId};
use unionhall_ports::{
    mail_tokens::Spent,
    mock::MockRepositories,
    unit_of_work::{Decision, Mode},
};

use super::*;
use crate::fixtures::{
    CALLER, COMMON, HALL, Hall, audited, call, code, mailed, now, told, user, wrong_fields,
};

fn hash() -> PasswordHash {
    PasswordHash::new("a hash".to_owned())
}

fn origin() -> Origin {
    call(Role::Member).origin
}

fn register() -> Register {
    Register {
        email: user(CALLER).email,
        first_name: Line::parse("Stella").unwrap(),
        last_name: Line::parse("Steward").unwrap(),
        hall: None,
    }
}

fn account(state: UserState, verified: bool) -> Option<Credentials> {
    Some(Credentials {
        user: user(CALLER),
        password_hash: hash(),
        state,
        verified,
        failures: 0,
        locked_until: None,
        tenant: Some(HALL),
    })
}

/// What came of a request: whom a token was made for, the subjects of the mails, how many were withheld, the action.
type Outcome = (Uuid, Vec<String>, usize, &'static str);

/// Does something with an address that has this account, and tells what came of it; `made` is who was registered.
fn done(
    found: Option<Credentials>,
    made: Option<UserId>,
    work: impl FnOnce(&Registrations) -> Result<(), RegistrationError>,
) -> Outcome {
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_credentials()
        .times(1)
        .returning(move |_| Ok(found.clone()));
    mocks
        .identity
        .expect_register()
        .returning(move |_, _, _| Ok(made));
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    let (sender, receiver) = std::sync::mpsc::channel();
    mocks
        .mail_tokens
        .expect_issue()
        .times(1)
        .withf(|token| token.purpose == MailPurpose::VerifyEmail)
        .returning(move |token| {
            sender.send(token.user.uuid()).unwrap();
            Ok(())
        });
    let (withheld, count) = std::sync::mpsc::channel();
    mocks.outbox.expect_withhold().returning(move |_| {
        withheld.send(()).unwrap();
        Ok(())
    });
    let hall = Hall::over(mocks);
    work(&hall.application.registrations).unwrap();
    let whole = [(Scope::Identity, Mode::Write, Decision::Commit)];
    assert_eq!(hall.runs(), whole);
    let mails = mails.lock().unwrap();
    let subjects = mails.iter().map(|mail| mail.subject.clone()).collect();
    let told = told(&events);
    assert_eq!(told.len(), 1);
    (
        receiver.recv().unwrap(),
        subjects,
        count.try_iter().count(),
        told[0].0,
    )
}

const VERIFY: &str = "Verify your e-mail address";
const KNOWN: &str = "You have an account already";

#[test]
fn a_new_address_gets_a_link_and_a_known_one_is_told_so() {
    let register =
        |registrations: &Registrations| registrations.register(&register(), &hash(), &origin());
    let verify = vec![VERIFY.to_owned()];
    let known = vec![KNOWN.to_owned()];
    let nobody = Uuid::nil();
    for (found, made, expected) in [
        (
            None,
            Some(CALLER),
            (CALLER.uuid(), verify.clone(), 0, "registered"),
        ),
        // Registered again before the address was verified.
        (
            account(UserState::Active, false),
            Some(CALLER),
            (CALLER.uuid(), verify, 0, "registered"),
        ),
        (
            account(UserState::Active, true),
            None,
            (nobody, known, 0, "registration_refused"),
        ),
        (
            account(UserState::Inactive, true),
            None,
            (nobody, Vec::new(), 1, "registration_refused"),
        ),
        (
            account(UserState::Deleted, true),
            None,
            (nobody, Vec::new(), 1, "registration_refused"),
        ),
    ] {
        assert_eq!(done(found, made, register), expected);
    }
}

#[test]
fn another_link_is_sent_to_whoever_waits_for_one_and_to_nobody_else() {
    let resend = |registrations: &Registrations| registrations.resend(&register().email, &origin());
    for (found, waits) in [
        (account(UserState::Active, false), true),
        (account(UserState::Active, true), false),
        (account(UserState::Inactive, false), false),
        (account(UserState::Deleted, false), false),
        (None, false),
    ] {
        let (user, mails, withheld, action) = done(found, None, resend);
        assert_eq!(user == CALLER.uuid(), waits);
        assert_eq!((mails.len(), withheld), if waits { (1, 0) } else { (0, 1) });
        assert_eq!(action, "verification_asked");
    }
}

#[test]
fn registering_is_refused_for_the_password_or_by_the_installation_before_anything_is_asked() {
    let hall = Hall::untouchable();
    let registrations = &hall.application.registrations;
    let begin = |text: &str| {
        let password = Password::new(text.to_owned()).unwrap();
        registrations.begin(&register(), &password)
    };
    begin("gravel-otter-sings-low").unwrap();
    for (bad, code) in [
        ("short", "too_short"),
        (COMMON, "common"),
        ("dear stella sings low", "contains_known_word"),
    ] {
        let expected = [("password".to_owned(), code)];
        assert_eq!(wrong_fields(begin(bad)), expected, "{bad}");
    }
    for mode in [RegistrationMode::Invitation, RegistrationMode::Closed] {
        let hall = Hall::registering(MockRepositories::default(), mode);
        let password = Password::new("gravel-otter-sings-low".to_owned()).unwrap();
        let begun = hall.application.registrations.begin(&register(), &password);
        assert_eq!(code(begun), Code::RegistrationClosed);
    }
    assert_eq!(hall.runs(), []);
}

/// Lets the token of a mail count once, for somebody who registered for this hall, which has this room.
fn verifying(mocks: &mut MockRepositories, hall: Option<TenantId>, room: Room) {
    let mut spent = Some(Spent {
        user: user(CALLER),
        payload: None,
    });
    mocks
        .mail_tokens
        .expect_spend()
        .withf(|_, purpose, at| *purpose == MailPurpose::VerifyEmail && *at == now())
        .returning(move |_, _, _| Ok(spent.take()));
    mocks.signups.expect_take().returning(|_| Ok(None));
    mocks
        .identity
        .expect_verify_email()
        .withf(|user, at| *user == CALLER && *at == now())
        .times(1)
        .returning(move |_, _| Ok(hall));
    mocks
        .tenants
        .expect_reserve_user()
        .returning(move |_| Ok(room));
}

#[test]
fn the_link_of_a_mail_verifies_the_address_once() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    verifying(&mut mocks, None, Room::Reserved);
    let hall = Hall::over(mocks);
    let registrations = &hall.application.registrations;
    registrations.verify("token", &origin()).unwrap();
    assert_eq!(told(&events), [("email_verified", "user")]);
    assert_eq!(events.lock().unwrap()[0].actor, AuditActor::User(CALLER));
    let again = registrations.verify("token", &origin());
    let expected = [("token".to_owned(), "token_refused")];
    assert_eq!(wrong_fields(again), expected);
    let last = (Scope::Identity, Mode::Write, Decision::RollBack);
    assert_eq!(hall.runs().last(), Some(&last));
}

#[test]
fn whoever_registered_for_a_hall_that_takes_them_gets_a_place_as_a_member_if_there_is_room() {
    for (room, places) in [(Room::Reserved, 1), (Room::Full { limit: 7 }, 0)] {
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        verifying(&mut mocks, Some(HALL), room);
        mocks
            .identity
            .expect_put_membership()
            .withf(|place, _| {
                place.user == CALLER
                    && place.tenant == HALL
                    && place.roles.iter().all(|held| held.role == Role::Member)
            })
            .times(places)
            .returning(|_, _| Ok(()));
        let hall = Hall::over(mocks);
        hall.application
            .registrations
            .verify("token", &origin())
            .unwrap();
        assert_eq!(told(&events).len(), places + 1);
    }
}
