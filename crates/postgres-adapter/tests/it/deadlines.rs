//! Contract of the repository of deadlines.

mod feeds;

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use unionhall_domain::{
    collective_agreements::{
        AgreementTerms, Article, CollectiveAgreement, Consequence, DayKind, Days, Duty, EventKind,
        FirstDay, MailDays, Party, Period, Roll, RuleKey, RuleSet, Side, StepRule, Term,
    },
    deadlines::{
        Accord, Basis, Deadline, DeadlineAction, DeadlineId, DeadlineMove, DeadlineStatus,
        Extension, Grant, Happening, Service, Trigger, Witness, derive,
    },
    grievances::{Claim, FiledUnder, Grievance, GrievanceNumber, Progress, Step},
    holidays::{CalendarYear, Calendars, WorkingWeek},
    tenants::TenantId,
    text::Prose,
    users::UserId,
    version::Version,
};
use unionhall_ports::{
    deadlines::{CaseDeadline, DeadlineFilter, DeadlineSort, Retraction},
    pages::{Direction, PageRequest},
    storage::StorageError,
    unit_of_work::Scope,
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line, store},
};

/// A hall with an agreement, and two grievances under it.
pub(crate) struct Hall {
    pub(crate) database: TestDatabase,
    pub(crate) tenant: TenantId,
    pub(crate) agreement: CollectiveAgreement,
    rules: RuleSet,
    pub(crate) grievances: [Grievance; 2],
    pub(crate) steward: UserId,
}

fn rule() -> StepRule {
    StepRule {
        key: RuleKey {
            step: Step::Step1,
            side: Side::Employer,
            duty: Duty::Answer,
            after: EventKind::Filed,
        },
        article: line("9.2"),
        period: Period {
            days: Days::new(10).unwrap(),
            kind: DayKind::Working,
            first_day: FirstDay::NotCounted,
            roll: Roll::NextWorkingDay,
            mail: Some(MailDays::FEDERAL),
        },
        missed: Consequence::Advance,
    }
}

