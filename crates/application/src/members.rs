//! Members: adding, changing, deleting and finding the people on the hall's books.

mod batches;
pub mod import;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    ids::Id,
    invalid::FieldError,
    members::{Member, MemberChange, MemberDetails, MemberId, MemberNumber},
    version::Version,
};
use unionhall_ports::{
    members::{MemberFilter, MemberSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    error::{CallError, Code, Coded},
    organizations::{Hanging, enumerated},
    permissions::Permission,
};

/// What can go wrong with members.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// There is none with this id or number, as far as the caller may know.
    #[error("there is no such member")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Another member, perhaps a deleted one, has the number.
    #[error("another member has this number, perhaps a deleted one")]
    NumberTaken,
    /// Other records still need the member.
    #[error("this member still has {}", enumerated(.0))]
    InUse(Vec<Hanging>),
    /// Something confidential still names the member.
    #[error("something of the member's that is confidential is not finished")]
    InConfidence,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for MemberError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "members_number_key" => Self::NumberTaken,
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for MemberError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::NumberTaken => Code::Duplicate,
            Self::InUse(_) | Self::InConfidence => Code::InUse,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::NumberTaken
            | Self::InUse(_)
            | Self::InConfidence
            | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&unionhall_ports::idempotency::StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::NumberTaken
            | Self::InUse(_)
            | Self::InConfidence => None,
        }
    }
}

/// The use cases of members.
#[derive(Clone)]
pub struct Members {
    core: Arc<Core>,
}

