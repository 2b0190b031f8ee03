//! The JSON API: one file for each feature, and what they share.

mod audit;
mod auth;
mod batches;
mod benevolence;
mod campaigns;
mod case_files;
mod cases;
mod choices;
mod class_sessions;
mod classes;
mod cohorts;
mod collective_agreements;
mod contacts;
mod courses;
mod deadline_feeds;
mod deadlines;
mod docs;
mod documents;
mod email_changes;
mod employments;
mod exports;
mod grievance_boards;
mod grievances;
mod holidays;
mod imports;
mod information_requests;
mod instructors;
mod invitations;
mod locations;
mod members;
mod nothing;
mod obligations;
mod organizations;
mod passwords;
mod people;
mod pictures;
mod profiles;
mod registrations;
mod representation_log;
mod routes;
mod salting_activities;
mod salting_scores;
mod search;
mod second_factors;
mod sessions;
mod shown;
mod signups;
mod step_meetings;
mod students;
mod tenants;
mod training_settings;
mod users;

use actix_web::middleware::from_fn;
use utoipa_actix_web::{scope::scope, service_config::ServiceConfig};

use self::routes::Routes;
pub(crate) use self::routes::described;
use crate::web::{hidden, problem::ProblemView};

/// Adds every route, below wherever the API is mounted.
pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    below("/members", config, members::routes);
    // Before the organizations, whose paths begin alike.
    organizing(
        "/organizations/{id}/salting-score",
        config,
        salting_scores::routes,
    );
    below("/organizations", config, organizations::routes);
    below("/organization-contacts", config, contacts::routes);
    below("/member-employments", config, employments::routes);
    cases(config);
    below("/instructors", config, instructors::routes);
    below("/locations", config, locations::routes);
    below("/students", config, students::routes);
    below("/cohorts", config, cohorts::routes);
    below("/documents", config, documents::routes);
    below("/search", config, search::routes);
    below("/audit-events", config, audit::routes);
    below("/benevolence-applications", config, benevolence::routes);
    below("/benevolence-fund", config, benevolence::fund_routes);
    below("/class-sessions", config, class_sessions::routes);
    below("/classes", config, classes::routes);
    below("/courses", config, courses::routes);
    below("/training-settings", config, training_settings::routes);
    organizing("/campaigns", config, campaigns::routes);
    organizing("/salting-activities", config, salting_activities::routes);
    let mut routes = Routes::new(config);
    routes.schema::<ProblemView>();
    auth::routes(&mut routes);
    passwords::routes(&mut routes);
    second_factors::routes(&mut routes);
    sessions::routes(&mut routes);
    deadline_feeds::routes(&mut routes);
    registrations::routes(&mut routes);
    email_changes::routes(&mut routes);
    users::routes(&mut routes);
    invitations::routes(&mut routes);
    profiles::routes(&mut routes);
    students::own_routes(&mut routes);
    signups::routes(&mut routes);
    tenants::routes(&mut routes);
    pictures::routes(&mut routes);
    routes.finish();
}

/// Adds the routes of grievances and of what belongs to them.
fn cases(config: &mut ServiceConfig<'_>) {
    // Before the grievances, whose routes would answer for everything below them.
    below("/grievances/{id}/case-file", config, case_files::routes);
    below(
        "/grievances/{id}/representation-log",
        config,
        representation_log::routes,
    );
    below("/grievances/{id}/obligations", config, obligations::routes);
    below(
        "/grievances/{id}/information-requests",
        config,
        information_requests::routes,
    );
    below(
        "/grievances/{id}/step-meetings",
        config,
        step_meetings::routes,
    );
    below("/grievances", config, grievances::routes);
    below("/agreements", config, collective_agreements::routes);
    below("/deadline-feeds", config, deadline_feeds::open_routes);
    below("/deadlines", config, deadlines::routes);
    below("/holiday-calendars", config, holidays::routes);
    below(
        "/information-requests",
        config,
        information_requests::across,
    );
    below("/obligations", config, obligations::across);
    below("/grievance-boards", config, grievance_boards::routes);
}

/// Adds the routes of a feature, which say what follows this path. Routes are tried one after the other, and most of
/// them by a pattern: what begins otherwise passes all of these by at once.
fn below(
    path: &'static str,
    config: &mut ServiceConfig<'_>,
    add: impl FnOnce(&mut Routes<'_, '_>),
) {
    let feature = scope(path).configure(|config| {
        let mut routes = Routes::new(config);
        add(&mut routes);
        routes.finish();
    });
    config.service(feature);
}

