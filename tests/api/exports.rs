//! Lists as files: every list, with its filters, whole or visibly not, and harmless in a spreadsheet.

use std::{collections::BTreeSet, io::Cursor, time::Duration};

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use unionhall_domain::{roles::Role, text::Prose};
use unionhall_ports::unit_of_work::Scope;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    builders::{store, unstored_member},
    polling::eventually,
};

use crate::{
    document::{self, Operation, resolved},
    fixtures::{case, made, new_member, owner},
};

/// How long a client that has gone may go unnoticed.
const PATIENCE: Duration = Duration::from_secs(30);
/// The lists that have no export, each with the reason.
const WITHOUT: [(&str, &str); 30] = [
    ("agreements_rule_sets", "a version is a list of its own"),
    (
        "benevolence_answers",
        "the few questions of one application",
    ),
    (
        "benevolence_free_reviewers",
        "who is free to review one application",
    ),
    (
        "benevolence_payments",
        "of one application; those of the fund are exported",
    ),
    (
        "benevolence_relations",
        "confidential: who is related to whom is for deciding alone",
    ),
    ("benevolence_reviews", "the few reviews of one application"),
    ("benevolence_rules", "the few versions of the rules"),
    ("benevolence_seats", "who sits where now, not what is kept"),
    ("benevolence_set_rules", "the few versions of the rules"),
    (
        "benevolence_statistics",
        "a report: tables within each year, which no row holds",
    ),
    ("benevolence_unmaskings", "who looked at one application"),
    (
        "cohorts_roll",
        "who is in one cohort; students are exported by cohort",
    ),
    ("courses_editions", "the few editions of one course"),
    ("deadlines_events", "the few events of one case"),
    ("deadlines_of_grievance", "the few deadlines of one case"),
    ("deadlines_record_event", "the few deadlines of one case"),
    ("deadlines_retract_event", "the few deadlines of one case"),
    ("deadlines_set_agreement", "the few deadlines of one case"),
    ("documents_list", "the papers of one record"),
    ("documents_versions", "the few versions of one document"),
    ("grievance_boards_by_step", "counts of four steps"),
    ("grievances_steps", "the case file has them"),
    (
        "information_requests_list_of_grievance",
        "the list of all is exported, of one case too",
    ),
    (
        "obligations_list_of_grievance",
        "the list of all is exported, of one case too",
    ),
    ("representation_log_list", "the case file has it"),
    ("salting_scores_history", "how one employer was judged"),
    ("sessions_list", "a person's own sign-ins"),
    ("sessions_list_alarms", "a person's own sign-ins"),
    ("step_meetings_list", "the case file has them"),
    ("students_history", "the few moves of one student"),
];

fn is_without(list: &Operation) -> bool {
    WITHOUT.iter().any(|(id, _)| *id == list.id)
}

/// The operations that answer with a page of a list.
fn lists(document: &Value) -> Vec<Operation> {
    let mut operations = document::operations(document);
    operations.retain(|operation| !page_of(operation).is_null());
    operations
}

/// The schema of the rows of a list; null when the operation is none.
fn page_of(operation: &Operation) -> &Value {
    let schema =
        &operation.description["responses"]["200"]["content"]["application/json"]["schema"];
    if schema["properties"]["next_cursor"].is_null() {
        &Value::Null
    } else {
        &schema["properties"]["items"]["items"]
    }
}

/// The rows of a CSV file with their headings, as text.
fn table(answer: &Answer) -> (Vec<String>, Vec<Vec<String>>) {
    let text = answer.text().strip_prefix('\u{feff}');
    let text = text.expect("the file begins with a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let headings = cells(reader.headers().expect("headings"));
    let rows = reader.records();
    let rows = rows.map(|row| cells(&row.expect("as many cells as headings")));
    (headings, rows.collect())
}

/// The cells of a column.
fn column(answer: &Answer, heading: &str) -> Vec<String> {
    let (headings, rows) = table(answer);
    let place = headings.iter().position(|found| found == heading);
    let place = place.unwrap_or_else(|| panic!("no column {heading}"));
    rows.into_iter()
        .map(|mut row| row.swap_remove(place))
        .collect()
}

/// The only sheet of a workbook.
fn sheet(answer: &Answer) -> calamine::Range<Data> {
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(answer.bytes().to_vec())).expect("a workbook");
    let formulas = workbook.worksheet_formula("Export").expect("a sheet");
    assert!(formulas.is_empty(), "{formulas:?}");
    workbook.worksheet_range("Export").expect("a sheet")
}

