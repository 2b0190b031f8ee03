//! The first run: one tenant and its owner, once, by hand or on its own.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
};

use crate::support::{Hall, folder, printed, program};

const PASSWORD: &str = "solidarity-forever";

/// The program on an installation without demo data.
fn bare(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = program(folder);
    command.args(arguments).env("UNIONHALL_DEMO", "false");
    command
}

fn setup<'a>(slug: &'a str, email: &'a str) -> Vec<&'a str> {
    let name = ["--name", "IBEW Local 46", "--kind", "local"];
    let hall = ["setup", "--slug", slug, "--owner-email", email];
    [&hall[..], &name].concat()
}

fn with_input(mut command: Command, input: &str) -> Output {
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = piped.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    process.wait_with_output().unwrap()
}

#[test]
fn a_hall_is_set_up_once_and_its_owner_signs_in() {
    let folder = Arc::new(folder());
    let mut arguments = setup("local-46", "ada@hall.example");
    arguments.push("--password-stdin");
    let made = with_input(bare(folder.path(), &arguments), &format!("{PASSWORD}\n"));
    let (out, told) = printed(&made);
    assert_eq!(made.status.code(), Some(0), "{told}");
    assert!(out.contains("made the tenant local-46"), "{out}");
    assert!(out.contains("made its owner ada@hall.example"), "{out}");
    assert!(told.contains("unionhall serve"), "{told}");
    assert!(!format!("{out}{told}").contains(PASSWORD));

    let again = setup("local-47", "eve@hall.example");
    let refused = bare(folder.path(), &again).output().unwrap();
    let (_, told) = printed(&refused);
    assert_eq!(refused.status.code(), Some(7), "{told}");
    assert!(told.contains("unionhall tenant create"), "{told}");

    let hall = Hall::start(Arc::clone(&folder), bare(folder.path(), &[]));
    let token = hall.sign_in("ada@hall.example");
    let me = hall.get(&token, "/auth/me");
    assert!(me.to_string().contains("owner"), "{me}");
    hall.close();
}

#[test]
fn of_two_who_set_up_at_once_one_does() {
    let folder = Arc::new(folder());
    let hall = Hall::start(Arc::clone(&folder), bare(folder.path(), &[]));
    let tries = ["local-1", "local-2"].map(|slug| {
        bare(folder.path(), &setup(slug, "ada@hall.example"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    });
    let mut codes = tries.map(|mut one| one.wait().unwrap().code());
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(7)]);
    let listed = bare(folder.path(), &["tenant", "list"]).output().unwrap();
    assert_eq!(
        printed(&listed).0.lines().count(),
        2,
        "a heading and one hall"
    );
    hall.close();
}

#[test]
fn an_owner_without_a_password_is_sent_a_link_to_choose_one() {
    let folder = Arc::new(folder());
    let mut command = bare(folder.path(), &setup("local-46", "ada@hall.example"));
    let made = command.output().unwrap();
    let (out, told) = printed(&made);
    assert_eq!(made.status.code(), Some(0), "{told}");
    assert!(told.contains("/account/forgot-password"), "{told}");
    assert!(!format!("{out}{told}").contains("token="), "{out}{told}");
    // The worker sends what waits before it looks whether it is to stop.
    Hall::start(Arc::clone(&folder), bare(folder.path(), &[])).close();
    let mailbox = folder.path().join("mailbox");
    let mails = fs::read_dir(mailbox).unwrap();
    let mails: Vec<_> = mails
        .map(|mail| fs::read_to_string(mail.unwrap().path()).unwrap())
        .collect();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("To: ada@hall.example"), "{}", mails[0]);
    // Long lines are folded in transit.
    let unfolded = mails[0].replace("=\r\n", "");
    assert!(
        unfolded.contains("/account/reset-password#token="),
        "{unfolded}"
    );
}

#[test]
fn an_installation_that_nobody_sits_at_sets_itself_up_on_its_first_start_alone() {
    let folder = Arc::new(folder());
    let password = folder.path().join("password");
    fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    let unattended = |slug: &str| {
        let mut command = bare(folder.path(), &[]);
        command
            .env("UNIONHALL_SETUP_SLUG", slug)
            .env("UNIONHALL_SETUP_NAME", "IBEW Local 46")
            .env("UNIONHALL_SETUP_KIND", "local")
            .env("UNIONHALL_SETUP_OWNER_EMAIL", "ada@hall.example")
            .env("UNIONHALL_SETUP_PASSWORD_FILE", &password);
        command
    };
    let hall = Hall::start(Arc::clone(&folder), unattended("local-46"));
    hall.sign_in("ada@hall.example");
    assert!(hall.close().contains("made the first tenant, local-46"));
    fs::remove_file(&password).unwrap();
    let hall = Hall::start(Arc::clone(&folder), unattended("local-47"));
    hall.sign_in("ada@hall.example");
    assert!(!hall.close().contains("made the first tenant"));
}

#[test]
fn what_is_missing_or_wrong_is_named_and_nothing_is_made() {
    let folder = folder();
    let nothing = bare(folder.path(), &["setup"]).output().unwrap();
    assert_eq!(nothing.status.code(), Some(2));
    assert!(printed(&nothing).1.contains("--owner-email"));

    let mut half = bare(folder.path(), &["setup"]);
    half.env("UNIONHALL_SETUP_SLUG", "local-46");
    let half = half.output().unwrap();
    assert_eq!(half.status.code(), Some(2));
    assert!(printed(&half).1.contains("UNIONHALL_SETUP_OWNER_EMAIL"));

    let mut arguments = setup("local-46", "ada@hall.example");
    arguments.push("--password-stdin");
    let short = with_input(bare(folder.path(), &arguments), "short\n");
    assert_eq!(short.status.code(), Some(2), "{:?}", printed(&short));
    let listed = bare(folder.path(), &["tenant", "list"]).output().unwrap();
    assert_eq!(printed(&listed).0.lines().count(), 1, "a heading alone");
}
