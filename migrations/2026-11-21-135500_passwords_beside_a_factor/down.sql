-- Removes the factor with all that stands in for it, and ends every session; tells whether there was a factor.
create or replace function second_factor_reset(for_user uuid, at timestamptz) returns boolean
    language plpgsql volatile as $$
declare
    scope constant text := app_scope();
    there boolean;
begin
    if not exists (select from memberships m where m.tenant_id = app_tenant() and m.user_id = for_user) then
        return false;
    end if;
    perform set_config('app.scope', 'identity', true);
    delete from recovery_codes where user_id = for_user;
    delete from trusted_devices where user_id = for_user;
    delete from sign_in_challenges where user_id = for_user;
    delete from second_factors where user_id = for_user;
    there := found;
    if there then
        update sessions set ended_at = at where user_id = for_user and ended_at is null;
    end if;
    perform set_config('app.scope', scope, true);
    return there;
end;
$$;

alter table second_factors drop column covers_password;
