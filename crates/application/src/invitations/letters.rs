//! What people are told of invitations.

use unionhall_domain::{
    invitations::Invitation,
    tenants::Tenant,
    text::Line,
    users::{EmailAddress, User},
};

use crate::{letters::Letter, links::Link};

/// To whoever is invited.
pub(super) fn invitation(
    invitation: &Invitation,
    inviter: &User,
    tenant: &Tenant,
    link: Link,
) -> Letter {
    let hall = &tenant.name;
    let (given, family) = (&inviter.first_name, &inviter.last_name);
    let day = tenant.time_zone.day_of(invitation.expires_at);
    let letter = Letter::new(&invitation.email, format!("You are invited to {hall}"))
        .of(tenant)
        .paragraph(format!(
            "{given} {family} invites you to work with {hall} on Unionhall, as {}.",
            roles(invitation)
        ));
    let letter = match &invitation.guest.first_name {
        Some(name) => letter.greeting(name),
        None => letter,
    };
    let letter = match &invitation.message {
        Some(message) => letter.paragraph(format!("{given} {family} writes:\n{message}")),
        None => letter,
    };
    letter
        .paragraph(
            "Follow the link to accept. If you have no account yet, you choose a password there; if you have one, you \
             show that it is yours with its password.",
        )
        .action("Accept the invitation", link)
        .note(format!(
            "The link works once, until {day}. If you do not know who invites you, do nothing: without the link nobody \
             gets in."
        ))
}

/// To whoever invited: it was accepted.
pub(super) fn accepted(
    inviter: &User,
    tenant: &Tenant,
    (first_name, last_name): (&Line<100>, &Line<100>),
    email: &EmailAddress,
) -> Letter {
    let hall = &tenant.name;
    Letter::new(
        &inviter.email,
        format!("{first_name} {last_name} has accepted your invitation"),
    )
    .of(tenant)
    .greeting(&inviter.first_name)
    .paragraph(format!(
        "{first_name} {last_name} ({email}) has accepted your invitation to {hall}, and can sign in from now on."
    ))
    .note("You get this mail because you sent the invitation. There is nothing for you to do.")
}

/// The roles in words: `staff`, `staff and officer`, `staff, officer and member`.
fn roles(invitation: &Invitation) -> String {
    let names: Vec<_> = invitation
        .roles
        .iter()
        .map(|held| held.role.as_str())
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}
