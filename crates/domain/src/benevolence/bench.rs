//! Who may review: the seats at each level, the relations that were declared, and what was reviewed before.

use jiff::{Timestamp, civil::Date};

use super::{
    BenevolenceApplication, BenevolenceApplicationId,
    moves::{Action, Verdict},
    progress::Refused,
    words::{Kinship, Level},
};
use crate::{audit::Fields, ids::Id, members::MemberId, text::Prose, users::UserId};

/// The id of a [`Seat`].
pub type SeatId = Id<Seat>;
/// The id of a [`Relation`].
pub type RelationId = Id<Relation>;
/// The id of a [`Review`].
pub type ReviewId = Id<Review>;

/// How often an applicant can be asked something about one application: with a decision at each level, its reviews and
/// answers fit on one page.
pub const MOST_QUESTIONS: usize = 90;

/// Somebody who reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reviewer {
    /// The user.
    pub user: UserId,
    /// The union member the user is, if one.
    pub member: Option<MemberId>,
}

/// A person's seat at a level, for as long as they hold the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// The level.
    pub level: Level,
    /// Who sits there.
    pub holder: Reviewer,
    /// The first day, in the tenant's time zone.
    pub from: Date,
    /// The first day on which it counts no more; none while it is held.
    pub until: Option<Date>,
}

/// A relation between a member and somebody who may review, declared by either or by the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Its id.
    pub id: RelationId,
    /// The member.
    pub member: MemberId,
    /// Who may review.
    pub reviewer: Reviewer,
    /// How they are related.
    pub kinship: Kinship,
    /// Who declared it; none for the operator.
    pub declared_by: Option<UserId>,
    /// When.
    pub declared_at: Timestamp,
    /// When it was declared to be over, if it was.
    pub ended_at: Option<Timestamp>,
}

/// One reviewer's decision at one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// The application.
    pub application: BenevolenceApplicationId,
    /// The level.
    pub level: Level,
    /// Who decided: a user, never a name somebody typed.
    pub reviewer: Reviewer,
    /// What was decided.
    pub verdict: Verdict,
    /// Comments for the other reviewers; the applicant does not see them.
    pub comments: Option<Prose<10_000>>,
    /// When.
    pub reviewed_at: Timestamp,
}

/// Why somebody may not review an application at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Bar {
    /// The person has no seat at the level on that day.
    #[error("only who sits at the level of {} may review there", .0.as_str())]
    NotSeated(Level),
    /// The person is the applicant.
    #[error("nobody reviews their own application")]
    Applicant,
    /// The person is related to the applicant.
    #[error("a reviewer who is related to the applicant ({}) may not review", .0.as_str())]
    Relative(Kinship),
    /// The person has reviewed the application at another level.
    #[error("who reviewed at the level of {} may not review at another", .0.as_str())]
    ReviewedBefore(Level),
    /// The level has decided; none decides twice.
    #[error("the level of {} has decided", .0.as_str())]
    LevelDecided(Level),
}

/// Why a review does not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// As much was asked about the application as may be.
    #[error(
        "{MOST_QUESTIONS} questions were asked about the application, which is the most there may be"
    )]
    TooManyQuestions,
    /// The application does not take it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The person may not give it.
    #[error(transparent)]
    Barred(#[from] Bar),
}

/// Everything that decides who may review one application on one day.
#[derive(Debug, Clone, Copy)]
pub struct Bench<'a> {
    /// The member who applies.
    pub applicant: MemberId,
    /// The day, in the tenant's time zone.
    pub day: Date,
    /// Every seat of the tenant.
    pub seats: &'a [Seat],
    /// The relations of the applicant.
    pub relations: &'a [Relation],
    /// The reviews of the application so far.
    pub reviews: &'a [Review],
}

impl Bench<'_> {
    /// How often the applicant was asked something.
    fn questions(&self) -> usize {
        let asked = |review: &&Review| matches!(review.verdict, Verdict::Ask(_));
        self.reviews.iter().filter(asked).count()
    }
}

impl BenevolenceApplication {
    /// The application after a review by this person at this level, at an instant of the bench's day. When it grants
    /// money, the fund has still to allow it: [`Fund::award`](super::Fund::award).
    ///
    /// # Errors
    /// [`ReviewError`]: what its status does not allow comes first, then what bars the person.
    pub fn reviewed(
        self,
        bench: &Bench<'_>,
        reviewer: Reviewer,
        level: Level,
        verdict: Verdict,
        at: Timestamp,
    ) -> Result<Self, ReviewError> {
        let on = bench.day;
        let action = Action::Review { level, verdict, on };
        let asks = matches!(
            action,
            Action::Review {
                verdict: Verdict::Ask(_),
                ..
            }
        );
        let after = self.moved(action, at)?;
        bench.admits(reviewer, level)?;
        if asks && bench.questions() >= MOST_QUESTIONS {
            return Err(ReviewError::TooManyQuestions);
        }
        Ok(after)
    }
}

