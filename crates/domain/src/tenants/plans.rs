//! What a tenant may use and until when: its standing, its limits and its tier. The operator decides it.

use jiff::Timestamp;

use crate::{
    audit::Fields,
    change::Change,
    invalid::Invalid,
    text::{Line, one_of},
};

/// What a tenant may use, and whether it may change anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where it stands.
    pub standing: Standing,
    /// How many people may have a place in it; `None` for any number.
    pub max_users: Option<u32>,
    /// How many bytes its files may take; `None` for any number.
    pub max_storage_bytes: Option<u64>,
    /// What the operator calls what was agreed, like `standard`.
    pub tier: Option<Line<50>>,
}

/// Where a tenant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It tries the product out.
    Trial {
        /// From when it can change nothing any more.
        ends_at: Timestamp,
    },
    /// It works.
    Active,
    /// It can read and change nothing until it is active again.
    Suspended,
    /// It can read and change nothing, for good.
    Canceled,
}

/// What can be done with a standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingMove {
    /// Let it work.
    Activate,
    /// Let it read only, for a while.
    Suspend,
    /// Let it read only, for good.
    Cancel,
}

/// Why a tenant can change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOnly {
    /// Its trial has ended.
    TrialEnded,
    /// It is suspended.
    Suspended,
    /// It is canceled.
    Canceled,
}

/// A move that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a tenant that is {status} cannot become {wanted}")]
pub struct IllegalStanding {
    /// The status it was in.
    pub status: &'static str,
    /// The status that was wanted.
    pub wanted: &'static str,
}

impl StandingMove {
    /// Every move.
    pub const ALL: [Self; 3] = [Self::Activate, Self::Suspend, Self::Cancel];

    /// The status that it leads to.
    pub const fn leads_to(self) -> &'static str {
        match self {
            Self::Activate => "active",
            Self::Suspend => "suspended",
            Self::Cancel => "canceled",
        }
    }

    /// The move that leads to this status.
    ///
    /// # Errors
    /// `unknown_value`, with the statuses there are to lead to.
    pub fn to(status: &str) -> Result<Self, Invalid> {
        one_of(status, &Self::ALL, Self::leads_to)
    }
}

impl Standing {
    /// The name of the status on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trial { .. } => "trial",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Canceled => "canceled",
        }
    }

    /// Every status, in the order of a tenant's life.
    pub const NAMES: [&'static str; 4] = ["trial", "active", "suspended", "canceled"];

    /// The standing with this name, and the end of the trial if it is one.
    ///
    /// # Errors
    /// `unknown_value` for another name, `trial_end` when a trial has no end or anything else has one.
    pub fn parse(status: &str, ends_at: Option<Timestamp>) -> Result<Self, Invalid> {
        let name = one_of(status, &Self::NAMES, |name| name)?;
        match (name, ends_at) {
            ("trial", Some(ends_at)) => Ok(Self::Trial { ends_at }),
            ("active", None) => Ok(Self::Active),
            ("suspended", None) => Ok(Self::Suspended),
            ("canceled", None) => Ok(Self::Canceled),
            (_name, Some(_) | None) => Err(Invalid::new(
                "trial_end",
                "a trial has an end, and nothing else has one",
            )),
        }
    }

    /// When the trial ends, if it is one.
    pub const fn trial_ends_at(self) -> Option<Timestamp> {
        match self {
            Self::Trial { ends_at } => Some(ends_at),
            Self::Active | Self::Suspended | Self::Canceled => None,
        }
    }

    /// Why nothing can be changed at `now`, if nothing can.
    pub fn read_only(self, now: Timestamp) -> Option<ReadOnly> {
        match self {
            Self::Trial { ends_at } => (ends_at <= now).then_some(ReadOnly::TrialEnded),
            Self::Active => None,
            Self::Suspended => Some(ReadOnly::Suspended),
            Self::Canceled => Some(ReadOnly::Canceled),
        }
    }

    /// The standing after a move; a move to where it stands changes nothing.
    ///
    /// # Errors
    /// [`IllegalStanding`] when the table does not have it.
    pub fn moved(self, wanted: StandingMove) -> Result<Self, IllegalStanding> {
        match (self, wanted) {
            (Self::Trial { .. } | Self::Active | Self::Suspended, StandingMove::Activate) => {
                Ok(Self::Active)
            }
            (Self::Trial { .. } | Self::Active | Self::Suspended, StandingMove::Suspend) => {
                Ok(Self::Suspended)
            }
            (
                Self::Trial { .. } | Self::Active | Self::Suspended | Self::Canceled,
                StandingMove::Cancel,
            ) => Ok(Self::Canceled),
            (Self::Canceled, refused @ (StandingMove::Activate | StandingMove::Suspend)) => {
                Err(IllegalStanding {
                    status: self.as_str(),
                    wanted: refused.leads_to(),
                })
            }
        }
    }

    /// The same trial with another end.
    ///
    /// # Errors
    /// [`IllegalStanding`] when it is no trial.
    pub const fn ending(self, at: Timestamp) -> Result<Self, IllegalStanding> {
        match self {
            Self::Trial { .. } => Ok(Self::Trial { ends_at: at }),
            Self::Active | Self::Suspended | Self::Canceled => Err(IllegalStanding {
                status: self.as_str(),
                wanted: "trial",
            }),
        }
    }
}

impl ReadOnly {
    /// The reason in words that continue "the tenant can be read and not changed: ".
    pub const fn words(self) -> &'static str {
        match self {
            Self::TrialEnded => "its trial has ended",
            Self::Suspended => "it is suspended",
            Self::Canceled => "it is canceled",
        }
    }
}

