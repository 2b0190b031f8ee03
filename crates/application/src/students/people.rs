//! Who a student is: a member of the tenant, or somebody whom a union on its books sends.

use unionhall_domain::{
    audit::{AuditAction, created},
    ids::Id,
    invalid::{FieldError, Invalid},
    members::MemberId,
    organizations::OrganizationType,
    students::{Moved, Person, PersonName, Sent, Standing, Student, StudentDetails, StudentStatus},
    version::Version,
};

use super::{StudentError, record};
use crate::core::Change;

/// Who is to become a student.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewPerson {
    /// A member of the tenant, whose name the roster has.
    Member(MemberId),
    /// Somebody whom another union sends.
    Sent(Sent, PersonName),
}

/// Somebody who was found to be whom they are said to be, and kept so until the transaction ends.
#[derive(Debug)]
pub(crate) struct Known {
    /// Who it is.
    pub(crate) person: Person,
    /// What they are called.
    pub(crate) name: PersonName,
}

impl NewPerson {
    /// Finds the member or the union, and keeps them from going away.
    pub(crate) fn known(
        self,
        change: &mut Change<'_>,
    ) -> Result<Result<Known, Vec<FieldError>>, StudentError> {
        match self {
            Self::Member(member) => {
                let Some(found) = change.tx.members().hold(member)? else {
                    let detail = "is no member of this tenant";
                    let error = Invalid::new("unknown_member", detail).at("member_id");
                    return Ok(Err(vec![error]));
                };
                let name = PersonName {
                    first: found.details.first_name,
                    last: found.details.last_name,
                };
                let person = Person::Member(member);
                Ok(Ok(Known { person, name }))
            }
            Self::Sent(sent, name) => {
                let wrong = wrong_union(change, &sent)?;
                let person = Person::Sent(sent);
                Ok(wrong.map_or(Ok(Known { person, name }), |error| Err(vec![error])))
            }
        }
    }
}

impl Known {
    /// Adds a student who applied, with a number and the first entry of their history.
    ///
    /// # Errors
    /// [`StudentError::AlreadyStudent`], among others.
    pub(crate) fn applied(
        self,
        change: &mut Change<'_>,
        details: StudentDetails,
    ) -> Result<Student, StudentError> {
        unless_sent(change, &self.person)?;
        let on = details.application_date;
        let number = change.tx.students().next_number(on.year())?;
        let student = Student {
            id: Id::new(change.new_id()),
            number,
            person: self.person,
            name: self.name,
            details,
            standing: Standing::applicant(on),
            version: Version::FIRST,
            created_at: change.now,
            updated_at: change.now,
            deleted_at: None,
        };
        change.tx.students().insert(&student)?;
        let first = Moved {
            from: None,
            to: StudentStatus::Applicant,
            on,
            reason: None,
            by: change.call.actor.user_id(),
            at: change.now,
        };
        let id = change.new_id();
        change.tx.students().insert_move(id, student.id, &first)?;
        let fields = created(student.fields());
        record(change, AuditAction::Created, &student, fields, Vec::new());
        Ok(student)
    }
}

/// Sees that a person who is sent under another number is not there under that one already.
pub(super) fn still_one(
    change: &mut Change<'_>,
    before: &Student,
    after: &Student,
) -> Result<(), StudentError> {
    let same = |number: &str| {
        let known = before.person.sent();
        known.is_some_and(|known| known.member_number.as_str().eq_ignore_ascii_case(number))
    };
    let Some(sent) = after.person.sent() else {
        return Ok(());
    };
    if same(sent.member_number.as_str()) {
        return Ok(());
    }
    if let Some(error) = wrong_union(change, sent)? {
        return Err(StudentError::Invalid(vec![error]));
    }
    unless_sent(change, &after.person)
}

/// Sees that who comes back is still a member, where they are one, and is sent by a union that is still there.
pub(super) fn still_there(change: &mut Change<'_>, student: &Student) -> Result<(), StudentError> {
    match &student.person {
        Person::Member(member) => match change.tx.members().hold(*member)? {
            Some(_) => Ok(()),
            None => Err(StudentError::MemberGone),
        },
        Person::Sent(sent) => match wrong_union(change, sent)? {
            None => Ok(()),
            Some(_) => Err(StudentError::UnionGone),
        },
    }
}

/// Nobody is sent by one union under one number twice. The union is locked, so two who are added at once see each other.
fn unless_sent(change: &mut Change<'_>, person: &Person) -> Result<(), StudentError> {
    let Some(sent) = person.sent() else {
        return Ok(());
    };
    let students = change.tx.students();
    if students.is_sent(sent.union, &sent.member_number)? {
        return Err(StudentError::AlreadyStudent);
    }
    Ok(())
}

/// What is wrong with the union that sends somebody; it is locked until the transaction ends.
fn wrong_union(change: &mut Change<'_>, sent: &Sent) -> Result<Option<FieldError>, StudentError> {
    let wrong = |code, detail: &str| Ok(Some(Invalid::new(code, detail).at("union_id")));
    let found = change.tx.organizations().lock(sent.union)?;
    match found.map(|found| found.details.org_type) {
        Some(OrganizationType::Union) => Ok(None),
        Some(
            OrganizationType::Employer | OrganizationType::TrainingPartner | OrganizationType::Jatc,
        ) => wrong("not_a_union", "is an organization, but not a union"),
        None => wrong("unknown_organization", "is no organization of this tenant"),
    }
}
