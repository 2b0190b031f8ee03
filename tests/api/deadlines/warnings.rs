//! Warnings: each once, in the tenant's morning, to whoever carries the grievance.

use std::thread;

use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use super::{Filed, agreed, day, filed, of, say};
use crate::fixtures::owner;

/// A grievance with a representative and a steward, and its deadline, which is weeks away.
fn carried(app: &TestApp) -> (String, Value) {
    let who = owner(app);
    let Filed { grievance, .. } = filed(app, &who, 0);
    let user = |role| app.local.person(role).id.to_string();
    let carriers = json!({
        "assigned_representative_id": user(Role::Admin), "steward_id": user(Role::Staff)
    });
    let path = format!("/grievances/{grievance}");
    who.patch(&path, &carriers).expect(200);
    let deadline = of(&who, &grievance).remove(0);
    (grievance, deadline)
}

/// An instant of a day in the hall.
fn at(app: &TestApp, day: Date, hour: i8) -> Timestamp {
    let zone = app.local.tenant.time_zone.as_str();
    let instant = day.at(hour, 30, 0, 0).in_tz(zone).expect("a zone");
    instant.timestamp()
}

/// To whom mails went, and what they were about.
fn told(app: &TestApp) -> Vec<(String, String)> {
    let mails = app.deliver_mail().into_iter();
    let mut told: Vec<_> = mails
        .map(|mail| (mail.summary.to, mail.summary.subject))
        .collect();
    told.sort();
    told
}

#[test]
fn carriers_are_warned_in_the_morning_of_the_seventh_third_and_last_day_and_officers_afterwards() {
    let app = TestApp::start();
    let (_, deadline) = carried(&app);
    let due = day(&deadline["due_date"]);
    let email = |role| app.local.person(role).email.to_string();
    let (representative, steward) = (email(Role::Admin), email(Role::Staff));
    assert_eq!(app.warn_of_deadlines(at(&app, due - 8.days(), 12)), 0);
    assert_eq!(app.warn_of_deadlines(at(&app, due - 7.days(), 6)), 0);
    let number = deadline["grievance_number"].as_str().expect("a number");
    for (days, words) in [
        (7, "7 days left"),
        (3, "3 days left"),
        (1, "due tomorrow"),
        (0, "due today"),
    ] {
        let morning = at(&app, due - days.days(), 7);
        assert_eq!(app.warn_of_deadlines(morning), 1, "{words}");
        assert_eq!(app.warn_of_deadlines(morning), 0, "{words}");
        let subject = format!("Grievance {number}: {words}");
        let mut expected = vec![
            (representative.clone(), subject.clone()),
            (steward.clone(), subject),
        ];
        expected.sort();
        assert_eq!(told(&app), expected);
    }
    assert_eq!(app.warn_of_deadlines(at(&app, due + 1.day(), 7)), 1);
    let mut recipients: Vec<_> = told(&app).into_iter().map(|(to, _)| to).collect();
    recipients.dedup();
    let mut expected = vec![representative, steward, email(Role::Officer)];
    expected.sort();
    assert_eq!(recipients, expected);
    assert_eq!(app.warn_of_deadlines(at(&app, due + 2.days(), 7)), 0);
}

#[test]
fn however_many_instances_warn_at_once_each_warning_goes_out_once() {
    let app = TestApp::start();
    let (_, deadline) = carried(&app);
    let morning = at(&app, day(&deadline["due_date"]) - 3.days(), 7);
    let warned: usize = thread::scope(|scope| {
        let instances: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| app.warn_of_deadlines(morning)))
            .collect();
        let warned = instances.into_iter().map(|instance| instance.join());
        warned.map(|count| count.expect("it warns")).sum()
    });
    assert_eq!(warned, 1);
    assert_eq!(told(&app).len(), 2);
}

#[test]
fn a_deadline_that_was_extended_warns_of_its_new_day_and_one_that_was_met_no_more() {
    let app = TestApp::start();
    let (_, deadline) = carried(&app);
    let officer = app.as_role(Role::Officer);
    let due = day(&deadline["due_date"]);
    assert_eq!(app.warn_of_deadlines(at(&app, due - 1.day(), 7)), 1);
    assert_eq!(told(&app).len(), 2);
    let mut body = agreed(&app);
    body["until"] = json!((due + 14.days()).to_string());
    let after = say(&officer, &deadline, "extensions", &body)
        .expect(200)
        .json();
    assert_eq!(app.warn_of_deadlines(at(&app, due, 7)), 0);
    assert_eq!(app.warn_of_deadlines(at(&app, due + 13.days(), 7)), 1);
    assert_eq!(told(&app).len(), 2);
    say(&officer, &after, "waive", &agreed(&app)).expect(200);
    assert_eq!(app.warn_of_deadlines(at(&app, due + 20.days(), 7)), 0);
}

#[test]
fn a_mail_says_no_more_than_who_must_do_what_by_when() {
    let app = TestApp::start();
    let (_, deadline) = carried(&app);
    let morning = at(&app, day(&deadline["due_date"]) - 3.days(), 7);
    assert_eq!(app.warn_of_deadlines(morning), 1);
    let mail = app.deliver_mail().remove(0);
    let text = mail.text;
    assert!(
        text.contains("the employer must answer the grievance on step 1 by"),
        "{text}"
    );
    for secret in ["Voltz", "Puget", crate::fixtures::VIOLATION] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn what_nobody_carries_is_the_officers_and_an_answer_that_did_not_come_begins_what_comes_after() {
    let app = TestApp::start();
    let who = owner(&app);
    let Filed { agreement, .. } = filed(&app, &who, 0);
    let grievance = super::old_filing(&app, &who, &agreement, 1);
    let deadline = of(&who, &grievance).remove(0);
    let due = day(&deadline["due_date"]);
    assert!(app.warn_of_deadlines(at(&app, due + 1.day(), 7)) >= 1);
    let officer = app.local.person(Role::Officer).email.to_string();
    assert!(told(&app).iter().all(|(to, _)| *to == officer));
    let next = of(&who, &grievance);
    let next = next.iter().find(|row| row["event"] == "answer_due");
    assert_eq!(next.expect("it began")["event_date"], deadline["due_date"]);
}

#[test]
fn where_nobody_carries_a_grievance_and_there_are_no_officers_the_administrators_are_warned() {
    let app = TestApp::start();
    let Filed { grievance, .. } = filed(&app, &owner(&app), 0);
    let deadline = of(&owner(&app), &grievance).remove(0);
    let email = |role| app.local.person(role).email.to_string();
    let admin = app.as_role(Role::Admin);
    let demote = |role: Role| {
        let path = format!("/users/{}/roles", app.local.person(role).id);
        let body = json!({"roles": [{"role": "member"}]});
        owner(&app).put(&path, &body).expect(200);
    };
    let due = day(&deadline["due_date"]);
    admin.get("/deadlines").expect(200);
    demote(Role::Officer);
    assert_eq!(app.warn_of_deadlines(at(&app, due - 3.days(), 7)), 1);
    let told_to = |told: Vec<(String, String)>| {
        let to: Vec<_> = told.into_iter().map(|(to, _)| to).collect();
        to
    };
    assert_eq!(told_to(told(&app)), [email(Role::Admin)]);
    demote(Role::Admin);
    assert_eq!(app.warn_of_deadlines(at(&app, due - 1.day(), 7)), 1);
    assert_eq!(told_to(told(&app)), [email(Role::Owner)]);
}
