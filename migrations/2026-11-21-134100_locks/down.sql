drop function known_place(uuid, bytea, timestamptz);
drop table known_places;
drop index users_lock_untold_idx;
alter table users drop column lock_untold;
alter table users drop column locks;
