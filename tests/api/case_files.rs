//! Case files over HTTP: a small one at once, a large one meanwhile, for who asked alone.

use std::{
    io::{Cursor, Read},
    time::Duration,
};

use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Answer, eventually};
use zip::ZipArchive;

use crate::fixtures::{
    case, owner,
    parts::{much, new_contact},
    reason,
};

/// How long a case file may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The text of one part of an archive.
pub(crate) fn part(archive: &Answer, name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(archive.bytes())).expect("an archive");
    let mut text = String::new();
    let mut part = archive.by_name(name).expect("the part");
    part.read_to_string(&mut text).expect("text");
    text
}

#[test]
fn a_small_case_is_answered_at_once_as_pages_or_as_an_archive_with_json() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let grievance = format!("/grievances/{}", case(&staff, "L-1").grievance);
    let contacts = format!("{grievance}/representation-log/contacts");
    staff.post(&contacts, &new_contact()).expect(201);
    let pages = staff.get(&format!("{grievance}/case-file")).expect(200);
    assert_eq!(pages.header("content-type"), Some("application/pdf"));
    assert!(pages.bytes().starts_with(b"%PDF-"));
    let path = format!("{grievance}/case-file?format=zip");
    let archive = staff.get(&path).expect(200);
    assert_eq!(archive.header("content-type"), Some("application/zip"));
    let disposition = archive.header("content-disposition").unwrap_or_default();
    assert!(disposition.contains("case-file-GR-"), "{disposition}");
    assert!(part(&archive, "manifest.json").contains("parts/timeline.json"));
    let log = part(&archive, "parts/representation_log.json");
    assert!(log.contains("Told of the denial."), "{log}");
    // People are there by name.
    let claim = part(&archive, "parts/grievance.json");
    assert!(claim.contains("\"member_id\": \"Ada Voltz\""), "{claim}");
    staff
        .get(&format!("{grievance}/case-file?format=doc"))
        .expect(400);
}

#[test]
fn taking_a_case_file_is_on_record_and_not_for_the_member() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let grievance = case(&officer, "L-1").grievance;
    let path = format!("/grievances/{grievance}/case-file");
    officer.get(&path).expect(200);
    app.as_role(Role::Member).get(&path).expect(403);
    let trail = format!("/audit-events/by-record/case_file/{grievance}");
    let events = officer.get(&trail).expect(200).json();
    assert_eq!(events["items"][0]["action"], "read");
}

#[test]
fn a_large_case_is_made_meanwhile_once_and_is_there_for_who_asked_alone() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let grievance = format!("/grievances/{}", case(&staff, "L-1").grievance);
    much(&staff, &grievance);
    let path = format!("{grievance}/case-file?format=zip");
    let asked = staff.get(&path).expect(202);
    assert!(asked.header("retry-after").is_some());
    let place = asked.header("location").unwrap_or_default();
    let place = place.strip_prefix("/api/v1").unwrap_or_default().to_owned();
    let again = staff.get(&path).expect(202);
    assert_eq!(again.text_at("/id"), asked.text_at("/id"));
    eventually("the case file is made", PATIENCE, || {
        staff.get(&place).status() == 200
    });
    let made = staff.get(&place).expect(200);
    let requests = part(&made, "parts/information_requests.json");
    assert_eq!(requests.matches("A page.").count(), 250);
    owner(&app).get(&place).expect(404);
    // A deleted grievance has no case file, not even one that was made.
    owner(&app).delete(&grievance).expect(204);
    staff.get(&place).expect(404);
}

#[test]
fn what_a_grievance_ended_with_is_in_its_file() {
    let app = TestApp::start();
    let officer = owner(&app);
    let grievance = format!("/grievances/{}", case(&officer, "L-1").grievance);
    officer
        .post(&format!("{grievance}/withdraw"), &reason())
        .expect(200);
    let path = format!("{grievance}/case-file?format=zip");
    let archive = officer.get(&path).expect(200);
    let timeline = part(&archive, "parts/timeline.json");
    assert!(timeline.contains("Decision: withdrawing"), "{timeline}");
}
