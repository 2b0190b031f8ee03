//! The pages as a browser gets them: what is on them, what is not, and that everything they lead to is there.

mod account;

use std::collections::BTreeSet;

use actix_web::{
    App, HttpResponse,
    http::header,
    test::{TestRequest, call_service, init_service, read_body},
    web::{self, Data},
};
use jiff::Timestamp;
use unionhall_application::error::Code;

use super::*;

/// A mailbox with one mail whose every text tries to be markup.
struct Mails;

const SNEAKY: &str = "<script>alert('x')</script>";

impl MailboxView for Mails {
    fn list(&self, limit: usize) -> std::io::Result<Vec<MailRow>> {
        let row = MailRow {
            id: "a-mail_1.eml".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            to: "rosa@local46.example".to_owned(),
            subject: SNEAKY.to_owned(),
        };
        let untitled = MailRow {
            id: "2".to_owned(),
            subject: String::new(),
            ..row.clone()
        };
        Ok([row, untitled].into_iter().take(limit).collect())
    }

    fn find(&self, id: &str) -> std::io::Result<Option<MailPage>> {
        let mail = MailPage {
            at: Timestamp::UNIX_EPOCH,
            from: "Unionhall <office@hall.example>".to_owned(),
            to: "rosa@local46.example".to_owned(),
            subject: SNEAKY.to_owned(),
            text: format!("first line\n{SNEAKY}"),
            html: (id == "2").then(|| format!("<p style=\"color: red\">shown</p>{SNEAKY}")),
        };
        let known = ["a-mail_1.eml", "2"];
        Ok(known.contains(&id).then_some(mail))
    }
}

/// A mailbox whose folder is gone.
struct Broken;

impl MailboxView for Broken {
    fn list(&self, _: usize) -> std::io::Result<Vec<MailRow>> {
        Err(std::io::Error::other("the folder is gone"))
    }

    fn find(&self, _: &str) -> std::io::Result<Option<MailPage>> {
        Err(std::io::Error::other("the folder is gone"))
    }
}

fn development() -> PagesConfig {
    let person = |email: &str, role: &str| DemoSignIn {
        email: email.to_owned(),
        role: role.to_owned(),
        tenant: "IBEW Local 46".to_owned(),
    };
    PagesConfig {
        version: "1.2.3".to_owned(),
        environment: "development".to_owned(),
        public_url: "http://127.0.0.1:8080".to_owned(),
        services: vec![Service {
            name: "Database".to_owned(),
            what: "PostgreSQL 15, embedded".to_owned(),
        }],
        demo: Some(Demo {
            password: "solidarity".to_owned(),
            sign_ins: vec![
                person("owner@local46.example", "owner"),
                person("staff@local46.example", "staff"),
            ],
        }),
        mailbox: Some(Arc::new(Mails)),
    }
}

fn production() -> PagesConfig {
    PagesConfig {
        environment: "production".to_owned(),
        demo: None,
        mailbox: None,
        ..development()
    }
}

/// What came back: status, type and text.
struct Got {
    status: u16,
    content_type: String,
    etag: Option<String>,
    policy: Option<String>,
    location: Option<String>,
    text: String,
}

