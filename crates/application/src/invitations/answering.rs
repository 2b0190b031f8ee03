//! The other side of an invitation: what somebody sees who comes with its token, and how they are let in.
//!
//! Whoever holds the token reads the mail of the address, so a new account counts as verified. An account that is there
//! is not opened by the token: its owner shows the password too, and signs in afterwards like anybody else. Like at the
//! door, checking and hashing take a while and are done between two use cases: [`Invitations::begin`] says what is
//! needed, [`Invitations::accept`] looks again and lets the person in.

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    ids::Id,
    invalid::{FieldError, Invalid},
    invitations::{Invitation, permit_roles},
    passwords::{KnownWords, Strength},
    registrations::RegistrationMode,
    tenants::Tenant,
    text::Line,
    users::{
        User,
        places::{Changer, PlaceState},
    },
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    identity::{Colleague, Credentials, Membership, UserState},
    invitations::{Acquaintance, Presented},
    passwords::{Password, PasswordHash},
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

use super::{InvitationError, Invitations, letters, tokens};
use crate::{
    core::reserve_user,
    error::CallError,
    identity::{Identity, IdentityError},
    locks,
    passwords::{Checked, Passwords, may_change},
    permissions::Permission,
};

/// What whoever comes with a token is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// The invitation.
    pub invitation: Invitation,
    /// Who invites.
    pub inviter: User,
    /// Where to.
    pub tenant: Tenant,
    /// Whether the address has an account, whose password is wanted then.
    pub has_account: bool,
}

/// The names that somebody gives who accepts; what is left out is as the inviter filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Given name.
    pub first_name: Option<Line<100>>,
    /// Family name.
    pub last_name: Option<Line<100>>,
}

/// What is to be done with the password of whoever accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needed {
    /// It is to be checked against the hash of the account that is there.
    Check(PasswordHash),
    /// It is to be hashed for a new account in this name.
    Hash {
        /// Given name.
        first_name: Line<100>,
        /// Family name.
        last_name: Line<100>,
    },
}

/// What became of the password of whoever accepts.
#[derive(Debug, Clone)]
pub enum Proof {
    /// It was checked.
    Checked(Checked),
    /// It was hashed for a new account.
    Hashed {
        /// The hash.
        hash: PasswordHash,
        /// Given name.
        first_name: Line<100>,
        /// Family name.
        last_name: Line<100>,
    },
}

/// An invitation that counts, with everything that was looked up for it.
struct Open {
    invitation: Invitation,
    inviter: User,
    tenant: Tenant,
    known: Acquaintance,
}

/// Whether others may change an invitation while it is looked at.
#[derive(Clone, Copy)]
enum Hold {
    Loose,
    Fast,
}

/// Somebody who was let in, and how.
struct Guest {
    user: User,
    is_new: bool,
}

impl From<IdentityError> for InvitationError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Call(error) => Self::Call(error),
            other => Self::Call(CallError::Internal(other.into())),
        }
    }
}

