//! Organizations that are there twice, and the merging of two into one.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    audit::Target,
    organizations::{Organization, OrganizationId},
};
use unionhall_ports::{
    organizations::{Double, DuplicateRepository, Likeness, Moved, Similar, Twins},
    storage::StorageError,
};
use uuid::Uuid;

use super::row::Row;
use crate::{
    rows::instant, schema::organizations, statements::prepared, unit_of_work::Transaction,
};

/// The names are made bare once and not for each row.
const SIMILAR: &str = "\
    with wanted as materialized ( \
        select organizations_bare_name(name) as name, organizations_bare_address(address) as address \
        from (values (?, ?)) as given (name, address)), \
    found as ( \
        select o.id, similarity(o.bare_name, w.name) as degree, o.bare_name = w.name as same_name, \
            coalesce(o.bare_address = w.address, false) as same_address \
        from organizations o, wanted w \
        where o.tenant_id = ? and o.deleted_at is null and o.id is distinct from ?) \
    select id, case when same_name then 100 else least(99, round(degree * 100))::integer end, same_address \
    from found where degree >= 0.45 or same_name or same_address \
    order by same_name desc, degree desc, same_address desc, id limit 10";

/// Each name is compared with the 15 that follow it in the order of the alphabet, and in that of the names written backwards,
/// which brings together what is mistyped at its beginning; and where addresses are one, with those that follow it there. So
/// the work grows with the number of organizations and not with its square, however alike they begin (the sorted
/// neighbourhood of Hernández and Stolfo, "The Merge/Purge Problem for Large Databases", 1995). They are gathered by windows
/// and not by a join, which could be planned as a comparison of each with each.
const PAIRS: &str = "\
    with near as ( \
        select id, bare_name, bare_address, created_at, 0.6::real as enough, \
            array_agg(id) over w as ids, array_agg(bare_name) over w as names, \
            array_agg(bare_address) over w as addresses, array_agg(created_at) over w as times \
        from organizations where tenant_id = ? and deleted_at is null \
        window w as (order by bare_name, id rows between 1 following and 15 following) \
        union all \
        select id, bare_name, bare_address, created_at, 0.6::real as enough, \
            array_agg(id) over w as ids, array_agg(bare_name) over w as names, \
            array_agg(bare_address) over w as addresses, array_agg(created_at) over w as times \
        from organizations where tenant_id = ? and deleted_at is null \
        window w as (order by reverse(bare_name), id rows between 1 following and 15 following) \
        union all \
        select id, bare_name, bare_address, created_at, 0.3::real as enough, \
            array_agg(id) over w as ids, array_agg(bare_name) over w as names, \
            array_agg(bare_address) over w as addresses, array_agg(created_at) over w as times \
        from organizations where tenant_id = ? and deleted_at is null and bare_address is not null \
        window w as (partition by bare_address order by bare_name, id rows between 1 following and 15 following)), \
    compared as ( \
        select distinct \
            case when (a.created_at, a.id) < (b.created_at, b.id) then a.id else b.id end as first, \
            case when (a.created_at, a.id) < (b.created_at, b.id) then b.id else a.id end as second, \
            a.bare_name = b.bare_name as same_name, degree, \
            coalesce(a.bare_address = b.bare_address, false) as same_address \
        from near a cross join lateral unnest(a.ids, a.names, a.addresses, a.times) \
            as b (id, bare_name, bare_address, created_at) \
        cross join lateral (select similarity(a.bare_name, b.bare_name) as degree offset 0) as c \
        where degree >= a.enough) \
    select first, second, \
        case when same_name then 100 else least(99, round(degree * 100))::integer end, same_address \
    from compared order by same_name desc, degree desc, same_address desc, first, second limit ?";

