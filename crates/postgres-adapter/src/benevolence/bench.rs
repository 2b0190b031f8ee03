//! Who decides, and by which rules: seats, relations and versions of the rules.

mod lists;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_types::{Date as SqlDate, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::civil::Date;
use unionhall_domain::{
    benevolence::{
        Kinship, Level, Relation, RelationId, Reviewer, RuleBook, RulesVersion, Seat, SeatId,
    },
    members::MemberId,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{BenevolenceBench, RelationFilter, RelationSort, SeatSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use super::rules::RulesRow;
use crate::{
    errors::InconsistentRow,
    rows::{instant, stored},
    schema::{
        benevolence_relations as relations, benevolence_rules as rules, benevolence_seats as seats,
    },
    statements::{Prepared, prepared},
    stored::{StoredRow, day},
    unit_of_work::Transaction,
};

type SeatColumns = (
    SqlUuid,
    Text,
    SqlUuid,
    Nullable<SqlUuid>,
    SqlDate,
    Nullable<SqlDate>,
);
type SeatRow = (
    Uuid,
    String,
    Uuid,
    Option<Uuid>,
    jiff_diesel::Date,
    Option<jiff_diesel::Date>,
);
type RelationColumns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    Nullable<SqlUuid>,
    Text,
    Nullable<SqlUuid>,
    Timestamptz,
    Nullable<Timestamptz>,
);
type RelationRow = (
    Uuid,
    Uuid,
    Uuid,
    Option<Uuid>,
    String,
    Option<Uuid>,
    jiff_diesel::Timestamp,
    Option<jiff_diesel::Timestamp>,
);

/// A statement about seats, each with the member that its holder is now.
macro_rules! seats_where {
    ($condition:literal) => {
        concat!(
            "select seat.id, seat.level, seat.user_id, place.member_id, seat.first_day, seat.end_day \
             from benevolence_seats seat \
             join memberships place on place.tenant_id = seat.tenant_id and place.user_id = seat.user_id \
             where seat.tenant_id = ? and ",
            $condition
        )
    };
}

/// A statement about relations, each with the member that its reviewer is now.
macro_rules! relations_where {
    ($condition:literal) => {
        concat!(
            "select tie.id, tie.member_id, tie.user_id, place.member_id, tie.kinship, tie.declared_by, \
                 tie.declared_at, tie.ended_at \
             from benevolence_relations tie \
             join memberships place on place.tenant_id = tie.tenant_id and place.user_id = tie.user_id \
             where tie.tenant_id = ? and ",
            $condition
        )
    };
}

const SEATS: &str = seats_where!(
    "(seat.end_day is null or seat.end_day > ?) \
     order by benevolence_rank(seat.level), seat.first_day, seat.id"
);
const SEAT: &str = seats_where!("seat.id = ?");

const RELATION: &str = relations_where!("tie.id = ?");
const RELATIONS: &str = relations_where!("tie.ended_at is null order by tie.declared_at, tie.id");
const RELATIONS_OF_MEMBER: &str = relations_where!(
    "tie.ended_at is null and ? in (tie.member_id, place.member_id) order by tie.declared_at, tie.id"
);
// Two accounts of one member are one person.
const RELATIONS_TO_USER: &str = relations_where!(
    "tie.ended_at is null and (tie.user_id = ? or \
         (select own.member_id from memberships own where own.tenant_id = tie.tenant_id and own.user_id = ?) \
         in (tie.member_id, place.member_id)) \
     order by tie.declared_at, tie.id"
);
const RELATIONS_BETWEEN: &str = relations_where!(
    "tie.ended_at is null and (tie.user_id = ? or \
         (select own.member_id from memberships own where own.tenant_id = tie.tenant_id and own.user_id = ?) \
         in (tie.member_id, place.member_id)) \
     and ? in (tie.member_id, place.member_id) order by tie.declared_at, tie.id"
);

impl BenevolenceBench for Transaction<'_> {
    fn rules(&mut self) -> Result<RuleBook, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<RulesRow> = self.query(|connection| {
            rules::table
                .filter(rules::tenant_id.eq(tenant.uuid()))
                .order(rules::effective_from)
                .select(RulesRow::as_select())
                .load(connection)
        })?;
        let versions = self.all(rows, RulesVersion::try_from)?;
        stored(
            "benevolence_rules",
            tenant.uuid(),
            "effective_from",
            RuleBook::of(versions),
        )
        .map_err(|row| self.refuse(row))
    }

