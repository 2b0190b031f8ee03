//! The benevolence fund: members ask for help, reviewers decide up a ladder, the hall pays.

mod applying;
mod errors;
mod funding;
mod letters;
mod paying;
mod queues;
mod reading;
mod reviewing;
mod ruling;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, differences},
    benevolence::{
        Action, BenevolenceApplication, BenevolenceApplicationId, Looking, Move, Naming, Reviewer,
        Seat, Seen, State,
    },
    members::MemberId,
};
use unionhall_ports::{storage::StorageError, unit_of_work::Repositories};

pub use applying::{ApplyForHelp, ChangeApplication};
pub use errors::BenevolenceError;
pub use funding::{EnterMoney, FundStatement};
pub use paying::{Paid, PayAward};
pub(crate) use reading::names_held_back;
pub use reviewing::ReviewApplication;
pub use ruling::{DeclareRelation, SeatReviewer};

use crate::{
    actor::Actor,
    core::{Change, Core},
    error::CallError,
    permissions::Permission,
};

/// The use cases of the benevolence fund.
#[derive(Clone)]
pub struct Benevolence {
    core: Arc<Core>,
}

impl Benevolence {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// What this actor may do with an application now: the moves its status allows and the actor's roles too. Whether
    /// the actor has the seat that is due, and no conflict of interest, shows when they review.
    pub fn allowed_actions(&self, actor: &Actor, state: &State, own: Own) -> Vec<&'static str> {
        let files = match own {
            Own::Yes => {
                actor.may(Permission::BenevolenceFile) || actor.may(Permission::BenevolenceFileOwn)
            }
            Own::No => actor.may(Permission::BenevolenceFile),
        };
        let mut actions = Vec::new();
        if files && *state == State::Draft {
            actions.push("update");
        }
        let deletes = actor.may(Permission::BenevolenceDelete)
            || own == Own::Yes && actor.may(Permission::BenevolenceFileOwn);
        if deletes && *state == State::Draft {
            actions.push("delete");
        }
        let may = |kind: &Move| match kind {
            Move::Submit | Move::Answer | Move::Withdraw => files,
            Move::BeginReview => own == Own::No && actor.may(Permission::BenevolenceFile),
            Move::Approve | Move::Deny | Move::Ask | Move::Defer => {
                own == Own::No && actor.may(Permission::BenevolenceReview)
            }
            Move::Pay | Move::Reverse => own == Own::No && actor.may(Permission::BenevolencePay),
        };
        actions.extend(state.allowed().into_iter().filter(may).map(Move::as_str));
        actions
    }
}

/// Whether an application is the caller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// The caller is the member who applies.
    Yes,
    /// Somebody else is, or the caller may not know.
    No,
}

/// Whose applications an actor may read or write down.
enum Reach {
    Every,
    Own(Option<MemberId>),
}

impl Reach {
    fn covers(&self, member: MemberId) -> bool {
        match self {
            Self::Every => true,
            Self::Own(own) => *own == Some(member),
        }
    }
}

fn readable(actor: &Actor) -> Result<Reach, CallError> {
    reach(
        actor,
        Permission::BenevolenceRead,
        Permission::BenevolenceReadOwn,
    )
}

fn writable(actor: &Actor) -> Result<Reach, CallError> {
    reach(
        actor,
        Permission::BenevolenceFile,
        Permission::BenevolenceFileOwn,
    )
}

fn reach(actor: &Actor, every: Permission, own: Permission) -> Result<Reach, CallError> {
    if actor.may(every) {
        return Ok(Reach::Every);
    }
    if actor.may(own) {
        return Ok(Reach::Own(actor.member()));
    }
    Err(CallError::Forbidden(every))
}

/// The caller as a reviewer; the operator is none.
fn reviewer(actor: &Actor) -> Option<Reviewer> {
    actor.user_id().map(|user| Reviewer {
        user,
        member: actor.member(),
    })
}

fn is_own(actor: &Actor, application: &BenevolenceApplication) -> bool {
    actor.member() == Some(application.member)
}

/// Whether the caller may know of an application, whatever their roles.
fn is_told(actor: &Actor, application: &BenevolenceApplication) -> bool {
    application.is_told_to(actor.member())
}

/// Goes on if the application is somebody else's.
fn not_own(actor: &Actor, application: &BenevolenceApplication) -> Result<(), BenevolenceError> {
    if is_own(actor, application) {
        Err(BenevolenceError::Own)
    } else {
        Ok(())
    }
}

/// What the violation of this constraint means: there is one already.
fn taken(error: StorageError, constraint: &str) -> BenevolenceError {
    match error {
        StorageError::Constraint { name } if name == constraint => BenevolenceError::Duplicate,
        other => other.into(),
    }
}

