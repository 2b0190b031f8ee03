//! A change of address: who is written to, what counts as agreement, what ends with it, and what is written down.

use unionhall_domain::{locks::Guard, roles::Role, users::UserId};
use unionhall_ports::{
    locks::Watch,
    mock::MockRepositories,
    unit_of_work::{Decision, Mode},
};

use super::*;
use crate::fixtures::{
    CALLER, HALL, Hall, SESSION, Shared, audited, call, code, id, mailed, now, told, touched, user,
    wrong_fields,
};

const TOKEN: &str = "a-token-from-a-mail";
const HOLDER: UserId = id(1_009);

fn hash(text: &str) -> PasswordHash {
    PasswordHash::new(text.to_owned())
}

fn right() -> Checked {
    Checked {
        against: hash("old"),
        matched: true,
    }
}

fn new_email() -> EmailAddress {
    EmailAddress::parse("stella@spark.example").unwrap()
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

/// Somebody else, with the address that the caller wants.
fn holder() -> Credentials {
    Credentials {
        user: User {
            email: new_email(),
            ..user(HOLDER)
        },
        ..account()
    }
}

/// Mocks that know the caller, and whoever has the new address.
fn mocks(holder: Option<Credentials>) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks.locks.expect_hold().returning(|_, _, _| {
        Ok(Some(Watch {
            user: CALLER,
            known: None,
            guard: Guard::default(),
        }))
    });
    mocks
        .identity
        .expect_find_credentials()
        .returning(move |email| {
            let own = *email == user(CALLER).email;
            Ok(if own { Some(account()) } else { holder.clone() })
        });
    mocks
}

mod asked {
    use super::*;

    /// Asks, and gives the mails that were written, those withheld, and what is on record.
    fn asked(holder: Option<Credentials>) -> (Vec<String>, usize) {
        let mut mocks = mocks(holder);
        let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
        let withheld: Shared<()> = Shared::default();
        let counted = Arc::clone(&withheld);
        mocks.outbox.expect_withhold().returning(move |_| {
            counted.lock().unwrap().push(());
            Ok(())
        });
        mocks
            .mail_tokens
            .expect_issue()
            .withf(|token| {
                token.user == CALLER && token.payload.as_deref() == Some(new_email().as_str())
            })
            .times(2)
            .returning(|_| Ok(()));
        mocks
            .email_changes
            .expect_put()
            .withf(|change, session| {
                *change == EmailChange::asked(CALLER, new_email(), now()) && *session == SESSION
            })
            .times(1)
            .returning(|_, _| Ok(()));
        let hall = Hall::over(mocks);
        let changes = &hall.application.email_changes;
        let call = call(Role::Member);
        assert_eq!(changes.begin(&call, &new_email()).unwrap(), hash("old"));
        changes.ask(&call, &new_email(), &right()).unwrap();
        assert_eq!(told(&events), [("email_change_asked", "user")]);
        let mails = mails.lock().unwrap();
        let written = mails
            .iter()
            .map(|mail| format!("{}: {}", mail.to, mail.subject));
        (written.collect(), withheld.lock().unwrap().len())
    }

