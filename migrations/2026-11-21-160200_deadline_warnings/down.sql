-- Takes the warnings back.
drop function deadlines_watched;
revoke select (tenant_id, due_on, status) on deadlines from unionhall_search;
drop policy deadlines_watched on deadlines;
drop table deadline_warnings;
