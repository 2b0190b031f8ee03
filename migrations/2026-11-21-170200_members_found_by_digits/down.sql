-- Members are found by their whole number again; those that are there until they are written next keep their digits.
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
        )
        || case
            when email is null then array[]::text[]
            else f_words(split_part(email, '@', 1))
                || f_unaccent(email)
                || f_unaccent('@' || split_part(email, '@', 2))
        end
    );
