//! Requests that name a grievance or a part of one.

use serde_json::json;

use super::{Ids, Probe, listed, own_grievance};
use crate::fixtures::{
    parts::{
        new_answers, new_contact, new_decision, new_meeting, new_obligation, new_request,
        new_statement,
    },
    reason,
};
use unionhall_testing::app::Identity;

/// The probes.
pub(super) fn probes() -> Vec<Probe> {
    let mut probes = meetings();
    probes.extend(statements());
    probes.extend(requests());
    probes.extend(obligations());
    probes.extend(log());
    probes.extend(boards());
    probes.extend(case_files());
    probes.extend(exports());
    probes
}

fn of(ids: &Ids, rest: &str) -> String {
    format!("/grievances/{}/step-meetings{rest}", ids.grievance)
}

/// A meeting of the other tenant below a grievance of one's own.
fn foreign(who: &Identity<'_>, ids: &Ids, rest: &str) -> String {
    let own = own_grievance(who);
    format!(
        "/grievances/{own}/step-meetings/{}{rest}",
        ids.parts.meeting
    )
}

fn own(who: &Identity<'_>, rest: &str) -> String {
    let path = format!("/grievances/{}/step-meetings", first_grievance(who));
    let id = who.get(&path).expect(200).text_at("/items/0/id");
    format!("{path}/{id}{rest}")
}

/// The grievance that was filed first: the one with a meeting.
fn first_grievance(who: &Identity<'_>) -> String {
    let list = who.get("/grievances?limit=1&sort=grievance_number");
    list.expect(200).text_at("/items/0/id")
}

fn meetings() -> Vec<Probe> {
    listed(&[
        ("step_meetings_list path id", |_, who, ids| {
            who.get(&of(ids, ""))
        }),
        ("step_meetings_plan path id", |_, who, ids| {
            who.post(&of(ids, ""), &new_meeting())
        }),
        ("step_meetings_plan body step_record_id", |_, who, ids| {
            let path = format!("/grievances/{}/step-meetings", first_grievance(who));
            let mut body = new_meeting();
            body["step_record_id"] = json!(ids.parts.meeting);
            who.post(&path, &body)
        }),
        ("step_meetings_find path id", |_, who, ids| {
            who.get(&of(ids, &format!("/{}", ids.parts.meeting)))
        }),
        ("step_meetings_find path meeting_id", |_, who, ids| {
            who.get(&foreign(who, ids, ""))
        }),
        ("step_meetings_update path id", |_, who, ids| {
            let path = of(ids, &format!("/{}", ids.parts.meeting));
            who.patch(&path, &json!({"place": null}))
        }),
        ("step_meetings_update path meeting_id", |_, who, ids| {
            who.patch(&foreign(who, ids, ""), &json!({"place": null}))
        }),
        ("step_meetings_update body step_record_id", |_, who, ids| {
            who.patch(&own(who, ""), &json!({"step_record_id": ids.parts.meeting}))
        }),
        ("step_meetings_hold path id", |_, who, ids| {
            who.post(
                &of(ids, &format!("/{}/hold", ids.parts.meeting)),
                &json!({}),
            )
        }),
        ("step_meetings_hold path meeting_id", |_, who, ids| {
            who.post(&foreign(who, ids, "/hold"), &json!({}))
        }),
        ("step_meetings_cancel path id", |_, who, ids| {
            let path = of(ids, &format!("/{}/cancel", ids.parts.meeting));
            who.post(&path, &reason())
        }),
        ("step_meetings_cancel path meeting_id", |_, who, ids| {
            who.post(&foreign(who, ids, "/cancel"), &reason())
        }),
    ])
}

