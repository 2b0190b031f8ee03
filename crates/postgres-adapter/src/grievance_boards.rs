//! Boards over all grievances in PostgreSQL: each one statement, statistics three.

mod sql;

use diesel::{
    QueryResult, RunQueryDsl,
    sql_types::{BigInt, Date as SqlDate, Integer, Nullable, SmallInt, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    grievance_boards::{
        CaseStatistics, DueItem, DueKind, EmployerLoad, GroupOutcomes, Grouping, Load, Outcomes,
        Period, RepresentativeLoad, StepDays, StepLoad, Week,
    },
    grievances::{GrievanceId, GrievanceNumber, Step},
    organizations::OrganizationId,
    tenants::ZoneName,
    users::UserId,
};
use unionhall_ports::{
    grievance_boards::{DueFilter, DueSort, GrievanceBoards, LoadSort},
    pages::{Cursor, Direction, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    lists::{day_key, place},
    rows::{count, page as page_of, stored},
    statements::prepared,
    stored::day,
    unit_of_work::Transaction,
};

/// A row of a load: whose, alive, due, overdue, and how many rows there are in all.
type LoadRow = (Option<Uuid>, i64, i64, i64, i64);
type LoadColumns = (Nullable<SqlUuid>, BigInt, BigInt, BigInt, BigInt);
/// A row of what is due, and how many there are in all.
type DueRow = (
    String,
    Uuid,
    Uuid,
    i16,
    i32,
    Option<Uuid>,
    jiff_diesel::Date,
    String,
    i64,
);
type DueColumns = (
    Text,
    SqlUuid,
    SqlUuid,
    SmallInt,
    Integer,
    Nullable<SqlUuid>,
    SqlDate,
    Text,
    BigInt,
);

impl GrievanceBoards for Transaction<'_> {
    fn by_step(&mut self) -> Result<Vec<StepLoad>, StorageError> {
        let statement = prepared::<(Text, BigInt, BigInt, Nullable<SqlDate>)>(sql::BY_STEP)
            .bind::<SqlUuid, _>(self.tenant()?.uuid());
        let rows: Vec<(String, i64, i64, Option<jiff_diesel::Date>)> =
            self.query(|connection| statement.load(connection))?;
        let load = |step: Step| {
            let found = rows.iter().find(|(name, ..)| name == step.as_str());
            StepLoad {
                step,
                open: found.map_or(0, |(_, open, ..)| count(*open)),
                denied: found.map_or(0, |(_, _, denied, _)| count(*denied)),
                oldest_filed: found.and_then(|(.., oldest)| oldest.map(|day| day.to_jiff())),
            }
        };
        Ok(Step::ALL.into_iter().map(load).collect())
    }

    fn by_representative(
        &mut self,
        week: Week,
        zone: &ZoneName,
        page: &PageRequest<LoadSort>,
    ) -> Result<Page<RepresentativeLoad>, StorageError> {
        let rows = self.loads(sql::BY_REPRESENTATIVE, week, zone, page)?;
        Ok(loads(rows, page, |of| of.map(UserId::new)))
    }

    fn by_employer(
        &mut self,
        week: Week,
        zone: &ZoneName,
        page: &PageRequest<LoadSort>,
    ) -> Result<Page<EmployerLoad>, StorageError> {
        let rows = self.loads(sql::BY_EMPLOYER, week, zone, page)?;
        // Every grievance has an employer.
        Ok(loads(rows, page, |of| {
            OrganizationId::new(of.unwrap_or_default())
        }))
    }

    fn due(
        &mut self,
        week: Week,
        zone: &ZoneName,
        filter: &DueFilter,
        page: &PageRequest<DueSort>,
    ) -> Result<Page<DueItem>, StorageError> {
        let tenant = self.tenant()?.uuid();
        let DueSort::Due = page.sort;
        let after = place(page.after.as_ref(), day_key);
        let Ok(after) = after else {
            return Ok(nothing());
        };
        let text = match page.direction {
            Direction::Ascending => sql::DUE,
            Direction::Descending => sql::DUE_LAST_FIRST,
        };
        let statement = prepared::<DueColumns>(text)
            .bind::<SqlUuid, _>(tenant)
            .bind::<SqlDate, _>(day(week.until))
            .bind::<Text, _>(zone.as_str().to_owned())
            .bind::<Nullable<SqlUuid>, _>(filter.representative.map(UserId::uuid))
            .bind::<Nullable<SqlUuid>, _>(filter.carrier.map(UserId::uuid))
            .bind::<Nullable<SqlDate>, _>(after.map(|(due, _)| due))
            .bind::<Nullable<SqlUuid>, _>(after.map(|(_, id)| id))
            .bind::<BigInt, _>(i64::from(page.limit).saturating_add(1));
        let rows: Vec<DueRow> = self.query(|connection| statement.load(connection))?;
        let total = rows.first().map_or(0, |row| row.8);
        let items: Result<Vec<_>, _> = rows.into_iter().map(due_item).collect();
        let items = items.map_err(|row| self.refuse(row))?;
        let total = page.with_total.then(|| count(total));
        Ok(page_of(items, page.limit, total, |last| Cursor {
            key: last.due_on.to_string(),
            id: last.id,
        }))
    }

    fn statistics(&mut self, period: Period, by: Grouping) -> Result<CaseStatistics, StorageError> {
        let groups = self.outcomes(period, grouping(by))?;
        let total = self.outcomes(period, "all")?;
        Ok(CaseStatistics {
            period,
            total: total
                .into_iter()
                .next()
                .map_or_else(Outcomes::default, |all| all.outcomes),
            groups,
            days_per_step: self.days_per_step(period)?,
        })
    }
}

impl Transaction<'_> {
    fn loads(
        &mut self,
        text: &'static str,
        week: Week,
        zone: &ZoneName,
        page: &PageRequest<LoadSort>,
    ) -> Result<Vec<LoadRow>, StorageError> {
        let tenant = self.tenant()?.uuid();
        let LoadSort::Open = page.sort;
        let Ok(after) = place(page.after.as_ref(), load_key) else {
            return Ok(Vec::new());
        };
        let sign: i64 = match page.direction {
            Direction::Ascending => 1,
            Direction::Descending => -1,
        };
        let statement = prepared::<LoadColumns>(text)
            .bind::<SqlUuid, _>(tenant)
            .bind::<SqlDate, _>(day(week.today))
            .bind::<SqlDate, _>(day(week.until))
            .bind::<Text, _>(zone.as_str().to_owned())
            .bind::<BigInt, _>(sign)
            .bind::<Nullable<BigInt>, _>(after.map(|(open, _)| open))
            .bind::<Nullable<SqlUuid>, _>(after.map(|(_, id)| id))
            .bind::<BigInt, _>(i64::from(page.limit).saturating_add(1));
        self.query(|connection| statement.load(connection))
    }

    fn outcomes(
        &mut self,
        period: Period,
        by: &'static str,
    ) -> Result<Vec<GroupOutcomes>, StorageError> {
        type Columns = (Nullable<Text>, BigInt, BigInt, BigInt, BigInt);
        type Rows = QueryResult<Vec<(Option<String>, i64, i64, i64, i64)>>;
        let statement = prepared::<Columns>(sql::OUTCOMES)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlDate, _>(day(period.from))
            .bind::<SqlDate, _>(day(period.until))
            .bind::<Text, _>(by);
        let rows = self.query(|connection| -> Rows { statement.load(connection) })?;
        let group = |(group, filed, settled, won, withdrawn)| GroupOutcomes {
            group,
            outcomes: Outcomes {
                filed: count(filed),
                settled: count(settled),
                won: count(won),
                withdrawn: count(withdrawn),
            },
        };
        Ok(rows.into_iter().map(group).collect())
    }

    fn days_per_step(&mut self, period: Period) -> Result<Vec<StepDays>, StorageError> {
        let statement = prepared::<(Text, BigInt, Nullable<BigInt>)>(sql::DAYS_PER_STEP)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlDate, _>(day(period.from))
            .bind::<SqlDate, _>(day(period.until));
        let rows: Vec<(String, i64, Option<i64>)> =
            self.query(|connection| statement.load(connection))?;
        let days = |step: Step| {
            let found = rows.iter().find(|(name, ..)| name == step.as_str());
            StepDays {
                step,
                cases: found.map_or(0, |(_, cases, _)| count(*cases)),
                average_tenths: found.and_then(|(.., tenths)| tenths.map(count)),
            }
        };
        Ok(Step::ALL.into_iter().map(days).collect())
    }
}

