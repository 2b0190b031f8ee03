-- Takes back that events can be taken back.
revoke update (retracted_at, retracted_by, retracted_for) on grievance_events from unionhall_runtime;
drop index grievance_events_answer_due_key;
alter table grievance_events
    drop column recorded_by,
    drop column retracted_at,
    drop column retracted_by,
    drop column retracted_for;
