-- Meetings and statements are gone afterwards; the records of steps stay.
drop table step_meeting_statements;
drop table step_meeting_attendees;
drop table step_meetings;
