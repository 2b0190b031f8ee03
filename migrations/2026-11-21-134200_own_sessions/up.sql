-- What people see of their own sessions: where they are signed in, and where somebody else came with a spent token.
--
-- Nullable columns change the catalogue alone; the index reads the sessions once, for seconds, while sign-ins wait.

-- When a refresh token of the session was presented a second time, and who did it. It ends the session.
alter table sessions add column alarm_at timestamptz;
alter table sessions add column alarm_address text
    constraint sessions_alarm_address_check check (char_length(alarm_address) <= 100);
alter table sessions add column alarm_device text
    constraint sessions_alarm_device_check check (char_length(alarm_device) <= 500);
create index sessions_alarm_idx on sessions (user_id, alarm_at) where alarm_at is not null;
