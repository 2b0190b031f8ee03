-- Takes the function back.
drop function benevolence_application_of;
