//! The probes of what is taught.

use serde_json::json;
use unionhall_testing::app::Identity;

use super::{Probe, listed};
use crate::fixtures::{
    reason,
    training::{new_class, new_series, new_session},
};

pub(super) fn probes() -> Vec<Probe> {
    let mut probes = courses();
    probes.extend(classes());
    probes.extend(sessions());
    probes.extend(series());
    probes.extend(lists());
    probes
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

/// An open class of the caller's own.
fn own_class(who: &Identity<'_>) -> String {
    let list = who.get("/classes?limit=1&status=open").expect(200);
    list.text_at("/items/0/id")
}

/// A session of the caller's own.
fn own_session(who: &Identity<'_>) -> String {
    let list = who
        .get("/class-sessions?limit=1&from=2127-01-01")
        .expect(200);
    format!("/class-sessions/{}", list.text_at("/items/0/id"))
}

fn classes() -> Vec<Probe> {
    listed(&[
        ("classes_find path id", |_, who, ids| {
            who.get(&format!("/classes/{}", ids.training.class))
        }),
        ("classes_update path id", |_, who, ids| {
            let path = format!("/classes/{}", ids.training.class);
            who.patch(&path, &json!({"name": "Seen"}))
        }),
        ("classes_delete path id", |_, who, ids| {
            who.delete(&format!("/classes/{}", ids.training.planned_class))
        }),
        ("classes_restore path id", |_, who, ids| {
            who.act(&format!("/classes/{}/restore", ids.training.deleted_class))
        }),
        ("classes_open path id", |_, who, ids| {
            who.act(&format!("/classes/{}/open", ids.training.planned_class))
        }),
        ("classes_complete path id", |_, who, ids| {
            who.act(&format!("/classes/{}/complete", ids.training.class))
        }),
        ("classes_cancel path id", |_, who, ids| {
            who.post(
                &format!("/classes/{}/cancel", ids.training.class),
                &reason(),
            )
        }),
        ("classes_create body course_id", |_, who, ids| {
            who.post("/classes", &new_class(&ids.training.course, "New"))
        }),
    ])
}

fn sessions() -> Vec<Probe> {
    listed(&[
        ("class_sessions_find path id", |_, who, ids| {
            who.get(&format!("/class-sessions/{}", ids.training.session))
        }),
        ("class_sessions_update path id", |_, who, ids| {
            let path = format!("/class-sessions/{}", ids.training.session);
            who.patch(&path, &json!({"topic": "Seen"}))
        }),
        ("class_sessions_cancel path id", |_, who, ids| {
            let path = format!("/class-sessions/{}/cancel", ids.training.session);
            who.post(&path, &reason())
        }),
        ("class_sessions_create body class_id", |_, who, ids| {
            who.post(
                "/class-sessions",
                &new_session(&ids.training.class, "2127-03-04"),
            )
        }),
        ("class_sessions_create body location_id", |_, who, ids| {
            let mut body = new_session(&own_class(who), "2127-03-04");
            body["location_id"] = json!(ids.school.location);
            who.post("/class-sessions", &body)
        }),
        ("class_sessions_create body instructor_id", |_, who, ids| {
            let mut body = new_session(&own_class(who), "2127-03-04");
            body["instructor_id"] = json!(ids.school.instructor);
            who.post("/class-sessions", &body)
        }),
        ("class_sessions_update body location_id", |_, who, ids| {
            let body = json!({"location_id": ids.school.location});
            who.patch(&own_session(who), &body)
        }),
        ("class_sessions_update body instructor_id", |_, who, ids| {
            let body = json!({"instructor_id": ids.school.instructor});
            who.patch(&own_session(who), &body)
        }),
    ])
}

fn series() -> Vec<Probe> {
    listed(&[
        ("class_sessions_move_series path id", |_, who, ids| {
            let path = format!("/class-sessions/series/{}/move", ids.training.series);
            who.post(&path, &json!({"days": 1}))
        }),
        (
            "class_sessions_move_series body location_id",
            |_, who, ids| {
                let list = who
                    .get("/class-sessions?from=2127-02-01&limit=1")
                    .expect(200);
                let own = list.text_at("/items/0/series_id");
                let body = json!({"location_id": ids.school.location});
                who.post(&format!("/class-sessions/series/{own}/move"), &body)
            },
        ),
        (
            "class_sessions_move_series body instructor_id",
            |_, who, ids| {
                let list = who
                    .get("/class-sessions?from=2127-02-01&limit=1")
                    .expect(200);
                let own = list.text_at("/items/0/series_id");
                let body = json!({"instructor_id": ids.school.instructor});
                who.post(&format!("/class-sessions/series/{own}/move"), &body)
            },
        ),
        (
            "class_sessions_create_series body class_id",
            |_, who, ids| {
                let body = new_series(&ids.training.class, "2127-03-04");
                who.post("/class-sessions/series", &body)
            },
        ),
        (
            "class_sessions_create_series body location_id",
            |_, who, ids| {
                let mut body = new_series(&own_class(who), "2127-03-04");
                body["location_id"] = json!(ids.school.location);
                who.post("/class-sessions/series", &body)
            },
        ),
        (
            "class_sessions_create_series body instructor_id",
            |_, who, ids| {
                let mut body = new_series(&own_class(who), "2127-03-04");
                body["instructor_id"] = json!(ids.school.instructor);
                who.post("/class-sessions/series", &body)
            },
        ),
    ])
}

fn lists() -> Vec<Probe> {
    listed(&[
        ("classes_list query course_id", |_, who, ids| {
            who.get(&format!(
                "/classes?include_total=true&course_id={}",
                ids.training.course
            ))
        }),
        ("class_sessions_list query class_id", |_, who, ids| {
            let query = format!("class_id={}", ids.training.class);
            who.get(&format!("/class-sessions?include_total=true&{query}"))
        }),
        ("class_sessions_list query series_id", |_, who, ids| {
            let query = format!("series_id={}", ids.training.series);
            who.get(&format!("/class-sessions?include_total=true&{query}"))
        }),
        ("class_sessions_list query instructor_id", |_, who, ids| {
            let query = format!("instructor_id={}", ids.school.instructor);
            who.get(&format!("/class-sessions?include_total=true&{query}"))
        }),
        ("class_sessions_list query location_id", |_, who, ids| {
            let query = format!("location_id={}", ids.school.location);
            who.get(&format!("/class-sessions?include_total=true&{query}"))
        }),
        ("classes_export query course_id", |_, who, ids| {
            who.get(&format!(
                "/classes/export?course_id={}",
                ids.training.course
            ))
        }),
        ("class_sessions_export query class_id", |_, who, ids| {
            let query = format!("class_id={}", ids.training.class);
            who.get(&format!("/class-sessions/export?{query}"))
        }),
        ("class_sessions_export query series_id", |_, who, ids| {
            let query = format!("series_id={}", ids.training.series);
            who.get(&format!("/class-sessions/export?{query}"))
        }),
        (
            "class_sessions_export query instructor_id",
            |_, who, ids| {
                let query = format!("instructor_id={}", ids.school.instructor);
                who.get(&format!("/class-sessions/export?{query}"))
            },
        ),
        ("class_sessions_export query location_id", |_, who, ids| {
            let query = format!("location_id={}", ids.school.location);
            who.get(&format!("/class-sessions/export?{query}"))
        }),
    ])
}
