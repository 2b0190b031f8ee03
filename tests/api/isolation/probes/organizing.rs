//! The places that take the ids of what organizers do.

use serde_json::json;
use unionhall_testing::app::Identity;

use super::{Probe, listed, own_employer, own_member};
use crate::fixtures::{activity, score};

pub(super) fn probes() -> Vec<Probe> {
    let mut probes = activities();
    probes.extend(parties());
    probes.extend(named());
    probes.extend(scores());
    probes
}

fn activities() -> Vec<Probe> {
    listed(&[
        ("salting_activities_find path id", |_, who, ids| {
            who.get(&format!("/salting-activities/{}", ids.activity))
        }),
        ("salting_activities_update path id", |_, who, ids| {
            let path = format!("/salting-activities/{}", ids.activity);
            who.patch(&path, &json!({"notes": "Seen."}))
        }),
        ("salting_activities_delete path id", |_, who, ids| {
            who.delete(&format!("/salting-activities/{}", ids.activity))
        }),
        ("salting_activities_restore path id", |_, who, ids| {
            let id = &ids.deleted_activity;
            who.act(&format!("/salting-activities/{id}/restore"))
        }),
    ])
}

fn parties() -> Vec<Probe> {
    listed(&[
        (
            "salting_activities_list query organization_id",
            |_, who, ids| {
                let query = format!("organization_id={}&include_total=true", ids.employer);
                who.get(&format!("/salting-activities?{query}"))
            },
        ),
        ("salting_activities_list query member_id", |_, who, ids| {
            let query = format!("member_id={}&include_total=true", ids.member);
            who.get(&format!("/salting-activities?{query}"))
        }),
        (
            "salting_activities_export query organization_id",
            |_, who, ids| {
                let query = format!("organization_id={}", ids.employer);
                who.get(&format!("/salting-activities/export?{query}"))
            },
        ),
        (
            "salting_activities_export query member_id",
            |_, who, ids| {
                let query = format!("member_id={}", ids.member);
                who.get(&format!("/salting-activities/export?{query}"))
            },
        ),
        (
            "salting_activities_statistics query organization_id",
            |_, who, ids| {
                let query = format!("organization_id={}", ids.employer);
                who.get(&format!("/salting-activities/statistics?{query}"))
            },
        ),
        (
            "salting_activities_statistics query member_id",
            |_, who, ids| {
                let query = format!("member_id={}", ids.member);
                who.get(&format!("/salting-activities/statistics?{query}"))
            },
        ),
    ])
}

fn named() -> Vec<Probe> {
    listed(&[
        (
            "salting_activities_create body member_id",
            |app, who, ids| {
                let body = activity(app, &ids.member, &own_employer(who));
                who.post("/salting-activities", &body)
            },
        ),
        (
            "salting_activities_create body organization_id",
            |app, who, ids| {
                let body = activity(app, &own_member(who), &ids.employer);
                who.post("/salting-activities", &body)
            },
        ),
        ("salting_activities_update body member_id", |_, who, ids| {
            who.patch(&own_activity(who), &json!({"member_id": ids.member}))
        }),
        (
            "salting_activities_update body organization_id",
            |_, who, ids| {
                let body = json!({"organization_id": ids.employer});
                who.patch(&own_activity(who), &body)
            },
        ),
    ])
}

fn scores() -> Vec<Probe> {
    listed(&[
        ("salting_scores_find path id", |_, who, ids| {
            who.get(&format!("/organizations/{}/salting-score", ids.employer))
        }),
        ("salting_scores_set path id", |_, who, ids| {
            let path = format!("/organizations/{}/salting-score", ids.employer);
            who.put(&path, &score(3))
        }),
        ("salting_scores_history path id", |_, who, ids| {
            let path = format!("/organizations/{}/salting-score/history", ids.employer);
            who.get(&path)
        }),
    ])
}

fn own_activity(who: &Identity<'_>) -> String {
    let list = who.get("/salting-activities?limit=1").expect(200);
    format!("/salting-activities/{}", list.text_at("/items/0/id"))
}
