-- Tenants: what each may use and until when, and what it says of itself.
--
-- Every new column is nullable or has a default, so that a program that knows none of them goes on. Adding them
-- rewrites nothing; the checks read the few rows there are.

alter table tenants
    add column status text not null default 'active'
        constraint tenants_status_check check (status in ('trial', 'active', 'suspended', 'canceled')),
    add column trial_ends_at timestamptz,
    add column max_users integer
        constraint tenants_max_users_check check (max_users > 0),
    add column max_storage_bytes bigint
        constraint tenants_max_storage_bytes_check check (max_storage_bytes >= 0),
    add column used_storage_bytes bigint not null default 0
        constraint tenants_used_storage_bytes_check check (used_storage_bytes >= 0),
    add column tier text
        constraint tenants_tier_check check (char_length(tier) between 1 and 50),
    add column second_language_name text
        constraint tenants_second_language_name_check check (char_length(second_language_name) between 1 and 255),
    add column contact_email text
        constraint tenants_contact_email_check check (octet_length(contact_email) between 3 and 254),
    add column contact_phone text
        constraint tenants_contact_phone_check check (char_length(contact_phone) between 1 and 50),
    add column address_line_1 text
        constraint tenants_address_line_1_check check (char_length(address_line_1) between 1 and 255),
    add column address_line_2 text
        constraint tenants_address_line_2_check check (char_length(address_line_2) between 1 and 255),
    add column city text
        constraint tenants_city_check check (char_length(city) between 1 and 100),
    add column state text
        constraint tenants_state_check check (char_length(state) between 1 and 50),
    add column zip_code text
        constraint tenants_zip_code_check check (char_length(zip_code) between 1 and 20),
    add column country text
        constraint tenants_country_check check (country ~ '^[A-Z]{2}$'),
    add column website text
        constraint tenants_website_check check (char_length(website) between 1 and 255),
    -- Whether somebody who registers by themselves may join, and as what.
    add column registration_policy text not null default 'closed'
        constraint tenants_registration_policy_check check (registration_policy in ('closed', 'as_member')),
    add column logo_key text,
    add column logo_type text
        constraint tenants_logo_type_check check (logo_type in ('image/jpeg', 'image/png', 'image/webp')),
    add column logo_bytes bigint
        constraint tenants_logo_bytes_check check (logo_bytes > 0),
    add column version bigint not null default 1
        constraint tenants_version_check check (version >= 1),
    add column updated_at timestamptz not null default now(),
    add constraint tenants_trial_check check ((status = 'trial') = (trial_ends_at is not null)),
    add constraint tenants_logo_check check (
        (logo_key is null) = (logo_type is null) and (logo_key is null) = (logo_bytes is null));

-- A tenant changes its own settings and uses up its own storage; what it may use is the operator's to say, and the
-- operator works in the identity scope. The policy says which row, the trigger which columns.
create policy tenants_settings on tenants for update
    using (id = app_tenant()) with check (id = app_tenant());
create function tenants_keep_plan() returns trigger language plpgsql as $$
begin
    if app_scope() = 'tenant'
        and (new.id, new.slug, new.kind, new.created_at,
             new.status, new.trial_ends_at, new.max_users, new.max_storage_bytes, new.tier)
            is distinct from
            (old.id, old.slug, old.kind, old.created_at,
             old.status, old.trial_ends_at, old.max_users, old.max_storage_bytes, old.tier)
    then
        raise exception 'a tenant does not change its own plan' using errcode = 'insufficient_privilege';
    end if;
    return new;
end;
$$;
create trigger tenants_keep_plan before update on tenants
    for each row execute function tenants_keep_plan();
grant update (
    name, time_zone, currency, status, trial_ends_at, max_users, max_storage_bytes, used_storage_bytes, tier,
    second_language_name, contact_email, contact_phone, address_line_1, address_line_2, city, state, zip_code,
    country, website, registration_policy, logo_key, logo_type, logo_bytes, version, updated_at)
    on tenants to unionhall_runtime;
