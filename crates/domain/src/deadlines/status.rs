//! Where a deadline stands, and the only way it moves.

use jiff::{Timestamp, civil::Date};

use super::{
    Deadline,
    accords::{Accord, Extension},
    corrections::Witness,
    counting::Uncountable,
};
use crate::{
    collective_agreements::{Consequence, EventKind},
    holidays::Calendars,
    invalid::{FieldError, Invalid},
    text::one_of,
};

/// Where a deadline stands, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineState {
    /// It runs.
    Open,
    /// What had to be done was done in time.
    Met {
        /// On which day.
        on: Date,
        /// By which event.
        by: EventKind,
        /// What shows it.
        witness: Witness,
    },
    /// It went by.
    Missed {
        /// The day on which somebody said so.
        noticed_on: Date,
        /// What that means, by the rule.
        consequence: Consequence,
    },
    /// The sides agreed that it does not matter.
    Waived(Accord),
    /// The grievance ended before it did.
    Lapsed {
        /// The day it ended.
        on: Date,
    },
}

/// The name of where a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeadlineStatus {
    /// It runs.
    Open,
    /// It runs longer than the rule says, because the sides agreed.
    Extended,
    /// Done in time.
    Met,
    /// Gone by.
    Missed,
    /// Let go by both sides.
    Waived,
    /// The grievance ended first.
    Lapsed,
}

impl DeadlineStatus {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Extended,
        Self::Met,
        Self::Missed,
        Self::Waived,
        Self::Lapsed,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Extended => "extended",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Waived => "waived",
            Self::Lapsed => "lapsed",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }

    /// Whether the table has the move from here.
    pub(super) const fn allows(self, action: DeadlineMove) -> bool {
        match (self, action) {
            (
                Self::Open | Self::Extended,
                DeadlineMove::Meet
                | DeadlineMove::Miss
                | DeadlineMove::Extend
                | DeadlineMove::Waive
                | DeadlineMove::Lapse,
            )
            | (
                Self::Missed,
                DeadlineMove::Meet
                | DeadlineMove::Extend
                | DeadlineMove::Waive
                | DeadlineMove::Reopen,
            )
            | (Self::Met | Self::Waived | Self::Lapsed, DeadlineMove::Reopen) => true,
            (Self::Open | Self::Extended, DeadlineMove::Reopen)
            | (Self::Missed, DeadlineMove::Miss | DeadlineMove::Lapse)
            | (
                Self::Met | Self::Waived | Self::Lapsed,
                DeadlineMove::Meet
                | DeadlineMove::Miss
                | DeadlineMove::Extend
                | DeadlineMove::Waive
                | DeadlineMove::Lapse,
            ) => false,
        }
    }
}

/// Everything that can be done with a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineAction {
    /// Record that what had to be done was done; of one that counts as missed, that it had been done in time.
    Meet {
        /// On which day.
        on: Date,
        /// By which event: the one of the rule's duty.
        by: EventKind,
        /// What shows it.
        witness: Witness,
    },
    /// Record that it went by.
    Miss,
    /// Give more time; the sides may do so after it went by too, and then it runs again.
    Extend(Extension),
    /// Let it go.
    Waive(Accord),
    /// Take note that the grievance ended first.
    Lapse,
    /// Take back what was recorded: it runs again.
    Reopen,
}

/// The name of an action, without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeadlineMove {
    /// [`DeadlineAction::Meet`].
    Meet,
    /// [`DeadlineAction::Miss`].
    Miss,
    /// [`DeadlineAction::Extend`].
    Extend,
    /// [`DeadlineAction::Waive`].
    Waive,
    /// [`DeadlineAction::Lapse`].
    Lapse,
    /// [`DeadlineAction::Reopen`].
    Reopen,
}

impl DeadlineMove {
    /// Every move.
    pub const ALL: [Self; 6] = [
        Self::Meet,
        Self::Miss,
        Self::Extend,
        Self::Waive,
        Self::Lapse,
        Self::Reopen,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Meet => "meet",
            Self::Miss => "miss",
            Self::Extend => "extend",
            Self::Waive => "waive",
            Self::Lapse => "lapse",
            Self::Reopen => "reopen",
        }
    }
}

impl DeadlineAction {
    /// The action without what it carries.
    pub const fn kind(&self) -> DeadlineMove {
        match self {
            Self::Meet { .. } => DeadlineMove::Meet,
            Self::Miss => DeadlineMove::Miss,
            Self::Extend(_) => DeadlineMove::Extend,
            Self::Waive(_) => DeadlineMove::Waive,
            Self::Lapse => DeadlineMove::Lapse,
            Self::Reopen => DeadlineMove::Reopen,
        }
    }
}

