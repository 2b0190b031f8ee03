//! Who may make a hall, under which short name, and what waits for an address to be verified.

use std::collections::BTreeSet;

use unionhall_domain::{
    tenants::{Currency, Standing, TenantKind, ZoneName},
    text::Line,
};
use unionhall_ports::{
    identity::{Credentials, UserState},
    mock::MockRepositories,
    unit_of_work::{Decision, Mode},
};

use super::*;
use crate::fixtures::{
    CALLER, HALL, Hall, audited, call, code, mailed, now, tenant, told, user, wrong_fields,
};

fn signup(slug: Option<&str>) -> Signup {
    Signup {
        name: Line::parse("Spark Plugs").unwrap(),
        slug: slug.map(|slug| Slug::parse(slug).unwrap()),
        kind: TenantKind::Local,
        time_zone: ZoneName::parse("America/Denver").unwrap(),
        currency: Currency::parse("USD").unwrap(),
    }
}

fn owner() -> Register {
    Register {
        email: user(CALLER).email,
        first_name: Line::parse("Stella").unwrap(),
        last_name: Line::parse("Steward").unwrap(),
        hall: None,
    }
}

fn hash() -> PasswordHash {
    PasswordHash::new("a hash".to_owned())
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).unwrap()
}

/// Lets halls be made under short names that are not among these.
fn making(mocks: &mut MockRepositories, taken: &[&str]) {
    let taken: BTreeSet<_> = taken.iter().map(|slug| (*slug).to_owned()).collect();
    mocks
        .tenants
        .expect_insert_if_free()
        .withf(|tenant| tenant.plan == trial(now()))
        .returning(move |tenant| Ok(!taken.contains(tenant.slug.as_str())));
    mocks
        .identity
        .expect_put_membership()
        .withf(|place, _| {
            place.user == CALLER && place.roles.iter().all(|held| held.role == Role::Owner)
        })
        .returning(|_, _| Ok(()));
}

mod asked {
    use super::*;

    #[test]
    fn it_is_refused_for_the_password_or_by_the_installation_before_anything_is_asked() {
        let hall = Hall::untouchable();
        let begin = |text: &str| {
            let signups = &hall.application.signups;
            signups.begin(&owner(), &signup(Some("fuse-box")), &password(text))
        };
        begin("gravel-otter-sings-low").unwrap();
        for (bad, code) in [
            ("short", "too_short"),
            ("spark plugs forever", "contains_known_word"),
            ("our own fusebox here", "contains_known_word"),
            ("dear stella sings low", "contains_known_word"),
        ] {
            let expected = [("password".to_owned(), code)];
            assert_eq!(wrong_fields(begin(bad)), expected, "{bad}");
        }
        for mode in [RegistrationMode::Invitation, RegistrationMode::Closed] {
            let hall = Hall::registering(MockRepositories::default(), mode);
            let signups = &hall.application.signups;
            let good = password("gravel-otter-sings-low");
            let begun = signups.begin(&owner(), &signup(None), &good);
            assert_eq!(code(begun), Code::RegistrationClosed);
            let found = signups.found(&call(Role::Member), &signup(None));
            assert_eq!(code(found), Code::RegistrationClosed);
            assert_eq!(hall.runs(), []);
        }
    }

    /// Asks with an address that has this account or none, and gives the subject of the mail and what is on record.
    fn asked(found: Option<Credentials>) -> (String, &'static str) {
        let mut mocks = MockRepositories::default();
        let made = found.is_none().then_some(CALLER);
        mocks
            .identity
            .expect_find_credentials()
            .returning(move |_| Ok(found.clone()));
        mocks
            .identity
            .expect_register()
            .returning(move |_, _, hall| {
                assert_eq!(hall, None);
                Ok(made)
            });
        mocks
            .signups
            .expect_put()
            .withf(move |user, wanted, _| {
                (*user == CALLER) == made.is_some() && *wanted == signup(None)
            })
            .times(1)
            .returning(|_, _, _| Ok(()));
        mocks
            .mail_tokens
            .expect_issue()
            .times(1)
            .returning(|_| Ok(()));
        let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
        let hall = Hall::over(mocks);
        let origin = call(Role::Member).origin;
        let signups = &hall.application.signups;
        signups
            .ask(&owner(), &signup(None), &hash(), &origin)
            .unwrap();
        let whole = [(Scope::Identity, Mode::Write, Decision::Commit)];
        assert_eq!(hall.runs(), whole);
        let mails = mails.lock().unwrap();
        assert!(!mails[0].text.contains("Spark"), "a stranger wrote it");
        (mails[0].subject.clone(), told(&events)[0].0)
    }

    #[test]
    fn a_new_address_gets_a_link_and_a_known_one_is_told_so_and_no_hall_is_made_yet() {
        let known = Credentials {
            user: user(CALLER),
            password_hash: hash(),
            state: UserState::Active,
            verified: true,
            failures: 0,
            locked_until: None,
            tenant: Some(HALL),
        };
        let verify = "Verify your e-mail address".to_owned();
        assert_eq!(asked(None), (verify, "registered"));
        let told = "You have an account already".to_owned();
        assert_eq!(asked(Some(known)), (told, "registration_refused"));
    }

