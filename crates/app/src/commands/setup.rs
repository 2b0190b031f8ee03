//! `unionhall setup`: the first tenant and its owner, and what to do next.

use unionhall_application::{Application, accounts::NewTenant};
use unionhall_domain::tenants::{Currency, ZoneName};
use unionhall_ports::passwords::PasswordHasher;

use super::console::Console;
use crate::{
    cli::SetUp,
    config::{Config, Setup},
    exit::Exit,
    failure::Failure,
    first_run::{FirstRun, password_in},
    passwords::read_from,
};

/// Makes both and tells what to do next.
pub(super) fn run(
    application: &Application,
    hasher: &dyn PasswordHasher,
    config: &Config,
    asked: SetUp,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let first = first_run(asked, config.setup.as_ref(), console)?;
    let (email, has_password) = (first.email.clone(), first.password.is_some());
    let tenant = first.make(application, hasher)?;
    console.print(&format!(
        "made the tenant {} ({}, {}, {}, {})\nmade its owner {email}\n",
        tenant.slug.as_str(),
        tenant.name,
        tenant.kind.as_str(),
        tenant.time_zone.as_str(),
        tenant.currency.as_str(),
    ))?;
    let url = &config.public_url;
    console.say("Next:");
    console.say("  1. Start the program: `unionhall serve`. It sends the mail that waits.");
    if has_password {
        console.say(&format!(
            "  2. {email} signs in at {url} with the password you gave; it is kept nowhere else."
        ));
    } else {
        console.say(&format!(
            "  2. {email} gets a mail with a link to choose a password. It works for one hour;"
        ));
        console.say(&format!(
            "     after that, {url}/account/forgot-password sends another."
        ));
    }
    console.say("  3. The owner invites everybody else.");
    Ok(Exit::Done)
}

/// What was typed, before what is configured.
fn first_run(
    asked: SetUp,
    configured: Option<&Setup>,
    console: &mut Console<'_>,
) -> Result<FirstRun, Failure> {
    let password = if asked.password_stdin {
        let given = read_from(&mut *console.input);
        Some(given.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?)
    } else {
        let file = asked.password_file.as_deref();
        let file = file.or_else(|| configured?.password_file.as_deref());
        file.map(password_in).transpose()?
    };
    let tenant = configured.map(|setup| &setup.tenant);
    let named = asked
        .slug
        .or_else(|| Some(tenant?.slug.clone()))
        .zip(asked.name.or_else(|| Some(tenant?.name.clone())))
        .zip(asked.kind.or_else(|| Some(tenant?.kind)))
        .zip(
            asked
                .owner_email
                .or_else(|| Some(configured?.owner_email.clone())),
        );
    let Some((((slug, name), kind), email)) = named else {
        return Err(Failure::new(
            Exit::Usage,
            "--slug, --name, --kind and --owner-email are needed, or UNIONHALL_SETUP_SLUG, _NAME, _KIND and \
             _OWNER_EMAIL; `unionhall setup --help` shows an example",
        ));
    };
    let time_zone = asked.time_zone.or_else(|| Some(tenant?.time_zone.clone()));
    let currency = asked.currency.or_else(|| Some(tenant?.currency.clone()));
    let unusual = || Failure::new(Exit::Failed, "the usual time zone is not known here");
    Ok(FirstRun {
        tenant: NewTenant {
            slug,
            name,
            kind,
            time_zone: time_zone
                .or_else(|| ZoneName::parse("America/Los_Angeles").ok())
                .ok_or_else(unusual)?,
            currency: currency
                .or_else(|| Currency::parse("USD").ok())
                .ok_or_else(unusual)?,
        },
        email,
        names: (
            asked
                .owner_first_name
                .or_else(|| configured?.owner_first_name.clone()),
            asked
                .owner_last_name
                .or_else(|| configured?.owner_last_name.clone()),
        ),
        password,
    })
}