    fn put_rules(&mut self, version: &RulesVersion) -> Result<(), StorageError> {
        let row = RulesRow::new(self.tenant()?, version);
        self.query(|connection| {
            diesel::insert_into(rules::table)
                .values(&row)
                .on_conflict((rules::tenant_id, rules::effective_from))
                .do_update()
                .set(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn seats(&mut self, on: Date) -> Result<Vec<Seat>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| {
            prepared::<SeatColumns>(SEATS)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlDate, _>(day(on))
                .load::<SeatRow>(connection)
        })?;
        self.all(rows, seat)
    }

    fn list_seats(
        &mut self,
        on: Date,
        page: &PageRequest<SeatSort>,
    ) -> Result<Page<Seat>, StorageError> {
        lists::seats_of(self, on, page)
    }

    fn find_seat(&mut self, id: SeatId) -> Result<Option<Seat>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            prepared::<SeatColumns>(SEAT)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(id.uuid())
                .get_result::<SeatRow>(connection)
                .optional()
        })?;
        row.map(seat).transpose().map_err(|row| self.refuse(row))
    }

    fn insert_seat(&mut self, seat: &Seat) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let values = (
            seats::id.eq(seat.id.uuid()),
            seats::tenant_id.eq(tenant.uuid()),
            seats::level.eq(seat.level.as_str()),
            seats::user_id.eq(seat.holder.user.uuid()),
            seats::first_day.eq(day(seat.from)),
            seats::end_day.eq(seat.until.map(day)),
        );
        self.query(|connection| {
            diesel::insert_into(seats::table)
                .values(values)
                .execute(connection)
        })
        .map(drop)
    }

    fn end_seat(&mut self, seat: &Seat) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            diesel::update(seats::table)
                .filter(seats::tenant_id.eq(tenant.uuid()))
                .filter(seats::id.eq(seat.id.uuid()))
                .set(seats::end_day.eq(seat.until.map(day)))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn relations(&mut self, filter: &RelationFilter) -> Result<Vec<Relation>, StorageError> {
        let tenant = self.tenant()?.uuid();
        let about = |text| prepared::<RelationColumns>(text).bind::<SqlUuid, _>(tenant);
        let (member, user) = (
            filter.member.map(MemberId::uuid),
            filter.user.map(UserId::uuid),
        );
        let statement: Prepared<'_, RelationColumns> = match (member, user) {
            (None, None) => about(RELATIONS),
            (Some(member), None) => about(RELATIONS_OF_MEMBER).bind::<SqlUuid, _>(member),
            (None, Some(user)) => about(RELATIONS_TO_USER)
                .bind::<SqlUuid, _>(user)
                .bind::<SqlUuid, _>(user),
            (Some(member), Some(user)) => about(RELATIONS_BETWEEN)
                .bind::<SqlUuid, _>(user)
                .bind::<SqlUuid, _>(user)
                .bind::<SqlUuid, _>(member),
        };
        let rows = self.query(|connection| statement.load::<RelationRow>(connection))?;
        self.all(rows, relation)
    }

    fn list_relations(
        &mut self,
        filter: &RelationFilter,
        page: &PageRequest<RelationSort>,
    ) -> Result<Page<Relation>, StorageError> {
        lists::relations_of(self, filter, page)
    }

    fn find_relation(&mut self, id: RelationId) -> Result<Option<Relation>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            prepared::<RelationColumns>(RELATION)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(id.uuid())
                .get_result::<RelationRow>(connection)
                .optional()
        })?;
        row.map(relation)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn insert_relation(&mut self, relation: &Relation) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let values = (
            relations::id.eq(relation.id.uuid()),
            relations::tenant_id.eq(tenant.uuid()),
            relations::member_id.eq(relation.member.uuid()),
            relations::user_id.eq(relation.reviewer.user.uuid()),
            relations::kinship.eq(relation.kinship.as_str()),
            relations::declared_by.eq(relation.declared_by.map(UserId::uuid)),
            relations::declared_at.eq(instant(relation.declared_at)),
            relations::ended_at.eq(relation.ended_at.map(instant)),
        );
        self.query(|connection| {
            diesel::insert_into(relations::table)
                .values(values)
                .execute(connection)
        })
        .map(drop)
    }

    fn end_relation(&mut self, relation: &Relation) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            diesel::update(relations::table)
                .filter(relations::tenant_id.eq(tenant.uuid()))
                .filter(relations::id.eq(relation.id.uuid()))
                .filter(relations::ended_at.is_null())
                .set(relations::ended_at.eq(relation.ended_at.map(instant)))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

fn seat((id, level, user, member, first, end): SeatRow) -> Result<Seat, InconsistentRow> {
    let from = StoredRow::new("benevolence_seats", id);
    Ok(Seat {
        id: SeatId::new(id),
        level: from.value("level", Level::parse(&level))?,
        holder: Reviewer {
            user: UserId::new(user),
            member: member.map(MemberId::new),
        },
        from: first.to_jiff(),
        until: end.map(jiff_diesel::Date::to_jiff),
    })
}

fn relation(row: RelationRow) -> Result<Relation, InconsistentRow> {
    let (id, member, user, reviewer, kinship, declared_by, declared_at, ended_at) = row;
    let from = StoredRow::new("benevolence_relations", id);
    Ok(Relation {
        id: RelationId::new(id),
        member: MemberId::new(member),
        reviewer: Reviewer {
            user: UserId::new(user),
            member: reviewer.map(MemberId::new),
        },
        kinship: from.value("kinship", Kinship::parse(&kinship))?,
        declared_by: declared_by.map(UserId::new),
        declared_at: declared_at.to_jiff(),
        ended_at: ended_at.map(jiff_diesel::Timestamp::to_jiff),
    })
}