impl Members {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds a member.
    ///
    /// # Errors
    /// [`MemberError`].
    pub fn create(&self, call: &Call, details: MemberDetails) -> Result<Member, MemberError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            details
                .check(change.today())
                .map_err(MemberError::Invalid)?;
            let member = Member {
                id: Id::new(change.new_id()),
                details,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.members().insert(&member)?;
            let fields = created(member.details.fields());
            record(change, AuditAction::Created, &member, fields);
            Ok(member)
        })
    }

    /// One member. Who may read only their own record finds no other.
    ///
    /// # Errors
    /// [`MemberError`].
    pub fn find(&self, call: &Call, id: MemberId) -> Result<Recorded<Member>, MemberError> {
        let only = readable(&call.actor)?;
        if only.is_some_and(|own| own != Some(id)) {
            return Err(MemberError::NotFound);
        }
        let member = self.core.read(call, |tx| {
            tx.members().find(id)?.ok_or(MemberError::NotFound)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Member, id.uuid(), member)?)
    }

    /// One member, by number. Who may read only their own record finds no other.
    ///
    /// # Errors
    /// [`MemberError`].
    pub fn find_by_number(
        &self,
        call: &Call,
        number: &MemberNumber,
    ) -> Result<Recorded<Member>, MemberError> {
        let only = readable(&call.actor)?;
        let member = self.core.read(call, |tx| {
            tx.members()
                .find_by_number(number)?
                .filter(|member| only.is_none_or(|own| own == Some(member.id)))
                .ok_or(MemberError::NotFound)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Member, member.id.uuid(), member)?)
    }

    /// The members that match. Who may read only their own record finds at most that.
    ///
    /// # Errors
    /// [`MemberError`].
    pub fn list(
        &self,
        call: &Call,
        filter: MemberFilter,
        page: &PageRequest<MemberSort>,
    ) -> Result<Recorded<Page<Member>>, MemberError> {
        let found = match readable(&call.actor)? {
            // Somebody who is no member on the books has no record to read.
            Some(None) => Page {
                items: Vec::new(),
                next: None,
                total: page.with_total.then_some(0),
            },
            only => {
                let filter = MemberFilter {
                    only: only.flatten(),
                    ..filter.clone()
                };
                self.core.read(call, |tx| {
                    Ok::<_, MemberError>(tx.members().list(&filter, page)?)
                })?
            }
        };
        let details = listed(&filter, found.items.len());
        Ok(self
            .core
            .recorded_list(call, Target::Member, details, found)?)
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace.
    ///
    /// # Errors
    /// [`MemberError`].
    pub fn update(
        &self,
        call: &Call,
        id: MemberId,
        wanted: MemberChange,
    ) -> Result<Member, MemberError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let details = before.details.clone().changed(wanted);
            details
                .check(change.today())
                .map_err(MemberError::Invalid)?;
            let fields = differences(before.details.fields(), details.fields());
            if fields.is_empty() {
                change.leave_unchanged_and_told(Target::Member, id.uuid());
                return Ok(before);
            }
            let after = Member {
                details,
                version: before.version.next(),
                updated_at: change.now,
                ..before
            };
            change.tx.members().update(&after)?;
            record(change, AuditAction::Updated, &after, fields);
            Ok(after)
        })
    }

    /// Deletes a member that nothing hangs on; it can be restored, and its number stays taken.
    ///
    /// # Errors
    /// [`MemberError`].
    pub fn delete(&self, call: &Call, id: MemberId) -> Result<(), MemberError> {
        call.actor.require(Permission::MembersDelete)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Member {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            // The write waits for whoever adds something to the member at this moment; the questions after it
            // see what they added.
            change.tx.members().update(&after)?;
            let hanging = hanging(change, id)?;
            if !hanging.is_empty() {
                return Err(MemberError::InUse(hanging));
            }
            // Which application it is, is not for everybody who may delete members.
            if change.tx.benevolence().is_open_of(id)? {
                return Err(MemberError::InConfidence);
            }
            record(change, AuditAction::Deleted, &after, Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted member back.
    ///
    /// # Errors
    /// [`MemberError`].
    pub fn restore(&self, call: &Call, id: MemberId) -> Result<Member, MemberError> {
        call.actor.require(Permission::MembersDelete)?;
        self.core.change(call, |change| {
            let before = change
                .tx
                .members()
                .find_deleted(id)?
                .ok_or(MemberError::NotFound)?;
            call.expects(before.version)?;
            let after = Member {
                deleted_at: None,
                version: before.version.next(),
                updated_at: change.now,
                ..before
            };
            change.tx.members().update(&after)?;
            record(change, AuditAction::Restored, &after, Vec::new());
            Ok(after)
        })
    }

    /// What this actor may do with a member now.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<&'static str> {
        let mut actions = Vec::new();
        if actor.may(Permission::MembersWrite) {
            actions.push("update");
        }
        if actor.may(Permission::MembersDelete) {
            actions.push("delete");
        }
        if actor.may(Permission::GrievancesFile) {
            actions.push("file_grievance");
        }
        actions
    }
}

/// Whom the actor may read: everybody (`None`), or only the member they are, if they are one.
pub(crate) fn readable(actor: &Actor) -> Result<Option<Option<MemberId>>, CallError> {
    if actor.may(Permission::MembersRead) {
        return Ok(None);
    }
    if actor.may(Permission::MembersReadOwn) {
        return Ok(Some(actor.member()));
    }
    Err(CallError::Forbidden(Permission::MembersRead))
}

fn present(change: &mut Change<'_>, id: MemberId) -> Result<Member, MemberError> {
    let found = change.tx.members().find(id)?.ok_or(MemberError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

/// What keeps a member from being deleted, kind by kind.
fn hanging(change: &mut Change<'_>, id: MemberId) -> Result<Vec<Hanging>, StorageError> {
    let numbers = change.tx.grievances().numbers_of_member(id)?;
    let grievances = Hanging {
        kind: "grievances",
        names: numbers.iter().map(ToString::to_string).collect(),
    };
    let employments = Hanging {
        kind: "employments",
        names: change.tx.employments().names_of_member(id)?,
    };
    let student = change.tx.students().find_of_member(id)?;
    let students = Hanging {
        kind: "students",
        names: student
            .iter()
            .map(|student| student.number.to_string())
            .collect(),
    };
    let mut hanging = vec![grievances, employments, students];
    hanging.retain(|found| !found.names.is_empty());
    Ok(hanging)
}

fn record(change: &mut Change<'_>, action: AuditAction, member: &Member, fields: Vec<FieldChange>) {
    let id = member.id.uuid();
    change.record(action, Target::Member, id, fields, Vec::new());
}

fn listed(filter: &MemberFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    if let Some(status) = filter.status {
        details.push(("status", status.as_str().to_owned()));
    }
    if let Some(class) = filter.classification {
        details.push(("classification", class.as_str().to_owned()));
    }
    if let Some(search) = &filter.search {
        details.push(("q", search.clone()));
    }
    details
}

#[cfg(test)]
mod tests;
