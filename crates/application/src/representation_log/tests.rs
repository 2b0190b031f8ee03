//! The log: permissions, corrections, and that nothing ends without its reason in it.

use unionhall_domain::{
    audit::Target,
    grievances::Action,
    representation_log::{
        Channel, Contact, DecisionKind, Direction, LogContent, LogEntry, LogEntryId,
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
    let _events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let reason = Prose::parse("Ada asked for it.").unwrap();
    let moved =
        hall.application
            .grievances
            .act(&call(Role::Officer), CASE, Action::Withdraw(reason));
    assert!(moved.is_ok());
}
