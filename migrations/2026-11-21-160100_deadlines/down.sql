-- Takes deadlines back, and what they are counted from.
drop table deadlines;
drop table grievance_events;
drop index grievances_by_steward;
drop index grievances_by_agreement;
alter table grievances
    drop constraint grievances_steward_fkey,
    drop constraint grievances_rules_fkey,
    drop constraint grievances_rules_check,
    drop column steward_id,
    drop column rules_version,
    drop column agreement_id;
