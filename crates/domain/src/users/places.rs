//! A user's place in a tenant: the roles held there, whether the person may work, and who may change what of it.

use std::fmt;

use jiff::Timestamp;

use super::{User, UserId};
use crate::{
    audit::Fields,
    members::MemberId,
    roles::{HeldRole, Role},
    text::{Line, one_of},
    version::Version,
};

/// A user's place in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub user: User,
    /// The roles held there, from the most to the least powerful, expired ones too.
    pub roles: Vec<HeldRole>,
    /// The union member the person is, if one.
    pub member: Option<MemberId>,
    /// Whether the person may work there.
    pub standing: Standing,
    /// Counts the changes.
    pub version: Version,
    /// When the person was first let in.
    pub joined_at: Timestamp,
    /// When the person last signed in to the tenant.
    pub last_used_at: Option<Timestamp>,
    /// When the place was last changed.
    pub updated_at: Timestamp,
}

/// Whether somebody may work in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Active,
    /// Not for now.
    Suspended {
        /// Why, for the other managers of users.
        reason: Line<500>,
        /// Since when.
        since: Timestamp,
    },
    /// Not any more; the place can be restored.
    Removed {
        /// Since when.
        at: Timestamp,
    },
}

/// The name of a [`Standing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceState {
    /// May work.
    Active,
    /// May not for now.
    Suspended,
    /// Has no place any more.
    Removed,
}

impl PlaceState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Removed];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Removed => "removed",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, crate::invalid::Invalid> {
        one_of(text, &Self::ALL, |state| state.as_str())
    }

    /// Whether the state allows the action.
    const fn allows(self, action: PlaceAction) -> bool {
        match (self, action) {
            (
                Self::Active,
                PlaceAction::SetRoles
                | PlaceAction::Suspend
                | PlaceAction::Remove
                | PlaceAction::LinkMember,
            )
            | (
                Self::Suspended,
                PlaceAction::SetRoles
                | PlaceAction::Reactivate
                | PlaceAction::Remove
                | PlaceAction::LinkMember,
            )
            | (Self::Removed, PlaceAction::Restore) => true,
            (Self::Active, PlaceAction::Reactivate | PlaceAction::Restore)
            | (Self::Suspended, PlaceAction::Suspend | PlaceAction::Restore)
            | (
                Self::Removed,
                PlaceAction::SetRoles
                | PlaceAction::Suspend
                | PlaceAction::Reactivate
                | PlaceAction::Remove
                | PlaceAction::LinkMember,
            ) => false,
        }
    }
}

/// What can be done with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceAction {
    /// Give and take roles.
    SetRoles,
    /// Keep the person out for now.
    Suspend,
    /// Let a suspended person in again.
    Reactivate,
    /// Take the place away.
    Remove,
    /// Give a removed place back.
    Restore,
    /// Say which union member the person is, or that they are none.
    LinkMember,
}

impl PlaceAction {
    /// Every action.
    pub const ALL: [Self; 6] = [
        Self::SetRoles,
        Self::Suspend,
        Self::Reactivate,
        Self::Remove,
        Self::Restore,
        Self::LinkMember,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SetRoles => "set_roles",
            Self::Suspend => "suspend",
            Self::Reactivate => "reactivate",
            Self::Remove => "remove",
            Self::Restore => "restore",
            Self::LinkMember => "link_member",
        }
    }
}

/// A change of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceChange {
    /// These roles, and no others.
    Roles(Vec<HeldRole>),
    /// Kept out for now, for this reason.
    Suspend(Line<500>),
    /// Let in again.
    Reactivate,
    /// Taken away, and with it the link to a member, who may come back as somebody else.
    Remove,
    /// Given back.
    Restore,
    /// This member, or none.
    Member(Option<MemberId>),
}

impl PlaceChange {
    /// What it does.
    pub const fn action(&self) -> PlaceAction {
        match self {
            Self::Roles(_) => PlaceAction::SetRoles,
            Self::Suspend(_) => PlaceAction::Suspend,
            Self::Reactivate => PlaceAction::Reactivate,
            Self::Remove => PlaceAction::Remove,
            Self::Restore => PlaceAction::Restore,
            Self::Member(_) => PlaceAction::LinkMember,
        }
    }
}

/// Whoever changes a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changer {
    /// The person, unless it is the operator.
    pub user: Option<UserId>,
    /// The most powerful role the person holds now, if any.
    pub highest: Option<Role>,
}

impl Changer {
    /// Whether a role is above all that the changer holds.
    pub fn is_below(self, role: Role) -> bool {
        self.highest.is_none_or(|highest| role.outranks(highest))
    }
}

/// Why a place may not be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody decides on their own place.
    #[error(
        "nobody changes their own roles, or suspends or removes themselves; ask another administrator"
    )]
    Oneself,
    /// The role is above every role that the changer holds.
    #[error("the role {} is above every role you hold", .0.as_str())]
    Above(Role),
    /// The tenant would be left without an owner for good.
    #[error(
        "the tenant would be left without an owner for good; make somebody else an owner first"
    )]
    LastOwner,
    /// The state does not allow it.
    #[error("a user who is {} cannot be told to {}", .state.as_str(), .action.as_str())]
    Illegal {
        /// Where the place stands.
        state: PlaceState,
        /// What was wanted.
        action: PlaceAction,
    },
}

