//! Every kind of change there is, once, on records of its own: each can be done at first, and all of them in order.

mod school;

use serde_json::{Value, json};
use unionhall_testing::TestApp;

use crate::fixtures::{
    self, Campaigns, Records, filing, meeting, new_contact, new_employer, new_member, reason,
    training::{Training, new_class, new_course, new_session},
};

/// A change and what the trail calls it.
pub(crate) struct Change {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) action: &'static str,
    pub(crate) target: &'static str,
    /// The record, unless the change makes it.
    pub(crate) id: Option<String>,
}

/// The changes.
pub(crate) fn changes(app: &TestApp, records: &Records) -> Vec<Change> {
    let mut changes = vec![
        updated("member", &records.member, json!({"city": "Burien"})),
        deleted("member", &records.free_member),
        restored("member", &records.deleted_member),
        updated("organization", &records.employer, json!({"city": "Burien"})),
        deleted("organization", &records.free_employer),
        restored("organization", &records.deleted_employer),
        at_contacts(updated(
            "contact",
            &records.other_contact,
            json!({"title": "Owner"}),
        )),
        at_contacts(deleted("contact", &records.other_contact)),
        at_contacts(restored("contact", &records.deleted_contact)),
        at_jobs(updated(
            "employment",
            &records.job,
            json!({"job_title": "Foreman"}),
        )),
        Change {
            method: "POST",
            path: format!("/member-employments/{}/end", records.job),
            body: None,
            ..updated("employment", &records.job, json!({}))
        },
        at_jobs(deleted("employment", &records.job)),
        at_jobs(restored("employment", &records.deleted_job)),
        updated("grievance", &records.grievance, json!({"notes": "Seen."})),
    ];
    // Before the grievance is deleted, with which its documents cannot be seen any more.
    changes.extend(documents(records));
    changes.extend(moves(app, records));
    changes.extend(corrections(records));
    changes.extend([
        deleted("grievance", &records.grievance),
        restored("grievance", &records.deleted_grievance),
    ]);
    changes.extend(creations(records));
    changes.extend(users(records));
    changes.extend(invitations(records));
    changes.extend(organizing(app, records));
    changes.extend(campaigns(records));
    changes.extend(school::school(records));
    changes.extend(school::cohorts(records));
    changes.extend(school::students(records));
    changes.extend(classes(records));
    changes.extend(sessions(records));
    changes.extend(courses(records));
    changes
}

fn documents(records: &Records) -> Vec<Change> {
    let Records {
        documents: [document, deleted_document],
        ..
    } = records;
    vec![
        updated("document", document, json!({"title": "Statement"})),
        deleted("document", document),
        restored("document", deleted_document),
    ]
}

fn moves(app: &TestApp, records: &Records) -> Vec<Change> {
    let Records {
        grievance,
        denied,
        settled,
        ..
    } = records;
    vec![
        moved(grievance, "investigate", None),
        moved(grievance, "schedule-hearing", None),
        moved(grievance, "steps", Some(meeting(app, "denied"))),
        moved(grievance, "withdraw", Some(reason())),
        moved(denied, "advance", None),
        moved(settled, "close", Some(reason())),
        moved(settled, "reopen", Some(reason())),
    ]
}

/// What deadlines are counted from is put right.
fn corrections(records: &Records) -> Vec<Change> {
    let Records {
        grievance,
        dated,
        event,
        agreement,
        ..
    } = records;
    let of = |id: &str, path: &str, body| Change {
        method: "POST",
        path: format!("/grievances/{id}/{path}"),
        ..updated("grievance", id, body)
    };
    let why = "It was entered later.";
    vec![
        of(dated, &format!("deadline-events/{event}/retract"), reason()),
        of(
            grievance,
            "agreement",
            json!({"agreement_id": agreement, "reason": why}),
        ),
    ]
}

