//! The statements of the boards. Each names its tenant, and row-level security holds beside it. Where a period is asked
//! for, it is not materialized, so that the planner knows it when it chooses an index.

/// Alive grievances by step. Tenant.
pub(super) const BY_STEP: &str = "\
    select current_step, count(*), count(*) filter (where employer_answer = 'denied'), min(filed_date) \
    from grievances \
    where tenant_id = ? and deleted_at is null and status in ('open', 'investigation', 'hearing', 'arbitration') \
    group by current_step";

/// What waits by the end of a week, with whose it is: a common part of several statements.
macro_rules! waiting {
    () => {
        "waiting as ( \
            select 'information_request' as kind, id, grievance_id, due_on, subject as about \
            from information_requests, asked \
            where tenant_id = asked.tenant and status in ('asked', 'partly_answered') and due_on <= asked.until \
            union all \
            select 'obligation', id, grievance_id, due_on, left(what, 200) \
            from obligations, asked \
            where tenant_id = asked.tenant and status in ('open', 'breached') and due_on <= asked.until \
            union all \
            select 'deadline', id, grievance_id, due_on, side || ': ' || replace(duty, '_', ' ') \
            from deadlines, asked \
            where tenant_id = asked.tenant and status in ('open', 'extended') and due_on <= asked.until \
            union all \
            select 'step_meeting', id, grievance_id, (starts_at at time zone asked.zone)::date, coalesce(place, step) \
            from step_meetings, asked \
            where tenant_id = asked.tenant and state = 'planned' \
                and starts_at < (asked.until + 1)::timestamp at time zone asked.zone \
        )"
    };
}

/// Loads by a column of the grievance. Tenant, today, last day, zone, sign of the order, place behind which, limit.
macro_rules! loads {
    ($column:literal) => {
        concat!(
            "with asked as ( \
                select ?::uuid as tenant, ?::date as today, ?::date as until, zone_or_utc(?::text) as zone, ?::bigint as sign, \
                    ?::bigint as after_open, ?::uuid as after_id), ",
            waiting!(),
            ", counted as ( \
                select ", $column, " as of, 1 as open, 0 as due, 0 as overdue \
                from grievances, asked \
                where tenant_id = asked.tenant and deleted_at is null \
                    and status in ('open', 'investigation', 'hearing', 'arbitration') \
                union all \
                select g.", $column, ", 0, (w.due_on >= asked.today)::int, (w.due_on < asked.today)::int \
                from asked, waiting as w join grievances as g on g.id = w.grievance_id \
                where g.tenant_id = asked.tenant and g.deleted_at is null \
            ), \
            loads as ( \
                select of, sum(open) as open, sum(due) as due, sum(overdue) as overdue from counted group by of \
            ), \
            numbered as (select *, count(*) over () as total from loads) \
            select of, open::bigint, due::bigint, overdue::bigint, total::bigint \
            from numbered, asked \
            where after_open is null \
                or (open * sign, coalesce(of, '00000000-0000-0000-0000-000000000000')) > (after_open * sign, after_id) \
            order by open * sign, coalesce(of, '00000000-0000-0000-0000-000000000000') \
            limit ?"
        )
    };
}

/// Loads by representative.
pub(super) const BY_REPRESENTATIVE: &str = loads!("assigned_representative_id");
/// Loads by employer.
pub(super) const BY_EMPLOYER: &str = loads!("employer_id");

/// What waits, in one direction. Tenant, last day, zone, representative, carrier, place behind which, limit.
macro_rules! due {
    ($behind:literal, $order:literal) => {
        concat!(
            "with asked as ( \
                select ?::uuid as tenant, ?::date as until, zone_or_utc(?::text) as zone, ?::uuid as representative, ?::uuid as carrier, \
                    ?::date as after_due, ?::uuid as after_id), ",
            waiting!(),
            ", found as ( \
                select w.kind, w.id, w.grievance_id, g.year, g.place, g.assigned_representative_id, w.due_on, w.about, \
                    count(*) over () as total, asked.after_due, asked.after_id \
                from asked, waiting as w join grievances as g on g.id = w.grievance_id \
                where g.tenant_id = asked.tenant and g.deleted_at is null \
                    and (asked.representative is null or g.assigned_representative_id = asked.representative) \
                    and (asked.carrier is null or asked.carrier in (g.assigned_representative_id, g.steward_id)) \
            ) \
            select kind, id, grievance_id, year, place, assigned_representative_id, due_on, about, total \
            from found \
            where after_due is null or (due_on, id) ", $behind, " (after_due, after_id) \
            order by due_on ", $order, ", id ", $order, " \
            limit ?"
        )
    };
}

/// What waits, earliest first.
pub(super) const DUE: &str = due!(">", "asc");
/// What waits, latest first.
pub(super) const DUE_LAST_FIRST: &str = due!("<", "desc");

