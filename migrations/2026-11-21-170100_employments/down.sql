-- Where members worked is forgotten, and what the tenants held to be usual.
drop table employments;
drop function employments_at_once;
drop table job_rules;
