-- A password that is too short to stand alone, because a second factor stands beside it.
--
-- One column with a default, and a function anew: nobody waits. The version of the program before this one chooses no such
-- passwords, and forgets to say so for none.

-- While this is true the factor cannot be removed: it would leave the short password alone.
alter table second_factors
    add column covers_password boolean not null default false
        constraint second_factors_covers_password_check check (not covers_password or confirmed_at is not null);

-- Removes the factor with all that stands in for it, and ends every session; tells whether there was a factor. A password
-- that the factor covered counts no more: `!` is the hash of nothing. Its owner chooses a new one by mail.
create or replace function second_factor_reset(for_user uuid, at timestamptz) returns boolean
    language plpgsql volatile as $$
declare
    scope constant text := app_scope();
    covered boolean;
begin
    if not exists (select from memberships m where m.tenant_id = app_tenant() and m.user_id = for_user) then
        return false;
    end if;
    perform set_config('app.scope', 'identity', true);
    -- The person first: whoever signs in or chooses a password holds that row too.
    perform from users where id = for_user for update;
    delete from recovery_codes where user_id = for_user;
    delete from trusted_devices where user_id = for_user;
    delete from sign_in_challenges where user_id = for_user;
    delete from second_factors where user_id = for_user returning covers_password into covered;
    if covered then
        update users set password_hash = '!', updated_at = at where id = for_user;
    end if;
    if covered is not null then
        update sessions set ended_at = at where user_id = for_user and ended_at is null;
    end if;
    perform set_config('app.scope', scope, true);
    return covered is not null;
end;
$$;
