//! The first run: one tenant and its owner, once in the life of an installation.

use unionhall_domain::{mail_tokens::MailPurpose, roles::Role, tenants::Tenant};

use super::{AccountError, Accounts, NewTenant, NewUser, add_tenant, add_user, join};
use crate::{letters::Letter, mail_tokens};

/// How the first owner comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstSignIn {
    /// With the password whose hash is given.
    Password,
    /// With a link that goes out by mail, to choose a password; nobody knows the one whose hash is given.
    Link,
}

impl Accounts {
    /// Makes the first tenant and its owner, who is new as well. Of two who try at once one does.
    ///
    /// # Errors
    /// [`AccountError::AlreadySetUp`] when there is a tenant, [`AccountError::EmailTaken`] when there is somebody
    /// with the owner's address; then nothing is made.
    pub fn set_up(
        &self,
        new: NewTenant,
        owner: NewUser,
        sign_in: FirstSignIn,
    ) -> Result<Tenant, AccountError> {
        self.change(|tx, core| {
            if !tx.tenants().none_yet()? {
                return Err(AccountError::AlreadySetUp);
            }
            let tenant = add_tenant(tx, core, new)?;
            let (email, first_name) = (owner.email.clone(), owner.first_name.clone());
            let user = add_user(tx, core, owner, Some(tenant.id))?;
            join(tx, core, user, tenant.id, &[Role::Owner])?;
            if sign_in == FirstSignIn::Link {
                let now = core.clock.now();
                let purpose = MailPurpose::ResetPassword;
                let token = mail_tokens::issue(tx, &*core.clock, user, purpose, None, now)?;
                let letter = Letter::new(&email, format!("{} is set up", tenant.name))
                    .greeting(&first_name)
                    .of(&tenant)
                    .paragraph(format!(
                        "{} is set up on Unionhall, and you are its owner. Choose a password to sign in.",
                        tenant.name
                    ))
                    .action("Choose my password", core.links.reset_password(&token))
                    .note("The link works once, and for one hour. After that, ask for a new one at the page for forgotten passwords.");
                core.post(tx, letter)?;
            }
            Ok(tenant)
        })
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::{text::Line, users::EmailAddress};
    use unionhall_ports::{
        mock::MockRepositories,
        passwords::PasswordHash,
        unit_of_work::{Decision, Mode, Scope},
    };

    use super::*;
    use crate::fixtures::{Hall, Shared, audited, mailed, tenant, told};

    fn hall() -> NewTenant {
        let Tenant {
            slug,
            name,
            kind,
            time_zone,
            currency,
            ..
        } = tenant();
        NewTenant {
            slug,
            name,
            kind,
            time_zone,
            currency,
        }
    }

    fn owner() -> NewUser {
        NewUser {
            email: EmailAddress::parse("ada@hall.example").unwrap(),
            first_name: Line::parse("Ada").unwrap(),
            last_name: Line::parse("Byron").unwrap(),
            password: PasswordHash::new("a hash".to_owned()),
        }
    }

    /// Mocks of an installation without or with tenants.
    fn installation(is_new: bool) -> MockRepositories {
        let mut mocks = MockRepositories::default();
        mocks
            .tenants
            .expect_none_yet()
            .returning(move || Ok(is_new));
        mocks.tenants.expect_insert().returning(|_| Ok(()));
        mocks.identity.expect_insert_user().returning(|_, _| Ok(()));
        mocks
            .identity
            .expect_put_membership()
            .withf(|place, _| place.roles.len() == 1 && place.roles[0].role == Role::Owner)
            .returning(|_, _| Ok(()));
        mocks.mail_tokens.expect_issue().returning(|_| Ok(()));
        mocks
    }

    #[test]
    fn the_first_tenant_and_its_owner_are_made_and_put_on_record_in_one_transaction() {
        let mut mocks = installation(true);
        let events = audited(&mut mocks);
        let hall_of = Hall::over(mocks);
        let accounts = &hall_of.application.accounts;
        let made = accounts.set_up(hall(), owner(), FirstSignIn::Password);
        assert_eq!(made.unwrap().slug, tenant().slug);
        let created = ["tenant", "user", "membership"].map(|target| ("created", target));
        assert_eq!(told(&events), created);
        assert_eq!(
            hall_of.runs(),
            [(Scope::Identity, Mode::Write, Decision::Commit)]
        );
    }

    #[test]
    fn an_owner_without_a_password_gets_a_link_to_choose_one() {
        let mut mocks = installation(true);
        audited(&mut mocks);
        let mails: Shared<_> = mailed(&mut mocks);
        let accounts = Hall::over(mocks).application.accounts;
        accounts.set_up(hall(), owner(), FirstSignIn::Link).unwrap();
        let mails = mails.lock().unwrap();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to.as_str(), "ada@hall.example");
        let link = "https://hall.example/account/reset-password#token=";
        assert!(mails[0].text.contains(link), "{}", mails[0].text);
    }

    #[test]
    fn an_installation_with_a_tenant_is_left_as_it_is() {
        let hall_of = Hall::over(installation(false));
        let accounts = &hall_of.application.accounts;
        let refused = accounts.set_up(hall(), owner(), FirstSignIn::Link);
        assert!(matches!(refused, Err(AccountError::AlreadySetUp)));
        assert_eq!(
            hall_of.runs(),
            [(Scope::Identity, Mode::Write, Decision::RollBack)]
        );
    }
}
