//! The subcommands, on a hall that is closed and on one that is open.

use crate::support::{Hall, folder, printed, program, repository, run};

#[test]
fn the_version_and_the_document_need_nothing() {
    let folder = folder();
    let output = run(folder.path(), &["version"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(printed(&output).0.contains(env!("CARGO_PKG_VERSION")));
    let output = run(folder.path(), &["openapi"]);
    let committed = std::fs::read_to_string(repository("docs/openapi.json")).unwrap();
    assert!(printed(&output).0 == committed, "run `just generate`");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn a_wrong_setting_is_named_with_its_source() {
    let folder = folder();
    let output = program(folder.path())
        .env("UNIONHALL_LISTEN", "banana")
        .env("UNIONHALL_LISTN", "127.0.0.1:1")
        .output()
        .unwrap();
    let (_, told) = printed(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("banana") && told.contains("UNIONHALL_LISTN"),
        "{told}"
    );
}

#[test]
fn the_configuration_is_shown_with_secrets_masked_and_sources_named() {
    let folder = folder();
    let output = program(folder.path())
        .args(["config"])
        .env(
            "UNIONHALL_METRICS_TOKEN",
            "a-token-nobody-should-see-0123456789",
        )
        .output()
        .unwrap();
    let (shown, _) = printed(&output);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(shown.contains("UNIONHALL_METRICS_TOKEN"), "{shown}");
    assert!(!shown.contains("nobody-should-see"), "{shown}");
}

#[test]
fn a_roster_is_rehearsed_and_brought_in_beside_an_open_hall() {
    let hall = Hall::open();
    let token = hall.sign_in("staff@local46.example");
    let total =
        |hall: &Hall| hall.get(&token, "/members?include_total=true&limit=1")["total"].clone();
    let before = total(&hall);
    let roster = repository("docs/examples/roster.csv");
    let roster = roster.to_str().unwrap();
    let import = ["import", "members", roster, "--tenant", "local-46"];
    let rehearsed = run(hall.folder.path(), &[&import[..], &["--dry-run"]].concat());
    assert_eq!(
        rehearsed.status.code(),
        Some(0),
        "{:?}",
        printed(&rehearsed)
    );
    assert_eq!(total(&hall), before);
    let done = run(hall.folder.path(), &import);
    assert_eq!(done.status.code(), Some(0), "{:?}", printed(&done));
    assert!(total(&hall).as_u64() > before.as_u64());

    let mistakes = repository("docs/examples/roster-with-mistakes.csv");
    let after = total(&hall);
    let bad = run(
        hall.folder.path(),
        &[
            "import",
            "members",
            mistakes.to_str().unwrap(),
            "--tenant",
            "local-46",
        ],
    );
    assert_eq!(bad.status.code(), Some(5), "{:?}", printed(&bad));
    assert_eq!(total(&hall), after);
    hall.close();
}

#[test]
fn tenants_and_users_are_made_listed_and_given_new_passwords() {
    let folder = folder();
    let at = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        (output.status.code(), printed(&output))
    };
    let tenant = [
        "tenant",
        "create",
        "--slug",
        "local-9",
        "--name",
        "Local 9",
        "--kind",
        "local",
        "--owner-email",
        "ada@local9.example",
    ];
    let (code, shown) = at(&tenant);
    assert_eq!(code, Some(0), "{shown:?}");
    let (code, shown) = at(&tenant);
    assert_eq!(code, Some(7), "{shown:?}");
    let (_, (shown, _)) = at(&["tenant", "list"]);
    assert!(shown.contains("local-9"), "{shown}");
    let user = [
        "user",
        "create",
        "--email",
        "Bo@Local9.example",
        "--first-name",
        "Bo",
        "--last-name",
        "Ruiz",
        "--tenant",
        "local-9",
        "--role",
        "staff",
    ];
    let (code, shown) = at(&user);
    assert_eq!(code, Some(0), "{shown:?}");
    let (code, _) = at(&user);
    assert_eq!(code, Some(7));
    let (_, (shown, _)) = at(&["user", "list", "--tenant", "local-9"]);
    assert!(
        shown.contains("bo@local9.example") && shown.contains("ada@local9.example"),
        "{shown}"
    );
    let (code, shown) = at(&["user", "reset-password", "--email", "bo@local9.example"]);
    assert_eq!(code, Some(0), "{shown:?}");
    let (code, _) = at(&["user", "reset-password", "--email", "nobody@local9.example"]);
    assert_eq!(code, Some(6));
    let (code, _) = at(&["user", "list", "--tenant", "local-10"]);
    assert_eq!(code, Some(6));
}
