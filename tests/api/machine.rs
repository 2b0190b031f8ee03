//! The grievance machine and the API side by side: whatever is tried, both go the same way.

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use unionhall_domain::{
    grievances::{Action, Move, Outcome, Progress, Settlement},
    money::Amount,
    text::Prose,
};
use unionhall_testing::{TestApp, app::Answer};

use crate::fixtures::{case, filing, made, meeting, owner, reason};

/// The action of the domain that a request of this kind is.
fn action(app: &TestApp, kind: Move) -> Action {
    let reason = || {
        let body = reason();
        let text = body["reason"].as_str().expect("a reason");
        Prose::parse(text).expect("a reason is a text")
    };
    let settlement = || {
        let body = meeting(app, "settled");
        Settlement {
            resolution: Prose::parse(body["resolution"].as_str().expect("a text")).expect("a text"),
            date: app.today(),
            amount: body["settlement_amount"]
                .as_str()
                .map(|text| Amount::parse(text).expect("an amount")),
        }
    };
    match kind {
        Move::Investigate => Action::Investigate,
        Move::ScheduleHearing => Action::ScheduleHearing,
        Move::RecordDenied => Action::RecordStep(Outcome::Denied),
        Move::RecordAdvanced => Action::RecordStep(Outcome::Advanced),
        Move::RecordSettled => Action::RecordStep(Outcome::Settled(settlement())),
        Move::Advance => Action::Advance,
        Move::Withdraw => Action::Withdraw(reason()),
        Move::Close => Action::Close(reason()),
        Move::Reopen => Action::Reopen(reason()),
    }
}

/// The request that a move is, and whether it is a meeting, which answers `201` and the grievance inside.
fn send(app: &TestApp, path: &str, kind: Move) -> (Answer, bool) {
    let who = owner(app);
    let meet = |outcome| who.post(&format!("{path}/steps"), &meeting(app, outcome));
    let act = |verb: &str| who.act(&format!("{path}/{verb}"));
    let end = |verb: &str| who.post(&format!("{path}/{verb}"), &reason());
    match kind {
        Move::Investigate => (act("investigate"), false),
        Move::ScheduleHearing => (act("schedule-hearing"), false),
        Move::RecordDenied => (meet("denied"), true),
        Move::RecordAdvanced => (meet("advanced"), true),
        Move::RecordSettled => (meet("settled"), true),
        Move::Advance => (act("advance"), false),
        Move::Withdraw => (end("withdraw"), false),
        Move::Close => (end("close"), false),
        Move::Reopen => (end("reopen"), false),
    }
}

/// What the API would show of this progress to an owner.
fn shown(progress: &Progress) -> Value {
    let moves = progress.allowed().into_iter().map(Move::as_str);
    let actions: Vec<_> = ["update", "delete"].into_iter().chain(moves).collect();
    let settlement = progress.settlement();
    json!({
        "current_step": progress.step.as_str(),
        "step_number": progress.step.number(),
        "employer_answer": progress.answer.as_str(),
        "status": progress.state.as_str(),
        "status_reason": progress.reason().map(ToString::to_string),
        "resolution": settlement.map(|found| found.resolution.to_string()),
        "resolution_date": settlement.map(|found| found.date.to_string()),
        "settlement_amount": settlement.and_then(|found| found.amount).map(|sum| sum.to_string()),
        "allowed_actions": actions,
    })
}

/// The same part of what the API shows.
fn part(grievance: &Value) -> Value {
    let fields = shown(&Progress::FILED);
    let names = fields
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name);
    names
        .map(|name| (name.clone(), grievance[name].clone()))
        .collect()
}

#[test]
fn random_moves_go_the_same_way_in_the_domain_and_over_http() {
    let app = TestApp::start();
    let who = owner(&app);
    let parties = case(&who, "L-1");
    let mut runner = TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    });
    let moves = proptest::collection::vec(proptest::sample::select(Move::ALL.to_vec()), 1..16);
    let outcome = runner.run(&moves, |moves| {
        let filing = filing(&parties.member, &parties.employer);
        let path = format!("/grievances/{}", made(&who, "/grievances", &filing));
        let mut progress = Progress::FILED;
        let mut version = 1;
        for kind in moves {
            let (answer, is_meeting) = send(&app, &path, kind);
            match progress.clone().apply(action(&app, kind)) {
                Ok(next) => {
                    progress = next;
                    version += 1;
                    prop_assert_eq!(
                        answer.status(),
                        if is_meeting { 201 } else { 200 },
                        "{:?}",
                        answer
                    );
                    let body = answer.json();
                    let grievance = if is_meeting {
                        &body["grievance"]
                    } else {
                        &body
                    };
                    prop_assert_eq!(part(grievance), shown(&progress));
                    prop_assert_eq!(&grievance["version"], version);
                }
                Err(refused) => {
                    let moves: Vec<_> = refused.allowed.iter().map(|kind| kind.as_str()).collect();
                    prop_assert_eq!(
                        (answer.status(), answer.code()),
                        (409, "illegal_move".to_owned())
                    );
                    prop_assert_eq!(&answer.json()["allowed_actions"], &json!(moves));
                }
            }
        }
        let stored = who.get(&path).expect(200).json();
        prop_assert_eq!(part(&stored), shown(&progress));
        prop_assert_eq!(&stored["version"], version);
        Ok(())
    });
    outcome.unwrap();
}
