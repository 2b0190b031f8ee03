//! What must have come before a course, and that no course comes before itself.

use std::collections::{BTreeMap, BTreeSet};

use super::CourseId;
use crate::invalid::Invalid;

/// One course asks for another: the first is taken after the second.
pub type Requirement = (CourseId, CourseId);

/// The courses that must have been passed before: none twice, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prerequisites(Vec<CourseId>);

impl Prerequisites {
    /// How many a course has at most.
    pub const MOST: usize = 20;

    /// Takes these courses.
    ///
    /// # Errors
    /// `too_many`, or `repeated` for one that is there twice.
    pub fn new(courses: Vec<CourseId>) -> Result<Self, Invalid> {
        if courses.len() > Self::MOST {
            let detail = format!("must be at most {}", Self::MOST);
            return Err(Invalid::new("too_many", detail));
        }
        let distinct: BTreeSet<_> = courses.iter().copied().collect();
        if distinct.len() < courses.len() {
            return Err(Invalid::new("repeated", "must not name a course twice"));
        }
        Ok(Self(distinct.into_iter().collect()))
    }

    /// The courses.
    pub fn as_slice(&self) -> &[CourseId] {
        &self.0
    }

    /// As the audit trail shows them.
    pub(super) fn told(&self) -> Option<String> {
        let ids: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        (!ids.is_empty()).then(|| ids.join("; "))
    }
}

/// The circle that would close if `course` asked for `wanted`, given what all the others ask for.
///
/// It is the way from the course back to itself, or `None` when there is none. What `known` says of the course itself
/// does not matter.
pub fn circle(
    course: CourseId,
    wanted: &Prerequisites,
    known: &[Requirement],
) -> Option<Vec<CourseId>> {
    let mut asks: BTreeMap<CourseId, Vec<CourseId>> = BTreeMap::new();
    for (after, before) in known {
        asks.entry(*after).or_default().push(*before);
    }
    let mut seen = BTreeSet::new();
    let mut ways: Vec<Vec<CourseId>> = wanted.0.iter().map(|id| vec![*id]).collect();
    while let Some(way) = ways.pop() {
        let Some(last) = way.last().copied() else {
            continue;
        };
        if last == course {
            return Some(way);
        }
        if !seen.insert(last) {
            continue;
        }
        for next in asks.get(&last).into_iter().flatten() {
            ways.push(way.iter().copied().chain([*next]).collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::ids::Id;

    fn course(number: u8) -> CourseId {
        Id::new(Uuid::from_u128(number.into()))
    }

    fn after(courses: &[u8]) -> Prerequisites {
        Prerequisites::new(courses.iter().map(|number| course(*number)).collect()).unwrap()
    }

    fn known(pairs: &[(u8, u8)]) -> Vec<Requirement> {
        let pair = |(one, other): &(u8, u8)| (course(*one), course(*other));
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn prerequisites_are_sorted_none_twice_and_not_too_many() {
        assert_eq!(after(&[2, 1]).as_slice(), [course(1), course(2)]);
        let code = |numbers: Vec<u8>| {
            Prerequisites::new(numbers.into_iter().map(course).collect())
                .unwrap_err()
                .code
        };
        assert_eq!(code(vec![1, 1]), "repeated");
        assert_eq!(code((0..21).collect()), "too_many");
    }

    #[test]
    fn a_circle_is_found_however_long_and_shown() {
        let way = |numbers: &[u8]| Some(numbers.iter().map(|number| course(*number)).collect());
        assert_eq!(circle(course(1), &after(&[1]), &[]), way(&[1]));
        assert_eq!(
            circle(course(1), &after(&[2]), &known(&[(2, 1)])),
            way(&[2, 1])
        );
        let long = known(&[(2, 3), (3, 4), (4, 1), (2, 5)]);
        assert_eq!(circle(course(1), &after(&[2]), &long), way(&[2, 3, 4, 1]));
        // What the course asked for before is replaced, and two ways to one course are no circle.
        let twice = known(&[(1, 2), (2, 4), (3, 4)]);
        assert_eq!(circle(course(1), &after(&[2, 3]), &twice), None);
    }

    proptest! {
        /// Whatever is asked for, in whichever order: as long as every circle is refused, the catalogue can be taught
        /// from its first course to its last.
        #[test]
        fn a_catalogue_without_circles_can_be_taught_in_some_order(
            wishes in prop::collection::vec((0_u8..8, prop::collection::btree_set(0_u8..8, 0..4)), 0..24),
        ) {
            let mut edges: Vec<Requirement> = Vec::new();
            for (number, befores) in wishes {
                let wanted = after(&befores.into_iter().collect::<Vec<_>>());
                if circle(course(number), &wanted, &edges).is_none() {
                    edges.retain(|(one, _)| *one != course(number));
                    edges.extend(wanted.as_slice().iter().map(|before| (course(number), *before)));
                }
            }
            let mut taught = BTreeSet::new();
            for _ in 0..8 {
                for number in 0..8 {
                    let mut asked = edges.iter().filter(|(one, _)| *one == course(number));
                    if asked.all(|(_, before)| taught.contains(before)) {
                        taught.insert(course(number));
                    }
                }
            }
            prop_assert_eq!(taught.len(), 8);
        }
    }
}
