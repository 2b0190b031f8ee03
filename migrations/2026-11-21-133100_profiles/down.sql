drop trigger users_keep_sign_in on users;
drop function users_keep_sign_in();
drop policy users_profile on users;
alter table users
    drop column profile_version,
    drop column time_zone,
    drop column language,
    drop column department,
    drop column job_title,
    drop column bio,
    drop column phone;
