-- Registrations: whether somebody has shown that their e-mail address is theirs, without which nobody signs in, and the
-- hall that they want to join when they have.

-- Everybody who is there counts as verified, and so does whoever a program inserts that does not know of the column: until
-- now only the operator made accounts. The default is the same for all rows, so that none is rewritten.
alter table users
    add column verified_at timestamptz default now(),
    add column registered_for uuid constraint users_registered_for_fkey references tenants (id);
