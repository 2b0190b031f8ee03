-- Takes the search of organizations and contacts by their indexes back.
drop function contacts_search_count;
drop function contacts_search;
drop function organizations_search_count;
drop function organizations_search;
drop function search_page;
revoke select (org_type, created_at) on organizations from unionhall_search;
revoke select (
    id, tenant_id, organization_id, first_name, last_name, title, email, is_primary, created_at, deleted_at, sort_name
) on contacts from unionhall_search;
drop policy contacts_searched on contacts;
drop index contacts_by_search;
drop function contacts_lexemes;
