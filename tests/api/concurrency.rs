//! Many at once: whoever comes second is told, numbers have no gaps, and retries do their work once.

use std::{collections::BTreeSet, thread};

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Answer};

use crate::fixtures::{case, filing, meeting, owner, reason, texts};

/// Does the same work in so many threads at once.
pub(crate) fn at_once(count: usize, work: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let barrier = std::sync::Barrier::new(count);
    let (barrier, work) = (&barrier, &work);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|index| {
                scope.spawn(move || {
                    barrier.wait();
                    work(index)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread of a test does not panic"))
            .collect()
    })
}

pub(crate) fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<_> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    statuses
}

#[test]
fn of_two_who_move_the_version_they_saw_one_wins_and_the_other_is_told() {
    let app = TestApp::start();
    let case = case(&owner(&app), "L-1");
    let path = format!("/grievances/{}", case.grievance);
    for _ in 0..5 {
        let seen = owner(&app).get(&path).expect(200);
        let etag = seen.header("etag").expect("a record has a version");
        let answers = at_once(2, |_| {
            owner(&app)
                .request("POST", &format!("{path}/steps"))
                .header("If-Match", etag)
                .json(&meeting(&app, "denied"))
                .send()
        });
        let statuses = statuses(&answers);
        assert_eq!(statuses.first(), Some(&201), "{answers:#?}");
        assert!(matches!(statuses.last(), Some(409 | 412)), "{answers:#?}");
    }
    let steps = owner(&app).get(&format!("{path}/steps")).expect(200);
    assert_eq!(texts(&steps.json(), "outcome"), ["denied"; 5]);
}

#[test]
fn of_two_who_end_a_grievance_one_wins_and_the_other_finds_it_ended() {
    let app = TestApp::start();
    let case = case(&owner(&app), "L-1");
    let path = format!("/grievances/{}", case.grievance);
    let answers = at_once(2, |index| {
        if index == 0 {
            owner(&app).post(&format!("{path}/withdraw"), &reason())
        } else {
            owner(&app).post(&format!("{path}/steps"), &meeting(&app, "settled"))
        }
    });
    let (won, lost): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().partition(|answer| answer.status() < 300);
    assert_eq!((won.len(), lost.len()), (1, 1), "{answers:#?}");
    for answer in lost {
        assert_eq!(answer.status(), 409, "{answer:#?}");
        assert!(matches!(
            answer.code().as_str(),
            "illegal_move" | "changed_meanwhile"
        ));
    }
}

#[test]
fn fifty_filings_at_once_get_fifty_consecutive_numbers() {
    let app = TestApp::start();
    let case = case(&owner(&app), "L-1");
    let year = app.today().year();
    let answers = at_once(50, |_| {
        let body = filing(&case.member, &case.employer);
        app.as_role(Role::Staff).post("/grievances", &body)
    });
    let numbers: BTreeSet<_> = answers
        .into_iter()
        .map(|answer| answer.expect(201).text_at("/grievance_number"))
        .collect();
    // The case has the first.
    let expected: BTreeSet<_> = (2..=51)
        .map(|place| format!("GR-{year}-{place:04}"))
        .collect();
    assert_eq!(numbers, expected);
}

#[test]
fn a_filing_that_is_not_kept_gives_its_number_back() {
    let app = TestApp::start();
    let case = case(&owner(&app), "L-1");
    let answers = at_once(20, |index| {
        let body = filing(&case.member, &case.employer);
        let rehearsed = if index % 2 == 0 { "?dry_run=true" } else { "" };
        owner(&app).post(&format!("/grievances{rehearsed}"), &body)
    });
    assert_eq!(statuses(&answers), [201; 20]);
    let list = owner(&app)
        .get("/grievances?sort=grievance_number")
        .expect(200)
        .json();
    let year = app.today().year();
    let expected: Vec<_> = (1..=11)
        .map(|place| format!("GR-{year}-{place:04}"))
        .collect();
    assert_eq!(texts(&list, "grievance_number"), expected);
}

#[test]
fn the_same_request_with_the_same_key_many_times_at_once_does_its_work_once() {
    let app = TestApp::start();
    let case = case(&owner(&app), "L-1");
    let answers = at_once(12, |_| {
        owner(&app)
            .request("POST", "/grievances")
            .header("Idempotency-Key", "one-filing")
            .json(&filing(&case.member, &case.employer))
            .send()
    });
    let mut first = 0;
    let mut made = BTreeSet::new();
    for answer in &answers {
        match (answer.status(), answer.header("idempotent-replayed")) {
            (201, None) => first += 1,
            (201, Some("true")) => {}
            (409, None) => assert_eq!(answer.code(), "key_in_progress"),
            other => panic!("{other:?}: {answer:#?}"),
        }
        if answer.status() == 201 {
            made.insert(answer.text().to_owned());
        }
    }
    assert_eq!((first, made.len()), (1, 1), "{answers:#?}");
    let list = owner(&app)
        .get("/grievances?include_total=true")
        .expect(200);
    assert_eq!(list.json()["total"], 2);
}

#[test]
fn a_refresh_token_that_two_present_at_once_works_for_one_and_ends_the_session() {
    let app = TestApp::start();
    app.ignore_mail();
    let email = app.local.person(Role::Staff).email.to_string();
    let pair = app.sign_in(&email);
    let body = json!({"refresh_token": pair.text_at("/refresh_token")});
    let answers = at_once(2, |_| app.anonymous().post("/auth/refresh", &body));
    assert_eq!(statuses(&answers), [200, 401], "{answers:#?}");
    for answer in answers.iter().filter(|answer| answer.status() == 200) {
        let next = json!({"refresh_token": answer.text_at("/refresh_token")});
        app.anonymous().post("/auth/refresh", &next).expect(401);
        app.with_token(&answer.text_at("/access_token"))
            .get("/auth/me")
            .expect(401);
    }
}

#[test]
fn a_member_is_not_deleted_while_a_grievance_of_theirs_is_filed() {
    let app = TestApp::start();
    let case = case(&owner(&app), "L-1");
    for round in 0..5 {
        let member = app
            .member(&format!("R-{round}"), "Ada", "Okafor")
            .id
            .to_string();
        let answers = at_once(2, |index| {
            if index == 0 {
                owner(&app).post("/grievances", &filing(&member, &case.employer))
            } else {
                owner(&app).delete(&format!("/members/{member}"))
            }
        });
        let statuses: Vec<_> = answers.iter().map(Answer::status).collect();
        assert!(matches!(*statuses, [201, 409] | [422, 204]), "{answers:#?}");
    }
}
