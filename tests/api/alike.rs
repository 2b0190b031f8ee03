//! Whether somebody has an account: nobody learns it from an answer, from its cost, or from the time it takes.
//!
//! Two hundred answers for each kind of account and each open route are compared. What they cost is counted; the times
//! are ranked against each other (Mann–Whitney) with a bound that only a difference as large as a password's hash or a
//! missing query could break, so that a busy machine cannot.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

/// How often each kind of account is tried.
const ROUNDS: usize = 200;
/// Wrong passwords that are tried before the count of a known account is set back.
const UNLOCKED: usize = 4;
/// How much more often than never, or less often than always, one kind must be slower than another.
const BOUND: f64 = 0.05;

/// The kinds of accounts, by an address of each.
struct Addresses([(&'static str, String); 4]);

impl Addresses {
    fn of(app: &TestApp) -> Self {
        let email = |role: Role| app.local.person(role).email.as_str().to_owned();
        let addresses = Self([
            ("known", email(Role::Staff)),
            ("unknown", "nobody@local46.example".to_owned()),
            ("locked", email(Role::Officer)),
            ("deleted", email(Role::Admin)),
        ]);
        let [_, _, (_, locked), (_, deleted)] = &addresses.0;
        app.database().execute(&format!(
            "update users set failed_logins = 5, locked_until = now() + interval '1 day' where email = '{locked}';
             update users set deleted_at = now() where email = '{deleted}'"
        ));
        addresses
    }
}

/// All that an answer tells: status, headers, body.
type Told = (u16, Vec<(String, String)>, String);

/// What one kind of account was answered.
#[derive(Default)]
struct Seen {
    answers: Vec<Told>,
    round_trips: Option<u32>,
    times: Vec<Duration>,
}

/// Tries every kind in turn, beginning with another one each time.
fn tried(app: &TestApp, path: &str, body: impl Fn(&str) -> Value) -> [(&'static str, Seen); 4] {
    let Addresses(addresses) = Addresses::of(app);
    let mut all = addresses
        .each_ref()
        .map(|(kind, _)| (*kind, Seen::default()));
    let known = &addresses[0].1;
    let forgive = format!(
        "update users set failed_logins = 0, locks = 0, locked_until = null where email = '{known}'"
    );
    for round in 0..ROUNDS {
        if round % UNLOCKED == 0 {
            app.database().execute(&forgive);
        }
        for place in 0..addresses.len() {
            let index = (round + place) % addresses.len();
            let body = body(&addresses[index].1);
            let begin = Instant::now();
            let answer = app.anonymous().post(path, &body);
            let (took, seen) = (begin.elapsed(), &mut all[index].1);
            seen.times.push(took);
            seen.answers.push((
                answer.status(),
                answer.lasting_headers(),
                answer.text_without_request_id(),
            ));
            // A connection that served another purpose before is first told its scope: the fewest count.
            let cost = answer
                .round_trips()
                .expect("in development the cost is told");
            seen.round_trips = Some(seen.round_trips.map_or(cost, |least| least.min(cost)));
        }
    }
    all
}

/// How often, of all pairs, the first is the slower one: a half when nobody can tell the two apart.
fn slower(first: &[Duration], second: &[Duration]) -> f64 {
    let pairs = first
        .iter()
        .flat_map(|a| second.iter().map(move |b| (a, b)));
    let score: f64 = pairs
        .map(|(a, b)| match a.cmp(b) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Greater => 1.0,
        })
        .sum();
    let count = u32::try_from(first.len() * second.len()).expect("a few thousand pairs");
    score / f64::from(count)
}

/// Holds all kinds against each other.
fn nobody_can_tell(path: &str, body: impl Fn(&str) -> Value) {
    let app = TestApp::start_with(&[("UNIONHALL_REGISTRATION_MODE", "open")]);
    app.ignore_mail();
    let all = tried(&app, path, body);
    let expected = &all[1].1;
    for (kind, seen) in &all {
        assert_eq!(seen.answers.len(), ROUNDS);
        for answer in &seen.answers {
            assert_eq!(answer, &expected.answers[0], "{path}: {kind}");
        }
        assert_eq!(seen.round_trips, expected.round_trips, "{path}: {kind}");
        let rank = slower(&seen.times, &expected.times);
        assert!(
            (BOUND..=1.0 - BOUND).contains(&rank),
            "{path}: {kind} is slower than unknown in {rank:.3} of all pairs"
        );
    }
}

#[test]
fn signing_in_tells_nobody_whether_there_is_an_account() {
    nobody_can_tell(
        "/auth/login",
        |email| json!({"email": email, "password": "not-the-password"}),
    );
}

#[test]
fn asking_for_a_new_password_tells_nobody_whether_there_is_an_account() {
    nobody_can_tell("/auth/forgot-password", |email| json!({"email": email}));
}

#[test]
fn registering_tells_nobody_whether_there_is_an_account() {
    nobody_can_tell("/auth/register", |email| {
        json!({
            "email": email, "password": "gravel-otter-sings-low", "first_name": "Ada", "last_name": "Voltz"
        })
    });
}

#[test]
fn signing_up_tells_nobody_whether_there_is_an_account() {
    nobody_can_tell("/tenants", |email| {
        json!({
            "name": "Local 7", "email": email, "password": "gravel-otter-sings-low", "first_name": "Ada",
            "last_name": "Voltz"
        })
    });
}

#[test]
fn asking_for_another_link_tells_nobody_whether_there_is_an_account() {
    nobody_can_tell("/auth/resend-verification", |email| json!({"email": email}));
}

#[test]
fn ranks_tell_apart_what_differs_and_not_what_is_alike() {
    let millis = |from: u64, to: u64| -> Vec<_> { (from..to).map(Duration::from_millis).collect() };
    assert!((slower(&millis(0, 9), &millis(0, 9)) - 0.5).abs() < 1e-9);
    assert!((slower(&millis(9, 18), &millis(0, 9)) - 1.0).abs() < 1e-9);
    assert!(slower(&millis(0, 9), &millis(9, 18)).abs() < 1e-9);
}
