//! Ruling: the rules and the day they hold from, who sits at which level, and who is related to whom.

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    benevolence::{
        Kinship, Level, Relation, RelationId, Reviewer, RuleBook, Rules, RulesVersion, Seat, SeatId,
    },
    ids::Id,
    members::MemberId,
    roles::HeldRole,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{RelationFilter, RelationSort, SeatSort},
    identity::Colleague,
    pages::{Page, PageRequest},
    unit_of_work::Repositories,
};

use super::{Benevolence, BenevolenceError, reviewer, taken};
use crate::{
    call::Call,
    core::{Change, Recorded},
    error::CallError,
    permissions::Permission,
};

/// A seat to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatReviewer {
    /// The level.
    pub level: Level,
    /// Who is to sit there: a user who may review.
    pub user: UserId,
    /// The first day; today in the tenant's time zone when nothing is said.
    pub from: Option<Date>,
    /// The first day on which it counts no more, if that is known.
    pub until: Option<Date>,
}

/// A relation to be declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclareRelation {
    /// The member.
    pub member: MemberId,
    /// The user who may review.
    pub user: UserId,
    /// How they are related.
    pub kinship: Kinship,
}

impl Benevolence {
    /// Every version of the rules.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn rules(&self, call: &Call) -> Result<RuleBook, BenevolenceError> {
        call.actor.require(Permission::BenevolenceRead)?;
        self.core
            .read(call, |tx| Ok(tx.benevolence_bench().rules()?))
    }

    /// Sets the rules from a day on: today, if today has no version of its own, or later.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn set_rules(
        &self,
        call: &Call,
        from: Date,
        rules: Rules,
    ) -> Result<RuleBook, BenevolenceError> {
        call.actor.require(Permission::BenevolenceManage)?;
        self.core.change(call, |change| {
            // Of two who set rules at once the second sees what the first has set.
            change.tx.benevolence_fund().hold()?;
            let book = change.tx.benevolence_bench().rules()?;
            let version = RulesVersion {
                effective_from: from,
                rules,
                set_by: call.actor.user_id(),
                set_at: change.now,
            };
            let before = book.in_force(from).fields();
            let after = book
                .with(version.clone(), change.today())
                .map_err(|error| BenevolenceError::Invalid(vec![error.at("effective_from")]))?;
            change.tx.benevolence_bench().put_rules(&version)?;
            let fields = differences(before, version.rules.fields());
            let details = vec![("effective_from", from.to_string())];
            let tenant = call.actor.tenant_id().uuid();
            let (action, target) = (AuditAction::Updated, Target::BenevolenceFund);
            change.record(action, target, tenant, fields, details);
            Ok(after)
        })
    }

    /// The seats that count today or later.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn seats(
        &self,
        call: &Call,
        page: &PageRequest<SeatSort>,
    ) -> Result<Page<Seat>, BenevolenceError> {
        call.actor.require(Permission::BenevolenceRead)?;
        let today = call.actor.today(self.core.clock.now());
        self.core.read(call, |tx| {
            Ok(tx.benevolence_bench().list_seats(today, page)?)
        })
    }

    /// Gives somebody a seat: a user of this tenant who may review.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn seat(&self, call: &Call, command: SeatReviewer) -> Result<Seat, BenevolenceError> {
        call.actor.require(Permission::BenevolenceManage)?;
        self.core.change(call, |change| {
            may_review(change, command.user)?;
            let from = command.from.unwrap_or_else(|| change.today());
            if command.until.is_some_and(|until| until <= from) {
                let detail = "must be after the first day";
                return Err(BenevolenceError::field("until", "not_after_start", detail));
            }
            let seat = Seat {
                id: Id::new(change.new_id()),
                level: command.level,
                holder: Reviewer {
                    user: command.user,
                    member: None,
                },
                from,
                until: command.until,
            };
            let added = change.tx.benevolence_bench().insert_seat(&seat);
            added.map_err(|error| taken(error, "benevolence_seats_overlap"))?;
            let fields = created(seat.fields());
            let (action, target) = (AuditAction::Created, Target::BenevolenceSeat);
            change.record(action, target, seat.id.uuid(), fields, Vec::new());
            Ok(seat)
        })
    }

    /// Ends a seat: from `until` on, today or later, it counts no more. One that has not begun is called off with its own
    /// first day; one that is over stays over, and somebody is seated anew.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn unseat(&self, call: &Call, id: SeatId, until: Date) -> Result<Seat, BenevolenceError> {
        call.actor.require(Permission::BenevolenceManage)?;
        self.core.change(call, |change| {
            let found = change.tx.benevolence_bench().find_seat(id)?;
            let before = found.ok_or(BenevolenceError::NotFound)?;
            call.expects_none()?;
            still_held(&before, until, change.today())?;
            let after = Seat {
                until: Some(until),
                ..before.clone()
            };
            let ended = change.tx.benevolence_bench().end_seat(&after);
            ended.map_err(|error| taken(error, "benevolence_seats_overlap"))?;
            let fields = differences(before.fields(), after.fields());
            let (action, target) = (AuditAction::Updated, Target::BenevolenceSeat);
            change.record(action, target, id.uuid(), fields, Vec::new());
            Ok(after)
        })
    }

    /// The declared relations that match and have not ended. Who may not manage the fund sees those of the member they
    /// are, and else those to themselves as a reviewer.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn relations(
        &self,
        call: &Call,
        filter: RelationFilter,
        page: &PageRequest<RelationSort>,
    ) -> Result<Recorded<Page<Relation>>, BenevolenceError> {
        let found = match narrowed(call, filter)? {
            None => Page {
                items: Vec::new(),
                next: None,
                total: page.with_total.then_some(0),
            },
            Some(filter) => self.core.snapshot(call, |tx| {
                let bench = tx.benevolence_bench();
                Ok::<_, BenevolenceError>(bench.list_relations(&filter, page)?)
            })?,
        };
        let details = vec![("count", found.items.len().to_string())];
        Ok(self
            .core
            .recorded_list(call, Target::BenevolenceRelation, details, found)?)
    }

    /// Declares that a member and a reviewer are related: the office for anybody, members for themselves, reviewers for
    /// themselves. From then on the reviewer decides on nothing of this member.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn relate(
        &self,
        call: &Call,
        command: DeclareRelation,
    ) -> Result<Relation, BenevolenceError> {
        may_declare(call, &command)?;
        self.core.change(call, |change| {
            if change.tx.members().hold(command.member)?.is_none() {
                let detail = "is no member of this tenant";
                return Err(BenevolenceError::field(
                    "member_id",
                    "unknown_member",
                    detail,
                ));
            }
            if change.tx.identity().find_colleague(command.user)?.is_none() {
                let detail = "is no user of this tenant";
                return Err(BenevolenceError::field("user_id", "unknown_user", detail));
            }
            let relation = Relation {
                id: Id::new(change.new_id()),
                member: command.member,
                reviewer: Reviewer {
                    user: command.user,
                    member: None,
                },
                kinship: command.kinship,
                declared_by: call.actor.user_id(),
                declared_at: change.now,
                ended_at: None,
            };
            let added = change.tx.benevolence_bench().insert_relation(&relation);
            added.map_err(|error| taken(error, "benevolence_relations_key"))?;
            let fields = created(relation.fields());
            let (action, target) = (AuditAction::Created, Target::BenevolenceRelation);
            change.record(action, target, relation.id.uuid(), fields, Vec::new());
            Ok(relation)
        })
    }

    /// Ends a relation that was declared; neither of the two does it.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn end_relation(&self, call: &Call, id: RelationId) -> Result<Relation, BenevolenceError> {
        call.actor.require(Permission::BenevolenceManage)?;
        self.core.change(call, |change| {
            let found = change.tx.benevolence_bench().find_relation(id)?;
            let before = found
                .filter(|relation| relation.ended_at.is_none())
                .ok_or(BenevolenceError::NotFound)?;
            call.expects_none()?;
            let who = reviewer(&call.actor);
            let related = who.is_some_and(|who| who.is_same_person(before.reviewer));
            if related || call.actor.member() == Some(before.member) {
                return Err(BenevolenceError::Own);
            }
            let after = Relation {
                ended_at: Some(change.now),
                ..before.clone()
            };
            change.tx.benevolence_bench().end_relation(&after)?;
            let fields = differences(before.fields(), after.fields());
            let (action, target) = (AuditAction::Updated, Target::BenevolenceRelation);
            change.record(action, target, id.uuid(), fields, Vec::new());
            Ok(after)
        })
    }
}

