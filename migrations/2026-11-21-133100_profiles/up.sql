-- Profiles: what people say of themselves. A person has one, whatever tenants they work in.
--
-- Every new column is nullable or has a constant default: nothing is rewritten, and a program that knows none of them
-- goes on.

alter table users
    add column phone text
        constraint users_phone_check check (char_length(phone) between 1 and 50),
    add column bio text
        constraint users_bio_check check (char_length(bio) between 1 and 1000),
    add column job_title text
        constraint users_job_title_check check (char_length(job_title) between 1 and 100),
    add column department text
        constraint users_department_check check (char_length(department) between 1 and 100),
    add column language text
        constraint users_language_check check (char_length(language) between 2 and 35),
    add column time_zone text
        constraint users_time_zone_check check (char_length(time_zone) between 1 and 100),
    add column profile_version bigint not null default 1
        constraint users_profile_version_check check (profile_version >= 1);

-- A person changes their own profile at work in a tenant, so that the change, its audit event and the answer that is
-- kept for a retry are one transaction. The policy says which rows, the trigger which columns: how somebody signs in
-- is never changed in a tenant's scope, whatever columns come to the table.
create policy users_profile on users for update
    using (exists (select from memberships m where m.tenant_id = app_tenant() and m.user_id = users.id))
    with check (exists (select from memberships m where m.tenant_id = app_tenant() and m.user_id = users.id));
create function users_keep_sign_in() returns trigger language plpgsql as $$
declare
    -- What a tenant's scope may change, and what the database computes from it afterwards.
    profile text[] := array['first_name', 'last_name', 'phone', 'bio', 'job_title', 'department', 'language',
        'time_zone', 'profile_version', 'updated_at', 'sort_name'];
begin
    if to_jsonb(new) - profile is distinct from to_jsonb(old) - profile then
        raise exception 'how somebody signs in is not a tenant''s to change' using errcode = 'insufficient_privilege';
    end if;
    return new;
end;
$$;
create trigger users_keep_sign_in before update on users
    for each row when (app_scope() = 'tenant') execute function users_keep_sign_in();
