//! Tests of the use cases of collective agreements.

use jiff::civil::date;
use unionhall_domain::{
    change::Change,
    collective_agreements::{
        AgreementChange, AgreementTerms, Article, CollectiveAgreement, CollectiveAgreementId,
        Consequence, DayKind, Days, Duty, EventKind, FirstDay, Party, Period, Roll, RuleKey, Side,
        StepRule, Term,
    },
    grievances::{GrievanceNumber, Step},
    organizations::{OrganizationId, OrganizationType},
    roles::Role,
    text::Line,
    version::Version,
};
use unionhall_ports::{
    collective_agreements::AgreementFilter, mock::MockRepositories, storage::StorageError,
};

use super::NewRuleSet;
use crate::{
    error::Code,
    fixtures::{
        EMPLOYER, Hall, audited, call, code, id, if_match, now, organization, page, told, touched,
        wrong_fields,
    },
};

const AGREEMENT: CollectiveAgreementId = id(7_001);

fn party(side: Side, organization: Option<OrganizationId>) -> Party {
    Party {
        side,
        name: Line::parse("Somebody").unwrap(),
        organization,
    }
}

fn terms(employer: Option<OrganizationId>) -> AgreementTerms {
    AgreementTerms::new(
        Line::parse("Inside Agreement").unwrap(),
        vec![party(Side::Union, None), party(Side::Employer, employer)],
        Term::new(date(2026, 1, 1), None).unwrap(),
        vec![Article {
            number: Line::parse("9.2").unwrap(),
            title: Line::parse("Answers").unwrap(),
            text: None,
        }],
    )
    .unwrap()
}

fn agreement() -> CollectiveAgreement {
    CollectiveAgreement {
        id: AGREEMENT,
        terms: terms(Some(EMPLOYER)),
        version: Version::FIRST,
        created_at: now(),
        updated_at: now(),
        deleted_at: None,
    }
}

/// The employer answers within ten working days after the filing, says this article.
fn rules(article: &str) -> NewRuleSet {
    NewRuleSet {
        effective_from: date(2026, 2, 1),
        rules: vec![StepRule {
            key: RuleKey {
                step: Step::Step1,
                side: Side::Employer,
                duty: Duty::Answer,
                after: EventKind::Filed,
            },
            article: Line::parse(article).unwrap(),
            period: Period {
                days: Days::new(10).unwrap(),
                kind: DayKind::Working,
                first_day: FirstDay::NotCounted,
                roll: Roll::NextWorkingDay,
                mail: None,
            },
            missed: Consequence::Advance,
        }],
    }
}

fn renamed() -> AgreementChange {
    AgreementChange {
        name: Change::Set(Line::parse("Outside Agreement").unwrap()),
        ..AgreementChange::default()
    }
}

/// Mocks that know the agreement and its employer.
fn mocks() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    let agreements = &mut mocks.collective_agreements;
    agreements
        .expect_find()
        .returning(|id| Ok((id == AGREEMENT).then(agreement)));
    mocks
        .organizations
        .expect_hold()
        .returning(|id| Ok((id == EMPLOYER).then(organization)));
    mocks
}

