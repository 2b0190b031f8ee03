//! Reading: who sees which application and how much of it, and the year in numbers.

use unionhall_domain::{
    audit::Target,
    benevolence::{
        Answer, Bench, BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, Level,
        Payment, Review, Reviewer, Seat, Seen, Unmasking, Year, statistics,
    },
};
use unionhall_ports::{
    benevolence::{BenevolenceFilter, BenevolenceSort, RelationFilter},
    pages::{Page, PageRequest},
    storage::StorageError,
    unit_of_work::Repositories,
};

use super::{
    Benevolence, BenevolenceError, Reach, is_own, is_told, masking, readable, reviewer,
    ruling::is_reviewer, seen, seen_one,
};
use crate::{actor::Actor, call::Call, core::Recorded, permissions::Permission};

/// How many of those who are free to review are named: enough to ask one of them.
const MOST_FREE: usize = 100;

impl Benevolence {
    /// One application, as the caller may see it. Who may read only their own finds no other.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn find(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Recorded<Seen>, BenevolenceError> {
        let reach = readable(&call.actor)?;
        self.one(call, &reach, |tx| Ok(tx.benevolence().find(id)?))
    }

    /// One application by its number, as the caller may see it. Who may read only their own finds no other.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn find_by_number(
        &self,
        call: &Call,
        number: BenevolenceNumber,
    ) -> Result<Recorded<Seen>, BenevolenceError> {
        let reach = readable(&call.actor)?;
        self.one(call, &reach, |tx| {
            Ok(tx.benevolence().find_by_number(number)?)
        })
    }

    /// The applications that match, as the caller may see them; drafts that other members wrote for themselves are none. Who may read only their own finds no others; who may not
    /// see names yet does not find by them.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn list(
        &self,
        call: &Call,
        mut filter: BenevolenceFilter,
        page: &PageRequest<BenevolenceSort>,
    ) -> Result<Recorded<Page<Seen>>, BenevolenceError> {
        let reach = readable(&call.actor)?;
        filter.viewer = call.actor.member();
        let today = call.actor.today(self.core.clock.now());
        let found = match narrowed(&reach, &mut filter) {
            Narrowed::Nothing => Page {
                items: Vec::new(),
                next: None,
                total: page.with_total.then_some(0),
            },
            Narrowed::Some => self.core.snapshot(call, |tx| {
                if filter.member.is_some() && filter.member != call.actor.member() {
                    not_held_back(tx, &call.actor, today)?;
                }
                let Page { items, next, total } = tx.benevolence().list(&filter, page)?;
                let items = seen(tx, &call.actor, today, items)?;
                Ok::<_, BenevolenceError>(Page { items, next, total })
            })?,
        };
        let details = listed_details(&filter, found.items.len());
        let target = Target::BenevolenceApplication;
        Ok(self.core.recorded_list(call, target, details, found)?)
    }

    /// The reviews of an application, earliest first; the applicant sees no comments.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn reviews(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Recorded<Vec<Review>>, BenevolenceError> {
        call.actor.require(Permission::BenevolenceRead)?;
        self.hanging_on(call, &Reach::Every, id, |tx, application| {
            let mut reviews = tx.benevolence_file().reviews(&[id])?;
            if is_own(&call.actor, application) {
                for review in &mut reviews {
                    review.comments = None;
                }
            }
            Ok(reviews)
        })
    }

    /// The questions of an application with their answers, earliest first; who wrote them down is held back with the name.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn answers(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Recorded<Vec<Answer>>, BenevolenceError> {
        let reach = readable(&call.actor)?;
        let today = call.actor.today(self.core.clock.now());
        self.hanging_on(call, &reach, id, |tx, application| {
            let mut answers = tx.benevolence_file().answers(id)?;
            if let Seen::Need(_) = seen_one(tx, &call.actor, today, application.clone())? {
                // Who answers is most often who applies.
                for answer in &mut answers {
                    answer.by = None;
                }
            }
            Ok(answers)
        })
    }

    /// The payments of an application, earliest first, those that were taken back too.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn payments(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Recorded<Vec<Payment>>, BenevolenceError> {
        let reach = readable(&call.actor)?;
        self.hanging_on(call, &reach, id, |tx, _| {
            Ok(tx.benevolence_file().payments(id)?)
        })
    }

    /// Who had the name shown to them before they decided, and why, earliest first: the applicant may know.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn unmaskings(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Recorded<Vec<Unmasking>>, BenevolenceError> {
        let reach = readable(&call.actor)?;
        self.hanging_on(call, &reach, id, |tx, _| {
            Ok(tx.benevolence_file().unmaskings(&[id])?)
        })
    }

    /// Who may review an application at the level that is due. Where it is nobody, the application stands still until
    /// somebody else is seated there, because no level is skipped. Who is left out is related to who applies, or is it:
    /// from whom the name is held back, this is too.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn free_reviewers(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
    ) -> Result<Recorded<Vec<Reviewer>>, BenevolenceError> {
        call.actor.require(Permission::BenevolenceManage)?;
        let now = self.core.clock.now();
        let today = call.actor.today(now);
        self.hanging_on(call, &Reach::Every, id, |tx, application| {
            if let Seen::Need(_) = seen_one(tx, &call.actor, today, application.clone())? {
                return Err(BenevolenceError::HeldBack);
            }
            let mut free = free(tx, today, application)?;
            // A seat stays when its holder is away or has another role; then nobody reviews from it.
            let users: Vec<_> = free.iter().map(|reviewer| reviewer.user).collect();
            let colleagues = tx.identity().find_colleagues(&users)?;
            free.retain(|reviewer| {
                let mut colleagues = colleagues.iter();
                let found = colleagues.find(|colleague| colleague.user.id == reviewer.user);
                found.is_some_and(|colleague| is_reviewer(colleague, now))
            });
            free.truncate(MOST_FREE);
            Ok(free)
        })
    }

    /// The years from `from` to `until`, both included, in numbers: by reason and outcome, the newest first.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn statistics(
        &self,
        call: &Call,
        from: i16,
        until: i16,
    ) -> Result<Vec<Year>, BenevolenceError> {
        call.actor.require(Permission::BenevolenceRead)?;
        let counts = self.core.read(call, |tx| {
            Ok::<_, BenevolenceError>(tx.benevolence().counts(from, until)?)
        })?;
        Ok(statistics(&counts))
    }

    fn one(
        &self,
        call: &Call,
        reach: &Reach,
        find: impl FnOnce(
            &mut dyn Repositories,
        ) -> Result<Option<BenevolenceApplication>, BenevolenceError>,
    ) -> Result<Recorded<Seen>, BenevolenceError> {
        let today = call.actor.today(self.core.clock.now());
        let (id, found) = self.core.snapshot(call, |tx| {
            let found = find(tx)?
                .filter(|found| reach.covers(found.member) && is_told(&call.actor, found))
                .ok_or(BenevolenceError::NotFound)?;
            let id = found.id;
            Ok::<_, BenevolenceError>((id, seen_one(tx, &call.actor, today, found)?))
        })?;
        let target = Target::BenevolenceApplication;
        Ok(self.core.recorded(call, target, id.uuid(), found)?)
    }

    fn hanging_on<T>(
        &self,
        call: &Call,
        reach: &Reach,
        id: BenevolenceApplicationId,
        find: impl FnOnce(
            &mut dyn Repositories,
            &BenevolenceApplication,
        ) -> Result<Vec<T>, BenevolenceError>,
    ) -> Result<Recorded<Vec<T>>, BenevolenceError> {
        let found = self.core.snapshot(call, |tx| {
            let application = tx.benevolence().find(id)?;
            let application = application
                .filter(|found| reach.covers(found.member) && is_told(&call.actor, found))
                .ok_or(BenevolenceError::NotFound)?;
            find(tx, &application)
        })?;
        let target = Target::BenevolenceApplication;
        Ok(self.core.recorded(call, target, id.uuid(), found)?)
    }
}

