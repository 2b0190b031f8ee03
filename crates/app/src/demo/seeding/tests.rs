//! Tests of making the demo halls.

use unionhall_domain::{ids::Id, users::User};
use unionhall_ports::{
    identity::{Credentials, UserState},
    mock::MockRepositories,
    passwords::MockPasswordHasher,
};
use uuid::Uuid;

use super::*;
use crate::commands::fixtures::{clock, now, over};

#[test]
fn where_the_demo_is_complete_one_query_tells_and_nothing_is_said() {
    let last = Credentials {
        user: User {
            id: Id::new(Uuid::from_u128(1)),
            email: EmailAddress::parse(LAST.email).unwrap(),
            first_name: Line::parse(LAST.first_name).unwrap(),
            last_name: Line::parse(LAST.last_name).unwrap(),
            last_login_at: None,
            created_at: now(),
        },
        password_hash: PasswordHash::new("a hash".to_owned()),
        state: UserState::Active,
        verified: true,
        failures: 0,
        locked_until: None,
        tenant: None,
    };
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_credentials()
        .withf(|email| email.as_str() == LAST.email)
        .times(1)
        .returning(move |_| Ok(Some(last.clone())));
    let (application, unit_of_work) = over(mocks);
    let (clock, hasher) = (clock(), MockPasswordHasher::new());
    let say = |line: &str| panic!("said: {line}");
    let seeding = Seeding::new(&application, &clock, &hasher, &say);
    seeding.complete().unwrap();
    assert_eq!(unit_of_work.runs().len(), 1);
}