/// One other for each: the eldest with the same name, or else with the same address.
const DOUBLES_OF: &str = "\
    select n.id, double.id, double.name from organizations n cross join lateral ( \
        (select o.id, o.name, 0 as rank from organizations o \
        where o.tenant_id = n.tenant_id and o.deleted_at is null and o.bare_name = n.bare_name and o.id <> n.id \
        order by o.created_at, o.id limit 1) \
        union all \
        (select o.id, o.name, 1 from organizations o \
        where o.tenant_id = n.tenant_id and o.deleted_at is null and o.bare_address = n.bare_address and o.id <> n.id \
        order by o.created_at, o.id limit 1) \
        order by rank limit 1) as double \
    where n.tenant_id = ? and n.id = any(?) order by n.id";

/// What hangs on organizations, and how it is moved from the second to the first.
///
/// A table that comes to refer to organizations gets its line here, also where its records stay; a test compares this with
/// the database.
pub const REFERENCES: &[Reference] = &[
    Reference {
        table: "campaign_targets",
        column: "organization_id",
        target: Some(Target::Campaign),
        field: "organization_id",
        // Activities can follow only where the campaign has the organization among its targets; what it says of the one
        // that stays, it keeps.
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)), \
            made as ( \
                insert into campaign_targets (tenant_id, campaign_id, organization_id, unit_size, cards_goal) \
                select t.tenant_id, t.campaign_id, g.winner, t.unit_size, t.cards_goal \
                from given g join campaign_targets t on t.tenant_id = g.tenant and t.organization_id = g.loser \
                on conflict (tenant_id, campaign_id, organization_id) do update \
                set unit_size = excluded.unit_size, cards_goal = excluded.cards_goal \
                where campaign_targets.unit_size is null and campaign_targets.cards_goal is null) \
            update campaigns c set version = c.version + 1, updated_at = g.at \
            from given g where c.tenant_id = g.tenant and exists ( \
                select from campaign_targets t \
                where t.tenant_id = g.tenant and t.organization_id = g.loser and t.campaign_id = c.id) \
            returning c.id, false",
    },
    Reference {
        table: "collective_agreement_parties",
        column: "organization_id",
        target: Some(Target::CollectiveAgreement),
        field: "organization_id",
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)), \
            named as ( \
                update collective_agreement_parties p set organization_id = g.winner \
                from given g where p.tenant_id = g.tenant and p.organization_id = g.loser returning p.agreement_id) \
            update collective_agreements a set version = a.version + 1, updated_at = g.at \
            from given g where a.tenant_id = g.tenant and a.id in (select agreement_id from named) returning a.id, false",
    },
    Reference {
        table: "contacts",
        column: "organization_id",
        target: Some(Target::Contact),
        field: "organization_id",
        // A place that is taken is given up before it could be had twice.
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            update contacts c set organization_id = g.winner, version = c.version + 1, updated_at = g.at, \
                is_primary = c.is_primary and not exists ( \
                    select from contacts w \
                    where w.tenant_id = g.tenant and w.organization_id = g.winner and w.is_primary) \
            from given g join contacts o on o.tenant_id = g.tenant and o.organization_id = g.loser \
            where c.tenant_id = g.tenant and c.id = o.id \
            returning c.id, o.is_primary and not c.is_primary",
    },
    Reference {
        table: "documents",
        column: "organization_id",
        target: Some(Target::Document),
        field: "record_id",
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            update documents d set organization_id = g.winner, version = d.version + 1, updated_at = g.at \
            from given g where d.tenant_id = g.tenant and d.organization_id = g.loser returning d.id, false",
    },
    Reference {
        table: "employments",
        column: "organization_id",
        target: Some(Target::Employment),
        field: "organization_id",
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            update employments e set organization_id = g.winner, version = e.version + 1, updated_at = g.at \
            from given g where e.tenant_id = g.tenant and e.organization_id = g.loser returning e.id, false",
    },
    Reference {
        table: "grievances",
        column: "employer_id",
        target: Some(Target::Grievance),
        field: "employer_id",
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            update grievances r set employer_id = g.winner, version = r.version + 1, updated_at = g.at \
            from given g where r.tenant_id = g.tenant and r.employer_id = g.loser returning r.id, false",
    },
    Reference {
        table: "organizations",
        column: "merged_into",
        target: None,
        field: "merged_into",
        // What was merged into the loser before leads to the winner from now on, and so does the loser.
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            update organizations o set merged_into = g.winner \
            from given g where o.tenant_id = g.tenant and (o.merged_into = g.loser or o.id = g.loser) \
            returning o.id, false",
    },
    Reference {
        table: "salting_activities",
        column: "organization_id",
        target: Some(Target::SaltingActivity),
        field: "organization_id",
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            update salting_activities s set organization_id = g.winner, version = s.version + 1, updated_at = g.at \
            from given g where s.tenant_id = g.tenant and s.organization_id = g.loser returning s.id, false",
    },
    Reference {
        table: "students",
        column: "union_id",
        target: Some(Target::Student),
        field: "union_id",
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            update students s set union_id = g.winner, version = s.version + 1, updated_at = g.at \
            from given g where s.tenant_id = g.tenant and s.union_id = g.loser returning s.id, false",
    },
    Reference {
        table: "campaign_targets",
        column: "organization_id",
        target: None,
        field: "organization_id",
        // After the activities have left: nothing of a campaign is about the one that goes.
        statement: "\
            with given (winner, loser, at, tenant) as (values (?, ?, ?, ?)) \
            delete from campaign_targets t using given g \
            where t.tenant_id = g.tenant and t.organization_id = g.loser returning t.campaign_id as id, false",
    },
];

