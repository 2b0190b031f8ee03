-- Halls that people want to make with an account whose address is not verified yet. The hall is made when it is.

-- One row for each person: a new wish takes the place of the older one. The slug is only wished for: nothing is held
-- for somebody who has not shown who they are.
create table signups (
    user_id   uuid        not null constraint signups_pkey primary key
        constraint signups_user_fkey references users (id),
    name      text        not null
        constraint signups_name_check check (char_length(name) between 1 and 255),
    slug      text        constraint signups_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$'),
    kind      text        not null
        constraint signups_kind_check check (kind in ('local', 'training_trust')),
    time_zone text        not null
        constraint signups_time_zone_check check (char_length(time_zone) between 1 and 100),
    currency  text        not null
        constraint signups_currency_check check (currency ~ '^[A-Z]{3}$'),
    asked_at  timestamptz not null
);

alter table signups enable row level security;
alter table signups force row level security;
create policy signups_identity on signups
    using (app_scope() = 'identity') with check (app_scope() = 'identity');
grant select, insert, update, delete on signups to unionhall_runtime;