fn statements() -> Vec<Probe> {
    listed(&[
        ("step_meetings_state path id", |_, who, ids| {
            let path = of(ids, &format!("/{}/statements", ids.parts.meeting));
            who.post(&path, &new_statement())
        }),
        ("step_meetings_state path meeting_id", |_, who, ids| {
            who.post(&foreign(who, ids, "/statements"), &new_statement())
        }),
        ("step_meetings_state body corrects_id", |_, who, ids| {
            let mut body = new_statement();
            body["corrects_id"] = json!(ids.parts.statement);
            who.post(&own(who, "/statements"), &body)
        }),
        ("step_meetings_redraft path id", |_, who, ids| {
            let path = of(ids, &statement(ids, ""));
            who.patch(&path, &json!({"text": "Else."}))
        }),
        ("step_meetings_redraft path meeting_id", |_, who, ids| {
            let rest = format!("/statements/{}", ids.parts.statement);
            who.patch(&foreign(who, ids, &rest), &json!({"text": "Else."}))
        }),
        ("step_meetings_redraft path statement_id", |_, who, ids| {
            let rest = format!("/statements/{}", ids.parts.statement);
            who.patch(&own(who, &rest), &json!({"text": "Else."}))
        }),
        ("step_meetings_sign path id", |_, who, ids| {
            who.act(&of(ids, &statement(ids, "/sign")))
        }),
        ("step_meetings_sign path meeting_id", |_, who, ids| {
            let rest = format!("/statements/{}/sign", ids.parts.statement);
            who.act(&foreign(who, ids, &rest))
        }),
        ("step_meetings_sign path statement_id", |_, who, ids| {
            let rest = format!("/statements/{}/sign", ids.parts.statement);
            who.act(&own(who, &rest))
        }),
    ])
}

fn statement(ids: &Ids, rest: &str) -> String {
    let parts = &ids.parts;
    format!("/{}/statements/{}{rest}", parts.meeting, parts.statement)
}

/// A part of the other tenant below a grievance of one's own.
fn below_own(who: &Identity<'_>, kind: &str, rest: &str) -> String {
    format!("/grievances/{}/{kind}/{rest}", first_grievance(who))
}

/// A part of the other tenant below its own grievance.
fn below(ids: &Ids, kind: &str, rest: &str) -> String {
    format!("/grievances/{}/{kind}{rest}", ids.grievance)
}

const REQUESTS: &str = "information-requests";

fn requests() -> Vec<Probe> {
    let mut probes = listed(&[
        (
            "information_requests_list query grievance_id",
            |_, who, ids| {
                let query = format!("grievance_id={}", ids.grievance);
                who.get(&format!("/information-requests?{query}"))
            },
        ),
        (
            "information_requests_list query employer_id",
            |_, who, ids| {
                let query = format!("employer_id={}&include_total=true", ids.employer);
                who.get(&format!("/information-requests?{query}"))
            },
        ),
        (
            "information_requests_list query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/information-requests?{query}"))
            },
        ),
        (
            "information_requests_list_of_grievance path id",
            |_, who, ids| who.get(&below(ids, REQUESTS, "")),
        ),
        ("information_requests_ask path id", |_, who, ids| {
            who.post(&below(ids, REQUESTS, ""), &new_request())
        }),
        ("information_requests_find path id", |_, who, ids| {
            who.get(&below(ids, REQUESTS, &format!("/{}", ids.parts.request)))
        }),
        (
            "information_requests_find path request_id",
            |_, who, ids| who.get(&below_own(who, REQUESTS, &ids.parts.request)),
        ),
    ]);
    probes.extend(request_moves());
    probes
}

