//! With many members the program's role finds them by the indexes, row-level security notwithstanding.

use diesel::{
    QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text,
};
use unionhall_domain::tenants::Tenant;
use unionhall_testing::{TestDatabase, builders};

/// 20,000 members of one tenant; one name in a hundred is Kowalski, the others are many.
fn fill(database: &TestDatabase, tenant: &Tenant) {
    database.execute(&format!(
        "set app.tenant = '{tenant}'; \
         insert into members (id, tenant_id, member_number, first_name, last_name, status, classification, \
             version, created_at, updated_at) \
         select gen_random_uuid(), '{tenant}', 'A' || n, 'Anna', \
             case when n % 100 = 0 then 'Kowalski' else translate(md5((n % 3000)::text), '0123456789', 'ghijklmnop') end, \
             'active', 'journeyman', 1, now() - n * interval '1 minute', now() \
         from generate_series(1, 20000) as n; \
         analyze members; analyze member_words",
        tenant = tenant.id
    ));
}

/// The plan of a statement for the program's role in the scope of the tenant.
pub(crate) fn plan(database: &TestDatabase, tenant: &Tenant, statement: &str) -> String {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text)]
        #[diesel(column_name = "QUERY PLAN")]
        text: String,
    }
    let mut connection = crate::connect(&database.runtime_url());
    connection
        .batch_execute(&format!(
            "set app.scope = 'tenant'; set app.tenant = '{}'",
            tenant.id
        ))
        .unwrap();
    // The first time the connection also reads what the tables are like.
    let _: Vec<Line> = sql_query(statement).load(&mut connection).unwrap();
    let lines: Vec<Line> = sql_query(statement).load(&mut connection).unwrap();
    lines.into_iter().map(|line| line.text + "\n").collect()
}

/// How many blocks a statement touched, as its plan says.
pub(crate) fn blocks(plan: &str) -> u32 {
    plan.split("shared hit=")
        .nth(1)
        .and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_else(|| panic!("{plan}"))
}

#[test]
fn a_list_is_read_off_an_index_in_order() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    fill(&database, &tenant);
    for (condition, order, index) in [
        ("", "sort_name, id", "members_by_name"),
        (
            "and row(sort_name, id) > row('m', gen_random_uuid())",
            "sort_name, id",
            "members_by_name",
        ),
        (
            "and row(sort_name, id) < row('m', gen_random_uuid())",
            "sort_name desc, id desc",
            "members_by_name",
        ),
        ("", "member_number", "members_number_key"),
        ("", "created_at desc, id desc", "members_by_creation"),
        (
            "and status = 'retired'",
            "sort_name, id",
            "members_by_status",
        ),
        (
            "and classification = 'foreman'",
            "sort_name, id",
            "members_by_classification",
        ),
    ] {
        let statement = format!(
            "explain select * from (select * from members where tenant_id = '{}' and deleted_at is null {condition} \
             order by {order} limit 101) as page limit 51",
            tenant.id
        );
        let plan = plan(&database, &tenant, &statement);
        assert!(plan.contains(index), "{plan}");
        assert!(
            !plan.contains("Sort") && !plan.contains("Seq Scan"),
            "{plan}"
        );
    }
}

#[test]
fn a_search_reads_a_small_part_of_the_table() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    fill(&database, &tenant);
    // A name that one in a hundred has, a number, a name that nobody has, and a mistyped one.
    for (words, rows) in [
        ("kowalski", 51),
        ("a19999", 1),
        ("zzzzzz", 0),
        ("kowalsky", 51),
    ] {
        let statement = format!(
            "explain (analyze, buffers, costs off, timing off, summary off) \
             select members_search('{words}', null, null, null, 'name', false, null, null, 51)"
        );
        let plan = plan(&database, &tenant, &statement);
        assert!(plan.contains(&format!("rows={rows} ")), "{words}: {plan}");
        // The table has more than 700 blocks, and reading it row by row would touch each of them.
        let blocks = blocks(&plan);
        assert!(blocks < 650, "{words}: {plan}");
    }
}

#[test]
fn the_found_rows_are_read_one_by_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    fill(&database, &tenant);
    let statement = format!(
        "explain select * from (select * from members where tenant_id = '{}' and deleted_at is null \
         and id in (select members_search('kowalski', null, null, null, 'name', false, null, null, 51)) \
         order by sort_name, id limit 101) as page limit 51",
        tenant.id
    );
    let plan = plan(&database, &tenant, &statement);
    assert!(
        plan.contains("Nested Loop") && !plan.contains("Seq Scan"),
        "{plan}"
    );
}

#[test]
fn however_many_members_match_they_come_in_the_same_order() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    fill(&database, &tenant);
    // Everybody has the first two; the others are few, many and at the end, or none; the last is mistyped.
    for words in ["anna", "a", "kowalski", "p", "pp", "zzz", "annna"] {
        let lexeme = if words == "annna" { "anna" } else { words };
        for (order, descending, behind) in [("", false, ">"), ("desc", true, "<")] {
            for key in ["null", "'d'", "'o'", "'~'"] {
                let place = format!("({key} is null or sort_name {behind} {key})");
                database.execute(&format!(
                    "set app.tenant = '{tenant}'; \
                     do $$ declare found uuid[]; expected uuid[]; begin \
                     found := array(select members_search('{words}', null, null, null, 'name', {descending}, \
                         {key}, (case when {key} is not null then '{edge}' end)::uuid, 51)); \
                     expected := array(select id from members \
                         where tenant_id = '{tenant}' and search @@ '{lexeme}:*'::tsquery and {place} \
                         order by sort_name {order}, id {order} limit 51); \
                     if found is distinct from expected then \
                         raise exception '{words} behind %: %, not %', {key}, found, expected; \
                     end if; end $$",
                    tenant = tenant.id,
                    edge = if descending { "00000000-0000-0000-0000-000000000000" } else { "ffffffff-ffff-ffff-ffff-ffffffffffff" },
                ));
            }
        }
    }
}
