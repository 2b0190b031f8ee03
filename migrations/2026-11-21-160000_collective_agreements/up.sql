-- Collective agreements with their parties, their articles and the versions of their rules; and holiday calendars.
--
-- New tables alone: the version of the program before this one does not know of them and goes on.

create table collective_agreements (
    id uuid not null,
    tenant_id uuid not null,
    name text not null,
    effective_from date not null,
    effective_through date,
    -- Numbers and titles, in the order of the agreement; the words stand apart, so that a list need not read a book.
    articles jsonb not null,
    -- The words of each article that has any, by its number.
    article_texts jsonb not null,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    sort_name text collate "C" not null generated always as (left(f_unaccent(name), 100)) stored,
    constraint collective_agreements_pkey primary key (id),
    constraint collective_agreements_tenant_id_id_key unique (tenant_id, id),
    constraint collective_agreements_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint collective_agreements_name_check check (char_length(name) between 1 and 255),
    constraint collective_agreements_term_check check (effective_through >= effective_from),
    constraint collective_agreements_articles_check
        check (jsonb_typeof(articles) = 'array' and jsonb_typeof(article_texts) = 'object'),
    constraint collective_agreements_version_check check (version >= 1)
);

create index collective_agreements_by_name on collective_agreements (tenant_id, sort_name, id)
    where deleted_at is null;
create index collective_agreements_by_beginning on collective_agreements (tenant_id, effective_from, id)
    where deleted_at is null;

alter table collective_agreements enable row level security, force row level security;
create policy collective_agreements_of_tenant on collective_agreements
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on collective_agreements to unionhall_runtime;

-- Who made an agreement, in the order in which they are named.
create table collective_agreement_parties (
    tenant_id uuid not null,
    agreement_id uuid not null,
    place smallint not null,
    side text not null,
    name text not null,
    organization_id uuid,
    constraint collective_agreement_parties_pkey primary key (tenant_id, agreement_id, place),
    constraint collective_agreement_parties_agreement_fkey
        foreign key (tenant_id, agreement_id) references collective_agreements (tenant_id, id),
    constraint collective_agreement_parties_organization_fkey
        foreign key (tenant_id, organization_id) references organizations (tenant_id, id),
    constraint collective_agreement_parties_place_check check (place >= 0),
    constraint collective_agreement_parties_side_check check (side in ('union', 'employer')),
    constraint collective_agreement_parties_name_check check (char_length(name) between 1 and 255)
);

-- The agreements of an organization.
create index collective_agreement_parties_by_organization
    on collective_agreement_parties (tenant_id, organization_id, agreement_id) where organization_id is not null;

alter table collective_agreement_parties enable row level security, force row level security;
create policy collective_agreement_parties_of_tenant on collective_agreement_parties
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, delete on collective_agreement_parties to unionhall_runtime;
-- Merging organizations puts one in the other's place.
grant update (organization_id) on collective_agreement_parties to unionhall_runtime;

create table collective_agreement_rule_sets (
    tenant_id uuid not null,
    agreement_id uuid not null,
    version bigint not null,
    effective_from date not null,
    rules jsonb not null,
    created_at timestamptz not null,
    constraint collective_agreement_rule_sets_pkey primary key (tenant_id, agreement_id, version),
    constraint collective_agreement_rule_sets_agreement_fkey
        foreign key (tenant_id, agreement_id) references collective_agreements (tenant_id, id),
    constraint collective_agreement_rule_sets_rules_check
        check (jsonb_typeof(rules) = 'array' and jsonb_array_length(rules) > 0),
    constraint collective_agreement_rule_sets_version_check check (version >= 1)
);

-- The version in force on a day: the last one that came into effect by then.
create index collective_agreement_rule_sets_by_effect
    on collective_agreement_rule_sets (tenant_id, agreement_id, effective_from, version);

alter table collective_agreement_rule_sets enable row level security, force row level security;
create policy collective_agreement_rule_sets_of_tenant on collective_agreement_rule_sets
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- A version is followed by another one: nothing of the program's changes it.
grant select, insert on collective_agreement_rule_sets to unionhall_runtime;

create table holiday_calendars (
    tenant_id uuid not null,
    year smallint not null,
    version bigint not null,
    working_days text[] not null,
    holidays jsonb not null,
    created_at timestamptz not null,
    constraint holiday_calendars_pkey primary key (tenant_id, year, version),
    constraint holiday_calendars_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint holiday_calendars_year_check check (year between 1978 and 2199),
    constraint holiday_calendars_working_days_check check (cardinality(working_days) between 1 and 7),
    constraint holiday_calendars_holidays_check check (jsonb_typeof(holidays) = 'array'),
    constraint holiday_calendars_version_check check (version >= 1)
);

alter table holiday_calendars enable row level security, force row level security;
create policy holiday_calendars_of_tenant on holiday_calendars
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- As with rules: deadlines name the version they were counted with.
grant select, insert on holiday_calendars to unionhall_runtime;