fn users(records: &Records) -> Vec<Change> {
    let Records {
        user,
        removed_user,
        suspended_user,
        ..
    } = records;
    let of = |action: &'static str, method: &'static str, path: &str, body: Option<Value>| Change {
        method,
        path: format!("/users/{path}"),
        body,
        action,
        target: "membership",
        id: Some(user.clone()),
    };
    let roles = json!({"roles": [{"role": "staff", "expires_at": "2127-01-01T00:00:00Z"}]});
    let member = json!({"member_id": records.member});
    vec![
        of("updated", "PUT", &format!("{user}/roles"), Some(roles)),
        of("updated", "PUT", &format!("{user}/member"), Some(member)),
        of("updated", "DELETE", &format!("{user}/member"), None),
        of("moved", "POST", &format!("{user}/suspend"), Some(reason())),
        Change {
            id: Some(suspended_user.clone()),
            ..of(
                "moved",
                "POST",
                &format!("{suspended_user}/reactivate"),
                None,
            )
        },
        of("deleted", "DELETE", user, None),
        Change {
            id: Some(removed_user.clone()),
            ..of("restored", "POST", &format!("{removed_user}/restore"), None)
        },
    ]
}

fn invitations(records: &Records) -> Vec<Change> {
    let id = &records.invitation;
    let of = |action: &'static str, verb: &str| Change {
        method: "POST",
        path: format!("/invitations/{id}/{verb}"),
        body: None,
        action,
        target: "invitation",
        id: Some(id.clone()),
    };
    let roles = json!([{"role": "staff"}]);
    vec![
        Change {
            path: "/invitations".to_owned(),
            body: Some(json!({"email": "new@spark.example", "roles": roles})),
            id: None,
            ..of("created", "")
        },
        of("updated", "resend"),
        of("moved", "cancel"),
    ]
}

fn organizing(app: &TestApp, records: &Records) -> Vec<Change> {
    let Records {
        activity,
        deleted_activity,
        employer,
        member,
        ..
    } = records;
    let of = |action: &'static str, method: &'static str, path: &str, id: Option<&String>| Change {
        method,
        path: format!("/salting-activities{path}"),
        body: None,
        action,
        target: "salting_activity",
        id: id.cloned(),
    };
    let there = format!("/{activity}");
    let restore = format!("/{deleted_activity}/restore");
    vec![
        Change {
            body: Some(fixtures::activity(app, member, employer)),
            ..of("created", "POST", "", None)
        },
        Change {
            body: Some(json!({"notes": "Seen."})),
            ..of("updated", "PATCH", &there, Some(activity))
        },
        of("deleted", "DELETE", &there, Some(activity)),
        of("restored", "POST", &restore, Some(deleted_activity)),
        Change {
            path: format!("/organizations/{employer}/salting-score"),
            body: Some(fixtures::score(4)),
            target: "salting_score",
            ..of("updated", "PUT", "", Some(employer))
        },
    ]
}

fn classes(records: &Records) -> Vec<Change> {
    let Training {
        taught_course,
        class,
        planned_class,
        deleted_class,
        ..
    } = &records.training;
    let of =
        |action: &'static str, method: &'static str, id: &str, verb: &str, body: Option<Value>| {
            Change {
                method,
                path: format!("/classes/{id}{verb}"),
                body,
                action,
                target: "class",
                id: Some(id.to_owned()),
            }
        };
    vec![
        Change {
            path: "/classes".to_owned(),
            id: None,
            ..of(
                "created",
                "POST",
                "",
                "",
                Some(new_class(taught_course, "New")),
            )
        },
        of("updated", "PATCH", class, "", Some(json!({"capacity": 12}))),
        of("deleted", "DELETE", planned_class, "", None),
        of("restored", "POST", deleted_class, "/restore", None),
    ]
}

fn sessions(records: &Records) -> Vec<Change> {
    let Training { class, session, .. } = &records.training;
    let of = |action: &'static str, method: &'static str, verb: &str, body: Value| Change {
        method,
        path: format!("/class-sessions/{session}{verb}"),
        body: Some(body),
        action,
        target: "class_session",
        id: Some(session.clone()),
    };
    vec![
        Change {
            path: "/class-sessions".to_owned(),
            id: None,
            ..of("created", "POST", "", new_session(class, "2127-05-06"))
        },
        of("updated", "PATCH", "", json!({"topic": "Ohm"})),
        of("moved", "POST", "/cancel", reason()),
        Change {
            path: "/training-settings".to_owned(),
            target: "training_settings",
            id: None,
            ..of("updated", "PATCH", "", json!({"excused": "absent"}))
        },
    ]
}