/// Who is free to review an application at the level that is due.
fn free(
    tx: &mut dyn Repositories,
    day: jiff::civil::Date,
    application: &BenevolenceApplication,
) -> Result<Vec<Reviewer>, BenevolenceError> {
    let Some(climb) = application.state.climb() else {
        return Ok(Vec::new());
    };
    let seats = tx.benevolence_bench().seats(day)?;
    let filter = RelationFilter {
        member: Some(application.member),
        user: None,
    };
    let relations = tx.benevolence_bench().relations(&filter)?;
    let reviews = tx.benevolence_file().reviews(&[application.id])?;
    let bench = Bench {
        applicant: application.member,
        day,
        seats: &seats,
        relations: &relations,
        reviews: &reviews,
    };
    Ok(bench.free(climb.level()))
}

/// Whether a list is of anything at all.
enum Narrowed {
    Some,
    Nothing,
}

/// Narrows a filter to what is within reach.
fn narrowed(reach: &Reach, filter: &mut BenevolenceFilter) -> Narrowed {
    match reach {
        Reach::Every => Narrowed::Some,
        Reach::Own(None) => Narrowed::Nothing,
        Reach::Own(own) if filter.member.is_some() && filter.member != *own => Narrowed::Nothing,
        Reach::Own(own) => {
            filter.member = *own;
            Narrowed::Some
        }
    }
}

/// Goes on unless names are held back from the caller, who would find by them otherwise.
fn not_held_back(
    tx: &mut dyn Repositories,
    actor: &Actor,
    day: jiff::civil::Date,
) -> Result<(), BenevolenceError> {
    if !names_held_back(tx, actor, day)? {
        return Ok(());
    }
    let detail = "is held back from reviewers until they have decided";
    Err(BenevolenceError::field("member_id", "held_back", detail))
}

/// Whether names of applicants are held back from somebody on a day: from whoever sits at any level, where the tenant
/// masks names.
///
/// # Errors
/// [`StorageError`].
pub(crate) fn names_held_back(
    tx: &mut dyn Repositories,
    actor: &Actor,
    day: jiff::civil::Date,
) -> Result<bool, StorageError> {
    let Some(who) = reviewer(actor) else {
        return Ok(false);
    };
    let seats = masking(tx, day)?.unwrap_or_default();
    Ok(!levels(who, &seats, day).is_empty())
}

/// The levels that somebody sits at on a day.
pub(super) fn levels(who: Reviewer, seats: &[Seat], day: jiff::civil::Date) -> Vec<Level> {
    let sits = |level: &Level| {
        seats
            .iter()
            .any(|seat| seat.level == *level && seat.holder.user == who.user && seat.counts(day))
    };
    Level::ALL.into_iter().filter(sits).collect()
}

fn listed_details(filter: &BenevolenceFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add(
        "status",
        filter.status.map(|status| status.as_str().to_owned()),
    );
    add(
        "reason",
        filter.reason.map(|reason| reason.as_str().to_owned()),
    );
    add("member_id", filter.member.map(|id| id.to_string()));
    add("from", filter.from.map(|day| day.to_string()));
    add("until", filter.until.map(|day| day.to_string()));
    add("q", filter.search.clone());
    details
}
