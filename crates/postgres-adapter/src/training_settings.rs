//! What a tenant has decided about its school, in PostgreSQL.

use diesel::{
    AsChangeset, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    RunQueryDsl, Selectable, SelectableHelper,
};
use unionhall_domain::{
    tenants::TenantId,
    training_settings::{Excused, Grace, Overlaps, TrainingSettings},
    version::Version,
};
use unionhall_ports::{storage::StorageError, training_settings::TrainingSettingsRepository};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow, schema::training_settings, stored::StoredRow,
    unit_of_work::Transaction,
};

/// The row of a tenant.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = training_settings)]
#[diesel(primary_key(tenant_id))]
struct Row {
    tenant_id: Uuid,
    on_overlap: String,
    late_after_minutes: i32,
    left_early_before_minutes: i32,
    excused: String,
    version: i64,
}

impl Row {
    fn new(tenant: TenantId, settings: &TrainingSettings) -> Self {
        Self {
            tenant_id: tenant.uuid(),
            on_overlap: settings.overlaps.as_str().to_owned(),
            late_after_minutes: settings.late_after.get().into(),
            left_early_before_minutes: settings.left_early_before.get().into(),
            excused: settings.excused.as_str().to_owned(),
            version: settings.version.get(),
        }
    }

    fn settings(&self) -> Result<TrainingSettings, InconsistentRow> {
        let from = StoredRow::new("training_settings", self.tenant_id);
        let grace = |column, minutes: i32| from.value(column, Grace::new(minutes.into()));
        Ok(TrainingSettings {
            overlaps: from.value("on_overlap", Overlaps::parse(&self.on_overlap))?,
            late_after: grace("late_after_minutes", self.late_after_minutes)?,
            left_early_before: grace("left_early_before_minutes", self.left_early_before_minutes)?,
            excused: from.value("excused", Excused::parse(&self.excused))?,
            version: from.version(self.version)?,
        })
    }
}

impl TrainingSettingsRepository for Transaction<'_> {
    fn find(&mut self) -> Result<TrainingSettings, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            training_settings::table
                .find(tenant.uuid())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        row.map_or(Ok(TrainingSettings::USUAL), |row| {
            row.settings().map_err(|row| self.refuse(row))
        })
    }

    fn put(&mut self, settings: &TrainingSettings) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, settings);
        let stored = row.version.saturating_sub(1);
        let written = if stored == Version::FIRST.get() {
            self.query(|connection| {
                diesel::insert_into(training_settings::table)
                    .values(&row)
                    .on_conflict_do_nothing()
                    .execute(connection)
            })?
        } else {
            self.query(|connection| {
                diesel::update(training_settings::table.find(row.tenant_id))
                    .filter(training_settings::version.eq(stored))
                    .set(&row)
                    .execute(connection)
            })?
        };
        self.unless_stale(written, 1)
    }
}
