//! One parser per kind of value. A refusal is the end of a sentence that begins with the value:
//! "`banana` *is not an address like 127.0.0.1:8080*". It never repeats the value, which may be secret.

use std::{fmt::Display, net::SocketAddr, path::PathBuf, str::FromStr};

use tracing_subscriber::EnvFilter;
use unionhall_domain::{invalid::Invalid, registrations::RegistrationMode, users::EmailAddress};
use unionhall_http::web::client::Network;

use super::{Environment, LogFormat, Secret, SmtpSecurity};

type Parsed<T> = Result<T, String>;

/// Shorter tokens can be guessed.
const SHORTEST_TOKEN: usize = 16;

pub(super) fn environment(text: &str) -> Parsed<Environment> {
    match text {
        "development" => Ok(Environment::Development),
        "production" => Ok(Environment::Production),
        _ => refuse("is neither `development` nor `production`"),
    }
}

/// A parser of a value that the hall's own rules know.
pub(super) fn of<T>(rule: impl Fn(&str) -> Result<T, Invalid>) -> impl Fn(&str) -> Parsed<T> {
    move |text| rule(text).map_err(|invalid| format!("is not taken: it {}", invalid.detail))
}

pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    text.parse()
        .or_else(|_| refuse("is not an address like 127.0.0.1:8080"))
}

pub(super) fn path(text: &str) -> Parsed<PathBuf> {
    text_or(text, "is not a path").map(PathBuf::from)
}

pub(super) fn truth(text: &str) -> Parsed<bool> {
    text.parse()
        .or_else(|_| refuse("is neither `true` nor `false`"))
}

/// A parser of whole numbers between two bounds, both included.
pub(super) fn whole<T>(least: T, most: T) -> impl Fn(&str) -> Parsed<T>
where
    T: FromStr + PartialOrd + Display + Copy,
{
    move |text| match text.parse() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => refuse(&format!("is not a whole number from {least} to {most}")),
    }
}

pub(super) fn text(text: &str) -> Parsed<String> {
    text_or(text, "is blank").map(str::to_owned)
}

pub(super) fn secret(value: &str) -> Parsed<Secret> {
    text(value).map(Secret::new)
}

/// A host, a region: one word.
pub(super) fn name(text: &str) -> Parsed<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    if !text.is_empty() && text.chars().all(word) {
        Ok(text.to_owned())
    } else {
        refuse("is not a name: letters, digits, dots and hyphens")
    }
}

pub(super) fn token(text: &str) -> Parsed<Secret> {
    if text.len() >= SHORTEST_TOKEN && text.chars().all(|c| c.is_ascii_graphic()) {
        Ok(Secret::new(text.to_owned()))
    } else {
        refuse(&format!(
            "is not a token: at least {SHORTEST_TOKEN} visible ASCII characters"
        ))
    }
}

/// An address of a server: scheme, host, perhaps a port; a slash at the end is dropped.
pub(super) fn web_address(text: &str) -> Parsed<String> {
    let address = text.strip_suffix('/').unwrap_or(text);
    let authority = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    match authority {
        Some(authority) if is_authority(authority) => Ok(address.to_owned()),
        _ => refuse("is not an address like https://hall.example, without a path"),
    }
}

fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let bracketed = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let host_fits = match bracketed {
        Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        }
    };
    host_fits && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

/// Addresses of pages, with commas between them.
pub(super) fn origins(text: &str) -> Parsed<Vec<String>> {
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    items
        .map(|item| match item {
            "*" => refuse("holds `*`, which would open the API to every page: list the origins"),
            _ => web_address(item).or_else(|_| {
                refuse(
                    "is not a list of origins like https://hall.example, with commas between them",
                )
            }),
        })
        .collect()
}

/// Addresses and blocks of addresses, with commas between them.
pub(super) fn networks(text: &str) -> Parsed<Vec<Network>> {
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    items
        .map(|item| {
            item.parse().or_else(|_| {
                refuse("is not a list of addresses and blocks like 10.0.0.0/8, with commas between them")
            })
        })
        .collect()
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => refuse("is neither `on` nor `off`"),
    }
}

pub(super) fn registration(text: &str) -> Parsed<RegistrationMode> {
    RegistrationMode::parse(text)
        .or_else(|_| refuse("is neither `open` nor `invitation` nor `closed`"))
}

