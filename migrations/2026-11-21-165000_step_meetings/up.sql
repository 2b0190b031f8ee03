-- Meetings on the steps of grievances: when and where, who is there, and what each side put forward.
--
-- New tables: the version of the program before this one does not know of them and goes on. What it records of a
-- meeting in grievance_steps stays readable as it is; a meeting can name that record.

create table step_meetings (
    id             uuid        not null constraint step_meetings_pkey primary key,
    tenant_id      uuid        not null constraint step_meetings_tenant_fkey references tenants (id),
    grievance_id   uuid        not null,
    step           text        not null
        constraint step_meetings_step_check check (step in ('step_1', 'step_2', 'step_3', 'arbitration')),
    step_record_id uuid,
    starts_at      timestamptz not null,
    place          text        constraint step_meetings_place_check check (char_length(place) between 1 and 200),
    notes          text        constraint step_meetings_notes_check check (char_length(notes) between 1 and 10000),
    state          text        not null
        constraint step_meetings_state_check check (state in ('planned', 'held', 'canceled')),
    held_at        timestamptz,
    cancel_reason  text
        constraint step_meetings_cancel_reason_check check (char_length(cancel_reason) between 1 and 2000),
    version        bigint      not null constraint step_meetings_version_check check (version >= 1),
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    constraint step_meetings_tenant_id_id_key unique (tenant_id, id),
    constraint step_meetings_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint step_meetings_record_fkey
        foreign key (tenant_id, step_record_id) references grievance_steps (tenant_id, id),
    constraint step_meetings_held_check check ((state = 'held') = (held_at is not null)),
    constraint step_meetings_canceled_check check ((state = 'canceled') = (cancel_reason is not null))
);

-- The meetings of a grievance in their order; and those that are set, for whoever looks at a week.
create index step_meetings_by_grievance on step_meetings (tenant_id, grievance_id, starts_at, id);
create index step_meetings_planned on step_meetings (tenant_id, starts_at, id) where state = 'planned';

alter table step_meetings enable row level security;
alter table step_meetings force row level security;
create policy step_meetings_tenant on step_meetings
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on step_meetings to unionhall_runtime;

-- Who is at a meeting; all of them are written anew when one changes.
create table step_meeting_attendees (
    tenant_id  uuid     not null constraint step_meeting_attendees_tenant_fkey references tenants (id),
    meeting_id uuid     not null,
    place      smallint not null constraint step_meeting_attendees_place_check check (place between 1 and 40),
    party      text     not null
        constraint step_meeting_attendees_party_check check (party in ('union', 'employer')),
    name       text     not null
        constraint step_meeting_attendees_name_check check (char_length(name) between 1 and 200),
    role       text     constraint step_meeting_attendees_role_check check (char_length(role) between 1 and 100),
    user_id    uuid,
    constraint step_meeting_attendees_pkey primary key (tenant_id, meeting_id, place),
    constraint step_meeting_attendees_meeting_fkey
        foreign key (tenant_id, meeting_id) references step_meetings (tenant_id, id),
    constraint step_meeting_attendees_user_fkey
        foreign key (tenant_id, user_id) references memberships (tenant_id, user_id)
);

alter table step_meeting_attendees enable row level security;
alter table step_meeting_attendees force row level security;
create policy step_meeting_attendees_tenant on step_meeting_attendees
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, delete on step_meeting_attendees to unionhall_runtime;

-- What the sides put forward.
create table step_meeting_statements (
    id          uuid        not null constraint step_meeting_statements_pkey primary key,
    tenant_id   uuid        not null constraint step_meeting_statements_tenant_fkey references tenants (id),
    meeting_id  uuid        not null,
    party       text        not null
        constraint step_meeting_statements_party_check check (party in ('union', 'employer')),
    made_by     text        not null
        constraint step_meeting_statements_made_by_check check (char_length(made_by) between 1 and 200),
    made_at     timestamptz not null,
    statement   text        not null
        constraint step_meeting_statements_statement_check check (char_length(statement) between 1 and 20000),
    corrects_id uuid,
    written_by  uuid,
    signed_at   timestamptz,
    signed_by   uuid,
    created_at  timestamptz not null,
    constraint step_meeting_statements_tenant_id_id_key unique (tenant_id, id),
    constraint step_meeting_statements_meeting_fkey
        foreign key (tenant_id, meeting_id) references step_meetings (tenant_id, id),
    constraint step_meeting_statements_corrects_fkey
        foreign key (tenant_id, corrects_id) references step_meeting_statements (tenant_id, id),
    constraint step_meeting_statements_writer_fkey
        foreign key (tenant_id, written_by) references memberships (tenant_id, user_id),
    constraint step_meeting_statements_signer_fkey
        foreign key (tenant_id, signed_by) references memberships (tenant_id, user_id),
    constraint step_meeting_statements_signed_check check (signed_by is null or signed_at is not null)
);

create index step_meeting_statements_by_meeting
    on step_meeting_statements (tenant_id, meeting_id, created_at, id);

alter table step_meeting_statements enable row level security;
alter table step_meeting_statements force row level security;
create policy step_meeting_statements_read on step_meeting_statements for select
    using (tenant_id = app_tenant());
create policy step_meeting_statements_write on step_meeting_statements for insert
    with check (tenant_id = app_tenant());
-- What is signed off is never changed: no policy lets an update see it.
create policy step_meeting_statements_draft on step_meeting_statements for update
    using (tenant_id = app_tenant() and signed_at is null) with check (tenant_id = app_tenant());
grant select, insert, update on step_meeting_statements to unionhall_runtime;
