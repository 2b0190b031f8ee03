drop policy sessions_tenant_end on sessions;
drop policy sessions_tenant on sessions;
drop policy membership_roles_tenant_change on membership_roles;
drop policy memberships_tenant_change on memberships;
drop function users_match(text, text, text, text[]);
alter table users drop column sort_name;
alter table memberships
    drop constraint memberships_removed_check,
    drop constraint memberships_suspended_check,
    drop column version,
    drop column updated_at,
    drop column removed_at,
    drop column suspended_for,
    drop column suspended_at,
    drop column state;
