//! Many records at once: which ones, each in which version.

use std::collections::BTreeSet;

use crate::{ids::Id, invalid::Invalid, version::Version};

/// A record that is meant, and the version that was seen of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Meant<T> {
    /// Which one.
    pub id: Id<T>,
    /// The version that must be the present one; `None` for any.
    pub version: Option<Version>,
}

impl<T> Meant<T> {
    /// Whether the present version is the one that was seen.
    pub fn fits(&self, present: Version) -> bool {
        self.version.is_none_or(|seen| seen == present)
    }
}

/// From 1 to [`Batch::MOST`] records, each once.
#[derive(Debug, PartialEq, Eq)]
pub struct Batch<T>(Vec<Meant<T>>);

impl<T> Batch<T> {
    /// How many records there may be.
    pub const MOST: usize = 100;

    /// Takes records that are meant.
    ///
    /// # Errors
    /// `out_of_range` when there are none or too many, `repeated` when one is there twice.
    pub fn parse(meant: Vec<Meant<T>>) -> Result<Self, Invalid> {
        if meant.is_empty() || meant.len() > Self::MOST {
            let detail = format!("must be 1 to {} records", Self::MOST);
            return Err(Invalid::new("out_of_range", detail));
        }
        let mut seen = BTreeSet::new();
        match meant.iter().find(|one| !seen.insert(one.id.uuid())) {
            Some(twice) => {
                let detail = format!("names {} twice", twice.id);
                Err(Invalid::new("repeated", detail))
            }
            None => Ok(Self(meant)),
        }
    }

    /// The records, in the order in which they were named.
    pub fn iter(&self) -> impl Iterator<Item = &Meant<T>> {
        self.0.iter()
    }

    /// Their ids.
    pub fn ids(&self) -> Vec<Id<T>> {
        self.0.iter().map(|meant| meant.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn meant(number: u128) -> Meant<()> {
        Meant {
            id: Id::new(Uuid::from_u128(number)),
            version: None,
        }
    }

    #[test]
    fn one_to_a_hundred_records_are_taken_each_once() {
        let code = |found: Vec<Meant<()>>| Batch::parse(found).map_err(|invalid| invalid.code);
        assert_eq!(code(Vec::new()), Err("out_of_range"));
        assert!(code((0..100).map(meant).collect()).is_ok());
        assert_eq!(code((0..101).map(meant).collect()), Err("out_of_range"));
        assert_eq!(code(vec![meant(1), meant(2), meant(1)]), Err("repeated"));
    }

    #[test]
    fn who_names_no_version_means_any() {
        let seen = Meant {
            version: Some(Version::FIRST),
            ..meant(1)
        };
        assert!(seen.fits(Version::FIRST) && !seen.fits(Version::FIRST.next()));
        assert!(meant(1).fits(Version::FIRST.next()));
    }
}
