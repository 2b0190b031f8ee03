//! The probes of documents.

use serde_json::json;

use super::{Ids, Probe, listed};
use crate::{
    documents::{FORM, form},
    fixtures::reason,
};

/// Every probe.
pub(super) fn probes() -> Vec<Probe> {
    listed(&[
        ("documents_list query record_id", |_, who, ids| {
            let id = &ids.grievance;
            who.get(&format!("/documents?record_type=grievance&record_id={id}"))
        }),
        ("documents_find path id", |_, who, ids| {
            who.get(&of(ids, ""))
        }),
        ("documents_versions path id", |_, who, ids| {
            who.get(&of(ids, "/versions"))
        }),
        ("documents_download path id", |_, who, ids| {
            who.get(&of(ids, "/download"))
        }),
        ("documents_address path id", |_, who, ids| {
            who.get(&of(ids, "/download-url"))
        }),
        ("documents_add_version path id", |_, who, ids| {
            let body = form(&[], "a.txt", b"a");
            who.request("POST", &of(ids, "/versions"))
                .body(FORM, body)
                .send()
        }),
        ("documents_update path id", |_, who, ids| {
            who.patch(&of(ids, ""), &json!({"title": "Seen"}))
        }),
        ("documents_delete path id", |_, who, ids| {
            who.delete(&of(ids, ""))
        }),
        ("documents_restore path id", |_, who, ids| {
            who.act(&format!("/documents/{}/restore", ids.deleted_document))
        }),
        ("documents_hold path id", |_, who, ids| {
            who.post(&of(ids, "/hold"), &reason())
        }),
        ("documents_release path id", |_, who, ids| {
            who.act(&of(ids, "/release"))
        }),
    ])
}

fn of(ids: &Ids, rest: &str) -> String {
    format!("/documents/{}{rest}", ids.document)
}
