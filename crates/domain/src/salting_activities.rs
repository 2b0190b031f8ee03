//! SALTing activities: what a member did among the workers of an employer, and what came of it.
//!
//! The counts are what the organizer reported of one day: whoever was met twice is counted twice.

use jiff::{
    Timestamp,
    civil::{Date, date},
};

use crate::{
    audit::Fields,
    campaigns::CampaignId,
    change::Change,
    headcounts::Headcount,
    ids::Id,
    invalid::{FieldError, Invalid},
    members::MemberId,
    organizations::OrganizationId,
    text::{Line, Prose, one_of},
    version::Version,
};

/// The id of a [`SaltingActivity`].
pub type SaltingActivityId = Id<SaltingActivity>;

/// The earliest day an activity can be of; what is older is a slip of the pen.
pub const EARLIEST: Date = date(1900, 1, 1);

/// One activity of one member at one employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaltingActivity {
    /// Its id.
    pub id: SaltingActivityId,
    /// What is reported of it.
    pub report: SaltingReport,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What kind of activity it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaltingActivityType {
    /// First contacts.
    Outreach,
    /// A visit to where the work is done.
    SiteVisit,
    /// Leaflets were given out.
    Leafleting,
    /// A talk with one worker.
    OneOnOne,
    /// A meeting of workers.
    Meeting,
    /// Signatures under a petition.
    PetitionDrive,
    /// Authorization cards were signed.
    CardSigning,
    /// Workers were told of their rights and of the union.
    InformationSession,
    /// Anything else.
    Other,
}

impl SaltingActivityType {
    /// Every type, in the order in which halls know them.
    pub const ALL: [Self; 9] = [
        Self::Outreach,
        Self::SiteVisit,
        Self::Leafleting,
        Self::OneOnOne,
        Self::Meeting,
        Self::PetitionDrive,
        Self::CardSigning,
        Self::InformationSession,
        Self::Other,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Outreach => "outreach",
            Self::SiteVisit => "site_visit",
            Self::Leafleting => "leafleting",
            Self::OneOnOne => "one_on_one",
            Self::Meeting => "meeting",
            Self::PetitionDrive => "petition_drive",
            Self::CardSigning => "card_signing",
            Self::InformationSession => "information_session",
            Self::Other => "other",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |kind| kind.as_str())
    }
}

/// What came of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaltingOutcome {
    /// It went well.
    Positive,
    /// Neither well nor ill.
    Neutral,
    /// It went ill.
    Negative,
    /// Nobody was met.
    NoContact,
}

impl SaltingOutcome {
    /// Every outcome, in the order in which halls know them.
    pub const ALL: [Self; 4] = [
        Self::Positive,
        Self::Neutral,
        Self::Negative,
        Self::NoContact,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
            Self::NoContact => "no_contact",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |outcome| outcome.as_str())
    }
}

/// How many workers were reached: never more cards than workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    contacted: Headcount,
    signed: Headcount,
}

impl Reach {
    /// So many workers contacted, so many of whom signed a card.
    ///
    /// # Errors
    /// `more_than_contacted` of `cards_signed`.
    pub fn new(contacted: Headcount, signed: Headcount) -> Result<Self, FieldError> {
        if signed > contacted {
            let detail = "must not be more than the workers contacted";
            return Err(Invalid::new("more_than_contacted", detail).at("cards_signed"));
        }
        Ok(Self { contacted, signed })
    }

    /// The workers contacted.
    pub const fn contacted(self) -> Headcount {
        self.contacted
    }

    /// The cards signed.
    pub const fn signed(self) -> Headcount {
        self.signed
    }
}

/// What is reported of an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaltingReport {
    /// The member who organized.
    pub member: MemberId,
    /// The employer whose workers it was about; that it is one is for the use case to see.
    pub organization: OrganizationId,
    /// The campaign of that employer that it belongs to, if to any.
    pub campaign: Option<CampaignId>,
    /// What kind of activity it was.
    pub activity_type: SaltingActivityType,
    /// The day of it.
    pub activity_date: Date,
    /// What came of it; `None` while that is not known.
    pub outcome: Option<SaltingOutcome>,
    /// Where it was.
    pub location: Option<Line<255>>,
    /// How many workers were reached.
    pub reach: Reach,
    /// What happened.
    pub description: Option<Prose<10_000>>,
    /// Free notes.
    pub notes: Option<Prose<10_000>>,
}

/// A partial change of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SaltingReportChange {
    /// The member who organized.
    pub member: Change<MemberId>,
    /// The employer.
    pub organization: Change<OrganizationId>,
    /// The campaign.
    pub campaign: Change<Option<CampaignId>>,
    /// What kind of activity it was.
    pub activity_type: Change<SaltingActivityType>,
    /// The day of it.
    pub activity_date: Change<Date>,
    /// What came of it.
    pub outcome: Change<Option<SaltingOutcome>>,
    /// Where it was.
    pub location: Change<Option<Line<255>>>,
    /// Workers contacted.
    pub workers_contacted: Change<Headcount>,
    /// Cards signed.
    pub cards_signed: Change<Headcount>,
    /// What happened.
    pub description: Change<Option<Prose<10_000>>>,
    /// Free notes.
    pub notes: Change<Option<Prose<10_000>>>,
}

