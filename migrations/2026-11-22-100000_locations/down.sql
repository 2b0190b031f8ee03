-- The places are forgotten.
drop table locations;
drop function locations_match;