/// What refers to organizations and stays with the one that goes: histories that nothing of the program's may change.
/// That of the one that stays goes on.
pub const KEPT: &[(&str, &str)] = &[("salting_scores", "organization_id")];

/// A column that refers to organizations, and how it is moved from one to another.
pub struct Reference {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// What its records are to the audit trail; none where moving them is no change of theirs.
    target: Option<Target>,
    /// What they call the organization there.
    field: &'static str,
    statement: &'static str,
}

impl DuplicateRepository for Transaction<'_> {
    fn similar(
        &mut self,
        wanted: &Likeness,
        except: Option<OrganizationId>,
    ) -> Result<Vec<Similar>, StorageError> {
        let tenant = self.tenant()?;
        let Likeness { name, address } = wanted;
        let found: Vec<(Uuid, i32, bool)> = self.query(|connection| {
            prepared::<(SqlUuid, Integer, Bool)>(SIMILAR)
                .bind::<Text, _>(name.replace('\0', " "))
                .bind::<Nullable<Text>, _>(address.as_ref().map(|text| text.replace('\0', " ")))
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<Nullable<SqlUuid>, _>(except.map(OrganizationId::uuid))
                .load(connection)
        })?;
        let mut known = self.with_ids(found.iter().map(|(id, _, _)| *id).collect())?;
        let similar = |(id, percent, same_address): (Uuid, i32, bool)| {
            Some(Similar {
                organization: known.remove(&id)?,
                similarity: u8::try_from(percent).unwrap_or_default(),
                same_address,
            })
        };
        Ok(found.into_iter().filter_map(similar).collect())
    }

    fn pairs(&mut self, limit: u16) -> Result<Vec<Twins>, StorageError> {
        let tenant = self.tenant()?;
        let found: Vec<(Uuid, Uuid, i32, bool)> = self.query(|connection| {
            prepared::<(SqlUuid, SqlUuid, Integer, Bool)>(PAIRS)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<BigInt, _>(i64::from(limit))
                .load(connection)
        })?;
        let ids = found
            .iter()
            .flat_map(|(first, second, _, _)| [*first, *second]);
        let known = self.with_ids(ids.collect())?;
        let twins = |(first, second, percent, same_address): (Uuid, Uuid, i32, bool)| {
            Some(Twins {
                first: known.get(&first)?.clone(),
                second: Similar {
                    organization: known.get(&second)?.clone(),
                    similarity: u8::try_from(percent).unwrap_or_default(),
                    same_address,
                },
            })
        };
        Ok(found.into_iter().filter_map(twins).collect())
    }

    fn doubles_of(&mut self, ids: &[OrganizationId]) -> Result<Vec<Double>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let found: Vec<(Uuid, Uuid, String)> = self.query(|connection| {
            prepared::<(SqlUuid, SqlUuid, Text)>(DOUBLES_OF)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<Array<SqlUuid>, _>(ids)
                .load(connection)
        })?;
        let double = |(id, like, name)| Double {
            id: OrganizationId::new(id),
            like: OrganizationId::new(like),
            name,
        };
        Ok(found.into_iter().map(double).collect())
    }

    fn merged_into(&mut self, id: OrganizationId) -> Result<Option<OrganizationId>, StorageError> {
        let tenant = self.tenant()?;
        let winner: Option<Option<Uuid>> = self.query(|connection| {
            organizations::table
                .filter(organizations::tenant_id.eq(tenant.uuid()))
                .filter(organizations::id.eq(id.uuid()))
                .select(organizations::merged_into)
                .first(connection)
                .optional()
        })?;
        Ok(winner.flatten().map(OrganizationId::new))
    }

    fn merged(
        &mut self,
        ids: &[OrganizationId],
    ) -> Result<Vec<(OrganizationId, OrganizationId)>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let found: Vec<(Uuid, Uuid)> = self.query(|connection| {
            organizations::table
                .filter(organizations::tenant_id.eq(tenant.uuid()))
                .filter(organizations::id.eq_any(ids))
                .filter(organizations::merged_into.is_not_null())
                .select((
                    organizations::id,
                    organizations::merged_into.assume_not_null(),
                ))
                .load(connection)
        })?;
        let pair = |(loser, winner)| (OrganizationId::new(loser), OrganizationId::new(winner));
        Ok(found.into_iter().map(pair).collect())
    }

    fn take_over(
        &mut self,
        winner: OrganizationId,
        loser: OrganizationId,
        now: Timestamp,
    ) -> Result<Vec<Moved>, StorageError> {
        let tenant = self.tenant()?;
        let mut moved = Vec::new();
        for reference in REFERENCES {
            let ids: Vec<(Uuid, bool)> = self.query(|connection| {
                prepared::<(SqlUuid, Bool)>(reference.statement)
                    .bind::<SqlUuid, _>(winner.uuid())
                    .bind::<SqlUuid, _>(loser.uuid())
                    .bind::<Timestamptz, _>(instant(now))
                    .bind::<SqlUuid, _>(tenant.uuid())
                    .load(connection)
            })?;
            if let Some(target) = reference.target {
                moved.extend(ids.into_iter().map(|(id, gave_up)| Moved {
                    target,
                    field: reference.field,
                    id,
                    // Of all that moves, contacts alone have a place that they may lose.
                    gave_up: gave_up.then_some("is_primary"),
                }));
            }
        }
        Ok(moved)
    }
}

impl Transaction<'_> {
    fn with_ids(&mut self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Organization>, StorageError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let tenant = self.tenant()?;
        let rows: Vec<Row> = self.query(|connection| {
            organizations::table
                .filter(organizations::tenant_id.eq(tenant.uuid()))
                .filter(organizations::id.eq_any(ids))
                .filter(organizations::deleted_at.is_null())
                .select(Row::as_select())
                .load(connection)
        })?;
        let organizations: Result<_, _> = rows
            .into_iter()
            .map(|row| Organization::try_from(row).map(|found| (found.id.uuid(), found)))
            .collect();
        organizations.map_err(|row| self.refuse(row))
    }
}