/// The application that a change is about, in the version that the caller means.
fn present(
    change: &mut Change<'_>,
    id: BenevolenceApplicationId,
) -> Result<BenevolenceApplication, BenevolenceError> {
    let found = change
        .tx
        .benevolence()
        .find(id)?
        .filter(|found| is_told(&change.call.actor, found))
        .ok_or(BenevolenceError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, application: BenevolenceApplication) -> BenevolenceApplication {
    BenevolenceApplication {
        version: application.version.next(),
        updated_at: change.now,
        ..application
    }
}

/// Applies an action, and keeps what comes of it.
fn moved(
    change: &mut Change<'_>,
    before: BenevolenceApplication,
    action: Action,
    details: Vec<(&'static str, String)>,
) -> Result<BenevolenceApplication, BenevolenceError> {
    let kind = action.kind();
    let after = before.clone().moved(action, change.now)?;
    kept(change, kind, &before, after, details)
}

/// Writes an application after a move, puts the move on record and tells the applicant.
fn kept(
    change: &mut Change<'_>,
    kind: Move,
    before: &BenevolenceApplication,
    after: BenevolenceApplication,
    mut details: Vec<(&'static str, String)>,
) -> Result<BenevolenceApplication, BenevolenceError> {
    let after = touched(change, after);
    change.tx.benevolence().update(&after)?;
    let fields = differences(before.fields(), after.fields());
    details.insert(0, ("move", kind.as_str().to_owned()));
    record(change, AuditAction::Moved, &after, fields, details);
    letters::tell(change, kind, &after)?;
    Ok(after)
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    application: &BenevolenceApplication,
    fields: Vec<FieldChange>,
    details: Vec<(&'static str, String)>,
) {
    let id = application.id.uuid();
    change.record(action, Target::BenevolenceApplication, id, fields, details);
}

/// The applications as the actor sees them: the applicant without the office's notes, and who sits on the bench without
/// the name, where the tenant says so, until they have decided.
fn seen(
    tx: &mut dyn Repositories,
    actor: &Actor,
    day: jiff::civil::Date,
    applications: Vec<BenevolenceApplication>,
) -> Result<Vec<Seen>, BenevolenceError> {
    let all_own = applications.iter().all(|one| is_own(actor, one));
    let masked = match reviewer(actor) {
        Some(who) if !all_own => masking(tx, day)?.map(|seats| (who, seats)),
        Some(_) | None => None,
    };
    let Some((who, seats)) = masked else {
        let whole = |one| Seen::Whole(Box::new(without_notes(actor, one)));
        return Ok(applications.into_iter().map(whole).collect());
    };
    let ids: Vec<_> = applications.iter().map(|one| one.id).collect();
    let reviews = tx.benevolence_file().reviews(&ids)?;
    let unmaskings = tx.benevolence_file().unmaskings(&ids)?;
    let look = |one: BenevolenceApplication| {
        let of_one = |id: BenevolenceApplicationId| id == one.id;
        let reviews: Vec<_> = reviews
            .iter()
            .filter(|review| of_one(review.application))
            .cloned()
            .collect();
        let unmaskings: Vec<_> = unmaskings
            .iter()
            .filter(|unmasking| of_one(unmasking.application))
            .cloned()
            .collect();
        let looking = Looking {
            who,
            day,
            naming: Naming::NeedFirst,
            seats: &seats,
            reviews: &reviews,
            unmaskings: &unmaskings,
        };
        looking.look(without_notes(actor, one))
    };
    Ok(applications.into_iter().map(look).collect())
}

/// The same for one application.
fn seen_one(
    tx: &mut dyn Repositories,
    actor: &Actor,
    day: jiff::civil::Date,
    application: BenevolenceApplication,
) -> Result<Seen, BenevolenceError> {
    let mut all = seen(tx, actor, day, vec![application])?;
    all.pop().ok_or(BenevolenceError::NotFound)
}

/// Whether somebody is shown an application with the name on it on that day.
///
/// # Errors
/// [`BenevolenceError`].
pub(crate) fn is_shown_whole(
    tx: &mut dyn Repositories,
    actor: &Actor,
    day: jiff::civil::Date,
    application: BenevolenceApplication,
) -> Result<bool, BenevolenceError> {
    if is_own(actor, &application) {
        return Ok(true);
    }
    // What a member writes for themselves is there for nobody else: no name, and no papers either.
    if !is_told(actor, &application) {
        return Ok(false);
    }
    let seen = seen(tx, actor, day, vec![application])?;
    Ok(matches!(seen.as_slice(), [Seen::Whole(_)]))
}

/// The seats, where the tenant masks names on that day.
fn masking(
    tx: &mut dyn Repositories,
    day: jiff::civil::Date,
) -> Result<Option<Vec<Seat>>, StorageError> {
    match tx.benevolence_bench().rules()?.in_force(day).naming {
        Naming::Shown => Ok(None),
        Naming::NeedFirst => Ok(Some(tx.benevolence_bench().seats(day)?)),
    }
}

fn without_notes(actor: &Actor, application: BenevolenceApplication) -> BenevolenceApplication {
    let notes = if is_own(actor, &application) {
        None
    } else {
        application.notes
    };
    BenevolenceApplication {
        notes,
        ..application
    }
}

#[cfg(test)]
pub(crate) mod tests;
