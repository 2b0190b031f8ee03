//! Holiday calendars: reading the working days of a year, and editing them into a next version.

mod counting;
mod errors;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    holidays::{CalendarEdit, CalendarYear, HolidayCalendar, WorkingWeek},
    version::Version,
};
use unionhall_ports::{
    holidays::CalendarSort,
    pages::{Page, PageRequest},
};

pub(crate) use counting::CountingCalendars;
pub use errors::HolidayError;

use crate::{
    call::Call,
    core::{Change, Core},
    error::CallError,
    permissions::Permission,
};

/// The use cases of holiday calendars.
#[derive(Clone)]
pub struct Holidays {
    core: Arc<Core>,
}

impl Holidays {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The calendar of a year as it counts now: the last version, or the federal one that the tenant's first version
    /// will be when something is counted in that year, or when it is edited.
    ///
    /// # Errors
    /// [`HolidayError`].
    pub fn find(&self, call: &Call, year: CalendarYear) -> Result<HolidayCalendar, HolidayError> {
        call.actor.require(Permission::AgreementsRead)?;
        self.core.read(call, |tx| {
            let found = tx.holidays().last_of_each(year, year)?;
            Ok(found.into_iter().next().unwrap_or_else(|| shipped(year)))
        })
    }

    /// A version of a year's calendar.
    ///
    /// # Errors
    /// [`HolidayError`].
    pub fn version(
        &self,
        call: &Call,
        year: CalendarYear,
        version: Version,
    ) -> Result<HolidayCalendar, HolidayError> {
        call.actor.require(Permission::AgreementsRead)?;
        self.core.read(call, |tx| {
            let found = tx.holidays().find(year, version)?;
            found.ok_or(HolidayError::NotFound)
        })
    }

    /// The calendars that the tenant has, one for each year.
    ///
    /// # Errors
    /// [`HolidayError`].
    pub fn list(
        &self,
        call: &Call,
        page: &PageRequest<CalendarSort>,
    ) -> Result<Page<HolidayCalendar>, HolidayError> {
        call.actor.require(Permission::AgreementsRead)?;
        self.core.snapshot(call, |tx| Ok(tx.holidays().list(page)?))
    }

    /// Edits a year's calendar into its next version. No deadline moves by it.
    ///
    /// # Errors
    /// [`HolidayError`].
    pub fn edit(
        &self,
        call: &Call,
        year: CalendarYear,
        edits: &[CalendarEdit],
    ) -> Result<HolidayCalendar, HolidayError> {
        call.actor.require(Permission::AgreementsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, year)?;
            call.expects(before.version())?;
            let after = before.edited(edits).map_err(HolidayError::Invalid)?;
            let now = change.now;
            if !change.tx.holidays().insert(&after, now)? {
                return Err(CallError::ChangedMeanwhile.into());
            }
            let fields = differences(before.fields(), after.fields());
            record(change, AuditAction::Updated, year, fields);
            Ok(after)
        })
    }
}

/// The last version of a year's calendar, which is copied from the federal one when there is none.
fn present(change: &mut Change<'_>, year: CalendarYear) -> Result<HolidayCalendar, CallError> {
    let found = change.tx.holidays().last_of_each(year, year)?;
    match found.into_iter().next() {
        Some(calendar) => Ok(calendar),
        None => copied(change, year),
    }
}

/// Puts on record the first versions that something is counted with, where they are still only shipped.
///
/// # Errors
/// [`CallError`].
pub(crate) fn keep_shipped(
    change: &mut Change<'_>,
    versions: &[(i16, Version)],
) -> Result<(), CallError> {
    for (number, version) in versions {
        if let (true, Ok(year)) = (*version == Version::FIRST, CalendarYear::new(*number)) {
            copied(change, year)?;
        }
    }
    Ok(())
}

fn copied(change: &mut Change<'_>, year: CalendarYear) -> Result<HolidayCalendar, CallError> {
    let (calendar, now) = (shipped(year), change.now);
    // Somebody who copies it at the same time copies the same.
    if change.tx.holidays().insert(&calendar, now)? {
        record(
            change,
            AuditAction::Created,
            year,
            created(calendar.fields()),
        );
    }
    Ok(calendar)
}

/// The calendar that a year begins with.
pub(crate) fn shipped(year: CalendarYear) -> HolidayCalendar {
    HolidayCalendar::federal(year, WorkingWeek::MONDAY_TO_FRIDAY)
}

/// A calendar has no id: it is the tenant's, of the year that the details say.
fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    year: CalendarYear,
    fields: Vec<FieldChange>,
) {
    let id = change.call.actor.tenant_id().uuid();
    let details = vec![("year", year.get().to_string())];
    change.record(action, Target::HolidayCalendar, id, fields, details);
}

#[cfg(test)]
mod tests;
