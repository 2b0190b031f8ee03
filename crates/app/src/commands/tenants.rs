//! `unionhall tenant`: making tenants with their owners, listing them, and setting what one may use.

use unionhall_application::{
    Application,
    accounts::{NewTenant, NewUser},
};
use unionhall_domain::{change::Change, tenants::PlanChange, text::Line, users::EmailAddress};
use unionhall_ports::passwords::PasswordHasher;

use super::{accounts::failure, console::Console, passwords::NewPassword, table::table};
use crate::{cli, exit::Exit, failure::Failure};

/// Makes a tenant, and its owner if nobody has that address.
pub(super) fn create(
    application: &Application,
    hasher: &dyn PasswordHasher,
    new: cli::NewTenant,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    // Drawn in any case, so that looking for the owner and making the tenant need no transaction around both.
    let password = NewPassword::draw(hasher)?;
    let email = new.owner_email;
    let (first_name, last_name) = names(&email)
        .ok_or_else(|| Failure::new(Exit::Usage, "no name can be made from --owner-email"))?;
    let owner = NewUser {
        email: email.clone(),
        first_name,
        last_name,
        password: password.hash.clone(),
    };
    let tenant = NewTenant {
        slug: new.slug,
        name: new.name,
        kind: new.kind,
        time_zone: new.time_zone,
        currency: new.currency,
    };
    let tenant = application
        .accounts
        .create_tenant(tenant, owner)
        .map_err(|error| failure("making the tenant", &error))?;
    let known = application
        .identity
        .challenge(email.as_str())
        .map_err(|error| Failure::caused(Exit::Failed, "looking for the owner", &error))?;
    console.print(&format!(
        "made the tenant {} ({}, {}, {}, {})\n",
        tenant.slug.as_str(),
        tenant.name,
        tenant.kind.as_str(),
        tenant.time_zone.as_str(),
        tenant.currency.as_str(),
    ))?;
    // The stored hash tells whether the owner was made here or had a password before.
    if known.hash().as_ref() == Some(&password.hash) {
        console.print(&format!("made its owner {email}\n{}", password.shown()))?;
        password.remind(console);
    } else {
        console.print(&format!("its owner is {email}, whose password stays\n"))?;
    }
    Ok(Exit::Done)
}

/// Lists the tenants.
pub(super) fn list(application: &Application, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let tenants = application
        .accounts
        .list_tenants()
        .map_err(|error| failure("listing the tenants", &error))?;
    let rows: Vec<_> = tenants
        .iter()
        .map(|tenant| {
            [
                tenant.slug.as_str().to_owned(),
                tenant.kind.as_str().to_owned(),
                tenant.plan.standing.as_str().to_owned(),
                tenant.name.to_string(),
                tenant.time_zone.as_str().to_owned(),
                tenant.currency.as_str().to_owned(),
            ]
        })
        .collect();
    console.print(&table(
        ["SLUG", "KIND", "STATUS", "NAME", "TIME ZONE", "CURRENCY"],
        &rows,
    ))?;
    if rows.is_empty() {
        console.say("There are no tenants yet; make one with `unionhall tenant create`.");
    }
    Ok(Exit::Done)
}

/// Sets what a tenant may use and until when, and prints all of it.
pub(super) fn set(
    application: &Application,
    wanted: cli::SetTenant,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let cli::SetTenant {
        slug,
        status,
        trial_ends,
        max_users,
        max_storage,
        tier,
    } = wanted;
    let change = PlanChange {
        standing: status,
        trial_ends_at: trial_ends,
        max_users: changed(max_users),
        max_storage_bytes: changed(max_storage),
        tier: changed(tier),
    };
    let tenant = application
        .accounts
        .set_plan(&slug, change)
        .map_err(|error| failure("setting the tenant", &error))?;
    let values = tenant.plan.fields().into_iter().map(|(name, value)| {
        let value = value.unwrap_or_else(|| "none".to_owned());
        format!("{name}: {value}\n")
    });
    console.print(&values.collect::<String>())?;
    Ok(Exit::Done)
}

fn changed<T>(bound: Option<cli::Bound<T>>) -> Change<Option<T>> {
    bound.map_or(Change::Keep, |cli::Bound(value)| Change::Set(value))
}