fn request_moves() -> Vec<Probe> {
    listed(&[
        ("information_requests_answer path id", |_, who, ids| {
            let rest = format!("/{}/answers", ids.parts.request);
            who.post(&below(ids, REQUESTS, &rest), &new_answers())
        }),
        (
            "information_requests_answer path request_id",
            |_, who, ids| {
                let rest = format!("{}/answers", ids.parts.request);
                who.post(&below_own(who, REQUESTS, &rest), &new_answers())
            },
        ),
        ("information_requests_follow_up path id", |_, who, ids| {
            let rest = format!("/{}/follow-ups", ids.parts.request);
            who.post(
                &below(ids, REQUESTS, &rest),
                &json!({"text": "Where is it?"}),
            )
        }),
        (
            "information_requests_follow_up path request_id",
            |_, who, ids| {
                let rest = format!("{}/follow-ups", ids.parts.request);
                let body = json!({"text": "Where is it?"});
                who.post(&below_own(who, REQUESTS, &rest), &body)
            },
        ),
        ("information_requests_withdraw path id", |_, who, ids| {
            let rest = format!("/{}/withdraw", ids.parts.request);
            who.post(&below(ids, REQUESTS, &rest), &reason())
        }),
        (
            "information_requests_withdraw path request_id",
            |_, who, ids| {
                let rest = format!("{}/withdraw", ids.parts.request);
                who.post(&below_own(who, REQUESTS, &rest), &reason())
            },
        ),
    ])
}

const OBLIGATIONS: &str = "obligations";

fn obligations() -> Vec<Probe> {
    let mut probes = listed(&[
        ("obligations_list query grievance_id", |_, who, ids| {
            who.get(&format!("/obligations?grievance_id={}", ids.grievance))
        }),
        ("obligations_list query employer_id", |_, who, ids| {
            let query = format!("employer_id={}&include_total=true", ids.employer);
            who.get(&format!("/obligations?{query}"))
        }),
        (
            "obligations_list query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/obligations?{query}"))
            },
        ),
        ("obligations_list_of_grievance path id", |_, who, ids| {
            who.get(&below(ids, OBLIGATIONS, ""))
        }),
        ("obligations_add path id", |_, who, ids| {
            who.post(&below(ids, OBLIGATIONS, ""), &new_obligation())
        }),
        ("obligations_find path id", |_, who, ids| {
            who.get(&below(
                ids,
                OBLIGATIONS,
                &format!("/{}", ids.parts.obligation),
            ))
        }),
        ("obligations_find path obligation_id", |_, who, ids| {
            who.get(&below_own(who, OBLIGATIONS, &ids.parts.obligation))
        }),
        ("obligations_update path id", |_, who, ids| {
            let path = below(ids, OBLIGATIONS, &format!("/{}", ids.parts.obligation));
            who.patch(&path, &json!({"owed_to": null}))
        }),
        ("obligations_update path obligation_id", |_, who, ids| {
            let path = below_own(who, OBLIGATIONS, &ids.parts.obligation);
            who.patch(&path, &json!({"owed_to": null}))
        }),
    ]);
    probes.extend(obligation_moves());
    probes
}

fn obligation_moves() -> Vec<Probe> {
    listed(&[
        ("obligations_fulfill path id", |_, who, ids| {
            let rest = format!("/{}/fulfill", ids.parts.obligation);
            who.post(&below(ids, OBLIGATIONS, &rest), &json!({}))
        }),
        ("obligations_fulfill path obligation_id", |_, who, ids| {
            let rest = format!("{}/fulfill", ids.parts.obligation);
            who.post(&below_own(who, OBLIGATIONS, &rest), &json!({}))
        }),
        ("obligations_breach path id", |_, who, ids| {
            let rest = format!("/{}/breach", ids.parts.obligation);
            who.post(&below(ids, OBLIGATIONS, &rest), &reason())
        }),
        ("obligations_breach path obligation_id", |_, who, ids| {
            let rest = format!("{}/breach", ids.parts.obligation);
            who.post(&below_own(who, OBLIGATIONS, &rest), &reason())
        }),
        ("obligations_waive path id", |_, who, ids| {
            let rest = format!("/{}/waive", ids.parts.obligation);
            who.post(&below(ids, OBLIGATIONS, &rest), &reason())
        }),
        ("obligations_waive path obligation_id", |_, who, ids| {
            let rest = format!("{}/waive", ids.parts.obligation);
            who.post(&below_own(who, OBLIGATIONS, &rest), &reason())
        }),
        ("obligations_reopen path id", |_, who, ids| {
            let rest = format!("/{}/reopen", ids.parts.obligation);
            who.post(&below(ids, OBLIGATIONS, &rest), &reason())
        }),
        ("obligations_reopen path obligation_id", |_, who, ids| {
            let rest = format!("{}/reopen", ids.parts.obligation);
            who.post(&below_own(who, OBLIGATIONS, &rest), &reason())
        }),
    ])
}

