//! The places that take the ids of what a school has.

use serde_json::json;

use super::{Probe, listed};
use unionhall_testing::app::Identity;

use crate::fixtures::{
    reason,
    school::{new_cohort, new_instructor, new_sent},
};

pub(super) fn probes() -> Vec<Probe> {
    let mut probes = locations();
    probes.extend(instructors());
    probes.extend(students());
    probes.extend(people());
    probes.extend(moves());
    probes.extend(cohorts());
    probes.extend(parties());
    probes.extend(rolls());
    probes
}

fn locations() -> Vec<Probe> {
    listed(&[
        ("locations_find path id", |_, who, ids| {
            who.get(&format!("/locations/{}", ids.school.location))
        }),
        ("locations_update path id", |_, who, ids| {
            let path = format!("/locations/{}", ids.school.location);
            who.patch(&path, &json!({"capacity": 30}))
        }),
        ("locations_delete path id", |_, who, ids| {
            who.delete(&format!("/locations/{}", ids.school.free_location))
        }),
        ("locations_restore path id", |_, who, ids| {
            let id = &ids.school.deleted_location;
            who.act(&format!("/locations/{id}/restore"))
        }),
    ])
}

fn instructors() -> Vec<Probe> {
    listed(&[
        ("instructors_find path id", |_, who, ids| {
            who.get(&format!("/instructors/{}", ids.school.instructor))
        }),
        ("instructors_tax_id path id", |_, who, ids| {
            who.get(&format!("/instructors/{}/tax-id", ids.school.instructor))
        }),
        ("instructors_update path id", |_, who, ids| {
            let path = format!("/instructors/{}", ids.school.instructor);
            who.patch(&path, &json!({"phone": null}))
        }),
        ("instructors_delete path id", |_, who, ids| {
            who.delete(&format!("/instructors/{}", ids.school.free_instructor))
        }),
        ("instructors_restore path id", |_, who, ids| {
            let id = &ids.school.deleted_instructor;
            who.act(&format!("/instructors/{id}/restore"))
        }),
        ("instructors_create body user_id", |_, who, ids| {
            let mut body = new_instructor("Probe");
            body["user_id"] = json!(ids.contact);
            who.post("/instructors", &body)
        }),
        ("instructors_update body user_id", |_, who, ids| {
            let own = who.get("/instructors?limit=1").expect(200);
            let path = format!("/instructors/{}", own.text_at("/items/0/id"));
            who.patch(&path, &json!({"user_id": ids.contact}))
        }),
        ("instructors_list query user_id", |_, who, ids| {
            let query = format!("user_id={}&include_total=true", ids.contact);
            who.get(&format!("/instructors?{query}"))
        }),
        ("instructors_export query user_id", |_, who, ids| {
            who.get(&format!("/instructors/export?user_id={}", ids.contact))
        }),
    ])
}

fn students() -> Vec<Probe> {
    listed(&[
        ("students_find path id", |_, who, ids| {
            who.get(&format!("/students/{}", ids.school.student))
        }),
        ("students_find_by_number path number", |_, who, ids| {
            let number = &ids.school.student_number;
            who.get(&format!("/students/by-number/{number}"))
        }),
        ("students_history path id", |_, who, ids| {
            who.get(&format!("/students/{}/history", ids.school.student))
        }),
        ("students_update path id", |_, who, ids| {
            let path = format!("/students/{}", ids.school.student);
            who.patch(&path, &json!({"notes": "Seen."}))
        }),
        ("students_delete path id", |_, who, ids| {
            who.delete(&format!("/students/{}", ids.school.applicant))
        }),
        ("students_restore path id", |_, who, ids| {
            let id = &ids.school.deleted_student;
            who.act(&format!("/students/{id}/restore"))
        }),
    ])
}

fn people() -> Vec<Probe> {
    listed(&[
        ("students_create body member_id", |_, who, ids| {
            let body = json!({"member_id": ids.member, "application_date": "2026-03-02"});
            who.post("/students", &body)
        }),
        ("students_create body union_id", |_, who, ids| {
            who.post("/students", &new_sent(&ids.school.union, "77-7"))
        }),
        ("students_list query union_id", |_, who, ids| {
            let query = format!("union_id={}&include_total=true", ids.school.union);
            who.get(&format!("/students?{query}"))
        }),
        ("students_list query member_id", |_, who, ids| {
            let query = format!("member_id={}&include_total=true", ids.member);
            who.get(&format!("/students?{query}"))
        }),
        ("students_export query union_id", |_, who, ids| {
            who.get(&format!("/students/export?union_id={}", ids.school.union))
        }),
        ("students_export query member_id", |_, who, ids| {
            who.get(&format!("/students/export?member_id={}", ids.member))
        }),
    ])
}

fn moves() -> Vec<Probe> {
    listed(&[
        ("students_enroll path id", |_, who, ids| {
            who.post(
                &format!("/students/{}/enroll", ids.school.applicant),
                &reason(),
            )
        }),
        ("students_take_leave path id", |_, who, ids| {
            who.post(
                &format!("/students/{}/take-leave", ids.school.student),
                &reason(),
            )
        }),
        ("students_return path id", |_, who, ids| {
            who.post(
                &format!("/students/{}/return", ids.school.resting),
                &reason(),
            )
        }),
        ("students_complete path id", |_, who, ids| {
            who.post(
                &format!("/students/{}/complete", ids.school.student),
                &reason(),
            )
        }),
        ("students_drop path id", |_, who, ids| {
            who.post(&format!("/students/{}/drop", ids.school.student), &reason())
        }),
        ("students_dismiss path id", |_, who, ids| {
            who.post(
                &format!("/students/{}/dismiss", ids.school.student),
                &reason(),
            )
        }),
        ("students_readmit path id", |_, who, ids| {
            who.post(
                &format!("/students/{}/readmit", ids.school.dropped),
                &reason(),
            )
        }),
    ])
}

