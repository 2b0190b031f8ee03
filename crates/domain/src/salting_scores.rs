//! SALTing scores: how an employer is judged to stand towards the union, by whom, since when and why.

use jiff::Timestamp;

use crate::{
    audit::Fields, ids::Id, invalid::Invalid, organizations::OrganizationId, text::Prose,
    users::UserId, version::Version,
};

/// The id of a [`SaltingScoreEntry`].
pub type SaltingScoreEntryId = Id<SaltingScoreEntry>;

/// How an employer stands towards the union, from 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaltingScore {
    /// 1: fights the union.
    Hostile,
    /// 2: is against it.
    Resistant,
    /// 3: neither for nor against it.
    Neutral,
    /// 4: listens.
    Receptive,
    /// 5: is for it.
    Supportive,
}

impl SaltingScore {
    /// Every score, from 1 to 5.
    pub const ALL: [Self; 5] = [
        Self::Hostile,
        Self::Resistant,
        Self::Neutral,
        Self::Receptive,
        Self::Supportive,
    ];

    /// The number.
    pub const fn number(self) -> i16 {
        match self {
            Self::Hostile => 1,
            Self::Resistant => 2,
            Self::Neutral => 3,
            Self::Receptive => 4,
            Self::Supportive => 5,
        }
    }

    /// What the number means, in one word.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Hostile => "hostile",
            Self::Resistant => "resistant",
            Self::Neutral => "neutral",
            Self::Receptive => "receptive",
            Self::Supportive => "supportive",
        }
    }

    /// Takes a number as a score.
    ///
    /// # Errors
    /// `out_of_range` for anything but 1 to 5.
    pub fn new(number: i64) -> Result<Self, Invalid> {
        let mut all = Self::ALL.into_iter();
        all.find(|score| i64::from(score.number()) == number)
            .ok_or_else(|| Invalid::new("out_of_range", "must be a whole number from 1 to 5"))
    }
}

/// What somebody judged of an employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The score; `None` takes an earlier one back.
    pub score: Option<SaltingScore>,
    /// Why it is this one.
    pub reason: Prose<2_000>,
    /// What else is to be known of the employer.
    pub notes: Option<Prose<10_000>>,
}

/// One entry of an employer's history; the newest is what counts, and none is ever changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaltingScoreEntry {
    /// Its id.
    pub id: SaltingScoreEntryId,
    /// The employer.
    pub organization: OrganizationId,
    /// The place in the employer's history, from 1.
    pub version: Version,
    /// What was judged.
    pub assessment: Assessment,
    /// Who judged; `None` for whoever hosts the installation.
    pub set_by: Option<UserId>,
    /// When.
    pub set_at: Timestamp,
}

impl Assessment {
    /// The assessment as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let Self {
            score,
            reason,
            notes,
        } = self;
        vec![
            (
                "salting_score",
                score.map(|score| format!("{} {}", score.number(), score.meaning())),
            ),
            ("reason", Some(reason.to_string())),
            ("salting_notes", notes.as_ref().map(ToString::to_string)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_scores_have_the_names_that_halls_know() {
        let named: Vec<_> = SaltingScore::ALL
            .iter()
            .map(|score| format!("{} {}", score.number(), score.meaning()))
            .collect();
        assert_eq!(
            named,
            [
                "1 hostile",
                "2 resistant",
                "3 neutral",
                "4 receptive",
                "5 supportive"
            ]
        );
    }

    #[test]
    fn a_score_is_one_of_five_numbers() {
        for score in SaltingScore::ALL {
            assert_eq!(SaltingScore::new(score.number().into()), Ok(score));
        }
        for number in [-1, 0, 6, i64::MAX] {
            assert_eq!(SaltingScore::new(number).unwrap_err().code, "out_of_range");
        }
    }
}