/// The key of a list that is sorted by a load: never less than none, so that its sign can be turned.
fn load_key(key: &str) -> Option<i64> {
    key.parse().ok().filter(|open| *open >= 0)
}

/// The name of a grouping in the statement.
const fn grouping(by: Grouping) -> &'static str {
    by.as_str()
}

fn loads<K>(
    rows: Vec<LoadRow>,
    page: &PageRequest<LoadSort>,
    of: impl Fn(Option<Uuid>) -> K,
) -> Page<Load<K>> {
    let total = rows.first().map_or(0, |row| row.4);
    let total = page.with_total.then(|| count(total));
    let Page { items, next, total } = page_of(rows, page.limit, total, |last| Cursor {
        key: last.1.to_string(),
        id: last.0.unwrap_or_default(),
    });
    let load = |(key, open, due, overdue, _): LoadRow| Load {
        of: of(key),
        open: count(open),
        due_this_week: count(due),
        overdue: count(overdue),
    };
    Page {
        items: items.into_iter().map(load).collect(),
        next,
        total,
    }
}

const fn nothing<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        next: None,
        total: None,
    }
}

fn due_item(row: DueRow) -> Result<DueItem, InconsistentRow> {
    let (kind, id, grievance, year, place, representative, due_on, about, _) = row;
    Ok(DueItem {
        kind: stored("due", id, "kind", DueKind::parse(&kind))?,
        id,
        grievance: GrievanceId::new(grievance),
        number: stored(
            "grievances",
            grievance,
            "number",
            GrievanceNumber::new(year, place),
        )?,
        representative: representative.map(UserId::new),
        due_on: due_on.to_jiff(),
        about,
    })
}
