//! From the first start to the last word on the screen.

use std::{net::TcpListener, sync::Arc, time::Duration};

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Hall, program, run};

#[test]
fn the_first_start_opens_a_hall_that_can_be_used_and_the_second_finds_it_as_it_was() {
    let hall = Hall::open();
    let screen = hall.screen();
    for shown in [
        "Starting PostgreSQL",
        "owner@local46.example",
        "solidarity-forever",
        "data lies in",
    ] {
        assert!(
            screen.contains(shown),
            "{shown} is not on the screen:\n{screen}"
        );
    }
    let token = hall.sign_in("staff@local46.example");
    let before = hall.get(&token, "/members?include_total=true&limit=1")["total"].clone();
    assert!(before.as_u64().unwrap() > 100);
    let folder = Arc::clone(&hall.folder);
    let screen = hall.close();
    assert!(screen.trim_end().ends_with("stopped"), "{screen}");

    let hall = Hall::open_in(folder);
    assert!(
        !hall.screen().contains("applied migration"),
        "{}",
        hall.screen()
    );
    let token = hall.sign_in("staff@local46.example");
    let after = hall.get(&token, "/members?include_total=true&limit=1")["total"].clone();
    assert_eq!(before, after);
    hall.close();
}

#[test]
fn the_demos_deadlines_are_those_of_a_hall_that_works() {
    let hall = Hall::open();
    let token = hall.sign_in("officer@local46.example");
    let running = hall.get(&token, "/deadlines?limit=100");
    let running = running["items"].as_array().expect("rows");
    let left: Vec<_> = running
        .iter()
        .map(|row| row["days_left"].as_i64().expect("a number"))
        .collect();
    let over = left.iter().filter(|days| **days < 0).count();
    assert!((1..=3).contains(&over), "{left:?}");
    assert!(left.iter().all(|days| *days >= -7), "{left:?}");
    assert!(left.iter().any(|days| (0..=7).contains(days)), "{left:?}");
    hall.close();
}

#[test]
fn every_demo_person_can_sign_in_and_the_pages_lead_to_everything() {
    let hall = Hall::open();
    for person in [
        "owner",
        "admin",
        "officer",
        "staff",
        "organizer",
        "instructor",
        "moderator",
        "member",
    ] {
        let token = hall.sign_in(&format!("{person}@local46.example"));
        assert_eq!(hall.get(&token, "/auth/me")["roles"], json!([person]));
    }
    for person in ["owner", "staff"] {
        let token = hall.sign_in(&format!("{person}@trust.example"));
        assert_eq!(
            hall.get(&token, "/auth/me")["tenant"]["slug"],
            "training-trust"
        );
    }
    for page in [
        "/",
        "/docs/",
        "/mailbox",
        "/livez",
        "/readyz",
        "/problems/not_found",
    ] {
        let answer = hall
            .client
            .get(format!("{}{page}", hall.address))
            .send()
            .unwrap();
        assert_eq!(answer.status(), 200, "{page}");
    }
    hall.close();
}

#[test]
fn a_second_start_on_the_same_folder_is_refused_in_plain_words() {
    let hall = Hall::open();
    let output = run(hall.folder.path(), &["serve"]);
    let (_, told) = crate::support::printed(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains(hall.folder.path().to_str().unwrap()),
        "{told}"
    );
    assert!(told.contains(&hall.pid().to_string()), "{told}");
    hall.close();
}

#[test]
fn a_port_in_use_is_said_before_anything_is_started() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = crate::support::folder();
    let output = program(folder.path())
        .env("UNIONHALL_LISTEN", &address)
        .output()
        .unwrap();
    let (shown, told) = crate::support::printed(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(
        told.contains(&address) && told.contains("UNIONHALL_LISTEN"),
        "{told}"
    );
    assert!(!shown.contains("PostgreSQL"), "{shown}");
}

#[test]
fn a_request_in_flight_is_answered_before_the_hall_closes() {
    let folder = Arc::new(crate::support::folder());
    let mut command = program(folder.path());
    // A sign-in that takes long enough to be in flight when the signal comes.
    command.env("UNIONHALL_PASSWORDS_BCRYPT_COST", "13");
    let hall = Hall::start(folder, command);
    let (client, address) = (hall.client.clone(), hall.address.clone());
    let asked = std::thread::spawn(move || {
        let body = json!({"email": "nobody@local46.example", "password": "solidarity-forever"});
        let url = format!("{address}/api/v1/auth/login");
        client
            .post(url)
            .json(&body)
            .send()
            .map(|answer| answer.status().as_u16())
    });
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    loop {
        let metrics = hall
            .client
            .get(format!("{}/metrics", hall.address))
            .send()
            .unwrap();
        // The metrics' own request is in flight too.
        if metrics
            .text()
            .unwrap()
            .contains("unionhall_http_requests_in_flight 2")
        {
            break;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "the sign-in was never in flight"
        );
    }
    hall.signal(Signal::INT);
    let (status, screen) = hall.ended();
    assert!(status.success(), "{screen}");
    assert_eq!(asked.join().unwrap().unwrap(), 401);
}
