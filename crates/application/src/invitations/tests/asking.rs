//! The side of the tenant: sending, sending again, taking back.

use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use unionhall_domain::{
    invitations::State,
    roles::{HeldRole, Role},
    users::places::PlaceState,
};
use unionhall_ports::{
    invitations::Acquaintance, mock::MockRepositories, storage::StorageError, tenants::Room,
};

use super::{super::tokens, *};
use crate::{
    error::{Code, Coded},
    fixtures::{
        ADA, Hall, STEWARD, audited, call, code, if_match, mailed, member, page, signatures, told,
        touched, wrong_fields,
    },
    invitations::{InvitationError, Invitations},
};

/// The tokens' hashes that storage was given.
type Hashes = Arc<Mutex<Vec<[u8; 32]>>>;

/// A hall with room that knows this much of Ada, and takes her invitation if `free`.
fn hall(known: Acquaintance, free: bool, room: Room) -> (MockRepositories, Hashes) {
    let mut mocks = MockRepositories::default();
    let hashes = Hashes::default();
    mocks
        .tenants
        .expect_reserve_user()
        .returning(move |_| Ok(room));
    mocks
        .members
        .expect_hold()
        .returning(|_| Ok(Some(member())));
    let invitations = &mut mocks.invitations;
    invitations
        .expect_acquaintance()
        .returning(move |_, _| Ok(known));
    invitations
        .expect_retire()
        .returning(|_, _, _| Ok(Vec::new()));
    let (added, renewed) = (Arc::clone(&hashes), Arc::clone(&hashes));
    invitations.expect_insert().returning(move |_, hash| {
        added.lock().unwrap().push(*hash);
        Ok(free)
    });
    invitations.expect_update().returning(move |_, hash| {
        renewed.lock().unwrap().extend(hash);
        Ok(())
    });
    (mocks, hashes)
}

/// A hall that knows nothing of Ada.
fn open_hall() -> (MockRepositories, Hashes) {
    hall(Acquaintance::default(), true, Room::Reserved)
}

fn send(mocks: MockRepositories, role: Role, new: &Invite) -> Result<Invitation, InvitationError> {
    let hall = Hall::over(mocks);
    hall.application.invitations.send(&call(role), new)
}

#[test]
fn an_invitation_is_kept_put_on_record_and_mailed_with_a_link_that_storage_knows_the_hash_of() {
    let (mut mocks, hashes) = open_hall();
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    let hall = Hall::over(mocks);
    let sent = hall
        .application
        .invitations
        .send(&call(Role::Admin), &invite());
    let sent = sent.unwrap();
    assert!(hall.committed());
    assert_eq!(
        (sent.state, sent.invited_by, sent.tenant),
        (State::Pending, CALLER, HALL)
    );
    assert_eq!(sent.expires_at, now() + SignedDuration::from_hours(7 * 24));
    assert_eq!(told(&events), [("created", "invitation")]);
    let mails = mails.lock().unwrap();
    let mail = &mails[0];
    assert_eq!(mail.subject, "You are invited to Local 46");
    assert!(
        mail.text.contains("Stella Steward invites you"),
        "{}",
        mail.text
    );
    assert!(mail.text.contains("Welcome to the <b>office</b>!"));
    let html = mail.html.as_ref().unwrap();
    assert!(!html.contains("<b>office"), "{html}");
    let (_, token) = mail
        .text
        .split_once("/account/accept-invitation#token=")
        .unwrap();
    let token = token.split_whitespace().next().unwrap();
    let ticket = tokens::read(&signatures(1), token).unwrap();
    assert_eq!(ticket.invitation, sent.id);
    assert_eq!(*hashes.lock().unwrap(), [ticket.hash]);
    // Nothing that is kept or told for ever has the token.
    let trail = format!("{:?}", events.lock().unwrap());
    assert!(!trail.contains(token) && !format!("{sent:?}").contains(token));
}