/// What to change of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanChange {
    /// Where to move the standing.
    pub standing: Option<StandingMove>,
    /// When the trial is to end.
    pub trial_ends_at: Option<Timestamp>,
    /// How many people may have a place.
    pub max_users: Change<Option<u32>>,
    /// How many bytes files may take.
    pub max_storage_bytes: Change<Option<u64>>,
    /// What was agreed.
    pub tier: Change<Option<Line<50>>>,
}

impl Plan {
    /// Works, without limits: what a tenant has that the operator makes.
    pub const ACTIVE: Self = Self {
        standing: Standing::Active,
        max_users: None,
        max_storage_bytes: None,
        tier: None,
    };

    /// A trial without limits that ends then.
    pub const fn trial(ends_at: Timestamp) -> Self {
        Self {
            standing: Standing::Trial { ends_at },
            ..Self::ACTIVE
        }
    }

    /// The plan with what is wanted changed.
    ///
    /// # Errors
    /// [`IllegalStanding`] when the standing does not move there.
    pub fn changed(self, wanted: PlanChange) -> Result<Self, IllegalStanding> {
        let PlanChange {
            standing,
            trial_ends_at,
            max_users,
            max_storage_bytes,
            tier,
        } = wanted;
        let mut plan = self;
        if let Some(end) = trial_ends_at {
            plan.standing = plan.standing.ending(end)?;
        }
        if let Some(step) = standing {
            plan.standing = plan.standing.moved(step)?;
        }
        max_users.apply(&mut plan.max_users);
        max_storage_bytes.apply(&mut plan.max_storage_bytes);
        tier.apply(&mut plan.tier);
        Ok(plan)
    }

    /// The fields as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        let Self {
            standing,
            max_users,
            max_storage_bytes,
            tier,
        } = self;
        vec![
            ("status", Some(standing.as_str().to_owned())),
            (
                "trial_ends_at",
                standing.trial_ends_at().map(|end| end.to_string()),
            ),
            ("max_users", max_users.map(|users| users.to_string())),
            (
                "max_storage_bytes",
                max_storage_bytes.map(|bytes| bytes.to_string()),
            ),
            ("tier", tier.as_ref().map(ToString::to_string)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at() -> Timestamp {
        "2026-11-21T20:00:00Z".parse().unwrap()
    }

    fn standings() -> [Standing; 4] {
        [
            Standing::Trial { ends_at: at() },
            Standing::Active,
            Standing::Suspended,
            Standing::Canceled,
        ]
    }

    #[test]
    fn the_whole_table_of_standing_and_move() {
        let table: Vec<_> = standings()
            .into_iter()
            .flat_map(|from| StandingMove::ALL.map(|wanted| (from, wanted)))
            .map(|(from, wanted)| match from.moved(wanted) {
                Ok(to) => format!("{} → {}", from.as_str(), to.as_str()),
                Err(refused) => refused.to_string(),
            })
            .collect();
        let expected = [
            "trial → active",
            "trial → suspended",
            "trial → canceled",
            "active → active",
            "active → suspended",
            "active → canceled",
            "suspended → active",
            "suspended → suspended",
            "suspended → canceled",
            "a tenant that is canceled cannot become active",
            "a tenant that is canceled cannot become suspended",
            "canceled → canceled",
        ];
        assert_eq!(table, expected);
    }

    #[test]
    fn a_trial_can_change_until_the_instant_it_ends_and_the_others_as_they_stand() {
        let before = at() - SignedDuration::from_nanos(1);
        let [trial, active, suspended, canceled] = standings();
        assert_eq!(trial.read_only(before), None);
        assert_eq!(trial.read_only(at()), Some(ReadOnly::TrialEnded));
        assert_eq!(active.read_only(at()), None);
        assert_eq!(suspended.read_only(at()), Some(ReadOnly::Suspended));
        assert_eq!(canceled.read_only(at()), Some(ReadOnly::Canceled));
    }

    #[test]
    fn a_standing_reads_what_it_prints_and_only_a_trial_has_an_end() {
        for standing in standings() {
            let read = Standing::parse(standing.as_str(), standing.trial_ends_at());
            assert_eq!(read, Ok(standing));
        }
        for (status, end, code) in [
            ("trial", None, "trial_end"),
            ("active", Some(at()), "trial_end"),
            ("late", None, "unknown_value"),
        ] {
            assert_eq!(Standing::parse(status, end).unwrap_err().code, code);
        }
    }

    #[test]
    fn only_a_trial_can_be_prolonged() {
        let later = at() + SignedDuration::from_hours(24);
        let change = || PlanChange {
            trial_ends_at: Some(later),
            ..PlanChange::default()
        };
        let prolonged = Plan::trial(at()).changed(change()).unwrap();
        assert_eq!(prolonged, Plan::trial(later));
        assert!(Plan::ACTIVE.changed(change()).is_err());
    }

    #[test]
    fn limits_are_set_lifted_and_kept() {
        let limited = Plan::ACTIVE.changed(PlanChange {
            max_users: Change::Set(Some(25)),
            max_storage_bytes: Change::Set(Some(1_000)),
            ..PlanChange::default()
        });
        let lifted = limited.unwrap().changed(PlanChange {
            standing: Some(StandingMove::Suspend),
            max_users: Change::Set(None),
            ..PlanChange::default()
        });
        let expected = Plan {
            standing: Standing::Suspended,
            max_storage_bytes: Some(1_000),
            ..Plan::ACTIVE
        };
        assert_eq!(lifted, Ok(expected));
    }
}
