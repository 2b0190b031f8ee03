-- Documents: files that belong to a member, an organization, a grievance or an application to the benevolence fund.
--
-- New tables, and a nullable column of `unkept_files`: the version of the program before this one does not know of them
-- and goes on.

create table documents (
    id              uuid        not null constraint documents_pkey primary key,
    tenant_id       uuid        not null constraint documents_tenant_fkey references tenants (id),
    record_type     text        not null constraint documents_record_type_check check (
        record_type in ('member', 'organization', 'grievance', 'benevolence_application')),
    member_id       uuid,
    organization_id uuid,
    grievance_id    uuid,
    application_id  uuid,
    -- Whichever it is: lists are of one record, whatever its type.
    record_id       uuid        not null
        generated always as (coalesce(member_id, organization_id, grievance_id, application_id)) stored,
    category        text        not null
        constraint documents_category_check check (char_length(category) between 1 and 30),
    -- Of the newest version, so that a list is sorted and searched without looking at versions.
    name            text        not null
        constraint documents_name_check check (char_length(name) between 1 and 255),
    title           text        constraint documents_title_check check (char_length(title) between 1 and 200),
    description     text
        constraint documents_description_check check (char_length(description) between 1 and 2000),
    tags            text[]      not null default '{}'
        constraint documents_tags_check check (cardinality(tags) <= 20),
    expires_on      date,
    keep_until      date,
    hold_reason     text
        constraint documents_hold_reason_check check (char_length(hold_reason) between 1 and 500),
    held_by         uuid,
    held_at         timestamptz,
    version         bigint      not null constraint documents_version_check check (version >= 1),
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    deleted_at      timestamptz,
    sort_name       text collate "C" not null
        generated always as (left(f_unaccent(coalesce(title, name)), 100)) stored,
    constraint documents_tenant_id_id_key unique (tenant_id, id),
    constraint documents_record_check check (
        num_nonnulls(member_id, organization_id, grievance_id, application_id) = 1
        and (record_type = 'member') = (member_id is not null)
        and (record_type = 'organization') = (organization_id is not null)
        and (record_type = 'grievance') = (grievance_id is not null)),
    constraint documents_hold_check check ((hold_reason is null) = (held_at is null)),
    constraint documents_member_fkey foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint documents_organization_fkey
        foreign key (tenant_id, organization_id) references organizations (tenant_id, id),
    constraint documents_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint documents_application_fkey
        foreign key (tenant_id, application_id) references benevolence_applications (tenant_id, id),
    constraint documents_holder_fkey
        foreign key (tenant_id, held_by) references memberships (tenant_id, user_id)
);

-- Lists are of one record, by time or by title. Tags, kinds and words are looked for among the documents of one record,
-- which are few.
create index documents_by_record on documents (tenant_id, record_id, created_at, id) where deleted_at is null;
create index documents_by_record_and_name on documents (tenant_id, record_id, sort_name, id)
    where deleted_at is null;
-- What an organization that is merged has, deleted or not.
create index documents_by_organization on documents (tenant_id, organization_id)
    where organization_id is not null;
-- What has been deleted for long enough, of every tenant.
create index documents_deleted on documents (deleted_at, id) where deleted_at is not null;

create table document_files (
    tenant_id   uuid        not null,
    document_id uuid        not null,
    number      integer     not null constraint document_files_number_check check (number between 1 and 100),
    is_newest   boolean     not null,
    name        text        not null
        constraint document_files_name_check check (char_length(name) between 1 and 255),
    media_type  text        not null
        constraint document_files_type_check check (char_length(media_type) between 1 and 100),
    bytes       bigint      not null constraint document_files_bytes_check check (bytes > 0),
    sha256      bytea       not null constraint document_files_sha256_check check (octet_length(sha256) = 32),
    key         text        not null
        constraint document_files_key_check check (octet_length(key) between 1 and 150),
    scan        text        not null constraint document_files_scan_check check (
        scan in ('unscanned', 'clean', 'infected', 'failed')),
    scanned_at  timestamptz,
    uploaded_by uuid,
    uploaded_at timestamptz not null,
    constraint document_files_pkey primary key (tenant_id, document_id, number),
    -- Never two files on one key.
    constraint document_files_key_key unique (key),
    constraint document_files_document_fkey
        foreign key (tenant_id, document_id) references documents (tenant_id, id),
    constraint document_files_uploader_fkey
        foreign key (tenant_id, uploaded_by) references memberships (tenant_id, user_id)
);
create unique index document_files_newest on document_files (tenant_id, document_id) where is_newest;
-- The same content in other documents; and what waits to be scanned, of every tenant.
create index document_files_by_content on document_files (tenant_id, sha256);
create index document_files_unscanned on document_files (uploaded_at, document_id, number)
    where scan = 'unscanned';

-- Whether each of the words is somewhere in what is said of a document.
create function documents_match(name text, title text, description text, tags text[], words text) returns boolean
    language sql stable parallel safe
    return not exists (
        select from unnest(string_to_array(f_unaccent(words), ' ')) as word
        where strpos(
            f_unaccent(name || ' ' || coalesce(title, '') || ' ' || coalesce(description, '') || ' '
                || array_to_string(tags, ' ')),
            word
        ) = 0
    );

-- What is held is not removed by anybody, whatever the program thinks.
create function documents_keep_held() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
    if old.hold_reason is not null or old.deleted_at is null then
        raise exception 'a document that is held or not deleted is not removed'
            using errcode = 'check_violation', constraint = 'documents_held';
    end if;
    return old;
end
$$;
create trigger documents_keep_held before delete on documents
    for each row execute function documents_keep_held();

alter table documents enable row level security, force row level security;
create policy documents_of_tenant on documents
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- The worker sees what is deleted, and nothing else; it changes nothing but in a tenant's scope.
create policy documents_of_worker on documents for select
    using (app_scope() = 'worker' and deleted_at is not null);
grant select, insert, update, delete on documents to unionhall_runtime;

alter table document_files enable row level security, force row level security;
create policy document_files_of_tenant on document_files
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy document_files_of_worker on document_files for select
    using (app_scope() = 'worker' and scan = 'unscanned');
grant select, insert, update, delete on document_files to unionhall_runtime;

-- A large file is sent to the store in parts: what came of parts that were never put together is removed with the file.
alter table unkept_files add column upload text
    constraint unkept_files_upload_check check (char_length(upload) between 1 and 1024);
grant update on unkept_files to unionhall_runtime;
