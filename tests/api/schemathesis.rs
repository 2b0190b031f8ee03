//! The document against the service, judged by a program nobody here wrote: no answer outside the document.
//!
//! Schemathesis makes requests from the document, good and bad ones, and holds each answer against it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use unionhall_domain::roles::Role;
use unionhall_embedded::python_tools;
use unionhall_testing::TestApp;

use crate::fixtures::{owner, records, texts};

/// What an answer must hold to.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance";
/// Starts it: the package has no module that can be run.
const START: &str = "from schemathesis.cli import schemathesis; schemathesis()";

/// The addresses that end sessions or show tokens, which schemathesis learns and then uses a second time.
const SESSIONS: &str = "/auth/(logout|switch-tenant)|/me/sessions";

/// The document as it is served, tried as this role; `settings` are those of schemathesis's own file.
fn try_out(app: &TestApp, role: Role, choice: &[&str], settings: &str) {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemathesis/requirements.txt");
    let packages: PathBuf = python_tools::install(&requirements)
        .unwrap_or_else(|error| panic!("schemathesis cannot be had: {error}"));
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    fs::write(folder.path().join("schemathesis.toml"), settings).expect("a file can be written");
    let who = app.as_role(role);
    let token = who.token().expect("a role is signed in");
    let output = Command::new("python3")
        .args([
            "-c",
            START,
            "run",
            &app.url("/api/v1/openapi.json"),
            "--no-color",
        ])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", CHECKS, "--max-examples", "10"])
        .args([
            "--seed",
            "46",
            "--workers",
            "1",
            "--generation-database",
            "none",
        ])
        .args([
            "--suppress-health-check",
            "all",
            "--continue-on-failure",
            "--warnings",
            "off",
        ])
        .args(choice)
        .env("PYTHONPATH", packages)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(folder.path())
        .output()
        .expect("python3 can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("No issues found"), "{said}\n{complained}");
}

#[test]
fn whatever_is_asked_by_staff_the_answer_is_one_of_the_document() {
    let app = TestApp::start();
    app.ignore_mail();
    let choice = [
        "--phases",
        "examples,coverage",
        "--exclude-path-regex",
        SESSIONS,
    ];
    try_out(&app, Role::Staff, &choice, "");
    // To the end it was staff who asked.
    app.as_role(Role::Staff).get("/members").expect(200);
}

#[test]
fn whatever_is_done_by_an_owner_to_records_that_exist_the_answer_is_one_of_the_document() {
    let app = TestApp::start();
    app.ignore_mail();
    let records = records(&app, &owner(&app), "L");
    let kinds = [
        ("members", &records.member),
        ("organizations", &records.employer),
        ("grievances", &records.grievance),
    ];
    let settings: String = kinds
        .iter()
        .map(|(kind, id)| {
            let paths = format!("include-path-regex = \"/{kind}/\\\\{{id\\\\}}\"");
            format!("[[operations]]\n{paths}\nparameters = {{ \"path.id\" = \"{id}\" }}\n")
        })
        .collect();
    let choice = [
        "--phases",
        "examples,fuzzing",
        "--exclude-path-regex",
        SESSIONS,
    ];
    try_out(&app, Role::Owner, &choice, &settings);
    // It did come through to the records. Reading organizations is not on record, so those say nothing.
    for id in [&records.member, &records.grievance] {
        let path = format!("/audit-events?limit=100&target_id={id}");
        let devices = texts(&owner(&app).get(&path).expect(200).json(), "device");
        let tried = devices
            .iter()
            .any(|device| device.starts_with("schemathesis/"));
        assert!(tried, "{devices:?}");
    }
}

#[test]
fn whatever_is_tried_with_sessions_the_answer_is_one_of_the_document() {
    let app = TestApp::start();
    app.ignore_mail();
    let choice = [
        "--phases",
        "examples,fuzzing",
        "--include-path-regex",
        "/auth/",
    ];
    try_out(&app, Role::Officer, &choice, "");
}
