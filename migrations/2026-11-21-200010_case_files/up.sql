-- Case files that are too large to be made while somebody waits: asked for by a person, made by the worker.
--
-- A new table: the version of the program before this one does not know of it and goes on.

create table case_file_jobs (
    id           uuid        not null constraint case_file_jobs_pkey primary key,
    tenant_id    uuid        not null constraint case_file_jobs_tenant_fkey references tenants (id),
    grievance_id uuid        not null,
    format       text        not null constraint case_file_jobs_format_check check (format in ('pdf', 'zip')),
    asked_by     uuid,
    asked_at     timestamptz not null,
    state        text        not null
        constraint case_file_jobs_state_check check (state in ('waiting', 'ready', 'failed')),
    kept_until   timestamptz,
    key          text        constraint case_file_jobs_key_check check (octet_length(key) between 1 and 150),
    attempts     integer     not null default 0
        constraint case_file_jobs_attempts_check check (attempts >= 0),
    leased_until timestamptz,
    constraint case_file_jobs_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint case_file_jobs_asker_fkey
        foreign key (tenant_id, asked_by) references memberships (tenant_id, user_id),
    constraint case_file_jobs_ready_check check (
        (state = 'ready') = (key is not null) and (state = 'ready') = (kept_until is not null))
);

-- Who waits for a file does not make it wait twice; an operator is nobody.
create unique index case_file_jobs_one_waiting on case_file_jobs (tenant_id, grievance_id, format, asked_by)
    nulls not distinct where state = 'waiting';
-- What somebody asked for; what waits; and what can be forgotten.
create index case_file_jobs_by_grievance on case_file_jobs (tenant_id, grievance_id, format, asked_at, id);
create index case_file_jobs_waiting on case_file_jobs (asked_at, id) where state = 'waiting';
create index case_file_jobs_over on case_file_jobs (asked_at, id) where state <> 'waiting';

alter table case_file_jobs enable row level security;
alter table case_file_jobs force row level security;
create policy case_file_jobs_tenant on case_file_jobs
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- The worker sees that something waits and of whom, and nothing of what is in it.
create policy case_file_jobs_worker on case_file_jobs
    using (app_scope() = 'worker') with check (app_scope() = 'worker');
grant select, insert, update, delete on case_file_jobs to unionhall_runtime;
