-- Each kind of case has a function of its own again.
create or replace function grievances_search_query(words text) returns tsquery
    language plpgsql immutable strict parallel safe
as $$
begin
    return (
        with parts as (
            select part
            from string_to_table(translate(public.f_unaccent(left(words, 500)), e'\t\n\r', '   '), ' ') as part
        ),
        tokens as (
            select left(part, 40) as token from parts where part ~ '^(gr-[0-9-]*|[0-9]{4}-[0-9]*)$'
            union
            select unnest(public.f_words(part)) from parts where part !~ '^(gr-[0-9-]*|[0-9]{4}-[0-9]*)$'
            order by token
            limit 8
        )
        select string_agg(public.f_quoted_lexeme(token) || ':*', ' & ')::tsquery from tokens
    );
end
$$;

create or replace function benevolence_search_query(words text) returns tsquery
    language plpgsql immutable strict parallel safe
as $$
begin
    return (
        with parts as (
            select part
            from string_to_table(translate(public.f_unaccent(left(words, 500)), e'\t\n\r', '   '), ' ') as part
        ),
        tokens as (
            select left(part, 40) as token from parts where part ~ '^(bf-[0-9-]*|[0-9]{4}-[0-9]*)$'
            union
            select unnest(public.f_words(part)) from parts where part !~ '^(bf-[0-9-]*|[0-9]{4}-[0-9]*)$'
            order by token
            limit 8
        )
        select string_agg(public.f_quoted_lexeme(token) || ':*', ' & ')::tsquery from tokens
    );
end
$$;

drop function cases_search_query;
