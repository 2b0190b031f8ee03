//! Grievances: a claim that the agreement was broken, and its way up the ladder.

mod moves;
mod progress;
mod table;

use jiff::{Timestamp, civil::Date};

pub use crate::numbers::GrievanceNumber;
pub use moves::{Action, Answer, Move, Outcome, Settlement, State, Step};
pub use progress::{IllegalMove, Progress};
pub use table::{places, table};

use crate::{
    audit::Fields,
    change::Change,
    collective_agreements::CollectiveAgreementId,
    ids::Id,
    invalid::{FieldError, Invalid},
    members::MemberId,
    organizations::OrganizationId,
    text::{Line, Prose},
    users::UserId,
    version::Version,
};

/// The id of a [`Grievance`].
pub type GrievanceId = Id<Grievance>;
/// The id of a [`StepRecord`].
pub type StepRecordId = Id<StepRecord>;

/// A grievance of a member against an employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grievance {
    /// Its id.
    pub id: GrievanceId,
    /// The number people quote.
    pub number: GrievanceNumber,
    /// Whose grievance it is.
    pub member: MemberId,
    /// Against whom.
    pub employer: OrganizationId,
    /// The day it was filed, in the tenant's time zone.
    pub filed_date: Date,
    /// The agreement it was filed under, if it names one: those from before agreements were kept do not.
    pub agreement: Option<FiledUnder>,
    /// What it claims.
    pub claim: Claim,
    /// Where it stands; moved by [`Progress::apply`] alone.
    pub progress: Progress,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// Under which agreement a grievance was filed, and by which version of its rules its deadlines are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiledUnder {
    /// The agreement.
    pub agreement: CollectiveAgreementId,
    /// The version of its rules that was in force on the day of filing; it stays.
    pub rules: Version,
}

/// What a grievance claims, and who carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The day it happened.
    pub incident_date: Option<Date>,
    /// The article of the agreement that was broken.
    pub contract_article: Option<Line<50>>,
    /// What was done.
    pub violation_description: Prose<20_000>,
    /// What would make it good.
    pub remedy_sought: Option<Prose<20_000>>,
    /// The user who represents the member.
    pub assigned_representative: Option<UserId>,
    /// The user who is the steward of the member.
    pub steward: Option<UserId>,
    /// Free notes.
    pub notes: Option<Prose<10_000>>,
}

/// A partial change of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimChange {
    /// The day it happened.
    pub incident_date: Change<Option<Date>>,
    /// The article of the agreement.
    pub contract_article: Change<Option<Line<50>>>,
    /// What was done.
    pub violation_description: Change<Prose<20_000>>,
    /// What would make it good.
    pub remedy_sought: Change<Option<Prose<20_000>>>,
    /// The user who represents the member.
    pub assigned_representative: Change<Option<UserId>>,
    /// The user who is the steward.
    pub steward: Change<Option<UserId>>,
    /// Free notes.
    pub notes: Change<Option<Prose<10_000>>>,
}

/// How many meetings of a grievance are on record at most.
pub const MOST_RECORDS: usize = 200;

/// The record of one meeting on one step of the ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRecord {
    /// Its id.
    pub id: StepRecordId,
    /// The grievance it belongs to.
    pub grievance: GrievanceId,
    /// The step the meeting was held on.
    pub step: Step,
    /// What happened there.
    pub meeting: Meeting,
    /// How it ended.
    pub outcome: Outcome,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// A meeting of the two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The day of the meeting.
    pub date: Date,
    /// Who was there for the union.
    pub union_attendees: Option<Prose<2_000>>,
    /// Who was there for the employer.
    pub employer_attendees: Option<Prose<2_000>>,
    /// Free notes.
    pub notes: Option<Prose<10_000>>,
}

