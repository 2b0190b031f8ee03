-- Sessions of classes. Days and times are those of the tenant's clocks; the instants are what they came to in its zone
-- when they were written.
--
-- Whether two sessions may be at the same time is for each tenant to say, which an exclusion constraint cannot ask:
-- whoever writes to a tenant's timetable holds its lock and looks.

create table class_sessions (
    id uuid not null,
    tenant_id uuid not null,
    class_id uuid not null,
    series_id uuid,
    session_date date not null,
    start_time time not null,
    end_date date not null,
    end_time time not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    location_id uuid,
    room text,
    instructor_id uuid,
    topic text,
    notes text,
    cancellation_reason text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    sort_room text collate "C" generated always as (lower(room)) stored,
    constraint class_sessions_pkey primary key (id),
    constraint class_sessions_tenant_id_id_key unique (tenant_id, id),
    constraint class_sessions_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint class_sessions_class_fkey foreign key (tenant_id, class_id) references classes (tenant_id, id),
    constraint class_sessions_location_fkey
        foreign key (tenant_id, location_id) references locations (tenant_id, id),
    constraint class_sessions_instructor_fkey
        foreign key (tenant_id, instructor_id) references instructors (tenant_id, id),
    constraint class_sessions_end_date_check check (end_date between session_date and session_date + 1),
    constraint class_sessions_times_check
        check (starts_at < ends_at and ends_at - starts_at <= interval '25 hours'),
    constraint class_sessions_clock_check check (session_date + start_time < end_date + end_time),
    constraint class_sessions_room_check check (char_length(room) between 1 and 50),
    constraint class_sessions_topic_check check (char_length(topic) between 1 and 200),
    constraint class_sessions_notes_check check (char_length(notes) between 1 and 5000),
    constraint class_sessions_reason_check check (char_length(cancellation_reason) between 1 and 2000),
    constraint class_sessions_version_check check (version >= 1)
);

-- The list by time, whole, of one class, of one instructor and at one location; what overlaps is looked for in the last
-- three, because no session is longer than a day and an hour.
create index class_sessions_by_time on class_sessions (tenant_id, starts_at, id);
create index class_sessions_by_class on class_sessions (tenant_id, class_id, starts_at, id);
create index class_sessions_by_instructor on class_sessions (tenant_id, instructor_id, starts_at, id);
create index class_sessions_by_location on class_sessions (tenant_id, location_id, starts_at, id);
create index class_sessions_by_series on class_sessions (tenant_id, series_id, starts_at, id)
    where series_id is not null;

alter table class_sessions enable row level security, force row level security;
create policy class_sessions_of_tenant on class_sessions
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on class_sessions to unionhall_runtime;
