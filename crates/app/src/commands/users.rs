//! `unionhall user`: making people who sign in, listing them, and giving one a new password.

use unionhall_application::{Application, accounts::NewUser, sessions::HeldRole};
use unionhall_domain::{
    passwords::KnownWords,
    tenants::Slug,
    users::{EmailAddress, User},
};
use unionhall_ports::passwords::PasswordHasher;

use super::{accounts::failure, console::Console, passwords::NewPassword, table::table};
use crate::{cli, exit::Exit, failure::Failure};

/// Makes a user, with a place in a tenant if one is named.
pub(super) fn create(
    application: &Application,
    hasher: &dyn PasswordHasher,
    new: cli::NewUser,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let known = known_words(application, &new)?;
    let rules = &application.passwords;
    let password = NewPassword::make(hasher, rules, &known, new.password_stdin, console)?;
    let email = new.email.clone();
    let user = NewUser {
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        password: password.hash.clone(),
    };
    let place = new.tenant.as_ref().map(|slug| (slug, new.role.as_slice()));
    application
        .accounts
        .create_user(user, place)
        .map_err(|error| failure("making the user", &error))?;
    let place = place.map_or_else(String::new, |(slug, roles)| {
        let roles: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        format!(", {} of {}", roles.join(" and "), slug.as_str())
    });
    console.print(&format!(
        "made the user {email}{place}\n{}",
        password.shown()
    ))?;
    password.remind(console);
    Ok(Exit::Done)
}

/// What nobody should find in the new user's password: the address, and the name of the hall if there is such.
fn known_words(application: &Application, new: &cli::NewUser) -> Result<KnownWords, Failure> {
    let known = KnownWords::default().address(&new.email);
    let Some(slug) = &new.tenant else {
        return Ok(known);
    };
    let tenant = application
        .accounts
        .find_tenant(slug)
        .map_err(|error| failure("making the user", &error))?;
    Ok(known.hall(&tenant))
}

/// Lists everybody who can sign in, or those with a place in a tenant with what they are there.
pub(super) fn list(
    application: &Application,
    tenant: Option<&Slug>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (text, count) = match tenant {
        Some(slug) => colleagues(application, slug)?,
        None => everybody(application)?,
    };
    console.print(&text)?;
    if count == 0 {
        console.say("There is nobody yet; make somebody with `unionhall user create`.");
    }
    Ok(Exit::Done)
}

fn everybody(application: &Application) -> Result<(String, usize), Failure> {
    let users = application
        .accounts
        .list_users(None)
        .map_err(|error| failure("listing the users", &error))?;
    let row = |user: &User| [user.email.to_string(), name(user), last_seen(user)];
    let rows: Vec<_> = users.iter().map(row).collect();
    Ok((
        table(["ADDRESS", "NAME", "LAST SIGN-IN"], &rows),
        rows.len(),
    ))
}

fn colleagues(application: &Application, slug: &Slug) -> Result<(String, usize), Failure> {
    let colleagues = application
        .accounts
        .list_colleagues(slug)
        .map_err(|error| failure("listing the users", &error))?;
    let rows: Vec<_> = colleagues
        .iter()
        .map(|found| {
            let roles: Vec<_> = found.roles.iter().map(spoken).collect();
            let user = &found.user;
            [
                user.email.to_string(),
                name(user),
                roles.join(", "),
                last_seen(user),
            ]
        })
        .collect();
    let heading = ["ADDRESS", "NAME", "ROLES", "LAST SIGN-IN"];
    Ok((table(heading, &rows), rows.len()))
}

/// Gives a user a new password.
pub(super) fn reset_password(
    application: &Application,
    hasher: &dyn PasswordHasher,
    email: &EmailAddress,
    from_input: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let rules = &application.passwords;
    let known = rules
        .known_words(email)
        .map_err(|error| Failure::caused(Exit::Failed, "looking for the user", &error))?;
    let password = NewPassword::make(hasher, rules, &known, from_input, console)?;
    application
        .accounts
        .reset_password(email, &password.hash)
        .map_err(|error| failure("changing the password", &error))?;
    console.print(&format!(
        "{email} has a new password, and is signed out everywhere\n{}",
        password.shown()
    ))?;
    password.remind(console);
    Ok(Exit::Done)
}

fn name(user: &User) -> String {
    format!("{} {}", user.first_name, user.last_name)
}

fn last_seen(user: &User) -> String {
    user.last_login_at.map_or_else(
        || "never".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

fn spoken(held: &HeldRole) -> String {
    let role = held.role.as_str();
    match held.expires_at {
        None => role.to_owned(),
        Some(until) => format!("{role} (until {})", until.strftime("%Y-%m-%d %H:%M UTC")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use unionhall_domain::roles::Role;

    use super::*;

    #[test]
    fn a_role_for_a_while_is_listed_with_its_end() {
        let held = |expires_at| {
            spoken(&HeldRole {
                role: Role::Staff,
                expires_at,
            })
        };
        assert_eq!(held(None), "staff");
        assert_eq!(
            held(Some(Timestamp::UNIX_EPOCH)),
            "staff (until 1970-01-01 00:00 UTC)"
        );
    }
}
