//! The API document: served, committed, and complete enough to be worked from.

use std::collections::BTreeSet;

use serde_json::Value;
use unionhall_testing::TestApp;

use crate::document::{self, Operation, json_body, operations, resolved};

const COMMITTED: &str = include_str!("../../docs/openapi.json");

/// What anybody may ask without signing in: what leads to a token, and what is public.
const OPEN: [&str; 17] = [
    "auth_accept_invitation",
    "auth_confirm_email",
    "auth_forgot_password",
    "auth_login",
    "auth_password_strength",
    "auth_refresh",
    "auth_register",
    "auth_resend_verification",
    "auth_reset_password",
    "auth_second_factor",
    "auth_unlock",
    "auth_validate_invitation",
    "auth_verify_email",
    "deadline_feeds_fetch",
    "pictures_public_logo",
    "tenants_card",
    "tenants_sign_up",
];

/// Whether a route is about how the caller signs in, which need no permission and end like signing out.
fn is_own(template: &str) -> bool {
    let own = [
        "/auth/",
        "/me/alarms",
        "/me/deadline-feed",
        "/me/email",
        "/me/second-factor",
        "/me/sessions",
        "/me/tenants",
        "/me/trusted-devices",
    ];
    own.iter().any(|own| template.starts_with(own))
}

#[test]
fn the_committed_document_is_served() {
    let app = TestApp::start();
    let answer = app.anonymous().get("/openapi.json").expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.text() == COMMITTED);
}

/// Records that there is one of, which no path names by its id.
const SINGLE: [&str; 4] = [
    "/me",
    "/member-employments/rules",
    "/tenant",
    "/training-settings",
];

#[test]
fn it_is_openapi_3_1_and_says_how_to_sign_in() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "Unionhall");
    let scheme = &document["components"]["securitySchemes"]["bearer"];
    assert_eq!(
        (&scheme["type"], &scheme["scheme"]),
        (&"http".into(), &"bearer".into())
    );
    for operation in operations(&document) {
        let security = &operation.description["security"];
        let open = OPEN.contains(&operation.id.as_str());
        let names: Vec<_> = security.as_array().into_iter().flatten().collect();
        assert_eq!(names.is_empty(), open, "{}: {security}", operation.id);
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_a_tag_a_summary_and_described_parameters() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    let mut names = BTreeSet::new();
    for operation in operations(&document) {
        let said = &operation.description;
        assert!(names.insert(operation.id.clone()), "{} twice", operation.id);
        let tag = said["tags"][0].as_str().unwrap_or_default();
        assert!(
            operation.id.starts_with(&format!("{tag}_")),
            "{}: {tag}",
            operation.id
        );
        assert!(
            said["summary"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{}",
            operation.id
        );
        for parameter in said["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["description"].is_string(),
                "{}: {parameter}",
                operation.id
            );
            assert!(
                !parameter["schema"].is_null(),
                "{}: {parameter}",
                operation.id
            );
        }
    }
    assert!(names.len() >= 37, "{names:?}");
}

#[test]
fn every_body_has_an_example_that_names_only_fields_there_are_and_all_that_must_be() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    for operation in operations(&document) {
        let Some(body) = json_body(&document, &operation) else {
            continue;
        };
        let example = body["example"].as_object();
        let example = example.unwrap_or_else(|| panic!("{} has no example", operation.id));
        let fields = body["properties"].as_object().expect("a body has fields");
        for name in example.keys() {
            assert!(fields.contains_key(name), "{}: {name}", operation.id);
        }
        for required in body["required"].as_array().into_iter().flatten() {
            let name = required.as_str().unwrap_or_default();
            assert!(example.contains_key(name), "{}: {name}", operation.id);
        }
        assert_eq!(body["additionalProperties"], false, "{}", operation.id);
    }
}