#[test]
fn who_may_not_manage_users_invites_nobody_and_sees_no_invitation() {
    let hall = Hall::untouchable();
    let invitations = &hall.application.invitations;
    for role in Role::ALL.into_iter().skip(2) {
        let call = call(role);
        assert_eq!(code(invitations.send(&call, &invite())), Code::Forbidden);
        let many = invitations.send_many(&call, &[invite()]);
        assert_eq!(code(many), Code::Forbidden);
        assert_eq!(code(invitations.statistics(&call)), Code::Forbidden);
        let again = invitations.resend(&call, INVITED, ValidFor::USUAL);
        assert_eq!(code(again), Code::Forbidden);
        assert_eq!(code(invitations.cancel(&call, INVITED)), Code::Forbidden);
        assert_eq!(code(invitations.find(&call, INVITED)), Code::Forbidden);
        let list = invitations.list(&call, &Default::default(), &page());
        assert_eq!(code(list), Code::Forbidden);
        assert_eq!(
            invitations
                .allowed_actions(&call.actor, &invitation())
                .len(),
            0
        );
    }
}

#[test]
fn nobody_invites_to_a_role_above_their_own() {
    let new = Invite {
        roles: vec![for_good(Role::Staff), for_good(Role::Owner)],
        ..invite()
    };
    let (mocks, _) = open_hall();
    assert_eq!(code(send(mocks, Role::Admin, &new)), Code::AboveOwnRole);
    let (mut mocks, _) = open_hall();
    let (_events, _mails) = (audited(&mut mocks), mailed(&mut mocks));
    assert!(send(mocks, Role::Owner, &new).is_ok());
}

#[test]
fn a_user_of_the_tenant_is_not_invited_and_who_was_removed_is() {
    for (place, refused) in [
        (PlaceState::Active, true),
        (PlaceState::Suspended, true),
        (PlaceState::Removed, false),
    ] {
        let known = Acquaintance {
            place: Some(place),
            ..Acquaintance::default()
        };
        let (mut mocks, _) = hall(known, true, Room::Reserved);
        let (_events, _mails) = (audited(&mut mocks), mailed(&mut mocks));
        let sent = send(mocks, Role::Admin, &invite());
        assert_eq!(sent.is_err(), refused, "{place:?}");
        if refused {
            assert_eq!(code(sent), Code::Duplicate);
        }
    }
}

#[test]
fn beside_one_that_waits_nothing_is_sent_and_a_full_hall_invites_nobody() {
    let (mocks, _) = hall(Acquaintance::default(), false, Room::Reserved);
    assert_eq!(code(send(mocks, Role::Admin, &invite())), Code::Duplicate);
    let (mut mocks, _) = hall(Acquaintance::default(), true, Room::Full { limit: 5 });
    let _mails = mailed(&mut mocks);
    let hall = Hall::over(mocks);
    let refused = hall
        .application
        .invitations
        .send(&call(Role::Admin), &invite());
    assert_eq!(code(refused), Code::LimitReached);
    assert!(hall.rolled_back());
}

#[test]
fn a_member_who_is_not_there_or_is_somebody_else_is_refused() {
    let new = Invite {
        member: Some(ADA),
        ..invite()
    };
    let mut mocks = MockRepositories::default();
    mocks.members.expect_hold().returning(|_| Ok(None));
    let refused = wrong_fields(send(mocks, Role::Admin, &new));
    assert_eq!(refused, [("member_id".to_owned(), "not_found")]);
    let taken = Acquaintance {
        is_member_taken: true,
        ..Acquaintance::default()
    };
    let (mocks, _) = hall(taken, true, Room::Reserved);
    assert_eq!(code(send(mocks, Role::Admin, &new)), Code::Duplicate);
}

