//! Two tenants on one installation: nothing of one can be seen, named or changed from the other.

mod benevolence;
mod probes;
mod sql;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::{Value, json};
use unionhall_domain::{roles::Role, second_factors::TrustedDevice};
use unionhall_ports::unit_of_work::Scope;
use unionhall_testing::{TestApp, app::Answer, builders};

use self::probes::{Ids, Probe, probes};
use crate::{
    benevolence::{APPLICATIONS, asking, fund_records},
    document::{self, Operation},
    fixtures::{filing, meeting, new_member, owner, records, school::new_sent},
};

/// What a client can tell an answer by: all of it but date, id of the request and cost.
fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    (
        answer.status(),
        answer.lasting_headers(),
        answer.text_without_request_id(),
    )
}

/// A service in which both tenants have records, and what the local's owner could name of the trust.
fn world() -> (TestApp, Ids) {
    let app = TestApp::start();
    app.ignore_mail();
    let trust = app.in_trust(Role::Owner);
    let ours = records(&app, &owner(&app), "L");
    let mut theirs = records(&app, &trust, "T");
    // Mail and kept answers of both, which no route shows.
    for (owner, records) in [(&owner(&app), &ours), (&trust, &theirs)] {
        let path = format!("/grievances/{}", records.denied);
        owner
            .request("PATCH", &path)
            .header("Idempotency-Key", "kept")
            .json(&json!({"assigned_representative_id": records.representative}))
            .send()
            .expect(200);
        let path = format!("{path}/steps");
        owner.post(&path, &meeting(&app, "denied")).expect(201);
        owner.act("/me/deadline-feed").expect(201);
    }
    // The local has as many grievances: only what comes after is the trust's alone.
    let body = filing(&theirs.member, &theirs.employer);
    let member = theirs.member.as_str();
    let funds = [
        fund_records(&app.local, &owner(&app), &ours.member),
        fund_records(&app.trust, &trust, member),
    ];
    // The local has as many applications: only the number of this one is the trust's alone.
    let application = trust.post(APPLICATIONS, &asking(member, "1")).expect(201);
    let [_, mut fund] = funds;
    fund.number = application.text_at("/application_number");
    fund.draft = application.text_at("/id");
    // The local has as many students: only the number of this one is the trust's alone.
    let sent = new_sent(&theirs.school.union, "77-9");
    let student = trust.post("/students", &sent).expect(201);
    theirs.school.student_number = student.text_at("/student_number");
    let number = trust.post("/grievances", &body).expect(201);
    let number = number.text_at("/grievance_number");
    let session = trust.get("/me/sessions").expect(200).text_at("/items/0/id");
    let device = trusted_device(&app);
    (app, Ids::of_trust(theirs, number, session, device, fund))
}

/// A device that the trust's owner trusts.
fn trusted_device(app: &TestApp) -> String {
    let device = TrustedDevice {
        id: builders::fresh_id(),
        user: app.trust.person(Role::Owner).id,
        label: None,
        created_at: app.now(),
        last_used_at: None,
        expires_at: app.now() + SignedDuration::from_hours(1),
    };
    builders::store(app.storage(), Scope::Identity, |tx| {
        tx.trusted_devices().insert(&device, &[7; 32])
    });
    device.id.to_string()
}

#[test]
fn another_tenants_id_is_answered_like_one_that_never_existed() {
    let (app, theirs) = world();
    let owner = owner(&app);
    let never = Ids::never();
    for Probe { place, send } in probes() {
        let (foreign, unknown) = (send(&app, &owner, &theirs), send(&app, &owner, &never));
        assert_eq!(seen(&foreign), seen(&unknown), "{place}");
    }
}

#[test]
fn what_is_no_id_is_the_id_of_nothing() {
    let (app, _) = world();
    let owner = owner(&app);
    let (never, none) = (Ids::never(), Ids::none());
    for Probe { place, send } in probes() {
        // In a query or a body it is a wrong value, which the answer names.
        if place.contains(" path ") {
            let (garbled, unknown) = (send(&app, &owner, &none), send(&app, &owner, &never));
            if place.starts_with("audit_") {
                // Records that never existed have no events; what is no id is not even a record.
                assert_eq!((garbled.status(), unknown.status()), (404, 200));
            } else {
                assert_eq!(seen(&garbled), seen(&unknown), "{place}");
                assert_eq!(unknown.status(), 404, "{place}");
            }
        }
    }
}

