//! Collective bargaining agreements: who made them, for how long, what their articles say, and by which rules their
//! deadlines are counted; the rules have versions, each with the day from which it counts.

mod changing;
mod periods;
mod rule_sets;
mod rules;

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};

pub use self::{
    changing::AgreementChange,
    periods::{DayKind, Days, FirstDay, MailDays, MailOrder, Period, Roll},
    rule_sets::{MOST_RULES, RuleSet, in_force},
    rules::{Consequence, Duty, EventKind, RuleKey, Side, StepRule},
};
use crate::{
    audit::Fields,
    ids::Id,
    invalid::{FieldError, Invalid},
    organizations::OrganizationId,
    text::{Line, Prose},
    version::Version,
};

/// The id of a [`CollectiveAgreement`].
pub type CollectiveAgreementId = Id<CollectiveAgreement>;

/// How many articles an agreement may have, and how many parties.
const MOST_ARTICLES: usize = 500;
const MOST_PARTIES: usize = 200;

/// An agreement between the union and one or more employers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectiveAgreement {
    /// Its id.
    pub id: CollectiveAgreementId,
    /// What it says of itself.
    pub terms: AgreementTerms,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What an agreement says of itself: its name, who made it, from when to when, and its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementTerms {
    name: Line<255>,
    parties: Vec<Party>,
    term: Term,
    articles: Vec<Article>,
}

/// Somebody who made the agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// On which side.
    pub side: Side,
    /// Under which name.
    pub name: Line<255>,
    /// Who it is on the tenant's books, if it is there: the employer whose grievances follow this agreement.
    pub organization: Option<OrganizationId>,
}

/// From when to when an agreement is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    from: Date,
    through: Option<Date>,
}

/// A part of the agreement that can be cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its number, as it is cited: `9.2(b)`.
    pub number: Line<50>,
    /// Its heading.
    pub title: Line<255>,
    /// Its words.
    pub text: Option<Prose<20_000>>,
}

impl Term {
    /// From a day, through another, or open.
    ///
    /// # Errors
    /// `before_its_beginning` for an end before the beginning.
    pub fn new(from: Date, through: Option<Date>) -> Result<Self, Invalid> {
        if through.is_some_and(|through| through < from) {
            Err(Invalid::new(
                "before_its_beginning",
                "must not be before the first day",
            ))
        } else {
            Ok(Self { from, through })
        }
    }

    /// The first day.
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day, if there is one; agreements without one run until they are replaced.
    pub const fn through(self) -> Option<Date> {
        self.through
    }

    /// Whether it is in force on a day.
    pub fn has(self, day: Date) -> bool {
        self.from <= day && self.through.is_none_or(|through| day <= through)
    }
}

impl AgreementTerms {
    /// Checks what an agreement says of itself.
    ///
    /// # Errors
    /// Every wrong field: `missing` when either side has nobody, `too_many` parties or articles, `duplicate` for the
    /// number of an article that is there before.
    pub fn new(
        name: Line<255>,
        parties: Vec<Party>,
        term: Term,
        articles: Vec<Article>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = check_parties(&parties);
        if articles.len() > MOST_ARTICLES {
            errors.push(too_many(MOST_ARTICLES).at("articles"));
        }
        let mut numbers = BTreeSet::new();
        for (index, article) in articles.iter().enumerate() {
            if !numbers.insert(&article.number) {
                errors.push(FieldError {
                    field: format!("articles/{index}/number").into(),
                    invalid: Invalid::new("duplicate", "is the number of another article"),
                });
            }
        }
        if errors.is_empty() {
            Ok(Self {
                name,
                parties,
                term,
                articles,
            })
        } else {
            Err(errors)
        }
    }

    /// What it is called.
    pub const fn name(&self) -> &Line<255> {
        &self.name
    }

    /// Who made it.
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// From when to when it is in force.
    pub const fn term(&self) -> Term {
        self.term
    }

    /// Its articles.
    pub fn articles(&self) -> &[Article] {
        &self.articles
    }

