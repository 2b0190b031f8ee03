//! The columns of a list of jobs: what halls call them, and what they mean here.

use crate::imports::{
    columns,
    places::{ID_SYNONYMS, NAME_SYNONYMS},
};

/// A field of a job that a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    MemberNumber,
    OrganizationId,
    OrganizationName,
    StartDate,
    EndDate,
    JobTitle,
    HourlyRate,
}

impl columns::Field for Field {
    const ALL: &'static [Self] = &[
        Self::Id,
        Self::MemberNumber,
        Self::OrganizationId,
        Self::OrganizationName,
        Self::StartDate,
        Self::EndDate,
        Self::JobTitle,
        Self::HourlyRate,
    ];

    const REQUIRED: &'static [Self] = &[Self::MemberNumber, Self::StartDate];

    fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::MemberNumber => "member_number",
            Self::OrganizationId => "organization_id",
            Self::OrganizationName => "organization_name",
            Self::StartDate => "start_date",
            Self::EndDate => "end_date",
            Self::JobTitle => "job_title",
            Self::HourlyRate => "hourly_rate",
        }
    }

    fn synonyms(self) -> &'static str {
        match self {
            Self::Id => "employmentid jobid",
            Self::MemberNumber => {
                "member memberno membernum memberidnumber number no cardnumber cardno card ibewnumber \
                 ibewno ibewcardnumber unionnumber unioncardnumber ledgernumber"
            }
            Self::OrganizationId => ID_SYNONYMS,
            Self::OrganizationName => NAME_SYNONYMS,
            Self::StartDate => {
                "start started from since hired hiredate datehired begin begindate dispatched \
                 dispatchdate firstday"
            }
            Self::EndDate => {
                "end ended to until termination terminationdate termdate separationdate layoffdate \
                 datelaidoff lastday"
            }
            Self::JobTitle => "title position job occupation classification role",
            Self::HourlyRate => "rate wage hourlywage wagerate payrate pay rateofpay scale hourly",
        }
    }
}
