-- Courses, their editions, and which of them comes before which.
--
-- A catalogue has some hundred courses, so that words are looked for in each of a tenant's rows: row-level security
-- keeps operators that are not leakproof off an index, and a function that goes around it would not pay here.

create table courses (
    id uuid not null,
    tenant_id uuid not null,
    code text not null,
    name text not null,
    description text,
    course_type text not null,
    credits integer not null,
    contact_hours integer not null,
    passing_grade integer not null,
    capacity integer,
    is_required boolean not null,
    is_active boolean not null,
    edition integer not null,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    sort_name text collate "C" not null generated always as (left(f_unaccent(name), 100)) stored,
    sort_code text collate "C" not null generated always as (lower(code)) stored,
    constraint courses_pkey primary key (id),
    constraint courses_tenant_id_id_key unique (tenant_id, id),
    constraint courses_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint courses_code_check check (char_length(code) between 1 and 20),
    constraint courses_name_check check (char_length(name) between 1 and 200),
    constraint courses_description_check check (char_length(description) between 1 and 10000),
    constraint courses_course_type_check
        check (course_type in ('core', 'elective', 'remedial', 'advanced', 'certification')),
    -- Hundredths: of a credit, of an hour, of a percent.
    constraint courses_credits_check check (credits between 0 and 99999),
    constraint courses_contact_hours_check check (contact_hours between 0 and 999999),
    constraint courses_passing_grade_check check (passing_grade between 0 and 10000),
    constraint courses_capacity_check check (capacity between 1 and 10000),
    constraint courses_edition_check check (edition between 1 and 65535),
    constraint courses_version_check check (version >= 1)
);

-- One course has a code, case aside; and the list by code.
create unique index courses_code_key on courses (tenant_id, sort_code) where deleted_at is null;
create index courses_by_code on courses (tenant_id, sort_code, id) where deleted_at is null;
create index courses_by_name on courses (tenant_id, sort_name, id) where deleted_at is null;
create index courses_by_creation on courses (tenant_id, created_at, id) where deleted_at is null;
create index courses_by_type on courses (tenant_id, course_type, sort_code, id) where deleted_at is null;
create index courses_by_activity on courses (tenant_id, is_active, sort_code, id) where deleted_at is null;

alter table courses enable row level security, force row level security;
create policy courses_of_tenant on courses
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on courses to unionhall_runtime;

-- What a transcript says of a course. Rows are added and never changed.
create table course_editions (
    tenant_id uuid not null,
    course_id uuid not null,
    edition integer not null,
    name text not null,
    credits integer not null,
    contact_hours integer not null,
    passing_grade integer not null,
    made_at timestamptz not null,
    constraint course_editions_pkey primary key (tenant_id, course_id, edition),
    constraint course_editions_course_fkey foreign key (tenant_id, course_id) references courses (tenant_id, id),
    constraint course_editions_edition_check check (edition between 1 and 65535),
    constraint course_editions_name_check check (char_length(name) between 1 and 200),
    constraint course_editions_credits_check check (credits between 0 and 99999),
    constraint course_editions_contact_hours_check check (contact_hours between 0 and 999999),
    constraint course_editions_passing_grade_check check (passing_grade between 0 and 10000)
);

alter table course_editions enable row level security, force row level security;
create policy course_editions_of_tenant on course_editions
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert on course_editions to unionhall_runtime;

create table course_prerequisites (
    tenant_id uuid not null,
    course_id uuid not null,
    prerequisite_id uuid not null,
    constraint course_prerequisites_pkey primary key (tenant_id, course_id, prerequisite_id),
    constraint course_prerequisites_course_fkey
        foreign key (tenant_id, course_id) references courses (tenant_id, id),
    constraint course_prerequisites_prerequisite_fkey
        foreign key (tenant_id, prerequisite_id) references courses (tenant_id, id),
    constraint course_prerequisites_itself_check check (course_id <> prerequisite_id)
);

-- The courses that ask for a course.
create index course_prerequisites_by_prerequisite
    on course_prerequisites (tenant_id, prerequisite_id, course_id);

alter table course_prerequisites enable row level security, force row level security;
create policy course_prerequisites_of_tenant on course_prerequisites
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, delete on course_prerequisites to unionhall_runtime;

-- Whether every word of a search begins a word of a course's code, title or description.
create function courses_match(words text, code text, name text, description text) returns boolean
    language sql immutable parallel safe
    return not exists (
        select from unnest(public.f_words(words)) as wanted
        where not exists (
            select from unnest(public.f_words(concat_ws(' ', code, name, description))) as word
            where starts_with(word, wanted)
        )
    );
