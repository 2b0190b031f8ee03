//! The log: permissions, corrections, and that nothing ends without its reason in it.

use unionhall_domain::{
    audit::Target,
    grievances::{Action, Step},
    representation_log::{
        Channel, Contact, Decision, DecisionKind, Direction, LogContent, LogEntry, LogEntryId,
    },
    roles::Role,
    text::{Line, Prose},
};
use unionhall_ports::mock::MockRepositories;

use super::NewDecision;
use crate::{
    error::Code,
    fixtures::{CASE, Hall, audited, call, code, grievance, id, now, page},
};

const ENTRY: LogEntryId = id(7_301);

fn contact() -> Contact {
    Contact {
        at: now(),
        channel: Channel::Phone,
        direction: Direction::ToMember,
        by: Line::parse("A. Voltz").unwrap(),
        said: Prose::parse("Told Ada of the denial.").unwrap(),
        sent: None,
    }
}

fn decision() -> NewDecision {
    NewDecision {
        on: None,
        kind: DecisionKind::NotAdvancing,
        step: None,
        reason: Prose::parse("Two awards went the other way.").unwrap(),
    }
}

fn with_case() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(grievance())));
    mocks
}

#[test]
fn contacts_are_work_decisions_are_decided_and_the_member_reads_neither() {
    let hall = Hall::untouchable();
    let log = &hall.application.representation;
    let (member, staff) = (call(Role::Member), call(Role::Staff));
    let codes = [
        code(log.list(&member, CASE, None, &page()).map(|_| ())),
        code(log.contact(&member, CASE, contact(), None)),
        code(log.decide(&staff, CASE, decision(), None)),
    ];
    assert_eq!(codes, [Code::Forbidden; 3]);
}

#[test]
fn a_correction_names_an_entry_of_the_same_kind_and_grievance() {
    let mut mocks = with_case();
    mocks.representation_log.expect_find().returning(|_, id| {
        Ok((id == ENTRY).then(|| LogEntry {
            id: ENTRY,
            grievance: CASE,
            content: LogContent::Contact(contact()),
            corrects: None,
            recorded_by: None,
            recorded_at: now(),
        }))
    });
    mocks
        .representation_log
        .expect_insert()
        .withf(|entry| entry.corrects == Some(ENTRY))
        .returning(|_| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let log = &hall.application.representation;
    let corrected = log.contact(&call(Role::Staff), CASE, contact(), Some(ENTRY));
    assert_eq!(corrected.unwrap().corrects, Some(ENTRY));
    let events = events.lock().unwrap();
    assert_eq!(events[0].target, Target::RepresentationEntry);
    let codes = [
        code(log.decide(&call(Role::Officer), CASE, decision(), Some(ENTRY))),
        code(log.contact(&call(Role::Staff), CASE, contact(), Some(id(1)))),
    ];
    assert_eq!(codes, [Code::InvalidFields; 2]);
}

#[test]
fn a_withdrawal_writes_its_reason_into_the_log_in_the_same_transaction() {
    let mut mocks = with_case();
    mocks.grievances.expect_update().returning(|_| Ok(()));
    mocks
        .representation_log
        .expect_insert()
        .times(1)
        .withf(|entry| match &entry.content {
            LogContent::Decision(decision) => decision.reason.as_str() == "Ada asked for it.",
            LogContent::Contact(_) => false,
        })
        .returning(|_| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let reason = Prose::parse("Ada asked for it.").unwrap();
    let moved =
        hall.application
            .grievances
            .act(&call(Role::Officer), CASE, Action::Withdraw(reason));
    assert!(moved.is_ok());
    let events = events.lock().unwrap();
    let targets: Vec<_> = events.iter().map(|event| event.target).collect();
    assert_eq!(targets, [Target::Grievance, Target::RepresentationEntry]);
}

#[test]
fn a_correction_is_about_the_step_of_what_it_corrects_and_nothing_is_about_a_step_to_come() {
    let mut mocks = MockRepositories::default();
    mocks.grievances.expect_find().returning(|_| {
        let mut case = grievance();
        case.progress.step = Step::Step3;
        Ok(Some(case))
    });
    mocks.representation_log.expect_find().returning(|_, _| {
        Ok(Some(LogEntry {
            id: ENTRY,
            grievance: CASE,
            content: LogContent::Decision(Decision {
                on: grievance().filed_date,
                kind: DecisionKind::NotAdvancing,
                step: Step::Step2,
                reason: Prose::parse("A slip.").unwrap(),
            }),
            corrects: None,
            recorded_by: None,
            recorded_at: now(),
        }))
    });
    let insert = mocks.representation_log.expect_insert();
    insert.returning(|_| Ok(()));
    let _events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let log = &hall.application.representation;
    let decide = |step, corrects| {
        let new = NewDecision { step, ..decision() };
        let decided = log.decide(&call(Role::Officer), CASE, new, corrects);
        decided.map(|entry| match entry.content {
            LogContent::Decision(decision) => decision.step,
            LogContent::Contact(_) => panic!("it is a decision"),
        })
    };
    assert_eq!(decide(None, Some(ENTRY)).ok(), Some(Step::Step2));
    assert_eq!(decide(None, None).ok(), Some(Step::Step3));
    assert_eq!(decide(Some(Step::Step1), None).ok(), Some(Step::Step1));
    let wrong = decide(Some(Step::Arbitration), None);
    assert_eq!(code(wrong), Code::InvalidFields);
}
