-- What was merged stays merged; that it was, is forgotten.
drop index contacts_by_merger;
drop index employments_by_merger;
drop index grievances_by_merger;
alter table organizations
    drop constraint organizations_merged_check,
    drop constraint organizations_merged_into_fkey,
    drop column merged_into,
    drop column bare_name,
    drop column bare_address;
drop function organizations_bare_name;
drop function organizations_bare_address;
