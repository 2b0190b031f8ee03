//! Tests of the use cases of deadlines, and of what follows from filing and moving grievances.

mod corrections;

use jiff::civil::date;
use unionhall_domain::{
    collective_agreements::{
        AgreementTerms, Article, CollectiveAgreement, CollectiveAgreementId, Consequence, DayKind,
        Days, Duty, EventKind, FirstDay, Party, Period, Roll, RuleKey, RuleSet, Side, StepRule,
        Term,
    },
    deadlines::{
        Accord, Basis, Deadline, DeadlineId, DeadlineMove, DeadlineState, Extension, Grant,
        Happening, Service, Trigger, Witness, derive,
    },
    grievances::{Action, FiledUnder, Grievance, Step},
    holidays::{CalendarYear, Calendars, HolidayCalendar, WorkingWeek},
    roles::Role,
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{
    deadlines::{CaseDeadline, CaseEvent, DeadlineFilter},
    mock::MockRepositories,
};

use super::{DeadlineCommand, Recount, Recounted, permission_for};
use crate::{
    error::Code,
    fixtures::{
        CALLER, CASE, EMPLOYER, Hall, audited, call, call_of_member, code, grievance, id, if_match,
        now, page, told, wrong_fields,
    },
    permissions::Permission,
};

const AGREEMENT: CollectiveAgreementId = id(7_001);
const DEADLINE: DeadlineId = id(8_001);

/// The employer answers within ten working days after the filing.
fn rule() -> StepRule {
    StepRule {
        key: RuleKey {
            step: Step::Step1,
            side: Side::Employer,
            duty: Duty::Answer,
            after: EventKind::Filed,
        },
        article: Line::parse("9.2").unwrap(),
        period: Period {
            days: Days::new(10).unwrap(),
            kind: DayKind::Working,
            first_day: FirstDay::NotCounted,
            roll: Roll::NextWorkingDay,
            mail: None,
        },
        missed: Consequence::Advance,
    }
}

fn agreement() -> CollectiveAgreement {
    let party = |side| Party {
        side,
        name: Line::parse("Somebody").unwrap(),
        organization: None,
    };
    let article = Article {
        number: Line::parse("9.2").unwrap(),
        title: Line::parse("Answers").unwrap(),
        text: None,
    };
    let terms = AgreementTerms::new(
        Line::parse("Inside Agreement").unwrap(),
        Side::ALL.map(party).to_vec(),
        Term::new(date(2020, 1, 1), None).unwrap(),
        vec![article],
    );
    CollectiveAgreement {
        id: AGREEMENT,
        terms: terms.unwrap(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

fn rules() -> RuleSet {
    let first = date(2020, 1, 1);
    RuleSet::new(&agreement(), Version::FIRST, first, vec![rule()]).unwrap()
}

fn dated() -> Grievance {
    Grievance {
        agreement: Some(FiledUnder {
            agreement: AGREEMENT,
            rules: Version::FIRST,
        }),
        ..grievance()
    }
}

fn federal(number: i16) -> HolidayCalendar {
    let year = CalendarYear::new(number).unwrap();
    HolidayCalendar::federal(year, WorkingWeek::MONDAY_TO_FRIDAY)
}

/// The deadline for the answer to what was filed on November 9: the 24th, for Veterans Day is off.
pub(crate) fn case() -> CaseDeadline {
    let basis = Basis::find(&agreement(), &rules(), rule().key).unwrap();
    let trigger = Trigger {
        kind: EventKind::Filed,
        date: date(2026, 11, 9),
        service: Service::Direct,
    };
    let calendars = Calendars::new([federal(2026)]);
    let derivation = derive(basis, trigger, &[], &calendars).unwrap();
    CaseDeadline {
        deadline: Deadline::begun(DEADLINE, CASE, derivation, now()),
        number: grievance().number,
        employer: EMPLOYER,
        representative: None,
        steward: None,
    }
}

/// Mocks that know the agreement, the grievance, its deadline, and the calendars of every year.
fn mocks(deadlines: Vec<CaseDeadline>) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let agreements = &mut mocks.collective_agreements;
    agreements
        .expect_find()
        .returning(|_| Ok(Some(agreement())));
    agreements
        .expect_find_rule_set()
        .returning(|_, version| Ok((version == Version::FIRST).then(rules)));
    mocks
        .holidays
        .expect_last_of_each()
        .returning(|first, last| Ok((first.get()..=last.get()).map(federal).collect()));
    mocks
        .holidays
        .expect_find()
        .returning(|year, _| Ok(Some(federal(year.get()))));
    mocks
        .grievances
        .expect_find()
        .returning(|id| Ok((id == CASE).then(dated)));
    mocks
        .grievances
        .expect_lock_by_ids()
        .returning(|_| Ok(vec![dated()]));
    let all = deadlines.clone();
    mocks
        .deadlines
        .expect_of_grievance()
        .returning(move |_| Ok(all.clone()));
    let all = deadlines.clone();
    mocks
        .deadlines
        .expect_running()
        .returning(move |_, _, _| Ok(all.clone()));
    mocks.deadlines.expect_find().returning(move |id| {
        let mut all = deadlines.iter();
        Ok(all.find(|case| case.deadline.id == id).cloned())
    });
    mocks
}

fn accord() -> Accord {
    Accord {
        agreed_on: date(2026, 11, 20),
        for_union: Line::parse("A. Rivera").unwrap(),
        for_employer: Line::parse("B. Chen").unwrap(),
        note: None,
    }
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let deadlines = &hall.application.deadlines;
    let (organizer, staff) = (call(Role::Organizer), call(Role::Staff));
    let trigger = case().deadline.derivation.trigger;
    let calendars = Recount::default();
    let act = |call, command| code(deadlines.act(call, CASE, DEADLINE, command));
    let codes = [
        code(deadlines.of_grievance(&organizer, CASE)),
        code(deadlines.list(&organizer, &DeadlineFilter::default(), &page())),
        code(deadlines.changes(&organizer, calendars)),
        code(deadlines.record_event(&organizer, CASE, trigger)),
        act(&organizer, DeadlineCommand::Meet(date(2026, 11, 20))),
        act(&staff, DeadlineCommand::Miss),
        act(&staff, DeadlineCommand::Waive(accord())),
        act(&staff, DeadlineCommand::Reopen),
        code(deadlines.confirm_changes(&staff, calendars, "")),
    ];
    assert_eq!(codes, [Code::Forbidden; 9]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn what_gives_a_deadline_up_is_for_who_decides_and_no_one_lets_it_lapse() {
    let needed = DeadlineMove::ALL.map(permission_for);
    let (work, decide) = (Permission::GrievancesWork, Permission::GrievancesDecide);
    let expected = [
        Some(work),
        Some(decide),
        Some(work),
        Some(decide),
        None,
        Some(decide),
    ];
    assert_eq!(needed, expected);
}

#[test]
fn members_see_the_deadlines_of_their_own_case_alone() {
    let hall = Hall::over(mocks(vec![case()]));
    let deadlines = &hall.application.deadlines;
    let own = deadlines.of_grievance(&call_of_member(Some(grievance().member)), CASE);
    assert_eq!(own.unwrap().value.found.len(), 1);
    let other = deadlines.of_grievance(&call_of_member(Some(id(9))), CASE);
    assert_eq!(code(other), Code::NotFound);
}

#[test]
fn a_deadline_does_not_run_again_beside_another_for_the_same_thing() {
    let lapsed = CaseDeadline {
        deadline: Deadline {
            state: DeadlineState::Lapsed {
                on: date(2026, 11, 20),
            },
            ..case().deadline
        },
        ..case()
    };
    let twin = CaseDeadline {
        deadline: Deadline {
            id: id(9),
            ..case().deadline
        },
        ..case()
    };
    let hall = Hall::over(mocks(vec![lapsed, twin]));
    let deadlines = &hall.application.deadlines;
    let officer = call(Role::Officer);
    let refused = deadlines.act(&officer, CASE, DEADLINE, DeadlineCommand::Reopen);
    assert_eq!(code(refused), Code::IllegalMove);
    assert!(!hall.committed());
}

#[test]
fn an_extension_is_counted_with_the_calendars_of_the_deadline_and_put_on_record() {
    let mut mocks = mocks(vec![case()]);
    let events = audited(&mut mocks);
    mocks
        .deadlines
        .expect_update()
        .times(1)
        .withf(|deadline| deadline.due() == date(2026, 12, 2) && deadline.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let extension = Extension {
        accord: accord(),
        grant: Grant::Days(Days::new(5).unwrap(), DayKind::Working),
    };
    let command = DeadlineCommand::Extend(extension);
    let staff = call(Role::Staff);
    let deadlines = &hall.application.deadlines;
    let after = deadlines.act(&staff, CASE, DEADLINE, command).unwrap();
    assert_eq!(after.today, date(2026, 11, 21));
    assert!(hall.committed());
    assert_eq!(told(&events), [("moved", "deadline")]);
}

#[test]
fn what_still_runs_cannot_be_missed_and_another_version_is_told() {
    let hall = Hall::over(mocks(vec![case()]));
    let deadlines = &hall.application.deadlines;
    let officer = call(Role::Officer);
    let early = deadlines.act(&officer, CASE, DEADLINE, DeadlineCommand::Miss);
    assert_eq!(code(early), Code::IllegalMove);
    let stale = if_match(officer.clone(), 2);
    let stale = deadlines.act(&stale, CASE, DEADLINE, DeadlineCommand::Waive(accord()));
    assert_eq!(code(stale), Code::Stale);
    let elsewhere = deadlines.act(&officer, id(9), DEADLINE, DeadlineCommand::Waive(accord()));
    assert_eq!(code(elsewhere), Code::NotFound);
    let late = DeadlineCommand::Meet(date(2026, 11, 22));
    let late = deadlines.act(&officer, CASE, DEADLINE, late);
    let field = "met_on".to_owned();
    assert_eq!(wrong_fields(late), [(field, "in_the_future")]);
}

#[test]
fn an_answer_meets_its_deadline_and_is_kept_with_the_grievance() {
    let mut mocks = mocks(vec![case()]);
    let events = audited(&mut mocks);
    mocks.grievances.expect_update().returning(|_| Ok(()));
    mocks
        .deadlines
        .expect_update()
        .times(1)
        .withf(|deadline| !deadline.runs())
        .returning(|_| Ok(()));
    mocks
        .deadlines
        .expect_insert_events()
        .times(1)
        .withf(|case, happened, by, _| *case == CASE && happened.len() == 1 && *by == Some(CALLER))
        .returning(|_, _, _, _| Ok(()));
    let hall = Hall::over(mocks);
    let answered = Trigger {
        kind: EventKind::Answered,
        date: date(2026, 11, 20),
        service: Service::Mail,
    };
    let deadlines = &hall.application.deadlines;
    deadlines
        .record_event(&call(Role::Staff), CASE, answered)
        .unwrap();
    assert_eq!(
        told(&events),
        [("updated", "grievance"), ("moved", "deadline")]
    );
    let filed = Trigger {
        kind: EventKind::Filed,
        ..answered
    };
    let refused = deadlines.record_event(&call(Role::Staff), CASE, filed);
    let field = "kind".to_owned();
    assert_eq!(wrong_fields(refused), [(field, "follows_from_a_move")]);
}

#[test]
fn a_withdrawn_grievance_leaves_its_deadlines_without_a_purpose() {
    let mut mocks = mocks(vec![case()]);
    let events = audited(&mut mocks);
    mocks.grievances.expect_update().returning(|_| Ok(()));
    mocks
        .representation_log
        .expect_insert()
        .times(1)
        .returning(|_| Ok(()));
    mocks
        .deadlines
        .expect_update()
        .times(1)
        .withf(|deadline| !deadline.runs())
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let reason = Prose::parse("The member asked for it.").unwrap();
    let grievances = &hall.application.grievances;
    let officer = call(Role::Officer);
    grievances
        .act(&officer, CASE, Action::Withdraw(reason))
        .unwrap();
    let expected = [
        ("moved", "grievance"),
        ("created", "representation_entry"),
        ("moved", "deadline"),
    ];
    assert_eq!(told(&events), expected);
}

#[test]
fn what_is_confirmed_is_what_was_shown_and_where_nothing_changes_nothing_is_written() {
    let hall = Hall::over(mocks(vec![case()]));
    let deadlines = &hall.application.deadlines;
    let officer = call(Role::Officer);
    let shown = deadlines.changes(&officer, Recount::default()).unwrap();
    let shown = shown.value.found;
    assert_eq!(shown.comparison.unchanged, 1);
    let done = deadlines.confirm_changes(&officer, Recount::default(), &shown.fingerprint);
    assert_eq!(done.unwrap().found, shown);
    let other = deadlines.confirm_changes(&officer, Recount::default(), "something else");
    assert_eq!(code(other), Code::ChangedMeanwhile);
    let unknown = Recount {
        agreement: Some(Recounted {
            agreement: AGREEMENT,
            rules: Version::new(2),
        }),
        due_from: None,
    };
    assert_eq!(code(deadlines.changes(&officer, unknown)), Code::NotFound);
}

/// What happened to the grievance: it was filed, and somebody recorded an answer.
fn recorded() -> Vec<CaseEvent> {
    let event = |number, kind, day, by| CaseEvent {
        id: uuid::Uuid::from_u128(number),
        happening: Happening::on(Step::Step1, kind, date(2026, 11, day)),
        recorded_by: by,
        recorded_at: now(),
        retraction: None,
    };
    vec![
        event(1, EventKind::Filed, 9, None),
        event(2, EventKind::Answered, 20, Some(CALLER)),
    ]
}

fn mistake() -> Prose<2_000> {
    Prose::parse("It was another letter.").unwrap()
}

#[test]
fn an_event_is_taken_back_by_officers_with_its_reason_on_record_and_what_it_met_runs_again() {
    let met = CaseDeadline {
        deadline: Deadline {
            state: DeadlineState::Met {
                on: date(2026, 11, 20),
                by: EventKind::Answered,
                witness: Witness::Event(uuid::Uuid::from_u128(2)),
            },
            ..case().deadline
        },
        ..case()
    };
    let mut mocks = mocks(vec![met]);
    let events = audited(&mut mocks);
    mocks.grievances.expect_update().returning(|_| Ok(()));
    let deadlines = &mut mocks.deadlines;
    deadlines.expect_events().returning(|_| Ok(recorded()));
    deadlines
        .expect_retract_event()
        .times(1)
        .withf(|id, retraction| id.as_u128() == 2 && retraction.by == Some(CALLER))
        .returning(|_, _| Ok(()));
    deadlines
        .expect_update()
        .times(1)
        .withf(Deadline::runs)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let deadlines = &hall.application.deadlines;
    let retract = |role, number| {
        let event = uuid::Uuid::from_u128(number);
        deadlines.retract_event(&call(role), CASE, event, mistake())
    };
    assert_eq!(code(retract(Role::Staff, 2)), Code::Forbidden);
    assert_eq!(code(retract(Role::Officer, 9)), Code::NotFound);
    assert_eq!(code(retract(Role::Officer, 1)), Code::IllegalMove);
    retract(Role::Officer, 2).unwrap();
    let expected = [("updated", "grievance"), ("moved", "deadline")];
    assert_eq!(told(&events), expected);
    let events = events.lock().unwrap();
    let reason = ("reason", mistake().to_string());
    assert!(events[0].details.contains(&reason));
}

#[test]
fn an_agreement_is_set_by_officers_alone() {
    let hall = Hall::untouchable();
    let deadlines = &hall.application.deadlines;
    let set = deadlines.set_agreement(&call(Role::Staff), CASE, AGREEMENT, &mistake());
    assert_eq!(code(set), Code::Forbidden);
}
