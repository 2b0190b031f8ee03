-- SALTing activities: who organized among the workers of which employer, when, how and with what result.
--
-- Nothing refers to this table but what is as hidden as it is itself, and nothing here keeps a member or an
-- organization from being changed or deleted: whoever may not see an activity must not learn of it that way.

create table salting_activities (
    id uuid not null,
    tenant_id uuid not null,
    member_id uuid not null,
    organization_id uuid not null,
    activity_type text not null,
    activity_date date not null,
    outcome text,
    location text,
    workers_contacted integer not null,
    cards_signed integer not null,
    description text,
    notes text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    constraint salting_activities_pkey primary key (id),
    constraint salting_activities_tenant_id_id_key unique (tenant_id, id),
    constraint salting_activities_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint salting_activities_member_fkey
        foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint salting_activities_organization_fkey
        foreign key (tenant_id, organization_id) references organizations (tenant_id, id),
    constraint salting_activities_activity_type_check check (
        activity_type in (
            'outreach', 'site_visit', 'leafleting', 'one_on_one', 'meeting', 'petition_drive', 'card_signing',
            'information_session', 'other'
        )
    ),
    constraint salting_activities_activity_date_check check (activity_date >= date '1900-01-01'),
    constraint salting_activities_outcome_check
        check (outcome in ('positive', 'neutral', 'negative', 'no_contact')),
    constraint salting_activities_location_check check (char_length(location) between 1 and 255),
    constraint salting_activities_workers_contacted_check check (workers_contacted between 0 and 1000000),
    constraint salting_activities_cards_signed_check check (cards_signed between 0 and workers_contacted),
    constraint salting_activities_description_check check (char_length(description) between 1 and 10000),
    constraint salting_activities_notes_check check (char_length(notes) between 1 and 10000),
    constraint salting_activities_version_check check (version >= 1)
);

-- One index for each way the list is asked for; the statistics of a time read the first.
create index salting_activities_by_date on salting_activities (tenant_id, activity_date, id)
    where deleted_at is null;
create index salting_activities_by_creation on salting_activities (tenant_id, created_at, id)
    where deleted_at is null;
create index salting_activities_by_organization
    on salting_activities (tenant_id, organization_id, activity_date, id) where deleted_at is null;
create index salting_activities_by_member on salting_activities (tenant_id, member_id, activity_date, id)
    where deleted_at is null;
create index salting_activities_by_type on salting_activities (tenant_id, activity_type, activity_date, id)
    where deleted_at is null;
create index salting_activities_by_outcome on salting_activities (tenant_id, outcome, activity_date, id)
    where deleted_at is null;

alter table salting_activities enable row level security, force row level security;
create policy salting_activities_of_tenant on salting_activities
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on salting_activities to unionhall_runtime;
