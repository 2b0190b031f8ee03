-- Students: who is trained, a member of the tenant or somebody whom a union on its books sends, and the moves they made.
--
-- New tables, and a trigger on members that touches nothing but them: the version of the program before this one does
-- not know of them and goes on.

create table students (
    id uuid not null,
    tenant_id uuid not null,
    year smallint not null,
    place integer not null,
    member_id uuid,
    union_id uuid,
    sent_number text constraint students_sent_number_check check (char_length(sent_number) between 1 and 50),
    sent_email text
        constraint students_sent_email_check check (octet_length(sent_email) between 3 and 254 and sent_email like '_%@_%'),
    sent_phone text constraint students_sent_phone_check check (char_length(sent_phone) between 1 and 50),
    first_name text not null constraint students_first_name_check check (char_length(first_name) between 1 and 100),
    last_name text not null constraint students_last_name_check check (char_length(last_name) between 1 and 100),
    application_date date not null,
    expected_completion_date date,
    former_number text
        constraint students_former_number_check check (char_length(former_number) between 1 and 20),
    emergency_contact_name text
        constraint students_emergency_contact_name_check check (char_length(emergency_contact_name) between 1 and 200),
    emergency_contact_phone text
        constraint students_emergency_contact_phone_check check (char_length(emergency_contact_phone) between 1 and 50),
    emergency_contact_relationship text
        constraint students_emergency_contact_relationship_check check (char_length(emergency_contact_relationship) between 1 and 50),
    notes text
        constraint students_notes_check check (char_length(notes) between 1 and 5000),
    status text not null
        constraint students_status_check
        check (status in ('applicant', 'enrolled', 'on_leave', 'completed', 'dropped', 'dismissed')),
    status_since date not null,
    enrollment_date date,
    actual_completion_date date,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    -- The tab sorts before every character of a name, so family names that begin alike stay together.
    sort_name text collate "C" not null
        generated always as (left(f_unaccent(last_name || e'\t' || first_name), 100)) stored,
    constraint students_pkey primary key (id),
    constraint students_tenant_id_id_key unique (tenant_id, id),
    constraint students_number_key unique (tenant_id, year, place),
    constraint students_tenant_fkey foreign key (tenant_id) references tenants (id),
    constraint students_member_fkey foreign key (tenant_id, member_id) references members (tenant_id, id),
    constraint students_union_fkey foreign key (tenant_id, union_id) references organizations (tenant_id, id),
    constraint students_number_check check (year between 1 and 9999 and place >= 1),
    -- Either a member, of whom the roster says the rest, or sent, and then this is all there is.
    constraint students_person_check check (
        case
            when member_id is null then union_id is not null and sent_number is not null
            else num_nonnulls(union_id, sent_number, sent_email, sent_phone) = 0
        end
    ),
    constraint students_dates_check check (expected_completion_date >= application_date),
    -- Who is or was trained knows since when; who is through knows that day too, and nobody else.
    constraint students_course_check check (
        (status not in ('enrolled', 'on_leave', 'completed', 'dismissed') or enrollment_date is not null)
        and (status = 'completed') = (actual_completion_date is not null)
    ),
    constraint students_version_check check (version >= 1)
);

-- A member is one student, also when the record is deleted: it is restored then.
create unique index students_member_key on students (tenant_id, member_id);
create unique index students_former_number_key on students (tenant_id, lower(former_number)) where deleted_at is null;
-- Who is sent by a union is found by the number there. Not unique: two unions that were one all along may have sent the
-- same person twice, and their merger must not fail on it. Whoever adds one locks the union.
create index students_by_union on students (tenant_id, union_id, lower(sent_number));
-- Lists of all and with one status by name, and of all by time. Words are looked for row by row in the names and numbers
-- of a tenant's students, of whom there are thousands and not more.
create index students_by_name on students (tenant_id, sort_name, id) where deleted_at is null;
create index students_by_status on students (tenant_id, status, sort_name, id) where deleted_at is null;
create index students_by_creation on students (tenant_id, created_at, id) where deleted_at is null;

-- Whether each of the words is somewhere in the name or the numbers.
create function students_match(
    first_name text, last_name text, year smallint, place integer, former_number text, sent_number text, words text[]
) returns boolean
    language sql immutable parallel safe
    return cardinality(words) > 0 and not exists (
        select from unnest(words) as word
        where strpos(
            f_unaccent(
                first_name || ' ' || last_name || ' ' || lpad(year::text, 4, '0') || '-'
                || lpad(place::text, greatest(4, length(place::text)), '0') || ' ' || place::text
                || ' ' || coalesce(former_number, '') || ' ' || coalesce(sent_number, '')
            ),
            word
        ) = 0
    );

-- A student who is a member is called what the roster says, whatever is written and whenever the roster changes.
create function students_are_called_as_members() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
    select m.first_name, m.last_name into strict new.first_name, new.last_name
    from members m where m.tenant_id = new.tenant_id and m.id = new.member_id;
    return new;
exception
    -- No such member: the foreign key says so, as everywhere.
    when no_data_found then return new;
end
$$;
create trigger students_are_called_as_members before insert or update on students
    for each row when (new.member_id is not null) execute function students_are_called_as_members();

create function members_rename_students() returns trigger
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
    update students set first_name = new.first_name, last_name = new.last_name
    where tenant_id = new.tenant_id and member_id = new.id;
    return null;
end
$$;
create trigger members_rename_students after update on members
    for each row
    when (old.first_name is distinct from new.first_name or old.last_name is distinct from new.last_name)
    execute function members_rename_students();

alter table students enable row level security, force row level security;
create policy students_of_tenant on students
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
grant select, insert, update on students to unionhall_runtime;

create table student_moves (
    id uuid not null,
    tenant_id uuid not null,
    student_id uuid not null,
    from_status text,
    to_status text not null,
    moved_on date not null,
    reason text constraint student_moves_reason_check check (char_length(reason) between 1 and 2000),
    moved_by uuid,
    moved_at timestamptz not null,
    constraint student_moves_pkey primary key (id),
    constraint student_moves_student_fkey foreign key (tenant_id, student_id) references students (tenant_id, id),
    constraint student_moves_statuses_check check (
        to_status in ('applicant', 'enrolled', 'on_leave', 'completed', 'dropped', 'dismissed')
        and from_status in ('applicant', 'enrolled', 'on_leave', 'completed', 'dropped', 'dismissed')
    )
);

-- The history of one student, in order.
create index student_moves_by_student on student_moves (tenant_id, student_id, moved_at, id);

alter table student_moves enable row level security, force row level security;
create policy student_moves_of_tenant on student_moves
    using (tenant_id = app_tenant()) with check (tenant_id = app_tenant());
-- A history is added to; nothing of it is changed.
grant select, insert on student_moves to unionhall_runtime;
