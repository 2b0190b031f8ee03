//! Halls that people want to make: one row for each person, until their address is verified.

use diesel::{
    OptionalExtension, Queryable, RunQueryDsl,
    sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    signups::Signup,
    tenants::{Currency, Slug, TenantKind, ZoneName},
    text::Line,
    users::UserId,
};
use unionhall_ports::{signups::SignupRepository, storage::StorageError};

use crate::{
    errors::InconsistentRow,
    rows::instant,
    statements::{command, prepared},
    stored::StoredRow,
    unit_of_work::Transaction,
};

/// The user is looked up, so that the wish of nobody is kept nowhere and takes the same statement.
const PUT: &str = "\
    insert into signups (user_id, name, slug, kind, time_zone, currency, asked_at) \
    select u.id, ?, ?, ?, ?, ?, ? from users u where u.id = ? \
    on conflict on constraint signups_pkey do update set \
        name = excluded.name, slug = excluded.slug, kind = excluded.kind, time_zone = excluded.time_zone, \
        currency = excluded.currency, asked_at = excluded.asked_at";

const TAKE: &str = "\
    delete from signups where user_id = ? returning name, slug, kind, time_zone, currency";

/// Held until the end of the transaction. The question is a statement of its own, because it must see what whoever was
/// waited for has left.
const HOLD: &str = "select id from users where id = ? for no key update";
const TRIAL_OF: &str = "\
    select t.slug from tenants t \
        join membership_roles r on r.tenant_id = t.id and r.role = 'owner' \
        join memberships m on m.tenant_id = t.id and m.user_id = r.user_id and m.state <> 'removed' \
    where r.user_id = ? and t.status = 'trial' order by t.slug limit 1";

type SignupColumns = (Text, Nullable<Text>, Text, Text, Text);

impl SignupRepository for Transaction<'_> {
    fn put(&mut self, user: UserId, signup: &Signup, now: Timestamp) -> Result<(), StorageError> {
        let Signup {
            name,
            slug,
            kind,
            time_zone,
            currency,
        } = signup;
        let statement = command(PUT)
            .bind::<Text, _>(name.as_str())
            .bind::<Nullable<Text>, _>(slug.as_ref().map(Slug::as_str))
            .bind::<Text, _>(kind.as_str())
            .bind::<Text, _>(time_zone.as_str())
            .bind::<Text, _>(currency.as_str())
            .bind::<Timestamptz, _>(instant(now))
            .bind::<SqlUuid, _>(user.uuid());
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn take(&mut self, user: UserId) -> Result<Option<Signup>, StorageError> {
        let statement = prepared::<SignupColumns>(TAKE).bind::<SqlUuid, _>(user.uuid());
        let row = self.query(|c| statement.get_result::<SignupRow>(c).optional())?;
        row.map(|row| row.of(user))
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn hold_trial_of(&mut self, user: UserId) -> Result<Option<Slug>, StorageError> {
        let hold = command(HOLD).bind::<SqlUuid, _>(user.uuid());
        self.query(|c| hold.execute(c))?;
        let statement = prepared::<Text>(TRIAL_OF).bind::<SqlUuid, _>(user.uuid());
        let slug = self.query(|c| statement.get_result::<String>(c).optional())?;
        let from = StoredRow::new("tenants", user.uuid());
        slug.map(|slug| from.value("slug", Slug::parse(&slug)))
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}

#[derive(Queryable)]
struct SignupRow {
    name: String,
    slug: Option<String>,
    kind: String,
    time_zone: String,
    currency: String,
}

impl SignupRow {
    fn of(self, user: UserId) -> Result<Signup, InconsistentRow> {
        let from = StoredRow::new("signups", user.uuid());
        Ok(Signup {
            name: from.value("name", Line::parse(&self.name))?,
            slug: from.optional("slug", self.slug.as_deref(), Slug::parse)?,
            kind: from.value("kind", TenantKind::parse(&self.kind))?,
            time_zone: from.value("time_zone", ZoneName::stored(&self.time_zone))?,
            currency: from.value("currency", Currency::parse(&self.currency))?,
        })
    }
}
