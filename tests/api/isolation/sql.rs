//! The same at the level of SQL: what the database itself shows and refuses when a query forgets the tenant.

use unionhall_testing::{TestApp, sql::Sql};

use super::world;

/// Everything that carries a tenant.
const TABLES: &str = "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid \
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id' \
    order by 1";

/// What the database says when a role may not, by grant or by policy.
const FORBIDDEN: &str = "42501";

/// Tables in which the world has rows of both tenants that the program may read in a tenant's scope.
const FILLED: [&str; 45] = [
    "audit_events",
    "benevolence_applications",
    "benevolence_fund_entries",
    "benevolence_funds",
    "benevolence_payments",
    "benevolence_relations",
    "benevolence_reviews",
    "benevolence_seats",
    "collective_agreement_parties",
    "collective_agreement_rule_sets",
    "collective_agreements",
    "campaign_targets",
    "campaigns",
    "case_file_jobs",
    "cohort_instructors",
    "cohort_stays",
    "cohorts",
    "contacts",
    "class_sessions",
    "classes",
    "course_editions",
    "courses",
    "employments",
    "deadline_feeds",
    "deadlines",
    "document_files",
    "documents",
    "grievance_events",
    "grievance_steps",
    "grievances",
    "holiday_calendars",
    "idempotency_keys",
    "instructors",
    "invitations",
    "locations",
    "members",
    "membership_roles",
    "memberships",
    "number_sequences",
    "organizations",
    "salting_activities",
    "salting_scores",
    "student_moves",
    "students",
    "training_settings",
];

struct Seats {
    admin: Sql,
    runtime: Sql,
    local: String,
    trust: String,
}

impl Seats {
    fn of(app: &TestApp) -> Self {
        Self {
            admin: Sql::connect(&app.database().owner_url()),
            runtime: Sql::connect(&app.database().runtime_url()),
            local: app.local.id().to_string(),
            trust: app.trust.id().to_string(),
        }
    }

    fn tables(&self) -> Vec<String> {
        let tables = self.admin.column(TABLES);
        assert!(tables.len() > FILLED.len(), "{tables:?}");
        tables
    }

    /// Whose rows the program's role sees without a `WHERE`; none when it may not even ask.
    fn whose(&self, table: &str) -> Vec<String> {
        let query = format!("select distinct coalesce(tenant_id::text, 'none') from {table}");
        match self.runtime.try_rows(&query) {
            Ok(rows) => rows.into_iter().flatten().flatten().collect(),
            Err(refused) if refused.state == FORBIDDEN => Vec::new(),
            Err(refused) => panic!("{table}: {refused:?}"),
        }
    }

    fn enter(&self, tenant: &str) {
        let _nothing = self.runtime.rows(&format!(
            "select set_config('app.tenant', '{tenant}', false), set_config('app.scope', 'tenant', false)"
        ));
    }
}

#[test]
fn every_table_with_a_tenant_has_row_level_security_that_binds_its_owner_too() {
    let app = TestApp::start();
    let seats = Seats::of(&app);
    for table in seats.tables() {
        let secured = seats.admin.column(&format!(
            "select (relrowsecurity and relforcerowsecurity)::text from pg_class where oid = '{table}'::regclass"
        ));
        assert_eq!(secured, ["true"], "{table}");
    }
}

#[test]
fn a_query_that_forgets_the_tenant_sees_its_own_rows_and_without_a_tenant_none() {
    let (app, _) = world();
    let seats = Seats::of(&app);
    for table in seats.tables() {
        assert!(seats.whose(&table).is_empty(), "{table} without a tenant");
    }
    seats.enter(&seats.local);
    for table in seats.tables() {
        let whose = seats.whose(&table);
        assert!(
            whose.iter().all(|tenant| *tenant == seats.local),
            "{table}: {whose:?}"
        );
        if FILLED.contains(&table.as_str()) {
            assert_eq!(whose, [seats.local.as_str()], "{table}");
            let both = format!("select count(distinct tenant_id) from {table}");
            assert_eq!(seats.admin.number(&both), 2, "{table}");
        }
    }
    // An empty text is no tenant: so it is after the first use in a connection.
    seats.enter("");
    for table in seats.tables() {
        assert!(
            seats.whose(&table).is_empty(),
            "{table} with an empty tenant"
        );
    }
}

#[test]
fn rows_of_another_tenant_can_be_neither_added_nor_changed_nor_taken() {
    let (app, _) = world();
    let seats = Seats::of(&app);
    seats.enter(&seats.local);
    for table in seats.tables() {
        let columns = seats.admin.column(&format!(
            "select string_agg(quote_ident(column_name), ', ' order by ordinal_position) \
             from information_schema.columns \
             where table_schema = 'public' and table_name = '{table}' and is_generated = 'NEVER'"
        ));
        let columns = columns.concat();
        // A row of the trust as it is, or as it could be.
        let row = seats.admin.column(&format!(
            "select coalesce((select to_jsonb(t) from {table} t where tenant_id = '{trust}' limit 1), \
             jsonb_build_object('tenant_id', '{trust}'))::text",
            trust = seats.trust
        ));
        let row = row.concat().replace('\'', "''");
        let added = format!(
            "insert into {table} ({columns}) \
             select {columns} from jsonb_populate_record(null::{table}, '{row}')"
        );
        let refused = seats.runtime.try_rows(&added).expect_err(&added);
        assert_eq!(refused.state, FORBIDDEN, "{refused:?}: {added}");
        let theirs = format!(
            "select count(*) from {table} where tenant_id = '{}'",
            seats.trust
        );
        let before = seats.admin.number(&theirs);
        let given = format!("update {table} set tenant_id = '{}'", seats.trust);
        if let Err(refused) = seats.runtime.try_rows(&given) {
            assert_eq!(refused.state, FORBIDDEN, "{refused:?}: {given}");
        }
        assert_eq!(seats.admin.number(&theirs), before, "{table}");
        let taken = format!(
            "with taken as (update {table} set tenant_id = tenant_id where tenant_id = '{}' returning 1) \
             select count(*) from taken",
            seats.trust
        );
        match seats.runtime.try_rows(&taken) {
            Ok(rows) => assert_eq!(rows, [[Some("0".to_owned())]], "{table}"),
            Err(refused) => assert_eq!(refused.state, FORBIDDEN, "{table}"),
        }
    }
}
