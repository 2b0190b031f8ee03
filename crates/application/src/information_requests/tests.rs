//! Requests for information: permissions, the tenant's day, and what is put on record.

use jiff::civil::date;
use unionhall_domain::{
    audit::{AuditAction, Target},
    information_requests::{
        Answers, Asked, FollowUp, InformationRequest, InformationRequestId, ItemAction, ItemAnswer,
        RequestStatus,
    },
    roles::Role,
    text::{Line, Prose},
    version::Version,
};
use unionhall_ports::{
    information_requests::InformationRequestFilter, mock::MockRepositories, pages::Page,
};

use crate::{
    error::Code,
    fixtures::{CASE, Hall, audited, call, code, grievance, id, now, page},
};

const REQUEST: InformationRequestId = id(7_101);

fn asked() -> Asked {
    Asked {
        subject: Line::parse("Overtime lists").unwrap(),
        relevance: None,
        asked_of: None,
        asked_on: date(2026, 11, 9),
        due_on: date(2026, 11, 20),
        items: vec![Prose::parse("The list of October.").unwrap()],
    }
}

fn request() -> InformationRequest {
    InformationRequest {
        id: REQUEST,
        grievance: CASE,
        asked: asked(),
        asked_by: None,
        entries: Vec::new(),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
    }
}

fn answers() -> Answers {
    Answers {
        on: None,
        items: vec![ItemAnswer {
            item: 1,
            action: ItemAction::Answer,
            text: Prose::parse("A copy.").unwrap(),
        }],
    }
}

fn follow_up() -> FollowUp {
    FollowUp {
        on: None,
        text: Prose::parse("Where is it?").unwrap(),
        due_on: None,
    }
}

#[test]
fn whoever_may_not_work_on_grievances_touches_no_port() {
    let hall = Hall::untouchable();
    let requests = &hall.application.information_requests;
    let (member, key) = (call(Role::Member), (CASE, REQUEST));
    let codes = [
        code(requests.ask(&member, CASE, asked())),
        code(requests.answer(&member, key, answers())),
        code(requests.follow_up(&member, key, follow_up())),
        code(requests.withdraw(&member, key, Prose::parse("Settled.").unwrap())),
        code(requests.find(&member, CASE, REQUEST).map(|_| ())),
        code(
            requests
                .list(&member, InformationRequestFilter::default(), true, &page())
                .map(|_| ()),
        ),
    ];
    assert_eq!(codes, [Code::Forbidden; 6]);
}

#[test]
fn an_answer_is_added_and_on_record_with_where_the_request_stands_then() {
    let mut mocks = MockRepositories::default();
    let find = mocks.grievances.expect_find();
    find.returning(|_| Ok(Some(grievance())));
    let find = mocks.information_requests.expect_find();
    find.returning(|_, _| Ok(Some(request())));
    mocks
        .information_requests
        .expect_add()
        .withf(|request, new| {
            request.version.get() == 2
                && new.len() == 1
                && request.status() == RequestStatus::Answered
        })
        .returning(|_, _| Ok(()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let answered = hall
        .application
        .information_requests
        .answer(&call(Role::Staff), (CASE, REQUEST), answers())
        .unwrap();
    // The hall's day is the 21st in Seattle.
    assert_eq!(answered.record.entries[0].on, date(2026, 11, 21));
    let events = events.lock().unwrap();
    let event = &events[0];
    assert_eq!(
        (event.action, event.target),
        (AuditAction::Moved, Target::InformationRequest)
    );
    assert!(event.details.contains(&("entries", "answer 1".to_owned())));
    assert_eq!(event.changes[0].field, "status");
}

#[test]
fn what_is_overdue_is_so_by_the_halls_day_and_looking_is_on_record() {
    let mut mocks = MockRepositories::default();
    mocks
        .information_requests
        .expect_list_in_short()
        .withf(|filter, _| filter.overdue_on == Some(date(2026, 11, 21)))
        .returning(|_, _| {
            Ok(Page {
                items: vec![request()],
                next: None,
                total: None,
            })
        });
    let hall = Hall::over(mocks);
    let requests = &hall.application.information_requests;
    let filter = InformationRequestFilter::default();
    let found = requests.list(&call(Role::Staff), filter, true, &page());
    let overdue = found.map(|found| found.value.items[0].is_overdue);
    assert_eq!(overdue.ok(), Some(true));
    let reads = hall.reads.lock().unwrap();
    assert_eq!(reads[0].target, Target::InformationRequest);
}