#[test]
fn every_operation_tells_its_problems_and_the_headers_of_its_answers() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    for operation in operations(&document) {
        let id = &operation.id;
        let responses = operation.description["responses"]
            .as_object()
            .expect("answers");
        let statuses: BTreeSet<_> = responses.keys().map(String::as_str).collect();
        let good = statuses
            .iter()
            .filter(|status| status.starts_with('2'))
            .count();
        // What is made at once, or meanwhile.
        let or_later = ["200", "202"]
            .iter()
            .all(|status| statuses.contains(status));
        // The whole, or the part that was asked for.
        let or_part = statuses.contains("206");
        let ways = 1 + usize::from(or_later) + usize::from(or_part);
        assert_eq!(good, ways, "{id}: {statuses:?}");
        let mut expected = vec!["400", "429", "503"];
        if !OPEN.contains(&id.as_str()) {
            expected.push("401");
        }
        // What is shown to whoever is signed in, or to everybody, is forbidden to nobody; a search finds what one may read.
        let restricted = !is_own(&operation.template)
            && !OPEN.contains(&id.as_str())
            && !["/permissions", "/search"].contains(&operation.template.as_str());
        if restricted {
            expected.push("403");
        }
        if operation.template.contains('{') {
            expected.push("404");
        }
        if !operation.description["requestBody"].is_null() {
            expected.extend(["413", "415", "422"]);
        }
        if operation
            .parameters("header")
            .contains(&"If-Match".to_owned())
        {
            expected.extend(["409", "412"]);
        }
        for status in expected {
            assert!(statuses.contains(status), "{id} lacks {status}");
        }
        for (status, response) in responses {
            let headers = &response["headers"];
            assert!(!headers["X-Request-Id"].is_null(), "{id} {status}");
            // What is as it was has nothing to say.
            if !status.starts_with('2') && status != "304" {
                let content = &response["content"]["application/problem+json"]["schema"];
                let problem = resolved(&document, content);
                assert!(
                    !problem["properties"]["request_id"].is_null(),
                    "{id} {status}"
                );
            }
        }
    }
}

#[test]
fn every_change_can_be_rehearsed_and_retried() {
    let document: Value = serde_json::from_str(COMMITTED).unwrap();
    for operation in operations(&document) {
        let (query, header) = (
            operation.parameters("query"),
            operation.parameters("header"),
        );
        let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
        let (id, is_sign_in) = (&operation.id, is_own(&operation.template));
        if operation.method != "GET" && !is_sign_in && !OPEN.contains(&id.as_str()) {
            assert!(
                has(&query, "dry_run") && has(&header, "Idempotency-Key"),
                "{id}"
            );
            // What changes a record that exists can say which version it means.
            assert_eq!(
                has(&header, "If-Match"),
                operation.template.contains("{id}")
                    || operation.template.contains("{year}")
                    || SINGLE.contains(&operation.template.as_str()),
                "{id}"
            );
        }
    }
}

/// The lists that come whole, each with what bounds it.
const WHOLE: [(&str, &str); 20] = [
    ("benevolence_answers", "90 questions to an application"),
    ("benevolence_free_reviewers", "100 are named"),
    ("benevolence_payments", "200 payments to an application"),
    (
        "benevolence_reviews",
        "90 questions, and one decision of each of four levels",
    ),
    ("benevolence_rules", "500 versions"),
    ("benevolence_statistics", "one row for each year"),
    ("benevolence_unmaskings", "each reviewer once"),
    (
        "deadlines_events",
        "what was recorded while one grievance was worked on",
    ),
    (
        "deadlines_of_grievance",
        "what follows from the events of one grievance",
    ),
    ("documents_categories", "those that a type of record has"),
    ("documents_versions", "100 versions of a document"),
    ("employments_titles", "100 titles"),
    ("grievance_boards_by_step", "four steps"),
    ("grievances_steps", "200 meetings on record"),
    (
        "information_requests_find",
        "a record, with 50 items at most",
    ),
    ("organizations_duplicate_pairs", "100 pairs"),
    ("organizations_duplicates", "10 organizations"),
    ("search_find", "a limit of its own"),
    (
        "second_factors_devices",
        "one person's own, forgotten when they expire",
    ),
    ("students_history", "the moves of one student"),
];

/// Whether an operation answers with rows.
fn is_list(document: &Value, operation: &Operation) -> bool {
    let schema =
        &operation.description["responses"]["200"]["content"]["application/json"]["schema"];
    let answer = resolved(document, schema);
    operation.method == "GET"
        && (answer["type"] == "array" || answer["properties"]["items"]["type"] == "array")
}

#[test]
fn every_list_is_paged_or_comes_whole_because_something_bounds_it() {
    let app = TestApp::start();
    let document = document::served(&app);
    let mut lists = operations(&document);
    lists.retain(|operation| is_list(&document, operation));
    let is_whole = |id: &str| WHOLE.iter().any(|(whole, _)| *whole == id);
    let mut wrong = Vec::new();
    for list in &lists {
        let query = list.parameters("query");
        let takes = |name: &str| query.iter().any(|known| known == name);
        let is_right = if is_whole(&list.id) {
            !takes("cursor")
        } else {
            ["limit", "cursor", "sort", "include_total"]
                .into_iter()
                .all(takes)
        };
        if !is_right {
            wrong.push(list.id.clone());
        }
    }
    assert!(wrong.is_empty(), "neither paged nor bounded: {wrong:#?}");
    for (id, _) in WHOLE {
        assert!(lists.iter().any(|list| list.id == id), "no list is {id}");
    }
}