#[test]
fn roles_are_there_once_and_outlast_the_invitation() {
    let until = |role: Role, days: i64| HeldRole {
        role,
        expires_at: Some(now() + SignedDuration::from_hours(days * 24)),
    };
    for (roles, expected) in [
        (vec![], ("roles", "too_few")),
        (
            vec![for_good(Role::Staff), until(Role::Staff, 90)],
            ("roles/1/role", "repeated"),
        ),
        (
            vec![until(Role::Staff, 0)],
            ("roles/0/expires_at", "in_the_past"),
        ),
        (
            vec![until(Role::Staff, 7)],
            ("expires_in_days", "outlasts_role"),
        ),
    ] {
        let new = Invite { roles, ..invite() };
        let refused = wrong_fields(send(MockRepositories::default(), Role::Admin, &new));
        assert_eq!(refused, [(expected.0.to_owned(), expected.1)]);
    }
}

#[test]
fn one_that_has_run_out_makes_room_and_is_put_on_record() {
    let mut mocks = MockRepositories::default();
    mocks.invitations.expect_retire().returning(|_, _, _| {
        Ok(vec![Invitation {
            state: State::Expired,
            ..invitation()
        }])
    });
    let invitations = &mut mocks.invitations;
    invitations
        .expect_acquaintance()
        .returning(|_, _| Ok(Acquaintance::default()));
    invitations.expect_insert().returning(|_, _| Ok(true));
    mocks
        .tenants
        .expect_reserve_user()
        .returning(|_| Ok(Room::Reserved));
    let (events, _mails) = (audited(&mut mocks), mailed(&mut mocks));
    send(mocks, Role::Admin, &invite()).unwrap();
    assert_eq!(
        told(&events),
        [("moved", "invitation"), ("created", "invitation")]
    );
}

/// The use cases over a hall that has this invitation.
fn having(found: Option<Invitation>) -> (MockRepositories, Hashes) {
    let (mut mocks, hashes) = open_hall();
    mocks
        .invitations
        .expect_find()
        .returning(move |_| Ok(found.clone()));
    (mocks, hashes)
}

fn expired() -> Invitation {
    Invitation {
        expires_at: now(),
        invited_by: STEWARD,
        ..invitation()
    }
}

#[test]
fn sent_again_it_has_a_new_link_more_time_and_another_who_answers_for_it() {
    let (mut mocks, hashes) = having(Some(expired()));
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    let hall = Hall::over(mocks);
    let days = ValidFor::days(3).unwrap();
    let invitations = &hall.application.invitations;
    let again = invitations
        .resend(&call(Role::Admin), INVITED, days)
        .unwrap();
    assert_eq!((again.state, again.invited_by), (State::Pending, CALLER));
    assert_eq!(again.expires_at, days.from(now()));
    assert_eq!(told(&events), [("updated", "invitation")]);
    assert_eq!(touched(&events), ["status", "invited_by", "expires_at"]);
    assert_eq!(
        (hashes.lock().unwrap().len(), mails.lock().unwrap().len()),
        (1, 1)
    );
}

#[test]
fn taken_back_its_token_stays_and_counts_no_more() {
    let (mut mocks, hashes) = having(Some(invitation()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    let canceled = hall
        .application
        .invitations
        .cancel(&call(Role::Admin), INVITED);
    assert_eq!(canceled.unwrap().state, State::Canceled { at: now() });
    assert_eq!(told(&events), [("moved", "invitation")]);
    assert_eq!(hashes.lock().unwrap().len(), 0);
}

#[test]
fn what_is_decided_is_neither_sent_again_nor_taken_back() {
    let accepted = || Invitation {
        state: State::Accepted {
            at: now(),
            by: STEWARD,
        },
        ..invitation()
    };
    let call = call(Role::Owner);
    let both = |invitations: &Invitations| {
        [
            invitations.resend(&call, INVITED, ValidFor::USUAL),
            invitations.cancel(&call, INVITED),
        ]
    };
    let hall = Hall::over(having(Some(accepted())).0);
    for refused in both(&hall.application.invitations) {
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), Code::IllegalMove);
        assert_eq!(refused.allowed_actions(), Some(Vec::new()));
    }
    let hall = Hall::over(having(None).0);
    for refused in both(&hall.application.invitations) {
        assert_eq!(code(refused), Code::NotFound);
    }
    let hall = Hall::over(having(Some(invitation())).0);
    let stale = if_match(call.clone(), 7);
    let refused = hall.application.invitations.cancel(&stale, INVITED);
    assert_eq!(code(refused), Code::Stale);
}

