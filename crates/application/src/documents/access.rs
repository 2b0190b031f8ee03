//! Who may do what with the documents of a record: what they may do with the record, and with those of its papers that are
//! about something more confidential.

use jiff::civil::Date;
use unionhall_domain::{
    benevolence::Naming,
    documents::{Category, Owner, RecordRef, RecordType},
    members::MemberId,
};
use unionhall_ports::unit_of_work::Repositories;

use super::DocumentError;
use crate::{
    actor::Actor,
    benevolence::{self, BenevolenceError},
    error::CallError,
    permissions::Permission,
};

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// See documents.
    Read,
    /// Add documents.
    Add,
    /// Change, replace, delete and restore documents.
    Change,
}

/// Of whose records.
pub(super) enum Reach {
    /// Of everybody's.
    Every,
    /// Of those of the member one is, if one is any.
    Own(Option<MemberId>),
}

impl Reach {
    pub(super) const fn is_every(&self) -> bool {
        match self {
            Self::Every => true,
            Self::Own(_) => false,
        }
    }

    fn covers(&self, member: MemberId) -> bool {
        match self {
            Self::Every => true,
            Self::Own(own) => *own == Some(member),
        }
    }
}

/// A record whose documents may be seen.
pub(super) struct Seen {
    /// Its folder.
    pub(super) owner: Owner,
    /// Whether it is about the member who looks.
    pub(super) own: bool,
    /// Whether who looks must not learn whether the member has asked the benevolence fund for something.
    held_back: bool,
}

impl Seen {
    /// The papers of the record, which is of this type, that the actor may do this with.
    pub(super) fn categories(
        &self,
        actor: &Actor,
        kind: RecordType,
        doing: Doing,
    ) -> Vec<Category> {
        let mut categories = categories(actor, kind, self.own, doing);
        if self.held_back {
            categories.retain(|category| *category != Category::Benevolence);
        }
        categories
    }
}

/// The permission for everybody's records, and the one for one's own where there is one. An applicant may hand in papers
/// for an application of theirs, and take nothing back.
const fn needed(kind: RecordType, doing: Doing) -> (Permission, Option<Permission>) {
    use Permission as P;
    match (kind, doing) {
        (RecordType::Member, Doing::Read) => (P::MembersRead, Some(P::MembersReadOwn)),
        (RecordType::Member, Doing::Add | Doing::Change) => (P::MembersWrite, None),
        (RecordType::Organization, Doing::Read) => (P::OrganizationsRead, None),
        (RecordType::Organization, Doing::Add | Doing::Change) => (P::OrganizationsWrite, None),
        (RecordType::Grievance, Doing::Read) => (P::GrievancesRead, Some(P::GrievancesReadOwn)),
        (RecordType::Grievance, Doing::Add | Doing::Change) => (P::GrievancesWork, None),
        (RecordType::BenevolenceApplication, Doing::Read) => {
            (P::BenevolenceRead, Some(P::BenevolenceReadOwn))
        }
        (RecordType::BenevolenceApplication, Doing::Add) => {
            (P::BenevolenceFile, Some(P::BenevolenceFileOwn))
        }
        (RecordType::BenevolenceApplication, Doing::Change) => (P::BenevolenceFile, None),
    }
}

/// The permission that papers of a category need beside that of their record, and the one that is enough for one's own.
/// What organizers do is nobody else's to know, whoever it is about.
const fn beside(category: Category, doing: Doing) -> Option<(Permission, Option<Permission>)> {
    use Permission as P;
    match (category, doing) {
        (Category::Salting, Doing::Read) => Some((P::OrganizingRead, None)),
        (Category::Salting, Doing::Add | Doing::Change) => Some((P::OrganizingWrite, None)),
        (Category::Grievances, doing) => Some(needed(RecordType::Grievance, doing)),
        (Category::Benevolence, doing) => Some(needed(RecordType::BenevolenceApplication, doing)),
        (
            Category::Applications
            | Category::Certifications
            | Category::Contracts
            | Category::Correspondence
            | Category::Discipline
            | Category::Dues
            | Category::Employment
            | Category::Evidence
            | Category::General
            | Category::Settlement
            | Category::Statements
            | Category::SupportingDocs,
            _,
        ) => None,
    }
}

/// Of whose records of this type the actor may do this.
///
/// # Errors
/// [`CallError::Forbidden`] when of nobody's.
pub(super) fn reach(actor: &Actor, kind: RecordType, doing: Doing) -> Result<Reach, CallError> {
    let (every, own) = needed(kind, doing);
    if actor.may(every) {
        Ok(Reach::Every)
    } else if own.is_some_and(|own| actor.may(own)) {
        Ok(Reach::Own(actor.member()))
    } else {
        Err(CallError::Forbidden(every))
    }
}

