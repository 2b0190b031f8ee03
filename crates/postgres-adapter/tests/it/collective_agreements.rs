//! Contract of the repository of collective agreements.

use jiff::{ToSpan, civil::Date, civil::date};
use unionhall_domain::{
    collective_agreements::{
        AgreementTerms, Article, CollectiveAgreement, Consequence, DayKind, Days, Duty, EventKind,
        FirstDay, MailDays, MailOrder, Party, Period, Roll, RuleKey, RuleSet, Side, StepRule, Term,
    },
    grievances::Step,
    organizations::OrganizationId,
    tenants::TenantId,
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    collective_agreements::{AgreementFilter, AgreementSort, RuleSetSort},
    pages::{Cursor, Direction, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line, store},
};

fn agreement(name: &str, from: Date, organization: Option<OrganizationId>) -> CollectiveAgreement {
    let parties = vec![
        Party {
            side: Side::Union,
            name: line("Electrical Workers Local 46"),
            organization: None,
        },
        Party {
            side: Side::Employer,
            name: line("Núñez & Söhne 'Electric' \\ ?"),
            organization,
        },
    ];
    let article = |number: &str, text: Option<&str>| Article {
        number: line(number),
        title: line("\"Answers\" – and more"),
        text: text.map(|text| Prose::parse(text).unwrap()),
    };
    let articles = vec![
        article("9.2(b)", Some("Within ten\nworking days.")),
        article("9.3", None),
    ];
    let term = Term::new(from, None).unwrap();
    CollectiveAgreement {
        id: builders::fresh_id(),
        terms: AgreementTerms::new(line(name), parties, term, articles).unwrap(),
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

/// A version of an agreement's rules with every kind of rule there is.
fn rules(agreement: &CollectiveAgreement, version: i64, from: Date) -> RuleSet {
    let rule = |side, duty, mail, missed| StepRule {
        key: RuleKey {
            step: Step::Step2,
            side,
            duty,
            after: EventKind::MeetingHeld,
        },
        article: line("9.2(b)"),
        period: Period {
            days: Days::new(730).unwrap(),
            kind: DayKind::Working,
            first_day: FirstDay::Counted,
            roll: Roll::PreviousWorkingDay,
            mail,
        },
        missed,
    };
    let mail = MailDays {
        days: Days::new(2).unwrap(),
        kind: DayKind::Working,
        order: MailOrder::BeforeRolling,
    };
    let employers = rule(Side::Employer, Duty::Answer, None, Consequence::Granted);
    let unions = rule(Side::Union, Duty::Advance, Some(mail), Consequence::Forfeit);
    let version = Version::new(version).unwrap();
    RuleSet::new(agreement, version, from, vec![employers, unions]).unwrap()
}

fn hall() -> (TestDatabase, TenantId) {
    let database = TestDatabase::new();
    let tenant = builders::tenant(&*database.unit_of_work(), "local-46").id;
    (database, tenant)
}

fn page<S: Default>(limit: u16) -> PageRequest<S> {
    PageRequest {
        limit,
        after: None,
        sort: S::default(),
        direction: Direction::Ascending,
        with_total: true,
    }
}

fn insert(storage: &dyn UnitOfWork, tenant: TenantId, agreement: &CollectiveAgreement) {
    store(storage, Scope::Tenant(tenant), |tx| {
        tx.collective_agreements().insert(agreement)
    });
}

#[test]
fn an_agreement_comes_back_as_it_was_and_as_it_was_changed() {
    let (database, tenant) = hall();
    let storage = &*database.unit_of_work();
    let employer = builders::organization(storage, tenant, "Puget").id;
    let first = agreement("Inside", date(2026, 1, 1), Some(employer));
    let second = CollectiveAgreement {
        terms: agreement("Outside", date(2027, 1, 1), None).terms,
        version: first.version.next(),
        updated_at: builders::now() + 1.second(),
        ..first.clone()
    };
    insert(storage, tenant, &first);
    let found = store(storage, Scope::Tenant(tenant), |tx| {
        let agreements = tx.collective_agreements();
        let before = (agreements.find(first.id)?, agreements.hold(first.id)?);
        agreements.update(&second)?;
        Ok((before, agreements.find(first.id)?))
    });
    assert_eq!(found, ((Some(first.clone()), Some(first)), Some(second)));
}

#[test]
fn a_deleted_agreement_is_only_found_as_deleted_and_a_stale_one_is_not_written() {
    let (database, tenant) = hall();
    let storage = &*database.unit_of_work();
    let first = agreement("Inside", date(2026, 1, 1), None);
    insert(storage, tenant, &first);
    let deleted = CollectiveAgreement {
        version: first.version.next(),
        deleted_at: Some(builders::now()),
        ..first.clone()
    };
    let found = store(storage, Scope::Tenant(tenant), |tx| {
        let agreements = tx.collective_agreements();
        agreements.update(&deleted)?;
        let listed = agreements.list(&AgreementFilter::default(), &page(10))?;
        assert_eq!((listed.items.len(), listed.total), (0, Some(0)));
        Ok((
            agreements.find(first.id)?,
            agreements.hold(first.id)?,
            agreements.find_deleted(first.id)?,
        ))
    });
    assert_eq!(found, (None, None, Some(deleted.clone())));
    let stale = storage.transaction(Scope::Tenant(tenant), |tx| {
        tx.collective_agreements().update(&deleted)
    });
    assert!(matches!(stale, Err(StorageError::Stale)), "{stale:?}");
}

/// The names on a page, whose articles have no words, and where it goes on.
fn names(
    storage: &dyn UnitOfWork,
    tenant: TenantId,
    filter: &AgreementFilter,
    page: &PageRequest<AgreementSort>,
) -> (Vec<String>, Option<Cursor>) {
    let found = store(storage, Scope::Tenant(tenant), |tx| {
        tx.collective_agreements().list(filter, page)
    });
    let words = |agreement: &CollectiveAgreement| {
        let mut articles = agreement.terms.articles().iter();
        articles.any(|article| article.text.is_some())
    };
    assert!(!found.items.iter().any(words));
    let name = |found: &CollectiveAgreement| found.terms.name().to_string();
    (found.items.iter().map(name).collect(), found.next)
}

#[test]
fn lists_are_filtered_and_sorted_and_leave_the_words_of_articles_out() {
    let (database, tenant) = hall();
    let storage = &*database.unit_of_work();
    let employer = builders::organization(storage, tenant, "Puget").id;
    let inside = agreement("Inside", date(2027, 1, 1), Some(employer));
    let elevator = agreement("Élevator", date(2026, 1, 1), None);
    for agreement in [&inside, &elevator] {
        insert(storage, tenant, agreement);
    }
    let names = |filter: AgreementFilter, page: &PageRequest<AgreementSort>| {
        names(storage, tenant, &filter, page)
    };
    let all = AgreementFilter::default;
    let (first, next) = names(all(), &page(1));
    let (rest, end) = names(
        all(),
        &PageRequest {
            after: next,
            ..page(1)
        },
    );
    assert_eq!(
        (first, rest),
        (vec!["Élevator".into()], vec!["Inside".into()])
    );
    assert_eq!(end, None);
    let latest = PageRequest {
        sort: AgreementSort::EffectiveFrom,
        direction: Direction::Descending,
        ..page(1)
    };
    let (first, next) = names(all(), &latest);
    let (rest, _) = names(
        all(),
        &PageRequest {
            after: next,
            ..latest
        },
    );
    assert_eq!(
        (first, rest),
        (vec!["Inside".into()], vec!["Élevator".into()])
    );
    let of_employer = AgreementFilter {
        organization: Some(employer),
        ..all()
    };
    assert_eq!(names(of_employer, &page(9)).0, ["Inside"]);
    let last_year = AgreementFilter {
        in_force_on: Some(date(2026, 12, 31)),
        ..all()
    };
    assert_eq!(names(last_year, &page(9)).0, ["Élevator"]);
}

#[test]
fn versions_of_rules_come_back_and_none_is_written_twice() {
    let (database, tenant) = hall();
    let storage = &*database.unit_of_work();
    let agreement = agreement("Inside", date(2020, 1, 1), None);
    insert(storage, tenant, &agreement);
    let (first, second) = (
        rules(&agreement, 1, date(2020, 1, 1)),
        rules(&agreement, 2, date(2026, 1, 1)),
    );
    let id = agreement.id;
    store(storage, Scope::Tenant(tenant), |tx| {
        let agreements = tx.collective_agreements();
        assert_eq!(agreements.last_rule_set(id)?, None);
        agreements.insert_rule_set(&first, builders::now())?;
        agreements.insert_rule_set(&second, builders::now())?;
        assert_eq!(agreements.last_rule_set(id)?, Some(second.version()));
        let found = agreements.find_rule_set(id, first.version())?;
        assert_eq!(found.as_ref(), Some(&first));
        assert_eq!(
            agreements.find_rule_set(id, Version::new(3).unwrap())?,
            None
        );
        let page = agreements.rule_sets(id, &page::<RuleSetSort>(1))?;
        assert_eq!(
            (page.items.as_slice(), page.total),
            (&[first.clone()][..], Some(2))
        );
        let rest = PageRequest {
            after: page.next,
            ..crate::collective_agreements::page(1)
        };
        let rest = agreements.rule_sets(id, &rest)?;
        assert_eq!(
            (rest.items.as_slice(), rest.next),
            (&[second.clone()][..], None)
        );
        Ok(())
    });
    let twice = storage.transaction(Scope::Tenant(tenant), |tx| {
        let agreements = tx.collective_agreements();
        agreements.insert_rule_set(&second, builders::now())
    });
    assert!(matches!(twice, Err(StorageError::Stale)), "{twice:?}");
}

#[test]
fn the_version_in_force_is_the_last_that_came_into_effect_and_of_one_day_the_later() {
    let (database, tenant) = hall();
    let storage = &*database.unit_of_work();
    let agreement = agreement("Inside", date(2020, 1, 1), None);
    insert(storage, tenant, &agreement);
    store(storage, Scope::Tenant(tenant), |tx| {
        let agreements = tx.collective_agreements();
        for (version, from) in [
            (1, date(2020, 1, 1)),
            (2, date(2026, 6, 1)),
            (3, date(2026, 1, 1)),
            (4, date(2026, 6, 1)),
        ] {
            agreements.insert_rule_set(&rules(&agreement, version, from), builders::now())?;
        }
        for (day, version) in [
            (date(2019, 12, 31), None),
            (date(2025, 12, 31), Some(1)),
            (date(2026, 1, 1), Some(3)),
            (date(2026, 6, 1), Some(4)),
        ] {
            let found = agreements.rule_set_in_force(agreement.id, day)?;
            assert_eq!(found.map(|set| set.version().get()), version, "{day}");
        }
        Ok(())
    });
}

#[test]
fn agreements_of_another_tenant_are_not_there() {
    let (database, tenant) = hall();
    let storage = &*database.unit_of_work();
    let other = builders::tenant(storage, "local-77").id;
    let agreement = agreement("Inside", date(2020, 1, 1), None);
    insert(storage, tenant, &agreement);
    let found = store(storage, Scope::Tenant(other), |tx| {
        let agreements = tx.collective_agreements();
        let listed = agreements.list(&AgreementFilter::default(), &page(9))?;
        Ok((agreements.find(agreement.id)?, listed.items.len()))
    });
    assert_eq!(found, (None, 0));
}
