//! Where sessions are and who teaches: locations and instructors of the tenant.

use unionhall_domain::{
    class_sessions::SessionDetails,
    instructors::{InstructorId, InstructorStatus},
    invalid::{FieldError, Invalid},
    locations::LocationId,
};

use super::SessionError;
use crate::core::Change;

/// Sees that what is newly named is there, and keeps it from being deleted until the session is written.
pub(super) fn hold(
    change: &mut Change<'_>,
    before: Option<&SessionDetails>,
    wanted: &SessionDetails,
) -> Result<(), SessionError> {
    let mut errors: Vec<FieldError> = Vec::new();
    let is_new = |location| before.is_none_or(|before| before.location != location);
    if let Some(id) = wanted.location.filter(|_| is_new(wanted.location)) {
        errors.extend(location(change, id)?);
    }
    let is_new = |instructor| before.is_none_or(|before| before.instructor != instructor);
    if let Some(id) = wanted.instructor.filter(|_| is_new(wanted.instructor)) {
        errors.extend(instructor(change, id)?);
    }
    if wanted.room.is_some() && wanted.location.is_none() {
        let detail = "is a room of no location";
        errors.push(Invalid::new("without_location", detail).at("room"));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(SessionError::Invalid(errors))
    }
}

fn location(change: &mut Change<'_>, id: LocationId) -> Result<Option<FieldError>, SessionError> {
    let found = change.tx.locations().hold(id)?;
    let unknown = || {
        let detail = "is no location of this tenant";
        Invalid::new("unknown_location", detail).at("location_id")
    };
    Ok(found.is_none().then(unknown))
}

fn instructor(
    change: &mut Change<'_>,
    id: InstructorId,
) -> Result<Option<FieldError>, SessionError> {
    let wrong = |code, detail: &str| Some(Invalid::new(code, detail).at("instructor_id"));
    let found = change.tx.instructors().hold(id)?;
    Ok(match found.map(|found| found.details.status) {
        None => wrong("unknown_instructor", "is no instructor of this tenant"),
        Some(InstructorStatus::Inactive) => {
            wrong("inactive_instructor", "is an instructor who does not teach")
        }
        Some(InstructorStatus::Active) => None,
    })
}
