//! What people are told of their second factor, who may not have been the ones who changed it (NIST SP 800-63B-4 §4.6).

use unionhall_domain::users::User;

use crate::{letters::Letter, links::Links};

/// The factor counts from now on.
pub(super) fn set_up(to: &User, links: &Links) -> Letter {
    told(to, "A second factor was set up", links).paragraph(
        "From now on your sign-in asks for a code of the phone that was set up. Keep the recovery codes that were shown \
         then: each lets you in once without the phone.",
    )
}

/// The factor counts no more.
pub(super) fn removed(to: &User, links: &Links) -> Letter {
    told(to, "Your second factor was removed", links).paragraph(
        "From now on your password alone lets you in. Recovery codes and trusted devices count no more.",
    )
}

/// Somebody signed in with a recovery code; so many are left.
pub(super) fn recovered(to: &User, left: u64, links: &Links) -> Letter {
    let left = match left {
        0 => "No recovery code is left".to_owned(),
        1 => "One recovery code is left".to_owned(),
        more => format!("{more} recovery codes are left"),
    };
    told(to, "A recovery code was used to sign in", links).paragraph(format!(
        "Somebody has signed in to your account with your password and one of your recovery codes. {left}. If you have \
         lost your phone, set the second factor up anew."
    ))
}

/// Every letter of these ends with what to do when it was somebody else.
fn told(to: &User, subject: &str, links: &Links) -> Letter {
    Letter::new(&to.email, subject)
        .greeting(&to.first_name)
        .action("See where I am signed in", links.sessions())
        .note("If it was not you, somebody else knows your password: choose a new one, and tell your hall.")
}
