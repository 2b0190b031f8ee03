//! Requests for information: what entries make of them.

use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const BY: (Option<UserId>, Timestamp, Date) = (None, Timestamp::UNIX_EPOCH, date(2026, 11, 21));

fn id<T>(number: u128) -> Id<T> {
    Id::new(Uuid::from_u128(number))
}

fn prose<const MAX: usize>(text: &str) -> Prose<MAX> {
    Prose::parse(text).unwrap()
}

pub(crate) fn request() -> InformationRequest {
    InformationRequest {
        id: id(1),
        grievance: id(2),
        asked: Asked {
            subject: Line::parse("Overtime lists").unwrap(),
            relevance: None,
            asked_of: None,
            asked_on: date(2026, 11, 2),
            due_on: date(2026, 11, 16),
            items: vec![prose("The list of October."), prose("Who was called.")],
        },
        asked_by: None,
        entries: Vec::new(),
        version: Version::FIRST,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn answers(items: &[(u16, ItemAction)]) -> Answers {
    let answer = |(item, action): &(u16, ItemAction)| ItemAnswer {
        item: *item,
        action: *action,
        text: prose("A copy."),
    };
    Answers {
        on: None,
        items: items.iter().map(answer).collect(),
    }
}

fn say(mut request: InformationRequest, items: &[(u16, ItemAction)]) -> InformationRequest {
    let entries = request.answered(answers(items), BY, || id(9)).unwrap();
    request.entries.extend(entries);
    request
}

#[test]
fn a_request_is_answered_item_by_item_and_an_answer_can_be_disputed() {
    let asked = request();
    assert_eq!(asked.status(), RequestStatus::Asked);
    assert!(asked.is_overdue(date(2026, 11, 17)) && !asked.is_overdue(date(2026, 11, 16)));
    let partly = say(asked, &[(1, ItemAction::Answer)]);
    assert_eq!(partly.status(), RequestStatus::PartlyAnswered);
    let refused = say(partly, &[(2, ItemAction::Refuse)]);
    assert_eq!(refused.status(), RequestStatus::Refused);
    assert!(!refused.is_overdue(date(2027, 1, 1)));
    let answered = say(refused, &[(2, ItemAction::Answer)]);
    assert_eq!(answered.status(), RequestStatus::Answered);
    let disputed = say(answered, &[(1, ItemAction::Dispute)]);
    assert_eq!(disputed.status(), RequestStatus::PartlyAnswered);
    assert_eq!(disputed.entries.len(), 4);
}

#[test]
fn a_follow_up_may_set_another_last_day_and_the_newest_counts() {
    let mut asked = request();
    let follow_up = |due_on| FollowUp {
        on: None,
        text: prose("Where is it?"),
        due_on,
    };
    for due in [Some(date(2026, 11, 30)), None] {
        let entry = asked.followed_up(follow_up(due), BY, id(9)).unwrap();
        asked.entries.push(entry);
    }
    assert_eq!(asked.due_on(), date(2026, 11, 30));
    let early = asked.followed_up(follow_up(Some(date(2026, 11, 20))), BY, id(9));
    assert!(matches!(early, Err(Unwritable::Invalid(errors)) if errors[0].field == "due_on"));
    let withdrawn = asked.withdrawn(prose("Settled."), BY, id(9)).unwrap();
    asked.entries.push(withdrawn);
    assert_eq!(asked.status(), RequestStatus::Withdrawn);
    assert!(asked.followed_up(follow_up(None), BY, id(9)).is_err());
    assert_eq!(asked.allowed(), []);
}

#[test]
fn what_was_refused_is_waited_for_again_when_the_union_asks_again() {
    let answered = say(request(), &[(1, ItemAction::Answer)]);
    let mut refused = say(answered, &[(2, ItemAction::Refuse)]);
    let again = FollowUp {
        on: None,
        text: prose("Confidential or not, it is relevant."),
        due_on: Some(date(2026, 11, 30)),
    };
    let again = refused.followed_up(again, BY, id(9)).unwrap();
    refused.entries.push(again);
    assert_eq!(refused.items(), [ItemStatus::Answered, ItemStatus::Awaited]);
    assert_eq!(refused.status(), RequestStatus::PartlyAnswered);
    assert!(refused.is_overdue(date(2026, 12, 1)) && !refused.is_overdue(date(2026, 11, 30)));
    let refused = say(refused, &[(2, ItemAction::Refuse)]);
    assert_eq!(refused.status(), RequestStatus::Refused);
}

#[test]
fn a_full_request_takes_no_entry_but_its_withdrawal() {
    let mut full = request();
    let again = || FollowUp {
        on: None,
        text: prose("Where is it?"),
        due_on: None,
    };
    while full.entries.len() < MOST_ENTRIES - 1 {
        let entry = full.followed_up(again(), BY, id(9)).unwrap();
        full.entries.push(entry);
    }
    let code = |refused: Unwritable| match refused {
        Unwritable::Invalid(errors) => (errors[0].field.to_string(), errors[0].invalid.code),
        Unwritable::Refused(refused) => panic!("{refused}"),
    };
    let refused = full.followed_up(again(), BY, id(9)).unwrap_err();
    assert_eq!(code(refused), ("text".to_owned(), "too_many"));
    let answers = answers(&[(1, ItemAction::Answer)]);
    let refused = full.answered(answers, BY, || id(9)).unwrap_err();
    assert_eq!(code(refused), ("items".to_owned(), "too_many"));
    let last = full.withdrawn(prose("Settled."), BY, id(9)).unwrap();
    // One that was filled before the last place was kept.
    full.entries.push(Entry {
        kind: EntryKind::FollowUp,
        ..last
    });
    let refused = full.withdrawn(prose("Settled."), BY, id(9)).unwrap_err();
    assert_eq!(code(refused), ("reason".to_owned(), "too_many"));
}

#[test]
fn every_answer_that_cannot_be_is_named_by_its_place() {
    let wrong = answers(&[
        (1, ItemAction::Dispute),
        (3, ItemAction::Answer),
        (2, ItemAction::Answer),
        (2, ItemAction::Answer),
    ]);
    let Err(Unwritable::Invalid(errors)) = request().answered(wrong, BY, || id(9)) else {
        panic!("the answers cannot be");
    };
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.field.as_ref(), error.invalid.code))
        .collect();
    assert_eq!(
        told,
        [
            ("items/0/action", "illegal_action"),
            ("items/1/item", "unknown_item"),
            ("items/3/action", "illegal_action")
        ]
    );
}

#[test]
fn what_is_asked_is_checked_as_a_whole() {
    let mut asked = request().asked;
    assert!(asked.check(date(2026, 11, 2)).is_ok());
    (asked.due_on, asked.items) = (date(2026, 11, 1), Vec::new());
    let errors = asked.check(date(2026, 11, 1)).unwrap_err();
    let codes: Vec<_> = errors.iter().map(|error| error.invalid.code).collect();
    assert_eq!(codes, ["in_the_future", "before_asking", "required"]);
}

proptest! {
    #[test]
    fn whatever_is_said_in_whatever_order_leaves_a_state_that_its_entries_explain(
        said in proptest::collection::vec((1u16..4, 0usize..4), 0..40)
    ) {
        let mut request = request();
        for (item, action) in said {
            let answers = answers(&[(item, ItemAction::ALL[action])]);
            if let Ok(entries) = request.answered(answers, BY, || id(9)) {
                request.entries.extend(entries);
            }
            let answered = request.items().iter().all(|item| *item == ItemStatus::Answered);
            prop_assert_eq!(request.status() == RequestStatus::Answered, answered);
            prop_assert_eq!(request.status() == RequestStatus::Asked, request.entries.is_empty());
        }
    }
}
