-- Invitations: whom a tenant has asked in, as what, and what became of it.
--
-- A new table: the version of the program before this one does not know of it and goes on.

-- A token is known by its SHA-256 alone, of 32 bytes whatever the token looks like. An invitation that has run out stays
-- 'pending' until somebody at the same address is invited anew: whether it has is a matter of the time.
create table invitations (
    id            uuid          not null constraint invitations_pkey primary key,
    tenant_id     uuid          not null constraint invitations_tenant_fkey references tenants (id),
    email         text          not null
        constraint invitations_email_check check (email = lower(email) and octet_length(email) between 3 and 254),
    first_name    text          constraint invitations_first_name_check check (char_length(first_name) between 1 and 100),
    last_name     text          constraint invitations_last_name_check check (char_length(last_name) between 1 and 100),
    job_title     text          constraint invitations_job_title_check check (char_length(job_title) between 1 and 100),
    message       text          constraint invitations_message_check check (char_length(message) between 1 and 1000),
    member_id     uuid,
    roles         text[]        not null
        constraint invitations_roles_check check (cardinality(roles) > 0 and roles <@ array[
            'owner', 'admin', 'officer', 'staff', 'organizer', 'instructor', 'moderator', 'member', 'contact']),
    -- Until when each of the roles counts, in the same order; null for good.
    role_expiries timestamptz[] not null,
    invited_by    uuid          not null,
    token_hash    bytea         not null constraint invitations_token_hash_key unique
        constraint invitations_token_hash_check check (octet_length(token_hash) = 32),
    state         text          not null
        constraint invitations_state_check check (state in ('pending', 'accepted', 'canceled', 'expired')),
    sent_at       timestamptz   not null,
    expires_at    timestamptz   not null,
    accepted_at   timestamptz,
    accepted_by   uuid          constraint invitations_accepted_by_fkey references users (id),
    canceled_at   timestamptz,
    version       bigint        not null constraint invitations_version_check check (version > 0),
    created_at    timestamptz   not null,
    updated_at    timestamptz   not null,
    constraint invitations_inviter_fkey foreign key (tenant_id, invited_by)
        references memberships (tenant_id, user_id),
    constraint invitations_member_fkey foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint invitations_role_expiries_check check (cardinality(role_expiries) = cardinality(roles)),
    constraint invitations_expiry_check check (expires_at > sent_at),
    constraint invitations_accepted_check check (
        (state = 'accepted') = (accepted_at is not null and accepted_by is not null)),
    constraint invitations_canceled_check check ((state = 'canceled') = (canceled_at is not null))
);

-- One that waits for each address, and for each member whom somebody is to be.
create unique index invitations_pending_key on invitations (tenant_id, email) where state = 'pending';
create unique index invitations_pending_member_key on invitations (tenant_id, member_id)
    where state = 'pending' and member_id is not null;
create index invitations_by_creation on invitations (tenant_id, created_at, id);
create index invitations_by_email on invitations (tenant_id, email, id);
create index invitations_by_expiry on invitations (tenant_id, expires_at, id);

-- Whether each of the words is somewhere in the name or the address.
create function invitations_match(first_name text, last_name text, email text, words text[]) returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word
        where strpos(f_unaccent(coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || email), word) = 0
    );

alter table invitations enable row level security;
alter table invitations force row level security;
create policy invitations_tenant on invitations
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- Whoever accepts is in no tenant yet: they come with a token, and letting people in is the identity scope's business.
-- It invites nobody.
create policy invitations_identity on invitations for select using (app_scope() = 'identity');
create policy invitations_identity_answer on invitations for update
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
grant select, insert, update on invitations to unionhall_runtime;
