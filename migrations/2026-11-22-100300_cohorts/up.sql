-- Cohorts: students who are taught together, with their instructors and who is and was in them.
--
-- New tables: the version of the program before this one does not know of them and goes on.

create table cohorts (
    id uuid not null,
    tenant_id uuid not null,
    code text not null
        constraint cohorts_code_check check (char_length(code) between 1 and 50),
    name text not null
        constraint cohorts_name_check check (char_length(name) between 1 and 100),
    description text
        constraint cohorts_description_check check (char_length(description) between 1 and 5000),
    start_date date not null,
    end_date date,
    location_id uuid,
    capacity integer
        constraint cohorts_capacity_check check (capacity between 1 and 10000),
    status text not null
        constraint cohorts_status_check check (status in ('planned', 'enrolling', 'active', 'completed', 'cancelled')),
    cancellation_reason text
        constraint cohorts_cancellation_reason_check check (char_length(cancellation_reason) between 1 and 2000),
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    sort_name text collate "C" not null generated always as (left(f_unaccent(name), 100)) stored,
    constraint cohorts_pkey primary key (id),
    constraint cohorts_tenant_id_id_key unique (tenant_id, id),
    constraint cohorts_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint cohorts_location_fkey foreign key (tenant_id, location_id) references locations (tenant_id, id),
    constraint cohorts_dates_check check (end_date >= start_date),
    constraint cohorts_cancelled_check check ((status = 'cancelled') = (cancellation_reason is not null)),
    constraint cohorts_version_check check (version >= 1)
);

-- A code names one cohort, whatever its case; a deleted one gives its code up.
create unique index cohorts_code_key on cohorts (tenant_id, lower(code)) where deleted_at is null;
-- Lists of all, with one status and at one location by name, and of all by time. Words are looked for row by row: a
-- school has a few hundred cohorts, not more.
create index cohorts_by_name on cohorts (tenant_id, sort_name, id) where deleted_at is null;
create index cohorts_by_status on cohorts (tenant_id, status, sort_name, id) where deleted_at is null;
create index cohorts_by_location on cohorts (tenant_id, location_id, sort_name, id) where deleted_at is null;
create index cohorts_by_creation on cohorts (tenant_id, created_at, id) where deleted_at is null;

-- Whether each of the words is somewhere in the name or the code.
create function cohorts_match(name text, code text, words text[])
    returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word where strpos(f_unaccent(name || ' ' || code), word) = 0
    );

alter table cohorts enable row level security, force row level security;
create policy cohorts_of_tenant on cohorts
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on cohorts to unionhall_runtime;

create table cohort_instructors (
    tenant_id uuid not null,
    cohort_id uuid not null,
    instructor_id uuid not null,
    is_primary boolean not null,
    constraint cohort_instructors_pkey primary key (tenant_id, cohort_id, instructor_id),
    constraint cohort_instructors_cohort_fkey foreign key (tenant_id, cohort_id) references cohorts (tenant_id, id),
    constraint cohort_instructors_instructor_fkey
        foreign key (tenant_id, instructor_id) references instructors (tenant_id, id)
);

-- At most one primary instructor of a cohort; that there is one at all is the trigger's to hold.
create unique index cohort_instructors_primary_key on cohort_instructors (tenant_id, cohort_id) where is_primary;
-- The cohorts of an instructor.
create index cohort_instructors_by_instructor on cohort_instructors (tenant_id, instructor_id, cohort_id);

-- A cohort that has instructors has a primary one. Asked when the transaction ends, because there is none for a moment
-- while it moves; who changes the instructors of a cohort has locked the cohort.
create function cohorts_have_a_primary() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
    touched record := coalesce(new, old);
begin
    if exists (
        select from cohort_instructors where tenant_id = touched.tenant_id and cohort_id = touched.cohort_id
    ) and not exists (
        select from cohort_instructors
        where tenant_id = touched.tenant_id and cohort_id = touched.cohort_id and is_primary
    ) then
        raise exception 'a cohort with instructors has a primary one'
            using errcode = 'check_violation', constraint = 'cohorts_have_a_primary';
    end if;
    return null;
end
$$;

create constraint trigger cohorts_have_a_primary after insert or update or delete on cohort_instructors
    deferrable initially deferred
    for each row execute function cohorts_have_a_primary();

alter table cohort_instructors enable row level security, force row level security;
create policy cohort_instructors_of_tenant on cohort_instructors
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, delete on cohort_instructors to unionhall_runtime;

create table cohort_stays (
    id uuid not null,
    tenant_id uuid not null,
    cohort_id uuid not null,
    student_id uuid not null,
    joined_on date not null,
    left_on date,
    left_reason text constraint cohort_stays_left_reason_check check (char_length(left_reason) between 1 and 2000),
    constraint cohort_stays_pkey primary key (id),
    constraint cohort_stays_cohort_fkey foreign key (tenant_id, cohort_id) references cohorts (tenant_id, id),
    constraint cohort_stays_student_fkey foreign key (tenant_id, student_id) references students (tenant_id, id),
    constraint cohort_stays_dates_check check (left_on >= joined_on),
    constraint cohort_stays_reason_check check (left_reason is null or left_on is not null)
);

-- A student is in one cohort at a time.
create unique index cohort_stays_one_key on cohort_stays (tenant_id, student_id) where left_on is null;
-- When a student left the cohorts they were in.
create index cohort_stays_by_student on cohort_stays (tenant_id, student_id, left_on);
-- Who is in a cohort, counted and as a filter of students; and its roll in order.
create index cohort_stays_present on cohort_stays (tenant_id, cohort_id, student_id) where left_on is null;
create index cohort_stays_by_cohort on cohort_stays (tenant_id, cohort_id, joined_on, id);

alter table cohort_stays enable row level security, force row level security;
create policy cohort_stays_of_tenant on cohort_stays
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on cohort_stays to unionhall_runtime;