fn agreement() -> CollectiveAgreement {
    let party = |side| Party {
        side,
        name: line("Somebody"),
        organization: None,
    };
    let article = Article {
        number: line("9.2"),
        title: line("Answers"),
        text: None,
    };
    let term = Term::new(date(2020, 1, 1), None).unwrap();
    let terms = AgreementTerms::new(
        line("Inside \"Agreement\""),
        Side::ALL.map(party).to_vec(),
        term,
        vec![article],
    );
    CollectiveAgreement {
        id: builders::fresh_id(),
        terms: terms.unwrap(),
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

impl Hall {
    pub(crate) fn new() -> Self {
        let database = TestDatabase::new();
        let storage = &*database.unit_of_work();
        let tenant = builders::tenant(storage, "local-46").id;
        let user = builders::user(storage, "steward@hall.example");
        let _place = builders::membership(storage, &user, tenant, &[]);
        let member = builders::member(storage, tenant, "A-1", "Ada", "Voltz").id;
        let employer = builders::organization(storage, tenant, "Puget").id;
        let agreement = agreement();
        let rules = RuleSet::new(&agreement, Version::FIRST, date(2020, 1, 1), vec![rule()]);
        let rules = rules.unwrap();
        let grievance = |place, steward| Grievance {
            id: builders::fresh_id(),
            number: GrievanceNumber::new(2026, place).unwrap(),
            member,
            employer,
            filed_date: date(2026, 11, 2),
            agreement: Some(FiledUnder {
                agreement: agreement.id,
                rules: rules.version(),
            }),
            claim: Claim {
                incident_date: None,
                contract_article: None,
                violation_description: Prose::parse("Overtime was not paid.").unwrap(),
                remedy_sought: None,
                assigned_representative: None,
                steward,
                notes: None,
            },
            progress: Progress::FILED,
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        };
        let grievances = [grievance(1, None), grievance(2, Some(user.id))];
        store(storage, Scope::Tenant(tenant), |tx| {
            tx.collective_agreements().insert(&agreement)?;
            tx.collective_agreements()
                .insert_rule_set(&rules, builders::now())?;
            for grievance in &grievances {
                tx.grievances().insert(grievance)?;
            }
            Ok(())
        });
        Self {
            tenant,
            agreement,
            rules,
            grievances,
            steward: user.id,
            database,
        }
    }

    /// A deadline of one of the grievances, counted from an event of this day that came by mail.
    pub(crate) fn deadline(&self, grievance: usize, from: Date) -> Deadline {
        let basis = Basis::find(&self.agreement, &self.rules, rule().key).unwrap();
        let trigger = Trigger {
            kind: EventKind::Filed,
            date: from,
            service: Service::Mail,
        };
        let derivation = derive(basis, trigger, &[], &calendars()).unwrap();
        let (id, at) = (builders::fresh_id(), builders::now());
        Deadline::begun(id, self.grievances[grievance].id, derivation, at)
    }

    fn case(&self, deadline: &Deadline) -> CaseDeadline {
        let mut grievances = self.grievances.iter();
        let grievance = grievances
            .find(|case| case.id == deadline.grievance)
            .unwrap();
        CaseDeadline {
            deadline: deadline.clone(),
            number: grievance.number,
            employer: grievance.employer,
            representative: grievance.claim.assigned_representative,
            steward: grievance.claim.steward,
        }
    }
}

fn calendars() -> Calendars {
    let year = |number| CalendarYear::new(number).unwrap();
    Calendars::federal(year(2025), year(2028), WorkingWeek::MONDAY_TO_FRIDAY)
}

fn accord() -> Accord {
    Accord {
        agreed_on: date(2026, 11, 16),
        for_union: line("A. \"Al\" Rivera"),
        for_employer: line("B. Chen"),
        note: Some(Prose::parse("By mail.\nOf the same day.").unwrap()),
    }
}

/// Every state that a deadline can be in, each reached by its actions.
fn states(deadline: &Deadline) -> Vec<Deadline> {
    let action = |kind| match kind {
        DeadlineMove::Meet => DeadlineAction::Meet {
            on: date(2026, 11, 17),
            by: EventKind::Answered,
            witness: Witness::Event(uuid::Uuid::from_u128(7)),
        },
        DeadlineMove::Miss => DeadlineAction::Miss,
        DeadlineMove::Extend => DeadlineAction::Extend(Extension {
            accord: accord(),
            grant: Grant::Days(Days::new(5).unwrap(), DayKind::Working),
        }),
        DeadlineMove::Waive => DeadlineAction::Waive(accord()),
        DeadlineMove::Lapse | DeadlineMove::Reopen => DeadlineAction::Lapse,
    };
    let until = Extension {
        accord: accord(),
        grant: Grant::Until(date(2027, 1, 4)),
    };
    let mut actions: Vec<_> = DeadlineMove::ALL.into_iter().map(action).collect();
    actions.push(DeadlineAction::Extend(until));
    let applied = |action| {
        let (today, at) = (date(2026, 12, 1), builders::now());
        deadline.apply(action, &calendars(), today, at).unwrap()
    };
    actions.into_iter().map(applied).collect()
}

#[test]
fn a_deadline_comes_back_with_every_step_of_its_working_in_every_state() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let begun = hall.deadline(0, date(2026, 11, 2));
    for after in states(&begun) {
        let before = Deadline {
            id: builders::fresh_id(),
            ..begun.clone()
        };
        let after = Deadline {
            id: before.id,
            ..after
        };
        let found = store(storage, Scope::Tenant(hall.tenant), |tx| {
            tx.deadlines().insert(std::slice::from_ref(&before))?;
            let first = tx.deadlines().find(before.id)?;
            tx.deadlines().update(&after)?;
            Ok((first, tx.deadlines().find(before.id)?))
        });
        assert_eq!(found, (Some(hall.case(&before)), Some(hall.case(&after))));
    }
}

#[test]
fn a_stale_deadline_is_not_written() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let deadline = hall.deadline(0, date(2026, 11, 2));
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().insert(std::slice::from_ref(&deadline))
    });
    let late = Deadline {
        version: Version::new(3).unwrap(),
        ..deadline
    };
    let stale = storage.transaction(Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().update(&late)
    });
    assert!(matches!(stale, Err(StorageError::Stale)), "{stale:?}");
}

