//! A hall with 100,000 rows in each of its large tables, written with one statement each.

use unionhall_domain::tenants::Tenant;
use unionhall_testing::TestDatabase;

/// The tables, and what fills each. `TENANT` and `ROWS` stand for themselves, `WORD(n)` for one of 3,000 made-up words.
/// Names are many, one in a hundred members is a Kowalski, and every hundredth row is of a rare kind.
pub(super) const TABLES: [(&str, &str); 27] = [
    (
        "members",
        "insert into members (id, tenant_id, member_number, first_name, last_name, email, status, classification, \
             version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', 'A' || n, 'Anna', \
             case when n % 100 = 0 then 'Kowalski' else WORD(n % 3000) end, \
             'a' || n || '@hall.example', case when n % 100 = 1 then 'retired' else 'active' end, \
             case when n % 100 = 2 then 'foreman' else 'journeyman' end, \
             1, '2026-01-01'::timestamptz + n * interval '1 minute', now() \
         from generate_series(1, ROWS) as n",
    ),
    (
        "organizations",
        "insert into organizations (id, tenant_id, name, org_type, city, version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', 'Electric ' || n, \
             case when n % 100 = 1 then 'jatc' else 'employer' end, WORD(n % 300), 1, \
             '2026-01-01'::timestamptz + n * interval '1 minute', now() \
         from generate_series(1, ROWS) as n",
    ),
    (
        "contacts",
        "insert into contacts (id, tenant_id, organization_id, first_name, last_name, is_primary, version, \
             created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', id, 'Anna', 'Person ' || name, created_at <> '2026-01-02', 1, created_at, \
             now() \
         from organizations where tenant_id = 'TENANT'",
    ),
    (
        "employments",
        "insert into employments (id, tenant_id, member_id, organization_id, start_date, end_date, job_title, version, \
             created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', member.id, employer.id, '2000-01-01'::date + (n / 10)::int, \
             case when n % 100 > 1 then '2000-01-01'::date + (n / 10)::int + 90 end, 'Title ' || n % 300, 1, \
             '2026-01-01'::timestamptz + n * interval '1 minute', now() \
         from generate_series(1, ROWS) as n \
         join (select id, row_number() over () as n from members where tenant_id = 'TENANT') as member using (n) \
         join (select id, row_number() over () as n from organizations where tenant_id = 'TENANT') as employer using (n)",
    ),
    (
        "grievances",
        "insert into grievances (id, tenant_id, year, place, member_id, employer_id, filed_date, contract_article, \
             violation_description, current_step, employer_answer, status, status_reason, version, created_at, \
             updated_at) \
         select gen_random_uuid(), 'TENANT', (2000 + n / 5000)::smallint, (1 + n % 5000)::int, member_id, \
             organization_id, start_date, 'Art. ' || n % 40, 'Overtime ' || WORD(n % 3000), 'step_1', 'pending', \
             case when n % 100 = 1 then 'hearing' when n % 100 < 5 then 'open' else 'closed' end, \
             case when n % 100 >= 5 then 'Over.' end, 1, now(), now() \
         from (select *, row_number() over () as n from employments where tenant_id = 'TENANT') as job",
    ),
    (
        "benevolence_applications",
        "insert into benevolence_applications (id, tenant_id, year, place, member_id, application_date, reason, \
             description, amount_requested, status, review_level, last_level, since, version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', extract(year from start_date)::smallint, n::int, member_id, start_date, \
             case when n % 100 = 1 then 'disaster' else 'medical' end, 'Surgery ' || WORD(n % 3000), 1000 + n, \
             case when n % 100 = 1 then 'submitted' else 'draft' end, case when n % 100 = 1 then 'vp' end, \
             case when n % 100 = 1 then 'vp' end, '2026-01-01'::timestamptz + n * interval '1 minute', 1, now(), now() \
         from (select *, row_number() over () as n from employments where tenant_id = 'TENANT') as job",
    ),
    (
        "benevolence_payments",
        "insert into benevolence_payments (id, tenant_id, application_id, amount, method, reference, paid_on, created_at, \
             reversal_reason, reversed_at) \
         select gen_random_uuid(), 'TENANT', id, 100, case when place % 100 = 1 then 'wire_transfer' else 'check' end, \
             'No. ' || place, application_date, now(), case when place % 100 = 2 then 'Lost.' end, \
             case when place % 100 = 2 then now() end \
         from benevolence_applications where tenant_id = 'TENANT'",
    ),
    (
        "memberships",
        "insert into memberships (tenant_id, user_id, joined_at, last_used_at) \
         select 'TENANT', gen_random_uuid(), now(), now() from generate_series(1, ROWS) as n",
    ),
    (
        "benevolence_seats",
        "insert into benevolence_seats (id, tenant_id, level, user_id, first_day) \
         select gen_random_uuid(), 'TENANT', \
             (array['vp', 'admin', 'manager', 'president'])[1 + n % 4], user_id, '2000-01-01'::date + (n / 10)::int \
         from (select *, row_number() over () as n from memberships where tenant_id = 'TENANT') as place",
    ),
    (
        "benevolence_relations",
        "insert into benevolence_relations (id, tenant_id, member_id, user_id, kinship, declared_at) \
         select gen_random_uuid(), 'TENANT', member.id, place.user_id, 'sibling', \
             '2026-01-01'::timestamptz + n * interval '1 minute' \
         from (select id, row_number() over () as n from members where tenant_id = 'TENANT') as member \
         join (select user_id, row_number() over () as n from memberships where tenant_id = 'TENANT') as place using (n)",
    ),
    (
        "case_words",
        "insert into case_words (tenant_id, kind, word, letters) \
         select 'TENANT', kind, word, f_letters(word) \
         from (values ('grievance'), ('benevolence_application')) as kinds (kind), \
             (select left(WORD(n), 8) as word from generate_series(1, ROWS / 2) as n) as words",
    ),
    (
        "deadlines",
        "insert into deadlines (id, tenant_id, grievance_id, agreement_id, rules_version, step, side, duty, due_on, \
             status, state, derivation, version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', id, gen_random_uuid(), 1, \
             case when place % 100 = 1 then 'arbitration' else 'step_1' end, 'employer', 'answer', filed_date + 10, \
             case when place % 100 = 1 then 'open' else 'met' end, '{}', '{}', 1, now(), now() \
         from grievances where tenant_id = 'TENANT'",
    ),
    (
        "information_requests",
        "insert into information_requests (id, tenant_id, grievance_id, subject, asked_on, first_due_on, status, \
             due_on, version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', id, 'Payroll', filed_date, filed_date + 10, \
             case when place % 100 = 1 then 'asked' else 'answered' end, filed_date + 10, 1, now(), now() \
         from grievances where tenant_id = 'TENANT'",
    ),
    (
        "obligations",
        "insert into obligations (id, tenant_id, grievance_id, what, owed_by, due_on, status, status_on, version, \
             created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', id, 'Back pay', 'employer', filed_date + 60, \
             case when place % 100 = 1 then 'open' else 'fulfilled' end, \
             case when place % 100 <> 1 then filed_date + 50 end, 1, now(), now() \
         from grievances where tenant_id = 'TENANT'",
    ),
    (
        "step_meetings",
        "insert into step_meetings (id, tenant_id, grievance_id, step, starts_at, state, cancel_reason, version, \
             created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', id, 'step_1', filed_date + interval '14 days', \
             case when place % 100 = 1 then 'planned' else 'canceled' end, \
             case when place % 100 <> 1 then 'Settled.' end, 1, now(), now() \
         from grievances where tenant_id = 'TENANT'",
    ),
    (
        "representation_log",
        "insert into representation_log (id, tenant_id, grievance_id, kind, contacted_at, channel, direction, \
             contacted_by, words, recorded_at) \
         select gen_random_uuid(), 'TENANT', id, 'contact', now(), 'phone', 'to_member', 'A. Rivera', 'Told.', now() \
         from grievances where tenant_id = 'TENANT'",
    ),
    (
        "salting_activities",
        "insert into salting_activities (id, tenant_id, member_id, organization_id, activity_type, activity_date, \
             outcome, workers_contacted, cards_signed, version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', member_id, organization_id, \
             case when n % 100 = 1 then 'meeting' else 'outreach' end, start_date, \
             case when n % 100 > 1 then 'neutral' end, 3, 1, 1, \
             '2026-01-01'::timestamptz + n * interval '1 minute', now() \
         from (select *, row_number() over () as n from employments where tenant_id = 'TENANT') as job",
    ),
    (
        "salting_scores",
        "insert into salting_scores (id, tenant_id, organization_id, version, score, reason, set_at) \
         select gen_random_uuid(), 'TENANT', id, 1, 3, 'As before.', created_at \
         from organizations where tenant_id = 'TENANT'",
    ),
    (
        "audit_events",
        "insert into audit_events (id, at, tenant_id, actor_kind, actor_id, action, target_type, target_id, changes, \
             details, request_id) \
         select gen_random_uuid(), '2026-01-01'::timestamptz + n * interval '1 minute', 'TENANT', 'user', \
             gen_random_uuid(), case when n % 100 = 1 then 'exported' else 'read' end, \
             case when n % 100 = 1 then 'tenant' else 'member' end, gen_random_uuid(), '[]', '[]', 'r' \
         from generate_series(1, ROWS) as n",
    ),
    (
        "grievance_steps",
        "insert into grievance_steps (id, tenant_id, grievance_id, step, meeting_date, outcome, created_at) \
         select gen_random_uuid(), 'TENANT', id, 'step_1', filed_date + 20, 'denied', now() \
         from grievances where tenant_id = 'TENANT'",
    ),
    (
        "case_file_jobs",
        "insert into case_file_jobs (id, tenant_id, grievance_id, format, asked_at, state, kept_until, key) \
         select gen_random_uuid(), 'TENANT', id, 'pdf', filed_date, \
             case when place % 100 = 1 then 'waiting' else 'ready' end, \
             case when place % 100 <> 1 then filed_date + 7 end, \
             case when place % 100 <> 1 then 'case-files/' || id end \
         from grievances where tenant_id = 'TENANT'",
    ),
    (
        "campaigns",
        "insert into campaigns (id, tenant_id, name, lead_id, status, started_on, version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', 'Campaign ' || n, gen_random_uuid(), \
             case when n % 100 = 1 then 'active' else 'planned' end, case when n % 100 = 1 then '2026-01-01'::date end, \
             1, '2026-01-01'::timestamptz + n * interval '1 minute', now() \
         from generate_series(1, ROWS) as n",
    ),
    (
        "campaign_targets",
        "insert into campaign_targets (tenant_id, campaign_id, organization_id, unit_size, cards_goal) \
         select 'TENANT', campaign.id, employer.id, 44, 30 \
         from (select id, row_number() over () as n from campaigns where tenant_id = 'TENANT') as campaign \
         join (select id, row_number() over () as n from organizations where tenant_id = 'TENANT') as employer using (n)",
    ),
    (
        "collective_agreements",
        "insert into collective_agreements (id, tenant_id, name, effective_from, effective_through, articles, \
             article_texts, version, created_at, updated_at) \
         select gen_random_uuid(), 'TENANT', 'Agreement ' || n, '2000-01-01'::date + (n / 10)::int, \
             case when n % 10 <> 1 then '2000-01-01'::date + (n / 10)::int + 1095 end, '[]', '{}', 1, now(), now() \
         from generate_series(1, ROWS) as n",
    ),
    (
        "collective_agreement_parties",
        "insert into collective_agreement_parties (tenant_id, agreement_id, place, side, name, organization_id) \
         select 'TENANT', agreement.id, 0, 'employer', 'Electric', employer.id \
         from (select id, row_number() over () as n from collective_agreements where tenant_id = 'TENANT') as agreement \
         join (select id, row_number() over () as n from organizations where tenant_id = 'TENANT') as employer using (n)",
    ),
    (
        "collective_agreement_rule_sets",
        "insert into collective_agreement_rule_sets (tenant_id, agreement_id, version, effective_from, rules, created_at) \
         select 'TENANT', id, 1, effective_from, '[{}]', now() \
         from collective_agreements where tenant_id = 'TENANT'",
    ),
    (
        "benevolence_fund_entries",
        "insert into benevolence_fund_entries (id, tenant_id, kind, amount, source, entry_date, created_at) \
         select gen_random_uuid(), 'TENANT', 'deposit', 100, 'Raffle', '2000-01-01'::date + (n / 10)::int, now() \
         from generate_series(1, ROWS) as n",
    ),
];

