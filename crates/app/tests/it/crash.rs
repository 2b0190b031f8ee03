//! Killed in the middle of writes: what was acknowledged is there, once.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};

use crate::support::Hall;

#[test]
fn every_write_that_was_acknowledged_survives_a_kill_exactly_once() {
    let hall = Hall::open();
    let token = hall.sign_in("staff@local46.example");
    let member = hall.get(&token, "/members?limit=1")["items"][0]["id"].clone();
    let employers = hall.get(&token, "/organizations?org_type=employer&limit=1");
    let employer = employers["items"][0]["id"].clone();
    let acknowledged: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (client, address) = (hall.client.clone(), hall.address.clone());
            let (token, member, employer) = (token.clone(), member.clone(), employer.clone());
            let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            std::thread::spawn(move || {
                for count in 0.. {
                    let text = format!("written by {writer} as number {count}");
                    let body = json!({"member_id": member, "employer_id": employer, "violation_description": text});
                    let answer = client
                        .post(format!("{address}/api/v1/grievances"))
                        .bearer_auth(&token)
                        .header("Idempotency-Key", format!("{writer}-{count}"))
                        .json(&body)
                        .send();
                    let Ok(answer) = answer else { return };
                    if answer.status() != 201 || stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let Ok(body) = answer.json::<Value>() else { return };
                    let number = body["grievance_number"].as_str().unwrap().to_owned();
                    acknowledged.lock().unwrap().push((number, text));
                }
            })
        })
        .collect();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while acknowledged.lock().unwrap().len() < 40 {
        assert!(std::time::Instant::now() < deadline, "nothing was written");
        std::thread::yield_now();
    }
    let folder = Arc::clone(&hall.folder);
    hall.kill();
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.join().unwrap();
    }

    let hall = Hall::open_in(folder);
    let token = hall.sign_in("staff@local46.example");
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hall.get(&token, &format!("/grievances?limit=100{cursor}"));
        for item in page["items"].as_array().unwrap() {
            let text = |name: &str| item[name].as_str().unwrap().to_owned();
            found.push((text("grievance_number"), text("violation_description")));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    for write in acknowledged.lock().unwrap().iter() {
        let copies = found.iter().filter(|(_, text)| *text == write.1).count();
        assert_eq!(copies, 1, "{write:?}");
        assert!(found.contains(write), "{write:?}");
    }
    let numbers: BTreeSet<_> = found.iter().map(|(number, _)| number).collect();
    assert_eq!(numbers.len(), found.len(), "a number was given twice");
    hall.close();
}

#[test]
fn a_hall_killed_while_it_starts_for_the_first_time_opens_the_next_time_without_doubles() {
    let folder = Arc::new(crate::support::folder());
    let mut first = crate::support::program(folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // The last migration is applied: the demo data is being made now.
    let screen = std::io::BufReader::new(first.stdout.take().unwrap());
    let shown = std::io::BufRead::lines(screen)
        .map_while(Result::ok)
        .find(|line| line.contains("demo"));
    assert!(shown.is_some(), "the demo data was never announced");
    first.kill().unwrap();
    first.wait().unwrap();

    let hall = Hall::open_in(Arc::clone(&folder));
    let token = hall.sign_in("staff@local46.example");
    let killed = hall.get(&token, "/members?include_total=true&limit=1")["total"].clone();
    let grievances = hall.get(&token, "/grievances?include_total=true&limit=1")["total"].clone();
    hall.close();
    let whole = Hall::open();
    let token = whole.sign_in("staff@local46.example");
    let expected = whole.get(&token, "/members?include_total=true&limit=1")["total"].clone();
    assert_eq!(killed, expected);
    let expected = whole.get(&token, "/grievances?include_total=true&limit=1")["total"].clone();
    assert_eq!(grievances, expected);
    whole.close();
}
