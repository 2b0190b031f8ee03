//! Applying: a draft is written, changed, handed in, opened by the office, answered for, withdrawn or deleted.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    benevolence::{
        Action, Answer, Author, BenevolenceApplication, BenevolenceApplicationId, Request,
        RequestChange, Seen, State,
    },
    change::Change as FieldChange,
    ids::Id,
    members::MemberId,
    text::Prose,
    version::Version,
};

use super::{
    Benevolence, BenevolenceError, Reach, is_told, moved, not_own, present, record, seen_one,
    touched, writable,
};
use crate::{call::Call, core::Change, error::CallError, permissions::Permission};

/// An application to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyForHelp {
    /// Who needs help.
    pub member: MemberId,
    /// The day of the application; today in the tenant's time zone when nothing is said.
    pub application_date: Option<Date>,
    /// What is asked, and why.
    pub request: Request,
    /// Notes of the office; nobody writes any about themselves.
    pub notes: Option<Prose<10_000>>,
}

/// A partial change of an application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeApplication {
    /// What is asked; only while it is a draft.
    pub request: RequestChange,
    /// Notes of the office; at any time.
    pub notes: FieldChange<Option<Prose<10_000>>>,
}

impl Benevolence {
    /// Writes an application down as a draft, under the year's next number. Who may do it only for themselves does it
    /// for nobody else.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn apply(
        &self,
        call: &Call,
        command: ApplyForHelp,
    ) -> Result<BenevolenceApplication, BenevolenceError> {
        let reach = writable(&call.actor)?;
        let notes = command.notes.is_some();
        if notes && !may_note(&reach) || !reach.covers(command.member) {
            return Err(CallError::Forbidden(Permission::BenevolenceFile).into());
        }
        let author = if call.actor.member() == Some(command.member) {
            Author::Applicant
        } else {
            Author::Office
        };
        if notes && author == Author::Applicant {
            return Err(BenevolenceError::Own);
        }
        self.core.change(call, |change| {
            let today = change.today();
            let application_date = command.application_date.unwrap_or(today);
            let checked = command.request.check(application_date, today);
            checked.map_err(BenevolenceError::Invalid)?;
            let member = change.tx.members().hold(command.member)?;
            if member.is_none() {
                let detail = "is no member of this tenant";
                return Err(BenevolenceError::field(
                    "member_id",
                    "unknown_member",
                    detail,
                ));
            }
            let number = change
                .tx
                .benevolence()
                .next_number(application_date.year())?;
            let application = BenevolenceApplication {
                id: Id::new(change.new_id()),
                number,
                member: command.member,
                filed_by: call.actor.user_id(),
                author,
                application_date,
                request: command.request,
                notes: command.notes,
                state: State::Draft,
                since: change.now,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.benevolence().insert(&application)?;
            let fields = created(application.fields());
            record(
                change,
                AuditAction::Created,
                &application,
                fields,
                Vec::new(),
            );
            Ok(application)
        })
    }

    /// Changes what is asked, while it is a draft, and the notes of the office, which applicants neither see nor write.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn update(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
        wanted: ChangeApplication,
    ) -> Result<Seen, BenevolenceError> {
        let reach = writable(&call.actor)?;
        self.core.change(call, |change| {
            let before = reached(change, &reach, id)?;
            let mut after = before.clone();
            if wanted.notes != FieldChange::Keep {
                if !may_note(&reach) {
                    return Err(CallError::Forbidden(Permission::BenevolenceFile).into());
                }
                not_own(&call.actor, &before)?;
            }
            wanted.notes.apply(&mut after.notes);
            after.request = before.request.clone().changed(wanted.request);
            if after.request != before.request && before.state != State::Draft {
                return Err(BenevolenceError::not_draft(&before.state));
            }
            let checked = after.request.check(before.application_date, change.today());
            checked.map_err(BenevolenceError::Invalid)?;
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                let seen = told(change, before)?;
                change.leave_unchanged_and_told(Target::BenevolenceApplication, id.uuid());
                return Ok(seen);
            }
            let after = touched(change, after);
            change.tx.benevolence().update(&after)?;
            record(change, AuditAction::Updated, &after, fields, Vec::new());
            told(change, after)
        })
    }

    /// Deletes a draft; it can be restored, and its number stays taken. What was handed in is withdrawn instead.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn delete(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<(), BenevolenceError> {
        let reach = super::reach(
            &call.actor,
            Permission::BenevolenceDelete,
            Permission::BenevolenceFileOwn,
        )?;
        self.core.change(call, |change| {
            let before = reached(change, &reach, id)?;
            if before.state != State::Draft {
                return Err(BenevolenceError::not_draft(&before.state));
            }
            let after = BenevolenceApplication {
                deleted_at: Some(change.now),
                ..touched(change, before)
            };
            change.tx.benevolence().update(&after)?;
            record(change, AuditAction::Deleted, &after, Vec::new(), Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted draft back, unless its member is deleted by now.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn restore(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Seen, BenevolenceError> {
        call.actor.require(Permission::BenevolenceDelete)?;
        self.core.change(call, |change| {
            let found = change.tx.benevolence().find_deleted(id)?;
            let before = found
                .filter(|found| is_told(&call.actor, found))
                .ok_or(BenevolenceError::NotFound)?;
            call.expects(before.version)?;
            still_a_member(change, &before)?;
            let after = BenevolenceApplication {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.benevolence().update(&after)?;
            record(
                change,
                AuditAction::Restored,
                &after,
                Vec::new(),
                Vec::new(),
            );
            told(change, after)
        })
    }

    /// Hands a draft in: how far it must climb follows from today's rules and stays.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn submit(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Seen, BenevolenceError> {
        let reach = writable(&call.actor)?;
        self.core.change(call, |change| {
            let before = reached(change, &reach, id)?;
            still_a_member(change, &before)?;
            let today = change.today();
            let rules = change.tx.benevolence_bench().rules()?.in_force(today);
            let action = before
                .handed_in(&rules)
                .map_err(|error| BenevolenceError::Invalid(vec![error.at("amount_requested")]))?;
            let after = moved(change, before, action, Vec::new())?;
            told(change, after)
        })
    }

    /// Opens the review of what was handed in; nobody opens their own.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn begin_review(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Seen, BenevolenceError> {
        call.actor.require(Permission::BenevolenceFile)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            not_own(&call.actor, &before)?;
            let after = moved(change, before, Action::BeginReview, Vec::new())?;
            told(change, after)
        })
    }

    /// Answers the question of the level that is due, which goes on then.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn answer(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
        text: Prose<10_000>,
    ) -> Result<Seen, BenevolenceError> {
        let reach = writable(&call.actor)?;
        self.core.change(call, |change| {
            let before = reached(change, &reach, id)?;
            let asked = before.state.climb().zip(before.state.question().cloned());
            let after = moved(change, before, Action::Answer(text.clone()), Vec::new())?;
            if let Some((climb, question)) = asked {
                let answer = Answer {
                    id: Id::new(change.new_id()),
                    application: id,
                    level: climb.level(),
                    question,
                    text,
                    by: call.actor.user_id(),
                    at: change.now,
                };
                change.tx.benevolence_file().insert_answer(&answer)?;
            }
            told(change, after)
        })
    }

    /// Withdraws what was handed in, before there is a decision. Who does it for the applicant says why.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn withdraw(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
        reason: Option<Prose<2_000>>,
    ) -> Result<Seen, BenevolenceError> {
        let reach = writable(&call.actor)?;
        self.core.change(call, |change| {
            let before = reached(change, &reach, id)?;
            if reason.is_none() && call.actor.member() != Some(before.member) {
                let detail = "is needed to withdraw what somebody else has asked for";
                return Err(BenevolenceError::field("reason", "required", detail));
            }
            let sight = told(change, before.clone())?;
            let after = moved(change, before, Action::Withdraw(reason), Vec::new())?;
            answered(change, &sight, after)
        })
    }
}

