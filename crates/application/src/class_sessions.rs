//! Class sessions: planning them one by one and in series, moving and cancelling them.

mod errors;
#[cfg(test)]
pub(crate) mod fixtures;
mod places;
mod series;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    class_sessions::{
        ClassSession, ClassSessionId, ClockTimes, Overlap, SessionDetails, SessionDetailsChange,
        SessionTimes,
    },
    classes::{Class, ClassId},
    ids::Id,
    invalid::Invalid,
    text::Prose,
    training_settings::Overlaps,
    version::Version,
};
use unionhall_ports::{
    class_sessions::{ClassSessionFilter, ClassSessionSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};

pub use errors::SessionError;
pub use series::{NewSeries, SeriesMade, SeriesMove};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core},
    permissions::Permission,
};

/// The use cases of class sessions.
#[derive(Clone)]
pub struct ClassSessions {
    core: Arc<Core>,
}

/// A session, and what is at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionShown {
    /// The session.
    pub session: ClassSession,
    /// What is at the same time in its room, of its instructor, of its class or of its students.
    pub overlaps: Vec<Overlap>,
}

/// What to change of one session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionChange {
    /// When it is: what is given replaces what was.
    pub times: TimesChange,
    /// Where it is, who teaches, and what about.
    pub details: SessionDetailsChange,
}

/// A partial change of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimesChange {
    /// The day it begins; a day it ends that is not given moves along.
    pub date: Option<jiff::civil::Date>,
    /// When it begins.
    pub start: Option<jiff::civil::Time>,
    /// The day it ends.
    pub end_date: Option<jiff::civil::Date>,
    /// When it ends.
    pub end: Option<jiff::civil::Time>,
}

impl TimesChange {
    fn of(self, before: ClockTimes) -> ClockTimes {
        let date = self.date.unwrap_or(before.date);
        let along = if before.end_date > before.date {
            date.tomorrow().unwrap_or(date)
        } else {
            date
        };
        ClockTimes {
            date,
            start: self.start.unwrap_or(before.start),
            end_date: self.end_date.unwrap_or(along),
            end: self.end.unwrap_or(before.end),
        }
    }
}

impl ClassSessions {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Plans a session of a class, within its term.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn create(
        &self,
        call: &Call,
        class: ClassId,
        clock: ClockTimes,
        details: SessionDetails,
    ) -> Result<SessionShown, SessionError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            change.tx.class_sessions().lock_timetable()?;
            let class = running(change, class)?;
            places::hold(change, None, &details)?;
            let times = times(change, &class, clock)?;
            let session = made(change, &class, None, times, details);
            change
                .tx
                .class_sessions()
                .insert(std::slice::from_ref(&session))?;
            let overlaps = fitting(change, &[session.id], &[])?;
            let fields = created(session.fields());
            record(change, AuditAction::Created, &session, fields, Vec::new());
            Ok(SessionShown { session, overlaps })
        })
    }

    /// One session, and what is at the same time.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn find(&self, call: &Call, id: ClassSessionId) -> Result<SessionShown, SessionError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core.snapshot(call, |tx| {
            let found = tx.class_sessions().find(id)?;
            let session = found.ok_or(SessionError::NotFound)?;
            let overlaps = tx.class_sessions().overlaps(&[id])?;
            Ok(SessionShown { session, overlaps })
        })
    }

    /// The sessions that match.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &ClassSessionFilter,
        page: &PageRequest<ClassSessionSort>,
    ) -> Result<Page<ClassSession>, SessionError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core
            .snapshot(call, |tx| Ok(tx.class_sessions().list(filter, page)?))
    }

    /// Changes a session that is not cancelled.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn update(
        &self,
        call: &Call,
        id: ClassSessionId,
        wanted: SessionChange,
    ) -> Result<SessionShown, SessionError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            change.tx.class_sessions().lock_timetable()?;
            let before = present(change, id)?;
            let after = changed(change, &before, wanted)?;
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                let overlaps = change.tx.class_sessions().overlaps(&[id])?;
                let session = before;
                return Ok(SessionShown { session, overlaps });
            }
            places::hold(change, Some(&before.details), &after.details)?;
            let session = touched(change, after);
            let known = known(change, &[(&before, &session)])?;
            change.tx.class_sessions().update(&session)?;
            let overlaps = fitting(change, &[id], &known)?;
            record(change, AuditAction::Updated, &session, fields, Vec::new());
            Ok(SessionShown { session, overlaps })
        })
    }

    /// Cancels a session that has not ended.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn cancel(
        &self,
        call: &Call,
        id: ClassSessionId,
        reason: &Prose<2_000>,
    ) -> Result<SessionShown, SessionError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            change.tx.class_sessions().lock_timetable()?;
            let before = present(change, id)?;
            if before.times.ends_at() <= change.now {
                return Err(SessionError::Over);
            }
            let session = cancelled(change, before, reason)?;
            Ok(SessionShown {
                session,
                overlaps: Vec::new(),
            })
        })
    }

    /// What this actor may do with a session now.
    pub fn allowed_actions(&self, actor: &Actor, session: &ClassSession) -> Vec<&'static str> {
        if actor.may(Permission::TrainingWrite) && session.cancelled.is_none() {
            vec!["update", "cancel"]
        } else {
            Vec::new()
        }
    }
}

