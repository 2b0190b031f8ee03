//! A row of `benevolence_applications`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    benevolence::{
        Author, Award, BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, Climb,
        Level, Reason, Request, State, Status,
    },
    members::MemberId,
    money::Amount,
    tenants::TenantId,
    text::Prose,
    users::UserId,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::benevolence_applications,
    stored::{StoredRow, day},
};

/// Everything that is stored of an application, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = benevolence_applications)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    year: i16,
    place: i32,
    member_id: Uuid,
    filed_by: Option<Uuid>,
    application_date: jiff_diesel::Date,
    reason: String,
    description: String,
    amount_requested: i64,
    notes: Option<String>,
    status: String,
    review_level: Option<String>,
    last_level: Option<String>,
    question: Option<String>,
    status_reason: Option<String>,
    awarded_amount: Option<i64>,
    awarded_on: Option<jiff_diesel::Date>,
    paid_amount: Option<i64>,
    since: jiff_diesel::Timestamp,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
    by_member: bool,
}

impl Row {
    /// The row of a tenant's application.
    pub(super) fn new(tenant: TenantId, application: &BenevolenceApplication) -> Self {
        let BenevolenceApplication {
            id,
            number,
            member,
            filed_by,
            author,
            application_date,
            request,
            notes,
            state,
            since,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = application;
        let Request {
            reason,
            description,
            amount,
        } = request;
        let (climb, award) = (state.climb(), state.award());
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            year: number.year(),
            place: number.place(),
            member_id: member.uuid(),
            filed_by: filed_by.map(UserId::uuid),
            application_date: day(*application_date),
            reason: reason.as_str().to_owned(),
            description: description.to_string(),
            amount_requested: amount.minor(),
            notes: notes.as_ref().map(ToString::to_string),
            status: state.status().as_str().to_owned(),
            review_level: climb.map(|climb| climb.level().as_str().to_owned()),
            last_level: climb.map(|climb| climb.last().as_str().to_owned()),
            question: state.question().map(ToString::to_string),
            status_reason: state.reason().map(ToString::to_string),
            awarded_amount: award.map(|award| award.amount().minor()),
            awarded_on: award.map(|award| day(award.on())),
            paid_amount: award.map(|award| award.paid().minor()),
            since: instant(*since),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
            by_member: *author == Author::Applicant,
        }
    }
}

impl TryFrom<Row> for BenevolenceApplication {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("benevolence_applications", row.id);
        let amount = from.value("amount_requested", Amount::from_minor(row.amount_requested))?;
        Ok(Self {
            id: BenevolenceApplicationId::new(row.id),
            number: from.value("place", BenevolenceNumber::new(row.year, row.place))?,
            member: MemberId::new(row.member_id),
            filed_by: row.filed_by.map(UserId::new),
            author: if row.by_member {
                Author::Applicant
            } else {
                Author::Office
            },
            application_date: row.application_date.to_jiff(),
            request: Request {
                reason: from.value("reason", Reason::parse(&row.reason))?,
                description: from.value("description", Prose::parse(&row.description))?,
                amount,
            },
            notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
            state: state(from, amount, &row)?,
            since: row.since.to_jiff(),
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}

fn state(from: StoredRow, asked: Amount, row: &Row) -> Result<State, InconsistentRow> {
    let climb = climb(from, asked, row)?;
    let award = award(from, row)?;
    let question = from.optional("question", row.question.as_deref(), Prose::parse)?;
    let reason = from.optional("status_reason", row.status_reason.as_deref(), Prose::parse)?;
    let status = from.value("status", Status::parse(&row.status))?;
    let state = match (status, climb, question, reason, award) {
        (Status::Draft, None, None, None, None) => State::Draft,
        (Status::Submitted, Some(climb), None, None, None) => State::Submitted(climb),
        (Status::UnderReview, Some(climb), None, None, None) => State::UnderReview(climb),
        (Status::NeedsInfo, Some(climb), Some(question), None, None) => {
            State::NeedsInfo(climb, question)
        }
        (Status::Approved | Status::Paid, None, None, None, Some(award)) => State::Awarded(award),
        (Status::Denied, None, None, Some(reason), None) => State::Denied(reason),
        (Status::Withdrawn, None, None, reason, None) => State::Withdrawn(reason),
        _ => return Err(from.inconsistent("status contradicts what belongs to it")),
    };
    if state.status() == status {
        Ok(state)
    } else {
        Err(from.inconsistent("status contradicts what was paid"))
    }
}

fn climb(from: StoredRow, asked: Amount, row: &Row) -> Result<Option<Climb>, InconsistentRow> {
    let level = from.optional("review_level", row.review_level.as_deref(), Level::parse)?;
    let last = from.optional("last_level", row.last_level.as_deref(), Level::parse)?;
    level
        .zip(last)
        .map(|(level, last)| from.value("review_level", Climb::restore(asked, level, last)))
        .transpose()
}

fn award(from: StoredRow, row: &Row) -> Result<Option<Award>, InconsistentRow> {
    let (Some(amount), Some(paid), Some(on)) =
        (row.awarded_amount, row.paid_amount, row.awarded_on)
    else {
        return Ok(None);
    };
    let amount = from.value("awarded_amount", Amount::from_minor(amount))?;
    let paid = from.value("paid_amount", Amount::from_minor(paid))?;
    let award = Award::restore(amount, paid, on.to_jiff());
    from.value("awarded_amount", award).map(Some)
}
