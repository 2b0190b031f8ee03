//! The first tenant and its owner, as the command line or the configuration names them.

use std::fs::File;

use unionhall_application::{
    Application,
    accounts::{AccountError, FirstSignIn, NewTenant, NewUser},
};
use unionhall_domain::{
    passwords::{KnownWords, Strength},
    tenants::Tenant,
    text::Line,
    users::EmailAddress,
};
use unionhall_ports::passwords::{Password, PasswordHasher};

use crate::{
    backing::Say,
    commands::{accounts::failure, tenants::names},
    config::{Config, Setup},
    exit::Exit,
    failure::Failure,
    passwords::{generate, read_from},
    wiring::Wired,
};

/// What is to be made.
pub(crate) struct FirstRun {
    /// The tenant.
    pub(crate) tenant: NewTenant,
    /// Its owner's address.
    pub(crate) email: EmailAddress,
    /// The owner's given and family name, where they are known.
    pub(crate) names: (Option<Line<100>>, Option<Line<100>>),
    /// The owner's password; `None`: a link to choose one goes out by mail.
    pub(crate) password: Option<Password>,
}

impl FirstRun {
    /// Makes both, or neither.
    pub(crate) fn make(
        self,
        application: &Application,
        hasher: &dyn PasswordHasher,
    ) -> Result<Tenant, Failure> {
        self.attempt(application, hasher)?
            .map_err(|error| failure("setting up", &error))
    }

    fn attempt(
        self,
        application: &Application,
        hasher: &dyn PasswordHasher,
    ) -> Result<Result<Tenant, AccountError>, Failure> {
        let failed = |doing: &str, error: &dyn std::error::Error| {
            Failure::caused(Exit::Failed, doing, error)
        };
        let (password, sign_in) = match &self.password {
            Some(password) => {
                self.check(password, application)?;
                (password.clone(), FirstSignIn::Password)
            }
            // Nobody ever knows this one.
            None => (
                generate().map_err(|error| failed("drawing a password", &error))?,
                FirstSignIn::Link,
            ),
        };
        let hash = hasher.hash(&password);
        let hash = hash.map_err(|error| failed("hashing the password", &error))?;
        let made = names(&self.email);
        let (first_name, last_name) = match (self.names, made) {
            ((Some(first), Some(last)), _) => (first, last),
            ((first, last), Some(made)) => (first.unwrap_or(made.0), last.unwrap_or(made.1)),
            ((_, _), None) => {
                return Err(Failure::new(
                    Exit::Usage,
                    "no name can be made from the owner's address; give both names",
                ));
            }
        };
        let owner = NewUser {
            email: self.email,
            first_name,
            last_name,
            password: hash,
        };
        Ok(application.accounts.set_up(self.tenant, owner, sign_in))
    }

    /// The same rules as for everybody's password.
    fn check(&self, password: &Password, application: &Application) -> Result<(), Failure> {
        let known = KnownWords::default()
            .address(&self.email)
            .hall_called(self.tenant.name.as_str());
        let objections = application
            .passwords
            .objections(password, Strength::Alone, &known);
        if objections.is_empty() {
            return Ok(());
        }
        let details: Vec<_> = objections.into_iter().map(|one| one.detail).collect();
        let message = format!("the owner's password {}", details.join(", and "));
        Err(Failure::new(Exit::Usage, message))
    }

    /// What the configuration names.
    ///
    /// # Errors
    /// [`Exit::Usage`] when the password's file cannot be read, or holds none.
    pub(crate) fn of_config(setup: &Setup) -> Result<Self, Failure> {
        let password = setup
            .password_file
            .as_deref()
            .map(password_in)
            .transpose()?;
        Ok(Self {
            tenant: setup.tenant.clone(),
            email: setup.owner_email.clone(),
            names: (
                setup.owner_first_name.clone(),
                setup.owner_last_name.clone(),
            ),
            password,
        })
    }
}

/// The password that a file holds, without the line break at its end.
pub(crate) fn password_in(path: &std::path::Path) -> Result<Password, Failure> {
    let file = File::open(path).map_err(|error| {
        let doing = format!("reading the password in {}", path.display());
        Failure::caused(Exit::Usage, &doing, &error)
    })?;
    read_from(file).map_err(|error| {
        let refused = error.to_string().replace("standard input", "file");
        Failure::new(Exit::Usage, format!("{}: {refused}", path.display()))
    })
}

/// Makes what the configuration names when there is no tenant yet, and says so; once there is one, does nothing.
pub(crate) fn ensure(wired: &Wired, config: &Config, say: Say<'_>) -> Result<(), Failure> {
    let Some(setup) = &config.setup else {
        return Ok(());
    };
    let tenants = wired.application.accounts.list_tenants();
    if !tenants
        .map_err(|error| failure("setting up", &error))?
        .is_empty()
    {
        return Ok(());
    }
    let first = FirstRun::of_config(setup)?;
    let made = first.attempt(&wired.application, &*wired.hasher)?;
    match made {
        Ok(tenant) => {
            let slug = tenant.slug.as_str();
            say(&format!("made the first tenant, {slug}, and its owner"));
            Ok(())
        }
        // Another instance was quicker.
        Err(AccountError::AlreadySetUp) => Ok(()),
        Err(error) => Err(failure("setting up", &error)),
    }
}
