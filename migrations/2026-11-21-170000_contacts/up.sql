-- Contacts: the people at an organization, one of whom is the one to ask first.
--
-- A new table: the version of the program before this one does not know of it and goes on.

create table contacts (
    id              uuid        not null constraint contacts_pkey primary key,
    tenant_id       uuid        not null constraint contacts_tenant_fkey references tenants (id),
    organization_id uuid        not null,
    first_name      text        not null
        constraint contacts_first_name_check check (char_length(first_name) between 1 and 100),
    last_name       text        not null
        constraint contacts_last_name_check check (char_length(last_name) between 1 and 100),
    title           text        constraint contacts_title_check check (char_length(title) between 1 and 100),
    phone           text        constraint contacts_phone_check check (char_length(phone) between 1 and 50),
    email           text
        constraint contacts_email_check check (octet_length(email) between 3 and 254 and email like '_%@_%'),
    is_primary      boolean     not null,
    notes           text        constraint contacts_notes_check check (char_length(notes) between 1 and 500),
    version         bigint      not null constraint contacts_version_check check (version >= 1),
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    deleted_at      timestamptz,
    -- The tab sorts before every character of a name, so family names that begin alike stay together.
    sort_name       text collate "C" not null
        generated always as (left(f_unaccent(last_name || e'\t' || first_name), 100)) stored,
    constraint contacts_tenant_id_id_key unique (tenant_id, id),
    constraint contacts_organization_fkey
        foreign key (tenant_id, organization_id) references organizations (tenant_id, id),
    constraint contacts_deleted_check check (not is_primary or deleted_at is null)
);

-- At most one primary contact at an organization; that there is one at all is the trigger's to hold.
create unique index contacts_primary_key on contacts (tenant_id, organization_id) where is_primary;
-- Lists of one organization by name, and of all by name and by time. Who becomes primary is the eldest of one
-- organization's, which are few. Words are looked for row by row: there are thousands of contacts, not more.
create index contacts_by_organization on contacts (tenant_id, organization_id, sort_name, id)
    where deleted_at is null;
create index contacts_by_name on contacts (tenant_id, sort_name, id) where deleted_at is null;
create index contacts_by_creation on contacts (tenant_id, created_at, id) where deleted_at is null;

-- Whether each of the words is somewhere in the name, the title or the address.
create function contacts_match(first_name text, last_name text, title text, email text, words text[])
    returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word
        where strpos(
            f_unaccent(first_name || ' ' || last_name || ' ' || coalesce(title, '') || ' ' || coalesce(email, '')),
            word
        ) = 0
    );

-- An organization that has contacts has a primary one. Asked when the transaction ends, because there is none for a
-- moment while it moves; the organization is locked first, so that two who end at once see each other's work.
create function contacts_have_a_primary() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
    touched uuid;
begin
    foreach touched in array case
        when tg_op = 'UPDATE' and old.organization_id <> new.organization_id
            then array[old.organization_id, new.organization_id]
        else array[new.organization_id]
    end loop
        perform from organizations where tenant_id = new.tenant_id and id = touched for no key update;
        if exists (
            select from contacts
            where tenant_id = new.tenant_id and organization_id = touched and deleted_at is null
        ) and not exists (
            select from contacts
            where tenant_id = new.tenant_id and organization_id = touched and is_primary
        ) then
            raise exception 'an organization with contacts has a primary one'
                using errcode = 'check_violation', constraint = 'contacts_have_a_primary';
        end if;
    end loop;
    return null;
end
$$;

create constraint trigger contacts_have_a_primary after insert or update on contacts
    deferrable initially deferred
    for each row execute function contacts_have_a_primary();

alter table contacts enable row level security, force row level security;
create policy contacts_of_tenant on contacts
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on contacts to unionhall_runtime;
