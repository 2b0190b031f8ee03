//! What hangs on applications: reviews, answers, payments, unmaskings.

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use unionhall_domain::{
    benevolence::{
        Answer, AnswerId, BenevolenceApplicationId, Decision, Level, Payment, PaymentId, Review,
        ReviewId, Reviewer, Unmasking, UnmaskingId, Verdict,
    },
    members::MemberId,
    money::Amount,
    tenants::TenantId,
    text::Prose,
    users::UserId,
};
use unionhall_ports::{benevolence::BenevolenceFile, storage::StorageError};
use uuid::Uuid;

use super::payments::{PaymentRow, ReversalColumns};
use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::{
        benevolence_answers, benevolence_payments, benevolence_reviews, benevolence_unmaskings,
    },
    stored::StoredRow,
    unit_of_work::Transaction,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = benevolence_reviews)]
struct ReviewRow {
    id: Uuid,
    tenant_id: Uuid,
    application_id: Uuid,
    level: String,
    reviewer_id: Uuid,
    reviewer_member_id: Option<Uuid>,
    decision: String,
    amount: Option<i64>,
    words: Option<String>,
    comments: Option<String>,
    reviewed_at: jiff_diesel::Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = benevolence_answers)]
struct AnswerRow {
    id: Uuid,
    tenant_id: Uuid,
    application_id: Uuid,
    level: String,
    question: String,
    answer: String,
    answered_by: Option<Uuid>,
    answered_at: jiff_diesel::Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = benevolence_unmaskings)]
struct UnmaskingRow {
    id: Uuid,
    tenant_id: Uuid,
    application_id: Uuid,
    user_id: Uuid,
    reason: String,
    unmasked_at: jiff_diesel::Timestamp,
}

