-- What the boards look for: cases that are alive, and how cases ended by the day on which they did.
--
-- Indexes on what is there, made while nobody writes to the tables: as long as a scan of them takes, which is under a
-- second for a hundred thousand grievances. The version of the program before this one goes on.

-- The zone, or UTC where the program's time zones are newer than those of the server.
create function zone_or_utc(zone text) returns text
    language plpgsql stable as $$
begin
    perform now() at time zone zone;
    return zone;
exception
    when invalid_parameter_value then
        return 'UTC';
end;
$$;

-- Alive cases are counted by step, by representative and by employer: out of the index alone.
create index grievances_alive on grievances (tenant_id, current_step)
    include (employer_id, assigned_representative_id, filed_date, employer_answer)
    where deleted_at is null and status in ('open', 'investigation', 'hearing', 'arbitration');
-- Cases by the day they were agreed on.
create index grievances_by_resolution on grievances (tenant_id, resolution_date)
    where deleted_at is null and resolution is not null;
-- Meetings by their day, whatever the case.
create index grievance_steps_by_day on grievance_steps (tenant_id, meeting_date, grievance_id);
-- Cases by the day on which they were given up.
create index representation_log_given_up on representation_log (tenant_id, decided_on, grievance_id)
    where kind = 'decision' and decision in ('not_advancing', 'withdrawing');