#[test]
fn every_list_can_be_exported_with_its_own_filters() {
    let app = TestApp::start();
    let document = document::served(&app);
    let operations = document::operations(&document);
    let lists = lists(&document);
    assert!(lists.len() >= 7);
    let mut wrong = Vec::new();
    for list in lists {
        let template = format!("{}/export", list.template);
        let export = operations
            .iter()
            .find(|found| found.template == template && found.method == "GET");
        if export.is_none() != is_without(&list) {
            wrong.push(list.id.clone());
        }
        let Some(export) = export else { continue };
        let mut expected: BTreeSet<_> = list.parameters("query").into_iter().collect();
        for paging in ["limit", "cursor", "include_total"] {
            assert!(expected.remove(paging), "{}: {paging}", list.id);
        }
        expected.insert("format".to_owned());
        let taken: BTreeSet<_> = export.parameters("query").into_iter().collect();
        assert_eq!(taken, expected, "{}", export.id);
        assert_eq!(list.parameters("path"), export.parameters("path"));
    }
    assert!(wrong.is_empty(), "lists without an export: {wrong:?}");
}

#[test]
fn a_file_has_a_column_for_each_field_of_the_list_and_a_row_for_each_row_in_its_order() {
    let app = TestApp::start();
    let who = owner(&app);
    for number in 0..230 {
        made(&who, "/members", &new_member(&format!("M-{number}")));
    }
    let filters = "status=active&sort=-member_number";
    let file = who.get(&format!("/members/export?{filters}")).expect(200);
    let today = app.today();
    assert_eq!(
        file.header("content-disposition"),
        Some(format!("attachment; filename=\"members-{today}.csv\"").as_str())
    );
    assert_eq!(
        file.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    assert_eq!(file.header("content-length"), None);
    let mut expected = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = who.get(&format!("/members?{filters}&limit=100{cursor}"));
        let page = page.expect(200).json();
        let rows = page["items"].as_array().cloned().unwrap_or_default();
        expected.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(expected.len(), 230);
    assert_eq!(column(&file, "id"), expected);
    let document = document::served(&app);
    for list in lists(&document) {
        if list.template.contains('{') || is_without(&list) {
            continue;
        }
        let view = resolved(&document, page_of(&list));
        // What is not in every row, such as what may be done with a record, is in no list.
        let fields = view["required"].as_array().expect("fields");
        let file = who.get(&format!("{}/export", list.template)).expect(200);
        let (headings, _) = table(&file);
        let fields = fields.iter().filter_map(Value::as_str);
        for field in fields.filter(|field| *field != "allowed_actions") {
            let there = headings
                .iter()
                .any(|heading| heading == field || heading.starts_with(&format!("{field}_")));
            assert!(there, "{}: no column for {field}: {headings:?}", list.id);
        }
    }
}

#[test]
fn a_workbook_has_the_same_rows_with_numbers_as_numbers_and_days_as_days() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "M-1");
    let path = format!("/grievances/{}/steps", case.grievance);
    let settled = json!({
        "meeting_date": app.today().to_string(), "outcome": "settled",
        "settlement_amount": "1250.00", "resolution": "Paid."
    });
    who.post(&path, &settled).expect(201);
    let file = who.get("/grievances/export?format=xlsx").expect(200);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(file.header("content-type"), Some(kind));
    let sheet = sheet(&file);
    let cell = |heading: &str| {
        let mut headings = sheet.rows().next().expect("headings").iter();
        let place = headings.position(|cell| cell == &Data::String(heading.to_owned()));
        sheet.rows().nth(1).expect("a row")[place.expect("a column")].clone()
    };
    assert_eq!(cell("settlement_amount"), Data::Float(1250.0));
    assert_eq!(cell("step_number"), Data::Float(1.0));
    assert_eq!(cell("status"), Data::String("settled".to_owned()));
    assert_eq!(cell("incident_date"), Data::Empty);
    let Data::DateTime(filed) = cell("filed_date") else {
        panic!("no day: {:?}", cell("filed_date"));
    };
    let days = app.today() - jiff::civil::date(1899, 12, 30);
    assert_eq!(filed.as_f64(), f64::from(days.get_days()));
    assert!(matches!(cell("created_at"), Data::DateTime(_)));
    let csv = who.get("/grievances/export").expect(200);
    assert_eq!(column(&csv, "settlement_amount"), ["1250.00"]);
    assert_eq!(sheet.height(), table(&csv).1.len() + 1);
}

#[test]
fn what_looks_like_a_formula_is_a_text_in_both_kinds_of_file() {
    let app = TestApp::start();
    let who = owner(&app);
    let attack = "=HYPERLINK(\"https://evil.example\",\"Ada\")";
    let mut member = new_member("M-1");
    member["first_name"] = json!(attack);
    member["phone"] = json!("+1 206 555 0100");
    made(&who, "/members", &member);
    let csv = who.get("/members/export").expect(200);
    assert_eq!(column(&csv, "first_name"), [format!("'{attack}")]);
    assert_eq!(column(&csv, "phone"), ["'+1 206 555 0100"]);
    let sheet = sheet(&who.get("/members/export?format=xlsx").expect(200));
    let row = sheet.rows().nth(1).expect("a row");
    assert!(row.contains(&Data::String(attack.to_owned())));
}

