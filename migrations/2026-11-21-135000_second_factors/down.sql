drop function second_factor_reset(uuid, timestamptz);
drop function roles_elsewhere(uuid, timestamptz);
drop table sign_in_challenges;
drop table trusted_devices;
drop table recovery_codes;
drop table second_factors;
revoke update (second_factor_roles) on tenants from unionhall_runtime;
alter table tenants drop column second_factor_roles;
