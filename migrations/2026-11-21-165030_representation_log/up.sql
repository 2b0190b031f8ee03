-- The log of how the union represented somebody: contacts with the member, and decisions with their reasons.
--
-- A new table, and the reasons that are on the grievances already, so that the log is whole from the first day on:
-- one statement over the grievances that are over, which nobody waits for, because nothing else writes here yet.
-- The version of the program before this one goes on without the log.

create table representation_log (
    id           uuid        not null constraint representation_log_pkey primary key,
    tenant_id    uuid        not null constraint representation_log_tenant_fkey references tenants (id),
    grievance_id uuid        not null,
    kind         text        not null
        constraint representation_log_kind_check check (kind in ('contact', 'decision')),
    contacted_at timestamptz,
    channel      text        constraint representation_log_channel_check check (
        channel in ('phone', 'email', 'text_message', 'letter', 'in_person', 'other')),
    direction    text        constraint representation_log_direction_check check (
        direction in ('to_member', 'from_member', 'attempted')),
    contacted_by text
        constraint representation_log_contacted_by_check check (char_length(contacted_by) between 1 and 200),
    sent         text        constraint representation_log_sent_check check (char_length(sent) between 1 and 2000),
    decided_on   date,
    decision     text        constraint representation_log_decision_check check (
        decision in ('not_advancing', 'withdrawing', 'closing')),
    step         text        constraint representation_log_step_check check (
        step in ('step_1', 'step_2', 'step_3', 'arbitration')),
    -- What was said, or why it was decided so.
    words        text        not null
        constraint representation_log_words_check check (char_length(words) between 1 and 10000),
    corrects_id  uuid,
    recorded_by  uuid,
    recorded_at  timestamptz not null,
    constraint representation_log_tenant_id_id_key unique (tenant_id, id),
    constraint representation_log_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint representation_log_corrects_fkey
        foreign key (tenant_id, corrects_id) references representation_log (tenant_id, id),
    constraint representation_log_recorder_fkey
        foreign key (tenant_id, recorded_by) references memberships (tenant_id, user_id),
    constraint representation_log_contact_check check (
        (kind = 'contact') = (contacted_at is not null and channel is not null and direction is not null
            and contacted_by is not null)),
    constraint representation_log_decided_check check (
        (kind = 'decision') = (decided_on is not null and decision is not null and step is not null)),
    constraint representation_log_sent_with_check check (sent is null or kind = 'contact')
);

-- The entries of a grievance in their order, of one kind or of both.
create index representation_log_by_recording on representation_log (tenant_id, grievance_id, recorded_at, id);
create index representation_log_by_kind on representation_log (tenant_id, grievance_id, kind, recorded_at, id);

insert into representation_log (
    id, tenant_id, grievance_id, kind, decided_on, decision, step, words, recorded_at
)
select
    gen_random_uuid(), tenant_id, id, 'decision', (updated_at at time zone 'UTC')::date,
    case when status = 'closed' then 'closing' when employer_answer = 'denied' then 'not_advancing' else 'withdrawing' end,
    current_step, status_reason, updated_at
from grievances
where status in ('withdrawn', 'closed');

alter table representation_log enable row level security;
alter table representation_log force row level security;
create policy representation_log_tenant on representation_log
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- An entry stays as it is: nothing of the program's changes it.
grant select, insert on representation_log to unionhall_runtime;
