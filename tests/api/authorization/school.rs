//! The rows of the school: where people are taught and by whom.

use serde_json::json;

use super::{Body, OFFICERS, Row, STAFF, first, get, rehearse, row};
use crate::fixtures::school::{new_instructor, new_location};

/// The office and who teaches may, with this status; nobody else.
const fn and_instructors(mut expected: [u16; 10]) -> [u16; 10] {
    expected[5] = expected[0];
    expected
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = locations();
    rows.extend(instructors());
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
