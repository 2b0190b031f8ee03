drop function rate_take(bytea[], integer[], bigint);
drop function rate_moved(integer[], bigint, bigint);
drop table rate_windows;
