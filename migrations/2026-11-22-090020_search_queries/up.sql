-- Cases of every kind are looked for in one way: by the words that were told, each as a beginning, and by the number,
-- which has a prefix of its kind. The two functions of before say which.

-- What finds the cases with all these words as prefixes; a part that is a number, or the beginning of one, stays whole.
-- Null when there is nothing to look for.
create function cases_search_query(prefix text, words text) returns tsquery
    language plpgsql immutable strict parallel safe
as $$
declare
    numbered constant text := '^(' || prefix || '-[0-9-]*|[0-9]{4}-[0-9]*)$';
begin
    return (
        with parts as (
            select part
            from string_to_table(translate(public.f_unaccent(left(words, 500)), e'\t\n\r', '   '), ' ') as part
        ),
        tokens as (
            select left(part, 40) as token from parts where part ~ numbered
            union
            select unnest(public.f_words(part)) from parts where part !~ numbered
            order by token
            limit 8
        )
        select string_agg(public.f_quoted_lexeme(token) || ':*', ' & ')::tsquery from tokens
    );
end
$$;

create or replace function grievances_search_query(words text) returns tsquery
    language sql immutable strict parallel safe
    return cases_search_query('gr', words);

create or replace function benevolence_search_query(words text) returns tsquery
    language sql immutable strict parallel safe
    return cases_search_query('bf', words);
