-- Obligations: what a settlement obliges a side to, and whether it was done.
--
-- A new table: the version of the program before this one does not know of it and goes on.

create table obligations (
    id           uuid        not null constraint obligations_pkey primary key,
    tenant_id    uuid        not null constraint obligations_tenant_fkey references tenants (id),
    grievance_id uuid        not null,
    what         text        not null constraint obligations_what_check check (char_length(what) between 1 and 2000),
    owed_by      text        not null constraint obligations_owed_by_check check (owed_by in ('union', 'employer')),
    owed_to      text        constraint obligations_owed_to_check check (char_length(owed_to) between 1 and 200),
    due_on       date        not null,
    amount       bigint      constraint obligations_amount_check check (amount between 0 and 999999999999),
    status       text        not null
        constraint obligations_status_check check (status in ('open', 'fulfilled', 'breached', 'waived')),
    status_on    date,
    status_words text
        constraint obligations_status_words_check check (char_length(status_words) between 1 and 2000),
    version      bigint      not null constraint obligations_version_check check (version >= 1),
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    constraint obligations_tenant_id_id_key unique (tenant_id, id),
    constraint obligations_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint obligations_ending_check check (
        (status = 'open') = (status_on is null)
        and case status when 'open' then status_words is null when 'fulfilled' then true
            else status_words is not null end)
);

-- By when they are due: of one grievance, with one status, those that are outstanding, and all.
create index obligations_by_grievance on obligations (tenant_id, grievance_id, due_on, id);
create index obligations_by_status on obligations (tenant_id, status, due_on, id);
create index obligations_by_due on obligations (tenant_id, due_on, id);
create index obligations_outstanding on obligations (tenant_id, due_on, id) where status in ('open', 'breached');

alter table obligations enable row level security;
alter table obligations force row level security;
create policy obligations_tenant on obligations
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on obligations to unionhall_runtime;
