//! The pages for people, and what the programs that watch over the service ask.

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};

use crate::fixtures::{case, meeting, owner};

/// A page as a browser asks for it.
fn browse(who: &Identity<'_>, path: &str) -> Answer {
    let request = who.request_at("GET", path);
    request
        .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .send()
}

/// What a page refers to by `src`, `href` or `action`.
fn references(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for attribute in ["src=\"", "href=\"", "action=\""] {
        for rest in html.split(attribute).skip(1) {
            found.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    found
}

#[test]
fn every_page_is_whole_without_anything_from_elsewhere() {
    let app = TestApp::start();
    let who = app.anonymous();
    let mut waiting = vec!["/".to_owned()];
    let mut seen = Vec::new();
    while let Some(path) = waiting.pop() {
        if seen.contains(&path) {
            continue;
        }
        let page = browse(&who, &path).expect(200);
        let policy = page.header("content-security-policy").map(str::to_owned);
        if page
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
        {
            let policy = policy.unwrap_or_default();
            assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
            for reference in references(page.text()) {
                let full = match reference.as_str() {
                    own if own.starts_with(&app.url("/")) => own.replace(&app.url(""), ""),
                    data if data.starts_with("data:") => continue,
                    local if local.starts_with('/') => local.to_owned(),
                    anchor if anchor.starts_with('#') => continue,
                    elsewhere if elsewhere.contains("//") => panic!("{path} refers to {elsewhere}"),
                    relative => {
                        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
                        format!("{folder}/{}", relative.trim_start_matches("./"))
                    }
                };
                // The documentation's address sends the browser on to its folder.
                waiting.push(if full == "/docs" {
                    "/docs/".to_owned()
                } else {
                    full
                });
            }
        }
        seen.push(path);
    }
    for path in ["/docs/", "/mailbox", "/livez", "/readyz"] {
        assert!(
            seen.contains(&path.to_owned()),
            "nothing leads from / to {path}: {seen:?}"
        );
    }
    assert!(seen.len() > 8, "{seen:?}");
}

#[test]
fn the_documentation_loads_the_document_from_this_server() {
    let app = TestApp::start();
    let who = app.anonymous();
    let moved = who.page("/docs");
    assert_eq!(
        (moved.status(), moved.header("location")),
        (308, Some("/docs/"))
    );
    let initializer = who.page("/docs/swagger-initializer.js").expect(200);
    assert!(initializer.text().contains("/api/v1/openapi.json"));
    assert!(
        !initializer.text().contains("http"),
        "{}",
        initializer.text()
    );
    who.page("/docs/../Cargo.toml").expect(404);
    who.page("/docs/swagger-ui.css.map").expect(404);
}

#[test]
fn every_problem_has_the_page_that_its_type_names() {
    let app = TestApp::start();
    let who = app.anonymous();
    let list = browse(&who, "/problems").expect(200);
    let links: Vec<_> = references(list.text())
        .into_iter()
        .filter(|link| link.starts_with("/problems/"))
        .collect();
    assert!(links.len() >= 18, "{links:?}");
    for link in links {
        browse(&who, &link).expect(200);
    }
    let problem = owner(&app).get("/members/none").expect(404);
    let page = browse(&who, &problem.text_at("/type")).expect(200);
    assert!(page.text().contains(&problem.text_at("/title")));
    browse(&who, "/problems/none").expect(404);
}

#[test]
fn kept_mail_can_be_read_at_the_mailbox() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let path = format!("/grievances/{}", case.grievance);
    let staff = app.local.person(Role::Staff).id.to_string();
    who.patch(&path, &json!({"assigned_representative_id": staff}))
        .expect(200);
    who.post(&format!("{path}/steps"), &meeting(&app, "denied"))
        .expect(201);
    assert_eq!(app.deliver_mail().len(), 1);
    let list = browse(&app.anonymous(), "/mailbox").expect(200);
    assert!(list.text().contains("the meeting on step 1 is recorded"));
    let mut links = references(list.text()).into_iter();
    let mail = links
        .find(|link| link.starts_with("/mailbox/"))
        .expect("a link to the mail");
    let mail = browse(&app.anonymous(), &mail).expect(200);
    assert!(mail.text().contains("staff@local46.example"));
    assert!(mail.text().contains("Hello Robin,"));
    browse(&app.anonymous(), "/mailbox/..%2f..%2fsigning-key").expect(404);
}

#[test]
fn an_unknown_address_is_a_page_for_browsers_and_a_problem_for_programs() {
    let app = TestApp::start();
    let page = browse(&app.anonymous(), "/nowhere").expect(404);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let problem = app.anonymous().page("/nowhere").expect(404);
    assert_eq!(problem.code(), "not_found");
    assert_eq!(
        browse(&app.anonymous(), "/api/v1/nowhere")
            .expect(404)
            .code(),
        "not_found"
    );
}

#[test]
fn health_names_everything_the_hall_stands_on() {
    let app = TestApp::start();
    let who = app.anonymous();
    assert_eq!(
        who.page("/livez").expect(200).json(),
        json!({"status": "ok"})
    );
    let ready = who.page("/readyz").expect(200).json();
    let expected = json!({"status": "ok", "checks": [
        {"name": "database", "status": "up"},
        {"name": "migrations", "status": "up"},
        {"name": "object_store", "status": "up"},
        {"name": "mail", "status": "up"}
    ]});
    assert_eq!(ready, expected);
}

#[test]
fn metrics_count_requests_by_route_and_never_by_address() {
    let app = TestApp::start();
    let member = app.member("L-1", "Ada", "Voltz").id.to_string();
    for _ in 0..3 {
        owner(&app).get(&format!("/members/{member}")).expect(200);
    }
    owner(&app).get("/members?q=voltz").expect(200);
    let metrics = app.anonymous().page("/metrics").expect(200);
    assert!(metrics.text().ends_with("# EOF\n"));
    let line = metrics
        .text()
        .lines()
        .find(|line| {
            line.starts_with("unionhall_http_requests_total") && line.contains("/members/{id}\"")
        })
        .expect("the route is counted");
    assert!(
        line.contains("method=\"GET\"") && line.ends_with(" 3"),
        "{line}"
    );
    for personal in [member.as_str(), "voltz", "local46"] {
        assert!(!metrics.text().contains(personal), "{personal}");
    }
    for gauge in ["unionhall_gate_waiting", "unionhall_gate_running"] {
        assert!(metrics.text().contains(gauge), "{gauge}");
    }
}

#[test]
fn pages_of_configured_origins_may_call_the_api_and_others_may_not() {
    let app = TestApp::start_with(&[("UNIONHALL_CORS_ORIGINS", "https://hall.example")]);
    let ask = |origin: &str| {
        let request = app.anonymous().request("OPTIONS", "/members");
        let request = request.header("Origin", origin);
        request
            .header("Access-Control-Request-Method", "POST")
            .send()
    };
    let allowed = ask("https://hall.example").expect(204);
    let origin = allowed.header("access-control-allow-origin");
    assert_eq!(origin, Some("https://hall.example"));
    assert_eq!(
        ask("https://evil.example").header("access-control-allow-origin"),
        None
    );
}

#[test]
fn a_page_that_a_mail_leads_to_is_there_for_whoever_is_not_signed_in_and_only_to_be_read() {
    let app = TestApp::start();
    let who = app.anonymous();
    for name in [
        "verify-email",
        "forgot-password",
        "reset-password",
        "unlock",
        "confirm-email",
        "accept-invitation",
        "sessions",
    ] {
        let path = format!("/account/{name}");
        let page = browse(&who, &path).expect(200);
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        who.request_at("POST", &path).send().expect(404);
    }
    browse(&who, "/account/none").expect(404);
}