#[test]
fn an_export_of_members_can_be_imported_again_and_nothing_is_lost() {
    let app = TestApp::start();
    let (here, there) = (owner(&app), app.in_trust(Role::Owner));
    for (number, first_name, notes) in [
        ("0007", "Zoë", "Two\nlines, \"quoted\"; and more."),
        ("M-2", "=1+1", "'=not a formula"),
        ("M-3", "O'Hara", "-"),
    ] {
        let mut member = new_member(number);
        member["first_name"] = json!(first_name);
        member["notes"] = json!(notes);
        member["phone"] = json!("+1 206 555 0100");
        made(&here, "/members", &member);
    }
    let exported = here.get("/members/export?sort=member_number").expect(200);
    let import = |who: &Identity<'_>| {
        let request = who.request("POST", "/members/imports");
        request
            .body("text/csv", exported.bytes())
            .send()
            .expect(200)
            .json()
    };
    // Where they are known already nothing changes, and elsewhere all of them are added.
    assert_eq!(import(&here)["unchanged"], 3);
    assert_eq!(import(&there)["created"], 3);
    let again = there.get("/members/export?sort=member_number").expect(200);
    let lasting = [
        "member_number",
        "first_name",
        "last_name",
        "city",
        "phone",
        "email",
        "date_of_birth",
        "hire_date",
        "status",
        "classification",
        "notes",
    ];
    for heading in lasting {
        assert_eq!(
            column(&exported, heading),
            column(&again, heading),
            "{heading}"
        );
    }
}

#[test]
fn an_export_is_on_record_once_with_its_filters_and_how_many_rows_it_has() {
    let app = TestApp::start();
    let who = owner(&app);
    for number in 0..3 {
        made(&who, "/members", &new_member(&format!("M-{number}")));
    }
    who.get("/members/export?q=voltz&format=xlsx&status=active")
        .expect(200);
    let trail = who
        .get("/audit-events?target=member&limit=5")
        .expect(200)
        .json();
    let event = &trail["items"][0];
    assert_eq!(event["action"], "exported");
    let details = json!({
        "list": "members", "format": "xlsx", "count": "3", "filters": "q=voltz&status=active"
    });
    assert_eq!(event["details"], details);
    assert_eq!(
        trail["items"][1]["action"], "created",
        "its pages are not on record again"
    );
}

#[test]
fn an_export_takes_the_filters_of_the_list_and_no_pages() {
    let app = TestApp::start();
    let who = owner(&app);
    let refused = who
        .get("/members/export?limit=5&format=pdf&status=happy")
        .expect(400)
        .json();
    let mut names: Vec<_> = refused["errors"].as_array().unwrap().iter().collect();
    names.sort_by_key(|error| error["parameter"].to_string());
    let names: Vec<_> = names.iter().map(|error| &error["parameter"]).collect();
    assert_eq!(names, ["format", "limit", "status"]);
    let nothing = who.get("/members/export?status=deceased").expect(200);
    assert_eq!(table(&nothing).1.len(), 0);
}

/// A service with members whose export is larger than what the network holds for a client that does not read.
fn large() -> TestApp {
    let app = TestApp::start();
    let notes = Prose::parse(&"A long story. ".repeat(700)).expect("a text");
    for part in 0..12 {
        let members: Vec<_> = (0..200)
            .map(|number| {
                let number = format!("{}", 10_000 + part * 200 + number);
                let mut member = unstored_member(&number, "Ada", "Voltz");
                member.details.notes = Some(notes.clone());
                member
            })
            .collect();
        store(app.storage(), Scope::Tenant(app.local.id()), |tx| {
            tx.members().insert_many(&members)
        });
    }
    app
}

#[test]
fn an_export_that_breaks_off_does_not_look_like_a_whole_one() {
    let app = large();
    let who = owner(&app);
    let email = app.local.person(Role::Staff).email.as_str().to_owned();
    let token = app.sign_in(&email).text_at("/access_token");
    let staff = app.with_token(&token);
    let mut download = staff.request("GET", "/members/export").open();
    assert_eq!(download.status(), 200);
    download.take(100_000);
    // The session ends while the file is on its way: whoever has it now gets no further.
    staff.act("/auth/logout").expect(204);
    assert_eq!(download.rest(), None);
    let whole = who.get("/members/export").expect(200);
    assert_eq!(column(&whole, "id").len(), 2_400);
}

#[test]
fn two_exports_of_one_person_run_at_once_and_a_client_that_goes_away_ends_its_own() {
    let app = large();
    let who = owner(&app);
    let open = || who.request("GET", "/members/export").open();
    let (first, second) = (open(), open());
    assert_eq!((first.status(), second.status()), (200, 200));
    let refused = who.get("/members/export").expect(429);
    assert_eq!(refused.code(), "rate_limited");
    assert!(refused.header("retry-after").is_some());
    drop((first, second));
    eventually("the seats are given back", PATIENCE, || {
        who.get("/members/export").status() == 200
    });
}
