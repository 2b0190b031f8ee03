//! The pages that mails lead to: verify an address, choose a password, unlock, change the address, accept an invitation,
//! sign out everywhere.
//!
//! One template and one script for all of them. The script reads the token from the fragment of the address, which
//! reaches no server, and posts it with the form to the API of this server.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    web::Path,
};
use askama::Template;

use super::{not_found, rendered};
use crate::web::problem::Problem;

/// The one script of ours, which speaks to this server alone and can make no markup; nobody may frame the page.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
);

/// One page.
struct Page {
    /// The last part of its address.
    name: &'static str,
    title: &'static str,
    lead: &'static str,
    /// Where the form goes.
    api: &'static str,
    /// Whether the page is of use only with a token from a mail.
    takes_token: bool,
    /// What is asked first what the token stands for, so that it can be shown.
    asks: Option<&'static str>,
    fields: &'static [Field],
    button: &'static str,
    then: Then,
    /// What is said when it is done.
    done: &'static str,
}

/// What the script does with the answer of the API.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Nothing more.
    Done,
    /// Uses the tokens of the sign-in to end every session.
    SignOut,
}

impl Then {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::SignOut => "sign-out",
        }
    }
}

/// One field of a form, named as in the body of the API.
#[derive(Clone, Copy)]
struct Field {
    name: &'static str,
    label: &'static str,
    /// `text`, `email` or `password`.
    kind: &'static str,
    /// What a browser may fill in.
    autocomplete: &'static str,
    required: bool,
    /// Whether it is asked for only when the API wants it.
    later: bool,
    hint: &'static str,
}

impl Page {
    fn has_password(&self) -> bool {
        self.fields.iter().any(|field| field.kind == "password")
    }
}

const FIELD: Field = Field {
    name: "",
    label: "",
    kind: "text",
    autocomplete: "off",
    required: true,
    later: false,
    hint: "",
};

const EMAIL: Field = Field {
    name: "email",
    label: "E-mail address",
    kind: "email",
    autocomplete: "username",
    ..FIELD
};

const LONG: &str =
    "Long is what counts: several words that you can remember, not one with odd characters.";

static PAGES: [Page; 7] = [
    Page {
        name: "verify-email",
        title: "Verify your e-mail address",
        lead: "Press the button to show that this address is yours.",
        api: "/api/v1/auth/verify-email",
        takes_token: true,
        asks: None,
        fields: &[],
        button: "Verify my address",
        then: Then::Done,
        done: "Your address is verified. You can sign in now.",
    },
    Page {
        name: "forgot-password",
        title: "Forgotten password",
        lead: "We send a link to your address with which you choose a new password.",
        api: "/api/v1/auth/forgot-password",
        takes_token: false,
        asks: None,
        fields: &[EMAIL],
        button: "Send me a link",
        then: Then::Done,
        done: "If there is an account with this address, a mail with a link is on its way. The link works for one hour.",
    },
    Page {
        name: "reset-password",
        title: "Choose a new password",
        lead: "The new password counts at once. You are signed out wherever you were signed in.",
        api: "/api/v1/auth/reset-password",
        takes_token: true,
        asks: None,
        fields: &[Field {
            name: "new_password",
            label: "New password",
            kind: "password",
            autocomplete: "new-password",
            hint: LONG,
            ..FIELD
        }],
        button: "Use this password",
        then: Then::Done,
        done: "Your new password counts. You can sign in with it now.",
    },
    Page {
        name: "unlock",
        title: "Unlock your account",
        lead: "Somebody tried wrong passwords, and your account was locked. Press the button to use it again at once.",
        api: "/api/v1/auth/unlock",
        takes_token: true,
        asks: None,
        fields: &[],
        button: "Unlock my account",
        then: Then::Done,
        done: "Your account is unlocked. If the wrong passwords were not yours, choose a new one.",
    },
    Page {
        name: "confirm-email",
        title: "Confirm your change of address",
        lead: "Press the button to agree that your account moves to another e-mail address.",
        api: "/api/v1/auth/confirm-email",
        takes_token: true,
        asks: None,
        fields: &[],
        button: "I agree",
        then: Then::Done,
        done: "Thank you. The change counts when both addresses have agreed.",
    },
    Page {
        name: "accept-invitation",
        title: "Accept your invitation",
        lead: "Somebody has asked you to work with their hall.",
        api: "/api/v1/auth/invitations/accept",
        takes_token: true,
        asks: Some("/api/v1/auth/invitations/validate"),
        fields: &[
            Field {
                name: "first_name",
                label: "Given name",
                autocomplete: "given-name",
                ..FIELD
            },
            Field {
                name: "last_name",
                label: "Family name",
                autocomplete: "family-name",
                ..FIELD
            },
            Field {
                name: "password",
                label: "Password",
                kind: "password",
                autocomplete: "new-password",
                hint: LONG,
                ..FIELD
            },
        ],
        button: "Accept the invitation",
        then: Then::Done,
        done: "Welcome. You can sign in now, with this address and your password.",
    },
    Page {
        name: "sessions",
        title: "Sign out everywhere",
        lead: "Ends every session of your account, on every device. Do this when something was signed in that was not you, and then choose a new password.",
        api: "/api/v1/auth/login",
        takes_token: false,
        asks: None,
        fields: &[
            EMAIL,
            Field {
                name: "password",
                label: "Password",
                kind: "password",
                autocomplete: "current-password",
                ..FIELD
            },
            Field {
                name: "code",
                label: "Code from your second factor",
                autocomplete: "one-time-code",
                required: false,
                later: true,
                ..FIELD
            },
        ],
        button: "Sign me out everywhere",
        then: Then::SignOut,
        done: "You are signed out on every device.",
    },
];

#[derive(Template)]
#[template(path = "account/show.html")]
struct Show {
    page: &'static Page,
}

/// Shows one of the pages.
pub(super) async fn show(
    request: HttpRequest,
    name: Path<String>,
) -> Result<HttpResponse, Problem> {
    let Some(page) = PAGES.iter().find(|page| page.name == name.as_str()) else {
        return not_found(request).await;
    };
    let mut answer = rendered(StatusCode::OK, &Show { page })?;
    answer
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, POLICY);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unionhall_application::links::Links;

    use super::*;

    #[test]
    fn every_address_that_a_mail_leads_to_is_a_page_that_takes_what_it_brings() {
        let links = Links::new("https://hall.example");
        for link in [
            links.verify_email("t"),
            links.reset_password("t"),
            links.unlock("t"),
            links.confirm_email("t"),
            links.accept_invitation("t"),
            links.sessions(),
        ] {
            let path = link.as_str().strip_prefix("https://hall.example/account/");
            let (name, token) = path.unwrap().split_once('#').unwrap_or((path.unwrap(), ""));
            let page = PAGES.iter().find(|page| page.name == name);
            let page = page.unwrap_or_else(|| panic!("there is no page {name}"));
            assert_eq!(page.takes_token, !token.is_empty(), "{name}");
        }
    }

    #[test]
    fn every_page_has_a_name_and_a_title_of_its_own_and_no_field_twice() {
        let names: BTreeSet<_> = PAGES.iter().map(|page| page.name).collect();
        let titles: BTreeSet<_> = PAGES.iter().map(|page| page.title).collect();
        assert_eq!((names.len(), titles.len()), (PAGES.len(), PAGES.len()));
        for page in &PAGES {
            let fields: BTreeSet<_> = page.fields.iter().map(|field| field.name).collect();
            assert_eq!(fields.len(), page.fields.len());
            assert!(
                !fields.contains("token"),
                "the token comes from the address"
            );
        }
    }
}
