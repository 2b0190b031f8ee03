//! What is written to the two addresses of a change. A letter to an address that may be a stranger's names nobody.

use unionhall_domain::users::{EmailAddress, User};

use crate::{letters::Letter, links::Link};

/// What is said of both links.
const NOTE: &str = "The link works once, and for 24 hours. A newer one ends it.";

/// To the address that the person signs in with at present.
pub(super) fn agree_at_old(user: &User, email: &EmailAddress, link: Link) -> Letter {
    Letter::new(&user.email, "Agree to your new e-mail address")
        .greeting(&user.first_name)
        .paragraph(format!(
            "Somebody with your password, probably you, wants to sign in to your account with {email} from now on."
        ))
        .paragraph(
            "Follow the link to agree. The change counts when the new address has agreed as well; a link is on its way \
             there.",
        )
        .action("I agree to the new address", link)
        .note(format!(
            "{NOTE} If it was not you, do not follow it: your address stays as it is. Then somebody knows your password; \
             choose a new one."
        ))
}

/// To the address that the person wants to sign in with.
pub(super) fn agree_at_new(email: &EmailAddress, link: Link) -> Letter {
    Letter::new(email, "Confirm your new e-mail address")
        .paragraph("Somebody, probably you, wants to sign in to their account with this e-mail address from now on.")
        .paragraph(
            "Follow the link to show that the address is yours. The change counts when the old address has agreed as \
             well; a link is on its way there.",
        )
        .action("This address is mine", link)
        .note(format!("{NOTE} If it was not you, do nothing."))
}

/// To whoever has an account with the address that somebody else wants.
pub(super) fn known(user: &User, link: Link) -> Letter {
    Letter::new(&user.email, "You have an account already")
        .greeting(&user.first_name)
        .paragraph("Somebody, probably you, wanted to move another account to this e-mail address.")
        .paragraph("You have an account with it already, and nothing about it has changed: sign in with it.")
        .action("I forgot my password", link)
        .note("If it was not you, do nothing: whoever it was has learned nothing of your account.")
}

/// To the address that the person signed in with until now.
pub(super) fn moved_away(user: &User, email: &EmailAddress) -> Letter {
    Letter::new(&user.email, "Your e-mail address was changed")
        .greeting(&user.first_name)
        .paragraph(format!(
            "From now on you sign in with {email}, and mail goes there. You were signed out everywhere but where you \
             asked for the change."
        ))
        .note("If it was not you, tell whoever looks after your hall's accounts at once.")
}

/// To the address that the person signs in with from now on.
pub(super) fn moved_here(user: &User, email: &EmailAddress, link: Link) -> Letter {
    Letter::new(email, "Your e-mail address was changed")
        .greeting(&user.first_name)
        .paragraph(
            "From now on you sign in with this e-mail address. Your password has not changed. You were signed out \
             everywhere but where you asked for the change.",
        )
        .action("Go to Unionhall", link)
}
