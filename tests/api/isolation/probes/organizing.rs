//! The places that take the ids of what organizers do.

use serde_json::json;
use unionhall_testing::app::Identity;

use super::{Probe, listed, own_employer, own_member};
use crate::fixtures::{activity, campaign, reason, score};

pub(super) fn probes() -> Vec<Probe> {
    let mut probes = activities();
    probes.extend(parties());
    probes.extend(named());
    probes.extend(scores());
    probes.extend(campaigns());
    probes.extend(moves());
    probes.extend(of_campaigns());
    probes.extend(of_one_campaign());
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

fn campaigns() -> Vec<Probe> {
    listed(&[
        ("campaigns_find path id", |_, who, ids| {
            who.get(&format!("/campaigns/{}", ids.campaign))
        }),
        ("campaigns_progress path id", |_, who, ids| {
            who.get(&format!("/campaigns/{}/progress", ids.campaign))
        }),
        ("campaigns_update path id", |_, who, ids| {
            let path = format!("/campaigns/{}", ids.campaign);
            who.patch(&path, &json!({"name": "Seen"}))
        }),
        ("campaigns_delete path id", |_, who, ids| {
            who.delete(&format!("/campaigns/{}", ids.campaign))
        }),
        ("campaigns_restore path id", |_, who, ids| {
            who.act(&format!("/campaigns/{}/restore", ids.deleted_campaign))
        }),
    ])
}

fn moves() -> Vec<Probe> {
    listed(&[
        ("campaigns_start path id", |_, who, ids| {
            who.act(&format!("/campaigns/{}/start", ids.campaign))
        }),
        ("campaigns_resume path id", |_, who, ids| {
            who.act(&format!("/campaigns/{}/resume", ids.campaign))
        }),
        ("campaigns_pause path id", |_, who, ids| {
            who.post(&format!("/campaigns/{}/pause", ids.campaign), &reason())
        }),
        ("campaigns_win path id", |_, who, ids| {
            who.post(&format!("/campaigns/{}/win", ids.campaign), &reason())
        }),
        ("campaigns_lose path id", |_, who, ids| {
            who.post(&format!("/campaigns/{}/lose", ids.campaign), &reason())
        }),
        ("campaigns_abandon path id", |_, who, ids| {
            who.post(&format!("/campaigns/{}/abandon", ids.campaign), &reason())
        }),
    ])
}

fn of_campaigns() -> Vec<Probe> {
    listed(&[
        ("campaigns_list query lead_id", |_, who, ids| {
            who.get(&format!(
                "/campaigns?include_total=true&lead_id={}",
                ids.user
            ))
        }),
        ("campaigns_list query organization_id", |_, who, ids| {
            let query = format!("include_total=true&organization_id={}", ids.employer);
            who.get(&format!("/campaigns?{query}"))
        }),
        ("campaigns_export query lead_id", |_, who, ids| {
            who.get(&format!("/campaigns/export?lead_id={}", ids.user))
        }),
        ("campaigns_export query organization_id", |_, who, ids| {
            who.get(&format!(
                "/campaigns/export?organization_id={}",
                ids.employer
            ))
        }),
        ("campaigns_create body lead_id", |_, who, ids| {
            who.post("/campaigns", &campaign(&ids.user, &own_employer(who)))
        }),
        ("campaigns_update body lead_id", |_, who, ids| {
            let list = who.get("/campaigns?limit=1").expect(200);
            let path = format!("/campaigns/{}", list.text_at("/items/0/id"));
            who.patch(&path, &json!({"lead_id": ids.user}))
        }),
    ])
}

fn of_one_campaign() -> Vec<Probe> {
    listed(&[
        (
            "salting_activities_list query campaign_id",
            |_, who, ids| {
                let query = format!("campaign_id={}&include_total=true", ids.campaign);
                who.get(&format!("/salting-activities?{query}"))
            },
        ),
        (
            "salting_activities_export query campaign_id",
            |_, who, ids| {
                let query = format!("campaign_id={}", ids.campaign);
                who.get(&format!("/salting-activities/export?{query}"))
            },
        ),
        (
            "salting_activities_statistics query campaign_id",
            |_, who, ids| {
                let query = format!("campaign_id={}", ids.campaign);
                who.get(&format!("/salting-activities/statistics?{query}"))
            },
        ),
        (
            "salting_activities_create body campaign_id",
            |app, who, ids| {
                let mut body = activity(app, &own_member(who), &own_employer(who));
                body["campaign_id"] = json!(ids.campaign);
                who.post("/salting-activities", &body)
            },
        ),
        (
            "salting_activities_update body campaign_id",
            |_, who, ids| who.patch(&own_activity(who), &json!({"campaign_id": ids.campaign})),
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
