//! What people are told of their passwords. A letter never says whether anybody else has an account.

use unionhall_domain::users::{EmailAddress, User};

use crate::{letters::Letter, links::Link};

/// To whoever asked for a new password.
pub(super) fn forgotten(to: &EmailAddress, user: Option<&User>, link: Link) -> Letter {
    let letter = Letter::new(to, "Choose a new password")
        .paragraph("Somebody, probably you, asked for a new password for your account.")
        .action("Choose a new password", link)
        .note(
            "The link works once, and for one hour. A newer one ends it. If you did not ask, do nothing: your password \
             stays as it is.",
        );
    match user {
        Some(user) => letter.greeting(&user.first_name),
        None => letter,
    }
}

/// To whoever's password was changed, by them or by somebody else.
pub(super) fn changed(user: &User, link: Link) -> Letter {
    Letter::new(&user.email, "Your password was changed")
        .greeting(&user.first_name)
        .paragraph(
            "Your password was changed just now. You were signed out everywhere else, so that only the new password \
             opens your account.",
        )
        .paragraph(
            "If it was not you, ask for a new password at once, and tell whoever looks after your hall's accounts.",
        )
        .action("It was not me: choose a new password", link)
}
