//! How an obligation is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::cases::Dated;
use unionhall_domain::{
    grievances::GrievanceId,
    money::Amount,
    obligations::{Obligation, ObligationId, Terms},
};
use utoipa::ToSchema;

use super::super::{
    choices::{ObligationActionName, ObligationStatusName, PartyName},
    shown::Shown,
};

/// What a settlement obliges a side to.
#[derive(Serialize, ToSchema)]
#[schema(as = Obligation)]
pub(super) struct ObligationView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<ObligationId>,
    /// The grievance that was settled so.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// What is to be done.
    what: &'a str,
    /// Who owes it.
    #[schema(value_type = PartyName)]
    owed_by: &'static str,
    /// To whom.
    #[schema(required = true)]
    owed_to: Option<&'a str>,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    due_on: Shown<Date>,
    /// The money in it, if there is any.
    #[schema(value_type = Option<String>, required = true, pattern = r"^[0-9]+\.[0-9]{2}$", example = "1250.00")]
    amount: Option<Shown<Amount>>,
    /// Where it stands.
    #[schema(value_type = ObligationStatusName)]
    status: &'static str,
    /// The day it was done, found not to be done, or waived.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    status_on: Option<Shown<Date>>,
    /// How it is known to be done, or why it was not done or waived.
    #[schema(required = true)]
    status_words: Option<&'a str>,
    /// Whether it is to be done and its last day has passed.
    is_overdue: bool,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<ObligationActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl ObligationView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Dated<Obligation>> for ObligationView<'a> {
    fn from(obligation: &'a Dated<Obligation>) -> Self {
        let Dated {
            record: obligation,
            is_overdue,
        } = obligation;
        let Obligation {
            id,
            grievance,
            terms,
            state: _,
            version,
            created_at,
            updated_at,
        } = obligation;
        let Terms {
            what,
            owed_by,
            owed_to,
            due_on,
            amount,
        } = terms;
        let (on, words) = obligation.ending();
        Self {
            id: Shown(*id),
            grievance_id: Shown(*grievance),
            what: what.as_str(),
            owed_by: owed_by.as_str(),
            owed_to: owed_to.as_ref().map(|text| text.as_str()),
            due_on: Shown(*due_on),
            amount: amount.map(Shown),
            status: obligation.status().as_str(),
            status_on: on.map(Shown),
            status_words: words.map(|text| text.as_str()),
            is_overdue: *is_overdue,
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}
