-- Case files that wait are asked for again; those that were made are removed when they are due.
drop table case_file_jobs;
