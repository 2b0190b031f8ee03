drop table classes;
