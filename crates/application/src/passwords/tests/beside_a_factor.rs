//! Passwords beside a second factor: shorter ones are taken, as long as the factor is there.

use unionhall_domain::second_factors::TimeStep;
use unionhall_ports::{sealing::Sealed, second_factors::SecondFactor};

use super::*;

/// Eight characters: enough beside a factor.
const SHORT: &str = "gravel-7";

/// A factor that counts, or one that was begun and never confirmed.
fn factor(confirmed: bool) -> SecondFactor {
    SecondFactor {
        user: CALLER,
        secret: Sealed {
            key: "k".to_owned(),
            bytes: vec![1],
        },
        begun_at: now(),
        confirmed_at: confirmed.then(now),
        last_step: confirmed.then(|| TimeStep::new(1)),
        covers_password: false,
    }
}

/// Mocks that know the account and this factor of it.
fn with_factor(factor: Option<SecondFactor>) -> MockRepositories {
    let mut mocks = known(Some(account()));
    mocks
        .second_factors
        .expect_find()
        .returning(move |_| Ok(factor.clone()));
    mocks
}

#[test]
fn eight_characters_are_enough_beside_a_factor_that_is_confirmed() {
    let judged = |factor, new: &str| {
        let mut mocks = with_factor(factor);
        with_token(&mut mocks);
        let hall = Hall::over(mocks);
        let (passwords, call) = (&hall.application.passwords, call(Role::Member));
        let changed = passwords.begin_change(&call, &password("old"), &password(new));
        let reset = passwords.begin_reset(TOKEN, &password(new));
        (changed.map(|(_, strength)| strength), reset)
    };
    let (changed, reset) = judged(Some(factor(true)), SHORT);
    assert_eq!(changed.unwrap(), Strength::WithSecondFactor);
    assert_eq!(reset.unwrap(), Strength::WithSecondFactor);
    // A long one needs no factor, whether there is one or not.
    let (changed, reset) = judged(Some(factor(true)), GOOD);
    assert_eq!(changed.unwrap(), Strength::Alone);
    assert_eq!(reset.unwrap(), Strength::Alone);
    let refused = [("new_password".to_owned(), "too_short")];
    for (factor, new) in [
        (None, SHORT),
        (Some(factor(false)), SHORT),
        (Some(factor(true)), "gravel7"),
    ] {
        let (changed, reset) = judged(factor, new);
        assert_eq!(wrong_fields(changed), refused);
        assert_eq!(wrong_fields(reset), refused);
    }
}

#[test]
fn a_short_password_is_refused_when_the_factor_went_while_it_was_hashed() {
    let short = NewPassword {
        hash: hash("new"),
        strength: Strength::WithSecondFactor,
    };
    for gone in [None, Some(factor(false))] {
        let mut mocks = with_factor(gone);
        with_token(&mut mocks);
        let hall = Hall::over(mocks);
        let passwords = &hall.application.passwords;
        let checked = Checked {
            against: hash("old"),
            matched: true,
        };
        let refused = [("new_password".to_owned(), "too_short")];
        let changed = passwords.change(&call(Role::Member), &checked, &short);
        assert_eq!(wrong_fields(changed), refused);
        let reset = passwords.reset(TOKEN, &short, &origin());
        assert_eq!(wrong_fields(reset), refused);
        let lost = (Scope::Identity, Mode::Write, Decision::RollBack);
        assert_eq!(hall.runs(), [lost, lost]);
    }
}
