//! The statements of signing in. Each does one method's work in one round trip; `rows.rs` names what they return.

/// The tenant last used, else the first joined, of those with an active place comes with the user: signing in asks
/// once.
pub(super) const FIND_CREDENTIALS: &str = "\
    select u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, \
        u.password_hash, u.state, u.deleted_at is not null, u.verified_at is not null, u.failed_logins, u.locked_until, \
        (select m.tenant_id from memberships m where m.user_id = u.id and m.state = 'active' \
         order by m.last_used_at desc nulls last, m.joined_at, m.tenant_id limit 1) \
    from users u where u.email = ?";

pub(super) const INSERT_USER: &str = "\
    insert into users (id, email, password_hash, first_name, last_name, last_login_at, created_at, updated_at, \
        verified_at) \
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// One statement for an address that is new, waits to be verified, or is known: none is quicker, and of two at once the
/// second finds what the first has added. A hall that was asked for with an older registration is forgotten with it.
pub(super) const REGISTER: &str = "\
    with registered as ( \
    insert into users (id, email, password_hash, first_name, last_name, created_at, updated_at, verified_at, \
        registered_for) \
    values (?, ?, ?, ?, ?, ?, ?, null, \
        (select t.id from tenants t where t.slug = ? and t.registration_policy = 'as_member')) \
    on conflict on constraint users_email_key do update set \
        password_hash = excluded.password_hash, first_name = excluded.first_name, \
        last_name = excluded.last_name, updated_at = excluded.updated_at, \
        registered_for = excluded.registered_for \
    where users.verified_at is null and users.state = 'active' and users.deleted_at is null \
    returning id), \
    forgotten as (delete from signups s using registered r where s.user_id = r.id) \
    select id from registered";

pub(super) const VERIFY_EMAIL: &str = "\
    with waiting as ( \
        select id, registered_for from users where id = ? and verified_at is null for update), \
    verified as ( \
        update users u set verified_at = ?, registered_for = null from waiting w where u.id = w.id \
        returning w.registered_for, u.verified_at) \
    select t.id from verified v join tenants t on t.id = v.registered_for \
    where t.registration_policy = 'as_member' \
        and (t.status = 'active' or t.status = 'trial' and t.trial_ends_at > v.verified_at)";

pub(super) const SET_PASSWORD: &str = "\
    with given (user_id, leans) as (values (?, ?)), \
    cover as ( \
        update second_factors f set covers_password = g.leans from given g \
        where f.user_id = g.user_id and f.confirmed_at is not null returning f.user_id), \
    places as ( \
        update known_places p set failed_logins = 0, locks = 0, locked_until = null \
        from given g where p.user_id = g.user_id), \
    devices as (delete from trusted_devices d using given g where d.user_id = g.user_id), \
    challenges as (delete from sign_in_challenges c using given g where c.user_id = g.user_id) \
    update users u set password_hash = ?, failed_logins = 0, locks = 0, locked_until = null, lock_untold = false, \
        updated_at = ? from given g \
    where u.id = g.user_id and (not g.leans or exists (select from cover))";

/// Roles that stay are updated in place: a row deleted in a statement still stands in the way of its other parts.
pub(super) const PUT_MEMBERSHIP: &str = "\
    with place (tenant_id, user_id) as (values (?, ?)), \
    wanted as ( \
        select distinct on (role) role, expires_at from unnest(?, ?) as held (role, expires_at) \
        order by role, expires_at desc nulls first), \
    put as ( \
        insert into memberships (tenant_id, user_id, member_id, joined_at) \
        select tenant_id, user_id, ?, ? from place \
        on conflict on constraint memberships_pkey do update set member_id = excluded.member_id, \
            state = 'active', suspended_at = null, suspended_for = null, removed_at = null, \
            updated_at = excluded.joined_at, version = memberships.version + 1), \
    removed as ( \
        delete from membership_roles r using place p \
        where r.tenant_id = p.tenant_id and r.user_id = p.user_id \
            and r.role not in (select role from wanted)) \
    insert into membership_roles (tenant_id, user_id, role, expires_at) \
    select p.tenant_id, p.user_id, w.role, w.expires_at from place p, wanted w \
    on conflict on constraint membership_roles_pkey do update set expires_at = excluded.expires_at";

/// The roles of the membership `m`, as two arrays side by side.
macro_rules! with_roles {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " cross join lateral ( \
                select coalesce(array_agg(held.role), '{}') as roles, \
                    coalesce(array_agg(held.expires_at), '{}') as expiries \
                from membership_roles held \
                where held.tenant_id = m.tenant_id and held.user_id = m.user_id) r ",
            $after
        )
    };
}

pub(crate) const FIND_COLLEAGUE: &str = with_roles!(
    "select u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, r.roles, r.expiries \
     from memberships m join users u on u.id = m.user_id",
    "where m.tenant_id = ? and m.user_id = ? and m.state = 'active' and u.state = 'active' and u.deleted_at is null"
);

/// The same for many.
pub(super) const FIND_COLLEAGUES: &str = with_roles!(
    "select u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, r.roles, r.expiries \
     from memberships m join users u on u.id = m.user_id",
    "where m.tenant_id = ? and m.user_id = any(?) and m.state = 'active' and u.state = 'active' \
     and u.deleted_at is null"
);

