//! Lists of organizations and of the people there over HTTP, as offices keep them.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};

use super::mistakes;
use crate::fixtures::{made, new_contact, new_employer, owner, texts};

const EMPLOYERS: &str = include_str!("../../../docs/examples/employers.csv");
const CONTACTS: &str = include_str!("../../../docs/examples/contacts.csv");

fn import(who: &Identity<'_>, path: &str, file: impl Into<Vec<u8>>) -> Answer {
    who.request("POST", path).body("text/csv", file).send()
}

fn organizations(who: &Identity<'_>, file: impl Into<Vec<u8>>) -> Answer {
    import(who, "/organizations/imports", file)
}

fn contacts(who: &Identity<'_>, file: impl Into<Vec<u8>>) -> Answer {
    import(who, "/organization-contacts/imports", file)
}

/// Created, updated, unchanged, bad.
fn counts(report: &Value) -> [u64; 4] {
    ["created", "updated", "unchanged", "bad"].map(|name| report[name].as_u64().expect("a count"))
}

/// The given names of an organization's contacts, and of its primary one.
fn people(who: &Identity<'_>, organization: &str) -> (Vec<String>, Vec<String>) {
    let path = format!("/organization-contacts?organization_id={organization}");
    let all = texts(&who.get(&path).expect(200).json(), "first_name");
    let path = format!("{path}&is_primary=true");
    (all, texts(&who.get(&path).expect(200).json(), "first_name"))
}

#[test]
fn the_sample_lists_come_in_whole_and_a_second_time_change_nothing() {
    let app = TestApp::start();
    let who = owner(&app);
    let report = organizations(&who, EMPLOYERS).expect(200).json();
    let rows = report["rows"].as_u64().expect("a count");
    assert!(rows >= 10, "{report:#}");
    assert_eq!(counts(&report), [rows, 0, 0, 0]);
    assert_eq!(report["ignored_columns"], json!(["Signatory since"]));
    let again = organizations(&who, EMPLOYERS).expect(200).json();
    assert_eq!(counts(&again), [0, 0, rows, 0]);
    let report = contacts(&who, CONTACTS).expect(200).json();
    let rows = report["rows"].as_u64().expect("a count");
    assert_eq!(counts(&report), [rows, 0, 0, 0], "{report:#}");
    let again = contacts(&who, CONTACTS).expect(200).json();
    assert_eq!(counts(&again), [0, 0, rows, 0]);
}

#[test]
fn an_office_file_in_windows_1252_with_semicolons_and_everything_wrong_is_told_row_by_row() {
    let app = TestApp::start();
    let who = owner(&app);
    made(&who, "/organizations", &new_employer("Twice Electric"));
    made(&who, "/organizations", &new_employer("Twice Electric"));
    let deleted = made(&who, "/organizations", &new_employer("Gone Electric"));
    who.delete(&format!("/organizations/{deleted}")).expect(204);
    let file = format!(
        "Company;Kind;Mailing Address;E-Mail;Org ID;Fax\r\n\
        Caf\u{e9} \u{c9}lectrique;Signatory Contractor;\"12 Rue\r\nSuite 4\";office@cafe.example;;x\r\n\
        ;Contractor;;;;\r\n\
        Bad Mail Electric;Contractor;;nowhere;;\r\n\
        Odd Electric;Bakery;;;;\r\n\
        \r\n\
        CAFE ELECTRIQUE;Contractor;;;;\r\n\
        Twice Electric;;;;;\r\n\
        Gone Electric;Contractor;;;{deleted};\r\n\
        Short Electric;Contractor\r\n"
    );
    let bytes: Vec<u8> = file
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("a character of Windows-1252"))
        .collect();
    let answer = organizations(&who, bytes.clone()).expect(422);
    insta::assert_snapshot!(mistakes(&answer).join("\n"), @r"
    /rows/2/name blank
    /rows/3/email not_an_email
    /rows/4/org_type unknown_value
    /rows/8 ragged_row
    ");
    let skipping = import(&who, "/organizations/imports?skip_bad=true", bytes);
    let report = skipping.expect(200).json();
    assert_eq!(report["created"], 1, "{report:#}");
    assert_eq!(report["encoding"], "windows-1252");
    let found = who.get("/organizations?q=cafe").expect(200).json();
    assert_eq!(found["items"][0]["name"], "Café Électrique");
    assert_eq!(found["items"][0]["address"], "12 Rue, Suite 4");
}

#[test]
fn a_name_and_its_type_find_an_organization_and_a_column_that_is_missing_keeps_what_is_known() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/organizations", &new_employer("Puget Electric"));
    let file = "name,org_type,phone\npuget ELECTRIC,employer,206-555-0100\nPuget Electric,jatc,\n";
    let report = organizations(&who, file).expect(200).json();
    assert_eq!(counts(&report), [1, 1, 0, 0], "{report:#}");
    let path = format!("/organizations/{id}");
    let found = who.get(&path).expect(200).json();
    assert_eq!(
        (&found["city"], &found["phone"], &found["name"]),
        (
            &json!("Seattle"),
            &json!("206-555-0100"),
            &json!("puget ELECTRIC")
        )
    );
    // An id finds it whatever it is called.
    let file = format!("id,name,city\n{id},Sound Electric,\n");
    organizations(&who, file).expect(200);
    let found = who.get(&path).expect(200).json();
    assert_eq!(
        (&found["name"], &found["city"], &found["version"]),
        (&json!("Sound Electric"), &Value::Null, &json!(3))
    );
    let trail = format!("/audit-events/by-record/organization/{id}");
    let trail = who.get(&trail).expect(200).json();
    assert_eq!(trail["items"][0]["details"]["import_line"], "2");
}

