//! The users of a tenant: seeing them, deciding on their roles, suspending, removing and restoring them, and saying
//! which union member somebody is.

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    invalid::{FieldError, Invalid},
    members::MemberId,
    roles::HeldRole,
    text::Line,
    users::{
        UserId,
        places::{Place, PlaceAction, PlaceChange, PlaceState, Refusal},
    },
};
use unionhall_ports::{
    idempotency::StoredAnswer,
    pages::{Page, PageRequest},
    storage::StorageError,
    users::{UserFilter, UserSort},
};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, reserve_user},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// What can go wrong with users.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// There is none with this id, as far as the caller may know.
    #[error("there is no such user")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Another user is that member.
    #[error("another user is linked to this member")]
    MemberTaken,
    /// The place may not be changed so.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// What the caller may do instead.
        allowed: Vec<PlaceAction>,
    },
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for UserError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "memberships_member_key" => {
                Self::MemberTaken
            }
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for UserError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::MemberTaken => Code::Duplicate,
            Self::Refused { refusal, .. } => match refusal {
                Refusal::Oneself => Code::NotOneself,
                Refusal::Above(_) => Code::AboveOwnRole,
                Refusal::LastOwner => Code::LastOwner,
                Refusal::Illegal { .. } => Code::IllegalMove,
            },
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::MemberTaken | Self::Refused { .. } | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Refused {
                refusal: Refusal::Illegal { .. },
                allowed,
            } => Some(allowed.iter().map(|action| action.as_str()).collect()),
            Self::Refused { .. }
            | Self::NotFound
            | Self::Invalid(_)
            | Self::MemberTaken
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Invalid(_) | Self::MemberTaken | Self::Refused { .. } => None,
        }
    }
}

/// The use cases of users.
#[derive(Clone)]
pub struct Users {
    core: Arc<Core>,
}

impl Users {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The users that match. Who may not manage users sees those who are active, and no others.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn list(
        &self,
        call: &Call,
        filter: UserFilter,
        page: &PageRequest<UserSort>,
    ) -> Result<Page<Place>, UserError> {
        call.actor.require(Permission::UsersRead)?;
        let state = filter.state.or(self.visible(call));
        if state != Some(PlaceState::Active) {
            call.actor.require(Permission::UsersManage)?;
        }
        let filter = UserFilter { state, ..filter };
        let now = self.core.clock.now();
        self.core
            .read(call, |tx| Ok(tx.users().list(&filter, page, now)?))
    }

    /// One user who was not removed; who may not manage users finds those who are active.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn find(&self, call: &Call, id: UserId) -> Result<Place, UserError> {
        call.actor.require(Permission::UsersRead)?;
        let visible = self.visible(call);
        let found = self
            .core
            .read(call, |tx| Ok::<_, UserError>(tx.users().find(id)?))?;
        found
            .filter(|place| place.state() != PlaceState::Removed)
            .filter(|place| visible.is_none_or(|state| place.state() == state))
            .ok_or(UserError::NotFound)
    }

    /// Gives a user these roles and takes all others. Each can end at an instant that is still to come.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn set_roles(
        &self,
        call: &Call,
        id: UserId,
        roles: Vec<HeldRole>,
    ) -> Result<Place, UserError> {
        call.actor.require(Permission::UsersManage)?;
        wanted(&roles, self.core.clock.now())?;
        self.change(call, id, PlaceChange::Roles(roles))
    }

    /// Keeps a user out of the tenant for now, and ends their sessions there.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn suspend(&self, call: &Call, id: UserId, reason: Line<500>) -> Result<Place, UserError> {
        call.actor.require(Permission::UsersManage)?;
        self.change(call, id, PlaceChange::Suspend(reason))
    }

    /// Lets a suspended user in again.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn reactivate(&self, call: &Call, id: UserId) -> Result<Place, UserError> {
        call.actor.require(Permission::UsersManage)?;
        self.change(call, id, PlaceChange::Reactivate)
    }

    /// Takes a user's place in the tenant away, and ends their sessions there; it can be restored.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn remove(&self, call: &Call, id: UserId) -> Result<(), UserError> {
        call.actor.require(Permission::UsersManage)?;
        let work = |change: &mut Change<'_>| applied(change, id, PlaceChange::Remove).map(drop);
        self.core.change(call, work)
    }

    /// Gives a removed user their place back, with the roles they held that have not expired.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn restore(&self, call: &Call, id: UserId) -> Result<Place, UserError> {
        call.actor.require(Permission::UsersManage)?;
        self.change(call, id, PlaceChange::Restore)
    }

    /// Says which union member a user is, or that they are none. A member is one user at most.
    ///
    /// # Errors
    /// [`UserError`].
    pub fn link_member(
        &self,
        call: &Call,
        id: UserId,
        member: Option<MemberId>,
    ) -> Result<Place, UserError> {
        call.actor.require(Permission::UsersManage)?;
        self.change(call, id, PlaceChange::Member(member))
    }

    /// What an actor may do with a place now; nothing for who may not manage users.
    pub fn allowed_actions(&self, actor: &Actor, place: &Place) -> Vec<&'static str> {
        if !actor.may(Permission::UsersManage) {
            return Vec::new();
        }
        let allowed = place.allowed(actor.as_changer(), self.core.clock.now());
        allowed.into_iter().map(PlaceAction::as_str).collect()
    }

    /// The one state that the caller sees; `None` for who sees all of them.
    fn visible(&self, call: &Call) -> Option<PlaceState> {
        let manages = call.actor.may(Permission::UsersManage);
        (!manages).then_some(PlaceState::Active)
    }

    fn change(&self, call: &Call, id: UserId, wanted: PlaceChange) -> Result<Place, UserError> {
        self.core.change(call, |change| applied(change, id, wanted))
    }
}