#[test]
fn every_place_of_the_document_that_takes_an_id_is_probed() {
    let app = TestApp::start();
    let document = document::served(&app);
    let operations = document::operations(&document);
    let places: BTreeSet<_> = operations
        .iter()
        .flat_map(|operation| places(&document, operation))
        .collect();
    let probed: BTreeSet<_> = probes()
        .into_iter()
        .map(|probe| probe.place.to_owned())
        .collect();
    let missing: Vec<_> = places.symmetric_difference(&probed).collect();
    assert!(missing.is_empty(), "not probed, or not there: {missing:#?}");
}

/// Every place at which an operation takes the id or number of a record, as the probes name it.
fn places(document: &Value, operation: &Operation) -> Vec<String> {
    let id = &operation.id;
    let mut places = Vec::new();
    for name in operation.parameters("path") {
        // The kind of a record, a year and the number of a version are not of any tenant, and the card behind a slug is everybody's to see;
        // the token of a feed is nobody's to guess.
        if !["type", "slug", "version", "year", "token"].contains(&name.as_str()) {
            places.push(format!("{id} path {name}"));
        }
    }
    let uuid = |schema: &Value| schema["format"] == "uuid";
    let parameters = operation.description["parameters"].as_array();
    for parameter in parameters.into_iter().flatten() {
        if parameter["in"] == "query" && uuid(&parameter["schema"]) {
            places.push(format!(
                "{id} query {}",
                parameter["name"].as_str().unwrap_or_default()
            ));
        }
    }
    if let Some(body) = document::json_body(document, operation) {
        let fields = body["properties"].as_object().into_iter().flatten();
        for (name, schema) in fields {
            if uuid(schema) {
                places.push(format!("{id} body {name}"));
            }
        }
    }
    places
}

#[test]
fn lists_and_searches_of_one_tenant_hold_nothing_of_the_other() {
    let (app, theirs) = world();
    let owner = owner(&app);
    for (path, total) in [
        ("/users?include_total=true", Some(11)),
        ("/users?state=removed&include_total=true", Some(1)),
        ("/invitations?include_total=true", Some(1)),
        ("/members?include_total=true", Some(2)),
        ("/members?q=Voltz&include_total=true", Some(2)),
        ("/members?q=Voltzz&include_total=true", Some(2)),
        ("/organizations?include_total=true", Some(3)),
        ("/organizations?q=electric&include_total=true", Some(2)),
        ("/organization-contacts?include_total=true", Some(2)),
        ("/organization-contacts?q=ohm&include_total=true", Some(2)),
        ("/member-employments?include_total=true", Some(1)),
        ("/benevolence-applications?include_total=true", Some(5)),
        (
            "/benevolence-applications?q=surgery&include_total=true",
            Some(5),
        ),
        ("/benevolence-applications/waiting", None),
        ("/benevolence-applications/waiting-for-me", None),
        ("/benevolence-applications/statistics", None),
        ("/benevolence-fund/entries?include_total=true", Some(1)),
        ("/benevolence-fund/payments?include_total=true", Some(1)),
        ("/benevolence-fund/seats", None),
        ("/benevolence-fund/relations", None),
        ("/campaigns?include_total=true", Some(3)),
        ("/locations?include_total=true", Some(2)),
        ("/locations?q=renton&include_total=true", Some(2)),
        ("/instructors?include_total=true", Some(2)),
        ("/instructors?q=mara&include_total=true", Some(2)),
        ("/students?include_total=true", Some(4)),
        ("/students?q=sender&include_total=true", Some(3)),
        ("/cohorts?include_total=true", Some(4)),
        ("/courses?include_total=true", Some(2)),
        ("/classes?include_total=true", Some(2)),
        ("/class-sessions?include_total=true", Some(4)),
        ("/salting-activities?include_total=true", Some(1)),
        ("/grievances?include_total=true", Some(4)),
        ("/grievances?q=overtime&include_total=true", Some(4)),
        ("/agreements?include_total=true", Some(2)),
        ("/deadlines?include_total=true", Some(1)),
        ("/audit-events?limit=100", None),
    ] {
        let ours = owner.get(path).expect(200);
        for id in theirs.all() {
            assert!(!ours.text().contains(id), "{path} shows {id}");
        }
        assert_eq!(ours.json()["total"].as_u64(), total, "{path}");
    }
}

#[test]
fn numbers_of_members_and_grievances_are_each_tenants_own() {
    let (app, _) = world();
    let number = format!("GR-{}-0001", app.today().year());
    let path = format!("/grievances/by-number/{number}");
    let trust = app.in_trust(Role::Owner);
    let (ours, others) = (owner(&app).get(&path), trust.get(&path));
    assert_ne!(ours.text_at("/id"), others.text_at("/id"));
    let body = new_member("T-1");
    owner(&app).post("/members", &body).expect(201);
}