#[test]
fn likeness_is_told_and_never_merged() {
    let app = TestApp::start();
    let who = owner(&app);
    let mut employer = new_employer("Puget Electric");
    employer["address"] = json!("12 North Main Street");
    made(&who, "/organizations", &employer);
    let file =
        "name,address\n\"Puget Electric, Inc.\",\nSound Power,12 N. Main St\nFree Electric,\n";
    let report = organizations(&who, file).expect(200).json();
    assert_eq!(counts(&report), [3, 0, 0, 0]);
    assert_eq!(report["warning_count"], 2, "{report:#}");
    let warned: Vec<_> = report["warnings"]
        .as_array()
        .expect("warnings")
        .iter()
        .map(|warning| (warning["row"].as_u64(), warning["code"].as_str()))
        .collect();
    let code = Some("possible_duplicate");
    assert_eq!(warned.len(), 2);
    assert!(warned.contains(&(Some(1), code)) && warned.contains(&(Some(2), code)));
    let total = who.get("/organizations?include_total=true").expect(200);
    assert_eq!(total.json()["total"], 4);
}

#[test]
fn an_export_of_organizations_and_of_contacts_can_be_imported_again_and_nothing_is_lost() {
    let app = TestApp::start();
    let (here, there) = (owner(&app), app.in_trust(Role::Owner));
    for (name, address) in [("=Zoë & Sons", "1 Main\u{2014}rear"), ("'-Volt", "+1 Pine")] {
        let mut employer = new_employer(name);
        employer["address"] = json!(address);
        let id = made(&here, "/organizations", &employer);
        for first_name in ["Ira", "@Ada"] {
            let mut contact = new_contact(&id);
            contact["first_name"] = json!(first_name);
            contact["notes"] = json!("Two\nlines; \"quoted\".");
            made(&here, "/organization-contacts", &contact);
        }
    }
    let books = here.get("/organizations/export").expect(200);
    assert_eq!(
        counts(&organizations(&here, books.bytes()).expect(200).json()),
        [0, 0, 2, 0]
    );
    assert_eq!(
        counts(&organizations(&there, books.bytes()).expect(200).json()),
        [2, 0, 0, 0]
    );
    let names = |who: &Identity<'_>| {
        let list = who.get("/organizations").expect(200).json();
        (texts(&list, "name"), texts(&list, "address"))
    };
    assert_eq!(names(&here), names(&there));
    let people = here.get("/organization-contacts/export").expect(200);
    let report = contacts(&here, people.bytes()).expect(200).json();
    assert_eq!(counts(&report), [0, 0, 4, 0], "{report:#}");
    // Where the organizations have other ids their names tell whose people these are.
    let report = contacts(&there, people.bytes()).expect(200).json();
    assert_eq!(counts(&report), [4, 0, 0, 0], "{report:#}");
    let report = contacts(&there, people.bytes()).expect(200).json();
    assert_eq!(counts(&report), [0, 0, 4, 0], "{report:#}");
}

#[test]
fn one_person_of_an_organization_stays_the_one_to_ask_first_whatever_a_file_says() {
    let app = TestApp::start();
    let who = owner(&app);
    let puget = made(&who, "/organizations", &new_employer("Puget Electric"));
    let free = made(&who, "/organizations", &new_employer("Free Electric"));
    let heading = "Employer,First,Last,Primary?\n";
    // Nobody is said to be first: the first one is.
    let file = format!("{heading}Puget Electric,Ira,Ohm,\nPUGET ELECTRIC,Ada,Voltz,no\n");
    assert_eq!(
        counts(&contacts(&who, file).expect(200).json()),
        [2, 0, 0, 0]
    );
    assert_eq!(people(&who, &puget).1, ["Ira"]);
    // The place moves, also to somebody new, and away from somebody whom the file does not name.
    let file = format!(
        "{heading}Puget Electric,Rosa,Lind,x\nFree Electric,Bo,Amp,\nFree Electric,Cy,Amp,yes\n"
    );
    assert_eq!(
        counts(&contacts(&who, file.clone()).expect(200).json()),
        [3, 0, 0, 0]
    );
    assert_eq!(people(&who, &puget).1, ["Rosa"]);
    assert_eq!(people(&who, &free).1, ["Cy"]);
    assert_eq!(
        counts(&contacts(&who, file).expect(200).json()),
        [0, 0, 3, 0]
    );
    // A no gives nothing up, and two who are first are a mistake.
    let file = format!("{heading}Puget Electric,Rosa,Lind,no\n");
    assert_eq!(
        counts(&contacts(&who, file).expect(200).json()),
        [0, 0, 1, 0]
    );
    let file = format!("{heading}Puget Electric,Ira,Ohm,y\nPuget Electric,Ada,Voltz,y\n");
    let answer = contacts(&who, file).expect(422);
    assert_eq!(mistakes(&answer), ["/rows/2/is_primary second_primary"]);
    let file = format!("{heading}Puget Electric,Ira,Ohm,y\nPuget Electric,Rosa,Lind,\n");
    assert_eq!(
        counts(&contacts(&who, file).expect(200).json()),
        [0, 2, 0, 0]
    );
    assert_eq!(people(&who, &puget).1, ["Ira"]);
}

