//! The rows of organizations and what belongs to them.

use serde_json::json;

use super::{Body, OFFICERS, ORGANIZERS, Row, STAFF, first, get, rehearse, row};
use crate::fixtures::{new_contact, new_employer};

/// Organizations themselves.
pub(super) fn rows() -> Vec<Row> {
    vec![
        row("organizations_list", first(ORGANIZERS, 200), |_, _| {
            get("/organizations".to_owned())
        }),
        row("organizations_find", first(ORGANIZERS, 200), |world, _| {
            get(format!("/organizations/{}", world.records.employer))
        }),
        row("organizations_create", first(STAFF, 201), |_, _| {
            rehearse("POST", "/organizations", Body::Json(new_employer("New")))
        }),
        row("organizations_import", first(STAFF, 200), |_, _| {
            let body = Body::Csv("name,city\nNew Electric,Kent\n");
            rehearse("POST", "/organizations/imports", body)
        }),
        row("organizations_update", first(STAFF, 200), |world, _| {
            let path = format!("/organizations/{}", world.records.employer);
            rehearse("PATCH", &path, Body::Json(json!({"city": null})))
        }),
        row("organizations_delete", first(OFFICERS, 204), |world, _| {
            let path = format!("/organizations/{}", world.records.free_employer);
            rehearse("DELETE", &path, Body::None)
        }),
        row(
            "organizations_duplicates",
            first(ORGANIZERS, 200),
            |_, _| get("/organizations/duplicates?name=puget".to_owned()),
        ),
        row(
            "organizations_duplicate_pairs",
            first(ORGANIZERS, 200),
            |_, _| get("/organizations/duplicate-pairs".to_owned()),
        ),
        row(
            "organizations_overview",
            first(ORGANIZERS, 200),
            |world, _| {
                let employer = &world.records.employer;
                get(format!("/organizations/{employer}/overview"))
            },
        ),
        row("organizations_merge", first(OFFICERS, 200), |world, _| {
            let path = format!("/organizations/{}/merge", world.records.free_employer);
            let body = json!({"into": world.records.employer});
            rehearse("POST", &path, Body::Json(body))
        }),
        row("organizations_restore", first(OFFICERS, 200), |world, _| {
            let path = format!("/organizations/{}/restore", world.records.deleted_employer);
            rehearse("POST", &path, Body::None)
        }),
    ]
}

/// The people at them.
pub(super) fn contacts() -> Vec<Row> {
    vec![
        row("contacts_list", first(ORGANIZERS, 200), |world, _| {
            let employer = &world.records.employer;
            get(format!("/organization-contacts?organization_id={employer}"))
        }),
        row("contacts_find", first(ORGANIZERS, 200), |world, _| {
            get(format!("/organization-contacts/{}", world.records.contact))
        }),
        row("contacts_create", first(STAFF, 201), |world, _| {
            let body = Body::Json(new_contact(&world.records.employer));
            rehearse("POST", "/organization-contacts", body)
        }),
        row("contacts_import", first(STAFF, 200), |_, _| {
            // Without any: whoever may bring them in may bring in nothing, too.
            let body = Body::Csv("organization_name,first_name,last_name\n");
            rehearse("POST", "/organization-contacts/imports", body)
        }),
        row("contacts_update", first(STAFF, 200), |world, _| {
            let path = format!("/organization-contacts/{}", world.records.other_contact);
            rehearse("PATCH", &path, Body::Json(json!({"is_primary": true})))
        }),
        row("contacts_delete", first(STAFF, 204), |world, _| {
            let path = format!("/organization-contacts/{}", world.records.contact);
            rehearse("DELETE", &path, Body::None)
        }),
        row("contacts_restore", first(STAFF, 200), |world, _| {
            let deleted = &world.records.deleted_contact;
            let path = format!("/organization-contacts/{deleted}/restore");
            rehearse("POST", &path, Body::None)
        }),
    ]
}
