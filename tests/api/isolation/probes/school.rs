//! The places that take the ids of what a school has.

use serde_json::json;

use super::{Probe, listed};
use crate::fixtures::school::new_instructor;

pub(super) fn probes() -> Vec<Probe> {
    let mut probes = locations();
    probes.extend(instructors());
    probes
}

fn locations() -> Vec<Probe> {
    listed(&[
        ("locations_find path id", |_, who, ids| {
            who.get(&format!("/locations/{}", ids.school.location))
        }),
        ("locations_update path id", |_, who, ids| {
            let path = format!("/locations/{}", ids.school.location);
            who.patch(&path, &json!({"capacity": 30}))
        }),
        ("locations_delete path id", |_, who, ids| {
            who.delete(&format!("/locations/{}", ids.school.free_location))
        }),
        ("locations_restore path id", |_, who, ids| {
            let id = &ids.school.deleted_location;
            who.act(&format!("/locations/{id}/restore"))
        }),
    ])
}

fn instructors() -> Vec<Probe> {
    listed(&[
        ("instructors_find path id", |_, who, ids| {
            who.get(&format!("/instructors/{}", ids.school.instructor))
        }),
        ("instructors_tax_id path id", |_, who, ids| {
            who.get(&format!("/instructors/{}/tax-id", ids.school.instructor))
        }),
        ("instructors_update path id", |_, who, ids| {
            let path = format!("/instructors/{}", ids.school.instructor);
            who.patch(&path, &json!({"phone": null}))
        }),
        ("instructors_delete path id", |_, who, ids| {
            who.delete(&format!("/instructors/{}", ids.school.free_instructor))
        }),
        ("instructors_restore path id", |_, who, ids| {
            let id = &ids.school.deleted_instructor;
            who.act(&format!("/instructors/{id}/restore"))
        }),
        ("instructors_create body user_id", |_, who, ids| {
            let mut body = new_instructor("Probe");
            body["user_id"] = json!(ids.contact);
            who.post("/instructors", &body)
        }),
        ("instructors_update body user_id", |_, who, ids| {
            let own = who.get("/instructors?limit=1").expect(200);
            let path = format!("/instructors/{}", own.text_at("/items/0/id"));
            who.patch(&path, &json!({"user_id": ids.contact}))
        }),
        ("instructors_list query user_id", |_, who, ids| {
            let query = format!("user_id={}&include_total=true", ids.contact);
            who.get(&format!("/instructors?{query}"))
        }),
        ("instructors_export query user_id", |_, who, ids| {
            who.get(&format!("/instructors/export?user_id={}", ids.contact))
        }),
    ])
}