#[test]
fn one_that_has_run_out_can_be_sent_again_and_not_taken_back() {
    let hall = Hall::over(having(Some(expired())).0);
    let refused = hall
        .application
        .invitations
        .cancel(&call(Role::Owner), INVITED);
    let refused = refused.unwrap_err();
    assert_eq!(refused.allowed_actions(), Some(vec!["resend"]));
    let found = hall
        .application
        .invitations
        .find(&call(Role::Owner), INVITED);
    assert_eq!(found.unwrap().state, State::Expired);
}

#[test]
fn an_administrator_leaves_the_invitations_of_owners_alone() {
    let of_owner = Invitation {
        roles: vec![for_good(Role::Owner)],
        ..invitation()
    };
    let hall = Hall::over(having(Some(of_owner)).0);
    let refused = hall
        .application
        .invitations
        .cancel(&call(Role::Admin), INVITED);
    assert_eq!(code(refused), Code::AboveOwnRole);
}

#[test]
fn another_that_waits_is_told_when_one_is_sent_again() {
    let mut mocks = MockRepositories::default();
    let invitations = &mut mocks.invitations;
    invitations.expect_find().returning(|_| Ok(Some(expired())));
    invitations
        .expect_acquaintance()
        .returning(|_, _| Ok(Acquaintance::default()));
    invitations.expect_update().returning(|_, _| {
        Err(StorageError::Constraint {
            name: "invitations_pending_key".to_owned(),
        })
    });
    let hall = Hall::over(mocks);
    let invitations = &hall.application.invitations;
    let refused = invitations.resend(&call(Role::Admin), INVITED, ValidFor::USUAL);
    assert_eq!(code(refused), Code::Duplicate);
    assert!(hall.rolled_back());
}

#[test]
fn of_many_each_has_an_answer_and_what_is_wrong_with_one_stops_no_other() {
    let owners = Invite {
        roles: vec![for_good(Role::Owner)],
        ..invite()
    };
    let (mut mocks, hashes) = open_hall();
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    let hall = Hall::over(mocks);
    let invitations = &hall.application.invitations;
    let rows = [invite(), owners.clone(), invite()];
    let answers = invitations.send_many(&call(Role::Admin), &rows).unwrap();
    assert!(hall.committed());
    let sent: Vec<_> = answers.iter().map(|row| row.outcome.is_ok()).collect();
    assert_eq!(sent, [true, false, true]);
    assert_eq!((told(&events).len(), mails.lock().unwrap().len()), (2, 2));
    assert_eq!(hashes.lock().unwrap().len(), 2);
    // Where nobody is invited there is nothing to put on record.
    let hall = Hall::over(open_hall().0);
    let invitations = &hall.application.invitations;
    let answers = invitations
        .send_many(&call(Role::Admin), &[owners])
        .unwrap();
    assert!(answers[0].outcome.is_err());
}

#[test]
fn a_full_hall_invites_none_of_many() {
    let (mut mocks, _) = hall(Acquaintance::default(), true, Room::Full { limit: 5 });
    let _mails = mailed(&mut mocks);
    let hall = Hall::over(mocks);
    let invitations = &hall.application.invitations;
    let refused = invitations.send_many(&call(Role::Admin), &[invite()]);
    assert_eq!(code(refused), Code::LimitReached);
    assert!(hall.rolled_back());
}