    #[test]
    fn a_short_name_that_a_hall_has_is_refused_whatever_the_address_is() {
        let mut mocks = MockRepositories::default();
        mocks
            .tenants
            .expect_find_by_slug()
            .returning(|_| Ok(Some(tenant())));
        let hall = Hall::over(mocks);
        let origin = call(Role::Member).origin;
        let signups = &hall.application.signups;
        let wanted = signup(Some("local-46"));
        let asked = signups.ask(&owner(), &wanted, &hash(), &origin);
        assert_eq!(code(asked), Code::Duplicate);
        let whole = [(Scope::Identity, Mode::Write, Decision::RollBack)];
        assert_eq!(hall.runs(), whole);
    }
}

mod settled {
    use super::*;

    /// Settles what waits, and gives the short name of the hall.
    fn settled(waits: Option<Signup>, taken: &[&str]) -> Option<String> {
        let mut mocks = MockRepositories::default();
        let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
        mocks
            .signups
            .expect_take()
            .returning(move |_| Ok(waits.clone()));
        making(&mut mocks, taken);
        let hall = Hall::over(MockRepositories::default());
        let origin = call(Role::Member).origin;
        let made = settle(&hall.core, &mut mocks, &user(CALLER), now(), &origin).unwrap();
        let on_record = told(&events);
        match made {
            Some(tenant) => {
                let created = [("created", "tenant"), ("created", "membership")];
                assert_eq!(on_record, created);
                assert_eq!(events.lock().unwrap()[0].actor, AuditActor::User(CALLER));
                let mails = mails.lock().unwrap();
                assert_eq!(mails[0].subject, "Spark Plugs is ready");
                assert!(mails[0].text.contains("2026-12-21"), "{}", mails[0].text);
                Some(tenant.slug.as_str().to_owned())
            }
            None => {
                assert_eq!(on_record, []);
                None
            }
        }
    }

    #[test]
    fn the_hall_is_made_under_a_short_name_that_nobody_has() {
        assert_eq!(settled(None, &[]), None);
        for (slug, taken, made) in [
            (None, &[][..], "spark-plugs"),
            (None, &["spark-plugs", "spark-plugs-2"], "spark-plugs-3"),
            (Some("fuse-box"), &["fuse-box"], "fuse-box-2"),
        ] {
            assert_eq!(settled(Some(signup(slug)), taken).as_deref(), Some(made));
        }
    }

    #[test]
    fn where_nobody_registers_any_more_nothing_is_made() {
        let mut mocks = MockRepositories::default();
        mocks
            .signups
            .expect_take()
            .returning(|_| Ok(Some(signup(None))));
        let hall = Hall::registering(MockRepositories::default(), RegistrationMode::Closed);
        let origin = call(Role::Member).origin;
        let made = settle(&hall.core, &mut mocks, &user(CALLER), now(), &origin);
        assert_eq!(made.unwrap(), None);
    }
}

mod found {
    use super::*;

    fn hall(on_trial: Option<&str>, taken: &[&str]) -> Hall {
        let mut mocks = MockRepositories::default();
        let on_trial = on_trial.map(|slug| Slug::parse(slug).unwrap());
        mocks
            .signups
            .expect_hold_trial_of()
            .returning(move |_| Ok(on_trial.clone()));
        drop(audited(&mut mocks));
        making(&mut mocks, taken);
        Hall::over(mocks)
    }

    #[test]
    fn whoever_is_signed_in_owns_it_at_once_on_trial() {
        let hall = hall(None, &["spark-plugs"]);
        let signups = &hall.application.signups;
        let made = signups.found(&call(Role::Contact), &signup(None)).unwrap();
        assert_eq!(made.slug.as_str(), "spark-plugs-2");
        assert!(matches!(made.plan.standing, Standing::Trial { .. }));
        let whole = [(Scope::Identity, Mode::Write, Decision::Commit)];
        assert_eq!(hall.runs(), whole);
    }

    #[test]
    fn a_short_name_that_was_asked_for_is_that_one_or_none() {
        let hall = hall(None, &["fuse-box"]);
        let signups = &hall.application.signups;
        let refused = signups.found(&call(Role::Owner), &signup(Some("fuse-box")));
        assert_eq!(code(refused), Code::Duplicate);
    }

    #[test]
    fn one_hall_is_tried_out_at_a_time() {
        let hall = hall(Some("local-7"), &[]);
        let signups = &hall.application.signups;
        let refused = signups.found(&call(Role::Owner), &signup(None));
        let refused = refused.unwrap_err();
        assert!(refused.to_string().contains("local-7"), "{refused}");
        assert_eq!(refused.code(), Code::Duplicate);
    }
}
