//! A version of an agreement's rules, and which version counts on a day.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{CollectiveAgreement, CollectiveAgreementId, EventKind, RuleKey, StepRule};
use crate::{
    audit::Fields,
    grievances::Step,
    invalid::{FieldError, Invalid},
    version::Version,
};

/// How many rules a set may have.
pub const MOST_RULES: usize = 100;

/// One version of the rules by which an agreement's deadlines are counted; it is never changed, only followed by
/// another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    agreement: CollectiveAgreementId,
    version: Version,
    effective_from: Date,
    rules: Vec<StepRule>,
}

impl RuleSet {
    /// Checks a version of an agreement's rules.
    ///
    /// # Errors
    /// Every wrong field: `outside_the_term` for a first day on which the agreement is not in force, `missing` or
    /// `too_many` for the rules, and of each rule `unknown_article`, `impossible_consequence`, or `duplicate` when
    /// another one has the same step, side, duty and event.
    pub fn new(
        agreement: &CollectiveAgreement,
        version: Version,
        effective_from: Date,
        rules: Vec<StepRule>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if !agreement.terms.term().has(effective_from) {
            let detail = "must be a day on which the agreement is in force";
            errors.push(Invalid::new("outside_the_term", detail).at("effective_from"));
        }
        if rules.is_empty() {
            errors.push(Invalid::new("missing", "must have at least one rule").at("rules"));
        }
        if rules.len() > MOST_RULES {
            let detail = format!("must be at most {MOST_RULES} rules");
            errors.push(Invalid::new("too_many", detail).at("rules"));
        }
        let mut keys = BTreeSet::new();
        for (index, rule) in rules.iter().enumerate() {
            let mut wrong = |field: &str, invalid| {
                errors.push(FieldError {
                    field: format!("rules/{index}/{field}").into(),
                    invalid,
                });
            };
            if !agreement.terms.has_article(&rule.article) {
                let detail = "must be an article of the agreement";
                wrong("article", Invalid::new("unknown_article", detail));
            }
            if let Err(invalid) = rule.check() {
                wrong("missed", invalid);
            }
            if !keys.insert(rule.key) {
                let detail = "has the same step, side, duty and event as another rule";
                wrong("duty", Invalid::new("duplicate", detail));
            }
        }
        if errors.is_empty() {
            Ok(Self {
                agreement: agreement.id,
                version,
                effective_from,
                rules,
            })
        } else {
            Err(errors)
        }
    }

    /// A version as it was kept: it was checked when it was made, and an agreement may since have changed around it.
    pub const fn kept(
        agreement: CollectiveAgreementId,
        version: Version,
        effective_from: Date,
        rules: Vec<StepRule>,
    ) -> Self {
        Self {
            agreement,
            version,
            effective_from,
            rules,
        }
    }

    /// Whose rules they are.
    pub const fn agreement(&self) -> CollectiveAgreementId {
        self.agreement
    }

    /// Which version of the rules it is.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The first day on which grievances are filed under it.
    pub const fn effective_from(&self) -> Date {
        self.effective_from
    }

    /// The rules.
    pub fn rules(&self) -> &[StepRule] {
        &self.rules
    }

    /// The rule with this key.
    pub fn rule(&self, key: RuleKey) -> Option<&StepRule> {
        self.rules.iter().find(|rule| rule.key == key)
    }

    /// The version as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let rules: Vec<_> = self.rules.iter().map(ToString::to_string).collect();
        vec![
            ("agreement_id", Some(self.agreement.to_string())),
            ("rules_version", Some(self.version.get().to_string())),
            ("effective_from", Some(self.effective_from.to_string())),
            ("rules", Some(rules.join("; "))),
        ]
    }

    /// The rules whose periods begin when this happens on a step.
    pub fn started_by(&self, step: Step, event: EventKind) -> impl Iterator<Item = &StepRule> {
        self.rules
            .iter()
            .filter(move |rule| rule.key.step == step && rule.key.after == event)
    }
}

