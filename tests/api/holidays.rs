//! Holiday calendars over HTTP.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::owner;

fn edits(edits: Value) -> Value {
    json!({ "edits": edits })
}

#[test]
fn a_year_begins_with_the_federal_holidays_and_an_edit_makes_its_second_version() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let path = "/holiday-calendars/2026";
    let shipped = officer.get(path).expect(200);
    assert_eq!(shipped.header("etag"), Some("\"1\""));
    // Reading keeps nothing.
    assert_eq!(officer.get("/holiday-calendars").json()["items"], json!([]));
    let friday = json!({"action": "add", "date": "2026-11-27", "name": "Day after Thanksgiving"});
    let columbus = json!({"action": "remove", "date": "2026-10-12"});
    let edited = officer
        .post(&format!("{path}/edits"), &edits(json!([friday, columbus])))
        .expect(200);
    assert_json_snapshot!(edited.json());
    let staff = app.as_role(Role::Staff);
    assert_eq!(staff.get(path).expect(200).json(), edited.json());
    let first = staff.get(&format!("{path}/versions/1")).expect(200);
    assert_eq!(first.json(), shipped.json());
    staff.get(&format!("{path}/versions/3")).expect(404);
    let listed = staff.get("/holiday-calendars").expect(200).json();
    assert_eq!(listed["items"], json!([edited.json()]));
}

#[test]
fn an_edit_is_meant_for_a_version_and_every_wrong_one_is_told() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let path = "/holiday-calendars/2026/edits";
    let remove = |day: &str| json!({"action": "remove", "date": day});
    let wrong = edits(json!([
        remove("2026-10-12"),
        remove("2026-10-13"),
        remove("2025-12-25")
    ]));
    let refused = officer.post(path, &wrong).expect(422).json();
    let pointers: Vec<_> = (0..2)
        .map(|index| refused["errors"][index]["pointer"].clone())
        .collect();
    assert_eq!(pointers, [json!("/edits/1/date"), json!("/edits/2/date")]);
    let body = edits(json!([remove("2026-10-12")]));
    let stale = officer
        .request("POST", path)
        .header("If-Match", "\"2\"")
        .json(&body)
        .send();
    assert_eq!(stale.expect(412).code(), "stale");
    officer.post(path, &body).expect(200);
    officer.get("/holiday-calendars/1977").expect(404);
    officer.get("/holiday-calendars/next").expect(404);
}

#[test]
fn years_are_listed_page_by_page_in_both_directions() {
    let app = TestApp::start();
    let who = owner(&app);
    for year in [2025, 2027, 2026] {
        let week = json!({"action": "week", "working_days": ["monday", "tuesday", "wednesday"]});
        let path = format!("/holiday-calendars/{year}/edits");
        who.post(&path, &edits(json!([week]))).expect(200);
    }
    for (sort, expected) in [("year", [2025, 2026, 2027]), ("-year", [2027, 2026, 2025])] {
        let mut years = Vec::new();
        let mut query = format!("sort={sort}&limit=2&include_total=true");
        loop {
            let page = who.get(&format!("/holiday-calendars?{query}"));
            let page = page.expect(200).json();
            assert_eq!(page["total"], json!(3));
            let items = page["items"].as_array().expect("rows");
            years.extend(items.iter().map(|row| row["year"].clone()));
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            query = format!("sort={sort}&limit=2&include_total=true&cursor={next}");
        }
        assert_eq!(years, expected.map(|year| json!(year)));
    }
}

#[test]
fn the_trail_tells_what_a_calendar_was_before() {
    let app = TestApp::start();
    let who = owner(&app);
    let remove = json!({"action": "remove", "date": "2026-10-12"});
    who.post("/holiday-calendars/2026/edits", &edits(json!([remove])))
        .expect(200);
    let trail = who.get("/audit-events?target=holiday_calendar&sort=time");
    let trail = trail.expect(200).json();
    let actions = [&trail["items"][0]["action"], &trail["items"][1]["action"]];
    assert_eq!(actions, [&json!("created"), &json!("updated")]);
    assert_eq!(trail["items"][1]["details"]["year"], json!("2026"));
}
