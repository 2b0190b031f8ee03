-- Takes the search across kinds back.
drop function search_ranked;
drop function search_grievances;
drop function search_organizations;
drop function search_members;
drop function search_whole_words;
revoke select (id, tenant_id, name, city, deleted_at, sort_name) on organizations from unionhall_search;
drop policy organizations_searched on organizations;
drop index organizations_by_similarity;
drop index organizations_by_search;
drop function organizations_lexemes;
