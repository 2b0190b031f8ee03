//! Invitations into a tenant: whom somebody asked in, as what, until when, and what became of it.

use jiff::{SignedDuration, Timestamp};

use crate::{
    audit::Fields,
    ids::Id,
    invalid::Invalid,
    members::MemberId,
    roles::{HeldRole, Role},
    tenants::TenantId,
    text::{Line, Prose, one_of},
    users::{EmailAddress, UserId, places::Changer},
    version::Version,
};

/// The id of an [`Invitation`].
pub type InvitationId = Id<Invitation>;

/// How many invitations can be sent at once.
pub const MOST_AT_ONCE: usize = 50;

/// Somebody who was asked in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Where to.
    pub tenant: TenantId,
    /// Whose it is: it is mailed there, and to whoever reads that mail it is good.
    pub email: EmailAddress,
    /// What is filled in for the person.
    pub guest: Guest,
    /// What the inviter has to say, for the mail.
    pub message: Option<Prose<1_000>>,
    /// The roles that the person will hold, from the most to the least powerful.
    pub roles: Vec<HeldRole>,
    /// The union member that the person is, if one.
    pub member: Option<MemberId>,
    /// Who answers for it: whoever sent it last.
    pub invited_by: UserId,
    /// What became of it.
    pub state: State,
    /// When it was last sent.
    pub sent_at: Timestamp,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
    /// Counts the changes.
    pub version: Version,
    /// When it was first sent.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What an inviter knows of a person; it counts for who is new.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guest {
    /// Given name.
    pub first_name: Option<Line<100>>,
    /// Family name.
    pub last_name: Option<Line<100>>,
    /// What they work as.
    pub job_title: Option<Line<100>>,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits.
    Pending,
    /// It was accepted.
    Accepted {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
    },
    /// It was taken back.
    Canceled {
        /// When.
        at: Timestamp,
    },
    /// Nobody answered in time.
    Expired,
}

/// The name of a [`State`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It waits.
    Pending,
    /// It was accepted.
    Accepted,
    /// It was taken back.
    Canceled,
    /// Nobody answered in time.
    Expired,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Canceled, Self::Expired];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }

    /// Whether the status allows the action.
    const fn allows(self, action: InvitationAction) -> bool {
        match (self, action) {
            (Self::Pending, InvitationAction::Resend | InvitationAction::Cancel)
            | (Self::Expired, InvitationAction::Resend) => true,
            (Self::Expired, InvitationAction::Cancel)
            | (
                Self::Accepted | Self::Canceled,
                InvitationAction::Resend | InvitationAction::Cancel,
            ) => false,
        }
    }
}

/// What the tenant can do with an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InvitationAction {
    /// Send it again, with a new link and more time.
    Resend,
    /// Take it back.
    Cancel,
}

impl InvitationAction {
    /// Every action.
    pub const ALL: [Self; 2] = [Self::Resend, Self::Cancel];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::Cancel => "cancel",
        }
    }
}

/// How long an invitation is good: whole days, 1 to 30.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidFor(u8);

impl ValidFor {
    /// How long when nothing is said.
    pub const USUAL: Self = Self(7);
    /// The most days.
    pub const MOST: u8 = 30;

    /// So many days.
    ///
    /// # Errors
    /// `out_of_range`.
    pub fn days(days: i64) -> Result<Self, Invalid> {
        u8::try_from(days)
            .ok()
            .filter(|days| (1..=Self::MOST).contains(days))
            .map(Self)
            .ok_or_else(|| Invalid::new("out_of_range", "must be a whole number from 1 to 30"))
    }

    /// When it ends that begins at `now`.
    pub fn from(self, now: Timestamp) -> Timestamp {
        let length = SignedDuration::from_hours(i64::from(self.0).saturating_mul(24));
        now.saturating_add(length).unwrap_or(Timestamp::MAX)
    }
}

/// What became of a tenant's invitations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Those that wait.
    pub pending: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that were taken back.
    pub canceled: u64,
    /// Those that nobody answered in time.
    pub expired: u64,
}

impl Tally {
    /// How many were sent, each counted once however often it was sent again.
    pub const fn sent(&self) -> u64 {
        self.pending
            .saturating_add(self.accepted)
            .saturating_add(self.canceled)
            .saturating_add(self.expired)
    }

