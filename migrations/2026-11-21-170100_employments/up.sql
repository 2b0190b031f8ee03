-- Employments: where members work and worked; and what a tenant holds to be usual of jobs.
--
-- New tables: the version of the program before this one does not know of them and goes on.

-- A tenant without a row has what is usual: one job at once, and rates from 10 to 150 an hour.
create table job_rules (
    tenant_id        uuid        not null constraint job_rules_pkey primary key
        constraint job_rules_tenant_fkey references tenants (id),
    max_current_jobs smallint    not null
        constraint job_rules_max_current_jobs_check check (max_current_jobs between 1 and 10),
    -- Minor units of the tenant's currency.
    hourly_rate_low  bigint      not null
        constraint job_rules_hourly_rate_low_check check (hourly_rate_low between 0 and 999999999999),
    hourly_rate_high bigint      not null
        constraint job_rules_hourly_rate_high_check check (hourly_rate_high between 0 and 999999999999),
    version          bigint      not null constraint job_rules_version_check check (version >= 1),
    constraint job_rules_rates_check check (hourly_rate_low <= hourly_rate_high)
);

alter table job_rules enable row level security, force row level security;
create policy job_rules_of_tenant on job_rules
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on job_rules to unionhall_runtime;

-- Whether a job is current follows from its days and the tenant's today, and is stored nowhere.
create table employments (
    id              uuid        not null constraint employments_pkey primary key,
    tenant_id       uuid        not null constraint employments_tenant_fkey references tenants (id),
    member_id       uuid        not null,
    organization_id uuid        not null,
    start_date      date        not null
        constraint employments_start_date_check check (start_date between '1900-01-01' and '9998-12-31'),
    -- The last day of work; null while none is known.
    end_date        date
        constraint employments_end_date_check check (end_date between start_date and '9998-12-31'),
    job_title       text        constraint employments_job_title_check check (char_length(job_title) between 1 and 100),
    -- Minor units of the tenant's currency.
    hourly_rate     bigint      constraint employments_hourly_rate_check check (hourly_rate between 0 and 999999999999),
    version         bigint      not null constraint employments_version_check check (version >= 1),
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    deleted_at      timestamptz,
    constraint employments_tenant_id_id_key unique (tenant_id, id),
    constraint employments_member_fkey foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint employments_organization_fkey
        foreign key (tenant_id, organization_id) references organizations (tenant_id, id)
);

-- Histories of a member and of an organization, and all by the first day and by time of entry. Who is there now is
-- read from the newest end of a history.
create index employments_by_member on employments (tenant_id, member_id, start_date, id) where deleted_at is null;
create index employments_by_organization on employments (tenant_id, organization_id, start_date, id)
    where deleted_at is null;
create index employments_by_start on employments (tenant_id, start_date, id) where deleted_at is null;
create index employments_by_creation on employments (tenant_id, created_at, id) where deleted_at is null;
create index employments_by_title on employments (tenant_id, job_title, start_date, id) where deleted_at is null;

-- On no day does a member have more jobs than the tenant allows. Whoever adds, moves or prolongs one waits for whoever
-- does so to the same member, and then sees what they did. A job that is shortened is not asked: so an office can
-- mend what was allowed when it was written.
create function employments_at_once() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
    days constant daterange := daterange(new.start_date, new.end_date, '[]');
    allowed integer;
    held integer;
begin
    if new.deleted_at is not null then
        return null;
    end if;
    if tg_op = 'UPDATE' then
        if old.deleted_at is null and old.member_id = new.member_id
            and days <@ daterange(old.start_date, old.end_date, '[]') then
            return null;
        end if;
    end if;
    perform from members where tenant_id = new.tenant_id and id = new.member_id for no key update;
    allowed := coalesce((select max_current_jobs from job_rules where tenant_id = new.tenant_id), 1);
    -- The number of jobs changes on first days alone.
    select max(jobs.count) into held
    from (
        select count(*) as count
        from (
            select distinct greatest(start_date, new.start_date) as day from employments
            where tenant_id = new.tenant_id and member_id = new.member_id and deleted_at is null
                and daterange(start_date, end_date, '[]') && days
        ) as first
        join employments job on job.tenant_id = new.tenant_id and job.member_id = new.member_id
            and job.deleted_at is null and daterange(job.start_date, job.end_date, '[]') @> first.day
        group by first.day
    ) as jobs;
    if held > allowed then
        raise exception 'a member has no more jobs at once than the tenant allows'
            using errcode = 'check_violation', constraint = 'employments_at_once';
    end if;
    return null;
end
$$;

create trigger employments_at_once after insert or update on employments
    for each row execute function employments_at_once();

alter table employments enable row level security, force row level security;
create policy employments_of_tenant on employments
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on employments to unionhall_runtime;
