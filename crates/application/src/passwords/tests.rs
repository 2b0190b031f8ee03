//! New passwords: who gets a link, what a link is worth, what ends when the password changes, and what is written down.

mod beside_a_factor;

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{locks::Guard, roles::Role};
use unionhall_ports::{
    locks::Watch,
    mail_tokens::Spent,
    mock::MockRepositories,
    unit_of_work::{Decision, Mode},
};

use super::*;
use crate::fixtures::{
    CALLER, COMMON, HALL, Hall, SESSION, audited, call, mailed, now, tenant, told, user,
    wrong_fields,
};

const GOOD: &str = "gravel-otter-sings-low";
const TOKEN: &str = "a-token-from-a-mail";

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

fn origin() -> Origin {
    call(Role::Member).origin
}

fn account() -> Credentials {
    Credentials {
        user: user(CALLER),
        password_hash: hash("old"),
        state: UserState::Active,
        verified: true,
        failures: 0,
        locked_until: None,
        tenant: Some(HALL),
    }
}

fn in_minutes(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

/// Mocks that know this account, if any, and its hall; nobody has a second factor.
fn with_account(found: Option<Credentials>) -> MockRepositories {
    let mut mocks = known(found);
    mocks.second_factors.expect_find().returning(|_| Ok(None));
    mocks
}

/// Mocks that know this account, if any, and its hall.
fn known(found: Option<Credentials>) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let watch = found.as_ref().map(|found| Watch {
        user: found.user.id,
        known: None,
        guard: Guard {
            failures: found.failures,
            locks: 0,
            locked_until: found.locked_until,
        },
    });
    mocks
        .locks
        .expect_hold()
        .returning(move |_, _, _| Ok(watch));
    mocks
        .identity
        .expect_find_credentials()
        .returning(move |_| Ok(found.clone()));
    mocks
        .identity
        .expect_tenants_of()
        .returning(|_| Ok(vec![tenant()]));
    mocks
}

/// Lets the token of the mail count for the caller.
fn with_token(mocks: &mut MockRepositories) {
    let spent = || Spent {
        user: user(CALLER),
        payload: None,
    };
    mocks
        .mail_tokens
        .expect_find()
        .returning(move |_, _, _| Ok(Some(spent())));
    mocks
        .mail_tokens
        .expect_spend()
        .withf(|_, purpose, at| *purpose == MailPurpose::ResetPassword && *at == now())
        .returning(move |_, _, _| Ok(Some(spent())));
}

/// A new password that stands alone.
fn alone() -> NewPassword {
    NewPassword {
        hash: hash("new"),
        strength: Strength::Alone,
    }
}

mod forgotten {
    use super::*;

    /// Asks, and tells whom a token was made for, and how many mails were written and withheld.
    fn asked(found: Option<Credentials>) -> (Uuid, usize, usize) {
        let mut mocks = with_account(found);
        let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
        let (sender, receiver) = std::sync::mpsc::channel();
        mocks
            .mail_tokens
            .expect_issue()
            .times(1)
            .returning(move |token| {
                sender.send(token.user.uuid()).unwrap();
                Ok(())
            });
        let (withheld, count) = std::sync::mpsc::channel();
        mocks.outbox.expect_withhold().returning(move |mail| {
            assert_eq!(mail.to.as_str(), "stella@hall.example");
            withheld.send(()).unwrap();
            Ok(())
        });
        let hall = Hall::over(mocks);
        let email = &user(CALLER).email;
        hall.application
            .passwords
            .ask_reset(email, &origin())
            .unwrap();
        assert_eq!(
            hall.runs(),
            [(Scope::Identity, Mode::Write, Decision::Commit)]
        );
        assert_eq!(told(&events), [("password_forgotten", "user")]);
        let mails = mails.lock().unwrap().len();
        (receiver.recv().unwrap(), mails, count.try_iter().count())
    }

    #[test]
    fn whoever_may_sign_in_or_is_locked_gets_a_link() {
        let locked = Credentials {
            locked_until: Some(in_minutes(20)),
            ..account()
        };
        for found in [account(), locked] {
            assert_eq!(asked(Some(found)), (CALLER.uuid(), 1, 0));
        }
    }

