//! The rows of the school: where people are taught and by whom.

use serde_json::json;

use super::{Asked, Body, OFFICERS, Row, STAFF, and_member, first, get, rehearse, row};
use crate::fixtures::{
    reason,
    school::{new_cohort, new_instructor, new_location, new_sent},
};

/// The office and who teaches may, with this status; nobody else.
const fn and_instructors(mut expected: [u16; 10]) -> [u16; 10] {
    expected[5] = expected[0];
    expected
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = locations();
    rows.extend(instructors());
    rows.extend(students());
    rows.extend(moves());
    rows.extend(cohorts());
    rows.extend(rolls());
    rows
}

fn locations() -> Vec<Row> {
    vec![
        row(
            "locations_list",
            and_instructors(first(STAFF, 200)),
            |_, _| get("/locations?q=center".to_owned()),
        ),
        row("locations_export", first(STAFF, 200), |_, _| {
            get("/locations/export?location_type=training_site".to_owned())
        }),
        row(
            "locations_find",
            and_instructors(first(STAFF, 200)),
            |world, _| get(format!("/locations/{}", world.records.school.location)),
        ),
        row("locations_create", first(STAFF, 201), |_, _| {
            rehearse("POST", "/locations", Body::Json(new_location("New Hall")))
        }),
        row("locations_update", first(STAFF, 200), |world, _| {
            let path = format!("/locations/{}", world.records.school.location);
            rehearse("PATCH", &path, Body::Json(json!({"capacity": 30})))
        }),
        row("locations_delete", first(STAFF, 204), |world, _| {
            let path = format!("/locations/{}", world.records.school.free_location);
            rehearse("DELETE", &path, Body::None)
        }),
        row("locations_restore", first(STAFF, 200), |world, _| {
            let id = &world.records.school.deleted_location;
            rehearse("POST", &format!("/locations/{id}/restore"), Body::None)
        }),
    ]
}

fn instructors() -> Vec<Row> {
    vec![
        row("instructors_list", first(STAFF, 200), |_, _| {
            get("/instructors?q=volt".to_owned())
        }),
        row("instructors_export", first(STAFF, 200), |_, _| {
            get("/instructors/export?status=active".to_owned())
        }),
        row("instructors_find", first(STAFF, 200), |world, _| {
            get(format!("/instructors/{}", world.records.school.instructor))
        }),
        row("instructors_tax_id", first(OFFICERS, 200), |world, _| {
            let id = &world.records.school.instructor;
            get(format!("/instructors/{id}/tax-id"))
        }),
        row("instructors_create", first(STAFF, 201), |_, _| {
            rehearse("POST", "/instructors", Body::Json(new_instructor("New")))
        }),
        row("instructors_update", first(STAFF, 200), |world, _| {
            let path = format!("/instructors/{}", world.records.school.instructor);
            rehearse("PATCH", &path, Body::Json(json!({"phone": null})))
        }),
        row("instructors_delete", first(STAFF, 204), |world, _| {
            let path = format!("/instructors/{}", world.records.school.free_instructor);
            rehearse("DELETE", &path, Body::None)
        }),
        row("instructors_restore", first(STAFF, 200), |world, _| {
            let id = &world.records.school.deleted_instructor;
            rehearse("POST", &format!("/instructors/{id}/restore"), Body::None)
        }),
    ]
}

fn students() -> Vec<Row> {
    let teach = |status| and_instructors(first(STAFF, status));
    vec![
        row("students_list", teach(200), |_, _| {
            get("/students?q=sender".to_owned())
        }),
        row("students_export", first(STAFF, 200), |_, _| {
            get("/students/export?status=applicant".to_owned())
        }),
        row("students_find", teach(200), |world, _| {
            get(format!("/students/{}", world.records.school.student))
        }),
        row("students_find_by_number", teach(200), |world, _| {
            let number = &world.records.school.student_number;
            get(format!("/students/by-number/{number}"))
        }),
        row("students_history", teach(200), |world, _| {
            get(format!(
                "/students/{}/history",
                world.records.school.student
            ))
        }),
        row("students_own", and_member(first(0, 200), 200), |_, _| {
            get("/me/student".to_owned())
        }),
        row("students_create", teach(201), |world, _| {
            let body = new_sent(&world.records.school.union, "77-8");
            rehearse("POST", "/students", Body::Json(body))
        }),
        row("students_update", teach(200), |world, _| {
            let path = format!("/students/{}", world.records.school.student);
            rehearse("PATCH", &path, Body::Json(json!({"notes": "Seen."})))
        }),
        row("students_delete", first(STAFF, 204), |world, _| {
            let path = format!("/students/{}", world.records.school.applicant);
            rehearse("DELETE", &path, Body::None)
        }),
        row("students_restore", first(STAFF, 200), |world, _| {
            let id = &world.records.school.deleted_student;
            rehearse("POST", &format!("/students/{id}/restore"), Body::None)
        }),
    ]
}