/// Cancels what is to come of a class that is cancelled.
///
/// # Errors
/// [`StorageError`].
pub(crate) fn cancel_all(
    change: &mut Change<'_>,
    class: ClassId,
    reason: &Prose<2_000>,
) -> Result<(), StorageError> {
    for session in change.tx.class_sessions().of_class(class)? {
        if session.times.starts_at() > change.now {
            cancelled(change, session, reason)?;
        }
    }
    Ok(())
}

fn cancelled(
    change: &mut Change<'_>,
    before: ClassSession,
    reason: &Prose<2_000>,
) -> Result<ClassSession, StorageError> {
    let after = ClassSession {
        cancelled: Some(reason.clone()),
        ..touched(change, before.clone())
    };
    change.tx.class_sessions().update(&after)?;
    let fields = differences(before.fields(), after.fields());
    let details = vec![("move", "cancel".to_owned())];
    record(change, AuditAction::Moved, &after, fields, details);
    Ok(after)
}

/// A class that sessions can be planned of, kept as it is until the transaction ends.
fn running(change: &mut Change<'_>, class: ClassId) -> Result<Class, SessionError> {
    let wrong = |code, detail: &str| {
        let error = Invalid::new(code, detail).at("class_id");
        SessionError::Invalid(vec![error])
    };
    let found = change.tx.classes().hold(class)?;
    let found = found.ok_or_else(|| wrong("unknown_class", "is no class of this tenant"))?;
    if found.state.is_under_way() {
        Ok(found)
    } else {
        Err(wrong(
            "not_under_way",
            "is a class that is not taught any more",
        ))
    }
}

/// The instants of these times in the zone of the tenant, within the term of the class.
fn times(
    change: &Change<'_>,
    class: &Class,
    clock: ClockTimes,
) -> Result<SessionTimes, SessionError> {
    let zone = &change.call.actor.tenant().time_zone;
    let times = SessionTimes::new(clock, zone);
    let times = times.map_err(|error| SessionError::Invalid(vec![error]))?;
    if class.plan.term.has(times.date()) {
        Ok(times)
    } else {
        let (first, last) = (class.plan.term.starts_on(), class.plan.term.ends_on());
        let detail = format!("must be within the term of the class, {first} to {last}");
        let error = Invalid::new("outside_the_term", detail).at("session_date");
        Err(SessionError::Invalid(vec![error]))
    }
}

fn made(
    change: &Change<'_>,
    class: &Class,
    series: Option<unionhall_domain::class_sessions::SeriesId>,
    times: SessionTimes,
    details: SessionDetails,
) -> ClassSession {
    ClassSession {
        id: Id::new(change.new_id()),
        class: class.id,
        series,
        times,
        details,
        cancelled: None,
        version: Version::FIRST,
        created_at: change.now,
        updated_at: change.now,
    }
}

fn changed(
    change: &mut Change<'_>,
    before: &ClassSession,
    wanted: SessionChange,
) -> Result<ClassSession, SessionError> {
    let clock = wanted.times.of(before.times.clock());
    let times = if clock == before.times.clock() {
        before.times
    } else {
        let class = running(change, before.class)?;
        times(change, &class, clock)?
    };
    Ok(ClassSession {
        times,
        details: before.details.clone().changed(wanted.details),
        ..before.clone()
    })
}

/// What overlaps already, before they are written, those of these sessions that stay at the same time: whoever writes
/// down their topic does not answer for it.
fn known(
    change: &mut Change<'_>,
    changes: &[(&ClassSession, &ClassSession)],
) -> Result<Vec<Overlap>, StorageError> {
    let stays = changes
        .iter()
        .filter(|(before, after)| before.times == after.times);
    let ids: Vec<_> = stays.map(|(before, _)| before.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    change.tx.class_sessions().overlaps(&ids)
}

/// What overlaps these sessions, which were just written: what is not known is refused or told, as the tenant has decided.
fn fitting(
    change: &mut Change<'_>,
    ids: &[ClassSessionId],
    known: &[Overlap],
) -> Result<Vec<Overlap>, SessionError> {
    let overlaps = change.tx.class_sessions().overlaps(ids)?;
    let new = overlaps.iter().filter(|found| !known.contains(found));
    let new: Vec<_> = new.copied().collect();
    if new.is_empty() {
        return Ok(overlaps);
    }
    match change.tx.training_settings().find()?.overlaps {
        Overlaps::Refuse => Err(SessionError::Overlaps(new)),
        Overlaps::Warn => Ok(overlaps),
    }
}

/// A session that is not cancelled, in the version that the caller means.
fn present(change: &mut Change<'_>, id: ClassSessionId) -> Result<ClassSession, SessionError> {
    let found = change.tx.class_sessions().find(id)?;
    let found = found.ok_or(SessionError::NotFound)?;
    change.call.expects(found.version)?;
    if found.cancelled.is_some() {
        return Err(SessionError::Cancelled);
    }
    Ok(found)
}

fn touched(change: &Change<'_>, session: ClassSession) -> ClassSession {
    ClassSession {
        version: session.version.next(),
        updated_at: change.now,
        ..session
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    session: &ClassSession,
    fields: Vec<FieldChange>,
    details: Vec<(&'static str, String)>,
) {
    let id = session.id.uuid();
    change.record(action, Target::ClassSession, id, fields, details);
}

#[cfg(test)]
mod tests;
