//! Invitations over HTTP: from the form of an office to somebody who works there.

mod answers;
mod asking;

use serde_json::{Value, json};
use unionhall_testing::{TestApp, app::Answer};

use crate::fixtures::owner;

const ADA: &str = "ada@spark.example";
const NEW: &str = "gravel-otter-sings-low";
const OTHER: &str = "pebble-heron-hums-high";

/// An invitation of somebody as staff.
fn invite(email: &str) -> Value {
    json!({"email": email, "roles": [{"role": "staff"}], "first_name": "Ada", "last_name": "Voltz"})
}

/// Invites as the local's owner, and returns the answer.
fn sent(app: &TestApp, email: &str) -> Answer {
    owner(app).post("/invitations", &invite(email)).expect(201)
}

fn validate(app: &TestApp, token: &str) -> Answer {
    let body = json!({"token": token});
    app.anonymous().post("/auth/invitations/validate", &body)
}

fn accept(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "password": password});
    app.anonymous().post("/auth/invitations/accept", &body)
}

/// What a client can tell an answer by: all of it but date, id of the request and cost.
fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    (
        answer.status(),
        answer.lasting_headers(),
        answer.text_without_request_id(),
    )
}
