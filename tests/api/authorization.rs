//! Who may do what: every operation of the document, tried by each of the nine roles and by nobody.

mod agreements;
mod audit;
mod benevolence;
mod deadlines;
mod documents;
mod employments;
mod exports;
mod members;
mod organizations;
mod organizing;
mod parts;
mod school;
mod second_factors;
mod sign_in;
mod tenants;
mod training;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};

use crate::{
    benevolence::{FundRecords, fund_records},
    document::{self, Operation},
    fixtures::{Records, filing, meeting, organized, owner, reason, records_without_organizing},
};

/// The service with its records.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) records: Records,
    pub(crate) fund: FundRecords,
}

impl World {
    /// A service in which every row finds what it asks for, but nobody has organized.
    pub(crate) fn before_organizing() -> Self {
        let app = TestApp::start();
        // Some rows ask for mail.
        app.ignore_mail();
        let records = records_without_organizing(&app, &owner(&app), "L");
        app.is_member(Id::parse(&records.member).expect("an id"));
        let fund = fund_records(&app.local, &owner(&app), &records.member);
        Self { app, records, fund }
    }

    /// The id of an employer of the local.
    pub(crate) fn employer(&self) -> String {
        self.records.employer.clone()
    }

    /// The same service after somebody has.
    pub(crate) fn organized(self) -> Self {
        let records = organized(&self.app, &owner(&self.app), self.records);
        Self { records, ..self }
    }

    /// A service in which every row finds what it asks for.
    pub(crate) fn new() -> Self {
        Self::before_organizing().organized()
    }
}

/// What a row sends.
struct Asked {
    method: &'static str,
    path: String,
    body: Body,
}