impl Invitations {
    /// What an invitation says, to whoever comes with its token.
    ///
    /// # Errors
    /// [`InvitationError::Invalid`] at `token`, whatever the reason is that it does not count (any more).
    pub fn validate(&self, token: &str) -> Result<Welcome, InvitationError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let Open {
                invitation,
                inviter,
                tenant,
                known: _,
            } = self.opened(tx, token, Hold::Loose, now)?;
            let account = tx.identity().find_credentials(&invitation.email)?;
            Ok(Welcome {
                has_account: account.is_some_and(|account| is_owned(&account)),
                invitation,
                inviter,
                tenant,
            })
        })
    }

    /// Says what is to be done with the password of somebody who accepts, if nothing speaks against them.
    ///
    /// # Errors
    /// [`InvitationError::Invalid`] at `token`, or at the fields that a new account needs;
    /// [`AlreadyHere`](InvitationError::AlreadyHere), [`NoAccounts`](InvitationError::NoAccounts), or that the tenant
    /// may change nothing.
    pub fn begin(
        &self,
        token: &str,
        names: &Names,
        password: &Password,
    ) -> Result<Needed, InvitationError> {
        let now = self.core.clock.now();
        let (open, account) = self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let open = self.opened(tx, token, Hold::Loose, now)?;
            let account = tx.identity().find_credentials(&open.invitation.email)?;
            Ok::<_, InvitationError>((open, account))
        })?;
        may_come(&open, now)?;
        match account.filter(is_owned) {
            Some(account) => Ok(Needed::Check(account.password_hash)),
            None => self.newcomer(&open, names, password),
        }
    }

    /// Lets somebody in: with a new account, or with the one that is theirs. The invitation is used up then, once,
    /// also when two come with it; the inviter is told.
    ///
    /// # Errors
    /// As for [`begin`](Self::begin); [`InvitationError::NotTheirs`] when the password was wrong, which counts like a
    /// wrong one at the door; that the tenant is full.
    pub fn accept(
        &self,
        token: &str,
        proof: &Proof,
        origin: &Origin,
    ) -> Result<(), InvitationError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let open = self.opened(tx, token, Hold::Fast, now)?;
            may_come(&open, now)?;
            let guest = match proof {
                Proof::Checked(checked) => self.known(tx, &open, checked, now, origin)?,
                Proof::Hashed {
                    hash,
                    first_name,
                    last_name,
                } => Some(self.made(tx, &open, hash, (first_name, last_name), now)?),
            };
            // What speaks against a wrong password is kept, so this is no failure of the transaction.
            let Some(guest) = guest else {
                return Ok(Err(InvitationError::NotTheirs));
            };
            self.let_in(tx, open, &guest, now, origin).map(Ok)
        })?
    }

    /// The invitation that a token stands for, if it counts: its inviter could still send it.
    fn opened(
        &self,
        tx: &mut dyn Repositories,
        token: &str,
        hold: Hold,
        now: Timestamp,
    ) -> Result<Open, InvitationError> {
        let ticket = tokens::read(&*self.core.signatures, token).ok_or_else(token_refused)?;
        let (id, hash) = (ticket.invitation, &ticket.hash);
        let presented = match hold {
            Hold::Loose => tx.invitations().look(id, hash, now)?,
            Hold::Fast => tx.invitations().claim(id, hash, now)?,
        };
        let Presented {
            invitation,
            inviter,
            known,
        } = presented.ok_or_else(token_refused)?;
        let inviter = inviter.filter(|inviter| may_still_invite(inviter, &invitation, now));
        let tenant = tx.tenants().find(invitation.tenant)?;
        let (inviter, tenant) = inviter.zip(tenant).ok_or_else(token_refused)?;
        Ok(Open {
            invitation,
            inviter: inviter.user,
            tenant,
            known,
        })
    }

    /// What a new account needs: names, and a password that is taken.
    fn newcomer(
        &self,
        open: &Open,
        names: &Names,
        password: &Password,
    ) -> Result<Needed, InvitationError> {
        match self.core.registration {
            RegistrationMode::Open | RegistrationMode::Invitation => {}
            RegistrationMode::Closed => return Err(InvitationError::NoAccounts),
        }
        let guest = &open.invitation.guest;
        let first_name = names.first_name.as_ref().or(guest.first_name.as_ref());
        let last_name = names.last_name.as_ref().or(guest.last_name.as_ref());
        let known = KnownWords::default().address(&open.invitation.email);
        let known = known.hall(&open.tenant);
        let passwords = Passwords::new(Arc::clone(&self.core));
        let objections = passwords.objections(password, Strength::Alone, &known);
        let missing = |is_missing: bool, field: &'static str| {
            is_missing.then(|| Invalid::new("required", "must be given").at(field))
        };
        let faults: Vec<FieldError> = missing(first_name.is_none(), "first_name")
            .into_iter()
            .chain(missing(last_name.is_none(), "last_name"))
            .chain(objections.into_iter().map(|fault| fault.at("password")))
            .collect();
        match first_name.zip(last_name) {
            Some((first_name, last_name)) if faults.is_empty() => Ok(Needed::Hash {
                first_name: first_name.clone(),
                last_name: last_name.clone(),
            }),
            Some(_) | None => Err(InvitationError::Invalid(faults)),
        }
    }

    /// The owner of the account that is there, if they have shown its password; else the failure is written down.
    fn known(
        &self,
        tx: &mut dyn Repositories,
        open: &Open,
        checked: &Checked,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<Option<Guest>, InvitationError> {
        let held = locks::hold(tx, &open.invitation.email, now, origin)?;
        let shown = held
            .as_ref()
            .filter(|(_, found)| found.verified && may_change(found, checked, now));
        if let Some((_, found)) = shown {
            return Ok(Some(Guest {
                user: found.user.clone(),
                is_new: false,
            }));
        }
        let identity = Identity::new(Arc::clone(&self.core));
        let failed = held.as_ref().map(|(watch, found)| (*watch, found));
        identity.fail(tx, failed, now, origin)?;
        Ok(None)
    }

    /// A new account at the invited address. One that somebody made and never showed to be theirs becomes it: the
    /// password they chose counts no more.
    fn made(
        &self,
        tx: &mut dyn Repositories,
        open: &Open,
        hash: &PasswordHash,
        (first_name, last_name): (&Line<100>, &Line<100>),
        now: Timestamp,
    ) -> Result<Guest, InvitationError> {
        let user = User {
            id: Id::new(self.core.clock.new_id()),
            email: open.invitation.email.clone(),
            first_name: first_name.clone(),
            last_name: last_name.clone(),
            last_login_at: None,
            created_at: now,
        };
        // Somebody has verified an account at this address since it was asked whether there is one.
        let id = tx.identity().register(&user, hash, None)?;
        let id = id.ok_or(CallError::ChangedMeanwhile)?;
        // There is no other tenant to join: registering has just said so.
        let _none = tx.identity().verify_email(id, now)?;
        if let Some(title) = &open.invitation.guest.job_title
            && let Some(mut profile) = tx.profiles().find(id)?
        {
            profile.details.job_title = Some(title.clone());
            profile.version = profile.version.next();
            tx.profiles().update(&profile, now)?;
        }
        Ok(Guest {
            user: User { id, ..user },
            is_new: true,
        })
    }

    /// Gives a guest the place they were invited to, writes everything down and tells the inviter.
    fn let_in(
        &self,
        tx: &mut dyn Repositories,
        open: Open,
        guest: &Guest,
        now: Timestamp,
        origin: &Origin,
    ) -> Result<(), InvitationError> {
        let (invitation, user) = (&open.invitation, &guest.user);
        reserve_user(tx, invitation.tenant)?;
        let membership = Membership {
            user: user.id,
            tenant: invitation.tenant,
            roles: invitation.roles.clone(),
            // Somebody else may have become that member meanwhile: then the office sorts it out.
            member: invitation.member.filter(|_| !open.known.is_member_taken),
        };
        tx.identity().put_membership(&membership, now)?;
        let accepted = invitation.clone().accepted(user.id, now);
        tx.invitations().update(&accepted, None)?;
        tx.audit()
            .insert(&self.events(&open, &accepted, guest, now, origin))?;
        let names = (&user.first_name, &user.last_name);
        let letter = letters::accepted(&open.inviter, &open.tenant, names, &user.email);
        Ok(self.core.post(tx, letter)?)
    }

    /// What was done: to the account, to the place, to the invitation.
    fn events(
        &self,
        open: &Open,
        accepted: &Invitation,
        guest: &Guest,
        now: Timestamp,
        origin: &Origin,
    ) -> Vec<AuditEvent> {
        let user = guest.user.id;
        let event = |action: AuditAction, target: Target, id: Uuid| AuditEvent {
            id: self.core.clock.new_id(),
            at: now,
            tenant: Some(accepted.tenant),
            actor: AuditActor::User(user),
            action,
            target,
            target_id: Some(id),
            changes: Vec::new(),
            details: vec![("by", "invitation".to_owned())],
            origin: origin.clone(),
        };
        let mut events = Vec::new();
        if guest.is_new {
            events.push(event(AuditAction::Registered, Target::User, user.uuid()));
            events.push(event(AuditAction::EmailVerified, Target::User, user.uuid()));
        }
        let let_in = match open.known.place {
            Some(PlaceState::Removed) => AuditAction::Restored,
            Some(PlaceState::Active | PlaceState::Suspended) | None => AuditAction::Created,
        };
        events.push(event(let_in, Target::Membership, user.uuid()));
        events.push(AuditEvent {
            changes: differences(open.invitation.fields(), accepted.fields()),
            ..event(AuditAction::Moved, Target::Invitation, accepted.id.uuid())
        });
        events
    }
}

