//! Versions, what is said of documents, and how long they are kept.

use std::time::Duration;

use serde_json::json;
use sha2::{Digest, Sha256};
use unionhall_domain::roles::Role;
use unionhall_testing::{app::Identity, eventually};

use super::{FORM, count, form, listed, uploaded, used, with_case};
use crate::fixtures::{made, new_employer, new_member, owner, reason};

#[test]
fn a_new_version_takes_the_place_of_the_one_before_which_is_kept() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let id = uploaded(&staff, ("grievance", &case.grievance), "a.txt", b"first");
    let path = format!("/documents/{id}/versions");
    let send = |tag: &str, content: &[u8]| {
        let request = staff.request("POST", &path).header("If-Match", tag);
        request.body(FORM, form(&[], "b.txt", content)).send()
    };
    let second = send("\"1\"", b"second").expect(201);
    assert_eq!(
        (
            second.json()["file"]["number"].clone(),
            second.header("etag")
        ),
        (json!(2), Some("\"2\""))
    );
    send("\"1\"", b"third").expect(412);
    let versions = staff.get(&path).expect(200).json();
    let names: Vec<_> = versions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["b.txt", "a.txt"]);
    let taken = |query: &str| staff.get(&format!("/documents/{id}/download{query}"));
    assert_eq!(taken("").expect(200).bytes(), b"second");
    assert_eq!(taken("?version=1").expect(200).bytes(), b"first");
    taken("?version=3").expect(404);
    assert_eq!(used(&owner(&app)), 11);
}

#[test]
fn what_is_said_of_a_document_is_changed_and_found() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let of = ("grievance", case.grievance.as_str());
    let id = uploaded(&staff, of, "a.txt", b"a");
    let _other = uploaded(&staff, of, "b.txt", b"b");
    let change = json!({
        "title": "Time sheet", "tags": ["wages"], "expires_on": "2027-01-31", "keep_until": "2033-01-31"
    });
    let changed = staff
        .patch(&format!("/documents/{id}"), &change)
        .expect(200);
    assert_eq!(changed.json()["version"], 2);
    assert_eq!(changed.json()["keep_until"], "2033-01-31");
    for (filter, expected) in [
        ("", 2),
        ("&q=sheet", 1),
        ("&q=b.txt", 1),
        ("&tag=wages", 1),
        ("&tag=none", 0),
        ("&category=general", 2),
        ("&category=evidence", 0),
        ("&media_type=text%2Fplain", 2),
        ("&media_type=image%2Fpng", 0),
    ] {
        let found = listed(&staff, of, &format!("{filter}&include_total=true"));
        assert_eq!(found["total"], expected, "{filter}");
    }
    let digest = changed.text_at("/file/sha256");
    assert_eq!(
        listed(&staff, of, &format!("&sha256={digest}"))["items"][0]["id"],
        json!(id)
    );
    let wrong = staff
        .get("/documents?record_type=planet&category=x")
        .expect(400);
    assert_eq!(wrong.json()["errors"].as_array().unwrap().len(), 3);
}

#[test]
fn a_deleted_document_comes_back_within_thirty_days_and_then_goes_with_its_file() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let of = ("grievance", case.grievance.as_str());
    let (one, two) = (
        uploaded(&staff, of, "a.txt", b"a"),
        uploaded(&staff, of, "b.txt", b"bb"),
    );
    for id in [&one, &two] {
        staff.delete(&format!("/documents/{id}")).expect(204);
        staff.get(&format!("/documents/{id}")).expect(404);
        staff.get(&format!("/documents/{id}/download")).expect(404);
    }
    staff.act(&format!("/documents/{one}/restore")).expect(200);
    staff.get(&format!("/documents/{one}/download")).expect(200);
    assert_eq!(used(&owner(&app)), 3);
    app.database().execute("update documents set deleted_at = deleted_at - interval '30 days' where deleted_at is not null");
    assert_eq!(app.purge_documents(), 1);
    assert_eq!(app.purge_documents(), 0);
    staff.act(&format!("/documents/{two}/restore")).expect(404);
    assert_eq!(used(&owner(&app)), 1);
    eventually("the file is removed", Duration::from_secs(10), || {
        count(&app, "select count(*) from unkept_files") == 0
    });
}

