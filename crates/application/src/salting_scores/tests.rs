//! Tests of the use cases of SALTing scores.

use unionhall_domain::{
    organizations::{Organization, OrganizationType},
    roles::Role,
    salting_scores::{Assessment, SaltingScore, SaltingScoreEntry},
    text::Prose,
    version::Version,
};
use unionhall_ports::{mock::MockRepositories, pages::Page, storage::StorageError};

use crate::{
    error::Code,
    fixtures::{
        CALLER, EMPLOYER, Hall, audited, call, code, id, if_match, now, organization, page, told,
        touched, wrong_fields,
    },
};

fn assessment(score: Option<SaltingScore>) -> Assessment {
    Assessment {
        score,
        reason: Prose::parse("He called.").unwrap(),
        notes: None,
    }
}

fn entry() -> SaltingScoreEntry {
    SaltingScoreEntry {
        id: id(6_001),
        organization: EMPLOYER,
        version: Version::FIRST,
        assessment: assessment(Some(SaltingScore::Hostile)),
        set_by: Some(CALLER),
        set_at: now(),
    }
}

/// Mocks that know the employer and how it is judged.
fn judged(employer: Organization, newest: Option<SaltingScoreEntry>) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let kept = employer.clone();
    mocks
        .organizations
        .expect_find()
        .returning(move |id| Ok((id == EMPLOYER).then(|| employer.clone())));
    mocks
        .organizations
        .expect_keep_unmerged()
        .returning(move |id| Ok((id == EMPLOYER).then(|| kept.clone())));
    let own = newest
        .clone()
        .filter(|entry| entry.organization == EMPLOYER);
    mocks
        .salting_scores
        .expect_last_version()
        .returning(move |_| Ok(own.as_ref().map(|entry| entry.version)));
    mocks
        .salting_scores
        .expect_newest()
        .returning(move |_| Ok(newest.clone()));
    mocks
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    for role in [Role::Staff, Role::Instructor, Role::Moderator, Role::Member] {
        let hall = Hall::untouchable();
        let scores = &hall.application.salting_scores;
        let call = call(role);
        let codes = [
            code(scores.find(&call, EMPLOYER)),
            code(scores.history(&call, EMPLOYER, &page())),
            code(scores.set(&call, EMPLOYER, assessment(None))),
        ];
        assert_eq!(codes, [Code::Forbidden; 3], "{role:?}");
        assert_eq!(hall.runs(), []);
    }
}

#[test]
fn the_first_judgement_and_the_next_say_who_when_and_why() {
    for (newest, version, action, fields) in [
        (None, 1, "created", vec!["salting_score", "reason"]),
        (Some(entry()), 2, "updated", vec!["salting_score"]),
    ] {
        let mut mocks = judged(organization(), newest);
        let events = audited(&mut mocks);
        mocks
            .salting_scores
            .expect_insert()
            .times(1)
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let organizer = call(Role::Organizer);
        let set = hall
            .application
            .salting_scores
            .set(
                &organizer,
                EMPLOYER,
                assessment(Some(SaltingScore::Receptive)),
            )
            .unwrap();
        assert_eq!(set.version.get(), version);
        assert_eq!((set.set_by, set.set_at), (Some(CALLER), now()));
        assert_eq!(told(&events), [(action, "salting_score")]);
        assert_eq!(touched(&events), fields);
        let target = events.lock().unwrap()[0].target_id;
        assert_eq!(target, Some(EMPLOYER.uuid()));
        assert!(hall.committed());
    }
}

#[test]
fn only_employers_are_judged_and_only_those_there_are() {
    let mut jatc = organization();
    jatc.details.org_type = OrganizationType::Jatc;
    let hall = Hall::over(judged(jatc, None));
    let organizer = call(Role::Organizer);
    let scores = &hall.application.salting_scores;
    let refused = scores.set(&organizer, EMPLOYER, assessment(None));
    let expected = [("score".to_owned(), "not_an_employer")];
    assert_eq!(wrong_fields(refused), expected);
    let nobody = scores.set(&organizer, id(9), assessment(None));
    assert_eq!(code(nobody), Code::NotFound);
    assert_eq!(code(scores.find(&organizer, id(9))), Code::NotFound);
    let history = scores.history(&organizer, id(9), &page());
    assert_eq!(code(history), Code::NotFound);
}

#[test]
fn whoever_judges_what_somebody_else_judged_meanwhile_is_told() {
    let unjudged = Hall::over(judged(organization(), None));
    let first = if_match(call(Role::Organizer), 1);
    let scores = &unjudged.application.salting_scores;
    let stale = scores.set(&first, EMPLOYER, assessment(None));
    assert_eq!(code(stale), Code::Stale);
    let hall = Hall::over(judged(organization(), Some(entry())));
    let second = if_match(call(Role::Organizer), 2);
    let scores = &hall.application.salting_scores;
    let stale = scores.set(&second, EMPLOYER, assessment(None));
    assert_eq!(code(stale), Code::Stale);
    let mut mocks = judged(organization(), Some(entry()));
    mocks
        .salting_scores
        .expect_insert()
        .returning(|_| Err(StorageError::Stale));
    let hall = Hall::over(mocks);
    let organizer = call(Role::Organizer);
    let scores = &hall.application.salting_scores;
    let meanwhile = scores.set(&organizer, EMPLOYER, assessment(None));
    assert_eq!(code(meanwhile), Code::ChangedMeanwhile);
    assert!(hall.rolled_back());
}

#[test]
fn every_reading_is_on_record_under_the_employers_id() {
    let mut mocks = judged(organization(), Some(entry()));
    mocks.salting_scores.expect_history().returning(|_, _| {
        Ok(Page {
            items: vec![entry()],
            next: None,
            total: None,
        })
    });
    let hall = Hall::over(mocks);
    let scores = &hall.application.salting_scores;
    let officer = call(Role::Officer);
    let newest = scores.find(&officer, EMPLOYER).unwrap().value;
    assert_eq!(newest, Some(entry()));
    let history = scores.history(&officer, EMPLOYER, &page()).unwrap().value;
    assert_eq!(history.items, [entry()]);
    assert_eq!(told(&hall.reads), [("read", "salting_score"); 2]);
    let reads = hall.reads.lock().unwrap();
    assert!(
        reads
            .iter()
            .all(|read| read.target_id == Some(EMPLOYER.uuid()))
    );
}

#[test]
fn after_a_merger_the_next_version_is_above_what_was_told() {
    let mut told = entry();
    told.organization = id(3_002);
    told.version = Version::new(3).unwrap();
    let mut mocks = judged(organization(), Some(told));
    audited(&mut mocks);
    mocks.salting_scores.expect_insert().returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let seen = if_match(call(Role::Organizer), 3);
    let scores = &hall.application.salting_scores;
    let set = scores.set(&seen, EMPLOYER, assessment(None)).unwrap();
    assert_eq!((set.organization, set.version.get()), (EMPLOYER, 4));
}
