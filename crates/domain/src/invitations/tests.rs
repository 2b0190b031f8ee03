//! The rules of invitations, each on its own.

use uuid::Uuid;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

const GRACE: UserId = Id::new(Uuid::from_u128(7));

fn invitation(state: State) -> Invitation {
    Invitation {
        id: Id::new(Uuid::from_u128(1)),
        tenant: Id::new(Uuid::from_u128(46)),
        email: EmailAddress::parse("ada@spark.example").unwrap(),
        guest: Guest::default(),
        message: None,
        roles: vec![HeldRole {
            role: Role::Admin,
            expires_at: None,
        }],
        member: None,
        invited_by: Id::new(Uuid::from_u128(2)),
        state,
        sent_at: at(0),
        expires_at: at(100),
        version: Version::FIRST,
        created_at: at(0),
        updated_at: at(0),
    }
}

const STATES: [State; 4] = [
    State::Pending,
    State::Accepted {
        at: Timestamp::UNIX_EPOCH,
        by: GRACE,
    },
    State::Canceled {
        at: Timestamp::UNIX_EPOCH,
    },
    State::Expired,
];

const fn changer(role: Role) -> Changer {
    Changer {
        user: Some(GRACE),
        highest: Some(role),
    }
}

#[test]
fn the_whole_table_of_status_and_action() {
    let row = |state: State| {
        let invitation = invitation(state);
        let allowed = invitation.allowed(changer(Role::Owner));
        let names: Vec<_> = allowed.iter().map(|action| action.as_str()).collect();
        format!("{:<10}{}", invitation.status().as_str(), names.join(", "))
            .trim_end()
            .to_owned()
    };
    assert_eq!(
        STATES.map(row),
        [
            "pending   resend, cancel",
            "accepted",
            "canceled",
            "expired   resend"
        ]
    );
}

#[test]
fn whoever_waits_too_long_finds_the_invitation_expired_and_nobody_else_does() {
    for (second, status) in [(99, Status::Pending), (100, Status::Expired)] {
        assert_eq!(
            invitation(State::Pending).as_of(at(second)).status(),
            status
        );
    }
    for state in STATES.into_iter().skip(1) {
        assert_eq!(invitation(state).as_of(at(1_000)).state, state);
    }
}

#[test]
fn sent_again_it_waits_as_long_as_is_said_and_another_answers_for_it() {
    for state in [State::Pending, State::Expired] {
        let days = ValidFor::days(3).unwrap();
        let again = invitation(state).resent(changer(Role::Admin), GRACE, days, at(500));
        let again = again.unwrap();
        assert_eq!((again.state, again.invited_by), (State::Pending, GRACE));
        assert_eq!(
            (again.sent_at, again.expires_at),
            (at(500), at(500 + 3 * 86_400))
        );
        assert_eq!((again.version.get(), again.created_at), (2, at(0)));
    }
}

#[test]
fn nobody_sends_takes_back_or_gives_roles_above_their_own() {
    let above = Refusal::Above(Role::Admin);
    let below = changer(Role::Officer);
    let waiting = || invitation(State::Pending);
    assert_eq!(waiting().canceled(below, at(1)), Err(above.clone()));
    let again = waiting().resent(below, GRACE, ValidFor::USUAL, at(1));
    assert_eq!(again, Err(above.clone()));
    assert_eq!(permit_roles(&waiting().roles, below), Err(above));
    assert_eq!(waiting().allowed(below), []);
    assert_eq!(permit_roles(&waiting().roles, changer(Role::Admin)), Ok(()));
}

#[test]
fn what_is_decided_stays_so() {
    for state in STATES.into_iter().skip(1) {
        let refused = invitation(state).canceled(changer(Role::Owner), at(1));
        let status = invitation(state).status();
        let action = InvitationAction::Cancel;
        assert_eq!(refused, Err(Refusal::Illegal { status, action }));
    }
    let canceled = invitation(State::Pending).canceled(changer(Role::Owner), at(1));
    assert_eq!(canceled.unwrap().state, State::Canceled { at: at(1) });
}

#[test]
fn an_invitation_is_good_for_one_to_thirty_days() {
    for days in [1, 7, 30] {
        assert_eq!(ValidFor::days(days).unwrap().from(at(0)), at(days * 86_400));
    }
    for days in [i64::MIN, -1, 0, 31, 256, i64::MAX] {
        assert_eq!(ValidFor::days(days).unwrap_err().code, "out_of_range");
    }
}

#[test]
fn every_status_reads_what_it_prints() {
    for status in Status::ALL {
        assert_eq!(Status::parse(status.as_str()), Ok(status));
    }
}

#[test]
fn the_rate_counts_what_was_answered_and_there_is_none_before() {
    let tally = |accepted, canceled, expired| Tally {
        pending: 5,
        accepted,
        canceled,
        expired,
    };
    for (tally, sent, rate) in [
        (tally(0, 3, 0), 8, None),
        (tally(0, 0, 1), 6, Some(0)),
        (tally(2, 3, 1), 11, Some(667)),
        (tally(4, 0, 0), 9, Some(1_000)),
    ] {
        assert_eq!((tally.sent(), tally.accepted_per_mille()), (sent, rate));
    }
}