/// What is left of an ownership, from nothing to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ownership {
    None,
    Until(Timestamp),
    ForGood,
}

impl Place {
    /// Where the place stands, by name.
    pub const fn state(&self) -> PlaceState {
        match self.standing {
            Standing::Active => PlaceState::Active,
            Standing::Suspended { .. } => PlaceState::Suspended,
            Standing::Removed { .. } => PlaceState::Removed,
        }
    }

    /// The most powerful role that counts at `now`.
    pub fn highest(&self, now: Timestamp) -> Option<Role> {
        let held = self.roles.iter().filter(|held| held.counts(now));
        held.map(|held| held.role).min()
    }

    /// What `by` may do with the place at `now`, whatever becomes of the tenant's owners.
    pub fn allowed(&self, by: Changer, now: Timestamp) -> Vec<PlaceAction> {
        let permitted = |action: &PlaceAction| self.permit(*action, by, now).is_ok();
        PlaceAction::ALL.into_iter().filter(permitted).collect()
    }

    /// The place after a change by somebody who may make it. `owners` are the places of everybody who holds the
    /// role `owner` in the tenant, as nobody else can change them until this is kept.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn changed(
        &self,
        change: PlaceChange,
        by: Changer,
        owners: &[Self],
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        self.permit(change.action(), by, now)?;
        let mut after = self.clone();
        match change {
            PlaceChange::Roles(roles) => {
                self.permit_roles(&roles, by, now)?;
                after.roles = roles;
                after.roles.sort_by_key(|held| held.role);
            }
            PlaceChange::Suspend(reason) => {
                after.standing = Standing::Suspended { reason, since: now };
            }
            PlaceChange::Remove => {
                after.standing = Standing::Removed { at: now };
                after.member = None;
            }
            PlaceChange::Reactivate | PlaceChange::Restore => after.standing = Standing::Active,
            PlaceChange::Member(member) => after.member = member,
        }
        let weakened = after.ownership(now) < self.ownership(now);
        if weakened && !self.is_succeeded(owners, now) {
            return Err(Refusal::LastOwner);
        }
        after.version = self.version.next();
        after.updated_at = now;
        Ok(after)
    }

    /// The place as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let reason = match &self.standing {
            Standing::Suspended { reason, .. } => Some(reason.to_string()),
            Standing::Active | Standing::Removed { .. } => None,
        };
        let roles: Vec<_> = self.roles.iter().map(ToString::to_string).collect();
        vec![
            ("state", Some(self.state().as_str().to_owned())),
            ("reason", reason),
            (
                "roles",
                Some(roles.join(", ")).filter(|roles| !roles.is_empty()),
            ),
            ("member_id", self.member.map(|member| member.to_string())),
        ]
    }

    /// Goes on if the state allows the action, and `by` stands high enough and is not the person concerned.
    fn permit(&self, action: PlaceAction, by: Changer, now: Timestamp) -> Result<(), Refusal> {
        let state = self.state();
        if !state.allows(action) {
            return Err(Refusal::Illegal { state, action });
        }
        // Who one is on the books is no power, and in a small hall nobody else is there to say it.
        if by.user == Some(self.user.id) && action != PlaceAction::LinkMember {
            return Err(Refusal::Oneself);
        }
        match self.highest(now) {
            Some(role) if by.is_below(role) => Err(Refusal::Above(role)),
            Some(_) | None => Ok(()),
        }
    }

    /// Goes on if no role is given, taken or prolonged that is above all that `by` holds.
    fn permit_roles(
        &self,
        wanted: &[HeldRole],
        by: Changer,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let given = wanted.iter().filter(|held| !self.roles.contains(held));
        // What has expired is gone already: nobody takes it.
        let taken = self
            .roles
            .iter()
            .filter(|held| held.counts(now) && !wanted.contains(held));
        let mut touched = given.chain(taken).map(|held| held.role);
        match touched.find(|role| by.is_below(*role)) {
            Some(role) => Err(Refusal::Above(role)),
            None => Ok(()),
        }
    }

    /// How long the person owns the tenant, as things stand.
    fn ownership(&self, now: Timestamp) -> Ownership {
        let held = |held: &&HeldRole| held.role == Role::Owner && held.counts(now);
        let ownership = match self.roles.iter().find(held).map(|held| held.expires_at) {
            None => Ownership::None,
            Some(None) => Ownership::ForGood,
            Some(Some(until)) => Ownership::Until(until),
        };
        match self.standing {
            Standing::Active => ownership,
            Standing::Suspended { .. } | Standing::Removed { .. } => Ownership::None,
        }
    }

    /// Whether somebody else among the owners is one for good.
    fn is_succeeded(&self, owners: &[Self], now: Timestamp) -> bool {
        owners.iter().any(|other| {
            other.user.id != self.user.id && other.ownership(now) == Ownership::ForGood
        })
    }
}

impl fmt::Display for HeldRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expires_at {
            None => f.write_str(self.role.as_str()),
            Some(until) => write!(f, "{} until {until}", self.role.as_str()),
        }
    }
}

#[cfg(test)]
mod tests;