/// Goes on if a seat is not over, and may end on this day.
fn still_held(seat: &Seat, until: Date, today: Date) -> Result<(), BenevolenceError> {
    if seat.until.is_some_and(|end| end <= today) {
        let detail = "the seat is over; give it anew";
        return Err(BenevolenceError::field("until", "already_ended", detail));
    }
    if until < today {
        let detail = "must not be before today: what was reviewed by then stays";
        return Err(BenevolenceError::field("until", "in_the_past", detail));
    }
    if until < seat.from {
        let detail = "must not be before the first day";
        return Err(BenevolenceError::field("until", "not_after_start", detail));
    }
    Ok(())
}

/// Narrows a filter to the relations that the caller may see; nothing when that leaves none.
fn narrowed(call: &Call, filter: RelationFilter) -> Result<Option<RelationFilter>, CallError> {
    let actor = &call.actor;
    if actor.may(Permission::BenevolenceManage) {
        return Ok(Some(filter));
    }
    if actor.may(Permission::BenevolenceReview) {
        let own = actor.user_id();
        let fits = own.is_some() && filter.user.is_none_or(|user| Some(user) == own);
        return Ok(fits.then_some(RelationFilter {
            user: own,
            ..filter
        }));
    }
    if !actor.may(Permission::BenevolenceFileOwn) {
        return Err(CallError::Forbidden(Permission::BenevolenceManage));
    }
    let own = actor.member();
    let fits = own.is_some() && filter.member.is_none_or(|member| Some(member) == own);
    Ok(fits.then_some(RelationFilter {
        member: own,
        ..filter
    }))
}

