//! The rows of what organizers do: for everybody else there is nothing at these addresses.

use serde_json::json;

use super::{Asked, Body, Row, get, rehearse, row};
use crate::fixtures::{activity, campaign, reason, score};

/// Organizers and those above them may, with this status; for the others there is nothing there.
const fn organizers(status: u16) -> [u16; 10] {
    let mut expected = [404; 10];
    expected[0] = status;
    expected[1] = status;
    expected[2] = status;
    expected[4] = status;
    expected[9] = 401;
    expected
}

/// The same, but organizers themselves are told that they may not.
const fn without_organizers(mut expected: [u16; 10]) -> [u16; 10] {
    expected[4] = 403;
    expected
}

pub(super) fn rows() -> Vec<Row> {
    let mut rows = activities();
    rows.extend(scores());
    rows.extend(campaigns());
    rows.extend(moves());
    rows
}

fn activities() -> Vec<Row> {
    vec![
        row("salting_activities_list", organizers(200), |_, _| {
            get("/salting-activities".to_owned())
        }),
        // Whole lists are taken out by the office alone, and of the office by those who may know of this one.
        row(
            "salting_activities_export",
            without_organizers(organizers(200)),
            |_, _| get("/salting-activities/export".to_owned()),
        ),
        row("salting_activities_statistics", organizers(200), |_, _| {
            get("/salting-activities/statistics".to_owned())
        }),
        row("salting_activities_find", organizers(200), |world, _| {
            get(format!("/salting-activities/{}", world.records.activity))
        }),
        row("salting_activities_create", organizers(201), |world, _| {
            let body = activity(&world.app, &world.records.member, &world.records.employer);
            rehearse("POST", "/salting-activities", Body::Json(body))
        }),
        row("salting_activities_update", organizers(200), |world, _| {
            let path = format!("/salting-activities/{}", world.records.activity);
            rehearse("PATCH", &path, Body::Json(json!({"outcome": null})))
        }),
        row("salting_activities_delete", organizers(204), |world, _| {
            let path = format!("/salting-activities/{}", world.records.activity);
            rehearse("DELETE", &path, Body::None)
        }),
        row("salting_activities_restore", organizers(200), |world, _| {
            let id = &world.records.deleted_activity;
            let path = format!("/salting-activities/{id}/restore");
            rehearse("POST", &path, Body::None)
        }),
    ]
}

fn campaigns() -> Vec<Row> {
    vec![
        row("campaigns_list", organizers(200), |_, _| {
            get("/campaigns".to_owned())
        }),
        row(
            "campaigns_export",
            without_organizers(organizers(200)),
            |_, _| get("/campaigns/export".to_owned()),
        ),
        row("campaigns_find", organizers(200), |world, _| {
            get(format!("/campaigns/{}", world.records.campaigns.active))
        }),
        row("campaigns_progress", organizers(200), |world, _| {
            get(format!(
                "/campaigns/{}/progress",
                world.records.campaigns.active
            ))
        }),
        row("campaigns_create", organizers(201), |world, _| {
            let body = campaign(&world.records.representative, &world.records.employer);
            rehearse("POST", "/campaigns", Body::Json(body))
        }),
        row("campaigns_update", organizers(200), |world, _| {
            let path = format!("/campaigns/{}", world.records.campaigns.active);
            rehearse(
                "PATCH",
                &path,
                Body::Json(json!({"description": "Two crews."})),
            )
        }),
        row("campaigns_delete", organizers(204), |world, _| {
            let path = format!("/campaigns/{}", world.records.campaigns.active);
            rehearse("DELETE", &path, Body::None)
        }),
        row("campaigns_restore", organizers(200), |world, _| {
            let id = &world.records.campaigns.deleted;
            rehearse("POST", &format!("/campaigns/{id}/restore"), Body::None)
        }),
    ]
}

fn moves() -> Vec<Row> {
    vec![
        row("campaigns_start", organizers(200), |world, _| {
            let id = &world.records.campaigns.planned;
            rehearse("POST", &format!("/campaigns/{id}/start"), Body::None)
        }),
        row("campaigns_resume", organizers(200), |world, _| {
            let id = &world.records.campaigns.paused;
            rehearse("POST", &format!("/campaigns/{id}/resume"), Body::None)
        }),
        row("campaigns_pause", organizers(200), |world, _| {
            ending(&world.records.campaigns.active, "pause")
        }),
        row("campaigns_win", organizers(200), |world, _| {
            ending(&world.records.campaigns.active, "win")
        }),
        row("campaigns_lose", organizers(200), |world, _| {
            ending(&world.records.campaigns.active, "lose")
        }),
        row("campaigns_abandon", organizers(200), |world, _| {
            ending(&world.records.campaigns.active, "abandon")
        }),
    ]
}

/// A move of a campaign that needs a reason.
fn ending(id: &str, verb: &str) -> Asked {
    rehearse(
        "POST",
        &format!("/campaigns/{id}/{verb}"),
        Body::Json(reason()),
    )
}

fn scores() -> Vec<Row> {
    vec![
        row("salting_scores_find", organizers(200), |world, _| {
            let id = &world.records.employer;
            get(format!("/organizations/{id}/salting-score"))
        }),
        row("salting_scores_set", organizers(200), |world, _| {
            let id = &world.records.employer;
            let path = format!("/organizations/{id}/salting-score");
            rehearse("PUT", &path, Body::Json(score(4)))
        }),
        row("salting_scores_history", organizers(200), |world, _| {
            let id = &world.records.employer;
            get(format!("/organizations/{id}/salting-score/history"))
        }),
    ]
}
