drop policy audit_events_insert_worker on audit_events;
revoke update (body, html, last_error) on outbox from unionhall_runtime;
drop policy outbox_write_identity on outbox;
drop index outbox_given_up_idx;
alter table outbox drop column last_error;
alter table outbox drop column html;
-- Mail of nobody's tenant has no place in the schema before: it goes, whether it was sent or not. The policies bind
-- the owner too, and let only the worker see mail; deleting takes a policy that there is for nobody.
alter table outbox no force row level security;
delete from outbox where tenant_id is null;
alter table outbox force row level security;
alter table outbox alter column tenant_id set not null;
