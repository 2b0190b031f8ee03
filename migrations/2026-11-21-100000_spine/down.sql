-- Takes the spine back. The trail goes with its table: a trigger refuses to change it, not to drop it.
drop function idempotency_begin;
drop table idempotency_keys;
drop table outbox;
drop table number_sequences;
drop table audit_events;
drop function audit_events_refuse_change;
drop table refresh_tokens;
drop table sessions;
drop table membership_roles;
-- The policy of users asks memberships.
drop policy users_of_tenant on users;
drop table memberships;
drop table users;
drop table tenants;
drop function app_scope;
drop function app_tenant;
revoke select on __diesel_schema_migrations from unionhall_runtime;
