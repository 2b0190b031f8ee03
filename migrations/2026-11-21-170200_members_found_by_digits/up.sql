-- Members are found by the digits of their number alone: A1204 by 1204.
--
-- The function says what a member is found by from now on, and the members whose number holds a letter are written once,
-- so that their words are gathered anew: thousands of rows at most, each locked until this ends. Row-level security, which
-- binds the owner too, would show none of them, so it is lifted from the owner meanwhile; for that the table is locked,
-- which takes as long as the writing.

create or replace function members_lexemes(
    first_name text, middle_name text, last_name text, member_number text, email text
) returns tsvector
    language sql immutable parallel safe
    return array_to_tsvector(
        f_words(
            first_name || ' ' || coalesce(middle_name, '') || ' ' || last_name || ' ' || member_number
            || ' ' ||
            translate(
                first_name || ' ' || coalesce(middle_name, '') || ' ' || last_name || ' ' || member_number,
                '''’-', ''
            )
            || ' ' || regexp_replace(member_number, '[^0-9]+', ' ', 'g')
        )
        || case
            when email is null then array[]::text[]
            else f_words(split_part(email, '@', 1))
                || f_unaccent(email)
                || f_unaccent('@' || split_part(email, '@', 2))
        end
    );

alter table members no force row level security;
update members set updated_at = updated_at where member_number ~ '[A-Z]';
alter table members force row level security;
