//! Who teaches a cohort: some instructors, exactly one of whom is primary.

use std::{collections::BTreeSet, fmt};

use crate::{change::Change, instructors::InstructorId, invalid::Invalid};

/// The instructors of a cohort. That there is exactly one primary among them is so by what this is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teachers {
    primary: InstructorId,
    others: BTreeSet<InstructorId>,
}

impl Teachers {
    /// How many instructors a cohort has at most.
    pub const MOST: usize = 20;

    /// These instructors under that primary one, or the first of them when none is named; nobody for none.
    ///
    /// # Errors
    /// `repeated` for one that is there twice, `too_many`, or `not_among_them` when the primary one is none of them.
    pub fn of(
        instructors: &[InstructorId],
        primary: Option<InstructorId>,
    ) -> Result<Option<Self>, Invalid> {
        if instructors.len() > Self::MOST {
            let detail = format!("must be at most {}", Self::MOST);
            return Err(Invalid::new("too_many", detail));
        }
        let mut others: BTreeSet<_> = instructors.iter().copied().collect();
        if others.len() < instructors.len() {
            return Err(Invalid::new(
                "repeated",
                "must not name an instructor twice",
            ));
        }
        match primary.or(instructors.first().copied()) {
            None => Ok(None),
            Some(primary) if others.remove(&primary) => Ok(Some(Self { primary, others })),
            Some(_) => {
                let detail = "must be one of the instructors of the cohort";
                Err(Invalid::new("not_among_them", detail))
            }
        }
    }

    /// The one to ask first.
    pub const fn primary(&self) -> InstructorId {
        self.primary
    }

    /// All of them, the primary one first, the others in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = InstructorId> {
        std::iter::once(self.primary).chain(self.others.iter().copied())
    }
}

impl fmt::Display for Teachers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (primary)", self.primary)?;
        self.others
            .iter()
            .try_for_each(|other| write!(f, "; {other}"))
    }
}

/// What is wanted of the instructors of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taught {
    /// All of them as they are to be.
    pub instructors: Change<Vec<InstructorId>>,
    /// The one to ask first.
    pub primary: Change<InstructorId>,
}

impl Taught {
    /// The instructors after the change. Whoever is primary stays so while they are among them and nobody else is named.
    ///
    /// # Errors
    /// As [`Teachers::of`], with the name of the field.
    pub fn apply(
        self,
        before: Option<&Teachers>,
    ) -> Result<Option<Teachers>, (Invalid, &'static str)> {
        let present: Vec<_> = before.into_iter().flat_map(Teachers::all).collect();
        let instructors = match self.instructors {
            Change::Keep => present,
            Change::Set(instructors) => instructors,
        };
        let primary = match self.primary {
            Change::Set(primary) => Some(primary),
            Change::Keep => before
                .map(Teachers::primary)
                .filter(|primary| instructors.contains(primary)),
        };
        Teachers::of(&instructors, primary).map_err(|invalid| {
            let field = match invalid.code {
                "not_among_them" => "primary_instructor_id",
                _ => "instructor_ids",
            };
            (invalid, field)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn id(number: u128) -> InstructorId {
        Id::new(Uuid::from_u128(number))
    }

    fn ids(numbers: &[u128]) -> Vec<InstructorId> {
        numbers.iter().copied().map(id).collect()
    }

    #[test]
    fn instructors_are_named_once_and_the_primary_one_is_among_them() {
        let code = |numbers: &[u128], primary: Option<u128>| {
            Teachers::of(&ids(numbers), primary.map(id))
                .err()
                .map(|invalid| invalid.code)
        };
        assert_eq!(Teachers::of(&[], None), Ok(None));
        assert_eq!(code(&[1, 1], None), Some("repeated"));
        assert_eq!(code(&[1, 2], Some(3)), Some("not_among_them"));
        assert_eq!(code(&[], Some(3)), Some("not_among_them"));
        let many: Vec<_> = (0..21).collect();
        assert_eq!(code(&many, None), Some("too_many"));
        let first = Teachers::of(&ids(&[2, 1]), None).unwrap().unwrap();
        assert_eq!(first.primary(), id(2));
        assert_eq!(first.all().collect::<Vec<_>>(), ids(&[2, 1]));
    }

    #[test]
    fn making_another_one_primary_takes_it_from_whoever_was() {
        let before = Teachers::of(&ids(&[1, 2]), None).unwrap();
        let moved = Taught {
            primary: Change::Set(id(2)),
            ..Taught::default()
        };
        let after = moved.apply(before.as_ref()).unwrap().unwrap();
        assert_eq!(after.all().collect::<Vec<_>>(), ids(&[2, 1]));
        let wrong = Taught {
            primary: Change::Set(id(3)),
            ..Taught::default()
        };
        let (invalid, field) = wrong.apply(before.as_ref()).unwrap_err();
        assert_eq!(
            (invalid.code, field),
            ("not_among_them", "primary_instructor_id")
        );
    }

    proptest! {
        #[test]
        fn whoever_comes_and_goes_there_is_one_primary_as_long_as_there_is_anybody(
            steps in proptest::collection::vec(
                (proptest::option::of(proptest::collection::btree_set(0u128..6, 0..6)), proptest::option::of(0u128..6)),
                0..20
            )
        ) {
            let mut teachers: Option<Teachers> = None;
            for (wanted, primary) in steps {
                let wanted = wanted.map(|wanted| wanted.into_iter().map(id).collect::<Vec<_>>());
                let taught = Taught {
                    instructors: wanted.clone().map_or(Change::Keep, Change::Set),
                    primary: primary.map_or(Change::Keep, |primary| Change::Set(id(primary))),
                };
                if let Ok(after) = taught.apply(teachers.as_ref()) {
                    let all: Vec<_> = after.iter().flat_map(Teachers::all).collect();
                    if let Some(wanted) = wanted {
                        prop_assert_eq!(all.len(), wanted.len());
                    }
                    if let Some(after) = &after {
                        prop_assert_eq!(all.iter().filter(|one| **one == after.primary()).count(), 1);
                    }
                    prop_assert_eq!(after.is_some(), !all.is_empty());
                    teachers = after;
                }
            }
        }
    }
}