#[test]
fn what_is_held_does_not_go_by_any_way() {
    let (app, case) = with_case();
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let of = ("grievance", case.grievance.as_str());
    let (there, gone) = (
        uploaded(&staff, of, "a.txt", b"a"),
        uploaded(&staff, of, "b.txt", b"b"),
    );
    staff.delete(&format!("/documents/{gone}")).expect(204);
    let hold = |who: &Identity<'_>, id: &str| who.post(&format!("/documents/{id}/hold"), &reason());
    hold(&staff, &there).expect(403);
    hold(&officer, &there).expect(200);
    hold(&officer, &gone).expect(200);
    let refused = officer.delete(&format!("/documents/{there}")).expect(409);
    assert_eq!(refused.json()["allowed_actions"], json!(["release"]));
    app.database().execute("update documents set deleted_at = deleted_at - interval '90 days' where deleted_at is not null");
    assert_eq!(app.purge_documents(), 0);
    officer
        .act(&format!("/documents/{there}/release"))
        .expect(200);
    officer
        .act(&format!("/documents/{there}/release"))
        .expect(409);
    officer
        .act(&format!("/documents/{gone}/release"))
        .expect(200);
    assert_eq!(app.purge_documents(), 1);
    officer.delete(&format!("/documents/{there}")).expect(204);
}

#[test]
fn why_a_paper_is_held_is_for_whoever_may_hold_papers_and_not_for_whom_it_is_about() {
    let (app, case) = with_case();
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let of = ("member", case.member.as_str());
    let id = uploaded(&staff, of, "a.txt", b"a");
    let path = format!("/documents/{id}");
    let held = officer.post(&format!("{path}/hold"), &reason()).expect(200);
    assert_eq!(held.json()["hold"]["reason"], reason()["reason"]);
    let shown = officer.get(&path).expect(200).json();
    assert!(shown["hold"]["held_by"].is_string(), "{shown}");
    for who in [&staff, &app.as_role(Role::Member)] {
        for document in [
            who.get(&path).expect(200).json(),
            listed(who, of, "")["items"][0].clone(),
        ] {
            assert!(document["hold"]["held_at"].is_string(), "{document}");
            assert!(document["hold"]["reason"].is_null(), "{document}");
            assert!(document["hold"]["held_by"].is_null(), "{document}");
        }
    }
}

#[test]
fn papers_of_a_record_that_is_deleted_too_can_be_held_and_released() {
    let (app, _) = with_case();
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let member = made(&staff, "/members", &new_member("A-2"));
    let id = uploaded(&staff, ("member", &member), "a.txt", b"a");
    let path = format!("/documents/{id}");
    staff.delete(&path).expect(204);
    owner(&app)
        .delete(&format!("/members/{member}"))
        .expect(204);
    let hold = format!("{path}/hold");
    staff.post(&hold, &reason()).expect(403);
    app.in_trust(Role::Owner).post(&hold, &reason()).expect(404);
    officer.post(&hold, &reason()).expect(200);
    officer.get(&path).expect(404);
    app.database().execute("update documents set deleted_at = deleted_at - interval '90 days' where deleted_at is not null");
    assert_eq!(app.purge_documents(), 0);
    officer.act(&format!("{path}/release")).expect(200);
    assert_eq!(app.purge_documents(), 1);
}

#[test]
fn papers_of_an_organization_that_is_merged_go_with_it() {
    let (app, case) = with_case();
    let owner = owner(&app);
    let twin = made(
        &owner,
        "/organizations",
        &new_employer("Puget Electric Inc"),
    );
    let id = uploaded(&owner, ("organization", &twin), "a.txt", b"a");
    let path = format!("/organizations/{twin}/merge");
    owner
        .post(&path, &json!({"into": case.employer}))
        .expect(200);
    let found = listed(&owner, ("organization", &case.employer), "");
    assert_eq!(found["items"][0]["id"], json!(id));
    owner.get(&format!("/documents/{id}/download")).expect(200);
}

#[test]
fn a_case_file_names_each_document_with_its_size_and_digest() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let id = uploaded(&staff, ("grievance", &case.grievance), "Łamp.txt", b"light");
    let deleted = uploaded(&staff, ("grievance", &case.grievance), "gone.txt", b"dark");
    staff.delete(&format!("/documents/{deleted}")).expect(204);
    let file = staff
        .get(&format!(
            "/grievances/{}/case-file?format=zip",
            case.grievance
        ))
        .expect(200);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file.bytes().to_vec())).unwrap();
    let names: Vec<_> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    let name = names
        .iter()
        .find(|name| name.contains("documents"))
        .unwrap();
    let mut part = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut part).unwrap();
    for word in [
        &id,
        "Łamp.txt",
        &format!("{:x}", Sha256::digest(b"light")),
        "general",
    ] {
        assert!(part.contains(word), "{word}: {part}");
    }
    assert!(!part.contains("gone.txt"));
}
