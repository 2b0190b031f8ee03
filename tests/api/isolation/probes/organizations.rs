//! The probes of organizations and of what belongs to them.

use serde_json::json;

use super::{Probe, listed, own_employer, own_member};
use crate::fixtures::{new_contact, new_employment};

/// Organizations themselves.
pub(super) fn organizations() -> Vec<Probe> {
    listed(&[
        ("organizations_find path id", |_, who, ids| {
            who.get(&format!("/organizations/{}", ids.employer))
        }),
        ("organizations_update path id", |_, who, ids| {
            let path = format!("/organizations/{}", ids.employer);
            who.patch(&path, &json!({"city": "Kent"}))
        }),
        ("organizations_delete path id", |_, who, ids| {
            who.delete(&format!("/organizations/{}", ids.employer))
        }),
        ("organizations_overview path id", |_, who, ids| {
            who.get(&format!("/organizations/{}/overview", ids.employer))
        }),
        ("organizations_merge path id", |_, who, ids| {
            let path = format!("/organizations/{}/merge", ids.employer);
            who.post(&path, &json!({"into": own_employer(who)}))
        }),
        ("organizations_merge body into", |_, who, ids| {
            let path = format!("/organizations/{}/merge", own_employer(who));
            who.post(&path, &json!({"into": ids.employer}))
        }),
        ("organizations_restore path id", |_, who, ids| {
            who.act(&format!("/organizations/{}/restore", ids.deleted_employer))
        }),
    ])
}

/// The people at them.
pub(super) fn contacts() -> Vec<Probe> {
    listed(&[
        ("contacts_list query organization_id", |_, who, ids| {
            let query = format!("organization_id={}&include_total=true", ids.employer);
            who.get(&format!("/organization-contacts?{query}"))
        }),
        ("contacts_find path id", |_, who, ids| {
            who.get(&format!("/organization-contacts/{}", ids.person))
        }),
        ("contacts_create body organization_id", |_, who, ids| {
            who.post("/organization-contacts", &new_contact(&ids.employer))
        }),
        ("contacts_update path id", |_, who, ids| {
            let path = format!("/organization-contacts/{}", ids.person);
            who.patch(&path, &json!({"title": "Owner"}))
        }),
        ("contacts_delete path id", |_, who, ids| {
            who.delete(&format!("/organization-contacts/{}", ids.person))
        }),
        ("contacts_restore path id", |_, who, ids| {
            let path = format!("/organization-contacts/{}/restore", ids.deleted_person);
            who.act(&path)
        }),
    ])
}

/// The members at them.
pub(super) fn employments() -> Vec<Probe> {
    listed(&[
        ("employments_list query member_id", |_, who, ids| {
            let query = format!("member_id={}&include_total=true", ids.member);
            who.get(&format!("/member-employments?{query}"))
        }),
        ("employments_list query organization_id", |_, who, ids| {
            let query = format!("organization_id={}&include_total=true", ids.employer);
            who.get(&format!("/member-employments?{query}"))
        }),
        ("employments_find path id", |_, who, ids| {
            who.get(&format!("/member-employments/{}", ids.job))
        }),
        ("employments_create body member_id", |app, who, ids| {
            let body = new_employment(&ids.member, &own_employer(who), app.today());
            who.post("/member-employments", &body)
        }),
        (
            "employments_create body organization_id",
            |app, who, ids| {
                let body = new_employment(&own_member(who), &ids.employer, app.today());
                who.post("/member-employments", &body)
            },
        ),
        (
            "employments_start_many body organization_id",
            |app, who, ids| {
                let body = json!({
                    "organization_id": ids.employer, "start_date": app.today().to_string(),
                    "members": [{"id": own_member(who)}]
                });
                who.post("/member-employments/batch/start", &body)
            },
        ),
        ("employments_update path id", |_, who, ids| {
            let path = format!("/member-employments/{}", ids.job);
            who.patch(&path, &json!({"job_title": "Foreman"}))
        }),
        ("employments_end path id", |_, who, ids| {
            who.act(&format!("/member-employments/{}/end", ids.job))
        }),
        ("employments_delete path id", |_, who, ids| {
            who.delete(&format!("/member-employments/{}", ids.job))
        }),
        ("employments_restore path id", |_, who, ids| {
            who.act(&format!("/member-employments/{}/restore", ids.deleted_job))
        }),
    ])
}
