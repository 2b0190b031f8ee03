//! The benevolence fund in storage: applications, what hangs on them, the money, and who decides by which rules.

use jiff::civil::Date;
use unionhall_domain::{
    benevolence::{
        Answer, BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, Count, Fund,
        FundEntry, PaidOut, Payment, PaymentId, PaymentMethod, Reason, Relation, RelationId,
        Review, RuleBook, RulesVersion, Seat, SeatId, Status, Turn, Unmasking, YearAwards,
    },
    members::MemberId,
    users::UserId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which applications are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BenevolenceFilter {
    /// With this status.
    pub status: Option<Status>,
    /// For this reason.
    pub reason: Option<Reason>,
    /// Of this member.
    pub member: Option<MemberId>,
    /// The member who looks, if one does: of the drafts that members wrote for themselves they see their own alone.
    pub viewer: Option<MemberId>,
    /// Made on or after this day.
    pub from: Option<Date>,
    /// Made on or before this day.
    pub until: Option<Date>,
    /// Whose number or description holds these words, case aside; never whose member's name does, because a reviewer
    /// who may not see names must not find by them.
    pub search: Option<String>,
}

/// What a list of applications can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BenevolenceSort {
    /// Number: year, then place.
    #[default]
    Number,
    /// How much is asked.
    Amount,
    /// Since when it stands where it stands.
    Since,
}

/// How the entries of the fund are sorted: by day alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EntrySort {
    /// By day, then by time of entry.
    #[default]
    Day,
}

/// Which payments of the fund are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PaymentFilter {
    /// Made on or after this day.
    pub from: Option<Date>,
    /// Made on or before this day.
    pub until: Option<Date>,
    /// Made this way.
    pub method: Option<PaymentMethod>,
    /// Taken back, or not.
    pub reversed: Option<bool>,
}

/// How the payments of the fund are sorted: by day alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaymentSort {
    /// By the day they were made, then by time of entry.
    #[default]
    Day,
}

/// How the seats are sorted: from the lowest level up alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeatSort {
    /// By level, then by first day.
    #[default]
    Level,
}

/// How the relations are sorted: by when they were declared alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RelationSort {
    /// By when they were declared.
    #[default]
    Declared,
}

/// How what waits is sorted: by since when alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueueSort {
    /// By since when it waits, then by number.
    #[default]
    Since,
}

/// For whom what waits is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queue {
    /// For whomever: everybody's questions, and nobody's drafts, because what nobody has handed in waits for its applicant
    /// alone.
    Everybody,
    /// For one person.
    Of(Waiter),
}

/// Somebody for whom applications wait: for answers about their own, and for whatever else about those of others, except
/// reviews that they may not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiter {
    /// The user, if they are one.
    pub user: Option<UserId>,
    /// The member that they are.
    pub member: Option<MemberId>,
    /// The members that they are related to.
    pub relatives: Vec<MemberId>,
}

/// Which relations are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RelationFilter {
    /// Of this member.
    pub member: Option<MemberId>,
    /// To this user, by this account or by another one of the same member.
    pub user: Option<UserId>,
}

/// The applications of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait BenevolenceRepository {
    /// The next number of `year`. Numbers have no gaps: two transactions never get the same one, and
    /// one that is not kept gives its number back.
    ///
    /// # Errors
    /// [`StorageError`].
    fn next_number(&mut self, year: i16) -> Result<BenevolenceNumber, StorageError>;

    /// The application with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        id: BenevolenceApplicationId,
    ) -> Result<Option<BenevolenceApplication>, StorageError>;

    /// The application with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(
        &mut self,
        id: BenevolenceApplicationId,
    ) -> Result<Option<BenevolenceApplication>, StorageError>;

    /// The application with this number, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_by_number(
        &mut self,
        number: BenevolenceNumber,
    ) -> Result<Option<BenevolenceApplication>, StorageError>;

    /// The applications that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &BenevolenceFilter,
        page: &PageRequest<BenevolenceSort>,
    ) -> Result<Page<BenevolenceApplication>, StorageError>;

    /// The applications that wait for one of these turns, in a total order; in the queue of one person, what waits for an
    /// applicant is their own, and everything else somebody else's: no review of a relative's application, and none at a
    /// level beside one at which they have reviewed.
    ///
    /// # Errors
    /// [`StorageError`].
    fn waiting(
        &mut self,
        turns: &[Turn],
        queue: &Queue,
        page: &PageRequest<QueueSort>,
    ) -> Result<Page<BenevolenceApplication>, StorageError>;

    /// What is counted of the applications of these years, both included: one row for each year, reason and status
    /// that any has; deleted ones are left out.
    ///
    /// # Errors
    /// [`StorageError`].
    fn counts(&mut self, from: i16, until: i16) -> Result<Vec<Count>, StorageError>;

    /// Whether an application of this member is a draft, waits for somebody, or is not paid in full.
    ///
    /// # Errors
    /// [`StorageError`].
    fn is_open_of(&mut self, member: MemberId) -> Result<bool, StorageError>;

    /// Adds an application.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `benevolence_applications_member_fkey` when the member is not of this tenant.
    fn insert(&mut self, application: &BenevolenceApplication) -> Result<(), StorageError>;

    /// Writes an application whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, application: &BenevolenceApplication) -> Result<(), StorageError>;
}