/// How grievances were filed and ended. Tenant, first day, last day, by what.
///
/// What came of a settlement that was taken back won nothing, and a case that went on after the union had given it up,
/// or that an arbitrator decided against it, was not withdrawn.
pub(super) const OUTCOMES: &str = "\
    with asked as not materialized (select ?::uuid as tenant, ?::date as first, ?::date as last, ?::text as by), \
    events as ( \
        select g.id, g.filed_date as happened_on, 1 as filed, 0 as settled, 0 as won, 0 as withdrawn \
        from grievances as g, asked \
        where g.tenant_id = asked.tenant and g.deleted_at is null \
            and g.filed_date between asked.first and asked.last \
        union all \
        select g.id, g.resolution_date, 0, 1, \
            (coalesce(g.settlement_amount, 0) > 0 or exists ( \
                select from obligations as o \
                where o.tenant_id = g.tenant_id and o.grievance_id = g.id and o.owed_by = 'employer' \
                    and o.status <> 'waived' and o.created_at >= coalesce(( \
                        select max(s.created_at) from grievance_steps as s \
                        where s.tenant_id = g.tenant_id and s.grievance_id = g.id and s.outcome = 'settled'), \
                        '-infinity')))::int, \
            0 \
        from grievances as g, asked \
        where g.tenant_id = asked.tenant and g.deleted_at is null and g.resolution is not null \
            and g.resolution_date between asked.first and asked.last \
        union all \
        select g.id, l.decided_on, 0, 0, 0, 1 \
        from asked, representation_log as l join grievances as g on g.id = l.grievance_id \
        where l.tenant_id = asked.tenant and l.kind = 'decision' and l.decision in ('not_advancing', 'withdrawing') \
            and l.decided_on between asked.first and asked.last \
            and g.tenant_id = asked.tenant and g.deleted_at is null \
            and (g.status = 'withdrawn' or (g.status = 'closed' and g.resolution is null)) \
            and not exists ( \
                select from representation_log as later \
                where later.tenant_id = l.tenant_id and later.grievance_id = l.grievance_id \
                    and later.kind = 'decision' and later.decision in ('not_advancing', 'withdrawing') \
                    and (later.recorded_at, later.id) > (l.recorded_at, l.id)) \
            and coalesce(( \
                select max(s.created_at) from grievance_steps as s \
                where s.tenant_id = l.tenant_id and s.grievance_id = l.grievance_id) <= l.recorded_at, true) \
            and (g.status = 'withdrawn' or ( \
                select s.step || ' ' || s.outcome from grievance_steps as s \
                where s.tenant_id = l.tenant_id and s.grievance_id = l.grievance_id \
                order by s.created_at desc, s.id desc limit 1) is distinct from 'arbitration denied') \
    ), \
    counted as ( \
        select asked.by, \
            case asked.by \
                when 'month' then to_char(e.happened_on, 'YYYY-MM') \
                when 'employer' then g.employer_id::text \
                when 'article' then g.contract_article \
                when 'representative' then g.assigned_representative_id::text \
            end as key, \
            sum(e.filed)::bigint as filed, sum(e.settled)::bigint as settled, sum(e.won)::bigint as won, \
            sum(e.withdrawn)::bigint as withdrawn \
        from asked, events as e join grievances as g on g.id = e.id \
        where g.tenant_id = asked.tenant \
        group by 1, 2 \
    ) \
    select key, filed, settled, won, withdrawn \
    from counted \
    order by case when by = 'month' then key end desc, filed desc, key nulls last \
    limit 100";

/// How long each step took, in tenths of a day. Tenant, first day, last day.
pub(super) const DAYS_PER_STEP: &str = "\
    with asked as not materialized (select ?::uuid as tenant, ?::date as first, ?::date as last), \
    ends as ( \
        select s.grievance_id, s.step, max(s.meeting_date) as ended_on \
        from grievance_steps as s, asked \
        where s.tenant_id = asked.tenant and s.grievance_id = any (array( \
            select ended.grievance_id from asked as of_period, grievance_steps as ended \
            where ended.tenant_id = of_period.tenant \
                and ended.meeting_date between of_period.first and of_period.last)) \
        group by s.grievance_id, s.step \
    ), \
    spans as ( \
        select e.step, e.ended_on, \
            greatest(0, e.ended_on - coalesce( \
                lag(e.ended_on) over (partition by e.grievance_id order by \
                    array_position(array['step_1', 'step_2', 'step_3', 'arbitration'], e.step)), g.filed_date)) as days \
        from ends as e, asked, grievances as g \
        where g.tenant_id = asked.tenant and g.id = e.grievance_id and g.deleted_at is null \
    ) \
    select spans.step, count(*), round(avg(spans.days) * 10)::bigint \
    from spans, asked \
    where spans.ended_on between asked.first and asked.last \
    group by spans.step";
