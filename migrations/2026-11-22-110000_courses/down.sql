drop function courses_match;
drop table course_prerequisites;
drop table course_editions;
drop table courses;
