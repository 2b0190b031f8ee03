-- Who is trained is forgotten; the members stay.
drop trigger members_rename_students on members;
drop function members_rename_students;
drop table student_moves;
drop table students;
drop function students_are_called_as_members;
drop function students_match;
