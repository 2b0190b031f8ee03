-- Takes grievances back, with what searches them.
drop function grievances_search_count;
drop function grievances_search;
drop function grievances_search_query;
drop table grievance_steps;
drop table grievances;
drop function grievances_lexemes;