    /// Whether an employer can be bound by it: when every party on the employers' side is an organization of the
    /// tenant's books, it must be one of them; an association stands for employers that are not named.
    pub fn may_bind(&self, employer: OrganizationId) -> bool {
        let mut employers = self
            .parties
            .iter()
            .filter(|party| party.side == Side::Employer);
        employers.any(|party| party.organization.is_none_or(|known| known == employer))
    }

    /// Whether it has an article of this number.
    pub fn has_article(&self, number: &Line<50>) -> bool {
        self.articles
            .iter()
            .any(|article| article.number == *number)
    }

    /// The terms as the audit trail shows them: of the articles their numbers, for the words are long.
    pub fn fields(&self) -> Fields {
        let party = |party: &Party| format!("{} {}", party.side.as_str(), party.name);
        let parties: Vec<_> = self.parties.iter().map(party).collect();
        let numbers = self
            .articles
            .iter()
            .map(|article| article.number.to_string());
        vec![
            ("name", Some(self.name.to_string())),
            ("parties", Some(parties.join("; "))),
            ("effective_from", Some(self.term.from.to_string())),
            (
                "effective_through",
                self.term.through.map(|day| day.to_string()),
            ),
            ("articles", Some(numbers.collect::<Vec<_>>().join(", "))),
        ]
    }
}

fn check_parties(parties: &[Party]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for side in Side::ALL {
        if !parties.iter().any(|party| party.side == side) {
            let detail = format!("must name who made it for the {}", side.as_str());
            errors.push(Invalid::new("missing", detail).at("parties"));
        }
    }
    if parties.len() > MOST_PARTIES {
        errors.push(too_many(MOST_PARTIES).at("parties"));
    }
    errors
}

fn too_many(most: usize) -> Invalid {
    Invalid::new("too_many", format!("must be at most {most}"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn party(side: Side) -> Party {
        Party {
            side,
            name: Line::parse("Local 46").unwrap(),
            organization: None,
        }
    }

    fn article(number: &str) -> Article {
        Article {
            number: Line::parse(number).unwrap(),
            title: Line::parse("Grievances").unwrap(),
            text: None,
        }
    }

    fn terms(parties: Vec<Party>, articles: Vec<Article>) -> Result<AgreementTerms, Vec<String>> {
        let name = Line::parse("Inside Agreement").unwrap();
        let term = Term::new(date(2026, 6, 1), None).unwrap();
        AgreementTerms::new(name, parties, term, articles).map_err(|errors| {
            let line = |error: &FieldError| format!("{} {}", error.field, error.invalid.code);
            errors.iter().map(line).collect()
        })
    }

    #[test]
    fn an_agreement_has_somebody_on_either_side_and_each_article_once() {
        let both = vec![party(Side::Union), party(Side::Employer)];
        let agreed = terms(both.clone(), vec![article("9.1"), article("9.2")]).unwrap();
        assert!(agreed.has_article(&Line::parse("9.2").unwrap()));
        assert!(!agreed.has_article(&Line::parse("9.3").unwrap()));
        assert_eq!(
            terms(
                vec![party(Side::Union)],
                vec![article("9.1"), article("9.1")]
            ),
            Err(vec![
                "parties missing".to_owned(),
                "articles/1/number duplicate".to_owned()
            ])
        );
    }

    #[test]
    fn a_term_has_its_first_and_its_last_day() {
        let (from, through) = (date(2026, 6, 1), date(2029, 5, 31));
        let term = Term::new(from, Some(through)).unwrap();
        assert!(term.has(from) && term.has(through));
        assert!(!term.has(date(2026, 5, 31)) && !term.has(date(2029, 6, 1)));
        assert!(Term::new(from, None).unwrap().has(date(2099, 1, 1)));
        assert!(Term::new(from, Some(from)).unwrap().has(from));
        let refused = Term::new(from, Some(date(2026, 5, 31))).unwrap_err();
        assert_eq!(refused.code, "before_its_beginning");
    }
}
