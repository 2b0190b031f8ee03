//! The agreement that the demo's local has with its employers; invented, as they are.

use std::collections::HashMap;

use jiff::civil::{Date, date};
use unionhall_application::{
    AgreementFilter, AgreementSort, Application,
    call::Call,
    collective_agreements::NewRuleSet,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    collective_agreements::{
        AgreementTerms, Article, CollectiveAgreementId, Consequence, DayKind, Days, Duty,
        EventKind, FirstDay, MailDays, Party, Period, Roll, RuleKey, Side, StepRule, Term,
    },
    grievances::Step,
    organizations::OrganizationId,
    text::{Line, Prose},
    version::Version,
};

use super::{DemoError, organizations};

use Consequence::{Advance, Forfeit, None as Nothing};
use DayKind::{Calendar, Working};
use Side::{Employer, Union};
use Step::{Arbitration, Step1, Step2, Step3};

/// The name that the agreement is looked for by.
const NAME: &str = "Inside Wiremen's Agreement";

const ARTICLES: [(&str, &str, &str); 6] = [
    (
        "14.1",
        "Filing",
        "A grievance is filed within twenty working days after the Union knew, or should have known, of what it is about.",
    ),
    (
        "14.2",
        "First step",
        "The Employer answers in writing within ten working days after the grievance was filed.",
    ),
    (
        "14.3",
        "Second step",
        "The Union takes a grievance that was denied or not answered to the next step within ten working days. \
         The Employer answers within ten working days.",
    ),
    (
        "14.4",
        "Third step",
        "The joint committee meets within thirty days, and its decision is given within ten working days of the meeting.",
    ),
    (
        "14.5",
        "Arbitration",
        "Either side demands arbitration within thirty days after the decision; three days are added when it was mailed.",
    ),
    (
        "14.6",
        "Arbitrator",
        "The parties choose from the list of arbitrators within fifteen days after it arrived.",
    ),
];

/// A rule in short: article, step, side, duty, event, days, which days, what missing it means.
type Entry = (
    &'static str,
    Step,
    Side,
    Duty,
    EventKind,
    u16,
    DayKind,
    Consequence,
);

#[rustfmt::skip]
const RULES: [Entry; 11] = [
    ("14.1", Step1, Union, Duty::File, EventKind::Incident, 20, Working, Forfeit),
    ("14.2", Step1, Employer, Duty::Answer, EventKind::Filed, 10, Working, Advance),
    ("14.3", Step1, Union, Duty::Advance, EventKind::Answered, 10, Working, Forfeit),
    ("14.3", Step1, Union, Duty::Advance, EventKind::AnswerDue, 10, Working, Forfeit),
    ("14.3", Step2, Employer, Duty::Answer, EventKind::Advanced, 10, Working, Advance),
    ("14.3", Step2, Union, Duty::Advance, EventKind::Answered, 10, Working, Forfeit),
    ("14.3", Step2, Union, Duty::Advance, EventKind::AnswerDue, 10, Working, Forfeit),
    ("14.4", Step3, Employer, Duty::Meet, EventKind::Advanced, 30, Calendar, Nothing),
    ("14.4", Step3, Employer, Duty::Answer, EventKind::MeetingHeld, 10, Working, Advance),
    ("14.5", Step3, Union, Duty::DemandArbitration, EventKind::Answered, 30, Calendar, Forfeit),
    ("14.6", Arbitration, Union, Duty::SelectArbitrator, EventKind::PanelReceived, 15, Calendar, Nothing),
];

/// The first day of the agreement: long enough ago for every case of the demo.
const BEGINNING: Date = date(2023, 6, 1);

/// The agreement of a hall with those of its organizations that are employers, made with its rules where it is missing.
pub(super) fn ensure(
    application: &Application,
    call: &Call,
    union: &str,
    organizations: &HashMap<String, OrganizationId>,
) -> Result<CollectiveAgreementId, DemoError> {
    let agreements = &application.collective_agreements;
    let page = PageRequest {
        limit: 100,
        after: None,
        sort: AgreementSort::Name,
        direction: Direction::Ascending,
        with_total: false,
    };
    let there = agreements.list(call, &AgreementFilter::default(), &page)?;
    let mut there = there.items.into_iter();
    let agreement = match there.find(|found| found.terms.name().as_str() == NAME) {
        Some(found) => found,
        None => {
            let employers: Vec<_> = organizations::employers()
                .filter_map(|name| Some((name.to_owned(), *organizations.get(name)?)))
                .collect();
            agreements.create(call, terms(union, &employers)?)?
        }
    };
    // The rules made its second version.
    if agreement.version == Version::FIRST {
        agreements.add_rule_set(call, agreement.id, rules()?)?;
    }
    Ok(agreement.id)
}

/// What the agreement says of itself, with these employers.
fn terms(union: &str, employers: &[(String, OrganizationId)]) -> Result<AgreementTerms, DemoError> {
    let mut parties = vec![Party {
        side: Union,
        name: Line::parse(union)?,
        organization: None,
    }];
    for (name, id) in employers {
        parties.push(Party {
            side: Employer,
            name: Line::parse(name)?,
            organization: Some(*id),
        });
    }
    let mut articles = Vec::new();
    for (number, title, text) in ARTICLES {
        articles.push(Article {
            number: Line::parse(number)?,
            title: Line::parse(title)?,
            text: Some(Prose::parse(text)?),
        });
    }
    let term = Term::new(BEGINNING, None)?;
    AgreementTerms::new(Line::parse(NAME)?, parties, term, articles)
        .map_err(|_| DemoError::Missing("agreement that agrees with itself".to_owned()))
}

/// The rules of the agreement's articles.
fn rules() -> Result<NewRuleSet, DemoError> {
    let mut rules = Vec::new();
    for (article, step, side, duty, after, days, kind, missed) in RULES {
        rules.push(StepRule {
            key: RuleKey {
                step,
                side,
                duty,
                after,
            },
            article: Line::parse(article)?,
            period: Period {
                days: Days::new(days)?,
                kind,
                first_day: FirstDay::NotCounted,
                roll: Roll::NextWorkingDay,
                mail: (duty == Duty::DemandArbitration).then_some(MailDays::FEDERAL),
            },
            missed,
        });
    }
    Ok(NewRuleSet {
        effective_from: BEGINNING,
        rules,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_cites_an_article_that_is_there_and_harms_who_missed_it() {
        let employers = [(
            "Duwamish Electric Works".to_owned(),
            OrganizationId::new(uuid::Uuid::nil()),
        )];
        let terms = terms("Electrical Workers Local 46", &employers).unwrap();
        for rule in rules().unwrap().rules {
            assert!(terms.has_article(&rule.article), "{rule}");
            assert_eq!(rule.check(), Ok(()), "{rule}");
        }
    }
}
