//! The service that the tests run on: it holds tests to their mail, and any number of it run side by side.

use std::{panic, thread};

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{case, filing, owner};

/// Files a grievance whose representative gets a mail.
fn cause_mail(app: &TestApp) {
    let case = case(&owner(app), "L-1");
    let mut body = filing(&case.member, &case.employer);
    body["assigned_representative_id"] = json!(app.local.person(Role::Staff).id.to_string());
    owner(app).post("/grievances", &body).expect(201);
}

#[test]
fn a_test_that_does_not_look_at_the_mail_it_causes_fails() {
    let app = TestApp::start();
    cause_mail(&app);
    let dropped = panic::catch_unwind(panic::AssertUnwindSafe(|| drop(app)));
    let message = dropped.expect_err("the mail was not looked at");
    let message = message.downcast_ref::<String>().expect("a sentence");
    assert!(message.contains("staff@local46.example"), "{message}");
}

#[test]
fn a_test_that_looks_at_its_mail_or_says_that_it_does_not_matter_passes() {
    let app = TestApp::start();
    cause_mail(&app);
    assert_eq!(app.deliver_mail().len(), 1);
    drop(app);
    let app = TestApp::start();
    app.ignore_mail();
    cause_mail(&app);
}

#[test]
fn services_side_by_side_share_nothing() {
    thread::scope(|scope| {
        for number in 0..6 {
            scope.spawn(move || {
                let app = TestApp::start();
                for member in 0..=number {
                    app.member(&member.to_string(), "Ada", "Voltz");
                }
                let list = owner(&app)
                    .get("/members?include_total=true")
                    .expect(200)
                    .json();
                assert_eq!(list["total"], number + 1);
            });
        }
    });
}
