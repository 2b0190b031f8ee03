//! Tests of the use cases of employments.

use std::sync::Arc;

use jiff::civil::{Date, date};
use unionhall_domain::{
    change::Change,
    employments::{
        Employment, EmploymentChange, EmploymentDetails, EmploymentId, JobRules, JobRulesChange,
        JobsAtOnce, Period,
    },
    money::Amount,
    roles::Role,
    version::Version,
};
use unionhall_ports::{employments::Employed, mock::MockRepositories, pages::Page};

use super::{EmploymentsWanted, NewEmployment};
use crate::{
    error::{Code, Coded},
    fixtures::{
        ADA, EMPLOYER, GRACE, Hall, Shared, audited, call, call_of_member, code, id, if_match,
        member, now, organization, page, told, touched, wrong_fields,
    },
};

const PRESENT: EmploymentId = id(6_001);
const TODAY: Date = date(2026, 11, 21);

fn details(start: Date, end: Option<Date>) -> EmploymentDetails {
    EmploymentDetails {
        period: Period::new(start, end).unwrap(),
        job_title: None,
        hourly_rate: None,
    }
}

/// Ada's job since spring, until then if there is an end.
fn present(end: Option<Date>) -> Employed {
    Employed {
        employment: Employment {
            id: PRESENT,
            member: ADA,
            organization: EMPLOYER,
            details: details(date(2026, 3, 2), end),
            version: Version::FIRST,
            created_at: now(),
            updated_at: now(),
            deleted_at: None,
        },
        member_number: member().details.member_number,
        first_name: member().details.first_name,
        last_name: member().details.last_name,
        organization_name: organization().details.name,
    }
}

fn new(start: Date, ends_previous: bool) -> NewEmployment {
    NewEmployment {
        member: ADA,
        organization: EMPLOYER,
        details: details(start, None),
        ends_previous,
    }
}

/// Mocks of a hall where Ada has the job until `end`, and what is written there.
fn with(end: Option<Date>) -> (MockRepositories, Shared<Employment>) {
    let mut mocks = MockRepositories::default();
    mocks
        .members
        .expect_lock()
        .returning(|id| Ok((id == ADA).then(member)));
    mocks
        .organizations
        .expect_hold()
        .returning(|id| Ok((id == EMPLOYER).then(organization)));
    let employments = &mut mocks.employments;
    employments.expect_rules().returning(|| Ok(JobRules::USUAL));
    employments
        .expect_find()
        .returning(move |id| Ok((id == PRESENT).then(|| present(end))));
    employments
        .expect_of_member()
        .returning(move |_| Ok(vec![present(end)]));
    let written = Shared::default();
    let (inserts, updates) = (Arc::clone(&written), Arc::clone(&written));
    employments.expect_insert().returning(move |job| {
        inserts.lock().unwrap().push(job.clone());
        Ok(())
    });
    employments.expect_update().returning(move |job| {
        updates.lock().unwrap().push(job.clone());
        Ok(())
    });
    (mocks, written)
}

