-- What happened to a grievance and was recorded by hand can be taken back: it stays on record, and counts no more.
--
-- The new columns are null, and the version of the program before this one does not write them.

alter table grievance_events
    -- Who recorded it; null where it follows from filing or moving the grievance.
    add column recorded_by uuid,
    add column retracted_at timestamptz,
    add column retracted_by uuid,
    add column retracted_for text,
    add constraint grievance_events_recorded_by_fkey
        foreign key (tenant_id, recorded_by) references memberships (tenant_id, user_id),
    add constraint grievance_events_retracted_by_fkey
        foreign key (tenant_id, retracted_by) references memberships (tenant_id, user_id),
    add constraint grievance_events_retracted_check check ((retracted_at is null) = (retracted_for is null)),
    add constraint grievance_events_retracted_for_check check (char_length(retracted_for) between 1 and 2000);

-- An officer and the worker could say at once that an answer did not come. It happened once: the later ones count no
-- more. The rows are every tenant's, which the owner of the table sees while it is not forced to be in one.
alter table grievance_events no force row level security;
update grievance_events e set retracted_at = now(), retracted_for = 'It was recorded twice.'
where e.kind = 'answer_due' and exists (
    select from grievance_events o
    where o.tenant_id = e.tenant_id and o.grievance_id = e.grievance_id and o.kind = e.kind
        and o.step = e.step and o.happened_on = e.happened_on and o.id < e.id);
alter table grievance_events force row level security;
create unique index grievance_events_answer_due_key on grievance_events (tenant_id, grievance_id, step, happened_on)
    where kind = 'answer_due' and retracted_at is null;

-- What happened stays, and so does what it was; only that it counts no more is written later.
grant update (retracted_at, retracted_by, retracted_for) on grievance_events to unionhall_runtime;
