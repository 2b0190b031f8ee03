//! Resetting a lost factor: by whom, of whom, what ends and who is told.

use unionhall_domain::{audit::AuditAction, roles::Role, text::Line};
use unionhall_ports::mock::MockRepositories;

use super::super::SecondFactorError;
use crate::{
    error::Code,
    fixtures::{
        CALLER, Hall, STEWARD, audited, call, code, for_good, if_match, mailed, now, place,
        rehearsed, told,
    },
};

fn reason() -> Line<500> {
    Line::parse("Came to the office.").unwrap()
}

/// Mocks with a steward who holds these roles, here and elsewhere, and has a factor or not.
fn steward(here: &[Role], elsewhere: &[Role], there: bool) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let held: Vec<_> = here.iter().map(|role| for_good(*role)).collect();
    let found = place(STEWARD, &held);
    mocks
        .users
        .expect_find()
        .returning(move |id| Ok((id == STEWARD).then(|| found.clone())));
    let elsewhere = elsewhere.to_vec();
    mocks
        .second_factors
        .expect_roles_elsewhere()
        .returning(move |_, _| Ok(elsewhere.clone()));
    mocks
        .second_factors
        .expect_reset()
        .withf(|user, at| *user == STEWARD && *at == now())
        .returning(move |_, _| Ok(there));
    mocks
}

fn reset(hall: &Hall, by: Role) -> Result<(), SecondFactorError> {
    let factors = &hall.application.second_factors;
    factors.reset(&call(by), STEWARD, &reason())
}

#[test]
fn a_reset_is_on_record_with_its_reason_and_told_to_the_person() {
    let mut mocks = steward(&[Role::Staff], &[Role::Admin], true);
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    let hall = Hall::over(mocks);
    reset(&hall, Role::Admin).unwrap();
    assert!(hall.committed());
    assert_eq!(told(&events), [("second_factor_reset", "user")]);
    let event = events.lock().unwrap().pop().unwrap();
    assert_eq!(event.action, AuditAction::SecondFactorReset);
    assert_eq!(event.target_id, Some(STEWARD.uuid()));
    assert_eq!(
        event.details,
        [("reason", "Came to the office.".to_owned())]
    );
    let mails = mails.lock().unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to.as_str(), "stella@hall.example");
    insta::assert_snapshot!(mails[0].text);
}

#[test]
fn a_factor_of_somebody_above_is_not_reset_wherever_they_are_above() {
    for (here, elsewhere) in [
        (&[Role::Owner][..], &[][..]),
        (&[Role::Member, Role::Owner], &[]),
        (&[Role::Staff], &[Role::Owner]),
    ] {
        let hall = Hall::over(steward(here, elsewhere, true));
        assert_eq!(code(reset(&hall, Role::Admin)), Code::AboveOwnRole);
        assert!(hall.rolled_back());
    }
    let mut mocks = steward(&[Role::Owner], &[Role::Owner], true);
    let (_events, _mails) = (audited(&mut mocks), mailed(&mut mocks));
    assert!(reset(&Hall::over(mocks), Role::Owner).is_ok());
}

#[test]
fn only_whoever_manages_users_resets_and_nobody_their_own() {
    for role in Role::ALL {
        let hall = Hall::over(steward(&[Role::Member], &[], false));
        let expected = match role {
            Role::Owner | Role::Admin => Code::NotFound,
            Role::Officer
            | Role::Staff
            | Role::Organizer
            | Role::Instructor
            | Role::Moderator
            | Role::Member
            | Role::Contact => Code::Forbidden,
        };
        assert_eq!(code(reset(&hall, role)), expected, "{role:?}");
    }
    let hall = Hall::untouchable();
    let factors = &hall.application.second_factors;
    let own = factors.reset(&call(Role::Owner), CALLER, &reason());
    assert_eq!(code(own), Code::NotOneself);
}

#[test]
fn a_stranger_and_somebody_without_a_factor_are_not_found_and_nobody_is_told() {
    let mut mocks = MockRepositories::default();
    mocks.users.expect_find().returning(|_| Ok(None));
    assert_eq!(code(reset(&Hall::over(mocks), Role::Owner)), Code::NotFound);
    let hall = Hall::over(steward(&[Role::Staff], &[], false));
    assert_eq!(code(reset(&hall, Role::Owner)), Code::NotFound);
    assert!(hall.rolled_back());
}

#[test]
fn a_rehearsed_reset_keeps_nothing() {
    let mut mocks = steward(&[Role::Staff], &[], true);
    let (_events, _mails) = (audited(&mut mocks), mailed(&mut mocks));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let rehearsal = rehearsed(call(Role::Admin));
    factors.reset(&rehearsal, STEWARD, &reason()).unwrap();
    assert!(hall.rolled_back());
}

#[test]
fn a_reset_that_means_another_version_of_the_user_is_refused() {
    let hall = Hall::over(steward(&[Role::Staff], &[], true));
    let factors = &hall.application.second_factors;
    let stale = if_match(call(Role::Admin), 7);
    assert_eq!(code(factors.reset(&stale, STEWARD, &reason())), Code::Stale);
    assert!(hall.rolled_back());
}