/// The version that counts for a grievance filed on `day`: of those in effect by then the one that came into effect
/// last, and of two that did on one day the later version.
pub fn in_force(sets: &[RuleSet], day: Date) -> Option<&RuleSet> {
    sets.iter()
        .filter(|set| set.effective_from <= day)
        .max_by_key(|set| (set.effective_from, set.version))
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{
        collective_agreements::{
            AgreementTerms, Article, Consequence, DayKind, Days, Duty, FirstDay, Party, Period,
            Roll, Side, Term,
        },
        ids::Id,
        text::Line,
    };

    fn agreement() -> CollectiveAgreement {
        let party = |side| Party {
            side,
            name: Line::parse("Somebody").unwrap(),
            organization: None,
        };
        let article = Article {
            number: Line::parse("9.2").unwrap(),
            title: Line::parse("Answers").unwrap(),
            text: None,
        };
        let terms = AgreementTerms::new(
            Line::parse("Inside Agreement").unwrap(),
            Side::ALL.map(party).to_vec(),
            Term::new(date(2026, 6, 1), Some(date(2029, 5, 31))).unwrap(),
            vec![article],
        );
        CollectiveAgreement {
            id: Id::new(uuid::Uuid::from_u128(1)),
            terms: terms.unwrap(),
            version: Version::FIRST,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            deleted_at: None,
        }
    }

    fn rule(article: &str, missed: Consequence) -> StepRule {
        StepRule {
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
            missed,
        }
    }

    fn set(version: i64, from: Date) -> RuleSet {
        let rules = vec![rule("9.2", Consequence::Advance)];
        RuleSet::new(&agreement(), Version::new(version).unwrap(), from, rules).unwrap()
    }

    #[test]
    fn every_wrong_part_of_a_set_is_named() {
        let rules = vec![
            rule("9.2", Consequence::Advance),
            rule("9.9", Consequence::Forfeit),
        ];
        let errors = RuleSet::new(&agreement(), Version::FIRST, date(2026, 5, 31), rules);
        let lines: Vec<_> = errors
            .unwrap_err()
            .iter()
            .map(|error| format!("{} {}", error.field, error.invalid.code))
            .collect();
        assert_eq!(
            lines,
            [
                "effective_from outside_the_term",
                "rules/1/article unknown_article",
                "rules/1/missed impossible_consequence",
                "rules/1/duty duplicate",
            ]
        );
        let empty = RuleSet::new(&agreement(), Version::FIRST, date(2026, 6, 1), Vec::new());
        assert_eq!(empty.unwrap_err()[0].invalid.code, "missing");
    }

    #[test]
    fn the_version_that_came_into_effect_last_counts() {
        let sets = [
            set(1, date(2026, 6, 1)),
            set(3, date(2027, 1, 1)),
            set(2, date(2027, 1, 1)),
            set(4, date(2028, 1, 1)),
        ];
        let version = |day| in_force(&sets, day).map(|set| set.version().get());
        assert_eq!(version(date(2026, 5, 31)), None);
        assert_eq!(version(date(2026, 6, 1)), Some(1));
        assert_eq!(version(date(2026, 12, 31)), Some(1));
        assert_eq!(version(date(2027, 1, 1)), Some(3));
        assert_eq!(version(date(2028, 1, 1)), Some(4));
    }

    #[test]
    fn a_version_is_kept_and_read_back_and_the_audit_trail_shows_its_rules() {
        let set = set(1, date(2026, 6, 1));
        let rules = set.rules().to_vec();
        let kept = RuleSet::kept(set.agreement(), set.version(), set.effective_from(), rules);
        assert_eq!(kept, set);
        let (name, shown) = &set.fields()[3];
        assert_eq!(
            (*name, shown.as_deref()),
            (
                "rules",
                Some(
                    "9.2: step_1 employer answer after filed: 10 working, not_counted, \
                     next_working_day; missed: advance"
                )
            )
        );
    }

    #[test]
    fn rules_are_found_by_what_starts_them() {
        let set = set(1, date(2026, 6, 1));
        let found = |step, event| set.started_by(step, event).count();
        assert_eq!(found(Step::Step1, EventKind::Filed), 1);
        assert_eq!(found(Step::Step2, EventKind::Filed), 0);
        assert_eq!(found(Step::Step1, EventKind::Incident), 0);
        assert!(set.rule(set.rules()[0].key).is_some());
    }
}