impl SaltingReport {
    /// The report after a change.
    ///
    /// # Errors
    /// As for [`Reach::new`].
    pub fn changed(mut self, change: SaltingReportChange) -> Result<Self, FieldError> {
        let SaltingReportChange {
            member,
            organization,
            campaign,
            activity_type,
            activity_date,
            outcome,
            location,
            workers_contacted,
            cards_signed,
            description,
            notes,
        } = change;
        let (mut contacted, mut signed) = (self.reach.contacted, self.reach.signed);
        workers_contacted.apply(&mut contacted);
        cards_signed.apply(&mut signed);
        self.reach = Reach::new(contacted, signed)?;
        member.apply(&mut self.member);
        organization.apply(&mut self.organization);
        campaign.apply(&mut self.campaign);
        activity_type.apply(&mut self.activity_type);
        activity_date.apply(&mut self.activity_date);
        outcome.apply(&mut self.outcome);
        location.apply(&mut self.location);
        description.apply(&mut self.description);
        notes.apply(&mut self.notes);
        Ok(self)
    }

    /// Checks the day against the tenant's `today`.
    ///
    /// # Errors
    /// `in_the_future` or `too_long_ago` of `activity_date`.
    pub fn check_date(&self, today: Date) -> Result<(), FieldError> {
        let wrong = |code, detail: &str| Err(Invalid::new(code, detail).at("activity_date"));
        if self.activity_date > today {
            wrong("in_the_future", "must not be in the future")
        } else if self.activity_date < EARLIEST {
            wrong("too_long_ago", "must not be before the year 1900")
        } else {
            Ok(())
        }
    }

    /// The report as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let Self {
            member,
            organization,
            campaign,
            activity_type,
            activity_date,
            outcome,
            location,
            reach,
            description,
            notes,
        } = self;
        vec![
            ("member_id", Some(member.to_string())),
            ("organization_id", Some(organization.to_string())),
            ("campaign_id", campaign.map(|id| id.to_string())),
            ("activity_type", Some(activity_type.as_str().to_owned())),
            ("activity_date", Some(activity_date.to_string())),
            ("outcome", outcome.map(|found| found.as_str().to_owned())),
            ("location", location.as_ref().map(ToString::to_string)),
            ("workers_contacted", Some(reach.contacted.to_string())),
            ("cards_signed", Some(reach.signed.to_string())),
            ("description", description.as_ref().map(ToString::to_string)),
            ("notes", notes.as_ref().map(ToString::to_string)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn count(number: u32) -> Headcount {
        Headcount::new(number.into()).unwrap()
    }

    fn report(day: Date) -> SaltingReport {
        SaltingReport {
            member: Id::new(Uuid::from_u128(1)),
            organization: Id::new(Uuid::from_u128(2)),
            campaign: None,
            activity_type: SaltingActivityType::SiteVisit,
            activity_date: day,
            outcome: None,
            location: None,
            reach: Reach::new(count(7), count(3)).unwrap(),
            description: None,
            notes: None,
        }
    }

    #[test]
    fn every_type_and_outcome_reads_what_it_prints() {
        for kind in SaltingActivityType::ALL {
            assert_eq!(SaltingActivityType::parse(kind.as_str()), Ok(kind));
        }
        for outcome in SaltingOutcome::ALL {
            assert_eq!(SaltingOutcome::parse(outcome.as_str()), Ok(outcome));
        }
        // What is not known has no name of its own.
        assert!(SaltingOutcome::parse("pending").is_err());
    }

    #[test]
    fn a_day_lies_in_living_memory_and_not_in_the_future() {
        let today = date(2026, 11, 21);
        let code = |day| report(day).check_date(today).err();
        let code = |day| code(day).map(|error| error.invalid.code);
        assert_eq!(code(today), None);
        assert_eq!(code(EARLIEST), None);
        assert_eq!(code(date(2026, 11, 22)), Some("in_the_future"));
        assert_eq!(code(date(1899, 12, 31)), Some("too_long_ago"));
    }

    #[test]
    fn counts_are_changed_together_or_one_by_one_and_checked_against_each_other() {
        let before = report(date(2026, 11, 21));
        let change = |contacted: Option<u32>, signed: Option<u32>| {
            let set = |number: Option<u32>| {
                number.map_or(Change::Keep, |number| Change::Set(count(number)))
            };
            before.clone().changed(SaltingReportChange {
                workers_contacted: set(contacted),
                cards_signed: set(signed),
                ..SaltingReportChange::default()
            })
        };
        let reach = |contacted, signed| change(contacted, signed).unwrap().reach;
        assert_eq!(reach(None, None), before.reach);
        assert_eq!(reach(Some(3), None).contacted(), count(3));
        assert_eq!(reach(Some(20), Some(20)).signed(), count(20));
        for (contacted, signed) in [(Some(2), None), (None, Some(8)), (Some(0), Some(1))] {
            let error = change(contacted, signed).unwrap_err();
            let said = (error.field.as_ref(), error.invalid.code);
            assert_eq!(said, ("cards_signed", "more_than_contacted"));
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_changes_leads_to_more_cards_than_workers(
            steps in proptest::collection::vec((proptest::option::of(0u32..50), proptest::option::of(0u32..50)), 0..20)
        ) {
            let mut report = report(date(2026, 11, 21));
            for (contacted, signed) in steps {
                let set = |number: Option<u32>| number.map_or(Change::Keep, |number| Change::Set(count(number)));
                let change = SaltingReportChange {
                    workers_contacted: set(contacted),
                    cards_signed: set(signed),
                    ..SaltingReportChange::default()
                };
                if let Ok(next) = report.clone().changed(change) {
                    report = next;
                }
                prop_assert!(report.reach.signed() <= report.reach.contacted());
            }
        }
    }
}
