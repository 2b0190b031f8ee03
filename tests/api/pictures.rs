//! Pictures: made anew, counted, shown to whom they may be shown, and removed when nothing refers to them.

use std::time::Duration;

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    eventually,
    sql::Sql,
};

use crate::fixtures::{filing, owner, records};

/// A PNG of one blue pixel.
pub(crate) const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53,
    0xde, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x60, 0x60, 0xf8, 0x0f,
    0x00, 0x01, 0x03, 0x01, 0x00, 0x08, 0x89, 0xc2, 0xec, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e,
    0x44, 0xae, 0x42, 0x60, 0x82,
];

fn put(who: &Identity<'_>, path: &str) -> Answer {
    who.request("PUT", path).body("image/png", PIXEL).send()
}

fn used(who: &Identity<'_>) -> u64 {
    let counted = who.get("/tenant/statistics").expect(200);
    counted.json()["used_storage_bytes"]
        .as_u64()
        .expect("a number")
}

fn unkept(app: &TestApp) -> i64 {
    Sql::connect(&app.database().owner_url()).number("select count(*) from unkept_files")
}

#[test]
fn a_logo_is_made_anew_counts_is_everybodys_to_see_and_leaves_nothing_behind() {
    let app = TestApp::start();
    let who = owner(&app);
    who.get("/tenant/logo").expect(404);
    app.anonymous().get("/tenants/local-46/logo").expect(404);
    let made = put(&who, "/tenant/logo").expect(200).json();
    assert_eq!(made["media_type"], "image/jpeg");
    assert_eq!(used(&who), made["bytes"].as_u64().unwrap());
    for shown in [
        app.as_role(Role::Member).get("/tenant/logo").expect(200),
        app.anonymous().get("/tenants/local-46/logo").expect(200),
    ] {
        assert_eq!(shown.header("content-type"), Some("image/jpeg"));
        assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    }
    app.in_trust(Role::Owner).get("/tenant/logo").expect(404);
    put(&who, "/tenant/logo").expect(200);
    assert_eq!(used(&who), made["bytes"].as_u64().unwrap());
    who.request("DELETE", "/tenant/logo").send().expect(204);
    who.request("DELETE", "/tenant/logo").send().expect(204);
    assert_eq!(used(&who), 0);
    who.get("/tenant/logo").expect(404);
    eventually("the old files are removed", Duration::from_secs(10), || {
        unkept(&app) == 0
    });
}

#[test]
fn ones_own_picture_is_seen_by_colleagues_and_by_nobody_of_another_tenant() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    put(&staff, "/me/picture").expect(200);
    staff.get("/me/picture").expect(200);
    let path = format!("/colleagues/{}/picture", app.local.person(Role::Staff).id);
    app.as_role(Role::Member).get(&path).expect(200);
    app.as_role(Role::Contact).get(&path).expect(403);
    app.in_trust(Role::Owner).get(&path).expect(404);
    app.as_role(Role::Admin).get("/me/picture").expect(404);
    assert_eq!(used(&owner(&app)), 0);
    staff.request("DELETE", "/me/picture").send().expect(204);
    app.as_role(Role::Member).get(&path).expect(404);
}

#[test]
fn what_is_no_picture_or_too_large_or_of_another_type_is_refused_in_plain_words() {
    let app = TestApp::start();
    let who = owner(&app);
    let send = |kind: &str, body: Vec<u8>| {
        let request = who.request("PUT", "/tenant/logo");
        request.body(kind, body).send()
    };
    let svg = b"<svg onload=alert(1)></svg>".to_vec();
    assert_eq!(
        send("image/svg+xml", svg.clone()).expect(415).code(),
        "unsupported_media_type"
    );
    let garbled = send("image/png", svg).expect(422);
    assert_eq!(garbled.text_at("/errors/0/code"), "not_a_picture");
    let large = send("image/jpeg", vec![0; 10 * 1024 * 1024 + 1]).expect(413);
    assert_eq!(large.code(), "too_large");
    // A head that promises two thousand million pixels on each side.
    let mut bomb = PIXEL.to_vec();
    bomb[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    send("image/png", bomb).expect(422);
    assert_eq!(used(&who), 0);
}

#[test]
fn a_rehearsed_logo_is_not_kept_a_retried_one_once_and_one_without_room_not_at_all() {
    let app = TestApp::start();
    let who = owner(&app);
    put(&who, "/tenant/logo?dry_run=true").expect(200);
    assert_eq!((used(&who), unkept(&app)), (0, 0));
    who.get("/tenant/logo").expect(404);
    let send = || {
        let request = who.request("PUT", "/tenant/logo");
        request
            .header("Idempotency-Key", "k1")
            .body("image/png", PIXEL)
            .send()
    };
    let first = send().expect(200);
    let again = send().expect(200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.text(), again.text());
    app.database().execute("update tenants set max_storage_bytes = 1, used_storage_bytes = 0, logo_key = null, logo_type = null, logo_bytes = null");
    let full = put(&who, "/tenant/logo").expect(409);
    assert_eq!(full.code(), "limit_reached");
    who.get("/tenant/logo").expect(404);
    let card = app.anonymous().get("/tenants/local-46/card").expect(200);
    assert_eq!(card.json()["name"], json!("Hall local-46"));
}

#[test]
fn mail_that_a_hall_sends_shows_its_name_and_brings_its_logo_along() {
    let app = TestApp::start();
    let who = owner(&app);
    let records = records(&app, &who, "L");
    drop(app.deliver_mail());
    let filed = || {
        let mut body = filing(&records.member, &records.employer);
        body["assigned_representative_id"] = json!(records.representative);
        who.post("/grievances", &body).expect(201);
        app.deliver_mail().remove(0)
    };
    let name = who.get("/tenant").expect(200).text_at("/name");
    let bare = filed();
    let html = bare.html.expect("it comes as HTML too");
    assert!(html.contains(&name) && bare.text.contains(&name), "{html}");
    assert!(!html.contains("<img") && !html.contains("<!--"), "{html}");
    put(&who, "/tenant/logo").expect(200);
    let with_logo = filed();
    let html = with_logo.html.expect("it comes as HTML too");
    // The mailbox puts a picture where its id is named, if the mail brings one with that id.
    let shown = html.contains("<img src=\"data:image/jpeg;base64,");
    assert!(shown, "{html}");
    let raw = String::from_utf8(with_logo.raw).expect("it is ASCII");
    for line in [
        "Content-ID: <logo.",
        "Content-Disposition: inline",
        "Content-Type: image/jpeg",
        "Content-Type: multipart/related",
    ] {
        assert!(raw.contains(line), "{line} is missing in\n{raw}");
    }
    assert!(with_logo.text.contains(&name), "{}", with_logo.text);
    who.request("DELETE", "/tenant/logo").send().expect(204);
    assert!(!filed().html.expect("HTML too").contains("<img"));
}