/// Goes on if the tenant may change anything, and the person is no user of it yet, or was removed.
fn may_come(open: &Open, now: Timestamp) -> Result<(), InvitationError> {
    if let Some(reason) = open.tenant.plan.standing.read_only(now) {
        return Err(CallError::ReadOnly(reason).into());
    }
    match open.known.place {
        Some(state @ (PlaceState::Active | PlaceState::Suspended)) => {
            Err(InvitationError::AlreadyHere(state))
        }
        Some(PlaceState::Removed) | None => Ok(()),
    }
}

/// Whether somebody could send this invitation now as they once did.
fn may_still_invite(inviter: &Colleague, invitation: &Invitation, now: Timestamp) -> bool {
    let held = inviter.roles.iter().filter(|held| held.counts(now));
    let roles: Vec<_> = held.map(|held| held.role).collect();
    let by = Changer {
        user: Some(inviter.user.id),
        highest: roles.iter().copied().min(),
    };
    Permission::UsersManage.held_by(&roles) && permit_roles(&invitation.roles, by).is_ok()
}

/// Whether there is an account whose password must be shown. One that nobody has shown to be theirs may have been made
/// by anybody; one that is switched off stays so, whoever comes.
fn is_owned(account: &Credentials) -> bool {
    account.verified || account.state != UserState::Active
}

/// What is said of every token that does not count, whatever the reason.
fn token_refused() -> InvitationError {
    let refused = Invalid::new(
        "token_refused",
        "does not count: the invitation was accepted, taken back, sent again or has run out; ask for a new one",
    );
    InvitationError::Invalid(vec![refused.at("token")])
}
