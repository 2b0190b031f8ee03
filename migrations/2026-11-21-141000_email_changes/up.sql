-- Changes of address that wait for both addresses to agree.

-- One row for each person: a new wish takes the place of the older one. The new address is nobody's until both have
-- agreed, so it is neither unique here nor told apart from one that somebody has.
create table email_changes (
    user_id          uuid        not null constraint email_changes_pkey primary key
        constraint email_changes_user_fkey references users (id),
    email            text        not null
        constraint email_changes_email_check check (octet_length(email) between 3 and 254),
    -- The session that asked: it goes on when the others end.
    session_id       uuid        not null constraint email_changes_session_fkey references sessions (id),
    asked_at         timestamptz not null,
    expires_at       timestamptz not null,
    old_confirmed_at timestamptz,
    new_confirmed_at timestamptz,
    constraint email_changes_expiry_check check (expires_at > asked_at)
);

alter table email_changes enable row level security;
alter table email_changes force row level security;
create policy email_changes_identity on email_changes
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
grant select, insert, update, delete on email_changes to unionhall_runtime;
