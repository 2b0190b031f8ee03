-- Rate limits: how many requests whom a limit counts has sent in the last minute, over all instances of the program.
--
-- The table is not logged: after a crash of the database it is empty, which gives everybody a fresh allowance once
-- and saves every count from the write-ahead log. Whom a row counts is a keyed hash, never an address.

create unlogged table rate_windows (
    key    bytea     not null constraint rate_windows_pkey primary key
        constraint rate_windows_key_check check (octet_length(key) = 32),
    -- The number of the newest five seconds that are counted, since the beginning of Unix time.
    step   bigint    not null,
    -- Requests in each five seconds: the newest first, and those of the minute before it.
    counts integer[] not null
        constraint rate_windows_counts_check check (cardinality(counts) = 13)
) with (fillfactor = 50);

-- Counts as they are when the newest five seconds are `later` instead of `step`: what is older than a minute is gone.
create function rate_moved(counts integer[], step bigint, later bigint) returns integer[]
    language sql immutable parallel safe
    return case
        when later <= step then counts
        when later - step >= 13 then array_fill(0, array[13])
        else (array_fill(0, array[(later - step)::integer]) || counts)[1:13]
    end;

-- Takes one from each allowance in turn, and stops at the first that is used up. A function, because whether there is
-- one left must be judged while the row is held: of two who ask for the last one at once, one gets it.
create function rate_take(keys bytea[], limits integer[], now_step bigint)
    returns table (taken boolean, step bigint, counts integer[])
    language plpgsql volatile as $$
begin
    for place in 1 .. cardinality(keys) loop
        insert into rate_windows as w (key, step, counts)
        values (keys[place], now_step, array_fill(0, array[13]))
        on conflict on constraint rate_windows_pkey do update set
            step = greatest(w.step, excluded.step), counts = rate_moved(w.counts, w.step, excluded.step)
        returning w.step, w.counts into step, counts;
        taken := (select sum(n) from unnest(counts) as n) < limits[place];
        if taken then
            counts[1] := counts[1] + 1;
            update rate_windows w set counts = rate_take.counts where w.key = keys[place];
        end if;
        return next;
        exit when not taken;
    end loop;
end;
$$;

alter table rate_windows enable row level security;
alter table rate_windows force row level security;
create policy rate_windows_limits on rate_windows
    using (app_scope() = 'limits') with check (app_scope() = 'limits');
grant select, insert, update, delete on rate_windows to unionhall_runtime;