impl Seat {
    /// Whether it counts on a day: from its first day on, up to the day before its end.
    pub fn counts(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The seat as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        vec![
            ("review_level", Some(self.level.as_str().to_owned())),
            ("user_id", Some(self.holder.user.to_string())),
            ("from", Some(self.from.to_string())),
            ("until", self.until.map(|until| until.to_string())),
        ]
    }
}

impl Relation {
    /// The member to whom it relates a reviewer, whichever of the two applied when it was declared; none when it is not
    /// theirs, or the other is no member.
    pub fn other_than(&self, reviewer: Reviewer) -> Option<MemberId> {
        if self.reviewer.is_same_person(reviewer) {
            return Some(self.member);
        }
        self.reviewer
            .member
            .filter(|_| reviewer.member == Some(self.member))
    }

    /// The relation as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        vec![
            ("member_id", Some(self.member.to_string())),
            ("user_id", Some(self.reviewer.user.to_string())),
            ("kinship", Some(self.kinship.as_str().to_owned())),
            ("ended_at", self.ended_at.map(|at| at.to_string())),
        ]
    }
}

impl Reviewer {
    /// Whether both are one person: the same user, or two users of one member.
    pub fn is_same_person(self, other: Self) -> bool {
        self.user == other.user || (self.member.is_some() && self.member == other.member)
    }
}

