-- Whoever was not verified could sign in afterwards; they are switched off instead.
alter table users disable row level security;
update users set state = 'inactive' where verified_at is null;
alter table users enable row level security;
alter table users drop column verified_at, drop column registered_for;
