//! The probes of deadlines.

use serde_json::json;
use unionhall_testing::TestApp;

use super::{Ids, NEVER, Probe, listed, own_employer, own_grievance, own_member};
use crate::fixtures::{filing, reason};

fn agreed(app: &TestApp) -> serde_json::Value {
    json!({"agreed_on": app.today().to_string(), "for_union": "A", "for_employer": "B"})
}

fn of(ids: &Ids, verb: &str) -> String {
    format!(
        "/grievances/{}/deadlines/{}/{verb}",
        ids.dated, ids.deadline
    )
}

/// Every place that takes an id.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = acts();
    probes.extend(corrections());
    probes.extend(reading());
    probes.extend(listed(&[
        ("deadlines_record_event path id", |app, who, ids| {
            let body = json!({"kind": "answered", "happened_on": app.today().to_string()});
            who.post(&format!("/grievances/{}/deadline-events", ids.dated), &body)
        }),
        (
            "deadlines_confirm_changes body agreement_id",
            |_, who, ids| {
                let body = json!({
                    "fingerprint": "0".repeat(64), "agreement_id": ids.agreement, "rules_version": 1
                });
                who.post("/deadlines/changes", &body)
            },
        ),
        ("deadline_feeds_revoke path id", |_, who, ids| {
            who.delete(&format!("/users/{}/deadline-feed", ids.user))
        }),
        ("grievances_file body agreement_id", |_, who, ids| {
            let mut body = filing(&own_member(who), &own_employer(who));
            body["agreement_id"] = json!(ids.agreement);
            who.post("/grievances", &body)
        }),
        ("grievances_file body steward_id", |_, who, ids| {
            let mut body = filing(&own_member(who), &own_employer(who));
            body["steward_id"] = json!(ids.user);
            who.post("/grievances", &body)
        }),
        ("grievances_update body steward_id", |_, who, ids| {
            let path = format!("/grievances/{}", own_grievance(who));
            who.patch(&path, &json!({"steward_id": ids.user}))
        }),
    ]));
    probes
}

fn reading() -> Vec<Probe> {
    listed(&[
        ("deadlines_list query carrier_id", |_, who, ids| {
            who.get(&format!("/deadlines?carrier_id={}", ids.user))
        }),
        ("deadlines_list query employer_id", |_, who, ids| {
            who.get(&format!("/deadlines?employer_id={}", ids.employer))
        }),
        ("deadlines_list query agreement_id", |_, who, ids| {
            who.get(&format!("/deadlines?agreement_id={}", ids.agreement))
        }),
        ("deadlines_export query carrier_id", |_, who, ids| {
            who.get(&format!("/deadlines/export?carrier_id={}", ids.user))
        }),
        ("deadlines_export query employer_id", |_, who, ids| {
            who.get(&format!("/deadlines/export?employer_id={}", ids.employer))
        }),
        ("deadlines_export query agreement_id", |_, who, ids| {
            let query = format!("agreement_id={}", ids.agreement);
            who.get(&format!("/deadlines/export?{query}"))
        }),
        ("deadlines_changes query agreement_id", |_, who, ids| {
            let query = format!("agreement_id={}&rules_version=1", ids.agreement);
            who.get(&format!("/deadlines/changes?{query}"))
        }),
        ("deadlines_of_grievance path id", |_, who, ids| {
            who.get(&format!("/grievances/{}/deadlines", ids.dated))
        }),
    ])
}

fn corrections() -> Vec<Probe> {
    listed(&[
        ("deadlines_events path id", |_, who, ids| {
            who.get(&format!("/grievances/{}/deadline-events", ids.dated))
        }),
        ("deadlines_retract_event path id", |_, who, ids| {
            let path = format!("/grievances/{}/deadline-events/{NEVER}/retract", ids.dated);
            who.post(&path, &reason())
        }),
        ("deadlines_retract_event path event_id", |_, who, ids| {
            let path = format!("/grievances/{}/deadline-events/{NEVER}/retract", ids.dated);
            who.post(&path, &reason())
        }),
        ("deadlines_set_agreement path id", |_, who, ids| {
            let path = format!("/grievances/{}/agreement", ids.dated);
            let body = json!({"agreement_id": ids.agreement, "reason": "It was entered later."});
            who.post(&path, &body)
        }),
        (
            "deadlines_set_agreement body agreement_id",
            |_, who, ids| {
                let path = format!("/grievances/{}/agreement", own_grievance(who));
                let body =
                    json!({"agreement_id": ids.agreement, "reason": "It was entered later."});
                who.post(&path, &body)
            },
        ),
    ])
}

fn acts() -> Vec<Probe> {
    listed(&[
        ("deadlines_extend path id", |app, who, ids| {
            let mut body = agreed(app);
            body["days"] = json!(5);
            who.post(&of(ids, "extensions"), &body)
        }),
        ("deadlines_extend path deadline_id", |app, who, ids| {
            let mut body = agreed(app);
            body["days"] = json!(5);
            who.post(&of(ids, "extensions"), &body)
        }),
        ("deadlines_meet path id", |app, who, ids| {
            let body = json!({"met_on": app.today().to_string()});
            who.post(&of(ids, "meet"), &body)
        }),
        ("deadlines_meet path deadline_id", |app, who, ids| {
            let body = json!({"met_on": app.today().to_string()});
            who.post(&of(ids, "meet"), &body)
        }),
        ("deadlines_miss path id", |_, who, ids| {
            who.act(&of(ids, "miss"))
        }),
        ("deadlines_miss path deadline_id", |_, who, ids| {
            who.act(&of(ids, "miss"))
        }),
        ("deadlines_waive path id", |app, who, ids| {
            who.post(&of(ids, "waive"), &agreed(app))
        }),
        ("deadlines_waive path deadline_id", |app, who, ids| {
            who.post(&of(ids, "waive"), &agreed(app))
        }),
        ("deadlines_reopen path id", |_, who, ids| {
            who.act(&of(ids, "reopen"))
        }),
        ("deadlines_reopen path deadline_id", |_, who, ids| {
            who.act(&of(ids, "reopen"))
        }),
    ])
}
