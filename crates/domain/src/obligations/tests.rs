//! Obligations: the table of their states, and what is overdue.

use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::refused::table;

fn prose(text: &str) -> Prose<2_000> {
    Prose::parse(text).unwrap()
}

fn obligation() -> Obligation {
    Obligation {
        id: Id::new(Uuid::from_u128(1)),
        grievance: Id::new(Uuid::from_u128(2)),
        terms: Terms {
            what: prose("Pay sixteen hours."),
            owed_by: Party::Employer,
            owed_to: None,
            due_on: date(2026, 11, 30),
            amount: Some(Amount::from_minor(125_000).unwrap()),
        },
        state: ObligationState::Open,
        version: Version::FIRST,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn said(action: usize) -> ObligationMove {
    match action {
        0 => ObligationMove::Fulfill(None, None),
        1 => ObligationMove::Breach(prose("Nothing came.")),
        2 => ObligationMove::Waive(prose("Paid in kind.")),
        _ => ObligationMove::Reopen(prose("The cheque bounced.")),
    }
}

#[test]
fn the_whole_table_of_an_obligations_states_and_actions() {
    insta::assert_snapshot!(table(
        (&ObligationStatus::ALL, ObligationStatus::as_str),
        (&ObligationAction::ALL, ObligationAction::as_str),
        |status, action| status.after(action).map(ObligationStatus::as_str)
    ));
}

#[test]
fn what_is_still_to_be_done_is_released_with_the_settlement_and_says_why() {
    let today = date(2026, 11, 21);
    let open = obligation();
    let breached = obligation().apply(said(1), today).unwrap();
    for outstanding in [open, breached] {
        let released = outstanding.released(&"x".repeat(3_000), today).unwrap();
        assert_eq!(released.status(), ObligationStatus::Waived);
        let (on, words) = released.ending();
        assert_eq!(on, Some(today));
        assert!(
            words
                .unwrap()
                .as_str()
                .starts_with("The grievance was reopened: x")
        );
    }
    for over in [said(0), said(2)] {
        let over = obligation().apply(over, today).unwrap();
        assert_eq!(over.released("Else.", today), None);
    }
}

#[test]
fn what_is_not_done_by_its_last_day_is_overdue_until_it_is_done_or_waived() {
    let (today, late) = (date(2026, 11, 30), date(2026, 12, 1));
    let open = obligation();
    assert!(!open.is_overdue(today) && open.is_overdue(late));
    let breached = open.apply(said(1), late).unwrap();
    assert!(breached.is_overdue(late));
    let done = breached.apply(said(0), late).unwrap();
    assert!(!done.is_overdue(date(2027, 1, 1)));
    assert_eq!(done.ending(), (Some(late), None));
}

#[test]
fn nothing_was_done_tomorrow() {
    let tomorrow = ObligationMove::Fulfill(Some(date(2026, 12, 2)), None);
    let refused = obligation().apply(tomorrow, date(2026, 12, 1));
    assert!(
        matches!(refused, Err(Immovable::Invalid(errors)) if errors[0].field == "fulfilled_on")
    );
}

proptest! {
    #[test]
    fn no_sequence_of_moves_leaves_the_table(moves in proptest::collection::vec(0usize..4, 0..30)) {
        let mut obligation = obligation();
        for index in moves {
            let said = said(index);
            let expected = obligation.status().after(said.action());
            match obligation.clone().apply(said, date(2026, 12, 1)) {
                Ok(after) => {
                    prop_assert_eq!(Some(after.status()), expected);
                    obligation = after;
                }
                Err(_) => prop_assert_eq!(expected, None),
            }
        }
    }
}