    #[test]
    fn for_nobody_and_for_who_may_not_sign_in_the_same_is_done_and_nothing_comes_of_it() {
        let with_state = |state| Some(Credentials { state, ..account() });
        for found in [
            None,
            with_state(UserState::Inactive),
            with_state(UserState::Deleted),
        ] {
            assert_eq!(asked(found), (Uuid::nil(), 0, 1));
        }
    }

    #[test]
    fn the_letter_has_the_link_and_no_more_of_the_account_than_a_first_name() {
        let mut mocks = with_account(Some(account()));
        audited(&mut mocks);
        let mails = mailed(&mut mocks);
        mocks.mail_tokens.expect_issue().returning(|_| Ok(()));
        let email = &user(CALLER).email;
        let hall = Hall::over(mocks);
        hall.application
            .passwords
            .ask_reset(email, &origin())
            .unwrap();
        let mails = mails.lock().unwrap();
        assert_eq!(mails[0].tenant, None);
        insta::assert_snapshot!(mails[0].text);
    }
}

mod reset {
    use super::*;

    #[test]
    fn a_token_is_spent_for_a_new_password_and_every_session_ends() {
        let mut mocks = with_account(Some(account()));
        with_token(&mut mocks);
        let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
        mocks
            .identity
            .expect_set_password()
            .withf(|user, hash, strength, at| {
                let alone = *strength == Strength::Alone && *at == now();
                *user == CALLER && hash.expose() == "new" && alone
            })
            .times(1)
            .returning(|_, _, _, _| Ok(()));
        mocks.signups.expect_take().returning(|_| Ok(None));
        mocks
            .identity
            .expect_verify_email()
            .withf(|user, _| *user == CALLER)
            .times(1)
            .returning(|_, _| Ok(None));
        mocks
            .identity
            .expect_end_sessions()
            .withf(|user, _| *user == CALLER)
            .times(1)
            .returning(|_, _| Ok(3));
        let hall = Hall::over(mocks);
        let passwords = &hall.application.passwords;
        let begun = passwords.begin_reset(TOKEN, &password(GOOD));
        assert_eq!(begun.unwrap(), Strength::Alone);
        passwords.reset(TOKEN, &alone(), &origin()).unwrap();
        assert_eq!(told(&events), [("password_changed", "user")]);
        let events = events.lock().unwrap();
        assert_eq!(events[0].actor, AuditActor::User(CALLER));
        assert_eq!(events[0].tenant, Some(HALL));
        assert_eq!(
            events[0].details,
            [("by", "mail".to_owned()), ("sessions", "3".to_owned())]
        );
        insta::assert_snapshot!(mails.lock().unwrap()[0].text);
    }

    #[test]
    fn a_token_that_does_not_count_changes_nothing() {
        let mut mocks = MockRepositories::default();
        mocks
            .mail_tokens
            .expect_find()
            .returning(|_, _, _| Ok(None));
        mocks
            .mail_tokens
            .expect_spend()
            .returning(|_, _, _| Ok(None));
        let hall = Hall::over(mocks);
        let passwords = &hall.application.passwords;
        let expected = [("token".to_owned(), "token_refused")];
        let begun = passwords.begin_reset(TOKEN, &password(GOOD));
        assert_eq!(wrong_fields(begun), expected);
        let done = passwords.reset(TOKEN, &alone(), &origin());
        assert_eq!(wrong_fields(done), expected);
        let last = (Scope::Identity, Mode::Write, Decision::RollBack);
        assert_eq!(hall.runs().last(), Some(&last));
    }

