drop table unkept_files;
create or replace function users_keep_sign_in() returns trigger language plpgsql as $$
declare
    profile text[] := array['first_name', 'last_name', 'phone', 'bio', 'job_title', 'department', 'language',
        'time_zone', 'profile_version', 'updated_at', 'sort_name'];
begin
    if to_jsonb(new) - profile is distinct from to_jsonb(old) - profile then
        raise exception 'how somebody signs in is not a tenant''s to change' using errcode = 'insufficient_privilege';
    end if;
    return new;
end;
$$;
alter table users
    drop constraint users_picture_check,
    drop column picture_bytes,
    drop column picture_type,
    drop column picture_key;
