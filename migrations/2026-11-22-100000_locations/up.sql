-- Locations: where people are taught.
--
-- New tables: the version of the program before this one does not know of them and goes on.

create table locations (
    id uuid not null,
    tenant_id uuid not null,
    name text not null
        constraint locations_name_check check (char_length(name) between 1 and 255),
    code text
        constraint locations_code_check check (char_length(code) between 1 and 50),
    location_type text not null
        constraint locations_location_type_check check (location_type in ('training_site', 'school', 'office', 'jobsite', 'vendor', 'other')),
    address_line1 text
        constraint locations_address_line1_check check (char_length(address_line1) between 1 and 200),
    address_line2 text
        constraint locations_address_line2_check check (char_length(address_line2) between 1 and 200),
    city text
        constraint locations_city_check check (char_length(city) between 1 and 100),
    state text
        constraint locations_state_check check (char_length(state) between 1 and 50),
    postal_code text
        constraint locations_postal_code_check check (char_length(postal_code) between 1 and 20),
    capacity integer
        constraint locations_capacity_check check (capacity between 1 and 10000),
    square_feet integer
        constraint locations_square_feet_check check (square_feet between 1 and 10000000),
    contact_name text
        constraint locations_contact_name_check check (char_length(contact_name) between 1 and 100),
    contact_phone text
        constraint locations_contact_phone_check check (char_length(contact_phone) between 1 and 50),
    contact_email text
        constraint locations_contact_email_check check (octet_length(contact_email) between 3 and 254 and contact_email like '_%@_%'),
    notes text
        constraint locations_notes_check check (char_length(notes) between 1 and 5000),
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    sort_name text collate "C" not null generated always as (left(f_unaccent(name), 100)) stored,
    constraint locations_pkey primary key (id),
    constraint locations_tenant_id_id_key unique (tenant_id, id),
    constraint locations_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint locations_version_check check (version >= 1)
);

-- A code names one location, whatever its case; a deleted one gives its code up.
create unique index locations_code_key on locations (tenant_id, lower(code)) where deleted_at is null;
-- Lists of all and of one kind by name, and of all by time. Words are looked for row by row: a school has a hundred
-- locations, not more.
create index locations_by_name on locations (tenant_id, sort_name, id) where deleted_at is null;
create index locations_by_type on locations (tenant_id, location_type, sort_name, id) where deleted_at is null;
create index locations_by_creation on locations (tenant_id, created_at, id) where deleted_at is null;

-- Whether each of the words is somewhere in the name, the code or the city.
create function locations_match(name text, code text, city text, words text[])
    returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word
        where strpos(f_unaccent(name || ' ' || coalesce(code, '') || ' ' || coalesce(city, '')), word) = 0
    );

alter table locations enable row level security, force row level security;
create policy locations_of_tenant on locations
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on locations to unionhall_runtime;
