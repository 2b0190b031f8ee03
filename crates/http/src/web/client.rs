//! The address that a request comes from, also behind proxies that are trusted to say so.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use actix_web::{
    HttpRequest,
    http::header::{FORWARDED, HeaderMap, HeaderName},
};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Addresses that begin alike: one address, or a block in CIDR notation (RFC 4632, RFC 4291 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A text names no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not an address or a block of addresses like 10.0.0.0/8")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NoNetwork)?;
        let longest = bits(address).1;
        let prefix = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| NoNetwork)?,
            None => longest,
        };
        (prefix <= longest)
            .then_some(Self { address, prefix })
            .ok_or(NoNetwork)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        let ((mine, width), (theirs, other)) = (bits(self.address), bits(address));
        let rest = u32::from(width.saturating_sub(self.prefix));
        width == other && mine.checked_shr(rest) == theirs.checked_shr(rest)
    }
}

/// An address as a number, and how many bits it has.
fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

/// The proxies that are believed when they say for whom they speak; none unless they are named.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// These and no others.
    #[must_use]
    pub const fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Who sent the request: the peer, or, when that is a trusted proxy, whom it names.
    pub(crate) fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip().to_canonical();
        Some(self.behind(peer, request.headers()))
    }

    /// Goes back from the peer through `X-Forwarded-For` or `Forwarded` (RFC 7239 §5.2) as long as whoever wrote the
    /// entry is trusted. What stands further left was written by strangers.
    ///
    /// A proxy that keeps one of the headers passes the other on as a client made it up. When both are there and
    /// disagree, neither is believed.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer;
        }
        let plain = self.walk(peer, entries(headers, &X_FORWARDED_FOR), named);
        let standard = self.walk(peer, entries(headers, &FORWARDED), for_whom);
        match (plain, standard) {
            (Some(one), Some(other)) if one != other => peer,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        }
    }

    /// Where the chain of trust ends; nothing when there are no entries.
    fn walk(
        &self,
        peer: IpAddr,
        entries: Vec<&str>,
        read: fn(&str) -> Option<IpAddr>,
    ) -> Option<IpAddr> {
        let mut last = None;
        for entry in entries.into_iter().rev() {
            let Some(address) = read(entry) else {
                // Whoever wrote this hides or does not know the sender: it is as far as we can see.
                return Some(last.unwrap_or(peer));
            };
            last = Some(address);
            if !self.trusts(address) {
                break;
            }
        }
        last
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

/// The entries of a list that may be spread over several headers, as they came.
fn entries<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a str> {
    headers
        .get_all(name)
        .flat_map(|value| value.to_str().unwrap_or("unreadable").split(','))
        .collect()
}

/// The address of an element of `Forwarded`: `for=192.0.2.60;proto=http`.
fn for_whom(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let is_for = name.trim().eq_ignore_ascii_case("for");
        is_for.then(|| named(value.trim().trim_matches('"')))?
    })
}

/// An address, with a port or without: `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn named(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => match text.split_once(':') {
            Some((address, port)) if !port.contains(':') => address,
            _ => text,
        },
    };
    bare.parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

