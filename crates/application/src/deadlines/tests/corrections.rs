//! Tests of taking events back, of taking grievances up again, and of the order in which rows are locked.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, civil::Date};
use unionhall_domain::grievances::{Progress, State};
use unionhall_ports::deadlines::Retraction;
use uuid::Uuid;

use super::*;

type Kept<T> = Arc<Mutex<Vec<T>>>;

/// The union goes on within ten days after an answer.
fn going_on() -> StepRule {
    StepRule {
        key: RuleKey {
            step: Step::Step1,
            side: Side::Union,
            duty: Duty::Advance,
            after: EventKind::Answered,
        },
        missed: Consequence::Forfeit,
        ..rule()
    }
}

fn both_rules() -> RuleSet {
    let rules = vec![rule(), going_on()];
    RuleSet::new(&agreement(), Version::FIRST, date(2020, 1, 1), rules).unwrap()
}

/// A deadline by a rule, counted from what happened on the first step.
fn counted(number: u128, rule: &StepRule, day: Date) -> Deadline {
    let basis = Basis::find(&agreement(), &both_rules(), rule.key).unwrap();
    let trigger = Trigger {
        kind: rule.key.after,
        date: day,
        service: Service::Direct,
    };
    let derivation = derive(basis, trigger, &[], &Calendars::new([federal(2026)])).unwrap();
    let made_at = now() - SignedDuration::from_hours(24 * 30);
    Deadline::begun(id(number), CASE, derivation, made_at)
}

/// What somebody recorded so many hours after the deadlines were made; its number is its id.
fn event(number: u8, step: Step, kind: EventKind, day: Date) -> CaseEvent {
    let hours = SignedDuration::from_hours(i64::from(number) - 24 * 30);
    CaseEvent {
        id: Uuid::from_u128(number.into()),
        happening: Happening::on(step, kind, day),
        recorded_by: Some(CALLER),
        recorded_at: now() + hours,
        retraction: None,
    }
}

fn filed_on(day: Date) -> CaseEvent {
    CaseEvent {
        recorded_by: None,
        ..event(0, Step::Step1, EventKind::Filed, day)
    }
}

fn met(deadline: Deadline, on: Date, witness: Witness) -> Deadline {
    let by = deadline.derivation.basis.rule.key.duty.done_by();
    Deadline {
        state: DeadlineState::Met { on, by, witness },
        ..deadline
    }
}

fn by_event(number: u8) -> Witness {
    Witness::Event(Uuid::from_u128(number.into()))
}

/// Mocks that keep deadlines, of a grievance on which these events are on record.
fn keeping(
    grievance: Grievance,
    deadlines: Vec<Deadline>,
    events: Vec<CaseEvent>,
) -> (MockRepositories, Kept<Deadline>) {
    let mut mocks = MockRepositories::default();
    let agreements = &mut mocks.collective_agreements;
    agreements
        .expect_find()
        .returning(|_| Ok(Some(agreement())));
    agreements
        .expect_find_rule_set()
        .returning(|_, _| Ok(Some(both_rules())));
    mocks
        .holidays
        .expect_last_of_each()
        .returning(|first, last| Ok((first.get()..=last.get()).map(federal).collect()));
    let grievances = &mut mocks.grievances;
    grievances
        .expect_find()
        .returning(move |_| Ok(Some(grievance.clone())));
    grievances.expect_update().returning(|_| Ok(()));
    let kept: Kept<Deadline> = Arc::new(Mutex::new(deadlines));
    let rows = &mut mocks.deadlines;
    let all = Arc::clone(&kept);
    rows.expect_of_grievance().returning(move |_| {
        let shown = |deadline: &Deadline| CaseDeadline {
            deadline: deadline.clone(),
            ..case()
        };
        Ok(all.lock().unwrap().iter().map(shown).collect())
    });
    let all = Arc::clone(&kept);
    rows.expect_update().returning(move |after| {
        let mut all = all.lock().unwrap();
        let before = all.iter_mut().find(|before| before.id == after.id).unwrap();
        *before = after.clone();
        Ok(())
    });
    let all = Arc::clone(&kept);
    rows.expect_insert().returning(move |new| {
        all.lock().unwrap().extend_from_slice(new);
        Ok(())
    });
    rows.expect_retract_event().returning(|_, _| Ok(()));
    rows.expect_events().returning(move |_| Ok(events.clone()));
    let _audited = audited(&mut mocks);
    (mocks, kept)
}

/// The deadlines of a grievance when one of the events on record was taken back.
fn after_taking_back(
    wrong: u8,
    progress: Progress,
    deadlines: Vec<Deadline>,
    events: Vec<CaseEvent>,
) -> Vec<Deadline> {
    let grievance = Grievance {
        progress,
        ..dated()
    };
    let (mocks, kept) = keeping(grievance, deadlines, events);
    let hall = Hall::over(mocks);
    let wrong = Uuid::from_u128(wrong.into());
    let deadlines = &hall.application.deadlines;
    deadlines
        .retract_event(&call(Role::Officer), CASE, wrong, mistake())
        .unwrap();
    let kept = kept.lock().unwrap();
    kept.clone()
}

