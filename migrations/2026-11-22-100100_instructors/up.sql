-- Instructors: who teaches. A tax id is stored sealed under the key that second factors use, with the four digits that
-- may be shown.
--
-- New tables: the version of the program before this one does not know of them and goes on.

create table instructors (
    id uuid not null,
    tenant_id uuid not null,
    first_name text not null
        constraint instructors_first_name_check check (char_length(first_name) between 1 and 50),
    last_name text not null
        constraint instructors_last_name_check check (char_length(last_name) between 1 and 50),
    email text not null
        constraint instructors_email_check check (octet_length(email) between 3 and 254 and email like '_%@_%'),
    phone text
        constraint instructors_phone_check check (char_length(phone) between 1 and 50),
    bio text
        constraint instructors_bio_check check (char_length(bio) between 1 and 5000),
    certification text
        constraint instructors_certification_check check (char_length(certification) between 1 and 255),
    specialties text
        constraint instructors_specialties_check check (char_length(specialties) between 1 and 2000),
    rate_type text not null
        constraint instructors_rate_type_check check (rate_type in ('hourly', 'daily', 'flat', 'salary')),
    rate_amount bigint
        constraint instructors_rate_amount_check check (rate_amount between 0 and 999999999999),
    engagement text not null
        constraint instructors_engagement_check check (engagement in ('employee', 'contractor_1099')),
    user_id uuid,
    status text not null
        constraint instructors_status_check check (status in ('active', 'inactive')),
    tax_id_ending text
        constraint instructors_tax_id_ending_check check (tax_id_ending ~ '^[0-9]{4}$'),
    tax_id_key text,
    tax_id_sealed bytea,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    -- The tab sorts before every character of a name, so family names that begin alike stay together.
    sort_name text collate "C" not null
        generated always as (left(f_unaccent(last_name || e'\t' || first_name), 100)) stored,
    constraint instructors_pkey primary key (id),
    constraint instructors_tenant_id_id_key unique (tenant_id, id),
    constraint instructors_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint instructors_user_fkey
        foreign key (tenant_id, user_id) references memberships (tenant_id, user_id),
    constraint instructors_tax_id_check check (
        (tax_id_ending is null) = (tax_id_sealed is null) and (tax_id_key is null) = (tax_id_sealed is null)
    ),
    constraint instructors_version_check check (version >= 1)
);

-- Nobody is there twice; who is deleted gives address and user up.
create unique index instructors_email_key on instructors (tenant_id, email) where deleted_at is null;
create unique index instructors_user_key on instructors (tenant_id, user_id) where deleted_at is null;
-- Lists of all and with one status by name, and of all by time. Words are looked for row by row: a school has a
-- hundred instructors, not more.
create index instructors_by_name on instructors (tenant_id, sort_name, id) where deleted_at is null;
create index instructors_by_status on instructors (tenant_id, status, sort_name, id) where deleted_at is null;
create index instructors_by_creation on instructors (tenant_id, created_at, id) where deleted_at is null;

-- Whether each of the words is somewhere in the name, the address or the specialties.
create function instructors_match(first_name text, last_name text, email text, specialties text, words text[])
    returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word
        where strpos(
            f_unaccent(first_name || ' ' || last_name || ' ' || email || ' ' || coalesce(specialties, '')), word
        ) = 0
    );

alter table instructors enable row level security, force row level security;
create policy instructors_of_tenant on instructors
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on instructors to unionhall_runtime;
