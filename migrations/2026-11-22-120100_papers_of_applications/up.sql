-- What is on record of the papers of an application to the benevolence fund is as confidential as the application.
--
-- A new function: the version of the program before this one does not know of it and goes on.

-- The application that an event is about, itself or by one of its papers; none for everything else. Readings of one
-- paper name the paper alone.
create function benevolence_application_of(target_type text, target_id uuid, details jsonb) returns uuid
    language sql stable parallel safe cost 1000
    return case target_type
        when 'benevolence_application' then target_id
        when 'document' then coalesce(
            case when details ->> 'record_type' = 'benevolence_application' then (details ->> 'record_id')::uuid end,
            (
                select paper.application_id from documents as paper
                where paper.tenant_id = app_tenant() and paper.id = target_id
            )
        )
    end;
