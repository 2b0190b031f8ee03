//! What a tenant decides about its school: overlaps, when somebody is late, and how excused absence counts.

use crate::{audit::Fields, change::Change, invalid::Invalid, names::names, version::Version};

names! {
    /// What becomes of a session that would be at the same time as another in its room, of its instructor or of one
    /// of its students.
    pub enum Overlaps {
        /// It is refused.
        Refuse = "refuse",
        /// It is written down, and the answer warns of it.
        Warn = "warn",
    }
}

names! {
    /// How excused absence counts in the attendance rate.
    pub enum Excused {
        /// Not at all: it is shown aside.
        LeftOut = "left_out",
        /// Like absence.
        Absent = "absent",
        /// Like presence.
        Present = "present",
    }
}

/// Minutes of grace: 0 to [`MOST`](Self::MOST).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grace(u8);

impl Grace {
    /// More than anybody is waited for.
    pub const MOST: u8 = 120;

    /// So many minutes.
    ///
    /// # Errors
    /// `out_of_range` below 0 and above [`MOST`](Self::MOST).
    pub fn new(minutes: i64) -> Result<Self, Invalid> {
        u8::try_from(minutes)
            .ok()
            .filter(|minutes| *minutes <= Self::MOST)
            .map(Self)
            .ok_or_else(|| {
                let detail = format!("must be a whole number from 0 to {}", Self::MOST);
                Invalid::new("out_of_range", detail)
            })
    }

    /// The minutes.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// What a tenant has decided about its school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainingSettings {
    /// What becomes of overlaps.
    pub overlaps: Overlaps,
    /// Up to how many minutes after the start somebody is in time.
    pub late_after: Grace,
    /// Up to how many minutes before the end somebody may go.
    pub left_early_before: Grace,
    /// How excused absence counts.
    pub excused: Excused,
    /// Counts the changes.
    pub version: Version,
}

impl TrainingSettings {
    /// What holds as long as a tenant has decided nothing.
    pub const USUAL: Self = Self {
        overlaps: Overlaps::Refuse,
        late_after: Grace(10),
        left_early_before: Grace(10),
        excused: Excused::LeftOut,
        version: Version::FIRST,
    };

    /// The settings after a change.
    #[must_use]
    pub fn changed(mut self, change: TrainingSettingsChange) -> Self {
        let TrainingSettingsChange {
            overlaps,
            late_after,
            left_early_before,
            excused,
        } = change;
        overlaps.apply(&mut self.overlaps);
        late_after.apply(&mut self.late_after);
        left_early_before.apply(&mut self.left_early_before);
        excused.apply(&mut self.excused);
        self
    }

    /// The settings as the audit trail shows them.
    pub fn fields(&self) -> Fields {
        let minutes = |grace: Grace| Some(grace.get().to_string());
        vec![
            ("overlaps", Some(self.overlaps.as_str().to_owned())),
            ("late_after_minutes", minutes(self.late_after)),
            ("left_early_before_minutes", minutes(self.left_early_before)),
            ("excused", Some(self.excused.as_str().to_owned())),
        ]
    }
}

/// A partial change of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrainingSettingsChange {
    /// What becomes of overlaps.
    pub overlaps: Change<Overlaps>,
    /// Up to how many minutes after the start somebody is in time.
    pub late_after: Change<Grace>,
    /// Up to how many minutes before the end somebody may go.
    pub left_early_before: Change<Grace>,
    /// How excused absence counts.
    pub excused: Change<Excused>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grace_is_neither_negative_nor_beyond_two_hours() {
        for (minutes, known) in [(-1, false), (0, true), (120, true), (121, false)] {
            assert_eq!(Grace::new(minutes).is_ok(), known, "{minutes}");
        }
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name() {
        let change = TrainingSettingsChange {
            excused: Change::Set(Excused::Absent),
            ..TrainingSettingsChange::default()
        };
        let changed = TrainingSettings::USUAL.changed(change);
        let expected = TrainingSettings {
            excused: Excused::Absent,
            ..TrainingSettings::USUAL
        };
        assert_eq!(changed, expected);
    }
}
