-- Locks: an account that strangers guess at is locked for strangers, and stays open where its owner is known.
--
-- Columns with constant defaults change the catalogue alone. The version of the program before this one goes on
-- counting failures beside it, without knowing anybody's places.

-- How often in a row the account was locked: each lock is longer than the one before.
alter table users add column locks integer not null default 0
    constraint users_locks_check check (locks >= 0);
-- Whether the owner has yet to be told of a lock. Mail is written apart from the sign-in that led to the lock, so
-- that this sign-in takes as long as any other.
alter table users add column lock_untold boolean not null default false;
create index users_lock_untold_idx on users (id) where lock_untold;

-- Where a person has signed in from: a hash of network and device. Each place has failures and locks of its own.
create table known_places (
    user_id        uuid        not null constraint known_places_user_fkey references users (id),
    place          bytea       not null
        constraint known_places_place_check check (octet_length(place) = 32),
    last_passed_at timestamptz not null,
    failed_logins  integer     not null default 0
        constraint known_places_failed_logins_check check (failed_logins >= 0),
    locks          integer     not null default 0
        constraint known_places_locks_check check (locks >= 0),
    locked_until   timestamptz,
    constraint known_places_pkey primary key (user_id, place)
);

alter table known_places enable row level security;
alter table known_places force row level security;
create policy known_places_identity on known_places
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
grant select, insert, update, delete on known_places to unionhall_runtime;

-- How a place stands from which somebody was let in since then. A function, because it is asked for after the user's
-- row was waited for: a volatile one sees what whoever held the row has written, its statement does not.
create function known_place(for_user uuid, from_place bytea, since timestamptz)
    returns table (failed_logins integer, locks integer, locked_until timestamptz)
    language plpgsql volatile as $$
begin
    return query
        select p.failed_logins, p.locks, p.locked_until from known_places p
        where p.user_id = for_user and p.place = from_place and p.last_passed_at >= since;
end;
$$;
