//! That nobody outside of the roles that may see it can tell whether a hall organizes, by any answer of any route.
//!
//! The requests are those of the authorization matrix, which has a row for every operation of the API document: a new
//! route is held to this as soon as it is there.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Answer};

use crate::{
    authorization::{Row, World, matrix, tried},
    document::{self, Operation},
    fixtures::{activity, campaign, ids, made, owner, score},
};

/// Who may not see it; nobody at all as well.
const OUTSIDE: [Option<Role>; 6] = [
    Some(Role::Staff),
    Some(Role::Instructor),
    Some(Role::Moderator),
    Some(Role::Member),
    Some(Role::Contact),
    None,
];

/// What the operations of the features that are hidden begin with.
const HIDDEN: [&str; 3] = ["campaigns_", "salting_activities_", "salting_scores_"];

/// What somebody can tell an answer by: status, headers, body.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    status: u16,
    headers: Vec<(String, String)>,
    body: Value,
}

impl Told {
    fn by(answer: &Answer) -> Self {
        let text = answer.text_without_request_id();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        // How many requests are left changes with each, and whether a connection goes on depends on how much of a body
        // that nobody read had arrived.
        let passing = |name: &str| name.starts_with("ratelimit") || name == "connection";
        let headers = answer.lasting_headers().into_iter();
        Self {
            status: answer.status(),
            headers: headers.filter(|(name, _)| !passing(name)).collect(),
            body,
        }
    }

    /// What is left when everything is taken out in which two answers to the same request differ by themselves: new
    /// ids, times and tokens.
    fn without_what_differs(&self, first: &Self, second: &Self) -> Self {
        let header = |answer: &Self, name: &str| {
            let mut found = answer.headers.iter();
            found.find(|(known, _)| known == name).cloned()
        };
        let mut headers = self.headers.clone();
        let same_body = first.body == second.body;
        // A time is written with as many digits as it needs, so its length differs by itself as well.
        headers.retain(|(name, _)| same_body || name != "content-length");
        headers.retain(|(name, _)| header(first, name) == header(second, name));
        let mut body = self.body.clone();
        mask(&mut body, &first.body, &second.body);
        Self {
            status: self.status,
            headers,
            body,
        }
    }
}

/// Takes out of `value` what differs between two others at the same place.
fn mask(value: &mut Value, first: &Value, second: &Value) {
    if first == second {
        return;
    }
    match (&mut *value, first, second) {
        (Value::Object(fields), Value::Object(first), Value::Object(second))
            if first.keys().eq(second.keys()) =>
        {
            for (name, field) in fields {
                if let (Some(first), Some(second)) = (first.get(name), second.get(name)) {
                    mask(field, first, second);
                }
            }
        }
        (Value::Array(items), Value::Array(first), Value::Array(second))
            if first.len() == second.len() =>
        {
            for (item, (first, second)) in items.iter_mut().zip(first.iter().zip(second)) {
                mask(item, first, second);
            }
        }
        _ => *value = json!("differs by itself"),
    }
}

/// The answers to every row of the matrix by everybody outside, in order.
fn round(world: &World, operations: &[Operation], rows: &[Row]) -> Vec<(String, Told)> {
    // The last rows of a round end sessions.
    world.app.forget_sign_ins();
    let mut told = Vec::new();
    for row in rows {
        let mut known = operations.iter();
        let operation = known.find(|operation| operation.id == row.operation);
        let operation = operation.expect("the document has each operation of the matrix");
        for role in OUTSIDE {
            let who = role.map_or("nobody", Role::as_str);
            let answer = tried(world, operation, row, role);
            told.push((format!("{} by {who}", row.operation), Told::by(&answer)));
        }
    }
    told
}

/// Puts activities, scores and campaigns wherever there can be any.
fn organize_everywhere(app: &TestApp) {
    let owner = owner(app);
    let all = |path: &str| ids(&owner.get(path).expect(200).json());
    let lead = app.local.person(Role::Owner).id.to_string();
    let members = all("/members?limit=100");
    for employer in all("/organizations?limit=100&org_type=employer") {
        let path = format!("/organizations/{employer}/salting-score");
        owner.put(&path, &score(5)).expect(200);
        let body = campaign(&lead, &employer);
        let drive = made(&owner, "/campaigns", &body);
        owner.act(&format!("/campaigns/{drive}/start")).expect(200);
        for member in &members {
            let mut body = activity(app, member, &employer);
            body["campaign_id"] = json!(drive);
            owner.post("/salting-activities", &body).expect(201);
        }
    }
}

#[test]
fn no_answer_of_any_route_tells_whether_a_hall_organizes() {
    let world = World::before_organizing();
    let operations = document::operations(&document::served(&world.app));
    let rows = matrix();
    let first = round(&world, &operations, &rows);
    let second = round(&world, &operations, &rows);
    organize_everywhere(&world.app);
    let world = world.organized();
    let after = round(&world, &operations, &rows);
    let mut telling = Vec::new();
    let mut compared = 0;
    for ((name, after), ((_, first), (_, second))) in after.iter().zip(first.iter().zip(&second)) {
        let seen = after.without_what_differs(first, second);
        let expected = second.without_what_differs(first, second);
        if seen != expected {
            telling.push(format!("{name}: {seen:#?}, not {expected:#?}"));
        }
        compared += usize::from(expected.body != json!("differs by itself"));
    }
    assert!(telling.is_empty(), "{}", telling.join("\n"));
    // Nearly all answers have something to compare.
    assert!(
        compared * 20 > after.len() * 19,
        "{compared} of {}",
        after.len()
    );
}

#[test]
fn every_hidden_route_is_answered_like_an_address_where_nothing_is() {
    let world = World::new();
    let operations = document::operations(&document::served(&world.app));
    let mut tried_routes = BTreeSet::new();
    for operation in &operations {
        if !HIDDEN.iter().any(|begin| operation.id.starts_with(begin)) {
            continue;
        }
        tried_routes.insert(operation.id.clone());
        let path = operation.template.replace("{id}", &world.employer());
        for role in OUTSIDE.into_iter().flatten() {
            let who = world.app.as_role(role);
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
                for body in ["", "{}", "{"] {
                    let send = |path: &str| {
                        let request = who.request(method, path);
                        Told::by(&request.body("application/json", body).send())
                    };
                    let hidden = send(&format!("{path}?no_such_parameter"));
                    let nowhere = send("/no-such-address?no_such_parameter");
                    assert_eq!(hidden, nowhere, "{method} {path} by {}", role.as_str());
                }
            }
        }
    }
    assert!(tried_routes.len() >= 24, "{tried_routes:?}");
}

#[test]
fn every_hidden_operation_is_hidden_from_them_in_the_matrix() {
    let hidden = |row: &&Row| HIDDEN.iter().any(|begin| row.operation.starts_with(begin));
    let rows = matrix();
    assert!(rows.iter().any(|row| hidden(&row)));
    for row in rows.iter().filter(hidden) {
        for role in OUTSIDE.into_iter().flatten() {
            assert_eq!(
                row.expects(role),
                404,
                "{} by {}",
                row.operation,
                role.as_str()
            );
        }
        assert_ne!(row.expects(Role::Organizer), 404, "{}", row.operation);
    }
}