/// What hangs on applications: reviews, answers, payments, unmaskings. Nothing of it is ever deleted.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait BenevolenceFile {
    /// The reviews of these applications, earliest first; each with the member that its reviewer was.
    ///
    /// # Errors
    /// [`StorageError`].
    fn reviews(
        &mut self,
        applications: &[BenevolenceApplicationId],
    ) -> Result<Vec<Review>, StorageError>;

    /// Adds a review.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `benevolence_reviews_level_key` when the level has decided, and with
    /// `benevolence_reviews_reviewer_key` when the reviewer has, at another level.
    fn insert_review(&mut self, review: &Review) -> Result<(), StorageError>;

    /// The answers of an application, earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn answers(
        &mut self,
        application: BenevolenceApplicationId,
    ) -> Result<Vec<Answer>, StorageError>;

    /// Adds an answer.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_answer(&mut self, answer: &Answer) -> Result<(), StorageError>;

    /// The payments of an application, earliest first, those that were taken back too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn payments(
        &mut self,
        application: BenevolenceApplicationId,
    ) -> Result<Vec<Payment>, StorageError>;

    /// Adds a payment.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `benevolence_payments_reference_key` when one of the same application, method and
    /// reference is there that was not taken back.
    fn insert_payment(&mut self, payment: &Payment) -> Result<(), StorageError>;

    /// Writes that a payment was taken back.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it was already, or there is none with this id.
    fn reverse_payment(&mut self, payment: &Payment) -> Result<(), StorageError>;

    /// The payment with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_payment(&mut self, id: PaymentId) -> Result<Option<Payment>, StorageError>;

    /// The unmaskings of these applications, earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn unmaskings(
        &mut self,
        applications: &[BenevolenceApplicationId],
    ) -> Result<Vec<Unmasking>, StorageError>;

    /// Adds an unmasking.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_unmasking(&mut self, unmasking: &Unmasking) -> Result<(), StorageError>;
}

/// The money of one tenant's fund.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait BenevolenceFund {
    /// The sums of the fund; empty before the first entry.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self) -> Result<Fund, StorageError>;

    /// The sums of the fund, kept from others who hold it until the transaction ends: of two who grant the last dollar,
    /// the second sees what the first has left.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self) -> Result<Fund, StorageError>;

    /// Writes the sums of the fund that is held.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `benevolence_funds_check` when more would be granted than is there, or more
    /// paid than granted.
    fn keep(&mut self, fund: &Fund) -> Result<(), StorageError>;

    /// What a member was granted in the calendar year `year`, counted by the day of the decision; what holds the fund sees
    /// everything that others have granted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn awarded(
        &mut self,
        member: MemberId,
        reason: Reason,
        year: i16,
    ) -> Result<YearAwards, StorageError>;

    /// Adds an entry.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_entry(&mut self, entry: &FundEntry) -> Result<(), StorageError>;

    /// The entries of the fund, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn entries(&mut self, page: &PageRequest<EntrySort>) -> Result<Page<FundEntry>, StorageError>;

    /// The payments out of the fund that match, whatever they were granted to, those that were taken back too, in a total
    /// order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn payments(
        &mut self,
        filter: &PaymentFilter,
        page: &PageRequest<PaymentSort>,
    ) -> Result<Page<PaidOut>, StorageError>;
}

/// Who decides in one tenant, and by which rules.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait BenevolenceBench {
    /// Every version of the rules.
    ///
    /// # Errors
    /// [`StorageError`].
    fn rules(&mut self) -> Result<RuleBook, StorageError>;

    /// Writes a version of the rules; one that begins on the same day is replaced.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_rules(&mut self, version: &RulesVersion) -> Result<(), StorageError>;

    /// The seats that count on `day` or later, by level, each with the member that its holder is.
    ///
    /// # Errors
    /// [`StorageError`].
    fn seats(&mut self, day: Date) -> Result<Vec<Seat>, StorageError>;

    /// The seats that count on `day` or later, in a total order, each with the member that its holder is.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list_seats(
        &mut self,
        day: Date,
        page: &PageRequest<SeatSort>,
    ) -> Result<Page<Seat>, StorageError>;

    /// The seat with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_seat(&mut self, id: SeatId) -> Result<Option<Seat>, StorageError>;

    /// Adds a seat.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `benevolence_seats_user_fkey` when the user has no place in this tenant, and
    /// with `benevolence_seats_overlap` when the user has the same seat at the same time.
    fn insert_seat(&mut self, seat: &Seat) -> Result<(), StorageError>;

    /// Writes the end of a seat.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `benevolence_seats_overlap` when the user has the same seat at the same time, and
    /// [`StorageError::Stale`] when there is none with this id.
    fn end_seat(&mut self, seat: &Seat) -> Result<(), StorageError>;

    /// The relations that match and have not ended, earliest first, each with the member that its reviewer is.
    ///
    /// # Errors
    /// [`StorageError`].
    fn relations(&mut self, filter: &RelationFilter) -> Result<Vec<Relation>, StorageError>;

    /// The relations that match and have not ended, in a total order, each with the member that its reviewer is.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list_relations(
        &mut self,
        filter: &RelationFilter,
        page: &PageRequest<RelationSort>,
    ) -> Result<Page<Relation>, StorageError>;

    /// The relation with this id, with the member that its reviewer is.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_relation(&mut self, id: RelationId) -> Result<Option<Relation>, StorageError>;

    /// Adds a relation.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `benevolence_relations_member_fkey` or `benevolence_relations_user_fkey` when a
    /// party is not of this tenant, and with `benevolence_relations_key` when it is declared already.
    fn insert_relation(&mut self, relation: &Relation) -> Result<(), StorageError>;

    /// Writes the end of a relation.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it has ended already, or there is none with this id.
    fn end_relation(&mut self, relation: &Relation) -> Result<(), StorageError>;
}
