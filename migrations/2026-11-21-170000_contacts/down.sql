-- The people at organizations are forgotten; the organizations stay.
drop table contacts;
drop function contacts_have_a_primary;
drop function contacts_match;
