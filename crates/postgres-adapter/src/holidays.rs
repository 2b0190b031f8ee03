//! Holiday calendars and their versions in PostgreSQL.

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper, dsl::sql, sql_types::BigInt,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use unionhall_domain::{
    holidays::{
        CalendarYear, Holiday, HolidayCalendar, WorkingWeek, parse_weekday, weekday_as_str,
    },
    invalid::Invalid,
    tenants::TenantId,
    text::Line,
    version::Version,
};
use unionhall_ports::{
    holidays::{CalendarSort, HolidayCalendarRepository},
    pages::{Cursor, Direction, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    json::StoredJson,
    rows::{count, instant, page as page_of},
    schema::holiday_calendars as calendars,
    stored::StoredRow,
    unit_of_work::Transaction,
};

/// A version of a year's calendar.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = calendars)]
struct Row {
    tenant_id: Uuid,
    year: i16,
    version: i64,
    working_days: Vec<String>,
    holidays: Value,
    created_at: jiff_diesel::Timestamp,
}

impl HolidayCalendarRepository for Transaction<'_> {
    fn last_of_each(
        &mut self,
        first: CalendarYear,
        last: CalendarYear,
    ) -> Result<Vec<HolidayCalendar>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<Row> = self.query(|connection| {
            calendars::table
                .filter(calendars::tenant_id.eq(tenant.uuid()))
                .filter(calendars::year.between(first.get(), last.get()))
                .distinct_on(calendars::year)
                .order((calendars::year, calendars::version.desc()))
                .select(Row::as_select())
                .load(connection)
        })?;
        self.calendars(rows)
    }

    fn find(
        &mut self,
        year: CalendarYear,
        version: Version,
    ) -> Result<Option<HolidayCalendar>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            calendars::table
                .filter(calendars::tenant_id.eq(tenant.uuid()))
                .filter(calendars::year.eq(year.get()))
                .filter(calendars::version.eq(version.get()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        row.map(HolidayCalendar::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn list(
        &mut self,
        page: &PageRequest<CalendarSort>,
    ) -> Result<Page<HolidayCalendar>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| {
            let after = match page.after.as_ref().map(|after| after.key.parse::<i16>()) {
                Some(Err(_)) => return Ok(Vec::new()),
                Some(Ok(year)) => Some(year),
                None => None,
            };
            let mut query = calendars::table
                .filter(calendars::tenant_id.eq(tenant.uuid()))
                .distinct_on(calendars::year)
                .select(Row::as_select())
                .limit(i64::from(page.limit).saturating_add(1))
                .into_boxed();
            query = match (page.direction, after) {
                (Direction::Ascending, Some(after)) => query.filter(calendars::year.gt(after)),
                (Direction::Descending, Some(after)) => query.filter(calendars::year.lt(after)),
                (Direction::Ascending | Direction::Descending, None) => query,
            };
            match page.direction {
                Direction::Ascending => {
                    query.order((calendars::year.asc(), calendars::version.desc()))
                }
                Direction::Descending => {
                    query.order((calendars::year.desc(), calendars::version.desc()))
                }
            }
            .load(connection)
        })?;
        let total = if page.with_total {
            Some(count(self.years(tenant)?))
        } else {
            None
        };
        let found = self.calendars(rows)?;
        Ok(page_of(found, page.limit, total, |last| Cursor {
            key: last.year().get().to_string(),
            id: Uuid::nil(),
        }))
    }

    fn insert(&mut self, calendar: &HolidayCalendar, at: Timestamp) -> Result<bool, StorageError> {
        let row = Row::new(self.tenant()?, calendar, at);
        let written = self.query(|connection| {
            diesel::insert_into(calendars::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(connection)
        })?;
        Ok(written == 1)
    }
}

impl Transaction<'_> {
    fn calendars(&mut self, rows: Vec<Row>) -> Result<Vec<HolidayCalendar>, StorageError> {
        let found: Result<_, _> = rows.into_iter().map(HolidayCalendar::try_from).collect();
        found.map_err(|row| self.refuse(row))
    }

    /// How many years have a calendar.
    fn years(&mut self, tenant: TenantId) -> Result<i64, StorageError> {
        self.query(|connection| {
            calendars::table
                .filter(calendars::tenant_id.eq(tenant.uuid()))
                .select(sql::<BigInt>("count(distinct year)"))
                .get_result(connection)
        })
    }
}

impl Row {
    fn new(tenant: TenantId, calendar: &HolidayCalendar, at: Timestamp) -> Self {
        let holiday = |(date, holiday): (jiff::civil::Date, &Holiday)| {
            json!({
                "date": date.to_string(),
                "name": holiday.name.as_str(),
                "observed_for": holiday.observed_for.map(|day| day.to_string()),
            })
        };
        let days = calendar.week().days().into_iter().map(weekday_as_str);
        Self {
            tenant_id: tenant.uuid(),
            year: calendar.year().get(),
            version: calendar.version().get(),
            working_days: days.map(str::to_owned).collect(),
            holidays: calendar.holidays().map(holiday).collect(),
            created_at: instant(at),
        }
    }
}

impl TryFrom<Row> for HolidayCalendar {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("holiday_calendars", row.tenant_id);
        let days: Result<Vec<_>, Invalid> = row
            .working_days
            .iter()
            .map(|day| parse_weekday(day))
            .collect();
        let week = days.and_then(|days| WorkingWeek::of(&days));
        let holiday = |holiday: StoredJson<'_>| {
            let observed_for = holiday.optional_member("observed_for");
            let observed_for = observed_for.map(|_| holiday.date("observed_for"));
            let name = holiday.parsed("name", Line::parse)?;
            let observed_for = observed_for.transpose()?;
            let said = Holiday { name, observed_for };
            Ok::<_, InconsistentRow>((holiday.date("date")?, said))
        };
        let holidays = StoredJson::new(from, "holidays", &row.holidays).each(holiday)?;
        Self::new(
            from.value("year", CalendarYear::new(row.year))?,
            from.version(row.version)?,
            from.value("working_days", week)?,
            holidays,
        )
        .map_err(|_| from.inconsistent("holidays are not those of one year"))
    }
}
