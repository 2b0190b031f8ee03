-- Takes SALTing activities back.
drop table salting_activities;
