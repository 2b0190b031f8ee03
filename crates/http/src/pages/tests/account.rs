//! The pages that mails lead to, as a browser gets them.

use super::{addresses, browser, development, production, send};

/// The pages that mails lead to, and how many fields each asks for.
const ACCOUNT: [(&str, usize); 7] = [
    ("verify-email", 0),
    ("forgot-password", 1),
    ("reset-password", 1),
    ("unlock", 0),
    ("confirm-email", 0),
    ("accept-invitation", 3),
    ("sessions", 3),
];

#[actix_web::test]
async fn a_page_that_a_mail_leads_to_has_a_form_one_script_of_ours_and_nothing_from_elsewhere() {
    for (name, fields) in ACCOUNT {
        let got = send(production(), browser(&format!("/account/{name}"))).await;
        assert_eq!(got.status, 200, "{name}");
        let policy = got.policy.unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
        for needed in [
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(needed), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        let html = got.text;
        for once in [
            "<h1",
            "<form",
            "<button",
            "<script",
            "<noscript>",
            "<main id=\"main\">",
        ] {
            assert_eq!(html.matches(once).count(), 1, "{once} in {name}");
        }
        assert!(html.contains("<script src=\"/assets/account.js\" defer></script>"));
        assert!(html.contains("data-api=\"/api/v1/"), "{html}");
        let count = |part: &str| html.matches(part).count();
        assert_eq!(
            (count("<input id=") - count("id=\"show\"")),
            fields,
            "{html}"
        );
        assert_eq!(count("<label for="), count("<input id="), "{html}");
        for never in ["<style", "style=", "onclick", "javascript:", "://"] {
            assert!(!html.contains(never), "{never} in {name}:\n{html}");
        }
        for address in addresses(&html) {
            let there = address.starts_with('#')
                || send(production(), browser(&address)).await.status == 200;
            assert!(there, "{name} leads to {address}");
        }
    }
}

#[actix_web::test]
async fn a_page_of_an_account_that_is_not_there_is_an_unknown_page() {
    for uri in [
        "/account",
        "/account/",
        "/account/delete",
        "/account/unlock/x",
    ] {
        assert_eq!(send(development(), browser(uri)).await.status, 404, "{uri}");
    }
}

#[actix_web::test]
async fn the_script_of_those_pages_makes_no_markup_keeps_nothing_and_calls_this_server_alone() {
    let got = send(production(), browser("/assets/account.js")).await;
    assert_eq!(got.content_type, "text/javascript; charset=utf-8");
    for never in [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "eval",
        "Function(",
        "document.write",
        "localStorage",
        "sessionStorage",
        "cookie",
        "console.",
        "://",
    ] {
        assert!(!got.text.contains(never), "{never} is in the script");
    }
    assert!(
        got.text.contains("history.replaceState"),
        "the token leaves the address"
    );
}