fn courses(records: &Records) -> Vec<Change> {
    let Training {
        course,
        deleted_course,
        ..
    } = &records.training;
    vec![
        Change {
            method: "POST",
            path: "/courses".to_owned(),
            body: Some(new_course("NEW-1")),
            action: "created",
            target: "course",
            id: None,
        },
        updated("course", course, json!({"capacity": 12})),
        deleted("course", course),
        restored("course", deleted_course),
    ]
}

fn campaigns(records: &Records) -> Vec<Change> {
    let Campaigns {
        active,
        planned,
        paused,
        deleted,
    } = &records.campaigns;
    let of =
        |action: &'static str, method: &'static str, id: &str, verb: &str, body: Option<Value>| {
            Change {
                method,
                path: format!("/campaigns/{id}{verb}"),
                body,
                action,
                target: "campaign",
                id: Some(id.to_owned()),
            }
        };
    let moved = |id: &str, verb: &str, body| of("moved", "POST", id, verb, body);
    let described = json!({"description": "Two crews."});
    let planning = fixtures::campaign(&records.representative, &records.employer);
    vec![
        Change {
            path: "/campaigns".to_owned(),
            id: None,
            ..of("created", "POST", "", "", Some(planning))
        },
        of("updated", "PATCH", active, "", Some(described)),
        moved(active, "/pause", Some(reason())),
        moved(active, "/abandon", Some(reason())),
        of("deleted", "DELETE", active, "", None),
        of("restored", "POST", deleted, "/restore", None),
        moved(planned, "/start", None),
        moved(paused, "/resume", None),
        moved(paused, "/lose", Some(reason())),
    ]
}

fn moving(target: &'static str, id: &str, verb: &str, body: Option<Value>) -> Change {
    Change {
        method: "POST",
        path: format!("/{target}s/{id}/{verb}"),
        body,
        action: "moved",
        target,
        id: Some(id.to_owned()),
    }
}

fn created(target: &'static str, body: Value) -> Change {
    Change {
        method: "POST",
        path: format!("/{target}s"),
        body: Some(body),
        action: "created",
        target,
        id: None,
    }
}

fn creations(records: &Records) -> Vec<Change> {
    let mut filing = filing(&records.member, &records.employer);
    filing["assigned_representative_id"] = json!(records.representative);
    vec![
        created("member", new_member("NEW-1")),
        created("organization", new_employer("New Electric")),
        created("grievance", filing),
        at_contacts(created("contact", new_contact(&records.employer))),
    ]
}

/// The same change where contacts are.
fn at_contacts(change: Change) -> Change {
    Change {
        path: change.path.replace("/contacts", "/organization-contacts"),
        ..change
    }
}

/// The same change where employments are.
fn at_jobs(change: Change) -> Change {
    Change {
        path: change.path.replace("/employments", "/member-employments"),
        ..change
    }
}

fn updated(target: &'static str, id: &str, body: Value) -> Change {
    Change {
        method: "PATCH",
        body: Some(body),
        action: "updated",
        ..deleted(target, id)
    }
}

fn deleted(target: &'static str, id: &str) -> Change {
    Change {
        method: "DELETE",
        path: format!("/{target}s/{id}"),
        body: None,
        action: "deleted",
        target,
        id: Some(id.to_owned()),
    }
}

fn restored(target: &'static str, id: &str) -> Change {
    Change {
        method: "POST",
        path: format!("/{target}s/{id}/restore"),
        action: "restored",
        ..deleted(target, id)
    }
}

fn moved(id: &str, verb: &str, body: Option<Value>) -> Change {
    Change {
        method: "POST",
        path: format!("/grievances/{id}/{verb}"),
        body,
        action: "moved",
        ..deleted("grievance", id)
    }
}