impl Bench<'_> {
    /// Goes on if this person may review at this level.
    ///
    /// # Errors
    /// [`Bar`]; of several the first in the order of its variants, so that who has no seat learns nothing of relations.
    pub fn admits(&self, reviewer: Reviewer, level: Level) -> Result<(), Bar> {
        let seated = |seat: &Seat| {
            seat.level == level && seat.holder.user == reviewer.user && seat.counts(self.day)
        };
        if !self.seats.iter().any(seated) {
            return Err(Bar::NotSeated(level));
        }
        if reviewer.member == Some(self.applicant) {
            return Err(Bar::Applicant);
        }
        if let Some(relation) = self.relation_of(reviewer) {
            return Err(Bar::Relative(relation.kinship));
        }
        let elsewhere =
            |review: &&Review| review.level != level && review.reviewer.is_same_person(reviewer);
        if let Some(review) = self.reviews.iter().find(elsewhere) {
            return Err(Bar::ReviewedBefore(review.level));
        }
        let decided =
            |review: &Review| review.level == level && review.verdict.decision().ends_level();
        if self.reviews.iter().any(decided) {
            return Err(Bar::LevelDecided(level));
        }
        Ok(())
    }

    /// Who may review at this level now, each once. Where it is nobody, the tenant has to seat somebody else: a level is
    /// never skipped.
    pub fn free(&self, level: Level) -> Vec<Reviewer> {
        let mut free: Vec<Reviewer> = Vec::new();
        for seat in self.seats.iter().filter(|seat| seat.level == level) {
            let known = free.iter().any(|one| one.user == seat.holder.user);
            if !known && self.admits(seat.holder, level).is_ok() {
                free.push(seat.holder);
            }
        }
        free
    }

    /// What relates the reviewer to the applicant, whichever of the two applied when it was declared.
    fn relation_of(&self, reviewer: Reviewer) -> Option<&Relation> {
        self.relations.iter().find(|relation| {
            relation.ended_at.is_none() && relation.other_than(reviewer) == Some(self.applicant)
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::money::Amount;

    const TODAY: Date = date(2026, 11, 21);

    fn id<T>(number: u128) -> Id<T> {
        Id::new(Uuid::from_u128(number))
    }

    fn reviewer(user: u128, member: Option<u128>) -> Reviewer {
        Reviewer {
            user: id(user),
            member: member.map(id),
        }
    }

    fn seat(level: Level, holder: Reviewer) -> Seat {
        Seat {
            id: id(1),
            level,
            holder,
            from: date(2026, 1, 1),
            until: Some(date(2026, 12, 31)),
        }
    }

    fn review(level: Level, reviewer: Reviewer, verdict: Verdict) -> Review {
        Review {
            id: id(2),
            application: id(3),
            level,
            reviewer,
            verdict,
            comments: None,
            reviewed_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn relation(member: u128, who: Reviewer) -> Relation {
        Relation {
            id: id(4),
            member: id(member),
            reviewer: who,
            kinship: Kinship::Sibling,
            declared_by: None,
            declared_at: Timestamp::UNIX_EPOCH,
            ended_at: None,
        }
    }

    fn bench<'a>(seats: &'a [Seat], relations: &'a [Relation], reviews: &'a [Review]) -> Bench<'a> {
        Bench {
            applicant: id(100),
            day: TODAY,
            seats,
            relations,
            reviews,
        }
    }

    #[test]
    fn a_seat_counts_from_its_first_day_to_the_day_before_its_end() {
        let seat = seat(Level::Vp, reviewer(1, None));
        for (day, counts) in [
            (date(2025, 12, 31), false),
            (date(2026, 1, 1), true),
            (date(2026, 12, 30), true),
            (date(2026, 12, 31), false),
        ] {
            assert_eq!(seat.counts(day), counts, "{day}");
        }
    }

    #[test]
    fn a_person_reviews_where_they_sit_and_nowhere_else() {
        let vp = reviewer(1, Some(101));
        let seats = [seat(Level::Vp, vp)];
        let bench = bench(&seats, &[], &[]);
        assert_eq!(bench.admits(vp, Level::Vp), Ok(()));
        let refused = bench.admits(vp, Level::Admin);
        assert_eq!(refused, Err(Bar::NotSeated(Level::Admin)));
    }

    #[test]
    fn neither_the_applicant_nor_a_relative_reviews_and_a_relation_that_ended_bars_nobody() {
        let own = reviewer(1, Some(100));
        let sibling = reviewer(2, Some(102));
        let seats = [seat(Level::Vp, own), seat(Level::Vp, sibling)];
        let related = [relation(100, sibling), relation(999, own)];
        let bars = |relations: &[Relation]| {
            let bench = bench(&seats, relations, &[]);
            (
                bench.admits(own, Level::Vp).err(),
                bench.admits(sibling, Level::Vp).err(),
                bench.free(Level::Vp),
            )
        };
        let kinship = Kinship::Sibling;
        assert_eq!(
            bars(&related),
            (Some(Bar::Applicant), Some(Bar::Relative(kinship)), vec![])
        );
        let ended = [Relation {
            ended_at: Some(Timestamp::UNIX_EPOCH),
            ..relation(100, sibling)
        }];
        assert_eq!(bars(&ended), (Some(Bar::Applicant), None, vec![sibling]));
    }

    #[test]
    fn a_relation_that_was_declared_when_the_reviewer_applied_bars_them_too() {
        let spouse = reviewer(2, Some(102));
        let seats = [seat(Level::Vp, spouse)];
        let related = [relation(102, reviewer(1, Some(100)))];
        let refused = bench(&seats, &related, &[]).admits(spouse, Level::Vp);
        assert_eq!(refused, Err(Bar::Relative(Kinship::Sibling)));
        let of_others = [relation(102, reviewer(1, None)), relation(103, spouse)];
        assert_eq!(
            bench(&seats, &of_others, &[]).admits(spouse, Level::Vp),
            Ok(())
        );
    }

    #[test]
    fn a_relative_does_not_review_with_another_account_either() {
        let other_account = reviewer(8, Some(102));
        let seats = [seat(Level::Vp, other_account)];
        let related = [relation(100, reviewer(2, Some(102)))];
        let refused = bench(&seats, &related, &[]).admits(other_account, Level::Vp);
        assert_eq!(refused, Err(Bar::Relative(Kinship::Sibling)));
    }

    #[test]
    fn who_reviewed_at_one_level_reviews_at_no_other_not_even_with_another_account() {
        let person = reviewer(1, Some(101));
        let again = reviewer(7, Some(101));
        let seats = [
            seat(Level::Vp, person),
            seat(Level::Admin, person),
            seat(Level::Admin, again),
        ];
        let asked = [review(
            Level::Vp,
            person,
            Verdict::Ask(Prose::placeholder()),
        )];
        let bench = bench(&seats, &[], &asked);
        let barred = Err(Bar::ReviewedBefore(Level::Vp));
        assert_eq!(bench.admits(person, Level::Admin), barred);
        assert_eq!(bench.admits(again, Level::Admin), barred);
        assert_eq!(
            bench.admits(person, Level::Vp),
            Ok(()),
            "who asked may decide after the answer"
        );
    }

    #[test]
    fn a_level_that_has_decided_does_not_decide_again() {
        let (one, other) = (reviewer(1, None), reviewer(2, None));
        let seats = [seat(Level::Vp, one), seat(Level::Vp, other)];
        for verdict in [
            Verdict::Approve(Amount::SMALLEST),
            Verdict::Deny(Prose::placeholder()),
            Verdict::Defer(Prose::placeholder()),
        ] {
            let reviews = [review(Level::Vp, one, verdict)];
            let refused = bench(&seats, &[], &reviews).admits(other, Level::Vp);
            assert_eq!(refused, Err(Bar::LevelDecided(Level::Vp)));
        }
    }

    #[test]
    fn two_users_without_a_member_are_two_people() {
        assert!(!reviewer(1, None).is_same_person(reviewer(2, None)));
        assert!(reviewer(1, None).is_same_person(reviewer(1, Some(5))));
    }
}