/// Follows the cursors to the end, one row at a time.
fn walk(hall: &Hall, filter: &DeadlineFilter, direction: Direction) -> Vec<DeadlineId> {
    let storage = &*hall.database.unit_of_work();
    let mut request = PageRequest {
        limit: 1,
        after: None,
        sort: DeadlineSort::Due,
        direction,
        with_total: true,
    };
    let mut ids = Vec::new();
    loop {
        let page = store(storage, Scope::Tenant(hall.tenant), |tx| {
            tx.deadlines().list(filter, &request)
        });
        ids.extend(page.items.iter().map(|case| case.deadline.id));
        match page.next {
            None => {
                assert_eq!(page.total, u64::try_from(ids.len()).ok());
                return ids;
            }
            next => request.after = next,
        }
    }
}

#[test]
fn lists_are_filtered_and_walked_by_the_last_day() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let days = [
        (0, date(2026, 11, 2)),
        (1, date(2026, 11, 3)),
        (1, date(2026, 11, 4)),
    ];
    let deadlines = days.map(|(grievance, day)| hall.deadline(grievance, day));
    let met = states(&deadlines[2]).remove(0);
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().insert(&deadlines)?;
        tx.deadlines().update(&met)
    });
    let walk = |filter: &DeadlineFilter, direction| walk(&hall, filter, direction);
    let [first, second, third] = [&deadlines[0], &deadlines[1], &deadlines[2]].map(|row| row.id);
    let all = DeadlineFilter::default();
    assert_eq!(walk(&all, Direction::Ascending), [first, second, third]);
    assert_eq!(walk(&all, Direction::Descending), [third, second, first]);
    let running = DeadlineFilter {
        statuses: vec![DeadlineStatus::Open, DeadlineStatus::Extended],
        ..all.clone()
    };
    assert_eq!(walk(&running, Direction::Ascending), [first, second]);
    let of_steward = DeadlineFilter {
        carrier: Some(hall.steward),
        statuses: vec![DeadlineStatus::Met],
        ..all.clone()
    };
    assert_eq!(walk(&of_steward, Direction::Ascending), [third]);
    let due = DeadlineFilter {
        due_from: Some(deadlines[1].due()),
        due_until: Some(deadlines[1].due()),
        step: Some(Step::Step1),
        agreement: Some(hall.agreement.id),
        employer: Some(hall.grievances[0].employer),
        ..all
    };
    // Their last days are Saturday and Sunday, and roll to one Monday.
    assert_eq!(walk(&due, Direction::Ascending), [second, third]);
    let found = store(storage, Scope::Tenant(hall.tenant), |tx| {
        let deadlines = tx.deadlines();
        let of_case = deadlines.of_grievance(hall.grievances[1].id)?.len();
        let most = deadlines.running(Some(hall.agreement.id), None, 1)?;
        let none = deadlines.running(Some(builders::fresh_id()), None, 9)?;
        Ok((of_case, most.len(), none.len()))
    });
    assert_eq!(found, (2, 1, 0));
}

#[test]
fn what_happened_comes_back_in_the_order_of_its_days() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let case = hall.grievances[0].id;
    let answered = Happening {
        step: Step::Step2,
        trigger: Trigger {
            kind: EventKind::Answered,
            date: date(2026, 11, 20),
            service: Service::Mail,
        },
    };
    let filed = Happening::on(Step::Step1, EventKind::Filed, date(2026, 11, 2));
    let found = store(storage, Scope::Tenant(hall.tenant), |tx| {
        let events = [answered, filed].map(|event| (builders::fresh_uuid(), event));
        tx.deadlines()
            .insert_events(case, &events, Some(hall.steward), builders::now())?;
        tx.deadlines().events(case)
    });
    let happened: Vec<_> = found.iter().map(|event| event.happening).collect();
    assert_eq!(happened, [filed, answered]);
    assert_eq!(found[0].recorded_by, Some(hall.steward));
    let retraction = Retraction {
        at: builders::now(),
        by: Some(hall.steward),
        reason: Prose::parse("The letter was another one.").unwrap(),
    };
    let retract = || {
        storage.transaction(Scope::Tenant(hall.tenant), |tx| {
            tx.deadlines().retract_event(found[1].id, &retraction)
        })
    };
    retract().unwrap();
    assert!(matches!(retract(), Err(StorageError::Stale)));
    let left = store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().events(case)
    });
    assert_eq!(left[0], found[0]);
    assert_eq!(left[1].retraction, Some(retraction));
}

