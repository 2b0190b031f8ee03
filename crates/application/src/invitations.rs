//! Invitations: asking people into a tenant, and taking that back.
//!
//! Whether somebody has an account elsewhere is nobody's business but theirs: an inviter gets the same answer, and the
//! same mail leaves. [`answering`] is the other side, of whoever was invited.

pub mod answering;
mod errors;
mod letters;
mod tokens;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    invalid::Invalid,
    invitations::{
        Guest, Invitation, InvitationAction, InvitationId, Refusal, State, Tally, ValidFor,
        permit_roles,
    },
    members::MemberId,
    roles::HeldRole,
    text::Prose,
    users::{EmailAddress, User, places::PlaceState},
    version::Version,
};
use unionhall_ports::{
    invitations::{Acquaintance, InvitationFilter, InvitationSort},
    pages::{Page, PageRequest},
};

pub use self::errors::InvitationError;
use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, reserve_user},
    error::CallError,
    links::Link,
    permissions::Permission,
    users::role_faults,
};

/// Somebody to invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Where to.
    pub email: EmailAddress,
    /// As what; each role counts for longer than the invitation is good.
    pub roles: Vec<HeldRole>,
    /// What is filled in for the person.
    pub guest: Guest,
    /// What to say in the mail.
    pub message: Option<Prose<1_000>>,
    /// The union member that the person is, if one.
    pub member: Option<MemberId>,
    /// How long the invitation is good.
    pub valid_for: ValidFor,
}

/// What became of one of many who were to be invited.
#[derive(Debug)]
pub struct Answered {
    /// Who.
    pub email: EmailAddress,
    /// The invitation, or why there is none.
    pub outcome: Result<Invitation, InvitationError>,
}

/// The use cases of invitations.
#[derive(Clone)]
pub struct Invitations {
    core: Arc<Core>,
}

