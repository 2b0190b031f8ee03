//! Moving: meetings, decisions, their permissions, their record and their mails.

use jiff::civil::{Date, date};
use unionhall_domain::{
    grievances::{Action, Answer, MOST_RECORDS, Meeting, Move, Outcome, State, Step, StepRecord},
    money::Amount,
    roles::Role,
    text::Prose,
};
use unionhall_ports::mock::MockRepositories;

use super::with_case;
use crate::{
    error::{Code, Coded},
    fixtures::{
        CASE, Hall, STEWARD, audited, call, code, colleague, for_good, id, if_match, mailed, now,
        rehearsed, told, touched, wrong_fields,
    },
    grievances::{RecordStep, StepOutcome, permission_for},
    permissions::Permission,
};

fn meeting(day: Date, outcome: StepOutcome) -> RecordStep {
    RecordStep {
        meeting: Meeting {
            date: day,
            union_attendees: None,
            employer_attendees: None,
            notes: None,
        },
        outcome,
    }
}

fn denied() -> RecordStep {
    meeting(date(2026, 11, 20), StepOutcome::Denied)
}

fn settled() -> RecordStep {
    let outcome = StepOutcome::Settled {
        resolution: Prose::parse("Back pay for two weeks.").unwrap(),
        amount: Some(Amount::parse("1250.00").unwrap()),
    };
    meeting(date(2026, 11, 20), outcome)
}

fn reason() -> Prose<2_000> {
    Prose::parse("The member asked for it.").unwrap()
}

/// Lets the mocks keep a moved grievance and the record of a meeting.
fn keeping(mut mocks: MockRepositories) -> MockRepositories {
    mocks
        .grievances
        .expect_update()
        .withf(|case| case.version.get() == 2 && case.updated_at == now())
        .returning(|_| Ok(()));
    mocks.grievances.expect_insert_step().returning(|_| Ok(()));
    let steps = mocks.grievances.expect_steps();
    steps.returning(|_| Ok(Vec::new()));
    let log = mocks.representation_log.expect_insert();
    log.returning(|_| Ok(()));
    mocks
}

#[test]
fn work_needs_one_permission_and_an_end_another() {
    for kind in Move::ALL {
        let expected = match kind {
            Move::RecordSettled | Move::Withdraw | Move::Close | Move::Reopen => {
                Permission::GrievancesDecide
            }
            Move::Investigate
            | Move::ScheduleHearing
            | Move::RecordDenied
            | Move::RecordAdvanced
            | Move::Advance => Permission::GrievancesWork,
        };
        assert_eq!(permission_for(kind), expected, "{kind:?}");
    }
}

