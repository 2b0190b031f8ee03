//! The rows of what is taught.

use serde_json::json;

use super::{Body, OFFICERS, Row, STAFF, first, get, rehearse, row};
use crate::fixtures::{
    reason,
    training::{new_class, new_course, new_series, new_session},
};

/// The staff may, and instructors, with this status.
pub(super) const fn and_instructors(status: u16) -> [u16; 10] {
    let mut expected = first(STAFF, status);
    expected[5] = status;
    expected
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = courses();
    rows.extend(classes());
    rows.extend(sessions());
    rows.extend(settings());
    rows
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

fn classes() -> Vec<Row> {
    vec![
        row("classes_list", and_instructors(200), |_, _| {
            get("/classes".to_owned())
        }),
        row("classes_export", first(STAFF, 200), |_, _| {
            get("/classes/export".to_owned())
        }),
        row("classes_find", and_instructors(200), |world, _| {
            get(format!("/classes/{}", world.records.training.class))
        }),
        row("classes_create", first(STAFF, 201), |world, _| {
            let body = new_class(&world.records.training.course, "New");
            rehearse("POST", "/classes", Body::Json(body))
        }),
        row("classes_update", first(STAFF, 200), |world, _| {
            let path = format!("/classes/{}", world.records.training.class);
            rehearse("PATCH", &path, Body::Json(json!({"capacity": 12})))
        }),
        row("classes_delete", first(STAFF, 204), |world, _| {
            let path = format!("/classes/{}", world.records.training.planned_class);
            rehearse("DELETE", &path, Body::None)
        }),
        row("classes_restore", first(STAFF, 200), |world, _| {
            let id = &world.records.training.deleted_class;
            rehearse("POST", &format!("/classes/{id}/restore"), Body::None)
        }),
        row("classes_open", first(STAFF, 200), |world, _| {
            let id = &world.records.training.planned_class;
            rehearse("POST", &format!("/classes/{id}/open"), Body::None)
        }),
        row("classes_complete", first(STAFF, 200), |world, _| {
            let id = &world.records.training.class;
            rehearse("POST", &format!("/classes/{id}/complete"), Body::None)
        }),
        row("classes_cancel", first(STAFF, 200), |world, _| {
            let path = format!("/classes/{}/cancel", world.records.training.class);
            rehearse("POST", &path, Body::Json(reason()))
        }),
    ]
}

fn sessions() -> Vec<Row> {
    vec![
        row("class_sessions_list", and_instructors(200), |_, _| {
            get("/class-sessions".to_owned())
        }),
        row("class_sessions_export", first(STAFF, 200), |_, _| {
            get("/class-sessions/export".to_owned())
        }),
        row("class_sessions_find", and_instructors(200), |world, _| {
            get(format!(
                "/class-sessions/{}",
                world.records.training.session
            ))
        }),
        row("class_sessions_create", and_instructors(201), |world, _| {
            let body = new_session(&world.records.training.class, "2127-03-04");
            rehearse("POST", "/class-sessions", Body::Json(body))
        }),
        row("class_sessions_update", and_instructors(200), |world, _| {
            let path = format!("/class-sessions/{}", world.records.training.session);
            rehearse("PATCH", &path, Body::Json(json!({"topic": "Ohm's law"})))
        }),
        row("class_sessions_cancel", and_instructors(200), |world, _| {
            let path = format!("/class-sessions/{}/cancel", world.records.training.session);
            rehearse("POST", &path, Body::Json(reason()))
        }),
        row(
            "class_sessions_create_series",
            and_instructors(200),
            |world, _| {
                let body = new_series(&world.records.training.class, "2127-03-04");
                rehearse("POST", "/class-sessions/series", Body::Json(body))
            },
        ),
        row(
            "class_sessions_move_series",
            and_instructors(200),
            |world, _| {
                let id = &world.records.training.series;
                let path = format!("/class-sessions/series/{id}/move");
                rehearse("POST", &path, Body::Json(json!({"days": 1})))
            },
        ),
    ]
}

fn settings() -> Vec<Row> {
    vec![
        row("training_settings_find", and_instructors(200), |_, _| {
            get("/training-settings".to_owned())
        }),
        row("training_settings_update", first(OFFICERS, 200), |_, _| {
            let body = json!({"excused": "absent"});
            rehearse("PATCH", "/training-settings", Body::Json(body))
        }),
    ]
}
