//! Rosters over HTTP: a hall's real list of members, with everything that is wrong in it.

mod books;
mod jobs;

use serde_json::{Value, json};
use unionhall_testing::{TestApp, app::Answer, sql::Sql};

use crate::fixtures::{new_member, owner, texts};

const ROSTER: &str = include_str!("../../docs/examples/roster.csv");
const WITH_MISTAKES: &str = include_str!("../../docs/examples/roster-with-mistakes.csv");
const HEADINGS: &str = "member_number,first_name,last_name,classification\n";

fn import(app: &TestApp, query: &str, roster: impl Into<Vec<u8>>) -> Answer {
    let request = owner(app).request("POST", &format!("/members/imports{query}"));
    request.body("text/csv", roster).send()
}

/// Where the mistakes of a refused file are, and their codes.
fn mistakes(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let errors = body["errors"].as_array().expect("mistakes").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    errors
        .map(|error| format!("{} {}", text(&error["pointer"]), text(&error["code"])))
        .collect()
}

fn total(app: &TestApp) -> Value {
    owner(app)
        .get("/members?include_total=true")
        .expect(200)
        .json()["total"]
        .take()
}

#[test]
fn the_sample_roster_comes_in_whole_and_a_second_time_changes_nothing() {
    let app = TestApp::start();
    let report = import(&app, "", ROSTER).expect(200).json();
    let rows = report["rows"].as_u64().expect("a count");
    assert!(rows > 30, "{report:#}");
    assert_eq!(
        (&report["created"], &report["bad"]),
        (&json!(rows), &json!(0))
    );
    assert_eq!(report["ignored_columns"], json!(["Book"]));
    assert_eq!(total(&app), json!(rows));
    let member = owner(&app)
        .get("/members/by-number/A1204")
        .expect(200)
        .json();
    let said = [
        "first_name",
        "last_name",
        "middle_name",
        "classification",
        "date_of_birth",
        "hire_date",
    ];
    let said: Vec<_> = said
        .iter()
        .map(|field| member[field].as_str().unwrap_or_default())
        .collect();
    assert_eq!(
        said,
        [
            "Ada",
            "Voltz",
            "M.",
            "journeyman",
            "1983-01-19",
            "2011-04-21"
        ]
    );

    let again = import(&app, "", ROSTER).expect(200).json();
    assert_eq!(
        (&again["unchanged"], &again["created"]),
        (&json!(rows), &json!(0))
    );
    assert_eq!(
        owner(&app).get("/members/by-number/A1204").json()["version"],
        1
    );
}

#[test]
fn a_roster_with_mistakes_names_them_all_and_writes_nothing() {
    let app = TestApp::start();
    let answer = import(&app, "", WITH_MISTAKES).expect(422);
    assert_eq!(answer.code(), "invalid_fields");
    insta::assert_snapshot!(mistakes(&answer).join("\n"));
    assert_eq!(total(&app), json!(0));
}

#[test]
fn bad_rows_are_skipped_when_that_is_asked_for_and_the_others_come_in() {
    let app = TestApp::start();
    let report = import(&app, "?skip_bad=true", WITH_MISTAKES)
        .expect(200)
        .json();
    let (rows, bad, created) = (
        report["rows"].as_u64().expect("a count"),
        report["bad"].as_u64().expect("a count"),
        report["created"].as_u64().expect("a count"),
    );
    assert!(bad >= 8 && created >= 1, "{report:#}");
    assert_eq!(rows, bad + created);
    assert_eq!(total(&app), json!(created));
    for error in report["errors"].as_array().expect("mistakes") {
        assert!(error["line"].as_u64() > error["row"].as_u64(), "{error}");
    }
}

#[test]
fn a_rehearsed_import_tells_what_would_come_of_it_and_keeps_nothing() {
    let app = TestApp::start();
    let rehearsed = import(&app, "?dry_run=true", ROSTER).expect(200);
    assert_eq!(rehearsed.header("dry-run"), Some("true"));
    assert_eq!(total(&app), json!(0));
    let real = import(&app, "", ROSTER).expect(200);
    assert_eq!(rehearsed.text(), real.text());
}

