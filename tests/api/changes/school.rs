//! Changes of what a school has.

use serde_json::json;

use super::{Change, created, deleted, moving, restored, updated};
use crate::fixtures::{
    Records, reason,
    school::{School, new_cohort, new_instructor, new_location, new_sent},
};

pub(super) fn school(records: &Records) -> Vec<Change> {
    let School {
        location,
        free_location,
        deleted_location,
        instructor,
        free_instructor,
        deleted_instructor,
        ..
    } = &records.school;
    vec![
        created("location", new_location("New Hall")),
        updated("location", location, json!({"capacity": 30})),
        deleted("location", free_location),
        restored("location", deleted_location),
        created("instructor", new_instructor("New")),
        updated("instructor", instructor, json!({"bio": "Taught."})),
        deleted("instructor", free_instructor),
        restored("instructor", deleted_instructor),
    ]
}

pub(super) fn cohorts(records: &Records) -> Vec<Change> {
    let School {
        applicant,
        resting,
        cohort,
        empty_cohort,
        enrolling_cohort,
        active_cohort,
        deleted_cohort,
        ..
    } = &records.school;
    let moved = |id: &str, verb: &str, body| moving("cohort", id, verb, body);
    let leave = format!("students/{resting}/leave");
    vec![
        created("cohort", new_cohort("NEW")),
        updated("cohort", cohort, json!({"capacity": 30})),
        moved(cohort, "students", Some(json!({"student_id": applicant}))),
        moved(cohort, &leave, Some(json!({}))),
        moved(enrolling_cohort, "start", None),
        moved(enrolling_cohort, "cancel", Some(reason())),
        moved(active_cohort, "complete", None),
        moved(empty_cohort, "open", None),
        deleted("cohort", empty_cohort),
        restored("cohort", deleted_cohort),
    ]
}

pub(super) fn students(records: &Records) -> Vec<Change> {
    let School {
        union,
        student,
        applicant,
        resting,
        dropped,
        deleted_student,
        ..
    } = &records.school;
    let moved = |id: &str, verb: &str| moving("student", id, verb, Some(reason()));
    vec![
        created("student", new_sent(union, "77-8")),
        updated("student", student, json!({"notes": "Seen."})),
        moved(student, "take-leave"),
        moved(student, "dismiss"),
        moved(resting, "return"),
        moved(applicant, "enroll"),
        moved(applicant, "drop"),
        moved(dropped, "readmit"),
        deleted("student", student),
        restored("student", deleted_student),
    ]
}
