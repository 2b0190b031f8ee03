//! Which routes ask storage for every single request, and from which allowance they take.

use actix_web::http::Method;

use super::Allowances;

/// A route with limits of its own. Each has its own counts, so that signing in takes nothing from a reset.
pub(super) struct Rule {
    method: &'static str,
    /// The path below the base of the API.
    pub(super) path: &'static str,
    /// How many there may be in a minute, per address and again per account.
    pub(super) allowance: fn(&Allowances) -> u32,
    /// What the limit per address is called in the headers.
    pub(super) by_address: &'static str,
    /// What the limit per account is called.
    pub(super) by_account: &'static str,
    /// Whether the route itself decides about an account that has used up its allowance: it may know who asks.
    pub(super) decides: bool,
    /// Where the body names an account, as JSON pointers (RFC 6901); the first that is there counts.
    pub(super) accounts: &'static [&'static str],
}

const EMAIL: &[&str] = &["/email"];

const fn rule(path: &'static str, accounts: &'static [&'static str]) -> Rule {
    Rule {
        method: "POST",
        path,
        allowance: |allowances| allowances.sign_in,
        by_address: "sign-in-by-address",
        by_account: "sign-in-by-account",
        decides: false,
        accounts,
    }
}

const fn registering(path: &'static str, accounts: &'static [&'static str]) -> Rule {
    Rule {
        allowance: |allowances| allowances.registration,
        by_address: "registration-by-address",
        by_account: "registration-by-account",
        ..rule(path, accounts)
    }
}

const fn recovering(path: &'static str, accounts: &'static [&'static str]) -> Rule {
    Rule {
        allowance: |allowances| allowances.recovery,
        by_address: "recovery-by-address",
        by_account: "recovery-by-account",
        ..rule(path, accounts)
    }
}

/// The table. Whatever else nobody has signed in for is counted in memory, per address.
static RULES: [Rule; 14] = [
    Rule {
        decides: true,
        ..rule("/auth/login", EMAIL)
    },
    rule("/auth/second-factor", &[]),
    rule("/auth/unlock", &[]),
    rule("/auth/verify-email", &[]),
    rule("/auth/confirm-email", &[]),
    rule("/auth/invitations/accept", &[]),
    rule("/auth/invitations/validate", &[]),
    registering("/auth/register", EMAIL),
    registering("/auth/resend-verification", EMAIL),
    registering("/tenants", EMAIL),
    registering("/me/tenants", &[]),
    recovering("/auth/forgot-password", EMAIL),
    recovering("/auth/reset-password", &[]),
    recovering("/me/email", EMAIL),
];

/// The rule for a route, if it has one of its own.
pub(super) fn rule_of(method: &Method, path: &str) -> Option<&'static Rule> {
    // Whoever asks for the head alone asks for the same.
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    RULES
        .iter()
        .find(|rule| rule.path == path && rule.method == method.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_where_something_can_be_guessed_takes_from_its_own_allowance() {
        let allowances = Allowances {
            sign_in: 10,
            registration: 5,
            recovery: 3,
            anonymous: 60,
            member: 60,
            staff: 300,
            admin: 1_000,
        };
        let limit = |method: Method, path: &str| {
            rule_of(&method, path).map(|rule| (rule.allowance)(&allowances))
        };
        assert_eq!(limit(Method::POST, "/auth/login"), Some(10));
        assert_eq!(limit(Method::POST, "/auth/register"), Some(5));
        assert_eq!(limit(Method::POST, "/tenants"), Some(5));
        assert_eq!(limit(Method::POST, "/auth/forgot-password"), Some(3));
        for last in ["validate", "accept"] {
            let path = format!("/auth/invitations/{last}");
            assert_eq!(limit(Method::POST, &path), Some(10));
        }
        assert_eq!(limit(Method::GET, "/auth/login"), None);
        assert_eq!(limit(Method::POST, "/auth/refresh"), None);
        assert_eq!(limit(Method::GET, "/members"), None);
    }
}