impl Invitations {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The invitations that match.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &InvitationFilter,
        page: &PageRequest<InvitationSort>,
    ) -> Result<Page<Invitation>, InvitationError> {
        call.actor.require(Permission::UsersManage)?;
        let now = self.core.clock.now();
        let Page { items, next, total } = self.core.read(call, |tx| {
            Ok::<_, InvitationError>(tx.invitations().list(filter, page, now)?)
        })?;
        let items = items.into_iter().map(|found| found.as_of(now)).collect();
        Ok(Page { items, next, total })
    }

    /// One invitation.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub fn find(&self, call: &Call, id: InvitationId) -> Result<Invitation, InvitationError> {
        call.actor.require(Permission::UsersManage)?;
        let now = self.core.clock.now();
        let found = self.core.read(call, |tx| {
            Ok::<_, InvitationError>(tx.invitations().find(id)?)
        })?;
        let found = found.ok_or(InvitationError::NotFound)?;
        Ok(found.as_of(now))
    }

    /// Invites somebody, and mails them the link with which they accept.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub fn send(&self, call: &Call, new: &Invite) -> Result<Invitation, InvitationError> {
        call.actor.require(Permission::UsersManage)?;
        self.core.change(call, |change| {
            let sent = self.invite(change, new)?;
            room(change)?;
            Ok(sent)
        })
    }

    /// Invites several at once: what speaks against one of them keeps no other from being invited.
    ///
    /// # Errors
    /// [`InvitationError::Call`], for what concerns all of them; then nobody is invited.
    pub fn send_many(&self, call: &Call, new: &[Invite]) -> Result<Vec<Answered>, InvitationError> {
        call.actor.require(Permission::UsersManage)?;
        self.core.change(call, |change| {
            let mut answers = Vec::new();
            for new in new {
                let outcome = match self.invite(change, new) {
                    Err(InvitationError::Call(error)) => return Err(error.into()),
                    decided => decided,
                };
                let email = new.email.clone();
                answers.push(Answered { email, outcome });
            }
            if answers.iter().any(|answer| answer.outcome.is_ok()) {
                room(change)?;
            } else {
                change.leave_unchanged();
            }
            Ok(answers)
        })
    }

    /// How many invitations stand how.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub fn statistics(&self, call: &Call) -> Result<Tally, InvitationError> {
        call.actor.require(Permission::UsersManage)?;
        let now = self.core.clock.now();
        self.core.read(call, |tx| Ok(tx.invitations().tally(now)?))
    }

    /// Sends an invitation again: with a new link, which ends the older one, and with more time. Whoever does it
    /// answers for it from now on.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub fn resend(
        &self,
        call: &Call,
        id: InvitationId,
        valid_for: ValidFor,
    ) -> Result<Invitation, InvitationError> {
        call.actor.require(Permission::UsersManage)?;
        self.core.change(call, |change| {
            let (before, now) = (present(change, id)?, change.now);
            let (by, sender) = (change.call.actor.as_changer(), inviter(change.call)?.id);
            let after = before.clone().resent(by, sender, valid_for, now);
            let after = after.map_err(|refusal| refused(refusal, change.call, &before))?;
            outlasting(&after)?;
            acquaintance(change, &after.email, after.member)?;
            let (link, hash) = self.link(after.id)?;
            change.tx.invitations().update(&after, Some(hash))?;
            let fields = differences(before.fields(), after.fields());
            let details = vec![("sent", "again".to_owned())];
            let id = after.id.uuid();
            change.record(
                AuditAction::Updated,
                Target::Invitation,
                id,
                fields,
                details,
            );
            mail(change, &after, link)?;
            room(change)?;
            Ok(after)
        })
    }

    /// Takes an invitation back: its link counts no more.
    ///
    /// # Errors
    /// [`InvitationError`].
    pub fn cancel(&self, call: &Call, id: InvitationId) -> Result<Invitation, InvitationError> {
        call.actor.require(Permission::UsersManage)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let by = change.call.actor.as_changer();
            let after = before.clone().canceled(by, change.now);
            let after = after.map_err(|refusal| refused(refusal, change.call, &before))?;
            change.tx.invitations().update(&after, None)?;
            moved(change, &before, &after);
            Ok(after)
        })
    }

    /// What an actor may do with an invitation now; nothing for who may not manage users.
    pub fn allowed_actions(&self, actor: &Actor, invitation: &Invitation) -> Vec<&'static str> {
        if !actor.may(Permission::UsersManage) {
            return Vec::new();
        }
        let allowed = invitation.allowed(actor.as_changer());
        allowed.into_iter().map(InvitationAction::as_str).collect()
    }

    /// Makes one invitation within a change, and puts its mail into the outbox.
    fn invite(&self, change: &mut Change<'_>, new: &Invite) -> Result<Invitation, InvitationError> {
        let invitation = self.drafted(change, new)?;
        if let Some(member) = new.member {
            change.tx.members().hold(member)?.ok_or_else(no_member)?;
        }
        acquaintance(change, &new.email, new.member)?;
        let now = change.now;
        let retired = change
            .tx
            .invitations()
            .retire(&new.email, new.member, now)?;
        for after in retired {
            let before = Invitation {
                state: State::Pending,
                ..after.clone()
            };
            moved(change, &before, &after);
        }
        let (link, hash) = self.link(invitation.id)?;
        if !change.tx.invitations().insert(&invitation, &hash)? {
            return Err(InvitationError::AlreadyInvited);
        }
        change.record(
            AuditAction::Created,
            Target::Invitation,
            invitation.id.uuid(),
            created(invitation.fields()),
            Vec::new(),
        );
        mail(change, &invitation, link)?;
        Ok(invitation)
    }

    /// The invitation that is wanted, if nothing speaks against its roles.
    fn drafted(&self, change: &Change<'_>, new: &Invite) -> Result<Invitation, InvitationError> {
        let (now, actor) = (change.now, &change.call.actor);
        let mut faults = role_faults(&new.roles, now);
        if new.roles.is_empty() {
            faults.push(Invalid::new("too_few", "must be one role at least").at("roles"));
        }
        if !faults.is_empty() {
            return Err(InvitationError::Invalid(faults));
        }
        permit_roles(&new.roles, actor.as_changer()).map_err(|refusal| {
            InvitationError::Refused {
                refusal,
                allowed: Vec::new(),
            }
        })?;
        let Invite {
            email,
            roles,
            guest,
            message,
            member,
            valid_for,
        } = new.clone();
        let mut invitation = Invitation {
            id: InvitationId::new(change.new_id()),
            tenant: actor.tenant_id(),
            email,
            guest,
            message,
            roles,
            member,
            invited_by: inviter(change.call)?.id,
            state: State::Pending,
            sent_at: now,
            expires_at: valid_for.from(now),
            version: Version::FIRST,
            created_at: now,
            updated_at: now,
        };
        invitation.roles.sort_by_key(|held| held.role);
        outlasting(&invitation)?;
        Ok(invitation)
    }

    /// A new link for an invitation, and the SHA-256 of its token.
    fn link(&self, id: InvitationId) -> Result<(Link, [u8; 32]), CallError> {
        let core = &self.core;
        let (token, hash) = tokens::issue(&*core.signatures, &*core.clock, id)
            .map_err(|error| CallError::Internal(error.into()))?;
        Ok((core.links.accept_invitation(&token), hash))
    }
}

