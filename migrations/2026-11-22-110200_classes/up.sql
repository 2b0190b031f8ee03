-- Classes: runs of an edition of a course.

create table classes (
    id uuid not null,
    tenant_id uuid not null,
    course_id uuid not null,
    course_edition integer not null,
    name text not null,
    starts_on date not null,
    ends_on date not null,
    capacity integer,
    notes text,
    status text not null,
    status_reason text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    constraint classes_pkey primary key (id),
    constraint classes_tenant_id_id_key unique (tenant_id, id),
    constraint classes_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint classes_course_fkey foreign key (tenant_id, course_id, course_edition)
        references course_editions (tenant_id, course_id, edition),
    constraint classes_name_check check (char_length(name) between 1 and 100),
    constraint classes_term_check check (ends_on >= starts_on),
    constraint classes_capacity_check check (capacity between 1 and 10000),
    constraint classes_notes_check check (char_length(notes) between 1 and 5000),
    constraint classes_status_check check (status in ('planned', 'open', 'completed', 'cancelled')),
    constraint classes_reason_check check ((status = 'cancelled') = (status_reason is not null)),
    constraint classes_status_reason_check check (char_length(status_reason) between 1 and 2000),
    constraint classes_version_check check (version >= 1)
);

-- The list by term, whole, of one course and with one status; and by time of entry.
create index classes_by_term on classes (tenant_id, starts_on, id) where deleted_at is null;
create index classes_by_course on classes (tenant_id, course_id, starts_on, id) where deleted_at is null;
create index classes_by_status on classes (tenant_id, status, starts_on, id) where deleted_at is null;
create index classes_by_creation on classes (tenant_id, created_at, id) where deleted_at is null;

alter table classes enable row level security, force row level security;
create policy classes_of_tenant on classes
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on classes to unionhall_runtime;