/// Why an action on a deadline is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeadlineRefusal {
    /// The table does not have it.
    #[error("a deadline that is {} cannot be moved by {}", status.as_str(), action.as_str())]
    Illegal {
        /// Where it stood.
        status: DeadlineStatus,
        /// What was tried.
        action: DeadlineMove,
        /// What could be done instead.
        allowed: Vec<DeadlineMove>,
    },
    /// It can still be met.
    #[error("the deadline runs until the end of {due}")]
    NotOver {
        /// Its last day.
        due: Date,
    },
    /// What was done was done too late.
    #[error("the deadline ended on {due}")]
    Late {
        /// Its last day.
        due: Date,
    },
    /// Something else was done than what had to be.
    #[error("the deadline is met by {}, not by {}", wanted.as_str(), got.as_str())]
    OtherAct {
        /// What would meet it.
        wanted: EventKind,
        /// What was done.
        got: EventKind,
    },
    /// Fields of the action are wrong.
    #[error("some fields are wrong")]
    Fields(Vec<FieldError>),
    /// The extended deadline cannot be counted.
    #[error(transparent)]
    Uncountable(#[from] Uncountable),
}

impl Deadline {
    /// Where it stands, by name.
    pub fn status(&self) -> DeadlineStatus {
        match &self.state {
            DeadlineState::Open if self.derivation.extensions().is_empty() => DeadlineStatus::Open,
            DeadlineState::Open => DeadlineStatus::Extended,
            DeadlineState::Met { .. } => DeadlineStatus::Met,
            DeadlineState::Missed { .. } => DeadlineStatus::Missed,
            DeadlineState::Waived(_) => DeadlineStatus::Waived,
            DeadlineState::Lapsed { .. } => DeadlineStatus::Lapsed,
        }
    }

    /// The moves that the table has from here, in the order of [`DeadlineMove::ALL`].
    pub fn allowed(&self) -> Vec<DeadlineMove> {
        let status = self.status();
        let mut moves = DeadlineMove::ALL.to_vec();
        moves.retain(|action| status.allows(*action));
        moves
    }

    /// Whether it went by without anybody having said so: it runs, and its last day is over.
    pub fn overdue(&self, today: Date) -> bool {
        match &self.state {
            DeadlineState::Open => self.due() < today,
            DeadlineState::Met { .. }
            | DeadlineState::Missed { .. }
            | DeadlineState::Waived(_)
            | DeadlineState::Lapsed { .. } => false,
        }
    }

    /// The deadline after an action. `today` is the tenant's, `at` the instant of the change; the calendars are only
    /// looked at by an extension.
    ///
    /// # Errors
    /// [`DeadlineRefusal`], for each of its reasons; the deadline is then as it was.
    pub fn apply(
        &self,
        action: DeadlineAction,
        calendars: &Calendars,
        today: Date,
        at: Timestamp,
    ) -> Result<Self, DeadlineRefusal> {
        let (status, kind) = (self.status(), action.kind());
        if !status.allows(kind) {
            return Err(DeadlineRefusal::Illegal {
                status,
                action: kind,
                allowed: self.allowed(),
            });
        }
        let event = self.derivation.trigger.date;
        let mut derivation = self.derivation.clone();
        let state = match action {
            DeadlineAction::Meet { on, by, witness } => self.met(on, by, witness, today)?,
            DeadlineAction::Miss => self.missed(today)?,
            DeadlineAction::Extend(extension) => {
                let checked = extension.check(event, self.due(), today);
                checked.map_err(DeadlineRefusal::Fields)?;
                derivation = derivation.extended(extension, calendars)?;
                DeadlineState::Open
            }
            DeadlineAction::Waive(accord) => {
                let checked = accord.check(event, today);
                checked.map_err(DeadlineRefusal::Fields)?;
                DeadlineState::Waived(accord)
            }
            DeadlineAction::Lapse => DeadlineState::Lapsed { on: today },
            DeadlineAction::Reopen => DeadlineState::Open,
        };
        Ok(Self {
            derivation,
            state,
            version: self.version.next(),
            updated_at: at,
            ..*self
        })
    }

    fn met(
        &self,
        on: Date,
        by: EventKind,
        witness: Witness,
        today: Date,
    ) -> Result<DeadlineState, DeadlineRefusal> {
        let wanted = self.derivation.basis.rule.key.duty.done_by();
        if wanted != by {
            return Err(DeadlineRefusal::OtherAct { wanted, got: by });
        }
        let wrong = |code, detail: &str| {
            let error = Invalid::new(code, detail).at("met_on");
            Err(DeadlineRefusal::Fields(vec![error]))
        };
        if on > today {
            wrong("in_the_future", "must not be in the future")
        } else if on < self.derivation.trigger.date {
            let detail = "must not be before the event that the deadline is counted from";
            wrong("before_the_event", detail)
        } else if on > self.due() {
            Err(DeadlineRefusal::Late { due: self.due() })
        } else {
            Ok(DeadlineState::Met { on, by, witness })
        }
    }