    #[test]
    fn both_addresses_are_asked() {
        let both = [
            "stella@hall.example: Agree to your new e-mail address",
            "stella@spark.example: Confirm your new e-mail address",
        ];
        assert_eq!(asked(None), (both.map(str::to_owned).to_vec(), 0));
        // An account that was never shown to be its holder's is no reason to ask anybody else.
        let unproven = Credentials {
            verified: false,
            tenant: None,
            ..holder()
        };
        assert_eq!(asked(Some(unproven)), (both.map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn whoever_has_the_address_is_told_instead_and_nobody_where_no_mail_is_read() {
        let (written, withheld) = asked(Some(holder()));
        assert_eq!(
            written[1],
            "stella@spark.example: You have an account already"
        );
        assert_eq!(withheld, 0);
        let gone = Credentials {
            state: UserState::Deleted,
            ..holder()
        };
        let (written, withheld) = asked(Some(gone));
        assert_eq!((written.len(), withheld), (1, 1));
    }

    #[test]
    fn the_present_address_is_no_new_one() {
        let hall = Hall::untouchable();
        let changes = &hall.application.email_changes;
        let begun = changes.begin(&call(Role::Member), &user(CALLER).email);
        assert_eq!(wrong_fields(begun), [("email".to_owned(), "unchanged")]);
    }

    #[test]
    fn a_wrong_password_counts_like_one_at_the_door_and_asks_nobody() {
        let wrong = Checked {
            matched: false,
            ..right()
        };
        let older = Checked {
            against: hash("older"),
            ..right()
        };
        for checked in [wrong, older] {
            let mut mocks = mocks(None);
            let events = audited(&mut mocks);
            mocks
                .locks
                .expect_record()
                .withf(|watch, _| watch.user == CALLER)
                .times(1)
                .returning(|_, _| Ok(()));
            let hall = Hall::over(mocks);
            let changes = &hall.application.email_changes;
            let asked = changes.ask(&call(Role::Member), &new_email(), &checked);
            let expected = [("current_password".to_owned(), "wrong_password")];
            assert_eq!(wrong_fields(asked), expected);
            assert_eq!(told(&events), [("sign_in_refused", "user")]);
            let last = (Scope::Identity, Mode::Write, Decision::Commit);
            assert_eq!(hall.runs().last(), Some(&last));
        }
    }

    #[test]
    fn an_address_that_is_somebody_elses_by_now_opens_nothing() {
        let mut mocks = MockRepositories::default();
        mocks.identity.expect_find_credentials().returning(|_| {
            Ok(Some(Credentials {
                user: user(HOLDER),
                ..account()
            }))
        });
        let hall = Hall::over(mocks);
        let begun = hall
            .application
            .email_changes
            .begin(&call(Role::Member), &new_email());
        assert_eq!(code(begun), Code::ChangedMeanwhile);
    }
}

mod confirmed {
    use super::*;

    /// Mocks in which the token counts for this side, and the other one has agreed before or has not.
    fn with_token(side: Side, other_agreed: bool) -> MockRepositories {
        let mut mocks = mocks(None);
        let spent = || Spent {
            user: user(CALLER),
            payload: Some(new_email().to_string()),
        };
        mocks
            .mail_tokens
            .expect_find()
            .returning(move |_, purpose, _| Ok((purpose == side.purpose()).then(spent)));
        mocks
            .mail_tokens
            .expect_spend()
            .withf(move |_, purpose, _| *purpose == side.purpose())
            .times(1)
            .returning(move |_, _, _| Ok(Some(spent())));
        mocks
            .email_changes
            .expect_confirm()
            .withf(move |user, email, agreeing, _| {
                *user == CALLER && *email == new_email() && *agreeing == side
            })
            .returning(move |_, _, _, _| {
                let other = other_agreed.then(now);
                let (old, new) = match side {
                    Side::Old => (Some(now()), other),
                    Side::New => (other, Some(now())),
                };
                Ok(Some(Agreed {
                    change: EmailChange {
                        old_confirmed_at: old,
                        new_confirmed_at: new,
                        ..EmailChange::asked(CALLER, new_email(), now())
                    },
                    session: SESSION,
                }))
            });
        mocks
    }

    fn confirm(hall: &Hall) -> Result<Outcome, EmailChangeError> {
        let origin = call(Role::Member).origin;
        hall.application.email_changes.confirm(TOKEN, &origin)
    }

    /// Lets the account move, or finds the address taken.
    fn moving(mocks: &mut MockRepositories, to_be_had: bool, freed: Option<UserId>) {
        let changes = &mut mocks.email_changes;
        changes.expect_remove().times(1).returning(|_| Ok(true));
        changes
            .expect_free_address()
            .times(1)
            .returning(move |_, _| Ok(freed));
        changes
            .expect_move_account()
            .withf(|user, email, _| *user == CALLER && *email == new_email())
            .times(1)
            .returning(move |_, _, _| Ok(to_be_had));
    }

    #[test]
    fn the_first_of_the_two_changes_nothing_yet() {
        for side in Side::ALL {
            let mut mocks = with_token(side, false);
            let events = audited(&mut mocks);
            let hall = Hall::over(mocks);
            assert_eq!(confirm(&hall).unwrap(), Outcome::Waiting);
            assert_eq!(told(&events), [("email_change_confirmed", "user")]);
            assert_eq!(
                events.lock().unwrap()[0].details,
                [("address", side.as_str().to_owned())]
            );
        }
    }

    #[test]
    fn the_second_moves_the_account_ends_the_other_sessions_and_links_and_tells_both() {
        for side in Side::ALL {
            let mut mocks = with_token(side, true);
            let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
            moving(&mut mocks, true, Some(HOLDER));
            mocks
                .identity
                .expect_end_other_sessions()
                .withf(|user, kept, _| *user == CALLER && *kept == SESSION)
                .times(1)
                .returning(|_, _, _| Ok(2));
            mocks
                .mail_tokens
                .expect_end_all()
                .withf(|user, _| *user == CALLER)
                .times(1)
                .returning(|_, _| Ok(()));
            mocks
                .trusted_devices
                .expect_remove_all()
                .withf(|user| *user == CALLER)
                .times(1)
                .returning(|_| Ok(0));
            let hall = Hall::over(mocks);
            assert_eq!(confirm(&hall).unwrap(), Outcome::Moved);
            let on_record = ["email_change_confirmed", "deleted", "email_changed"];
            assert_eq!(told(&events), on_record.map(|action| (action, "user")));
            assert_eq!(touched(&events), ["email"]);
            assert_eq!(
                events.lock().unwrap()[1].target_id,
                Some(HOLDER.uuid()),
                "the account that gave way is on record"
            );
            let to: Vec<_> = mails
                .lock()
                .unwrap()
                .iter()
                .map(|mail| mail.to.to_string())
                .collect();
            assert_eq!(to, ["stella@hall.example", "stella@spark.example"]);
            assert_eq!(
                hall.runs(),
                [(Scope::Identity, Mode::Write, Decision::Commit)]
            );
        }
    }

    #[test]
    fn an_address_that_was_taken_meanwhile_ends_the_change_and_is_on_record() {
        let mut mocks = with_token(Side::New, true);
        let events = audited(&mut mocks);
        moving(&mut mocks, false, None);
        let hall = Hall::over(mocks);
        assert_eq!(code(confirm(&hall)), Code::Duplicate);
        let on_record = ["email_change_confirmed", "email_change_ended"];
        assert_eq!(told(&events), on_record.map(|action| (action, "user")));
        assert_eq!(
            hall.runs(),
            [(Scope::Identity, Mode::Write, Decision::Commit)]
        );
    }

    #[test]
    fn a_token_that_does_not_count_or_whose_change_was_called_off_is_refused() {
        let mut unknown = MockRepositories::default();
        unknown
            .mail_tokens
            .expect_find()
            .returning(|_, _, _| Ok(None));
        let mut called_off = mocks(None);
        let spent = || Spent {
            user: user(CALLER),
            payload: Some(new_email().to_string()),
        };
        called_off
            .mail_tokens
            .expect_find()
            .returning(move |_, _, _| Ok(Some(spent())));
        called_off
            .mail_tokens
            .expect_spend()
            .returning(move |_, _, _| Ok(Some(spent())));
        called_off
            .email_changes
            .expect_confirm()
            .returning(|_, _, _, _| Ok(None));
        for mocks in [unknown, called_off] {
            let hall = Hall::over(mocks);
            let refused = wrong_fields(confirm(&hall));
            assert_eq!(refused, [("token".to_owned(), "token_refused")]);
            let last = (Scope::Identity, Mode::Write, Decision::RollBack);
            assert_eq!(hall.runs().last(), Some(&last));
        }
    }
}

#[test]
fn a_change_that_waits_is_called_off_on_record_and_none_is_told_so() {
    for waits in [true, false] {
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        mocks.email_changes.expect_find().returning(move |_, _| {
            Ok(waits.then(|| EmailChange::asked(CALLER, new_email(), now())))
        });
        mocks.email_changes.expect_remove().returning(|_| Ok(true));
        let hall = Hall::over(mocks);
        let withdrawn = hall.application.email_changes.withdraw(&call(Role::Member));
        if waits {
            withdrawn.unwrap();
            assert_eq!(told(&events), [("email_change_ended", "user")]);
        } else {
            assert_eq!(code(withdrawn), Code::NotFound);
        }
    }
}