async fn send(config: PagesConfig, request: TestRequest) -> Got {
    let app = App::new()
        .app_data(Data::new(config))
        .route("/api/v1/openapi.json", web::get().to(HttpResponse::Ok))
        .route("/livez", web::get().to(HttpResponse::Ok))
        .route("/readyz", web::get().to(HttpResponse::Ok))
        .configure(configure)
        .default_service(web::to(not_found));
    let response = call_service(&init_service(app).await, request.to_request()).await;
    let text = |name| {
        let value = response.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    Got {
        status: response.status().as_u16(),
        content_type: text(header::CONTENT_TYPE).unwrap_or_default(),
        etag: text(header::ETAG),
        policy: text(header::CONTENT_SECURITY_POLICY),
        location: text(header::LOCATION),
        text: String::from_utf8(read_body(response).await.to_vec()).unwrap(),
    }
}

/// As a browser asks.
fn browser(uri: &str) -> TestRequest {
    let accepted = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    TestRequest::get()
        .uri(uri)
        .insert_header((header::ACCEPT, accepted))
}

async fn page(uri: &str) -> String {
    let got = send(development(), browser(uri)).await;
    assert_eq!(got.status, 200, "{uri}");
    assert_eq!(got.content_type, "text/html; charset=utf-8", "{uri}");
    got.text
}

/// The addresses in attributes of a page.
fn addresses(html: &str) -> BTreeSet<String> {
    let values = ["href=\"", "src=\""].into_iter().flat_map(|attribute| {
        let parts = html.split(attribute).skip(1);
        parts.filter_map(|part| part.split('"').next())
    });
    values.map(ToOwned::to_owned).collect()
}

#[actix_web::test]
async fn everything_that_a_page_leads_to_is_there_and_on_this_server() {
    let mut open = vec!["/".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(uri) = open.pop() {
        let got = send(development(), browser(&uri)).await;
        assert_eq!(got.status, 200, "{uri}");
        if !got.content_type.starts_with("text/html") {
            continue;
        }
        for address in addresses(&got.text) {
            let address = match address.as_str() {
                to_itself if to_itself.starts_with('#') => continue,
                from_top if from_top.starts_with('/') => address,
                beside => {
                    assert!(!beside.contains(':'), "{uri} leads to {beside}");
                    format!("{uri}{beside}")
                }
            };
            if seen.insert(address.clone()) {
                open.push(address);
            }
        }
    }
    for expected in [
        "/mailbox/a-mail_1.eml",
        "/problems/stale",
        "/docs/swagger-ui-bundle.js",
    ] {
        assert!(seen.contains(expected), "{expected} is not among {seen:?}");
    }
}

#[actix_web::test]
async fn pages_have_a_language_a_title_one_heading_and_landmarks_and_no_script_or_style_of_their_own()
 {
    for uri in [
        "/",
        "/mailbox",
        "/mailbox/2",
        "/problems",
        "/problems/internal",
    ] {
        let html = page(uri).await;
        for once in [
            "<html lang=\"en\">",
            "<title>",
            "<h1",
            "<main id=\"main\">",
            "<header>",
            "<footer>",
            "<nav aria-label=",
        ] {
            assert_eq!(html.matches(once).count(), 1, "{once} in {uri}");
        }
        for never in ["<script", "<style", "style=", "onclick", "javascript:"] {
            assert!(!html.contains(never), "{never} in {uri}:\n{html}");
        }
    }
}

#[actix_web::test]
async fn the_first_page_says_what_runs_and_in_development_who_can_sign_in() {
    let html = page("/").await;
    for expected in [
        "1.2.3",
        "development",
        "PostgreSQL 15, embedded",
        "<th scope=\"row\">staff@local46.example</th><td>staff</td><td>IBEW Local 46</td>",
        "solidarity",
        "curl http://127.0.0.1:8080/api/v1/auth/login",
        "href=\"/mailbox\"",
    ] {
        assert!(html.contains(expected), "{expected} is not in\n{html}");
    }
}

#[actix_web::test]
async fn in_production_the_first_page_knows_no_sign_ins_and_no_mailbox() {
    let html = send(production(), browser("/")).await.text;
    assert!(html.contains("production"));
    for hidden in ["curl", "solidarity", "/mailbox"] {
        assert!(!html.contains(hidden), "{hidden} is in\n{html}");
    }
    for uri in ["/mailbox", "/mailbox/2"] {
        assert_eq!(send(production(), browser(uri)).await.status, 404);
    }
}

#[actix_web::test]
async fn mails_are_shown_as_they_are_and_never_as_markup() {
    for uri in ["/mailbox", "/mailbox/a-mail_1.eml"] {
        let html = page(uri).await;
        assert!(html.contains("rosa@local46.example"));
        assert!(html.contains("1970-01-01 00:00:00 UTC"));
        assert!(html.contains("alert("), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
    assert!(page("/mailbox").await.contains("(no subject)"));
    assert!(page("/mailbox/2").await.contains("first line\n"));
}

#[actix_web::test]
async fn a_mails_html_is_shown_in_a_frame_that_runs_and_loads_nothing() {
    let framing = send(development(), browser("/mailbox/2")).await;
    assert!(
        framing
            .text
            .contains("<iframe class=\"mail\" src=\"/mailbox/2/html\"")
    );
    assert!(framing.policy.unwrap().contains("frame-src 'self'"));
    let mail = send(development(), browser("/mailbox/2/html")).await;
    assert!(mail.text.contains("shown"));
    let policy = mail.policy.unwrap();
    assert!(
        policy.starts_with("default-src 'none'; img-src data:; style-src 'unsafe-inline'"),
        "{policy}"
    );
    assert!(policy.contains("sandbox allow-popups"), "{policy}");
    for never in ["script", "allow-same-origin", "connect-src", "http"] {
        assert!(!policy.contains(never), "{policy}");
    }
    let plain = send(development(), browser("/mailbox/a-mail_1.eml")).await;
    assert!(!plain.text.contains("<iframe"));
    for uri in ["/mailbox/a-mail_1.eml/html", "/mailbox/3/html"] {
        assert_eq!(send(development(), browser(uri)).await.status, 404, "{uri}");
    }
    let html = browser("/mailbox/2/html");
    assert_eq!(send(production(), html).await.status, 404);
}

#[actix_web::test]
async fn a_mail_that_is_not_there_is_an_unknown_page() {
    for uri in ["/mailbox/3", "/mailbox/..%2F..%2Fsigning-key"] {
        assert_eq!(send(development(), browser(uri)).await.status, 404, "{uri}");
    }
}

#[actix_web::test]
async fn a_mailbox_that_cannot_be_read_is_a_fault_of_ours_that_says_nothing_of_it() {
    for uri in ["/mailbox", "/mailbox/2"] {
        let config = PagesConfig {
            mailbox: Some(Arc::new(Broken)),
            ..development()
        };
        let got = send(config, browser(uri)).await;
        assert_eq!(got.status, 500);
        assert!(!got.text.contains("folder"));
    }
}

#[actix_web::test]
async fn every_problem_has_a_page_with_its_status_and_names_set_apart() {
    let list = page("/problems").await;
    for code in Code::ALL {
        let name = code.as_str();
        assert!(list.contains(&format!("href=\"/problems/{name}\"")));
        let html = page(&format!("/problems/{name}")).await;
        assert!(html.contains(&format!("<code>{name}</code>")));
        assert!(!html.contains('`'), "{html}");
    }
    let stale = page("/problems/stale").await;
    assert!(stale.contains("<dd>412</dd>"));
    assert!(stale.contains("<p><code>If-Match</code> names"), "{stale}");
    assert_eq!(
        send(development(), browser("/problems/no_such"))
            .await
            .status,
        404
    );
}

#[actix_web::test]
async fn browsers_get_a_page_where_nothing_is_and_programs_a_problem() {
    let got = send(development(), browser("/nothing")).await;
    assert_eq!(got.status, 404);
    assert!(got.text.contains("There is nothing here"));

    let program = |uri: &str| TestRequest::get().uri(uri);
    let any = (header::ACCEPT, "*/*");
    for request in [
        program("/nothing"),
        program("/nothing").insert_header(any),
        browser("/api/v1/nothing"),
        browser("/api"),
    ] {
        let got = send(development(), request).await;
        assert_eq!(got.status, 404);
        assert!(!got.content_type.starts_with("text/html"));
    }
    assert_eq!(
        send(development(), browser("/apiary")).await.content_type,
        "text/html; charset=utf-8"
    );
}

#[actix_web::test]
async fn the_documentation_and_its_files_come_from_this_server_alone() {
    let got = send(development(), browser("/docs")).await;
    assert_eq!((got.status, got.location.as_deref()), (308, Some("/docs/")));

    let html = page("/docs/").await;
    assert!(!html.contains("http"), "{html}");
    for (file, kind, words) in [
        ("swagger-ui.css", "text/css", ".swagger-ui"),
        ("swagger-ui-bundle.js", "text/javascript", "SwaggerUIBundle"),
        (
            "swagger-ui-standalone-preset.js",
            "text/javascript",
            "SwaggerUIStandalonePreset",
        ),
        (
            "swagger-initializer.js",
            "text/javascript",
            "\"/api/v1/openapi.json\"",
        ),
    ] {
        let got = send(development(), browser(&format!("/docs/{file}"))).await;
        assert_eq!(got.status, 200, "{file}");
        assert_eq!(got.content_type, kind, "{file}");
        assert!(got.text.contains(words), "{file}");
        assert!(html.contains(file), "{file}");
    }
    for uri in [
        "/docs/index.html",
        "/docs/../pages.rs",
        "/docs/oauth2-redirect.html",
    ] {
        assert_eq!(send(development(), browser(uri)).await.status, 404, "{uri}");
    }
}

#[actix_web::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    for uri in ["/assets/unionhall.css", "/docs/swagger-ui-bundle.js"] {
        let first = send(development(), browser(uri)).await;
        let tag = (header::IF_NONE_MATCH, first.etag.unwrap());
        let again = send(development(), browser(uri).insert_header(tag)).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
        let other = (header::IF_NONE_MATCH, "\"another\"");
        let changed = send(development(), browser(uri).insert_header(other)).await;
        assert_eq!(changed.status, 200);
    }
    assert_eq!(
        send(development(), browser("/assets/none.css"))
            .await
            .status,
        404
    );
}

#[actix_web::test]
async fn programs_that_ask_for_heads_alone_find_the_pages() {
    let head = TestRequest::with_uri("/").method(actix_web::http::Method::HEAD);
    assert_eq!(send(development(), head).await.status, 200);
}

#[test]
fn the_configuration_shows_no_password_when_it_is_printed() {
    let printed = format!("{:?}", development());
    assert!(
        printed.contains("1.2.3") && !printed.contains("solidarity"),
        "{printed}"
    );
}
