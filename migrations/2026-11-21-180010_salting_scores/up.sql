-- SALTing scores: the history of how an employer is judged to stand towards the union.
--
-- A table of its own and not columns of organizations: an organization's row, its version and the time of its last
-- change are seen by people who must not learn that there is a score.

create table salting_scores (
    id uuid not null,
    tenant_id uuid not null,
    organization_id uuid not null,
    version bigint not null,
    score smallint,
    reason text not null,
    notes text,
    set_by uuid,
    set_at timestamptz not null,
    constraint salting_scores_pkey primary key (id),
    constraint salting_scores_tenant_id_id_key unique (tenant_id, id),
    -- The newest entry counts: this finds it, and lets two who judge at the same time be told.
    constraint salting_scores_version_key unique (tenant_id, organization_id, version),
    constraint salting_scores_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint salting_scores_organization_fkey
        foreign key (tenant_id, organization_id) references organizations (tenant_id, id),
    constraint salting_scores_set_by_fkey
        foreign key (tenant_id, set_by) references memberships (tenant_id, user_id),
    constraint salting_scores_version_check check (version >= 1),
    constraint salting_scores_score_check check (score between 1 and 5),
    constraint salting_scores_reason_check check (char_length(reason) between 1 and 2000),
    constraint salting_scores_notes_check check (char_length(notes) between 1 and 10000)
);

alter table salting_scores enable row level security, force row level security;
create policy salting_scores_of_tenant on salting_scores
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- What was judged stays: nothing of the program's changes it.
grant select, insert on salting_scores to unionhall_runtime;
