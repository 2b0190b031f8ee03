//! The rows of documents: of a grievance, as confidential as the grievance; its member sees them and changes none.

use serde_json::json;

use super::{Body, OFFICERS, Row, STAFF, World, and_member, first, get, rehearse, row};
use crate::{documents::form, fixtures::reason};

/// The rows.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = reading();
    rows.extend(changing());
    rows
}

fn reading() -> Vec<Row> {
    let readers = || and_member(first(STAFF, 200), 200);
    // Whoever may see documents of other records is told that there is none of this one.
    let seen = || {
        let mut expected = readers();
        expected[4] = 404;
        expected
    };
    vec![
        row("documents_list", readers(), |world, _| {
            let grievance = &world.records.grievance;
            get(format!(
                "/documents?record_type=grievance&record_id={grievance}"
            ))
        }),
        row("documents_categories", readers(), |_, _| {
            get("/documents/categories?record_type=grievance".to_owned())
        }),
        row("documents_find", seen(), |world, _| get(of(world, ""))),
        row("documents_versions", seen(), |world, _| {
            get(of(world, "/versions"))
        }),
        row("documents_download", seen(), |world, _| {
            get(of(world, "/download"))
        }),
        row("documents_address", seen(), |world, _| {
            get(of(world, "/download-url"))
        }),
    ]
}

fn changing() -> Vec<Row> {
    vec![
        row("documents_upload", first(STAFF, 201), |world, _| {
            let fields = [
                ("record_type", "grievance"),
                ("record_id", &world.records.grievance),
            ];
            let body = Body::Form(form(&fields, "Note.txt", b"Called."));
            rehearse("POST", "/documents", body)
        }),
        row("documents_add_version", first(STAFF, 201), |world, _| {
            let body = Body::Form(form(&[], "Note.txt", b"Called again."));
            rehearse("POST", &of(world, "/versions"), body)
        }),
        row("documents_update", first(STAFF, 200), |world, _| {
            let body = Body::Json(json!({"title": "Statement"}));
            rehearse("PATCH", &of(world, ""), body)
        }),
        row("documents_delete", first(STAFF, 204), |world, _| {
            rehearse("DELETE", &of(world, ""), Body::None)
        }),
        row("documents_restore", first(STAFF, 200), |world, _| {
            let path = format!("/documents/{}/restore", world.records.documents[1]);
            rehearse("POST", &path, Body::None)
        }),
        row("documents_hold", first(OFFICERS, 200), |world, _| {
            rehearse("POST", &of(world, "/hold"), Body::Json(reason()))
        }),
        // It is not held.
        row("documents_release", first(OFFICERS, 409), |world, _| {
            rehearse("POST", &of(world, "/release"), Body::None)
        }),
    ]
}

fn of(world: &World, rest: &str) -> String {
    format!("/documents/{}{rest}", world.records.documents[0])
}