/// The person who invites: an operator invites nobody.
fn inviter(call: &Call) -> Result<&User, CallError> {
    let nobody = || CallError::Internal("nobody in person invites".into());
    call.actor.user().ok_or_else(nobody)
}

/// The invitation that a change is about, as it stands now.
fn present(change: &mut Change<'_>, id: InvitationId) -> Result<Invitation, InvitationError> {
    let found = change.tx.invitations().find(id)?;
    let found = found.ok_or(InvitationError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found.as_of(change.now))
}

/// Goes on if whoever has the address is no user of the tenant, and the member nobody else's. Who was removed may be
/// asked in again.
fn acquaintance(
    change: &mut Change<'_>,
    email: &EmailAddress,
    member: Option<MemberId>,
) -> Result<(), InvitationError> {
    let Acquaintance {
        place,
        is_member_taken,
    } = change.tx.invitations().acquaintance(email, member)?;
    match place {
        Some(state @ (PlaceState::Active | PlaceState::Suspended)) => {
            Err(InvitationError::AlreadyHere(state))
        }
        Some(PlaceState::Removed) | None if is_member_taken => Err(InvitationError::MemberTaken),
        Some(PlaceState::Removed) | None => Ok(()),
    }
}

/// Goes on if there is room for one more user. An invitation takes none, its acceptance does; last, because whoever
/// accepts comes to the tenant's limit behind their invitation too, so that nobody waits in a circle.
fn room(change: &mut Change<'_>) -> Result<(), CallError> {
    reserve_user(change.tx, change.call.actor.tenant_id())
}

/// Goes on if each of the roles counts for longer than the invitation.
fn outlasting(invitation: &Invitation) -> Result<(), InvitationError> {
    let until = invitation.expires_at;
    if invitation.roles.iter().all(|held| held.counts(until)) {
        return Ok(());
    }
    let detail = "must be so few that each of the roles still counts when the invitation runs out";
    let invalid = Invalid::new("outlasts_role", detail);
    Err(InvitationError::Invalid(vec![
        invalid.at("expires_in_days"),
    ]))
}

fn mail(change: &mut Change<'_>, invitation: &Invitation, link: Link) -> Result<(), CallError> {
    let (sender, tenant) = (inviter(change.call)?, change.call.actor.tenant());
    change.post(letters::invitation(invitation, sender, tenant, link))
}

fn moved(change: &mut Change<'_>, before: &Invitation, after: &Invitation) {
    let fields = differences(before.fields(), after.fields());
    let id = after.id.uuid();
    change.record(
        AuditAction::Moved,
        Target::Invitation,
        id,
        fields,
        Vec::new(),
    );
}

fn refused(refusal: Refusal, call: &Call, invitation: &Invitation) -> InvitationError {
    InvitationError::Refused {
        refusal,
        allowed: invitation.allowed(call.actor.as_changer()),
    }
}

fn no_member() -> InvitationError {
    let invalid = Invalid::new("not_found", "there is no such member");
    InvitationError::Invalid(vec![invalid.at("member_id")])
}

#[cfg(test)]
mod tests;