pub(super) const FIND_ACCESS: &str = with_roles!(
    "select u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, \
        t.id, t.slug, t.name, t.kind, t.time_zone, t.currency, t.status, t.trial_ends_at, \
        t.max_users, t.max_storage_bytes, t.tier, t.version, t.created_at, t.updated_at, \
        m.member_id, r.roles, r.expiries, t.second_factor_roles, \
        exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null) \
     from sessions s \
        join users u on u.id = s.user_id \
        join memberships m on m.user_id = u.id and m.tenant_id = ? and m.state = 'active' \
        join tenants t on t.id = m.tenant_id",
    "where s.id = ? and s.ended_at is null and u.state = 'active' and u.deleted_at is null"
);

/// What the owner of a calendar feed may do, who is known by the token in its address, and which feed it is.
pub(super) const FIND_FEED_ACCESS: &str = with_roles!(
    "select u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, \
        t.id, t.slug, t.name, t.kind, t.time_zone, t.currency, t.status, t.trial_ends_at, \
        t.max_users, t.max_storage_bytes, t.tier, t.version, t.created_at, t.updated_at, \
        m.member_id, r.roles, r.expiries, t.second_factor_roles, \
        exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null), \
        d.id \
     from deadline_feeds d \
        join users u on u.id = d.user_id \
        join memberships m on m.user_id = u.id and m.tenant_id = d.tenant_id and m.state = 'active' \
        join tenants t on t.id = m.tenant_id",
    "where d.token_hash = ? and u.state = 'active' and u.deleted_at is null"
);

/// The session, its token, when the user signed in and the place it signed in to. The references between them are
/// checked when all are written.
pub(super) const INSERT_SESSION: &str = "\
    with begun as ( \
        insert into sessions (id, user_id, tenant_id, device, address, created_at, last_used_at) \
        values (?, ?, ?, ?, ?, ?, ?) returning id, user_id, tenant_id, created_at), \
    used as ( \
        update memberships m set last_used_at = s.created_at from begun s \
        where m.tenant_id = s.tenant_id and m.user_id = s.user_id), \
    dated as ( \
        update users u set last_login_at = s.created_at \
        from begun s where u.id = s.user_id) \
    insert into refresh_tokens (hash, session_id, issued_at, expires_at) values (?, ?, ?, ?)";

pub(super) const INSERT_TOKEN: &str = "\
    insert into refresh_tokens (hash, session_id, issued_at, expires_at) values (?, ?, ?, ?)";

/// Of two who come at once the second waits for the first, and then sees the token as the first has left it. The
/// session is locked before the token, as by whoever moves or ends it.
pub(super) const SPEND_TOKEN: &str = "\
    with held as ( \
        select s.id, s.user_id, s.tenant_id, s.device, s.address, s.created_at \
        from sessions s \
        where s.id = (select session_id from refresh_tokens where hash = ?) and s.ended_at is null \
        for update), \
    found as ( \
        select t.hash, t.spent_at, t.expires_at, \
            s.id, s.user_id, s.tenant_id, s.device, s.address, s.created_at \
        from held s \
            join refresh_tokens t on t.session_id = s.id \
            join users u on u.id = s.user_id \
            join memberships m on m.tenant_id = s.tenant_id and m.user_id = s.user_id \
        where t.hash = ? and u.state = 'active' and u.deleted_at is null and m.state = 'active' \
        for update of t), \
    spent as ( \
        update refresh_tokens t set spent_at = ? from found f \
        where t.hash = f.hash and f.spent_at is null and f.expires_at > ? returning t.spent_at), \
    used as ( \
        update sessions s set last_used_at = spent.spent_at from found f, spent where s.id = f.id) \
    select f.id, f.user_id, f.tenant_id, f.device, f.address, f.created_at, \
        f.spent_at is not null, exists (select from spent) \
    from found f";

// A session is moved in three statements, because each must see what whoever was waited for has left: the place,
// the session, its tokens. Everybody locks them in this order, so that nobody waits in a circle.

/// The place moved to becomes the one last used.
pub(super) const USE_PLACE: &str = "\
    update memberships m set last_used_at = ? from sessions s \
    where s.id = ? and s.ended_at is null and m.user_id = s.user_id and m.tenant_id = ? and m.state = 'active'";

pub(super) const MOVE_SESSION: &str = "\
    update sessions set tenant_id = ? where id = ? and ended_at is null";

/// Tokens that wait to be used are worth nothing from now on. They are not spent: who comes with one has lost a race,
/// and is no thief.
pub(super) const END_TOKENS: &str = "\
    update refresh_tokens set expires_at = ? where session_id = ? and spent_at is null and expires_at > ?";

pub(super) const END_SESSION: &str = "\
    update sessions set ended_at = ? where id = ? and ended_at is null";

pub(super) const END_SESSIONS: &str = "\
    update sessions set ended_at = ? where user_id = ? and ended_at is null";

pub(super) const END_OTHER_SESSIONS: &str = "\
    update sessions set ended_at = ? where user_id = ? and id <> ? and ended_at is null";
