//! What people are told when they, or somebody in their name, want an account.

use unionhall_domain::{
    text::Line,
    users::{EmailAddress, User},
};

use crate::{letters::Letter, links::Link};

/// What is said of every link to verify an address.
const NOTE: &str = "The link works once, and for 24 hours. A newer one ends it. If you did not ask for an account, do \
                    nothing: without the link nobody can use it.";

/// To whoever registered.
pub(super) fn verify(
    to: &EmailAddress,
    first_name: &Line<100>,
    with_hall: bool,
    link: Link,
) -> Letter {
    let then = if with_hall {
        "Follow the link to show that the address is yours; then the hall is made that was asked for, and you can sign in."
    } else {
        "Follow the link to show that the address is yours; then you can sign in."
    };
    Letter::new(to, "Verify your e-mail address")
        .greeting(first_name)
        .paragraph("Somebody, probably you, made an account with this e-mail address.")
        .paragraph(then)
        .action("Verify my e-mail address", link)
        .note(NOTE)
}

/// To whoever registered a while ago.
pub(super) fn reminder(to: &EmailAddress, user: Option<&User>, link: Link) -> Letter {
    let letter = Letter::new(to, "Verify your e-mail address")
        .paragraph("Your account waits for you to show that this e-mail address is yours.")
        .paragraph("Follow the link, and you can sign in.")
        .action("Verify my e-mail address", link)
        .note(NOTE);
    match user {
        Some(user) => letter.greeting(&user.first_name),
        None => letter,
    }
}

/// To whoever has an account with the address that somebody registered.
pub(super) fn known(user: &User, with_hall: bool, link: Link) -> Letter {
    let now = if with_hall {
        "You have one already, and nothing about it has changed: sign in with it, and make the hall from there."
    } else {
        "You have one already, and nothing about it has changed: sign in with it."
    };
    Letter::new(&user.email, "You have an account already")
        .greeting(&user.first_name)
        .paragraph("Somebody, probably you, wanted to make an account with this e-mail address.")
        .paragraph(now)
        .action("I forgot my password", link)
        .note("If it was not you, do nothing: whoever it was has learned nothing of your account.")
}
