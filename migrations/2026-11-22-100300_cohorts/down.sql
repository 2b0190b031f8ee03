-- The groups and their rolls are forgotten; students, instructors and locations stay.
drop table cohort_stays;
drop table cohort_instructors;
drop function cohorts_have_a_primary;
drop table cohorts;
drop function cohorts_match;
