//! The people of the demo: one for each role, all with the same password.

/// The password of every demo sign-in. It is public, so production refuses a database that has them.
pub const PASSWORD: &str = "solidarity-forever";

/// Who can sign in to the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// The address the person signs in with.
    pub email: &'static str,
    /// The role held, by its name on the wire.
    pub role: &'static str,
    /// The tenant it is held in, by its slug.
    pub tenant: &'static str,
    /// Given name.
    pub first_name: &'static str,
    /// Family name.
    pub last_name: &'static str,
}

/// The slug of the demo's local.
pub const LOCAL: &str = "local-46";
/// The slug of the demo's training trust.
pub const TRUST: &str = "training-trust";

/// The local's business manager, who owns its account.
pub(super) const OWNER: SignIn = at(
    LOCAL,
    "owner@local46.example",
    "owner",
    "Walter",
    "Grzybowski",
);
/// The local's office manager.
pub(super) const ADMIN: SignIn = at(LOCAL, "admin@local46.example", "admin", "Angela", "Okafor");
/// The local's officer, who carries the heavier cases.
pub(super) const OFFICER: SignIn = at(
    LOCAL,
    "officer@local46.example",
    "officer",
    "Ruth",
    "Castellanos",
);
/// The local's business representative, who carries the others.
pub(super) const STAFF: SignIn = at(
    LOCAL,
    "staff@local46.example",
    "staff",
    "Darnell",
    "Whitfield",
);
/// The local's organizer, who leads its campaigns.
pub(super) const ORGANIZER: SignIn = at(
    LOCAL,
    "organizer@local46.example",
    "organizer",
    "Siobhán",
    "Kerrigan",
);
/// A union member of the local, with a record and a case of their own.
pub(super) const MEMBER: SignIn = at(
    LOCAL,
    "member@local46.example",
    "member",
    "Mateo",
    "Núñez-Reyes",
);
/// Made after everything else: whoever finds this person finds the whole demo.
pub(super) const LAST: SignIn = at(TRUST, "staff@trust.example", "staff", "Priya", "Raman");

/// Every demo sign-in, for the screen and the page.
pub const SIGN_INS: [SignIn; 10] = [
    OWNER,
    ADMIN,
    OFFICER,
    STAFF,
    ORGANIZER,
    at(
        LOCAL,
        "instructor@local46.example",
        "instructor",
        "Kenji",
        "Hasegawa",
    ),
    at(
        LOCAL,
        "moderator@local46.example",
        "moderator",
        "Lucía",
        "Ferreira",
    ),
    MEMBER,
    at(TRUST, "owner@trust.example", "owner", "Harold", "Lindqvist"),
    LAST,
];

const fn at(
    tenant: &'static str,
    email: &'static str,
    role: &'static str,
    first_name: &'static str,
    last_name: &'static str,
) -> SignIn {
    SignIn {
        email,
        role,
        tenant,
        first_name,
        last_name,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use unionhall_domain::{roles::Role, tenants::Slug, text::Line, users::EmailAddress};

    use super::*;

    #[test]
    fn every_sign_in_can_be_made() {
        for sign_in in SIGN_INS {
            assert!(EmailAddress::parse(sign_in.email).is_ok());
            assert!(Role::parse(sign_in.role).is_ok());
            assert!(Slug::parse(sign_in.tenant).is_ok());
            assert!(Line::<100>::parse(sign_in.first_name).is_ok());
            assert!(Line::<100>::parse(sign_in.last_name).is_ok());
        }
    }

    #[test]
    fn an_address_names_its_role_and_is_there_once() {
        let mut seen = HashSet::new();
        for sign_in in SIGN_INS {
            assert!(sign_in.email.starts_with(&format!("{}@", sign_in.role)));
            assert!(seen.insert(sign_in.email));
        }
    }

    #[test]
    fn the_last_sign_in_is_the_one_that_tells_that_all_is_made() {
        assert_eq!(SIGN_INS.last(), Some(&LAST));
    }
}