/// Checks the dates of a grievance against each other and the tenant's `today`.
///
/// # Errors
/// Every wrong field: `in_the_future` for either date, `after_filing` for an incident later than its filing.
pub fn check_dates(
    filed: Date,
    incident: Option<Date>,
    today: Date,
) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field, code, detail: &str| errors.push(Invalid::new(code, detail).at(field));
    if filed > today {
        wrong("filed_date", "in_the_future", "must not be in the future");
    }
    if incident.is_some_and(|day| day > today) {
        wrong(
            "incident_date",
            "in_the_future",
            "must not be in the future",
        );
    } else if incident.is_some_and(|day| day > filed) {
        wrong(
            "incident_date",
            "after_filing",
            "must not be after the day of filing",
        );
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

impl Meeting {
    /// Checks the day of the meeting against the filing and the tenant's `today`.
    ///
    /// # Errors
    /// `in_the_future` or `before_filing`, both of `meeting_date`.
    pub fn check(&self, filed: Date, today: Date) -> Result<(), Vec<FieldError>> {
        let wrong = |code, detail: &str| Err(vec![Invalid::new(code, detail).at("meeting_date")]);
        if self.date > today {
            wrong("in_the_future", "must not be in the future")
        } else if self.date < filed {
            wrong("before_filing", "must not be before the day of filing")
        } else {
            Ok(())
        }
    }
}

impl Claim {
    /// The claim after a change.
    #[must_use]
    pub fn changed(mut self, change: ClaimChange) -> Self {
        let ClaimChange {
            incident_date,
            contract_article,
            violation_description,
            remedy_sought,
            assigned_representative,
            steward,
            notes,
        } = change;
        incident_date.apply(&mut self.incident_date);
        contract_article.apply(&mut self.contract_article);
        violation_description.apply(&mut self.violation_description);
        remedy_sought.apply(&mut self.remedy_sought);
        assigned_representative.apply(&mut self.assigned_representative);
        steward.apply(&mut self.steward);
        notes.apply(&mut self.notes);
        self
    }
}

impl Grievance {
    /// The grievance as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let Claim {
            incident_date,
            contract_article,
            violation_description,
            remedy_sought,
            assigned_representative,
            steward,
            notes,
        } = &self.claim;
        let (under, settlement) = (self.agreement, self.progress.settlement());
        vec![
            ("grievance_number", Some(self.number.to_string())),
            ("member_id", Some(self.member.to_string())),
            ("employer_id", Some(self.employer.to_string())),
            ("filed_date", Some(self.filed_date.to_string())),
            (
                "agreement_id",
                under.map(|under| under.agreement.to_string()),
            ),
            (
                "rules_version",
                under.map(|under| under.rules.get().to_string()),
            ),
            ("incident_date", incident_date.map(|day| day.to_string())),
            (
                "contract_article",
                contract_article.as_ref().map(ToString::to_string),
            ),
            (
                "violation_description",
                Some(violation_description.to_string()),
            ),
            (
                "remedy_sought",
                remedy_sought.as_ref().map(ToString::to_string),
            ),
            (
                "assigned_representative_id",
                assigned_representative.map(|id| id.to_string()),
            ),
            ("steward_id", steward.map(|id| id.to_string())),
            ("notes", notes.as_ref().map(ToString::to_string)),
            ("current_step", Some(self.progress.step.as_str().to_owned())),
            (
                "employer_answer",
                Some(self.progress.answer.as_str().to_owned()),
            ),
            ("status", Some(self.progress.state.as_str().to_owned())),
        ]
        .into_iter()
        .chain(settled(settlement))
        .collect()
    }
}

/// How it ended, as the audit trail shows it.
fn settled(settlement: Option<&Settlement>) -> Fields {
    let amount = settlement.and_then(|found| found.amount);
    vec![
        (
            "resolution",
            settlement.map(|found| found.resolution.to_string()),
        ),
        (
            "resolution_date",
            settlement.map(|found| found.date.to_string()),
        ),
        ("settlement_amount", amount.map(|sum| sum.to_string())),
    ]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_incident_comes_before_its_filing_and_neither_lies_in_the_future() {
        let today = date(2026, 11, 21);
        let codes = |filed, incident| -> Vec<_> {
            check_dates(filed, incident, today)
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|error| (error.field.into_owned(), error.invalid.code))
                .collect()
        };
        assert_eq!(codes(today, Some(today)), []);
        assert_eq!(
            codes(date(2026, 11, 22), None),
            [("filed_date".to_owned(), "in_the_future")]
        );
        assert_eq!(
            codes(today, Some(date(2026, 11, 22))),
            [("incident_date".to_owned(), "in_the_future")]
        );
        assert_eq!(
            codes(date(2026, 11, 1), Some(date(2026, 11, 2))),
            [("incident_date".to_owned(), "after_filing")]
        );
    }

    #[test]
    fn a_meeting_lies_between_the_filing_and_today() {
        let meeting = |day| Meeting {
            date: day,
            union_attendees: None,
            employer_attendees: None,
            notes: None,
        };
        let (filed, today) = (date(2026, 11, 1), date(2026, 11, 21));
        let code = |day| {
            meeting(day)
                .check(filed, today)
                .err()
                .map(|errors| errors[0].invalid.code)
        };
        assert_eq!(code(filed), None);
        assert_eq!(code(today), None);
        assert_eq!(code(date(2026, 10, 31)), Some("before_filing"));
        assert_eq!(code(date(2026, 11, 22)), Some("in_the_future"));
    }
}
