//! A day of the office: a dispatch, a double, a complaint, and what the employer's page says in the evening.

use jiff::ToSpan;
use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{filing, made, new_employer, new_employment, new_member, texts};

#[test]
fn a_day_of_the_office() {
    let app = TestApp::start();
    let office = app.as_role(Role::Staff);
    let today = app.today();

    // Ada has worked at Puget Electric for a year.
    let ada = made(&office, "/members", &new_member("A1204"));
    let puget = made(&office, "/organizations", &new_employer("Puget Electric"));
    let job = new_employment(&ada, &puget, today - 1.year());
    let first_job = made(&office, "/member-employments", &job);

    // 8:10. Harbor Electric calls for a journeyman from Monday on. It is new on the books, and so is who called.
    let harbor =
        json!({"name": "Harbor Electric LLC", "org_type": "employer", "address": "12 Dock Street"});
    let harbor = office.post("/organizations", &harbor).expect(201);
    assert_eq!(harbor.json()["possible_duplicates"], json!([]));
    let harbor = harbor.text_at("/id");
    let caller = json!({
        "organization_id": harbor, "first_name": "Ira", "last_name": "Ohm", "title": "Superintendent"
    });
    let caller = office.post("/organization-contacts", &caller).expect(201);
    assert_eq!(caller.json()["is_primary"], json!(true));

    dispatched(&app, &office, [&ada, &harbor, &first_job]);
    let number = merged(&app, &office, [&ada, &harbor]);

    // 16:30. The employer's page says it all.
    let page = office
        .get(&format!("/organizations/{harbor}/overview"))
        .expect(200)
        .json();
    for (pointer, expected) in [
        ("/organization/phone", json!("206-555-0117")),
        ("/primary_contact/last_name", json!("Ohm")),
        ("/current_members_count", json!(0)),
        ("/open_grievances/0/grievance_number", json!(number)),
    ] {
        assert_eq!(page.pointer(pointer), Some(&expected), "{pointer}");
    }
    // Until the new job begins, Ada is where she was.
    let now = office
        .get(&format!("/member-employments?member_id={ada}&current=true"))
        .expect(200)
        .json();
    assert_eq!(texts(&now, "organization_name"), ["Puget Electric"]);
}

/// "Twelve-oh-four" is who is next: found by digits, dispatched, the old job over in the same moment.
fn dispatched(app: &TestApp, office: &Identity<'_>, [ada, harbor, first_job]: [&String; 3]) {
    let found = office.get("/members?q=1204").expect(200).json();
    assert_eq!(texts(&found, "id"), std::slice::from_ref(ada));
    let mut dispatch = new_employment(ada, harbor, app.today() + 2.days());
    office.post("/member-employments", &dispatch).expect(409);
    dispatch["ends_previous"] = json!(true);
    dispatch["hourly_rate"] = json!("9.50");
    let dispatched = office.post("/member-employments", &dispatch).expect(201);
    assert_eq!(dispatched.json()["ended_previous"], json!([first_job]));
    assert_eq!(dispatched.json()["is_current"], json!(false));
    // 9.50 was a slip of the finger, and the answer said so.
    assert_eq!(dispatched.text_at("/warnings/0/code"), "unusual_rate");
    let second_job = format!("/member-employments/{}", dispatched.text_at("/id"));
    let mended = office.patch(&second_job, &json!({"hourly_rate": "59.50"}));
    assert_eq!(mended.expect(200).json()["warnings"], json!([]));
}

/// Somebody has entered the same employer anew; the office sees it and may not merge by itself. The number of the
/// grievance that was filed against the double.
fn merged(app: &TestApp, office: &Identity<'_>, [ada, harbor]: [&String; 2]) -> String {
    let again = json!({"name": "Harbor Electric", "org_type": "employer", "phone": "206-555-0117"});
    let again = office.post("/organizations", &again).expect(201);
    assert_eq!(again.text_at("/possible_duplicates/0/id"), *harbor);
    let double = again.text_at("/id");
    let body = json!({"into": harbor});
    let merge = format!("/organizations/{double}/merge");
    office.post(&merge, &body).expect(403);
    let grievance = office
        .post("/grievances", &filing(ada, &double))
        .expect(201);
    let officer = app.as_role(Role::Officer);
    officer
        .post(&format!("{merge}?dry_run=true"), &body)
        .expect(200);
    officer.post(&merge, &body).expect(200);
    grievance.text_at("/grievance_number")
}
