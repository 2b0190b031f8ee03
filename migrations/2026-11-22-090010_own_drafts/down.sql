-- Drafts are everybody's who may read applications, as before.
drop function benevolence_search_count(text, text, text, uuid, uuid, date, date);
drop function benevolence_search(
    text, text, text, uuid, uuid, date, date, text, boolean, smallint, integer, bigint, timestamptz, uuid, bigint
);
drop function search_ranked(text, boolean, uuid, boolean, boolean, uuid, boolean, uuid, uuid, boolean, integer);
drop function search_cases(text, text, uuid, uuid, uuid[], integer);
drop function cases_search_page(text, text, tsquery, uuid, integer);

create or replace function benevolence_held_back(
    application uuid, actor uuid, onlooker uuid, onlooking_member uuid, day date
) returns boolean
    language sql stable parallel safe cost 1000
    return
        coalesce((
            select rules.naming = 'need_first' from benevolence_rules rules
            where rules.tenant_id = app_tenant() and rules.effective_from <= day
            order by rules.effective_from desc limit 1
        ), false)
        and exists (
            select from benevolence_seats seat
            where seat.tenant_id = app_tenant() and seat.user_id = onlooker
                and seat.first_day <= day and (seat.end_day is null or day < seat.end_day)
        )
        and case
            when application is null then actor is distinct from onlooker
            else exists (
                select from benevolence_applications held
                where held.tenant_id = app_tenant() and held.id = application
                    and held.status in ('draft', 'submitted', 'under_review', 'needs_info')
                    and held.member_id is distinct from onlooking_member
                    and held.filed_by is distinct from onlooker
                    and not exists (
                        select from benevolence_reviews review
                        where review.tenant_id = held.tenant_id and review.application_id = held.id
                            and review.decision <> 'needs_info'
                            and (review.reviewer_id = onlooker or review.reviewer_member_id = onlooking_member)
                    )
                    and not exists (
                        select from benevolence_unmaskings unmasking
                        where unmasking.tenant_id = held.tenant_id and unmasking.application_id = held.id
                            and unmasking.user_id = onlooker
                    )
            )
        end;

drop trigger benevolence_applications_gather_words_of_changed on benevolence_applications;
drop trigger benevolence_applications_gather_words_of_new on benevolence_applications;
create trigger benevolence_applications_gather_words_of_new after insert on benevolence_applications
    for each row execute function cases_gather_words('benevolence_application');
create trigger benevolence_applications_gather_words_of_changed after update on benevolence_applications
    for each row when (old.search is distinct from new.search)
    execute function cases_gather_words('benevolence_application');

-- What members wrote for themselves is found by mistyped words again.
alter table benevolence_applications no force row level security;
alter table case_words no force row level security;
insert into case_words (tenant_id, kind, word, letters)
select distinct told.tenant_id, 'benevolence_application', found.word, found.letters
from benevolence_applications as told, f_words_to_mistype(told.search) as found
where told.status = 'draft' and told.by_member;
alter table case_words force row level security;
alter table benevolence_applications force row level security;

alter table benevolence_applications drop column by_member;
