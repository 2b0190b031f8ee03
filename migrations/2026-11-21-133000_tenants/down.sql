revoke update (
    name, time_zone, currency, status, trial_ends_at, max_users, max_storage_bytes, used_storage_bytes, tier,
    second_language_name, contact_email, contact_phone, address_line_1, address_line_2, city, state, zip_code,
    country, website, registration_policy, logo_key, logo_type, logo_bytes, version, updated_at)
    on tenants from unionhall_runtime;
drop trigger tenants_keep_plan on tenants;
drop function tenants_keep_plan();
drop policy tenants_settings on tenants;
alter table tenants
    drop constraint tenants_logo_check,
    drop constraint tenants_trial_check,
    drop column updated_at,
    drop column version,
    drop column logo_bytes,
    drop column logo_type,
    drop column logo_key,
    drop column registration_policy,
    drop column website,
    drop column country,
    drop column zip_code,
    drop column state,
    drop column city,
    drop column address_line_2,
    drop column address_line_1,
    drop column contact_phone,
    drop column contact_email,
    drop column second_language_name,
    drop column tier,
    drop column used_storage_bytes,
    drop column max_storage_bytes,
    drop column max_users,
    drop column trial_ends_at,
    drop column status;
