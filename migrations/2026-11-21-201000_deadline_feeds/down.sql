-- Takes the calendar feeds back.
drop function deadlines_moved_since;
revoke select (moved_at) on deadlines from unionhall_search;
drop table deadline_move_notices;
drop table deadline_feeds;
drop trigger deadlines_take_over on deadlines;
drop function deadlines_take_over;
drop trigger deadlines_count_entry on deadlines;
drop function deadlines_count_entry;
alter table deadlines
    drop column entry_sequence,
    drop column entry_changed_at,
    drop column moved_from,
    drop column moved_at,
    drop column moved_sequence;
