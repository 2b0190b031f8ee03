-- Takes members and organizations back, with what searches them.
drop function members_analyze();
alter table memberships drop constraint memberships_member_key, drop constraint memberships_member_fkey;
drop table members;
drop table member_words;
drop function members_search_count;
drop function members_search;
drop function members_search_query;
drop function members_search_exact;
drop function members_gather_words;
drop function members_lexemes;
drop table organizations;
drop function organizations_match;
drop function f_letters;
drop function f_quoted_lexeme;
drop function f_search_tokens;
drop function f_words;
drop function f_unaccent;