/// The place as the change leaves it, kept and put on record.
fn applied(change: &mut Change<'_>, id: UserId, wanted: PlaceChange) -> Result<Place, UserError> {
    if wanted == PlaceChange::Restore {
        reserve_user(change.tx, change.call.actor.tenant_id())?;
    }
    // Before anything is read, because whoever comes second must see what the first has left.
    let owners = change.tx.users().lock_owners()?;
    let before = present(change, id, wanted.action())?;
    if let PlaceChange::Member(Some(member)) = &wanted {
        change.tx.members().hold(*member)?.ok_or_else(no_member)?;
    }
    let (action, by) = (wanted.action(), change.call.actor.as_changer());
    let after = before
        .changed(wanted, by, &owners, change.now)
        .map_err(|refusal| UserError::Refused {
            refusal,
            allowed: before.allowed(by, change.now),
        })?;
    let fields = differences(before.fields(), after.fields());
    if fields.is_empty() {
        change.leave_unchanged();
        return Ok(before);
    }
    change.tx.users().update(&after)?;
    let mut details = Vec::new();
    if after.state() != PlaceState::Active && after.state() != before.state() {
        let ended = change.tx.users().end_sessions(id, change.now)?;
        details.push(("sessions_ended", ended.to_string()));
    }
    change.record(
        in_trail(action),
        Target::Membership,
        id.uuid(),
        fields,
        details,
    );
    Ok(after)
}

/// The place that an action is about: a removed one is there to be restored, and for nothing else.
fn present(change: &mut Change<'_>, id: UserId, action: PlaceAction) -> Result<Place, UserError> {
    let found = change.tx.users().find(id)?.ok_or(UserError::NotFound)?;
    let is_removed = found.state() == PlaceState::Removed;
    if is_removed != (action == PlaceAction::Restore) {
        return Err(UserError::NotFound);
    }
    change.call.expects(found.version)?;
    Ok(found)
}

const fn in_trail(action: PlaceAction) -> AuditAction {
    match action {
        PlaceAction::SetRoles | PlaceAction::LinkMember => AuditAction::Updated,
        PlaceAction::Suspend | PlaceAction::Reactivate => AuditAction::Moved,
        PlaceAction::Remove => AuditAction::Deleted,
        PlaceAction::Restore => AuditAction::Restored,
    }
}

fn no_member() -> UserError {
    let invalid = Invalid::new("not_found", "there is no such member");
    UserError::Invalid(vec![invalid.at("member_id")])
}

/// Goes on if each of the roles is there once and still to come to its end.
fn wanted(roles: &[HeldRole], now: Timestamp) -> Result<(), UserError> {
    let mut faults = role_faults(roles, now);
    if roles.is_empty() {
        let invalid = Invalid::new(
            "too_few",
            "must be one role at least; to take all, suspend or remove the user",
        );
        faults.push(invalid.at("roles"));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(UserError::Invalid(faults))
    }
}

/// What is wrong with roles that somebody is to hold: each is there once, and still to come to its end.
pub(crate) fn role_faults(roles: &[HeldRole], now: Timestamp) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (index, held) in roles.iter().enumerate() {
        let mut wrong = |field: &str, invalid: Invalid| {
            faults.push(FieldError {
                field: format!("roles/{index}/{field}").into(),
                invalid,
            });
        };
        let mut before = roles.iter().take(index);
        if before.any(|before| before.role == held.role) {
            wrong("role", Invalid::new("repeated", "can be given once"));
        }
        if !held.counts(now) {
            let detail = "must be still to come";
            wrong("expires_at", Invalid::new("in_the_past", detail));
        }
    }
    faults
}

#[cfg(test)]
mod tests;
