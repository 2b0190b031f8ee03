-- Letters: mail to people before and outside any tenant, in two forms, and what the mail server said last.
--
-- Every statement changes the catalogue alone, but for the index, which locks the outbox while it reads it: seconds
-- for a million mails, during which mail waits to be written. The version of the program before this one goes on
-- writing and sending beside it; what it cannot read, mail of nobody's tenant, the new one sends.

-- Somebody who registers, or has forgotten a password, belongs to no tenant when the mail is written.
alter table outbox alter column tenant_id drop not null;
-- The same words as `body`, marked up; null where a mail has none.
alter table outbox add column html text;
-- Why the last attempt failed, in few words and without addresses; null before the first failure and once sent.
alter table outbox add column last_error text;

-- What an operator looks through: few among very many that were sent.
create index outbox_given_up_idx on outbox (given_up_at) where given_up_at is not null;

-- Signing in, registering and inviting happen before the scope of any tenant is entered: such a mail may be
-- anybody's. A tenant still writes its own mail alone.
create policy outbox_write_identity on outbox for insert with check (app_scope() = 'identity');

-- The words of a mail that was sent are not kept: they may hold a link that lets somebody in.
grant update (body, html, last_error) on outbox to unionhall_runtime;

-- An operator who has a mail sent again is on record, and works where mail is seen: in the worker's scope.
create policy audit_events_insert_worker on audit_events for insert with check (
    app_scope() = 'worker' and actor_kind = 'operator' and target_type = 'mail');
