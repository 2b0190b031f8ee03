-- Which agreement a grievance was filed under, what happened on its way, and the deadlines that follow from it.
--
-- The new columns are null for what is there, and the version of the program before this one does not write them. The
-- constraints are checked against every row, under a lock that lets nobody write meanwhile: a second for a hundred
-- thousand grievances.

alter table grievances
    add column agreement_id uuid,
    add column rules_version bigint,
    add column steward_id uuid,
    -- Both or neither: the version of the rules is that of the day of filing, and stays.
    add constraint grievances_rules_check check ((agreement_id is null) = (rules_version is null)),
    add constraint grievances_rules_fkey foreign key (tenant_id, agreement_id, rules_version)
        references collective_agreement_rule_sets (tenant_id, agreement_id, version),
    add constraint grievances_steward_fkey
        foreign key (tenant_id, steward_id) references memberships (tenant_id, user_id);

-- What an agreement that is to be deleted is named by.
create index grievances_by_agreement on grievances (tenant_id, agreement_id, year, place)
    where agreement_id is not null and deleted_at is null;
-- What a steward carries.
create index grievances_by_steward on grievances (tenant_id, steward_id, year, place)
    where steward_id is not null and deleted_at is null;

-- What happened on the way of a grievance, as far as deadlines are counted from it.
create table grievance_events (
    id uuid not null,
    tenant_id uuid not null,
    grievance_id uuid not null,
    step text not null,
    kind text not null,
    happened_on date not null,
    service text not null,
    created_at timestamptz not null,
    constraint grievance_events_pkey primary key (id),
    constraint grievance_events_tenant_id_id_key unique (tenant_id, id),
    constraint grievance_events_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint grievance_events_step_check check (step in ('step_1', 'step_2', 'step_3', 'arbitration')),
    constraint grievance_events_kind_check check (kind in (
        'incident', 'knowledge', 'filed', 'meeting_held', 'answered', 'answer_due', 'advanced', 'arbitration_demanded',
        'panel_received', 'arbitrator_selected', 'information_requested', 'information_provided', 'settled',
        'settlement_fulfilled')),
    constraint grievance_events_service_check check (service in ('direct', 'mail'))
);

create index grievance_events_by_day on grievance_events (tenant_id, grievance_id, happened_on, created_at, id);

alter table grievance_events enable row level security, force row level security;
create policy grievance_events_of_tenant on grievance_events
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- What happened stays.
grant select, insert on grievance_events to unionhall_runtime;

create table deadlines (
    id uuid not null,
    tenant_id uuid not null,
    grievance_id uuid not null,
    agreement_id uuid not null,
    rules_version bigint not null,
    step text not null,
    side text not null,
    duty text not null,
    due_on date not null,
    status text not null,
    -- What belongs to the status, and how the day was found; the columns above say the same for lists.
    state jsonb not null,
    derivation jsonb not null,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint deadlines_pkey primary key (id),
    constraint deadlines_tenant_id_id_key unique (tenant_id, id),
    constraint deadlines_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint deadlines_rules_fkey foreign key (tenant_id, agreement_id, rules_version)
        references collective_agreement_rule_sets (tenant_id, agreement_id, version),
    constraint deadlines_step_check check (step in ('step_1', 'step_2', 'step_3', 'arbitration')),
    constraint deadlines_side_check check (side in ('union', 'employer')),
    constraint deadlines_duty_check check (duty in (
        'file', 'meet', 'answer', 'advance', 'demand_arbitration', 'select_arbitrator', 'provide_information',
        'fulfill_settlement')),
    constraint deadlines_status_check
        check (status in ('open', 'extended', 'met', 'missed', 'waived', 'lapsed')),
    constraint deadlines_version_check check (version >= 1)
);

-- Those of a grievance; those of a representative, a steward or an employer are found by their grievances.
create index deadlines_by_grievance on deadlines (tenant_id, grievance_id, due_on, id);
-- What is due next: few of all deadlines run.
create index deadlines_running on deadlines (tenant_id, due_on, id) where status in ('open', 'extended');
create index deadlines_by_due on deadlines (tenant_id, due_on, id);
create index deadlines_by_status on deadlines (tenant_id, status, due_on, id);
create index deadlines_by_agreement on deadlines (tenant_id, agreement_id, due_on, id);

alter table deadlines enable row level security, force row level security;
create policy deadlines_of_tenant on deadlines
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on deadlines to unionhall_runtime;
