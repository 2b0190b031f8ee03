drop index representation_log_given_up;
drop index grievance_steps_by_day;
drop index grievances_by_resolution;
drop index grievances_alive;
drop function zone_or_utc(text);
