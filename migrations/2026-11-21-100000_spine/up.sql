-- The spine: tenants, people's sign-ins, the audit trail, numbers, the outbox and kept answers.
--
-- Applied as unionhall_owner, which owns everything. The program connects as a member of unionhall_runtime, which
-- owns nothing: it has the grants below, and sees the rows that the policies below let through.

grant select on __diesel_schema_migrations to unionhall_runtime;

-- Whose rows the connection sees. Both settings are null before their first use in a session and may be empty
-- afterwards: neither is a tenant. Plain SQL, stable and without settings of its own, so that the planner puts the
-- expression in place of the call and the tenant stays an index condition.
create function app_tenant() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.tenant', true), '')::uuid;

-- 'tenant', 'identity', 'worker' or 'audit'; anything else sees nothing.
create function app_scope() returns text
    language sql stable parallel safe
    return coalesce(current_setting('app.scope', true), '');

-- Tenants --------------------------------------------------------------------------------------------------------

create table tenants (
    id         uuid        not null constraint tenants_pkey primary key,
    slug       text        not null constraint tenants_slug_key unique
        constraint tenants_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$'),
    name       text        not null
        constraint tenants_name_check check (char_length(name) between 1 and 255),
    kind       text        not null
        constraint tenants_kind_check check (kind in ('local', 'training_trust')),
    time_zone  text        not null
        constraint tenants_time_zone_check check (char_length(time_zone) between 1 and 100),
    currency   text        not null
        constraint tenants_currency_check check (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz not null
);

alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenants_own on tenants for select using (id = app_tenant());
create policy tenants_identity on tenants using (app_scope() = 'identity') with check (app_scope() = 'identity');
grant select, insert on tenants to unionhall_runtime;

-- People's sign-ins ----------------------------------------------------------------------------------------------

create table users (
    id            uuid        not null constraint users_pkey primary key,
    email         text        not null constraint users_email_key unique
        constraint users_email_check check (email = lower(email) and octet_length(email) between 3 and 254),
    password_hash text        not null,
    first_name    text        not null
        constraint users_first_name_check check (char_length(first_name) between 1 and 100),
    last_name     text        not null
        constraint users_last_name_check check (char_length(last_name) between 1 and 100),
    state         text        not null default 'active'
        constraint users_state_check check (state in ('active', 'inactive')),
    failed_logins integer     not null default 0
        constraint users_failed_logins_check check (failed_logins >= 0),
    locked_until  timestamptz,
    last_login_at timestamptz,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    deleted_at    timestamptz
);

-- A user's place in a tenant. last_used_at puts a user's places in the order of their last use.
create table memberships (
    tenant_id    uuid        not null constraint memberships_tenant_fkey references tenants (id),
    user_id      uuid        not null constraint memberships_user_fkey references users (id),
    member_id    uuid,
    joined_at    timestamptz not null,
    last_used_at timestamptz,
    constraint memberships_pkey primary key (tenant_id, user_id)
);
create index memberships_user_idx on memberships (user_id);

create table membership_roles (
    tenant_id  uuid not null,
    user_id    uuid not null,
    role       text not null
        constraint membership_roles_role_check check (role in (
            'owner', 'admin', 'officer', 'staff', 'organizer', 'instructor', 'moderator', 'member', 'contact')),
    expires_at timestamptz,
    constraint membership_roles_pkey primary key (tenant_id, user_id, role),
    constraint membership_roles_membership_fkey foreign key (tenant_id, user_id)
        references memberships (tenant_id, user_id)
);

create table sessions (
    id           uuid        not null constraint sessions_pkey primary key,
    user_id      uuid        not null,
    tenant_id    uuid        not null,
    device       text        constraint sessions_device_check check (char_length(device) <= 500),
    address      text        constraint sessions_address_check check (char_length(address) <= 100),
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    ended_at     timestamptz,
    constraint sessions_membership_fkey foreign key (tenant_id, user_id)
        references memberships (tenant_id, user_id)
);
create index sessions_open_idx on sessions (user_id) where ended_at is null;

-- A token is known by its SHA-256 alone.
create table refresh_tokens (
    hash       bytea       not null constraint refresh_tokens_pkey primary key
        constraint refresh_tokens_hash_check check (octet_length(hash) = 32),
    session_id uuid        not null constraint refresh_tokens_session_fkey references sessions (id),
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    spent_at   timestamptz
);
create index refresh_tokens_session_idx on refresh_tokens (session_id);

alter table users enable row level security;
alter table users force row level security;
alter table memberships enable row level security;
alter table memberships force row level security;
alter table membership_roles enable row level security;
alter table membership_roles force row level security;
alter table sessions enable row level security;
alter table sessions force row level security;
alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;

create policy users_identity on users using (app_scope() = 'identity') with check (app_scope() = 'identity');
-- A tenant knows the people who have a place in it, and nobody else.
create policy users_of_tenant on users for select using (
    exists (select from memberships m where m.tenant_id = app_tenant() and m.user_id = users.id));
create policy memberships_identity on memberships
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
create policy memberships_tenant on memberships for select using (tenant_id = app_tenant());
create policy membership_roles_identity on membership_roles
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
create policy membership_roles_tenant on membership_roles for select using (tenant_id = app_tenant());
create policy sessions_identity on sessions using (app_scope() = 'identity') with check (app_scope() = 'identity');
create policy refresh_tokens_identity on refresh_tokens
    using (app_scope() = 'identity') with check (app_scope() = 'identity');

grant select, insert, update on users, memberships, sessions, refresh_tokens to unionhall_runtime;
grant select, insert, update, delete on membership_roles to unionhall_runtime;

-- The audit trail ------------------------------------------------------------------------------------------------

create table audit_events (
    id          uuid        not null constraint audit_events_pkey primary key,
    at          timestamptz not null,
    tenant_id   uuid        constraint audit_events_tenant_fkey references tenants (id),
    actor_kind  text        not null
        constraint audit_events_actor_kind_check check (actor_kind in ('user', 'anonymous', 'operator')),
    actor_id    uuid,
    action      text        not null,
    target_type text        not null,
    target_id   uuid,
    changes     jsonb       not null,
    details     jsonb       not null,
    request_id  text        not null,
    address     text,
    device      text,
    constraint audit_events_actor_check check ((actor_kind = 'user') = (actor_id is not null))
);
create index audit_events_tenant_idx on audit_events (tenant_id, at desc, id desc);
create index audit_events_target_idx on audit_events (tenant_id, target_type, target_id, at desc);
create index audit_events_actor_idx on audit_events (tenant_id, actor_id, at desc);

alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy audit_events_read on audit_events for select using (tenant_id = app_tenant());
-- A tenant's work is in its own trail. Signing in belongs to a tenant before the tenant's scope is entered, and the
-- log of reads writes for all tenants at once: both may name any.
create policy audit_events_insert on audit_events for insert with check (
    tenant_id = app_tenant() or app_scope() in ('identity', 'audit'));

-- Nobody changes what happened: there is no grant and no policy for it, and this holds for the owner too.
create function audit_events_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail cannot be changed' using errcode = 'insufficient_privilege';
end;
$$;
create trigger audit_events_unchanged before update or delete or truncate on audit_events
    for each statement execute function audit_events_refuse_change();
grant select, insert on audit_events to unionhall_runtime;

-- Numbers that people quote: the last one given out, per tenant, kind and year. ------------------------------------

create table number_sequences (
    tenant_id uuid     not null constraint number_sequences_tenant_fkey references tenants (id),
    kind      text     not null,
    year      smallint not null,
    last      integer  not null constraint number_sequences_last_check check (last > 0),
    constraint number_sequences_pkey primary key (tenant_id, kind, year)
);
alter table number_sequences enable row level security;
alter table number_sequences force row level security;
create policy number_sequences_tenant on number_sequences
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on number_sequences to unionhall_runtime;

-- Mail that leaves after the commit ------------------------------------------------------------------------------

create table outbox (
    id           uuid        not null constraint outbox_pkey primary key,
    tenant_id    uuid        not null constraint outbox_tenant_fkey references tenants (id),
    recipient    text        not null,
    subject      text        not null,
    body         text        not null,
    created_at   timestamptz not null,
    due_at       timestamptz not null,
    attempts     integer     not null default 0 constraint outbox_attempts_check check (attempts >= 0),
    leased_until timestamptz,
    sent_at      timestamptz,
    given_up_at  timestamptz,
    constraint outbox_settled_check check (sent_at is null or given_up_at is null)
);
create index outbox_waiting_idx on outbox (created_at, id) where sent_at is null and given_up_at is null;

alter table outbox enable row level security;
alter table outbox force row level security;
create policy outbox_write on outbox for insert with check (tenant_id = app_tenant());
create policy outbox_read on outbox for select using (app_scope() = 'worker');
create policy outbox_settle on outbox for update
    using (app_scope() = 'worker') with check (app_scope() = 'worker');
grant select, insert on outbox to unionhall_runtime;
grant update (due_at, attempts, leased_until, sent_at, given_up_at) on outbox to unionhall_runtime;

-- Answers kept for requests that are sent again ------------------------------------------------------------------

create table idempotency_keys (
    tenant_id   uuid        not null constraint idempotency_keys_tenant_fkey references tenants (id),
    user_id     uuid        not null constraint idempotency_keys_user_fkey references users (id),
    key         text        not null constraint idempotency_keys_key_check check (char_length(key) between 1 and 255),
    fingerprint bytea       not null
        constraint idempotency_keys_fingerprint_check check (octet_length(fingerprint) = 32),
    status      smallint    not null,
    headers     jsonb       not null,
    body        text        not null,
    created_at  timestamptz not null,
    constraint idempotency_keys_pkey primary key (tenant_id, user_id, key)
);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy idempotency_keys_tenant on idempotency_keys
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update, delete on idempotency_keys to unionhall_runtime;

-- Takes a key without waiting, and tells what is kept under it. A function, because the row must be looked up after
-- the lock is had: within one statement both would see the state from before the lock, and the answer of whoever
-- held it until just now would be missed. A volatile function takes a new snapshot for each of its statements.
create function idempotency_begin(for_user uuid, for_key text, forgotten_before timestamptz)
    returns table (held boolean, fingerprint bytea, status smallint, headers jsonb, body text)
    language plpgsql volatile as $$
begin
    held := pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', app_tenant(), for_user, for_key), 0));
    if held then
        select k.fingerprint, k.status, k.headers, k.body into fingerprint, status, headers, body
        from idempotency_keys k
        where k.tenant_id = app_tenant() and k.user_id = for_user and k.key = for_key
          and k.created_at >= forgotten_before;
        if not found then
            -- Forgotten answers go when their owner comes back with a new key, a few at a time. Those that another
            -- transaction holds are left for later, so that nobody waits.
            delete from idempotency_keys k
            where (k.tenant_id, k.user_id, k.key) in (
                select o.tenant_id, o.user_id, o.key from idempotency_keys o
                where o.tenant_id = app_tenant() and o.user_id = for_user and o.created_at < forgotten_before
                limit 50 for update skip locked);
        end if;
    end if;
    return next;
end;
$$;