/// Goes on if the actor may do this with documents of any type of record.
///
/// # Errors
/// [`CallError::Forbidden`].
pub(super) fn any(actor: &Actor, doing: Doing) -> Result<(), CallError> {
    let mut kinds = RecordType::ALL.into_iter();
    if kinds.any(|kind| reach(actor, kind, doing).is_ok()) {
        Ok(())
    } else {
        let (every, _) = needed(RecordType::Member, doing);
        Err(CallError::Forbidden(every))
    }
}

/// The papers of such a record that the actor may do this with, as far as that does not hang on the record.
pub(super) fn categories(
    actor: &Actor,
    kind: RecordType,
    own: bool,
    doing: Doing,
) -> Vec<Category> {
    let may = |category: &Category| match beside(*category, doing) {
        None => true,
        Some((every, ones_own)) => {
            actor.may(every) || (own && ones_own.is_some_and(|one| actor.may(one)))
        }
    };
    kind.categories().iter().copied().filter(may).collect()
}

/// Goes on if the actor, who may see a document of this record and category, may do this with it.
///
/// # Errors
/// [`CallError::Forbidden`].
pub(super) fn may(
    actor: &Actor,
    kind: RecordType,
    category: Category,
    doing: Doing,
) -> Result<(), CallError> {
    reach(actor, kind, doing)?;
    match beside(category, doing) {
        None => Ok(()),
        Some((every, own)) if actor.may(every) || own.is_some_and(|own| actor.may(own)) => Ok(()),
        Some((every, _)) => Err(CallError::Forbidden(every)),
    }
}

/// The record, if the actor may see it on that day.
///
/// # Errors
/// [`DocumentError::NotFound`].
pub(super) fn visible(
    tx: &mut dyn Repositories,
    actor: &Actor,
    record: RecordRef,
    reach: &Reach,
    day: Date,
) -> Result<Seen, DocumentError> {
    let (owner, about) = found(tx, actor, record, day)?;
    match about {
        Some(member) if !reach.covers(member) => Err(DocumentError::NotFound("record")),
        None if !reach.is_every() => Err(DocumentError::NotFound("record")),
        about => {
            let own = about.is_some_and(|member| actor.member() == Some(member));
            let of_member = matches!(record, RecordRef::Member(_));
            let held_back = of_member && !own && is_masked(tx, actor, day)?;
            Ok(Seen {
                owner,
                own,
                held_back,
            })
        }
    }
}

/// The folder of a record, and the member it is about.
fn found(
    tx: &mut dyn Repositories,
    actor: &Actor,
    record: RecordRef,
    day: Date,
) -> Result<(Owner, Option<MemberId>), DocumentError> {
    Ok(match record {
        RecordRef::Member(id) => {
            let found = tx.members().find(id)?;
            let member = found.ok_or(DocumentError::NotFound("member"))?;
            let details = &member.details;
            let owner = Owner {
                name: Some(format!("{} {}", details.last_name, details.first_name)),
                number: details.member_number.to_string(),
            };
            (owner, Some(id))
        }
        RecordRef::Organization(id) => {
            let found = tx.organizations().find(id)?;
            let organization = found.ok_or(DocumentError::NotFound("organization"))?;
            let id = id.uuid().simple().to_string();
            let owner = Owner {
                name: Some(organization.details.name.to_string()),
                number: id.chars().skip(26).collect(),
            };
            (owner, None)
        }
        RecordRef::Grievance(id) => {
            let found = tx.grievances().find(id)?;
            let grievance = found.ok_or(DocumentError::NotFound("grievance"))?;
            (numbered(&grievance.number), Some(grievance.member))
        }
        RecordRef::BenevolenceApplication(id) => {
            let missing = DocumentError::NotFound("benevolence application");
            let application = tx.benevolence().find(id)?.ok_or(missing)?;
            let (number, member) = (application.number, application.member);
            let whole = benevolence::is_shown_whole(tx, actor, day, application);
            let whole = whole.map_err(|error| match error {
                BenevolenceError::Call(error) => error,
                other => CallError::Internal(Box::new(other)),
            })?;
            if !whole {
                // A paper says whose it is: who may not know that yet does not see that there are any.
                return Err(DocumentError::NotFound("benevolence application"));
            }
            (numbered(&number), Some(member))
        }
    })
}

/// Whether the actor reviews applications where names are held back from reviewers: papers in a member's folder would say
/// who has applied.
fn is_masked(tx: &mut dyn Repositories, actor: &Actor, day: Date) -> Result<bool, DocumentError> {
    let Some(user) = actor.user_id() else {
        return Ok(false);
    };
    if !actor.may(Permission::BenevolenceRead) {
        // These papers are not there for them anyway.
        return Ok(false);
    }
    match tx.benevolence_bench().rules()?.in_force(day).naming {
        Naming::Shown => Ok(false),
        Naming::NeedFirst => {
            let seats = tx.benevolence_bench().seats(day)?;
            Ok(seats
                .iter()
                .any(|seat| seat.holder.user == user && seat.counts(day)))
        }
    }
}

/// A record whose folder has a number alone: its member's name is not for whoever browses the store.
fn numbered(number: &impl ToString) -> Owner {
    Owner {
        name: None,
        number: number.to_string(),
    }
}