/// Goes on if the caller may declare this relation.
fn may_declare(call: &Call, command: &DeclareRelation) -> Result<(), CallError> {
    let actor = &call.actor;
    let of_the_member =
        actor.may(Permission::BenevolenceFileOwn) && actor.member() == Some(command.member);
    let of_the_reviewer =
        actor.may(Permission::BenevolenceReview) && actor.user_id() == Some(command.user);
    if of_the_member || of_the_reviewer {
        return Ok(());
    }
    actor.require(Permission::BenevolenceFile)
}

/// Goes on if the user is of this tenant and may review.
fn may_review(change: &mut Change<'_>, user: UserId) -> Result<(), BenevolenceError> {
    let now = change.now;
    match reviews(change.tx, user, now)? {
        Some(true) => Ok(()),
        Some(false) => {
            let detail = "is a user who may not review";
            Err(BenevolenceError::field("user_id", "not_a_reviewer", detail))
        }
        None => {
            let detail = "is no user of this tenant";
            Err(BenevolenceError::field("user_id", "unknown_user", detail))
        }
    }
}

/// Whether the roles that a user holds at an instant let them review; nothing of somebody who is no user of this tenant.
pub(super) fn reviews(
    tx: &mut dyn Repositories,
    user: UserId,
    at: Timestamp,
) -> Result<Option<bool>, BenevolenceError> {
    let colleague = tx.identity().find_colleague(user)?;
    Ok(colleague.map(|colleague| is_reviewer(&colleague, at)))
}

/// Whether the roles that a colleague holds at an instant let them review.
pub(super) fn is_reviewer(colleague: &Colleague, at: Timestamp) -> bool {
    let held = colleague.roles.iter();
    let held = held.filter(|held: &&HeldRole| held.counts(at));
    let roles: Vec<_> = held.map(|held| held.role).collect();
    Permission::BenevolenceReview.held_by(&roles)
}
