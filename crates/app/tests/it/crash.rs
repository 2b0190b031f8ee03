//! Killed in the middle of writes: what was acknowledged is there, once.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::support::Hall;

/// What was acknowledged: the grievance's number and its text.
type Acknowledged = Arc<Mutex<Vec<(String, String)>>>;

/// Files grievances until the hall is gone, and notes each one that was acknowledged.
#[derive(Clone)]
struct Writer {
    client: reqwest::blocking::Client,
    address: String,
    token: String,
    member: Value,
    employer: Value,
    acknowledged: Acknowledged,
}

impl Writer {
    fn at(hall: &Hall, acknowledged: Acknowledged) -> Self {
        let token = hall.sign_in("staff@local46.example");
        let members = hall.get(&token, "/members?limit=1");
        let employers = hall.get(&token, "/organizations?org_type=employer&limit=1");
        Self {
            client: hall.client.clone(),
            address: hall.address.clone(),
            member: members["items"][0]["id"].clone(),
            employer: employers["items"][0]["id"].clone(),
            token,
            acknowledged,
        }
    }

    fn write(&self, name: usize) {
        for count in 0.. {
            let text = format!("written by {name} as number {count}");
            let body = json!({
                "member_id": self.member,
                "employer_id": self.employer,
                "violation_description": text,
            });
            let answer = self
                .client
                .post(format!("{}/api/v1/grievances", self.address))
                .bearer_auth(&self.token)
                .header("Idempotency-Key", format!("{name}-{count}"))
                .json(&body)
                .send();
            let Ok(answer) = answer else { return };
            assert_eq!(answer.status(), 201);
            let Ok(body) = answer.json::<Value>() else {
                return;
            };
            let number = body["grievance_number"].as_str().unwrap().to_owned();
            self.acknowledged.lock().unwrap().push((number, text));
        }
    }
}

/// Every grievance of the hall: its number and its text.
fn filed(hall: &Hall) -> Vec<(String, String)> {
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
            None => return found,
        }
    }
}

#[test]
fn every_write_that_was_acknowledged_survives_a_kill_exactly_once() {
    let hall = Hall::open();
    let acknowledged = Acknowledged::default();
    let writer = Writer::at(&hall, Arc::clone(&acknowledged));
    let writers: Vec<_> = (0..4)
        .map(|name| {
            let writer = writer.clone();
            std::thread::spawn(move || writer.write(name))
        })
        .collect();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while acknowledged.lock().unwrap().len() < 40 {
        assert!(std::time::Instant::now() < deadline, "nothing was written");
        std::thread::yield_now();
    }
    let folder = Arc::clone(&hall.folder);
    hall.kill();
    for writer in writers {
        writer.join().unwrap();
    }

    let hall = Hall::open_in(folder);
    let found = filed(&hall);
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