/// One's own cohort whose code is A, in which a student is.
fn own_cohort(who: &Identity<'_>) -> String {
    let list = who.get("/cohorts?limit=1").expect(200);
    list.text_at("/items/0/id")
}

fn cohorts() -> Vec<Probe> {
    listed(&[
        ("cohorts_find path id", |_, who, ids| {
            who.get(&format!("/cohorts/{}", ids.school.cohort))
        }),
        ("cohorts_update path id", |_, who, ids| {
            let path = format!("/cohorts/{}", ids.school.cohort);
            who.patch(&path, &json!({"capacity": 30}))
        }),
        ("cohorts_delete path id", |_, who, ids| {
            who.delete(&format!("/cohorts/{}", ids.school.empty_cohort))
        }),
        ("cohorts_restore path id", |_, who, ids| {
            let id = &ids.school.deleted_cohort;
            who.act(&format!("/cohorts/{id}/restore"))
        }),
        ("cohorts_open path id", |_, who, ids| {
            who.act(&format!("/cohorts/{}/open", ids.school.empty_cohort))
        }),
        ("cohorts_start path id", |_, who, ids| {
            who.act(&format!("/cohorts/{}/start", ids.school.enrolling_cohort))
        }),
        ("cohorts_complete path id", |_, who, ids| {
            who.act(&format!("/cohorts/{}/complete", ids.school.active_cohort))
        }),
        ("cohorts_cancel path id", |_, who, ids| {
            let path = format!("/cohorts/{}/cancel", ids.school.active_cohort);
            who.post(&path, &reason())
        }),
    ])
}

fn parties() -> Vec<Probe> {
    listed(&[
        ("cohorts_create body location_id", |_, who, ids| {
            let mut body = new_cohort("P1");
            body["location_id"] = json!(ids.school.location);
            who.post("/cohorts", &body)
        }),
        (
            "cohorts_create body primary_instructor_id",
            |_, who, ids| {
                let mut body = new_cohort("P2");
                body["instructor_ids"] = json!([ids.school.instructor]);
                body["primary_instructor_id"] = json!(ids.school.instructor);
                who.post("/cohorts", &body)
            },
        ),
        ("cohorts_update body location_id", |_, who, ids| {
            let path = format!("/cohorts/{}", own_cohort(who));
            who.patch(&path, &json!({"location_id": ids.school.location}))
        }),
        (
            "cohorts_update body primary_instructor_id",
            |_, who, ids| {
                let id = &ids.school.instructor;
                let body = json!({"instructor_ids": [id], "primary_instructor_id": id});
                who.patch(&format!("/cohorts/{}", own_cohort(who)), &body)
            },
        ),
        ("cohorts_list query location_id", |_, who, ids| {
            let query = format!("location_id={}&include_total=true", ids.school.location);
            who.get(&format!("/cohorts?{query}"))
        }),
        ("cohorts_list query instructor_id", |_, who, ids| {
            let query = format!("instructor_id={}&include_total=true", ids.school.instructor);
            who.get(&format!("/cohorts?{query}"))
        }),
        ("cohorts_export query location_id", |_, who, ids| {
            let id = &ids.school.location;
            who.get(&format!("/cohorts/export?location_id={id}"))
        }),
        ("cohorts_export query instructor_id", |_, who, ids| {
            let id = &ids.school.instructor;
            who.get(&format!("/cohorts/export?instructor_id={id}"))
        }),
        ("students_list query cohort_id", |_, who, ids| {
            let query = format!("cohort_id={}&include_total=true", ids.school.cohort);
            who.get(&format!("/students?{query}"))
        }),
        ("students_export query cohort_id", |_, who, ids| {
            who.get(&format!("/students/export?cohort_id={}", ids.school.cohort))
        }),
    ])
}

fn rolls() -> Vec<Probe> {
    listed(&[
        ("cohorts_roll path id", |_, who, ids| {
            who.get(&format!("/cohorts/{}/students", ids.school.cohort))
        }),
        ("cohorts_join path id", |_, who, ids| {
            let own = who.get("/students?status=applicant").expect(200);
            let body = json!({"student_id": own.text_at("/items/0/id")});
            who.post(&format!("/cohorts/{}/students", ids.school.cohort), &body)
        }),
        ("cohorts_join body student_id", |_, who, ids| {
            let path = format!("/cohorts/{}/students", own_cohort(who));
            who.post(&path, &json!({"student_id": ids.school.student}))
        }),
        ("cohorts_leave path id", |_, who, ids| {
            let own = who.get("/students?status=on_leave").expect(200);
            let student = own.text_at("/items/0/id");
            let path = format!("/cohorts/{}/students/{student}/leave", ids.school.cohort);
            who.post(&path, &reason())
        }),
        ("cohorts_leave path student_id", |_, who, ids| {
            let student = &ids.school.resting;
            let path = format!("/cohorts/{}/students/{student}/leave", own_cohort(who));
            who.post(&path, &reason())
        }),
    ])
}