    /// How many of a thousand were accepted, of those that were answered one way or the other: accepted, or left until
    /// they ran out. What the tenant took back itself says nothing of those it invited. None while none is answered.
    pub fn accepted_per_mille(&self) -> Option<u64> {
        let answered = self.accepted.saturating_add(self.expired);
        let rounded = self
            .accepted
            .saturating_mul(1_000)
            .saturating_add(answered / 2);
        rounded.checked_div(answered)
    }
}

/// Why an invitation may not be made or changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role is above every role that the inviter holds.
    #[error("the role {} is above every role you hold", .0.as_str())]
    Above(Role),
    /// The status does not allow it.
    #[error("an invitation that is {} cannot be told to {}", .status.as_str(), .action.as_str())]
    Illegal {
        /// Where the invitation stands.
        status: Status,
        /// What was wanted.
        action: InvitationAction,
    },
}

/// Goes on if none of the roles is above all that `by` holds.
///
/// # Errors
/// [`Refusal::Above`], with the role.
pub fn permit_roles(roles: &[HeldRole], by: Changer) -> Result<(), Refusal> {
    match roles.iter().find(|held| by.is_below(held.role)) {
        Some(held) => Err(Refusal::Above(held.role)),
        None => Ok(()),
    }
}

impl Invitation {
    /// The invitation as it stands at `now`: one that waits and has run out is expired.
    #[must_use]
    pub fn as_of(self, now: Timestamp) -> Self {
        match self.state {
            State::Pending if self.expires_at <= now => Self {
                state: State::Expired,
                ..self
            },
            State::Pending | State::Accepted { .. } | State::Canceled { .. } | State::Expired => {
                self
            }
        }
    }

    /// The name of its state.
    pub const fn status(&self) -> Status {
        match self.state {
            State::Pending => Status::Pending,
            State::Accepted { .. } => Status::Accepted,
            State::Canceled { .. } => Status::Canceled,
            State::Expired => Status::Expired,
        }
    }

    /// What `by` may do with it.
    pub fn allowed(&self, by: Changer) -> Vec<InvitationAction> {
        let permitted = |action: &InvitationAction| self.permit(*action, by).is_ok();
        InvitationAction::ALL
            .into_iter()
            .filter(permitted)
            .collect()
    }

    /// The invitation sent again by somebody who answers for it from now on.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn resent(
        self,
        by: Changer,
        sender: UserId,
        valid_for: ValidFor,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        self.permit(InvitationAction::Resend, by)?;
        Ok(Self {
            invited_by: sender,
            state: State::Pending,
            sent_at: now,
            expires_at: valid_for.from(now),
            ..self.moved(now)
        })
    }

    /// The invitation taken back.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn canceled(self, by: Changer, now: Timestamp) -> Result<Self, Refusal> {
        self.permit(InvitationAction::Cancel, by)?;
        Ok(Self {
            state: State::Canceled { at: now },
            ..self.moved(now)
        })
    }

    /// The invitation accepted by this user, to whoever holds it while it waits.
    #[must_use]
    pub fn accepted(self, by: UserId, now: Timestamp) -> Self {
        Self {
            state: State::Accepted { at: now, by },
            ..self.moved(now)
        }
    }

    /// The invitation as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let text = |line: &Option<Line<100>>| line.as_ref().map(ToString::to_string);
        let roles: Vec<_> = self.roles.iter().map(ToString::to_string).collect();
        vec![
            ("status", Some(self.status().as_str().to_owned())),
            ("email", Some(self.email.to_string())),
            ("first_name", text(&self.guest.first_name)),
            ("last_name", text(&self.guest.last_name)),
            ("job_title", text(&self.guest.job_title)),
            ("message", self.message.as_ref().map(ToString::to_string)),
            ("roles", Some(roles.join(", "))),
            ("member_id", self.member.map(|member| member.to_string())),
            ("invited_by", Some(self.invited_by.to_string())),
            ("expires_at", Some(self.expires_at.to_string())),
        ]
    }

    /// Goes on if the status allows the action and `by` stands high enough for each of the roles.
    fn permit(&self, action: InvitationAction, by: Changer) -> Result<(), Refusal> {
        let status = self.status();
        if !status.allows(action) {
            return Err(Refusal::Illegal { status, action });
        }
        permit_roles(&self.roles, by)
    }

    fn moved(self, now: Timestamp) -> Self {
        Self {
            version: self.version.next(),
            updated_at: now,
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
