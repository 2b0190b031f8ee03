-- The users of a tenant: a place there can be suspended, removed and restored, and the tenant itself may change it.

-- The columns are added with defaults that are no expressions of time, so that no row is rewritten and the lock
-- lasts a moment. The version of the program before this one writes none of them and leaves places active.
alter table memberships
    add column state text not null default 'active'
        constraint memberships_state_check check (state in ('active', 'suspended', 'removed')),
    add column suspended_at timestamptz,
    add column suspended_for text
        constraint memberships_suspended_for_check check (char_length(suspended_for) between 1 and 500),
    add column removed_at timestamptz,
    add column updated_at timestamptz,
    add column version bigint not null default 1
        constraint memberships_version_check check (version > 0),
    add constraint memberships_suspended_check
        check ((state = 'suspended') = (suspended_at is not null and suspended_for is not null)),
    add constraint memberships_removed_check check ((state = 'removed') = (removed_at is not null));

-- What users are sorted by. The table is rewritten, which for people's sign-ins takes a moment.
alter table users
    add column sort_name text collate "C" not null
        generated always as (left(f_unaccent(last_name || e'\t' || first_name), 100)) stored;

-- Whether each of the words is somewhere in the name or the address.
create function users_match(first_name text, last_name text, email text, words text[]) returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word
        where strpos(f_unaccent(first_name || ' ' || last_name || ' ' || email), word) = 0
    );

-- A tenant changes its own places, so that the change, its audit event and the answer that is kept are one
-- transaction. It neither makes places nor lets people into other tenants.
create policy memberships_tenant_change on memberships for update
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy membership_roles_tenant_change on membership_roles
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());

-- A tenant ends the sessions that work in it.
create policy sessions_tenant on sessions for select using (tenant_id = app_tenant());
create policy sessions_tenant_end on sessions for update
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
