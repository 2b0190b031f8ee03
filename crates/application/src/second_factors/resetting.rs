//! Resetting the factor of somebody who has lost phone and recovery codes.

use unionhall_domain::{
    audit::{AuditAction, Target},
    roles::Role,
    text::Line,
    users::{User, UserId, places::PlaceState},
};

use super::{SecondFactorError, SecondFactors};
use crate::{call::Call, core::Change, letters::Letter, links::Link, permissions::Permission};

impl SecondFactors {
    /// Removes the factor of another person of the tenant, ends their sessions and the trust in their devices, and
    /// tells them by mail. Their password alone lets them in again, until they set a factor up anew.
    ///
    /// The person may hold no role above the caller's, here or in any other tenant: a factor protects every tenant
    /// that somebody works in. Nobody resets their own, because that would take no code.
    ///
    /// # Errors
    /// [`SecondFactorError::NoUser`], [`SecondFactorError::OwnFactor`], [`SecondFactorError::AboveOwnRole`],
    /// [`SecondFactorError::NotThere`] when there is none.
    pub fn reset(
        &self,
        call: &Call,
        user: UserId,
        reason: &Line<500>,
    ) -> Result<(), SecondFactorError> {
        call.actor.require(Permission::UsersManage)?;
        if call.actor.user_id() == Some(user) {
            return Err(SecondFactorError::OwnFactor);
        }
        self.core.change(call, |change| {
            let found = change.tx.users().find(user)?;
            let found = found.filter(|place| place.state() == PlaceState::Active);
            let found = found.ok_or(SecondFactorError::NoUser)?;
            call.expects(found.version)?;
            let now = change.now;
            let mut held = change.tx.second_factors().roles_elsewhere(user, now)?;
            let here = found.roles.iter().filter(|held| held.counts(now));
            held.extend(here.map(|held| held.role));
            if is_above(&held, call.actor.roles()) {
                return Err(SecondFactorError::AboveOwnRole);
            }
            if !change.tx.second_factors().reset(user, now)? {
                return Err(SecondFactorError::NotThere);
            }
            let details = vec![("reason", reason.as_str().to_owned())];
            let action = AuditAction::SecondFactorReset;
            change.record(action, Target::User, user.uuid(), Vec::new(), details);
            let forgotten = self.core.links.page("/account/forgot-password");
            tell(change, &found.user, forgotten)
        })
    }
}

/// Whether the most powerful of these roles is above the most powerful of the caller's.
fn is_above(held: &[Role], own: &[Role]) -> bool {
    // Roles are ordered from the most to the least powerful.
    match (held.iter().min(), own.iter().min()) {
        (Some(held), Some(own)) => held < own,
        (Some(_), None) => true,
        (None, Some(_) | None) => false,
    }
}

fn tell(change: &mut Change<'_>, to: &User, forgotten: Link) -> Result<(), SecondFactorError> {
    let hall = change.call.actor.tenant();
    let letter = Letter::new(&to.email, "Your second factor was reset")
        .greeting(&to.first_name)
        .of(hall)
        .paragraph(format!(
            "An administrator of {} has reset the second factor of your sign-in. You are signed out everywhere, and \
             your recovery codes and trusted devices count no more.",
            hall.name
        ))
        .paragraph(
            "Sign in with your password and set a second factor up anew. A password of fewer than 15 characters counts \
             no more: choose another one first.",
        )
        .action("Choose a new password", forgotten)
        .note("If you have not asked for it, change your password now and tell your hall.");
    Ok(change.post(letter)?)
}