fn moves() -> Vec<Row> {
    let teach = || and_instructors(first(STAFF, 200));
    vec![
        row("students_enroll", teach(), |world, _| {
            moving(&world.records.school.applicant, "enroll")
        }),
        row("students_take_leave", teach(), |world, _| {
            moving(&world.records.school.student, "take-leave")
        }),
        row("students_return", teach(), |world, _| {
            moving(&world.records.school.resting, "return")
        }),
        row("students_complete", teach(), |world, _| {
            moving(&world.records.school.student, "complete")
        }),
        row("students_drop", teach(), |world, _| {
            moving(&world.records.school.student, "drop")
        }),
        row("students_dismiss", first(OFFICERS, 200), |world, _| {
            moving(&world.records.school.student, "dismiss")
        }),
        row("students_readmit", first(OFFICERS, 200), |world, _| {
            moving(&world.records.school.dropped, "readmit")
        }),
    ]
}

/// A move of a student.
fn moving(id: &str, verb: &str) -> Asked {
    let path = format!("/students/{id}/{verb}");
    rehearse("POST", &path, Body::Json(reason()))
}

fn cohorts() -> Vec<Row> {
    let teach = |status| and_instructors(first(STAFF, status));
    vec![
        row("cohorts_list", teach(200), |_, _| {
            get("/cohorts?q=group".to_owned())
        }),
        row("cohorts_export", first(STAFF, 200), |_, _| {
            get("/cohorts/export?status=planned".to_owned())
        }),
        row("cohorts_find", teach(200), |world, _| {
            get(format!("/cohorts/{}", world.records.school.cohort))
        }),
        row("cohorts_create", first(STAFF, 201), |_, _| {
            rehearse("POST", "/cohorts", Body::Json(new_cohort("NEW")))
        }),
        row("cohorts_update", first(STAFF, 200), |world, _| {
            let path = format!("/cohorts/{}", world.records.school.cohort);
            rehearse("PATCH", &path, Body::Json(json!({"capacity": 30})))
        }),
        row("cohorts_delete", first(STAFF, 204), |world, _| {
            let path = format!("/cohorts/{}", world.records.school.empty_cohort);
            rehearse("DELETE", &path, Body::None)
        }),
        row("cohorts_restore", first(STAFF, 200), |world, _| {
            let id = &world.records.school.deleted_cohort;
            rehearse("POST", &format!("/cohorts/{id}/restore"), Body::None)
        }),
        row("cohorts_open", first(STAFF, 200), |world, _| {
            let id = &world.records.school.empty_cohort;
            rehearse("POST", &format!("/cohorts/{id}/open"), Body::None)
        }),
        row("cohorts_start", first(STAFF, 200), |world, _| {
            let id = &world.records.school.enrolling_cohort;
            rehearse("POST", &format!("/cohorts/{id}/start"), Body::None)
        }),
        row("cohorts_complete", first(STAFF, 200), |world, _| {
            let id = &world.records.school.active_cohort;
            rehearse("POST", &format!("/cohorts/{id}/complete"), Body::None)
        }),
        row("cohorts_cancel", first(STAFF, 200), |world, _| {
            let id = &world.records.school.active_cohort;
            rehearse(
                "POST",
                &format!("/cohorts/{id}/cancel"),
                Body::Json(reason()),
            )
        }),
    ]
}

fn rolls() -> Vec<Row> {
    let teach = || and_instructors(first(STAFF, 200));
    vec![
        row("cohorts_roll", teach(), |world, _| {
            get(format!("/cohorts/{}/students", world.records.school.cohort))
        }),
        row("cohorts_join", teach(), |world, _| {
            let school = &world.records.school;
            let path = format!("/cohorts/{}/students", school.cohort);
            let body = json!({"student_id": school.student});
            rehearse("POST", &path, Body::Json(body))
        }),
        row("cohorts_leave", teach(), |world, _| {
            let school = &world.records.school;
            let path = format!(
                "/cohorts/{}/students/{}/leave",
                school.cohort, school.resting
            );
            rehearse("POST", &path, Body::Json(reason()))
        }),
    ]
}