#[test]
fn moving_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let grievances = &hall.application.grievances;
    let staff = call(Role::Staff);
    let member = call(Role::Member);
    let codes = [
        code(grievances.record_step(&staff, CASE, settled())),
        code(grievances.act(&staff, CASE, Action::Withdraw(reason()))),
        code(grievances.act(&staff, CASE, Action::Close(reason()))),
        code(grievances.act(&staff, CASE, Action::Reopen(reason()))),
        code(grievances.record_step(&member, CASE, denied())),
        code(grievances.act(&member, CASE, Action::Investigate)),
    ];
    assert_eq!(codes, [Code::Forbidden; 6]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_denied_meeting_is_kept_with_the_step_it_was_held_on() {
    let mut mocks = keeping(with_case(|_| ()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let recorded = grievances
        .record_step(&call(Role::Staff), CASE, denied())
        .unwrap();
    assert_eq!(recorded.step.step, Step::Step1);
    assert_eq!(recorded.step.grievance, CASE);
    assert_eq!(recorded.grievance.progress.answer, Answer::Denied);
    assert_eq!(recorded.grievance.progress.step, Step::Step1);
    assert!(hall.committed());
    assert_eq!(told(&events), [("moved", "grievance")]);
    assert_eq!(touched(&events), ["employer_answer"]);
    let move_made = ("move", "record_denied".to_owned());
    assert_eq!(events.lock().unwrap()[0].details, [move_made]);
}

#[test]
fn an_advanced_meeting_is_of_the_lower_step_and_the_grievance_stands_on_the_higher() {
    let mut mocks = keeping(with_case(|_| ()));
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let advanced = meeting(date(2026, 11, 20), StepOutcome::Advanced);
    let grievances = &hall.application.grievances;
    let recorded = grievances
        .record_step(&call(Role::Staff), CASE, advanced)
        .unwrap();
    assert_eq!(recorded.step.step, Step::Step1);
    assert_eq!(recorded.grievance.progress.step, Step::Step2);
}

#[test]
fn a_grievance_has_no_more_meetings_on_record_than_one_page_can_show() {
    let mut mocks = with_case(|_| ());
    mocks.grievances.expect_update().returning(|_| Ok(()));
    mocks.grievances.expect_steps().returning(|_| {
        let record = StepRecord {
            id: id(5_001),
            grievance: CASE,
            step: Step::Step1,
            meeting: denied().meeting,
            outcome: Outcome::Denied,
            created_at: now(),
        };
        Ok(vec![record; MOST_RECORDS])
    });
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let refused = grievances.record_step(&call(Role::Staff), CASE, denied());
    assert_eq!(wrong_fields(refused), [("outcome".to_owned(), "too_many")]);
    assert!(hall.rolled_back());
}

#[test]
fn a_settlement_is_of_the_day_of_the_meeting() {
    let mut mocks = keeping(with_case(|_| ()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let recorded = grievances
        .record_step(&call(Role::Officer), CASE, settled())
        .unwrap();
    let settlement = recorded.grievance.progress.settlement().unwrap();
    assert_eq!(settlement.date, date(2026, 11, 20));
    assert_eq!(
        touched(&events),
        [
            "status",
            "resolution",
            "resolution_date",
            "settlement_amount"
        ]
    );
}

#[test]
fn a_meeting_lies_between_filing_and_today() {
    let hall = Hall::over(with_case(|_| ()));
    let grievances = &hall.application.grievances;
    for (day, expected) in [
        (date(2026, 11, 8), "before_filing"),
        (date(2026, 11, 22), "in_the_future"),
    ] {
        let wrong = meeting(day, StepOutcome::Denied);
        let result = grievances.record_step(&call(Role::Staff), CASE, wrong);
        assert_eq!(
            wrong_fields(result),
            [("meeting_date".to_owned(), expected)]
        );
    }
}

#[test]
fn a_move_that_the_table_does_not_have_is_refused_with_those_it_has() {
    let hall = Hall::over(with_case(|case| {
        case.progress.state = State::Withdrawn(reason());
    }));
    let grievances = &hall.application.grievances;
    let officer = call(Role::Officer);
    let error = grievances
        .act(&officer, CASE, Action::Investigate)
        .unwrap_err();
    assert_eq!(error.code(), Code::IllegalMove);
    assert_eq!(error.allowed_actions(), Some(vec!["close", "reopen"]));
    assert!(hall.rolled_back());
    let again = grievances.record_step(&officer, CASE, denied());
    assert_eq!(code(again), Code::IllegalMove);
}

#[test]
fn an_end_is_on_record_with_its_reason() {
    let mut mocks = keeping(with_case(|_| ()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let officer = call(Role::Officer);
    hall.application
        .grievances
        .act(&officer, CASE, Action::Withdraw(reason()))
        .unwrap();
    assert!(hall.committed());
    let expected = [
        ("move", "withdraw".to_owned()),
        ("reason", "The member asked for it.".to_owned()),
    ];
    assert_eq!(events.lock().unwrap()[0].details, expected);
}

#[test]
fn a_rehearsed_move_keeps_nothing_and_a_stale_or_unknown_one_does_nothing() {
    let mut mocks = keeping(with_case(|_| ()));
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let grievances = &hall.application.grievances;
    let staff = call(Role::Staff);
    let rehearsal = rehearsed(staff.clone());
    grievances
        .act(&rehearsal, CASE, Action::Investigate)
        .unwrap();
    assert!(hall.rolled_back());
    let unknown = grievances.act(&staff, id(9), Action::Investigate);
    assert_eq!(code(unknown), Code::NotFound);
    let stale = if_match(staff, 4);
    let codes = [
        code(grievances.act(&stale, CASE, Action::Investigate)),
        code(grievances.record_step(&stale, CASE, denied())),
    ];
    assert_eq!(codes, [Code::Stale; 2]);
}

#[test]
fn the_representative_is_told_of_each_meeting_unless_they_have_left() {
    for there in [true, false] {
        let assigned = with_case(|case| case.claim.assigned_representative = Some(STEWARD));
        let mut mocks = keeping(assigned);
        audited(&mut mocks);
        let mails = mailed(&mut mocks);
        mocks
            .identity
            .expect_find_colleague()
            .times(1)
            .returning(move |_| Ok(there.then(|| colleague(&[for_good(Role::Staff)]))));
        let hall = Hall::over(mocks);
        hall.application
            .grievances
            .record_step(&call(Role::Staff), CASE, denied())
            .unwrap();
        assert!(hall.committed());
        assert_eq!(mails.lock().unwrap().len(), usize::from(there));
    }
}

#[test]
fn a_move_without_a_meeting_sends_no_mail() {
    let assigned = with_case(|case| case.claim.assigned_representative = Some(STEWARD));
    let mut mocks = keeping(assigned);
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    hall.application
        .grievances
        .act(&staff, CASE, Action::Investigate)
        .unwrap();
}
