-- Halls that were asked for and not made are forgotten; whoever still wants one asks again.
drop table signups;