/// The days of what was written, in order.
fn days(written: &Shared<Employment>) -> Vec<(Date, Option<Date>)> {
    let written = written.lock().unwrap();
    let told = |job: &Employment| (job.details.period.start(), job.details.period.end());
    written.iter().map(told).collect()
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let employments = &hall.application.employments;
    let (contact, reader, officer) = (
        call(Role::Contact),
        call(Role::Organizer),
        call(Role::Officer),
    );
    let codes = [
        code(employments.create(&reader, new(TODAY, false))),
        code(employments.find(&contact, PRESENT)),
        code(employments.list(&contact, EmploymentsWanted::default(), &page())),
        code(employments.titles(&call(Role::Member), None)),
        code(employments.update(&reader, PRESENT, EmploymentChange::default())),
        code(employments.end(&reader, PRESENT, None)),
        code(employments.delete(&reader, PRESENT)),
        code(employments.restore(&reader, PRESENT)),
        code(employments.rules(&contact)),
        code(employments.update_rules(&officer, JobRulesChange::default())),
    ];
    assert_eq!(codes, [Code::Forbidden; 10]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_second_job_is_refused_and_the_answer_names_the_first() {
    let (mocks, written) = with(None);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let result = hall
        .application
        .employments
        .create(&staff, new(TODAY, false));
    let error = result.unwrap_err();
    assert_eq!(error.code(), Code::JobsOverlap);
    assert_eq!(
        error.to_string(),
        "a member has at most 1 at once here, and this one works at Cascade Electric since 2026-03-02"
    );
    assert!(hall.rolled_back());
    assert_eq!(days(&written), []);
}

#[test]
fn a_new_job_can_end_the_one_before_it_on_the_day_before_it_begins() {
    let (mut mocks, written) = with(None);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let employments = &hall.application.employments;
    let after = employments.create(&staff, new(TODAY, true)).unwrap();
    assert_eq!(
        days(&written),
        [(date(2026, 3, 2), Some(date(2026, 11, 20))), (TODAY, None)]
    );
    assert_eq!(after.ended, [PRESENT]);
    assert!(after.job.is_current());
    assert_eq!(
        told(&events),
        [("updated", "employment"), ("created", "employment")]
    );
}

#[test]
fn a_job_that_began_no_earlier_is_not_ended_but_in_the_way() {
    let (mocks, written) = with(None);
    let hall = Hall::over(mocks);
    let staff = call(Role::Staff);
    let same_day = new(date(2026, 3, 2), true);
    let result = hall.application.employments.create(&staff, same_day);
    assert_eq!(code(result), Code::JobsOverlap);
    assert_eq!(days(&written), []);
}

#[test]
fn an_unusual_rate_is_taken_and_warned_of() {
    let (mut mocks, _) = with(Some(date(2026, 10, 1)));
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let mut cheap = new(TODAY, false);
    cheap.details.hourly_rate = Amount::parse("7.50").ok();
    let employments = &hall.application.employments;
    let after = employments.create(&call(Role::Staff), cheap).unwrap();
    let codes: Vec<_> = after
        .warnings
        .iter()
        .map(|warning| warning.invalid.code)
        .collect();
    assert_eq!(codes, ["unusual_rate"]);
    assert!(hall.committed());
}

#[test]
fn whoever_is_not_there_gets_no_job() {
    let (mocks, _) = with(None);
    let hall = Hall::over(mocks);
    let nobody = NewEmployment {
        member: GRACE,
        organization: id(9),
        ..new(TODAY, false)
    };
    let result = hall
        .application
        .employments
        .create(&call(Role::Staff), nobody);
    assert_eq!(
        wrong_fields(result),
        [
            ("member_id".to_owned(), "unknown_member"),
            ("organization_id".to_owned(), "unknown_organization")
        ]
    );
}

#[test]
fn a_job_ends_today_unless_a_day_is_named_and_once() {
    for (end, last, expected) in [
        (None, None, Ok(TODAY)),
        (None, Some(date(2026, 12, 31)), Ok(date(2026, 12, 31))),
        (Some(date(2026, 12, 31)), None, Ok(TODAY)),
        (Some(TODAY), None, Err(Code::IllegalMove)),
        (Some(date(2026, 6, 1)), None, Err(Code::IllegalMove)),
        (
            Some(date(2026, 12, 1)),
            Some(date(2026, 12, 2)),
            Err(Code::IllegalMove),
        ),
        (None, Some(date(2026, 3, 1)), Err(Code::InvalidFields)),
    ] {
        let (mut mocks, written) = with(end);
        audited(&mut mocks);
        let hall = Hall::over(mocks);
        let employments = &hall.application.employments;
        let result = employments.end(&call(Role::Staff), PRESENT, last);
        match expected {
            Ok(day) => {
                result.unwrap();
                assert_eq!(days(&written), [(date(2026, 3, 2), Some(day))]);
            }
            Err(expected) => assert_eq!(code(result), expected, "{end:?} {last:?}"),
        }
    }
}

#[test]
fn only_a_change_that_adds_days_asks_for_the_others() {
    let (mut mocks, _) = with(Some(date(2026, 6, 30)));
    let events = audited(&mut mocks);
    mocks.members = Default::default();
    let hall = Hall::over(mocks);
    let employments = &hall.application.employments;
    let shorter = EmploymentChange {
        end_date: Change::Set(Some(date(2026, 5, 31))),
        ..EmploymentChange::default()
    };
    employments
        .update(&call(Role::Staff), PRESENT, shorter)
        .unwrap();
    assert_eq!(touched(&events), ["end_date"]);
    let (mut mocks, _) = with(Some(date(2026, 6, 30)));
    audited(&mut mocks);
    let hall = Hall::over(mocks);
    let open = EmploymentChange {
        end_date: Change::Set(None),
        ..EmploymentChange::default()
    };
    let employments = &hall.application.employments;
    let after = employments.update(&call(Role::Staff), PRESENT, open);
    assert!(after.unwrap().job.is_current(), "it is no other's");
}

#[test]
fn a_change_that_changes_nothing_is_on_record_as_a_reading_and_a_stale_one_is_refused() {
    let (mut mocks, written) = with(None);
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let employments = &hall.application.employments;
    let nothing = EmploymentChange::default();
    let staff = call(Role::Staff);
    employments
        .update(&staff, PRESENT, nothing.clone())
        .unwrap();
    assert_eq!(days(&written), []);
    assert_eq!(told(&events), [("read", "employment")]);
    let stale = if_match(staff, 2);
    let codes = [
        code(employments.update(&stale, PRESENT, nothing)),
        code(employments.end(&stale, PRESENT, None)),
        code(employments.delete(&stale, PRESENT)),
    ];
    assert_eq!(codes, [Code::Stale; 3]);
}

#[test]
fn a_job_comes_back_only_where_there_is_room_for_it() {
    let gone = |end| {
        let mut gone = present(end);
        gone.employment.id = id(6_002);
        gone.employment.deleted_at = Some(now());
        gone
    };
    for (end, kept) in [(None, false), (Some(date(2026, 3, 1)), true)] {
        let (mut mocks, written) = with(None);
        let events = audited(&mut mocks);
        let mut back = gone(None);
        if let Some(end) = end {
            back.employment.details = details(date(2025, 1, 1), Some(end));
        }
        mocks
            .employments
            .expect_find_deleted()
            .returning(move |_| Ok(Some(back.clone())));
        let hall = Hall::over(mocks);
        let employments = &hall.application.employments;
        let result = employments.restore(&call(Role::Staff), id(6_002));
        if kept {
            result.unwrap();
            assert_eq!(told(&events), [("restored", "employment")]);
            assert_eq!(days(&written).len(), 1);
        } else {
            assert_eq!(code(result), Code::JobsOverlap);
        }
    }
}

#[test]
fn members_read_their_own_jobs_and_nobody_elses_and_each_reading_is_on_record() {
    let (mut mocks, _) = with(None);
    mocks
        .employments
        .expect_list()
        .withf(|filter, _| filter.member == Some(ADA))
        .returning(|_, _| {
            Ok(Page {
                items: vec![present(None)],
                next: None,
                total: None,
            })
        });
    let hall = Hall::over(mocks);
    let employments = &hall.application.employments;
    let own = call_of_member(Some(ADA));
    assert_eq!(employments.find(&own, PRESENT).unwrap().value.today, TODAY);
    let others = call_of_member(Some(GRACE));
    assert_eq!(code(employments.find(&others, PRESENT)), Code::NotFound);
    let found = |call, wanted| {
        let found = employments.list(call, wanted, &page()).unwrap();
        found.value.items.len()
    };
    assert_eq!(found(&own, EmploymentsWanted::default()), 1);
    let mut of_grace = EmploymentsWanted::default();
    of_grace.filter.member = Some(GRACE);
    assert_eq!(found(&own, of_grace), 0);
    assert_eq!(
        found(&call_of_member(None), EmploymentsWanted::default()),
        0
    );
    assert_eq!(
        told(&hall.reads),
        [
            ("read", "employment"),
            ("listed", "employment"),
            ("listed", "employment"),
            ("listed", "employment")
        ]
    );
}

#[test]
fn rules_are_changed_by_who_manages_the_tenant_and_are_on_record() {
    let (mut mocks, _) = with(None);
    let events = audited(&mut mocks);
    mocks
        .employments
        .expect_put_rules()
        .times(1)
        .withf(|rules| rules.version.get() == 2 && rules.at_once.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let two = JobRulesChange {
        at_once: Change::Set(JobsAtOnce::new(2).unwrap()),
        ..JobRulesChange::default()
    };
    let employments = &hall.application.employments;
    let admin = call(Role::Admin);
    employments.update_rules(&admin, two).unwrap();
    assert_eq!(touched(&events), ["max_current_jobs"]);
    let crossed = JobRulesChange {
        highest_rate: Change::Set(Amount::parse("1").unwrap()),
        ..JobRulesChange::default()
    };
    assert_eq!(
        wrong_fields(employments.update_rules(&admin, crossed)),
        [("hourly_rate_high".to_owned(), "below_low")]
    );
}

#[test]
fn a_job_can_be_ended_until_its_last_day() {
    let hall = Hall::untouchable();
    let employments = &hall.application.employments;
    let actions = |role, end| {
        let job = super::as_of(TODAY, present(end));
        employments.allowed_actions(&call(role).actor, &job)
    };
    assert_eq!(actions(Role::Staff, None), ["update", "delete", "end"]);
    assert_eq!(
        actions(Role::Staff, Some(date(2026, 11, 22))),
        ["update", "delete", "end"]
    );
    assert_eq!(actions(Role::Staff, Some(TODAY)), ["update", "delete"]);
    assert!(actions(Role::Organizer, None).is_empty());
}