#[test]
fn a_row_with_a_known_number_changes_that_member_in_the_columns_that_are_there() {
    let app = TestApp::start();
    owner(&app).post("/members", &new_member("L-1")).expect(201);
    let roster = format!("{HEADINGS}l-1,Ada,Voltz-Okafor,foreman\nL-2,Grace,Okafor,journeyman\n");
    let report = import(&app, "", roster).expect(200).json();
    assert_eq!(
        (&report["created"], &report["updated"]),
        (&json!(1), &json!(1))
    );
    let member = owner(&app).get("/members/by-number/L-1").json();
    assert_eq!(member["last_name"], "Voltz-Okafor");
    assert_eq!(
        (&member["city"], &member["version"]),
        (&json!("Kent"), &json!(2))
    );
    let id = member["id"].as_str().expect("an id");
    let history = owner(&app)
        .get(&format!("/audit-events/by-record/member/{id}?limit=3"))
        .json();
    assert_eq!(texts(&history, "action"), ["read", "updated", "created"]);
    assert_eq!(history["items"][1]["details"]["import_line"], "2");
}

#[test]
fn a_row_with_the_number_of_a_deleted_member_is_bad() {
    let app = TestApp::start();
    let id = owner(&app)
        .post("/members", &new_member("L-1"))
        .expect(201)
        .text_at("/id");
    owner(&app).delete(&format!("/members/{id}")).expect(204);
    let answer = import(&app, "", format!("{HEADINGS}L-1,Ada,Voltz,foreman\n")).expect(422);
    assert_eq!(answer.text_at("/errors/0/pointer"), "/rows/1/member_number");
    assert_eq!(answer.text_at("/errors/0/code"), "deleted_member");
}

#[test]
fn files_of_old_spreadsheets_are_read_in_their_encodings_line_ends_and_delimiters() {
    let app = TestApp::start();
    let windows = b"Member #;First Name;Last Name;Class\r\n1;Jos\xe9;N\xfa\xf1ez;JW\r\n".to_vec();
    let report = import(&app, "", windows).expect(200).json();
    assert_eq!(
        (&report["encoding"], &report["delimiter"]),
        (&json!("windows-1252"), &json!(";"))
    );
    let marked = "\u{feff}Member #,First Name,Last Name,Class,Notes\r\n2,Renée,Lefèvre,JW,\"two\r\nlines\"\r\n";
    let report = import(&app, "", marked).expect(200).json();
    assert_eq!(report["encoding"], "UTF-8");
    let wide: Vec<u8> = "\u{feff}Member #\tFirst Name\tLast Name\tClass\n3\tŁukasz\tŻak\tJW\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    import(&app, "", wide).expect(200);
    let list = owner(&app).get("/members?sort=member_number").json();
    assert_eq!(texts(&list, "last_name"), ["Núñez", "Lefèvre", "Żak"]);
    assert_eq!(list["items"][1]["notes"], "two\nlines");
}

#[test]
fn a_file_without_the_needed_columns_or_with_one_twice_is_refused_by_its_headings() {
    let app = TestApp::start();
    let refused = |roster: &str| mistakes(&import(&app, "?skip_bad=true", roster).expect(422));
    let expected = [
        "/rows/0/last_name missing_column",
        "/rows/0/classification missing_column",
    ];
    assert_eq!(refused("member_number,first_name\n1,Ada\n"), expected);
    let twice =
        refused("member_number,first_name,given,last_name,classification\n1,Ada,A,Voltz,JW\n");
    assert_eq!(twice, ["/rows/0/first_name duplicate_column"]);
    import(&app, "", "").expect(400);
    import(&app, "", vec![0_u8, 1, 2, 3]).expect(400);
}

#[test]
fn a_large_roster_comes_in_as_one_change_with_one_event_for_each_member() {
    let app = TestApp::start();
    let mut roster = HEADINGS.to_owned();
    for number in 0..3000 {
        roster.push_str(&format!("{number},Ada,Voltz,journeyman\n"));
    }
    import(&app, "", roster.clone()).expect(200);
    assert_eq!(total(&app), json!(3000));
    let sql = Sql::connect(&app.database().owner_url());
    let events =
        "select count(*) from audit_events where action = 'created' and target_type = 'member'";
    assert_eq!(sql.number(events), 3000);
    // One bad row at the end, and all is as it was.
    roster.push_str("x y,Ada,Voltz,journeyman\n");
    let changed = roster.replace("Voltz", "Okafor");
    import(&app, "", changed).expect(422);
    assert_eq!(
        sql.number("select count(*) from members where last_name = 'Okafor'"),
        0
    );
}

#[test]
fn a_retried_import_is_done_once() {
    let app = TestApp::start();
    let send = || {
        owner(&app)
            .request("POST", "/members/imports")
            .header("Idempotency-Key", "roster")
            .body("text/csv", format!("{HEADINGS}1,Ada,Voltz,foreman\n"))
            .send()
            .expect(200)
    };
    let (first, again) = (send(), send());
    assert_eq!(first.text(), again.text());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.json()["created"], 1);
}