enum Body {
    None,
    Json(Value),
    Csv(&'static str),
    Png(&'static [u8]),
    Form(Vec<u8>),
}

/// A row: the operation, what is sent, and the status for each role in the order of [`Role::ALL`] and for nobody.
pub(crate) struct Row {
    pub(crate) operation: &'static str,
    expected: [u16; 10],
    ask: fn(&World, &str) -> Asked,
    /// Whether a session of its own is used, because it ends.
    ends_session: bool,
}

impl Row {
    /// The path that the owner asks for, with its query.
    pub(crate) fn path(&self, world: &World) -> String {
        let email = world.app.local.person(Role::Owner).email.as_str();
        (self.ask)(world, email).path
    }

    /// The status that a role is answered with.
    pub(crate) fn expects(&self, role: Role) -> u16 {
        let people = Role::ALL.into_iter().zip(self.expected);
        let mut of_role = people.filter(|(known, _)| *known == role);
        of_role.next().expect("every role has a status").1
    }
}

/// Everybody who is signed in may, with this status; nobody else.
const fn signed_in(status: u16) -> [u16; 10] {
    let mut expected = [status; 10];
    expected[9] = 401;
    expected
}

/// The first so many roles may, with this status; the others are told that they may not.
const fn first(count: usize, status: u16) -> [u16; 10] {
    let mut expected = [403; 10];
    let mut index = 0;
    while index < count {
        expected[index] = status;
        index += 1;
    }
    expected[9] = 401;
    expected
}

/// The same, but the member, who may read what is their own, has this status.
const fn and_member(mut expected: [u16; 10], status: u16) -> [u16; 10] {
    expected[7] = status;
    expected
}

const ADMINS: usize = 2;
const OFFICERS: usize = 3;
const STAFF: usize = 4;
const ORGANIZERS: usize = 5;
const MODERATORS: usize = 7;

const fn row(operation: &'static str, expected: [u16; 10], ask: fn(&World, &str) -> Asked) -> Row {
    Row {
        operation,
        expected,
        ask,
        ends_session: false,
    }
}

fn get(path: String) -> Asked {
    asked("GET", path, Body::None)
}

/// A rehearsal: the records stay as they are for the next role.
fn rehearse(method: &'static str, path: &str, body: Body) -> Asked {
    asked(method, format!("{path}?dry_run=true"), body)
}

const fn asked(method: &'static str, path: String, body: Body) -> Asked {
    Asked { method, path, body }
}

fn act(id: &str, verb: &str, body: Body) -> Asked {
    rehearse("POST", &format!("/grievances/{id}/{verb}"), body)
}

/// The matrix.
pub(crate) fn matrix() -> Vec<Row> {
    let mut rows = users();
    rows.extend(invitations());
    rows.extend(members::rows());
    rows.extend(organizations::rows());
    rows.extend(organizations::contacts());
    rows.extend(employments::rows());
    rows.extend(grievances());
    rows.extend(parts::rows());
    rows.extend(school::rows());
    rows.extend(agreements::rows());
    rows.extend(deadlines::rows());
    rows.extend(deadlines::feeds());
    rows.extend(documents::rows());
    rows.extend(audit::rows());
    rows.extend(benevolence::rows());
    rows.extend(exports::rows());
    rows.extend(organizing::rows());
    rows.extend(training::rows());
    rows.push(row("search_find", signed_in(200), |_, _| {
        get("/search?q=voltz".to_owned())
    }));
    rows.extend(tenants::rows());
    rows.extend(tenants::signups());
    rows.extend(sign_in::own_sessions());
    rows.extend(sign_in::accounts());
    rows.extend(sign_in::invited());
    rows.extend(second_factors::rows());
    // Last, because they end sessions.
    rows.extend(sign_in::auth());
    rows.push(sign_in::ending_the_others());
    rows
}

fn users() -> Vec<Row> {
    vec![
        row("users_list", first(MODERATORS, 200), |_, _| {
            get("/users?q=contact".to_owned())
        }),
        // Who is not at work is shown to who manages users.
        row("users_list", first(ADMINS, 200), |_, _| {
            get("/users?state=suspended".to_owned())
        }),
        row("users_find", first(MODERATORS, 200), |world, _| {
            get(of_user(world, ""))
        }),
        row("users_set_roles", first(ADMINS, 200), |world, _| {
            let body = json!({"roles": [{"role": "member"}]});
            rehearse("PUT", &of_user(world, "/roles"), Body::Json(body))
        }),
        // A role above all that one holds is not one's to give.
        row("users_set_roles", first(1, 200), |world, _| {
            let body = json!({"roles": [{"role": "owner"}]});
            rehearse("PUT", &of_user(world, "/roles"), Body::Json(body))
        }),
        row("users_suspend", first(ADMINS, 200), |world, _| {
            rehearse("POST", &of_user(world, "/suspend"), Body::Json(reason()))
        }),
        row("users_reactivate", first(ADMINS, 200), |world, _| {
            let path = format!("/users/{}/reactivate", world.records.suspended_user);
            rehearse("POST", &path, Body::None)
        }),
        row("users_remove", first(ADMINS, 204), |world, _| {
            rehearse("DELETE", &of_user(world, ""), Body::None)
        }),
        row("users_restore", first(ADMINS, 200), |world, _| {
            let path = format!("/users/{}/restore", world.records.removed_user);
            rehearse("POST", &path, Body::None)
        }),
        row("users_link_member", first(ADMINS, 200), |world, _| {
            let body = json!({"member_id": world.records.free_member});
            rehearse("PUT", &of_user(world, "/member"), Body::Json(body))
        }),
        row("users_unlink_member", first(ADMINS, 200), |world, _| {
            rehearse("DELETE", &of_user(world, "/member"), Body::None)
        }),
        // The person has no second factor to be reset.
        row("second_factors_reset", first(ADMINS, 404), |world, _| {
            let path = of_user(world, "/reset-second-factor");
            asked("POST", path, Body::Json(reason()))
        }),
        row("users_permissions", signed_in(200), |_, _| {
            get("/permissions".to_owned())
        }),
    ]
}

fn invitations() -> Vec<Row> {
    vec![
        row("invitations_list", first(ADMINS, 200), |_, _| {
            get("/invitations".to_owned())
        }),
        row("invitations_find", first(ADMINS, 200), |world, _| {
            get(of_invitation(world, ""))
        }),
        row("invitations_send", first(ADMINS, 201), |_, _| {
            let body = json!({"email": "new@spark.example", "roles": [{"role": "admin"}]});
            rehearse("POST", "/invitations", Body::Json(body))
        }),
        // A role above all that one holds is not one's to give.
        row("invitations_send", first(1, 201), |_, _| {
            let body = json!({"email": "new@spark.example", "roles": [{"role": "owner"}]});
            rehearse("POST", "/invitations", Body::Json(body))
        }),
        row("invitations_send_many", first(ADMINS, 200), |_, _| {
            let new = json!({"email": "new@spark.example", "roles": [{"role": "admin"}]});
            let path = "/invitations/batch";
            rehearse("POST", path, Body::Json(json!({"invitations": [new]})))
        }),
        row("invitations_statistics", first(ADMINS, 200), |_, _| {
            get("/invitations/statistics".to_owned())
        }),
        row("invitations_resend", first(ADMINS, 200), |world, _| {
            rehearse("POST", &of_invitation(world, "/resend"), Body::None)
        }),
        row("invitations_cancel", first(ADMINS, 200), |world, _| {
            rehearse("POST", &of_invitation(world, "/cancel"), Body::None)
        }),
    ]
}

fn of_invitation(world: &World, rest: &str) -> String {
    format!("/invitations/{}{rest}", world.records.invitation)
}

fn of_user(world: &World, rest: &str) -> String {
    format!("/users/{}{rest}", world.records.user)
}

fn grievances() -> Vec<Row> {
    let mut rows = vec![
        row(
            "grievances_list",
            and_member(first(STAFF, 200), 200),
            |_, _| get("/grievances".to_owned()),
        ),
        row(
            "grievances_find",
            and_member(first(STAFF, 200), 200),
            |world, _| get(format!("/grievances/{}", world.records.grievance)),
        ),
        row(
            "grievances_find_by_number",
            and_member(first(STAFF, 200), 200),
            |world, _| {
                get(format!(
                    "/grievances/by-number/{}",
                    world.records.grievance_number
                ))
            },
        ),
        row(
            "grievances_steps",
            and_member(first(STAFF, 200), 200),
            |world, _| get(format!("/grievances/{}/steps", world.records.denied)),
        ),
        row("grievances_file", first(STAFF, 201), |world, _| {
            let body = filing(&world.records.member, &world.records.employer);
            rehearse("POST", "/grievances", Body::Json(body))
        }),
        row("grievances_update", first(STAFF, 200), |world, _| {
            let path = format!("/grievances/{}", world.records.grievance);
            rehearse(
                "PATCH",
                &path,
                Body::Json(json!({"notes": "Called the steward."})),
            )
        }),
        row("grievances_delete", first(OFFICERS, 204), |world, _| {
            let path = format!("/grievances/{}", world.records.grievance);
            rehearse("DELETE", &path, Body::None)
        }),
        row("grievances_restore", first(OFFICERS, 200), |world, _| {
            let path = format!("/grievances/{}/restore", world.records.deleted_grievance);
            rehearse("POST", &path, Body::None)
        }),
    ];
    rows.extend(moves());
    rows
}

fn moves() -> Vec<Row> {
    vec![
        row("grievances_record_step", first(STAFF, 201), |world, _| {
            let body = Body::Json(meeting(&world.app, "denied"));
            act(&world.records.grievance, "steps", body)
        }),
        row("grievances_record_step", first(STAFF, 201), |world, _| {
            let body = Body::Json(meeting(&world.app, "advanced"));
            act(&world.records.grievance, "steps", body)
        }),
        // To settle is to decide.
        row(
            "grievances_record_step",
            first(OFFICERS, 201),
            |world, _| {
                let body = Body::Json(meeting(&world.app, "settled"));
                act(&world.records.grievance, "steps", body)
            },
        ),
        row("grievances_investigate", first(STAFF, 200), |world, _| {
            act(&world.records.grievance, "investigate", Body::None)
        }),
        row(
            "grievances_schedule_hearing",
            first(STAFF, 200),
            |world, _| act(&world.records.grievance, "schedule-hearing", Body::None),
        ),
        row("grievances_advance", first(STAFF, 200), |world, _| {
            act(&world.records.denied, "advance", Body::None)
        }),
        row("grievances_withdraw", first(OFFICERS, 200), |world, _| {
            act(&world.records.grievance, "withdraw", Body::Json(reason()))
        }),
        row("grievances_close", first(OFFICERS, 200), |world, _| {
            act(&world.records.settled, "close", Body::Json(reason()))
        }),
        row("grievances_reopen", first(OFFICERS, 200), |world, _| {
            act(&world.records.settled, "reopen", Body::Json(reason()))
        }),
    ]
}

#[test]
fn every_operation_answers_every_role_and_nobody_as_the_matrix_says() {
    let world = World::new();
    let operations = document::operations(&document::served(&world.app));
    let mut wrong = Vec::new();
    for row in matrix() {
        let operation = operations
            .iter()
            .find(|operation| operation.id == row.operation)
            .unwrap_or_else(|| panic!("a row for {}, which the document lacks", row.operation));
        let people = Role::ALL.into_iter().map(Some).chain([None]);
        for (role, expected) in people.zip(row.expected) {
            let answer = tried(&world, operation, &row, role);
            if answer.status() != expected {
                let who = role.map_or("nobody", Role::as_str);
                let status = answer.status();
                wrong.push(format!(
                    "{} by {who}: {status}, not {expected}",
                    row.operation
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_operation_of_the_document_has_a_row() {
    let app = TestApp::start();
    let operations = document::operations(&document::served(&app));
    let documented: BTreeSet<_> = operations.iter().map(|found| found.id.as_str()).collect();
    let rows: BTreeSet<_> = matrix().iter().map(|row| row.operation).collect();
    let without: Vec<_> = documented.symmetric_difference(&rows).collect();
    assert!(
        without.is_empty(),
        "either row or operation is missing: {without:?}"
    );
}

/// What a row's request is answered when a role, or nobody, sends it.
pub(crate) fn tried(world: &World, operation: &Operation, row: &Row, role: Option<Role>) -> Answer {
    let hall = &world.app.local;
    let person = hall.person(role.unwrap_or(Role::Staff));
    let email = person.email.as_str();
    let asked = (row.ask)(world, email);
    assert!(
        operation.takes(asked.method, &asked.path),
        "the row of {} asks {} {}",
        operation.id,
        asked.method,
        asked.path
    );
    let identity: Identity<'_> = match role {
        None => world.app.anonymous(),
        Some(_) if row.ends_session => {
            let token = world.app.sign_in(email).text_at("/access_token");
            world.app.with_token(&token)
        }
        Some(role) => world.app.as_role(role),
    };
    let request = identity.request(asked.method, &asked.path);
    match asked.body {
        Body::None => request,
        Body::Json(body) => request.json(&body),
        Body::Csv(roster) => request.body("text/csv", roster),
        Body::Png(picture) => request.body("image/png", picture),
        Body::Form(form) => request.body(crate::documents::FORM, form),
    }
    .send()
}
