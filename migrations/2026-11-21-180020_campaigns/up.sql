-- Campaigns, their employers, and the activities that belong to them.
--
-- As with the activities, nothing here keeps an organization from being changed or deleted.

create table campaigns (
    id uuid not null,
    tenant_id uuid not null,
    name text not null,
    description text,
    lead_id uuid not null,
    target_date date,
    status text not null,
    status_reason text,
    started_on date,
    ended_on date,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    sort_name text collate "C" not null generated always as (left(f_unaccent(name), 100)) stored,
    constraint campaigns_pkey primary key (id),
    constraint campaigns_tenant_id_id_key unique (tenant_id, id),
    constraint campaigns_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint campaigns_lead_fkey foreign key (tenant_id, lead_id) references memberships (tenant_id, user_id),
    constraint campaigns_name_check check (char_length(name) between 1 and 255),
    constraint campaigns_description_check check (char_length(description) between 1 and 10000),
    constraint campaigns_status_reason_check check (char_length(status_reason) between 1 and 2000),
    constraint campaigns_status_check
        check (status in ('planned', 'active', 'paused', 'won', 'lost', 'abandoned')),
    -- What rests and what has ended has a reason, and nothing else.
    constraint campaigns_reason_check
        check ((status in ('paused', 'won', 'lost', 'abandoned')) = (status_reason is not null)),
    -- What is under way has begun, what has ended knows when; what was given up may never have begun.
    constraint campaigns_course_check check (
        case
            when status = 'planned' then started_on is null
            when status = 'abandoned' then true
            else started_on is not null
        end
        and (status in ('won', 'lost', 'abandoned')) = (ended_on is not null)
        and ended_on >= started_on
    ),
    constraint campaigns_version_check check (version >= 1)
);

create index campaigns_by_name on campaigns (tenant_id, sort_name, id) where deleted_at is null;
create index campaigns_by_creation on campaigns (tenant_id, created_at, id) where deleted_at is null;
create index campaigns_by_status on campaigns (tenant_id, status, sort_name, id) where deleted_at is null;
create index campaigns_by_lead on campaigns (tenant_id, lead_id, sort_name, id) where deleted_at is null;

alter table campaigns enable row level security, force row level security;
create policy campaigns_of_tenant on campaigns
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on campaigns to unionhall_runtime;

create table campaign_targets (
    tenant_id uuid not null,
    campaign_id uuid not null,
    organization_id uuid not null,
    unit_size integer,
    cards_goal integer,
    constraint campaign_targets_pkey primary key (tenant_id, campaign_id, organization_id),
    constraint campaign_targets_campaign_fkey
        foreign key (tenant_id, campaign_id) references campaigns (tenant_id, id),
    constraint campaign_targets_organization_fkey
        foreign key (tenant_id, organization_id) references organizations (tenant_id, id),
    constraint campaign_targets_unit_size_check check (unit_size between 1 and 1000000),
    constraint campaign_targets_cards_goal_check check (cards_goal between 1 and 1000000),
    constraint campaign_targets_goal_in_unit_check check (cards_goal <= unit_size)
);

-- The campaigns of an employer.
create index campaign_targets_by_organization on campaign_targets (tenant_id, organization_id, campaign_id);

alter table campaign_targets enable row level security, force row level security;
create policy campaign_targets_of_tenant on campaign_targets
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update, delete on campaign_targets to unionhall_runtime;

-- An activity belongs to a campaign of its own employer. A program that knows nothing of campaigns leaves it empty.
alter table salting_activities
    add column campaign_id uuid,
    add constraint salting_activities_campaign_fkey
        foreign key (tenant_id, campaign_id, organization_id)
        references campaign_targets (tenant_id, campaign_id, organization_id);

create index salting_activities_by_campaign
    on salting_activities (tenant_id, campaign_id, activity_date, id) where deleted_at is null;

-- Activities of an organization are merged with those that were deleted.
create index salting_activities_by_merger on salting_activities (tenant_id, organization_id)
    where deleted_at is not null;
