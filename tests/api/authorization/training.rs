//! The rows of what is taught.

use serde_json::json;

use super::{Body, Row, STAFF, first, get, rehearse, row};
use crate::fixtures::training::new_course;

/// The staff may, and instructors, with this status.
pub(super) const fn and_instructors(status: u16) -> [u16; 10] {
    let mut expected = first(STAFF, status);
    expected[5] = status;
    expected
}

pub(super) fn rows() -> Vec<Row> {
    courses()
}

fn courses() -> Vec<Row> {
    vec![
        row("courses_list", and_instructors(200), |_, _| {
            get("/courses".to_owned())
        }),
        row("courses_export", first(STAFF, 200), |_, _| {
            get("/courses/export".to_owned())
        }),
        row("courses_find", and_instructors(200), |world, _| {
            get(format!("/courses/{}", world.records.training.course))
        }),
        row("courses_editions", and_instructors(200), |world, _| {
            get(format!(
                "/courses/{}/editions",
                world.records.training.course
            ))
        }),
        row("courses_create", first(STAFF, 201), |_, _| {
            rehearse("POST", "/courses", Body::Json(new_course("NEW-1")))
        }),
        row("courses_update", first(STAFF, 200), |world, _| {
            let path = format!("/courses/{}", world.records.training.course);
            rehearse("PATCH", &path, Body::Json(json!({"capacity": 12})))
        }),
        row("courses_delete", first(STAFF, 204), |world, _| {
            let path = format!("/courses/{}", world.records.training.course);
            rehearse("DELETE", &path, Body::None)
        }),
        row("courses_restore", first(STAFF, 200), |world, _| {
            let id = &world.records.training.deleted_course;
            rehearse("POST", &format!("/courses/{id}/restore"), Body::None)
        }),
    ]
}