    fn missed(&self, today: Date) -> Result<DeadlineState, DeadlineRefusal> {
        if self.overdue(today) {
            Ok(DeadlineState::Missed {
                noticed_on: today,
                consequence: self.derivation.basis.rule.missed,
            })
        } else {
            Err(DeadlineRefusal::NotOver { due: self.due() })
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{
        super::{samples, table, table::places},
        *,
    };
    use crate::deadlines::Grant;

    /// The answer that is due on Tuesday, November 17, 2026.
    fn apply(action: DeadlineAction, today: Date) -> Result<Deadline, DeadlineRefusal> {
        let calendars = samples::calendars();
        samples::deadline(1).apply(action, &calendars, today, Timestamp::UNIX_EPOCH)
    }

    fn meet(on: Date) -> DeadlineAction {
        DeadlineAction::Meet {
            on,
            by: EventKind::Answered,
            witness: Witness::Word,
        }
    }

    #[test]
    fn every_status_reads_what_it_prints() {
        for status in DeadlineStatus::ALL {
            assert_eq!(DeadlineStatus::parse(status.as_str()), Ok(status));
        }
    }

    #[test]
    fn the_whole_table_of_status_and_action() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn an_action_moves_exactly_where_the_table_says() {
        let calendars = samples::calendars();
        for place in places() {
            for action in DeadlineMove::ALL {
                let moved = place.apply(
                    samples::action(action),
                    &calendars,
                    date(2026, 11, 18),
                    Timestamp::UNIX_EPOCH,
                );
                let legal = !matches!(moved, Err(DeadlineRefusal::Illegal { .. }));
                assert_eq!(
                    legal,
                    place.allowed().contains(&action),
                    "{place:?} {action:?}"
                );
            }
        }
    }

    #[test]
    fn the_last_day_is_in_time_and_the_day_after_is_late() {
        let met = apply(meet(date(2026, 11, 17)), date(2026, 11, 20)).unwrap();
        assert_eq!(met.status(), DeadlineStatus::Met);
        assert_eq!(met.version.get(), 2);
        let due = date(2026, 11, 17);
        assert_eq!(
            apply(meet(date(2026, 11, 18)), date(2026, 11, 20)),
            Err(DeadlineRefusal::Late { due })
        );
        assert_eq!(
            apply(DeadlineAction::Miss, due),
            Err(DeadlineRefusal::NotOver { due })
        );
        assert_eq!(
            apply(DeadlineAction::Miss, date(2026, 11, 18))
                .unwrap()
                .state,
            DeadlineState::Missed {
                noticed_on: date(2026, 11, 18),
                consequence: Consequence::Advance
            }
        );
    }

    #[test]
    fn a_deadline_is_met_by_its_own_act_on_a_day_that_can_be() {
        let today = date(2026, 11, 12);
        let other = DeadlineAction::Meet {
            on: today,
            by: EventKind::Advanced,
            witness: Witness::Word,
        };
        assert_eq!(
            apply(other, today).unwrap_err().to_string(),
            "the deadline is met by answered, not by advanced"
        );
        for (on, code) in [
            (date(2026, 11, 13), "in_the_future"),
            (date(2026, 11, 1), "before_the_event"),
        ] {
            let Err(DeadlineRefusal::Fields(errors)) = apply(meet(on), today) else {
                panic!("{on} was taken");
            };
            assert_eq!(errors[0].invalid.code, code);
        }
    }

    #[test]
    fn the_sides_can_extend_what_was_missed_and_it_runs_again() {
        let today = date(2026, 11, 20);
        let missed = apply(DeadlineAction::Miss, today).unwrap();
        let grant = Grant::Until(date(2026, 12, 1));
        let extension = DeadlineAction::Extend(samples::extension(today, grant));
        let calendars = samples::calendars();
        let extended = missed
            .apply(extension, &calendars, today, Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(extended.status(), DeadlineStatus::Extended);
        assert_eq!(extended.due(), date(2026, 12, 1));
        assert!(!extended.overdue(date(2026, 12, 1)) && extended.overdue(date(2026, 12, 2)));
    }

    #[test]
    fn a_refused_move_names_what_is_allowed_instead() {
        let refused = apply(DeadlineAction::Reopen, date(2026, 11, 12)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a deadline that is open cannot be moved by reopen"
        );
        let DeadlineRefusal::Illegal { allowed, .. } = refused else {
            panic!("refused for another reason");
        };
        assert_eq!(allowed, DeadlineMove::ALL[..5]);
    }
}
