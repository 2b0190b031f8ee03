//! Obligations: permissions, what they hang on, and what is put on record.

use jiff::civil::date;
use unionhall_domain::{
    audit::Target,
    grievances::{Action, Grievance, Progress, Settlement, State},
    obligations::{
        Obligation, ObligationAction, ObligationId, ObligationMove, ObligationState, Terms,
        TermsChange,
    },
    roles::Role,
    step_meetings::Party,
    text::Prose,
    version::Version,
};
use unionhall_ports::{mock::MockRepositories, obligations::ObligationFilter, pages::Page};

use super::permission_for;
use crate::{
    error::Code,
    fixtures::{CASE, Hall, audited, call, code, grievance, id, now, page},
    permissions::Permission,
};

const OBLIGATION: ObligationId = id(7_201);

fn terms() -> Terms {
    Terms {
        what: Prose::parse("Pay sixteen hours.").unwrap(),
        owed_by: Party::Employer,
        owed_to: None,
        due_on: date(2026, 12, 1),
        amount: None,
    }
}

fn obligation() -> Obligation {
    Obligation {
        id: OBLIGATION,
        grievance: CASE,
        terms: terms(),
        state: ObligationState::Open,
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

/// The case, settled.
fn settled() -> Grievance {
    let state = State::Settled(Settlement {
        resolution: Prose::parse("Paid.").unwrap(),
        date: date(2026, 11, 20),
        amount: None,
    });
    let progress = Progress {
        state,
        ..Progress::FILED
    };
    Grievance {
        progress,
        ..grievance()
    }
}

fn reason() -> Prose<2_000> {
    Prose::parse("The cheque bounced.").unwrap()
}

#[test]
fn work_needs_one_permission_and_giving_up_another() {
    let hall = Hall::untouchable();
    let obligations = &hall.application.obligations;
    let (staff, member, key) = (call(Role::Staff), call(Role::Member), (CASE, OBLIGATION));
    let codes = [
        code(obligations.act(&staff, key, ObligationMove::Waive(reason()))),
        code(obligations.act(&staff, key, ObligationMove::Reopen(reason()))),
        code(obligations.act(&member, key, ObligationMove::Breach(reason()))),
        code(obligations.add(&member, CASE, terms())),
        code(obligations.update(&member, key, TermsChange::default())),
        code(
            obligations
                .list(&member, ObligationFilter::default(), false, &page())
                .map(|_| ()),
        ),
    ];
    assert_eq!(codes, [Code::Forbidden; 6]);
    for action in ObligationAction::ALL {
        let decides = matches!(action, ObligationAction::Waive | ObligationAction::Reopen);
        let expected = if decides {
            Permission::GrievancesDecide
        } else {
            Permission::GrievancesWork
        };
        assert_eq!(permission_for(action), expected, "{action:?}");
    }
}

#[test]
fn nothing_is_owed_out_of_a_grievance_that_was_not_settled() {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(grievance())));
    let hall = Hall::over(mocks);
    let added = hall
        .application
        .obligations
        .add(&call(Role::Staff), CASE, terms());
    assert_eq!(code(added), Code::IllegalMove);
}

#[test]
fn what_a_settlement_obliges_to_is_added_open_and_on_record_with_its_case() {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(settled())));
    mocks.obligations.expect_insert().returning(|_| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let added = hall
        .application
        .obligations
        .add(&call(Role::Staff), CASE, terms());
    let added = added.unwrap();
    assert_eq!(added.record.state, ObligationState::Open);
    assert!(!added.is_overdue);
    let events = events.lock().unwrap();
    assert_eq!(events[0].target, Target::Obligation);
    assert_eq!(events[0].details, [("grievance_id", CASE.to_string())]);
}

#[test]
fn taking_an_obligation_up_again_is_on_record_with_the_reason() {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(settled())));
    mocks.obligations.expect_find().returning(|_, _| {
        Ok(Some(Obligation {
            state: ObligationState::Fulfilled(date(2026, 11, 20), None),
            ..obligation()
        }))
    });
    mocks
        .obligations
        .expect_update()
        .withf(|after| after.version.get() == 2 && after.state == ObligationState::Open)
        .returning(|_| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let said = ObligationMove::Reopen(reason());
    let obligations = &hall.application.obligations;
    let reopened = obligations.act(&call(Role::Officer), (CASE, OBLIGATION), said);
    assert!(reopened.is_ok());
    let events = events.lock().unwrap();
    let told = ("reason", reason().to_string());
    assert!(events[0].details.contains(&told));
}

#[test]
fn a_reopened_grievance_releases_what_is_outstanding_page_by_page_on_record() {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(settled())));
    mocks.grievances.expect_update().returning(|_| Ok(()));
    let mut pages = vec![
        Vec::new(),
        vec![obligation()],
        vec![obligation(), obligation()],
    ];
    mocks
        .obligations
        .expect_list()
        .times(3)
        .withf(|filter, _| filter.grievance == Some(CASE) && filter.only_outstanding)
        .returning(move |_, _| {
            Ok(Page {
                items: pages.pop().unwrap_or_default(),
                next: None,
                total: None,
            })
        });
    mocks
        .obligations
        .expect_update()
        .times(3)
        .withf(|after| matches!(after.state, ObligationState::Waived(..)))
        .returning(|_| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let reopened =
        hall.application
            .grievances
            .act(&call(Role::Officer), CASE, Action::Reopen(reason()));
    assert!(reopened.is_ok());
    let events = events.lock().unwrap();
    let of = |target| events.iter().filter(|event| event.target == target).count();
    assert_eq!((of(Target::Obligation), of(Target::Grievance)), (3, 1));
}