/// A first and a last name for somebody of whom only the address is known: `ada.byron@…` is Ada Byron, and
/// `ada@hall.example` is Ada Hall until somebody says better.
pub(crate) fn names(email: &EmailAddress) -> Option<(Line<100>, Line<100>)> {
    let (local, domain) = email.as_str().split_once('@')?;
    let mut words = local
        .split(['.', '_', '-', '+'])
        .filter(|word| word.chars().any(char::is_alphabetic));
    let first = words.next().unwrap_or(local);
    let last = words.next_back().or_else(|| domain.split('.').next())?;
    let name = |word: &str| Line::parse(&capitalised(word)).ok();
    name(first).zip(name(last))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use unionhall_domain::{ids::Id, tenants::StandingMove, users::User};
    use unionhall_ports::{
        identity::{Credentials, UserState},
        mock::MockRepositories,
        passwords::{Password, PasswordHash},
        storage::StorageError,
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        commands::{
            console::{self, Said},
            fixtures::{now, over, tenant},
        },
        passwords::BcryptHasher,
    };

    const OWNER: &str = "ada.byron@hall.example";

    fn credentials(password_hash: PasswordHash) -> Credentials {
        Credentials {
            user: User {
                id: Id::new(Uuid::from_u128(1)),
                email: EmailAddress::parse(OWNER).unwrap(),
                first_name: Line::parse("Ada").unwrap(),
                last_name: Line::parse("Byron").unwrap(),
                last_login_at: None,
                created_at: now(),
            },
            password_hash,
            state: UserState::Active,
            verified: true,
            failures: 0,
            locked_until: None,
            tenant: None,
        }
    }

    /// What making a tenant says where the owner has this hash, or is not there yet; and the owner's hash then.
    fn made(owner: Option<PasswordHash>) -> (Said, Option<PasswordHash>) {
        let stored = Arc::new(Mutex::new(owner));
        let mut mocks = MockRepositories::default();
        mocks.tenants.expect_insert().returning(|_| Ok(()));
        let identity = &mut mocks.identity;
        identity.expect_put_membership().returning(|_, _| Ok(()));
        let (read, written) = (Arc::clone(&stored), Arc::clone(&stored));
        identity
            .expect_find_credentials()
            .returning(move |_| Ok(read.lock().unwrap().clone().map(credentials)));
        identity.expect_insert_user().returning(move |_, hash| {
            *written.lock().unwrap() = Some(hash.clone());
            Ok(())
        });
        let (application, _) = over(mocks);
        let hasher = BcryptHasher::new(4).unwrap();
        let said = console::run("", |console| create(&application, &hasher, new(), console));
        let hash = stored.lock().unwrap().clone();
        (said, hash)
    }

    fn new() -> cli::NewTenant {
        let tenant = tenant();
        cli::NewTenant {
            slug: tenant.slug,
            name: tenant.name,
            kind: tenant.kind,
            time_zone: tenant.time_zone,
            currency: tenant.currency,
            owner_email: EmailAddress::parse(OWNER).unwrap(),
        }
    }

    #[test]
    fn an_owner_who_is_made_has_the_password_that_is_shown() {
        let (said, hash) = made(None);
        assert_eq!(said.exit, Exit::Done);
        let shown = said.out.lines().last().unwrap();
        let shown = shown.strip_prefix("password: ").unwrap().to_owned();
        let hasher = BcryptHasher::new(4).unwrap();
        assert!(hasher.verify(&Password::new(shown).unwrap(), hash));
    }

    #[test]
    fn an_owner_who_is_there_keeps_the_password() {
        let before = PasswordHash::new("the one before".to_owned());
        let (said, hash) = made(Some(before.clone()));
        assert_eq!(said.exit, Exit::Done);
        assert!(!said.out.contains("password: "), "{}", said.out);
        assert_eq!(hash, Some(before));
    }

    #[test]
    fn a_slug_that_is_taken_is_told_with_what_to_do() {
        let mut mocks = MockRepositories::default();
        mocks.tenants.expect_insert().returning(|_| {
            Err(StorageError::Constraint {
                name: "tenants_slug_key".to_owned(),
            })
        });
        let (application, _) = over(mocks);
        let hasher = BcryptHasher::new(4).unwrap();
        let said = console::run("", |console| create(&application, &hasher, new(), console));
        assert_eq!(said.exit, Exit::Exists);
        assert!(said.err.contains("choose another --slug"), "{}", said.err);
    }

    #[test]
    fn tenants_are_listed_as_a_table() {
        let mut mocks = MockRepositories::default();
        mocks.tenants.expect_list().returning(|| Ok(vec![tenant()]));
        let (application, _) = over(mocks);
        let said = console::run("", |console| list(&application, console));
        let expected = "SLUG      KIND   STATUS  NAME                         TIME ZONE            CURRENCY\n\
                        local-46  local  active  Electrical Workers Local 46  America/Los_Angeles  USD\n";
        assert_eq!(said.out, expected);
    }

    #[test]
    fn what_was_set_is_printed_with_what_was_there() {
        let mut mocks = MockRepositories::default();
        mocks
            .tenants
            .expect_find_by_slug()
            .returning(|_| Ok(Some(tenant())));
        mocks.tenants.expect_update_plan().returning(|_| Ok(()));
        let (application, _) = over(mocks);
        let wanted = cli::SetTenant {
            slug: tenant().slug,
            status: Some(StandingMove::Suspend),
            trial_ends: None,
            max_users: Some(cli::Bound(Some(25))),
            max_storage: None,
            tier: None,
        };
        let said = console::run("", |console| set(&application, wanted, console));
        assert_eq!(said.exit, Exit::Done);
        let expected = "status: suspended\ntrial_ends_at: none\nmax_users: 25\n\
            max_storage_bytes: none\ntier: none\n";
        assert_eq!(said.out, expected);
    }

    fn named(email: &str) -> (String, String) {
        let (first, last) = names(&EmailAddress::parse(email).unwrap()).unwrap();
        (first.to_string(), last.to_string())
    }

    #[test]
    fn an_owner_without_a_name_gets_one_from_the_address() {
        for (email, first, last) in [
            ("ada.byron@hall.example", "Ada", "Byron"),
            ("ada.king-byron@hall.example", "Ada", "Byron"),
            ("ada@hall.example", "Ada", "Hall"),
            ("élodie@hall.example", "Élodie", "Hall"),
            ("46@hall.example", "46", "Hall"),
        ] {
            assert_eq!(named(email), (first.to_owned(), last.to_owned()));
        }
    }
}
