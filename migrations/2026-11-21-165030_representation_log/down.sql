-- The log is gone afterwards; the newest reason stays on each grievance.
drop table representation_log;
