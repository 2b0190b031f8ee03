-- Who teaches is forgotten.
drop table instructors;
drop function instructors_match;