/// Adds the routes of a feature like [`below`], where nobody but organizers and those above them may know that it is
/// used: for all others there is nothing at its addresses.
fn organizing(
    path: &'static str,
    config: &mut ServiceConfig<'_>,
    add: impl FnOnce(&mut Routes<'_, '_>),
) {
    let feature = scope(path)
        .configure(|config| {
            let mut routes = Routes::hidden(config);
            add(&mut routes);
            routes.finish();
        })
        .wrap(from_fn(hidden::from_all_but_organizers));
    config.service(feature);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use actix_web::{
        App,
        http::{Method, StatusCode, header},
        middleware::from_fn,
        test,
    };
    use serde_json::Value;
    use utoipa_actix_web::{AppExt, scope::scope};

    use crate::{BASE, openapi, web::problem};

    fn document() -> Value {
        serde_json::from_str(&openapi::document()).unwrap()
    }

    /// Every operation with its path and method.
    fn operations(document: &Value) -> Vec<(String, Value)> {
        let paths = document["paths"].as_object().unwrap();
        let of_path = |(path, item): (&String, &Value)| {
            let operations = item.as_object().unwrap().clone();
            let path = path.clone();
            operations
                .into_iter()
                .map(move |(method, operation)| (format!("{method} {path}"), operation))
        };
        paths.iter().flat_map(of_path).collect()
    }

    /// Every value in the document that stands under `name`.
    fn under<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get(name));
                fields.values().for_each(|field| under(field, name, found));
            }
            Value::Array(items) => items.iter().for_each(|item| under(item, name, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    async fn every_operation_is_named_after_its_feature_and_no_two_alike() {
        let document = document();
        let mut ids = BTreeSet::new();
        for (route, operation) in operations(&document) {
            let id = operation["operationId"].as_str().unwrap();
            let tag = operation["tags"][0].as_str().unwrap();
            assert!(id.starts_with(&format!("{tag}_")), "{route}: {id}");
            assert!(ids.insert(id.to_owned()), "{route}: {id} is there twice");
            assert!(operation["summary"].is_string(), "{route}");
        }
        assert!(ids.len() > 30);
    }

    #[test]
    async fn only_the_ways_to_a_token_and_public_cards_need_none() {
        let document = document();
        for (route, operation) in operations(&document) {
            let open = operation["security"].as_array().unwrap().is_empty();
            let entrance = [
                "post /api/v1/auth/confirm-email",
                "post /api/v1/auth/forgot-password",
                "post /api/v1/auth/invitations/accept",
                "post /api/v1/auth/invitations/validate",
                "post /api/v1/auth/login",
                "post /api/v1/auth/password-strength",
                "post /api/v1/auth/second-factor",
                "post /api/v1/auth/refresh",
                "post /api/v1/auth/register",
                "post /api/v1/auth/resend-verification",
                "post /api/v1/auth/reset-password",
                "post /api/v1/auth/verify-email",
                "post /api/v1/auth/unlock",
                "post /api/v1/tenants",
                "get /api/v1/deadline-feeds/{token}.ics",
                "get /api/v1/tenants/{slug}/card",
                "get /api/v1/tenants/{slug}/logo",
            ];
            assert_eq!(open, entrance.contains(&route.as_str()), "{route}");
        }
    }

    #[test]
    async fn every_change_can_be_rehearsed_and_retried() {
        let document = document();
        for (route, operation) in operations(&document) {
            // What takes passwords and codes and shows secrets is never kept; to end a session is like signing out.
            let own = [
                "/auth/",
                "/me/deadline-feed",
                "/me/email",
                "/me/second-factor",
                "/me/sessions",
                "/me/tenants",
                "/me/trusted-devices",
                // Nobody is known who could try it out or ask for it again.
                "post /api/v1/tenants",
            ];
            let changes =
                !route.starts_with("get") && !own.iter().any(|place| route.contains(place));
            let parameters = operation["parameters"].as_array().cloned();
            let names: Vec<_> = parameters
                .unwrap_or_default()
                .iter()
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
                .collect();
            for name in ["dry_run", "Idempotency-Key"] {
                let there = names.iter().any(|known| known == name);
                assert_eq!(there, changes, "{route}: {name}");
            }
        }
    }

    #[test]
    async fn everything_the_document_refers_to_is_in_it_and_closed() {
        let document = document();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let mut references = Vec::new();
        under(&document, "$ref", &mut references);
        for reference in references {
            let name = reference.as_str().unwrap();
            let name = name.strip_prefix("#/components/schemas/").unwrap();
            assert!(schemas.contains_key(name), "{name}");
        }
        for (name, schema) in schemas {
            let is_object = schema["type"] == "object";
            let closed = schema["additionalProperties"] == false;
            assert_eq!(is_object, closed, "{name}");
        }
    }

    #[test]
    async fn a_method_that_a_path_does_not_take_is_answered_with_those_it_takes() {
        let app = App::new()
            .wrap(from_fn(problem::told))
            .into_utoipa_app()
            .service(scope(BASE).configure(super::configure))
            .into_app();
        let app = test::init_service(app).await;
        let table = [
            (Method::PUT, "/members", "GET, POST"),
            (Method::GET, "/members/imports", "POST"),
            (Method::POST, "/members/7", "GET, PATCH, DELETE"),
            (Method::POST, "/members/by-number/7", "GET"),
            (Method::GET, "/grievances/7/withdraw", "POST"),
            (Method::DELETE, "/audit-events/by-record/member/7", "GET"),
        ];
        for (method, path, allowed) in table {
            let request = test::TestRequest::with_uri(&format!("{BASE}{path}"));
            let request = request.method(method).to_request();
            let response = test::call_service(&app, request).await;
            assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
            let named = response.headers().get(header::ALLOW).cloned().unwrap();
            assert_eq!(named, allowed, "{path}");
            let body: Value = test::read_body_json(response).await;
            assert_eq!(body["code"], "method_not_allowed", "{path}");
        }
    }
}
