-- Requests for information: what the union asked for, by when, and what became of each item.
--
-- New tables: the version of the program before this one does not know of them and goes on.

-- Where a request stands and when it is due follow from its entries; both are kept here so that what waits is found
-- by an index, and are written in the transaction that adds an entry.
create table information_requests (
    id           uuid        not null constraint information_requests_pkey primary key,
    tenant_id    uuid        not null constraint information_requests_tenant_fkey references tenants (id),
    grievance_id uuid        not null,
    subject      text        not null
        constraint information_requests_subject_check check (char_length(subject) between 1 and 200),
    relevance    text
        constraint information_requests_relevance_check check (char_length(relevance) between 1 and 2000),
    asked_of     text
        constraint information_requests_asked_of_check check (char_length(asked_of) between 1 and 200),
    asked_on     date        not null,
    first_due_on date        not null,
    asked_by     uuid,
    status       text        not null constraint information_requests_status_check
        check (status in ('asked', 'partly_answered', 'answered', 'refused', 'withdrawn')),
    due_on       date        not null,
    version      bigint      not null constraint information_requests_version_check check (version >= 1),
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    constraint information_requests_tenant_id_id_key unique (tenant_id, id),
    constraint information_requests_grievance_fkey
        foreign key (tenant_id, grievance_id) references grievances (tenant_id, id),
    constraint information_requests_asker_fkey
        foreign key (tenant_id, asked_by) references memberships (tenant_id, user_id),
    constraint information_requests_due_check check (first_due_on >= asked_on)
);

-- By when they are due: of one grievance, with one status, those whose clock runs, and all.
create index information_requests_by_grievance on information_requests (tenant_id, grievance_id, due_on, id);
create index information_requests_by_status on information_requests (tenant_id, status, due_on, id);
create index information_requests_by_due on information_requests (tenant_id, due_on, id);
create index information_requests_awaited on information_requests (tenant_id, due_on, id)
    where status in ('asked', 'partly_answered');

alter table information_requests enable row level security;
alter table information_requests force row level security;
create policy information_requests_tenant on information_requests
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on information_requests to unionhall_runtime;

-- What was asked for stays as it was asked.
create table information_request_items (
    tenant_id  uuid     not null constraint information_request_items_tenant_fkey references tenants (id),
    request_id uuid     not null,
    place      smallint not null constraint information_request_items_place_check check (place between 1 and 50),
    wanted     text     not null
        constraint information_request_items_wanted_check check (char_length(wanted) between 1 and 2000),
    constraint information_request_items_pkey primary key (tenant_id, request_id, place),
    constraint information_request_items_request_fkey
        foreign key (tenant_id, request_id) references information_requests (tenant_id, id)
);

alter table information_request_items enable row level security;
alter table information_request_items force row level security;
create policy information_request_items_tenant on information_request_items
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert on information_request_items to unionhall_runtime;

-- What became of it: added, and never changed.
create table information_request_entries (
    id          uuid        not null constraint information_request_entries_pkey primary key,
    tenant_id   uuid        not null constraint information_request_entries_tenant_fkey references tenants (id),
    request_id  uuid        not null,
    -- The order in which entries were made: several can be of one instant.
    place       smallint    not null
        constraint information_request_entries_place_check check (place between 1 and 500),
    item        smallint,
    kind        text        not null constraint information_request_entries_kind_check check (
        kind in ('answer_in_part', 'answer', 'refuse', 'dispute', 'follow_up', 'withdraw')),
    happened_on date        not null,
    words       text        not null
        constraint information_request_entries_words_check check (char_length(words) between 1 and 10000),
    due_on      date,
    recorded_by uuid,
    recorded_at timestamptz not null,
    constraint information_request_entries_order_key unique (tenant_id, request_id, place),
    constraint information_request_entries_request_fkey
        foreign key (tenant_id, request_id) references information_requests (tenant_id, id),
    constraint information_request_entries_item_fkey
        foreign key (tenant_id, request_id, item)
        references information_request_items (tenant_id, request_id, place),
    constraint information_request_entries_recorder_fkey
        foreign key (tenant_id, recorded_by) references memberships (tenant_id, user_id),
    constraint information_request_entries_item_check
        check ((item is null) = (kind in ('follow_up', 'withdraw'))),
    constraint information_request_entries_due_check check (due_on is null or kind = 'follow_up')
);

alter table information_request_entries enable row level security;
alter table information_request_entries force row level security;
create policy information_request_entries_tenant on information_request_entries
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert on information_request_entries to unionhall_runtime;