fn on_second() -> Progress {
    Progress {
        step: Step::Step2,
        ..Progress::FILED
    }
}

#[test]
fn taking_back_another_event_leaves_what_is_overdue_on_a_step_below_to_the_officers() {
    let filed = date(2026, 10, 12);
    let overdue = counted(1, &rule(), filed);
    let events = vec![
        filed_on(filed),
        event(9, Step::Step2, EventKind::Knowledge, date(2026, 11, 16)),
    ];
    let after = after_taking_back(9, on_second(), vec![overdue.clone()], events);
    assert_eq!(after, [overdue]);
}

#[test]
fn what_runs_again_on_a_step_below_stays_for_the_officers_if_it_is_overdue() {
    let answered = |filed, day| {
        let answer = met(counted(1, &rule(), filed), day, by_event(9));
        let events = vec![
            filed_on(filed),
            event(9, Step::Step1, EventKind::Answered, day),
        ];
        let after = after_taking_back(9, on_second(), vec![answer], events);
        after[0].status().as_str()
    };
    assert_eq!(answered(date(2026, 10, 12), date(2026, 10, 14)), "open");
    assert_eq!(answered(date(2026, 11, 16), date(2026, 11, 17)), "lapsed");
}

#[test]
fn what_an_officer_let_run_again_runs_on_when_another_event_is_taken_back() {
    let filed = date(2026, 11, 9);
    let again = counted(1, &rule(), filed);
    let by_word = met(
        counted(2, &going_on(), filed),
        date(2026, 11, 18),
        Witness::Word,
    );
    let answered = event(3, Step::Step1, EventKind::Answered, date(2026, 11, 16));
    let events = |kind| {
        let other = event(9, Step::Step1, kind, date(2026, 11, 18));
        vec![filed_on(filed), answered.clone(), other]
    };
    let before = vec![again, by_word];
    let of = |kind| after_taking_back(9, Progress::FILED, before.clone(), events(kind));
    assert_eq!(of(EventKind::MeetingHeld), before);
    // Also one of the kind that meets them, on that very day: they were met by word, or by nothing.
    assert_eq!(of(EventKind::Answered), before);
    assert_eq!(of(EventKind::Advanced), before);
}

#[test]
fn what_begins_late_is_asked_of_what_came_after_it() {
    let filed = date(2026, 9, 28);
    let (wrong, right) = (date(2026, 10, 5), date(2026, 11, 9));
    let overdue = counted(1, &going_on(), wrong);
    let events = vec![
        filed_on(filed),
        event(3, Step::Step1, EventKind::Answered, wrong),
        event(5, Step::Step1, EventKind::Answered, right),
        event(7, Step::Step2, EventKind::Advanced, date(2026, 11, 18)),
    ];
    let after = after_taking_back(3, on_second(), vec![overdue], events);
    let told: Vec<_> = after
        .iter()
        .map(|deadline| (deadline.derivation.trigger.date, deadline.status().as_str()))
        .collect();
    assert_eq!(told, [(wrong, "lapsed"), (right, "met")]);
    assert!(
        after[1].was_met_by(
            &event(7, Step::Step2, EventKind::Advanced, date(2026, 11, 18)).occurrence()
        )
    );
}

#[test]
fn what_another_deadline_kept_from_beginning_does_not_begin() {
    let filed = date(2026, 11, 2);
    let day = |day| date(2026, 11, day);
    let answered = |number, on| event(number, Step::Step1, EventKind::Answered, day(on));
    let before = vec![
        met(counted(1, &going_on(), day(4)), day(10), Witness::Word),
        counted(2, &going_on(), day(16)),
    ];
    // The second came while the first one's deadline ran, which was met since.
    let events = vec![
        filed_on(filed),
        answered(3, 4),
        answered(5, 6),
        answered(9, 16),
    ];
    let after = after_taking_back(9, Progress::FILED, before, events);
    let told: Vec<_> = after.iter().map(|row| row.status().as_str()).collect();
    assert_eq!(told, ["met", "lapsed"]);
}

#[test]
fn what_was_met_by_an_event_lapses_with_it_if_what_it_ran_from_was_taken_back_before() {
    let filed = date(2026, 11, 2);
    let day = |day| date(2026, 11, day);
    let gone = CaseEvent {
        retraction: Some(Retraction {
            at: now(),
            by: Some(CALLER),
            reason: mistake(),
        }),
        ..event(3, Step::Step1, EventKind::Answered, day(4))
    };
    let orphan = met(counted(1, &going_on(), day(4)), day(9), by_event(9));
    let events = vec![
        filed_on(filed),
        gone,
        event(9, Step::Step2, EventKind::Advanced, day(9)),
    ];
    let after = after_taking_back(9, Progress::FILED, vec![orphan], events);
    assert_eq!(after[0].status().as_str(), "lapsed");
}

