//! The probes of what is taught.

use serde_json::json;

use super::{Probe, listed};

pub(super) fn probes() -> Vec<Probe> {
    courses()
}

fn courses() -> Vec<Probe> {
    listed(&[
        ("courses_find path id", |_, who, ids| {
            who.get(&format!("/courses/{}", ids.training.course))
        }),
        ("courses_editions path id", |_, who, ids| {
            who.get(&format!("/courses/{}/editions", ids.training.course))
        }),
        ("courses_update path id", |_, who, ids| {
            let path = format!("/courses/{}", ids.training.course);
            who.patch(&path, &json!({"name": "Seen"}))
        }),
        ("courses_delete path id", |_, who, ids| {
            who.delete(&format!("/courses/{}", ids.training.course))
        }),
        ("courses_restore path id", |_, who, ids| {
            who.act(&format!("/courses/{}/restore", ids.training.deleted_course))
        }),
    ])
}