#[test]
fn every_use_case_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let agreements = &hall.application.collective_agreements;
    let (organizer, staff) = (call(Role::Organizer), call(Role::Staff));
    let filter = AgreementFilter::default();
    let codes = [
        code(agreements.find(&organizer, AGREEMENT)),
        code(agreements.list(&organizer, &filter, &page())),
        code(agreements.rule_set(&organizer, AGREEMENT, Version::FIRST)),
        code(agreements.rule_sets(&organizer, AGREEMENT, &page())),
        code(agreements.create(&staff, terms(None))),
        code(agreements.update(&staff, AGREEMENT, renamed())),
        code(agreements.delete(&staff, AGREEMENT)),
        code(agreements.restore(&staff, AGREEMENT)),
        code(agreements.add_rule_set(&staff, AGREEMENT, rules("9.2"))),
    ];
    assert_eq!(codes, [Code::Forbidden; 9]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_new_agreement_is_kept_and_on_record() {
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    let agreements = &mut mocks.collective_agreements;
    agreements.expect_insert().times(1).returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let made = agreements.create(&call(Role::Officer), terms(Some(EMPLOYER)));
    assert_eq!(made.unwrap().version, Version::FIRST);
    assert!(hall.committed());
    assert_eq!(told(&events), [("created", "collective_agreement")]);
    assert_eq!(
        touched(&events),
        ["name", "parties", "effective_from", "articles"]
    );
}

#[test]
fn the_organizations_among_the_parties_are_the_tenants_and_employers_where_they_are_said_to_be() {
    let hall = Hall::over(mocks());
    let agreements = &hall.application.collective_agreements;
    let made = agreements.create(&call(Role::Officer), terms(Some(id(9))));
    let field = "parties/1/organization_id".to_owned();
    assert_eq!(
        wrong_fields(made),
        [(field.clone(), "unknown_organization")]
    );
    let mut mocks = MockRepositories::default();
    mocks.organizations.expect_hold().returning(|_| {
        let mut found = organization();
        found.details.org_type = OrganizationType::Jatc;
        Ok(Some(found))
    });
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let made = agreements.create(&call(Role::Officer), terms(Some(EMPLOYER)));
    assert_eq!(wrong_fields(made), [(field, "not_an_employer")]);
    assert!(hall.rolled_back());
}

#[test]
fn a_change_is_meant_for_a_version_and_one_that_changes_nothing_leaves_no_trace() {
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    mocks
        .collective_agreements
        .expect_update()
        .times(1)
        .withf(|agreement| agreement.version.get() == 2)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let officer = call(Role::Officer);
    let stale = agreements.update(&if_match(officer.clone(), 2), AGREEMENT, renamed());
    assert_eq!(code(stale), Code::Stale);
    let same = agreements.update(&officer, AGREEMENT, AgreementChange::default());
    assert_eq!(same.unwrap(), agreement());
    agreements.update(&officer, AGREEMENT, renamed()).unwrap();
    assert_eq!(touched(&events), ["name"]);
    assert_eq!(told(&events).len(), 1);
}

#[test]
fn a_deleted_agreement_is_brought_back() {
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    let agreements = &mut mocks.collective_agreements;
    agreements.expect_update().times(2).returning(|_| Ok(()));
    mocks
        .grievances
        .expect_numbers_under()
        .returning(|_| Ok(Vec::new()));
    let agreements = &mut mocks.collective_agreements;
    agreements.expect_find_deleted().returning(|id| {
        let deleted_at = Some(now());
        Ok((id == AGREEMENT).then(|| CollectiveAgreement {
            deleted_at,
            ..agreement()
        }))
    });
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let officer = call(Role::Officer);
    agreements.delete(&officer, AGREEMENT).unwrap();
    let back = agreements.restore(&officer, AGREEMENT).unwrap();
    assert_eq!(back.deleted_at, None);
    assert_eq!(code(agreements.restore(&officer, id(9))), Code::NotFound);
    let target = "collective_agreement";
    assert_eq!(told(&events), [("deleted", target), ("restored", target)]);
}

#[test]
fn an_agreement_that_grievances_name_is_kept() {
    let mut mocks = mocks();
    let agreements = &mut mocks.collective_agreements;
    agreements.expect_update().returning(|_| Ok(()));
    mocks
        .grievances
        .expect_numbers_under()
        .returning(|_| Ok(vec![GrievanceNumber::new(2026, 3).unwrap()]));
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let deleted = agreements.delete(&call(Role::Officer), AGREEMENT);
    assert_eq!(code(deleted), Code::InUse);
    assert!(hall.rolled_back());
}

#[test]
fn rules_are_added_as_the_next_version_and_change_the_agreement() {
    let mut mocks = mocks();
    let events = audited(&mut mocks);
    let agreements = &mut mocks.collective_agreements;
    agreements
        .expect_last_rule_set()
        .returning(|_| Ok(Version::new(2)));
    agreements.expect_update().times(1).returning(|_| Ok(()));
    agreements
        .expect_insert_rule_set()
        .times(1)
        .withf(|rules, at| rules.version().get() == 3 && *at == now())
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let added = agreements.add_rule_set(&call(Role::Officer), AGREEMENT, rules("9.2"));
    assert_eq!(added.unwrap().agreement.version.get(), 2);
    assert!(hall.committed());
    assert_eq!(told(&events), [("updated", "collective_agreement")]);
}

#[test]
fn rules_cite_articles_that_are_there() {
    let mut mocks = mocks();
    let agreements = &mut mocks.collective_agreements;
    agreements.expect_last_rule_set().returning(|_| Ok(None));
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let added = agreements.add_rule_set(&call(Role::Officer), AGREEMENT, rules("12"));
    let field = "rules/0/article".to_owned();
    assert_eq!(wrong_fields(added), [(field, "unknown_article")]);
    assert!(hall.rolled_back());
}

#[test]
fn of_two_who_add_rules_at_the_same_time_the_second_is_told() {
    let mut mocks = mocks();
    let agreements = &mut mocks.collective_agreements;
    agreements.expect_last_rule_set().returning(|_| Ok(None));
    agreements
        .expect_update()
        .returning(|_| Err(StorageError::Stale));
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let added = agreements.add_rule_set(&call(Role::Officer), AGREEMENT, rules("9.2"));
    assert_eq!(code(added), Code::ChangedMeanwhile);
}

#[test]
fn a_version_that_is_not_there_is_not_found() {
    let mut mocks = mocks();
    let agreements = &mut mocks.collective_agreements;
    agreements.expect_find_rule_set().returning(|_, _| Ok(None));
    let hall = Hall::over(mocks);
    let agreements = &hall.application.collective_agreements;
    let staff = call(Role::Staff);
    let codes = [
        code(agreements.find(&staff, id(9))),
        code(agreements.rule_set(&staff, AGREEMENT, Version::FIRST)),
        code(agreements.rule_sets(&staff, id(9), &page())),
    ];
    assert_eq!(codes, [Code::NotFound; 3]);
}
