//! Values as `unionhall config` shows them: secrets masked, and nothing where nothing is named.

use crate::config::{Config, MASK, S3, Secret, Setup, SmtpServer};

pub(super) fn s3(config: &Config, show: impl Fn(&S3) -> String) -> Option<String> {
    config.s3.as_ref().map(show)
}

pub(super) fn smtp(
    config: &Config,
    show: impl Fn(&SmtpServer) -> Option<String>,
) -> Option<String> {
    config.smtp.server.as_ref().and_then(show)
}

pub(super) fn setup(config: &Config, show: impl Fn(&Setup) -> Option<String>) -> Option<String> {
    config.setup.as_ref().and_then(show)
}

pub(super) fn shown_list(items: impl Iterator<Item = String>) -> Option<String> {
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then(|| items.join(", "))
}

/// An address with its password masked; parameters that may hold one are masked whole.
pub(super) fn shown_url(url: &Secret) -> String {
    let (address, parameters) = match url.expose().split_once('?') {
        Some((address, parameters)) if parameters.contains("password") => {
            (address, format!("?{MASK}"))
        }
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (url.expose().as_str(), String::new()),
    };
    let masked = address.split_once("://").and_then(|(scheme, rest)| {
        let (credentials, host) = rest.rsplit_once('@')?;
        let (user, _) = credentials.split_once(':')?;
        Some(format!("{scheme}://{user}:{MASK}@{host}"))
    });
    masked.unwrap_or_else(|| address.to_owned()) + &parameters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_address_is_shown_without_its_password() {
        for (url, shown) in [
            (
                "postgres://app:hun:ter2@db:5432/hall?sslmode=verify-full",
                "postgres://app:****@db:5432/hall?sslmode=verify-full",
            ),
            ("postgres://app:p@ss@db/hall", "postgres://app:****@db/hall"),
            (
                "postgres://app@db/hall?password=hunter2",
                "postgres://app@db/hall?****",
            ),
            (
                "postgres:///hall?host=/run/postgresql",
                "postgres:///hall?host=/run/postgresql",
            ),
        ] {
            assert_eq!(shown_url(&Secret::new(url.to_owned())), shown);
        }
    }
}