/// Whom an address counts for: itself, or, because whoever has one IPv6 address has the whole block of 64 bits
/// (RFC 6177), that block.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(
            address.to_bits() & !u128::from(u64::MAX),
        )),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn trusted(networks: &[&str]) -> TrustedProxies {
        TrustedProxies::new(networks.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn client(proxies: &TrustedProxies, peer: &str, headers: &[(&HeaderName, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append((*name).clone(), HeaderValue::from_str(value).unwrap());
        }
        proxies.behind(peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn a_network_is_an_address_or_a_block() {
        for (text, inside, outside) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("::/0", "::1", "127.0.0.1"),
        ] {
            let network: Network = text.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()), "{text}");
            assert!(!network.contains(outside.parse().unwrap()), "{text}");
        }
        for text in [
            "",
            "10.0.0.0/33",
            "::/129",
            "proxy",
            "10.0.0.0/",
            "10.0.0.0/-1",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NoNetwork), "{text}");
        }
    }

    #[test]
    fn a_stranger_is_believed_nothing() {
        let header = [
            (&X_FORWARDED_FOR, "198.51.100.1"),
            (&FORWARDED, "for=198.51.100.1"),
        ];
        for proxies in [trusted(&[]), trusted(&["10.0.0.0/8"])] {
            assert_eq!(client(&proxies, "203.0.113.5", &header), "203.0.113.5");
        }
    }

    #[test]
    fn behind_trusted_proxies_the_client_is_the_last_one_that_a_trusted_one_saw() {
        let proxies = trusted(&["10.0.0.0/8", "2001:db8::/64"]);
        for (forwarded, expected) in [
            ("198.51.100.1", "198.51.100.1"),
            // What the client itself has sent stands on the left.
            ("1.1.1.1, 198.51.100.1", "198.51.100.1"),
            ("1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("10.0.0.9, 198.51.100.1,10.0.0.2", "198.51.100.1"),
            ("198.51.100.1:4711", "198.51.100.1"),
            ("[2001:db8:1::7]:4711, 10.0.0.2", "2001:db8:1::7"),
            ("2001:db8:1::7, 2001:db8::3", "2001:db8:1::7"),
            ("::ffff:198.51.100.1", "198.51.100.1"),
            // Nobody but proxies: the first of them sent it.
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            // Beyond what cannot be read nothing is believed.
            ("198.51.100.1, unknown, 10.0.0.2", "10.0.0.2"),
            ("198.51.100.1, unknown", "10.0.0.1"),
            ("", "10.0.0.1"),
        ] {
            let header = [(&X_FORWARDED_FOR, forwarded)];
            assert_eq!(
                client(&proxies, "10.0.0.1", &header),
                expected,
                "{forwarded}"
            );
        }
        assert_eq!(client(&proxies, "10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_list_that_is_spread_over_several_headers_is_one_list() {
        let proxies = trusted(&["10.0.0.0/8"]);
        let headers = [
            (&X_FORWARDED_FOR, "1.1.1.1"),
            (&X_FORWARDED_FOR, "198.51.100.1, 10.0.0.2"),
        ];
        assert_eq!(client(&proxies, "10.0.0.1", &headers), "198.51.100.1");
    }

    #[test]
    fn the_standard_header_says_the_same_in_its_own_form() {
        let proxies = trusted(&["10.0.0.0/8"]);
        for (forwarded, expected) in [
            ("for=198.51.100.1", "198.51.100.1"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            (
                "for=1.1.1.1, for=198.51.100.1;proto=https;by=10.0.0.1",
                "198.51.100.1",
            ),
            ("proto=https;for=198.51.100.1, for=10.0.0.2", "198.51.100.1"),
            ("for=198.51.100.1, for=_hidden", "10.0.0.1"),
            ("for=198.51.100.1, proto=https", "10.0.0.1"),
        ] {
            let header = [(&FORWARDED, forwarded)];
            assert_eq!(
                client(&proxies, "10.0.0.1", &header),
                expected,
                "{forwarded}"
            );
        }
    }

    #[test]
    fn a_header_that_the_proxy_passes_on_unread_does_not_help_whoever_made_it_up() {
        let proxies = trusted(&["10.0.0.0/8"]);
        let made_up = [
            (&FORWARDED, "for=1.1.1.1"),
            (&X_FORWARDED_FOR, "198.51.100.1"),
        ];
        assert_eq!(client(&proxies, "10.0.0.1", &made_up), "10.0.0.1");
        let agreeing = [
            (&FORWARDED, "for=198.51.100.1"),
            (&X_FORWARDED_FOR, "198.51.100.1"),
        ];
        assert_eq!(client(&proxies, "10.0.0.1", &agreeing), "198.51.100.1");
    }

    #[test]
    fn addresses_of_version_6_count_by_the_block_that_one_household_gets() {
        let household = |text: &str| household(text.parse().unwrap()).to_string();
        assert_eq!(household("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(household("198.51.100.1"), "198.51.100.1");
    }
}
