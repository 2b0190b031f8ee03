//! The addresses that mails lead to: pages of this installation, and nothing else.
//!
//! A token stands behind `#`, in the fragment (RFC 3986 §3.5): browsers keep that to themselves, so that no log of a
//! server or a proxy, and no `Referer`, ever holds one.

use std::fmt::{self, Write};

/// Makes the addresses, below the one that people know the installation by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    base: String,
}

/// An address on this installation; only [`Links`] makes one, so no mail can lead elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Links {
    /// Below `public_url`, such as `https://hall.example`, with or without a slash at its end.
    pub fn new(public_url: &str) -> Self {
        Self {
            base: public_url.trim_end_matches('/').to_owned(),
        }
    }

    /// Where somebody proves that an e-mail address is theirs.
    pub fn verify_email(&self, token: &str) -> Link {
        self.with_token("/account/verify-email", token)
    }

    /// Where somebody chooses a new password.
    pub fn reset_password(&self, token: &str) -> Link {
        self.with_token("/account/reset-password", token)
    }

    /// Where somebody unlocks their account.
    pub fn unlock(&self, token: &str) -> Link {
        self.with_token("/account/unlock", token)
    }

    /// Where somebody agrees that their account moves to another e-mail address.
    pub fn confirm_email(&self, token: &str) -> Link {
        self.with_token("/account/confirm-email", token)
    }

    /// Where somebody accepts an invitation.
    pub fn accept_invitation(&self, token: &str) -> Link {
        self.with_token("/account/accept-invitation", token)
    }

    /// Where somebody sees where they are signed in, and can end it.
    pub fn sessions(&self) -> Link {
        self.page("/account/sessions")
    }

    /// Where a calendar fetches a feed of deadlines. Calendars take no fragment, so this token stands in the path:
    /// it opens nothing but that feed, and what logs of requests say is the route and not the path.
    pub fn deadline_feed(&self, token: &str) -> String {
        format!("{}/api/v1/deadline-feeds/{token}.ics", self.base)
    }

    /// The first page.
    pub fn home(&self) -> Link {
        self.page("/")
    }

    /// Anything else below the public address; `path` begins with a slash and holds nothing that people wrote.
    pub fn page(&self, path: &'static str) -> Link {
        Link(format!("{}{path}", self.base))
    }

    fn with_token(&self, path: &'static str, token: &str) -> Link {
        let mut address = format!("{}{path}#token=", self.base);
        for byte in token.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                address.push(char::from(byte));
            } else {
                // Writing into a String cannot fail.
                let _written = write!(address, "%{byte:02X}");
            }
        }
        Link(address)
    }
}

impl Link {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Link {
    /// Without the token, which lets somebody in.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.split('#').next().unwrap_or_default();
        formatter.debug_tuple("Link").field(&shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_below_the_public_address_with_its_token_in_the_fragment() {
        for base in ["https://hall.example", "https://hall.example/"] {
            let links = Links::new(base);
            let link = links.verify_email("aZ-_09.x~");
            assert_eq!(
                link.as_str(),
                "https://hall.example/account/verify-email#token=aZ-_09.x~"
            );
            assert_eq!(
                links.sessions().as_str(),
                "https://hall.example/account/sessions"
            );
            assert_eq!(links.home().as_str(), "https://hall.example/");
        }
    }

    #[test]
    fn every_kind_of_token_has_a_page_of_its_own() {
        let links = Links::new("https://hall.example");
        let pages = [
            links.verify_email("t"),
            links.reset_password("t"),
            links.unlock("t"),
            links.confirm_email("t"),
            links.accept_invitation("t"),
        ];
        let mut pages: Vec<_> = pages.iter().map(Link::as_str).collect();
        pages.sort_unstable();
        pages.dedup();
        assert_eq!(pages.len(), 5);
    }

    #[test]
    fn a_token_cannot_leave_the_fragment() {
        let link = Links::new("https://hall.example").unlock("a/b+c=&x#y\"é");
        assert_eq!(
            link.as_str(),
            "https://hall.example/account/unlock#token=a%2Fb%2Bc%3D%26x%23y%22%C3%A9"
        );
    }

    #[test]
    fn the_debug_form_of_a_link_shows_no_token() {
        let link = Links::new("https://hall.example").reset_password("secret");
        assert_eq!(
            format!("{link:?}"),
            r#"Link("https://hall.example/account/reset-password")"#
        );
    }
}
