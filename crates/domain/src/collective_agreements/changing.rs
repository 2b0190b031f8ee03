//! A partial change of what an agreement says of itself.

use jiff::civil::Date;

use super::{AgreementTerms, Article, Party, Term};
use crate::{change::Change, invalid::FieldError, text::Line};

/// A partial change of an agreement; its rules are not changed, they are followed by another version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgreementChange {
    /// What it is called.
    pub name: Change<Line<255>>,
    /// Who made it.
    pub parties: Change<Vec<Party>>,
    /// The first day.
    pub effective_from: Change<Date>,
    /// The last day, if there is one.
    pub effective_through: Change<Option<Date>>,
    /// Its articles.
    pub articles: Change<Vec<Article>>,
}

impl AgreementTerms {
    /// The terms after a change.
    ///
    /// # Errors
    /// As [`AgreementTerms::new`], and `before_its_beginning` of `effective_through`.
    pub fn changed(self, change: AgreementChange) -> Result<Self, Vec<FieldError>> {
        let Self {
            mut name,
            mut parties,
            term,
            mut articles,
        } = self;
        let (mut from, mut through) = (term.from(), term.through());
        change.name.apply(&mut name);
        change.parties.apply(&mut parties);
        change.effective_from.apply(&mut from);
        change.effective_through.apply(&mut through);
        change.articles.apply(&mut articles);
        let term =
            Term::new(from, through).map_err(|invalid| vec![invalid.at("effective_through")])?;
        Self::new(name, parties, term, articles)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::collective_agreements::Side;

    fn party(side: Side) -> Party {
        Party {
            side,
            name: Line::parse("Somebody").unwrap(),
            organization: None,
        }
    }

    fn terms() -> AgreementTerms {
        AgreementTerms::new(
            Line::parse("Inside Agreement").unwrap(),
            Side::ALL.map(party).to_vec(),
            Term::new(date(2026, 1, 1), None).unwrap(),
            Vec::new(),
        )
        .unwrap()
    }

    #[test]
    fn what_is_not_named_stays() {
        let change = AgreementChange {
            effective_through: Change::Set(Some(date(2028, 12, 31))),
            ..AgreementChange::default()
        };
        let after = terms().changed(change).unwrap();
        assert_eq!(after.term().through(), Some(date(2028, 12, 31)));
        assert_eq!(after.name(), terms().name());
    }

    #[test]
    fn the_whole_is_checked_again() {
        let ends_early = AgreementChange {
            effective_through: Change::Set(Some(date(2025, 12, 31))),
            ..AgreementChange::default()
        };
        let one_sided = AgreementChange {
            parties: Change::Set(vec![party(Side::Union)]),
            ..AgreementChange::default()
        };
        let code = |change| {
            let errors: Vec<FieldError> = terms().changed(change).unwrap_err();
            errors.first().map(|error| error.invalid.code)
        };
        assert_eq!(code(ends_early), Some("before_its_beginning"));
        assert_eq!(code(one_sided), Some("missing"));
    }
}
