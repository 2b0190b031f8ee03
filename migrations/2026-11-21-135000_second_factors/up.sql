-- Second factors: the secret that a phone shares with the hall, recovery codes, devices that stand in for the phone,
-- and sign-ins that are half done.
--
-- New tables and functions, and one column with a default: nobody waits, and the version of the program before this one
-- goes on beside it. It asks nobody for a second factor, so turn the rule of a tenant on when no such version runs.

-- Whoever holds one of these roles needs a second factor.
alter table tenants
    add column second_factor_roles text[] not null default '{}'
        constraint tenants_second_factor_roles_check check (second_factor_roles <@ array[
            'owner', 'admin', 'officer', 'staff', 'organizer', 'instructor', 'moderator', 'member', 'contact']);
grant update (second_factor_roles) on tenants to unionhall_runtime;

-- The secret is sealed with a key of the installation, `sealed_by` names which. The step is a count of thirty seconds
-- since 1970 (RFC 6238): no code of it or of an earlier one is accepted again.
create table second_factors (
    user_id       uuid        not null constraint second_factors_pkey primary key
        constraint second_factors_user_fkey references users (id),
    sealed_secret bytea       not null,
    sealed_by     text        not null,
    begun_at      timestamptz not null,
    confirmed_at  timestamptz,
    last_step     bigint,
    constraint second_factors_confirmed_check check ((confirmed_at is null) = (last_step is null))
);

-- A recovery code is 120 random bits and known by its SHA-256 alone; a spent one is gone.
create table recovery_codes (
    user_id uuid  not null constraint recovery_codes_factor_fkey references second_factors (user_id),
    hash    bytea not null constraint recovery_codes_hash_check check (octet_length(hash) = 32),
    constraint recovery_codes_pkey primary key (user_id, hash)
);

-- The device holds a token of 32 random bytes, known here by its SHA-256 alone.
create table trusted_devices (
    id           uuid        not null constraint trusted_devices_pkey primary key,
    user_id      uuid        not null constraint trusted_devices_user_fkey references users (id),
    hash         bytea       not null constraint trusted_devices_hash_key unique
        constraint trusted_devices_hash_check check (octet_length(hash) = 32),
    label        text        constraint trusted_devices_label_check check (char_length(label) <= 500),
    created_at   timestamptz not null,
    last_used_at timestamptz,
    expires_at   timestamptz not null
);
create index trusted_devices_user_idx on trusted_devices (user_id);

-- A sign-in whose password was right. It holds a token like a device's, for minutes.
create table sign_in_challenges (
    hash       bytea       not null constraint sign_in_challenges_pkey primary key
        constraint sign_in_challenges_hash_check check (octet_length(hash) = 32),
    user_id    uuid        not null constraint sign_in_challenges_user_fkey references users (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    attempts   integer     not null default 0 constraint sign_in_challenges_attempts_check check (attempts >= 0)
);
create index sign_in_challenges_user_idx on sign_in_challenges (user_id);

alter table second_factors enable row level security;
alter table second_factors force row level security;
alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
alter table trusted_devices enable row level security;
alter table trusted_devices force row level security;
alter table sign_in_challenges enable row level security;
alter table sign_in_challenges force row level security;

create policy second_factors_identity on second_factors
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
create policy recovery_codes_identity on recovery_codes
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
create policy trusted_devices_identity on trusted_devices
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
create policy sign_in_challenges_identity on sign_in_challenges
    using (app_scope() = 'identity') with check (app_scope() = 'identity');

grant select, insert, update, delete on second_factors, recovery_codes, trusted_devices, sign_in_challenges
    to unionhall_runtime;

-- A factor that was lost is removed by an administrator of a tenant that the person has a place in. These functions
-- enter the identity scope for that and nothing else, and leave it again; a failure in between ends the transaction,
-- and with it the setting. A tenant's own scope still sees none of the tables above.

-- The roles that somebody holds in other tenants: whoever administers one hall must not weaken the owner of another.
create function roles_elsewhere(for_user uuid, at timestamptz) returns text[]
    language plpgsql volatile as $$
declare
    scope constant text := app_scope();
    held text[];
begin
    perform set_config('app.scope', 'identity', true);
    select coalesce(array_agg(distinct r.role), '{}') into held
    from membership_roles r
    where r.user_id = for_user and r.tenant_id <> app_tenant() and (r.expires_at is null or r.expires_at > at);
    perform set_config('app.scope', scope, true);
    return held;
end;
$$;

-- Removes the factor with all that stands in for it, and ends every session; tells whether there was a factor.
create function second_factor_reset(for_user uuid, at timestamptz) returns boolean
    language plpgsql volatile as $$
declare
    scope constant text := app_scope();
    there boolean;
begin
    if not exists (select from memberships m where m.tenant_id = app_tenant() and m.user_id = for_user) then
        return false;
    end if;
    perform set_config('app.scope', 'identity', true);
    delete from recovery_codes where user_id = for_user;
    delete from trusted_devices where user_id = for_user;
    delete from sign_in_challenges where user_id = for_user;
    delete from second_factors where user_id = for_user;
    there := found;
    if there then
        update sessions set ended_at = at where user_id = for_user and ended_at is null;
    end if;
    perform set_config('app.scope', scope, true);
    return there;
end;
$$;
