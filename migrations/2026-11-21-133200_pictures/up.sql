-- Pictures: people's own, beside the tenants' logos; and the files that nothing refers to, to be removed.
--
-- The columns are nullable: nothing is rewritten, and a program that knows none of them goes on.

alter table users
    add column picture_key text,
    add column picture_type text
        constraint users_picture_type_check check (picture_type in ('image/jpeg', 'image/png', 'image/webp')),
    add column picture_bytes bigint
        constraint users_picture_bytes_check check (picture_bytes > 0),
    add constraint users_picture_check check (
        (picture_key is null) = (picture_type is null) and (picture_key is null) = (picture_bytes is null));

-- As before, with the picture among what a person says of themselves.
create or replace function users_keep_sign_in() returns trigger language plpgsql as $$
declare
    -- What a tenant's scope may change, and what the database computes from it afterwards.
    profile text[] := array['first_name', 'last_name', 'phone', 'bio', 'job_title', 'department', 'language',
        'time_zone', 'profile_version', 'picture_key', 'picture_type', 'picture_bytes', 'updated_at', 'sort_name'];
begin
    if to_jsonb(new) - profile is distinct from to_jsonb(old) - profile then
        raise exception 'how somebody signs in is not a tenant''s to change' using errcode = 'insufficient_privilege';
    end if;
    return new;
end;
$$;

-- Files in the object store that nothing refers to. A new file is announced here before it is stored, and struck off
-- in the transaction that refers to it; an old one is entered in the transaction that refers to it no more. What is
-- due is removed by the worker, so that no file is removed too early and none is left for good.
create table unkept_files (
    key       text        not null constraint unkept_files_pkey primary key
        constraint unkept_files_key_check check (octet_length(key) between 1 and 150),
    tenant_id uuid        not null constraint unkept_files_tenant_fkey references tenants (id),
    due_at    timestamptz not null
);
create index unkept_files_due_idx on unkept_files (due_at);
alter table unkept_files enable row level security;
alter table unkept_files force row level security;
create policy unkept_files_tenant on unkept_files
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
create policy unkept_files_worker on unkept_files
    using (app_scope() = 'worker') with check (app_scope() = 'worker');
grant select, insert, delete on unkept_files to unionhall_runtime;