impl BenevolenceFile for Transaction<'_> {
    fn reviews(
        &mut self,
        applications: &[BenevolenceApplicationId],
    ) -> Result<Vec<Review>, StorageError> {
        let (tenant, ids) = (self.tenant()?, uuids(applications));
        let rows: Vec<ReviewRow> = self.query(|connection| {
            benevolence_reviews::table
                .filter(benevolence_reviews::tenant_id.eq(tenant.uuid()))
                .filter(benevolence_reviews::application_id.eq_any(ids))
                .order((benevolence_reviews::reviewed_at, benevolence_reviews::id))
                .select(ReviewRow::as_select())
                .load(connection)
        })?;
        self.all(rows, Review::try_from)
    }

    fn insert_review(&mut self, review: &Review) -> Result<(), StorageError> {
        let row = ReviewRow::new(self.tenant()?, review);
        self.query(|connection| {
            diesel::insert_into(benevolence_reviews::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn answers(
        &mut self,
        application: BenevolenceApplicationId,
    ) -> Result<Vec<Answer>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<AnswerRow> = self.query(|connection| {
            benevolence_answers::table
                .filter(benevolence_answers::tenant_id.eq(tenant.uuid()))
                .filter(benevolence_answers::application_id.eq(application.uuid()))
                .order((benevolence_answers::answered_at, benevolence_answers::id))
                .select(AnswerRow::as_select())
                .load(connection)
        })?;
        self.all(rows, Answer::try_from)
    }

    fn insert_answer(&mut self, answer: &Answer) -> Result<(), StorageError> {
        let row = AnswerRow::new(self.tenant()?, answer);
        self.query(|connection| {
            diesel::insert_into(benevolence_answers::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn payments(
        &mut self,
        application: BenevolenceApplicationId,
    ) -> Result<Vec<Payment>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<PaymentRow> = self.query(|connection| {
            benevolence_payments::table
                .filter(benevolence_payments::tenant_id.eq(tenant.uuid()))
                .filter(benevolence_payments::application_id.eq(application.uuid()))
                .order((benevolence_payments::created_at, benevolence_payments::id))
                .select(PaymentRow::as_select())
                .load(connection)
        })?;
        self.all(rows, Payment::try_from)
    }

    fn insert_payment(&mut self, payment: &Payment) -> Result<(), StorageError> {
        let row = PaymentRow::new(self.tenant()?, payment);
        self.query(|connection| {
            diesel::insert_into(benevolence_payments::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn reverse_payment(&mut self, payment: &Payment) -> Result<(), StorageError> {
        let (tenant, id) = (self.tenant()?, payment.id.uuid());
        let reversal = ReversalColumns::new(payment.reversal.as_ref());
        let written = self.query(|connection| {
            diesel::update(benevolence_payments::table)
                .filter(benevolence_payments::tenant_id.eq(tenant.uuid()))
                .filter(benevolence_payments::id.eq(id))
                .filter(benevolence_payments::reversed_at.is_null())
                .set(&reversal)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn find_payment(&mut self, id: PaymentId) -> Result<Option<Payment>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<PaymentRow> = self.query(|connection| {
            benevolence_payments::table
                .filter(benevolence_payments::tenant_id.eq(tenant.uuid()))
                .filter(benevolence_payments::id.eq(id.uuid()))
                .select(PaymentRow::as_select())
                .first(connection)
                .optional()
        })?;
        row.map(Payment::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn unmaskings(
        &mut self,
        applications: &[BenevolenceApplicationId],
    ) -> Result<Vec<Unmasking>, StorageError> {
        let (tenant, ids) = (self.tenant()?, uuids(applications));
        let rows: Vec<UnmaskingRow> = self.query(|connection| {
            benevolence_unmaskings::table
                .filter(benevolence_unmaskings::tenant_id.eq(tenant.uuid()))
                .filter(benevolence_unmaskings::application_id.eq_any(ids))
                .order((
                    benevolence_unmaskings::unmasked_at,
                    benevolence_unmaskings::id,
                ))
                .select(UnmaskingRow::as_select())
                .load(connection)
        })?;
        self.all(rows, Unmasking::try_from)
    }

    fn insert_unmasking(&mut self, unmasking: &Unmasking) -> Result<(), StorageError> {
        let row = UnmaskingRow::new(self.tenant()?, unmasking);
        self.query(|connection| {
            diesel::insert_into(benevolence_unmaskings::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }
}

fn uuids(applications: &[BenevolenceApplicationId]) -> Vec<Uuid> {
    applications.iter().map(|id| id.uuid()).collect()
}

impl ReviewRow {
    fn new(tenant: TenantId, review: &Review) -> Self {
        let Review {
            id,
            application,
            level,
            reviewer,
            verdict,
            comments,
            reviewed_at,
        } = review;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            application_id: application.uuid(),
            level: level.as_str().to_owned(),
            reviewer_id: reviewer.user.uuid(),
            reviewer_member_id: reviewer.member.map(MemberId::uuid),
            decision: verdict.decision().as_str().to_owned(),
            amount: verdict.amount().map(Amount::minor),
            words: verdict.words().map(ToString::to_string),
            comments: comments.as_ref().map(ToString::to_string),
            reviewed_at: instant(*reviewed_at),
        }
    }
}

impl TryFrom<ReviewRow> for Review {
    type Error = InconsistentRow;

    fn try_from(row: ReviewRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("benevolence_reviews", row.id);
        Ok(Self {
            id: ReviewId::new(row.id),
            application: BenevolenceApplicationId::new(row.application_id),
            level: from.value("level", Level::parse(&row.level))?,
            reviewer: Reviewer {
                user: UserId::new(row.reviewer_id),
                member: row.reviewer_member_id.map(MemberId::new),
            },
            verdict: verdict(from, &row)?,
            comments: from.optional("comments", row.comments.as_deref(), Prose::parse)?,
            reviewed_at: row.reviewed_at.to_jiff(),
        })
    }
}

fn verdict(from: StoredRow, row: &ReviewRow) -> Result<Verdict, InconsistentRow> {
    let decision = from.value("decision", Decision::parse(&row.decision))?;
    let words = from.optional("words", row.words.as_deref(), Prose::parse)?;
    let amount = row
        .amount
        .map(|minor| from.value("amount", Amount::from_minor(minor)))
        .transpose()?;
    match (decision, amount, words) {
        (Decision::Approved, Some(amount), None) => Ok(Verdict::Approve(amount)),
        (Decision::Denied, None, Some(words)) => Ok(Verdict::Deny(words)),
        (Decision::NeedsInfo, None, Some(words)) => Ok(Verdict::Ask(words)),
        (Decision::Deferred, None, Some(words)) => Ok(Verdict::Defer(words)),
        _ => Err(from.inconsistent("decision contradicts amount or words")),
    }
}

impl AnswerRow {
    fn new(tenant: TenantId, answer: &Answer) -> Self {
        let Answer {
            id,
            application,
            level,
            question,
            text,
            by,
            at,
        } = answer;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            application_id: application.uuid(),
            level: level.as_str().to_owned(),
            question: question.to_string(),
            answer: text.to_string(),
            answered_by: by.map(UserId::uuid),
            answered_at: instant(*at),
        }
    }
}

impl TryFrom<AnswerRow> for Answer {
    type Error = InconsistentRow;

    fn try_from(row: AnswerRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("benevolence_answers", row.id);
        Ok(Self {
            id: AnswerId::new(row.id),
            application: BenevolenceApplicationId::new(row.application_id),
            level: from.value("level", Level::parse(&row.level))?,
            question: from.value("question", Prose::parse(&row.question))?,
            text: from.value("answer", Prose::parse(&row.answer))?,
            by: row.answered_by.map(UserId::new),
            at: row.answered_at.to_jiff(),
        })
    }
}

impl UnmaskingRow {
    fn new(tenant: TenantId, unmasking: &Unmasking) -> Self {
        let Unmasking {
            id,
            application,
            user,
            reason,
            at,
        } = unmasking;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            application_id: application.uuid(),
            user_id: user.uuid(),
            reason: reason.to_string(),
            unmasked_at: instant(*at),
        }
    }
}

impl TryFrom<UnmaskingRow> for Unmasking {
    type Error = InconsistentRow;

    fn try_from(row: UnmaskingRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("benevolence_unmaskings", row.id);
        Ok(Self {
            id: UnmaskingId::new(row.id),
            application: BenevolenceApplicationId::new(row.application_id),
            user: UserId::new(row.user_id),
            reason: from.value("reason", Prose::parse(&row.reason))?,
            at: row.unmasked_at.to_jiff(),
        })
    }
}