#[test]
fn a_contact_list_with_mistakes_names_them_all() {
    let app = TestApp::start();
    let who = owner(&app);
    let puget = made(&who, "/organizations", &new_employer("Puget Electric"));
    let free = made(&who, "/organizations", &new_employer("Free Electric"));
    let ira = made(&who, "/organization-contacts", &new_contact(&puget));
    let gone = made(&who, "/organization-contacts", &new_contact(&free));
    who.delete(&format!("/organization-contacts/{gone}"))
        .expect(204);
    for _ in 0..2 {
        made(&who, "/organization-contacts", &new_contact(&free));
    }
    let file = format!(
        "id,organization_id,organization,first_name,last_name,email,is_primary\n\
        ,,,Ada,Voltz,,\n\
        ,,Nowhere Electric,Ada,Voltz,,\n\
        ,{puget},,Ada,Voltz,nowhere,perhaps\n\
        {ira},{free},,Ira,Ohm,,\n\
        {gone},{free},,Ira,Ohm,,\n\
        ,,Free Electric,Ira,Ohm,,\n\
        ,not-an-id,,Bo,Amp,,\n"
    );
    let first = mistakes(&contacts(&who, file.clone()).expect(422)).join("\n");
    let skipped = import(&who, "/organization-contacts/imports?skip_bad=true", file);
    let report = skipped.expect(200).json();
    assert_eq!(report["bad"], 7, "{report:#}");
    let all: Vec<_> = report["errors"]
        .as_array()
        .expect("mistakes")
        .iter()
        .map(|error| format!("{} {}", error["row"], error["code"].as_str().unwrap_or("-")))
        .collect();
    insta::assert_snapshot!(format!("{first}\n\n{}", all.join("\n")), @r"
    /rows/1/organization_name blank
    /rows/3/email not_an_email
    /rows/3/is_primary not_a_boolean
    /rows/7/organization_id not_a_uuid

    1 blank
    3 not_an_email
    3 not_a_boolean
    7 not_a_uuid
    2 unknown_organization
    4 another_organization
    5 deleted_contact
    6 ambiguous_contact
    ");
}

#[test]
fn rehearsed_and_retried_imports_do_what_they_say() {
    let app = TestApp::start();
    let who = owner(&app);
    let total = || {
        who.get("/organizations?include_total=true")
            .expect(200)
            .json()["total"]
            .clone()
    };
    let rehearsed = import(&who, "/organizations/imports?dry_run=true", EMPLOYERS).expect(200);
    assert_eq!(rehearsed.header("dry-run"), Some("true"));
    assert_eq!(total(), json!(0));
    let send = || {
        let request = who.request("POST", "/organizations/imports");
        let request = request.header("Idempotency-Key", "employers");
        request.body("text/csv", EMPLOYERS).send().expect(200)
    };
    let (first, again) = (send(), send());
    assert_eq!(first.text(), again.text());
    assert_eq!(first.text(), rehearsed.text());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(total(), first.json()["created"]);
}

#[test]
fn rows_beyond_one_batch_know_of_those_before() {
    let app = TestApp::start();
    let who = owner(&app);
    let mut file = "name\n".to_owned();
    for number in 0..1_203 {
        file.push_str(&format!("Employer {number}\n"));
    }
    let report = organizations(&who, file.clone()).expect(200).json();
    assert_eq!(counts(&report), [1_203, 0, 0, 0]);
    // The same name in another spelling, far behind, is the same organization.
    file.push_str("EMPLOYER 7\n");
    let answer = organizations(&who, file.replace("Employer 7\n", "Employér 7\n")).expect(422);
    assert_eq!(mistakes(&answer), ["/rows/1204/name duplicate_row"]);
    let mut file = "employer,first,last,primary\n".to_owned();
    for number in 0..1_203 {
        let primary = if number == 1_200 { "yes" } else { "" };
        file.push_str(&format!("Employer 1,Ada,Voltz {number},{primary}\n"));
    }
    let report = contacts(&who, file.clone()).expect(200).json();
    assert_eq!(counts(&report), [1_203, 0, 0, 0]);
    assert_eq!(
        counts(&contacts(&who, file).expect(200).json()),
        [0, 0, 1_203, 0]
    );
    let primary = who
        .get("/organization-contacts?is_primary=true")
        .expect(200);
    assert_eq!(texts(&primary.json(), "last_name"), ["Voltz 1200"]);
}