#[test]
fn a_grievance_that_is_taken_up_brings_back_only_what_still_has_its_event_and_agreement() {
    let filed = date(2026, 11, 9);
    let lapsed = |deadline| Deadline {
        state: DeadlineState::Lapsed { on: filed },
        ..deadline
    };
    let stands = lapsed(counted(1, &rule(), filed));
    let orphan = lapsed(counted(2, &going_on(), date(2026, 11, 10)));
    let mut elsewhere = lapsed(counted(3, &rule(), filed));
    elsewhere.derivation.basis.agreement = id(7_002);
    let grievance = Grievance {
        progress: Progress {
            state: State::Withdrawn(mistake()),
            ..Progress::FILED
        },
        ..dated()
    };
    let known = vec![filed_on(filed)];
    let (mut mocks, kept) = keeping(grievance, vec![stands, orphan, elsewhere], known);
    mocks
        .representation_log
        .expect_insert()
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let again = Action::Reopen(mistake());
    let grievances = &hall.application.grievances;
    grievances.act(&call(Role::Officer), CASE, again).unwrap();
    let kept = kept.lock().unwrap();
    let told: Vec<_> = kept.iter().map(|row| row.status().as_str()).collect();
    assert_eq!(told, ["open", "lapsed", "lapsed"]);
}

#[test]
fn a_grievance_on_its_second_step_was_filed_on_the_first() {
    let grievance = Grievance {
        progress: on_second(),
        ..dated()
    };
    let happened = Happening::of_record(&grievance, &[]);
    assert!(!happened.is_empty());
    assert!(happened.iter().all(|event| event.step == Step::Step1));
}

#[test]
fn what_no_move_brings_about_is_taken_back_also_where_it_is_unknown_who_recorded_it() {
    let filed = date(2026, 11, 9);
    let take = |kind| {
        let old = CaseEvent {
            recorded_by: None,
            ..event(9, Step::Step1, kind, filed)
        };
        let wrong = old.id;
        let (mocks, _) = keeping(dated(), Vec::new(), vec![filed_on(filed), old]);
        let hall = Hall::over(mocks);
        let deadlines = &hall.application.deadlines;
        let taken = deadlines.retract_event(&call(Role::Officer), CASE, wrong, mistake());
        taken.map(drop)
    };
    assert!(take(EventKind::PanelReceived).is_ok());
    assert_eq!(code(take(EventKind::Answered)), Code::IllegalMove);
}

/// In which order the grievance is locked and the deadline is read, and that it was missed is written.
fn locking(mocks: &mut MockRepositories, deadline: Deadline) -> Kept<&'static str> {
    let order: Kept<&'static str> = Kept::default();
    let said = |what: &'static str| {
        let order = Arc::clone(&order);
        move || order.lock().unwrap().push(what)
    };
    let (locked, read, written) = (said("lock"), said("read"), said("write"));
    mocks.grievances.expect_lock_by_ids().returning(move |_| {
        locked();
        Ok(vec![dated()])
    });
    let rows = &mut mocks.deadlines;
    rows.expect_find().returning(move |_| {
        read();
        Ok(Some(CaseDeadline {
            deadline: deadline.clone(),
            ..case()
        }))
    });
    rows.expect_update().returning(move |_| {
        written();
        Ok(())
    });
    rows.expect_events().returning(|_| Ok(Vec::new()));
    rows.expect_insert_events().returning(|_, _, _, _| Ok(()));
    rows.expect_of_grievance().returning(|_| Ok(Vec::new()));
    let agreements = &mut mocks.collective_agreements;
    agreements
        .expect_find()
        .returning(|_| Ok(Some(agreement())));
    agreements
        .expect_find_rule_set()
        .returning(|_, _| Ok(Some(rules())));
    let _audited = audited(mocks);
    order
}

#[test]
fn whoever_says_that_a_deadline_was_missed_locks_its_grievance_first() {
    let mut mocks = MockRepositories::default();
    let order = locking(&mut mocks, counted(1, &rule(), date(2026, 10, 12)));
    let hall = Hall::over(mocks);
    let deadlines = &hall.application.deadlines;
    let missed = deadlines.act(&call(Role::Officer), CASE, id(1), DeadlineCommand::Miss);
    missed.unwrap();
    assert_eq!(*order.lock().unwrap(), ["lock", "read", "write"]);
}

#[test]
fn the_worker_warns_of_a_deadline_as_it_stands_when_it_has_locked_the_grievance() {
    let overdue = counted(1, &rule(), date(2026, 10, 12));
    let meanwhile = met(overdue.clone(), date(2026, 10, 14), Witness::Word);
    let mut mocks = MockRepositories::default();
    let order = locking(&mut mocks, meanwhile);
    mocks
        .tenants
        .expect_find()
        .returning(|_| Ok(Some(crate::fixtures::tenant())));
    let rows = &mut mocks.deadlines;
    rows.expect_tenants_with_due()
        .returning(|_| Ok(vec![crate::fixtures::HALL]));
    rows.expect_to_warn().returning(move |_, _| {
        Ok(vec![CaseDeadline {
            deadline: overdue.clone(),
            ..case()
        }])
    });
    let hall = Hall::over(mocks);
    assert_eq!(hall.application.deadlines.warn_at(now()).unwrap(), 0);
    assert_eq!(*order.lock().unwrap(), ["lock", "read"]);
}
