-- Organizations that are there twice: finding them, and what was merged into what.
--
-- A nullable column and two that the database derives: the version of the program before this one goes on. The table is
-- written anew once and locked meanwhile; a hall has hundreds of organizations.

-- A name without what halls write differently each time: accents, case, punctuation, the legal form.
create function organizations_bare_name(text) returns text
    language sql immutable strict parallel safe
    return (
        select coalesce(
            nullif(string_agg(word, ' ' order by place) filter (where word not in (
                'the', 'and', 'inc', 'incorporated', 'llc', 'llp', 'lp', 'pllc', 'ltd', 'limited', 'co', 'company',
                'corp', 'corporation'
            )), ''),
            string_agg(word, ' ' order by place),
            f_unaccent($1)
        )
        from unnest(f_words(translate($1, '.''’', ''))) with ordinality as words (word, place)
    );

-- A street address in the short words of the post.
create function organizations_bare_address(text) returns text
    language sql immutable strict parallel safe
    return (
        select string_agg(case word
            when 'street' then 'st' when 'avenue' then 'ave' when 'road' then 'rd' when 'boulevard' then 'blvd'
            when 'drive' then 'dr' when 'lane' then 'ln' when 'highway' then 'hwy' when 'suite' then 'ste'
            when 'north' then 'n' when 'south' then 's' when 'east' then 'e' when 'west' then 'w'
            else word
        end, ' ' order by place)
        from unnest(f_words(translate($1, '.''’', ''))) with ordinality as words (word, place)
    );

alter table organizations
    -- What it was merged into; it is deleted for good then.
    add column merged_into uuid,
    add column bare_name text collate "C" not null
        generated always as (organizations_bare_name(name)) stored,
    add column bare_address text collate "C"
        generated always as (organizations_bare_address(address)) stored,
    add constraint organizations_merged_into_fkey
        foreign key (tenant_id, merged_into) references organizations (tenant_id, id),
    add constraint organizations_merged_check
        check (merged_into is null or (deleted_at is not null and merged_into <> id));

-- What was merged into one, and pairs with one name or one address. Names that are alike are compared row by row among
-- those that begin alike: there are hundreds of organizations, not thousands.
create index organizations_by_merger on organizations (tenant_id, merged_into) where merged_into is not null;
create index organizations_by_bare_name on organizations (tenant_id, bare_name) where deleted_at is null;
create index organizations_by_bare_address on organizations (tenant_id, bare_address) where deleted_at is null;
-- Contacts of an organization are merged with those that were deleted.
create index contacts_by_merger on contacts (tenant_id, organization_id) where deleted_at is not null;
create index employments_by_merger on employments (tenant_id, organization_id) where deleted_at is not null;
create index grievances_by_merger on grievances (tenant_id, employer_id) where deleted_at is not null;