#[test]
fn that_an_answer_was_due_is_there_once_until_it_is_taken_back() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let case = hall.grievances[0].id;
    let due = Happening::on(Step::Step1, EventKind::AnswerDue, date(2026, 11, 17));
    let insert = || {
        let events = [(builders::fresh_uuid(), due)];
        storage.transaction(Scope::Tenant(hall.tenant), |tx| {
            tx.deadlines()
                .insert_events(case, &events, None, builders::now())
        })
    };
    insert().unwrap();
    let key = "grievance_events_answer_due_key";
    let twice = insert();
    assert!(
        matches!(&twice, Err(StorageError::Constraint { name }) if name == key),
        "{twice:?}"
    );
}

#[test]
fn deadlines_of_deleted_grievances_and_of_other_tenants_are_not_there() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let deadline = hall.deadline(0, date(2026, 11, 2));
    let deleted = Grievance {
        version: Version::FIRST.next(),
        deleted_at: Some(builders::now()),
        ..hall.grievances[0].clone()
    };
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().insert(std::slice::from_ref(&deadline))
    });
    let other = builders::tenant(storage, "local-77").id;
    let there = |tenant| {
        store(storage, Scope::Tenant(tenant), |tx| {
            Ok(tx.deadlines().find(deadline.id)?.is_some())
        })
    };
    assert_eq!((there(hall.tenant), there(other)), (true, false));
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.grievances().update(&deleted)
    });
    assert!(!there(hall.tenant));
}

#[test]
fn what_is_to_be_warned_of_is_what_the_domain_says_and_each_warning_is_noted_once() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let deadline = hall.deadline(0, date(2026, 11, 2));
    let due = deadline.due();
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        let deadlines = tx.deadlines();
        deadlines.insert(std::slice::from_ref(&deadline))?;
        for days in -9..=2 {
            let today = due + days.days();
            let warning = deadline.warning_on(today);
            let mut fresh = false;
            if let Some(warning) = &warning {
                let unwarned = deadlines.to_warn(today, 9)?;
                fresh = deadlines.insert_warning(&warning.key, builders::now())?;
                assert_eq!(unwarned.len(), usize::from(fresh), "{days}");
                assert!(!deadlines.insert_warning(&warning.key, builders::now())?);
            }
            assert!(deadlines.to_warn(today, 9)?.is_empty(), "{days}");
            let first = [-7, -3, -1, 0, 1].contains(&days);
            assert_eq!(fresh, first, "{days}");
        }
        Ok(())
    });
}

#[test]
fn the_worker_learns_of_tenants_with_something_due_and_nobody_else_does() {
    let hall = Hall::new();
    let storage = &*hall.database.unit_of_work();
    let deadline = hall.deadline(0, date(2026, 11, 2));
    store(storage, Scope::Tenant(hall.tenant), |tx| {
        tx.deadlines().insert(std::slice::from_ref(&deadline))
    });
    let with_due = |scope, day| storage.read(scope, |tx| tx.deadlines().tenants_with_due(day));
    let due = deadline.due();
    assert_eq!(with_due(Scope::Worker, due).unwrap(), [hall.tenant]);
    assert_eq!(with_due(Scope::Worker, due - 1.day()).unwrap(), []);
    for scope in [Scope::Tenant(hall.tenant), Scope::Identity] {
        assert!(with_due(scope, due).is_err());
    }
}