pub(super) fn postgres_url(text: &str) -> Parsed<Secret> {
    let known = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if known && !text.contains(char::is_whitespace) {
        Ok(Secret::new(text.to_owned()))
    } else {
        refuse("is not an address like postgres://user:password@host:5432/database")
    }
}

pub(super) fn bucket(text: &str) -> Parsed<String> {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let fits = (3..=63).contains(&text.len())
        && text.chars().all(|c| letter(c) || "-.".contains(c))
        && text.starts_with(letter)
        && text.ends_with(letter);
    if fits {
        Ok(text.to_owned())
    } else {
        refuse("is not a bucket's name: 3 to 63 lower-case letters, digits, dots and inner hyphens")
    }
}

/// `ada@hall.example` or `Hall <ada@hall.example>`.
pub(super) fn mailbox(text: &str) -> Parsed<String> {
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => text,
    };
    if EmailAddress::parse(address).is_ok() && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        refuse("is not a sender like Hall <office@hall.example>")
    }
}

pub(super) fn smtp_security(text: &str) -> Parsed<SmtpSecurity> {
    match text {
        "none" => Ok(SmtpSecurity::None),
        "starttls" => Ok(SmtpSecurity::StartTls),
        "tls" => Ok(SmtpSecurity::Tls),
        _ => refuse("is none of `starttls`, `tls` and `none`"),
    }
}

pub(super) fn log_filter(text: &str) -> Parsed<String> {
    match EnvFilter::try_new(text) {
        Ok(_) if !text.trim().is_empty() => Ok(text.to_owned()),
        _ => refuse("is not a log filter like info,unionhall=debug"),
    }
}

pub(super) fn log_format(text: &str) -> Parsed<LogFormat> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => refuse("is neither `text` nor `json`"),
    }
}

fn text_or<'a>(text: &'a str, predicate: &str) -> Parsed<&'a str> {
    if text.trim().is_empty() {
        refuse(predicate)
    } else {
        Ok(text)
    }
}

fn refuse<T>(predicate: &str) -> Parsed<T> {
    Err(predicate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_servers_have_a_scheme_and_a_host_and_no_path() {
        for (text, parsed) in [
            ("https://hall.example", "https://hall.example"),
            ("http://127.0.0.1:9000/", "http://127.0.0.1:9000"),
            ("http://[::1]:9000", "http://[::1]:9000"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(web_address(text).as_deref(), Ok(parsed));
        }
        for text in [
            "",
            "hall.example",
            "ftp://hall.example",
            "https://",
            "https:///",
            "https://a/b",
            "https://u:p@a",
            "http://a:0",
            "http://a:b",
            "http://[::g]",
        ] {
            assert!(web_address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for text in ["office@hall.example", "Local 46 <office@hall.example>"] {
            assert_eq!(mailbox(text).as_deref(), Ok(text));
        }
        for text in [
            "",
            "office",
            "Hall <office>",
            "Hall <office@hall.example",
            "a\r\n<office@hall.example>",
        ] {
            assert!(mailbox(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn whole_numbers_have_bounds() {
        assert_eq!(whole(1, 10)("10"), Ok(10));
        for text in ["0", "11", "-1", "1.5", "", "ten"] {
            assert_eq!(
                whole(1, 10)(text),
                Err("is not a whole number from 1 to 10".to_owned())
            );
        }
    }

    #[test]
    fn a_list_of_origins_is_never_everybody() {
        assert_eq!(origins(""), Ok(vec![]));
        assert_eq!(
            origins("https://a.example, https://b.example").map(|list| list.len()),
            Ok(2)
        );
        assert!(
            origins("https://a.example,*")
                .unwrap_err()
                .contains("every page")
        );
        assert!(origins("a.example").is_err());
    }

    #[test]
    fn proxies_are_named_by_address_or_block() {
        assert_eq!(networks("").map(|list| list.len()), Ok(0));
        let two = networks("127.0.0.1, 2001:db8::/32").map(|list| list.len());
        assert_eq!(two, Ok(2));
        for text in ["proxy", "10.0.0.0/33", "*"] {
            assert!(networks(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_bucket_is_named_as_s3_wants() {
        assert!(bucket("hall-documents").is_ok());
        for text in ["ab", "Hall", "-hall", "hall-", "a/b"] {
            assert!(bucket(text).is_err(), "{text}");
        }
    }
}
