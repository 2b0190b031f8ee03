//! Reviewing: the level that is due decides, the last one grants what the fund allows, and names are unmasked on record.

use unionhall_domain::{
    audit::{AuditAction, Target},
    benevolence::{
        Award, Bar, Bench, BenevolenceApplication, BenevolenceApplicationId, Level, Naming, Review,
        Reviewer, Rules, Seen, Unmasking, Verdict,
    },
    ids::Id,
    text::Prose,
};
use unionhall_ports::{benevolence::RelationFilter, storage::StorageError};

use super::{
    Benevolence, BenevolenceError,
    applying::{answered, told},
    kept, present, reviewer,
};
use crate::{call::Call, core::Change, error::CallError, permissions::Permission};

/// A review to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewApplication {
    /// The level that decides; the caller has a seat there and it is due.
    pub level: Level,
    /// What it decides.
    pub verdict: Verdict,
    /// Comments for the other reviewers.
    pub comments: Option<Prose<10_000>>,
}

impl Benevolence {
    /// Reviews an application at the level that is due. The approval of the last level grants the money, in the same
    /// transaction in which the fund is held: of two who grant the last dollar, one is refused.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn review(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
        command: ReviewApplication,
    ) -> Result<Seen, BenevolenceError> {
        call.actor.require(Permission::BenevolenceReview)?;
        let level = command.level;
        let who = reviewer(&call.actor);
        let who = who.ok_or(BenevolenceError::Barred(Bar::NotSeated(level)))?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let sight = told(change, before.clone())?;
            let today = change.today();
            let rules = change.tx.benevolence_bench().rules()?.in_force(today);
            let after = decided(change, &before, who, &command, rules.naming)?;
            if let Some(award) = after.state.award() {
                grant(change, &after, award, &rules)?;
            }
            let review = Review {
                id: Id::new(change.new_id()),
                application: id,
                level,
                reviewer: who,
                verdict: command.verdict,
                comments: command.comments,
                reviewed_at: change.now,
            };
            let added = change.tx.benevolence_file().insert_review(&review);
            added.map_err(decided_meanwhile)?;
            let kind = review.verdict.decision();
            let mut details = vec![
                ("review_level", level.as_str().to_owned()),
                ("decision", kind.as_str().to_owned()),
            ];
            let amount = review.verdict.amount();
            details.extend(amount.map(|amount| ("amount", amount.to_string())));
            let words = review.verdict.words();
            details.extend(words.map(|words| ("reason", words.to_string())));
            let after = kept(change, review.verdict.kind(), &before, after, details)?;
            answered(change, &sight, after)
        })
    }

    /// Shows a reviewer the name that is held back, for a reason that is on record; the applicant can be told who looked.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn unmask(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
        reason: Prose<2_000>,
    ) -> Result<Seen, BenevolenceError> {
        call.actor.require(Permission::BenevolenceReview)?;
        let Some(who) = reviewer(&call.actor) else {
            return Err(BenevolenceError::NotFound);
        };
        self.core.change(call, |change| {
            let found = present(change, id)?;
            let seen = told(change, found.clone())?;
            if let Seen::Whole(whole) = seen {
                change.leave_unchanged_and_told(Target::BenevolenceApplication, id.uuid());
                return Ok(Seen::Whole(whole));
            }
            let unmasking = Unmasking {
                id: Id::new(change.new_id()),
                application: id,
                user: who.user,
                reason,
                at: change.now,
            };
            change.tx.benevolence_file().insert_unmasking(&unmasking)?;
            let details = vec![("reason", unmasking.reason.to_string())];
            let (action, target) = (AuditAction::Unmasked, Target::BenevolenceApplication);
            change.record(action, target, id.uuid(), Vec::new(), details);
            // A rehearsal leaves nothing on record, so it shows nothing.
            Ok(if call.dry_run {
                seen
            } else {
                Seen::Whole(Box::new(found))
            })
        })
    }
}

/// Of two who decide at the same instant the second finds the level decided.
fn decided_meanwhile(error: StorageError) -> BenevolenceError {
    match error {
        StorageError::Constraint { name }
            if [
                "benevolence_reviews_level_key",
                "benevolence_reviews_reviewer_key",
            ]
            .contains(&name.as_str()) =>
        {
            CallError::ChangedMeanwhile.into()
        }
        other => other.into(),
    }
}

/// The application after the review, if the ladder and the bench allow it.
fn decided(
    change: &mut Change<'_>,
    before: &BenevolenceApplication,
    who: Reviewer,
    command: &ReviewApplication,
    naming: Naming,
) -> Result<BenevolenceApplication, BenevolenceError> {
    let day = change.today();
    let seats = change.tx.benevolence_bench().seats(day)?;
    let filter = RelationFilter {
        member: Some(before.member),
        user: Some(who.user),
    };
    let relations = change.tx.benevolence_bench().relations(&filter)?;
    let reviews = change.tx.benevolence_file().reviews(&[before.id])?;
    let bench = Bench {
        applicant: before.member,
        day,
        seats: &seats,
        relations: &relations,
        reviews: &reviews,
    };
    let verdict = command.verdict.clone();
    let after = before
        .clone()
        .reviewed(&bench, who, command.level, verdict, change.now);
    after.map_err(|error| match (BenevolenceError::from(error), naming) {
        // Where names are held back, the reason would tell whose the application is.
        (BenevolenceError::Barred(Bar::Applicant | Bar::Relative(_)), Naming::NeedFirst) => {
            BenevolenceError::Conflict
        }
        (error, Naming::Shown | Naming::NeedFirst) => error,
    })
}

/// Promises the money: the fund is held first, so that nobody grants at the same time, and what the member was granted
/// this year is counted behind that.
fn grant(
    change: &mut Change<'_>,
    after: &BenevolenceApplication,
    award: Award,
    rules: &Rules,
) -> Result<(), BenevolenceError> {
    let fund = change.tx.benevolence_fund().hold()?;
    let reason = after.request.reason;
    let year = award.on().year();
    let awarded = change
        .tx
        .benevolence_fund()
        .awarded(after.member, reason, year)?;
    let fund = fund.award(rules, reason, awarded, award.amount())?;
    Ok(change.tx.benevolence_fund().keep(&fund)?)
}