/// Whether notes of the office may be written.
const fn may_note(reach: &Reach) -> bool {
    match reach {
        Reach::Every => true,
        Reach::Own(_) => false,
    }
}

/// Goes on if whoever an application is for is a member of the tenant still, who is held until the change is kept.
fn still_a_member(
    change: &mut Change<'_>,
    application: &BenevolenceApplication,
) -> Result<(), BenevolenceError> {
    if change.tx.members().hold(application.member)?.is_some() {
        return Ok(());
    }
    let detail = "is no member of this tenant any more";
    Err(BenevolenceError::field(
        "member_id",
        "unknown_member",
        detail,
    ))
}

/// The application that a change is about, if it is within reach.
fn reached(
    change: &mut Change<'_>,
    reach: &Reach,
    id: BenevolenceApplicationId,
) -> Result<BenevolenceApplication, BenevolenceError> {
    let found = change.tx.benevolence().find(id)?;
    let found = found
        .filter(|found| reach.covers(found.member) && is_told(&change.call.actor, found))
        .ok_or(BenevolenceError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

/// The application as the caller sees it after the change, given how they saw it before. A rehearsal shows no more
/// than that: nothing of it stays on record.
pub(super) fn answered(
    change: &mut Change<'_>,
    before: &Seen,
    after: BenevolenceApplication,
) -> Result<Seen, BenevolenceError> {
    match before {
        Seen::Need(_) if change.call.dry_run => Ok(Seen::Need(Box::new(after.need()))),
        Seen::Need(_) | Seen::Whole(_) => told(change, after),
    }
}

/// The application, as much of it as the caller may see now.
pub(super) fn told(
    change: &mut Change<'_>,
    application: BenevolenceApplication,
) -> Result<Seen, BenevolenceError> {
    let day = change.today();
    seen_one(change.tx, &change.call.actor, day, application)
}
