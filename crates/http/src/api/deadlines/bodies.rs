//! What can be said of a deadline, and of what happens to a grievance.

use jiff::civil::Date;
use serde::Deserialize;
use unionhall_domain::{
    collective_agreements::{CollectiveAgreementId, DayKind, Days, EventKind},
    deadlines::{Accord, Extension, Grant, Service, Trigger},
    ids::Id,
    invalid::Invalid,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::{DayKindName, DeadlineEventName, ServiceName};
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// More time for a deadline.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ExtendDeadline,
    example = json!({
        "until": "2026-12-11",
        "agreed_on": "2026-11-20",
        "for_union": "A. Rivera",
        "for_employer": "B. Chen",
        "note": "By mail of the same day."
    })
)]
pub(super) struct ExtendBody {
    /// The last day that the sides named, later than the one there is. It is that day, worked or not. Either this or
    /// a number of days.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    until: Input,
    /// How many days more, counted from the day after the deadline.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 730)]
    days: Input,
    /// Which of those days count; all of them when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<DayKindName>)]
    day_kind: Input,
    /// The day on which they agreed, not in the future.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    agreed_on: Input,
    /// Who agreed for the union.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    for_union: Input,
    /// Who agreed for the employer.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    for_employer: Input,
    /// What else was said, and where it is written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    note: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What the sides agreed on when they let a deadline go.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = WaiveDeadline,
    example = json!({"agreed_on": "2026-11-20", "for_union": "A. Rivera", "for_employer": "B. Chen"})
)]
pub(super) struct WaiveBody {
    /// The day on which they agreed, not in the future.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    agreed_on: Input,
    /// Who agreed for the union.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    for_union: Input,
    /// Who agreed for the employer.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    for_employer: Input,
    /// What else was said, and where it is written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    note: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// That what had to be done was done.
#[derive(Deserialize, ToSchema)]
#[schema(as = MeetDeadline, example = json!({"met_on": "2026-11-20"}))]
pub(super) struct MeetBody {
    /// On which day: not in the future, and not after the deadline.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    met_on: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Something that happened.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = RecordDeadlineEvent,
    example = json!({"kind": "answered", "happened_on": "2026-11-20", "service": "mail"})
)]
pub(super) struct HappeningBody {
    /// What: knowledge, meeting_held, answered, panel_received, arbitrator_selected, information_requested,
    /// information_provided or settlement_fulfilled; the others follow from filing and moving the grievance. Where the
    /// grievance came to its step before it had an agreement, advanced and arbitration_demanded as well.
    #[serde(default)]
    #[schema(value_type = DeadlineEventName, required = true)]
    kind: Input,
    /// The day, not in the future, and for what the sides do not before the filing; for service by mail the day of
    /// mailing.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    happened_on: Input,
    /// How it reached the other side; directly when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<ServiceName>)]
    service: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Under which agreement a grievance is.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = SetGrievanceAgreement,
    example = json!({
        "agreement_id": "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b",
        "reason": "It was filed before the agreement was entered."
    })
)]
pub(super) struct AgreementBody {
    /// The agreement: one that can bind the employer, with rules in effect on the day of filing.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    agreement_id: Input,
    /// Why it is set or changed.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl AgreementBody {
    /// The agreement and the reason, or every field that is wrong.
    pub(super) fn command(self) -> Result<(CollectiveAgreementId, Prose<2_000>), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let agreement = reader.required("agreement_id", self.agreement_id, Id::parse);
        let reason = reader.required("reason", self.reason, Prose::parse);
        reader.finish(agreement.zip(reason))
    }
}

impl ExtendBody {
    /// The extension, or every field that is wrong.
    pub(super) fn command(self) -> Result<Extension, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let until = reader.optional("until", self.until, date);
        let days = reader.whole_number("days", self.days, |number| {
            Days::new(u16::try_from(number).unwrap_or(0))
        });
        let kind = reader.optional("day_kind", self.day_kind, DayKind::parse);
        let signed = (self.agreed_on, self.for_union, self.for_employer, self.note);
        let accord = accord(&mut reader, signed);
        let kind = kind.unwrap_or(DayKind::Calendar);
        let grant = match (until, days) {
            (Some(day), None) => Some(Grant::Until(day)),
            (None, Some(days)) => Some(Grant::Days(days, kind)),
            (None, None) | (Some(_), Some(_)) => {
                let detail = "must be given, or else a number of days, and not both";
                reader.wrong("until", Invalid::new("one_of_two", detail));
                None
            }
        };
        let extension = accord
            .zip(grant)
            .map(|(accord, grant)| Extension { accord, grant });
        reader.finish(extension)
    }
}

impl WaiveBody {
    /// The accord, or every field that is wrong.
    pub(super) fn command(self) -> Result<Accord, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let signed = (self.agreed_on, self.for_union, self.for_employer, self.note);
        let accord = accord(&mut reader, signed);
        reader.finish(accord)
    }
}

impl MeetBody {
    /// The day, or what is wrong with it.
    pub(super) fn command(self) -> Result<Date, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let day = reader.required("met_on", self.met_on, date);
        reader.finish(day)
    }
}

impl HappeningBody {
    /// What happened, or every field that is wrong.
    pub(super) fn command(self) -> Result<Trigger, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let kind = reader.required("kind", self.kind, EventKind::parse);
        let date = reader.required("happened_on", self.happened_on, date);
        let service = reader.optional("service", self.service, Service::parse);
        let service = service.unwrap_or(Service::Direct);
        let trigger = kind.zip(date).map(|(kind, date)| Trigger {
            kind,
            date,
            service,
        });
        reader.finish(trigger)
    }
}

fn accord(
    reader: &mut Reader,
    (agreed_on, for_union, for_employer, note): (Input, Input, Input, Input),
) -> Option<Accord> {
    let agreed_on = reader.required("agreed_on", agreed_on, date);
    let for_union = reader.required("for_union", for_union, Line::parse);
    let for_employer = reader.required("for_employer", for_employer, Line::parse);
    let note = reader.optional("note", note, Prose::parse);
    Some(Accord {
        agreed_on: agreed_on?,
        for_union: for_union?,
        for_employer: for_employer?,
        note,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn extend(body: Value) -> Result<Extension, Problem> {
        serde_json::from_value::<ExtendBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn an_extension_is_until_a_day_or_by_some_days_and_never_both() {
        let mut body = json!({"agreed_on": "2026-11-20", "for_union": "A", "for_employer": "B"});
        assert_eq!(told(extend(body.clone())), ["/until one_of_two"]);
        body["days"] = json!(5);
        let five = Days::new(5).unwrap();
        let grant = extend(body.clone()).unwrap().grant;
        assert_eq!(grant, Grant::Days(five, DayKind::Calendar));
        body["until"] = json!("2026-12-11");
        assert_eq!(told(extend(body)), ["/until one_of_two"]);
    }

    #[test]
    fn every_wrong_field_is_told() {
        let body = json!({"until": "x", "days": 0, "day_kind": "x", "why": "x"});
        let wrong = [
            "/why unknown_field",
            "/until not_a_date",
            "/days out_of_range",
            "/day_kind unknown_value",
            "/agreed_on required",
            "/for_union required",
            "/for_employer required",
            "/until one_of_two",
        ];
        assert_eq!(told(extend(body)), wrong);
        let event = serde_json::from_value::<HappeningBody>(json!({"service": "pigeon"}));
        assert_eq!(
            told(event.unwrap().command()),
            [
                "/kind required",
                "/happened_on required",
                "/service unknown_value"
            ]
        );
    }
}
