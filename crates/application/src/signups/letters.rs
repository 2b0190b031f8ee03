//! What people are told when the hall that they asked for is made.

use unionhall_domain::{tenants::Tenant, users::User};

use crate::{letters::Letter, links::Link};

/// To the owner of a hall that was just made.
pub(super) fn ready(user: &User, tenant: &Tenant, link: Link) -> Letter {
    let letter = Letter::new(&user.email, format!("{} is ready", tenant.name))
        .greeting(&user.first_name)
        .of(tenant)
        .paragraph(format!(
            "{} is set up on Unionhall, and you are its owner. Its short name is {}.",
            tenant.name,
            tenant.slug.as_str()
        ));
    let letter = match tenant.plan.standing.trial_ends_at() {
        Some(ends_at) => letter.paragraph(format!(
            "You can try everything out until {}. After that everything stays and can be read, and nothing can be changed \
             until whoever runs this installation makes the hall active.",
            tenant.time_zone.day_of(ends_at)
        )),
        None => letter,
    };
    letter.action("Go to Unionhall", link)
}