    #[test]
    fn a_password_that_is_refused_leaves_the_token_unspent() {
        let mut mocks = with_account(Some(account()));
        mocks.mail_tokens.expect_find().returning(|_, _, _| {
            Ok(Some(Spent {
                user: user(CALLER),
                payload: None,
            }))
        });
        let hall = Hall::over(mocks);
        for (bad, code) in [
            ("short", "too_short"),
            (COMMON, "common"),
            ("we are local 46 here", "contains_known_word"),
            ("dear stella the steward", "contains_known_word"),
        ] {
            let begun = hall
                .application
                .passwords
                .begin_reset(TOKEN, &password(bad));
            let fields = wrong_fields(begun);
            assert_eq!(fields, [("new_password".to_owned(), code)], "{bad}");
        }
    }
}

mod changed {
    use super::*;

    fn checked(against: &str, matched: bool) -> Checked {
        Checked {
            against: hash(against),
            matched,
        }
    }

    #[test]
    fn the_right_password_is_exchanged_and_every_other_session_ends() {
        let mut mocks = with_account(Some(account()));
        let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
        mocks
            .identity
            .expect_set_password()
            .withf(|user, hash, strength, _| {
                *user == CALLER && hash.expose() == "new" && *strength == Strength::Alone
            })
            .times(1)
            .returning(|_, _, _, _| Ok(()));
        mocks
            .identity
            .expect_end_other_sessions()
            .withf(|user, kept, _| *user == CALLER && *kept == SESSION)
            .times(1)
            .returning(|_, _, _| Ok(2));
        let hall = Hall::over(mocks);
        let (passwords, call) = (&hall.application.passwords, call(Role::Member));
        let begun = passwords.begin_change(&call, &password("old"), &password(GOOD));
        assert_eq!(begun.unwrap(), (hash("old"), Strength::Alone));
        passwords
            .change(&call, &checked("old", true), &alone())
            .unwrap();
        assert_eq!(told(&events), [("password_changed", "user")]);
        assert_eq!(events.lock().unwrap()[0].details[0].1, "password");
        assert_eq!(mails.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_wrong_password_counts_like_one_at_the_door() {
        let locked = Credentials {
            failures: 5,
            locked_until: Some(in_minutes(20)),
            ..account()
        };
        for (found, checked) in [
            (account(), checked("old", false)),
            // Right, but of a password that was changed meanwhile.
            (account(), checked("older", true)),
            // Right, but none is accepted now.
            (locked, checked("old", true)),
        ] {
            let mut mocks = with_account(Some(found));
            let events = audited(&mut mocks);
            mocks
                .locks
                .expect_record()
                .withf(|watch, _| watch.user == CALLER)
                .times(1)
                .returning(|_, _| Ok(()));
            let hall = Hall::over(mocks);
            let passwords = &hall.application.passwords;
            let changed = passwords.change(&call(Role::Member), &checked, &alone());
            let expected = [("current_password".to_owned(), "wrong_password")];
            assert_eq!(wrong_fields(changed), expected);
            // The failure itself is kept.
            let last = (Scope::Identity, Mode::Write, Decision::Commit);
            assert_eq!(hall.runs().last(), Some(&last));
            assert_eq!(told(&events), [("sign_in_refused", "user")]);
        }
    }

    #[test]
    fn a_new_password_must_be_new_and_good() {
        let hall = Hall::over(with_account(Some(account())));
        let begin = |current: &str, new: &str| {
            let passwords = &hall.application.passwords;
            let call = call(Role::Member);
            let begun = passwords.begin_change(&call, &password(current), &password(new));
            wrong_fields(begun)
        };
        let at_new = |code| [("new_password".to_owned(), code)];
        assert_eq!(begin(GOOD, GOOD), at_new("unchanged"));
        assert_eq!(begin("old", COMMON), at_new("common"));
        assert_eq!(
            begin("old", "local46 forever"),
            at_new("contains_known_word")
        );
    }
}

#[test]
fn the_words_that_are_known_are_those_of_the_address_and_of_the_halls() {
    let words = |found| {
        let hall = Hall::over(with_account(found));
        let email = &user(CALLER).email;
        hall.application.passwords.known_words(email).unwrap()
    };
    let address = KnownWords::default().address(&user(CALLER).email);
    assert_eq!(words(None), address);
    assert_eq!(words(Some(account())), address.hall(&tenant()));
}