const LOG: &str = "representation-log";

fn log() -> Vec<Probe> {
    listed(&[
        ("representation_log_list path id", |_, who, ids| {
            who.get(&below(ids, LOG, ""))
        }),
        ("representation_log_contact path id", |_, who, ids| {
            who.post(&below(ids, LOG, "/contacts"), &new_contact())
        }),
        (
            "representation_log_contact body corrects_id",
            |_, who, ids| {
                let mut body = new_contact();
                body["corrects_id"] = json!(ids.parts.log_entry);
                who.post(&below_own(who, LOG, "contacts"), &body)
            },
        ),
        ("representation_log_decide path id", |_, who, ids| {
            who.post(&below(ids, LOG, "/decisions"), &new_decision())
        }),
        (
            "representation_log_decide body corrects_id",
            |_, who, ids| {
                let mut body = new_decision();
                body["corrects_id"] = json!(ids.parts.log_entry);
                who.post(&below_own(who, LOG, "decisions"), &body)
            },
        ),
    ])
}

fn exports() -> Vec<Probe> {
    listed(&[
        (
            "information_requests_export query grievance_id",
            |_, who, ids| {
                let query = format!("grievance_id={}", ids.grievance);
                who.get(&format!("/information-requests/export?{query}"))
            },
        ),
        ("obligations_export query grievance_id", |_, who, ids| {
            let query = format!("grievance_id={}", ids.grievance);
            who.get(&format!("/obligations/export?{query}"))
        }),
        (
            "information_requests_export query employer_id",
            |_, who, ids| {
                let path = "/information-requests/export";
                who.get(&format!("{path}?employer_id={}", ids.employer))
            },
        ),
        (
            "information_requests_export query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/information-requests/export?{query}"))
            },
        ),
        ("obligations_export query employer_id", |_, who, ids| {
            who.get(&format!("/obligations/export?employer_id={}", ids.employer))
        }),
        (
            "obligations_export query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/obligations/export?{query}"))
            },
        ),
    ])
}

fn boards() -> Vec<Probe> {
    listed(&[
        (
            "grievance_boards_due_this_week query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/grievance-boards/due-this-week?{query}"))
            },
        ),
        (
            "grievance_boards_due_this_week query carrier_id",
            |_, who, ids| {
                let query = format!("carrier_id={}", ids.user);
                who.get(&format!("/grievance-boards/due-this-week?{query}"))
            },
        ),
        (
            "grievance_boards_export_due_this_week query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/grievance-boards/due-this-week/export?{query}"))
            },
        ),
        (
            "grievance_boards_export_due_this_week query carrier_id",
            |_, who, ids| {
                let query = format!("carrier_id={}", ids.user);
                who.get(&format!("/grievance-boards/due-this-week/export?{query}"))
            },
        ),
    ])
}

fn case_files() -> Vec<Probe> {
    listed(&[
        ("case_files_ask path id", |_, who, ids| {
            who.get(&format!("/grievances/{}/case-file", ids.grievance))
        }),
        ("case_files_find path id", |_, who, ids| {
            let job = &ids.parts.case_file;
            who.get(&format!("/grievances/{}/case-file/{job}", ids.denied))
        }),
        ("case_files_find path job_id", |_, who, ids| {
            who.get(&below_own(who, "case-file", &ids.parts.case_file))
        }),
    ])
}