/// How many rows each table gets.
const ROWS: u32 = 100_000;

/// Fills the tables and lets the planner know.
pub(super) fn filled(database: &TestDatabase, tenant: &Tenant) {
    let tenant = tenant.id.to_string();
    for (table, statement) in TABLES {
        let statement = statement
            .replace("TENANT", &tenant)
            .replace("ROWS", &ROWS.to_string())
            .replace("WORD(", "pg_temp.word(");
        // Rules that each row is checked by when it is written need not be checked for made-up rows; members gather
        // their words with the same triggers.
        let unchecked = if table == "members" {
            ""
        } else {
            "set session_replication_role = replica;"
        };
        // Of many rows at once a tree of words is made much sooner than row by row.
        database.execute(&format!(
            "set app.tenant = '{tenant}'; {unchecked} \
             create function pg_temp.word(n bigint) returns text language sql immutable \
                 return translate(md5(n::text), '0123456789', 'ghijklmnop'); \
             create temp table trees as select indexname, indexdef from pg_indexes \
                 where tablename = '{table}' and indexdef like '% USING gin %'; \
             do $$ declare tree record; begin \
                 for tree in select * from trees loop execute 'drop index ' || tree.indexname; end loop; \
             end $$; \
             {statement}; \
             do $$ declare tree record; begin \
                 for tree in select * from trees loop execute tree.indexdef; end loop; \
             end $$"
        ));
    }
    // What was just written is tidied as it would be after a minute: visible to all, and known to the planner.
    for table in TABLES
        .map(|(table, _)| table)
        .iter()
        .chain(&["member_words"])
    {
        database.execute(&format!("vacuum (analyze) {table}"));
    }
}
